/*
 * The type survival: its text, binary and jsonb forms.
 *
 * Text: {1:1,2:1/1,3:0/1}, for each duration in days how many ended, and where there are any how
 * many were censored.
 */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "core/json_writer.h"
#include "core/text_form.h"
#include "survival/survival.h"

#define SENT_ENTRY_SIZE ((int) (sizeof(int32) + 2 * sizeof(int64)))

static bool
is_entry(const SurvivalEntry *entry)
{
	return entry->duration >= 0 && entry->ended >= 0 && entry->censored >= 0 &&
		   (entry->ended > 0 || entry->censored > 0);
}

static bool
parse_entry(const char **in, SurvivalEntry *entry)
{
	int64 duration;

	*entry = (SurvivalEntry){.ended = 0};
	if (!read_count(in, &duration) || duration > PG_INT32_MAX || !read_word(in, ":") ||
		!read_count(in, &entry->ended))
		return false;
	if (read_word(in, "/") && !read_count(in, &entry->censored))
		return false;
	entry->duration = (int32) duration;
	return is_entry(entry);
}

#define SHORTEST_ENTRY 4 /* bytes of "1:1," */

/* All of {entry,entry,...}, in any order; a duration named twice holds the sum. False for anything
 * else, and where a value has no room for so many. */
static bool
parse_survival(const char *in, Survival *survival)
{
	in = skip_space(in);
	if (!read_word(&in, "{"))
		return false;
	in = skip_space(in);
	while (!read_word(&in, "}"))
	{
		SurvivalEntry entry;

		CHECK_FOR_INTERRUPTS();
		if (survival->count > 0 && !read_word(&in, ","))
			return false;
		in = skip_space(in);
		if (survival->count == SURVIVAL_ENTRIES || !parse_entry(&in, &entry) ||
			!survival_append(survival, &entry))
			return false;
		in = skip_space(in);
	}
	in = skip_space(in);
	survival_sort(survival);
	return *in == '\0';
}

PG_FUNCTION_INFO_V1(survival_in);
Datum
survival_in(PG_FUNCTION_ARGS)
{
	char *text = PG_GETARG_CSTRING(0);
	Survival *survival =
		make_survival(Min(most_entries(text, ':', SHORTEST_ENTRY), SURVIVAL_ENTRIES));
	bool is_read = parse_survival(text, survival);

	if (!is_read && survival->count == SURVIVAL_ENTRIES)
		ereturn(fcinfo->context, (Datum) 0, err_survival_too_large());
	if (!is_read)
		ereturn(
			fcinfo->context, (Datum) 0,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid input syntax for type survival: \"%.*s\"", shown_length(text), text),
			 errhint("Write durations as days:ended/censored, such as {1:1,2:1/1,3:0/1}, with "
					 "counts that are not both zero and fit 64 bits together.")));
	PG_RETURN_POINTER(survival_copy(survival));
}

PG_FUNCTION_INFO_V1(survival_out);
Datum
survival_out(PG_FUNCTION_ARGS)
{
	const Survival *survival = survival_arg(fcinfo, 0);
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfoChar(&out, '{');
	for (int i = 0; i < survival->count; i++)
	{
		const SurvivalEntry *entry = &survival->entries[i];

		CHECK_FOR_INTERRUPTS();
		appendStringInfo(&out, "%s%d:" INT64_FORMAT, i == 0 ? "" : ",", entry->duration,
						 entry->ended);
		if (entry->censored > 0)
			appendStringInfo(&out, "/" INT64_FORMAT, entry->censored);
	}
	appendStringInfoChar(&out, '}');
	PG_RETURN_CSTRING(out.data);
}

/* False where the message goes on otherwise than in entries, the shortest duration first. */
static bool
receive_entries(StringInfo in, Survival *survival, int count)
{
	for (int i = 0; i < count; i++)
	{
		SurvivalEntry entry = {.duration = (int32) pq_getmsgint(in, sizeof(int32))};

		CHECK_FOR_INTERRUPTS();
		entry.ended = pq_getmsgint64(in);
		entry.censored = pq_getmsgint64(in);
		if (!is_entry(&entry) || !survival_append(survival, &entry))
			return false;
	}
	return survival->sorted == count;
}

/* NULL where the message is none of ours. */
static Survival *
survival_from_message(StringInfo in)
{
	int size = in->len - in->cursor - 1;
	Survival *survival;

	if (size < 0 || size % SENT_ENTRY_SIZE != 0 || pq_getmsgbyte(in) != SURVIVAL_VERSION)
		return NULL;
	survival = make_survival(size / SENT_ENTRY_SIZE);
	return receive_entries(in, survival, size / SENT_ENTRY_SIZE) ? survival : NULL;
}

PG_FUNCTION_INFO_V1(survival_recv);
Datum
survival_recv(PG_FUNCTION_ARGS)
{
	StringInfo in = (StringInfo) PG_GETARG_POINTER(0);
	int length = in->len - in->cursor;
	Survival *survival = survival_from_message(in);

	if (survival == NULL)
		ereport(
			ERROR,
			(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
			 errmsg("invalid binary form of type survival, of %d bytes", length),
			 errhint("Send a byte of value %d, and for each duration, in rising order, its days "
					 "as a 32-bit integer of zero or more and the numbers of ended and of "
					 "censored ones as 64-bit integers of zero or more, not both zero.",
					 SURVIVAL_VERSION)));
	PG_RETURN_POINTER(survival);
}

PG_FUNCTION_INFO_V1(survival_send);
Datum
survival_send(PG_FUNCTION_ARGS)
{
	const Survival *survival = survival_arg(fcinfo, 0);
	StringInfoData out;

	pq_begintypsend(&out);
	pq_sendbyte(&out, SURVIVAL_VERSION);
	for (int i = 0; i < survival->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		pq_sendint32(&out, survival->entries[i].duration);
		pq_sendint64(&out, survival->entries[i].ended);
		pq_sendint64(&out, survival->entries[i].censored);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

static void
write_entry(JsonWriter *json, const SurvivalEntry *entry)
{
	json_bracket(json, WJB_BEGIN_OBJECT);
	json_name(json, "duration");
	json_integer(json, entry->duration);
	json_name(json, "ended");
	json_integer(json, entry->ended);
	json_name(json, "censored");
	json_integer(json, entry->censored);
	json_bracket(json, WJB_END_OBJECT);
}

PG_FUNCTION_INFO_V1(survival_to_jsonb);
Datum
survival_to_jsonb(PG_FUNCTION_ARGS)
{
	const Survival *survival = survival_arg(fcinfo, 0);
	JsonWriter json = json_writer("survival");

	json_bracket(&json, WJB_BEGIN_ARRAY);
	for (int i = 0; i < survival->count; i++)
		write_entry(&json, &survival->entries[i]);
	json_bracket(&json, WJB_END_ARRAY);
	return json_finish(&json);
}
