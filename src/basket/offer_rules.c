/*
 * offer_rules(product, with_product, baskets, baskets_with_both): pairs as offers() looks them up.
 *
 * The type cannot be read in, so that its values are what this aggregate makes.
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

PG_FUNCTION_INFO_V1(offer_rules_in);
Datum
offer_rules_in(PG_FUNCTION_ARGS)
{
	ereport(ERROR, (errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
					errmsg("cannot read a value of type offer_rules"),
					errhint("It is made from product_pairs, where it is used.")));
	PG_RETURN_NULL();
}

PG_FUNCTION_INFO_V1(offer_rules_out);
Datum
offer_rules_out(PG_FUNCTION_ARGS)
{
	const OfferRules *rules = (const OfferRules *) PG_GETARG_VARLENA_P(0);

	PG_RETURN_CSTRING(psprintf("%u rules of %u products", rules->rules, rules->products));
}

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
rule_product(RuleBuilder *builder, text *label)
{
	uint32 number =
		product_number(&builder->products, (Label){VARDATA_ANY(label), VARSIZE_ANY_EXHDR(label)});

	if (builder->products.count * sizeof(uint32) > builder->baskets.used)
	{
		bytes_make_room(&builder->baskets, sizeof(uint32));
		*(uint32 *) (builder->baskets.data + builder->baskets.used) = 0;
		builder->baskets.used += sizeof(uint32);
	}
	return number;
}

/* Rows that lack anything are no rules. */
PG_FUNCTION_INFO_V1(offer_rules_transition);
Datum
offer_rules_transition(PG_FUNCTION_ARGS)
{
	RuleBuilder *builder = rule_builder_argument(fcinfo);
	MemoryContext old = MemoryContextSwitchTo(builder->context);

	if (!PG_ARGISNULL(1) && !PG_ARGISNULL(2) && !PG_ARGISNULL(3) && !PG_ARGISNULL(4))
	{
		uint32 baskets = count_argument(fcinfo, 3, "baskets");
		OfferRule rule = {.both = count_argument(fcinfo, 4, "baskets_with_both"),
						  .because_of = rule_product(builder, PG_GETARG_TEXT_PP(1)),
						  .product = rule_product(builder, PG_GETARG_TEXT_PP(2))};

		rule.both = Min(rule.both, baskets);
		((uint32 *) builder->baskets.data)[rule.because_of] = baskets;
		bytes_make_room(&builder->rules, sizeof(OfferRule));
		memcpy(builder->rules.data + builder->rules.used, &rule, sizeof(OfferRule));
		builder->rules.used += sizeof(OfferRule);
	}
	MemoryContextSwitchTo(old);
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
new_rules(const RuleBuilder *builder, uint32 count)
{
	Size numbers = 3 * (Size) builder->products.count + 2 + 2 * (Size) count;
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

PG_FUNCTION_INFO_V1(offer_rules_final);
Datum
offer_rules_final(PG_FUNCTION_ARGS)
{
	RuleBuilder *builder = rule_builder_argument(fcinfo);
	uint32 count = builder->rules.used / sizeof(OfferRule);
	OfferRules *rules = new_rules(builder, count);
	uint32 *sorted = sorted_products(&builder->products);

	write_products(rules, builder, sorted);
	write_rules(rules, sorted_rules(builder, sorted, count));
	PG_RETURN_POINTER(rules);
}
