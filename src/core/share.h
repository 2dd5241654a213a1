/*
 * Shares, their intervals, and the normal distribution behind them.
 */
#ifndef CLIENTELE_SHARE_H
#define CLIENTELE_SHARE_H

#include "fmgr.h"

/* The z with level of the normal distribution within ±z: 1.96 for 0.95. */
extern double normal_z(double level);

/* The probability of a normal deviate at least as far from 0 as z, on either side. */
extern double two_sided_p(double z);

/* Wilson's score interval of successes out of trials > 0, at z. */
extern void wilson_bounds(double successes, double trials, double z, double *lower, double *upper);

/* Wilson's interval as a confidence_interval; all NULL without trials. */
extern Datum wilson_result(FunctionCallInfo fcinfo, int64 successes, int64 trials, double level);

/* A confidence_interval. */
extern Datum interval_result(FunctionCallInfo fcinfo, double estimate, double lower, double upper);

/* The shares of observations that count +1, 0 and -1; together 1. */
typedef struct SignShares
{
	double observations; /* more than 0 */
	double positive;
	double zero;
	double negative;
} SignShares;

/* The score interval of their mean, which is positive less negative, -1..1, at z. */
extern void score_bounds(const SignShares *shares, double z, double *lower, double *upper);

#endif
