/*
 * Which days count towards a tier on a day, and on which days a tier that was reached is held.
 *
 * All of it goes by whole days, and moves forward with them: so each question has an inverse.
 */
#ifndef CLIENTELE_TIER_WINDOW_H
#define CLIENTELE_TIER_WINDOW_H

#include "utils/date.h"
#include "utils/timestamp.h"

typedef struct TierWindow
{
	const Interval *qualify_within;
	int32
		calendar_months; /* of the calendar's periods that count instead; 0 for a rolling window */
	const Interval *hold;
} TierWindow;

/* 22023 for intervals that do not do. */
extern TierWindow tier_window(const Interval *qualify_within, const Interval *hold, bool calendar);

/* The first day that counts at the start of a day; the last one is that before it. */
extern DateADT counted_from(const TierWindow *window, DateADT at);

/* The first day at whose start that day counts no longer; infinity for never. */
extern DateADT left_on(const TierWindow *window, DateADT day);

/* What was reached at the start of that day or later is held on a day. */
extern DateADT held_from(const TierWindow *window, DateADT at);

/* The first day on which what was last reached at the start of that day is no longer held. */
extern DateADT dropped_on(const TierWindow *window, DateADT last);

#endif
