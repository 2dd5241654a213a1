/*
 * The type nps: making and checking.
 */
#include "postgres.h"

#include "core/compat.h"
#include "nps/nps.h"

Nps *
make_nps(const int64 *answers)
{
	Nps *nps = palloc0(sizeof(Nps));

	nps->version = NPS_VERSION;
	memcpy(nps->answers, answers, sizeof(nps->answers));
	return nps;
}

const Nps *
nps_arg(FunctionCallInfo fcinfo, int n)
{
	const Nps *nps = (const Nps *) PG_GETARG_POINTER(n);

	if (unlikely(nps->version != NPS_VERSION))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("nps value of unknown version %d", nps->version),
				 errhint("It was written by another version of the extension: install that one.")));
	Assert(nps->reserved == 0 && tally_is_valid(nps->answers, NPS_GROUPS));
	return nps;
}

_Noreturn void
bad_score(FunctionCallInfo fcinfo, int n, PGFunction output)
{
	ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					errmsg("score out of range: %s",
						   DatumGetCString(DirectFunctionCall1(output, PG_GETARG_DATUM(n)))),
					errhint("Scores are from 0 to 10; leave others out with FILTER (WHERE score "
							"BETWEEN 0 AND 10), and count other scales with rating_agg.")));
	pg_unreachable();
}

PG_FUNCTION_INFO_V1(nps_from_counts);
Datum
nps_from_counts(PG_FUNCTION_ARGS)
{
	static const char *const names[NPS_GROUPS] = {"promoters", "passives", "detractors"};
	int64 answers[NPS_GROUPS];

	for (int group = 0; group < NPS_GROUPS; group++)
		answers[group] = count_argument(names[group], PG_GETARG_INT64(group));
	tally_check_total(answers, NPS_GROUPS);
	PG_RETURN_POINTER(make_nps(answers));
}
