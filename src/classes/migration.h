/*
 * Migration: how many customers went from which state to which, from one end to the next.
 */
#ifndef CLIENTELE_MIGRATION_H
#define CLIENTELE_MIGRATION_H

#include "classes/standing.h"

#define MIGRATION_FORM 0x4d696772

/* States: 0 before the first order; of stages, and of cells of the matrix from AX to CZ. */
#define CELL_NONE 1 /* without a class */
#define CELLS	  11

typedef struct Flow
{
	int64 customers;
	int64 unused;	/* zero */
	int128 revenue; /* of the period, in 1/10000 */
} Flow;

typedef struct MigrationEnd
{
	DateADT period_start;
	DateADT as_of;
} MigrationEnd;

/* As a bytea, which is the state of the aggregates. Behind the ends are the flows. */
typedef struct Migration
{
	int32 vl_len_; /* the server's header: never touch it directly */
	int32 form;	   /* MIGRATION_FORM */
	int32 count;   /* of ends */
	int32 states;  /* STAGES or CELLS */
	MigrationEnd ends[FLEXIBLE_ARRAY_MEMBER];
} Migration;

/* By end, from, to; of the first end all are from 0. */
static inline Flow *
flows_of(Migration *migration)
{
	return (Flow *) &migration->ends[migration->count];
}

static inline Flow *
flow_of(Migration *migration, int end, int from, int to)
{
	return &flows_of(migration)[(end * migration->states + from) * migration->states + to];
}

#endif
