/*
 * Values by their rank, without sorting them all.
 */
#ifndef CLIENTELE_SELECTION_H
#define CLIENTELE_SELECTION_H

#include "core/compat.h"

/* Any place will do, but no order of the rows may make it the worst one each time. */
extern int128 choose_pivot(const int128 *values, int64 count);

/*
 * Puts the values larger than the pivot first, then those equal to it; gives their numbers, and
 * the sum of the larger ones.
 */
extern int128 partition_at(int128 *values, int64 count, int128 pivot, int64 *larger, int64 *equal);

/* The value that n others are before, from the smallest on; all are put in another order. */
extern int128 nth_smallest(int128 *values, int64 count, int64 n);

#endif
