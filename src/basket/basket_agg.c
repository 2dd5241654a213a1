/*
 * basket_agg() and rollup(): putting lines and baskets together.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "basket/basket.h"
#include "core/aggregate.h"

/* The state so far, to be added to: one that another process has sent as a value is unpacked. */
static BasketBuilder *
builder_argument(FunctionCallInfo fcinfo)
{
	MemoryContext context;
	BasketBuilder *builder;

	if (!AggCheckCallContext(fcinfo, &context))
		outside_aggregate(fcinfo);
	builder = PG_ARGISNULL(0) ? NULL : datum_builder(PG_GETARG_DATUM(0));
	if (likely(builder != NULL &&
			   VARATT_IS_EXTERNAL_EXPANDED_RW(DatumGetPointer(PG_GETARG_DATUM(0)))))
		return builder;
	builder = new_builder(context);
	if (!PG_ARGISNULL(0))
	{
		BasketReader reader = basket_reader(baskets_argument(fcinfo, 0));

		add_baskets(builder, &reader);
	}
	return builder;
}

/* A whole number as text, which buffer holds. */
static Label
label_int8(FunctionCallInfo fcinfo, int n, char *buffer)
{
	return (Label){buffer, pg_lltoa(PG_GETARG_INT64(n), buffer)};
}

static Label
label_text(FunctionCallInfo fcinfo, int n, char *buffer pg_attribute_unused())
{
	text *value = PG_GETARG_TEXT_PP(n);

	return (Label){VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)};
}

#define BASKET_TRANSITION(order_type, product_type)                                                \
	PG_FUNCTION_INFO_V1(basket_agg_##order_type##_##product_type);                                 \
	Datum basket_agg_##order_type##_##product_type(PG_FUNCTION_ARGS)                               \
	{                                                                                              \
		char order[MAXINT8LEN + 1];                                                                \
		char product[MAXINT8LEN + 1];                                                              \
		BasketBuilder *builder;                                                                    \
                                                                                                   \
		if (PG_ARGISNULL(1) || PG_ARGISNULL(2))                                                    \
			return unchanged_state(fcinfo);                                                        \
		builder = builder_argument(fcinfo);                                                        \
		add_line(builder, label_##order_type(fcinfo, 1, order),                                    \
				 label_##product_type(fcinfo, 2, product));                                        \
		return builder_datum(builder);                                                             \
	}

BASKET_TRANSITION(int8, int8)
BASKET_TRANSITION(int8, text)
BASKET_TRANSITION(text, int8)
BASKET_TRANSITION(text, text)

/* Adds baskets, or another process's state, to the state: rollup's transition and combine. */
PG_FUNCTION_INFO_V1(baskets_combine);
Datum
baskets_combine(PG_FUNCTION_ARGS)
{
	BasketBuilder *builder;
	BasketReader reader;

	if (PG_ARGISNULL(1))
		return unchanged_state(fcinfo);
	builder = builder_argument(fcinfo);
	reader = basket_reader(baskets_argument(fcinfo, 1));
	add_baskets(builder, &reader);
	return builder_datum(builder);
}

/* Under OVER () more rows may follow, and another aggregate may ask the same state. */
static bool
is_last_call(FunctionCallInfo fcinfo)
{
	return AggCheckCallContext(fcinfo, NULL) == AGG_CONTEXT_AGGREGATE && !AggStateIsShared(fcinfo);
}

/* The value, which is made where it is wanted if it can be: it is large, and would be copied there. */
PG_FUNCTION_INFO_V1(baskets_final);
Datum
baskets_final(PG_FUNCTION_ARGS)
{
	BasketBuilder *builder;

	check_aggregate(fcinfo);
	builder =
		PG_ARGISNULL(0) ? new_builder(CurrentMemoryContext) : datum_builder(PG_GETARG_DATUM(0));
	if (builder == NULL)
		PG_RETURN_POINTER(baskets_argument(fcinfo, 0));
	PG_RETURN_POINTER(is_last_call(fcinfo) ? last_baskets(builder) : builder_baskets(builder));
}
