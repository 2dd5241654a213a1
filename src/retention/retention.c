/*
 * The type retention: making, counting and adding.
 */
#include "postgres.h"

#include "common/int.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#include "core/aggregate.h"
#include "core/argument.h"
#include "core/compat.h"
#include "retention/retention.h"

static Size
retention_size(int64 cohorts)
{
	return offsetof(Retention, cells) + retention_cells(cohorts) * sizeof(RetentionCell);
}

static Retention *
make_retention(Period period, DateADT as_of, int32 cohorts)
{
	Size size = retention_size(cohorts);
	Retention *retention = palloc0(size);

	SET_VARSIZE(retention, size);
	retention->version = RETENTION_VERSION;
	retention->period = period;
	retention->as_of = as_of;
	retention->first = period_number(period, as_of) - cohorts;
	retention->cohorts = cohorts;
	return retention;
}

/* A value begins with a day that can be written. */
static void
check_first_day(Period period, int32 number)
{
	if (!IS_VALID_DATE(period_first_day(period, number)))
		before_first_date("the first day of a cohort");
}

Retention *
new_retention(Period period, DateADT as_of)
{
	Retention *retention = make_retention(period, finite_date(as_of), 0);

	check_first_day(period, retention->first);
	return retention;
}

static void
check_cohorts(int64 cohorts)
{
	if (cohorts > RETENTION_COHORTS)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("too many periods for a retention: %lld", (long long) cohorts),
						errdetail("It has up to %d cohorts.", RETENTION_COHORTS),
						errhint("Choose a longer period, or leave out purchases of long ago.")));
}

/* A copy of other size: the triangle of the later cohorts is the end of a larger one. */
static Retention *
resized(Retention *retention, int32 cohorts)
{
	Retention *copy = make_retention(retention->period, retention->as_of, cohorts);
	int32 kept = Min(cohorts, retention->cohorts);

	copy->young = retention->young;
	memcpy(cohort_cells(copy, cohorts - kept), cohort_cells(retention, retention->cohorts - kept),
		   retention_cells(kept) * sizeof(RetentionCell));
	return copy;
}

/* The cohorts that one of the period, which is complete, makes necessary. */
static int32
needed_cohorts(const Retention *retention, int32 period)
{
	int64 cohorts = (int64) period_under_way(retention) - period;

	Assert(cohorts > 0);
	if (cohorts <= retention->cohorts)
		return retention->cohorts;
	check_cohorts(cohorts);
	check_first_day(retention->period, period);
	return (int32) cohorts;
}

Retention *
with_cohort(Retention *retention, int32 period)
{
	int32 cohorts = needed_cohorts(retention, period);

	return cohorts > retention->cohorts ? resized(retention, cohorts) : retention;
}

/*
 * The same, with room for more: otherwise cohorts that come the latest first would all be copied
 * for each of them.
 */
static Retention *
with_room_for_cohort(Retention *retention, int32 period)
{
	int32 cohorts = needed_cohorts(retention, period);
	int32 room = Min(retention->cohorts + retention->cohorts / 2, RETENTION_COHORTS);

	return cohorts > retention->cohorts ? resized(retention, Max(cohorts, room)) : retention;
}

/* Itself, or else a copy that begins with the first cohort that has customers. */
static Retention *
without_room(Retention *retention)
{
	int32 empty = 0;

	while (empty < retention->cohorts &&
		   retention->cells[first_cell(retention, empty)].returned == 0)
		empty++;
	return empty > 0 ? resized(retention, retention->cohorts - empty) : retention;
}

_Noreturn static void
too_many_to_count(void)
{
	ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					errmsg("more customers than a retention can count"),
					errhint("A retention counts up to 2^63 - 1.")));
	pg_unreachable();
}

static void
add_count(int64 *sum, int64 count)
{
	if (unlikely(pg_add_s64_overflow(*sum, count, sum)))
		too_many_to_count();
}

/* The count of a cohort's first period is its largest: where that fits, all do. */
Retention *
count_customer(Retention *retention, const int32 *periods, int count)
{
	int32 first = periods[0];
	RetentionCell *cells;

	Assert(count > 0 && periods[count - 1] <= period_under_way(retention));
	if (first == period_under_way(retention))
	{
		add_count(&retention->young, 1);
		return retention;
	}
	if (periods[count - 1] == period_under_way(retention))
		count--;
	retention = with_room_for_cohort(retention, first);
	cells = cohort_cells(retention, first - retention->first);
	add_count(&cells[0].returned, 1);
	for (int i = 1; i < count; i++)
		cells[periods[i] - first].returned++;
	cells[periods[count - 1] - first].last++;
	return retention;
}

static void
check_same_kind(const Retention *a, const Retention *b)
{
	if (a->period != b->period)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("retentions of different periods cannot be added"),
						errhint("Count them by the same period.")));
	if (a->as_of != b->as_of)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("retentions as of different dates cannot be added"),
						errhint("Count them as of the same date.")));
}

/* All customers: those of the cohorts, and the young ones. */
static bool
count_all(const Retention *retention, int64 *customers)
{
	*customers = retention->young;
	for (int32 cohort = 0; cohort < retention->cohorts; cohort++)
	{
		if (pg_add_s64_overflow(
				*customers, retention->cells[first_cell(retention, cohort)].returned, customers))
			return false;
	}
	return true;
}

/* Of a state that somebody's own aggregate began with these may be too many; rows are counted
 * without a look at all cohorts. */
static int64
all_customers(const Retention *retention)
{
	int64 customers;

	if (!count_all(retention, &customers))
		too_many_to_count();
	return customers;
}

Retention *
add_retention(Retention *retention, const Retention *more)
{
	RetentionCell *cells;
	int64 customers = all_customers(retention);

	check_same_kind(retention, more);
	add_count(&customers, all_customers(more));
	if (more->cohorts > 0)
		retention = with_room_for_cohort(retention, more->first);
	cells = cohort_cells(retention, more->first - retention->first);
	for (int64 i = 0; i < retention_cells(more->cohorts); i++)
	{
		CHECK_FOR_INTERRUPTS();
		cells[i].returned += more->cells[i].returned;
		cells[i].last += more->cells[i].last;
	}
	retention->young += more->young;
	return retention;
}

/* Whether each cell's counts are possible: read from the last period to the first. */
static bool
is_possible_cohort(const RetentionCell *cells, int32 periods)
{
	int64 on_or_after = 0;

	for (int32 k = periods - 1; k >= 0; k--)
	{
		if (cells[k].last < 0 || pg_add_s64_overflow(on_or_after, cells[k].last, &on_or_after) ||
			cells[k].returned < cells[k].last || cells[k].returned > on_or_after)
			return false;
	}
	return cells[0].returned == on_or_after;
}

const char *
retention_error(const Retention *retention)
{
	int64 customers;

	if (retention->young < 0)
		return "Counts are not negative.";
	for (int32 cohort = 0; cohort < retention->cohorts; cohort++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!is_possible_cohort(retention->cells + first_cell(retention, cohort),
								cohort_periods(retention, cohort)))
			return "In each period came back at least those for whom it was the last, and at most "
				   "those who bought in it or later; in the first all of the cohort.";
	}
	if (retention->cohorts > 0 && retention->cells[0].returned == 0)
		return "The first cohort has customers.";
	return count_all(retention, &customers) ? NULL : "The customers fit 64 bits together.";
}

static void
check_version(const Retention *retention)
{
	if (unlikely(retention->version != RETENTION_VERSION))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("retention value of unknown version %d", retention->version),
				 errhint("It was written by another version of the extension: install that one.")));
}

Retention *
retention_argument(FunctionCallInfo fcinfo, int n)
{
	Retention *retention = (Retention *) PG_DETOAST_DATUM(PG_GETARG_DATUM(n));
	Retention *value;

	check_version(retention);
	value = without_room(retention);
	if (value != retention)
		PG_FREE_IF_COPY(retention, n);
	all_customers(value);
	Assert(retention_error(value) == NULL);
	return value;
}

/* The state so far, ours to change, perhaps with room; NULL before the first row. */
Retention *
retention_state(FunctionCallInfo fcinfo)
{
	Retention *retention;

	check_aggregate(fcinfo);
	if (PG_ARGISNULL(0))
		return NULL;
	retention = (Retention *) bytea_state(fcinfo);
	check_version(retention);
	return retention;
}
