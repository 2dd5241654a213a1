/*
 * The shares of the express test and their intervals, by customers and by sales.
 */
#include "postgres.h"

#include <math.h>

#include "core/decimal.h"
#include "core/share.h"
#include "segments/express_test.h"

#define POINTS 100.0 /* the unit of differences: one hundredth of the whole */

int64
settled_customers(const ExpressState *state)
{
	int64 customers = 0;

	for (int i = 0; i < EXPRESS_SETTLED; i++)
		customers += state->groups[i].customers;
	return customers;
}

int128
settled_sales(const ExpressState *state)
{
	int128 sales = 0;

	for (int i = 0; i < EXPRESS_SETTLED; i++)
		sales = add_units(sales, state->groups[i].sales);
	return sales;
}

static Estimate
in_points(Estimate estimate)
{
	estimate.value *= POINTS;
	estimate.lower *= POINTS;
	estimate.upper *= POINTS;
	return estimate;
}

static Estimate
customer_share(double counted, double customers, double z)
{
	Estimate share = {.known = true, .bounded = true, .value = counted / customers};

	wilson_bounds(counted, customers, z, &share.lower, &share.upper);
	return share;
}

static Estimate
customer_difference(const ExpressState *state, double customers, double z)
{
	SignShares signs = {.observations = customers,
						.positive = state->groups[EXPRESS_REGULAR].customers / customers,
						.zero = state->groups[EXPRESS_OCCASIONAL].customers / customers,
						.negative = state->groups[EXPRESS_ONE_TIME].customers / customers};
	int64 surplus =
		state->groups[EXPRESS_REGULAR].customers - state->groups[EXPRESS_ONE_TIME].customers;
	Estimate difference = {.known = true, .bounded = true, .value = surplus / customers};

	score_bounds(&signs, z, &difference.lower, &difference.upper);
	return in_points(difference);
}

ExpressEstimates
estimates_by_customers(const ExpressState *state)
{
	double customers = (double) settled_customers(state);
	double z = normal_z(state->parameters.level);

	if (customers == 0)
		return (ExpressEstimates){.one_time.known = false};
	return (ExpressEstimates){
		.one_time = customer_share(state->groups[EXPRESS_ONE_TIME].customers, customers, z),
		.regular = customer_share(state->groups[EXPRESS_REGULAR].customers, customers, z),
		.difference = customer_difference(state, customers, z)};
}

/* How a customer's sales count, by group: the sum of those by the sum of all is the estimate. */
typedef struct Weights
{
	double of[EXPRESS_SETTLED];
	double lowest; /* where the interval is cut off below; above at 1 */
} Weights;

static const Weights one_time_weights = {.of = {[EXPRESS_ONE_TIME] = 1}, .lowest = 0};
static const Weights regular_weights = {.of = {[EXPRESS_REGULAR] = 1}, .lowest = 0};
static const Weights difference_weights = {.of = {[EXPRESS_REGULAR] = 1, [EXPRESS_ONE_TIME] = -1},
										   .lowest = -1};

static double
weighted_sales(const ExpressState *state, const Weights *weights)
{
	double sum = 0.0;

	for (int i = 0; i < EXPRESS_SETTLED; i++)
		sum += weights->of[i] * (double) state->groups[i].sales;
	return sum;
}

/* The sum of (weight - ratio)^2 sales^2 over customers */
static double
squared_residuals(const ExpressState *state, const Weights *weights, double ratio)
{
	double sum = 0.0;

	for (int i = 0; i < EXPRESS_SETTLED; i++)
	{
		double distance = weights->of[i] - ratio;

		sum += distance * distance * squares_to_double(&state->groups[i].squares);
	}
	return sum;
}

/* Kish's effective number: as many customers of equal sales would say as much. */
static double
effective_customers(const ExpressState *state, double sales)
{
	double squares = 0.0;

	for (int i = 0; i < EXPRESS_SETTLED; i++)
		squares += squares_to_double(&state->groups[i].squares);
	return sales * sales / squares;
}

/*
 * All sales count alike, as 1, 0 or -1. No spread among the sampled does not mean that there is
 * none: the score interval of that many alike, which for a share is Wilson's.
 */
static void
bounds_of_unanimous(Estimate *estimate, double customers, double lowest, double z)
{
	SignShares signs = {.observations = customers,
						.positive = estimate->value > 0,
						.zero = estimate->value == 0,
						.negative = estimate->value < 0};

	if (lowest < 0)
		score_bounds(&signs, z, &estimate->lower, &estimate->upper);
	else
		wilson_bounds(customers * estimate->value, customers, z, &estimate->lower,
					  &estimate->upper);
}

/* A ratio of two sums over customers, with its variance by linearization (Cochran 1977). */
static Estimate
sales_ratio(const ExpressState *state, const Weights *weights, double z)
{
	double sales = (double) settled_sales(state);
	double customers = (double) settled_customers(state);
	Estimate ratio = {.known = true, .bounded = customers >= 2};
	double residuals;
	double reach;

	ratio.value = weighted_sales(state, weights) / sales;
	residuals = squared_residuals(state, weights, ratio.value);
	if (!ratio.bounded)
		return ratio;
	if (residuals == 0.0)
	{
		bounds_of_unanimous(&ratio, effective_customers(state, sales), weights->lowest, z);
		return ratio;
	}
	reach = z * sqrt(customers / (customers - 1.0) * residuals) / sales;
	ratio.lower = fmin(1.0, fmax(weights->lowest, ratio.value - reach));
	ratio.upper = fmax(weights->lowest, fmin(1.0, ratio.value + reach));
	return ratio;
}

ExpressEstimates
estimates_by_sales(const ExpressState *state)
{
	double z = normal_z(state->parameters.level);

	if (settled_sales(state) <= 0)
		return (ExpressEstimates){.one_time.known = false};
	return (ExpressEstimates){.one_time = sales_ratio(state, &one_time_weights, z),
							  .regular = sales_ratio(state, &regular_weights, z),
							  .difference = in_points(sales_ratio(state, &difference_weights, z))};
}
