/*
 * The type rating_distribution: its operators and hash.
 */
#include "postgres.h"

#include "core/comparison.h"
#include "core/compat.h"
#include "nps/rating.h"

static RatingDistribution *
copy_ratings(const RatingDistribution *ratings)
{
	RatingDistribution *copy = make_ratings(ratings->lowest, ratings->highest);

	memcpy(copy->counts, ratings->counts, rating_levels(ratings) * sizeof(int64));
	return copy;
}

PG_FUNCTION_INFO_V1(rating_distribution_add);
Datum
rating_distribution_add(PG_FUNCTION_ARGS)
{
	RatingDistribution *sum = copy_ratings(rating_arg(fcinfo, 0));

	ratings_add(sum, rating_arg(fcinfo, 1));
	PG_RETURN_POINTER(sum);
}

PG_FUNCTION_INFO_V1(rating_distribution_subtract);
Datum
rating_distribution_subtract(PG_FUNCTION_ARGS)
{
	RatingDistribution *rest = copy_ratings(rating_arg(fcinfo, 0));

	ratings_subtract(rest, rating_arg(fcinfo, 1));
	PG_RETURN_POINTER(rest);
}

/* By the scale, then by the counts. */
static int
compare_ratings(const RatingDistribution *a, const RatingDistribution *b)
{
	if (a->lowest != b->lowest)
		return a->lowest < b->lowest ? -1 : 1;
	if (a->highest != b->highest)
		return a->highest < b->highest ? -1 : 1;
	return tally_compare(a->counts, b->counts, rating_levels(a));
}

COMPARISON_FUNCTIONS(rating_distribution, rating_arg, compare_ratings)

/* What makes a value, the header left out: the scale and the counts. */
static const unsigned char *
hashed_part(const RatingDistribution *ratings, int *length)
{
	*length = VARSIZE(ratings) - offsetof(RatingDistribution, lowest);
	return (const unsigned char *) &ratings->lowest;
}

HASH_FUNCTIONS(rating_distribution, rating_arg, hashed_part)
