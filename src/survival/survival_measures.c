/*
 * What is read from a survival: its sums, the curve, quantiles, and the restricted mean.
 */
#include "postgres.h"

#include <math.h>

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "core/argument.h"
#include "core/row.h"
#include "core/share.h"
#include "survival/survival_curve.h"

/*
 * A curve that reaches a share to so many digits reaches it. Rounding adds less over 300,000
 * censorings, and no estimate is that certain.
 */
#define SHARE_TOLERANCE 1e-10

typedef struct Bounds
{
	double lower;
	double upper; /* unknown where the curve is 0 */
} Bounds;

static int32
days_argument(const char *name, int32 days, int32 least)
{
	if (days < least)
		bad_parameter(name, psprintf("%d", days),
					  psprintf("Give a number of days of at least %d.", least));
	return days;
}

/* The bounds of ln(-ln S), taken back to S (Kalbfleisch and Prentice). */
static Bounds
log_log_bounds(const SurvivalStep *step, double z)
{
	double power;

	if (step->is_zero)
		return (Bounds){0.0, 0.0};
	if (step->greenwood == 0.0)
		return (Bounds){1.0, 1.0};
	power = exp(z * sqrt(step->greenwood) / -step->log_survival);
	return (Bounds){.lower = fmin(step->survival, exp(step->log_survival * power)),
					.upper = fmax(step->survival, exp(step->log_survival / power))};
}

/* Whether the curve is known up to a duration: seen that long, or nothing was left before. */
static bool
is_observed(const Survival *durations, int32 duration)
{
	const SurvivalEntry *last;

	if (durations->count == 0)
		return false;
	last = &durations->entries[durations->count - 1];
	return duration <= last->duration || last->censored == 0;
}

static void
put_point(ReturnSetInfo *result, const SurvivalStep *step, double z)
{
	Bounds bounds = log_log_bounds(step, z);
	Datum values[] = {Int32GetDatum(step->entry->duration),
					  Int64GetDatum(step->at_risk),
					  Int64GetDatum(step->entry->ended),
					  Int64GetDatum(step->entry->censored),
					  Float8GetDatum(step->survival),
					  Float8GetDatum(step->survival * sqrt(step->greenwood)),
					  Float8GetDatum(bounds.lower),
					  Float8GetDatum(bounds.upper)};
	bool nulls[] = {false, false, false, false, false, step->is_zero, false, step->is_zero};

	CHECK_FOR_INTERRUPTS();
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

/* survival_points(s, level) */
PG_FUNCTION_INFO_V1(survival_points);
Datum
survival_points(PG_FUNCTION_ARGS)
{
	SurvivalCurve curve = survival_curve(survival_arg(fcinfo, 0));
	double z = normal_z(level_argument(PG_GETARG_FLOAT8(1)));

	InitMaterializedSRF(fcinfo, 0);
	while (survival_curve_read(&curve))
		put_point((ReturnSetInfo *) fcinfo->resultinfo, &curve.last, z);
	return (Datum) 0;
}

/* survival_at(s, duration, level) */
PG_FUNCTION_INFO_V1(survival_at);
Datum
survival_at(PG_FUNCTION_ARGS)
{
	const Survival *durations = survival_arg(fcinfo, 0);
	int32 duration = days_argument("duration", PG_GETARG_INT32(1), 0);
	double z = normal_z(level_argument(PG_GETARG_FLOAT8(2)));
	SurvivalCurve curve = survival_curve(durations);
	Bounds bounds;

	if (!is_observed(durations, duration))
		return empty_row_result(fcinfo);
	while (survival_curve_reaches(&curve, duration))
		survival_curve_read(&curve);
	bounds = log_log_bounds(&curve.last, z);
	return row_result(fcinfo,
					  (Datum[]){Float8GetDatum(curve.last.survival), Float8GetDatum(bounds.lower),
								Float8GetDatum(bounds.upper)},
					  (bool[]){false, false, curve.last.is_zero});
}

/* The first duration at which the curve is at or below a share; false where it stays above. */
static bool
first_duration(const Survival *durations, double share, int32 *duration)
{
	SurvivalCurve curve = survival_curve(durations);

	while (survival_curve_read(&curve))
	{
		if (curve.last.survival <= share * (1.0 + SHARE_TOLERANCE))
		{
			*duration = curve.last.entry->duration;
			return true;
		}
	}
	return false;
}

/* survival_quantile(s, share) */
PG_FUNCTION_INFO_V1(survival_quantile);
Datum
survival_quantile(PG_FUNCTION_ARGS)
{
	double share = PG_GETARG_FLOAT8(1);
	int32 duration;

	if (!(share > 0.0 && share <= 1.0))
		bad_parameter("share", psprintf("%g", share),
					  "Give a share above 0 and at most 1, such as 0.5 for the median.");
	if (!first_duration(survival_arg(fcinfo, 0), 1.0 - share, &duration))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(duration);
}

PG_FUNCTION_INFO_V1(median_survival);
Datum
median_survival(PG_FUNCTION_ARGS)
{
	int32 duration;

	if (!first_duration(survival_arg(fcinfo, 0), 0.5, &duration))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(duration);
}

static int64
count_ended(const Survival *durations)
{
	int64 ended = 0;

	for (int i = 0; i < durations->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		ended += durations->entries[i].ended;
	}
	return ended;
}

/* The duration of one of those that ended, the shortest being number 0. */
static int32
ended_duration(const Survival *durations, int64 number)
{
	const SurvivalEntry *entry = durations->entries;

	for (; number >= entry->ended; entry++)
	{
		CHECK_FOR_INTERRUPTS();
		number -= entry->ended;
	}
	return entry->duration;
}

/* survival_summary(s) */
PG_FUNCTION_INFO_V1(survival_summary);
Datum
survival_summary(PG_FUNCTION_ARGS)
{
	const Survival *durations = survival_arg(fcinfo, 0);
	int64 ended = count_ended(durations);
	double median = 0;

	if (ended > 0)
		median = ((double) ended_duration(durations, (ended - 1) / 2) +
				  ended_duration(durations, ended / 2)) /
				 2.0;
	return row_result(fcinfo,
					  (Datum[]){Int64GetDatum(durations->total), Int64GetDatum(ended),
								Int64GetDatum(durations->total - ended), Float8GetDatum(median)},
					  (bool[]){false, false, false, ended == 0});
}

/* Moves on to the curve's next duration before the horizon, or to it: the area in between. */
static bool
read_area(SurvivalCurve *curve, int32 horizon, double *area)
{
	int32 from_day = curve->last.entry != NULL ? curve->last.entry->duration : 0;
	double survival = curve->last.survival;
	bool more = survival_curve_reaches(curve, horizon - 1);

	if (more)
		survival_curve_read(curve);
	*area = survival * ((more ? curve->last.entry->duration : horizon) - from_day);
	return more;
}

static double
area_to(const Survival *durations, int32 horizon)
{
	SurvivalCurve curve = survival_curve(durations);
	double sum = 0.0;
	double area;
	bool more;

	do
	{
		more = read_area(&curve, horizon, &area);
		sum += area;
	} while (more);
	return sum;
}

/* Each step's term of Greenwood's sum counts by the square of the area that is left behind it. */
static double
variance_of_area(const Survival *durations, int32 horizon, double left)
{
	SurvivalCurve curve = survival_curve(durations);
	double variance = 0.0;
	double area;

	while (read_area(&curve, horizon, &area))
	{
		left -= area;
		variance += left * left * greenwood_term(&curve.last);
	}
	return variance;
}

/* restricted_mean(s, horizon, level) */
PG_FUNCTION_INFO_V1(restricted_mean);
Datum
restricted_mean(PG_FUNCTION_ARGS)
{
	const Survival *durations = survival_arg(fcinfo, 0);
	int32 horizon = days_argument("horizon", PG_GETARG_INT32(1), 1);
	double z = normal_z(level_argument(PG_GETARG_FLOAT8(2)));
	double mean;
	double reach;

	if (!is_observed(durations, horizon))
		return empty_row_result(fcinfo);
	mean = area_to(durations, horizon);
	reach = z * sqrt(variance_of_area(durations, horizon, mean));
	return interval_result(fcinfo, mean, fmax(0.0, mean - reach), fmin(horizon, mean + reach));
}
