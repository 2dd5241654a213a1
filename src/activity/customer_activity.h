/*
 * What a customer was in one calendar period after the other: the accounts of growth.
 */
#ifndef CLIENTELE_CUSTOMER_ACTIVITY_H
#define CLIENTELE_CUSTOMER_ACTIVITY_H

#include "core/period.h"
#include "history/history_window.h"

typedef enum ActivityStatus
{
	ACTIVITY_NEW,	   /* bought for the first time */
	ACTIVITY_RETAINED, /* and in the period before */
	ACTIVITY_RETURNED, /* bought earlier, but not in the period before */
	ACTIVITY_LAPSED,   /* bought in the period before, and not in this one, which is complete */
	ACTIVITY_INACTIVE  /* only returns of goods */
} ActivityStatus;

/* One period with rows of the history. */
typedef struct PeriodSum
{
	int32 period;	/* its number */
	int64 orders;	/* rows with an amount of zero or more */
	int128 revenue; /* in 1/10000, returns taken off */
} PeriodSum;

typedef struct CustomerActivity
{
	PeriodSum sum;
	ActivityStatus status;
	int128 previous_revenue; /* that of the period before, if active in it */
} CustomerActivity;

/* What is known of a customer before the period that is read next. */
typedef struct ActivityReader
{
	HistoryWindow window;
	Period period;
	const int16 *calendar;
	int32 under_way; /* the period of as_of, which can still bring a customer back */
	bool has_bought;
	int32 first;		   /* the first period with an order */
	PeriodSum last_active; /* the last one with an order */
	int32 last;			   /* the last one that was read */
	bool has_next;
	PeriodSum next; /* the next one with rows */
} ActivityReader;

/* 22008 for an infinite as_of. */
extern ActivityReader activity_reader(const struct varlena *history, Period period, DateADT as_of);

/* The next period with rows, or in which the customer lapsed; false after the last. */
extern bool activity_read(ActivityReader *reader, CustomerActivity *activity);

#endif
