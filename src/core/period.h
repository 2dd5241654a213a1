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

/* Consecutive periods have consecutive numbers; the one of 2000-01-01 is 0. */
extern int32 period_number(Period period, DateADT day);
extern DateADT period_first_day(Period period, int32 number);

/* The same without an error: false where that is before the first date, or no date at all. */
extern bool period_starts(Period period, int32 number, DateADT *first_day);

#endif
