/*
 * The type points_account: its operators and hash.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "core/comparison.h"
#include "programme/points_account.h"

static void
append_all(PointsAccount *sum, const PointsAccount *account)
{
	for (int i = 0; i < account->count; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (!points_append(sum, &account->entries[i]))
			too_many_points();
	}
}

PG_FUNCTION_INFO_V1(points_account_add);
Datum
points_account_add(PG_FUNCTION_ARGS)
{
	const PointsAccount *a = points_arg(fcinfo, 0);
	const PointsAccount *b = points_arg(fcinfo, 1);
	PointsAccount *sum = make_points((int64) a->count + b->count);

	append_all(sum, a);
	append_all(sum, b);
	points_sort(sum);
	PG_RETURN_POINTER(points_copy(sum));
}

static int
compare_int64(int64 a, int64 b)
{
	return (a > b) - (a < b);
}

static int
compare_entries(const PointsEntry *a, const PointsEntry *b)
{
	int order = compare_entry_places(a, b);

	if (order != 0)
		return order;
	if (a->earned != b->earned)
		return compare_int64(a->earned, b->earned);
	return compare_int64(a->redeemed, b->redeemed);
}

/* The first entry that differs decides: an order that groups, and means nothing else. */
static int
compare_accounts(const PointsAccount *a, const PointsAccount *b)
{
	for (int i = 0; i < Min(a->count, b->count); i++)
	{
		int order = compare_entries(&a->entries[i], &b->entries[i]);

		if (order != 0)
			return order;
	}
	return compare_int64(a->count, b->count);
}

COMPARISON_FUNCTIONS(points_account, points_arg, compare_accounts)

/* What makes a value. */
static const PointsEntry *
hashed_part(const PointsAccount *account, int *length)
{
	*length = account->count * (int) sizeof(PointsEntry);
	return account->entries;
}

HASH_FUNCTIONS(points_account, points_arg, hashed_part)
