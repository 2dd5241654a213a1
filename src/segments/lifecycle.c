/*
 * Where a customer stands: frequency class, stage of the lifecycle, at risk.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "core/argument.h"
#include "segments/stage.h"

/* All purchases before as_of: without one a customer has no class. */
static HistoryWindow
whole_life(const struct varlena *history, DateADT as_of)
{
	return history_window(history, DATEVAL_NOBEGIN, as_of);
}

/* In one walk over the days: stages are asked of every customer for every period. */
static bool
read_purchases(HistoryWindow window, DateADT recent_from, CountBy count_by, Purchases *purchases)
{
	HistoryDay day;

	if (!history_window_read_purchase(&window, &day))
		return false;
	*purchases = (Purchases){.first = day.day};
	do
	{
		purchases->last = day.day;
		if (day.day >= recent_from)
			history_add_count(&purchases->recent, purchases_of_day(&day, count_by));
	} while (history_window_read_purchase(&window, &day));
	return true;
}

/* frequency_class(history, as_of, within, x_purchases, y_purchases, count_by) */
PG_FUNCTION_INFO_V1(frequency_class);
Datum
frequency_class(PG_FUNCTION_ARGS)
{
	const struct varlena *history = history_argument(fcinfo, 0);
	DateADT as_of = PG_GETARG_DATEADT(1);
	DateADT from_date = span_start("within", as_of, PG_GETARG_INTERVAL_P(2));
	int32 x_purchases = purchases_argument("x_purchases", PG_GETARG_INT32(3));
	int32 y_purchases = purchases_argument("y_purchases", PG_GETARG_INT32(4));
	CountBy count_by = count_by_argument(PG_GETARG_TEXT_PP(5));
	DateADT first;
	int64 purchases;

	if (y_purchases > x_purchases)
		bad_parameter("y_purchases", psprintf("%d", y_purchases),
					  "Y takes no more purchases than X.");
	if (!history_first_purchase(whole_life(history, as_of), &first))
		PG_RETURN_NULL();
	purchases = count_purchases(history_window(history, from_date, as_of), count_by);
	PG_RETURN_TEXT_P(cstring_to_text(purchases >= x_purchases	? "X"
									 : purchases >= y_purchases ? "Y"
																: "Z"));
}

/*
 * lifecycle_stage(history, as_of, new_within, lost_after, regular_within, regular_purchases,
 * count_by)
 */
PG_FUNCTION_INFO_V1(lifecycle_stage);
Datum
lifecycle_stage(PG_FUNCTION_ARGS)
{
	const struct varlena *history = history_argument(fcinfo, 0);
	DateADT as_of = PG_GETARG_DATEADT(1);
	StageRules rules = stage_rules(&fcinfo->args[2]);
	StageLimits limits = stage_limits(&rules, as_of);
	Purchases purchases;

	if (!read_purchases(whole_life(history, as_of), limits.regular_from, rules.count_by,
						&purchases))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(
		cstring_to_text(stage_names[stage_of(&purchases, &limits, rules.regular_purchases)]));
}

/* at_risk(history, as_of, gaps, shop_gap, lost_after); only shop_gap may be NULL */
PG_FUNCTION_INFO_V1(at_risk);
Datum
at_risk(PG_FUNCTION_ARGS)
{
	const struct varlena *history;
	DateADT as_of;
	DateADT lost_before;
	DateADT last;
	double gaps;
	UsualGap gap;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(4))
		PG_RETURN_NULL();
	history = history_argument(fcinfo, 0);
	as_of = PG_GETARG_DATEADT(1);
	gaps = range_argument("gaps", PG_GETARG_FLOAT8(2), 0, 1000);
	lost_before = span_start("lost_after", as_of, PG_GETARG_INTERVAL_P(4));
	if (!history_last_purchase(whole_life(history, as_of), &last))
		PG_RETURN_NULL();
	if (last < lost_before)
		PG_RETURN_BOOL(false);
	gap = history_usual_gap(whole_life(history, as_of));
	if (gap.count < ENOUGH_GAPS)
	{
		if (PG_ARGISNULL(3))
			PG_RETURN_NULL();
		gap.days = range_argument("shop_gap", PG_GETARG_FLOAT8(3), 0, 1e9);
	}
	PG_RETURN_BOOL(as_of - last > gaps * gap.days);
}
