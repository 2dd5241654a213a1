/*
 * RFM scores: the fifth of the customers, or another share, that a value falls in.
 */
#include "postgres.h"

#include "core/argument.h"
#include "segments/partition_values.h"

typedef struct RfmPartition
{
	bool ready;
	int32 scores[FLEXIBLE_ARRAY_MEMBER]; /* by row; 0 for NULL */
} RfmPartition;

static int32
bins_argument(WindowObject window)
{
	bool is_null;
	int32 bins = DatumGetInt32(WinGetFuncArgCurrent(window, 1, &is_null));

	if (is_null || bins < 1 || bins > 1000)
		bad_parameter("bins", is_null ? "NULL" : psprintf("%d", bins),
					  "Give a number of bins from 1 to 1000, such as 5.");
	return bins;
}

/* Sorted with the largest first, all values behind a tie group are smaller. */
static void
find_scores(WindowObject window, DecimalReader read, RfmPartition *rfm)
{
	int32 bins = bins_argument(window);
	PartitionValues partition = read_partition(window, read);
	TieGroup group = {.values = partition.values};

	sort_descending(&partition);
	while (next_tie_group(&partition, &group))
	{
		int64 smaller = partition.values + partition.count - (group.values + group.count);

		for (int64 i = 0; i < group.count; i++)
			rfm->scores[group.values[i].row] = 1 + (int32) (bins * smaller / partition.count);
	}
	pfree(partition.values);
}

static Datum
rfm_score(FunctionCallInfo fcinfo, DecimalReader read)
{
	WindowObject window = window_object(fcinfo);
	RfmPartition *rfm = partition_memory(window, offsetof(RfmPartition, scores), sizeof(int32));
	int32 score;

	if (!rfm->ready)
		find_scores(window, read, rfm);
	rfm->ready = true;
	score = rfm->scores[WinGetCurrentPosition(window)];
	if (score == 0)
		PG_RETURN_NULL();
	PG_RETURN_INT32(score);
}

DECIMAL_FUNCTIONS(rfm_score)
