/*
 * The values of all customers that classes and scores compare: collecting them, here and in other
 * processes.
 */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "utils/memutils.h"

#include "classes/class_values.h"
#include "core/aggregate.h"
#include "core/money.h"

#define FIRST_ROOM 1024

static ClassValues *
new_values(const ClassRules *rules, MemoryContext context)
{
	int count = rules->count + (rules->has_scores ? SCORES + 1 : 0);
	ClassValues *values =
		MemoryContextAllocZero(context, offsetof(ClassValues, lists) + count * sizeof(ValueList));

	values->kind = CLASS_VALUES;
	values->count = count;
	values->rules = MemoryContextAlloc(context, VARSIZE(rules));
	memcpy(values->rules, rules, VARSIZE(rules));
	return values;
}

static void
make_room(ValueList *list, int64 more, MemoryContext context)
{
	int64 needed = list->count + more;

	if (needed <= list->room)
		return;
	list->room = Max(needed, Max(list->room + list->room / 2, FIRST_ROOM));
	list->values = list->values == NULL
					   ? MemoryContextAllocHuge(context, list->room * sizeof(int128))
					   : repalloc_huge(list->values, list->room * sizeof(int128));
}

static void
add_values(ValueList *list, const int128 *values, int64 count, MemoryContext context)
{
	if (count == 0)
		return;
	make_room(list, count, context);
	memcpy(list->values + list->count, values, count * sizeof(int128));
	list->count += count;
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

ClassValues *
final_values(FunctionCallInfo fcinfo)
{
	aggregate_context(fcinfo);
	return values_argument(fcinfo, 0);
}

static void
add_standings(ClassValues *values, const Standing *standings, MemoryContext context)
{
	for (int i = 0; i < values->rules->count; i++)
	{
		if (standings[i].is_classed && standings[i].value > 0)
			add_values(&values->lists[i], &standings[i].value, 1, context);
	}
}

/* How many decimals an amount in 1/10000 needs. */
static int32
decimals_of(int128 amount)
{
	int32 decimals = MONEY_DECIMALS;

	for (; decimals > 0 && amount % 10 == 0; decimals--)
		amount /= 10;
	return decimals;
}

static void
add_figures(ClassValues *values, const Figures *figures, MemoryContext context)
{
	add_standings(values, &figures->standing, context);
	if (figures->standing.is_classed && values->decimals < MONEY_DECIMALS)
		values->decimals = Max(values->decimals, decimals_of(figures->standing.value));
	for (int i = 0; i < SCORES; i++)
	{
		int128 value = scored_value(figures, (Score) i);

		add_values(scored_values(values, (Score) i), &value, 1, context);
	}
	if (figures->gap.count > 0)
	{
		int128 halves = (int128) (2 * figures->gap.days);

		add_values(gaps_of(values), &halves, 1, context);
	}
}

PG_FUNCTION_INFO_V1(class_values_transition);
Datum
class_values_transition(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo);
	ClassValues *values = values_argument(fcinfo, 0);
	const struct varlena *history;
	const struct varlena *profit;
	Figures figures;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(3))
		return unchanged_state(fcinfo);
	if (values == NULL)
		values = new_values(rules_argument(fcinfo, 3), context);
	history = history_argument(fcinfo, 1);
	profit = PG_ARGISNULL(2) || !values->rules->by_profit ? NULL : history_argument(fcinfo, 2);
	if (!values->rules->has_scores)
		add_standings(values, standings_of(history, profit, values->rules), context);
	else if (read_figures(history, profit, values->rules, &figures))
		add_figures(values, &figures, context);
	PG_RETURN_POINTER(values);
}

PG_FUNCTION_INFO_V1(class_values_combine);
Datum
class_values_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo);
	ClassValues *values = values_argument(fcinfo, 0);
	const ClassValues *more = values_argument(fcinfo, 1);

	if (more == NULL)
		return unchanged_state(fcinfo);
	if (values == NULL)
		values = new_values(more->rules, context);
	if (values->count != more->count)
		bad_state();
	values->decimals = Max(values->decimals, more->decimals);
	for (int i = 0; i < values->count; i++)
		add_values(&values->lists[i], more->lists[i].values, more->lists[i].count, context);
	PG_RETURN_POINTER(values);
}

static Size
message_size(const ClassValues *values)
{
	Size size = VARSIZE(values->rules) + sizeof(int32);

	for (int i = 0; i < values->count; i++)
		size += sizeof(int64) + values->lists[i].count * sizeof(int128);
	return size;
}

/* The rules, the decimals, and for each list the number of its values and these. */
PG_FUNCTION_INFO_V1(class_values_serialize);
Datum
class_values_serialize(PG_FUNCTION_ARGS)
{
	const ClassValues *values;
	StringInfoData buf;

	aggregate_context(fcinfo);
	values = values_argument(fcinfo, 0);
	if (message_size(values) >= MaxAllocSize - VARHDRSZ)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("too many customers for parallel workers to hand on"),
						errdetail("The state of a worker has up to 1 GB."),
						errhint("Let one process read all rows: SET "
								"max_parallel_workers_per_gather = 0.")));
	pq_begintypsend(&buf);
	pq_sendbytes(&buf, (const char *) values->rules, VARSIZE(values->rules));
	pq_sendint32(&buf, values->decimals);
	for (int i = 0; i < values->count; i++)
	{
		pq_sendint64(&buf, values->lists[i].count);
		pq_sendbytes(&buf, (const char *) values->lists[i].values,
					 (int) (values->lists[i].count * sizeof(int128)));
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
	pq_copymsgbytes(buf, (char *) rules, (int) VARSIZE(&header));
	if (!is_rules(rules))
		bad_state();
	return rules;
}

static void
receive_list(StringInfo buf, ValueList *list, MemoryContext context)
{
	int64 count = pq_getmsgint64(buf);

	if (count < 0 || count > (buf->len - buf->cursor) / (int64) sizeof(int128))
		bad_state();
	if (count == 0)
		return;
	make_room(list, count, context);
	pq_copymsgbytes(buf, (char *) list->values, (int) (count * sizeof(int128)));
	list->count = count;
}

PG_FUNCTION_INFO_V1(class_values_deserialize);
Datum
class_values_deserialize(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo);
	bytea *bytes = PG_GETARG_BYTEA_PP(0);
	StringInfoData buf = {.data = VARDATA_ANY(bytes), .len = (int) VARSIZE_ANY_EXHDR(bytes)};
	ClassValues *values = new_values(received_rules(&buf), context);

	values->decimals = (int32) pq_getmsgint(&buf, sizeof(int32));
	if (values->decimals < 0 || values->decimals > MONEY_DECIMALS)
		bad_state();
	for (int i = 0; i < values->count; i++)
		receive_list(&buf, &values->lists[i], context);
	PG_RETURN_POINTER(values);
}
