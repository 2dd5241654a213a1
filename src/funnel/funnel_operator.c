/*
 * The type funnel: its operators and hash.
 */
#include "postgres.h"

#include "core/comparison.h"
#include "core/compat.h"
#include "funnel/funnel.h"

PG_FUNCTION_INFO_V1(funnel_add);
Datum
funnel_add(PG_FUNCTION_ARGS)
{
	const Funnel *funnel = funnel_argument(fcinfo, 0);
	Funnel *sum = make_funnel(funnel->counts, funnel->steps);

	add_funnel(sum, funnel_argument(fcinfo, 1));
	PG_RETURN_POINTER(sum);
}

/* What is left has to be a funnel: none stopped at a step who are not there. */
PG_FUNCTION_INFO_V1(funnel_subtract);
Datum
funnel_subtract(PG_FUNCTION_ARGS)
{
	const Funnel *funnel = funnel_argument(fcinfo, 0);
	const Funnel *less = funnel_argument(fcinfo, 1);
	Funnel *rest = make_funnel(funnel->counts, funnel->steps);

	if (funnel->steps != less->steps)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("a funnel of %d steps cannot be taken from one of %d", less->steps,
							   funnel->steps),
						errhint("Count them by the same steps.")));
	for (int32 i = 0; i < rest->steps; i++)
		rest->counts[i] -= less->counts[i];
	if (!funnel_is_valid(rest->counts, rest->steps))
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("cannot take away customers that are not there"),
						errhint("Subtract a part from the whole that contains it.")));
	PG_RETURN_POINTER(rest);
}

/* By the number of steps, then by the counts: an order that groups and removes duplicates. */
static int
compare_funnels(const Funnel *a, const Funnel *b)
{
	if (a->steps != b->steps)
		return a->steps < b->steps ? -1 : 1;
	for (int32 i = 0; i < a->steps; i++)
	{
		if (a->counts[i] != b->counts[i])
			return a->counts[i] < b->counts[i] ? -1 : 1;
	}
	return 0;
}

COMPARISON_FUNCTIONS(funnel, funnel_argument, compare_funnels)

/* What makes a value. */
static const int64 *
hashed_part(const Funnel *funnel, int *length)
{
	*length = funnel->steps * (int) sizeof(int64);
	return funnel->counts;
}

HASH_FUNCTIONS(funnel, funnel_argument, hashed_part)
