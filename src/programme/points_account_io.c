/*
 * The type points_account: its text, binary and jsonb forms.
 *
 * Text: {2025-01-03:100,2025-02-01:50/30,2025-02-01@2026-02-01:20}, for each day, and day on which
 * the points expire, how many were earned and, where there are any, redeemed.
 */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "core/json_writer.h"
#include "core/money.h"
#include "core/text_form.h"
#include "programme/points_account.h"

#define SENT_ENTRY_SIZE ((int) (2 * sizeof(int32) + 2 * sizeof(int64)))

static bool
is_entry(const PointsEntry *entry)
{
	bool expires = !DATE_IS_NOEND(entry->expires_on);

	return IS_VALID_DATE(entry->day) && (!expires || IS_VALID_DATE(entry->expires_on)) &&
		   entry->earned >= 0 && entry->redeemed >= 0 &&
		   (expires ? entry->earned > 0 && entry->redeemed == 0
					: entry->earned > 0 || entry->redeemed > 0);
}

static bool
read_points(const char **in, int64 *points)
{
	int128 units;

	if (!money_from_text(in, PG_INT64_MAX, &units) || units < 0)
		return false;
	*points = (int64) units;
	return true;
}

static bool
parse_entry(const char **in, PointsEntry *entry)
{
	*entry = (PointsEntry){.expires_on = DATEVAL_NOEND};
	if (!read_day(in, &entry->day) || (read_word(in, "@") && !read_day(in, &entry->expires_on)) ||
		!read_word(in, ":") || !read_points(in, &entry->earned) ||
		(read_word(in, "/") && !read_points(in, &entry->redeemed)))
		return false;
	return is_entry(entry);
}

#define SHORTEST_ENTRY 11 /* bytes of "2025-1-1:1," */

/* All of {entry,entry,...}, in any order; a day named twice holds the sum. False for anything else,
 * and where a value has no room for so many. */
static bool
parse_account(const char *in, PointsAccount *account)
{
	in = skip_space(in);
	if (!read_word(&in, "{"))
		return false;
	in = skip_space(in);
	while (!read_word(&in, "}"))
	{
		PointsEntry entry;

		CHECK_FOR_INTERRUPTS();
		if (account->count > 0 && !read_word(&in, ","))
			return false;
		in = skip_space(in);
		if (account->count == POINTS_ENTRIES || !parse_entry(&in, &entry) ||
			!points_append(account, &entry))
			return false;
		in = skip_space(in);
	}
	in = skip_space(in);
	points_sort(account);
	return *in == '\0';
}

PG_FUNCTION_INFO_V1(points_account_in);
Datum
points_account_in(PG_FUNCTION_ARGS)
{
	char *text = PG_GETARG_CSTRING(0);
	PointsAccount *account =
		make_points(Min(most_entries(text, ':', SHORTEST_ENTRY), POINTS_ENTRIES));
	bool is_read = parse_account(text, account);

	if (!is_read && account->count == POINTS_ENTRIES)
		ereturn(fcinfo->context, (Datum) 0, err_points_too_large());
	if (!is_read)
		ereturn(
			fcinfo->context, (Datum) 0,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid input syntax for type points_account: \"%.*s\"", shown_length(text),
					text),
			 errhint("Write days as day@expiry:earned/redeemed, such as "
					 "{2025-01-03:100,2025-02-01:50/30,2025-02-01@2026-02-01:20}, with points that "
					 "are not both zero, none redeemed where they expire, and at most 922 trillion "
					 "together.")));
	PG_RETURN_POINTER(points_copy(account));
}

static void
append_points(StringInfo out, char mark, int64 points)
{
	char text[MONEY_TEXT_SIZE];

	money_to_text(points, text);
	appendStringInfoChar(out, mark);
	appendStringInfoString(out, text);
}

PG_FUNCTION_INFO_V1(points_account_out);
Datum
points_account_out(PG_FUNCTION_ARGS)
{
	const PointsAccount *account = points_arg(fcinfo, 0);
	StringInfoData out;

	initStringInfo(&out);
	for (int i = 0; i < account->count; i++)
	{
		const PointsEntry *entry = &account->entries[i];

		CHECK_FOR_INTERRUPTS();
		appendStringInfoChar(&out, i == 0 ? '{' : ',');
		append_day(&out, entry->day);
		if (!DATE_IS_NOEND(entry->expires_on))
		{
			appendStringInfoChar(&out, '@');
			append_day(&out, entry->expires_on);
		}
		append_points(&out, ':', entry->earned);
		if (entry->redeemed > 0)
			append_points(&out, '/', entry->redeemed);
	}
	appendStringInfoString(&out, account->count == 0 ? "{}" : "}");
	PG_RETURN_CSTRING(out.data);
}

/* False where the message goes on otherwise than in entries, the earliest day first. */
static bool
receive_entries(StringInfo in, PointsAccount *account, int count)
{
	for (int i = 0; i < count; i++)
	{
		PointsEntry entry = {.day = (DateADT) pq_getmsgint(in, sizeof(int32))};

		CHECK_FOR_INTERRUPTS();
		entry.expires_on = (DateADT) pq_getmsgint(in, sizeof(int32));
		entry.earned = pq_getmsgint64(in);
		entry.redeemed = pq_getmsgint64(in);
		if (!is_entry(&entry) || !points_append(account, &entry))
			return false;
	}
	return account->sorted == count;
}

/* NULL where the message is none of ours. */
static PointsAccount *
account_from_message(StringInfo in)
{
	int size = in->len - in->cursor - 1;
	PointsAccount *account;

	if (size < 0 || size % SENT_ENTRY_SIZE != 0 || pq_getmsgbyte(in) != POINTS_VERSION)
		return NULL;
	account = make_points(size / SENT_ENTRY_SIZE);
	return receive_entries(in, account, size / SENT_ENTRY_SIZE) ? account : NULL;
}

PG_FUNCTION_INFO_V1(points_account_recv);
Datum
points_account_recv(PG_FUNCTION_ARGS)
{
	StringInfo in = (StringInfo) PG_GETARG_POINTER(0);
	int length = in->len - in->cursor;
	PointsAccount *account = account_from_message(in);

	if (account == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid binary form of type points_account, of %d bytes", length),
				 errhint("Send a byte of value %d, and for each day and day of expiry, in rising "
						 "order, both as 32-bit integers, in days since 2000-01-01 and the largest "
						 "one for never, and the points earned and redeemed as 64-bit integers of "
						 "1/10000, not both zero.",
						 POINTS_VERSION)));
	PG_RETURN_POINTER(account);
}

PG_FUNCTION_INFO_V1(points_account_send);
Datum
points_account_send(PG_FUNCTION_ARGS)
{
	const PointsAccount *account = points_arg(fcinfo, 0);
	StringInfoData out;

	pq_begintypsend(&out);
	pq_sendbyte(&out, POINTS_VERSION);
	for (int i = 0; i < account->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		pq_sendint32(&out, account->entries[i].day);
		pq_sendint32(&out, account->entries[i].expires_on);
		pq_sendint64(&out, account->entries[i].earned);
		pq_sendint64(&out, account->entries[i].redeemed);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

static void
write_entry(JsonWriter *json, const PointsEntry *entry)
{
	json_bracket(json, WJB_BEGIN_OBJECT);
	json_name(json, "day");
	json_day(json, entry->day);
	if (!DATE_IS_NOEND(entry->expires_on))
	{
		json_name(json, "expires_on");
		json_day(json, entry->expires_on);
	}
	json_name(json, "earned");
	json_number(json, money_number(entry->earned));
	json_name(json, "redeemed");
	json_number(json, money_number(entry->redeemed));
	json_bracket(json, WJB_END_OBJECT);
}

PG_FUNCTION_INFO_V1(points_account_to_jsonb);
Datum
points_account_to_jsonb(PG_FUNCTION_ARGS)
{
	const PointsAccount *account = points_arg(fcinfo, 0);
	JsonWriter json = json_writer("points_account");

	json_bracket(&json, WJB_BEGIN_ARRAY);
	for (int i = 0; i < account->count; i++)
		write_entry(&json, &account->entries[i]);
	json_bracket(&json, WJB_END_ARRAY);
	return json_finish(&json);
}
