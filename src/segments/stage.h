/*
 * Stages of the lifecycle: what decides them, and the limits of each day.
 */
#ifndef CLIENTELE_STAGE_H
#define CLIENTELE_STAGE_H

#include "segments/purchases.h"

typedef enum Stage
{
	STAGE_NONE, /* no order yet */
	STAGE_NEW,
	STAGE_OCCASIONAL,
	STAGE_REGULAR,
	STAGE_LOST
} Stage;

#define STAGES (STAGE_LOST + 1)

/* NULL for none. */
extern const char *const stage_names[STAGES];

/* What is asked of every stage. */
typedef struct StageRules
{
	Interval new_within;
	Interval lost_after;
	Interval regular_within;
	int32 regular_purchases;
	CountBy count_by;
} StageRules;

/* The days that the rules come to. */
typedef struct StageLimits
{
	DateADT as_of;
	DateADT new_from;	  /* new is who bought first on or after it */
	DateADT lost_before;  /* lost is who bought last before it */
	DateADT regular_from; /* regular is who bought so often on or after it */
} StageLimits;

/* All purchases before a day. */
typedef struct Purchases
{
	DateADT first;
	DateADT last;
	int64 recent; /* since regular_from */
} Purchases;

/* The limits of the days that were asked for last. */
typedef struct StageCalendar StageCalendar;

/* From the arguments new_within, lost_after, regular_within, regular_purchases, count_by. */
extern StageRules stage_rules(const NullableDatum *arguments);

extern StageLimits stage_limits(const StageRules *rules, DateADT as_of);

/* What a function keeps from call to call, so that it does not do the same calendar again. */
extern StageCalendar *stage_calendar(FmgrInfo *function, const StageRules *rules);
extern const StageLimits *calendar_limits(StageCalendar *calendar, DateADT as_of);

/* The first rule that holds. */
extern Stage stage_of(const Purchases *purchases, const StageLimits *limits,
					  int32 regular_purchases);

#endif
