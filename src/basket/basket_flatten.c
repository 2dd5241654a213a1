/*
 * From parts of orders to baskets: sorted, put together, each product once.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "basket/basket.h"
#include "basket/product_table.h"

/* A part of an order. The first bytes of the order's number decide nearly all comparisons. */
typedef struct Part
{
	uint32 first_bytes[2];
	uint32 place; /* among the parts */
} Part;

/* All parts in the order of their orders. */
typedef struct Parts
{
	const uint8 *bytes;
	Part *sorted;
	uint64 count;
} Parts;

static inline Label
part_order(const uint8 **part)
{
	Label order = {.length = read_sure_varint(part)};

	order.bytes = (const char *) *part;
	*part += order.length;
	return order;
}

static inline int
compare_parts(const Part *a, const Part *b, const uint8 *bytes)
{
	const uint8 *part = bytes + a->place;
	const uint8 *other = bytes + b->place;

	for (int n = 0; n < 2; n++)
	{
		if (a->first_bytes[n] != b->first_bytes[n])
			return a->first_bytes[n] < b->first_bytes[n] ? -1 : 1;
	}
	return compare_labels(part_order(&part), part_order(&other));
}

#define ST_SORT					sort_parts
#define ST_ELEMENT_TYPE			Part
#define ST_COMPARE_ARG_TYPE		const uint8
#define ST_COMPARE(a, b, bytes) compare_parts(a, b, bytes)
#define ST_SCOPE				static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

static inline int
compare_numbers(const uint32 *a, const uint32 *b)
{
	return (*a > *b) - (*a < *b);
}

#define ST_SORT			 sort_numbers
#define ST_ELEMENT_TYPE	 uint32
#define ST_COMPARE(a, b) compare_numbers(a, b)
#define ST_SCOPE		 static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

/* The value as it is written. */
typedef struct BasketWriter
{
	Bytes out;
	Label last; /* that was written */
} BasketWriter;

static void
write_number(BasketWriter *writer, uint64 number)
{
	bytes_make_room(&writer->out, VARINT64_SIZE);
	writer->out.used = write_varint(writer->out.data + writer->out.used, number) - writer->out.data;
}

static uint32
shared_bytes(Label a, Label b)
{
	uint32 most = Min(a.length, b.length);
	uint32 shared = 0;

	while (shared < most && a.bytes[shared] == b.bytes[shared])
		shared++;
	return shared;
}

static void
write_label(BasketWriter *writer, Label name)
{
	uint32 shared = shared_bytes(writer->last, name);

	write_number(writer, shared);
	write_number(writer, name.length - shared);
	bytes_make_room(&writer->out, name.length - shared);
	memcpy(writer->out.data + writer->out.used, name.bytes + shared, name.length - shared);
	writer->out.used += name.length - shared;
	writer->last = name;
}

/* Writes the products in order, and gives for each the number that it gets. */
static uint32 *
write_products(BasketWriter *writer, const ProductTable *products)
{
	uint32 *sorted = sorted_products(products);
	uint32 *numbers =
		MemoryContextAllocHuge(CurrentMemoryContext, Max(products->count, 1) * sizeof(uint32));

	write_number(writer, products->count);
	for (uint32 n = 0; n < products->count; n++)
	{
		write_label(writer, product_label(products, sorted[n]));
		numbers[sorted[n]] = n;
	}
	pfree(sorted);
	writer->last = (Label){NULL, 0};
	return numbers;
}

static Parts
sorted_parts(BasketBuilder *builder)
{
	Parts parts;
	const uint8 *next;

	parts.bytes = next = builder_parts(builder, &parts.count);
	parts.sorted = MemoryContextAllocHuge(CurrentMemoryContext, Max(parts.count, 1) * sizeof(Part));
	for (uint64 n = 0; n < parts.count; n++)
	{
		uint32 place = next - parts.bytes;
		uint64 bytes = first_bytes(part_order(&next));

		CHECK_FOR_INTERRUPTS();
		parts.sorted[n] = (Part){{bytes >> 32, (uint32) bytes}, place};
		while (read_sure_varint(&next) != 0)
			;
	}
	sort_parts(parts.sorted, parts.count, parts.bytes);
	return parts;
}

/* The products of all parts of an order, by their new numbers, behind one another. */
static void
gather_items(Bytes *items, const uint8 *part, const uint32 *numbers)
{
	uint32 number;

	part_order(&part);
	while ((number = read_sure_varint(&part)) != 0)
	{
		bytes_make_room(items, sizeof(uint32));
		*(uint32 *) (items->data + items->used) = numbers[number - 1];
		items->used += sizeof(uint32);
	}
}

static uint32
sort_items(uint32 *items, uint32 count)
{
	uint32 kept = 1;

	sort_numbers(items, count);
	for (uint32 n = 1; n < count; n++)
	{
		if (items[n] != items[kept - 1])
			items[kept++] = items[n];
	}
	return kept;
}

static void
write_basket(BasketWriter *writer, Label order, Bytes *gathered)
{
	uint32 *items = (uint32 *) gathered->data;
	uint32 size = sort_items(items, gathered->used / sizeof(uint32));
	int64 previous = -1;

	write_label(writer, order);
	write_number(writer, size);
	for (uint32 n = 0; n < size; n++)
	{
		write_number(writer, items[n] - previous);
		previous = items[n];
	}
}

/* Where the parts of the next order begin. */
static uint64
next_order(const Parts *parts, uint64 n)
{
	const Part *first = &parts->sorted[n];

	CHECK_FOR_INTERRUPTS();
	do
		n++;
	while (n < parts->count && compare_parts(first, &parts->sorted[n], parts->bytes) == 0);
	return n;
}

static uint64
count_orders(const Parts *parts)
{
	uint64 orders = 0;

	for (uint64 n = 0; n < parts->count; n = next_order(parts, n))
		orders++;
	return orders;
}

static void
write_baskets(BasketWriter *writer, const Parts *parts, const uint32 *numbers)
{
	Bytes items = {.data = NULL};

	write_number(writer, count_orders(parts));
	for (uint64 n = 0; n < parts->count;)
	{
		uint64 end = next_order(parts, n);
		const uint8 *first = parts->bytes + parts->sorted[n].place;

		items.used = 0;
		for (; n < end; n++)
			gather_items(&items, parts->bytes + parts->sorted[n].place, numbers);
		write_basket(writer, part_order(&first), &items);
	}
	if (items.data != NULL)
		pfree(items.data);
}

Baskets *
flatten_builder(BasketBuilder *builder)
{
	BasketWriter writer = {.last = {NULL, 0}};
	Parts parts = sorted_parts(builder);
	uint32 *numbers;

	bytes_make_room(&writer.out, offsetof(Baskets, data));
	writer.out.used = offsetof(Baskets, data);
	((Baskets *) writer.out.data)->form = BASKETS_FORM;
	numbers = write_products(&writer, builder_products(builder));
	write_baskets(&writer, &parts, numbers);
	pfree(numbers);
	pfree(parts.sorted);
	if (writer.out.used > MaxAllocSize)
		too_many_baskets();
	SET_VARSIZE(writer.out.data, writer.out.used);
	return (Baskets *) writer.out.data;
}
