/*
 * The check that a function which changes its first argument is called by an aggregate.
 */
#ifndef CLIENTELE_AGGREGATE_H
#define CLIENTELE_AGGREGATE_H

#include "fmgr.h"
#include "nodes/nodes.h"

/* The usual caller is told by its tag, which saves a call per row. */
static inline void
check_aggregate(FunctionCallInfo fcinfo)
{
	if (likely(fcinfo->context != NULL && IsA(fcinfo->context, AggState)))
		return;
	if (!AggCheckCallContext(fcinfo, NULL))
		elog(ERROR, "aggregate function called in non-aggregate context");
}

#endif
