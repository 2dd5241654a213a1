/*
 * Stages of the lifecycle: what decides them, and the limits of each day.
 */
#include "postgres.h"

#include "segments/stage.h"

/* Eleven years, of which each day has its own place. */
#define CALENDAR_DAYS 4096

const char *const stage_names[STAGES] = {NULL, "new", "occasional", "regular", "lost"};

struct StageCalendar
{
	StageRules rules;
	StageLimits days[CALENDAR_DAYS];
};

StageRules
stage_rules(const NullableDatum *arguments)
{
	StageRules rules;

	/* compared as bytes */
	memset(&rules, 0, sizeof(rules));
	rules.new_within = *DatumGetIntervalP(arguments[0].value);
	rules.lost_after = *DatumGetIntervalP(arguments[1].value);
	rules.regular_within = *DatumGetIntervalP(arguments[2].value);
	rules.regular_purchases =
		purchases_argument("regular_purchases", DatumGetInt32(arguments[3].value));
	rules.count_by = count_by_argument(DatumGetTextPP(arguments[4].value));
	return rules;
}

StageLimits
stage_limits(const StageRules *rules, DateADT as_of)
{
	return (StageLimits){.as_of = as_of,
						 .new_from = span_start("new_within", as_of, &rules->new_within),
						 .lost_before = span_start("lost_after", as_of, &rules->lost_after),
						 .regular_from =
							 span_start("regular_within", as_of, &rules->regular_within)};
}

/* An infinite day has no limits, so it marks a free place. */
static void
empty_calendar(StageCalendar *calendar, const StageRules *rules)
{
	memcpy(&calendar->rules, rules, sizeof(StageRules));
	for (int i = 0; i < CALENDAR_DAYS; i++)
		DATE_NOBEGIN(calendar->days[i].as_of);
}

StageCalendar *
stage_calendar(FmgrInfo *function, const StageRules *rules)
{
	StageCalendar *calendar = function->fn_extra;

	if (calendar == NULL)
	{
		calendar = MemoryContextAlloc(function->fn_mcxt, sizeof(StageCalendar));
		empty_calendar(calendar, rules);
		function->fn_extra = calendar;
	}
	else if (memcmp(&calendar->rules, rules, sizeof(StageRules)) != 0)
		empty_calendar(calendar, rules);
	return calendar;
}

const StageLimits *
calendar_limits(StageCalendar *calendar, DateADT as_of)
{
	StageLimits *limits = &calendar->days[(uint32) as_of % CALENDAR_DAYS];

	if (unlikely(limits->as_of != as_of))
		*limits = stage_limits(&calendar->rules, as_of);
	return limits;
}

Stage
stage_of(const Purchases *purchases, const StageLimits *limits, int32 regular_purchases)
{
	if (purchases->last < limits->lost_before)
		return STAGE_LOST;
	if (purchases->recent >= regular_purchases)
		return STAGE_REGULAR;
	return purchases->first >= limits->new_from ? STAGE_NEW : STAGE_OCCASIONAL;
}
