/*
 * A purchase history by complete calendar periods, those without purchases included.
 */
#ifndef CLIENTELE_HISTORY_PERIODS_H
#define CLIENTELE_HISTORY_PERIODS_H

#include "core/period.h"
#include "history/history.h"

typedef struct HistoryPeriods
{
	HistoryReader reader;
	Period period;
	int32 next; /* number of the period to be read */
	int32 end;	/* that of the first one which is not complete */
} HistoryPeriods;

/*
 * The periods that lie from from_date to as_of as a whole; -infinity begins with the period of the
 * first order. 22008 for an infinite as_of.
 */
extern HistoryPeriods history_periods(const struct varlena *history, Period period,
									  DateADT from_date, DateADT as_of);

/* The next period's sums, day being its first day; false after the last. */
extern bool history_read_period(HistoryPeriods *periods, HistoryDay *sum);

/* The next one of which the history has a day, so that empty ones cost nothing. */
extern bool history_read_active_period(HistoryPeriods *periods, HistoryDay *sum);

/* The first period that lies on or after a day as a whole. */
extern int32 first_whole_period(Period period, DateADT day);

/* The number of the period of the first order; false without orders. */
extern bool history_first_period(HistoryReader reader, Period period, int32 *number);

#endif
