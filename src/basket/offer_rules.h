/*
 * What to offer to whom: for each product the others that come with it, the likeliest first.
 */
#ifndef CLIENTELE_OFFER_RULES_H
#define CLIENTELE_OFFER_RULES_H

#include "basket/basket.h"

/* The confidence of a rule is as sure as the lower bound of its interval at this level says. */
#define OFFER_LEVEL 0.95

typedef struct OfferRule
{
	uint32 product;
	uint32 because_of;
	uint32 both; /* baskets with both */
	double bound;
} OfferRule;

/*
 * As stored, behind the header four arrays of numbers: for each product where its rules begin,
 * and one more; in how many baskets it is; where its label begins, and one more; and two for each
 * rule, the other product and the baskets with both. Products are in the order of their bytes.
 */
typedef struct OfferRules
{
	int32 vl_len_;
	uint32 products;
	uint32 rules;
	uint32 numbers[FLEXIBLE_ARRAY_MEMBER];
} OfferRules;

static inline const uint32 *
rules_first(const OfferRules *rules)
{
	return rules->numbers;
}

static inline const uint32 *
rules_baskets(const OfferRules *rules)
{
	return rules_first(rules) + rules->products + 1;
}

static inline const uint32 *
rules_labels(const OfferRules *rules)
{
	return rules_baskets(rules) + rules->products;
}

static inline const uint32 *
rules_pairs(const OfferRules *rules)
{
	return rules_labels(rules) + rules->products + 1;
}

static inline Label
rules_label(const OfferRules *rules, uint32 product)
{
	const uint32 *starts = rules_labels(rules);
	const char *labels = (const char *) (rules_pairs(rules) + 2 * (Size) rules->rules);

	return (Label){labels + starts[product], starts[product + 1] - starts[product]};
}

/* The same rules in their order, however they stand there. */
extern OfferRules *rebuilt_rules(const OfferRules *rules);

/* Below 0 where the first is the better offer: the surer one, then that of more baskets. */
static inline int
compare_offers(const OfferRule *a, const OfferRule *b)
{
	if (a->bound != b->bound)
		return a->bound > b->bound ? -1 : 1;
	if (a->both != b->both)
		return a->both > b->both ? -1 : 1;
	if (a->product != b->product)
		return a->product < b->product ? -1 : 1;
	return (a->because_of > b->because_of) - (a->because_of < b->because_of);
}

#endif
