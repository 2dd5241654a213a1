/*
 * Where one customer stands at each end of the rules: the windows of later ends begin later, so
 * that all of them are found in one walk over the days.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "classes/standing.h"

/* What was before a calendar period, of those with rows. */
typedef struct PeriodTotal
{
	int64 period;
	int128 amount;
	SquareSum squares;
} PeriodTotal;

static int64
purchases_between(const ClassRules *rules, const RunningTotal *from, const RunningTotal *until)
{
	return purchases_before(until, (CountBy) rules->count_by) -
		   purchases_before(from, (CountBy) rules->count_by);
}

static Stage
stage_at(const ClassRules *rules, const ClassEnd *end, DateADT first_purchase,
		 const RunningTotal *until, const RunningTotal *regular_from)
{
	Purchases purchases = {.first = first_purchase,
						   .last = until->last_purchase,
						   .recent = purchases_between(rules, regular_from, until)};

	if (first_purchase >= end->as_of)
		return STAGE_NONE;
	return stage_of(&purchases, &end->stage, rules->regular_purchases);
}

static char
frequency_at(const ClassRules *rules, int64 purchases)
{
	return purchases >= rules->x_purchases ? 'X' : purchases >= rules->y_purchases ? 'Y' : 'Z';
}

/* All but the value of another history, and what goes by the variation. */
static void
read_revenue(const Days *days, const ClassRules *rules, Standing *standings)
{
	const RunningTotal *until = days->totals;
	const RunningTotal *window_from = days->totals;
	const RunningTotal *period_from = days->totals;
	const RunningTotal *frequency_from = days->totals;
	const RunningTotal *regular_from = days->totals;

	for (int i = 0; i < rules->count; i++)
	{
		const ClassEnd *end = &rules->ends[i];
		Standing *standing = &standings[i];

		until = skip_days(until, end->as_of);
		window_from = skip_days(window_from, end->window_from);
		period_from = skip_days(period_from, end->period_start);
		frequency_from = skip_days(frequency_from, end->frequency_from);
		regular_from = skip_days(regular_from, end->stage.regular_from);
		standing->stage = stage_at(rules, end, days->first_purchase, until, regular_from);
		standing->is_classed =
			standing->stage != STAGE_NONE && until->last_purchase >= end->window_from;
		standing->window_revenue = until->amount - window_from->amount;
		standing->period_revenue = until->amount - period_from->amount;
		standing->value = standing->window_revenue;
		if (standing->is_classed)
			standing->xyz = frequency_at(rules, purchases_between(rules, frequency_from, until));
	}
}

static void
read_profit(const Days *profit, const ClassRules *rules, Standing *standings)
{
	const RunningTotal *until = profit->totals;
	const RunningTotal *window_from = profit->totals;

	for (int i = 0; i < rules->count; i++)
	{
		until = skip_days(until, rules->ends[i].as_of);
		window_from = skip_days(window_from, rules->ends[i].window_from);
		standings[i].value = until->amount - window_from->amount;
	}
}

/* The first day of the period that holds a day; -infinity where that is before all dates. */
static DateADT
start_of_period(Period period, DateADT day)
{
	DateADT start;

	return period_starts(period, period_number(period, day), &start) ? start : DATEVAL_NOBEGIN;
}

/* From the period of the first order on. */
static PeriodTotal *
read_periods(const Days *days, Period period)
{
	const int16 *calendar = period_calendar(period);
	const RunningTotal *total =
		skip_days(days->totals, start_of_period(period, days->first_purchase));
	const RunningTotal *end = skip_days(total, DATEVAL_NOEND);
	PeriodTotal *periods =
		palloc_extended((end - total + 1) * sizeof(PeriodTotal), MCXT_ALLOC_HUGE);
	PeriodTotal *last = periods;

	memset(last, 0, sizeof(PeriodTotal));
	while (total < end)
	{
		int128 before = total->amount;

		last->period = calendar_number(calendar, period, total->day);
		do
			total++;
		while (total < end && calendar_number(calendar, period, total->day) == last->period);
		last[1] = last[0];
		last++;
		last->amount += total->amount - before;
		add_square(&last->squares, total->amount - before);
	}
	last->period = PG_INT64_MAX;
	return periods;
}

static inline const PeriodTotal *
skip_periods(const PeriodTotal *total, int64 until)
{
	while (total->period < until)
		total++;
	return total;
}

static void
read_variation(const Days *days, const ClassRules *rules, Standing *standings)
{
	const PeriodTotal *periods = read_periods(days, (Period) rules->period);
	const PeriodTotal *until = periods;
	const PeriodTotal *from = periods;
	int64 first = period_number((Period) rules->period, days->first_purchase);

	for (int i = 0; i < rules->count; i++)
	{
		const ClassEnd *end = &rules->ends[i];
		int64 start = Max(end->first_period, first);
		Moments moments = {.count = Max(end->end_period - start, 0)};

		until = skip_periods(until, end->end_period);
		from = skip_periods(from, start);
		if (from < until)
		{
			moments.sum = until->amount - from->amount;
			moments.squares = squares_between(&from->squares, &until->squares);
		}
		standings[i].xyz = standings[i].is_classed && has_variation(&moments)
							   ? xyz_letter(&moments, rules->x, rules->y)
							   : 0;
	}
}

const Standing *
read_standings(const Days *days, const Days *profit, const ClassRules *rules)
{
	Standing *standings = palloc0(rules->count * sizeof(Standing));

	CHECK_FOR_INTERRUPTS();
	read_revenue(days, rules, standings);
	if (rules->by_profit)
		read_profit(profit, rules, standings);
	if (rules->by_variation && !DATE_IS_NOEND(days->first_purchase))
		read_variation(days, rules, standings);
	return standings;
}

const Standing *
standings_of(const struct varlena *history, const struct varlena *profit, const ClassRules *rules)
{
	Days days = read_days(history);
	Days profit_days = read_days(rules->by_profit ? profit : NULL);

	return read_standings(&days, &profit_days, rules);
}
