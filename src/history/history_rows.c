/*
 * A purchase history as rows: its days, and its calendar periods with the empty ones filled in.
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "core/argument.h"
#include "core/money.h"
#include "core/period.h"
#include "history/history.h"

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

/* The period of the first order, or false. */
static bool
first_period(Period period, HistoryReader reader, int32 *number)
{
	HistoryDay day;

	while (history_read(&reader, &day))
	{
		if (day.orders > 0)
		{
			*number = period_number(period, day.day);
			return true;
		}
	}
	return false;
}

/* The first period that lies on or after a day as a whole. */
static int32
first_whole_period(Period period, DateADT day)
{
	int32 number = period_number(period, day);

	return period_first_day(period, number) < day ? number + 1 : number;
}

/* Moves the reader past the days before end and adds up those from start on. */
static HistoryDay
sum_days(HistoryReader *reader, DateADT start, DateADT end)
{
	HistoryDay sum = {.day = start};
	HistoryReader ahead = *reader;
	HistoryDay day;

	while (history_read(&ahead, &day) && day.day < end)
	{
		*reader = ahead;
		if (day.day < start)
			continue;
		history_add_count(&sum.orders, day.orders);
		history_add_count(&sum.returns, day.returns);
		sum.amount += day.amount;
	}
	return sum;
}

PG_FUNCTION_INFO_V1(period_values);
Datum
period_values(PG_FUNCTION_ARGS)
{
	HistoryReader reader = history_reader(history_argument(fcinfo, 0));
	Period period = period_argument(PG_GETARG_TEXT_PP(1));
	DateADT from_date = PG_GETARG_DATEADT(2);
	DateADT as_of = finite_date(PG_GETARG_DATEADT(3));
	int32 end = period_number(period, as_of);
	int32 number = end;

	InitMaterializedSRF(fcinfo, 0);
	if (DATE_IS_NOBEGIN(from_date))
	{
		if (!first_period(period, reader, &number))
			return (Datum) 0;
	}
	else if (!DATE_IS_NOEND(from_date))
		number = first_whole_period(period, from_date);
	for (; number < end; number++)
	{
		HistoryDay sum = sum_days(&reader, period_first_day(period, number),
								  period_first_day(period, number + 1));

		put_row((ReturnSetInfo *) fcinfo->resultinfo, &sum);
	}
	return (Datum) 0;
}
