/*
 * Pictures for a terminal: the triangle of a retention as a heat map, and a curve as a sparkline.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/float.h"

#include "core/argument.h"
#include "core/compat.h"
#include "retention/retention.h"

/* From the lowest to the highest: blocks where the database can hold them, else letters. */
static const char *const blocks[] = {"\xE2\x96\x81", "\xE2\x96\x82", "\xE2\x96\x83",
									 "\xE2\x96\x84", "\xE2\x96\x85", "\xE2\x96\x86",
									 "\xE2\x96\x87", "\xE2\x96\x88"};
static const char *const plain_blocks[] = {"_", ".", ":", "-", "=", "+", "*", "#"};
static const char *const shades[] = {" ", "\xE2\x96\x91", "\xE2\x96\x92", "\xE2\x96\x93",
									 "\xE2\x96\x88"};
static const char *const plain_shades[] = {" ", ".", ":", "+", "#"};

static const char *
step_of(double share, const char *const *steps, const char *const *plain_steps, int count)
{
	int step = (int) floor(share * count);

	step = Max(0, Min(count - 1, step));
	return GetDatabaseEncoding() == PG_UTF8 ? steps[step] : plain_steps[step];
}

/* The rate in per cent, and a shade for each fifth. */
static void
append_cell(StringInfo out, const RetentionCell *cells, int32 k)
{
	double rate = (double) cells[k].returned / (double) cells[0].returned;

	appendStringInfo(out, " %3.0f%s", 100 * rate,
					 step_of(rate, shades, plain_shades, lengthof(shades)));
}

static void
append_cohort_line(StringInfo out, const Retention *retention, int32 cohort)
{
	const RetentionCell *cells = retention->cells + first_cell(retention, cohort);

	appendStringInfo(
		out, "\n%-10s %9lld",
		text_to_cstring(period_label(
			retention->period, period_first_day(retention->period, retention->first + cohort))),
		(long long) cells[0].returned);
	for (int32 k = 0; k < cohort_periods(retention, cohort) && cells[0].returned > 0; k++)
		append_cell(out, cells, k);
}

PG_FUNCTION_INFO_V1(retention_heatmap);
Datum
retention_heatmap(PG_FUNCTION_ARGS)
{
	const Retention *retention = retention_argument(fcinfo, 0);
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfo(&out, "%-10s %9s", "cohort", "customers");
	for (int32 k = 0; k < retention->cohorts; k++)
		appendStringInfo(&out, " %3d ", k);
	for (int32 cohort = 0; cohort < retention->cohorts; cohort++)
	{
		CHECK_FOR_INTERRUPTS();
		append_cohort_line(&out, retention, cohort);
	}
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out.data, out.len));
}

typedef struct Range
{
	double lowest;
	double highest;
} Range;

static Range
range_of(const Datum *values, const bool *nulls, int count)
{
	Range range = {.lowest = get_float8_infinity(), .highest = -get_float8_infinity()};

	for (int i = 0; i < count; i++)
	{
		double value = nulls[i] ? 0 : DatumGetFloat8(values[i]);

		if (!isfinite(value))
			ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
							errmsg("invalid value for a sparkline: %g", value),
							errhint("Give finite numbers, and NULL for a gap.")));
		if (nulls[i])
			continue;
		range.lowest = Min(range.lowest, value);
		range.highest = Max(range.highest, value);
	}
	return range;
}

/* Halves: the difference of two doubles may be none. */
static double
place_in(Range range, double value)
{
	double width = range.highest / 2 - range.lowest / 2;

	return width > 0 ? (value / 2 - range.lowest / 2) / width : 0;
}

PG_FUNCTION_INFO_V1(sparkline);
Datum
sparkline(PG_FUNCTION_ARGS)
{
	Datum *values;
	bool *nulls;
	int count;
	Range range;
	StringInfoData out;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(0), FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL,
					  TYPALIGN_DOUBLE, &values, &nulls, &count);
	range = range_of(values, nulls, count);
	initStringInfo(&out);
	for (int i = 0; i < count; i++)
		appendStringInfoString(&out, nulls[i] ? " "
											  : step_of(place_in(range, DatumGetFloat8(values[i])),
														blocks, plain_blocks, lengthof(blocks)));
	PG_RETURN_TEXT_P(cstring_to_text_with_len(out.data, out.len));
}
