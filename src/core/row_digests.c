/*
 * row_digests(key_hash, row_hash): by what rows are known again, in one value for all of them. Keys
 * share 65536 buckets, in each of which what rows are hashed to is added up: the order of rows does
 * not matter, equal rows count, and where a sum is another, some row of these keys is.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "utils/array.h"

#include "core/aggregate.h"
#include "core/argument.h"

#define BUCKETS 65536

/* As a bytea. */
typedef struct Digests
{
	int32 vl_len_; /* the server's header: never touch it directly */
	int32 unused;  /* zero */
	uint64 sums[BUCKETS];
} Digests;

static Digests *
digests_state(FunctionCallInfo fcinfo)
{
	Digests *digests;

	if (PG_ARGISNULL(0))
	{
		digests = palloc0(sizeof(Digests));
		SET_VARSIZE(digests, sizeof(Digests));
		return digests;
	}
	digests = (Digests *) bytea_state(fcinfo);
	if (unlikely(VARSIZE(digests) != sizeof(Digests)))
		bad_state();
	return digests;
}

/*
 * A record's hash is a sum over its fields, and sums of such would be the same where two rows
 * exchange a field: it is hashed once more.
 */
PG_FUNCTION_INFO_V1(row_digests_transition);
Datum
row_digests_transition(PG_FUNCTION_ARGS)
{
	Digests *digests;
	int64 row;

	check_aggregate(fcinfo);
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return unchanged_state(fcinfo);
	digests = digests_state(fcinfo);
	row = PG_GETARG_INT64(2);
	digests->sums[(uint32) PG_GETARG_INT32(1) % BUCKETS] +=
		hash_bytes_extended((const unsigned char *) &row, sizeof(row), 1);
	PG_RETURN_POINTER(digests);
}

static const Digests *
digests_argument(FunctionCallInfo fcinfo, int n)
{
	const Digests *digests = (const Digests *) PG_GETARG_BYTEA_P_COPY(n);

	if (unlikely(VARSIZE(digests) != sizeof(Digests)))
		bad_parameter("digests", "not made by row_digests()", "Give what row_digests() returns.");
	return digests;
}

PG_FUNCTION_INFO_V1(row_digests_combine);
Datum
row_digests_combine(PG_FUNCTION_ARGS)
{
	Digests *digests;
	const Digests *more;

	check_aggregate(fcinfo);
	if (PG_ARGISNULL(1))
		return unchanged_state(fcinfo);
	digests = digests_state(fcinfo);
	more = digests_argument(fcinfo, 1);
	for (int i = 0; i < BUCKETS; i++)
		digests->sums[i] += more->sums[i];
	PG_RETURN_POINTER(digests);
}

PG_FUNCTION_INFO_V1(changed_buckets);
Datum
changed_buckets(PG_FUNCTION_ARGS)
{
	const Digests *before = digests_argument(fcinfo, 0);
	const Digests *after = digests_argument(fcinfo, 1);
	Datum *changed = palloc(BUCKETS * sizeof(Datum));
	int count = 0;

	for (int i = 0; i < BUCKETS; i++)
	{
		if (before->sums[i] != after->sums[i])
			changed[count++] = Int32GetDatum(i);
	}
	PG_RETURN_ARRAYTYPE_P(
		construct_array(changed, count, INT4OID, sizeof(int32), true, TYPALIGN_INT));
}
