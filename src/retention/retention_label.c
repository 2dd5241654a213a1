/*
 * Names of calendar periods.
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/datetime.h"

#include "retention/retention.h"

/* As to_char() writes it: the year before 1 is 1 again. */
static int
shown_year(int year)
{
	return year > 0 ? year : 1 - year;
}

/* By hand: the dates of periods go beyond the timestamps that to_char() takes. */
static char *
label(Period period, int year, int month, int day)
{
	switch (period)
	{
		case PERIOD_DAY:
			return psprintf("%04d-%02d-%02d", shown_year(year), month, day);
		case PERIOD_WEEK:
			return psprintf("%04d-W%02d", shown_year(date2isoyear(year, month, day)),
							date2isoweek(year, month, day));
		case PERIOD_MONTH:
			return psprintf("%04d-%02d", shown_year(year), month);
		case PERIOD_QUARTER:
			return psprintf("%04d-Q%d", shown_year(year), (month - 1) / 3 + 1);
		case PERIOD_YEAR:
			return psprintf("%04d", shown_year(year));
	}
	elog(ERROR, "unknown period %d", (int) period);
}

text *
period_label(Period period, DateADT first_day)
{
	int year;
	int month;
	int day;

	j2date(first_day + POSTGRES_EPOCH_JDATE, &year, &month, &day);
	return cstring_to_text(label(period, year, month, day));
}
