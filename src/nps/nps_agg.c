/*
 * The aggregates nps_agg and rollup(nps).
 *
 * The state is the type itself and is counted in place. That needs no final function: the executor
 * copies the initial value for each group, and copies a window's result before it counts on.
 */
#include "postgres.h"

#include "core/aggregate.h"
#include "core/compat.h"
#include "nps/nps.h"

/* The state of the aggregate that calls us, ours to change. */
static inline int64 *
counted(FunctionCallInfo fcinfo)
{
	check_aggregate(fcinfo);
	return ((Nps *) PG_GETARG_POINTER(0))->answers;
}

/*
 * For each type of score, four functions: nps_accum_int4 counts one answer, nps_accum_answers_int4
 * many, and the inverse ones, _inv, take them out again when they leave a window's frame.
 */
#define NPS_TRANSITION(name, type, output, change, answers)                                        \
	PG_FUNCTION_INFO_V1(name);                                                                     \
	Datum name(PG_FUNCTION_ARGS)                                                                   \
	{                                                                                              \
		NpsGroup group = nps_group_of(score_arg_##type(fcinfo, 1), fcinfo, 1, output);             \
                                                                                                   \
		change(counted(fcinfo), NPS_GROUPS, group, answers);                                       \
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));                                                       \
	}

#define NPS_ACCUM(type, output)                                                                    \
	NPS_TRANSITION(nps_accum_##type, type, output, tally_count, 1)                                 \
	NPS_TRANSITION(nps_accum_##type##_inv, type, output, tally_uncount, 1)                         \
	NPS_TRANSITION(nps_accum_answers_##type, type, output, tally_count, PG_GETARG_INT64(2))        \
	NPS_TRANSITION(nps_accum_answers_##type##_inv, type, output, tally_uncount, PG_GETARG_INT64(2))

SCORE_TYPES(NPS_ACCUM)

PG_FUNCTION_INFO_V1(nps_combine);
Datum
nps_combine(PG_FUNCTION_ARGS)
{
	tally_add(counted(fcinfo), nps_arg(fcinfo, 1)->answers, NPS_GROUPS);
	PG_RETURN_DATUM(PG_GETARG_DATUM(0));
}

PG_FUNCTION_INFO_V1(nps_combine_inv);
Datum
nps_combine_inv(PG_FUNCTION_ARGS)
{
	tally_subtract(counted(fcinfo), nps_arg(fcinfo, 1)->answers, NPS_GROUPS);
	PG_RETURN_DATUM(PG_GETARG_DATUM(0));
}
