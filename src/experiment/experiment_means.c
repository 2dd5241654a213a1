/*
 * experiment_means(): what is known of each group by itself.
 */
#include "postgres.h"

#include <math.h>

#include "funcapi.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "experiment/experiment.h"

PG_FUNCTION_INFO_V1(experiment_means);
Datum
experiment_means(PG_FUNCTION_ARGS)
{
	const Experiment *experiment = experiment_arg(fcinfo, 0);
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < experiment->count; i++)
	{
		const ExperimentGroup *group = &experiment->groups[i];
		Outcome outcome = outcome_of(group, experiment->figures);
		double spread = sqrt(outcome.variance * outcome.before_variance);
		bool one = group->customers < 2;
		Datum values[] = {CStringGetTextDatum(group->name),
						  Int64GetDatum(group->customers),
						  Float8GetDatum(outcome.mean),
						  Float8GetDatum(sqrt(outcome.variance)),
						  Float8GetDatum(outcome.before),
						  Float8GetDatum(sqrt(outcome.before_variance)),
						  Float8GetDatum(fmax(-1.0, fmin(1.0, outcome.covariance / spread)))};
		bool nulls[] = {false, false, !outcome.known, one || !outcome.known,
						false, one,	  !(spread > 0.0)};

		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}
