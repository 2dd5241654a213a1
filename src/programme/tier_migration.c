/*
 * tier_migration(history, rules, ends): who rose, stayed or fell from one date to the next. Each
 * history is read once, whatever the number of dates.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "core/aggregate.h"
#include "core/argument.h"
#include "programme/tier_tally.h"

#define ENDS_HINT "Give dates in ascending order."

typedef struct TierEnds
{
	Datum *dates;
	int count;
} TierEnds;

static DateADT
end_at(const TierEnds *ends, int end)
{
	return DatumGetDateADT(ends->dates[end]);
}

static TierEnds
ends_argument(ArrayType *array)
{
	TierEnds ends;

	if (array_contains_nulls(array))
		bad_parameter("ends", "NULL", ENDS_HINT);
	deconstruct_array(array, DATEOID, sizeof(DateADT), true, TYPALIGN_INT, &ends.dates, NULL,
					  &ends.count);
	if (ends.count < 1 || ends.count > TALLY_ENDS_LIMIT)
		bad_parameter("ends", psprintf("%d dates", ends.count),
					  psprintf("Give 1 to %d dates.", TALLY_ENDS_LIMIT));
	for (int i = 0; i < ends.count; i++)
	{
		if (i > 0 && finite_date(end_at(&ends, i)) <= end_at(&ends, i - 1))
			bad_parameter("ends", DatumGetCString(DirectFunctionCall1(date_out, ends.dates[i])),
						  ENDS_HINT);
		finite_date(end_at(&ends, i));
	}
	return ends;
}

/* The days before an end that are not before the one before. */
static int128
revenue_until(HistoryWindow *window, HistoryDay *day, bool *exists, DateADT end)
{
	int128 revenue = 0;

	for (; *exists && day->day < end; *exists = history_window_read(window, day))
		revenue += day->amount;
	return revenue;
}

static void
count_customer(TierTally *tally, const struct varlena *history, DateADT first, const TierEnds *ends,
			   const Tiers *tiers)
{
	DateADT last_end = end_at(ends, ends->count - 1);
	TierWalk walk = tier_walk(history, end_at(ends, 0), last_end, tiers);
	HistoryWindow window = history_window(history, DATEVAL_NOBEGIN, last_end);
	HistoryDay day;
	bool exists = history_window_read(&window, &day);
	int from = PLACE_NONE;

	for (int i = 0; i < ends->count; i++)
	{
		DateADT end = end_at(ends, i);
		TallyCell moved = {.customers = 1, .revenue = revenue_until(&window, &day, &exists, end)};
		int to = first < end ? place_of(tier_on(&walk, end)) : PLACE_NONE;

		if (to != PLACE_NONE)
			add_to_cell(tally_cell(tally, i, from, to), &moved);
		from = to;
	}
}

PG_FUNCTION_INFO_V1(tier_migration_transition);
Datum
tier_migration_transition(PG_FUNCTION_ARGS)
{
	Tiers tiers;
	TierEnds ends;
	TierTally *tally;
	const struct varlena *history;
	DateADT first;

	check_aggregate(fcinfo);
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3))
		return unchanged_state(fcinfo);
	tiers = tiers_argument(fcinfo, 2);
	ends = ends_argument(PG_GETARG_ARRAYTYPE_P(3));
	history = history_argument(fcinfo, 1);
	tally = tally_state(fcinfo, ends.count, &tiers);
	if (history_first_purchase(
			history_window(history, DATEVAL_NOBEGIN, end_at(&ends, ends.count - 1)), &first))
		count_customer(tally, history, first, &ends, &tiers);
	PG_RETURN_POINTER(tally);
}
