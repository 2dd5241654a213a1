/*
 * The coefficient of variation, and the XYZ classes that it decides.
 */
#include "postgres.h"

#include <math.h>

#include "utils/builtins.h"

#include "core/argument.h"
#include "core/decimal.h"
#include "segments/variation.h"

/* With fewer values a variation says nothing. */
#define ENOUGH_VALUES 3

static Datum
check_limit(const char *name, Datum limit)
{
	Numeric number = DatumGetNumeric(limit);

	if (numeric_is_nan(number) || numeric_is_inf(number) ||
		DatumGetBool(DirectFunctionCall2(numeric_lt, limit, NumericGetDatum(int64_to_numeric(0)))))
		bad_parameter(name, DatumGetCString(DirectFunctionCall1(numeric_out, limit)),
					  "Give a coefficient of variation of zero or more, such as 0.25.");
	return limit;
}

VariationLimits
variation_limits(Datum x, Datum y)
{
	VariationLimits limits = {.x = check_limit("x", x), .y = check_limit("y", y)};

	if (DatumGetBool(DirectFunctionCall2(numeric_gt, x, y)))
		bad_parameter("y", DatumGetCString(DirectFunctionCall1(numeric_out, y)),
					  "The variation where Y ends is not below the one where X ends.");
	return limits;
}

bool
has_variation(const Moments *moments)
{
	return moments->count >= ENOUGH_VALUES && moments->sum > 0;
}

static Datum
product(Datum a, Datum b)
{
	return DirectFunctionCall2(numeric_mul, a, b);
}

/* The square of the sum; the variance times the square of the count: both exact. */
static void
exact_squares(const Moments *moments, Datum *square, Datum *variance)
{
	Datum sum = NumericGetDatum(numeric_from_units(moments->sum));
	Datum count = NumericGetDatum(int64_to_numeric(moments->count));
	Datum squares = NumericGetDatum(numeric_from_squares(&moments->squares));

	*square = product(sum, sum);
	*variance = DirectFunctionCall2(numeric_sub, product(count, squares), *square);
}

double
variation_of(const Moments *moments)
{
	Datum square;
	Datum variance;

	exact_squares(moments, &square, &variance);
	return sqrt(DatumGetFloat8(
		DirectFunctionCall1(numeric_float8, DirectFunctionCall2(numeric_div, variance, square))));
}

/* Up to the limit: variance <= limit^2 mean^2. */
static bool
varies_up_to(Datum limit, Datum square, Datum variance)
{
	Datum bound = product(product(limit, limit), square);

	return DatumGetBool(DirectFunctionCall2(numeric_le, variance, bound));
}

text *
xyz_class_of(const Moments *moments, VariationLimits limits)
{
	Datum square;
	Datum variance;

	exact_squares(moments, &square, &variance);
	if (varies_up_to(limits.x, square, variance))
		return cstring_to_text("X");
	return cstring_to_text(varies_up_to(limits.y, square, variance) ? "Y" : "Z");
}

/* What the rounding of doubles comes to at most, and more. */
#define ROUNDING 1e-12

static bool
varies_at_most(const Moments *moments, Decimal limit)
{
	double share = (double) limit.units / pow(10, limit.scale);
	double square = (double) moments->sum * (double) moments->sum;
	double squares = (double) moments->count * squares_to_double(&moments->squares);
	double bound = share * share * square;
	double distance = squares - square - bound;
	Datum exact_square;
	Datum exact_variance;

	if (fabs(distance) > ROUNDING * (squares + square + bound))
		return distance < 0;
	exact_squares(moments, &exact_square, &exact_variance);
	return varies_up_to(NumericGetDatum(numeric_from_decimal(limit)), exact_square, exact_variance);
}

char
xyz_letter(const Moments *moments, Decimal x, Decimal y)
{
	return varies_at_most(moments, x) ? 'X' : varies_at_most(moments, y) ? 'Y' : 'Z';
}
