/*
 * Values of any numeric type as exact integers of one power of ten.
 *
 * Classes are decided by sums of values and by their order. As integers both are exact and cheap,
 * and the same for every type: floating point counts by its shortest decimal, without what is noise
 * beside larger values.
 */
#ifndef CLIENTELE_DECIMAL_H
#define CLIENTELE_DECIMAL_H

#include "fmgr.h"
#include "utils/numeric.h"

#include "core/compat.h"

/* A numeric has up to 16383 decimals, which are read four at a time. */
#define DECIMAL_MOST_SCALE 16384

/* A number: units / 10^scale, with a scale from 0 to DECIMAL_MOST_SCALE. */
typedef struct Decimal
{
	int128 units;
	int scale;
	int finest; /* the largest scale that matters beside it: DECIMAL_MOST_SCALE where it is exact */
} Decimal;

/*
 * The scale of values that this one joins: the largest of theirs, up to the smallest of the finest.
 * As digits are cut off, it does not matter in which order they come.
 */
static inline int
joint_scale(int scale, int finest, Decimal value)
{
	return Min(Max(scale, value.scale), finest);
}

/* Reads a value of one of the six types; 22003 for NaN, infinities and what needs over 38 digits.
 */
typedef Decimal (*DecimalReader)(Datum value);

extern Decimal decimal_from_int2(Datum value);
extern Decimal decimal_from_int4(Datum value);
extern Decimal decimal_from_int8(Datum value);
extern Decimal decimal_from_float4(Datum value);
extern Decimal decimal_from_float8(Datum value);
extern Decimal decimal_from_numeric(Datum value);

/* The units at another scale, cut off where it is smaller. */
extern int128 decimal_units(Decimal decimal, int scale);

/* Sums and multiples that raise 22003 past 128 bits. */
extern int128 add_units(int128 a, int128 b);
extern int128 multiply_units(int128 a, int128 b);
_Noreturn extern void too_many_digits(void);

extern Numeric numeric_from_units(int128 units);

/* Exactly, with as many decimals as the scale. */
extern Numeric numeric_from_decimal(Decimal decimal);

/* function_int2 to function_numeric: no call has to look at its argument types. */
#define DECIMAL_FUNCTIONS(function)                                                                \
	DECIMAL_FUNCTION(function, int2)                                                               \
	DECIMAL_FUNCTION(function, int4)                                                               \
	DECIMAL_FUNCTION(function, int8)                                                               \
	DECIMAL_FUNCTION(function, float4)                                                             \
	DECIMAL_FUNCTION(function, float8)                                                             \
	DECIMAL_FUNCTION(function, numeric)

#define DECIMAL_FUNCTION(function, type)                                                           \
	PG_FUNCTION_INFO_V1(function##_##type);                                                        \
	Datum function##_##type(PG_FUNCTION_ARGS)                                                      \
	{                                                                                              \
		return function(fcinfo, decimal_from_##type);                                              \
	}

#endif
