/*
 * The tiers of a programme: from how much on, and what they are called.
 */
#ifndef CLIENTELE_TIER_LEVELS_H
#define CLIENTELE_TIER_LEVELS_H

#include "fmgr.h"
#include "utils/array.h"

#include "core/compat.h"

#define NO_TIER (-1) /* below the first threshold */

typedef struct TierLevels
{
	int count;
	int128 *thresholds; /* rising, in units of 1/10^scale */
	Datum *names;
} TierLevels;

/*
 * numeric[] and text[] of the same length; 22023 unless the thresholds rise from 0 or more. Between
 * two units a threshold is the higher one.
 */
extern TierLevels tier_levels(FunctionCallInfo fcinfo, int thresholds, int names, int scale);

/* The same of numeric[] alone, without names. */
extern TierLevels tier_thresholds(ArrayType *thresholds, int scale);

/* The number of the highest tier that so much reaches, or NO_TIER. */
extern int tier_reached(const TierLevels *levels, int128 units);

#endif
