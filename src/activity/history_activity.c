/*
 * history_activity(history, period, as_of): what one customer was in each period. Active customers
 * are those of the period before, less the lapsed, and the new and returned.
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "activity/customer_activity.h"
#include "core/money.h"

static const char *const status_names[] = {"new", "retained", "returned", "lapsed", "inactive"};

#define ACTIVITY_COLUMNS 6

/* Columns period_start, period_number, status, orders, revenue, previous_revenue */
static void
put_activity(const ReturnSetInfo *result, const ActivityReader *reader,
			 const CustomerActivity *activity)
{
	const PeriodSum *sum = &activity->sum;
	Datum values[ACTIVITY_COLUMNS] = {
		DateADTGetDatum(period_first_day(reader->period, sum->period)),
		Int32GetDatum(reader->has_bought ? sum->period - reader->first : 0),
		CStringGetTextDatum(status_names[activity->status]),
		Int64GetDatum(sum->orders),
		NumericGetDatum(money_total(sum->revenue)),
		NumericGetDatum(money_total(activity->previous_revenue))};
	bool nulls[ACTIVITY_COLUMNS] = {false, !reader->has_bought};

	CHECK_FOR_INTERRUPTS();
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

PG_FUNCTION_INFO_V1(history_activity);
Datum
history_activity(PG_FUNCTION_ARGS)
{
	Period period = period_argument(PG_GETARG_TEXT_PP(1));
	ActivityReader reader =
		activity_reader(history_argument(fcinfo, 0), period, PG_GETARG_DATEADT(2));
	CustomerActivity activity;

	InitMaterializedSRF(fcinfo, 0);
	while (activity_read(&reader, &activity))
		put_activity((ReturnSetInfo *) fcinfo->resultinfo, &reader, &activity);
	return (Datum) 0;
}
