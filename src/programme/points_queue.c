/*
 * The points of an account as a queue: the soonest to expire are redeemed first, of those the
 * oldest.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "programme/points_queue.h"

/* The heap's first is its largest. Lots lie in the order of their days. */
static int
compare_lots(Datum a, Datum b, void *unused pg_attribute_unused())
{
	const PointsLot *lot = (const PointsLot *) DatumGetPointer(a);
	const PointsLot *other = (const PointsLot *) DatumGetPointer(b);

	if (lot->expires_on != other->expires_on)
		return lot->expires_on < other->expires_on ? 1 : -1;
	return (lot < other) - (lot > other);
}

static PointsLot *
first_lot(const PointsQueue *queue)
{
	if (binaryheap_empty(queue->open))
		return NULL;
	return (PointsLot *) DatumGetPointer(binaryheap_first(queue->open));
}

static void
leave(const PointsQueue *queue, PointsLot *lot, int64 points, DateADT redeemed_on)
{
	lot->left -= points;
	if (queue->leave != NULL)
		queue->leave(queue->watcher, lot, points, redeemed_on);
}

int64
points_queue_expire(PointsQueue *queue, DateADT until)
{
	int64 expired = 0;

	for (PointsLot *lot; (lot = first_lot(queue)) != NULL && lot->expires_on <= until;
		 binaryheap_remove_first(queue->open))
	{
		CHECK_FOR_INTERRUPTS();
		expired += lot->left;
		leave(queue, lot, lot->left, NOT_REDEEMED);
	}
	return expired;
}

/* Pays what is owed with what there is. */
static void
redeem(PointsQueue *queue, DateADT day)
{
	PointsLot *lot;

	while (queue->debt > 0 && (lot = first_lot(queue)) != NULL)
	{
		int64 taken = Min(queue->debt, lot->left);

		CHECK_FOR_INTERRUPTS();
		queue->debt -= taken;
		leave(queue, lot, taken, day);
		if (lot->left == 0)
			binaryheap_remove_first(queue->open);
	}
}

/* One day: what it earns is there before it is redeemed, but not where it had expired already. */
static int
book_day(PointsQueue *queue, const PointsAccount *account, int i, int64 *expired)
{
	DateADT day = account->entries[i].day;

	*expired += points_queue_expire(queue, day);
	for (; i < queue->count && account->entries[i].day == day; i++)
	{
		const PointsEntry *entry = &account->entries[i];

		queue->debt += entry->redeemed;
		queue->lots[i] = (PointsLot){entry->earned, day, entry->expires_on};
		if (entry->earned > 0)
			binaryheap_add(queue->open, PointerGetDatum(&queue->lots[i]));
	}
	*expired += points_queue_expire(queue, day);
	redeem(queue, day);
	return i;
}

int
points_entries_before(const PointsAccount *account, DateADT day)
{
	int count = 0;

	while (count < account->count && account->entries[count].day < day)
	{
		CHECK_FOR_INTERRUPTS();
		count++;
	}
	return count;
}

int64
points_queue_run(PointsQueue *queue, const PointsAccount *account, DateADT as_of)
{
	int64 expired = 0;

	queue->count = points_entries_before(account, as_of);
	queue->lots = palloc_extended(Max(queue->count, 1) * sizeof(PointsLot), MCXT_ALLOC_HUGE);
	queue->open = binaryheap_allocate(Max(queue->count, 1), compare_lots, NULL);
	for (int i = 0; i < queue->count;)
	{
		CHECK_FOR_INTERRUPTS();
		i = book_day(queue, account, i, &expired);
	}
	return expired + points_queue_expire(queue, as_of);
}

void
points_queue_free(PointsQueue *queue)
{
	binaryheap_free(queue->open);
	pfree(queue->lots);
}
