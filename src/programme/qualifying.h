/*
 * What counts towards a tier, from one day on which that changes to the next.
 */
#ifndef CLIENTELE_QUALIFYING_H
#define CLIENTELE_QUALIFYING_H

#include "history/history_window.h"
#include "programme/tier_window.h"

/* What counts: the money spent, days with orders, or each order. */
typedef enum TierCount
{
	TIER_SPEND,
	TIER_DAYS,
	TIER_ORDERS
} TierCount;

/* The next day of a history that enters or leaves, if any. */
typedef struct QualifyingEdge
{
	HistoryWindow window;
	HistoryDay day;
	bool exists;
} QualifyingEdge;

typedef struct Qualifying
{
	const TierWindow *window;
	TierCount count_by;
	QualifyingEdge entering;
	QualifyingEdge leaving;
	DateADT at;		/* the start of this day */
	DateADT leaves; /* when the day that leaves next does so, once somebody asked */
	bool knows_leaves;
	int128 sum; /* of what counts then: 1/10000 of money, or purchases */
} Qualifying;

/* 'spend', 'days' or 'orders', else 22023. */
extern TierCount tier_count_argument(const char *name, const text *count_by);

/* What a day brings: 1/10000 of money, or purchases. */
extern int128 counted_of_day(const HistoryDay *day, TierCount count_by);

/* At the start of a day, of the days of a history before as_of. */
extern Qualifying qualifying_at(const struct varlena *history, DateADT as_of,
								const TierWindow *window, TierCount count_by, DateADT at);

/* The next day at whose start something else may count; infinity for none. */
extern DateADT next_change(Qualifying *qualifying);

/* Goes there, or to any later day. */
extern void move_to(Qualifying *qualifying, DateADT at);

/* The first day on which something that counts now no longer does; false where nothing counts. */
extern bool first_loss(const Qualifying *qualifying, DateADT *day);

#endif
