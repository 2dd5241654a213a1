/*
 * Means and covariances from exact sums.
 *
 * n times the sum of products less the product of the sums: both are large and their difference
 * small where figures are large beside their spread. It is taken from 256 bits, before it is
 * rounded.
 */
#include "postgres.h"

#include <math.h>

#include "experiment/experiment.h"

#define SUM_UNIT	 1e4
#define PRODUCT_UNIT 1e8

/* A number of 256 bits and its sign. */
typedef struct Wide
{
	bool negative;
	uint128 high;
	uint128 low;
} Wide;

static uint128
magnitude(int128 number)
{
	return number < 0 ? -(uint128) number : (uint128) number;
}

static Wide
multiply(int128 a, int128 b)
{
	uint128 x = magnitude(a);
	uint128 y = magnitude(b);
	uint128 low = (uint128) (uint64) x * (uint64) y;
	uint128 cross = (uint128) (uint64) (x >> 64) * (uint64) y + (uint64) (low >> 64);
	uint128 other = (uint128) (uint64) x * (uint64) (y >> 64) + (uint64) cross;

	return (Wide){.negative = (a < 0) != (b < 0),
				  .high = (x >> 64) * (y >> 64) + (cross >> 64) + (other >> 64),
				  .low = (other << 64) | (uint64) low};
}

static double
wide_to_double(Wide number)
{
	double size = ldexp((double) number.high, 128) + (double) number.low;

	return number.negative ? -size : size;
}

static bool
is_smaller(Wide a, Wide b)
{
	return a.high != b.high ? a.high < b.high : a.low < b.low;
}

/* Of two numbers of one sign. */
static Wide
subtract(Wide a, Wide b)
{
	Wide rest;

	if (is_smaller(a, b))
	{
		rest = subtract(b, a);
		rest.negative = !a.negative;
		return rest;
	}
	rest = (Wide){.negative = a.negative, .high = a.high - b.high, .low = a.low - b.low};
	rest.high -= a.low < b.low;
	return rest;
}

static double
difference(Wide a, Wide b)
{
	if (a.negative == b.negative)
		return wide_to_double(subtract(a, b));
	return wide_to_double(a) - wide_to_double(b);
}

double
group_mean(const ExperimentGroup *group, Figure figure)
{
	return (double) group->sums[figure] / ((double) group->customers * SUM_UNIT);
}

double
group_covariance(const ExperimentGroup *group, Figure a, Figure b)
{
	int128 products = group->products[PRODUCT(Max(a, b), Min(a, b))];
	double n = (double) group->customers;

	return difference(multiply(group->customers, products),
					  multiply(group->sums[a], group->sums[b])) /
		   (n * (n - 1.0) * PRODUCT_UNIT);
}

double
beyond_rounding(double difference, double terms)
{
	return difference > 1e-13 * terms ? difference : 0.0;
}
