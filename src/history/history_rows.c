/*
 * A purchase history as rows: its days, its calendar periods with the empty ones filled in, and
 * the silences between its purchases.
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "core/argument.h"
#include "core/money.h"
#include "history/history_periods.h"
#include "history/history_window.h"

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

/* Puts the days without a purchase from one on which there was one to the next, or to as_of. */
static void
put_gap(ReturnSetInfo *result, DateADT from_date, DateADT to_date, bool ended)
{
	Datum values[] = {DateADTGetDatum(from_date), Int32GetDatum(to_date - from_date),
					  BoolGetDatum(ended)};
	bool nulls[] = {false, false, false};

	CHECK_FOR_INTERRUPTS();
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

/* history_gaps(history, as_of, at_least) */
PG_FUNCTION_INFO_V1(history_gaps);
Datum
history_gaps(PG_FUNCTION_ARGS)
{
	DateADT as_of = finite_date(PG_GETARG_DATEADT(1));
	int32 at_least = PG_GETARG_INT32(2);
	HistoryWindow window = history_window(history_argument(fcinfo, 0), DATEVAL_NOBEGIN, as_of);
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	HistoryDay day;
	DateADT last;

	if (at_least < 1)
		bad_parameter("at_least", psprintf("%d", at_least), "Give a number of days of at least 1.");
	InitMaterializedSRF(fcinfo, 0);
	if (!history_window_read_purchase(&window, &day))
		return (Datum) 0;
	for (last = day.day; history_window_read_purchase(&window, &day); last = day.day)
	{
		if (day.day - last >= at_least)
			put_gap(result, last, day.day, true);
	}
	if (as_of - last >= at_least)
		put_gap(result, last, as_of, false);
	return (Datum) 0;
}
