/*
 * Sums of squares that are exact for any amounts, and so the same in any order of rows.
 */
#include "postgres.h"

#include <math.h>

#include "segments/express_test_squares.h"

/* Adds a product of two limbs, or anything smaller, from a limb on. */
static void
add_product(SquareSum *sum, uint128 product, int limb)
{
	uint128 carry = product;

	for (; carry != 0 && limb < SQUARE_LIMBS; limb++)
	{
		carry += sum->limbs[limb];
		sum->limbs[limb] = (uint64) carry;
		carry >>= 64;
	}
}

void
add_square(SquareSum *sum, int128 number)
{
	uint128 magnitude = number < 0 ? -(uint128) number : (uint128) number;
	uint64 low = (uint64) magnitude;
	uint64 high = (uint64) (magnitude >> 64);

	add_product(sum, (uint128) low * low, 0);
	if (high == 0)
		return;
	add_product(sum, (uint128) low * high, 1);
	add_product(sum, (uint128) low * high, 1);
	add_product(sum, (uint128) high * high, 2);
}

void
add_squares(SquareSum *sum, const SquareSum *other)
{
	for (int limb = 0; limb < SQUARE_LIMBS; limb++)
		add_product(sum, other->limbs[limb], limb);
}

double
squares_to_double(const SquareSum *sum)
{
	double number = 0.0;

	for (int limb = SQUARE_LIMBS - 1; limb >= 0; limb--)
		number = ldexp(number, 64) + (double) sum->limbs[limb];
	return number;
}
