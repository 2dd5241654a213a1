/*
 * ABC classes: who brings how much of the whole, and what is missing to the next better class.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "core/argument.h"
#include "segments/partition_values.h"

/* An accumulated integer is below share * total exactly when it is below this. */
static int128
limit_of(Datum share, int128 total)
{
	Datum limit =
		DirectFunctionCall2(numeric_mul, share, NumericGetDatum(numeric_from_units(total)));

	return decimal_from_numeric(DirectFunctionCall1(numeric_ceil, limit)).units;
}

/* A cut-off argument of the window function: a numeric share above 0, up to 1. */
static Datum
cut_argument(WindowObject window, int n, const char *name)
{
	bool is_null;
	Datum cut = WinGetFuncArgCurrent(window, n, &is_null);
	const char *hint = "Give a share above 0 and up to 1, such as 0.80.";

	if (is_null)
		bad_parameter(name, "NULL", hint);
	if (!DatumGetBool(DirectFunctionCall2(numeric_gt, cut, NumericGetDatum(int64_to_numeric(0)))) ||
		!DatumGetBool(DirectFunctionCall2(numeric_le, cut, NumericGetDatum(int64_to_numeric(1)))))
		bad_parameter(name, DatumGetCString(DirectFunctionCall1(numeric_out, cut)), hint);
	return cut;
}

typedef struct AbcCuts
{
	Datum a; /* numeric shares of the whole, where A and B end */
	Datum b;
} AbcCuts;

static AbcCuts
cut_arguments(WindowObject window)
{
	AbcCuts cuts;

	cuts.a = cut_argument(window, 1, "a");
	cuts.b = cut_argument(window, 2, "b");
	if (DatumGetBool(DirectFunctionCall2(numeric_gt, cuts.a, cuts.b)))
		bad_parameter("b", DatumGetCString(DirectFunctionCall1(numeric_out, cuts.b)),
					  "The share where B ends is not below the one where A ends.");
	return cuts;
}

/* Larger than any value: no row reaches a class with this lowest value. */
#define NO_VALUE ((int128) (~(uint128) 0 >> 1))

static void
swap_values(PartitionValue *a, PartitionValue *b)
{
	PartitionValue swapped = *a;

	*a = *b;
	*b = swapped;
}

/* Any place will do, but no order of the rows may make it the worst one each time. */
static int128
choose_pivot(const PartitionValue *values, int64 count)
{
	return values[murmurhash32((uint32) count) % count].units;
}

/*
 * Puts the values larger than the pivot first, then those equal to it; gives their numbers, and
 * the sum of the larger ones.
 */
static int128
partition_at(PartitionValue *values, int64 count, int128 pivot, int64 *larger, int64 *equal)
{
	int128 larger_sum = 0;

	*larger = 0;
	*equal = 0;
	for (int64 i = 0; i < count; i++)
	{
		int128 units = values[i].units;

		if (units < pivot)
			continue;
		swap_values(&values[i], &values[*larger + *equal]);
		if (units == pivot)
			(*equal)++;
		else
		{
			swap_values(&values[*larger], &values[*larger + *equal]);
			(*larger)++;
			larger_sum += units;
		}
	}
	return larger_sum;
}

/*
 * The smallest value before which, going down from the largest, less than the limit has
 * accumulated. As in a quickselect one side of the pivot is settled by its sum.
 */
static int128
lowest_within(PartitionValue *values, int64 count, int128 limit)
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

typedef struct AbcLimits
{
	int128 lowest_a; /* the smallest value in A; NO_VALUE where nothing is positive */
	int128 lowest_b; /* that in A and B: the same where nothing is in B */
} AbcLimits;

/* Leaves the positive values, in any order. */
static AbcLimits
find_limits(PartitionValues *partition, AbcCuts cuts)
{
	AbcLimits limits;
	int128 total;

	keep_positive(partition, &total);
	limits.lowest_a = lowest_within(partition->values, partition->count, limit_of(cuts.a, total));
	limits.lowest_b = lowest_within(partition->values, partition->count, limit_of(cuts.b, total));
	return limits;
}

typedef struct AbcPartition
{
	bool ready;
	char classes[FLEXIBLE_ARRAY_MEMBER]; /* by row; 0 for NULL */
} AbcPartition;

static void
find_classes(WindowObject window, DecimalReader read, AbcPartition *abc)
{
	AbcCuts cuts = cut_arguments(window);
	PartitionValues partition = read_partition(window, read);
	AbcLimits limits;

	for (int64 i = 0; i < partition.count; i++)
		abc->classes[partition.values[i].row] = 'C';
	limits = find_limits(&partition, cuts);
	for (int64 i = 0; i < partition.count; i++)
	{
		int128 units = partition.values[i].units;

		abc->classes[partition.values[i].row] = units >= limits.lowest_a   ? 'A'
												: units >= limits.lowest_b ? 'B'
																		   : 'C';
	}
	pfree(partition.values);
}

static Datum
abc_class(FunctionCallInfo fcinfo, DecimalReader read)
{
	WindowObject window = window_object(fcinfo);
	AbcPartition *abc = partition_memory(window, offsetof(AbcPartition, classes), sizeof(char));
	const char *class;

	if (!abc->ready)
		find_classes(window, read, abc);
	abc->ready = true;
	class = &abc->classes[WinGetCurrentPosition(window)];
	if (*class == 0)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text_with_len(class, 1));
}

DECIMAL_FUNCTIONS(abc_class)

/* A power of ten with more zeros passes 128 bits. */
#define MOST_ZEROS 38

/* Values of a partition, kept for all of its rows. */
typedef struct ShortfallPartition
{
	bool ready;
	int scale;	 /* the fewest decimals that all values can be written with */
	int128 step; /* what one unit of that scale is in the values */
	AbcLimits limits;
	int128 values[FLEXIBLE_ARRAY_MEMBER]; /* by row; NO_VALUE for NULL */
} ShortfallPartition;

/* Numerics are read four decimals at a time: zeros that end all values are not to be shown. */
static void
find_scale(const PartitionValues *partition, ShortfallPartition *abc)
{
	int zeros = Min(partition->scale, MOST_ZEROS);

	abc->scale = partition->scale - zeros;
	for (abc->step = 1; zeros > 0; zeros--)
		abc->step *= 10;
	for (int64 i = 0; i < partition->count && abc->step > 1; i++)
	{
		for (; partition->values[i].units % abc->step != 0; abc->scale++)
			abc->step /= 10;
	}
}

static void
prepare_shortfalls(WindowObject window, DecimalReader read, ShortfallPartition *abc)
{
	AbcCuts cuts = cut_arguments(window);
	PartitionValues partition = read_partition(window, read);
	int64 rows = WinGetPartitionRowCount(window);

	for (int64 row = 0; row < rows; row++)
		abc->values[row] = NO_VALUE;
	for (int64 i = 0; i < partition.count; i++)
		abc->values[partition.values[i].row] = partition.values[i].units;
	find_scale(&partition, abc);
	abc->limits = find_limits(&partition, cuts);
	pfree(partition.values);
}

static Datum
abc_shortfall(FunctionCallInfo fcinfo, DecimalReader read)
{
	WindowObject window = window_object(fcinfo);
	ShortfallPartition *abc =
		partition_memory(window, offsetof(ShortfallPartition, values), sizeof(int128));
	int128 value;
	int128 next;

	if (!abc->ready)
		prepare_shortfalls(window, read, abc);
	abc->ready = true;
	value = abc->values[WinGetCurrentPosition(window)];
	if (value >= abc->limits.lowest_a || abc->limits.lowest_a == NO_VALUE)
		PG_RETURN_NULL();
	next = value >= abc->limits.lowest_b ? abc->limits.lowest_a : abc->limits.lowest_b;
	PG_RETURN_NUMERIC(numeric_from_decimal(
		(Decimal){.units = add_units(next, -value) / abc->step, .scale = abc->scale}));
}

DECIMAL_FUNCTIONS(abc_shortfall)
