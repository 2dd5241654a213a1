/*
 * limit_points(rules) and class_rules_with(rules, lowest_a, lowest_b): the limits of classes as
 * rows, and back from where they were stored.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "classes/class_rules.h"
#include "core/argument.h"
#include "core/money.h"

#define POINT_COLUMNS 4

static void
put_point(const ReturnSetInfo *result, const ClassEnd *end)
{
	bool is_null = end->limits.lowest_a == NO_VALUE;
	Datum values[POINT_COLUMNS] = {DateADTGetDatum(end->period_start), DateADTGetDatum(end->as_of)};
	bool nulls[POINT_COLUMNS] = {[2] = is_null, [3] = is_null};

	if (!is_null)
	{
		values[2] = NumericGetDatum(money_total(end->limits.lowest_a));
		values[3] = NumericGetDatum(money_total(end->limits.lowest_b));
	}
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

PG_FUNCTION_INFO_V1(limit_points);
Datum
limit_points(PG_FUNCTION_ARGS)
{
	const ClassRules *rules = limits_argument(fcinfo, 0);

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; i < rules->count; i++)
		put_point((ReturnSetInfo *) fcinfo->resultinfo, &rules->ends[i]);
	return (Datum) 0;
}

static int128
limit_from_numeric(Datum limit, bool is_null)
{
	Decimal decimal;

	if (is_null)
		return NO_VALUE;
	decimal = decimal_from_numeric(limit);
	decimal.finest = MONEY_DECIMALS;
	return decimal_units(decimal, MONEY_DECIMALS);
}

static void
read_limits(ArrayType *array, int count, int128 *limits)
{
	Datum *values;
	bool *nulls;
	int given;

	deconstruct_array(array, NUMERICOID, -1, false, TYPALIGN_INT, &values, &nulls, &given);
	if (given != count)
		bad_parameter("limits", psprintf("%d", given),
					  psprintf("Give %d, one for each end.", count));
	for (int i = 0; i < count; i++)
		limits[i] = limit_from_numeric(values[i], nulls[i]);
}

PG_FUNCTION_INFO_V1(class_rules_with);
Datum
class_rules_with(PG_FUNCTION_ARGS)
{
	const ClassRules *given = rules_argument(fcinfo, 0);
	ClassRules *rules = palloc(VARSIZE(given));
	int128 *lowest_a = palloc(given->count * sizeof(int128));
	int128 *lowest_b = palloc(given->count * sizeof(int128));

	memcpy(rules, given, VARSIZE(given));
	read_limits(PG_GETARG_ARRAYTYPE_P(1), rules->count, lowest_a);
	read_limits(PG_GETARG_ARRAYTYPE_P(2), rules->count, lowest_b);
	for (int i = 0; i < rules->count; i++)
		rules->ends[i].limits = (AbcLimits){.lowest_a = lowest_a[i], .lowest_b = lowest_b[i]};
	rules->has_limits = true;
	PG_RETURN_POINTER(rules);
}
