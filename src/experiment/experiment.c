/*
 * The type experiment: making, checking and adding.
 */
#include "postgres.h"

#include "experiment/experiment.h"

static Size
experiment_size_of(int count)
{
	return offsetof(Experiment, groups) + count * sizeof(ExperimentGroup);
}

Experiment *
make_experiment(int count, int figures)
{
	Experiment *experiment = palloc0(experiment_size_of(count));

	SET_VARSIZE(experiment, experiment_size_of(count));
	experiment->version = EXPERIMENT_VERSION;
	experiment->figures = figures;
	experiment->count = count;
	return experiment;
}

void
check_experiment_version(const Experiment *experiment)
{
	if (unlikely(experiment->version != EXPERIMENT_VERSION))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("experiment value of unknown version %d", experiment->version),
				 errhint("It was written by another version of the extension: install that one.")));
	Assert(VARSIZE(experiment) == experiment_size_of(experiment->count));
}

Experiment *
experiment_arg(FunctionCallInfo fcinfo, int n)
{
	Experiment *experiment = (Experiment *) PG_DETOAST_DATUM(PG_GETARG_DATUM(n));

	check_experiment_version(experiment);
	return experiment;
}

/* Cauchy and Schwarz: a covariance is within the variances, which are not negative. */
static bool
is_covariance(const ExperimentGroup *group, Figure a, Figure b)
{
	double limit = group_covariance(group, a, a) * group_covariance(group, b, b);
	double covariance = group_covariance(group, a, b);

	if (a == b)
		return covariance >= 0.0;
	return covariance * covariance <= limit * (1.0 + 1e-9);
}

bool
is_group(const ExperimentGroup *group, int figures)
{
	if (group->customers < 1)
		return false;
	for (int a = AFTER; a < figures && group->customers > 1; a++)
	{
		if (!is_covariance(group, a, a))
			return false;
	}
	for (int a = AFTER; a < figures && group->customers > 1; a++)
	{
		for (int b = AFTER; b < a; b++)
		{
			if (!is_covariance(group, a, b))
				return false;
		}
	}
	return true;
}

/* Where the group is, or would be. */
static int
place_of(const Experiment *experiment, const char *name, bool *found)
{
	int low = 0;
	int high = experiment->count;

	*found = false;
	while (low < high && !*found)
	{
		int middle = low + (high - low) / 2;
		int order = memcmp(experiment->groups[middle].name, name, GROUP_NAME_SIZE);

		*found = order == 0;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return high;
}

int
find_group(const Experiment *experiment, const char *name)
{
	bool found;
	int place = place_of(experiment, name, &found);

	return found ? place : -1;
}

bool
group_name(const char *bytes, size_t length, char *name)
{
	if (length >= GROUP_NAME_SIZE)
		return false;
	memset(name, 0, GROUP_NAME_SIZE);
	memcpy(name, bytes, length);
	return true;
}

Experiment *
with_group(const Experiment *experiment, const char *name, int *place)
{
	Experiment *more;
	bool found;

	if (experiment->count >= EXPERIMENT_GROUPS)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("more than %d groups in an experiment", EXPERIMENT_GROUPS),
						errhint("The first argument of experiment_agg() is the group, not the "
								"customer.")));
	more = make_experiment(experiment->count + 1, experiment->figures);
	*place = place_of(experiment, name, &found);
	memcpy(more->groups, experiment->groups, *place * sizeof(ExperimentGroup));
	memcpy(more->groups + *place + 1, experiment->groups + *place,
		   (experiment->count - *place) * sizeof(ExperimentGroup));
	memcpy(more->groups[*place].name, name, GROUP_NAME_SIZE);
	return more;
}

_Noreturn static void
sums_too_large(void)
{
	ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					errmsg("the sums of an experiment are too large"),
					errdetail("Squares have room up to 10^30 together, customers up to 2^63."),
					errhint("Give the figures in a larger unit, such as thousands.")));
	pg_unreachable();
}

/* The smallest number has no counterpart above 0, so that the text form does not read it. */
#define SMALLEST (-((int128) 1 << 126) * 2)

static void
add_to_sum(int128 *sum, int128 more)
{
	if (unlikely(__builtin_add_overflow(*sum, more, sum) || *sum == SMALLEST))
		sums_too_large();
}

void
add_customer(ExperimentGroup *group, const Money *figures, int count)
{
	group->customers++;
	for (int a = 0; a < count; a++)
	{
		add_to_sum(&group->sums[a], figures[a]);
		for (int b = 0; b <= a; b++)
			add_to_sum(&group->products[PRODUCT(a, b)], (int128) figures[a] * figures[b]);
	}
}

static void
add_groups(ExperimentGroup *group, const ExperimentGroup *other)
{
	if (__builtin_add_overflow(group->customers, other->customers, &group->customers))
		sums_too_large();
	for (int i = 0; i < MOST_FIGURES; i++)
		add_to_sum(&group->sums[i], other->sums[i]);
	for (int i = 0; i < MOST_PRODUCTS; i++)
		add_to_sum(&group->products[i], other->products[i]);
}

ExperimentGroup
all_groups(const Experiment *experiment)
{
	ExperimentGroup all = {.customers = 0};

	for (int i = 0; i < experiment->count; i++)
		add_groups(&all, &experiment->groups[i]);
	return all;
}

void
check_same_figures(const Experiment *experiment, int figures)
{
	if (experiment->count > 0 && experiment->figures != figures)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("experiments with and without a denominator"),
						errhint("Give experiment_agg() a denominator in all parts, or in none.")));
}

Experiment *
add_experiment(Experiment *experiment, const Experiment *other)
{
	if (other->count == 0)
		return experiment;
	check_same_figures(experiment, other->figures);
	experiment->figures = other->figures;
	for (int i = 0; i < other->count; i++)
	{
		int place = find_group(experiment, other->groups[i].name);

		if (place < 0)
			experiment = with_group(experiment, other->groups[i].name, &place);
		add_groups(&experiment->groups[place], &other->groups[i]);
	}
	return experiment;
}
