/*
 * What an nps says: the score, its counts, its band, and the group of one answer.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "core/argument.h"
#include "core/compat.h"
#include "nps/nps.h"
#include "nps/nps_shares.h"

PG_FUNCTION_INFO_V1(nps_score);
Datum
nps_score(PG_FUNCTION_ARGS)
{
	const Nps *nps = nps_arg(fcinfo, 0);

	if (nps_total(nps) == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(nps_points(nps));
}

PG_FUNCTION_INFO_V1(nps_promoters);
Datum
nps_promoters(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(nps_arg(fcinfo, 0)->answers[NPS_PROMOTERS]);
}

PG_FUNCTION_INFO_V1(nps_passives);
Datum
nps_passives(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(nps_arg(fcinfo, 0)->answers[NPS_PASSIVES]);
}

PG_FUNCTION_INFO_V1(nps_detractors);
Datum
nps_detractors(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(nps_arg(fcinfo, 0)->answers[NPS_DETRACTORS]);
}

PG_FUNCTION_INFO_V1(nps_responses);
Datum
nps_responses(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(nps_total(nps_arg(fcinfo, 0)));
}

static text *
group_name(NpsGroup group)
{
	static const char *const names[NPS_GROUPS] = {"promoter", "passive", "detractor"};

	return cstring_to_text(names[group]);
}

/* nps_group_int2 and so on: the group of one score of that type. */
#define NPS_GROUP(type, output)                                                                    \
	PG_FUNCTION_INFO_V1(nps_group_##type);                                                         \
	Datum nps_group_##type(PG_FUNCTION_ARGS)                                                       \
	{                                                                                              \
		Score score = score_arg_##type(fcinfo, 0);                                                 \
                                                                                                   \
		PG_RETURN_TEXT_P(group_name(nps_group_of(score, fcinfo, 0, output)));                      \
	}

SCORE_TYPES(NPS_GROUP)

static const char *
band_name(double score, double strong, double average)
{
	if (score >= strong)
		return "strong";
	return score >= average ? "average" : "weak";
}

PG_FUNCTION_INFO_V1(nps_band);
Datum
nps_band(PG_FUNCTION_ARGS)
{
	const Nps *nps = nps_arg(fcinfo, 0);
	double strong = range_argument("strong", PG_GETARG_FLOAT8(1), -100, 100);
	double average = range_argument("average", PG_GETARG_FLOAT8(2), -100, 100);

	if (average > strong)
		bad_parameter("average", psprintf("%g", average),
					  psprintf("Give a number that is not above \"strong\", %g.", strong));
	if (nps_total(nps) == 0)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(band_name(nps_points(nps), strong, average)));
}
