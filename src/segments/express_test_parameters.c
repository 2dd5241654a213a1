/*
 * The parameters of the express test: read in each row, checked in the first.
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/numeric.h"

#include "core/argument.h"
#include "core/decimal.h"
#include "segments/express_test.h"

#define MONEY_DECIMALS 4

/* The arguments of the transition function, behind the state and the history */
enum
{
	AS_OF = 2,
	UNASSIGNED_SALES,
	WITHIN,
	SETTLE,
	REGULAR_PURCHASES,
	COUNT_BY,
	ONE_TIME_LIMIT,
	LIGHT_BY,
	LEVEL
};

static const char *const names[] = {
	[AS_OF] = "as_of",
	[UNASSIGNED_SALES] = "unassigned_sales",
	[WITHIN] = "within",
	[SETTLE] = "settle",
	[REGULAR_PURCHASES] = "regular_purchases",
	[COUNT_BY] = "count_by",
	[ONE_TIME_LIMIT] = "one_time_limit",
	[LIGHT_BY] = "light_by",
	[LEVEL] = "level",
};

static const ExpressParameters defaults = {
	.regular_purchases = 3,
	.count_by = COUNT_DAYS,
	.light_by = LIGHT_BY_CUSTOMERS,
	.within = {.month = 6},
	.settle = {.month = 3},
	.level = 0.95,
	.one_time_limit = LIMIT_WHOLE / 100 * 3,
};

static char *
numeric_text(Numeric number)
{
	return DatumGetCString(DirectFunctionCall1(numeric_out, NumericGetDatum(number)));
}

static int128
limit_argument(Numeric limit)
{
	Decimal decimal = {.units = -1};
	bool finite = !numeric_is_nan(limit) && !numeric_is_inf(limit);

	if (finite)
		decimal = decimal_from_numeric(NumericGetDatum(limit));
	if (decimal.units >= 0 && decimal.scale <= LIMIT_SCALE)
		decimal.units = decimal_units(decimal, LIMIT_SCALE);
	if (decimal.units < 0 || decimal.units > LIMIT_WHOLE || decimal.scale > LIMIT_SCALE)
		bad_parameter(names[ONE_TIME_LIMIT], numeric_text(limit),
					  "Give a share from 0 to 1 with up to 20 decimals, such as 0.03.");
	return decimal.units;
}

static int128
sales_argument(Numeric sales)
{
	Datum rounded;

	if (numeric_is_nan(sales) || numeric_is_inf(sales))
		bad_parameter(names[UNASSIGNED_SALES], numeric_text(sales),
					  "Give the sales in the window that have no customer, or NULL if unknown.");
	rounded =
		DirectFunctionCall2(numeric_round, NumericGetDatum(sales), Int32GetDatum(MONEY_DECIMALS));
	return decimal_units(decimal_from_numeric(rounded), MONEY_DECIMALS);
}

static LightBy
light_by_argument(const text *name)
{
	static const char *const choices[] = {"customers", "sales", NULL};

	return (LightBy) choice_argument(names[LIGHT_BY], name, choices);
}

static void
read_long_form(FunctionCallInfo fcinfo, ExpressParameters *parameters)
{
	parameters->within = *PG_GETARG_INTERVAL_P(WITHIN);
	parameters->settle = *PG_GETARG_INTERVAL_P(SETTLE);
	parameters->regular_purchases = PG_GETARG_INT32(REGULAR_PURCHASES);
	parameters->count_by = count_by_argument(PG_GETARG_TEXT_PP(COUNT_BY));
	parameters->one_time_limit = limit_argument(PG_GETARG_NUMERIC(ONE_TIME_LIMIT));
	parameters->light_by = light_by_argument(PG_GETARG_TEXT_PP(LIGHT_BY));
	parameters->level = level_argument(PG_GETARG_FLOAT8(LEVEL));
}

/* (state, history, as_of, unassigned_sales), or with all the others */
ExpressParameters
express_parameters(FunctionCallInfo fcinfo)
{
	ExpressParameters parameters = defaults;

	for (int i = AS_OF; i < PG_NARGS(); i++)
	{
		if (PG_ARGISNULL(i) && i != UNASSIGNED_SALES)
			bad_parameter(names[i], "NULL", "Give a value: only unassigned_sales may be unknown.");
	}
	parameters.as_of = PG_GETARG_DATEADT(AS_OF);
	parameters.unassigned_known = !PG_ARGISNULL(UNASSIGNED_SALES);
	if (parameters.unassigned_known)
		parameters.unassigned_sales = sales_argument(PG_GETARG_NUMERIC(UNASSIGNED_SALES));
	if (PG_NARGS() > WITHIN)
		read_long_form(fcinfo, &parameters);
	return parameters;
}

ExpressState *
new_express_state(const ExpressParameters *parameters)
{
	ExpressState *state = palloc0(sizeof(ExpressState));

	if (parameters->regular_purchases < 2)
		bad_parameter(names[REGULAR_PURCHASES], psprintf("%d", parameters->regular_purchases),
					  "Give a number of purchases of at least 2: one makes a one-timer.");
	SET_VARSIZE(state, sizeof(ExpressState));
	state->version = EXPRESS_STATE_VERSION;
	state->parameters = *parameters;
	state->from_date = span_start(names[WITHIN], parameters->as_of, &parameters->within);
	state->settle_from = span_start(names[SETTLE], parameters->as_of, &parameters->settle);
	return state;
}

static const char *
differing_parameter(const ExpressParameters *a, const ExpressParameters *b)
{
	if (a->as_of != b->as_of)
		return names[AS_OF];
	if (a->unassigned_known != b->unassigned_known || a->unassigned_sales != b->unassigned_sales)
		return names[UNASSIGNED_SALES];
	if (memcmp(&a->within, &b->within, sizeof(Interval)) != 0)
		return names[WITHIN];
	if (memcmp(&a->settle, &b->settle, sizeof(Interval)) != 0)
		return names[SETTLE];
	if (a->regular_purchases != b->regular_purchases)
		return names[REGULAR_PURCHASES];
	if (a->count_by != b->count_by)
		return names[COUNT_BY];
	if (a->one_time_limit != b->one_time_limit)
		return names[ONE_TIME_LIMIT];
	return names[a->light_by != b->light_by ? LIGHT_BY : LEVEL];
}

/* Without this the order of rows would decide which of them count. */
void
check_same_parameters(const ExpressParameters *a, const ExpressParameters *b)
{
	if (unlikely(memcmp(a, b, sizeof(ExpressParameters)) != 0))
		bad_parameter(differing_parameter(a, b), "not the same in all rows",
					  "Give the same parameters for all rows of a group.");
}
