/*
 * What customers come to, by the tier they were in and the one they are in: the state of the
 * aggregates tier_tally() and tier_migration().
 */
#ifndef CLIENTELE_TIER_TALLY_H
#define CLIENTELE_TIER_TALLY_H

#include "programme/tier_walk.h"

#define TIER_TALLY_FORM 0x54616c79

#define TALLY_ENDS_LIMIT 400

typedef struct TallyCell
{
	int64 customers;
	int64 held;	  /* those of them who have the tier by grace alone */
	int64 orders; /* of the year */
	int64 unused; /* zero */
	int128 window_revenue;
	int128 revenue; /* of days that brought something */
	int128 profit;
} TallyCell;

/* As a bytea: by end, where from, where to. */
typedef struct TierTally
{
	int32 vl_len_; /* the server's header: never touch it directly */
	int32 form;	   /* TIER_TALLY_FORM */
	int32 ends;
	int32 places; /* where from, and where to: those of nobody, of the base, and of each tier */
	TallyCell cells[FLEXIBLE_ARRAY_MEMBER];
} TierTally;

/* Places: 0 before the first order. */
#define PLACE_NONE 0

static inline int
place_of(int tier)
{
	return tier - NO_TIER + 1;
}

static inline TallyCell *
tally_cell(TierTally *tally, int end, int from, int to)
{
	return &tally->cells[(end * tally->places + from) * tally->places + to];
}

/* Argument 0 of a transition, or a new one; 22023 where that is of other rules. */
extern TierTally *tally_state(FunctionCallInfo fcinfo, int ends, const Tiers *tiers);

/* Adds one to the other; 22003 past 64 bits of counts or 128 of money. */
extern void add_to_cell(TallyCell *cell, const TallyCell *more);

#endif
