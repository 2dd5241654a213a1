/*
 * ABC classes: who brings how much of the whole, and what is missing to the next better class.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "core/argument.h"
#include "segments/abc_limits.h"
#include "segments/partition_values.h"

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

/* Of the positive values. */
static AbcLimits
find_limits(const PartitionValues *partition, AbcCuts cuts)
{
	int128 *values =
		MemoryContextAllocHuge(CurrentMemoryContext, Max(partition->count, 1) * sizeof(int128));
	int64 positive = 0;
	AbcLimits limits;

	for (int64 i = 0; i < partition->count; i++)
	{
		if (partition->values[i].units > 0)
			values[positive++] = partition->values[i].units;
	}
	limits = abc_limits(values, positive, cuts.a, cuts.b);
	pfree(values);
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
	AbcLimits limits = find_limits(&partition, cuts);

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
