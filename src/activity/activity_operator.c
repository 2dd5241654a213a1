/*
 * The type activity: its operators and hash.
 */
#include "postgres.h"

#include "activity/activity.h"
#include "core/comparison.h"

PG_FUNCTION_INFO_V1(activity_add);
Datum
activity_add(PG_FUNCTION_ARGS)
{
	const Activity *first = activity_argument(fcinfo, 0);
	Activity *sum = palloc(VARSIZE(first));

	memcpy(sum, first, VARSIZE(first));
	add_activity(sum, activity_argument(fcinfo, 1));
	PG_RETURN_POINTER(sum);
}

/* By size, then byte by byte: which order it is does not matter, as long as it is one. */
static int
compare_activities(const Activity *a, const Activity *b)
{
	if (VARSIZE(a) != VARSIZE(b))
		return VARSIZE(a) < VARSIZE(b) ? -1 : 1;
	return memcmp(a, b, VARSIZE(a));
}

COMPARISON_FUNCTIONS(activity, activity_argument, compare_activities)

/* What makes a value, the header left out. */
static const char *
hashed_part(const Activity *activity, int *length)
{
	*length = (int) (VARSIZE(activity) - VARHDRSZ);
	return VARDATA(activity);
}

HASH_FUNCTIONS(activity, activity_argument, hashed_part)
