/*
 * The aggregates survival_agg and rollup(survival).
 */
#include "postgres.h"

#include "core/aggregate.h"
#include "core/argument.h"
#include "survival/survival.h"

static int32
duration_arg(FunctionCallInfo fcinfo, int n)
{
	int32 duration = PG_GETARG_INT32(n);

	if (unlikely(duration < 0))
		bad_parameter("duration", psprintf("%d", duration),
					  "Give whole days of zero or more, from the start to the end or to the day "
					  "last seen.");
	return duration;
}

/* survival_accum(state, duration, ended) */
PG_FUNCTION_INFO_V1(survival_accum);
Datum
survival_accum(PG_FUNCTION_ARGS)
{
	SurvivalEntry entry = {.ended = 0};

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return unchanged_state(fcinfo);
	entry.duration = duration_arg(fcinfo, 1);
	entry.ended = PG_GETARG_BOOL(2);
	entry.censored = !PG_GETARG_BOOL(2);
	PG_RETURN_POINTER(survival_count(survival_state(fcinfo), &entry));
}

/* Adds a survival, or another worker's state, to the state: rollup's transition and combine. */
PG_FUNCTION_INFO_V1(survival_combine);
Datum
survival_combine(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(1))
		return unchanged_state(fcinfo);
	PG_RETURN_POINTER(survival_count_all(survival_state(fcinfo), survival_arg(fcinfo, 1)));
}

/* Leaves the state as it is: under OVER () more rows follow. */
PG_FUNCTION_INFO_V1(survival_final);
Datum
survival_final(PG_FUNCTION_ARGS)
{
	check_aggregate(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_POINTER(make_survival(0));
	PG_RETURN_POINTER(survival_copy(survival_arg(fcinfo, 0)));
}
