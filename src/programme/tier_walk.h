/*
 * The tier of a customer on one day after the other, from one walk over the history.
 */
#ifndef CLIENTELE_TIER_WALK_H
#define CLIENTELE_TIER_WALK_H

#include "programme/tier_rules.h"

typedef struct TierWalk
{
	const Tiers *tiers;
	Qualifying qualifying;
	DateADT next;	  /* the day at whose start something else counts */
	int reached;	  /* by what counts, or NO_TIER */
	DateADT *dropped; /* of each tier that is above it: the first day on which it is held no more */
	bool is_never;	  /* nothing that was ever bought comes to a tier */
	bool is_customer; /* there was an order */
} TierWalk;

/* Of the days of a history before as_of; days are asked for from from_date on. */
extern TierWalk tier_walk(const struct varlena *history, DateADT from_date, DateADT as_of,
						  const Tiers *tiers);

/* The tier at the start of a day, which is not before the one asked for last; or NO_TIER. */
extern int tier_on(TierWalk *walk, DateADT day);

#endif
