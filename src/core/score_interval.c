/*
 * The score interval of a mean of observations that count +1, 0 or -1 (Tango 1998).
 *
 * It holds all true means that would explain what was observed.
 */
#include "postgres.h"

#include <math.h>

#include "core/share.h"

static double
mean_of(const SignShares *shares)
{
	return shares->positive - shares->negative;
}

/*
 * The most likely share of those that count +1 if the true mean were the given one: the larger
 * root of 2 P^2 - b P + c = 0.
 */
static double
positive_at(const SignShares *shares, double mean)
{
	double b = shares->positive * (1.0 + 3.0 * mean) + shares->negative * (1.0 + mean) +
			   2.0 * shares->zero * mean;
	double c = shares->positive * mean * (1.0 + mean);
	double share = (b + sqrt(fmax(0.0, b * b - 8.0 * c))) / 4.0;

	return fmin(fmax(share, fmax(0.0, mean)), (1.0 + mean) / 2.0);
}

/* Whether a true mean would explain what was observed: it lies within z standard errors. */
static bool
is_plausible(const SignShares *shares, double mean, double z)
{
	double distance = mean_of(shares) - mean;
	double variance = 2.0 * positive_at(shares, mean) - mean - mean * mean;

	return distance * distance <= z * z * variance / shares->observations;
}

/* The least plausible mean, by bisection between -1 and the observed one. */
static double
least_plausible(const SignShares *shares, double z)
{
	double outside = -1.0;
	double inside = mean_of(shares);

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

/* The upper bound is the lower one of the same observations with the signs changed. */
void
score_bounds(const SignShares *shares, double z, double *lower, double *upper)
{
	SignShares mirrored = *shares;

	mirrored.positive = shares->negative;
	mirrored.negative = shares->positive;
	*lower = least_plausible(shares, z);
	*upper = -least_plausible(&mirrored, z);
}
