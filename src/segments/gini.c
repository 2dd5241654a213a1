/*
 * The aggregate gini(value): how unequally a sum is spread.
 *
 * The state is a bytea that holds all values, so that other nodes can hand it on. It doubles when
 * it is full: the executor copies the larger one and frees the old.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "core/aggregate.h"
#include "core/decimal.h"

#define STATE_VERSION 1
#define FIRST_SIZE	  128

typedef struct GiniState
{
	int32 vl_len_; /* the whole chunk, room to grow included */
	int32 version; /* STATE_VERSION */
	int32 scale;   /* the values are in 10^-scale */
	int32 finest;  /* the largest that it may get */
	int64 count;
	int128 values[FLEXIBLE_ARRAY_MEMBER];
} GiniState;

static Size
capacity(const GiniState *state)
{
	return (VARSIZE(state) - offsetof(GiniState, values)) / sizeof(int128);
}

static GiniState *
new_state(Size size)
{
	GiniState *state = palloc0(size); /* a state can be looked at, unused room included */

	SET_VARSIZE(state, size);
	state->version = STATE_VERSION;
	state->finest = DECIMAL_MOST_SCALE;
	return state;
}

static GiniState *
check_state(struct varlena *bytes)
{
	GiniState *state = (GiniState *) bytes;

	if (VARSIZE(state) < offsetof(GiniState, values) || state->version != STATE_VERSION ||
		state->scale < 0 || state->scale > state->finest || state->finest > DECIMAL_MOST_SCALE ||
		state->count < 0 || (Size) state->count > capacity(state))
		bad_state();
	return state;
}

static void
change_scale(GiniState *state, int scale)
{
	for (int64 i = 0; i < state->count; i++)
	{
		Decimal value = {.units = state->values[i], .scale = state->scale};

		CHECK_FOR_INTERRUPTS();
		state->values[i] = decimal_units(value, scale);
	}
	state->scale = scale;
}

static GiniState *
double_state(const GiniState *state)
{
	GiniState *larger;

	if (VARSIZE(state) > MaxAllocSize / 2)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED), errmsg("too many values for gini()"),
				 errhint("Up to 33 million fit: take the coefficient of a sample.")));
	larger = new_state(VARSIZE(state) * 2);
	larger->scale = state->scale;
	larger->finest = state->finest;
	larger->count = state->count;
	memcpy(larger->values, state->values, state->count * sizeof(int128));
	return larger;
}

static GiniState *
append_value(GiniState *state, Decimal value)
{
	int scale;

	if ((Size) state->count == capacity(state))
		state = double_state(state);
	state->finest = Min(state->finest, value.finest);
	scale = joint_scale(state->scale, state->finest, value);
	if (scale != state->scale)
		change_scale(state, scale);
	state->values[state->count++] = decimal_units(value, scale);
	return state;
}

/* What brings a loss has a part of 0, of which no digit matters. */
static Decimal
part_of(Decimal value)
{
	return value.units > 0 ? value : (Decimal){.finest = DECIMAL_MOST_SCALE};
}

static Datum
gini_accum(FunctionCallInfo fcinfo, DecimalReader read)
{
	GiniState *state;

	check_aggregate(fcinfo);
	state = PG_ARGISNULL(0) ? new_state(FIRST_SIZE) : check_state(bytea_state(fcinfo));
	if (!PG_ARGISNULL(1))
		state = append_value(state, part_of(read(PG_GETARG_DATUM(1))));
	PG_RETURN_POINTER(state);
}

DECIMAL_FUNCTIONS(gini_accum)

PG_FUNCTION_INFO_V1(gini_combine);
Datum
gini_combine(PG_FUNCTION_ARGS)
{
	GiniState *state;
	const GiniState *other;

	check_aggregate(fcinfo);
	if (PG_ARGISNULL(1))
		return unchanged_state(fcinfo);
	other = check_state(PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(1)));
	state = PG_ARGISNULL(0) ? new_state(FIRST_SIZE) : check_state(bytea_state(fcinfo));
	for (int64 i = 0; i < other->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		state = append_value(
			state,
			(Decimal){.units = other->values[i], .scale = other->scale, .finest = other->finest});
	}
	PG_RETURN_POINTER(state);
}

#define ST_SORT			 sort_units
#define ST_ELEMENT_TYPE	 int128
#define ST_COMPARE(a, b) ((*(a) > *(b)) - (*(a) < *(b)))
#define ST_SCOPE		 static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

/*
 * With the values in order, the mean difference of all pairs by twice the mean. The sorted values
 * are the same whatever the order of the rows, and so is each rounding.
 */
static double
coefficient(int128 *values, int64 count)
{
	double weighted = 0;
	double total = 0;

	sort_units(values, count);
	for (int64 i = 0; i < count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		weighted += (2.0 * i + 1 - count) * (double) values[i];
		total += (double) values[i];
	}
	return weighted / (total * count);
}

PG_FUNCTION_INFO_V1(gini_final);
Datum
gini_final(PG_FUNCTION_ARGS)
{
	GiniState *state = check_state(PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(0)));
	bool positive = false;

	for (int64 i = 0; i < state->count && !positive; i++)
		positive = state->values[i] > 0;
	if (!positive)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(coefficient(state->values, state->count));
}

/* The same bytes whatever the order of the rows, and without room to grow. */
PG_FUNCTION_INFO_V1(gini_values_final);
Datum
gini_values_final(PG_FUNCTION_ARGS)
{
	GiniState *state = check_state(PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(0)));

	sort_units(state->values, state->count);
	SET_VARSIZE(state, offsetof(GiniState, values) + state->count * sizeof(int128));
	PG_RETURN_POINTER(state);
}
