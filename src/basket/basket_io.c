/*
 * The type baskets: its text, binary and jsonb forms.
 *
 * Text: {"1001": ["beer", "bread"], "1002": ["bread"]}, a JSON object with the products of each
 * order.
 */
#include "postgres.h"

#include "libpq/pqformat.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/json.h"
#include "utils/memutils.h"

#include "basket/basket.h"
#include "core/json_writer.h"
#include "core/text_form.h"

static char *
label_string(Label label)
{
	return pnstrdup(label.bytes, label.length);
}

/* Quoted, with what JSON wants escaped. */
static void
append_label(StringInfo out, Label label)
{
	char *string = label_string(label);

	escape_json(out, string);
	pfree(string);
}

PG_FUNCTION_INFO_V1(baskets_out);
Datum
baskets_out(PG_FUNCTION_ARGS)
{
	BasketReader reader = basket_reader(baskets_argument(fcinfo, 0));
	Label *products = read_products(&reader);
	Basket basket;
	StringInfoData out;

	initStringInfo(&out);
	appendStringInfoChar(&out, '{');
	while (read_basket(&reader, &basket))
	{
		int64 item = -1;

		CHECK_FOR_INTERRUPTS();
		if (out.len > 1)
			appendStringInfoString(&out, ", ");
		append_label(&out, basket.order);
		appendStringInfoString(&out, ": [");
		for (uint32 n = 0; n < basket.size; n++)
		{
			item = read_item(&reader, item);
			if (n > 0)
				appendStringInfoString(&out, ", ");
			append_label(&out, products[item]);
		}
		appendStringInfoChar(&out, ']');
	}
	appendStringInfoChar(&out, '}');
	PG_RETURN_CSTRING(out.data);
}

PG_FUNCTION_INFO_V1(baskets_in);
Datum
baskets_in(PG_FUNCTION_ARGS)
{
	char *text = PG_GETARG_CSTRING(0);
	BasketBuilder *builder = new_builder(CurrentMemoryContext);

	if (!add_json(builder, text))
		ereturn(
			fcinfo->context, (Datum) 0,
			(errcode(ERRCODE_INVALID_TEXT_REPRESENTATION),
			 errmsg("invalid input syntax for type baskets: \"%.*s\"", shown_length(text), text),
			 errhint("Write a JSON object with the products of each order, such as "
					 "{\"1001\": [\"beer\", \"bread\"], \"1002\": [\"bread\"]}.")));
	PG_RETURN_POINTER(builder_baskets(builder));
}

PG_FUNCTION_INFO_V1(baskets_send);
Datum
baskets_send(PG_FUNCTION_ARGS)
{
	const Baskets *baskets = baskets_argument(fcinfo, 0);
	StringInfoData out;

	pq_begintypsend(&out);
	pq_sendbytes(&out, VARDATA_ANY(baskets), VARSIZE_ANY_EXHDR(baskets));
	PG_RETURN_BYTEA_P(pq_endtypsend(&out));
}

_Noreturn static void
bad_binary(void)
{
	ereport(ERROR, (errcode(ERRCODE_INVALID_BINARY_REPRESENTATION),
					errmsg("invalid binary form of type baskets"),
					errhint("Send what the binary form of a value of this version holds.")));
	pg_unreachable();
}

/* Texts of the database: no zero, and characters of its encoding. */
static void
check_label(Label label)
{
	if (memchr(label.bytes, '\0', label.length) != NULL ||
		!pg_verifymbstr(label.bytes, (int) label.length, true))
		bad_binary();
}

/* Labels, and that each product is in a basket. */
static void
check_labels(BasketReader reader)
{
	Label *products = read_products(&reader);
	bool *bought = MemoryContextAllocExtended(CurrentMemoryContext, Max(reader.products, 1),
											  MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	Basket basket;

	while (read_basket(&reader, &basket))
	{
		int64 item = -1;

		CHECK_FOR_INTERRUPTS();
		check_label(basket.order);
		for (uint32 n = 0; n < basket.size; n++)
		{
			item = read_item(&reader, item);
			bought[item] = true;
		}
	}
	for (uint32 number = 0; number < reader.products; number++)
	{
		check_label(products[number]);
		if (!bought[number])
			bad_binary();
	}
}

/* It has to be what these baskets are written as. */
PG_FUNCTION_INFO_V1(baskets_recv);
Datum
baskets_recv(PG_FUNCTION_ARGS)
{
	StringInfo in = (StringInfo) PG_GETARG_POINTER(0);
	int length = in->len - in->cursor;
	Baskets *received = palloc(VARHDRSZ + length + 1);
	BasketBuilder *builder = new_builder(CurrentMemoryContext);
	BasketReader reader;
	Baskets *written;

	SET_VARSIZE(received, VARHDRSZ + length);
	memcpy(VARDATA(received), pq_getmsgbytes(in, length), length);
	if (length < 3 || received->form != BASKETS_FORM)
		bad_binary();
	reader = checking_reader(received, ERRCODE_INVALID_BINARY_REPRESENTATION);
	check_labels(reader);
	add_baskets(builder, &reader);
	written = builder_baskets(builder);
	if (VARSIZE(written) != VARSIZE(received) ||
		memcmp(VARDATA(written), VARDATA(received), length) != 0)
		bad_binary();
	PG_RETURN_POINTER(written);
}

PG_FUNCTION_INFO_V1(baskets_to_jsonb);
Datum
baskets_to_jsonb(PG_FUNCTION_ARGS)
{
	BasketReader reader = basket_reader(baskets_argument(fcinfo, 0));
	Label *products = read_products(&reader);
	JsonWriter json = json_writer("baskets");
	Basket basket;

	json_bracket(&json, WJB_BEGIN_OBJECT);
	while (read_basket(&reader, &basket))
	{
		int64 item = -1;

		json_name(&json, label_string(basket.order));
		json_bracket(&json, WJB_BEGIN_ARRAY);
		for (uint32 n = 0; n < basket.size; n++)
		{
			item = read_item(&reader, item);
			json_text(&json, label_string(products[item]));
		}
		json_bracket(&json, WJB_END_ARRAY);
	}
	json_bracket(&json, WJB_END_OBJECT);
	return json_finish(&json);
}
