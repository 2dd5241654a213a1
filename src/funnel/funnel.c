/*
 * The type funnel: making, checking and adding.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "common/int.h"
#include "utils/array.h"

#include "core/aggregate.h"
#include "core/argument.h"
#include "core/compat.h"
#include "funnel/funnel.h"

static Size
funnel_size(int32 steps)
{
	return offsetof(Funnel, counts) + steps * sizeof(int64);
}

Funnel *
new_funnel(int32 steps)
{
	Funnel *funnel = palloc0(funnel_size(steps));

	SET_VARSIZE(funnel, funnel_size(steps));
	funnel->version = FUNNEL_VERSION;
	funnel->steps = steps;
	return funnel;
}

Funnel *
make_funnel(const int64 *counts, int32 steps)
{
	Funnel *funnel = new_funnel(steps);

	memcpy(funnel->counts, counts, steps * sizeof(int64));
	return funnel;
}

bool
funnel_is_valid(const int64 *counts, int64 steps)
{
	if (steps < 1 || steps > FUNNEL_STEPS || counts[steps - 1] < 0)
		return false;
	for (int64 i = 1; i < steps; i++)
	{
		if (counts[i] > counts[i - 1])
			return false;
	}
	return true;
}

_Noreturn void
too_many_customers(void)
{
	ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					errmsg("more customers than a funnel can count"),
					errhint("A funnel counts up to 2^63 - 1.")));
	pg_unreachable();
}

/* The first count is the largest: where it fits, all do. */
void
add_funnel(Funnel *funnel, const Funnel *more)
{
	int64 first;

	if (funnel->steps != more->steps)
		ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
						errmsg("a funnel of %d steps and one of %d cannot be added",
							   Max(funnel->steps, more->steps), Min(funnel->steps, more->steps)),
						errhint("Count them by the same steps.")));
	if (pg_add_s64_overflow(funnel->counts[0], more->counts[0], &first))
		too_many_customers();
	for (int32 i = 0; i < funnel->steps; i++)
		funnel->counts[i] += more->counts[i];
}

static void
check_version(const Funnel *funnel)
{
	if (unlikely(funnel->version != FUNNEL_VERSION))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("funnel value of unknown version %d", funnel->version),
				 errhint("It was written by another version of the extension: install that one.")));
	Assert(VARSIZE(funnel) == funnel_size(funnel->steps) && funnel->unused == 0 &&
		   funnel_is_valid(funnel->counts, funnel->steps));
}

const Funnel *
funnel_argument(FunctionCallInfo fcinfo, int n)
{
	const Funnel *funnel = (const Funnel *) PG_DETOAST_DATUM(PG_GETARG_DATUM(n));

	check_version(funnel);
	return funnel;
}

Funnel *
funnel_state(FunctionCallInfo fcinfo)
{
	Funnel *funnel = (Funnel *) bytea_state(fcinfo);

	check_version(funnel);
	return funnel;
}

_Noreturn static void
bad_counts(const char *value, const char *hint)
{
	bad_parameter("counts", value, hint);
}

static void
check_counts(const int64 *counts, int32 steps)
{
	if (steps < 1 || steps > FUNNEL_STEPS)
		bad_counts(psprintf("%d steps", steps),
				   psprintf("Give the counts of 1 to %d steps.", FUNNEL_STEPS));
	for (int32 i = 0; i < steps; i++)
	{
		if (counts[i] < 0)
			bad_counts(psprintf(INT64_FORMAT, counts[i]), "Give counts of zero or more.");
		if (i > 0 && counts[i] > counts[i - 1])
			bad_counts(psprintf(INT64_FORMAT " at step %d after " INT64_FORMAT, counts[i], i + 1,
								counts[i - 1]),
					   "A step cannot have more customers than the one before: each count includes "
					   "those who went further.");
	}
}

PG_FUNCTION_INFO_V1(funnel_from_counts);
Datum
funnel_from_counts(PG_FUNCTION_ARGS)
{
	ArrayType *array = PG_GETARG_ARRAYTYPE_P(0);
	const int64 *counts = (const int64 *) ARR_DATA_PTR(array);
	int32 steps = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));

	if (ARR_NDIM(array) > 1)
		bad_counts("an array of several dimensions", "Give one count for each step.");
	if (array_contains_nulls(array))
		bad_counts("NULL", "Give a count for each step, 0 where nobody reached it.");
	check_counts(counts, steps);
	PG_RETURN_POINTER(make_funnel(counts, steps));
}

PG_FUNCTION_INFO_V1(step_count);
Datum
step_count(PG_FUNCTION_ARGS)
{
	PG_RETURN_INT32(funnel_argument(fcinfo, 0)->steps);
}

PG_FUNCTION_INFO_V1(funnel_count);
Datum
funnel_count(PG_FUNCTION_ARGS)
{
	const Funnel *funnel = funnel_argument(fcinfo, 0);
	int32 step = PG_GETARG_INT32(1);

	if (step < 1 || step > funnel->steps)
		bad_parameter("step", psprintf("%d", step),
					  psprintf("The steps of this funnel are 1 to %d.", funnel->steps));
	PG_RETURN_INT64(funnel->counts[step - 1]);
}

PG_FUNCTION_INFO_V1(funnel_counts);
Datum
funnel_counts(PG_FUNCTION_ARGS)
{
	const Funnel *funnel = funnel_argument(fcinfo, 0);
	Datum *counts = palloc(funnel->steps * sizeof(Datum));

	for (int32 i = 0; i < funnel->steps; i++)
		counts[i] = Int64GetDatum(funnel->counts[i]);
	PG_RETURN_ARRAYTYPE_P(construct_array(counts, funnel->steps, INT8OID, sizeof(int64),
										  FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}
