/*
 * Before an experiment and behind it: how many customers it needs, what so many can show, and
 * whether the groups came out as large as they were meant to be.
 */
#include "postgres.h"

#include <math.h>

#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"

#include "core/argument.h"
#include "core/distribution.h"
#include "core/row.h"
#include "core/share.h"
#include "experiment/experiment.h"

/* --- experiment_srm --- */

static const int64 *
count_list(ArrayType *counts, int expected)
{
	const int64 *list = (const int64 *) ARR_DATA_PTR(counts);
	bool fits =
		ARR_NDIM(counts) == 1 && !array_contains_nulls(counts) && ARR_DIMS(counts)[0] == expected;

	for (int i = 0; fits && i < expected; i++)
		fits = list[i] >= 0;
	if (!fits)
		bad_parameter("counts", OidOutputFunctionCall(F_ARRAY_OUT, PointerGetDatum(counts)),
					  psprintf("Give %d counts of zero or more, one for each share.", expected));
	return list;
}

static double
sum_of(const double *numbers, int count)
{
	double sum = 0.0;

	for (int i = 0; i < count; i++)
		sum += numbers[i];
	return sum;
}

/* Pearson's statistic; infinite where somebody is in a group that nobody was to be in. */
static double
mismatch(const int64 *counts, const double *shares, int groups, double customers)
{
	double whole = sum_of(shares, groups);
	double statistic = 0.0;

	for (int i = 0; i < groups; i++)
	{
		double expected = customers * (shares[i] / whole);
		double excess = (double) counts[i] - expected;

		if (excess != 0.0)
			statistic += expected > 0.0 ? excess / expected * excess : INFINITY;
	}
	return statistic;
}

PG_FUNCTION_INFO_V1(experiment_srm);
Datum
experiment_srm(PG_FUNCTION_ARGS)
{
	ArrayType *array = PG_GETARG_ARRAYTYPE_P(1);
	double customers = 0.0;
	double statistic;
	double p;
	int degrees = -1;
	int groups;
	const double *shares = share_list(array, &groups);
	const int64 *counts = count_list(PG_GETARG_ARRAYTYPE_P(0), groups);
	double whole = sum_of(shares, groups);

	if (!(whole > 0.0) || isinf(whole))
		bad_parameter("shares", OidOutputFunctionCall(F_ARRAY_OUT, PointerGetDatum(array)),
					  "Give at least one group a share: their proportions count.");
	for (int i = 0; i < groups; i++)
	{
		customers += (double) counts[i];
		degrees += shares[i] > 0.0;
	}
	statistic = customers > 0.0 ? mismatch(counts, shares, groups, customers) : 0.0;
	p = chi_square_p(statistic, Max(degrees, 1));
	return row_result(
		fcinfo, (Datum[]){Float8GetDatum(statistic), Int32GetDatum(degrees), Float8GetDatum(p)},
		(bool[]){customers == 0.0 || isinf(statistic), false,
				 customers == 0.0 || (degrees == 0 && !isinf(statistic))});
}

/* --- sizes --- */

static double
power_argument(double power)
{
	if (!(power > 0.0 && power < 1.0))
		bad_parameter("power", psprintf("%g", power),
					  "Give a probability between 0 and 1, such as 0.80.");
	return power;
}

/* How many standard errors a difference has to be, to be found with that power at that level. */
static double
needed_deviate(double level, double power)
{
	double z = normal_z(level_argument(level));
	double beyond = 2.0 * power_argument(power) - 1.0;

	return fmax(0.0, z + (beyond < 0.0 ? -normal_z(-beyond) : normal_z(beyond)));
}

/* Customers of each of two groups, from the sum of the variances of one customer of either. */
static int64
customers_needed(double variances, double difference, double deviate)
{
	double needed = ceil(deviate * deviate * variances / (difference * difference));

	if (!(needed < 9.2e18))
		ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
						errmsg("more customers than can be counted"),
						errhint("Look for a larger difference.")));
	return Max((int64) needed, 2);
}

static double
share_argument(const char *name, double share)
{
	return range_argument(name, share, 0.0, 1.0);
}

PG_FUNCTION_INFO_V1(experiment_size_shares);
Datum
experiment_size_shares(PG_FUNCTION_ARGS)
{
	double share = share_argument("share", PG_GETARG_FLOAT8(0));
	double other = share_argument("other_share", PG_GETARG_FLOAT8(1));
	double deviate = needed_deviate(PG_GETARG_FLOAT8(2), PG_GETARG_FLOAT8(3));

	if (share == other)
		bad_parameter("other_share", psprintf("%g", other),
					  "Give two shares that differ: the one now, and the one to be found.");
	PG_RETURN_INT64(
		customers_needed(share * (1.0 - share) + other * (1.0 - other), share - other, deviate));
}

static double
positive_argument(const char *name, double value)
{
	if (!(value > 0.0) || isinf(value))
		bad_parameter(name, psprintf("%g", value), "Give a number above 0.");
	return value;
}

PG_FUNCTION_INFO_V1(experiment_size_mean);
Datum
experiment_size_mean(PG_FUNCTION_ARGS)
{
	double deviation = positive_argument("std_dev", PG_GETARG_FLOAT8(0));
	double difference = positive_argument("difference", PG_GETARG_FLOAT8(1));
	double deviate = needed_deviate(PG_GETARG_FLOAT8(2), PG_GETARG_FLOAT8(3));
	double ratio = deviation / difference;

	PG_RETURN_INT64(customers_needed(2.0 * ratio * ratio, 1.0, deviate));
}

/* --- from the customers' own spread --- */

typedef struct Spread
{
	bool known;
	double mean;
	double variance; /* of one customer, within the groups */
} Spread;

static Spread
spread_of(Experiment *experiment, bool adjusted)
{
	double slope = adjusted ? common_slope(&experiment, 1) : 0.0;
	double customers = 0.0;
	double degrees = 0.0;
	Spread spread = {.known = false};

	for (int i = 0; i < experiment->count; i++)
	{
		Outcome outcome = outcome_of(&experiment->groups[i], experiment->figures);

		if (!outcome.known)
			continue;
		customers += outcome.customers;
		degrees += outcome.customers - 1.0;
		spread.mean += outcome.customers * outcome.mean;
		spread.variance += (outcome.customers - 1.0) * adjusted_variance(&outcome, slope);
	}
	spread.known = degrees > 0.0;
	if (spread.known)
	{
		spread.mean /= customers;
		spread.variance /= degrees;
	}
	return spread;
}

PG_FUNCTION_INFO_V1(experiment_size_spread);
Datum
experiment_size_spread(PG_FUNCTION_ARGS)
{
	Spread spread = spread_of(experiment_arg(fcinfo, 0), PG_GETARG_BOOL(2));
	double uplift = positive_argument("uplift", PG_GETARG_FLOAT8(1));
	double deviate = needed_deviate(PG_GETARG_FLOAT8(3), PG_GETARG_FLOAT8(4));

	if (!spread.known || spread.mean == 0.0)
		PG_RETURN_NULL();
	PG_RETURN_INT64(customers_needed(2.0 * spread.variance, uplift * spread.mean, deviate));
}

static double
group_size(const char *name, int64 customers)
{
	if (customers < 2)
		bad_parameter(name, psprintf(INT64_FORMAT, customers), "Give a group of two or more.");
	return (double) customers;
}

PG_FUNCTION_INFO_V1(experiment_detectable);
Datum
experiment_detectable(PG_FUNCTION_ARGS)
{
	Spread spread = spread_of(experiment_arg(fcinfo, 0), PG_GETARG_BOOL(3));
	double customers = group_size("customers", PG_GETARG_INT64(1));
	double controls = group_size("control_customers", PG_GETARG_INT64(2));
	double deviate = needed_deviate(PG_GETARG_FLOAT8(4), PG_GETARG_FLOAT8(5));
	double deviation = sqrt(spread.variance);
	double difference = deviate * deviation * sqrt(1.0 / customers + 1.0 / controls);

	if (!spread.known)
		return empty_row_result(fcinfo);
	return row_result(fcinfo,
					  (Datum[]){Float8GetDatum(spread.mean), Float8GetDatum(deviation),
								Float8GetDatum(difference),
								Float8GetDatum(difference / fabs(spread.mean))},
					  (bool[]){false, false, false, spread.mean == 0.0});
}
