/*
 * Shares, their intervals, and the normal distribution behind them.
 */
#include "postgres.h"

#include <math.h>

#include "utils/builtins.h"

#include "core/argument.h"
#include "core/compat.h"
#include "core/row.h"
#include "core/share.h"

double
two_sided_p(double z)
{
	return erfc(fabs(z) * M_SQRT1_2);
}

/*
 * Newton's method on two_sided_p(z) = 1 - level. The function is convex and falling for z > 0, so
 * from 0 the steps climb to the solution without passing it.
 */
double
normal_z(double level)
{
	double tail = 1.0 - level;
	double z = 0.0;

	for (int i = 0; i < 200; i++)
	{
		double slope = sqrt(2.0 / M_PI) * exp(-z * z / 2.0);
		double step = (two_sided_p(z) - tail) / slope;

		z += step;
		if (step <= z * 1e-15)
			break;
	}
	return z;
}

/* Wilson 1927: the shares p0 with |p - p0| <= z sqrt(p0 (1 - p0) / n). */
void
wilson_bounds(double successes, double trials, double z, double *lower, double *upper)
{
	double share = successes / trials;
	double shrink = z * z / trials;
	double centre = share + shrink / 2.0;
	double reach = sqrt(shrink * (share * (1.0 - share) + shrink / 4.0));

	*lower = successes <= 0 ? 0.0 : fmax(0.0, (centre - reach) / (1.0 + shrink));
	*upper = successes >= trials ? 1.0 : fmin(1.0, (centre + reach) / (1.0 + shrink));
}

Datum
interval_result(FunctionCallInfo fcinfo, double estimate, double lower, double upper)
{
	Datum values[] = {Float8GetDatum(estimate), Float8GetDatum(lower), Float8GetDatum(upper)};
	bool nulls[] = {false, false, false};

	return row_result(fcinfo, values, nulls);
}

Datum
wilson_result(FunctionCallInfo fcinfo, int64 successes, int64 trials, double level)
{
	double z = normal_z(level_argument(level));
	double lower;
	double upper;

	if (trials == 0)
		return empty_row_result(fcinfo);
	wilson_bounds((double) successes, (double) trials, z, &lower, &upper);
	return interval_result(fcinfo, (double) successes / (double) trials, lower, upper);
}

PG_FUNCTION_INFO_V1(wilson_interval);
Datum
wilson_interval(PG_FUNCTION_ARGS)
{
	int64 successes = PG_GETARG_INT64(0);
	int64 trials = PG_GETARG_INT64(1);

	if (trials < 0)
		bad_parameter("trials", psprintf(INT64_FORMAT, trials), "Give a count of zero or more.");
	if (successes < 0 || successes > trials)
		bad_parameter("successes", psprintf(INT64_FORMAT, successes),
					  "Give a count from zero to the number of trials.");
	PG_RETURN_DATUM(wilson_result(fcinfo, successes, trials, PG_GETARG_FLOAT8(2)));
}
