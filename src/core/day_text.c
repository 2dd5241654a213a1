/*
 * Days in the text forms of our types.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/datetime.h"

#include "core/day_text.h"
#include "core/text_input.h"

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
