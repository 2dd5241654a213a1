/*
 * The type purchase_history: its text, binary and jsonb forms.
 *
 * Text: {2025-01-03:12.5,2025-02-01:7.25/2,2025-03-01:-5/0/1}, for each day its amount, and where
 * they are not 1 and 0 its orders and returns.
 */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "core/money.h"
#include "core/json_writer.h"
#include "core/text_form.h"
#include "history/history.h"

static void
append_amount(StringInfo out, int128 amount)
{
	char text[MONEY_TEXT_SIZE];

	appendBinaryStringInfo(out, text, money_to_text(amount, text));
}

PG_FUNCTION_INFO_V1(purchase_history_out);
Datum
purchase_history_out(PG_FUNCTION_ARGS)
{
	HistoryReader reader = history_reader(history_argument(fcinfo, 0));
	HistoryDay day;
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfoChar(&out, '{');
	while (history_read(&reader, &day))
	{
		CHECK_FOR_INTERRUPTS();
		if (out.len > 1)
			appendStringInfoChar(&out, ',');
		append_day(&out, day.day);
		appendStringInfoChar(&out, ':');
		append_amount(&out, day.amount);
		if (day.orders != 1 || day.returns != 0)
			appendStringInfo(&out, "/" INT64_FORMAT, day.orders);
		if (day.returns != 0)
			appendStringInfo(&out, "/" INT64_FORMAT, day.returns);
	}
	appendStringInfoChar(&out, '}');
	PG_RETURN_CSTRING(out.data);
}

static bool
parse_entry(const char **in, HistoryDay *day)
{
	*day = (HistoryDay){.orders = 1};
	if (!read_day(in, &day->day) || !read_word(in, ":") ||
		!money_from_text(in, HISTORY_DAY_LIMIT, &day->amount))
		return false;
	if (read_word(in, "/"))
	{
		if (!read_count(in, &day->orders))
			return false;
		if (read_word(in, "/") && !read_count(in, &day->returns))
			return false;
	}
	return history_day_error(day) == NULL;
}

#define SHORTEST_ENTRY 11 /* bytes of "0001-1-1:1," */

/* All of {entry,entry,...}, in any order; a day named twice holds the sum. */
static bool
parse_history(const char *in, HistoryDays *list)
{
	in = skip_space(in);
	if (!read_word(&in, "{"))
		return false;
	in = skip_space(in);
	while (!read_word(&in, "}"))
	{
		CHECK_FOR_INTERRUPTS();
		if (list->count > 0 && !read_word(&in, ","))
			return false;
		in = skip_space(in);
		if (!parse_entry(&in, &list->days[list->count++]))
			return false;
		in = skip_space(in);
	}
	in = skip_space(in);
	return *in == '\0' && history_normalize(list);
}

PG_FUNCTION_INFO_V1(purchase_history_in);
Datum
purchase_history_in(PG_FUNCTION_ARGS)
{
	char *text = PG_GETARG_CSTRING(0);
	int64 most = most_entries(text, ':', SHORTEST_ENTRY);
	HistoryDays list = {.count = 0};

	/* one more, for what comes behind the last */
	list.days = MemoryContextAllocHuge(CurrentMemoryContext, (most + 1) * sizeof(HistoryDay));
	if (!parse_history(text, &list))
		ereturn(fcinfo->context, (Datum) 0,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type purchase_history: \"%.*s\"",
						shown_length(text), text),
				 errhint("Write days as year-month-day:amount/orders/returns, such as "
						 "{2025-01-03:12.5,2025-02-01:7.25/2,2025-03-01:-5/0/1}.")));
	if (list.count > HISTORY_DAYS)
		ereturn(fcinfo->context, (Datum) 0, err_history_too_large());
	PG_RETURN_POINTER(history_pack(list));
}

PG_FUNCTION_INFO_V1(purchase_history_send);
Datum
purchase_history_send(PG_FUNCTION_ARGS)
{
	const struct varlena *history = history_argument(fcinfo, 0);
	StringInfoData out;

	pq_begintypsend(&out);
	pq_sendbytes(&out, VARDATA_ANY(history), VARSIZE_ANY_EXHDR(history));
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

_Noreturn static void
bad_binary(const char *detail)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
					errmsg("invalid binary form of purchase_history"), errdetail("%s", detail),
					errhint("Send what the binary form of a value of this version holds.")));
	pg_unreachable();
}

/* Every day is possible and later than the one before, and nothing can be written shorter. */
static void
check_received(const struct varlena *history)
{
	HistoryReader reader = history_reader(history);
	uint8 canonical[HISTORY_ENTRY_SIZE];
	int64 previous = 0;
	HistoryDay day;

	reader.error_code = ERRCODE_INVALID_BINARY_REPRESENTATION;
	for (const uint8 *start = reader.next; history_read(&reader, &day); start = reader.next)
	{
		const char *error = history_day_error(&day);
		bool first = start == (const uint8 *) VARDATA_ANY(history) + 1;

		CHECK_FOR_INTERRUPTS();
		if (error != NULL)
			bad_binary(error);
		if (!first && day.day <= previous)
			bad_binary("Days come in order, each once.");
		if (history_write(canonical, &day, previous) != reader.next - start ||
			memcmp(canonical, start, reader.next - start) != 0)
			bad_binary("Numbers are written as short as possible.");
		previous = day.day;
	}
}

PG_FUNCTION_INFO_V1(purchase_history_recv);
Datum
purchase_history_recv(PG_FUNCTION_ARGS)
{
	StringInfo in = (StringInfo) PG_GETARG_POINTER(0);
	int size = in->len - in->cursor;
	History *history;

	if (size < 1 || in->data[in->cursor] != HISTORY_FORM)
		bad_binary("The first byte is the version, 1.");
	history = palloc(VARHDRSZ + size);
	SET_VARSIZE(history, VARHDRSZ + size);
	pq_copymsgbytes(in, VARDATA(history), size);
	check_received((struct varlena *) history);
	PG_RETURN_POINTER(history);
}

static void
write_json_day(JsonWriter *json, const HistoryDay *day)
{
	json_bracket(json, WJB_BEGIN_OBJECT);
	json_name(json, "day");
	json_day(json, day->day);
	json_name(json, "orders");
	json_integer(json, day->orders);
	json_name(json, "returns");
	json_integer(json, day->returns);
	json_name(json, "amount");
	json_number(json, money_number(day->amount));
	json_bracket(json, WJB_END_OBJECT);
}

PG_FUNCTION_INFO_V1(purchase_history_to_jsonb);
Datum
purchase_history_to_jsonb(PG_FUNCTION_ARGS)
{
	HistoryReader reader = history_reader(history_argument(fcinfo, 0));
	JsonWriter json = json_writer("purchase_history");
	HistoryDay day;

	json_bracket(&json, WJB_BEGIN_ARRAY);
	while (history_read(&reader, &day))
		write_json_day(&json, &day);
	json_bracket(&json, WJB_END_ARRAY);
	return json_finish(&json);
}
