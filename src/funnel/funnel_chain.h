/*
 * The deepest chain of steps in one customer's events.
 */
#ifndef CLIENTELE_FUNNEL_CHAIN_H
#define CLIENTELE_FUNNEL_CHAIN_H

#include "funnel/funnel_events.h"

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
