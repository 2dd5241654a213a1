/*
 * What transition and combine functions share.
 */
#ifndef CLIENTELE_AGGREGATE_H
#define CLIENTELE_AGGREGATE_H

#include "fmgr.h"
#include "nodes/nodes.h"

/* 42809: a part of an aggregate was called by itself. */
_Noreturn extern void outside_aggregate(FunctionCallInfo fcinfo);

/*
 * A function that changes its first argument has to be called by an aggregate. The usual caller is
 * told by its tag, which saves a call per row.
 */
static inline void
check_aggregate(FunctionCallInfo fcinfo)
{
	if (likely(fcinfo->context != NULL && IsA(fcinfo->context, AggState)))
		return;
	if (!AggCheckCallContext(fcinfo, NULL))
		outside_aggregate(fcinfo);
}

/* What a combine function returns where the other state is NULL. */
extern Datum unchanged_state(FunctionCallInfo fcinfo);

/* Argument 0, a bytea that is the state, aligned and ours to change. */
extern struct varlena *bytea_state(FunctionCallInfo fcinfo);

/* XX001: a bytea that no state looks like. */
_Noreturn extern void bad_state(void);

#endif
