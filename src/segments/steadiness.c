/*
 * How steadily a customer buys: XYZ class, coefficient of variation and demand interval of the
 * amounts per calendar period, periods without purchases included.
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"
#include "port/pg_bitutils.h"
#include "utils/builtins.h"

#include "core/argument.h"
#include "core/decimal.h"
#include "history/history_periods.h"

/* With fewer periods a variation says nothing. */
#define ENOUGH_PERIODS 3

/* Values whose sum has so many bits can be squared, summed and multiplied by their number. */
#define EXACT_BITS 56

typedef struct Moments
{
	int64 count;
	int128 sum;
	int128 squares;
} Moments;

/* (history, period, from_date, as_of, ...): from the later of from_date and the first order on */
static HistoryPeriods
periods_argument(FunctionCallInfo fcinfo)
{
	Period period = period_argument(PG_GETARG_TEXT_PP(1));
	HistoryPeriods periods = history_periods(history_argument(fcinfo, 0), period,
											 PG_GETARG_DATEADT(2), PG_GETARG_DATEADT(3));
	int32 first;

	if (!history_first_period(periods.reader, period, &first))
		periods.next = periods.end;
	else
		periods.next = Max(periods.next, first);
	return periods;
}

static int
bits_of(uint128 number)
{
	uint64 high = (uint64) (number >> 64);

	if (high != 0)
		return 65 + pg_leftmost_one_pos64(high);
	return number == 0 ? 0 : 1 + pg_leftmost_one_pos64((uint64) number);
}

/*
 * How far to shift amounts to the right, which no variation notices: 0 up to a sum of seven
 * trillion, and beyond that sixteen digits are left.
 */
static int
shift_of(HistoryPeriods periods)
{
	HistoryDay period;
	uint128 sum = 0;

	while (history_read_period(&periods, &period))
	{
		CHECK_FOR_INTERRUPTS();
		sum += period.amount < 0 ? -(uint128) period.amount : (uint128) period.amount;
	}
	return Max(0, bits_of(sum) - EXACT_BITS);
}

static Moments
moments_of(HistoryPeriods periods)
{
	int shift = shift_of(periods);
	Moments moments = {.count = 0};
	HistoryDay period;

	while (history_read_period(&periods, &period))
	{
		int128 amount = period.amount >> shift;

		moments.count++;
		moments.sum += amount;
		moments.squares += amount * amount;
	}
	return moments;
}

/* Whether there is a variation: enough periods, and a mean above 0. */
static bool
has_variation(const Moments *moments)
{
	return moments->count >= ENOUGH_PERIODS && moments->sum > 0;
}

/* The variance by the square of the number of periods, which is an integer. */
static int128
scaled_variance(const Moments *moments)
{
	return moments->count * moments->squares - moments->sum * moments->sum;
}

static Datum
variation_limit(const char *name, Datum limit)
{
	Numeric number = DatumGetNumeric(limit);

	if (numeric_is_nan(number) || numeric_is_inf(number) ||
		DatumGetBool(DirectFunctionCall2(numeric_lt, limit, NumericGetDatum(int64_to_numeric(0)))))
		bad_parameter(name, DatumGetCString(DirectFunctionCall1(numeric_out, limit)),
					  "Give a coefficient of variation of zero or more, such as 0.25.");
	return limit;
}

/* variance / mean^2 <= limit^2, compared exactly */
static bool
varies_up_to(const Moments *moments, Datum limit)
{
	Datum variance = NumericGetDatum(numeric_from_units(scaled_variance(moments)));
	Datum square = NumericGetDatum(numeric_from_units(moments->sum * moments->sum));
	Datum bound =
		DirectFunctionCall2(numeric_mul, DirectFunctionCall2(numeric_mul, limit, limit), square);

	return DatumGetBool(DirectFunctionCall2(numeric_le, variance, bound));
}

PG_FUNCTION_INFO_V1(xyz_class_history);
Datum
xyz_class_history(PG_FUNCTION_ARGS)
{
	Datum x = variation_limit("x", PG_GETARG_DATUM(4));
	Datum y = variation_limit("y", PG_GETARG_DATUM(5));
	Moments moments = moments_of(periods_argument(fcinfo));

	if (DatumGetBool(DirectFunctionCall2(numeric_gt, x, y)))
		bad_parameter("y", DatumGetCString(DirectFunctionCall1(numeric_out, y)),
					  "The variation where Y ends is not below the one where X ends.");
	if (!has_variation(&moments))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(varies_up_to(&moments, x)	 ? "X"
									 : varies_up_to(&moments, y) ? "Y"
																 : "Z"));
}

PG_FUNCTION_INFO_V1(variation_history);
Datum
variation_history(PG_FUNCTION_ARGS)
{
	Moments moments = moments_of(periods_argument(fcinfo));

	if (!has_variation(&moments))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(sqrt((double) scaled_variance(&moments)) / (double) moments.sum);
}

/* From the first active period to the last, by the number of steps between active ones. */
PG_FUNCTION_INFO_V1(demand_interval_history);
Datum
demand_interval_history(PG_FUNCTION_ARGS)
{
	HistoryPeriods periods = periods_argument(fcinfo);
	HistoryDay period;
	int64 active = 0;
	int32 first = 0;
	int32 last = 0;

	while (history_read_period(&periods, &period))
	{
		CHECK_FOR_INTERRUPTS();
		if (period.orders == 0)
			continue;
		last = periods.next;
		if (active++ == 0)
			first = last;
	}
	if (active < 2)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8((double) (last - first) / (double) (active - 1));
}
