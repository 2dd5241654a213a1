/*
 * The Kaplan-Meier curve of a survival, step by step (Kaplan and Meier 1958).
 */
#include "postgres.h"

#include "miscadmin.h"

#include <math.h>

#include "survival/survival_curve.h"

SurvivalCurve
survival_curve(const Survival *durations)
{
	return (SurvivalCurve){.durations = durations,
						   .at_risk = durations->total,
						   .run_size = durations->total,
						   .run_survival = 1.0,
						   .last = {.survival = 1.0}};
}

/* ln(left / whole), to the last digits also where few are missing. */
static double
log_share(int64 left, int64 whole)
{
	if (left > whole / 2)
		return log1p(-(double) (whole - left) / (double) whole);
	return log((double) left / (double) whole);
}

/* Those that ended were at risk before those that were censored at the same duration left. */
bool
survival_curve_read(SurvivalCurve *curve)
{
	SurvivalStep *step = &curve->last;
	int64 left;

	CHECK_FOR_INTERRUPTS();
	if (curve->next == curve->durations->count)
		return false;
	step->entry = &curve->durations->entries[curve->next++];
	step->at_risk = curve->at_risk;
	left = curve->at_risk - step->entry->ended;
	step->is_zero = left == 0;
	step->survival = curve->run_survival * ((double) left / (double) curve->run_size);
	if (left > 0)
		step->log_survival = curve->run_log + log_share(left, curve->run_size);
	step->greenwood += greenwood_term(step);
	curve->at_risk = left - step->entry->censored;
	if (step->entry->censored > 0)
	{
		curve->run_size = curve->at_risk;
		curve->run_survival = step->survival;
		curve->run_log = step->log_survival;
	}
	return true;
}
