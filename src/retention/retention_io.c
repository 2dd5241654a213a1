/*
 * The type retention: its text, binary and jsonb forms.
 *
 * Text: [month 2025-01-01 2025-04-15 +2]{10/3,5/2,5/5;7/7,0/0;4/4}, that is the period, the first
 * day of the first cohort, the as-of date, the young customers, and for each cohort and each of its
 * periods how many came back in it, and for how many of them it was the last so far.
 */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

#include "core/compat.h"
#include "core/json_writer.h"
#include "core/text_form.h"
#include "retention/retention.h"

static void
append_cohort(StringInfo out, const Retention *retention, int32 cohort)
{
	const RetentionCell *cells = retention->cells + first_cell(retention, cohort);

	CHECK_FOR_INTERRUPTS();
	for (int32 k = 0; k < cohort_periods(retention, cohort); k++)
	{
		if (k > 0)
			appendStringInfoChar(out, ',');
		append_count(out, cells[k].returned);
		appendStringInfoChar(out, '/');
		append_count(out, cells[k].last);
	}
}

PG_FUNCTION_INFO_V1(retention_out);
Datum
retention_out(PG_FUNCTION_ARGS)
{
	const Retention *retention = retention_argument(fcinfo, 0);
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfo(&out, "[%s ", period_name(retention->period));
	append_day(&out, period_first_day(retention->period, retention->first));
	appendStringInfoChar(&out, ' ');
	append_day(&out, retention->as_of);
	appendStringInfo(&out, " +" INT64_FORMAT "]{", retention->young);
	for (int32 cohort = 0; cohort < retention->cohorts; cohort++)
	{
		if (cohort > 0)
			appendStringInfoChar(&out, ';');
		append_cohort(&out, retention, cohort);
	}
	appendStringInfoChar(&out, '}');
	PG_RETURN_CSTRING(out.data);
}

#define SHORTEST_CELL 3 /* bytes of 0/0 */

/*
 * An empty triangle with room for the cohorts from first_day on; NULL where that cannot be, or
 * where the text that follows has no room for its cells.
 */
static Retention *
triangle_for(Period period, DateADT first_day, DateADT as_of, int64 text_length)
{
	int32 first = period_number(period, first_day);
	int64 cohorts = (int64) period_number(period, as_of) - first;
	DateADT start;

	if (!period_starts(period, first, &start) || start != first_day || cohorts < 0 ||
		cohorts > RETENTION_COHORTS || retention_cells(cohorts) * SHORTEST_CELL > text_length)
		return NULL;
	if (cohorts == 0)
		return new_retention(period, as_of);
	return with_cohort(new_retention(period, as_of), first);
}

/* Reads what stands in brackets; NULL where it is something else. */
static Retention *
read_head(const char **in)
{
	Period period;
	DateADT first_day;
	DateADT as_of;
	int64 young;
	Retention *retention;

	if (!read_word(in, "[") || !read_period_name(in, &period) || !read_word(in, " ") ||
		!read_day(in, &first_day) || !read_word(in, " ") || !read_day(in, &as_of) ||
		!read_word(in, " +") || !read_count(in, &young) || !read_word(in, "]"))
		return NULL;
	retention = triangle_for(period, first_day, as_of, (int64) strlen(*in));
	if (retention != NULL)
		retention->young = young;
	return retention;
}

static bool
read_cohort(const char **in, Retention *retention, int32 cohort)
{
	RetentionCell *cells = cohort_cells(retention, cohort);

	CHECK_FOR_INTERRUPTS();
	for (int32 k = 0; k < cohort_periods(retention, cohort); k++)
	{
		if (!(k == 0 || read_word(in, ",")) || !read_count(in, &cells[k].returned) ||
			!read_word(in, "/") || !read_count(in, &cells[k].last))
			return false;
	}
	return true;
}

static bool
read_cohorts(const char **in, Retention *retention)
{
	if (!read_word(in, "{"))
		return false;
	for (int32 cohort = 0; cohort < retention->cohorts; cohort++)
	{
		if (!(cohort == 0 || read_word(in, ";")) || !read_cohort(in, retention, cohort))
			return false;
	}
	return read_word(in, "}");
}

PG_FUNCTION_INFO_V1(retention_in);
Datum
retention_in(PG_FUNCTION_ARGS)
{
	const char *text = PG_GETARG_CSTRING(0);
	const char *in = skip_space(text);
	Retention *retention = read_head(&in);
	bool is_read = retention != NULL && read_cohorts(&in, retention) && *skip_space(in) == '\0';
	const char *error = is_read ? retention_error(retention) : NULL;

	if (!is_read || error != NULL)
		ereturn(fcinfo->context, (Datum) 0,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type %s: \"%.*s\"", "retention",
						shown_length(text), text),
				 error != NULL ? errdetail("%s", error) : 0,
				 errhint("Write the period, the first day of the first cohort, the as-of date, the "
						 "young customers and for each cohort returned/last by period, such as "
						 "[month 2025-01-01 2025-03-15 +2]{10/6,4/4;7/7}.")));
	PG_RETURN_POINTER(retention);
}

PG_FUNCTION_INFO_V1(retention_send);
Datum
retention_send(PG_FUNCTION_ARGS)
{
	const Retention *retention = retention_argument(fcinfo, 0);
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendbyte(&buf, RETENTION_VERSION);
	pq_sendbyte(&buf, retention->period);
	pq_sendint32(&buf, retention->as_of);
	pq_sendint32(&buf, retention->cohorts);
	pq_sendint64(&buf, retention->young);
	for (int64 i = 0; i < retention_cells(retention->cohorts); i++)
	{
		CHECK_FOR_INTERRUPTS();
		pq_sendint64(&buf, retention->cells[i].returned);
		pq_sendint64(&buf, retention->cells[i].last);
	}
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

#define HEAD_LENGTH (2 + 2 * sizeof(int32) + sizeof(int64))

/* NULL where the message is none of ours. */
static Retention *
retention_from_message(StringInfo buf)
{
	int64 length = buf->len - buf->cursor;
	Retention *retention;
	int period;
	DateADT as_of;
	int32 cohorts;
	DateADT first_day;

	if (length < (int64) HEAD_LENGTH || pq_getmsgbyte(buf) != RETENTION_VERSION)
		return NULL;
	period = pq_getmsgbyte(buf);
	as_of = (DateADT) pq_getmsgint(buf, sizeof(int32));
	cohorts = (int32) pq_getmsgint(buf, sizeof(int32));
	if (period > (int) PERIOD_YEAR || DATE_NOT_FINITE(as_of) || !IS_VALID_DATE(as_of) ||
		cohorts < 0 || cohorts > RETENTION_COHORTS ||
		!period_starts(period, period_number(period, as_of) - cohorts, &first_day) ||
		length != (int64) HEAD_LENGTH + retention_cells(cohorts) * (int64) sizeof(RetentionCell))
		return NULL;
	retention = new_retention((Period) period, as_of);
	if (cohorts > 0)
		retention = with_cohort(retention, retention->first - cohorts);
	retention->young = pq_getmsgint64(buf);
	for (int64 i = 0; i < retention_cells(cohorts); i++)
	{
		CHECK_FOR_INTERRUPTS();
		retention->cells[i].returned = pq_getmsgint64(buf);
		retention->cells[i].last = pq_getmsgint64(buf);
	}
	return retention_error(retention) == NULL ? retention : NULL;
}

PG_FUNCTION_INFO_V1(retention_recv);
Datum
retention_recv(PG_FUNCTION_ARGS)
{
	StringInfo buf = (StringInfo) PG_GETARG_POINTER(0);
	int length = buf->len - buf->cursor;
	Retention *retention = retention_from_message(buf);

	if (retention == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid binary form of type %s, of %d bytes", "retention", length),
				 errhint("Send a byte of value %d, the period as a byte (day 0 to year 4), the "
						 "as-of date and the number of cohorts as 32-bit integers, the young "
						 "customers as a 64-bit integer, and for each cohort and period two "
						 "64-bit integers, returned and last.",
						 RETENTION_VERSION)));
	PG_RETURN_POINTER(retention);
}

static void
write_counts(JsonWriter *json, const char *name, const RetentionCell *cells, int32 periods,
			 bool last)
{
	json_name(json, name);
	json_bracket(json, WJB_BEGIN_ARRAY);
	for (int32 k = 0; k < periods; k++)
		json_integer(json, last ? cells[k].last : cells[k].returned);
	json_bracket(json, WJB_END_ARRAY);
}

static void
write_cohort(JsonWriter *json, const Retention *retention, int32 cohort)
{
	const RetentionCell *cells = retention->cells + first_cell(retention, cohort);
	int32 periods = cohort_periods(retention, cohort);

	json_bracket(json, WJB_BEGIN_OBJECT);
	json_name(json, "cohort_start");
	json_day(json, period_first_day(retention->period, retention->first + cohort));
	write_counts(json, "returned", cells, periods, false);
	write_counts(json, "last", cells, periods, true);
	json_bracket(json, WJB_END_OBJECT);
}

PG_FUNCTION_INFO_V1(retention_to_jsonb);
Datum
retention_to_jsonb(PG_FUNCTION_ARGS)
{
	const Retention *retention = retention_argument(fcinfo, 0);
	JsonWriter json = json_writer("retention");

	json_bracket(&json, WJB_BEGIN_OBJECT);
	json_name(&json, "period");
	json_text(&json, period_name(retention->period));
	json_name(&json, "as_of");
	json_day(&json, retention->as_of);
	json_name(&json, "young");
	json_integer(&json, retention->young);
	json_name(&json, "cohorts");
	json_bracket(&json, WJB_BEGIN_ARRAY);
	for (int32 cohort = 0; cohort < retention->cohorts; cohort++)
		write_cohort(&json, retention, cohort);
	json_bracket(&json, WJB_END_ARRAY);
	json_bracket(&json, WJB_END_OBJECT);
	return json_finish(&json);
}
