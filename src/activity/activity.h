/*
 * The type activity: what all customers were, period by period, and what they brought.
 *
 * The periods are all from the one that holds the from-date to the last that began before the
 * as-of date, so that two values can be added wherever they were counted.
 */
#ifndef CLIENTELE_ACTIVITY_H
#define CLIENTELE_ACTIVITY_H

#include "fmgr.h"

#include "activity/customer_activity.h"
#include "core/compat.h"

#define ACTIVITY_VERSION 1

/* Twenty-seven years of days, in 1.5 MB */
#define ACTIVITY_PERIODS 10000

/* Customers, and in 1/10000 what those who bought brought, returns taken off. */
typedef struct ActivityPeriod
{
	int64 orders;
	int64 new_customers;
	int64 retained_customers;
	int64 returned_customers;
	int64 lapsed_customers;
	int64 unused; /* zero: what follows lies as 128 bits do */
	int128 new_revenue;
	int128 retained_revenue;
	int128 returned_revenue;
	int128 lapsed_revenue;	 /* what the lapsed had brought in the period before */
	int128 inactive_revenue; /* returns of those who bought nothing: not above 0 */
} ActivityPeriod;

/* As stored. */
typedef struct Activity
{
	int32 vl_len_; /* the server's header: never touch it directly */
	int32 version; /* ACTIVITY_VERSION */
	int32 period;  /* of type Period */
	DateADT as_of; /* finite */
	int32 first;   /* the number of the first period */
	int32 count;   /* of periods */
	int64 unused;  /* zero */
	ActivityPeriod periods[FLEXIBLE_ARRAY_MEMBER];
} Activity;

/* Without customers. 22008 for dates that are infinite, 54000 past the limit. */
extern Activity *new_activity(Period period, DateADT from_date, DateADT as_of);

/* The number of the first period that does not begin before as_of: where a value ends. */
extern int32 activity_end(Period period, DateADT as_of);

/* The number of the first period of that value. */
extern int32 first_activity_period(Period period, DateADT from_date, DateADT as_of);

/* The same from the number of the first period; NULL where there is no such value. */
extern Activity *make_activity(Period period, int32 first, DateADT as_of);

/* Counts a customer. 22003 past 64 bits. */
extern void count_activity(Activity *activity, const struct varlena *history);

/* In place. 22023 for other periods or dates, 22003 past 64 bits. */
extern void add_activity(Activity *activity, const Activity *more);

/* What a valid period is made of, or NULL. */
extern const char *activity_period_error(const ActivityPeriod *period);

/* Argument n of a function, and the state of an aggregate, which may be changed. */
extern Activity *activity_argument(FunctionCallInfo fcinfo, int n);
extern Activity *activity_state(FunctionCallInfo fcinfo);

#endif
