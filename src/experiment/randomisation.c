/*
 * _clientele.randomisation(): how often another division of the same customers, by chance alone,
 * shows a difference as large as the one there is.
 *
 * Customers come in the order of their strata, and each division deals the groups of a stratum out
 * anew among its customers: sizes and strata stay. Figures are adjusted once, as who is in which
 * group does not change the slope of all; they are whole numbers, so that equal divisions have
 * equal differences.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"

#include "core/argument.h"
#include "experiment/experiment.h"

#define MOST_SALTS 10000000

/* Group 0 is the control group. */
typedef struct Trial
{
	int customers;
	int groups;
	Money *figures;
	const int32 *grp;
	const int32 *stratum;
	int64 *sizes; /* of each group */
} Trial;

static const void *
numbers(FunctionCallInfo fcinfo, int n, Oid type, int *count)
{
	ArrayType *array = PG_GETARG_ARRAYTYPE_P(n);

	if (ARR_ELEMTYPE(array) != type || ARR_NDIM(array) > 1 || array_contains_nulls(array))
		bad_parameter("customers", "an array with NULLs, or of arrays",
					  "Give an array of one number for each customer.");
	*count = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	return ARR_DATA_PTR(array);
}

static const void *
as_many_numbers(FunctionCallInfo fcinfo, int n, Oid type, int customers)
{
	int count;
	const void *list = numbers(fcinfo, n, type, &count);

	if (count != customers)
		bad_parameter("customers", psprintf("%d and %d", customers, count),
					  "Give arrays of one number for each customer.");
	return list;
}

static void
count_groups(Trial *trial)
{
	for (int i = 0; i < trial->customers; i++)
	{
		if (trial->grp[i] < 0 || trial->grp[i] >= EXPERIMENT_GROUPS)
			bad_parameter("grp", psprintf("%d", trial->grp[i]), "Number the groups from 0 on.");
		trial->groups = Max(trial->groups, trial->grp[i] + 1);
	}
	trial->sizes = palloc0((trial->groups + 1) * sizeof(int64));
	for (int i = 0; i < trial->customers; i++)
		trial->sizes[trial->grp[i]]++;
}

static Money
money_of(double figure)
{
	Money money;

	if (!money_from_float8(figure, &money))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE), errmsg("a figure is out of range"),
				 errhint("Give the figures in a larger unit, such as thousands.")));
	return money;
}

/* The slope by which all customers are adjusted, as experiment_effect() does. */
static double
slope_of(const Trial *trial, const double *after, const double *before)
{
	Experiment **strata =
		palloc_extended((trial->customers + 1) * sizeof(*strata), MCXT_ALLOC_HUGE);
	char name[GROUP_NAME_SIZE] = "all";
	int count = 0;
	int place;

	for (int i = 0; i < trial->customers; i++)
	{
		Money figures[PLAIN_FIGURES] = {money_of(after[i]), money_of(before[i])};

		if (i == 0 || trial->stratum[i] != trial->stratum[i - 1])
			strata[count++] = with_group(make_experiment(0, PLAIN_FIGURES), name, &place);
		add_customer(&strata[count - 1]->groups[0], figures, PLAIN_FIGURES);
	}
	return common_slope(strata, count);
}

static void
adjust(Trial *trial, const double *after, const double *before)
{
	double slope = slope_of(trial, after, before);

	trial->figures = palloc_extended((trial->customers + 1) * sizeof(Money), MCXT_ALLOC_HUGE);
	for (int i = 0; i < trial->customers; i++)
		trial->figures[i] = money_of(after[i] - slope * before[i]);
}

/* Steele, Lea and Flood's splitmix64. */
static uint64
next_random(uint64 *state)
{
	uint64 z = (*state += UINT64CONST(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64CONST(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64CONST(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

/* Fisher and Yates, within each stratum. */
static void
deal(const Trial *trial, Money *dealt, uint64 state)
{
	int first = 0;

	memcpy(dealt, trial->figures, trial->customers * sizeof(Money));
	for (int i = 1; i < trial->customers; i++)
	{
		Money figure = dealt[i];
		int other;

		if (trial->stratum[i] != trial->stratum[i - 1])
		{
			first = i;
			continue;
		}
		other = first + (int) (((uint128) next_random(&state) * (uint64) (i - first + 1)) >> 64);
		dealt[i] = dealt[other];
		dealt[other] = figure;
	}
}

/* Of the mean of each group to that of group 0. */
static void
differences(const Trial *trial, const Money *figures, double *result)
{
	int128 sums[EXPERIMENT_GROUPS] = {0};

	for (int i = 0; i < trial->customers; i++)
		sums[trial->grp[i]] += figures[i];
	for (int g = 1; g < trial->groups; g++)
		result[g] =
			((double) sums[g] / trial->sizes[g] - (double) sums[0] / trial->sizes[0]) / MONEY_UNIT;
}

static void
count_as_large(const Trial *trial, const char *campaign, int salts, const double *found,
			   int64 *as_large)
{
	Money *dealt = palloc_extended((trial->customers + 1) * sizeof(Money), MCXT_ALLOC_HUGE);
	double *other = palloc0((trial->groups + 1) * sizeof(double));
	MemoryContext one_salt =
		AllocSetContextCreate(CurrentMemoryContext, "salt", ALLOCSET_SMALL_SIZES);
	MemoryContext outside = MemoryContextSwitchTo(one_salt);

	for (int salt = 1; salt <= salts; salt++)
	{
		CHECK_FOR_INTERRUPTS();
		deal(trial, dealt, position_hash(campaign, psprintf("salt %d", salt)));
		differences(trial, dealt, other);
		for (int g = 1; g < trial->groups; g++)
			as_large[g] += fabs(other[g]) >= fabs(found[g]);
		MemoryContextReset(one_salt);
	}
	MemoryContextSwitchTo(outside);
	MemoryContextDelete(one_salt);
}

static Trial
trial_arguments(FunctionCallInfo fcinfo)
{
	Trial trial = {.groups = 0};
	const double *after = numbers(fcinfo, 0, FLOAT8OID, &trial.customers);
	const double *before = as_many_numbers(fcinfo, 1, FLOAT8OID, trial.customers);

	trial.grp = as_many_numbers(fcinfo, 2, INT4OID, trial.customers);
	trial.stratum = as_many_numbers(fcinfo, 3, INT4OID, trial.customers);
	count_groups(&trial);
	adjust(&trial, after, before);
	return trial;
}

PG_FUNCTION_INFO_V1(randomisation);
Datum
randomisation(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Trial trial = trial_arguments(fcinfo);
	int salts = PG_GETARG_INT32(5);
	double *found = palloc0((trial.groups + 1) * sizeof(double));
	int64 *as_large = palloc0((trial.groups + 1) * sizeof(int64));

	if (salts < 1 || salts > MOST_SALTS)
		bad_parameter("salts", psprintf("%d", salts),
					  psprintf("Give a number of other divisions from 1 to %d.", MOST_SALTS));
	InitMaterializedSRF(fcinfo, 0);
	if (trial.groups == 0 || trial.sizes[0] == 0)
		return (Datum) 0;
	differences(&trial, trial.figures, found);
	count_as_large(&trial, text_to_cstring(PG_GETARG_TEXT_PP(4)), salts, found, as_large);
	for (int g = 1; g < trial.groups; g++)
	{
		Datum values[] = {Int32GetDatum(g), Int64GetDatum(trial.sizes[g]), Float8GetDatum(found[g]),
						  Float8GetDatum((1.0 + as_large[g]) / (1.0 + salts))};
		bool nulls[4] = {false};

		if (trial.sizes[g] > 0)
			tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}
