/*
 * The type rating_distribution: making, checking and adding.
 */
#include "postgres.h"

#include "utils/array.h"
#include "utils/fmgroids.h"

#include "core/argument.h"
#include "core/compat.h"
#include "nps/rating.h"

bool
is_scale(int64 lowest, int64 highest)
{
	return lowest >= -RATING_LIMIT && highest <= RATING_LIMIT && lowest < highest &&
		   highest - lowest < RATING_LEVELS;
}

void
check_scale(int32 lowest, int32 highest)
{
	if (lowest < -RATING_LIMIT || lowest >= RATING_LIMIT)
		bad_parameter(
			"lowest", psprintf("%d", lowest),
			psprintf("Give a whole number from %d to %d.", -RATING_LIMIT, RATING_LIMIT - 1));
	if (!is_scale(lowest, highest))
		bad_parameter("highest", psprintf("%d", highest),
					  psprintf("Give a whole number from %d to %d: a scale has 2 to %d levels, "
							   "and its bounds are within +-%d.",
							   lowest + 1, Min(lowest + RATING_LEVELS - 1, RATING_LIMIT),
							   RATING_LEVELS, RATING_LIMIT));
}

RatingDistribution *
make_ratings(int32 lowest, int32 highest)
{
	size_t size = offsetof(RatingDistribution, counts) + (highest - lowest + 1) * sizeof(int64);
	RatingDistribution *ratings = palloc0(size);

	SET_VARSIZE(ratings, size);
	ratings->version = RATING_VERSION;
	ratings->lowest = lowest;
	ratings->highest = highest;
	return ratings;
}

RatingDistribution *
rating_arg(FunctionCallInfo fcinfo, int n)
{
	RatingDistribution *ratings = (RatingDistribution *) PG_DETOAST_DATUM(PG_GETARG_DATUM(n));

	if (unlikely(ratings->version != RATING_VERSION))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("rating_distribution value of unknown version %d", ratings->version),
				 errhint("It was written by another version of the extension: install that one.")));
	Assert(is_scale(ratings->lowest, ratings->highest));
	Assert(tally_is_valid(ratings->counts, rating_levels(ratings)));
	return ratings;
}

_Noreturn void
different_scales(const RatingDistribution *ratings, int32 lowest, int32 highest)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("rating scales differ: [%d..%d] and [%d..%d]", ratings->lowest,
						   ratings->highest, lowest, highest),
					errhint("Keep the ratings of each scale apart, for example with GROUP BY.")));
	pg_unreachable();
}

static void
check_same_scale(const RatingDistribution *a, const RatingDistribution *b)
{
	if (!same_scale(a, b))
		different_scales(a, b->lowest, b->highest);
}

void
ratings_add(RatingDistribution *ratings, const RatingDistribution *more)
{
	check_same_scale(ratings, more);
	tally_add(ratings->counts, more->counts, rating_levels(ratings));
}

void
ratings_subtract(RatingDistribution *ratings, const RatingDistribution *less)
{
	check_same_scale(ratings, less);
	tally_subtract(ratings->counts, less->counts, rating_levels(ratings));
}

PG_FUNCTION_INFO_V1(rating_distribution_from_counts);
Datum
rating_distribution_from_counts(PG_FUNCTION_ARGS)
{
	int32 lowest = PG_GETARG_INT32(0);
	int32 highest = PG_GETARG_INT32(1);
	ArrayType *counts = PG_GETARG_ARRAYTYPE_P(2);
	RatingDistribution *ratings;
	int levels;

	check_scale(lowest, highest);
	ratings = make_ratings(lowest, highest);
	levels = rating_levels(ratings);
	if (ARR_NDIM(counts) != 1 || ARR_DIMS(counts)[0] != levels || array_contains_nulls(counts))
		bad_parameter("counts", OidOutputFunctionCall(F_ARRAY_OUT, PointerGetDatum(counts)),
					  psprintf("Give %d counts, one for each level from %d to %d, none null.",
							   levels, lowest, highest));
	memcpy(ratings->counts, ARR_DATA_PTR(counts), levels * sizeof(int64));
	for (int i = 0; i < levels; i++)
		count_argument("counts", ratings->counts[i]);
	tally_check_total(ratings->counts, levels);
	PG_RETURN_POINTER(ratings);
}
