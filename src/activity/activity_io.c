/*
 * The type activity: its text, binary and jsonb forms.
 *
 * Text: [month 2025-01-01 2025-03-15]{12/10/0/0/0:250.5/0/0/0/0;;3/0/2/1/8:0/60/20/190/-5}, that is
 * the period, the first day of the first one, the as-of date, and for each period its orders, the
 * new, retained, returned and lapsed customers, and the revenue of these and of the inactive. Where
 * nothing happened there is nothing.
 */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "miscadmin.h"

#include "activity/activity.h"
#include "core/json_writer.h"
#include "core/money.h"
#include "core/text_form.h"

#define COUNTS	 5
#define REVENUES 5

#define LARGEST_REVENUE ((int128) (~(uint128) 0 >> 1))

static const char *const count_names[COUNTS] = {"orders", "new", "retained", "returned", "lapsed"};
static const char *const revenue_names[REVENUES] = {
	"new_revenue", "retained_revenue", "returned_revenue", "lapsed_revenue", "inactive_revenue"};

/* In the order of the names: the structure's. */
static int64 *
counts_of(ActivityPeriod *period)
{
	return &period->orders;
}

static int128 *
revenues_of(ActivityPeriod *period)
{
	return &period->new_revenue;
}

static bool
is_empty(const ActivityPeriod *period)
{
	static const ActivityPeriod empty;

	return memcmp(period, &empty, sizeof(empty)) == 0;
}

static void
append_period(StringInfo out, ActivityPeriod *period)
{
	if (is_empty(period))
		return;
	for (int i = 0; i < COUNTS; i++)
	{
		append_count(out, counts_of(period)[i]);
		appendStringInfoChar(out, i < COUNTS - 1 ? '/' : ':');
	}
	for (int i = 0; i < REVENUES; i++)
	{
		char text[MONEY_TEXT_SIZE];

		if (i > 0)
			appendStringInfoChar(out, '/');
		appendBinaryStringInfo(out, text, money_to_text(revenues_of(period)[i], text));
	}
}

PG_FUNCTION_INFO_V1(activity_out);
Datum
activity_out(PG_FUNCTION_ARGS)
{
	Activity *activity = activity_argument(fcinfo, 0);
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfo(&out, "[%s ", period_name(activity->period));
	append_day(&out, period_first_day(activity->period, activity->first));
	appendStringInfoChar(&out, ' ');
	append_day(&out, activity->as_of);
	appendStringInfoString(&out, "]{");
	for (int32 i = 0; i < activity->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (i > 0)
			appendStringInfoChar(&out, ';');
		append_period(&out, &activity->periods[i]);
	}
	appendStringInfoChar(&out, '}');
	PG_RETURN_CSTRING(out.data);
}

/* What stands in brackets; NULL where it is something else. */
static Activity *
read_head(const char **in)
{
	Period period;
	DateADT first_day;
	DateADT as_of;
	DateADT start;
	int32 first;

	if (!read_word(in, "[") || !read_period_name(in, &period) || !read_word(in, " ") ||
		!read_day(in, &first_day) || !read_word(in, " ") || !read_day(in, &as_of) ||
		!read_word(in, "]"))
		return NULL;
	first = period_number(period, first_day);
	if (!period_starts(period, first, &start) || start != first_day)
		return NULL;
	return make_activity(period, first, as_of);
}

/* Whether what is there is the mark that ends a period without anything. */
static bool
read_period(const char **in, ActivityPeriod *period)
{
	if (**in == ';' || **in == '}')
		return true;
	for (int i = 0; i < COUNTS; i++)
	{
		if (!(i == 0 || read_word(in, "/")) || !read_count(in, &counts_of(period)[i]))
			return false;
	}
	for (int i = 0; i < REVENUES; i++)
	{
		if (!read_word(in, i == 0 ? ":" : "/") ||
			!money_from_text(in, LARGEST_REVENUE, &revenues_of(period)[i]))
			return false;
	}
	return true;
}

static bool
read_periods(const char **in, Activity *activity)
{
	if (!read_word(in, "{"))
		return false;
	for (int32 i = 0; i < activity->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!(i == 0 || read_word(in, ";")) || !read_period(in, &activity->periods[i]))
			return false;
	}
	return read_word(in, "}");
}

static const char *
activity_error(const Activity *activity)
{
	const char *error = NULL;

	for (int32 i = 0; i < activity->count && error == NULL; i++)
		error = activity_period_error(&activity->periods[i]);
	return error;
}

PG_FUNCTION_INFO_V1(activity_in);
Datum
activity_in(PG_FUNCTION_ARGS)
{
	const char *text = PG_GETARG_CSTRING(0);
	const char *in = skip_space(text);
	Activity *activity = read_head(&in);
	bool is_read = activity != NULL && read_periods(&in, activity) && *skip_space(in) == '\0';
	const char *error = is_read ? activity_error(activity) : NULL;

	if (!is_read || error != NULL)
		ereturn(fcinfo->context, (Datum) 0,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type %s: \"%.*s\"", "activity",
						shown_length(text), text),
				 error != NULL ? errdetail("%s", error) : 0,
				 errhint("Write the period, the first day of the first one, the as-of date, and "
						 "for each period orders/new/retained/returned/lapsed:revenue of the new/"
						 "retained/returned/lapsed/inactive or nothing, such as "
						 "[month 2025-01-01 2025-02-15]{12/10/0/0/0:250.5/0/0/0/0;}.")));
	PG_RETURN_POINTER(activity);
}

static void
send_revenue(StringInfo buf, int128 revenue)
{
	pq_sendint64(buf, (int64) (revenue >> 64));
	pq_sendint64(buf, (uint64) revenue);
}

static int128
receive_revenue(StringInfo buf)
{
	uint128 high = (uint64) pq_getmsgint64(buf);

	return (int128) (high << 64 | (uint64) pq_getmsgint64(buf));
}

PG_FUNCTION_INFO_V1(activity_send);
Datum
activity_send(PG_FUNCTION_ARGS)
{
	Activity *activity = activity_argument(fcinfo, 0);
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendbyte(&buf, ACTIVITY_VERSION);
	pq_sendbyte(&buf, activity->period);
	pq_sendint32(&buf, activity->as_of);
	pq_sendint32(&buf, activity->count);
	for (int32 i = 0; i < activity->count; i++)
	{
		for (int k = 0; k < COUNTS; k++)
			pq_sendint64(&buf, counts_of(&activity->periods[i])[k]);
		for (int k = 0; k < REVENUES; k++)
			send_revenue(&buf, revenues_of(&activity->periods[i])[k]);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

#define HEAD_LENGTH	  (2 + 2 * sizeof(int32))
#define PERIOD_LENGTH (COUNTS * sizeof(int64) + REVENUES * sizeof(int128))

/* A value without customers; NULL where the message is none of ours. */
static Activity *
head_from_message(StringInfo buf)
{
	int64 length = buf->len - buf->cursor;
	int period;
	DateADT as_of;
	int32 count;
	DateADT first_day;
	int32 first;

	if (length < (int64) HEAD_LENGTH || pq_getmsgbyte(buf) != ACTIVITY_VERSION)
		return NULL;
	period = pq_getmsgbyte(buf);
	as_of = (DateADT) pq_getmsgint(buf, sizeof(int32));
	count = (int32) pq_getmsgint(buf, sizeof(int32));
	if (period > (int) PERIOD_YEAR || DATE_NOT_FINITE(as_of) || !IS_VALID_DATE(as_of) ||
		count < 0 || count > ACTIVITY_PERIODS ||
		length != (int64) (HEAD_LENGTH + count * PERIOD_LENGTH))
		return NULL;
	first = activity_end(period, as_of) - count;
	return period_starts(period, first, &first_day) ? make_activity(period, first, as_of) : NULL;
}

static Activity *
activity_from_message(StringInfo buf)
{
	Activity *activity = head_from_message(buf);

	for (int32 i = 0; activity != NULL && i < activity->count; i++)
	{
		for (int k = 0; k < COUNTS; k++)
			counts_of(&activity->periods[i])[k] = pq_getmsgint64(buf);
		for (int k = 0; k < REVENUES; k++)
			revenues_of(&activity->periods[i])[k] = receive_revenue(buf);
	}
	return activity != NULL && activity_error(activity) == NULL ? activity : NULL;
}

PG_FUNCTION_INFO_V1(activity_recv);
Datum
activity_recv(PG_FUNCTION_ARGS)
{
	StringInfo buf = (StringInfo) PG_GETARG_POINTER(0);
	int length = buf->len - buf->cursor;
	Activity *activity = activity_from_message(buf);

	if (activity == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid binary form of type %s, of %d bytes", "activity", length),
				 errhint("Send a byte of value %d, the period as a byte (day 0 to year 4), the "
						 "as-of date and the number of periods up to it as 32-bit integers, and "
						 "for each period five counts as 64-bit integers and five revenues in "
						 "1/10000 as 128-bit integers.",
						 ACTIVITY_VERSION)));
	PG_RETURN_POINTER(activity);
}

static void
write_period(JsonWriter *json, const Activity *activity, int32 place)
{
	ActivityPeriod period = activity->periods[place];

	json_bracket(json, WJB_BEGIN_OBJECT);
	json_name(json, "period_start");
	json_day(json, period_first_day(activity->period, activity->first + place));
	for (int i = 0; i < COUNTS; i++)
	{
		json_name(json, count_names[i]);
		json_integer(json, counts_of(&period)[i]);
	}
	for (int i = 0; i < REVENUES; i++)
	{
		json_name(json, revenue_names[i]);
		json_number(json, money_number(revenues_of(&period)[i]));
	}
	json_bracket(json, WJB_END_OBJECT);
}

PG_FUNCTION_INFO_V1(activity_to_jsonb);
Datum
activity_to_jsonb(PG_FUNCTION_ARGS)
{
	Activity *activity = activity_argument(fcinfo, 0);
	JsonWriter json = json_writer("activity");

	json_bracket(&json, WJB_BEGIN_OBJECT);
	json_name(&json, "period");
	json_text(&json, period_name(activity->period));
	json_name(&json, "as_of");
	json_day(&json, activity->as_of);
	json_name(&json, "periods");
	json_bracket(&json, WJB_BEGIN_ARRAY);
	for (int32 i = 0; i < activity->count; i++)
		write_period(&json, activity, i);
	json_bracket(&json, WJB_END_ARRAY);
	json_bracket(&json, WJB_END_OBJECT);
	return json_finish(&json);
}
