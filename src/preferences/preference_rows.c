/*
 * preference_histories(preferences) and first_preference(preferences): the groups as rows, and the
 * first order.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "funcapi.h"
#include "miscadmin.h"

#include "core/money.h"
#include "core/row.h"
#include "preferences/preferences.h"

/* Its entries, which the reader is at the begin of, as a value of its own */
static History *
group_history(const PreferenceGroup *group)
{
	Size used = group->history.end - group->history.next;
	History *history = palloc(offsetof(History, entries) + used);

	SET_VARSIZE(history, offsetof(History, entries) + used);
	history->form = HISTORY_FORM;
	memcpy(history->entries, group->history.next, used);
	return history;
}

static Datum
group_row(TupleDesc row, const PreferenceGroup *group)
{
	Datum values[] = {label_text(&group->source), label_text(&group->category),
					  PointerGetDatum(group_history(group))};
	bool nulls[] = {group->source.bytes == NULL, group->category.bytes == NULL, false};

	return HeapTupleGetDatum(heap_form_tuple(row, values, nulls));
}

/* What is read stays as long as rows are asked for. */
static PreferencesReader *
start_reading(FuncCallContext *call, FunctionCallInfo fcinfo)
{
	MemoryContext caller = MemoryContextSwitchTo(call->multi_call_memory_ctx);
	PreferencesReader *reader = palloc(sizeof(PreferencesReader));

	*reader = preferences_of(PG_GETARG_BYTEA_P_COPY(0));
	if (get_call_result_type(fcinfo, NULL, &call->tuple_desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "the function's result is not a row");
	call->tuple_desc = BlessTupleDesc(call->tuple_desc);
	MemoryContextSwitchTo(caller);
	return reader;
}

PG_FUNCTION_INFO_V1(preference_histories);
Datum
preference_histories(PG_FUNCTION_ARGS)
{
	FuncCallContext *call;
	PreferencesReader *reader;

	if (SRF_IS_FIRSTCALL())
	{
		call = SRF_FIRSTCALL_INIT();
		call->user_fctx = start_reading(call, fcinfo);
	}
	call = SRF_PERCALL_SETUP();
	reader = call->user_fctx;
	if (!preferences_read(reader))
		SRF_RETURN_DONE(call);
	SRF_RETURN_NEXT(call, group_row(call->tuple_desc, &reader->group));
}

/* The first day with an order of a group; false where there is none. */
static bool
read_first_day(HistoryReader history, HistoryDay *day)
{
	while (history_read(&history, day))
	{
		if (day->orders > 0)
			return true;
	}
	return false;
}

/* Where several orders are of the first day, nothing here tells which was first. */
PG_FUNCTION_INFO_V1(first_preference);
Datum
first_preference(PG_FUNCTION_ARGS)
{
	PreferencesReader reader = preferences_of(PG_GETARG_BYTEA_PP(0));
	PreferenceGroup group = {.source = {.bytes = NULL}};
	HistoryDay first = {.orders = 0};
	HistoryDay day;
	bool is_alone = false;

	while (preferences_read(&reader))
	{
		CHECK_FOR_INTERRUPTS();
		if (!read_first_day(reader.group.history, &day) ||
			(first.orders > 0 && day.day > first.day))
			continue;
		is_alone = (first.orders == 0 || day.day < first.day) && day.orders == 1;
		first = day;
		group = reader.group;
	}
	if (!is_alone)
		return empty_row_result(fcinfo);
	return row_result(
		fcinfo,
		(Datum[]){DateADTGetDatum(first.day), label_text(&group.source),
				  label_text(&group.category), NumericGetDatum(money_total(first.amount))},
		(bool[]){false, group.source.bytes == NULL, group.category.bytes == NULL, false});
}
