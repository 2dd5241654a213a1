/*
 * The type retention: its operators and hash.
 */
#include "postgres.h"

#include "core/comparison.h"
#include "core/compat.h"
#include "retention/retention.h"

PG_FUNCTION_INFO_V1(retention_add);
Datum
retention_add(PG_FUNCTION_ARGS)
{
	Retention *sum = (Retention *) PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(0));

	PG_RETURN_POINTER(add_retention(sum, retention_argument(fcinfo, 1)));
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
