/*
 * experiment_effect(): what each group did more than the control group, and how surely.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "core/argument.h"
#include "core/distribution.h"
#include "experiment/experiment.h"

typedef enum Method
{
	WELCH,
	ALWAYS_VALID,
} Method;

static const char *const methods[] = {"welch", "always_valid", NULL};

/* How it is to be compared. */
typedef struct Question
{
	bool adjusted;
	double slope; /* what is adjusted by, else 0 */
	double level;
	Method method;
	double decide_at; /* customers of both groups, at which always valid intervals are narrowest */
} Question;

#define EFFECT_COLUMNS 10

static double
customers_of(const Comparison *comparison)
{
	return comparison->control.customers + comparison->other.customers;
}

/* N rho^2 of Waudby-Smith et al., rho being that for which the interval is narrowest at decide_at.
 */
static double
mixture(const Comparison *comparison, const Question *question)
{
	double log_alpha = log1p(-question->level);
	double precision = (-2.0 * log_alpha + log1p(-2.0 * log_alpha)) / question->decide_at;

	return fmax(customers_of(comparison) * precision, 1e-300);
}

/* How many standard errors the interval reaches to either side. */
static double
reach(const Comparison *comparison, const Question *question)
{
	double rows;

	if (question->method == WELCH)
		return student_t(question->level, comparison->degrees);
	rows = mixture(comparison, question);
	return sqrt(2.0 * (rows + 1.0) / rows * (log1p(rows) / 2.0 - log1p(-question->level)));
}

/* The level at which the interval would begin or end at 0. */
static double
p_value(const Comparison *comparison, const Question *question, double deviate)
{
	double rows;

	if (question->method == WELCH)
		return student_two_sided_p(deviate, comparison->degrees);
	rows = mixture(comparison, question);
	return fmin(1.0, exp(log1p(rows) / 2.0 - deviate * deviate * (rows / (2.0 * (rows + 1.0)))));
}

static void
put(Datum *values, bool *nulls, int column, double value)
{
	values[column] = Float8GetDatum(value);
	nulls[column] = false;
}

/*
 * Fieller: all ratios of the means that are not rejected, by the standard errors of the difference
 * test: so 1 is one of them exactly where that does not reject 0. There are no bounds where the
 * control's mean itself may be 0.
 */
static void
put_relative(Datum *values, bool *nulls, const Comparison *comparison, double q)
{
	double a = comparison->control.mean;
	double sign = a < 0.0 ? -1.0 : 1.0;
	double ratio = comparison->other.mean / a;
	double g = q * q * comparison->control.variance / (a * a);
	double half;

	put(values, nulls, 6, sign * (comparison->other.mean - a) / a);
	if (!comparison->spread || !(g < 1.0))
		return;
	half = q / fabs(a) *
		   sqrt(fmax(0.0, comparison->other.variance * (1.0 - g) +
							  ratio * ratio * comparison->control.variance));
	put(values, nulls, 7, sign * ((ratio - sign * half) / (1.0 - g) - 1.0));
	put(values, nulls, 8, sign * ((ratio + sign * half) / (1.0 - g) - 1.0));
}

static void
put_effect(Datum *values, bool *nulls, const Comparison *comparison, const Question *question)
{
	double difference = comparison->other.mean - comparison->control.mean;
	double error = sqrt(comparison->control.variance + comparison->other.variance);
	double q = 0.0;

	put(values, nulls, 2, difference);
	if (comparison->spread)
	{
		q = reach(comparison, question);
		put(values, nulls, 3, difference - q * error);
		put(values, nulls, 4, difference + q * error);
		put(values, nulls, 5, p_value(comparison, question, difference / error));
	}
	if (comparison->control.mean != 0.0)
		put_relative(values, nulls, comparison, q);
}

static double
variance_of(const Comparison *comparison)
{
	return comparison->control.variance + comparison->other.variance;
}

/* Fills the columns after the name and the number of customers. */
static void
compare(Datum *values, bool *nulls, Experiment *const *strata, int count, const char *control,
		const char *other, const Question *question)
{
	Comparison plain = compare_groups(strata, count, control, other, 0.0);
	Comparison adjusted = compare_groups(strata, count, control, other, question->slope);

	if (!adjusted.known)
		return;
	put_effect(values, nulls, &adjusted, question);
	if (plain.spread)
		put(values, nulls, 9, 1.0 - variance_of(&adjusted) / variance_of(&plain));
}

static const char *
known_groups(const Experiment *experiment)
{
	StringInfoData hint;

	initStringInfo(&hint);
	appendStringInfoString(&hint, "Give the name of a group:");
	for (int i = 0; i < Min(experiment->count, 10); i++)
		appendStringInfo(&hint, "%s '%s'", i == 0 ? "" : ",", experiment->groups[i].name);
	appendStringInfoString(&hint, experiment->count > 10 ? ", ..." : ".");
	return hint.data;
}

/* The place of the control group's name in what is the sum of all strata. */
static int
control_place(const Experiment *all, const text *control)
{
	char name[GROUP_NAME_SIZE];
	int place = -1;

	if (group_name(VARDATA_ANY(control), VARSIZE_ANY_EXHDR(control), name))
		place = find_group(all, name);
	if (place < 0)
		bad_parameter("control", psprintf("\"%s\"", text_to_cstring(control)), known_groups(all));
	return place;
}

static Question
question_arguments(FunctionCallInfo fcinfo)
{
	int64 decide_at = PG_GETARG_INT64(5);

	if (decide_at < 1)
		bad_parameter("decide_at", psprintf(INT64_FORMAT, decide_at),
					  "Give the number of customers of both groups at which you mean to decide.");
	return (Question){
		.adjusted = PG_GETARG_BOOL(2),
		.level = level_argument(PG_GETARG_FLOAT8(3)),
		.method = (Method) choice_argument("method", PG_GETARG_TEXT_PP(4), methods),
		.decide_at = (double) decide_at,
	};
}

/* Sums of floating point depend on their order: it is that of the strata, not of an array. */
static int
compare_strata(const void *a, const void *b)
{
	return compare_experiments(*(Experiment *const *) a, *(Experiment *const *) b);
}

static Datum
effect_rows(FunctionCallInfo fcinfo, Experiment **strata, int count)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Question question = question_arguments(fcinfo);
	Experiment *all = make_experiment(0, PLAIN_FIGURES);
	int control;

	for (int s = 0; s < count; s++)
		all = add_experiment(all, strata[s]);
	InitMaterializedSRF(fcinfo, 0);
	if (all->count == 0)
		return (Datum) 0;
	control = control_place(all, PG_GETARG_TEXT_PP(1));
	qsort(strata, count, sizeof(Experiment *), compare_strata);
	if (question.adjusted)
		question.slope = common_slope(strata, count);
	for (int i = 0; i < all->count; i++)
	{
		Datum values[EFFECT_COLUMNS] = {CStringGetTextDatum(all->groups[i].name),
										Int64GetDatum(all->groups[i].customers)};
		bool nulls[EFFECT_COLUMNS] = {false, false, true, true, true, true, true, true, true, true};

		CHECK_FOR_INTERRUPTS();
		if (i == control)
			continue;
		compare(values, nulls, strata, count, all->groups[control].name, all->groups[i].name,
				&question);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

PG_FUNCTION_INFO_V1(experiment_effect);
Datum
experiment_effect(PG_FUNCTION_ARGS)
{
	Experiment *experiment = experiment_arg(fcinfo, 0);

	return effect_rows(fcinfo, &experiment, 1);
}

/* The values of an array without its NULLs. */
static Experiment **
strata_of(ArrayType *array, int *count)
{
	Experiment **strata;
	Datum *elements;
	bool *nulls;
	int number;

	deconstruct_array(array, ARR_ELEMTYPE(array), -1, false, TYPALIGN_DOUBLE, &elements, &nulls,
					  &number);
	strata = palloc((number + 1) * sizeof(Experiment *));
	*count = 0;
	for (int i = 0; i < number; i++)
	{
		Experiment *stratum;

		CHECK_FOR_INTERRUPTS();
		if (nulls[i])
			continue;
		stratum = (Experiment *) PG_DETOAST_DATUM(elements[i]);
		check_experiment_version(stratum);
		if (stratum->count > 0)
			strata[(*count)++] = stratum;
	}
	return strata;
}

PG_FUNCTION_INFO_V1(experiment_effect_strata);
Datum
experiment_effect_strata(PG_FUNCTION_ARGS)
{
	int count;
	Experiment **strata = strata_of(PG_GETARG_ARRAYTYPE_P(0), &count);

	return effect_rows(fcinfo, strata, count);
}
