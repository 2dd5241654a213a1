/*
 * Products by number: a hash table of their bytes.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "basket/product_table.h"

#define FIRST_PRODUCTS 16 /* a power of two */

static void
make_slots(ProductTable *table, uint32 room)
{
	table->room = room;
	table->slots = MemoryContextAllocExtended(
		CurrentMemoryContext, 2 * (Size) room * sizeof(uint32), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
}

void
product_table_init(ProductTable *table)
{
	*table = (ProductTable){.products = palloc(FIRST_PRODUCTS * sizeof(Product))};
	make_slots(table, FIRST_PRODUCTS);
}

void
product_table_free(ProductTable *table)
{
	pfree(table->products);
	pfree(table->slots);
	if (table->labels.data != NULL)
		pfree(table->labels.data);
}

static inline bool
is_product(const ProductTable *table, uint32 number, Label product, uint64 bytes)
{
	const Product *known = &table->products[number];

	return known->first_bytes == bytes && known->length == product.length &&
		   (product.length <= sizeof(bytes) ||
			memcmp(table->labels.data + known->start, product.bytes, product.length) == 0);
}

/* Where the product is, or would be. */
static inline uint32
find_slot(const ProductTable *table, Label product, uint64 bytes)
{
	uint32 mask = 2 * table->room - 1;
	uint32 hash = hash_bytes((const unsigned char *) product.bytes, (int) product.length);

	for (uint32 slot = hash & mask;; slot = (slot + 1) & mask)
	{
		if (table->slots[slot] == 0 || is_product(table, table->slots[slot] - 1, product, bytes))
			return slot;
	}
}

static void
double_products(ProductTable *table)
{
	if (table->room >= PG_INT32_MAX / 4)
		too_many_baskets();
	pfree(table->slots);
	make_slots(table, 2 * table->room);
	table->products = repalloc_huge(table->products, (Size) table->room * sizeof(Product));
	for (uint32 number = 0; number < table->count; number++)
	{
		Label product = product_label(table, number);

		table->slots[find_slot(table, product, first_bytes(product))] = number + 1;
	}
}

static uint32
add_product(ProductTable *table, Label product, uint64 bytes)
{
	uint32 number = table->count++;

	bytes_make_room(&table->labels, product.length);
	if (table->labels.used + product.length > MaxAllocSize)
		too_many_baskets();
	memcpy(table->labels.data + table->labels.used, product.bytes, product.length);
	table->products[number] = (Product){bytes, (uint32) table->labels.used, product.length};
	table->labels.used += product.length;
	return number;
}

uint32
product_number(ProductTable *table, Label product)
{
	uint64 bytes = first_bytes(product);
	uint32 slot = find_slot(table, product, bytes);

	if (likely(table->slots[slot] != 0))
		return table->slots[slot] - 1;
	if (table->count == table->room)
	{
		double_products(table);
		slot = find_slot(table, product, bytes);
	}
	table->slots[slot] = add_product(table, product, bytes) + 1;
	return table->count - 1;
}

#define ST_SORT					sort_numbers
#define ST_ELEMENT_TYPE			uint32
#define ST_COMPARE_ARG_TYPE		const ProductTable
#define ST_COMPARE(a, b, table) compare_labels(product_label(table, *a), product_label(table, *b))
#define ST_SCOPE				static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

uint32 *
sorted_products(const ProductTable *table)
{
	uint32 *sorted =
		MemoryContextAllocHuge(CurrentMemoryContext, Max(table->count, 1) * sizeof(uint32));

	for (uint32 n = 0; n < table->count; n++)
		sorted[n] = n;
	sort_numbers(sorted, table->count, table);
	return sorted;
}
