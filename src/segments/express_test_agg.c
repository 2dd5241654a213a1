/*
 * The aggregate express_test: sorts customers into groups by their histories, and adds up groups.
 */
#include "postgres.h"

#include "core/aggregate.h"
#include "core/decimal.h"
#include "segments/express_test.h"

/* What a history says before as_of. */
typedef struct Customer
{
	int64 purchases;	  /* ever */
	int64 last_purchases; /* in the window */
	DateADT last_day;	  /* of a purchase, if any */
	int128 sales;		  /* in the window, returns taken off */
} Customer;

static void
add_purchases(Customer *customer, DateADT day, int64 purchases, bool in_window)
{
	if (purchases == 0)
		return;
	customer->last_day = day;
	history_add_count(&customer->purchases, purchases);
	if (in_window)
		history_add_count(&customer->last_purchases, purchases);
}

static Customer
read_customer(const struct varlena *history, const ExpressState *state)
{
	HistoryWindow window = history_window(history, DATEVAL_NOBEGIN, state->parameters.as_of);
	bool by_days = state->parameters.count_by == COUNT_DAYS;
	Customer customer = {.purchases = 0};
	HistoryDay day;

	while (history_window_read(&window, &day))
	{
		bool in_window = day.day >= state->from_date;

		add_purchases(&customer, day.day, by_days ? day.orders > 0 : day.orders, in_window);
		if (in_window)
			customer.sales += day.amount;
	}
	return customer;
}

/* For a customer with a purchase in the window. */
static ExpressGroup
group_of(const Customer *customer, const ExpressState *state)
{
	if (customer->purchases == 1)
		return customer->last_day >= state->settle_from ? EXPRESS_YOUNG : EXPRESS_ONE_TIME;
	return customer->last_purchases >= state->parameters.regular_purchases ? EXPRESS_REGULAR
																		   : EXPRESS_OCCASIONAL;
}

static void
add_customer(ExpressState *state, const struct varlena *history)
{
	Customer customer = read_customer(history, state);
	ExpressTotals *group;

	if (customer.last_purchases == 0)
		return;
	group = &state->groups[group_of(&customer, state)];
	group->customers++;
	group->sales = add_units(group->sales, customer.sales);
	add_square(&group->squares, customer.sales);
}

/* More than there can be; the groups of two states together still make a count. */
#define MOST_CUSTOMERS (PG_INT64_MAX / (2 * EXPRESS_GROUPS))

/* Whether estimates can be made of it, as of any state that rows lead to. */
static bool
is_sound(const ExpressState *state)
{
	const ExpressParameters *parameters = &state->parameters;
	bool sound =
		parameters->light_by == LIGHT_BY_CUSTOMERS || parameters->light_by == LIGHT_BY_SALES;

	sound &= parameters->level > 0.0 && parameters->level < 1.0;
	for (int i = 0; i < EXPRESS_GROUPS; i++)
		sound &= state->groups[i].customers >= 0 && state->groups[i].customers <= MOST_CUSTOMERS;
	return sound;
}

ExpressState *
check_express_state(struct varlena *bytes)
{
	ExpressState *state = (ExpressState *) bytes;

	if (VARSIZE(state) != sizeof(ExpressState) || state->version != EXPRESS_STATE_VERSION ||
		!is_sound(state))
		bad_state();
	return state;
}

/* (state, history, as_of, unassigned_sales [, the other parameters]) */
PG_FUNCTION_INFO_V1(express_test_accum);
Datum
express_test_accum(PG_FUNCTION_ARGS)
{
	ExpressParameters parameters = express_parameters(fcinfo);
	ExpressState *state;

	check_aggregate(fcinfo);
	if (PG_ARGISNULL(0))
		state = new_express_state(&parameters);
	else
		state = check_express_state(bytea_state(fcinfo));
	check_same_parameters(&state->parameters, &parameters);
	if (!PG_ARGISNULL(1))
		add_customer(state, history_argument(fcinfo, 1));
	PG_RETURN_POINTER(state);
}

PG_FUNCTION_INFO_V1(express_test_combine);
Datum
express_test_combine(PG_FUNCTION_ARGS)
{
	ExpressState *state;
	ExpressState *other;

	check_aggregate(fcinfo);
	if (PG_ARGISNULL(1))
		return unchanged_state(fcinfo);
	other = check_express_state(PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(1)));
	if (PG_ARGISNULL(0))
		PG_RETURN_POINTER(other);
	state = check_express_state(bytea_state(fcinfo));
	check_same_parameters(&state->parameters, &other->parameters);
	for (int i = 0; i < EXPRESS_GROUPS; i++)
	{
		state->groups[i].customers += other->groups[i].customers;
		state->groups[i].sales = add_units(state->groups[i].sales, other->groups[i].sales);
		add_squares(&state->groups[i].squares, &other->groups[i].squares);
	}
	PG_RETURN_POINTER(state);
}
