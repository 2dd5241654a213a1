/*
 * The type experiment: its sum, operators and hash.
 */
#include "postgres.h"

#include "core/comparison.h"
#include "experiment/experiment.h"

PG_FUNCTION_INFO_V1(experiment_add);
Datum
experiment_add(PG_FUNCTION_ARGS)
{
	Experiment *sum = add_experiment(make_experiment(0, PLAIN_FIGURES), experiment_arg(fcinfo, 0));

	PG_RETURN_POINTER(add_experiment(sum, experiment_arg(fcinfo, 1)));
}

/* What makes a value, the header left out. */
static const unsigned char *
hashed_part(const Experiment *experiment, int *length)
{
	*length = VARSIZE(experiment) - offsetof(Experiment, figures);
	return (const unsigned char *) &experiment->figures;
}

int
compare_experiments(const Experiment *a, const Experiment *b)
{
	int size;
	int other;
	const unsigned char *bytes = hashed_part(a, &size);
	const unsigned char *other_bytes = hashed_part(b, &other);
	int order = memcmp(bytes, other_bytes, Min(size, other));

	return order != 0 ? order : size - other;
}

COMPARISON_FUNCTIONS(experiment, experiment_arg, compare_experiments)
HASH_FUNCTIONS(experiment, experiment_arg, hashed_part)
