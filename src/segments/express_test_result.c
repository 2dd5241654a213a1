/*
 * The row that the express test gives: light, advice, counts, shares and sales.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "core/aggregate.h"
#include "core/decimal.h"
#include "core/money.h"
#include "core/row.h"
#include "segments/express_test.h"

#define COLUMNS			32
#define LIGHT_BY_COLUMN 1

typedef struct Row
{
	Datum values[COLUMNS];
	bool nulls[COLUMNS];
	int filled;
} Row;

/* A verdict's colour, and why it is red. */
typedef enum Light
{
	RED_NO_SALES,	  /* or nobody settled */
	RED_NO_CUSTOMERS, /* most sales are nobody's */
	GREEN,
	YELLOW,
	MIXED
} Light;

static const char *const light_names[] = {
	[RED_NO_SALES] = "red", [RED_NO_CUSTOMERS] = "red", [GREEN] = "green",
	[YELLOW] = "yellow",	[MIXED] = "mixed",
};

static const char *const advice[] = {
	[RED_NO_SALES] = "There is nothing to judge yet: collect orders together with their customers, "
					 "until the first ones have had time to come back.",
	[RED_NO_CUSTOMERS] = "Most sales have no customer: get the data first, by asking every buyer "
						 "for a phone number or a customer card at the till.",
	[GREEN] = "Few customers come only once: keep doing what brings them back, and invest in new "
			  "customers.",
	[YELLOW] = "More customers come once than regularly: find out why they do not come back, by "
			   "asking them (NPS), before you spend on new ones.",
	[MIXED] = "Regulars carry the shop, but too many customers come only once: win their second "
			  "order.",
};

/* What the light compares, as numerics of the same unit. */
typedef struct Parts
{
	Datum one_time;
	Datum regular;
	Datum whole;
} Parts;

static Parts
parts_of(const ExpressState *state)
{
	const ExpressTotals *one_time = &state->groups[EXPRESS_ONE_TIME];
	const ExpressTotals *regular = &state->groups[EXPRESS_REGULAR];

	if (state->parameters.light_by == LIGHT_BY_SALES)
		return (Parts){NumericGetDatum(money_total(one_time->sales)),
					   NumericGetDatum(money_total(regular->sales)),
					   NumericGetDatum(money_total(settled_sales(state)))};
	return (Parts){NumericGetDatum(int64_to_numeric(one_time->customers)),
				   NumericGetDatum(int64_to_numeric(regular->customers)),
				   NumericGetDatum(int64_to_numeric(settled_customers(state)))};
}

/* one_time / whole <= limit, without a division that would round. */
static bool
is_within_limit(const Parts *parts, int128 limit)
{
	Datum whole = NumericGetDatum(numeric_from_units(LIMIT_WHOLE));
	Datum share = NumericGetDatum(numeric_from_units(limit));

	return DatumGetBool(
		DirectFunctionCall2(numeric_le, DirectFunctionCall2(numeric_mul, parts->one_time, whole),
							DirectFunctionCall2(numeric_mul, share, parts->whole)));
}

/* More than half of all sales in the window. */
static bool
most_are_unassigned(const ExpressState *state)
{
	int128 unassigned = state->parameters.unassigned_sales;
	int128 assigned = add_units(settled_sales(state), state->groups[EXPRESS_YOUNG].sales);

	return unassigned > 0 && unassigned > assigned;
}

static Light
light_of(const ExpressState *state)
{
	Parts parts = parts_of(state);

	if (most_are_unassigned(state))
		return RED_NO_CUSTOMERS;
	if (settled_customers(state) == 0 ||
		(state->parameters.light_by == LIGHT_BY_SALES && settled_sales(state) <= 0))
		return RED_NO_SALES;
	if (is_within_limit(&parts, state->parameters.one_time_limit))
		return GREEN;
	if (DatumGetBool(DirectFunctionCall2(numeric_gt, parts.one_time, parts.regular)))
		return YELLOW;
	return MIXED;
}

/* Whether the intervals lie on the light's side as a whole. */
static bool
is_certain(Light light, const ExpressEstimates *estimates, double limit)
{
	const Estimate *one_time = &estimates->one_time;
	const Estimate *difference = &estimates->difference;

	if (!one_time->bounded)
		return false;
	if (light == GREEN)
		return one_time->upper <= limit;
	if (one_time->lower <= limit)
		return false;
	return light == YELLOW ? difference->upper < 0 : difference->lower >= 0;
}

static void
put(Row *row, Datum value, bool known)
{
	row->values[row->filled] = value;
	row->nulls[row->filled++] = !known;
}

static void
put_text(Row *row, const char *value)
{
	put(row, CStringGetTextDatum(value), true);
}

static void
put_money(Row *row, int128 total, bool known)
{
	put(row, NumericGetDatum(money_total(total)), known);
}

static void
put_estimate(Row *row, const Estimate *estimate)
{
	put(row, Float8GetDatum(estimate->value), estimate->known);
	put(row, Float8GetDatum(estimate->lower), estimate->bounded);
	put(row, Float8GetDatum(estimate->upper), estimate->bounded);
}

static void
put_estimates(Row *row, const ExpressEstimates *estimates)
{
	put_estimate(row, &estimates->one_time);
	put_estimate(row, &estimates->regular);
	put_estimate(row, &estimates->difference);
}

static void
put_verdict(Row *row, const ExpressState *state, const ExpressEstimates *estimates)
{
	Light light = light_of(state);
	double limit = state->parameters.one_time_limit / (double) LIMIT_WHOLE;
	bool red = light == RED_NO_SALES || light == RED_NO_CUSTOMERS;

	put_text(row, light_names[light]);
	put_text(row, state->parameters.light_by == LIGHT_BY_SALES ? "sales" : "customers");
	put(row, BoolGetDatum(is_certain(light, estimates, limit)), !red);
	put_text(row, advice[light]);
}

static void
put_customers(Row *row, const ExpressState *state)
{
	put(row, Int64GetDatum(settled_customers(state)), true);
	put(row, Int64GetDatum(state->groups[EXPRESS_ONE_TIME].customers), true);
	put(row, Int64GetDatum(state->groups[EXPRESS_REGULAR].customers), true);
	put(row, Int64GetDatum(state->groups[EXPRESS_YOUNG].customers), true);
}

static void
put_sales(Row *row, const ExpressState *state)
{
	bool known = state->parameters.unassigned_known;
	int128 young = state->groups[EXPRESS_YOUNG].sales;
	double unassigned = (double) state->parameters.unassigned_sales;
	double all = unassigned + (double) settled_sales(state) + (double) young;

	put_money(row, settled_sales(state), true);
	put_money(row, state->groups[EXPRESS_ONE_TIME].sales, true);
	put_money(row, state->groups[EXPRESS_REGULAR].sales, true);
	put_money(row, young, true);
	put_money(row, state->parameters.unassigned_sales, known);
	put(row, Float8GetDatum(all > 0 ? unassigned / all : 0), known && all > 0);
}

/* Without rows there are no parameters either. */
PG_FUNCTION_INFO_V1(express_test_final);
Datum
express_test_final(PG_FUNCTION_ARGS)
{
	static const ExpressState no_rows = {.parameters.level = 0.95};
	const ExpressState *state = &no_rows;
	ExpressEstimates by_customers;
	ExpressEstimates by_sales;
	Row row = {.filled = 0};

	if (!PG_ARGISNULL(0))
		state = check_express_state(PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(0)));
	by_customers = estimates_by_customers(state);
	by_sales = estimates_by_sales(state);
	put_verdict(&row, state,
				state->parameters.light_by == LIGHT_BY_SALES ? &by_sales : &by_customers);
	row.nulls[LIGHT_BY_COLUMN] = PG_ARGISNULL(0);
	put_customers(&row, state);
	put_estimates(&row, &by_customers);
	put_sales(&row, state);
	put_estimates(&row, &by_sales);
	PG_RETURN_DATUM(row_result(fcinfo, row.values, row.nulls));
}
