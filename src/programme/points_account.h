/*
 * The type points_account: how many points were earned and redeemed on each day, and until when
 * those that were earned last.
 *
 * While an aggregate runs, its state is a value with room to grow, whose last entries may come in
 * any order and more than once. It is a valid value of the type too, since parallel workers and
 * other nodes hand theirs on, but no function returns one as a result.
 */
#ifndef CLIENTELE_POINTS_ACCOUNT_H
#define CLIENTELE_POINTS_ACCOUNT_H

#include "fmgr.h"
#include "utils/date.h"
#include "utils/memutils.h"

#include "core/compat.h"

#define POINTS_VERSION 1

typedef struct PointsEntry
{
	int64 earned;		/* in 1/10000, 0 or more */
	int64 redeemed;		/* likewise; not both 0, and 0 where what was earned expires */
	DateADT day;		/* finite */
	DateADT expires_on; /* what was earned is gone at the start of this day; infinity for never */
} PointsEntry;

/* As stored: variable length, 8-byte aligned. */
typedef struct PointsAccount
{
	int32 vl_len_; /* the server's header, room to grow included: never touch it directly */
	int32 version; /* POINTS_VERSION */
	int32 count;   /* of entries */
	int32 sorted;  /* the first so many are in order, one per day and expiry; all in a result */
	int64 total;   /* all that the entries add up to, earned and redeemed */
	PointsEntry entries[FLEXIBLE_ARRAY_MEMBER];
} PointsAccount;

/* What fits a value of a gigabyte */
#define POINTS_ENTRIES                                                                             \
	((int64) ((MaxAllocSize - offsetof(PointsAccount, entries)) / sizeof(PointsEntry)))

/* The parts of an error: 54000, more than that. */
extern int err_points_too_large(void);

/* 22003: a total past 64 bits. */
_Noreturn extern void too_many_points(void);

/* A new value without entries, with room for so many; 54000 for too many. */
extern PointsAccount *make_points(int64 capacity);

/* Argument n of a function, as a value that is no growing state. */
extern const PointsAccount *points_arg(FunctionCallInfo fcinfo, int n);

/* The same without growing room, in the current context. */
extern PointsAccount *points_copy(const PointsAccount *account);

/* Below, at or above 0: by their days, then by when they expire. */
extern int compare_entry_places(const PointsEntry *a, const PointsEntry *b);

/* Puts the entries in order, one per day and expiry, in place. */
extern void points_sort(PointsAccount *account);

/* Puts one more entry behind the others, where there is room; false for a total past 64 bits. */
extern bool points_append(PointsAccount *account, const PointsEntry *entry);

/* points_state.c: adds to the state of an aggregate, in place or to a larger copy; 22003 past 64
 * bits. */
extern PointsAccount *points_count(PointsAccount *state, const PointsEntry *entry);
extern PointsAccount *points_count_all(PointsAccount *state, const PointsAccount *other);

/* Argument 0 of a transition as a state, ours to change. */
extern PointsAccount *points_state(FunctionCallInfo fcinfo);

#endif
