/*
 * The coefficient of variation, and the XYZ classes that it decides.
 */
#ifndef CLIENTELE_VARIATION_H
#define CLIENTELE_VARIATION_H

#include "fmgr.h"

#include "core/compat.h"
#include "core/decimal.h"
#include "segments/square_sum.h"

/* Of values in any unit: the variation has none. */
typedef struct Moments
{
	int64 count;
	int128 sum;
	SquareSum squares;
} Moments;

/* Coefficients of variation up to which the classes X and Y go: numerics, 0 <= x <= y. */
typedef struct VariationLimits
{
	Datum x;
	Datum y;
} VariationLimits;

/* Checks two numerics, 22023. */
extern VariationLimits variation_limits(Datum x, Datum y);

/* Whether there is a variation: enough values, and a mean above 0. Then: */
extern bool has_variation(const Moments *moments);
extern double variation_of(const Moments *moments);
extern text *xyz_class_of(const Moments *moments, VariationLimits limits);

/* The same for limits that were checked: decided without numerics unless it is a close call. */
extern char xyz_letter(const Moments *moments, Decimal x, Decimal y);

#endif
