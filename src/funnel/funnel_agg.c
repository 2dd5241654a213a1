/*
 * The aggregates funnel_agg(level, steps) and rollup(funnel).
 *
 * The state is the type itself and is counted in place.
 */
#include "postgres.h"

#include "core/aggregate.h"
#include "core/argument.h"
#include "core/compat.h"
#include "funnel/funnel.h"

static int32
steps_argument(FunctionCallInfo fcinfo)
{
	const char *hint = psprintf("Give the number of steps, 1 to %d.", FUNNEL_STEPS);
	int32 steps = PG_GETARG_INT32(2);

	if (PG_ARGISNULL(2))
		bad_parameter("steps", "NULL", hint);
	if (steps < 1 || steps > FUNNEL_STEPS)
		bad_parameter("steps", psprintf("%d", steps), hint);
	return steps;
}

static Funnel *
state_for(FunctionCallInfo fcinfo)
{
	Funnel *state;

	if (PG_ARGISNULL(0))
		return new_funnel(steps_argument(fcinfo));
	state = funnel_state(fcinfo);
	if (PG_ARGISNULL(2) || state->steps != PG_GETARG_INT32(2))
	{
		steps_argument(fcinfo);
		bad_parameter("steps", "not the same in all rows",
					  "Give the same number of steps for all rows.");
	}
	return state;
}

static void
count_level(Funnel *state, int32 level)
{
	if (level < 0 || level > state->steps)
		ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
						errmsg("level out of range: %d", level),
						errhint("A level is 0 where step 1 was not reached, and at most the number "
								"of steps, here %d.",
								state->steps)));
	if (level > 0 && state->counts[0] == PG_INT64_MAX)
		too_many_customers();
	for (int32 i = 0; i < level; i++)
		state->counts[i]++;
}

/* funnel_accum(state, level, steps) */
PG_FUNCTION_INFO_V1(funnel_accum);
Datum
funnel_accum(PG_FUNCTION_ARGS)
{
	Funnel *state;

	check_aggregate(fcinfo);
	state = state_for(fcinfo);
	if (!PG_ARGISNULL(1))
		count_level(state, PG_GETARG_INT32(1));
	PG_RETURN_POINTER(state);
}

/* Adds a funnel, or another worker's state, to the state: rollup's transition and combine. */
PG_FUNCTION_INFO_V1(funnel_combine);
Datum
funnel_combine(PG_FUNCTION_ARGS)
{
	const Funnel *more;
	Funnel *state;

	check_aggregate(fcinfo);
	if (PG_ARGISNULL(1))
		return unchanged_state(fcinfo);
	more = funnel_argument(fcinfo, 1);
	if (PG_ARGISNULL(0))
		PG_RETURN_POINTER(make_funnel(more->counts, more->steps));
	state = funnel_state(fcinfo);
	add_funnel(state, more);
	PG_RETURN_POINTER(state);
}
