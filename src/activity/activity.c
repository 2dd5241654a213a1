/*
 * The type activity: counting customers, and adding what was counted.
 */
#include "postgres.h"

#include "common/int.h"

#include "activity/activity.h"
#include "core/aggregate.h"
#include "core/argument.h"

_Noreturn static void
too_much_activity(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("more orders, customers or revenue than an activity can count"),
			 errhint("An activity counts up to 2^63 - 1 in a period, and revenue of 10^34.")));
	pg_unreachable();
}

static inline void
add_count(int64 *sum, int64 count)
{
	if (unlikely(pg_add_s64_overflow(*sum, count, sum)))
		too_much_activity();
}

static inline void
add_revenue(int128 *sum, int128 revenue)
{
	if (unlikely(__builtin_add_overflow(*sum, revenue, sum)))
		too_much_activity();
}

int32
activity_end(Period period, DateADT as_of)
{
	int32 number = period_number(period, as_of);
	DateADT start;

	return period_starts(period, number, &start) && start == as_of ? number : number + 1;
}

int32
first_activity_period(Period period, DateADT from_date, DateADT as_of)
{
	return Min(period_number(period, finite_date(from_date)),
			   activity_end(period, finite_date(as_of)));
}

Activity *
make_activity(Period period, int32 first, DateADT as_of)
{
	int64 count = (int64) activity_end(period, as_of) - first;
	Activity *activity;
	Size size;

	if (count < 0 || count > ACTIVITY_PERIODS)
		return NULL;
	size = offsetof(Activity, periods) + count * sizeof(ActivityPeriod);
	activity = palloc0(size);
	SET_VARSIZE(activity, size);
	activity->version = ACTIVITY_VERSION;
	activity->period = period;
	activity->as_of = as_of;
	activity->first = first;
	activity->count = (int32) count;
	return activity;
}

Activity *
new_activity(Period period, DateADT from_date, DateADT as_of)
{
	int32 first = first_activity_period(period, from_date, as_of);
	Activity *activity = make_activity(period, first, as_of);

	if (activity == NULL)
		ereport(
			ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("too many periods for an activity: %d", activity_end(period, as_of) - first),
			 errhint("An activity has up to %d periods: give a later from_date, or longer "
					 "periods.",
					 ACTIVITY_PERIODS)));
	return activity;
}

static void
count_period(ActivityPeriod *period, const CustomerActivity *customer)
{
	add_count(&period->orders, customer->sum.orders);
	switch (customer->status)
	{
		case ACTIVITY_NEW:
			add_count(&period->new_customers, 1);
			add_revenue(&period->new_revenue, customer->sum.revenue);
			return;
		case ACTIVITY_RETAINED:
			add_count(&period->retained_customers, 1);
			add_revenue(&period->retained_revenue, customer->sum.revenue);
			return;
		case ACTIVITY_RETURNED:
			add_count(&period->returned_customers, 1);
			add_revenue(&period->returned_revenue, customer->sum.revenue);
			return;
		case ACTIVITY_LAPSED:
			add_count(&period->lapsed_customers, 1);
			add_revenue(&period->lapsed_revenue, customer->previous_revenue);
			add_revenue(&period->inactive_revenue, customer->sum.revenue);
			return;
		case ACTIVITY_INACTIVE:
			add_revenue(&period->inactive_revenue, customer->sum.revenue);
			return;
	}
}

void
count_activity(Activity *activity, const struct varlena *history)
{
	ActivityReader reader = activity_reader(history, activity->period, activity->as_of);
	CustomerActivity customer;

	while (activity_read(&reader, &customer))
	{
		int64 place = (int64) customer.sum.period - activity->first;

		if (place >= 0 && place < activity->count)
			count_period(&activity->periods[place], &customer);
	}
}

static void
add_period(ActivityPeriod *sum, const ActivityPeriod *more)
{
	add_count(&sum->orders, more->orders);
	add_count(&sum->new_customers, more->new_customers);
	add_count(&sum->retained_customers, more->retained_customers);
	add_count(&sum->returned_customers, more->returned_customers);
	add_count(&sum->lapsed_customers, more->lapsed_customers);
	add_revenue(&sum->new_revenue, more->new_revenue);
	add_revenue(&sum->retained_revenue, more->retained_revenue);
	add_revenue(&sum->returned_revenue, more->returned_revenue);
	add_revenue(&sum->lapsed_revenue, more->lapsed_revenue);
	add_revenue(&sum->inactive_revenue, more->inactive_revenue);
}

void
add_activity(Activity *activity, const Activity *more)
{
	if (activity->period != more->period || activity->as_of != more->as_of ||
		activity->first != more->first)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("activities of different periods or dates cannot be added"),
						errhint("Count them by the same period, from_date and as_of.")));
	for (int32 i = 0; i < activity->count; i++)
		add_period(&activity->periods[i], &more->periods[i]);
}

const char *
activity_period_error(const ActivityPeriod *period)
{
	if (period->orders < 0 || period->new_customers < 0 || period->retained_customers < 0 ||
		period->returned_customers < 0 || period->lapsed_customers < 0)
		return "Counts are not negative.";
	if ((period->new_customers == 0 && period->new_revenue != 0) ||
		(period->retained_customers == 0 && period->retained_revenue != 0) ||
		(period->returned_customers == 0 && period->returned_revenue != 0) ||
		(period->lapsed_customers == 0 && period->lapsed_revenue != 0))
		return "Revenue comes from customers.";
	if (period->inactive_revenue > 0)
		return "Customers who bought nothing have returns alone.";
	return NULL;
}

static Activity *
checked(struct varlena *value)
{
	Activity *activity = (Activity *) value;

	if (unlikely(activity->version != ACTIVITY_VERSION))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("activity value of unknown version %d", activity->version),
				 errhint("It was written by another version of the extension: install that one.")));
	return activity;
}

Activity *
activity_argument(FunctionCallInfo fcinfo, int n)
{
	return checked(PG_DETOAST_DATUM(PG_GETARG_DATUM(n)));
}

Activity *
activity_state(FunctionCallInfo fcinfo)
{
	return checked(bytea_state(fcinfo));
}
