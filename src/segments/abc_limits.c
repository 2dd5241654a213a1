/*
 * The lowest values of the ABC classes A and B.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/fmgrprotos.h"

#include "core/decimal.h"
#include "segments/abc_limits.h"
#include "segments/selection.h"

/* An accumulated integer is below share * total exactly when it is below this. */
static int128
limit_of(Datum share, int128 total)
{
	Datum limit =
		DirectFunctionCall2(numeric_mul, share, NumericGetDatum(numeric_from_units(total)));

	return decimal_from_numeric(DirectFunctionCall1(numeric_ceil, limit)).units;
}

/*
 * The smallest value before which, going down from the largest, less than the limit has
 * accumulated. As in a quickselect one side of the pivot is settled by its sum.
 */
static int128
lowest_within(int128 *values, int64 count, int128 limit)
{
	int128 settled = 0; /* the sum of all values larger than those left */
	int128 lowest = NO_VALUE;

	while (count > 0)
	{
		int128 pivot = choose_pivot(values, count);
		int64 larger;
		int64 equal;
		int128 larger_sum = partition_at(values, count, pivot, &larger, &equal);

		CHECK_FOR_INTERRUPTS();
		if (settled + larger_sum < limit)
		{
			lowest = pivot;
			settled += larger_sum + pivot * equal;
			values += larger + equal;
			count -= larger + equal;
		}
		else
			count = larger;
	}
	return lowest;
}

AbcLimits
abc_limits(int128 *values, int64 count, Datum a, Datum b)
{
	int128 total = 0;

	for (int64 i = 0; i < count; i++)
		total = add_units(total, values[i]);
	return (AbcLimits){.lowest_a = lowest_within(values, count, limit_of(a, total)),
					   .lowest_b = lowest_within(values, count, limit_of(b, total))};
}
