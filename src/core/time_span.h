/*
 * Spans of calendar time that begin at a timestamp.
 */
#ifndef CLIENTELE_TIME_SPAN_H
#define CLIENTELE_TIME_SPAN_H

#include "core/day_zone.h"

/* Whether no part of the span is negative. */
static inline bool
span_is_forward(const Interval *span)
{
	return span->month >= 0 && span->day >= 0 && span->time >= 0;
}

/* The argument of that name, else 22023. */
extern const Interval *span_argument(const char *name, const Interval *span);

/*
 * at + span, by the calendar of the zone, or without one that of the timestamp itself. The end of
 * time where that is later than the last timestamp.
 */
extern Timestamp span_end(Timestamp at, const Interval *span, const DayZone *zone);

#endif
