/*
 * The type funnel: how many customers reached each of a chain of steps.
 */
#ifndef CLIENTELE_FUNNEL_H
#define CLIENTELE_FUNNEL_H

#include "fmgr.h"

#define FUNNEL_VERSION 1
#define FUNNEL_STEPS   1000 /* at most */

/* As stored: variable length, 8-byte aligned. */
typedef struct Funnel
{
	int32 vl_len_; /* the server's header: never touch it directly */
	int32 version; /* FUNNEL_VERSION */
	int32 steps;   /* 1 to FUNNEL_STEPS */
	int32 unused;  /* zero */
	int64
		counts[FLEXIBLE_ARRAY_MEMBER]; /* of each step: none negative, none above the one before */
} Funnel;

/* A new value with all counts 0; steps are possible. */
extern Funnel *new_funnel(int32 steps);

/* A new value with a copy of the counts, which are valid. */
extern Funnel *make_funnel(const int64 *counts, int32 steps);

/* Whether a funnel can have these counts. */
extern bool funnel_is_valid(const int64 *counts, int64 steps);

/* In place; 22023 for another number of steps, 22003 past 64 bits. */
extern void add_funnel(Funnel *funnel, const Funnel *more);

/* 22003: more customers than one value can count. */
_Noreturn extern void too_many_customers(void);

/* Argument n of a function, and argument 0 of a transition, ours to change. */
extern const Funnel *funnel_argument(FunctionCallInfo fcinfo, int n);
extern Funnel *funnel_state(FunctionCallInfo fcinfo);

#endif
