/*
 * class_limits(history, profit, rules): what all customers come to. Classes and scores compare
 * them, but the limits are few, and by these each customer is classified alone.
 */
#include "postgres.h"

#include "classes/class_values.h"
#include "segments/selection.h"

static AbcLimits
limits_of(const ValueList *list, Decimal a, Decimal b)
{
	return abc_limits(list->values, list->count, NumericGetDatum(numeric_from_decimal(a)),
					  NumericGetDatum(numeric_from_decimal(b)));
}

/* The best of those who are below a score: so many are, as its share of all says. */
static int128
highest_below(const ValueList *list, int32 score, int32 bins)
{
	int64 below = ((score - 1) * list->count + bins - 1) / bins;

	return nth_smallest(list->values, list->count, below - 1);
}

/* Between the two middle values as percentile_cont() does it, of gaps in halves. */
static double
median_gap(const ValueList *gaps)
{
	double lower = (double) nth_smallest(gaps->values, gaps->count, (gaps->count - 1) / 2) / 2;
	double upper = (double) nth_smallest(gaps->values, gaps->count, gaps->count / 2) / 2;

	return lower + 0.5 * (upper - lower);
}

static void
find_shop_limits(ClassValues *values, ClassRules *rules)
{
	static const Decimal most = {.units = 80, .scale = 2};

	rules->shop.lowest_of_80 = limits_of(&values->lists[0], most, most).lowest_a;
	rules->shop.decimals = (int8) values->decimals;
	rules->shop.has_gap = gaps_of(values)->count > 0;
	if (rules->shop.has_gap)
		rules->shop.gap = median_gap(gaps_of(values));
	for (int i = 0; i < SCORES; i++)
	{
		const ValueList *list = scored_values(values, (Score) i);

		for (int32 score = 2; score <= rules->bins && list->count > 0; score++)
			rules->shop.highest_below[i][score - 1] = highest_below(list, score, rules->bins);
	}
}

/* The values are put in another order, which does not matter to whoever asks again. */
PG_FUNCTION_INFO_V1(class_limits_final);
Datum
class_limits_final(PG_FUNCTION_ARGS)
{
	ClassValues *values = final_values(fcinfo);
	ClassRules *rules;

	if (values == NULL)
		PG_RETURN_NULL();
	rules = palloc(VARSIZE(values->rules));
	memcpy(rules, values->rules, VARSIZE(values->rules));
	for (int i = 0; i < rules->count; i++)
		rules->ends[i].limits = limits_of(&values->lists[i], rules->a, rules->b);
	if (rules->has_scores)
		find_shop_limits(values, rules);
	rules->has_limits = true;
	PG_RETURN_POINTER(rules);
}
