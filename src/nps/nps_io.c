/*
 * The type nps: its text, binary and jsonb forms.
 *
 * Text: (50,30,20), the promoters, passives and detractors.
 */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"

#include "core/compat.h"
#include "core/text_form.h"
#include "nps/nps.h"

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
