/*
 * What a rating_distribution says: its counts, means and top boxes.
 */
#include "postgres.h"

#include "funcapi.h"
#include "utils/tuplestore.h"

#include "core/argument.h"
#include "core/compat.h"
#include "core/share.h"
#include "nps/rating.h"

PG_FUNCTION_INFO_V1(rating_counts);
Datum
rating_counts(PG_FUNCTION_ARGS)
{
	const RatingDistribution *ratings = rating_arg(fcinfo, 0);
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < rating_levels(ratings); i++)
	{
		Datum values[] = {Int32GetDatum(ratings->lowest + i), Int64GetDatum(ratings->counts[i])};
		bool nulls[] = {false, false};

		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(rating_responses);
Datum
rating_responses(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT64(rating_total(rating_arg(fcinfo, 0)));
}

/* All ratings together, exactly. */
static int128
rating_sum(const RatingDistribution *ratings)
{
	int128 sum = 0;

	for (int i = 0; i < rating_levels(ratings); i++)
		sum += (int128) ratings->counts[i] * (ratings->lowest + i);
	return sum;
}

PG_FUNCTION_INFO_V1(rating_mean);
Datum
rating_mean(PG_FUNCTION_ARGS)
{
	const RatingDistribution *ratings = rating_arg(fcinfo, 0);
	int64 total = rating_total(ratings);

	if (total == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8((double) rating_sum(ratings) / (double) total);
}

/*
 * The mean moved linearly to the scale 1..highest. One exact fraction, so that ratings which are on
 * that scale already keep their mean to the last digit.
 */
static Datum
mean_on_scale(FunctionCallInfo fcinfo, int highest)
{
	const RatingDistribution *ratings = rating_arg(fcinfo, 0);
	int64 total = rating_total(ratings);
	int128 width = ratings->highest - ratings->lowest;
	int128 above;

	if (total == 0)
		PG_RETURN_NULL();
	above = rating_sum(ratings) - (int128) total * ratings->lowest;
	PG_RETURN_FLOAT8((double) (total * width + (highest - 1) * above) / (double) (total * width));
}

PG_FUNCTION_INFO_V1(csat_mean);
Datum
csat_mean(PG_FUNCTION_ARGS)
{
	return mean_on_scale(fcinfo, 5);
}

PG_FUNCTION_INFO_V1(ces_mean);
Datum
ces_mean(PG_FUNCTION_ARGS)
{
	return mean_on_scale(fcinfo, 7);
}

/* The ratings among the highest levels, as many as boxes says: at least one, not all. */
static int64
top_ratings(const RatingDistribution *ratings, int32 boxes)
{
	int levels = rating_levels(ratings);

	if (boxes < 1 || boxes >= levels)
		bad_parameter("boxes", psprintf("%d", boxes),
					  psprintf("Give a number of levels from 1 to %d: the scale has %d.",
							   levels - 1, levels));
	return tally_total(ratings->counts + levels - boxes, boxes);
}

PG_FUNCTION_INFO_V1(csat_top_box);
Datum
csat_top_box(PG_FUNCTION_ARGS)
{
	const RatingDistribution *ratings = rating_arg(fcinfo, 0);
	int64 top = top_ratings(ratings, PG_GETARG_INT32(1));
	int64 total = rating_total(ratings);

	if (total == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8((double) top / (double) total);
}

PG_FUNCTION_INFO_V1(csat_top_box_interval);
Datum
csat_top_box_interval(PG_FUNCTION_ARGS)
{
	const RatingDistribution *ratings = rating_arg(fcinfo, 0);
	int64 top = top_ratings(ratings, PG_GETARG_INT32(1));

	return wilson_result(fcinfo, top, rating_total(ratings), PG_GETARG_FLOAT8(2));
}
