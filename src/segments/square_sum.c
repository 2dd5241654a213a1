/*
 * Sums of squares that are exact for any amounts, and so the same in any order of rows.
 */
#include "postgres.h"

#include <math.h>

#include "utils/fmgrprotos.h"

#include "core/decimal.h"
#include "segments/square_sum.h"

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
	if (unlikely(carry != 0))
		too_many_digits();
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

SquareSum
squares_between(const SquareSum *from, const SquareSum *until)
{
	SquareSum rest;
	bool borrow = false;

	for (int limb = 0; limb < SQUARE_LIMBS; limb++)
	{
		uint128 less = (uint128) from->limbs[limb] + borrow;

		borrow = until->limbs[limb] < less;
		rest.limbs[limb] = until->limbs[limb] - (uint64) less;
	}
	return rest;
}

static void
multiply_squares(SquareSum *sum, uint64 factor)
{
	uint128 carry = 0;

	for (int limb = 0; limb < SQUARE_LIMBS; limb++)
	{
		carry += (uint128) sum->limbs[limb] * factor;
		sum->limbs[limb] = (uint64) carry;
		carry >>= 64;
	}
	if (unlikely(carry != 0))
		too_many_digits();
}

static bool
is_zero(const SquareSum *sum)
{
	uint64 bits = 0;

	for (int limb = 0; limb < SQUARE_LIMBS; limb++)
		bits |= sum->limbs[limb];
	return bits == 0;
}

/* Ends soon, however many decimals there are: zero stays zero, and others run out of room. */
void
raise_squares(SquareSum *sum, int decimals)
{
	if (is_zero(sum))
		return;
	while (decimals-- > 0)
		multiply_squares(sum, 100);
}

double
squares_to_double(const SquareSum *sum)
{
	double number = 0.0;

	for (int limb = SQUARE_LIMBS - 1; limb >= 0; limb--)
		number = ldexp(number, 64) + (double) sum->limbs[limb];
	return number;
}

/* Two limbs of up to 127 bits, as nearly all sums are, or the highest of more. */
Numeric
numeric_from_squares(const SquareSum *sum)
{
	Datum number;
	Datum base;
	int limb = SQUARE_LIMBS - 1;

	while (limb > 1 && sum->limbs[limb] == 0)
		limb--;
	if (limb == 1 && sum->limbs[1] <= PG_INT64_MAX)
		return numeric_from_units(((int128) sum->limbs[1] << 64) + sum->limbs[0]);
	base = NumericGetDatum(numeric_from_units((int128) 1 << 64));
	number = NumericGetDatum(numeric_from_units(sum->limbs[limb]));
	while (limb-- > 0)
		number = DirectFunctionCall2(numeric_add, DirectFunctionCall2(numeric_mul, number, base),
									 NumericGetDatum(numeric_from_units(sum->limbs[limb])));
	return DatumGetNumeric(number);
}
