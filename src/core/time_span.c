/*
 * Spans of calendar time that begin at a timestamp.
 *
 * The server's own timestamptz + interval goes by the session's time zone, and fails past the last
 * timestamp, where a window simply has no end.
 */
#include "postgres.h"

#include "common/int.h"
#include "utils/builtins.h"
#include "utils/datetime.h"

#include "core/argument.h"
#include "core/compat.h"
#include "core/time_span.h"

const Interval *
span_argument(const char *name, const Interval *span)
{
	if (!span_is_forward(span))
		bad_parameter(name,
					  DatumGetCString(DirectFunctionCall1(interval_out, IntervalPGetDatum(span))),
					  "Give an interval without negative parts, such as '30 days' or '1 month'.");
	return span;
}

/* The last days of a month are one day where the month that is reached is shorter. */
static bool
add_months(struct pg_tm *tm, int32 months)
{
	int64 month = (int64) tm->tm_mon - 1 + months;
	int64 year = tm->tm_year + month / MONTHS_PER_YEAR;

	if (year > JULIAN_MAXYEAR)
		return false;
	tm->tm_year = (int) year;
	tm->tm_mon = (int) (month % MONTHS_PER_YEAR) + 1;
	tm->tm_mday = Min(tm->tm_mday, day_tab[isleap(tm->tm_year)][tm->tm_mon - 1]);
	return true;
}

static bool
add_days(struct pg_tm *tm, int32 days)
{
	int64 day = (int64) date2j(tm->tm_year, tm->tm_mon, tm->tm_mday) + days;

	if (day >= TIMESTAMP_END_JULIAN)
		return false;
	j2date((int) day, &tm->tm_year, &tm->tm_mon, &tm->tm_mday);
	return true;
}

/* Moves *at on by the calendar; false past the last timestamp. */
static bool
move_on(Timestamp *at, int32 months, int32 days, const DayZone *zone)
{
	pg_tz *tz = zone == NULL ? NULL : day_zone_tz(zone);
	struct pg_tm tm;
	fsec_t fraction;
	int offset;

	if (timestamp2tm(*at, tz == NULL ? NULL : &offset, &tm, &fraction, NULL, tz) != 0)
		elog(ERROR, "could not find the local time of an instant");
	if (!add_months(&tm, months) || !add_days(&tm, days))
		return false;
	if (tz != NULL)
		offset = DetermineTimeZoneOffset(&tm, tz);
	return tm2timestamp(&tm, fraction, tz == NULL ? NULL : &offset, at) == 0;
}

/*
 * Months, then days, then time, each from an existing local time, as the server adds them: where
 * the months lead into an hour that the clocks skip, the days start after it.
 */
Timestamp
span_end(Timestamp at, const Interval *span, const DayZone *zone)
{
	Timestamp end = at;

	if ((span->month != 0 && !move_on(&end, span->month, 0, zone)) ||
		(span->day != 0 && !move_on(&end, 0, span->day, zone)) ||
		pg_add_s64_overflow(end, span->time, &end) || !IS_VALID_TIMESTAMP(end))
		return DT_NOEND;
	return end;
}
