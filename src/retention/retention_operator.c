/*
 * The type retention: its operators and hash.
 */
#include "postgres.h"

#include "common/hashfn.h"

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
compare_retentions(FunctionCallInfo fcinfo)
{
	const Retention *a = retention_argument(fcinfo, 0);
	const Retention *b = retention_argument(fcinfo, 1);

	if (VARSIZE(a) != VARSIZE(b))
		return VARSIZE(a) < VARSIZE(b) ? -1 : 1;
	return memcmp(a, b, VARSIZE(a));
}

COMPARISON_FUNCTIONS(retention, compare_retentions)

PG_FUNCTION_INFO_V1(retention_hash);
Datum
retention_hash(PG_FUNCTION_ARGS)
{
	const Retention *retention = retention_argument(fcinfo, 0);

	return hash_any((const unsigned char *) VARDATA(retention), VARSIZE(retention) - VARHDRSZ);
}

PG_FUNCTION_INFO_V1(retention_hash_extended);
Datum
retention_hash_extended(PG_FUNCTION_ARGS)
{
	const Retention *retention = retention_argument(fcinfo, 0);

	return hash_any_extended((const unsigned char *) VARDATA(retention),
							 VARSIZE(retention) - VARHDRSZ, PG_GETARG_INT64(1));
}
