/*
 * The points of an account as a queue: the soonest to expire are redeemed first, of those the
 * oldest.
 */
#ifndef CLIENTELE_POINTS_QUEUE_H
#define CLIENTELE_POINTS_QUEUE_H

#include "lib/binaryheap.h"

#include "programme/points_account.h"

/* Points of one day and one day of expiry, as far as they are left. */
typedef struct PointsLot
{
	int64 left;
	DateADT day;
	DateADT expires_on;
} PointsLot;

/* Told of points that leave a lot: redeemed on a day, or gone at the start of theirs. */
typedef void (*PointsLeave)(void *watcher, const PointsLot *lot, int64 points, DateADT redeemed_on);

typedef struct PointsQueue
{
	PointsLot *lots;   /* one for each entry, in their order; nothing is left of those gone */
	int count;		   /* of lots: the entries of the days before */
	binaryheap *open;  /* of those of which something is left */
	int64 debt;		   /* what was redeemed without being there */
	PointsLeave leave; /* NULL for nobody to be told */
	void *watcher;
} PointsQueue;

/* The redeemed_on of what was not. */
#define NOT_REDEEMED DATEVAL_NOEND

/* How many entries are of the days before one. */
extern int points_entries_before(const PointsAccount *account, DateADT day);

/* What became of all points of the days before as_of; gives how many had expired by its start. */
extern int64 points_queue_run(PointsQueue *queue, const PointsAccount *account, DateADT as_of);

/* Takes out what expires up to a day; gives how much that was. */
extern int64 points_queue_expire(PointsQueue *queue, DateADT until);

extern void points_queue_free(PointsQueue *queue);

#endif
