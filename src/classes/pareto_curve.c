/*
 * pareto_curve(history, profit, rules): the values that decide classes and what comes together by
 * each, and the share of the whole that one customer and all who bring more come to.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "classes/class_values.h"
#include "core/argument.h"

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
	ClassValues *values = final_values(fcinfo);
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
	const ParetoCurve *curve = aligned_argument(fcinfo, n);

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
