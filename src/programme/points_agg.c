/*
 * The aggregates points_agg, with and without days of expiry, and rollup(points_account).
 */
#include "postgres.h"

#include "core/aggregate.h"
#include "core/argument.h"
#include "core/money.h"
#include "programme/points_account.h"

/* Of what is redeemed it does not matter when it expires. */
static Datum
count_points(FunctionCallInfo fcinfo, Money points, DateADT expires_on)
{
	PointsEntry entry = {.day = finite_date(PG_GETARG_DATEADT(1)), .expires_on = DATEVAL_NOEND};

	if (points == 0)
		return unchanged_state(fcinfo);
	if (points > 0)
	{
		entry.earned = points;
		entry.expires_on = expires_on;
	}
	else
		entry.redeemed = -points;
	PG_RETURN_POINTER(points_count(points_state(fcinfo), &entry));
}

/* NULL and infinity for never. */
static DateADT
expiry_argument(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(3) || DATE_IS_NOEND(PG_GETARG_DATEADT(3)))
		return DATEVAL_NOEND;
	return finite_date(PG_GETARG_DATEADT(3));
}

/* (state, at, points) and (state, at, points, expires_on), for each type of points. */
#define POINTS_TRANSITION(type)                                                                    \
	PG_FUNCTION_INFO_V1(points_agg_##type);                                                        \
	Datum points_agg_##type(PG_FUNCTION_ARGS)                                                      \
	{                                                                                              \
		check_aggregate(fcinfo);                                                                   \
		if (PG_ARGISNULL(1) || PG_ARGISNULL(2))                                                    \
			return unchanged_state(fcinfo);                                                        \
		return count_points(fcinfo, money_arg_##type(fcinfo, 2),                                   \
							PG_NARGS() > 3 ? expiry_argument(fcinfo) : DATEVAL_NOEND);             \
	}

POINTS_TRANSITION(int2)
POINTS_TRANSITION(int4)
POINTS_TRANSITION(int8)
POINTS_TRANSITION(float4)
POINTS_TRANSITION(float8)
POINTS_TRANSITION(numeric)

/* Adds an account, or another worker's state, to the state: rollup's transition and combine. */
PG_FUNCTION_INFO_V1(points_account_combine);
Datum
points_account_combine(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(1))
		return unchanged_state(fcinfo);
	PG_RETURN_POINTER(points_count_all(points_state(fcinfo), points_arg(fcinfo, 1)));
}

/* Leaves the state as it is: under OVER () more rows follow. */
PG_FUNCTION_INFO_V1(points_account_final);
Datum
points_account_final(PG_FUNCTION_ARGS)
{
	check_aggregate(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_POINTER(make_points(0));
	PG_RETURN_POINTER(points_copy(points_arg(fcinfo, 0)));
}
