/*
 * Two scores compared: the test, and what the change is made of.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "core/argument.h"
#include "core/compat.h"
#include "core/row.h"
#include "core/share.h"
#include "nps/nps_shares.h"

/* A change smaller than this many points is none to act on. */
#define SMALL_CHANGE 2.0

typedef struct Comparison
{
	double difference; /* a less b, in points */
	double lower;
	double upper;
} Comparison;

/*
 * x/m - y/n in points. The numerator is exact, so that shares of few answers differ by the number
 * a person would write. |x| <= m and |y| <= n keep it within 128 bits.
 */
static double
points_between(int64 x, int64 m, int64 y, int64 n)
{
	int128 numerator = (int128) x * n - (int128) y * m;

	return POINTS * (double) numerator / ((double) m * (double) n);
}

/* The interval is the adjusted one, with three more answers on either side. */
static Comparison
compare(const Nps *a, const Nps *b, double z)
{
	NpsShares a_shares = adjusted_shares(a);
	NpsShares b_shares = adjusted_shares(b);
	double centre = share_score(&a_shares) - share_score(&b_shares);
	double reach = z * sqrt(score_variance(&a_shares) + score_variance(&b_shares));

	return (Comparison){
		.difference = points_between(nps_surplus(a), nps_total(a), nps_surplus(b), nps_total(b)),
		.lower = POINTS * fmax(-2.0, centre - reach),
		.upper = POINTS * fmin(2.0, centre + reach)};
}

/* The standard error of the difference as observed, in points. */
static double
standard_error(const Nps *a, const Nps *b)
{
	NpsShares a_shares = nps_shares(a);
	NpsShares b_shares = nps_shares(b);

	return POINTS * sqrt(score_variance(&a_shares) + score_variance(&b_shares));
}

PG_FUNCTION_INFO_V1(nps_test);
Datum
nps_test(PG_FUNCTION_ARGS)
{
	const Nps *a = nps_arg(fcinfo, 0);
	const Nps *b = nps_arg(fcinfo, 1);
	double level_z = normal_z(level_argument(PG_GETARG_FLOAT8(2)));
	Comparison change;
	double error;
	double z;

	if (nps_total(a) == 0 || nps_total(b) == 0)
		return empty_row_result(fcinfo);
	change = compare(a, b, level_z);
	error = standard_error(a, b);
	z = error > 0.0 ? change.difference / error : 0.0;
	return row_result(fcinfo,
					  (Datum[]){Float8GetDatum(change.difference), Float8GetDatum(change.lower),
								Float8GetDatum(change.upper), Float8GetDatum(z),
								Float8GetDatum(two_sided_p(z))},
					  (bool[]){false, false, false, error == 0.0, error == 0.0});
}

/* Up or down only where the interval and the difference itself agree. */
static const char *
verdict_of(const Comparison *change)
{
	if (change->lower > 0.0 && change->difference >= SMALL_CHANGE)
		return "up";
	if (change->upper < 0.0 && change->difference <= -SMALL_CHANGE)
		return "down";
	return "flat";
}

static double
share_change(NpsGroup group, const Nps *a, const Nps *b)
{
	return points_between(a->answers[group], nps_total(a), b->answers[group], nps_total(b));
}

PG_FUNCTION_INFO_V1(nps_change);
Datum
nps_change(PG_FUNCTION_ARGS)
{
	const Nps *a = nps_arg(fcinfo, 0);
	const Nps *b = nps_arg(fcinfo, 1);
	double z = normal_z(level_argument(PG_GETARG_FLOAT8(2)));
	Comparison change;

	if (nps_total(a) == 0 || nps_total(b) == 0)
		return empty_row_result(fcinfo);
	change = compare(a, b, z);
	return row_result(fcinfo,
					  (Datum[]){Float8GetDatum(change.difference),
								Float8GetDatum(share_change(NPS_PROMOTERS, a, b)),
								Float8GetDatum(share_change(NPS_DETRACTORS, a, b)),
								Float8GetDatum(change.lower), Float8GetDatum(change.upper),
								CStringGetTextDatum(verdict_of(&change))},
					  (bool[]){false, false, false, false, false, false});
}
