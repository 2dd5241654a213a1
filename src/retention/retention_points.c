/*
 * What a retention says: rates by period number, pooled and by cohort.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "core/argument.h"
#include "core/compat.h"
#include "core/share.h"
#include "retention/retention.h"

/* Customers of all cohorts, or of one, at one period number. */
typedef struct Point
{
	int64 eligible;	   /* for whom the period is complete */
	int64 returned;	   /* who bought in it */
	int64 on_or_after; /* or in a later one that is complete */
	double follow_up;  /* complete periods from it on, summed over the eligible */
} Point;

static void
add_cohort(Point *points, const Retention *retention, int32 cohort)
{
	const RetentionCell *cells = retention->cells + first_cell(retention, cohort);
	int32 periods = cohort_periods(retention, cohort);
	int64 on_or_after = 0;

	for (int32 k = periods - 1; k >= 0; k--)
	{
		on_or_after += cells[k].last;
		points[k].eligible += cells[0].returned;
		points[k].returned += cells[k].returned;
		points[k].on_or_after += on_or_after;
		points[k].follow_up += (double) cells[0].returned * (periods - k);
	}
}

static Point *
pooled_points(const Retention *retention)
{
	Point *points = palloc0(Max(retention->cohorts, 1) * sizeof(Point));

	for (int32 cohort = 0; cohort < retention->cohorts; cohort++)
	{
		CHECK_FOR_INTERRUPTS();
		add_cohort(points, retention, cohort);
	}
	return points;
}

/* Columns eligible, retained, rate, lower, upper, and the last four again for on or after. */
#define POINT_COLUMNS 9

static void
put_share(Datum *values, bool *nulls, int64 count, int64 eligible, double z)
{
	double lower;
	double upper;

	values[0] = Int64GetDatum(count);
	if (eligible == 0)
	{
		nulls[1] = nulls[2] = nulls[3] = true;
		return;
	}
	wilson_bounds((double) count, (double) eligible, z, &lower, &upper);
	values[1] = Float8GetDatum((double) count / (double) eligible);
	values[2] = Float8GetDatum(lower);
	values[3] = Float8GetDatum(upper);
}

static void
put_point(Datum *values, bool *nulls, const Point *point, double z)
{
	values[0] = Int64GetDatum(point->eligible);
	put_share(values + 1, nulls + 1, point->returned, point->eligible, z);
	put_share(values + 5, nulls + 5, point->on_or_after, point->eligible, z);
}

PG_FUNCTION_INFO_V1(retention_points);
Datum
retention_points(PG_FUNCTION_ARGS)
{
	const Retention *retention = retention_argument(fcinfo, 0);
	double z = normal_z(level_argument(PG_GETARG_FLOAT8(1)));
	const Point *points = pooled_points(retention);
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (int32 k = 0; k < retention->cohorts; k++)
	{
		Datum values[POINT_COLUMNS + 2] = {Int32GetDatum(k)};
		bool nulls[POINT_COLUMNS + 2] = {false};

		put_point(values + 1, nulls + 1, &points[k], z);
		values[POINT_COLUMNS + 1] =
			Float8GetDatum(points[k].follow_up / Max(points[k].eligible, 1));
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

typedef struct CohortRows
{
	ReturnSetInfo *result;
	const Retention *retention;
	Point *points; /* of the cohort */
	int32 cohort;
	double z;
	Datum label;
} CohortRows;

#define COHORT_COLUMNS 6

static void
put_cohort_row(const CohortRows *rows, int64 customers, int32 k, bool complete)
{
	const Retention *retention = rows->retention;
	int32 period = retention->first + rows->cohort + k;
	Datum values[COHORT_COLUMNS + POINT_COLUMNS] = {
		DateADTGetDatum(period_first_day(retention->period, retention->first + rows->cohort)),
		rows->label,
		Int64GetDatum(customers),
		Int32GetDatum(k),
		DateADTGetDatum(period_first_day(retention->period, period)),
		BoolGetDatum(complete)};
	bool nulls[COHORT_COLUMNS + POINT_COLUMNS] = {false};

	if (complete)
		put_point(values + COHORT_COLUMNS, nulls + COHORT_COLUMNS, &rows->points[k], rows->z);
	else
	{
		values[COHORT_COLUMNS] = Int64GetDatum(0);
		memset(nulls + COHORT_COLUMNS + 1, true, POINT_COLUMNS - 1);
	}
	tuplestore_putvalues(rows->result->setResult, rows->result->setDesc, values, nulls);
}

/* A cohort's complete periods, and the one under way if it has begun. */
static void
put_cohort(CohortRows *rows, bool has_begun)
{
	const Retention *retention = rows->retention;
	int32 periods = cohort_periods(retention, rows->cohort);
	int64 customers = periods > 0 ? retention->cells[first_cell(retention, rows->cohort)].returned
								  : retention->young;

	memset(rows->points, 0, Max(periods, 1) * sizeof(Point));
	add_cohort(rows->points, retention, rows->cohort);
	for (int32 k = 0; k < periods; k++)
		put_cohort_row(rows, customers, k, true);
	if (has_begun)
		put_cohort_row(rows, customers, periods, false);
}

PG_FUNCTION_INFO_V1(retention_cohorts);
Datum
retention_cohorts(PG_FUNCTION_ARGS)
{
	const Retention *retention = retention_argument(fcinfo, 0);
	CohortRows rows = {.result = (ReturnSetInfo *) fcinfo->resultinfo, .retention = retention};
	DateADT under_way = period_first_day(retention->period, period_under_way(retention));
	bool has_begun = under_way < retention->as_of;
	int32 cohorts = retention->cohorts + (retention->young > 0 ? 1 : 0);

	rows.z = normal_z(level_argument(PG_GETARG_FLOAT8(1)));
	rows.points = palloc(Max(retention->cohorts, 1) * sizeof(Point));
	InitMaterializedSRF(fcinfo, 0);
	for (rows.cohort = 0; rows.cohort < cohorts; rows.cohort++)
	{
		DateADT start = period_first_day(retention->period, retention->first + rows.cohort);

		CHECK_FOR_INTERRUPTS();
		rows.label = PointerGetDatum(period_label(retention->period, start));
		put_cohort(&rows, has_begun);
		pfree(DatumGetPointer(rows.label));
	}
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(retention_rate);
Datum
retention_rate(PG_FUNCTION_ARGS)
{
	const Retention *retention = retention_argument(fcinfo, 0);
	int32 k = PG_GETARG_INT32(1);
	int64 eligible = 0;
	int64 returned = 0;

	if (k < 0)
		bad_parameter("period_number", psprintf("%d", k), "Give a number of 0 or more.");
	for (int32 cohort = 0; cohort < retention->cohorts && k < cohort_periods(retention, cohort);
		 cohort++)
	{
		const RetentionCell *cells = retention->cells + first_cell(retention, cohort);

		eligible += cells[0].returned;
		returned += cells[k].returned;
	}
	if (eligible == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8((double) returned / (double) eligible);
}

PG_FUNCTION_INFO_V1(retention_rates);
Datum
retention_rates(PG_FUNCTION_ARGS)
{
	const Retention *retention = retention_argument(fcinfo, 0);
	const Point *points = pooled_points(retention);
	Datum *rates = palloc(Max(retention->cohorts, 1) * sizeof(Datum));

	for (int32 k = 0; k < retention->cohorts; k++)
		rates[k] = Float8GetDatum((double) points[k].returned / (double) points[k].eligible);
	PG_RETURN_ARRAYTYPE_P(construct_array(rates, retention->cohorts, FLOAT8OID, sizeof(float8),
										  FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}
