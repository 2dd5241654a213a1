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

/*
 * The most likely share of promoters if the true score were the given one: the larger root of
 * 2 P^2 - b P + c = 0.
 */
static double
promoters_at(const NpsShares *shares, double score)
{
	double b = shares->promoters * (1.0 + 3.0 * score) + shares->detractors * (1.0 + score) +
			   2.0 * shares->passives * score;
	double c = shares->promoters * score * (1.0 + score);
	double share = (b + sqrt(fmax(0.0, b * b - 8.0 * c))) / 4.0;

	return fmin(fmax(share, fmax(0.0, score)), (1.0 + score) / 2.0);
}

/* Whether a true score would explain what was observed: it lies within z standard errors. */
static bool
is_plausible(const NpsShares *shares, double score, double z)
{
	double distance = share_score(shares) - score;
	double variance = 2.0 * promoters_at(shares, score) - score - score * score;

	return distance * distance <= z * z * variance / shares->answers;
}

/* The least plausible score, by bisection between -1 and the observed one. */
static double
least_plausible(const NpsShares *shares, double z)
{
	double outside = -1.0;
	double inside = share_score(shares);

	for (int i = 0; i < 100; i++)
	{
		double middle = (outside + inside) / 2.0;

		if (is_plausible(shares, middle, z))
			inside = middle;
		else
			outside = middle;
	}
	return inside;
}

/* The upper bound is the lower one of the same answers with the signs changed. */
static Bounds
score_bounds(const NpsShares *shares, double z)
{
	NpsShares mirrored = *shares;

	mirrored.promoters = shares->detractors;
	mirrored.detractors = shares->promoters;
	return (Bounds){least_plausible(shares, z), -least_plausible(&mirrored, z)};
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

	return method == SCORE ? score_bounds(&shares, z) : wald_bounds(&shares, z);
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
