/*
 * The tier of a customer in a programme, and what is missing to the next one.
 *
 * What counts towards a tier at the start of day u is q(u). A tier is held by the highest q(u) of
 * the days u from which it is held on: so it rises at once and falls late, and no state is kept.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "core/argument.h"
#include "core/decimal.h"
#include "core/money.h"
#include "core/row.h"
#include "programme/qualifying.h"
#include "programme/tier_levels.h"

typedef struct TierQuestion
{
	const struct varlena *history;
	DateADT as_of;
	TierLevels levels;
	TierWindow window;
	TierCount count_by;
} TierQuestion;

/* (history, as_of, thresholds, names, qualify_within, hold, count_by, calendar) */
static TierQuestion
tier_question(FunctionCallInfo fcinfo)
{
	TierQuestion question;

	question.history = history_argument(fcinfo, 0);
	question.as_of = finite_date(PG_GETARG_DATEADT(1));
	question.window =
		tier_window(PG_GETARG_INTERVAL_P(4), PG_GETARG_INTERVAL_P(5), PG_GETARG_BOOL(7));
	question.count_by = tier_count_argument("count_by", PG_GETARG_TEXT_PP(6));
	question.levels =
		tier_levels(fcinfo, 2, 3, question.count_by == TIER_SPEND ? MONEY_DECIMALS : 0);
	return question;
}

/* What counts on the first day from which on a tier is held at as_of. */
static Qualifying
first_qualifying(const TierQuestion *question)
{
	DateADT from = held_from(&question->window, question->as_of);

	/* before the first purchase nothing changes */
	if (DATE_IS_NOBEGIN(from))
		from = DATETIME_MIN_JULIAN - POSTGRES_EPOCH_JDATE;
	return qualifying_at(question->history, question->as_of, &question->window, question->count_by,
						 from);
}

/* The most that counted from there to as_of, which is where it ends. */
static int128
most_counted(const TierQuestion *question, Qualifying *qualifying)
{
	int128 most = qualifying->sum;
	DateADT next;

	while ((next = next_change(qualifying)) <= question->as_of)
	{
		move_to(qualifying, next);
		most = Max(most, qualifying->sum);
	}
	move_to(qualifying, question->as_of);
	return most;
}

PG_FUNCTION_INFO_V1(loyalty_tier);
Datum
loyalty_tier(PG_FUNCTION_ARGS)
{
	TierQuestion question = tier_question(fcinfo);
	Qualifying qualifying = first_qualifying(&question);
	int tier = tier_reached(&question.levels, most_counted(&question, &qualifying));

	if (tier == NO_TIER)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(question.levels.names[tier]);
}

/* The last day on which so much is held if nothing is bought from as_of on; infinity for ever. */
static DateADT
kept_until(const TierQuestion *question, int128 threshold)
{
	Qualifying qualifying = first_qualifying(question);
	DateADT dropped = DATEVAL_NOEND;

	for (;;)
	{
		DateADT next = next_change(&qualifying);

		if (qualifying.sum >= threshold)
			dropped = DATE_IS_NOEND(next) ? next : dropped_on(&question->window, next - 1);
		if (DATE_IS_NOEND(next) || next > dropped)
			return DATE_IS_NOEND(dropped) ? dropped : dropped - 1;
		move_to(&qualifying, next);
	}
}

static Datum
shown_count(const TierQuestion *question, int128 units)
{
	return NumericGetDatum(question->count_by == TIER_SPEND ? money_total(units)
															: numeric_from_units(units));
}

/* The last day on which a purchase adds to all that counts now. */
static bool
added_until(const Qualifying *qualifying, DateADT *day)
{
	if (!first_loss(qualifying, day))
		return false;
	if (!DATE_IS_NOEND(*day))
		*day -= 2;
	return true;
}

enum
{
	TIER,
	QUALIFYING,
	NEXT_TIER,
	MISSING,
	MISSING_UNTIL,
	MISSING_TO_KEEP,
	KEPT_UNTIL,
	DAYS_LEFT,
	COLUMNS
};

static void
put(Datum *values, bool *nulls, int column, Datum value)
{
	values[column] = value;
	nulls[column] = false;
}

static void
put_next_tier(const TierQuestion *question, const Qualifying *qualifying, int next, Datum *values,
			  bool *nulls)
{
	DateADT until;

	if (next == question->levels.count)
		return;
	put(values, nulls, NEXT_TIER, question->levels.names[next]);
	put(values, nulls, MISSING,
		shown_count(question, question->levels.thresholds[next] - qualifying->sum));
	if (added_until(qualifying, &until))
		put(values, nulls, MISSING_UNTIL, DateADTGetDatum(until));
}

static void
put_tier(const TierQuestion *question, const Qualifying *qualifying, int tier, Datum *values,
		 bool *nulls)
{
	int128 threshold;
	DateADT until;

	if (tier == NO_TIER)
		return;
	threshold = question->levels.thresholds[tier];
	until = kept_until(question, threshold);
	put(values, nulls, TIER, question->levels.names[tier]);
	put(values, nulls, MISSING_TO_KEEP, shown_count(question, Max(threshold - qualifying->sum, 0)));
	put(values, nulls, KEPT_UNTIL, DateADTGetDatum(until));
	if (!DATE_IS_NOEND(until))
		put(values, nulls, DAYS_LEFT, Int32GetDatum(until - question->as_of));
}

PG_FUNCTION_INFO_V1(tier_progress);
Datum
tier_progress(PG_FUNCTION_ARGS)
{
	TierQuestion question = tier_question(fcinfo);
	Qualifying qualifying = first_qualifying(&question);
	int tier = tier_reached(&question.levels, most_counted(&question, &qualifying));
	Datum values[COLUMNS] = {0};
	bool nulls[COLUMNS];

	memset(nulls, true, sizeof(nulls));
	put(values, nulls, QUALIFYING, shown_count(&question, qualifying.sum));
	put_next_tier(&question, &qualifying, tier + 1, values, nulls);
	put_tier(&question, &qualifying, tier, values, nulls);
	return row_result(fcinfo, values, nulls);
}
