/*
 * preference_tallies(): how many customers had orders from each source and of each category before
 * a day, and how many orders these are.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "common/hashfn.h"
#include "funcapi.h"
#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/typcache.h"

#include "core/aggregate.h"
#include "core/argument.h"
#include "preferences/preferences.h"

#define TALLIES_STATE 0x54616c6c
#define FIRST_ROOM	  64

typedef struct Tally
{
	Label name; /* the key */
	int64 customers;
	int64 orders;
	int64 last_customer; /* the number of the last to be counted */
	uint32 hash;
	char status;
} Tally;

#define SH_PREFIX		   tally
#define SH_ELEMENT_TYPE	   Tally
#define SH_KEY_TYPE		   Label
#define SH_KEY			   name
#define SH_HASH_KEY(tb, k) hash_bytes((const unsigned char *) (k).bytes, (int) (k).length)
#define SH_EQUAL(tb, a, b) (compare_labels(&(a), &(b)) == 0)
#define SH_STORE_HASH
#define SH_GET_HASH(tb, a) ((a)->hash)
#define SH_SCOPE		   static inline
#define SH_DECLARE
#define SH_DEFINE
#include "lib/simplehash.h"

typedef struct TalliesState
{
	int32 kind; /* TALLIES_STATE: aggregates that others make may hand us any state */
	int64 customers;
	tally_hash *sources;
	tally_hash *categories;
} TalliesState;

static TalliesState *
state_argument(FunctionCallInfo fcinfo, int n, MemoryContext *context)
{
	TalliesState *state;

	if (!AggCheckCallContext(fcinfo, context))
		outside_aggregate(fcinfo);
	state = PG_ARGISNULL(n) ? NULL : (TalliesState *) PG_GETARG_POINTER(n);
	if (state != NULL && state->kind != TALLIES_STATE)
		bad_state();
	return state;
}

static TalliesState *
new_state(MemoryContext context)
{
	TalliesState *state = MemoryContextAllocZero(context, sizeof(TalliesState));

	state->kind = TALLIES_STATE;
	state->sources = tally_create(context, FIRST_ROOM, NULL);
	state->categories = tally_create(context, FIRST_ROOM, NULL);
	return state;
}

/* That of a name, begun where there is none yet. */
static Tally *
tally_of(tally_hash *tallies, const Label *name)
{
	bool found;
	Tally *tally = tally_insert(tallies, *name, &found);

	if (!found)
	{
		char *copy = MemoryContextAlloc(tallies->ctx, Max(name->length, 1));

		memcpy(copy, name->bytes, name->length);
		tally->name.bytes = copy;
		tally->customers = tally->orders = tally->last_customer = 0;
	}
	return tally;
}

static void
count_orders(tally_hash *tallies, const Label *name, int64 orders, int64 customer)
{
	Tally *tally;

	if (name->bytes == NULL)
		return;
	tally = tally_of(tallies, name);
	history_add_count(&tally->orders, orders);
	tally->customers += tally->last_customer != customer;
	tally->last_customer = customer;
}

static int64
orders_before(HistoryReader *history, DateADT as_of)
{
	int64 orders = 0;
	HistoryDay day;

	while (history_read(history, &day) && day.day < as_of)
		history_add_count(&orders, day.orders);
	return orders;
}

/* (state, preferences, as_of) */
PG_FUNCTION_INFO_V1(preference_tallies_transition);
Datum
preference_tallies_transition(PG_FUNCTION_ARGS)
{
	MemoryContext context;
	TalliesState *state = state_argument(fcinfo, 0, &context);
	PreferencesReader reader;
	DateADT as_of;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return unchanged_state(fcinfo);
	reader = preferences_of(PG_GETARG_BYTEA_PP(1));
	as_of = finite_date(PG_GETARG_DATEADT(2));
	if (state == NULL)
		state = new_state(context);
	state->customers++;
	while (preferences_read(&reader))
	{
		int64 orders = orders_before(&reader.group.history, as_of);

		if (orders == 0)
			continue;
		count_orders(state->sources, &reader.group.source, orders, state->customers);
		count_orders(state->categories, &reader.group.category, orders, state->customers);
	}
	PG_RETURN_POINTER(state);
}

static void
add_tally(tally_hash *tallies, const Tally *more)
{
	Tally *tally = tally_of(tallies, &more->name);

	CHECK_FOR_INTERRUPTS();
	history_add_count(&tally->customers, more->customers);
	history_add_count(&tally->orders, more->orders);
}

static void
add_tallies(tally_hash *tallies, tally_hash *more)
{
	tally_iterator iterator;
	Tally *tally;

	tally_start_iterate(more, &iterator);
	while ((tally = tally_iterate(more, &iterator)) != NULL)
		add_tally(tallies, tally);
}

PG_FUNCTION_INFO_V1(preference_tallies_combine);
Datum
preference_tallies_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context;
	TalliesState *state = state_argument(fcinfo, 0, &context);
	const TalliesState *more = state_argument(fcinfo, 1, &context);

	if (more == NULL)
		return unchanged_state(fcinfo);
	if (state == NULL)
		state = new_state(context);
	add_tallies(state->sources, more->sources);
	add_tallies(state->categories, more->categories);
	PG_RETURN_POINTER(state);
}

static void
send_tallies(StringInfo out, tally_hash *tallies)
{
	tally_iterator iterator;
	Tally *tally;

	pq_sendint32(out, tallies->members);
	tally_start_iterate(tallies, &iterator);
	while ((tally = tally_iterate(tallies, &iterator)) != NULL)
	{
		pq_sendint32(out, tally->name.length);
		pq_sendbytes(out, tally->name.bytes, (int) tally->name.length);
		pq_sendint64(out, tally->customers);
		pq_sendint64(out, tally->orders);
	}
}

PG_FUNCTION_INFO_V1(preference_tallies_serialize);
Datum
preference_tallies_serialize(PG_FUNCTION_ARGS)
{
	const TalliesState *state = state_argument(fcinfo, 0, NULL);
	StringInfoData out;

	pq_begintypsend(&out);
	send_tallies(&out, state->sources);
	send_tallies(&out, state->categories);
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

static void
receive_tallies(StringInfo in, tally_hash *tallies)
{
	for (uint32 left = pq_getmsgint(in, sizeof(uint32)); left > 0; left--)
	{
		Tally tally = {.name = {.length = pq_getmsgint(in, sizeof(uint32))}};

		if (tally.name.length > (uint32) (in->len - in->cursor))
			bad_state();
		tally.name.bytes = pq_getmsgbytes(in, (int) tally.name.length);
		tally.customers = pq_getmsgint64(in);
		tally.orders = pq_getmsgint64(in);
		add_tally(tallies, &tally);
	}
}

PG_FUNCTION_INFO_V1(preference_tallies_deserialize);
Datum
preference_tallies_deserialize(PG_FUNCTION_ARGS)
{
	const bytea *bytes;
	MemoryContext context;
	StringInfoData in;
	TalliesState *state;

	if (!AggCheckCallContext(fcinfo, &context))
		outside_aggregate(fcinfo);
	bytes = PG_GETARG_BYTEA_PP(0);
	in = (StringInfoData){.data = VARDATA_ANY(bytes), .len = (int) VARSIZE_ANY_EXHDR(bytes)};
	state = new_state(context);
	receive_tallies(&in, state->sources);
	receive_tallies(&in, state->categories);
	PG_RETURN_POINTER(state);
}

static int
compare_tallies(const void *a, const void *b)
{
	return compare_labels(&(*(Tally *const *) a)->name, &(*(Tally *const *) b)->name);
}

/* In the order of their names, however they came together */
static Tally **
sorted_tallies(tally_hash *tallies)
{
	Tally **sorted =
		MemoryContextAllocHuge(CurrentMemoryContext, (tallies->members + 1) * sizeof(Tally *));
	Tally **next = sorted;
	tally_iterator iterator;

	tally_start_iterate(tallies, &iterator);
	while ((*next = tally_iterate(tallies, &iterator)) != NULL)
		next++;
	qsort(sorted, tallies->members, sizeof(Tally *), compare_tallies);
	return sorted;
}

static void
put_tallies(ArrayBuildState *array, TupleDesc row, const char *dimension, tally_hash *tallies)
{
	for (Tally **tally = sorted_tallies(tallies); *tally != NULL; tally++)
	{
		Datum values[] = {CStringGetTextDatum(dimension), label_text(&(*tally)->name),
						  Int64GetDatum((*tally)->customers), Int64GetDatum((*tally)->orders)};
		bool nulls[] = {false, false, false, false};

		CHECK_FOR_INTERRUPTS();
		(void) accumArrayResult(array, HeapTupleGetDatum(heap_form_tuple(row, values, nulls)),
								false, row->tdtypeid, CurrentMemoryContext);
	}
}

PG_FUNCTION_INFO_V1(preference_tallies_final);
Datum
preference_tallies_final(PG_FUNCTION_ARGS)
{
	TalliesState *state = state_argument(fcinfo, 0, NULL);
	Oid type = get_element_type(get_fn_expr_rettype(fcinfo->flinfo));
	TupleDesc row;
	ArrayBuildState *array;

	if (state == NULL)
		PG_RETURN_NULL();
	row = lookup_rowtype_tupdesc_copy(type, -1);
	array = initArrayResult(type, CurrentMemoryContext, false);
	put_tallies(array, row, "source", state->sources);
	put_tallies(array, row, "category", state->categories);
	PG_RETURN_DATUM(makeArrayResult(array, CurrentMemoryContext));
}
