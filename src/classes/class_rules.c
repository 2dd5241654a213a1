/*
 * class_rules(ends, period, class_window, abc_by, a, b, xyz_by, frequency_within, x_purchases,
 * y_purchases, x, y, new_within, lost_after, regular_within, regular_purchases, count_by, rfm_bins,
 * risk_gaps)
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "classes/class_rules.h"
#include "core/argument.h"
#include "core/compat.h"
#include "core/day_zone.h"
#include "core/money.h"
#include "history/history_periods.h"
#include "segments/purchases.h"

/* From here on arguments may be NULL. */
#define OPTIONAL_ARGUMENTS 17

#define SHARE_DECIMALS 34

static Size
rules_size(int count)
{
	return offsetof(ClassRules, ends) + count * sizeof(ClassEnd);
}

static bool
is_scale(Decimal decimal)
{
	return decimal.scale >= 0 && decimal.scale <= DECIMAL_MOST_SCALE;
}

bool
is_rules(const ClassRules *rules)
{
	return VARSIZE(rules) >= offsetof(ClassRules, ends) && rules->form == CLASS_RULES_FORM &&
		   rules->count >= 1 && rules->count <= CLASS_ENDS_LIMIT &&
		   VARSIZE(rules) == rules_size(rules->count) && rules->period >= PERIOD_DAY &&
		   rules->period <= PERIOD_YEAR && rules->bins >= 0 && rules->bins <= RFM_BINS_LIMIT &&
		   rules->shop.decimals >= 0 && rules->shop.decimals <= MONEY_DECIMALS &&
		   is_scale(rules->a) && is_scale(rules->b) && is_scale(rules->x) && is_scale(rules->y);
}

const void *
aligned_argument(FunctionCallInfo fcinfo, int n)
{
	bytea *bytes = PG_GETARG_BYTEA_P(n);

	return (uintptr_t) bytes % MAXIMUM_ALIGNOF == 0 ? bytes : PG_GETARG_BYTEA_P_COPY(n);
}

const ClassRules *
rules_argument(FunctionCallInfo fcinfo, int n)
{
	const ClassRules *rules = aligned_argument(fcinfo, n);

	if (unlikely(!is_rules(rules)))
		bad_parameter("rules", "not made by class_rules()", "Give what class_rules() returns.");
	return rules;
}

const ClassRules *
limits_argument(FunctionCallInfo fcinfo, int n)
{
	const ClassRules *rules = rules_argument(fcinfo, n);

	if (unlikely(!rules->has_limits))
		bad_parameter("rules", "without limits", "Give what class_limits() returns.");
	return rules;
}

/* Where the window of the classes begins: an empty one has no beginning. */
static DateADT
window_start(DateADT as_of, const Interval *window)
{
	Datum start;

	if (window == NULL)
		return DATEVAL_NOBEGIN;
	start =
		DirectFunctionCall2(date_mi_interval, DateADTGetDatum(as_of), IntervalPGetDatum(window));
	return day_of_timestamp(DatumGetTimestamp(start));
}

static void
set_end(ClassEnd *end, Period period, DateADT as_of, const StageRules *stages,
		FunctionCallInfo fcinfo)
{
	DateADT before = as_of - 1;

	end->as_of = as_of;
	end->period_start = period_first_day(period, period_number(period, before));
	end->window_from = window_start(as_of, PG_ARGISNULL(2) ? NULL : PG_GETARG_INTERVAL_P(2));
	end->frequency_from = span_start("frequency_within", as_of, PG_GETARG_INTERVAL_P(7));
	end->stage = stage_limits(stages, as_of);
	end->first_period = DATE_IS_NOBEGIN(end->window_from)
							? PG_INT32_MIN
							: first_whole_period(period, end->window_from);
	end->end_period = period_number(period, as_of);
}

/* With more decimals than money can tell apart the next larger number does. */
static Decimal
share_argument(Datum number)
{
	Datum cut = DirectFunctionCall2(numeric_trunc, number, Int32GetDatum(SHARE_DECIMALS));
	Decimal share = decimal_from_numeric(cut);

	if (DatumGetBool(DirectFunctionCall2(numeric_lt, cut, number)))
	{
		share.units = decimal_units(share, SHARE_DECIMALS) + 1;
		share.scale = SHARE_DECIMALS;
	}
	return share;
}

static void
set_ends(ClassRules *rules, const Datum *dates, const StageRules *stages, FunctionCallInfo fcinfo)
{
	for (int i = 0; i < rules->count; i++)
	{
		DateADT as_of = finite_date(DatumGetDateADT(dates[i]));

		if (i > 0 && as_of <= rules->ends[i - 1].as_of)
			bad_parameter("ends", DatumGetCString(DirectFunctionCall1(date_out, dates[i])),
						  "Give dates in ascending order.");
		set_end(&rules->ends[i], (Period) rules->period, as_of, stages, fcinfo);
	}
}

static Datum *
ends_argument(ArrayType *array, int *count)
{
	Datum *dates;

	if (array_contains_nulls(array))
		bad_parameter("ends", "NULL", "Give dates in ascending order.");
	deconstruct_array(array, DATEOID, sizeof(DateADT), true, TYPALIGN_INT, &dates, NULL, count);
	if (*count < 1 || *count > CLASS_ENDS_LIMIT)
		bad_parameter("ends", psprintf("%d dates", *count),
					  psprintf("Give 1 to %d dates.", CLASS_ENDS_LIMIT));
	return dates;
}

/* Without bins there are no scores. */
static void
set_scores(ClassRules *rules, FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(17) || PG_ARGISNULL(18))
		return;
	if (rules->count > 1)
		bad_parameter("rfm_bins", psprintf("%d", PG_GETARG_INT32(17)),
					  "Give one date for scores, or leave them out.");
	rules->has_scores = true;
	rules->bins = PG_GETARG_INT32(17);
	if (rules->bins < 1 || rules->bins > RFM_BINS_LIMIT)
		bad_parameter("rfm_bins", psprintf("%d", rules->bins),
					  psprintf("Give a number of bins from 1 to %d.", RFM_BINS_LIMIT));
	rules->risk_gaps = range_argument("risk_gaps", PG_GETARG_FLOAT8(18), 0, 1000);
}

PG_FUNCTION_INFO_V1(class_rules);
Datum
class_rules(PG_FUNCTION_ARGS)
{
	static const char *const abc_choices[] = {"revenue", "profit", NULL};
	static const char *const xyz_choices[] = {"frequency", "variation", NULL};
	ClassRules *rules;
	StageRules stages;
	Datum *dates;
	int count;

	for (int i = 0; i < OPTIONAL_ARGUMENTS; i++)
	{
		if (i != 2 && PG_ARGISNULL(i))
			PG_RETURN_NULL();
	}
	dates = ends_argument(PG_GETARG_ARRAYTYPE_P(0), &count);
	rules = palloc0(rules_size(count));
	SET_VARSIZE(rules, rules_size(count));
	rules->form = CLASS_RULES_FORM;
	rules->count = count;
	rules->period = period_argument(PG_GETARG_TEXT_PP(1));
	rules->by_profit = choice_argument("abc_by", PG_GETARG_TEXT_PP(3), abc_choices) == 1;
	rules->a = share_argument(PG_GETARG_DATUM(4));
	rules->b = share_argument(PG_GETARG_DATUM(5));
	rules->by_variation = choice_argument("xyz_by", PG_GETARG_TEXT_PP(6), xyz_choices) == 1;
	rules->x = share_argument(PG_GETARG_DATUM(10));
	rules->y = share_argument(PG_GETARG_DATUM(11));
	rules->x_purchases = purchases_argument("x_purchases", PG_GETARG_INT32(8));
	rules->y_purchases = purchases_argument("y_purchases", PG_GETARG_INT32(9));
	stages = stage_rules(&fcinfo->args[12]);
	rules->count_by = stages.count_by;
	rules->regular_purchases = stages.regular_purchases;
	set_ends(rules, dates, &stages, fcinfo);
	set_scores(rules, fcinfo);
	PG_RETURN_POINTER(rules);
}
