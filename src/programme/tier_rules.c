/*
 * tier_rules(thresholds, qualify_within, hold, count_by, calendar)
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "core/argument.h"
#include "core/money.h"
#include "programme/tier_rules.h"

static Size
rules_size(int count)
{
	return offsetof(TierRules, thresholds) + count * sizeof(int128);
}

static bool
is_tier_rules(const TierRules *rules)
{
	if (VARSIZE(rules) < offsetof(TierRules, thresholds) || rules->form != TIER_RULES_FORM ||
		rules->count < 1 || rules->count > TIERS_LIMIT || rules->count_by < TIER_SPEND ||
		rules->count_by > TIER_ORDERS || VARSIZE(rules) != rules_size(rules->count))
		return false;
	for (int i = 1; i < rules->count; i++)
	{
		if (rules->thresholds[i] <= rules->thresholds[i - 1])
			return false;
	}
	return true;
}

/* Within a row it lies as four bytes do: what is read is a copy. */
Tiers
tiers_argument(FunctionCallInfo fcinfo, int n)
{
	TierRules *rules = (TierRules *) PG_GETARG_BYTEA_P_COPY(n);

	if (unlikely(!is_tier_rules(rules)))
		bad_parameter("rules", "not made by tier_rules()", "Give what tier_rules() returns.");
	return (Tiers){.levels = {.count = rules->count, .thresholds = rules->thresholds},
				   .window = tier_window(&rules->qualify_within, &rules->hold, rules->by_calendar),
				   .count_by = (TierCount) rules->count_by};
}

PG_FUNCTION_INFO_V1(tier_rules);
Datum
tier_rules(PG_FUNCTION_ARGS)
{
	TierCount count_by = tier_count_argument("count_by", PG_GETARG_TEXT_PP(3));
	TierLevels levels =
		tier_thresholds(PG_GETARG_ARRAYTYPE_P(0), count_by == TIER_SPEND ? MONEY_DECIMALS : 0);
	TierRules *rules;

	if (levels.count < 1 || levels.count > TIERS_LIMIT)
		bad_parameter("thresholds", psprintf("%d tiers", levels.count),
					  psprintf("Give 1 to %d tiers.", TIERS_LIMIT));
	rules = palloc0(rules_size(levels.count));
	SET_VARSIZE(rules, rules_size(levels.count));
	rules->form = TIER_RULES_FORM;
	rules->count = levels.count;
	rules->count_by = count_by;
	rules->by_calendar = PG_GETARG_BOOL(4);
	rules->qualify_within = *PG_GETARG_INTERVAL_P(1);
	rules->hold = *PG_GETARG_INTERVAL_P(2);
	memcpy(rules->thresholds, levels.thresholds, levels.count * sizeof(int128));
	tier_window(&rules->qualify_within, &rules->hold, rules->by_calendar);
	PG_RETURN_POINTER(rules);
}
