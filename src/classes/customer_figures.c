/*
 * customer_figures(history, profit, rules): the figures of one customer beside those of all others,
 * and what each of them is.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "classes/figures.h"
#include "core/argument.h"
#include "core/money.h"
#include "segments/purchases.h"

static int32
score_of(int128 value, const int128 *highest_below, int32 bins)
{
	int32 score = 1;

	while (score < bins && value > highest_below[score])
		score++;
	return score;
}

static void
find_silence(Figures *figures, const ClassRules *rules)
{
	double gap = figures->gap.count >= ENOUGH_GAPS ? figures->gap.days : rules->shop.gap;
	bool is_lost = figures->standing.stage == STAGE_LOST;

	figures->knows_silence = is_lost || figures->gap.count >= ENOUGH_GAPS || rules->shop.has_gap;
	figures->is_silent =
		!is_lost && figures->knows_silence && figures->days_since_last > rules->risk_gaps * gap;
}

static void
find_missing(Figures *figures, const ClassRules *rules)
{
	const AbcLimits *limits = &last_end(rules)->limits;

	figures->decimals = rules->shop.decimals;
	if (figures->abc == 0 || figures->abc == 'A' || limits->lowest_a == NO_VALUE)
		return;
	figures->missing =
		(figures->abc == 'B' ? limits->lowest_a : limits->lowest_b) - figures->standing.value;
}

PG_FUNCTION_INFO_V1(customer_figures);
Datum
customer_figures(PG_FUNCTION_ARGS)
{
	const ClassRules *rules;
	Figures *figures;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(2))
		PG_RETURN_NULL();
	rules = limits_argument(fcinfo, 2);
	figures = palloc(sizeof(Figures));
	if (!read_figures(history_argument(fcinfo, 0),
					  PG_ARGISNULL(1) ? NULL : history_argument(fcinfo, 1), rules, figures))
		PG_RETURN_NULL();
	SET_VARSIZE(figures, sizeof(Figures));
	figures->form = FIGURES_FORM;
	figures->abc = abc_of(&figures->standing, last_end(rules));
	find_missing(figures, rules);
	find_silence(figures, rules);
	for (int i = 0; i < SCORES; i++)
		figures->scores[i] =
			score_of(scored_value(figures, (Score) i), rules->shop.highest_below[i], rules->bins);
	PG_RETURN_POINTER(figures);
}

/* Bytes may come from anywhere: what is read through them stays within bounds. */
static bool
is_figures(const Figures *figures)
{
	return VARSIZE(figures) == sizeof(Figures) && figures->form == FIGURES_FORM &&
		   figures->standing.stage > STAGE_NONE && figures->standing.stage < STAGES &&
		   figures->decimals >= 0 && figures->decimals <= MONEY_DECIMALS;
}

const Figures *
figures_argument(FunctionCallInfo fcinfo)
{
	const Figures *figures = aligned_argument(fcinfo, 0);

	if (unlikely(!is_figures(figures)))
		bad_parameter("figures", "not made by customer_figures()",
					  "Give what customer_figures() returns.");
	return figures;
}

/* One of the figures, as the type it has in SQL; NULL where the condition does not hold. */
#define FIGURE(name, condition, result)                                                            \
	PG_FUNCTION_INFO_V1(figure_##name);                                                            \
	Datum figure_##name(PG_FUNCTION_ARGS)                                                          \
	{                                                                                              \
		const Figures *figures = figures_argument(fcinfo);                                         \
                                                                                                   \
		if (!(condition))                                                                          \
			PG_RETURN_NULL();                                                                      \
		return result;                                                                             \
	}

#define COUNT_FIGURE(name) FIGURE(name, true, Int64GetDatum(figures->name))
#define DATE_FIGURE(name)  FIGURE(name, true, DateADTGetDatum(figures->name))
#define MONEY_FIGURE(name, condition, amount)                                                      \
	FIGURE(name, condition, NumericGetDatum(money_total(amount)))
#define LETTER_FIGURE(name, letter)                                                                \
	FIGURE(name, letter != 0, PointerGetDatum(cstring_to_text_with_len(&letter, 1)))

COUNT_FIGURE(orders)
COUNT_FIGURE(purchase_days)
COUNT_FIGURE(purchases)
COUNT_FIGURE(returns)
COUNT_FIGURE(window_returns)
DATE_FIGURE(first_order)
DATE_FIGURE(last_order)
FIGURE(days_since_last, true, Int32GetDatum(figures->days_since_last))
FIGURE(gap_days, figures->gap.count > 0, Float8GetDatum(figures->gap.days))
MONEY_FIGURE(revenue, true, figures->revenue)
MONEY_FIGURE(profit, figures->has_profit, figures->profit)
MONEY_FIGURE(window_revenue, true, figures->standing.window_revenue)
MONEY_FIGURE(window_profit, figures->has_profit, figures->window_profit)
MONEY_FIGURE(last_year_revenue, true, figures->last_year_revenue)
MONEY_FIGURE(class_value, figures->standing.is_classed, figures->standing.value)
LETTER_FIGURE(abc, figures->abc)
LETTER_FIGURE(xyz, figures->standing.xyz)
FIGURE(stage, true, CStringGetTextDatum(stage_names[figures->standing.stage]))
FIGURE(at_risk, figures->knows_silence, BoolGetDatum(figures->is_silent))
FIGURE(recency_score, true, Int32GetDatum(figures->scores[SCORE_RECENCY]))
FIGURE(frequency_score, true, Int32GetDatum(figures->scores[SCORE_FREQUENCY]))
FIGURE(monetary_score, true, Int32GetDatum(figures->scores[SCORE_MONETARY]))

FIGURE(average_order, true,
	   DirectFunctionCall2(numeric_div, NumericGetDatum(money_total(figures->revenue)),
						   NumericGetDatum(int64_to_numeric(figures->orders))))

static Datum
missing_revenue(const Figures *figures)
{
	Decimal missing = {.units = figures->missing, .scale = MONEY_DECIMALS};

	return NumericGetDatum(numeric_from_decimal(
		(Decimal){.units = decimal_units(missing, figures->decimals), .scale = figures->decimals}));
}

FIGURE(missing_revenue, figures->missing != 0, missing_revenue(figures))

static bool
brings_80(const Figures *figures, FunctionCallInfo fcinfo)
{
	return figures->standing.value >= limits_argument(fcinfo, 1)->shop.lowest_of_80;
}

FIGURE(brings_80, figures->standing.is_classed, BoolGetDatum(brings_80(figures, fcinfo)))

PG_FUNCTION_INFO_V1(usual_gap_of_shop);
Datum
usual_gap_of_shop(PG_FUNCTION_ARGS)
{
	const ClassRules *rules = limits_argument(fcinfo, 0);

	if (!rules->shop.has_gap)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(rules->shop.gap);
}
