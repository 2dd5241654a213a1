/*
 * Pieces of the text forms of our types.
 */
#include "postgres.h"

#include <ctype.h>

#include "common/int.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/datetime.h"

#include "core/text_form.h"

#define SHOWN_LENGTH 100

int
shown_length(const char *text)
{
	return pg_mbcliplen(text, (int) strlen(text), SHOWN_LENGTH);
}

int64
most_entries(const char *text, char mark, int64 shortest)
{
	const char *end = text;
	int64 marks = 0;

	for (; *end != '\0'; end++)
		marks += *end == mark;
	return Min(marks, (end - text) / shortest);
}

bool
read_count(const char **in, int64 *count)
{
	const char *next = *in;
	int64 value = 0;

	if (!isdigit((unsigned char) *next))
		return false;
	for (; isdigit((unsigned char) *next); next++)
	{
		if (pg_mul_s64_overflow(value, 10, &value) ||
			pg_add_s64_overflow(value, *next - '0', &value))
			return false;
	}
	*count = value;
	*in = next;
	return true;
}

void
append_count(StringInfo out, int64 count)
{
	enlargeStringInfo(out, MAXINT8LEN + 1);
	out->len += pg_lltoa(count, out->data + out->len);
}

bool
read_word(const char **in, const char *word)
{
	size_t length = strlen(word);

	if (strncmp(*in, word, length) != 0)
		return false;
	*in += length;
	return true;
}

const char *
skip_space(const char *in)
{
	while (isspace((unsigned char) *in))
		in++;
	return in;
}

void
append_day(StringInfo out, DateADT day)
{
	struct pg_tm tm = {0};
	char text[MAXDATELEN + 1];

	j2date(day + POSTGRES_EPOCH_JDATE, &tm.tm_year, &tm.tm_mon, &tm.tm_mday);
	EncodeDateOnly(&tm, USE_ISO_DATES, text);
	appendStringInfoString(out, text);
}

bool
read_day(const char **in, DateADT *day)
{
	const char *start = *in;
	int64 year;
	int64 month;
	int64 day_of_month;
	int64 date;

	if (!read_count(in, &year) || *in - start < 4 || year < 1 || year > JULIAN_MAXYEAR ||
		!read_word(in, "-") || !read_count(in, &month) || !read_word(in, "-") ||
		!read_count(in, &day_of_month))
		return false;
	if (read_word(in, " BC"))
		year = 1 - year;
	if (month < 1 || month > MONTHS_PER_YEAR || day_of_month < 1 ||
		day_of_month > day_tab[isleap(year)][month - 1] ||
		!IS_VALID_JULIAN(year, month, day_of_month))
		return false;
	date = (int64) date2j(year, month, day_of_month) - POSTGRES_EPOCH_JDATE;
	*day = (DateADT) date;
	return IS_VALID_DATE(date);
}

bool
read_period_name(const char **in, Period *period)
{
	for (int i = PERIOD_DAY; i <= PERIOD_YEAR; i++)
	{
		*period = (Period) i;
		if (read_word(in, period_name(*period)))
			return true;
	}
	return false;
}
