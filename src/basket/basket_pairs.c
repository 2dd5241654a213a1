/*
 * Counting pairs row by row, as sparse matrices are multiplied (Gustavson 1978): each product walks
 * the baskets that it is in, and counts the others in them. There is no table of pairs.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include <math.h>

#include "basket/basket_pairs.h"

#define LISTED_AHEAD 16
#define FEW_PLACES	 16

static uint32 *
new_numbers(Size count)
{
	return MemoryContextAllocExtended(CurrentMemoryContext, count * sizeof(uint32),
									  MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
}

/* The baskets again, from the first one on. */
static BasketReader
orders_again(PairCounts *counts)
{
	counts->orders.label.used = 0;
	return counts->orders;
}

/* Reads the whole value, so that what follows need not check it. */
PairCounts
count_baskets(const Baskets *baskets, int32 max_items)
{
	BasketReader reader = basket_reader(baskets);
	PairCounts counts = {.bytes = (const uint8 *) VARDATA_ANY(baskets), .count = reader.products};
	Basket basket;

	counts.products = read_products(&reader);
	counts.baskets_with = new_numbers(counts.count);
	counts.orders = reader;
	while (read_basket(&reader, &basket))
	{
		bool fits = basket.size <= (uint32) max_items;
		int64 item = -1;

		CHECK_FOR_INTERRUPTS();
		for (uint32 n = 0; n < basket.size; n++)
		{
			item = read_item(&reader, item);
			counts.baskets_with[item] += fits;
		}
		counts.baskets += fits;
		counts.lines += fits ? basket.size : 0;
		counts.left_out += !fits;
	}
	counts.orders.label = reader.label;
	return counts;
}

/* A product's baskets are as many as it is in, or none where these are too few. */
static void
make_list(PairCounts *counts, int32 min_count)
{
	counts->first = new_numbers((Size) counts->count + 1);
	for (uint32 n = 0; n < counts->count; n++)
	{
		uint32 baskets = counts->baskets_with[n];

		counts->first[n + 1] = counts->first[n] + (baskets >= (uint32) min_count ? baskets : 0);
	}
	counts->listed = counts->first[counts->count];
	counts->list = new_numbers(counts->listed);
}

static void
list_baskets(PairCounts *counts, int32 max_items)
{
	BasketReader reader = orders_again(counts);
	uint32 *next = new_numbers(counts->count);
	Basket basket;

	memcpy(next, counts->first, counts->count * sizeof(uint32));
	while (read_basket(&reader, &basket))
	{
		bool fits = basket.size <= (uint32) max_items;
		int64 item = -1;

		CHECK_FOR_INTERRUPTS();
		for (uint32 n = 0; n < basket.size; n++)
		{
			item = read_item(&reader, item);
			if (fits && counts->first[item + 1] > counts->first[item])
				counts->list[next[item]++] = basket.place - counts->bytes;
		}
	}
	pfree(next);
}

/* Asks for what comes a little later in the list too, as memory is far from where it is wanted. */
static inline const uint8 *
basket_in_list(const PairCounts *counts, uint32 n)
{
	__builtin_prefetch(counts->bytes + counts->list[Min(n + LISTED_AHEAD, counts->listed - 1)]);
	return counts->bytes + counts->list[n];
}

/* How many of a product's baskets have each size, and of those there are, which. */
static void
write_sizes(PairCounts *counts, uint32 product, uint32 *baskets_of_size)
{
	Bytes *sizes = &counts->sizes;
	uint32 largest = 0;
	uint8 *out;

	for (uint32 n = counts->first[product]; n < counts->first[product + 1]; n++)
	{
		const uint8 *in = basket_in_list(counts, n);
		uint32 size = read_sure_varint(&in);

		baskets_of_size[size] += size > 1; /* one alone is with no other */
		largest = Max(largest, size);
	}
	for (uint32 size = 2; size <= largest; size++)
	{
		if (baskets_of_size[size] == 0)
			continue;
		bytes_make_room(sizes, 2 * VARINT32_SIZE);
		out = write_varint(sizes->data + sizes->used, size);
		sizes->used = write_varint(out, baskets_of_size[size]) - sizes->data;
		baskets_of_size[size] = 0;
	}
}

static void
list_sizes(PairCounts *counts, int32 max_items)
{
	uint32 *baskets_of_size = new_numbers((Size) max_items + 1);

	counts->first_size = new_numbers((Size) counts->count + 1);
	for (uint32 product = 0; product < counts->count; product++)
	{
		CHECK_FOR_INTERRUPTS();
		if (counts->first[product + 1] > counts->first[product])
			write_sizes(counts, product, baskets_of_size);
		counts->first_size[product + 1] = counts->sizes.used;
	}
	pfree(baskets_of_size);
}

void
index_baskets(PairCounts *counts, int32 min_count, int32 max_items)
{
	make_list(counts, min_count);
	list_baskets(counts, max_items);
	list_sizes(counts, max_items);
	counts->baskets_with_both = new_numbers(counts->count);
	counts->partners = new_numbers(counts->count);
}

static inline void
count_basket(PairCounts *counts, const uint8 *in, uint32 product)
{
	uint32 item = (uint32) -1;

	for (uint32 left = read_sure_varint(&in); left > 0; left--)
	{
		item += read_sure_varint(&in);
		if (item > product && counts->baskets_with_both[item]++ == 0)
			counts->partners[counts->partner_count++] = item;
	}
}

void
count_partners(PairCounts *counts, uint32 product)
{
	for (uint32 n = counts->first[product]; n < counts->first[product + 1]; n++)
	{
		CHECK_FOR_INTERRUPTS();
		count_basket(counts, basket_in_list(counts, n), product);
	}
}

void
forget_partners(PairCounts *counts)
{
	for (uint32 n = 0; n < counts->partner_count; n++)
		counts->baskets_with_both[counts->partners[n]] = 0;
	counts->partner_count = 0;
}

/* The chance of the other product in so many places, from that in fewer where these are not far. */
static inline double
chance_in(uint32 places, uint32 before, double chance, double share)
{
	if (places - before > FEW_PLACES)
		return -expm1(places * log1p(-share));
	for (; before < places; before++)
		chance += share * (1 - chance);
	return chance;
}

double
expected_with(const PairCounts *counts, uint32 product, uint32 other)
{
	const uint8 *in = counts->sizes.data + counts->first_size[product];
	const uint8 *end = counts->sizes.data + counts->first_size[product + 1];
	double share = (double) counts->baskets_with[other] /
				   (double) (counts->lines - counts->baskets_with[product]);
	double chance = 0;
	double expected = 0;
	uint32 before = 0;

	while (in < end)
	{
		uint32 places = read_sure_varint(&in) - 1;
		uint32 baskets = read_sure_varint(&in);

		chance = chance_in(places, before, chance, share);
		expected += baskets * chance;
		before = places;
	}
	return expected;
}
