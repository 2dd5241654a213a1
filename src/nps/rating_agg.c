/*
 * The aggregates rating_agg and rollup(rating_distribution).
 *
 * The state is the type itself, made by the first row and counted in place from then on. Results
 * need no final function, as with nps_agg.
 */
#include "postgres.h"

#include "core/aggregate.h"
#include "core/argument.h"
#include "core/compat.h"
#include "nps/rating.h"
#include "nps/score.h"

static int32
bound_arg(FunctionCallInfo fcinfo, int n, const char *name)
{
	if (PG_ARGISNULL(n))
		bad_parameter(name, "null", "Name both ends of the rating scale, such as 1 and 5.");
	return PG_GETARG_INT32(n);
}

/* The state of the aggregate that calls us, on the scale that arguments 2 and 3 name. */
static RatingDistribution *
counted(FunctionCallInfo fcinfo)
{
	int32 lowest = bound_arg(fcinfo, 2, "lowest");
	int32 highest = bound_arg(fcinfo, 3, "highest");
	RatingDistribution *state;

	check_aggregate(fcinfo);
	if (PG_ARGISNULL(0))
	{
		check_scale(lowest, highest);
		return make_ratings(lowest, highest); /* the executor moves it to where states live */
	}
	state = rating_arg(fcinfo, 0);
	if (state->lowest != lowest || state->highest != highest)
		different_scales(state, lowest, highest);
	return state;
}

_Noreturn static void
bad_rating(const RatingDistribution *state, FunctionCallInfo fcinfo, PGFunction output)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
			 errmsg("rating out of range: %s",
					DatumGetCString(DirectFunctionCall1(output, PG_GETARG_DATUM(1)))),
			 errhint("Ratings on this scale are whole numbers from %d to %d; multiply ratings and "
					 "scale by two to keep half steps.",
					 state->lowest, state->highest)));
	pg_unreachable();
}

/* The level of argument 1, which was read as rating. */
static inline int
level_of(const RatingDistribution *state, Score rating, FunctionCallInfo fcinfo, PGFunction output)
{
	if (unlikely(rating.whole < state->lowest || rating.whole > state->highest || rating.fraction))
		bad_rating(state, fcinfo, output);
	return (int) (rating.whole - state->lowest);
}

/*
 * For each type of rating, four functions as in nps_agg.c. They are not strict: a row without a
 * rating counts nothing, but it names the scale.
 */
#define RATING_TRANSITION(name, type, output, change, has_answers, answers)                        \
	PG_FUNCTION_INFO_V1(name);                                                                     \
	Datum name(PG_FUNCTION_ARGS)                                                                   \
	{                                                                                              \
		RatingDistribution *state = counted(fcinfo);                                               \
                                                                                                   \
		if (!PG_ARGISNULL(1) && (has_answers))                                                     \
			change(state->counts, rating_levels(state),                                            \
				   level_of(state, score_arg_##type(fcinfo, 1), fcinfo, output), answers);         \
		PG_RETURN_POINTER(state);                                                                  \
	}

#define RATING_ACCUM(type, output)                                                                 \
	RATING_TRANSITION(rating_accum_##type, type, output, tally_count, true, 1)                     \
	RATING_TRANSITION(rating_accum_##type##_inv, type, output, tally_uncount, true, 1)             \
	RATING_TRANSITION(rating_accum_answers_##type, type, output, tally_count, !PG_ARGISNULL(4),    \
					  PG_GETARG_INT64(4))                                                          \
	RATING_TRANSITION(rating_accum_answers_##type##_inv, type, output, tally_uncount,              \
					  !PG_ARGISNULL(4), PG_GETARG_INT64(4))

SCORE_TYPES(RATING_ACCUM)

/*
 * Strict, so the first value becomes the state as it comes: with a short header it is unpacked
 * here into a copy, which the executor keeps instead.
 */
PG_FUNCTION_INFO_V1(rating_combine);
Datum
rating_combine(PG_FUNCTION_ARGS)
{
	RatingDistribution *state;

	check_aggregate(fcinfo);
	state = rating_arg(fcinfo, 0);
	ratings_add(state, rating_arg(fcinfo, 1));
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(rating_combine_inv);
Datum
rating_combine_inv(PG_FUNCTION_ARGS)
{
	RatingDistribution *state;

	check_aggregate(fcinfo);
	state = rating_arg(fcinfo, 0);
	ratings_subtract(state, rating_arg(fcinfo, 1));
	PG_RETURN_POINTER(state);
}
