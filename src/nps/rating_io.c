/*
 * The type rating_distribution: its text, binary and jsonb forms.
 *
 * Text: [1..5](3,0,2,10,7), the scale, and how often each of its levels was given.
 */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

#include "core/compat.h"
#include "core/text_form.h"
#include "nps/rating.h"

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
