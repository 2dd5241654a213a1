/*
 * history_activity(history, period, as_of): what a customer was in each period, for the accounts of
 * growth: active customers are those of the period before, less the lapsed, and the new and
 * returned.
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "core/argument.h"
#include "core/money.h"
#include "core/period.h"
#include "history/history_window.h"

/* One period with rows of the history. */
typedef struct Activity
{
	int32 period;	/* its number */
	int64 orders;	/* rows with an amount of zero or more */
	int128 revenue; /* in 1/10000, returns taken off */
} Activity;

/* What is known of a customer before a period. */
typedef struct Activities
{
	ReturnSetInfo *result;
	Period period;
	DateADT as_of;
	bool has_bought;	  /* in an earlier period */
	int32 first;		  /* the first one with an order */
	Activity last_active; /* the last one with an order */
	int32 last;			  /* the last one with rows */
} Activities;

static bool
was_active_before(const Activities *customer, int32 period)
{
	return customer->has_bought && customer->last_active.period == period - 1;
}

/* The period under way can still bring a customer back. */
static bool
is_complete(const Activities *customer, int32 period)
{
	return period < period_number(customer->period, customer->as_of);
}

static const char *
status_of(const Activities *customer, const Activity *activity)
{
	bool was_active = was_active_before(customer, activity->period);

	if (activity->orders == 0)
		return was_active && is_complete(customer, activity->period) ? "lapsed" : "inactive";
	if (!customer->has_bought)
		return "new";
	return was_active ? "retained" : "returned";
}

#define ACTIVITY_COLUMNS 6

/* Columns period_start, period_number, status, orders, revenue, previous_revenue */
static void
put_activity(const Activities *customer, const Activity *activity)
{
	bool was_active = was_active_before(customer, activity->period);
	const char *status = status_of(customer, activity);
	Datum values[ACTIVITY_COLUMNS] = {
		DateADTGetDatum(period_first_day(customer->period, activity->period)),
		Int32GetDatum(customer->has_bought ? activity->period - customer->first : 0),
		CStringGetTextDatum(status),
		Int64GetDatum(activity->orders),
		NumericGetDatum(money_total(activity->revenue)),
		NumericGetDatum(money_total(was_active ? customer->last_active.revenue : 0))};
	bool nulls[ACTIVITY_COLUMNS] = {false, !customer->has_bought && activity->orders == 0};

	CHECK_FOR_INTERRUPTS();
	tuplestore_putvalues(customer->result->setResult, customer->result->setDesc, values, nulls);
}

/* A customer who was active is lapsed in the next period, unless that one has rows of its own. */
static void
put_lapse(const Activities *customer, int32 next_period)
{
	Activity lapse = {.period = customer->last_active.period + 1};

	if (customer->has_bought && lapse.period > customer->last && lapse.period < next_period &&
		is_complete(customer, lapse.period))
		put_activity(customer, &lapse);
}

static void
finish_period(Activities *customer, const Activity *activity)
{
	put_activity(customer, activity);
	customer->last = activity->period;
	if (activity->orders == 0)
		return;
	if (!customer->has_bought)
		customer->first = activity->period;
	customer->has_bought = true;
	customer->last_active = *activity;
}

/* Reads the rows of the next period with any; false after the last. */
static bool
read_activity(HistoryWindow *window, Period period, Activity *activity)
{
	HistoryWindow ahead = *window;
	HistoryDay day;

	if (!history_window_read(&ahead, &day))
		return false;
	*activity = (Activity){.period = period_number(period, day.day)};
	do
	{
		history_add_count(&activity->orders, day.orders);
		activity->revenue += day.amount;
		*window = ahead;
	} while (history_window_read(&ahead, &day) &&
			 period_number(period, day.day) == activity->period);
	return true;
}

PG_FUNCTION_INFO_V1(history_activity);
Datum
history_activity(PG_FUNCTION_ARGS)
{
	Activities customer = {.result = (ReturnSetInfo *) fcinfo->resultinfo,
						   .period = period_argument(PG_GETARG_TEXT_PP(1)),
						   .as_of = finite_date(PG_GETARG_DATEADT(2))};
	HistoryWindow window =
		history_window(history_argument(fcinfo, 0), DATEVAL_NOBEGIN, customer.as_of);
	Activity activity;

	InitMaterializedSRF(fcinfo, 0);
	while (read_activity(&window, customer.period, &activity))
	{
		put_lapse(&customer, activity.period);
		finish_period(&customer, &activity);
	}
	put_lapse(&customer, PG_INT32_MAX);
	return (Datum) 0;
}
