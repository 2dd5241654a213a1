/*
 * history_agg(), its form for the rows of views, and rollup(): folding rows and histories.
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

/* The days of the years 1 to 9999, which every client of the views can show. */
#define FIRST_DAY (-730119)
#define END_DAY	  2921940

/* What systems write where there is no date: the first day of 1C, of Excel, and of Unix. */
static const DateADT empty_days[] = {FIRST_DAY, -36526, -10957};

#define AFTER_EMPTY_DAYS (-10955)

static inline bool
is_empty_day(DateADT day)
{
	return day == empty_days[0] || day == empty_days[1] || day == empty_days[2];
}

/* As an instant such a day is told by that of any zone. */
static inline bool
is_empty_instant(TimestampTz at)
{
	for (int n = 0; n < (int) lengthof(empty_days); n++)
	{
		if (at >= empty_days[n] * USECS_PER_DAY - 14 * USECS_PER_HOUR &&
			at < (empty_days[n] + 1) * USECS_PER_DAY + 12 * USECS_PER_HOUR)
			return true;
	}
	return false;
}

static inline bool
shown_date(FunctionCallInfo fcinfo, DateADT *day)
{
	*day = PG_GETARG_DATEADT(1);
	return *day >= FIRST_DAY && *day < END_DAY && !is_empty_day(*day);
}

static inline bool
shown_timestamp(FunctionCallInfo fcinfo, DateADT *day)
{
	Timestamp at = PG_GETARG_TIMESTAMP(1);

	if (at < FIRST_DAY * USECS_PER_DAY || at >= END_DAY * USECS_PER_DAY)
		return false;
	*day = day_of_timestamp(at);
	return !is_empty_day(*day);
}

/* An instant gets a day's margin: in some zone it is another year already. */
static inline bool
shown_timestamptz(FunctionCallInfo fcinfo, DateADT *day)
{
	TimestampTz at = PG_GETARG_TIMESTAMPTZ(1);

	if (at < (FIRST_DAY + 1) * USECS_PER_DAY || at >= (END_DAY - 1) * USECS_PER_DAY ||
		(at < AFTER_EMPTY_DAYS * USECS_PER_DAY && is_empty_instant(at)))
		return false;
	*day = day_in_zone(day_zone(PG_GETARG_TEXT_PP(3)), at);
	return true;
}

/* What can be no order is skipped, as the views' column usable has it: one call for each row. */
#define ORDER_TRANSITION(time_type, amount_type, read_amount)                                      \
	PG_FUNCTION_INFO_V1(order_history_agg_##time_type##_##amount_type);                            \
	Datum order_history_agg_##time_type##_##amount_type(PG_FUNCTION_ARGS)                          \
	{                                                                                              \
		DateADT day;                                                                               \
		Money amount;                                                                              \
                                                                                                   \
		if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3) || PG_ARGISNULL(4) ||            \
			!shown_##time_type(fcinfo, &day) || !(read_amount) ||                                  \
			(amount == 0 && !PG_GETARG_BOOL(4)))                                                   \
			return unchanged_state(fcinfo);                                                        \
		return append_purchase(fcinfo, day, amount);                                               \
	}

#define ORDER_TRANSITIONS(time_type)                                                               \
	ORDER_TRANSITION(time_type, int2, money_from_int8(PG_GETARG_INT16(2), &amount))                \
	ORDER_TRANSITION(time_type, int4, money_from_int8(PG_GETARG_INT32(2), &amount))                \
	ORDER_TRANSITION(time_type, int8, money_from_int8(PG_GETARG_INT64(2), &amount))                \
	ORDER_TRANSITION(time_type, float4, money_from_float4(PG_GETARG_FLOAT4(2), &amount))           \
	ORDER_TRANSITION(time_type, float8, money_from_float8(PG_GETARG_FLOAT8(2), &amount))           \
	ORDER_TRANSITION(time_type, numeric, money_from_numeric(PG_GETARG_VARLENA_PP(2), &amount))

ORDER_TRANSITIONS(date)
ORDER_TRANSITIONS(timestamp)
ORDER_TRANSITIONS(timestamptz)

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
