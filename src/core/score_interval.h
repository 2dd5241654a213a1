/*
 * The score interval of a mean of observations that count +1, 0 or -1.
 */
#ifndef CLIENTELE_SCORE_INTERVAL_H
#define CLIENTELE_SCORE_INTERVAL_H

/* The shares of those that count +1, 0 and -1; together 1. */
typedef struct SignShares
{
	double observations; /* more than 0 */
	double positive;
	double zero;
	double negative;
} SignShares;

/* The bounds of positive less negative, -1..1, at z. */
extern void score_bounds(const SignShares *shares, double z, double *lower, double *upper);

#endif
