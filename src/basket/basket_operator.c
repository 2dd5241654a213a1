/*
 * The type baskets: its sum, operators and hash.
 */
#include "postgres.h"

#include "basket/basket.h"
#include "core/comparison.h"

/* The baskets of both: those of an order that is in both are put together. */
PG_FUNCTION_INFO_V1(baskets_add);
Datum
baskets_add(PG_FUNCTION_ARGS)
{
	BasketBuilder *builder = new_builder(CurrentMemoryContext);

	for (int n = 0; n < 2; n++)
	{
		BasketReader reader = basket_reader(baskets_argument(fcinfo, n));

		add_baskets(builder, &reader);
	}
	PG_RETURN_POINTER(builder_baskets(builder));
}

/* Equal ones are equal bytes; else any order does. */
static int
compare_baskets(const Baskets *a, const Baskets *b)
{
	Size size = VARSIZE_ANY_EXHDR(a);
	Size other = VARSIZE_ANY_EXHDR(b);
	int order = memcmp(VARDATA_ANY(a), VARDATA_ANY(b), Min(size, other));

	if (order != 0)
		return order;
	return (size > other) - (size < other);
}

COMPARISON_FUNCTIONS(baskets, baskets_argument, compare_baskets)

static const unsigned char *
hashed_part(const Baskets *baskets, int *length)
{
	*length = VARSIZE_ANY_EXHDR(baskets);
	return (const unsigned char *) VARDATA_ANY(baskets);
}

HASH_FUNCTIONS(baskets, baskets_argument, hashed_part)
