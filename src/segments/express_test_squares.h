/*
 * Sums of squares that are exact for any amounts, and so the same in any order of rows.
 */
#ifndef CLIENTELE_EXPRESS_TEST_SQUARES_H
#define CLIENTELE_EXPRESS_TEST_SQUARES_H

#include "core/compat.h"

/* Room for the squares of 2^63 numbers of 127 bits */
#define SQUARE_LIMBS 5

typedef struct SquareSum
{
	uint64 limbs[SQUARE_LIMBS]; /* the lowest first */
} SquareSum;

extern void add_square(SquareSum *sum, int128 number);
extern void add_squares(SquareSum *sum, const SquareSum *other);
extern double squares_to_double(const SquareSum *sum);

#endif
