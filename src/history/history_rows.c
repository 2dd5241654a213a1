/*
 * A purchase history as rows: its days, and its calendar periods with the empty ones filled in.
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "core/money.h"
#include "history/history_periods.h"

static void
put_row(ReturnSetInfo *result, const HistoryDay *day)
{
	Datum values[] = {DateADTGetDatum(day->day), Int64GetDatum(day->orders),
					  Int64GetDatum(day->returns), NumericGetDatum(money_total(day->amount))};
	bool nulls[] = {false, false, false, false};

	CHECK_FOR_INTERRUPTS();
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	pfree(DatumGetPointer(values[3]));
}

PG_FUNCTION_INFO_V1(history_days);
Datum
history_days(PG_FUNCTION_ARGS)
{
	HistoryReader reader = history_reader(history_argument(fcinfo, 0));
	HistoryDay day;

	InitMaterializedSRF(fcinfo, 0);
	while (history_read(&reader, &day))
		put_row((ReturnSetInfo *) fcinfo->resultinfo, &day);
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(period_values);
Datum
period_values(PG_FUNCTION_ARGS)
{
	Period period = period_argument(PG_GETARG_TEXT_PP(1));
	HistoryPeriods periods = history_periods(history_argument(fcinfo, 0), period,
											 PG_GETARG_DATEADT(2), PG_GETARG_DATEADT(3));
	HistoryDay sum;

	InitMaterializedSRF(fcinfo, 0);
	while (history_read_period(&periods, &sum))
		put_row((ReturnSetInfo *) fcinfo->resultinfo, &sum);
	return (Datum) 0;
}
