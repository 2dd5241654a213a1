/*
 * The type funnel: its text, binary and jsonb forms.
 *
 * Text: (80,40,4,1), the customers of each step.
 */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"

#include "core/compat.h"
#include "core/text_form.h"
#include "funnel/funnel.h"

static char *
counts_text(const Funnel *funnel, char before, char after)
{
	StringInfoData text;

	initStringInfo(&text);
	for (int32 i = 0; i < funnel->steps; i++)
		appendStringInfo(&text, "%c" INT64_FORMAT, i == 0 ? before : ',', funnel->counts[i]);
	appendStringInfoChar(&text, after);
	return text.data;
}

PG_FUNCTION_INFO_V1(funnel_out);
Datum
funnel_out(PG_FUNCTION_ARGS)
{
	PG_RETURN_CSTRING(counts_text(funnel_argument(fcinfo, 0), '(', ')'));
}

/* How many counts the text holds, at most FUNNEL_STEPS; 0 where it is something else. */
static int32
read_counts(const char *in, int64 *counts)
{
	int32 steps = 0;

	in = skip_space(in);
	while (steps < FUNNEL_STEPS && read_word(&in, steps == 0 ? "(" : ","))
	{
		if (!read_count(&in, &counts[steps++]))
			return 0;
	}
	return read_word(&in, ")") && *skip_space(in) == '\0' ? steps : 0;
}

PG_FUNCTION_INFO_V1(funnel_in);
Datum
funnel_in(PG_FUNCTION_ARGS)
{
	const char *text = PG_GETARG_CSTRING(0);
	int64 counts[FUNNEL_STEPS];
	int32 steps = read_counts(text, counts);

	if (steps == 0 || !funnel_is_valid(counts, steps))
		ereturn(fcinfo->context, (Datum) 0,
				(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
				 errmsg("invalid input syntax for type %s: \"%.*s\"", "funnel", shown_length(text),
						text),
				 errhint("Write the customers of each step, at most %d, as (80,40,4,1): whole "
						 "numbers of zero or more, none above the one before.",
						 FUNNEL_STEPS)));
	PG_RETURN_POINTER(make_funnel(counts, steps));
}

PG_FUNCTION_INFO_V1(funnel_send);
Datum
funnel_send(PG_FUNCTION_ARGS)
{
	const Funnel *funnel = funnel_argument(fcinfo, 0);
	StringInfoData buf;

	pq_begintypsend(&buf);
	pq_sendbyte(&buf, FUNNEL_VERSION);
	for (int32 i = 0; i < funnel->steps; i++)
		pq_sendint64(&buf, funnel->counts[i]);
	PG_RETURN_BYTEA_P(pq_endtypsend(&buf));
}

/* How many counts the message holds; 0 where it is none of ours. */
static int32
receive_counts(StringInfo buf, int64 *counts)
{
	int length = buf->len - buf->cursor;
	int32 steps = (length - 1) / (int) sizeof(int64);

	if (length % sizeof(int64) != 1 || steps > FUNNEL_STEPS || pq_getmsgbyte(buf) != FUNNEL_VERSION)
		return 0;
	for (int32 i = 0; i < steps; i++)
		counts[i] = pq_getmsgint64(buf);
	return steps;
}

PG_FUNCTION_INFO_V1(funnel_recv);
Datum
funnel_recv(PG_FUNCTION_ARGS)
{
	StringInfo buf = (StringInfo) PG_GETARG_POINTER(0);
	int length = buf->len - buf->cursor;
	int64 counts[FUNNEL_STEPS];
	int32 steps = receive_counts(buf, counts);

	if (steps == 0 || !funnel_is_valid(counts, steps))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
				 errmsg("invalid binary form of type %s, of %d bytes", "funnel", length),
				 errhint("Send a byte of value %d, then the customers of each step, at most "
						 "%d, as 64-bit integers of zero or more, none above the one before.",
						 FUNNEL_VERSION, FUNNEL_STEPS)));
	PG_RETURN_POINTER(make_funnel(counts, steps));
}

PG_FUNCTION_INFO_V1(funnel_to_jsonb);
Datum
funnel_to_jsonb(PG_FUNCTION_ARGS)
{
	char *json = counts_text(funnel_argument(fcinfo, 0), '[', ']');

	return DirectFunctionCall1(jsonb_in, CStringGetDatum(json));
}
