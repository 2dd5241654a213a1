/*
 * stage_changes(history, period, from_date, as_of, new_within, lost_after, regular_within,
 * regular_purchases, count_by): when a customer's stage became another.
 */
#include "postgres.h"

#include "funcapi.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "core/argument.h"
#include "history/history_periods.h"
#include "segments/stage.h"

/* The purchases of a history before a day that moves on. */
typedef struct PurchasesBefore
{
	HistoryWindow rest;
	HistoryDay next; /* the first purchase that is not before the day */
	bool ended;		 /* there is none */
	int64 count;
	DateADT last;
} PurchasesBefore;

static PurchasesBefore
purchases_from_first(HistoryWindow window)
{
	PurchasesBefore purchases = {.rest = window};

	purchases.ended = !history_window_read_purchase(&purchases.rest, &purchases.next);
	return purchases;
}

static void
move_to(PurchasesBefore *purchases, DateADT day, CountBy count_by)
{
	while (!purchases->ended && purchases->next.day < day)
	{
		purchases->last = purchases->next.day;
		history_add_count(&purchases->count, purchases_of_day(&purchases->next, count_by));
		purchases->ended = !history_window_read_purchase(&purchases->rest, &purchases->next);
	}
}

/* Columns as_of, changed_to, changed_from */
static void
put_change(ReturnSetInfo *result, DateADT as_of, Stage stage, Stage before)
{
	Datum values[] = {DateADTGetDatum(as_of), CStringGetTextDatum(stage_names[stage]), (Datum) 0};
	bool nulls[] = {false, false, before == STAGE_NONE};

	if (before != STAGE_NONE)
		values[2] = CStringGetTextDatum(stage_names[before]);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

/* Of the periods with the numbers from next to before end, not all before the first order. */
static void
put_changes(ReturnSetInfo *result, HistoryPeriods periods, HistoryWindow window,
			const StageRules *rules, StageCalendar *calendar)
{
	PurchasesBefore all = purchases_from_first(window);
	PurchasesBefore earlier = all;
	Purchases purchases = {.first = all.next.day};
	Stage before = STAGE_NONE;

	for (int32 number = periods.next; number < periods.end; number++)
	{
		DateADT as_of = period_first_day(periods.period, number + 1);
		const StageLimits *limits = calendar_limits(calendar, as_of);
		Stage stage;

		CHECK_FOR_INTERRUPTS();
		move_to(&all, as_of, rules->count_by);
		move_to(&earlier, limits->regular_from, rules->count_by);
		purchases.last = all.last;
		purchases.recent = all.count - earlier.count;
		stage = stage_of(&purchases, limits, rules->regular_purchases);
		if (stage != before)
			put_change(result, as_of, stage, before);
		before = stage;
	}
}

/* The complete ones from that of from_date on, but from that of the first order at the earliest. */
static HistoryPeriods
periods_since(HistoryWindow window, Period period, DateADT from_date)
{
	HistoryPeriods periods = {.period = period, .end = period_number(period, window.as_of)};
	DateADT first;

	periods.next = periods.end;
	if (!history_first_purchase(window, &first) || DATE_IS_NOEND(from_date))
		return periods;
	periods.next =
		period_number(period, DATE_IS_NOBEGIN(from_date) ? first : Max(first, from_date));
	return periods;
}

PG_FUNCTION_INFO_V1(stage_changes);
Datum
stage_changes(PG_FUNCTION_ARGS)
{
	Period period = period_argument(PG_GETARG_TEXT_PP(1));
	HistoryWindow window = history_window(history_argument(fcinfo, 0), DATEVAL_NOBEGIN,
										  finite_date(PG_GETARG_DATEADT(3)));
	HistoryPeriods periods = periods_since(window, period, PG_GETARG_DATEADT(2));
	StageRules rules = stage_rules(&fcinfo->args[4]);

	InitMaterializedSRF(fcinfo, 0);
	put_changes((ReturnSetInfo *) fcinfo->resultinfo, periods, window, &rules,
				stage_calendar(fcinfo->flinfo, &rules));
	return (Datum) 0;
}
