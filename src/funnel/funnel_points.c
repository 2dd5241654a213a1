/*
 * What a funnel says: counts and shares step by step.
 */
#include "postgres.h"

#include "funcapi.h"
#include "utils/tuplestore.h"

#include "core/argument.h"
#include "core/compat.h"
#include "core/share.h"
#include "funnel/funnel.h"

/* Columns of a share in per cent: the estimate and its bounds; NULL where nobody could come. */
#define SHARE_COLUMNS 3

static void
put_share(Datum *values, bool *nulls, int64 count, int64 whole, double z)
{
	double lower;
	double upper;

	if (whole == 0)
	{
		memset(nulls, true, SHARE_COLUMNS * sizeof(bool));
		return;
	}
	wilson_bounds((double) count, (double) whole, z, &lower, &upper);
	values[0] = Float8GetDatum(100.0 * (double) count / (double) whole);
	values[1] = Float8GetDatum(100.0 * lower);
	values[2] = Float8GetDatum(100.0 * upper);
}

/* The first step is all of itself, which estimates nothing, and none is before it. */
static void
put_first_shares(Datum *values, bool *nulls, int64 count)
{
	for (int i = 0; i < SHARE_COLUMNS; i++)
	{
		values[i] = Float8GetDatum(100.0);
		nulls[i] = count == 0;
		nulls[SHARE_COLUMNS + i] = true;
	}
}

PG_FUNCTION_INFO_V1(funnel_points);
Datum
funnel_points(PG_FUNCTION_ARGS)
{
	const Funnel *funnel = funnel_argument(fcinfo, 0);
	const int64 *counts = funnel->counts;
	double z = normal_z(level_argument(PG_GETARG_FLOAT8(1)));
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (int32 i = 0; i < funnel->steps; i++)
	{
		Datum values[2 + 2 * SHARE_COLUMNS] = {Int32GetDatum(i + 1), Int64GetDatum(counts[i])};
		bool nulls[2 + 2 * SHARE_COLUMNS] = {false};

		if (i == 0)
			put_first_shares(values + 2, nulls + 2, counts[0]);
		else
		{
			put_share(values + 2, nulls + 2, counts[i], counts[0], z);
			put_share(values + 2 + SHARE_COLUMNS, nulls + 2 + SHARE_COLUMNS, counts[i],
					  counts[i - 1], z);
		}
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}
