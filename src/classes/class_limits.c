/*
 * class_limits(history, profit, rules) and pareto_curve(history, profit, rules): what all customers
 * come to. Classes and scores compare them, but the limits are few, and by these each customer is
 * classified alone.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "classes/class_values.h"
#include "core/aggregate.h"
#include "core/argument.h"
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

static ClassValues *
final_argument(FunctionCallInfo fcinfo)
{
	if (!AggCheckCallContext(fcinfo, NULL))
		outside_aggregate(fcinfo);
	return values_argument(fcinfo, 0);
}

/* The values are put in another order, which does not matter to whoever asks again. */
PG_FUNCTION_INFO_V1(class_limits_final);
Datum
class_limits_final(PG_FUNCTION_ARGS)
{
	ClassValues *values = final_argument(fcinfo);
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

#define PARETO_FORM 0x50617265

/* As a bytea: values that are above 0, the largest first, and what had come together by each. */
typedef struct ParetoCurve
{
	int32 vl_len_; /* the server's header: never touch it directly */
	int32 form;	   /* PARETO_FORM */
	int64 count;
	struct
	{
		int128 value;
		int128 accumulated;
	} points[FLEXIBLE_ARRAY_MEMBER];
} ParetoCurve;

#define ST_SORT			 sort_values
#define ST_ELEMENT_TYPE	 int128
#define ST_COMPARE(a, b) ((*(a) < *(b)) - (*(a) > *(b)))
#define ST_SCOPE		 static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

static Size
curve_size(int64 count)
{
	return offsetof(ParetoCurve, points) + count * sizeof(((ParetoCurve *) NULL)->points[0]);
}

PG_FUNCTION_INFO_V1(pareto_curve_final);
Datum
pareto_curve_final(PG_FUNCTION_ARGS)
{
	ClassValues *values = final_argument(fcinfo);
	ParetoCurve *curve;
	const ValueList *list;
	int128 accumulated = 0;

	if (values == NULL)
		PG_RETURN_NULL();
	list = &values->lists[values->rules->count - 1];
	if (curve_size(list->count) > MaxAllocSize)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many customers for a Pareto curve: %lld", (long long) list->count),
				 errhint("Leave out pareto_share, or divide the shop.")));
	sort_values(list->values, list->count);
	curve = palloc(curve_size(list->count));
	SET_VARSIZE(curve, curve_size(list->count));
	curve->form = PARETO_FORM;
	curve->count = list->count;
	for (int64 i = 0; i < list->count; i++)
	{
		accumulated = add_units(accumulated, list->values[i]);
		curve->points[i].value = list->values[i];
		curve->points[i].accumulated = accumulated;
	}
	PG_RETURN_POINTER(curve);
}

static const ParetoCurve *
curve_argument(FunctionCallInfo fcinfo, int n)
{
	const ParetoCurve *curve = (const ParetoCurve *) PG_GETARG_BYTEA_P(n);

	if (unlikely((uintptr_t) curve % MAXIMUM_ALIGNOF != 0))
		curve = (const ParetoCurve *) PG_GETARG_BYTEA_P_COPY(n);
	if (unlikely(VARSIZE(curve) < curve_size(0) || curve->form != PARETO_FORM || curve->count < 0 ||
				 curve->count > (int64) MaxAllocSize || VARSIZE(curve) != curve_size(curve->count)))
		bad_parameter("curve", "not made by pareto_curve()", "Give what pareto_curve() returns.");
	return curve;
}

/* How many points have at least this value. */
static int64
points_down_to(const ParetoCurve *curve, int128 value)
{
	int64 low = 0;
	int64 high = curve->count;

	while (low < high)
	{
		int64 middle = (low + high) / 2;

		if (curve->points[middle].value >= value)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

PG_FUNCTION_INFO_V1(figure_pareto_share);
Datum
figure_pareto_share(PG_FUNCTION_ARGS)
{
	const Figures *figures = figures_argument(fcinfo);
	const ParetoCurve *curve = curve_argument(fcinfo, 1);
	int64 points;

	if (!figures->standing.is_classed || figures->standing.value <= 0)
		PG_RETURN_NULL();
	points = points_down_to(curve, figures->standing.value);
	if (points == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8((double) curve->points[points - 1].accumulated /
					 (double) curve->points[curve->count - 1].accumulated);
}
