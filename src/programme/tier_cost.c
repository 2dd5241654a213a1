/*
 * tier_cost(history, rules, discounts, from_date, as_of): what discounts take off what was sold to
 * a customer, by the tier on the day.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "core/argument.h"
#include "core/money.h"
#include "programme/tier_walk.h"

#define DISCOUNTS_HINT "Give one for who is below the first tier, and one for each tier."

static Datum *
discounts_argument(ArrayType *array, int places)
{
	Datum *discounts;
	int count;

	if (array_contains_nulls(array))
		bad_parameter("discounts", "NULL", DISCOUNTS_HINT);
	deconstruct_array(array, NUMERICOID, -1, false, TYPALIGN_INT, &discounts, NULL, &count);
	if (count != places)
		bad_parameter("discounts", psprintf("%d of them", count), DISCOUNTS_HINT);
	return discounts;
}

/* What comes back goes back with the discount it was bought with: only what is sold counts. */
static int128 *
sold_by_place(HistoryWindow window, TierWalk *walk, int places)
{
	int128 *sold = palloc0(places * sizeof(int128));
	HistoryDay day;

	while (history_window_read_purchase(&window, &day))
		sold[tier_on(walk, day.day) - NO_TIER] += Max(day.amount, 0);
	return sold;
}

PG_FUNCTION_INFO_V1(tier_cost);
Datum
tier_cost(PG_FUNCTION_ARGS)
{
	const struct varlena *history = history_argument(fcinfo, 0);
	Tiers tiers = tiers_argument(fcinfo, 1);
	int places = tiers.levels.count + 1;
	Datum *discounts = discounts_argument(PG_GETARG_ARRAYTYPE_P(2), places);
	DateADT as_of = finite_date(PG_GETARG_DATEADT(4));
	TierWalk walk = tier_walk(history, PG_GETARG_DATEADT(3), as_of, &tiers);
	int128 *sold =
		sold_by_place(history_window(history, PG_GETARG_DATEADT(3), as_of), &walk, places);
	Datum cost = NumericGetDatum(int64_to_numeric(0));

	for (int i = 0; i < places; i++)
	{
		Datum off =
			DirectFunctionCall2(numeric_mul, NumericGetDatum(money_total(sold[i])), discounts[i]);

		if (sold[i] != 0)
			cost = DirectFunctionCall2(numeric_add, cost, off);
	}
	PG_RETURN_DATUM(cost);
}
