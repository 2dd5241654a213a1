/*
 * The aggregates variation(value) and xyz_class(value, x, y).
 *
 * The state is a bytea, so that other nodes can hand it on: the moments of the values so far, as
 * integers of one power of ten, and the limits of the classes.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "core/aggregate.h"
#include "core/argument.h"
#include "core/decimal.h"
#include "segments/variation.h"

#define STATE_VERSION 1

/* Limits are kept in 10^-8: a multiple of four decimals, as a numeric's digits are. */
#define LIMIT_DECIMALS 8
#define DEFAULT_X	   10000000
#define DEFAULT_Y	   25000000

/* More rows than there can be; two states of as many still make a count. */
#define MOST_ROWS (PG_INT64_MAX / 2)

typedef struct VariationState
{
	int32 vl_len_;
	int32 version; /* STATE_VERSION */
	int32 scale;   /* the sum is in 10^-scale, the squares in its square */
	int32 unused;  /* zero */
	int64 x;	   /* in 10^-LIMIT_DECIMALS, the defaults for variation() */
	int64 y;
	Moments moments;
} VariationState;

static VariationState *
check_state(struct varlena *bytes)
{
	VariationState *state = (VariationState *) bytes;

	if (VARSIZE(state) != sizeof(VariationState) || state->version != STATE_VERSION ||
		state->scale < 0 || state->scale > DECIMAL_MOST_SCALE || state->moments.count < 0 ||
		state->moments.count > MOST_ROWS)
		bad_state();
	return state;
}

static VariationState *
new_state(int64 x, int64 y)
{
	VariationState *state = palloc0(sizeof(VariationState));

	SET_VARSIZE(state, sizeof(VariationState));
	state->version = STATE_VERSION;
	state->x = x;
	state->y = y;
	return state;
}

static void
raise_scale(VariationState *state, int scale)
{
	Decimal sum = {.units = state->moments.sum, .scale = state->scale};

	state->moments.sum = decimal_units(sum, scale);
	raise_squares(&state->moments.squares, scale - state->scale);
	state->scale = scale;
}

static void
add_value(VariationState *state, Decimal value)
{
	int128 units;

	if (value.scale > state->scale)
		raise_scale(state, value.scale);
	units = decimal_units(value, state->scale);
	state->moments.sum = add_units(state->moments.sum, units);
	add_square(&state->moments.squares, units);
	state->moments.count++;
}

static int64
limit_units(const char *name, Numeric limit)
{
	Decimal decimal = {.units = -1};

	if (!numeric_is_nan(limit) && !numeric_is_inf(limit))
		decimal = decimal_from_numeric(NumericGetDatum(limit));
	if (decimal.units > 0 && decimal.scale <= LIMIT_DECIMALS)
		decimal.units = decimal_units(decimal, LIMIT_DECIMALS);
	if (decimal.units < 0 || decimal.units > PG_INT64_MAX || decimal.scale > LIMIT_DECIMALS)
		bad_parameter(
			name, DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(limit))),
			"Give a coefficient of variation of zero or more with up to eight decimals, such "
			"as 0.25.");
	return (int64) decimal.units;
}

static Datum
limit_numeric(int64 units)
{
	return NumericGetDatum(int64_div_fast_to_numeric(units, LIMIT_DECIMALS));
}

/* Without this the order of rows would decide which limits count. */
static void
check_same_limits(const VariationState *state, int64 x, int64 y)
{
	if (unlikely(state->x != x || state->y != y))
		bad_parameter(state->x != x ? "x" : "y", "not the same in all rows",
					  "Give the same limits for all rows of a group.");
}

/* With the limits given to xyz_class, read in each row. */
static VariationState *
state_with_limits(FunctionCallInfo fcinfo)
{
	VariationState *state;
	int64 x;
	int64 y;

	if (PG_ARGISNULL(2) || PG_ARGISNULL(3))
		bad_parameter(PG_ARGISNULL(2) ? "x" : "y", "NULL",
					  "Give a coefficient of variation of zero or more, such as 0.25.");
	x = limit_units("x", PG_GETARG_NUMERIC(2));
	y = limit_units("y", PG_GETARG_NUMERIC(3));
	if (PG_ARGISNULL(0))
	{
		variation_limits(PG_GETARG_DATUM(2), PG_GETARG_DATUM(3));
		return new_state(x, y);
	}
	state = check_state(bytea_state(fcinfo));
	check_same_limits(state, x, y);
	return state;
}

/* With the limits of xyz_class(value), which variation() does not look at. */
static VariationState *
state_without_limits(FunctionCallInfo fcinfo)
{
	return PG_ARGISNULL(0) ? new_state(DEFAULT_X, DEFAULT_Y) : check_state(bytea_state(fcinfo));
}

static Datum
variation_accum(FunctionCallInfo fcinfo, DecimalReader read)
{
	VariationState *state;

	check_aggregate(fcinfo);
	state = PG_NARGS() > 2 ? state_with_limits(fcinfo) : state_without_limits(fcinfo);
	if (!PG_ARGISNULL(1))
		add_value(state, read(PG_GETARG_DATUM(1)));
	PG_RETURN_POINTER(state);
}

DECIMAL_FUNCTIONS(variation_accum)

PG_FUNCTION_INFO_V1(variation_combine);
Datum
variation_combine(PG_FUNCTION_ARGS)
{
	VariationState *state;
	VariationState *other;

	check_aggregate(fcinfo);
	if (PG_ARGISNULL(1))
		return unchanged_state(fcinfo);
	other = check_state(PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(1)));
	if (PG_ARGISNULL(0))
		PG_RETURN_POINTER(other);
	state = check_state(bytea_state(fcinfo));
	check_same_limits(state, other->x, other->y);
	if (other->scale > state->scale)
		raise_scale(state, other->scale);
	else
		raise_scale(other, state->scale);
	state->moments.count += other->moments.count;
	state->moments.sum = add_units(state->moments.sum, other->moments.sum);
	add_squares(&state->moments.squares, &other->moments.squares);
	PG_RETURN_POINTER(state);
}

/* The argument of a final function: a copy, as a bytea need not be aligned in a row. */
static const VariationState *
state_argument(FunctionCallInfo fcinfo)
{
	return check_state(PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(0)));
}

PG_FUNCTION_INFO_V1(variation_final);
Datum
variation_final(PG_FUNCTION_ARGS)
{
	const VariationState *state = state_argument(fcinfo);

	if (!has_variation(&state->moments))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(variation_of(&state->moments));
}

PG_FUNCTION_INFO_V1(xyz_class_final);
Datum
xyz_class_final(PG_FUNCTION_ARGS)
{
	const VariationState *state = state_argument(fcinfo);
	VariationLimits limits = {.x = limit_numeric(state->x), .y = limit_numeric(state->y)};

	if (!has_variation(&state->moments))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(xyz_class_of(&state->moments, limits));
}
