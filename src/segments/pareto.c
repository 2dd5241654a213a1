/*
 * The Pareto curve: the share of the whole that a value and all larger ones bring.
 */
#include "postgres.h"

#include "segments/partition_values.h"

typedef struct ParetoPartition
{
	bool ready;
	double shares[FLEXIBLE_ARRAY_MEMBER]; /* by row; 0 where the value is not positive */
} ParetoPartition;

static void
find_shares(WindowObject window, DecimalReader read, ParetoPartition *pareto)
{
	PartitionValues partition = read_partition(window, read);
	TieGroup group = {.values = partition.values};
	int128 total;
	int128 accumulated = 0; /* up to the total, which was checked */

	keep_positive(&partition, &total);
	sort_descending(&partition);
	while (next_tie_group(&partition, &group))
	{
		accumulated += group.values->units * group.count;
		for (int64 i = 0; i < group.count; i++)
			pareto->shares[group.values[i].row] = (double) accumulated / (double) total;
	}
	pfree(partition.values);
}

static Datum
pareto_share(FunctionCallInfo fcinfo, DecimalReader read)
{
	WindowObject window = window_object(fcinfo);
	ParetoPartition *pareto =
		partition_memory(window, offsetof(ParetoPartition, shares), sizeof(double));
	double share;

	if (!pareto->ready)
		find_shares(window, read, pareto);
	pareto->ready = true;
	share = pareto->shares[WinGetCurrentPosition(window)];
	if (share == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(share);
}

DECIMAL_FUNCTIONS(pareto_share)
