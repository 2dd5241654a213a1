/*
 * The groups of an nps as shares of its answers, and their spread.
 */
#ifndef CLIENTELE_NPS_SHARES_H
#define CLIENTELE_NPS_SHARES_H

#include <math.h>

#include "nps/nps.h"

#define POINTS 100.0 /* the score's unit: one hundredth of all answers */

typedef struct NpsShares
{
	double answers; /* more than 0 */
	double promoters;
	double passives;
	double detractors;
} NpsShares;

static inline NpsShares
shares_of(double promoters, double passives, double detractors)
{
	double answers = promoters + passives + detractors;

	return (NpsShares){answers, promoters / answers, passives / answers, detractors / answers};
}

/* The shares among at least one answer. */
static inline NpsShares
nps_shares(const Nps *nps)
{
	return shares_of(nps->answers[NPS_PROMOTERS], nps->answers[NPS_PASSIVES],
					 nps->answers[NPS_DETRACTORS]);
}

/* The shares after three more answers, which pull small samples to the middle. */
static inline NpsShares
adjusted_shares(const Nps *nps)
{
	return shares_of(nps->answers[NPS_PROMOTERS] + 0.75, nps->answers[NPS_PASSIVES] + 1.5,
					 nps->answers[NPS_DETRACTORS] + 0.75);
}

/* The score, -1..1 */
static inline double
share_score(const NpsShares *shares)
{
	return shares->promoters - shares->detractors;
}

/*
 * The variance of one answer that counts +1, 0 or -1. It equals p + d - (p - d)^2, in a form that
 * loses no digits where nearly all answers are alike.
 */
static inline double
share_variance(const NpsShares *shares)
{
	return shares->passives * (shares->promoters + shares->detractors) +
		   4.0 * shares->promoters * shares->detractors;
}

/* The variance of the score. */
static inline double
score_variance(const NpsShares *shares)
{
	return share_variance(shares) / shares->answers;
}

/* The score in points, among at least one answer. */
static inline double
nps_points(const Nps *nps)
{
	return POINTS * nps_surplus(nps) / nps_total(nps);
}

#endif
