/*
 * Values by their rank, without sorting them all.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "miscadmin.h"

#include "segments/selection.h"

static void
swap_values(int128 *a, int128 *b)
{
	int128 swapped = *a;

	*a = *b;
	*b = swapped;
}

int128
choose_pivot(const int128 *values, int64 count)
{
	return values[murmurhash32((uint32) count) % count];
}

int128
partition_at(int128 *values, int64 count, int128 pivot, int64 *larger, int64 *equal)
{
	int128 larger_sum = 0;

	*larger = 0;
	*equal = 0;
	for (int64 i = 0; i < count; i++)
	{
		int128 units = values[i];

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

int128
nth_smallest(int128 *values, int64 count, int64 n)
{
	int64 place = count - 1 - n; /* from the largest on */

	for (;;)
	{
		int128 pivot = choose_pivot(values, count);
		int64 larger;
		int64 equal;

		CHECK_FOR_INTERRUPTS();
		partition_at(values, count, pivot, &larger, &equal);
		if (place >= larger && place < larger + equal)
			return pivot;
		if (place < larger)
		{
			count = larger;
			continue;
		}
		values += larger + equal;
		count -= larger + equal;
		place -= larger + equal;
	}
}
