/*
 * The numbers of periods for rows by the million: looked up, not computed.
 */
#ifndef CLIENTELE_RETENTION_PASS_CALENDAR_H
#define CLIENTELE_RETENTION_PASS_CALENDAR_H

#include "core/period.h"

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
