/*
 * The type rating_distribution: its forms and its constructor.
 */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgroids.h"

#include "core/argument.h"
#include "core/compat.h"
#include "core/text_input.h"
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

/* Reads "[-2..2]" and moves *text past it; NULL where the text is something else. */
static RatingDistribution *
scale_from_text(const char **text)
{
	const char *in = *text;
	int64 bounds[2];

	for (int i = 0; i < 2; i++)
	{
		int sign;

		if (!read_word(&in, i == 0 ? "[" : ".."))
			return NULL;
		sign = read_word(&in, "-") ? -1 : 1;
		if (!read_count(&in, &bounds[i]))
			return NULL;
		bounds[i] *= sign;
	}
	if (!read_word(&in, "]") || !is_scale(bounds[0], bounds[1]))
		return NULL;
	*text = in;
	return make_ratings((int32) bounds[0], (int32) bounds[1]);
}

PG_FUNCTION_INFO_V1(rating_distribution_in);
Datum
rating_distribution_in(PG_FUNCTION_ARGS)
{
	const char *text = PG_GETARG_CSTRING(0);
	const char *in = skip_space(text);
	RatingDistribution *ratings = scale_from_text(&in);

	if (ratings == NULL || !tally_from_text(&in, ratings->counts, rating_levels(ratings)) ||
		*skip_space(in) != '\0')
		ereturn(fcinfo->context, (Datum) 0,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type %s: \"%.*s\"", "rating_distribution",
						shown_length(text), text),
				 errhint("Write the scale and the count of each of its levels, such as "
						 "[1..5](3,0,2,10,7): a scale of at most %d levels within +-%d, and whole "
						 "numbers of zero or more that fit 64 bits together.",
						 RATING_LEVELS, RATING_LIMIT)));
	PG_RETURN_POINTER(ratings);
}

PG_FUNCTION_INFO_V1(rating_distribution_out);
Datum
rating_distribution_out(PG_FUNCTION_ARGS)
{
	const RatingDistribution *ratings = rating_arg(fcinfo, 0);
	StringInfoData text;

	initStringInfo(&text);
	appendStringInfo(&text, "[%d..%d]", ratings->lowest, ratings->highest);
	tally_to_text(&text, ratings->counts, rating_levels(ratings));
	PG_RETURN_CSTRING(text.data);
}

/* NULL where the message is none of ours. */
static RatingDistribution *
ratings_from_message(StringInfo buf)
{
	RatingDistribution *ratings;
	int32 lowest;
	int32 highest;

	if (buf->len - buf->cursor < (int) (1 + 2 * sizeof(int32)) ||
		pq_getmsgbyte(buf) != RATING_VERSION)
		return NULL;
	lowest = (int32) pq_getmsgint(buf, sizeof(int32));
	highest = (int32) pq_getmsgint(buf, sizeof(int32));
	if (!is_scale(lowest, highest) ||
		buf->len - buf->cursor != (highest - lowest + 1) * (int) sizeof(int64))
		return NULL;
	ratings = make_ratings(lowest, highest);
	tally_recv(buf, ratings->counts, rating_levels(ratings));
	return tally_is_valid(ratings->counts, rating_levels(ratings)) ? ratings : NULL;
}

PG_FUNCTION_INFO_V1(rating_distribution_recv);
Datum
rating_distribution_recv(PG_FUNCTION_ARGS)
{
	StringInfo buf = (StringInfo) PG_GETARG_POINTER(0);
	int length = buf->len - buf->cursor;
	RatingDistribution *ratings = ratings_from_message(buf);

	if (ratings == NULL)
		ereport(
			ERROR,
			(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
			 errmsg("invalid binary form of type %s, of %d bytes", "rating_distribution", length),
			 errhint("Send a byte of value %d, the lowest and highest level as 32-bit "
					 "integers, and for each level its count as a 64-bit integer of zero or "
					 "more; the counts fit 64 bits together.",
					 RATING_VERSION)));
	PG_RETURN_POINTER(ratings);
}

PG_FUNCTION_INFO_V1(rating_distribution_send);
Datum
rating_distribution_send(PG_FUNCTION_ARGS)
{
	const RatingDistribution *ratings = rating_arg(fcinfo, 0);
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendbyte(&buf, RATING_VERSION);
	pq_sendint32(&buf, ratings->lowest);
	pq_sendint32(&buf, ratings->highest);
	tally_send(&buf, ratings->counts, rating_levels(ratings));
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
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
