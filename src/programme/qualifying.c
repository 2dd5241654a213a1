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

static void
let_leave(Qualifying *qualifying, DateADT from)
{
	QualifyingEdge *leaving = &qualifying->leaving;

	for (; leaving->exists && leaving->day.day < from; read_edge(leaving))
		qualifying->sum -= counted_of_day(&leaving->day, qualifying->count_by);
	qualifying->knows_leaves = false;
}

void
move_to(Qualifying *qualifying, DateADT at)
{
	QualifyingEdge *entering = &qualifying->entering;

	for (; entering->exists && entering->day.day < at; read_edge(entering))
		qualifying->sum += counted_of_day(&entering->day, qualifying->count_by);
	if (!qualifying->knows_leaves || qualifying->leaves <= at)
		let_leave(qualifying, counted_from(qualifying->window, at));
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

/* Asked for again where nothing has left since, it is not worked out again. */
static DateADT
next_leave(Qualifying *qualifying)
{
	const QualifyingEdge *leaving = &qualifying->leaving;

	if (!leaving->exists || leaving->day.day >= qualifying->at)
		return DATEVAL_NOEND;
	if (!qualifying->knows_leaves)
		qualifying->leaves = left_on(qualifying->window, leaving->day.day);
	qualifying->knows_leaves = true;
	return qualifying->leaves;
}

DateADT
next_change(Qualifying *qualifying)
{
	DateADT next = next_leave(qualifying);

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
