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
count_orders(TierTally *tally, TierWalk *walk, HistoryWindow window, ProfitReader *profit)
{
	HistoryDay day;

	while (history_window_read_purchase(&window, &day))
	{
		TallyCell sold = {.orders = day.orders};

		if (day.amount > 0)
		{
			sold.revenue = day.amount;
			sold.profit = profit_of(profit, day.day);
		}
		add_to_cell(tally_cell(tally, 0, PLACE_NONE, place_of(tier_on(walk, day.day))), &sold);
	}
}

static int128
revenue_between(HistoryWindow window)
{
	int128 revenue = 0;
	HistoryDay day;

	while (history_window_read(&window, &day))
		revenue += day.amount;
	return revenue;
}

PG_FUNCTION_INFO_V1(tier_tally_transition);
Datum
tier_tally_transition(PG_FUNCTION_ARGS)
{
	Tiers tiers;
	TierTally *tally;
	const struct varlena *history;
	DateADT from_date;
	DateADT as_of;
	DateADT first;
	TierWalk walk;
	ProfitReader profit;
	TallyCell customer = {.customers = 1};
	int tier;

	check_aggregate(fcinfo);
	if (PG_ARGISNULL(1) || PG_ARGISNULL(3) || PG_ARGISNULL(4) || PG_ARGISNULL(5))
		return unchanged_state(fcinfo);
	tiers = tiers_argument(fcinfo, 3);
	history = history_argument(fcinfo, 1);
	from_date = PG_GETARG_DATEADT(4);
	as_of = finite_date(PG_GETARG_DATEADT(5));
	tally = tally_state(fcinfo, 1, &tiers);
	if (!history_first_purchase(history_window(history, DATEVAL_NOBEGIN, as_of), &first))
		PG_RETURN_POINTER(tally);
	walk = tier_walk(history, as_of, &tiers);
	profit = profit_reader(fcinfo, 2, from_date, as_of);
	count_orders(tally, &walk, history_window(history, from_date, as_of), &profit);
	tier = tier_on(&walk, as_of);
	customer.held = tier > walk.reached ? 1 : 0;
	customer.window_revenue =
		revenue_between(history_window(history, counted_from(&tiers.window, as_of), as_of));
	add_to_cell(tally_cell(tally, 0, PLACE_NONE, place_of(tier)), &customer);
	PG_RETURN_POINTER(tally);
}

/* tier_place(history, as_of, rules): the number of the tier from 1; 0 below the first. */
PG_FUNCTION_INFO_V1(tier_place);
Datum
tier_place(PG_FUNCTION_ARGS)
{
	DateADT as_of = finite_date(PG_GETARG_DATEADT(1));
	Tiers tiers = tiers_argument(fcinfo, 2);
	TierWalk walk = tier_walk(history_argument(fcinfo, 0), as_of, &tiers);

	PG_RETURN_INT32(tier_on(&walk, as_of) - NO_TIER);
}
