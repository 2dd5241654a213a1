/*
 * What a points account holds on a day: earned, redeemed, expired and left.
 *
 * Points that are gone at the start of a day are the last ones not redeemed before. More redeemed
 * than there were is a debt, which what is earned later pays first.
 */
#include "postgres.h"

#include "lib/binaryheap.h"
#include "miscadmin.h"
#include "utils/builtins.h"

#include "core/argument.h"
#include "core/money.h"
#include "core/row.h"
#include "programme/points_account.h"

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

/* The entries of the days before one. */
static int
entries_before(const PointsAccount *account, DateADT day)
{
	int count = 0;

	while (count < account->count && account->entries[count].day < day)
	{
		CHECK_FOR_INTERRUPTS();
		count++;
	}
	return count;
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
	int count = entries_before(account, as_of);
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
		balance = sum_entries(account, entries_before(account, as_of));
	else
		balance = balance_of_validity(account, days_argument("valid", PG_GETARG_INT32(1), 1), as_of,
									  within);
	return balance_result(fcinfo, &balance);
}

/* Points of one day and one day of expiry, as far as they are left. */
typedef struct Lot
{
	int64 left;
	DateADT expires_on;
} Lot;

/* The heap's first is its largest: that which expires soonest. */
static int
compare_lots(Datum a, Datum b, void *unused pg_attribute_unused())
{
	const Lot *lot = (const Lot *) DatumGetPointer(a);
	const Lot *other = (const Lot *) DatumGetPointer(b);

	return (lot->expires_on < other->expires_on) - (lot->expires_on > other->expires_on);
}

static Lot *
first_lot(binaryheap *lots)
{
	return binaryheap_empty(lots) ? NULL : (Lot *) DatumGetPointer(binaryheap_first(lots));
}

/* Takes out what expires up to a day; gives how much that was. */
static int64
expire(binaryheap *lots, int64 until)
{
	int64 expired = 0;

	for (Lot *lot; (lot = first_lot(lots)) != NULL && lot->expires_on <= until;
		 binaryheap_remove_first(lots))
	{
		CHECK_FOR_INTERRUPTS();
		expired += lot->left;
	}
	return expired;
}

/* Takes points out, the soonest to expire first; gives how many were not there. */
static int64
redeem(binaryheap *lots, int64 points)
{
	Lot *lot;

	while (points > 0 && (lot = first_lot(lots)) != NULL)
	{
		int64 taken = Min(points, lot->left);

		CHECK_FOR_INTERRUPTS();
		points -= taken;
		lot->left -= taken;
		if (lot->left == 0)
			binaryheap_remove_first(lots);
	}
	return points;
}

/* One day: what it earns is there before it is redeemed, but not where it had expired already. */
static int
book_day(const PointsAccount *account, int i, int count, Lot *room, binaryheap *lots,
		 PointsBalance *balance, int64 *debt)
{
	DateADT day = account->entries[i].day;

	balance->expired += expire(lots, day);
	for (; i < count && account->entries[i].day == day; i++)
	{
		const PointsEntry *entry = &account->entries[i];

		*debt += entry->redeemed;
		if (entry->earned == 0)
			continue;
		room[i] = (Lot){.left = entry->earned, .expires_on = entry->expires_on};
		binaryheap_add(lots, PointerGetDatum(&room[i]));
	}
	balance->expired += expire(lots, day);
	*debt = redeem(lots, *debt);
	return i;
}

static PointsBalance
balance_of_lots(const PointsAccount *account, DateADT as_of, int64 within)
{
	int count = entries_before(account, as_of);
	PointsBalance balance = sum_entries(account, count);
	Lot *room = palloc_extended(Max(count, 1) * sizeof(Lot), MCXT_ALLOC_HUGE);
	binaryheap *lots = binaryheap_allocate(Max(count, 1), compare_lots, NULL);
	int64 debt = 0;

	for (int i = 0; i < count;)
	{
		CHECK_FOR_INTERRUPTS();
		i = book_day(account, i, count, room, lots, &balance, &debt);
	}
	balance.expired += expire(lots, as_of);
	balance.expiring = expire(lots, Min(as_of + within, DATEVAL_NOEND - 1));
	binaryheap_free(lots);
	pfree(room);
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
