/*
 * The growing state of an aggregate of points.
 *
 * The executor owns it: to grow it, a larger one is built in the context of the row and returned.
 * Sizes are powers of two, which is what the server's allocator hands out.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "core/aggregate.h"
#include "programme/points_account.h"

#define FIRST_SIZE 256 /* of a state, nine entries */

static int64
entries_of(Size size)
{
	return (size - offsetof(PointsAccount, entries)) / sizeof(PointsEntry);
}

/* A state with all of that size as room. */
static PointsAccount *
state_of_size(Size size)
{
	PointsAccount *state = palloc0(size);

	SET_VARSIZE(state, size);
	state->version = POINTS_VERSION;
	return state;
}

PointsAccount *
points_state(FunctionCallInfo fcinfo)
{
	PointsAccount *state;

	check_aggregate(fcinfo);
	if (PG_ARGISNULL(0))
		return state_of_size(FIRST_SIZE);
	state = (PointsAccount *) bytea_state(fcinfo);
	if (unlikely(state->version != POINTS_VERSION))
		bad_state();
	return state;
}

static PointsAccount *
larger_state(const PointsAccount *state)
{
	Size size = FIRST_SIZE;
	PointsAccount *larger;

	while (size < 2 * (Size) VARSIZE(state))
		size *= 2;
	if (size > MaxAllocSize)
		ereport(ERROR, err_points_too_large());
	larger = state_of_size(size);
	memcpy((char *) larger + VARHDRSZ, (const char *) state + VARHDRSZ,
		   offsetof(PointsAccount, entries) + state->count * sizeof(PointsEntry) - VARHDRSZ);
	return larger;
}

/* Ordering a full state may free room; a larger one is built where that frees no more than half. */
static PointsAccount *
make_room(PointsAccount *state)
{
	points_sort(state);
	return 2 * (int64) state->count >= entries_of(VARSIZE(state)) ? larger_state(state) : state;
}

PointsAccount *
points_count(PointsAccount *state, const PointsEntry *entry)
{
	if (state->count >= entries_of(VARSIZE(state)))
		state = make_room(state);
	if (!points_append(state, entry))
		too_many_points();
	return state;
}

PointsAccount *
points_count_all(PointsAccount *state, const PointsAccount *other)
{
	for (int i = 0; i < other->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		state = points_count(state, &other->entries[i]);
	}
	return state;
}
