/*
 * baskets: which products each order has.
 *
 * A stored value is a form byte, the products and the baskets:
 *
 *   products   varint   how many, then each of them, in the order of their bytes
 *   orders     varint   how many, then each of them, in the order of their bytes, with its basket
 *   a name     varint   how many of its first bytes are those of the one before
 *              varint   how many others it has, and these
 *   a basket   varint   its size, then by number from 1 its products in ascending order, each as a
 *                       varint of the distance from the one before
 *
 * Equal baskets are equal bytes. An order of four of 5,000 products takes ten bytes or so.
 *
 * While an aggregate runs, its state is an expanded object, a BasketBuilder: lines in the order of
 * arrival. Other processes get it as a value.
 */
#ifndef CLIENTELE_BASKET_H
#define CLIENTELE_BASKET_H

#include "fmgr.h"
#include "port/pg_bswap.h"
#include "utils/expandeddatum.h"

#include "core/compat.h"
#include "core/varint.h"

#define BASKETS_FORM 1

typedef struct Baskets
{
	int32 vl_len_;
	uint8 form; /* BASKETS_FORM */
	uint8 data[FLEXIBLE_ARRAY_MEMBER];
} Baskets;

/* The bytes of an order's number or of a product. */
typedef struct Label
{
	const char *bytes;
	uint32 length;
} Label;

/* Bytes that grow. */
typedef struct Bytes
{
	uint8 *data;
	Size used;
	Size size;
} Bytes;

typedef struct BasketReader
{
	const uint8 *next;
	const uint8 *end;
	Bytes label; /* the last one read */
	uint32 products;
	uint32 orders;	/* that are left */
	int error_code; /* raised where the bytes make no sense */
} BasketReader;

typedef struct Basket
{
	Label order; /* until the next is read */
	uint32 size;
	const uint8 *place; /* where its size stands */
} Basket;

/* In the order of their bytes: below, at or above 0. */
extern int compare_labels(Label a, Label b);

/* A number that is in the order of its first bytes. */
static inline uint64
first_bytes(Label label)
{
	uint64 bytes = 0;

	memcpy(&bytes, label.bytes, Min(label.length, sizeof(bytes)));
	return pg_ntoh64(bytes);
}

typedef struct BasketBuilder BasketBuilder;

/* baskets.c: reading values */

/*
 * Behind the header, whose products are read next, and then, with read_orders(), its baskets. Where
 * the bytes make no sense, that is this error.
 */
extern BasketReader checking_reader(const Baskets *baskets, int error_code);

static inline BasketReader
basket_reader(const Baskets *baskets)
{
	return checking_reader(baskets, ERRCODE_DATA_CORRUPTED);
}
extern Label read_product(BasketReader *reader);
extern void read_orders(BasketReader *reader);

/* False after the last; its items have to be read before the next. */
extern bool read_basket(BasketReader *reader, Basket *basket);

/* The next of the last basket's products, by number from 0; first it is -1. */
extern uint32 read_item(BasketReader *reader, int64 previous);

/* All products of a value, whose baskets the reader has next, in the current context. */
extern Label *read_products(BasketReader *reader);

extern void bytes_grow(Bytes *bytes, Size more);

/* Room for so many more bytes. */
static inline void
bytes_make_room(Bytes *bytes, Size more)
{
	if (unlikely(bytes->data == NULL || bytes->used + more > bytes->size))
		bytes_grow(bytes, more);
}

/* An argument that is no builder. */
extern const Baskets *baskets_argument(FunctionCallInfo fcinfo, int n);

/* 54000 */
_Noreturn extern void too_many_baskets(void);

/* basket_builder.c: putting values together */

/* A new one in a context of its own below this one. */
extern BasketBuilder *new_builder(MemoryContext parent);
extern Datum builder_datum(BasketBuilder *builder);

/* NULL where it is a value. */
extern BasketBuilder *datum_builder(Datum state);

extern void add_line(BasketBuilder *builder, Label order, Label product);
extern void add_baskets(BasketBuilder *builder, BasketReader *reader);

/* basket_json.c: false where the text is no JSON object of lists of strings */
extern bool add_json(BasketBuilder *builder, char *json);

/* The value, which the builder keeps until something is added. */
extern Baskets *builder_baskets(BasketBuilder *builder);

/* The value, in the current context, of a builder that is not wanted again. */
extern Baskets *last_baskets(BasketBuilder *builder);

/* basket_flatten.c: the value of what was added, in the current context */
extern Baskets *flatten_builder(BasketBuilder *builder);

/* What that needs to know of a builder. */
extern const struct ProductTable *builder_products(const BasketBuilder *builder);

/*
 * Parts of orders, as they came: a varint of the length of the order's number, its bytes, varints
 * of its products' numbers from 1, and 0.
 */
extern const uint8 *builder_parts(BasketBuilder *builder, uint64 *count);

#endif
