/*
 * The figures of one customer at the last end of the rules.
 */
#include "postgres.h"

#include "utils/datetime.h"

#include "classes/figures.h"

/* The same day a year before, or the last of February. */
static DateADT
year_before(DateADT date)
{
	int year;
	int month;
	int day;

	j2date(date + POSTGRES_EPOCH_JDATE, &year, &month, &day);
	day = Min(day, day_tab[isleap(year - 1)][month - 1]);
	return date2j(year - 1, month, day) - POSTGRES_EPOCH_JDATE;
}

static void
read_life(const Days *days, const ClassRules *rules, Figures *figures)
{
	const ClassEnd *end = last_end(rules);
	const RunningTotal *until = skip_days(days->totals, end->as_of);
	const RunningTotal *window_from = skip_days(days->totals, end->window_from);

	figures->first_order = days->first_purchase;
	figures->last_order = until->last_purchase;
	figures->days_since_last = end->as_of - until->last_purchase;
	figures->orders = until->orders;
	figures->returns = until->returns;
	figures->purchase_days = until->purchase_days;
	figures->purchases = purchases_before(until, (CountBy) rules->count_by);
	figures->window_returns = window_from < until ? until->returns - window_from->returns : 0;
	figures->revenue = until->amount;
	figures->last_year_revenue =
		until->amount - skip_days(days->totals, year_before(until->last_purchase + 1))->amount;
	figures->gap = usual_gap_before(days, until);
}

static void
read_profit(const Days *profit, const ClassEnd *end, Figures *figures)
{
	const RunningTotal *until = skip_days(profit->totals, end->as_of);

	figures->has_profit = true;
	figures->profit = until->amount;
	figures->window_profit = until->amount - skip_days(profit->totals, end->window_from)->amount;
}

bool
read_figures(const struct varlena *history, const struct varlena *profit, const ClassRules *rules,
			 Figures *figures)
{
	Days days = read_days(history);
	Days profit_days = read_days(profit);

	memset(figures, 0, sizeof(*figures));
	if (days.first_purchase >= last_end(rules)->as_of)
		return false;
	read_life(&days, rules, figures);
	if (profit != NULL)
		read_profit(&profit_days, last_end(rules), figures);
	figures->standing = read_standings(&days, &profit_days, rules)[rules->count - 1];
	return true;
}
