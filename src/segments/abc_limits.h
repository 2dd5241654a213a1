/*
 * The lowest values of the ABC classes A and B: by them each value is classified by itself.
 */
#ifndef CLIENTELE_ABC_LIMITS_H
#define CLIENTELE_ABC_LIMITS_H

#include "fmgr.h"

#include "core/compat.h"

/* Larger than any value: no row reaches a class with this lowest value. */
#define NO_VALUE ((int128) (~(uint128) 0 >> 1))

typedef struct AbcLimits
{
	int128 lowest_a; /* the smallest value in A; NO_VALUE where nothing is positive */
	int128 lowest_b; /* that in A and B: the same where nothing is in B */
} AbcLimits;

/* Of positive values, which are put in another order; a and b are numeric shares of their sum. */
extern AbcLimits abc_limits(int128 *values, int64 count, Datum a, Datum b);

#endif
