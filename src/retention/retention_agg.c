/*
 * retention_curve(history, period, as_of) and rollup(retention): the triangle from histories.
 */
#include "postgres.h"

#include "core/aggregate.h"
#include "core/argument.h"
#include "history/history_window.h"
#include "retention/retention.h"

/* Of each row anew: on another node nothing is kept from row to row. */
static Retention *
state_for(FunctionCallInfo fcinfo, Period period, DateADT as_of)
{
	Retention *state = retention_state(fcinfo);

	if (state == NULL)
		return new_retention(period, as_of);
	if (state->period != (int32) period || state->as_of != as_of)
		bad_parameter(state->period != (int32) period ? "period" : "as_of",
					  "not the same in all rows",
					  "Give the same period and as-of date for all rows.");
	return state;
}

/* The numbers of the periods with a purchase before as_of; an entry takes at least two bytes. */
static int
list_periods(HistoryWindow window, Period period, int32 **periods)
{
	int64 most = (window.reader.end - window.reader.next) / 2;
	HistoryDay day;
	int count = 0;

	*periods = palloc_extended(Max(most, 1) * sizeof(int32), MCXT_ALLOC_HUGE);
	while (history_window_read_purchase(&window, &day))
	{
		int32 number = period_number(period, day.day);

		if (count == 0 || (*periods)[count - 1] != number)
			(*periods)[count++] = number;
	}
	return count;
}

PG_FUNCTION_INFO_V1(retention_curve_history);
Datum
retention_curve_history(PG_FUNCTION_ARGS)
{
	Period period;
	DateADT as_of;
	Retention *state;
	int32 *periods;
	int count;

	check_aggregate(fcinfo);
	if (PG_ARGISNULL(2) || PG_ARGISNULL(3))
		bad_parameter(PG_ARGISNULL(2) ? "period" : "as_of", "NULL",
					  "Give a period such as 'month', and the day to count up to.");
	period = period_argument(PG_GETARG_TEXT_PP(2));
	as_of = finite_date(PG_GETARG_DATEADT(3));
	state = state_for(fcinfo, period, as_of);
	if (PG_ARGISNULL(1))
		PG_RETURN_POINTER(state);
	count = list_periods(history_window(history_argument(fcinfo, 1), DATEVAL_NOBEGIN, as_of),
						 period, &periods);
	if (count > 0)
		state = count_customer(state, periods, count);
	pfree(periods);
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(retention_combine);
Datum
retention_combine(PG_FUNCTION_ARGS)
{
	Retention *state;

	if (PG_ARGISNULL(1))
		return unchanged_state(fcinfo);
	state = retention_state(fcinfo);
	if (state == NULL)
		PG_RETURN_POINTER(PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(1)));
	PG_RETURN_POINTER(add_retention(state, retention_argument(fcinfo, 1)));
}

/* The state without its room; without any it is the value already. */
PG_FUNCTION_INFO_V1(retention_final);
Datum
retention_final(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(retention_argument(fcinfo, 0));
}
