/*
 * The type nps: its operators and hash.
 */
#include "postgres.h"

#include "core/comparison.h"
#include "core/compat.h"
#include "nps/nps.h"

PG_FUNCTION_INFO_V1(nps_add);
Datum
nps_add(PG_FUNCTION_ARGS)
{
	Nps *sum = make_nps(nps_arg(fcinfo, 0)->answers);

	tally_add(sum->answers, nps_arg(fcinfo, 1)->answers, NPS_GROUPS);
	PG_RETURN_POINTER(sum);
}

PG_FUNCTION_INFO_V1(nps_subtract);
Datum
nps_subtract(PG_FUNCTION_ARGS)
{
	Nps *rest = make_nps(nps_arg(fcinfo, 0)->answers);

	tally_subtract(rest->answers, nps_arg(fcinfo, 1)->answers, NPS_GROUPS);
	PG_RETURN_POINTER(rest);
}

/* By the score, exactly, and those without answers last; then by the counts. */
static int
compare_answers(const Nps *a, const Nps *b)
{
	int128 score_a = (int128) nps_surplus(a) * nps_total(b);
	int128 score_b = (int128) nps_surplus(b) * nps_total(a);

	if ((nps_total(a) == 0) != (nps_total(b) == 0))
		return nps_total(a) == 0 ? 1 : -1;
	if (score_a != score_b)
		return score_a < score_b ? -1 : 1;
	return tally_compare(a->answers, b->answers, NPS_GROUPS);
}

COMPARISON_FUNCTIONS(nps, nps_arg, compare_answers)

/* What makes a value. */
static const int64 *
hashed_part(const Nps *nps, int *length)
{
	*length = (int) sizeof(nps->answers);
	return nps->answers;
}

HASH_FUNCTIONS(nps, nps_arg, hashed_part)
