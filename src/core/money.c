/*
 * Exact money: amounts as integers of 1/10000, totals of them in 128 bits.
 */
#include "postgres.h"

#include <math.h>

#include "common/int.h"
#include "common/shortest_dec.h"
#include "utils/builtins.h"

#include "core/compat.h"
#include "core/money.h"
#include "core/numeric_digits.h"

bool
money_from_int8(int64 amount, Money *money)
{
	return !pg_mul_s64_overflow(amount, MONEY_UNIT, money);
}

/* One digit of a numeric holds exactly the four decimals kept, the next one decides the rounding.
 */
bool
money_from_numeric(const struct varlena *amount, Money *money)
{
	NumericDigits number = numeric_digits(amount);
	int64 units = 0;

	if (!number.finite)
		return false;
	for (int power = number.weight; power >= -1; power--)
	{
		if (pg_mul_s64_overflow(units, NUMERIC_BASE, &units) ||
			pg_add_s64_overflow(units, numeric_digit(&number, power), &units))
			return false;
	}
	if (numeric_digit(&number, -2) >= NUMERIC_BASE / 2 && pg_add_s64_overflow(units, 1, &units))
		return false;
	*money = number.negative ? -units : units;
	return true;
}

static bool
money_from_decimal(const char *decimal, Money *money)
{
	Datum amount = DirectFunctionCall3(numeric_in, CStringGetDatum(decimal),
									   ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));

	return money_from_numeric((struct varlena *) DatumGetPointer(amount), money);
}

bool
money_from_float4(float4 amount, Money *money)
{
	char decimal[FLOAT_SHORTEST_DECIMAL_LEN];

	if (!isfinite(amount))
		return false;
	float_to_shortest_decimal_buf(amount, decimal);
	return money_from_decimal(decimal, money);
}

/*
 * The shortest decimal decides. It differs from the binary value by less than a unit in the last
 * place, so plain rounding gives the same wherever the scaled amount is small and no near tie.
 */
bool
money_from_float8(float8 amount, Money *money)
{
	double scaled = amount * MONEY_UNIT;
	double nearest = rint(scaled);
	char decimal[DOUBLE_SHORTEST_DECIMAL_LEN];

	if (fabs(scaled) < 1e12 && fabs(scaled - nearest) < 0.499)
	{
		*money = (Money) nearest;
		return true;
	}
	if (!isfinite(amount))
		return false;
	double_to_shortest_decimal_buf(amount, decimal);
	return money_from_decimal(decimal, money);
}

_Noreturn static void
bad_amount(const char *amount)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE), errmsg("amount out of range: %s", amount),
			 errhint("Amounts are finite and within +-922337203685477.5807; leave others out with "
					 "FILTER (WHERE valid_amount(...)).")));
	pg_unreachable();
}

Money
money_arg_int2(FunctionCallInfo fcinfo, int n)
{
	return (Money) PG_GETARG_INT16(n) * MONEY_UNIT;
}

Money
money_arg_int4(FunctionCallInfo fcinfo, int n)
{
	return (Money) PG_GETARG_INT32(n) * MONEY_UNIT;
}

Money
money_arg_int8(FunctionCallInfo fcinfo, int n)
{
	Money money;

	if (!money_from_int8(PG_GETARG_INT64(n), &money))
		bad_amount(psprintf(INT64_FORMAT, PG_GETARG_INT64(n)));
	return money;
}

Money
money_arg_float4(FunctionCallInfo fcinfo, int n)
{
	Money money;

	if (!money_from_float4(PG_GETARG_FLOAT4(n), &money))
		bad_amount(DatumGetCString(DirectFunctionCall1(float4out, PG_GETARG_DATUM(n))));
	return money;
}

Money
money_arg_float8(FunctionCallInfo fcinfo, int n)
{
	Money money;

	if (!money_from_float8(PG_GETARG_FLOAT8(n), &money))
		bad_amount(DatumGetCString(DirectFunctionCall1(float8out, PG_GETARG_DATUM(n))));
	return money;
}

Money
money_arg_numeric(FunctionCallInfo fcinfo, int n)
{
	struct varlena *amount = PG_GETARG_VARLENA_PP(n);
	Money money;

	if (!money_from_numeric(amount, &money))
		bad_amount(DatumGetCString(DirectFunctionCall1(numeric_out, PG_GETARG_DATUM(n))));
	return money;
}

PG_FUNCTION_INFO_V1(valid_amount_int8);
Datum
valid_amount_int8(PG_FUNCTION_ARGS)
{
	Money money;

	PG_RETURN_BOOL(money_from_int8(PG_GETARG_INT64(0), &money));
}

PG_FUNCTION_INFO_V1(valid_amount_float4);
Datum
valid_amount_float4(PG_FUNCTION_ARGS)
{
	Money money;

	PG_RETURN_BOOL(money_from_float4(PG_GETARG_FLOAT4(0), &money));
}

PG_FUNCTION_INFO_V1(valid_amount_float8);
Datum
valid_amount_float8(PG_FUNCTION_ARGS)
{
	Money money;

	PG_RETURN_BOOL(money_from_float8(PG_GETARG_FLOAT8(0), &money));
}

PG_FUNCTION_INFO_V1(valid_amount_numeric);
Datum
valid_amount_numeric(PG_FUNCTION_ARGS)
{
	Money money;

	PG_RETURN_BOOL(money_from_numeric(PG_GETARG_VARLENA_PP(0), &money));
}

/* kept_amount(amount): a function of each type, which raises 22003 for what cannot be kept */
#define KEPT_AMOUNT(type)                                                                          \
	PG_FUNCTION_INFO_V1(kept_amount_##type);                                                       \
	Datum kept_amount_##type(PG_FUNCTION_ARGS)                                                     \
	{                                                                                              \
		PG_RETURN_NUMERIC(money_total(money_arg_##type(fcinfo, 0)));                               \
	}

KEPT_AMOUNT(int8)
KEPT_AMOUNT(float4)
KEPT_AMOUNT(float8)
KEPT_AMOUNT(numeric)
