/*
 * What a group did after the start, and how much of it was to be seen before.
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"

#include "experiment/experiment.h"

/* The mean of y alone. */
static void
read_mean(Outcome *outcome, const ExperimentGroup *group)
{
	outcome->known = true;
	outcome->mean = group_mean(group, AFTER);
	if (group->customers < 2)
		return;
	outcome->variance = group_covariance(group, AFTER, AFTER);
	outcome->covariance = group_covariance(group, AFTER, BEFORE);
}

/* The ratio R of the sums of y and o: it varies as the mean of (y - R o) by the mean of o. */
static void
read_ratio(Outcome *outcome, const ExperimentGroup *group)
{
	double whole = group_mean(group, DENOMINATOR);
	double ratio;
	double own;
	double others;

	outcome->known = whole > 0.0;
	if (!outcome->known)
		return;
	ratio = outcome->mean = (double) group->sums[AFTER] / (double) group->sums[DENOMINATOR];
	if (group->customers < 2)
		return;
	own = group_covariance(group, AFTER, AFTER) +
		  ratio * ratio * group_covariance(group, DENOMINATOR, DENOMINATOR);
	others = 2.0 * ratio * group_covariance(group, AFTER, DENOMINATOR);
	outcome->variance = beyond_rounding(own - others, own) / (whole * whole);
	outcome->covariance = (group_covariance(group, AFTER, BEFORE) -
						   ratio * group_covariance(group, BEFORE, DENOMINATOR)) /
						  whole;
}

Outcome
outcome_of(const ExperimentGroup *group, int figures)
{
	Outcome outcome = {.customers = (double) group->customers, .before = group_mean(group, BEFORE)};

	if (figures > DENOMINATOR)
		read_ratio(&outcome, group);
	else
		read_mean(&outcome, group);
	if (group->customers > 1)
		outcome.before_variance = group_covariance(group, BEFORE, BEFORE);
	return outcome;
}

double
adjusted_variance(const Outcome *outcome, double slope)
{
	double own = outcome->variance + slope * slope * outcome->before_variance;

	return beyond_rounding(own - 2.0 * slope * outcome->covariance, own);
}

double
common_slope(Experiment *const *strata, int count)
{
	double together = 0.0;
	double before = 0.0;

	for (int s = 0; s < count; s++)
	{
		ExperimentGroup all = all_groups(strata[s]);
		Outcome outcome = outcome_of(&all, strata[s]->figures);

		CHECK_FOR_INTERRUPTS();
		if (!outcome.known)
			continue;
		together += (outcome.customers - 1.0) * outcome.covariance;
		before += (outcome.customers - 1.0) * outcome.before_variance;
	}
	return before > 0.0 ? together / before : 0.0;
}
