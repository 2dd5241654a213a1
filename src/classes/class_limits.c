/*
 * class_limits(history, profit, rules): the rules with the lowest values of the classes A and B at
 * each end. They compare all customers, but what they come to is small, and by it each customer is
 * classified alone.
 */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "utils/memutils.h"

#include "classes/standing.h"
#include "core/aggregate.h"

#define CLASS_VALUES 0x56616c75
#define FIRST_ROOM	 1024

/* The positive values at one end. */
typedef struct EndValues
{
	int128 *values;
	int64 count;
	int64 room;
} EndValues;

typedef struct ClassValues
{
	int32 kind; /* CLASS_VALUES: aggregates that others make may hand us any state */
	ClassRules *rules;
	EndValues ends[FLEXIBLE_ARRAY_MEMBER];
} ClassValues;

static ClassValues *
new_values(const ClassRules *rules, MemoryContext context)
{
	ClassValues *values = MemoryContextAllocZero(context, offsetof(ClassValues, ends) +
															  rules->count * sizeof(EndValues));

	values->kind = CLASS_VALUES;
	values->rules = MemoryContextAlloc(context, VARSIZE(rules));
	memcpy(values->rules, rules, VARSIZE(rules));
	return values;
}

static void
make_room(EndValues *end, int64 more, MemoryContext context)
{
	int64 needed = end->count + more;

	if (needed <= end->room)
		return;
	end->room = Max(needed, Max(end->room + end->room / 2, FIRST_ROOM));
	end->values = end->values == NULL ? MemoryContextAllocHuge(context, end->room * sizeof(int128))
									  : repalloc_huge(end->values, end->room * sizeof(int128));
}

static void
add_values(EndValues *end, const int128 *values, int64 count, MemoryContext context)
{
	if (count == 0)
		return;
	make_room(end, count, context);
	memcpy(end->values + end->count, values, count * sizeof(int128));
	end->count += count;
}

static ClassValues *
values_argument(FunctionCallInfo fcinfo, int n)
{
	ClassValues *values = PG_ARGISNULL(n) ? NULL : (ClassValues *) PG_GETARG_POINTER(n);

	if (values != NULL && values->kind != CLASS_VALUES)
		bad_state();
	return values;
}

static MemoryContext
aggregate_context(FunctionCallInfo fcinfo)
{
	MemoryContext context;

	if (!AggCheckCallContext(fcinfo, &context))
		outside_aggregate(fcinfo);
	return context;
}

PG_FUNCTION_INFO_V1(class_limits_transition);
Datum
class_limits_transition(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo);
	ClassValues *values = values_argument(fcinfo, 0);
	const Standing *standings;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(3))
		return unchanged_state(fcinfo);
	if (values == NULL)
		values = new_values(rules_argument(fcinfo, 3), context);
	standings = read_standings(history_argument(fcinfo, 1),
							   PG_ARGISNULL(2) ? NULL : history_argument(fcinfo, 2), values->rules);
	for (int i = 0; i < values->rules->count; i++)
	{
		if (standings[i].is_classed && standings[i].value > 0)
			add_values(&values->ends[i], &standings[i].value, 1, context);
	}
	PG_RETURN_POINTER(values);
}

PG_FUNCTION_INFO_V1(class_limits_combine);
Datum
class_limits_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo);
	ClassValues *values = values_argument(fcinfo, 0);
	const ClassValues *more = values_argument(fcinfo, 1);

	if (more == NULL)
		return unchanged_state(fcinfo);
	if (values == NULL)
		values = new_values(more->rules, context);
	if (values->rules->count != more->rules->count)
		bad_state();
	for (int i = 0; i < values->rules->count; i++)
		add_values(&values->ends[i], more->ends[i].values, more->ends[i].count, context);
	PG_RETURN_POINTER(values);
}

static Size
part_size(const ClassValues *values)
{
	Size size = VARSIZE(values->rules);

	for (int i = 0; i < values->rules->count; i++)
		size += sizeof(int64) + values->ends[i].count * sizeof(int128);
	return size;
}

/* The rules, and for each end the number of its values and these. */
PG_FUNCTION_INFO_V1(class_limits_serialize);
Datum
class_limits_serialize(PG_FUNCTION_ARGS)
{
	const ClassValues *values;
	StringInfoData buf;

	aggregate_context(fcinfo);
	values = values_argument(fcinfo, 0);
	if (part_size(values) >= MaxAllocSize - VARHDRSZ)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("too many customers for parallel workers to hand on"),
						errdetail("The state of a worker has up to 1 GB."),
						errhint("Let one process read all rows: SET "
								"max_parallel_workers_per_gather = 0.")));
	pq_begintypsend(&buf);
	pq_sendbytes(&buf, (const char *) values->rules, VARSIZE(values->rules));
	for (int i = 0; i < values->rules->count; i++)
	{
		pq_sendint64(&buf, values->ends[i].count);
		pq_sendbytes(&buf, (const char *) values->ends[i].values,
					 (int) (values->ends[i].count * sizeof(int128)));
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

/* The rules that a message begins with. */
static const ClassRules *
received_rules(StringInfo buf)
{
	int32 header = 0;
	ClassRules *rules;

	memcpy(&header, pq_getmsgbytes(buf, sizeof(header)), sizeof(header));
	buf->cursor -= sizeof(header);
	if (VARSIZE(&header) > (Size) buf->len || VARSIZE(&header) < sizeof(ClassRules))
		bad_state();
	rules = palloc(VARSIZE(&header));
	pq_copymsgbytes(buf, (char *) rules, VARSIZE(&header));
	if (!is_rules(rules))
		bad_state();
	return rules;
}

PG_FUNCTION_INFO_V1(class_limits_deserialize);
Datum
class_limits_deserialize(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo);
	bytea *bytes = PG_GETARG_BYTEA_PP(0);
	StringInfoData buf = {.data = VARDATA_ANY(bytes), .len = VARSIZE_ANY_EXHDR(bytes)};
	ClassValues *values = new_values(received_rules(&buf), context);

	for (int i = 0; i < values->rules->count; i++)
	{
		int64 count = pq_getmsgint64(&buf);

		if (count < 0 || count > (buf.len - buf.cursor) / (int64) sizeof(int128))
			bad_state();
		if (count == 0)
			continue;
		make_room(&values->ends[i], count, context);
		pq_copymsgbytes(&buf, (char *) values->ends[i].values, (int) (count * sizeof(int128)));
		values->ends[i].count = count;
	}
	PG_RETURN_POINTER(values);
}

/* The values are put in another order, which does not matter to whoever asks again. */
PG_FUNCTION_INFO_V1(class_limits_final);
Datum
class_limits_final(PG_FUNCTION_ARGS)
{
	ClassValues *values = values_argument(fcinfo, 0);
	ClassRules *rules;
	Datum a;
	Datum b;

	aggregate_context(fcinfo);
	if (values == NULL)
		PG_RETURN_NULL();
	rules = palloc(VARSIZE(values->rules));
	memcpy(rules, values->rules, VARSIZE(values->rules));
	a = NumericGetDatum(numeric_from_decimal(rules->a));
	b = NumericGetDatum(numeric_from_decimal(rules->b));
	for (int i = 0; i < rules->count; i++)
		rules->ends[i].limits = abc_limits(values->ends[i].values, values->ends[i].count, a, b);
	rules->has_limits = true;
	PG_RETURN_POINTER(rules);
}
