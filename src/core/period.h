/*
 * Calendar periods: days, ISO weeks, months, quarters and years.
 */
#ifndef CLIENTELE_PERIOD_H
#define CLIENTELE_PERIOD_H

#include "utils/date.h"

typedef enum Period
{
	PERIOD_DAY,
	PERIOD_WEEK,
	PERIOD_MONTH,
	PERIOD_QUARTER,
	PERIOD_YEAR
} Period;

/* 'day', 'week', 'month', 'quarter' or 'year', else 22023. */
extern Period period_argument(const text *name);
extern const char *period_name(Period period);

/* Consecutive periods have consecutive numbers; the one of 2000-01-01 is 0. */
extern int32 period_number(Period period, DateADT day);
extern DateADT period_first_day(Period period, int32 number);

/* The same without an error: false where that is before the first date, or no date at all. */
extern bool period_starts(Period period, int32 number, DateADT *first_day);

/* 1980-01-01, and as many days as there are to 2080-01-01. */
#define CALENDAR_FIRST_DAY (-7305)
#define CALENDAR_DAYS	   36525

/* The numbers of the periods that hold those days. Lives as long as the backend. */
extern const int16 *period_calendar(Period period);

static inline int32
calendar_number(const int16 *calendar, Period period, DateADT day)
{
	uint32 index = (uint32) day - (uint32) CALENDAR_FIRST_DAY;

	return likely(index < CALENDAR_DAYS) ? calendar[index] : period_number(period, day);
}

#endif
