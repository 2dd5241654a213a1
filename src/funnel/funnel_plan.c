/*
 * Planning backwards: how many are needed at each step to reach a target at the last.
 */
#include "postgres.h"

#include <math.h>

#include "funcapi.h"
#include "utils/tuplestore.h"

#include "core/argument.h"
#include "core/compat.h"
#include "core/share.h"
#include "funnel/funnel.h"

typedef struct PlanStep
{
	int64 needed;	   /* at the rates observed */
	int64 safe_needed; /* at the lower bounds of their intervals */
	double rate;	   /* share that goes on to the next step, 0..1 */
	double safe_rate;
} PlanStep;

_Noreturn static void
too_many_needed(int32 step)
{
	ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					errmsg("more customers needed at step %d than 64 bits can count", step),
					errhint("Plan for a smaller target.")));
	pg_unreachable();
}

/* The smallest number of which the share went_on / entered is at least next, exactly. */
static int64
needed_before(int64 next, int64 entered, int64 went_on, int32 step)
{
	uint128 needed =
		((uint128) next * (uint128) entered + (uint128) (went_on - 1)) / (uint128) went_on;

	if (needed > (uint128) PG_INT64_MAX)
		too_many_needed(step);
	return (int64) needed;
}

/* The same at a lower share; rounding cannot make it less than at the one observed. */
static int64
safely_needed_before(int64 next, double safe_rate, int64 at_least, int32 step)
{
	double needed = ceil((double) next / safe_rate);

	/* 2^63 as double; the negation catches NaN, 0 by 0 */
	if (!(needed < -(double) PG_INT64_MIN))
		too_many_needed(step);
	return Max((int64) needed, at_least);
}

static void
check_rate(const Funnel *funnel, int32 step)
{
	if (funnel->counts[step] == 0)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("nobody went on from step %d to step %d", step, step + 1),
						errdetail("Of " INT64_FORMAT " customers at step %d.",
								  funnel->counts[step - 1], step),
						errhint("Without a rate there is no plan: count over a longer time, or "
								"assume counts with funnel(...).")));
}

/* The step with the index i, from the plan for the next one. */
static void
plan_step(const Funnel *funnel, int32 i, double z, PlanStep *plan)
{
	int64 entered = funnel->counts[i];
	int64 went_on = funnel->counts[i + 1];
	int64 at_least;
	double upper;

	plan[i].rate = (double) went_on / (double) entered;
	wilson_bounds((double) went_on, (double) entered, z, &plan[i].safe_rate, &upper);
	plan[i].needed = needed_before(plan[i + 1].needed, entered, went_on, i + 1);
	at_least = needed_before(plan[i + 1].safe_needed, entered, went_on, i + 1);
	plan[i].safe_needed =
		safely_needed_before(plan[i + 1].safe_needed, plan[i].safe_rate, at_least, i + 1);
}

static PlanStep *
make_plan(const Funnel *funnel, int64 target, double z)
{
	PlanStep *plan = palloc0(funnel->steps * sizeof(PlanStep));
	int32 last = funnel->steps - 1;

	for (int32 step = 1; step <= last; step++)
		check_rate(funnel, step);
	plan[last].needed = plan[last].safe_needed = target;
	for (int32 i = last - 1; i >= 0; i--)
		plan_step(funnel, i, z, plan);
	return plan;
}

PG_FUNCTION_INFO_V1(funnel_plan);
Datum
funnel_plan(PG_FUNCTION_ARGS)
{
	const Funnel *funnel = funnel_argument(fcinfo, 0);
	int64 target = PG_GETARG_INT64(1);
	double z = normal_z(level_argument(PG_GETARG_FLOAT8(2)));
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	const PlanStep *plan;

	if (target < 0)
		bad_parameter("target", psprintf(INT64_FORMAT, target),
					  "Give the number to reach at the last step, zero or more.");
	plan = make_plan(funnel, target, z);
	InitMaterializedSRF(fcinfo, 0);
	for (int32 i = 0; i < funnel->steps; i++)
	{
		bool is_last = i == funnel->steps - 1;
		Datum values[] = {Int32GetDatum(i + 1), Int64GetDatum(plan[i].needed),
						  Int64GetDatum(plan[i].safe_needed), Float8GetDatum(plan[i].rate),
						  Float8GetDatum(plan[i].safe_rate)};
		bool nulls[] = {false, false, false, is_last, is_last};

		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}
