/*
 * The Kaplan-Meier curve of a survival, step by step.
 */
#ifndef CLIENTELE_SURVIVAL_CURVE_H
#define CLIENTELE_SURVIVAL_CURVE_H

#include "survival/survival.h"

/* One duration; or the start, before anything ended. */
typedef struct SurvivalStep
{
	const SurvivalEntry *entry;
	int64 at_risk;		 /* durations that are no shorter */
	double survival;	 /* the share that lasts longer, 0..1 */
	double log_survival; /* its logarithm; meaningless where it is 0 */
	double greenwood;	 /* variance of survival by its square; meaningless where it is 0 */
	bool is_zero;		 /* nothing lasts longer */
} SurvivalStep;

/*
 * Between two censorings the shares are one fraction of whole numbers: what is left of those at
 * risk after the last censoring. It is not multiplied up step by step, so that without censoring
 * the curve is exact to the last digit.
 */
typedef struct SurvivalCurve
{
	const Survival *durations;
	int32 next;		/* the entry to be read */
	int64 at_risk;	/* before it */
	int64 run_size; /* at risk after the last censoring */
	SurvivalStep last;
	double run_survival; /* at the last censoring */
	double run_log;
} SurvivalCurve;

extern SurvivalCurve survival_curve(const Survival *durations);

/* Moves on to the next duration, which curve->last describes from then on; false after the last. */
extern bool survival_curve_read(SurvivalCurve *curve);

/* The next duration is no longer than that. */
static inline bool
survival_curve_reaches(const SurvivalCurve *curve, int32 duration)
{
	return curve->next < curve->durations->count &&
		   curve->durations->entries[curve->next].duration <= duration;
}

/* What a step adds to Greenwood's sum; 0 where nothing is left. */
static inline double
greenwood_term(const SurvivalStep *step)
{
	double left = (double) (step->at_risk - step->entry->ended);

	return left > 0 ? (double) step->entry->ended / ((double) step->at_risk * left) : 0.0;
}

#endif
