/*
 * Values of any numeric type as exact integers of one power of ten.
 */
#include "postgres.h"

#include <ctype.h>
#include <math.h>

#include "common/shortest_dec.h"
#include "utils/builtins.h"

#include "core/decimal.h"
#include "core/numeric_digits.h"

/* A power of ten with more zeros passes 128 bits. */
#define MOST_DIGITS 38

/*
 * A floating point has up to 17 digits. What a sum of such leaves behind, as 1.4e-14 of prices, may
 * have as many, which exactly would not fit beside a turnover; past this digit of the largest value
 * it is noise, by eleven digits at least.
 */
#define FLOAT_SUM_DIGITS 28

_Noreturn void
too_many_digits(void)
{
	ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					errmsg("the values need more than %d digits together", MOST_DIGITS),
					errhint("Round them, for example with round(value::numeric, 4).")));
	pg_unreachable();
}

_Noreturn static void
not_finite(const char *value)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE), errmsg("value out of range: %s", value),
			 errhint("Leave NaN and infinite values out, for example with NULLIF or WHERE.")));
	pg_unreachable();
}

int128
add_units(int128 a, int128 b)
{
	int128 sum;

	if (unlikely(__builtin_add_overflow(a, b, &sum)))
		too_many_digits();
	return sum;
}

int128
multiply_units(int128 a, int128 b)
{
	int128 product;

	if (unlikely(__builtin_mul_overflow(a, b, &product)))
		too_many_digits();
	return product;
}

static int128
power_of_ten(int exponent)
{
	int128 power = 1;

	if (unlikely(exponent > MOST_DIGITS))
		too_many_digits();
	while (exponent-- > 0)
		power *= 10;
	return power;
}

int128
decimal_units(Decimal decimal, int scale)
{
	if (decimal.scale == scale || decimal.units == 0)
		return decimal.units;
	if (decimal.scale > scale + MOST_DIGITS)
		return 0;
	if (decimal.scale > scale)
		return decimal.units / power_of_ten(decimal.scale - scale);
	return multiply_units(decimal.units, power_of_ten(scale - decimal.scale));
}

static Decimal
whole_number(int64 number)
{
	return (Decimal){.units = number, .finest = DECIMAL_MOST_SCALE};
}

Decimal
decimal_from_int2(Datum value)
{
	return whole_number(DatumGetInt16(value));
}

Decimal
decimal_from_int4(Datum value)
{
	return whole_number(DatumGetInt32(value));
}

Decimal
decimal_from_int8(Datum value)
{
	return whole_number(DatumGetInt64(value));
}

/* Reads what the server writes for a finite float: -1.25, 1e-05, 1.5e+20. */
static Decimal
decimal_from_text(const char *text)
{
	Decimal decimal = {.finest = DECIMAL_MOST_SCALE};
	bool negative = *text == '-';
	bool point = false;
	uint64 digits = 0; /* 17 at most */
	int count = 0;	   /* of them, without zeros in front */

	for (text += negative; isdigit((unsigned char) *text) || *text == '.'; text++)
	{
		if (*text == '.')
		{
			point = true;
			continue;
		}
		digits = digits * 10 + (*text - '0');
		decimal.scale += point;
		count += digits > 0;
	}
	decimal.units = digits;
	if (*text == 'e')
		decimal.scale -= atoi(text + 1);
	if (digits > 0)
		decimal.finest = Max(0, FLOAT_SUM_DIGITS - (count - decimal.scale));
	if (decimal.scale < 0)
	{
		decimal.units = multiply_units(decimal.units, power_of_ten(-decimal.scale));
		decimal.scale = 0;
	}
	if (negative)
		decimal.units = -decimal.units;
	return decimal;
}

Decimal
decimal_from_float4(Datum value)
{
	char text[FLOAT_SHORTEST_DECIMAL_LEN];

	float_to_shortest_decimal_buf(DatumGetFloat4(value), text);
	if (!isfinite(DatumGetFloat4(value)))
		not_finite(text);
	return decimal_from_text(text);
}

Decimal
decimal_from_float8(Datum value)
{
	char text[DOUBLE_SHORTEST_DECIMAL_LEN];

	double_to_shortest_decimal_buf(DatumGetFloat8(value), text);
	if (!isfinite(DatumGetFloat8(value)))
		not_finite(text);
	return decimal_from_text(text);
}

Decimal
decimal_from_numeric(Datum value)
{
	struct varlena *stored = PG_DETOAST_DATUM_PACKED(value);
	NumericDigits number = numeric_digits(stored);
	Decimal decimal = {.finest = DECIMAL_MOST_SCALE};
	int lowest;

	if (!number.finite)
		not_finite(DatumGetCString(DirectFunctionCall1(numeric_out, value)));
	lowest = Min(0, number.weight - number.count + 1);
	for (int power = number.weight; power >= lowest; power--)
		decimal.units =
			add_units(multiply_units(decimal.units, NUMERIC_BASE), numeric_digit(&number, power));
	if (number.negative)
		decimal.units = -decimal.units;
	decimal.scale = -4 * lowest;
	if ((Pointer) stored != DatumGetPointer(value))
		pfree(stored);
	return decimal;
}

Numeric
numeric_from_units(int128 units)
{
	Datum base = NumericGetDatum(int64_to_numeric(INT64CONST(1) << 32));
	Datum sum = NumericGetDatum(int64_to_numeric((int64) (units >> 64)));

	for (int shift = 32; shift >= 0; shift -= 32)
	{
		int64 part = (int64) ((units >> shift) & 0xFFFFFFFF);

		sum = DirectFunctionCall2(numeric_add, DirectFunctionCall2(numeric_mul, sum, base),
								  NumericGetDatum(int64_to_numeric(part)));
	}
	return DatumGetNumeric(sum);
}

Numeric
numeric_from_decimal(Decimal decimal)
{
	Datum unit;

	if (decimal.units == (int64) decimal.units)
		return int64_div_fast_to_numeric((int64) decimal.units, decimal.scale);
	unit = NumericGetDatum(int64_div_fast_to_numeric(1, decimal.scale));
	return DatumGetNumeric(
		DirectFunctionCall2(numeric_mul, NumericGetDatum(numeric_from_units(decimal.units)), unit));
}
