/*
 * The type retention: how many customers of each cohort came back in which period.
 *
 * A cohort are the customers whose first purchase lies in one calendar period. Only complete
 * periods are counted, those that end on or before the as-of date; customers whose first purchase
 * is later are young: known, and in no cohort yet.
 *
 * The cells are a triangle: the last cohort has one period, the one before it two, and so on.
 */
#ifndef CLIENTELE_RETENTION_H
#define CLIENTELE_RETENTION_H

#include "fmgr.h"

#include "core/period.h"

#define RETENTION_VERSION 1

/* Thirteen years of days, in 200 MB: a triangle of more takes seconds to make and to write. */
#define RETENTION_COHORTS 5000

/* What became of the customers of one cohort by one period. */
typedef struct RetentionCell
{
	int64 returned; /* bought in the period */
	int64 last;		/* bought in it, and in no later one that is complete */
} RetentionCell;

/* As stored. */
typedef struct Retention
{
	int32 vl_len_; /* the server's header: never touch it directly */
	int32 version; /* RETENTION_VERSION */
	int32 period;  /* of type Period */
	DateADT as_of; /* finite */
	int32 first;   /* number of the first cohort's period, or of the one under way without any */
	int32 cohorts; /* from the first to the last complete period */
	int64 young;   /* customers whose first purchase is in the period under way */
	RetentionCell cells[FLEXIBLE_ARRAY_MEMBER];
} Retention;

static inline int64
retention_cells(int64 cohorts)
{
	return cohorts * (cohorts + 1) / 2;
}

/* A cohort's periods, the first purchase's being number 0. */
static inline int32
cohort_periods(const Retention *retention, int32 cohort)
{
	return retention->cohorts - cohort;
}

static inline int64
first_cell(const Retention *retention, int32 cohort)
{
	return retention_cells(retention->cohorts) - retention_cells(cohort_periods(retention, cohort));
}

static inline RetentionCell *
cohort_cells(Retention *retention, int32 cohort)
{
	return retention->cells + first_cell(retention, cohort);
}

/* The number of the period that holds the as-of date: the first one that is not complete. */
static inline int32
period_under_way(const Retention *retention)
{
	return retention->first + retention->cohorts;
}

/* Without customers. 22008 for an as_of that is infinite, or in a period that began before all
 * dates.
 */
extern Retention *new_retention(Period period, DateADT as_of);

/* Has a cohort for the period, which is complete: itself, or else a larger copy. 54000 past the
 * limit. */
extern Retention *with_cohort(Retention *retention, int32 period);

/*
 * Counts a customer by the numbers of the periods with a purchase, at least one: ascending, none
 * twice, none after the one under way. In place or as a larger copy, which has room: empty cohorts
 * before the first one with customers, as no value has that is read as an argument.
 */
extern Retention *count_customer(Retention *retention, const int32 *periods, int count);

/* In place or as a larger copy, as count_customer(); 22023 for another period or as_of, 22003 past
 * 64 bits. */
extern Retention *add_retention(Retention *retention, const Retention *more);

/* What a valid value is made of, or NULL. */
extern const char *retention_error(const Retention *retention);

/* Argument n of a function, and the state of an aggregate, which may be changed and have room. */
extern Retention *retention_argument(FunctionCallInfo fcinfo, int n);
extern Retention *retention_state(FunctionCallInfo fcinfo);

/* The name of a cohort: 2025-03-05, 2025-W07, 2025-03, 2025-Q1 or 2025 */
extern text *period_label(Period period, DateADT first_day);

#endif
