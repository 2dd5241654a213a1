/*
 * The days of one history as running totals: a window is the difference of two of them.
 */
#ifndef CLIENTELE_DAYS_H
#define CLIENTELE_DAYS_H

#include "history/history_window.h"

/* What was before a day; the last one is behind all days. */
typedef struct RunningTotal
{
	DateADT day;
	DateADT last_purchase; /* -infinity before the first */
	int64 orders;
	int64 returns;
	int64 purchase_days;
	int128 amount;
} RunningTotal;

typedef struct Days
{
	const RunningTotal *totals;
	DateADT first_purchase; /* infinity without one */
} Days;

/* Into the current memory context; NULL is a history without days. */
extern Days read_days(const struct varlena *history);

/* The first total from one on that is not before a day. */
static inline const RunningTotal *
skip_days(const RunningTotal *total, DateADT until)
{
	while (total->day < until)
		total++;
	return total;
}

static inline int64
purchases_before(const RunningTotal *total, CountBy count_by)
{
	return count_by == COUNT_DAYS ? total->purchase_days : total->orders;
}

/* Between the purchase days before a total. */
extern UsualGap usual_gap_before(const Days *days, const RunningTotal *until);

#endif
