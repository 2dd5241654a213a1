/*
 * How certain a score is: its standard error, its interval, and the sample it takes.
 *
 * The score's interval and its test treat an answer as +1, 0 or -1 and the score as their mean.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "core/argument.h"
#include "core/compat.h"
#include "core/row.h"
#include "core/share.h"
#include "nps/nps_shares.h"

typedef struct Bounds
{
	double lower;
	double upper;
} Bounds;

PG_FUNCTION_INFO_V1(nps_stderr);
Datum
nps_stderr(PG_FUNCTION_ARGS)
{
	const Nps *nps = nps_arg(fcinfo, 0);
	NpsShares shares;

	if (nps_total(nps) == 0)
		PG_RETURN_NULL();
	shares = nps_shares(nps);
	PG_RETURN_FLOAT8(POINTS * sqrt(score_variance(&shares)));
}

static Bounds
wald_bounds(const NpsShares *shares, double z)
{
	double reach = z * sqrt(score_variance(shares));

	return (Bounds){share_score(shares) - reach, share_score(shares) + reach};
}

static Bounds
plausible_bounds(const NpsShares *shares, double z)
{
	SignShares signs = {.observations = shares->answers,
						.positive = shares->promoters,
						.zero = shares->passives,
						.negative = shares->detractors};
	Bounds bounds;

	score_bounds(&signs, z, &bounds.lower, &bounds.upper);
	return bounds;
}

static Bounds
bounds_by(int method, const Nps *nps, double z)
{
	enum
	{
		SCORE,
		ADJUSTED_WALD
	};
	NpsShares shares = method == ADJUSTED_WALD ? adjusted_shares(nps) : nps_shares(nps);

	return method == SCORE ? plausible_bounds(&shares, z) : wald_bounds(&shares, z);
}

PG_FUNCTION_INFO_V1(nps_interval);
Datum
nps_interval(PG_FUNCTION_ARGS)
{
	static const char *const methods[] = {"score", "adjusted_wald", "wald", NULL};
	const Nps *nps = nps_arg(fcinfo, 0);
	double z = normal_z(level_argument(PG_GETARG_FLOAT8(1)));
	int method = choice_argument("method", PG_GETARG_TEXT_PP(2), methods);
	Bounds bounds;

	if (nps_total(nps) == 0)
		return empty_row_result(fcinfo);
	bounds = bounds_by(method, nps, z);
	return interval_result(fcinfo, nps_points(nps), POINTS * fmax(-1.0, bounds.lower),
						   POINTS * fmin(1.0, bounds.upper));
}

PG_FUNCTION_INFO_V1(nps_sample_size);
Datum
nps_sample_size(PG_FUNCTION_ARGS)
{
	const Nps *pilot = nps_arg(fcinfo, 0);
	double margin = PG_GETARG_FLOAT8(1);
	double z = normal_z(level_argument(PG_GETARG_FLOAT8(2)));
	NpsShares shares;
	double spread;
	double answers;

	if (!(margin > 0.0 && margin <= 100.0))
		bad_parameter("margin", psprintf("%g", margin),
					  "Give a margin of error in points, above 0 and at most 100.");
	if (nps_total(pilot) == 0)
		PG_RETURN_NULL();
	shares = nps_shares(pilot);
	spread = z * sqrt(share_variance(&shares)) / (margin / POINTS);
	answers = fmax(1.0, ceil(spread * spread - 3.0));
	if (!(answers < -(double) PG_INT64_MIN))
		ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
						errmsg("sample size out of range for a margin of %g points", margin),
						errhint("Give a larger margin.")));
	PG_RETURN_INT64((int64) answers);
}
