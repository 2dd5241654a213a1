/*
 * row_digests(row_digest(record)): by what rows are known again, in one value for all of them. The
 * first field is a key. Keys share 65536 buckets, in each of which the hashes of rows are added up:
 * the order of rows does not matter, equal rows count, and where a sum is another, some row of
 * these keys is. A row goes into the aggregate as a number: one of records would not be combined
 * over the nodes of a distributed engine.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "utils/array.h"
#include "utils/typcache.h"

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

/* Looked up once for all rows of one kind: who calls this by hand may give another each time. */
typedef struct RowType
{
	Oid id;
	int32 typmod;
	TupleDesc fields;
	TypeCacheEntry *key;
} RowType;

static void
learn_row_type(RowType *type, HeapTupleHeader row, MemoryContext lasting)
{
	MemoryContext caller = MemoryContextSwitchTo(lasting);

	type->id = HeapTupleHeaderGetTypeId(row);
	type->typmod = HeapTupleHeaderGetTypMod(row);
	type->fields = lookup_rowtype_tupdesc_copy(type->id, type->typmod);
	MemoryContextSwitchTo(caller);
	if (type->fields->natts > 0)
		type->key =
			lookup_type_cache(TupleDescAttr(type->fields, 0)->atttypid, TYPECACHE_HASH_PROC_FINFO);
	if (type->key == NULL || !OidIsValid(type->key->hash_proc_finfo.fn_oid))
		bad_parameter("row", "without a first field that has a hash function",
					  "Give it as a text.");
}

static const RowType *
row_type(FunctionCallInfo fcinfo, HeapTupleHeader row)
{
	RowType *type = fcinfo->flinfo->fn_extra;

	if (type == NULL || type->id != HeapTupleHeaderGetTypeId(row) ||
		type->typmod != HeapTupleHeaderGetTypMod(row))
	{
		type = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt, sizeof(RowType));
		learn_row_type(type, row, fcinfo->flinfo->fn_mcxt);
		fcinfo->flinfo->fn_extra = type;
	}
	return type;
}

/* What the key's type holds equal is in one bucket, and so is what has no key. */
static int32
bucket_of(FunctionCallInfo fcinfo, HeapTupleHeader row)
{
	const RowType *type = row_type(fcinfo, row);
	HeapTupleData tuple = {.t_len = HeapTupleHeaderGetDatumLength(row), .t_data = row};
	bool isnull;
	Datum key = heap_getattr(&tuple, 1, type->fields, &isnull);

	if (isnull)
		return 0;
	return DatumGetUInt32(FunctionCall1Coll(&type->key->hash_proc_finfo,
											TupleDescAttr(type->fields, 0)->attcollation, key)) %
		   BUCKETS;
}

PG_FUNCTION_INFO_V1(digest_bucket);
Datum
digest_bucket(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(bucket_of(fcinfo, PG_GETARG_HEAPTUPLEHEADER(0)));
}

/* By its bytes, but for the header's number of the type, which is another in each session. */
static uint64
hash_row(HeapTupleHeader row)
{
	Size header = offsetof(HeapTupleHeaderData, t_bits);

	return hash_bytes_extended((const unsigned char *) row + header,
							   (int) (HeapTupleHeaderGetDatumLength(row) - header), 0);
}

/* The bucket in the lowest bits, the hash of the row in the others. */
PG_FUNCTION_INFO_V1(row_digest);
Datum
row_digest(PG_FUNCTION_ARGS)
{
	HeapTupleHeader row = PG_GETARG_HEAPTUPLEHEADER(0);
	uint64 hash = hash_row(row);

	PG_RETURN_INT64((int64) (hash - hash % BUCKETS + bucket_of(fcinfo, row)));
}

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

PG_FUNCTION_INFO_V1(row_digests_transition);
Datum
row_digests_transition(PG_FUNCTION_ARGS)
{
	Digests *digests;
	uint64 digest;

	check_aggregate(fcinfo);
	if (PG_ARGISNULL(1))
		return unchanged_state(fcinfo);
	digests = digests_state(fcinfo);
	digest = (uint64) PG_GETARG_INT64(1);
	digests->sums[digest % BUCKETS] += digest / BUCKETS;
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
