/*
 * The values of all customers that classes and scores compare, while they are collected.
 */
#ifndef CLIENTELE_CLASS_VALUES_H
#define CLIENTELE_CLASS_VALUES_H

#include "classes/figures.h"

#define CLASS_VALUES 0x56616c75

typedef struct ValueList
{
	int128 *values;
	int64 count;
	int64 room;
} ValueList;

typedef struct ClassValues
{
	int32 kind;		/* CLASS_VALUES: aggregates that others make may hand us any state */
	int32 decimals; /* the most that a value of a class needs */
	ClassRules *rules;
	int count; /* of lists: the positive values at each end, for scores also theirs, and the gaps */
	ValueList lists[FLEXIBLE_ARRAY_MEMBER];
} ClassValues;

/* Twice the usual gap in days, which is whole. */
static inline ValueList *
gaps_of(ClassValues *values)
{
	return &values->lists[values->count - 1];
}

static inline ValueList *
scored_values(ClassValues *values, Score score)
{
	return &values->lists[values->rules->count + score];
}

/* All that was collected, for the final function that calls; NULL for none. */
extern ClassValues *final_values(FunctionCallInfo fcinfo);

#endif
