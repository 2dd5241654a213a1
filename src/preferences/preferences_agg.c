/*
 * preferences_agg(): the orders of a customer, or their histories, by source and category. Rows are
 * collected as they come, and put in order at the end: most customers have few.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "core/aggregate.h"
#include "core/argument.h"
#include "core/money.h"
#include "preferences/preferences.h"

#define PREFERENCES_STATE 0x50726566
#define FIRST_ROOM		  8

/* Names are looked for among so many of the last, since most customers know few sources. */
#define LAST_NAMES 16

typedef struct PreferenceRow
{
	HistoryDay day;
	int32 source; /* of the state's names, -1 for none */
	int32 category;
} PreferenceRow;

typedef struct PreferencesState
{
	int32 kind; /* PREFERENCES_STATE: aggregates that others make may hand us any state */
	int32 name_count;
	int32 name_room;
	int64 count;
	int64 room;
	Label *names;
	PreferenceRow *rows;
	MemoryContext context;
} PreferencesState;

static PreferencesState *
new_state(MemoryContext context)
{
	PreferencesState *state = MemoryContextAllocZero(context, sizeof(PreferencesState));

	state->kind = PREFERENCES_STATE;
	state->context = context;
	state->name_room = state->room = FIRST_ROOM;
	state->names = MemoryContextAlloc(context, FIRST_ROOM * sizeof(Label));
	state->rows = MemoryContextAlloc(context, FIRST_ROOM * sizeof(PreferenceRow));
	return state;
}

/* The state so far, NULL before the first row. */
static PreferencesState *
state_argument(FunctionCallInfo fcinfo, int n, MemoryContext *context)
{
	PreferencesState *state;

	if (!AggCheckCallContext(fcinfo, context))
		outside_aggregate(fcinfo);
	state = PG_ARGISNULL(n) ? NULL : (PreferencesState *) PG_GETARG_POINTER(n);
	if (state != NULL && state->kind != PREFERENCES_STATE)
		bad_state();
	return state;
}

static PreferencesState *
growing_state(FunctionCallInfo fcinfo)
{
	MemoryContext context;
	PreferencesState *state = state_argument(fcinfo, 0, &context);

	return state == NULL ? new_state(context) : state;
}

static int32
add_name(PreferencesState *state, Label name)
{
	char *copy;

	if (name.bytes == NULL)
		return -1;
	for (int32 i = state->name_count - 1; i >= Max(0, state->name_count - LAST_NAMES); i--)
	{
		if (compare_labels(&state->names[i], &name) == 0)
			return i;
	}
	if (state->name_count == state->name_room)
	{
		state->name_room *= 2;
		state->names = repalloc_huge(state->names, state->name_room * sizeof(Label));
	}
	copy = MemoryContextAlloc(state->context, Max(name.length, 1));
	memcpy(copy, name.bytes, name.length);
	state->names[state->name_count] = (Label){.bytes = copy, .length = name.length};
	return state->name_count++;
}

static int32
name_argument(PreferencesState *state, FunctionCallInfo fcinfo, int n)
{
	const text *name;

	if (PG_ARGISNULL(n))
		return -1;
	name = PG_GETARG_TEXT_PP(n);
	return add_name(state, (Label){.bytes = VARDATA_ANY(name), .length = VARSIZE_ANY_EXHDR(name)});
}

static void
add_row(PreferencesState *state, const PreferenceRow *row)
{
	if (state->count == state->room)
	{
		state->room *= 2;
		state->rows = repalloc_huge(state->rows, state->room * sizeof(PreferenceRow));
	}
	state->rows[state->count++] = *row;
}

/* (state, day, amount, source, category) */
PG_FUNCTION_INFO_V1(preferences_agg_order);
Datum
preferences_agg_order(PG_FUNCTION_ARGS)
{
	PreferencesState *state;
	PreferenceRow row;
	Money amount;

	check_aggregate(fcinfo);
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		return unchanged_state(fcinfo);
	amount = money_arg_numeric(fcinfo, 2);
	row.day = (HistoryDay){.day = finite_date(PG_GETARG_DATEADT(1)),
						   .orders = amount >= 0,
						   .returns = amount < 0,
						   .amount = amount};
	state = growing_state(fcinfo);
	row.source = name_argument(state, fcinfo, 3);
	row.category = name_argument(state, fcinfo, 4);
	add_row(state, &row);
	PG_RETURN_POINTER(state);
}

/* (state, history, source, category) */
PG_FUNCTION_INFO_V1(preferences_agg_history);
Datum
preferences_agg_history(PG_FUNCTION_ARGS)
{
	HistoryReader reader;
	PreferencesState *state;
	PreferenceRow row;

	check_aggregate(fcinfo);
	if (PG_ARGISNULL(1))
		return unchanged_state(fcinfo);
	reader = history_reader(history_argument(fcinfo, 1));
	state = growing_state(fcinfo);
	row.source = name_argument(state, fcinfo, 2);
	row.category = name_argument(state, fcinfo, 3);
	while (history_read(&reader, &row.day))
	{
		CHECK_FOR_INTERRUPTS();
		add_row(state, &row);
	}
	PG_RETURN_POINTER(state);
}

static const Label no_name = {.bytes = NULL};

static inline const Label *
name_of(const PreferencesState *state, int32 n)
{
	return n < 0 ? &no_name : &state->names[n];
}

static int
compare_groups(const PreferencesState *state, const PreferenceRow *a, const PreferenceRow *b)
{
	int order = 0;

	if (a->source != b->source)
		order = compare_labels(name_of(state, a->source), name_of(state, b->source));
	if (order == 0 && a->category != b->category)
		order = compare_labels(name_of(state, a->category), name_of(state, b->category));
	return order;
}

static inline int
compare_rows(const PreferencesState *state, const PreferenceRow *a, const PreferenceRow *b)
{
	int order = compare_groups(state, a, b);

	return order != 0 ? order : (a->day.day > b->day.day) - (a->day.day < b->day.day);
}

#define ST_SORT					sort_rows
#define ST_ELEMENT_TYPE			PreferenceRow
#define ST_COMPARE(a, b, state) compare_rows(state, a, b)
#define ST_COMPARE_ARG_TYPE		const PreferencesState
#define ST_SCOPE				static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

static void
write_entry(StringInfo out, const HistoryDay *day, int64 previous_day)
{
	enlargeStringInfo(out, HISTORY_ENTRY_SIZE);
	out->len += history_write((uint8 *) out->data + out->len, day, previous_day);
}

/* The entries of rows that are in order, one a day. */
static void
write_history(StringInfo entries, const PreferenceRow *rows, int64 count)
{
	HistoryDays list = {
		.days = MemoryContextAllocHuge(CurrentMemoryContext, count * sizeof(HistoryDay))};
	int64 previous = 0;

	for (; list.count < count; list.count++)
		list.days[list.count] = rows[list.count].day;
	if (!history_normalize(&list))
		history_overflow();
	resetStringInfo(entries);
	for (int64 i = 0; i < list.count; i++)
	{
		write_entry(entries, &list.days[i], previous);
		previous = list.days[i].day;
	}
	pfree(list.days);
}

static void
write_groups(StringInfo out, PreferencesState *state)
{
	const PreferenceRow *row = state->rows;
	const PreferenceRow *end = row + state->count;
	const Label *source = &no_name;
	const Label *category = &no_name;
	StringInfoData entries;

	initStringInfo(&entries);
	while (row < end)
	{
		const PreferenceRow *next = row + 1;

		while (next < end && compare_groups(state, row, next) == 0)
			next++;
		write_name(out, name_of(state, row->source), source);
		write_name(out, name_of(state, row->category), category);
		write_history(&entries, row, next - row);
		write_number(out, (uint32) entries.len);
		appendBinaryStringInfo(out, entries.data, entries.len);
		source = name_of(state, row->source);
		category = name_of(state, row->category);
		row = next;
	}
}

/*
 * Also what a worker hands on. The rows are put in another order, which does not matter to whoever
 * asks again.
 */
PG_FUNCTION_INFO_V1(preferences_final);
Datum
preferences_final(PG_FUNCTION_ARGS)
{
	PreferencesState *state = state_argument(fcinfo, 0, NULL);
	StringInfoData out;

	if (state == NULL)
		PG_RETURN_NULL();
	sort_rows(state->rows, state->count, state);
	initStringInfo(&out);
	appendStringInfoSpaces(&out, VARHDRSZ);
	appendStringInfoCharMacro(&out, PREFERENCES_FORM);
	write_groups(&out, state);
	SET_VARSIZE(out.data, out.len);
	PG_RETURN_BYTEA_P(out.data);
}

static void
add_group(PreferencesState *state, const PreferenceGroup *group)
{
	HistoryReader history = group->history;
	PreferenceRow row = {.source = add_name(state, group->source),
						 .category = add_name(state, group->category)};

	while (history_read(&history, &row.day))
	{
		CHECK_FOR_INTERRUPTS();
		add_row(state, &row);
	}
}

PG_FUNCTION_INFO_V1(preferences_deserialize);
Datum
preferences_deserialize(PG_FUNCTION_ARGS)
{
	MemoryContext context;
	PreferencesReader reader;
	PreferencesState *state;

	if (!AggCheckCallContext(fcinfo, &context))
		outside_aggregate(fcinfo);
	reader = preferences_of(PG_GETARG_BYTEA_PP(0));
	state = new_state(context);
	while (preferences_read(&reader))
		add_group(state, &reader.group);
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(preferences_combine);
Datum
preferences_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context;
	PreferencesState *state = state_argument(fcinfo, 0, &context);
	const PreferencesState *more = state_argument(fcinfo, 1, &context);

	if (more == NULL)
		return unchanged_state(fcinfo);
	if (state == NULL)
		state = new_state(context);
	for (int64 i = 0; i < more->count; i++)
	{
		PreferenceRow row = more->rows[i];

		CHECK_FOR_INTERRUPTS();
		row.source = add_name(state, *name_of(more, row.source));
		row.category = add_name(state, *name_of(more, row.category));
		add_row(state, &row);
	}
	PG_RETURN_POINTER(state);
}
