/*
 * Tallies: counts of answers, none negative, that fit 64 bits together.
 *
 * What the values of this room keep, and the one place where counts are checked.
 */
#ifndef CLIENTELE_TALLY_H
#define CLIENTELE_TALLY_H

#include "lib/stringinfo.h"

/* None negative, and the total fits 64 bits. */
extern bool tally_is_valid(const int64 *counts, int levels);

/* All answers of a valid tally. */
static inline int64
tally_total(const int64 *counts, int levels)
{
	int64 total = 0;

	for (int i = 0; i < levels; i++)
		total += counts[i];
	return total;
}

/* The first difference decides: below, at or above 0. */
extern int tally_compare(const int64 *a, const int64 *b, int levels);

/* In place; raises 22003 past 64 bits. */
extern void tally_add(int64 *counts, const int64 *more, int levels);

/* In place; raises 22023 where more would be taken than is there. */
extern void tally_subtract(int64 *counts, const int64 *less, int levels);

/* Raises 22023 for a negative number of answers, the argument of that name, else 22003. */
_Noreturn extern void refuse_answers(int64 answers);

/* Adds answers to one level, row by row; raises as refuse_answers(). */
static inline void
tally_count(int64 *counts, int levels, int level, int64 answers)
{
	if (unlikely(answers < 0 || answers > PG_INT64_MAX - tally_total(counts, levels)))
		refuse_answers(answers);
	counts[level] += answers;
}

/* Takes them out again: 22023 for a negative number, and where tally_subtract() raises. */
extern void tally_uncount(int64 *counts, int levels, int level, int64 answers);

/* Raises 22003 for a total past 64 bits; the caller has checked that no count is negative. */
extern void tally_check_total(const int64 *counts, int levels);

/* A count given as the parameter of that name: 22023 for a negative one. */
extern int64 count_argument(const char *name, int64 count);

/* The text form "(50,30,20)". Reading moves *text past it; false for anything else. */
extern void tally_to_text(StringInfo text, const int64 *counts, int levels);
extern bool tally_from_text(const char **text, int64 *counts, int levels);

/* The binary form: one 64-bit integer each. The caller has checked the length. */
extern void tally_send(StringInfo buf, const int64 *counts, int levels);
extern void tally_recv(StringInfo buf, int64 *counts, int levels);

#endif
