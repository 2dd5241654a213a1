/*
 * How much more has to be sold at a discount for the same gross profit.
 *
 * As decimals: 0.3 - 0.1 is 0.2, and a margin that equals the discount does so.
 */
#include "postgres.h"

#include <math.h>

#include "core/argument.h"
#include "core/decimal.h"

/* discount_break_even(margin, discount) */
PG_FUNCTION_INFO_V1(discount_break_even);
Datum
discount_break_even(PG_FUNCTION_ARGS)
{
	double share = range_argument("discount", PG_GETARG_FLOAT8(1), 0.0, 1.0);
	Decimal margin;
	Decimal discount = decimal_from_float8(Float8GetDatum(share));
	int scale;
	int128 kept;

	if (!(PG_GETARG_FLOAT8(0) <= 1.0) || isinf(PG_GETARG_FLOAT8(0)))
		bad_parameter("margin", psprintf("%g", PG_GETARG_FLOAT8(0)),
					  "Give the gross profit as a share of the price, 1 at most, such as 0.3.");
	if (PG_GETARG_FLOAT8(0) <= share)
		PG_RETURN_NULL();
	margin = decimal_from_float8(PG_GETARG_DATUM(0));
	scale = joint_scale(margin.scale, margin.finest, discount);
	scale = Min(scale, discount.finest);
	kept = decimal_units(margin, scale) - decimal_units(discount, scale);
	if (kept <= 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8((double) decimal_units(discount, scale) / (double) kept);
}
