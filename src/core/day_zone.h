/*
 * The day on which an instant falls in a time zone.
 */
#ifndef CLIENTELE_DAY_ZONE_H
#define CLIENTELE_DAY_ZONE_H

#include "pgtime.h"
#include "utils/date.h"
#include "utils/timestamp.h"

typedef struct DayZone DayZone;

/* The zone of a full IANA name or UTC, else 22023. Lives as long as the backend. */
extern DayZone *day_zone(const text *name);

/* The zone as the server's own functions take it. */
extern pg_tz *day_zone_tz(const DayZone *zone);

/* The zone's calendar day of a finite instant. */
extern DateADT day_in_zone(const DayZone *zone, TimestampTz at);

/* The day of a finite local timestamp. */
static inline DateADT
day_of_timestamp(Timestamp at)
{
	int64 day = at / USECS_PER_DAY;

	return (DateADT) (at % USECS_PER_DAY < 0 ? day - 1 : day);
}

#endif
