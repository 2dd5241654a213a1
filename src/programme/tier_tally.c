/*
 * tier_tally(history, profit, rules, from_date, as_of): customers by tier, and what was sold to
 * those who were in it on the day.
 */
#include "postgres.h"

#include "core/aggregate.h"
#include "core/argument.h"
#include "core/money.h"
#include "core/row.h"
#include "programme/tier_tally.h"

/* The profit of a day of the history; days are asked for in order. */
typedef struct ProfitReader
{
	HistoryWindow window;
	HistoryDay day;
	bool exists;
} ProfitReader;

static ProfitReader
profit_reader(FunctionCallInfo fcinfo, int n, DateADT from_date, DateADT as_of)
{
	ProfitReader reader = {.exists = !PG_ARGISNULL(n)};

	if (!reader.exists)
		return reader;
	reader.window = history_window(history_argument(fcinfo, n), from_date, as_of);
	reader.exists = history_window_read(&reader.window, &reader.day);
	return reader;
}

static int128
profit_of(ProfitReader *reader, DateADT day)
{
	while (reader->exists && reader->day.day < day)
		reader->exists = history_window_read(&reader->window, &reader->day);
	return reader->exists && reader->day.day == day ? reader->day.amount : 0;
}

/* What comes back goes back with the discount it was bought with: only what is sold counts. */
static void
count_order(TierTally *tally, int tier, const HistoryDay *day, ProfitReader *profit)
{
	TallyCell sold = {.orders = day->orders};

	if (day->amount > 0)
	{
		sold.revenue = day->amount;
		sold.profit = profit_of(profit, day->day);
	}
	add_to_cell(tally_cell(tally, 0, PLACE_NONE, place_of(tier)), &sold);
}

static void
count_customer(TierTally *tally, const struct varlena *history, TierWalk *walk, DateADT from_date,
			   DateADT as_of, ProfitReader *profit)
{
	DateADT window_from = counted_from(&walk->tiers->window, as_of);
	HistoryWindow window = history_window(history, Min(from_date, window_from), as_of);
	TallyCell customer = {.customers = 1};
	HistoryDay day;
	int tier;

	while (history_window_read(&window, &day))
	{
		if (day.day >= window_from)
			customer.window_revenue += day.amount;
		if (day.day >= from_date && day.orders > 0)
			count_order(tally, tier_on(walk, day.day), &day, profit);
	}
	tier = tier_on(walk, as_of);
	customer.held = tier > walk->reached ? 1 : 0;
	add_to_cell(tally_cell(tally, 0, PLACE_NONE, place_of(tier)), &customer);
}

PG_FUNCTION_INFO_V1(tier_tally_transition);
Datum
tier_tally_transition(PG_FUNCTION_ARGS)
{
	const struct varlena *history;
	DateADT from_date;
	DateADT as_of;
	Tiers tiers;
	TierTally *tally;
	TierWalk walk;
	ProfitReader profit;

	check_aggregate(fcinfo);
	if (PG_ARGISNULL(1) || PG_ARGISNULL(3) || PG_ARGISNULL(4) || PG_ARGISNULL(5))
		return unchanged_state(fcinfo);
	history = history_argument(fcinfo, 1);
	tiers = tiers_argument(fcinfo, 3);
	from_date = PG_GETARG_DATEADT(4);
	as_of = finite_date(PG_GETARG_DATEADT(5));
	tally = tally_state(fcinfo, 1, &tiers);
	walk = tier_walk(history, from_date, as_of, &tiers);
	profit = profit_reader(fcinfo, 2, from_date, as_of);
	if (walk.is_customer)
		count_customer(tally, history, &walk, from_date, as_of, &profit);
	PG_RETURN_POINTER(tally);
}

/* tier_place(history, as_of, rules): the number of the tier from 1; 0 below the first. */
PG_FUNCTION_INFO_V1(tier_place);
Datum
tier_place(PG_FUNCTION_ARGS)
{
	DateADT as_of = finite_date(PG_GETARG_DATEADT(1));
	Tiers tiers = tiers_argument(fcinfo, 2);
	TierWalk walk = tier_walk(history_argument(fcinfo, 0), as_of, as_of, &tiers);

	PG_RETURN_INT32(tier_on(&walk, as_of) - NO_TIER);
}
