/*
 * Two shares compared: the difference, its interval and the test of whether there is one.
 */
#include "postgres.h"

#include <math.h>

#include "core/argument.h"
#include "core/row.h"
#include "core/share.h"

/* So many of so many; the trials are more than 0. */
typedef struct Share
{
	double successes;
	double trials;
} Share;

static double
share_of(Share share)
{
	return share.successes / share.trials;
}

/* How far the true share may lie above or below, by the Wilson bounds on that side. */
static double
room_above(Share share, double z)
{
	double lower;
	double upper;

	wilson_bounds(share.successes, share.trials, z, &lower, &upper);
	return upper - share_of(share);
}

static double
room_below(Share share, double z)
{
	double lower;
	double upper;

	wilson_bounds(share.successes, share.trials, z, &lower, &upper);
	return share_of(share) - lower;
}

/* The standard error if both shares were the same; 0 where all trials agree. */
static double
pooled_error(Share a, Share b)
{
	double share = (a.successes + b.successes) / (a.trials + b.trials);

	return sqrt(share * (1.0 - share) * (1.0 / a.trials + 1.0 / b.trials));
}

/*
 * a less b. The numerator is exact, so that equal shares differ by nothing whatever their counts.
 * Successes within the trials keep it within 128 bits.
 */
static double
difference_of(int64 a_successes, int64 a_trials, int64 b_successes, int64 b_trials)
{
	int128 numerator = (int128) a_successes * b_trials - (int128) b_successes * a_trials;

	return (double) numerator / ((double) a_trials * (double) b_trials);
}

static void
check_counts(const char *successes_name, int64 successes, const char *trials_name, int64 trials)
{
	if (trials < 0)
		bad_parameter(trials_name, psprintf(INT64_FORMAT, trials), "Give a count of zero or more.");
	if (successes < 0 || successes > trials)
		bad_parameter(successes_name, psprintf(INT64_FORMAT, successes),
					  "Give a count from zero to the number of trials.");
}

static Datum
test_result(FunctionCallInfo fcinfo, double difference, Share a, Share b, double z)
{
	double error = pooled_error(a, b);
	double deviate = error > 0.0 ? difference / error : 0.0;
	double below = hypot(room_below(a, z), room_above(b, z));
	double above = hypot(room_above(a, z), room_below(b, z));

	return row_result(fcinfo,
					  (Datum[]){Float8GetDatum(difference),
								Float8GetDatum(fmax(-1.0, difference - below)),
								Float8GetDatum(fmin(1.0, difference + above)),
								Float8GetDatum(deviate), Float8GetDatum(two_sided_p(deviate))},
					  (bool[]){false, false, false, error == 0.0, error == 0.0});
}

/* Newcombe 1998, method 10, and the z test with the pooled share. */
PG_FUNCTION_INFO_V1(share_test);
Datum
share_test(PG_FUNCTION_ARGS)
{
	int64 a_successes = PG_GETARG_INT64(0);
	int64 a_trials = PG_GETARG_INT64(1);
	int64 b_successes = PG_GETARG_INT64(2);
	int64 b_trials = PG_GETARG_INT64(3);
	double z = normal_z(level_argument(PG_GETARG_FLOAT8(4)));

	check_counts("a_successes", a_successes, "a_trials", a_trials);
	check_counts("b_successes", b_successes, "b_trials", b_trials);
	if (a_trials == 0 || b_trials == 0)
		PG_RETURN_DATUM(empty_row_result(fcinfo));
	PG_RETURN_DATUM(test_result(fcinfo, difference_of(a_successes, a_trials, b_successes, b_trials),
								(Share){(double) a_successes, (double) a_trials},
								(Share){(double) b_successes, (double) b_trials}, z));
}
