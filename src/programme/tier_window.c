/*
 * Which days count towards a tier on a day, and on which days a tier that was reached is held.
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/datetime.h"

#include "core/argument.h"
#include "core/compat.h"
#include "core/period.h"
#include "core/time_span.h"
#include "programme/tier_window.h"

#define FIRST_DATE (DATETIME_MIN_JULIAN - POSTGRES_EPOCH_JDATE)
#define LAST_DATE  (DATE_END_JULIAN - POSTGRES_EPOCH_JDATE - 1)

_Noreturn static void
bad_span(const char *name, const Interval *span, const char *hint)
{
	bad_parameter(name, DatumGetCString(DirectFunctionCall1(interval_out, IntervalPGetDatum(span))),
				  hint);
}

/* Periods of the calendar that begin anew with each year. */
static int32
calendar_months(const Interval *span)
{
	if (span->day != 0 || span->time != 0 || span->month <= 0 || span->month > MONTHS_PER_YEAR ||
		MONTHS_PER_YEAR % span->month != 0)
		bad_span("qualify_within", span,
				 "By the calendar give '1 year', '6 months', '4 months', '3 months', '2 months' or "
				 "'1 month'.");
	return span->month;
}

TierWindow
tier_window(const Interval *qualify_within, const Interval *hold, bool calendar)
{
	TierWindow window = {.qualify_within = span_argument("qualify_within", qualify_within),
						 .hold = span_argument("hold", hold)};

	if (calendar)
		window.calendar_months = calendar_months(qualify_within);
	else if (qualify_within->month == 0 && qualify_within->day == 0 &&
			 qualify_within->time < USECS_PER_DAY)
		bad_span("qualify_within", qualify_within, "Give an interval of a day or more.");
	return window;
}

/* A day so many months later or earlier, or the last one of a shorter month. */
static int64
move_months(DateADT day, int64 months)
{
	int year;
	int month;
	int day_of_month;
	int64 number;

	j2date(day + POSTGRES_EPOCH_JDATE, &year, &month, &day_of_month);
	number = (int64) year * MONTHS_PER_YEAR + month - 1 + months;
	if (number < (int64) JULIAN_MINYEAR * MONTHS_PER_YEAR + JULIAN_MINMONTH - 1)
		return DATEVAL_NOBEGIN;
	if (number >= (int64) JULIAN_MAXYEAR * MONTHS_PER_YEAR)
		return DATEVAL_NOEND;
	year = (int) (number / MONTHS_PER_YEAR - (number % MONTHS_PER_YEAR < 0));
	month = (int) (number - (int64) year * MONTHS_PER_YEAR) + 1;
	day_of_month = Min(day_of_month, day_tab[isleap(year)][month - 1]);
	return date2j(year, month, day_of_month) - POSTGRES_EPOCH_JDATE;
}

static DateADT
date_or_infinity(int64 day)
{
	return day < FIRST_DATE ? DATEVAL_NOBEGIN : day > LAST_DATE ? DATEVAL_NOEND : (DateADT) day;
}

/* The day in which day - span lies, months first as the server subtracts them. */
static DateADT
day_of_difference(DateADT day, const Interval *span)
{
	int64 moved = span->month == 0 ? day : move_months(day, -(int64) span->month);

	/* a part of a day leads into the one before */
	return date_or_infinity(moved - span->day - (span->time + USECS_PER_DAY - 1) / USECS_PER_DAY);
}

/* The day in which day + span lies. */
static DateADT
day_of_sum(DateADT day, const Interval *span)
{
	int64 moved = span->month == 0 ? day : move_months(day, span->month);

	return date_or_infinity(moved + span->day + span->time / USECS_PER_DAY);
}

static DateADT
add_day(DateADT day)
{
	return day >= LAST_DATE ? DATEVAL_NOEND : day + 1;
}

/* The first day of the calendar's period that holds a day, or of one after it. */
static DateADT
calendar_start(int32 months, DateADT day, int32 later)
{
	int32 month = period_number(PERIOD_MONTH, day);
	int32 into = month % months;
	DateADT start;

	month += later * months - (into < 0 ? into + months : into);
	if (period_starts(PERIOD_MONTH, month, &start))
		return start;
	return later > 0 ? DATEVAL_NOEND : DATEVAL_NOBEGIN;
}

/* The period is that of the last day seen: a purchase on its last day counts on the next one. */
DateADT
counted_from(const TierWindow *window, DateADT at)
{
	DateADT from;

	if (window->calendar_months > 0)
		return at <= FIRST_DATE ? at : calendar_start(window->calendar_months, at - 1, 0);
	from = day_of_difference(at, window->qualify_within);
	if (DATE_IS_NOBEGIN(from) || window->qualify_within->time % USECS_PER_DAY == 0)
		return from;
	return from + 1;
}

/* Without a hold a day stands for itself. */
DateADT
held_from(const TierWindow *window, DateADT at)
{
	DateADT before = day_of_difference(at, window->hold);

	return DATE_IS_NOBEGIN(before) ? before : Min(before + 1, at);
}

/*
 * The first day for which from() lies behind a day. It is the sum or close to it, as months differ
 * in length by three days.
 */
static DateADT
first_behind(DateADT (*from)(const TierWindow *, DateADT), const TierWindow *window, DateADT day,
			 DateADT sum)
{
	if (DATE_IS_NOEND(sum))
		return sum;
	if (from(window, sum) > day)
	{
		while (sum > day && from(window, sum - 1) > day)
			sum--;
		return sum;
	}
	do
	{
		sum = add_day(sum);
	} while (!DATE_IS_NOEND(sum) && from(window, sum) <= day);
	return sum;
}

DateADT
left_on(const TierWindow *window, DateADT day)
{
	if (window->calendar_months > 0)
	{
		DateADT next = calendar_start(window->calendar_months, day, 1);

		return DATE_IS_NOEND(next) ? next : add_day(next);
	}
	return first_behind(counted_from, window, day, day_of_sum(day, window->qualify_within));
}

DateADT
dropped_on(const TierWindow *window, DateADT last)
{
	return first_behind(held_from, window, last, day_of_sum(last, window->hold));
}
