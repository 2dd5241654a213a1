/*
 * The gap between purchases that is usual in a shop: the median of its customers'.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "segments/partition_values.h"

typedef struct ShopGap
{
	bool ready;
	bool is_null; /* nobody in the partition has a gap */
	double days;
} ShopGap;

/* The double of which these units are the shortest decimal. */
static double
double_from_units(int128 units, int scale)
{
	Decimal decimal = {.units = units, .scale = scale};

	return DatumGetFloat8(
		DirectFunctionCall1(numeric_float8, NumericGetDatum(numeric_from_decimal(decimal))));
}

/* Between the two middle values as percentile_cont() does it. */
static double
median(PartitionValues *gaps)
{
	double lower;
	double upper;

	sort_descending(gaps);
	lower = double_from_units(gaps->values[gaps->count / 2].units, gaps->scale);
	upper = double_from_units(gaps->values[(gaps->count - 1) / 2].units, gaps->scale);
	return lower + 0.5 * (upper - lower);
}

/* To the last digit: nothing is summed that could leave noise behind. */
static Decimal
exact_float8(Datum gap)
{
	Decimal decimal = decimal_from_float8(gap);

	decimal.finest = DECIMAL_MOST_SCALE;
	return decimal;
}

static void
find_gap(WindowObject window, ShopGap *shop)
{
	PartitionValues gaps = read_partition(window, exact_float8);

	shop->is_null = gaps.count == 0;
	if (!shop->is_null)
		shop->days = median(&gaps);
	pfree(gaps.values);
}

PG_FUNCTION_INFO_V1(shop_gap);
Datum
shop_gap(PG_FUNCTION_ARGS)
{
	WindowObject window = window_object(fcinfo);
	ShopGap *shop = WinGetPartitionLocalMemory(window, sizeof(ShopGap));

	if (!shop->ready)
		find_gap(window, shop);
	shop->ready = true;
	if (shop->is_null)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(shop->days);
}
