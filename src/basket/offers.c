/*
 * offers(owned, rules, most): the best products that a customer has not got.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "basket/offer_rules.h"
#include "core/argument.h"
#include "core/share.h"

#define MOST_OFFERS	  1000
#define OFFER_COLUMNS 5

static inline int
compare_numbers(const uint32 *a, const uint32 *b)
{
	return (*a > *b) - (*a < *b);
}

typedef struct Owned
{
	uint32 *products; /* by number, in ascending order */
	uint32 count;
} Owned;

#define ST_SORT			 sort_numbers
#define ST_ELEMENT_TYPE	 uint32
#define ST_COMPARE(a, b) compare_numbers(a, b)
#define ST_SCOPE		 static
#define ST_DEFINE
#include "lib/sort_template.h"

#define ST_SORT			 sort_offers
#define ST_ELEMENT_TYPE	 OfferRule
#define ST_COMPARE(a, b) compare_offers(a, b)
#define ST_SCOPE		 static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

/* The product's number, or that of all products where it has no rules. */
static uint32
find_product(const OfferRules *rules, Label product)
{
	uint32 low = 0;
	uint32 high = rules->products;

	while (low < high)
	{
		uint32 middle = low + (high - low) / 2;
		int order = compare_labels(product, rules_label(rules, middle));

		if (order == 0)
			return middle;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return rules->products;
}

static Owned
owned_products(ArrayType *labels, const OfferRules *rules)
{
	Owned owned = {.count = 0};
	Datum *values;
	bool *nulls;
	int length;

	deconstruct_array(labels, TEXTOID, -1, false, TYPALIGN_INT, &values, &nulls, &length);
	owned.products = palloc(Max(length, 1) * sizeof(uint32));
	for (int n = 0; n < length; n++)
	{
		text *label = nulls[n] ? NULL : DatumGetTextPP(values[n]);
		uint32 product;

		if (label == NULL)
			continue;
		product = find_product(rules, (Label){VARDATA_ANY(label), VARSIZE_ANY_EXHDR(label)});
		if (product < rules->products)
			owned.products[owned.count++] = product;
	}
	sort_numbers(owned.products, owned.count);
	return owned;
}

static int
compare_number_pointers(const void *a, const void *b)
{
	return compare_numbers(a, b);
}

static inline bool
is_owned(const Owned *owned, uint32 product)
{
	return bsearch(&product, owned->products, owned->count, sizeof(uint32),
				   compare_number_pointers) != NULL;
}

/* The best of what comes with an owned product. */
static void
add_offers(const OfferRules *rules, uint32 because_of, const Owned *owned, int32 most,
		   Bytes *offers)
{
	uint32 end = rules_first(rules)[because_of + 1];
	double z = normal_z(OFFER_LEVEL);
	int32 taken = 0;

	for (uint32 n = rules_first(rules)[because_of]; n < end && taken < most; n++)
	{
		OfferRule offer = {.product = rules_pairs(rules)[2 * (Size) n],
						   .because_of = because_of,
						   .both = rules_pairs(rules)[2 * (Size) n + 1]};
		double upper;

		if (is_owned(owned, offer.product))
			continue;
		wilson_bounds(offer.both, rules_baskets(rules)[because_of], z, &offer.bound, &upper);
		bytes_make_room(offers, sizeof(OfferRule));
		memcpy(offers->data + offers->used, &offer, sizeof(OfferRule));
		offers->used += sizeof(OfferRule);
		taken++;
	}
}

static Datum
label_datum(Label label)
{
	return PointerGetDatum(cstring_to_text_with_len(label.bytes, label.length));
}

static void
put_offer(ReturnSetInfo *result, const OfferRules *rules, const OfferRule *offer, int32 position)
{
	Datum values[OFFER_COLUMNS] = {Int32GetDatum(position),
								   label_datum(rules_label(rules, offer->product)),
								   label_datum(rules_label(rules, offer->because_of)),
								   Float8GetDatum(offer->bound), Int64GetDatum(offer->both)};
	bool nulls[OFFER_COLUMNS] = {false};

	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

/* Each product once, for the reason that is the best. */
static void
put_offers(ReturnSetInfo *result, const OfferRules *rules, OfferRule *offers, uint32 count,
		   int32 most)
{
	uint32 *taken = palloc(most * sizeof(uint32));
	int32 position = 0;

	for (uint32 n = 0; n < count && position < most; n++)
	{
		int32 before = 0;

		while (before < position && taken[before] != offers[n].product)
			before++;
		if (before < position)
			continue;
		taken[position++] = offers[n].product;
		put_offer(result, rules, &offers[n], position);
	}
}

PG_FUNCTION_INFO_V1(offers);
Datum
offers(PG_FUNCTION_ARGS)
{
	const OfferRules *rules = (const OfferRules *) PG_GETARG_VARLENA_P(1);
	int32 most = (int32) range_argument("most", PG_GETARG_INT32(2), 1, MOST_OFFERS);
	Bytes found = {.data = NULL};
	Owned owned;

	InitMaterializedSRF(fcinfo, 0);
	owned = owned_products(PG_GETARG_ARRAYTYPE_P(0), rules);
	for (uint32 n = 0; n < owned.count; n++)
	{
		CHECK_FOR_INTERRUPTS();
		add_offers(rules, owned.products[n], &owned, most, &found);
	}
	sort_offers((OfferRule *) found.data, found.used / sizeof(OfferRule));
	put_offers((ReturnSetInfo *) fcinfo->resultinfo, rules, (OfferRule *) found.data,
			   found.used / sizeof(OfferRule), most);
	return (Datum) 0;
}
