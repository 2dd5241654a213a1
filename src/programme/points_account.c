/*
 * The type points_account: making and ordering a value.
 */
#include "postgres.h"

#include "common/int.h"
#include "miscadmin.h"

#include "programme/points_account.h"

_Noreturn void
too_many_points(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE), errmsg("too many points in one value"),
			 errdetail("Earned and redeemed ones together are more than 922 trillion."),
			 errhint("Keep the parts in values of their own.")));
	pg_unreachable();
}

int
err_points_too_large(void)
{
	errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED);
	errmsg("points_account value too large");
	errhint("Make a value per customer: each holds up to 22 million days and days of expiry.");
	return 0;
}

PointsAccount *
make_points(int64 capacity)
{
	Size size = offsetof(PointsAccount, entries) + capacity * sizeof(PointsEntry);
	PointsAccount *account;

	if (capacity > POINTS_ENTRIES)
		ereport(ERROR, err_points_too_large());
	account = palloc0(size);
	SET_VARSIZE(account, size);
	account->version = POINTS_VERSION;
	return account;
}

PointsAccount *
points_copy(const PointsAccount *account)
{
	PointsAccount *copy = make_points(account->count);

	memcpy(copy->entries, account->entries, account->count * sizeof(PointsEntry));
	copy->count = account->count;
	copy->sorted = account->sorted;
	copy->total = account->total;
	return copy;
}

static void
check_version(const PointsAccount *account)
{
	if (unlikely(account->version != POINTS_VERSION))
		ereport(ERROR,
				(errcode(ERRCODE_DATA_CORRUPTED),
				 errmsg("points_account value of unknown version %d", account->version),
				 errhint("It was written by another version of the extension: install that one.")));
}

const PointsAccount *
points_arg(FunctionCallInfo fcinfo, int n)
{
	PointsAccount *account = (PointsAccount *) PG_DETOAST_DATUM(PG_GETARG_DATUM(n));
	PointsAccount *sorted;

	check_version(account);
	if (account->sorted == account->count)
		return account;
	sorted = points_copy(account);
	PG_FREE_IF_COPY(account, n);
	points_sort(sorted);
	return sorted;
}

int
compare_entry_places(const PointsEntry *a, const PointsEntry *b)
{
	if (a->day != b->day)
		return a->day < b->day ? -1 : 1;
	return (a->expires_on > b->expires_on) - (a->expires_on < b->expires_on);
}

#define ST_SORT			 sort_entries
#define ST_ELEMENT_TYPE	 PointsEntry
#define ST_COMPARE(a, b) compare_entry_places(a, b)
#define ST_SCOPE		 static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

/* Nothing overflows: the total fits, so all parts do. */
void
points_sort(PointsAccount *account)
{
	PointsEntry *last = account->entries;

	if (account->sorted == account->count)
		return;
	sort_entries(account->entries, account->count);
	for (int i = 1; i < account->count; i++)
	{
		const PointsEntry *entry = &account->entries[i];

		if (compare_entry_places(last, entry) != 0)
		{
			*++last = *entry;
			continue;
		}
		last->earned += entry->earned;
		last->redeemed += entry->redeemed;
	}
	account->count = last - account->entries + 1;
	account->sorted = account->count;
}

/* What comes in order stays in order. */
bool
points_append(PointsAccount *account, const PointsEntry *entry)
{
	int32 last = account->count;

	if (pg_add_s64_overflow(account->total, entry->earned, &account->total) ||
		pg_add_s64_overflow(account->total, entry->redeemed, &account->total))
		return false;
	if (account->sorted == last &&
		(last == 0 || compare_entry_places(&account->entries[last - 1], entry) < 0))
		account->sorted++;
	account->entries[last] = *entry;
	account->count++;
	return true;
}
