/*
 * The type nps: how many promoters, passives and detractors answered.
 */
#ifndef CLIENTELE_NPS_H
#define CLIENTELE_NPS_H

#include "fmgr.h"

#include "nps/score.h"
#include "nps/tally.h"

#define NPS_VERSION 1

/* By what customers answer to "How likely are you to recommend us?", 0 to 10 */
typedef enum NpsGroup
{
	NPS_PROMOTERS,	/* 9 and above */
	NPS_PASSIVES,	/* 7 and above */
	NPS_DETRACTORS, /* below 7 */
	NPS_GROUPS
} NpsGroup;

/* As stored: fixed length. */
typedef struct Nps
{
	int32 version;			   /* NPS_VERSION */
	int32 reserved;			   /* 0 */
	int64 answers[NPS_GROUPS]; /* a valid tally */
} Nps;

StaticAssertDecl(sizeof(Nps) == 32, "nps is declared with 32 bytes");

/* A new value with a copy of the counts, which are valid. */
extern Nps *make_nps(const int64 *answers);

/* Argument n of a function. */
extern const Nps *nps_arg(FunctionCallInfo fcinfo, int n);

static inline int64
nps_total(const Nps *nps)
{
	return tally_total(nps->answers, NPS_GROUPS);
}

/* Promoters less detractors: within ± the total. */
static inline int64
nps_surplus(const Nps *nps)
{
	return nps->answers[NPS_PROMOTERS] - nps->answers[NPS_DETRACTORS];
}

/* Raises 22003 with argument n, written by its type's output function. */
_Noreturn extern void bad_score(FunctionCallInfo fcinfo, int n, PGFunction output);

/*
 * The group of argument n, which was read as score. Without a branch on the score: answers come in
 * no order that a processor could foresee.
 */
static inline NpsGroup
nps_group_of(Score score, FunctionCallInfo fcinfo, int n, PGFunction output)
{
	if (unlikely(score.whole < 0 || score.whole > 10 - score.fraction))
		bad_score(fcinfo, n, output);
	return NPS_DETRACTORS - (score.whole >= 7) - (score.whole >= 9);
}

#endif
