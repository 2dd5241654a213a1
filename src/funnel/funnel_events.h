/*
 * The state of funnel_level() and funnel_times(): one customer's events, and the rules.
 *
 * It is a bytea, so that parallel workers and other nodes can hand it on.
 */
#ifndef CLIENTELE_FUNNEL_EVENTS_H
#define CLIENTELE_FUNNEL_EVENTS_H

#include "fmgr.h"

#include "core/time_span.h"

/* Events of one time. */
typedef enum FunnelTies
{
	TIES_ADVANCE, /* come in the order of their steps */
	TIES_STRICT	  /* come in no order: a step has to be later than the one before */
} FunnelTies;

/* Which events of step 1 start a chain. */
typedef enum FunnelEntry
{
	ENTRY_BEST, /* any */
	ENTRY_FIRST /* only the earliest */
} FunnelEntry;

typedef struct FunnelRules
{
	Interval within; /* from a chain's start to its last step, no part negative */
	FunnelTies ties;
	FunnelEntry entry;
	const char *zone; /* its name, not terminated */
	int zone_length;  /* 0 without a zone */
} FunnelRules;

typedef struct FunnelEvent
{
	Timestamp at; /* finite; an instant where the state has a zone */
	int32 step;	  /* 1 to FUNNEL_STEPS */
} FunnelEvent;

/* A state has to be small, for there are as many as customers: nothing in it is padded or aligned.
 */
typedef struct FunnelEvents
{
	int32 vl_len_;					  /* the whole chunk, room to grow included */
	uint8 version;					  /* FUNNEL_EVENTS_VERSION */
	uint8 ties;						  /* of type FunnelTies */
	uint8 entry;					  /* of type FunnelEntry */
	uint8 zone_length;				  /* bytes of the zone's name; 0 without a zone */
	int32 count;					  /* of events */
	char within[sizeof(Interval)];	  /* an Interval */
	char data[FLEXIBLE_ARRAY_MEMBER]; /* the zone's name, then the events: at in 8 bytes, step in 2
									   */
} FunnelEvents;

/* A new state of these rules, which are checked: 22023. */
extern FunnelEvents *funnel_new_events(const FunnelRules *rules);

/* 22023 where the rows of one group have other rules. */
extern void funnel_check_rules(const FunnelEvents *state, const FunnelRules *rules);

/* The rules of a state. */
extern FunnelRules funnel_rules(const FunnelEvents *state);

/* Append one event, or all of another state: in place, or to a larger copy in the current context.
 */
extern FunnelEvents *funnel_append(FunnelEvents *state, const FunnelEvent *event);
extern FunnelEvents *funnel_append_all(FunnelEvents *state, const FunnelEvents *more);

/* The events, checked: XX001. */
extern FunnelEvent *funnel_unpack(const FunnelEvents *state);

/* Argument 0 of a transition, and argument n of a function, whose rules are checked: XX001. */
extern FunnelEvents *funnel_events_state(FunctionCallInfo fcinfo);
extern const FunnelEvents *funnel_events_argument(FunctionCallInfo fcinfo, int n);

/* The deepest chain of steps in the events. */
typedef struct FunnelChain
{
	int32 level;		 /* steps, 0 where none was entered */
	Timestamp start;	 /* of its first step */
	FunnelEvent *events; /* all of the customer, in the order in which they count */
} FunnelChain;

/* Of the chains with the most steps the one that is completed first; see docs/semantics.md. */
extern FunnelChain funnel_chain(const FunnelEvents *state);

/* When each of the chain's steps was reached: level times. */
extern void funnel_chain_times(const FunnelEvents *state, const FunnelChain *chain,
							   Timestamp *times);

#endif
