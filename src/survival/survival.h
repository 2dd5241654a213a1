/*
 * The type survival: how many durations ended, and how many were censored, at each length.
 *
 * While an aggregate runs, its state is a value with room to grow, whose last entries may come in
 * any order and more than once. It is a valid value of the type too, since parallel workers and
 * other nodes hand theirs on, but no function returns one as a result.
 */
#ifndef CLIENTELE_SURVIVAL_H
#define CLIENTELE_SURVIVAL_H

#include "fmgr.h"
#include "utils/memutils.h"

#include "core/compat.h"

#define SURVIVAL_VERSION 1

typedef struct SurvivalEntry
{
	int64 ended;	/* durations of this length that ended, 0 or more */
	int64 censored; /* that had not ended yet when last seen, 0 or more; not both 0 */
	int32 duration; /* days, 0 or more */
	int32 unused;	/* zero */
} SurvivalEntry;

/* As stored: variable length, 8-byte aligned. */
typedef struct Survival
{
	int32 vl_len_; /* the server's header, room to grow included: never touch it directly */
	int32 version; /* SURVIVAL_VERSION */
	int32 count;   /* of entries */
	int32 sorted;  /* the first so many are in order, one per duration; all of them in a result */
	int64 total;   /* all durations together: what the entries add up to */
	SurvivalEntry entries[FLEXIBLE_ARRAY_MEMBER];
} Survival;

/* What fits a value of a gigabyte */
#define SURVIVAL_ENTRIES                                                                           \
	((int64) ((MaxAllocSize - offsetof(Survival, entries)) / sizeof(SurvivalEntry)))

/* The parts of an error: 54000, more than that. */
extern int err_survival_too_large(void);

/* A new value without entries, with room for so many; 54000 for too many. */
extern Survival *make_survival(int64 capacity);

/* XX001 for a value of another version. */
extern void check_survival_version(const Survival *survival);

/* Argument n of a function, as a value that is no growing state. */
extern const Survival *survival_arg(FunctionCallInfo fcinfo, int n);

/* The same without growing room, in the current context. */
extern Survival *survival_copy(const Survival *survival);

/* Puts the entries in order, one per duration, in place. */
extern void survival_sort(Survival *survival);

/* Puts one more entry behind the others, where there is room; false for a total past 64 bits. */
extern bool survival_append(Survival *survival, const SurvivalEntry *entry);

/* Adds an entry to a state: in place, or to a larger copy; 22003 past 64 bits. */
extern Survival *survival_count(Survival *state, const SurvivalEntry *entry);

/* The same for all entries of another value, which may be a state. */
extern Survival *survival_count_all(Survival *state, const Survival *other);

/* A new state; and argument 0 of a transition as one, ours to change. */
extern Survival *survival_new_state(void);
extern Survival *survival_state(FunctionCallInfo fcinfo);

/* 22003: a total past 64 bits. */
_Noreturn extern void too_many_durations(void);

#endif
