/*
 * Which products are bought together: every pair of a value of type baskets, exactly.
 */
#ifndef CLIENTELE_BASKET_PAIRS_H
#define CLIENTELE_BASKET_PAIRS_H

#include "basket/basket.h"

/* The baskets up to a size, by product. */
typedef struct PairCounts
{
	const uint8 *bytes;	 /* of the value */
	BasketReader orders; /* which has them next */
	Label *products;
	uint32 count; /* of products */
	int64 baskets;
	int64 lines;
	int64 left_out;			   /* larger baskets */
	uint32 *baskets_with;	   /* by product */
	uint32 *first;			   /* where a product's baskets begin in the list, and one more */
	uint32 *list;			   /* of baskets, by where their sizes stand */
	uint32 listed;			   /* how many there are in it */
	uint32 *first_size;		   /* where a product's sizes begin, and one more */
	Bytes sizes;			   /* of its baskets: varints of a size and of how many have it */
	uint32 *baskets_with_both; /* by partner, while one product is looked at */
	uint32 *partners;
	uint32 partner_count;
} PairCounts;

/* Baskets and lines alone. */
extern PairCounts count_baskets(const Baskets *baskets, int32 max_items);

/* Then what pairs are counted from, of products in at least so many baskets. */
extern void index_baskets(PairCounts *counts, int32 min_count, int32 max_items);

/* Then partners of a product, those behind it, and with how many baskets. */
extern void count_partners(PairCounts *counts, uint32 product);
extern void forget_partners(PairCounts *counts);

/*
 * How many baskets with a product would have the other one too, if larger baskets were larger by
 * chance: the sum over them of 1 - (1 - q)^(items - 1), with q its share of all other lines.
 */
extern double expected_with(const PairCounts *counts, uint32 product, uint32 other);

#endif
