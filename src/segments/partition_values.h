/*
 * The argument of a window function over its whole partition, as exact values.
 */
#ifndef CLIENTELE_PARTITION_VALUES_H
#define CLIENTELE_PARTITION_VALUES_H

#include "fmgr.h"
#include "windowapi.h"

#include "core/decimal.h"

typedef struct PartitionValue
{
	int128 units;
	int64 row; /* its place in the partition */
} PartitionValue;

typedef struct PartitionValues
{
	PartitionValue *values; /* NULLs left out; as they come in the partition */
	int64 count;
	int scale;	/* of all units */
	int finest; /* the largest that it may get */
} PartitionValues;

/* What a window function is called with; 42809 where it is called as something else: an operator
 * may be made of any function. */
extern WindowObject window_object(FunctionCallInfo fcinfo);

/* Reads argument 0 of all rows, into the current memory context; they cannot be read again. */
extern PartitionValues read_partition(WindowObject window, DecimalReader read);

/* Zeroed memory of the partition: a head, and so much for each row; 54000 where that is too much.
 */
extern void *partition_memory(WindowObject window, Size head, Size per_row);

/* Leaves the positive values, and gives their sum. */
extern void keep_positive(PartitionValues *partition, int128 *total);

/* Largest first. */
extern void sort_descending(PartitionValues *partition);

/* Values that are equal, in a sorted partition. Begin with one of which only values is set. */
typedef struct TieGroup
{
	const PartitionValue *values;
	int64 count;
} TieGroup;

/* Moves on to the next group; false after the last. */
extern bool next_tie_group(const PartitionValues *partition, TieGroup *group);

#endif
