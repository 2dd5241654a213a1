/*
 * What counts towards a tier, from one day on which that changes to the next.
 *
 * The history is read twice side by side: by the edge at which its days enter the window, and by
 * that at which they leave it.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "core/argument.h"
#include "programme/qualifying.h"

TierCount
tier_count_argument(const char *name, const text *count_by)
{
	static const char *const counts[] = {"spend", "days", "orders", NULL};

	return (TierCount) choice_argument(name, count_by, counts);
}

static void
read_edge(QualifyingEdge *edge)
{
	CHECK_FOR_INTERRUPTS();
	edge->exists = history_window_read(&edge->window, &edge->day);
}

static QualifyingEdge
first_edge(const struct varlena *history, DateADT as_of)
{
	QualifyingEdge edge = {.window = history_window(history, DATEVAL_NOBEGIN, as_of)};

	read_edge(&edge);
	return edge;
}

int128
counted_of_day(const HistoryDay *day, TierCount count_by)
{
	switch (count_by)
	{
		case TIER_DAYS:
			return day->orders > 0;
		case TIER_ORDERS:
			return day->orders;
		default:
			return day->amount;
	}
}

void
move_to(Qualifying *qualifying, DateADT at)
{
	DateADT from = counted_from(qualifying->window, at);
	QualifyingEdge *entering = &qualifying->entering;
	QualifyingEdge *leaving = &qualifying->leaving;

	for (; entering->exists && entering->day.day < at; read_edge(entering))
		qualifying->sum += counted_of_day(&entering->day, qualifying->count_by);
	for (; leaving->exists && leaving->day.day < from; read_edge(leaving))
		qualifying->sum -= counted_of_day(&leaving->day, qualifying->count_by);
	qualifying->at = at;
}

Qualifying
qualifying_at(const struct varlena *history, DateADT as_of, const TierWindow *window,
			  TierCount count_by, DateADT at)
{
	Qualifying qualifying = {.window = window, .count_by = count_by};

	qualifying.entering = first_edge(history, as_of);
	qualifying.leaving = qualifying.entering;
	move_to(&qualifying, at);
	return qualifying;
}

DateADT
next_change(const Qualifying *qualifying)
{
	DateADT next = DATEVAL_NOEND;

	if (qualifying->leaving.exists && qualifying->leaving.day.day < qualifying->at)
		next = left_on(qualifying->window, qualifying->leaving.day.day);
	if (qualifying->entering.exists)
		next = Min(next, qualifying->entering.day.day + 1);
	return next;
}

bool
first_loss(const Qualifying *qualifying, DateADT *day)
{
	QualifyingEdge edge = qualifying->leaving;

	for (; edge.exists && edge.day.day < qualifying->at; read_edge(&edge))
	{
		if (counted_of_day(&edge.day, qualifying->count_by) == 0)
			continue;
		*day = left_on(qualifying->window, edge.day.day);
		return true;
	}
	return false;
}
