/*
 * activity_agg(history, period, from_date, as_of) and rollup(activity): each history is read once.
 */
#include "postgres.h"

#include "activity/activity.h"
#include "core/aggregate.h"
#include "core/argument.h"

static void
check_parameters(FunctionCallInfo fcinfo)
{
	static const char *const names[] = {"period", "from_date", "as_of"};

	for (int i = 0; i < (int) lengthof(names); i++)
	{
		if (PG_ARGISNULL(i + 2))
			bad_parameter(names[i], "NULL",
						  "Give a period such as 'month', and the days to count from and up to.");
	}
}

/* Of each row anew: on another node nothing is kept from row to row. */
static Activity *
state_for(FunctionCallInfo fcinfo)
{
	Period period = period_argument(PG_GETARG_TEXT_PP(2));
	DateADT from_date = PG_GETARG_DATEADT(3);
	DateADT as_of = PG_GETARG_DATEADT(4);
	Activity *state;

	if (PG_ARGISNULL(0))
		return new_activity(period, from_date, as_of);
	state = activity_state(fcinfo);
	if (state->period != (int32) period || state->as_of != as_of ||
		state->first != first_activity_period(period, from_date, as_of))
		bad_parameter(state->period != (int32) period ? "period"
					  : state->as_of != as_of		  ? "as_of"
													  : "from_date",
					  "not the same in all rows", "Give the same period and dates for all rows.");
	return state;
}

PG_FUNCTION_INFO_V1(activity_transition);
Datum
activity_transition(PG_FUNCTION_ARGS)
{
	Activity *state;

	check_aggregate(fcinfo);
	check_parameters(fcinfo);
	state = state_for(fcinfo);
	if (!PG_ARGISNULL(1))
		count_activity(state, history_argument(fcinfo, 1));
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(activity_combine);
Datum
activity_combine(PG_FUNCTION_ARGS)
{
	Activity *state;

	check_aggregate(fcinfo);
	if (PG_ARGISNULL(1))
		return unchanged_state(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_POINTER(PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(1)));
	state = activity_state(fcinfo);
	add_activity(state, activity_argument(fcinfo, 1));
	PG_RETURN_POINTER(state);
}
