/*
 * The points that are left of an account, with the days on which they were earned.
 */
#include "postgres.h"

#include "core/argument.h"
#include "programme/points_queue.h"

/* Never overflows: an account holds all of it. */
static PointsAccount *
left_of(const PointsQueue *queue)
{
	PointsAccount *left = make_points(binaryheap_empty(queue->open) ? 0 : queue->count);

	for (int i = 0; i < queue->count; i++)
	{
		const PointsLot *lot = &queue->lots[i];
		PointsEntry entry = {.earned = lot->left, .day = lot->day, .expires_on = lot->expires_on};

		if (lot->left > 0 && !points_append(left, &entry))
			too_many_points();
	}
	return left;
}

/* points_left(account, as_of) */
PG_FUNCTION_INFO_V1(points_left);
Datum
points_left(PG_FUNCTION_ARGS)
{
	PointsQueue queue = {.debt = 0};
	PointsAccount *left;

	points_queue_run(&queue, points_arg(fcinfo, 0), finite_date(PG_GETARG_DATEADT(1)));
	left = left_of(&queue);
	points_queue_free(&queue);
	PG_RETURN_POINTER(points_copy(left));
}
