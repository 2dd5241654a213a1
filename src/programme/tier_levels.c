/*
 * The tiers of a programme: from how much on, and what they are called.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/builtins.h"

#include "core/argument.h"
#include "core/decimal.h"
#include "programme/tier_levels.h"

#define RISING_HINT                                                                                \
	"Give an array of one threshold or more, each above the one before, from 0 on, and in the "    \
	"other array a name for each."

static Datum *
list_elements(const char *name, ArrayType *array, Oid type, int *count)
{
	Datum *elements;

	if (ARR_NDIM(array) != 1)
		bad_parameter(name, psprintf("an array of %d dimensions", ARR_NDIM(array)), RISING_HINT);
	if (array_contains_nulls(array))
		bad_parameter(name, "NULL", RISING_HINT);
	deconstruct_array(array, type, -1, false, TYPALIGN_INT, &elements, NULL, count);
	return elements;
}

static char *
shown(Datum number)
{
	return DatumGetCString(DirectFunctionCall1(numeric_out, number));
}

/* In units, rounded up. */
static int128
threshold_units(Datum number, int scale)
{
	Decimal threshold = decimal_from_numeric(number);
	int128 units = decimal_units(threshold, scale);
	Decimal whole = {.units = units, .scale = scale};

	if (threshold.units < 0)
		bad_parameter("thresholds", shown(number), RISING_HINT);
	if (threshold.scale > scale && decimal_units(whole, threshold.scale) < threshold.units)
		units++;
	return units;
}

TierLevels
tier_thresholds(ArrayType *thresholds, int scale)
{
	TierLevels levels = {0};
	Datum *numbers = list_elements("thresholds", thresholds, NUMERICOID, &levels.count);

	levels.thresholds = palloc(levels.count * sizeof(int128));
	for (int i = 0; i < levels.count; i++)
	{
		levels.thresholds[i] = threshold_units(numbers[i], scale);
		if (i > 0 && levels.thresholds[i] <= levels.thresholds[i - 1])
			bad_parameter("thresholds",
						  psprintf("%s after %s", shown(numbers[i]), shown(numbers[i - 1])),
						  RISING_HINT);
	}
	return levels;
}

TierLevels
tier_levels(FunctionCallInfo fcinfo, int thresholds, int names, int scale)
{
	TierLevels levels = tier_thresholds(PG_GETARG_ARRAYTYPE_P(thresholds), scale);
	int named;

	levels.names = list_elements("names", PG_GETARG_ARRAYTYPE_P(names), TEXTOID, &named);
	if (named != levels.count)
		bad_parameter("names", psprintf("%d names for %d thresholds", named, levels.count),
					  RISING_HINT);
	return levels;
}

int
tier_reached(const TierLevels *levels, int128 units)
{
	int tier = NO_TIER;

	while (tier + 1 < levels->count && units >= levels->thresholds[tier + 1])
		tier++;
	return tier;
}
