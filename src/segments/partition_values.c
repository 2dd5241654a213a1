/*
 * The argument of a window function over its whole partition, as exact values.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"
#include "utils/regproc.h"

#include "segments/partition_values.h"

/* What the argument's expression allocates is freed after so many rows. */
#define ROWS_PER_RESET 1024

WindowObject
window_object(FunctionCallInfo fcinfo)
{
	WindowObject window = PG_WINDOW_OBJECT();

	if (!WindowObjectIsValid(window))
		ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
						errmsg("window function %s called without a window",
							   format_procedure(fcinfo->flinfo->fn_oid)),
						errhint("Call it by its name, with OVER.")));
	return window;
}

static void
change_scale(PartitionValues *partition, int scale)
{
	for (int64 i = 0; i < partition->count; i++)
	{
		Decimal value = {.units = partition->values[i].units, .scale = partition->scale};

		CHECK_FOR_INTERRUPTS();
		partition->values[i].units = decimal_units(value, scale);
	}
	partition->scale = scale;
}

static void
append_value(PartitionValues *partition, Decimal value, int64 row)
{
	int scale;

	partition->finest = Min(partition->finest, value.finest);
	scale = joint_scale(partition->scale, partition->finest, value);
	if (scale != partition->scale)
		change_scale(partition, scale);
	partition->values[partition->count].units = decimal_units(value, partition->scale);
	partition->values[partition->count].row = row;
	partition->count++;
}

PartitionValues
read_partition(WindowObject window, DecimalReader read)
{
	int64 rows = WinGetPartitionRowCount(window);
	PartitionValues partition = {.finest = DECIMAL_MOST_SCALE};
	MemoryContext scratch =
		AllocSetContextCreate(CurrentMemoryContext, "values of a row", ALLOCSET_SMALL_SIZES);
	MemoryContext context = MemoryContextSwitchTo(scratch);

	partition.values = MemoryContextAllocHuge(context, rows * sizeof(PartitionValue));
	for (int64 row = 0; row < rows; row++)
	{
		bool is_null;
		bool is_out;
		Datum value;

		if (row % ROWS_PER_RESET == 0)
		{
			MemoryContextReset(scratch);
			CHECK_FOR_INTERRUPTS();
		}
		value =
			WinGetFuncArgInPartition(window, 0, row, WINDOW_SEEK_HEAD, false, &is_null, &is_out);
		if (!is_null)
			append_value(&partition, read(value), row);
	}
	MemoryContextSwitchTo(context);
	MemoryContextDelete(scratch);
	/* A mark that moves row by row costs a seek for each where the partition is on disk. */
	WinSetMarkPosition(window, rows - 1);
	return partition;
}

void *
partition_memory(WindowObject window, Size head, Size per_row)
{
	int64 rows = WinGetPartitionRowCount(window);

	if (rows > (int64) ((MaxAllocSize - head) / per_row))
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("too many rows in a partition: %lld", (long long) rows),
						errdetail("There may be up to %lld.",
								  (long long) ((MaxAllocSize - head) / per_row)),
						errhint("Divide them with PARTITION BY.")));
	return WinGetPartitionLocalMemory(window, head + rows * per_row);
}

void
keep_positive(PartitionValues *partition, int128 *total)
{
	int64 positive = 0;

	*total = 0;
	for (int64 i = 0; i < partition->count; i++)
	{
		if (partition->values[i].units > 0)
		{
			*total = add_units(*total, partition->values[i].units);
			partition->values[positive++] = partition->values[i];
		}
	}
	partition->count = positive;
}

#define ST_SORT			 sort_values_descending
#define ST_ELEMENT_TYPE	 PartitionValue
#define ST_COMPARE(a, b) (((a)->units < (b)->units) - ((a)->units > (b)->units))
#define ST_SCOPE		 static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

void
sort_descending(PartitionValues *partition)
{
	sort_values_descending(partition->values, partition->count);
}

bool
next_tie_group(const PartitionValues *partition, TieGroup *group)
{
	const PartitionValue *end = partition->values + partition->count;
	const PartitionValue *value;

	group->values += group->count;
	if (group->values == end)
		return false;
	for (value = group->values; value < end && value->units == group->values->units; value++)
		;
	group->count = value - group->values;
	return true;
}
