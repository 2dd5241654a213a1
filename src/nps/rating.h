/*
 * The type rating_distribution: how often each level of a rating scale was given.
 */
#ifndef CLIENTELE_RATING_H
#define CLIENTELE_RATING_H

#include "fmgr.h"

#include "core/compat.h"
#include "nps/tally.h"

#define RATING_VERSION 1

#define RATING_LIMIT  1000 /* the bounds of a scale lie within ± this */
#define RATING_LEVELS 101  /* and it has at most so many levels: 0 to 100 */

/* As stored: variable length, the counts from the lowest level to the highest. */
typedef struct RatingDistribution
{
	int32 vl_len_; /* the server's header: never touch it directly */
	int32 version; /* RATING_VERSION */
	int32 lowest;
	int32 highest;						 /* above lowest */
	int64 counts[FLEXIBLE_ARRAY_MEMBER]; /* a valid tally */
} RatingDistribution;

static inline int
rating_levels(const RatingDistribution *ratings)
{
	return ratings->highest - ratings->lowest + 1;
}

static inline int64
rating_total(const RatingDistribution *ratings)
{
	return tally_total(ratings->counts, rating_levels(ratings));
}

static inline bool
same_scale(const RatingDistribution *a, const RatingDistribution *b)
{
	return a->lowest == b->lowest && a->highest == b->highest;
}

/* Whether there is such a scale. */
extern bool is_scale(int64 lowest, int64 highest);

/* Raises 22023 where there is not. */
extern void check_scale(int32 lowest, int32 highest);

/* A new value without ratings, on a checked scale. */
extern RatingDistribution *make_ratings(int32 lowest, int32 highest);

/* Argument n of a function. A state that an aggregate keeps comes as it is, to be changed. */
extern RatingDistribution *rating_arg(FunctionCallInfo fcinfo, int n);

/* In place; raise 22023 for another scale, and where tally_add() and tally_subtract() do. */
extern void ratings_add(RatingDistribution *ratings, const RatingDistribution *more);
extern void ratings_subtract(RatingDistribution *ratings, const RatingDistribution *less);

/* Raises 22023: the two scales differ. */
_Noreturn extern void different_scales(const RatingDistribution *ratings, int32 lowest,
									   int32 highest);

#endif
