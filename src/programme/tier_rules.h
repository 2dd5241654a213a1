/*
 * The rules of a programme as they are read once per query: from how much on the tiers are, and how
 * what counts towards them is counted.
 */
#ifndef CLIENTELE_TIER_RULES_H
#define CLIENTELE_TIER_RULES_H

#include "programme/qualifying.h"
#include "programme/tier_levels.h"

#define TIER_RULES_FORM 0x54696572

#define TIERS_LIMIT 100

/* As a bytea. */
typedef struct TierRules
{
	int32 vl_len_; /* the server's header: never touch it directly */
	int32 form;	   /* TIER_RULES_FORM */
	int32 count;   /* of tiers */
	int32 count_by;
	bool by_calendar;
	Interval qualify_within;
	Interval hold;
	int128 thresholds[FLEXIBLE_ARRAY_MEMBER]; /* rising */
} TierRules;

/* What is read of them: a copy, with the window that they make. */
typedef struct Tiers
{
	TierLevels levels; /* without names */
	TierWindow window;
	TierCount count_by;
} Tiers;

/* Argument n of a function: 22023 where it is no such value. */
extern Tiers tiers_argument(FunctionCallInfo fcinfo, int n);

#endif
