/*
 * The day on which an instant falls in a time zone.
 *
 * The calendar is asked once per zone and backend: between two changes of its clocks a zone is a
 * constant offset, so a table of the changes answers for every row. Rows of a customer are far
 * apart in time: a second table, of equal slices of time, leads to the place in the first.
 */
#include "postgres.h"

#include "pgtime.h"
#include "utils/builtins.h"
#include "utils/datetime.h"
#include "utils/memutils.h"

#include "core/argument.h"
#include "core/compat.h"
#include "core/day_zone.h"

/* Instants outside these years are answered by the calendar itself. */
#define FIRST_YEAR 1900
#define END_YEAR   2100

/* Slices of 25 days: few hold a change, and fewer two. */
#define SLICE_BITS	41 /* of microseconds */
#define SLICE_COUNT (((END_YEAR - FIRST_YEAR) * 366 * USECS_PER_DAY >> SLICE_BITS) + 1)

typedef struct ZoneSpan
{
	TimestampTz until; /* the first instant after the span */
	int64 offset;	   /* local time less UTC, in microseconds */
} ZoneSpan;

struct DayZone
{
	DayZone *next;
	pg_tz *tz;
	TimestampTz from; /* the first instant of the first span */
	int span_count;
	uint16 first_span[SLICE_COUNT]; /* the span in which each slice begins */
	ZoneSpan spans[FLEXIBLE_ARRAY_MEMBER];
};

static pg_time_t
start_of_year(int year)
{
	return ((pg_time_t) date2j(year, 1, 1) - UNIX_EPOCH_JDATE) * SECS_PER_DAY;
}

static TimestampTz
instant(pg_time_t seconds)
{
	return time_t_to_timestamptz(seconds);
}

/* Fills spans, where not NULL, and gives their number. */
static int
list_spans(const pg_tz *tz, ZoneSpan *spans)
{
	pg_time_t at = start_of_year(FIRST_YEAR);
	pg_time_t end = start_of_year(END_YEAR);
	int count = 0;

	while (at < end)
	{
		long int offset;
		long int offset_after;
		int is_dst;
		pg_time_t boundary;
		int found =
			pg_next_dst_boundary(&at, &offset, &is_dst, &boundary, &offset_after, &is_dst, tz);

		if (found < 0)
			elog(ERROR, "could not read the changes of a time zone");
		at = (found == 0 || boundary > end) ? end : boundary;
		if (spans != NULL)
			spans[count] = (ZoneSpan){.until = instant(at), .offset = offset * USECS_PER_SEC};
		count++;
	}
	return count;
}

static void
find_first_spans(DayZone *zone)
{
	int span = 0;

	for (int slice = 0; slice < SLICE_COUNT; slice++)
	{
		TimestampTz start = zone->from + ((int64) slice << SLICE_BITS);

		while (span < zone->span_count - 1 && start >= zone->spans[span].until)
			span++;
		zone->first_span[slice] = span;
	}
}

static DayZone *
make_day_zone(pg_tz *tz)
{
	int count = list_spans(tz, NULL);
	DayZone *zone =
		MemoryContextAlloc(TopMemoryContext, offsetof(DayZone, spans) + count * sizeof(ZoneSpan));

	zone->tz = tz;
	zone->from = instant(start_of_year(FIRST_YEAR));
	zone->span_count = list_spans(tz, zone->spans);
	find_first_spans(zone);
	return zone;
}

/*
 * The server reads 'CET', 'EST5EDT' and even 'Any/Thing5' as zones. A full name has an area and a
 * place; a POSIX form is told from it by its canonical spelling, which is all upper case.
 */
static bool
is_full_name(pg_tz *tz)
{
	const char *name = pg_get_timezone_name(tz);

	if (strcmp(name, "UTC") == 0)
		return true;
	return strchr(name, '/') != NULL && strpbrk(name, "abcdefghijklmnopqrstuvwxyz") != NULL &&
		   pg_tz_acceptable(tz);
}

static DayZone *
find_day_zone(const char *name)
{
	static DayZone *zones = NULL;
	pg_tz *tz = strlen(name) <= TZ_STRLEN_MAX ? pg_tzset(name) : NULL;
	DayZone *zone;

	if (tz == NULL || !is_full_name(tz))
		bad_parameter("time_zone", psprintf("\"%s\"", name),
					  "Give a full IANA name such as 'Europe/Berlin', or 'UTC': abbreviations and "
					  "offsets do not say when the clocks change.");
	for (zone = zones; zone != NULL; zone = zone->next)
	{
		if (zone->tz == tz)
			return zone;
	}
	zone = make_day_zone(tz);
	zone->next = zones;
	zones = zone;
	return zone;
}

DayZone *
day_zone(const text *name)
{
	static DayZone *recent = NULL;
	static char recent_name[TZ_STRLEN_MAX + 1];
	static size_t recent_length = 0;
	size_t length = VARSIZE_ANY_EXHDR(name);

	if (recent == NULL || length != recent_length ||
		memcmp(VARDATA_ANY(name), recent_name, length) != 0)
	{
		recent = find_day_zone(text_to_cstring(name));
		recent_length = length;
		memcpy(recent_name, VARDATA_ANY(name), length);
	}
	return recent;
}

pg_tz *
day_zone_tz(const DayZone *zone)
{
	return zone->tz;
}

static DateADT
day_by_calendar(const DayZone *zone, TimestampTz at)
{
	pg_time_t seconds = timestamptz_to_time_t(at);
	struct pg_tm *local;
	DateADT day;

	/* timestamptz_to_time_t() truncates towards zero, a calendar counts whole seconds */
	if (instant(seconds) > at)
		seconds--;
	local = pg_localtime(&seconds, zone->tz);
	if (local == NULL)
		elog(ERROR, "could not find the local time of an instant");
	day = day_of_timestamp(at + local->tm_gmtoff * USECS_PER_SEC);
	if (!IS_VALID_DATE(day))
		before_first_date("the day");
	return day;
}

DateADT
day_in_zone(const DayZone *zone, TimestampTz at)
{
	const ZoneSpan *span;

	if (unlikely(at < zone->from || at >= zone->spans[zone->span_count - 1].until))
		return day_by_calendar(zone, at);
	span = &zone->spans[zone->first_span[(at - zone->from) >> SLICE_BITS]];
	while (at >= span->until)
		span++;
	return day_of_timestamp(at + span->offset);
}
