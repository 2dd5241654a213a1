/*
 * The growing state of an aggregate of baskets: an expanded object.
 *
 * Lines that come with others of their order, as they mostly do, take the bytes of a product's
 * number each. There is no table of orders: parts of the same one meet when all are sorted.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "basket/basket.h"
#include "basket/product_table.h"

#define BUILDER_MAGIC 0x62617362

struct BasketBuilder
{
	ExpandedObjectHeader header;
	int magic;
	ProductTable products;
	Bytes parts;
	uint64 part_count;
	Size last_order; /* where its number begins, and how long it is */
	uint32 last_length;
	Baskets *flat; /* the value, instead of all this, where it was asked for */
};

static void
begin_lines(BasketBuilder *builder)
{
	product_table_init(&builder->products);
	builder->parts = (Bytes){.data = NULL};
	builder->part_count = 0;
}

static void
free_lines(BasketBuilder *builder)
{
	product_table_free(&builder->products);
	if (builder->parts.data != NULL)
		pfree(builder->parts.data);
}

Baskets *
builder_baskets(BasketBuilder *builder)
{
	if (builder->flat == NULL)
	{
		MemoryContext old = MemoryContextSwitchTo(builder->header.eoh_context);

		builder->flat = flatten_builder(builder);
		free_lines(builder);
		MemoryContextSwitchTo(old);
	}
	return builder->flat;
}

Baskets *
last_baskets(BasketBuilder *builder)
{
	Baskets *flat = builder->flat;
	MemoryContext old;

	if (flat != NULL)
		return flat;
	flat = flatten_builder(builder);
	free_lines(builder);
	old = MemoryContextSwitchTo(builder->header.eoh_context);
	begin_lines(builder);
	MemoryContextSwitchTo(old);
	return flat;
}

static Size
flat_size(ExpandedObjectHeader *header)
{
	return VARSIZE(builder_baskets((BasketBuilder *) header));
}

static void
flatten_into(ExpandedObjectHeader *header, void *result, Size size)
{
	memcpy(result, ((BasketBuilder *) header)->flat, size);
}

static const ExpandedObjectMethods builder_methods = {flat_size, flatten_into};

BasketBuilder *
new_builder(MemoryContext parent)
{
	MemoryContext context = AllocSetContextCreate(parent, "baskets", ALLOCSET_START_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	BasketBuilder *builder = palloc0(sizeof(BasketBuilder));

	EOH_init_header(&builder->header, &builder_methods, context);
	builder->magic = BUILDER_MAGIC;
	begin_lines(builder);
	MemoryContextSwitchTo(old);
	return builder;
}

Datum
builder_datum(BasketBuilder *builder)
{
	return EOHPGetRWDatum(&builder->header);
}

BasketBuilder *
datum_builder(Datum state)
{
	BasketBuilder *builder;

	if (!VARATT_IS_EXTERNAL_EXPANDED(DatumGetPointer(state)))
		return NULL;
	builder = (BasketBuilder *) DatumGetEOHP(state);
	return builder->header.eoh_methods == &builder_methods && builder->magic == BUILDER_MAGIC
			   ? builder
			   : NULL;
}

/* Room for the end of a part and the beginning of another. */
static inline void
make_room(BasketBuilder *builder, Size length)
{
	bytes_make_room(&builder->parts, length + 1 + 2 * VARINT32_SIZE);
	if (unlikely(builder->parts.used + builder->products.labels.used > MaxAllocSize))
		too_many_baskets();
}

static void
end_part(BasketBuilder *builder)
{
	if (builder->part_count > 0)
		builder->parts.data[builder->parts.used++] = 0;
}

static void
begin_part(BasketBuilder *builder, Label order)
{
	uint8 *out;

	make_room(builder, order.length);
	end_part(builder);
	out = write_varint(builder->parts.data + builder->parts.used, order.length);
	builder->last_order = out - builder->parts.data;
	builder->last_length = order.length;
	memcpy(out, order.bytes, order.length);
	builder->parts.used = builder->last_order + order.length;
	builder->part_count++;
}

static inline void
want_part(BasketBuilder *builder, Label order)
{
	if (builder->part_count == 0 || order.length != builder->last_length ||
		memcmp(builder->parts.data + builder->last_order, order.bytes, order.length) != 0)
		begin_part(builder, order);
}

static inline void
add_item(BasketBuilder *builder, uint32 number)
{
	make_room(builder, 0);
	builder->parts.used =
		write_varint(builder->parts.data + builder->parts.used, (uint64) number + 1) -
		builder->parts.data;
}

/* The numbers that the products of a value have here. */
static uint32 *
known_numbers(BasketBuilder *builder, BasketReader *reader)
{
	uint32 *numbers =
		MemoryContextAllocHuge(CurrentMemoryContext, Max(reader->products, 1) * sizeof(uint32));

	for (uint32 number = 0; number < reader->products; number++)
	{
		CHECK_FOR_INTERRUPTS();
		numbers[number] = product_number(&builder->products, read_product(reader));
	}
	return numbers;
}

static void
unpack(BasketBuilder *builder, BasketReader *reader)
{
	uint32 *numbers = known_numbers(builder, reader);
	Basket basket;

	read_orders(reader);
	while (read_basket(reader, &basket))
	{
		int64 item = -1;

		CHECK_FOR_INTERRUPTS();
		want_part(builder, basket.order);
		for (uint32 n = 0; n < basket.size; n++)
		{
			item = read_item(reader, item);
			add_item(builder, numbers[item]);
		}
	}
	pfree(numbers);
	if (reader->label.data != NULL)
		pfree(reader->label.data);
}

/* Lines again, where there is their value. */
static inline void
want_lines(BasketBuilder *builder)
{
	BasketReader reader;

	if (likely(builder->flat == NULL))
		return;
	reader = basket_reader(builder->flat);
	begin_lines(builder);
	unpack(builder, &reader);
	pfree(builder->flat);
	builder->flat = NULL;
}

void
add_line(BasketBuilder *builder, Label order, Label product)
{
	MemoryContext old = MemoryContextSwitchTo(builder->header.eoh_context);

	want_lines(builder);
	want_part(builder, order);
	add_item(builder, product_number(&builder->products, product));
	MemoryContextSwitchTo(old);
}

/* A reader of whose value nothing but the header was read. */
void
add_baskets(BasketBuilder *builder, BasketReader *reader)
{
	MemoryContext old = MemoryContextSwitchTo(builder->header.eoh_context);

	want_lines(builder);
	unpack(builder, reader);
	MemoryContextSwitchTo(old);
}

const ProductTable *
builder_products(const BasketBuilder *builder)
{
	return &builder->products;
}

/* Ends the last part. */
const uint8 *
builder_parts(BasketBuilder *builder, uint64 *count)
{
	if (builder->part_count > 0)
	{
		make_room(builder, 0);
		end_part(builder);
	}
	*count = builder->part_count;
	return builder->parts.data;
}
