/*
 * Sums of squares that are exact for any amounts, and so the same in any order of rows.
 */
#ifndef CLIENTELE_SQUARE_SUM_H
#define CLIENTELE_SQUARE_SUM_H

#include "utils/numeric.h"

#include "core/compat.h"

/* Room for the squares of 2^63 numbers of 127 bits */
#define SQUARE_LIMBS 5

typedef struct SquareSum
{
	uint64 limbs[SQUARE_LIMBS]; /* the lowest first */
} SquareSum;

/* In place; 22003 past the room, which only sums of other units can come to. */
extern void add_square(SquareSum *sum, int128 number);
extern void add_squares(SquareSum *sum, const SquareSum *other);

/* What the second has more than the first, which is a part of it. */
extern SquareSum squares_between(const SquareSum *from, const SquareSum *until);

/* In place, for numbers in a unit that is 10^-decimals of the one so far; 22003 past the room. */
extern void raise_squares(SquareSum *sum, int decimals);

extern double squares_to_double(const SquareSum *sum);
extern Numeric numeric_from_squares(const SquareSum *sum);

#endif
