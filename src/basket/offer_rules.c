/*
 * offer_rules(product, with_product, baskets, baskets_with_both): pairs as offers() looks them up.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "basket/offer_rules.h"
#include "basket/product_table.h"
#include "core/aggregate.h"
#include "core/argument.h"
#include "core/share.h"

#define RULES_MAGIC 0x72756c65

typedef struct RuleBuilder
{
	int magic;
	MemoryContext context;
	ProductTable products;
	Bytes baskets; /* uint32 by number of the product */
	Bytes rules;   /* OfferRule */
} RuleBuilder;

static RuleBuilder *
new_rule_builder(MemoryContext context)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	RuleBuilder *builder = palloc0(sizeof(RuleBuilder));

	builder->magic = RULES_MAGIC;
	builder->context = context;
	product_table_init(&builder->products);
	MemoryContextSwitchTo(old);
	return builder;
}

static RuleBuilder *
rule_builder_argument(FunctionCallInfo fcinfo)
{
	MemoryContext context;
	RuleBuilder *builder;

	if (!AggCheckCallContext(fcinfo, &context))
		outside_aggregate(fcinfo);
	if (PG_ARGISNULL(0))
		return new_rule_builder(context);
	builder = (RuleBuilder *) PG_GETARG_POINTER(0);
	if (builder->magic != RULES_MAGIC)
		bad_state();
	return builder;
}

static uint32
count_argument(FunctionCallInfo fcinfo, int n, const char *name)
{
	return (uint32) range_argument(name, (double) PG_GETARG_INT64(n), 1, PG_INT32_MAX);
}

static uint32
rule_product(RuleBuilder *builder, Label label)
{
	uint32 number = product_number(&builder->products, label);

	if (builder->products.count * sizeof(uint32) > builder->baskets.used)
	{
		bytes_make_room(&builder->baskets, sizeof(uint32));
		*(uint32 *) (builder->baskets.data + builder->baskets.used) = 0;
		builder->baskets.used += sizeof(uint32);
	}
	return number;
}

/* A product whose baskets are told in several ways is in as many as the largest says. */
static void
add_rule(RuleBuilder *builder, Label because_of, Label product, uint32 baskets, uint32 both)
{
	MemoryContext old = MemoryContextSwitchTo(builder->context);
	OfferRule rule = {.both = both,
					  .because_of = rule_product(builder, because_of),
					  .product = rule_product(builder, product)};
	uint32 *known = (uint32 *) builder->baskets.data + rule.because_of;

	*known = Max(*known, baskets);
	bytes_make_room(&builder->rules, sizeof(OfferRule));
	memcpy(builder->rules.data + builder->rules.used, &rule, sizeof(OfferRule));
	builder->rules.used += sizeof(OfferRule);
	MemoryContextSwitchTo(old);
}

static Label
text_label(const text *value)
{
	return (Label){VARDATA_ANY(value), VARSIZE_ANY_EXHDR(value)};
}

/* Rows that lack anything are no rules. */
PG_FUNCTION_INFO_V1(offer_rules_transition);
Datum
offer_rules_transition(PG_FUNCTION_ARGS)
{
	RuleBuilder *builder = rule_builder_argument(fcinfo);

	if (!PG_ARGISNULL(1) && !PG_ARGISNULL(2) && !PG_ARGISNULL(3) && !PG_ARGISNULL(4))
	{
		uint32 baskets = count_argument(fcinfo, 3, "baskets");
		uint32 both = count_argument(fcinfo, 4, "baskets_with_both");

		add_rule(builder, text_label(PG_GETARG_TEXT_PP(1)), text_label(PG_GETARG_TEXT_PP(2)),
				 baskets, Min(both, baskets));
	}
	PG_RETURN_POINTER(builder);
}

static void
add_rules(RuleBuilder *builder, const OfferRules *rules)
{
	for (uint32 product = 0; product < rules->products; product++)
	{
		uint32 end = rules_first(rules)[product + 1];

		CHECK_FOR_INTERRUPTS();
		for (uint32 n = rules_first(rules)[product]; n < end; n++)
		{
			const uint32 *pair = rules_pairs(rules) + 2 * (Size) n;

			add_rule(builder, rules_label(rules, product), rules_label(rules, pair[0]),
					 rules_baskets(rules)[product], pair[1]);
		}
	}
}

/* Between processes a state is a value. */
PG_FUNCTION_INFO_V1(offer_rules_deserialize);
Datum
offer_rules_deserialize(PG_FUNCTION_ARGS)
{
	RuleBuilder *builder;

	check_aggregate(fcinfo);
	builder = new_rule_builder(CurrentMemoryContext);
	add_rules(builder, (const OfferRules *) PG_GETARG_VARLENA_P(0));
	PG_RETURN_POINTER(builder);
}

static inline int
compare_rules(const OfferRule *a, const OfferRule *b)
{
	if (a->because_of != b->because_of)
		return a->because_of < b->because_of ? -1 : 1;
	return compare_offers(a, b);
}

#define ST_SORT			 sort_rules
#define ST_ELEMENT_TYPE	 OfferRule
#define ST_COMPARE(a, b) compare_rules(a, b)
#define ST_SCOPE		 static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

/* By the numbers of sorted products, the best of each first. */
static OfferRule *
sorted_rules(const RuleBuilder *builder, const uint32 *sorted, uint32 count)
{
	const uint32 *baskets = (const uint32 *) builder->baskets.data;
	uint32 products = builder->products.count;
	uint32 *numbers =
		MemoryContextAllocHuge(CurrentMemoryContext, Max(products, 1) * sizeof(uint32));
	OfferRule *rules =
		MemoryContextAllocHuge(CurrentMemoryContext, Max(count, 1) * sizeof(OfferRule));
	double z = normal_z(OFFER_LEVEL);
	double upper;

	for (uint32 n = 0; n < products; n++)
		numbers[sorted[n]] = n;
	for (uint32 n = 0; n < count; n++)
	{
		rules[n] = ((const OfferRule *) builder->rules.data)[n];
		wilson_bounds(rules[n].both, baskets[rules[n].because_of], z, &rules[n].bound, &upper);
		rules[n].because_of = numbers[rules[n].because_of];
		rules[n].product = numbers[rules[n].product];
	}
	pfree(numbers);
	sort_rules(rules, count);
	return rules;
}

static OfferRules *
new_rules(const RuleBuilder *builder, Size count)
{
	Size numbers = 3 * (Size) builder->products.count + 2 + 2 * count;
	Size size =
		offsetof(OfferRules, numbers) + numbers * sizeof(uint32) + builder->products.labels.used;
	OfferRules *rules;

	if (size > MaxAllocSize)
		too_many_baskets();
	rules = palloc0(size);
	SET_VARSIZE(rules, size);
	rules->products = builder->products.count;
	rules->rules = count;
	return rules;
}

static void
write_products(OfferRules *rules, const RuleBuilder *builder, const uint32 *sorted)
{
	uint32 *baskets = unconstify(uint32 *, rules_baskets(rules));
	uint32 *starts = unconstify(uint32 *, rules_labels(rules));

	for (uint32 n = 0; n < rules->products; n++)
	{
		Label label = product_label(&builder->products, sorted[n]);

		baskets[n] = ((const uint32 *) builder->baskets.data)[sorted[n]];
		starts[n + 1] = starts[n] + label.length;
		memcpy(unconstify(char *, rules_label(rules, n).bytes), label.bytes, label.length);
	}
}

static void
write_rules(OfferRules *rules, const OfferRule *sorted)
{
	uint32 *first = unconstify(uint32 *, rules_first(rules));
	uint32 *pairs = unconstify(uint32 *, rules_pairs(rules));

	for (uint32 n = 0; n < rules->rules; n++)
	{
		first[sorted[n].because_of + 1]++;
		pairs[2 * (Size) n] = sorted[n].product;
		pairs[2 * (Size) n + 1] = sorted[n].both;
	}
	for (uint32 n = 0; n < rules->products; n++)
		first[n + 1] += first[n];
}

static OfferRules *
builder_rules(const RuleBuilder *builder)
{
	Size count = builder->rules.used / sizeof(OfferRule);
	OfferRules *rules = new_rules(builder, count);
	uint32 *sorted = sorted_products(&builder->products);
	OfferRule *sorted_by_product = sorted_rules(builder, sorted, count);

	write_products(rules, builder, sorted);
	write_rules(rules, sorted_by_product);
	pfree(sorted_by_product);
	pfree(sorted);
	return rules;
}

PG_FUNCTION_INFO_V1(offer_rules_final);
Datum
offer_rules_final(PG_FUNCTION_ARGS)
{
	PG_RETURN_POINTER(builder_rules(rule_builder_argument(fcinfo)));
}

OfferRules *
rebuilt_rules(const OfferRules *rules)
{
	RuleBuilder *builder = new_rule_builder(CurrentMemoryContext);

	add_rules(builder, rules);
	return builder_rules(builder);
}

PG_FUNCTION_INFO_V1(offer_rules_combine);
Datum
offer_rules_combine(PG_FUNCTION_ARGS)
{
	RuleBuilder *builder;

	if (PG_ARGISNULL(1))
		return unchanged_state(fcinfo);
	builder = rule_builder_argument(fcinfo);
	add_rules(builder, builder_rules((const RuleBuilder *) PG_GETARG_POINTER(1)));
	PG_RETURN_POINTER(builder);
}
