/*
 * The type rating_distribution: its operators, hash and cast.
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/jsonb.h"

#include "core/comparison.h"
#include "core/compat.h"
#include "nps/rating.h"

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

PG_FUNCTION_INFO_V1(rating_distribution_to_jsonb);
Datum
rating_distribution_to_jsonb(PG_FUNCTION_ARGS)
{
	const RatingDistribution *ratings = rating_arg(fcinfo, 0);
	StringInfoData json;

	initStringInfo(&json);
	appendStringInfo(&json, "{\"lowest\": %d, \"highest\": %d, \"counts\": ", ratings->lowest,
					 ratings->highest);
	for (int i = 0; i < rating_levels(ratings); i++)
		appendStringInfo(&json, "%c" INT64_FORMAT, i == 0 ? '[' : ',', ratings->counts[i]);
	appendStringInfoString(&json, "]}");
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(json.data));
}
