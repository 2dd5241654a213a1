/*
 * history_agg() and rollup(): folding rows and histories.
 */
#include "postgres.h"

#include "core/aggregate.h"
#include "core/argument.h"
#include "core/day_zone.h"
#include "core/money.h"
#include "history/history.h"

/*
 * The state so far, to be appended to in place. It is not always a log of this process: another
 * node may have sent it as text, and then it is rewritten as one.
 */
static HistoryLog *
log_argument(FunctionCallInfo fcinfo)
{
	struct varlena *state;

	check_aggregate(fcinfo);
	if (PG_ARGISNULL(0))
		return history_new_log();
	state = (struct varlena *) PG_GETARG_POINTER(0);
	if (likely(VARATT_IS_4B_U(state) && is_history_log(state)))
		return (HistoryLog *) state;
	return history_append_all(history_new_log(), PG_GETARG_VARLENA_PP(0));
}

static Datum
append_purchase(FunctionCallInfo fcinfo, DateADT day, Money amount)
{
	HistoryDay purchase = {
		.day = day, .orders = amount >= 0, .returns = amount < 0, .amount = amount};

	PG_RETURN_POINTER(history_append(log_argument(fcinfo), &purchase));
}

static inline DateADT
day_arg_date(FunctionCallInfo fcinfo)
{
	return finite_date(PG_GETARG_DATEADT(1));
}

static inline DateADT
day_arg_timestamp(FunctionCallInfo fcinfo)
{
	return day_of_timestamp(finite_timestamp(PG_GETARG_TIMESTAMP(1)));
}

static inline DateADT
day_arg_timestamptz(FunctionCallInfo fcinfo)
{
	return day_in_zone(day_zone(PG_GETARG_TEXT_PP(3)), finite_timestamp(PG_GETARG_TIMESTAMPTZ(1)));
}

/* One transition per type of time and of amount: distributed engines cannot ask for types. */
#define HISTORY_TRANSITION(time_type, amount_type, arguments)                                      \
	PG_FUNCTION_INFO_V1(history_agg_##time_type##_##amount_type);                                  \
	Datum history_agg_##time_type##_##amount_type(PG_FUNCTION_ARGS)                                \
	{                                                                                              \
		for (int n = 1; n < (arguments); n++)                                                      \
		{                                                                                          \
			if (PG_ARGISNULL(n))                                                                   \
				return unchanged_state(fcinfo);                                                    \
		}                                                                                          \
		return append_purchase(fcinfo, day_arg_##time_type(fcinfo),                                \
							   money_arg_##amount_type(fcinfo, 2));                                \
	}

#define HISTORY_TRANSITIONS(time_type, arguments)                                                  \
	HISTORY_TRANSITION(time_type, int2, arguments)                                                 \
	HISTORY_TRANSITION(time_type, int4, arguments)                                                 \
	HISTORY_TRANSITION(time_type, int8, arguments)                                                 \
	HISTORY_TRANSITION(time_type, float4, arguments)                                               \
	HISTORY_TRANSITION(time_type, float8, arguments)                                               \
	HISTORY_TRANSITION(time_type, numeric, arguments)

HISTORY_TRANSITIONS(date, 3)
HISTORY_TRANSITIONS(timestamp, 3)
HISTORY_TRANSITIONS(timestamptz, 4)

/* Appends a history, or another worker's log, to the state: rollup's transition and combine. */
PG_FUNCTION_INFO_V1(purchase_history_combine);
Datum
purchase_history_combine(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(1))
		return unchanged_state(fcinfo);
	PG_RETURN_POINTER(history_append_all(log_argument(fcinfo), PG_GETARG_VARLENA_PP(1)));
}

/* Leaves the state as it is: under OVER () more rows follow. */
PG_FUNCTION_INFO_V1(purchase_history_final);
Datum
purchase_history_final(PG_FUNCTION_ARGS)
{
	check_aggregate(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_POINTER(history_pack((HistoryDays){.count = 0}));
	PG_RETURN_POINTER(history_argument(fcinfo, 0));
}
