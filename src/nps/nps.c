/*
 * The type nps: its forms, constructor, operators and casts.
 */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

#include "core/comparison.h"
#include "core/compat.h"
#include "core/text_input.h"
#include "nps/nps.h"

Nps *
make_nps(const int64 *answers)
{
	Nps *nps = palloc0(sizeof(Nps));

	nps->version = NPS_VERSION;
	memcpy(nps->answers, answers, sizeof(nps->answers));
	return nps;
}

const Nps *
nps_arg(FunctionCallInfo fcinfo, int n)
{
	const Nps *nps = (const Nps *) PG_GETARG_POINTER(n);

	if (unlikely(nps->version != NPS_VERSION))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("nps value of unknown version %d", nps->version),
				 errhint("It was written by another version of the extension: install that one.")));
	Assert(nps->reserved == 0 && tally_is_valid(nps->answers, NPS_GROUPS));
	return nps;
}

PG_FUNCTION_INFO_V1(nps_in);
Datum
nps_in(PG_FUNCTION_ARGS)
{
	const char *text = PG_GETARG_CSTRING(0);
	const char *in = skip_space(text);
	int64 answers[NPS_GROUPS];

	if (!tally_from_text(&in, answers, NPS_GROUPS) || *skip_space(in) != '\0')
		ereturn(
			fcinfo->context, (Datum) 0,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid input syntax for type %s: \"%.*s\"", "nps", shown_length(text), text),
			 errhint("Write the counts as (promoters,passives,detractors), such as "
					 "(50,30,20): whole numbers of zero or more that fit 64 bits together.")));
	PG_RETURN_POINTER(make_nps(answers));
}

PG_FUNCTION_INFO_V1(nps_out);
Datum
nps_out(PG_FUNCTION_ARGS)
{
	StringInfoData text;

	initStringInfo(&text);
	tally_to_text(&text, nps_arg(fcinfo, 0)->answers, NPS_GROUPS);
	PG_RETURN_CSTRING(text.data);
}

PG_FUNCTION_INFO_V1(nps_recv);
Datum
nps_recv(PG_FUNCTION_ARGS)
{
	StringInfo buf = (StringInfo) PG_GETARG_POINTER(0);
	int64 answers[NPS_GROUPS];
	int length = buf->len - buf->cursor;
	bool valid = length == 1 + sizeof(answers) && pq_getmsgbyte(buf) == NPS_VERSION;

	if (valid)
		tally_recv(buf, answers, NPS_GROUPS);
	if (!valid || !tally_is_valid(answers, NPS_GROUPS))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid binary form of type %s, of %d bytes", "nps", length),
				 errhint("Send a byte of value %d, then promoters, passives and detractors as "
						 "64-bit integers of zero or more that fit 64 bits together.",
						 NPS_VERSION)));
	PG_RETURN_POINTER(make_nps(answers));
}

PG_FUNCTION_INFO_V1(nps_send);
Datum
nps_send(PG_FUNCTION_ARGS)
{
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendbyte(&buf, NPS_VERSION);
	tally_send(&buf, nps_arg(fcinfo, 0)->answers, NPS_GROUPS);
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

PG_FUNCTION_INFO_V1(nps_from_counts);
Datum
nps_from_counts(PG_FUNCTION_ARGS)
{
	static const char *const names[NPS_GROUPS] = {"promoters", "passives", "detractors"};
	int64 answers[NPS_GROUPS];

	for (int group = 0; group < NPS_GROUPS; group++)
		answers[group] = count_argument(names[group], PG_GETARG_INT64(group));
	tally_check_total(answers, NPS_GROUPS);
	PG_RETURN_POINTER(make_nps(answers));
}

PG_FUNCTION_INFO_V1(nps_add);
Datum
nps_add(PG_FUNCTION_ARGS)
{
	Nps *sum = make_nps(nps_arg(fcinfo, 0)->answers);

	tally_add(sum->answers, nps_arg(fcinfo, 1)->answers, NPS_GROUPS);
	PG_RETURN_POINTER(sum);
}

PG_FUNCTION_INFO_V1(nps_subtract);
Datum
nps_subtract(PG_FUNCTION_ARGS)
{
	Nps *rest = make_nps(nps_arg(fcinfo, 0)->answers);

	tally_subtract(rest->answers, nps_arg(fcinfo, 1)->answers, NPS_GROUPS);
	PG_RETURN_POINTER(rest);
}

/* By the score, exactly, and those without answers last; then by the counts. */
static int
compare_answers(const Nps *a, const Nps *b)
{
	int128 score_a = (int128) nps_surplus(a) * nps_total(b);
	int128 score_b = (int128) nps_surplus(b) * nps_total(a);

	if ((nps_total(a) == 0) != (nps_total(b) == 0))
		return nps_total(a) == 0 ? 1 : -1;
	if (score_a != score_b)
		return score_a < score_b ? -1 : 1;
	return tally_compare(a->answers, b->answers, NPS_GROUPS);
}

COMPARISON_FUNCTIONS(nps, nps_arg, compare_answers)

/* What makes a value. */
static const int64 *
hashed_part(const Nps *nps, int *length)
{
	*length = (int) sizeof(nps->answers);
	return nps->answers;
}

HASH_FUNCTIONS(nps, nps_arg, hashed_part)

PG_FUNCTION_INFO_V1(nps_to_jsonb);
Datum
nps_to_jsonb(PG_FUNCTION_ARGS)
{
	const Nps *nps = nps_arg(fcinfo, 0);
	char *json = psprintf("{\"promoters\": " INT64_FORMAT ", \"passives\": " INT64_FORMAT
						  ", \"detractors\": " INT64_FORMAT "}",
						  nps->answers[NPS_PROMOTERS], nps->answers[NPS_PASSIVES],
						  nps->answers[NPS_DETRACTORS]);

	return DirectFunctionCall1(jsonb_in, CStringGetDatum(json));
}
