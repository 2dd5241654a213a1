/*
 * The type retention: its operators and hash.
 */
#include "postgres.h"

#include "core/comparison.h"
#include "core/compat.h"
#include "retention/retention.h"

/* The one with more cohorts has those of both. */
PG_FUNCTION_INFO_V1(retention_add);
Datum
retention_add(PG_FUNCTION_ARGS)
{
	const Retention *a = retention_argument(fcinfo, 0);
	const Retention *b = retention_argument(fcinfo, 1);
	const Retention *larger = a->cohorts < b->cohorts ? b : a;
	Retention *sum = palloc(VARSIZE(larger));

	memcpy(sum, larger, VARSIZE(larger));
	PG_RETURN_POINTER(add_retention(sum, larger == a ? b : a));
}

/* By size, then byte by byte: which order it is does not matter, as long as it is one. */
static int
compare_retentions(const Retention *a, const Retention *b)
{
	if (VARSIZE(a) != VARSIZE(b))
		return VARSIZE(a) < VARSIZE(b) ? -1 : 1;
	return memcmp(a, b, VARSIZE(a));
}

COMPARISON_FUNCTIONS(retention, retention_argument, compare_retentions)

/* What makes a value, the header left out. */
static const char *
hashed_part(const Retention *retention, int *length)
{
	*length = (int) (VARSIZE(retention) - VARHDRSZ);
	return VARDATA(retention);
}

HASH_FUNCTIONS(retention, retention_argument, hashed_part)
