/*
 * An absorbing Markov chain, estimated from counts of transitions.
 */
#ifndef CLIENTELE_MARKOV_CHAIN_H
#define CLIENTELE_MARKOV_CHAIN_H

#include "postgres.h"

/* The work grows with the cube of the states, the memory with their square: 64 MB of two matrices
 * here. */
#define MAX_MARKOV_STATES 2000

typedef struct MarkovChain
{
	int32 states;
	int32 goal;		/* index of the state to reach, -1 where nothing leads there */
	int32 start;	/* index of the state where all begins, -1 where there is none */
	int64 *leaving; /* number of transitions from each state */
	double *counts; /* states x states: number of transitions, row by row */
} MarkovChain;

/* What holds from one state on. */
typedef struct MarkovPoint
{
	bool absorbing;		   /* nothing leads away: the rest says nothing */
	bool certain;		   /* sooner or later it ends: expected_steps is finite */
	double probability;	   /* of reaching the goal, 0..1 */
	double variance;	   /* of the probability, for independent transitions */
	double expected_steps; /* to any end */
	double removal_effect; /* share of the start's probability that needs this state, 0..1 */
	double removal_share;  /* part of the sum of all removal effects but the start's, 0..1; NaN if
							  that is 0 */
} MarkovPoint;

/* One point per state, in their order; palloc'd. */
extern MarkovPoint *solve_markov_chain(const MarkovChain *chain);

#endif
