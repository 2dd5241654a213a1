/*
 * What a points account holds on a day: earned, redeemed, expired and left.
 *
 * Points that are gone at the start of a day are the last ones not redeemed before. More redeemed
 * than there were is a debt, which what is earned later pays first.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/builtins.h"

#include "core/argument.h"
#include "core/money.h"
#include "core/row.h"
#include "programme/points_queue.h"

/* In 1/10000; no sum overflows, as the total of all entries fits. */
typedef struct PointsBalance
{
	int64 earned;
	int64 redeemed;
	int64 expired;
	int64 expiring;
} PointsBalance;

static Datum
balance_result(FunctionCallInfo fcinfo, const PointsBalance *balance)
{
	int64 left = balance->earned - balance->redeemed - balance->expired;
	int64 columns[] = {balance->earned, balance->redeemed, balance->expired,
					   Max(left, 0),	balance->expiring, Max(-left, 0)};
	Datum values[lengthof(columns)];
	bool nulls[lengthof(columns)] = {0};

	for (int i = 0; i < (int) lengthof(columns); i++)
		values[i] = NumericGetDatum(money_number(columns[i]));
	return row_result(fcinfo, values, nulls);
}

static int64
days_argument(const char *name, int32 days, int32 least)
{
	if (days < least)
		bad_parameter(name, psprintf("%d", days),
					  psprintf("Give a number of days of at least %d.", least));
	return days;
}

/* All that the first entries earned and redeemed. */
static PointsBalance
sum_entries(const PointsAccount *account, int count)
{
	PointsBalance sum = {.earned = 0};

	for (int i = 0; i < count; i++)
	{
		sum.earned += account->entries[i].earned;
		sum.redeemed += account->entries[i].redeemed;
	}
	return sum;
}

/*
 * One validity: the oldest expire first, so no queue is needed. Of all that was earned up to a day
 * what had not been redeemed before that day's points expire is gone then, or was before.
 */
static PointsBalance
balance_of_validity(const PointsAccount *account, int64 valid, DateADT as_of, int64 within)
{
	int count = points_entries_before(account, as_of);
	PointsBalance balance = sum_entries(account, count);
	int64 earned = 0;
	int64 redeemed = 0;
	int64 later = 0;
	int next = 0;

	for (int i = 0; i < count; i++)
	{
		int64 expires_on = account->entries[i].day + valid;

		earned += account->entries[i].earned;
		for (; next < count && account->entries[next].day < expires_on; next++)
			redeemed += account->entries[next].redeemed;
		if (expires_on <= as_of)
			balance.expired = Max(balance.expired, earned - redeemed);
		else if (expires_on <= as_of + within)
			later = earned - balance.redeemed;
	}
	balance.expiring = Max(later - balance.expired, 0);
	return balance;
}

/* (account, valid, as_of, expiring_within): valid NULL is for ever */
PG_FUNCTION_INFO_V1(points_balance_of_validity);
Datum
points_balance_of_validity(PG_FUNCTION_ARGS)
{
	PointsBalance balance;
	const PointsAccount *account;
	DateADT as_of;
	int64 within;

	if (PG_ARGISNULL(0) || PG_ARGISNULL(2) || PG_ARGISNULL(3))
		return empty_row_result(fcinfo);
	account = points_arg(fcinfo, 0);
	as_of = finite_date(PG_GETARG_DATEADT(2));
	within = days_argument("expiring_within", PG_GETARG_INT32(3), 0);
	if (PG_ARGISNULL(1))
		balance = sum_entries(account, points_entries_before(account, as_of));
	else
		balance = balance_of_validity(account, days_argument("valid", PG_GETARG_INT32(1), 1), as_of,
									  within);
	return balance_result(fcinfo, &balance);
}

static PointsBalance
balance_of_lots(const PointsAccount *account, DateADT as_of, int64 within)
{
	PointsBalance balance = sum_entries(account, points_entries_before(account, as_of));
	PointsQueue queue = {.debt = 0};

	balance.expired = points_queue_run(&queue, account, as_of);
	balance.expiring = points_queue_expire(&queue, Min(as_of + within, DATEVAL_NOEND - 1));
	points_queue_free(&queue);
	return balance;
}

/* (account, as_of, expiring_within): each as its own day of expiry says */
PG_FUNCTION_INFO_V1(points_balance_of_lots);
Datum
points_balance_of_lots(PG_FUNCTION_ARGS)
{
	PointsBalance balance =
		balance_of_lots(points_arg(fcinfo, 0), finite_date(PG_GETARG_DATEADT(1)),
						days_argument("expiring_within", PG_GETARG_INT32(2), 0));

	return balance_result(fcinfo, &balance);
}
