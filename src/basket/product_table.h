/*
 * Products by number, in the order in which they came.
 */
#ifndef CLIENTELE_PRODUCT_TABLE_H
#define CLIENTELE_PRODUCT_TABLE_H

#include "basket/basket.h"

typedef struct Product
{
	uint64 first_bytes; /* mostly all of them */
	uint32 start;		/* among the labels */
	uint32 length;
} Product;

typedef struct ProductTable
{
	Product *products;
	uint32 count;
	uint32 room;   /* for products; there are twice as many slots */
	uint32 *slots; /* a product's number from 1, or 0, by its hash */
	Bytes labels;  /* one behind the other */
} ProductTable;

/* In the current context, which has to be the same whenever a product is added. */
extern void product_table_init(ProductTable *table);
extern void product_table_free(ProductTable *table);

/* The product's number, which it gets where it has none. */
extern uint32 product_number(ProductTable *table, Label product);

static inline Label
product_label(const ProductTable *table, uint32 number)
{
	const Product *product = &table->products[number];

	return (Label){(const char *) table->labels.data + product->start, product->length};
}

/* The numbers in the order of the products' bytes, in the current context. */
extern uint32 *sorted_products(const ProductTable *table);

#endif
