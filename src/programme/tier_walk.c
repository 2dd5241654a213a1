/*
 * The tier of a customer on one day after the other, from one walk over the history.
 *
 * What counts changes with a day that enters the window or leaves it. Where it falls below a tier,
 * that is held on until the hold of the last day that reached it is over. A tier that is reached
 * again is dropped later than before, so that one day for each tier tells what is held.
 */
#include "postgres.h"

#include "programme/tier_walk.h"

/* Most customers of most shops are in no tier: no window holds more than all that was bought. */
static void
look_over(TierWalk *walk, HistoryWindow window)
{
	HistoryDay day;
	int128 most = 0;

	while (history_window_read(&window, &day))
	{
		most += Max(counted_of_day(&day, walk->tiers->count_by), 0);
		walk->is_customer |= day.orders > 0;
	}
	walk->is_never = most < walk->tiers->levels.thresholds[0];
}

/* From there on what is reached is held on the first day that is asked for. */
static DateADT
start_of_walk(const Tiers *tiers, DateADT from_date)
{
	DateADT start = DATE_IS_NOBEGIN(from_date) ? from_date : held_from(&tiers->window, from_date);

	return DATE_IS_NOBEGIN(start) ? DATETIME_MIN_JULIAN - POSTGRES_EPOCH_JDATE : start;
}

TierWalk
tier_walk(const struct varlena *history, DateADT from_date, DateADT as_of, const Tiers *tiers)
{
	TierWalk walk = {.tiers = tiers, .reached = NO_TIER};

	look_over(&walk, history_window(history, DATEVAL_NOBEGIN, as_of));
	if (walk.is_never)
		return walk;
	walk.dropped = palloc(tiers->levels.count * sizeof(DateADT));
	for (int i = 0; i < tiers->levels.count; i++)
		walk.dropped[i] = DATEVAL_NOBEGIN;
	walk.qualifying = qualifying_at(history, as_of, &tiers->window, tiers->count_by,
									start_of_walk(tiers, Min(from_date, as_of)));
	walk.reached = tier_reached(&tiers->levels, walk.qualifying.sum);
	walk.next = next_change(&walk.qualifying);
	return walk;
}

static void
walk_on(TierWalk *walk)
{
	int before = walk->reached;

	move_to(&walk->qualifying, walk->next);
	walk->reached = tier_reached(&walk->tiers->levels, walk->qualifying.sum);
	if (walk->reached < before)
	{
		DateADT dropped = dropped_on(&walk->tiers->window, walk->next - 1);

		for (int tier = walk->reached + 1; tier <= before; tier++)
			walk->dropped[tier] = dropped;
	}
	walk->next = next_change(&walk->qualifying);
}

int
tier_on(TierWalk *walk, DateADT day)
{
	if (walk->is_never)
		return NO_TIER;
	while (walk->next <= day)
		walk_on(walk);
	for (int tier = walk->tiers->levels.count - 1; tier > walk->reached; tier--)
	{
		if (walk->dropped[tier] > day)
			return tier;
	}
	return walk->reached;
}
