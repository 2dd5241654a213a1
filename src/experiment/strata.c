/*
 * Two groups compared over all strata: each stratum by itself, weighted by its customers.
 *
 * A stratum in which one of the groups has no two customers has no variance. Such strata are put
 * together into one, and where that is still too thin, with the smallest of the others: so nobody
 * is left out.
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"

#include "experiment/experiment.h"

typedef struct Strata
{
	Experiment **list;
	int count;
} Strata;

static double
customers_of(const Experiment *stratum)
{
	return (double) all_groups(stratum).customers;
}

static bool
has_two(const Experiment *stratum, const char *name)
{
	int place = find_group(stratum, name);

	return place >= 0 && stratum->groups[place].customers > 1;
}

static void
add_to_smallest(Strata *strata, Experiment *thin)
{
	int smallest = 0;

	for (int s = 1; s < strata->count; s++)
	{
		if (customers_of(strata->list[s]) < customers_of(strata->list[smallest]))
			smallest = s;
	}
	strata->list[smallest] = add_experiment(thin, strata->list[smallest]);
}

static Strata
comparable_strata(Experiment *const *list, int count, const char *control, const char *other)
{
	Strata strata = {.list = palloc((count + 1) * sizeof(Experiment *))};
	Experiment *thin = make_experiment(0, PLAIN_FIGURES);

	for (int s = 0; s < count; s++)
	{
		CHECK_FOR_INTERRUPTS();
		if (has_two(list[s], control) && has_two(list[s], other))
			strata.list[strata.count++] = list[s];
		else
			thin = add_experiment(thin, list[s]);
	}
	if (thin->count == 0)
		return strata;
	if (strata.count == 0 || (has_two(thin, control) && has_two(thin, other)))
		strata.list[strata.count++] = thin;
	else
		add_to_smallest(&strata, thin);
	return strata;
}

/* Adds one group of a stratum, and to *spread what the degrees of freedom need: the root of a sum
 * of squares, which would pass the range of numbers themselves. */
static bool
add_group(Mean *mean, const Experiment *stratum, const char *name, double weight, double slope,
		  double *spread)
{
	ExperimentGroup all = all_groups(stratum);
	int place = find_group(stratum, name);
	Outcome outcome;
	double variance;

	if (place < 0)
		return false;
	outcome = outcome_of(&stratum->groups[place], stratum->figures);
	if (!outcome.known)
		return false;
	variance = weight * weight * adjusted_variance(&outcome, slope) / outcome.customers;
	mean->mean += weight * (outcome.mean - slope * (outcome.before - group_mean(&all, BEFORE)));
	mean->variance += variance;
	mean->customers += outcome.customers;
	mean->alone |= outcome.customers < 2.0;
	if (!mean->alone)
		*spread = hypot(*spread, variance / sqrt(outcome.customers - 1.0));
	return true;
}

Comparison
compare_groups(Experiment *const *list, int count, const char *control, const char *other,
			   double slope)
{
	Strata strata = comparable_strata(list, count, control, other);
	Comparison comparison = {.known = strata.count > 0};
	double spread = 0.0;
	double all = 0.0;
	double variance;

	for (int s = 0; s < strata.count; s++)
		all += customers_of(strata.list[s]);
	for (int s = 0; s < strata.count && comparison.known; s++)
	{
		Experiment *stratum = strata.list[s];
		double weight = customers_of(stratum) / all;

		CHECK_FOR_INTERRUPTS();
		comparison.known =
			add_group(&comparison.control, stratum, control, weight, slope, &spread) &&
			add_group(&comparison.other, stratum, other, weight, slope, &spread);
	}
	variance = comparison.control.variance + comparison.other.variance;
	comparison.spread =
		comparison.known && variance > 0.0 && !comparison.control.alone && !comparison.other.alone;
	if (comparison.spread)
		comparison.degrees = pow(variance / spread, 2.0);
	return comparison;
}
