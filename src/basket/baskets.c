/*
 * Reading values of type baskets.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "basket/basket.h"

void
too_many_baskets(void)
{
	ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					errmsg("too many order lines for one value of type baskets"),
					errdetail("A value has up to 1 GB."),
					errhint("Leave out what is no product, or read a shorter time.")));
	pg_unreachable();
}

int
compare_labels(Label a, Label b)
{
	int order = memcmp(a.bytes, b.bytes, Min(a.length, b.length));

	if (order != 0)
		return order;
	return (a.length > b.length) - (a.length < b.length);
}

void
bytes_grow(Bytes *bytes, Size more)
{
	Size size = Max(bytes->size, 64);

	while (size < bytes->used + more)
		size *= 2;
	bytes->data = bytes->data == NULL ? MemoryContextAllocHuge(CurrentMemoryContext, size)
									  : repalloc_huge(bytes->data, size);
	bytes->size = size;
}

_Noreturn static void
broken_baskets(const BasketReader *reader)
{
	ereport(ERROR, (errcode(reader->error_code), errmsg("invalid value of type baskets"),
					errhint("The value is damaged, or was written by a newer version.")));
	pg_unreachable();
}

static inline uint32
read_number(BasketReader *reader)
{
	uint32 number;

	if (unlikely(!read_varint32(&reader->next, reader->end, &number)))
		broken_baskets(reader);
	return number;
}

BasketReader
checking_reader(const Baskets *baskets, int error_code)
{
	const uint8 *data = (const uint8 *) VARDATA_ANY(baskets);
	BasketReader reader = {
		.next = data + 1, .end = data + VARSIZE_ANY_EXHDR(baskets), .error_code = error_code};

	if (reader.next > reader.end || *data != BASKETS_FORM)
		broken_baskets(&reader);
	reader.products = read_number(&reader);
	if (reader.products > (Size) (reader.end - reader.next) / 2) /* each takes two bytes or more */
		broken_baskets(&reader);
	return reader;
}

static Label
read_label(BasketReader *reader)
{
	uint32 shared = read_number(reader);
	uint32 length = read_number(reader);

	if (shared > reader->label.used || length > (Size) (reader->end - reader->next))
		broken_baskets(reader);
	reader->label.used = shared;
	bytes_make_room(&reader->label, length);
	memcpy(reader->label.data + shared, reader->next, length);
	reader->label.used += length;
	reader->next += length;
	return (Label){(const char *) reader->label.data, (uint32) reader->label.used};
}

Label
read_product(BasketReader *reader)
{
	return read_label(reader);
}

void
read_orders(BasketReader *reader)
{
	reader->orders = read_number(reader);
	reader->label.used = 0;
}

Label *
read_products(BasketReader *reader)
{
	Label *products =
		MemoryContextAllocHuge(CurrentMemoryContext, Max(reader->products, 1) * sizeof(Label));

	for (uint32 number = 0; number < reader->products; number++)
	{
		Label product = read_product(reader);
		char *bytes = palloc(Max(product.length, 1));

		CHECK_FOR_INTERRUPTS();
		memcpy(bytes, product.bytes, product.length);
		products[number] = (Label){bytes, product.length};
	}
	read_orders(reader);
	return products;
}

bool
read_basket(BasketReader *reader, Basket *basket)
{
	if (reader->orders == 0)
	{
		if (reader->next != reader->end)
			broken_baskets(reader);
		return false;
	}
	reader->orders--;
	basket->order = read_label(reader);
	basket->place = reader->next;
	basket->size = read_number(reader);
	if (basket->size == 0 || basket->size > reader->products)
		broken_baskets(reader);
	return true;
}

uint32
read_item(BasketReader *reader, int64 previous)
{
	uint32 distance = read_number(reader);

	if (unlikely(distance == 0 || previous + distance >= reader->products))
		broken_baskets(reader);
	return (uint32) (previous + distance);
}

/* As it is, with a short header too; what an aggregate works on is flattened first. */
const Baskets *
baskets_argument(FunctionCallInfo fcinfo, int n)
{
	return (const Baskets *) PG_GETARG_VARLENA_PP(n);
}
