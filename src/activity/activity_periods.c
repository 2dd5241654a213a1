/*
 * activity_periods(activity): the accounts of growth, a row for each period.
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/tuplestore.h"

#include "activity/activity.h"
#include "core/money.h"

#define PERIOD_COLUMNS 14

static Datum
money(int128 amount)
{
	return NumericGetDatum(money_total(amount));
}

static void
put_period(const ReturnSetInfo *result, const Activity *activity, int32 place)
{
	const ActivityPeriod *period = &activity->periods[place];
	int32 number = activity->first + place;
	bool complete = number < period_number(activity->period, activity->as_of);
	int64 earlier_customers = period->retained_customers + period->returned_customers;
	Datum values[PERIOD_COLUMNS] = {DateADTGetDatum(period_first_day(activity->period, number)),
									BoolGetDatum(complete),
									money(period->new_revenue + period->retained_revenue +
										  period->returned_revenue + period->inactive_revenue),
									Int64GetDatum(period->orders),
									Int64GetDatum(period->new_customers + earlier_customers),
									Int64GetDatum(period->new_customers),
									Int64GetDatum(period->retained_customers),
									Int64GetDatum(period->returned_customers),
									Int64GetDatum(period->lapsed_customers),
									money(period->new_revenue),
									money(period->retained_revenue),
									money(period->returned_revenue),
									money(period->lapsed_revenue),
									money(period->inactive_revenue)};
	bool nulls[PERIOD_COLUMNS] = {[8] = !complete, [12] = !complete};

	CHECK_FOR_INTERRUPTS();
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

static bool
has_begun(const ActivityPeriod *period)
{
	return period->orders > 0 || period->lapsed_customers > 0 || period->inactive_revenue != 0;
}

PG_FUNCTION_INFO_V1(activity_periods);
Datum
activity_periods(PG_FUNCTION_ARGS)
{
	const Activity *activity = activity_argument(fcinfo, 0);
	int32 place = 0;

	InitMaterializedSRF(fcinfo, 0);
	while (place < activity->count && !has_begun(&activity->periods[place]))
		place++;
	for (; place < activity->count; place++)
		put_period((ReturnSetInfo *) fcinfo->resultinfo, activity, place);
	return (Datum) 0;
}
