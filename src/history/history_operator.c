/*
 * The type purchase_history: its operators and hash.
 */
#include "postgres.h"

#include "common/int.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/memutils.h"

#include "core/comparison.h"
#include "history/history.h"

PG_FUNCTION_INFO_V1(purchase_history_add);
Datum
purchase_history_add(PG_FUNCTION_ARGS)
{
	HistoryDays a = history_sorted_days(history_argument(fcinfo, 0));
	HistoryDays b = history_sorted_days(history_argument(fcinfo, 1));
	HistoryDays sum = {.count = a.count + b.count};

	sum.days = MemoryContextAllocHuge(CurrentMemoryContext, Max(sum.count, 1) * sizeof(HistoryDay));
	memcpy(sum.days, a.days, a.count * sizeof(HistoryDay));
	memcpy(sum.days + a.count, b.days, b.count * sizeof(HistoryDay));
	if (!history_normalize(&sum))
		history_overflow();
	PG_RETURN_POINTER(history_pack(sum));
}

_Noreturn static void
nothing_to_remove(DateADT day)
{
	char *date = DatumGetCString(DirectFunctionCall1(date_out, DateADTGetDatum(day)));

	ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					errmsg("purchases of %s are not there to remove", date),
					errhint("Subtract only what was added: the same days, counts and amounts.")));
	pg_unreachable();
}

/* Takes removed off day; true where something is left. */
static bool
subtract_from_day(HistoryDay *day, const HistoryDay *removed)
{
	day->orders -= removed->orders;
	day->returns -= removed->returns;
	day->amount -= removed->amount;
	if (day->orders == 0 && day->returns == 0 && day->amount == 0)
		return false;
	if (history_day_error(day) != NULL)
		nothing_to_remove(day->day);
	return true;
}

/* The same, where removed may hold what is not there: that is left out. */
static bool
clear_from_day(HistoryDay *day, const HistoryDay *removed)
{
	day->orders = Max(day->orders - removed->orders, 0);
	day->returns = Max(day->returns - removed->returns, 0);
	day->amount -= removed->amount;
	if (day->returns == 0)
		day->amount = Max(day->amount, 0);
	if (day->orders == 0)
		day->amount = Min(day->amount, -1);
	day->amount = Min(Max(day->amount, 1 - HISTORY_DAY_LIMIT), HISTORY_DAY_LIMIT - 1);
	return day->orders > 0 || day->returns > 0;
}

static Datum
subtract(FunctionCallInfo fcinfo, bool strict)
{
	HistoryDays list = history_sorted_days(history_argument(fcinfo, 0));
	HistoryReader reader = history_reader(history_argument(fcinfo, 1));
	HistoryDay removed;
	int64 i = 0;
	int64 left = 0;

	while (history_read(&reader, &removed))
	{
		CHECK_FOR_INTERRUPTS();
		while (i < list.count && list.days[i].day < removed.day)
			list.days[left++] = list.days[i++];
		if (i == list.count || list.days[i].day != removed.day)
		{
			if (strict)
				nothing_to_remove(removed.day);
			continue;
		}
		if (strict ? subtract_from_day(&list.days[i], &removed)
				   : clear_from_day(&list.days[i], &removed))
			list.days[left++] = list.days[i];
		i++;
	}
	while (i < list.count)
		list.days[left++] = list.days[i++];
	list.count = left;
	PG_RETURN_POINTER(history_pack(list));
}

PG_FUNCTION_INFO_V1(purchase_history_subtract);
Datum
purchase_history_subtract(PG_FUNCTION_ARGS)
{
	return subtract(fcinfo, true);
}

PG_FUNCTION_INFO_V1(history_less);
Datum
history_less(PG_FUNCTION_ARGS)
{
	return subtract(fcinfo, false);
}

/* By their bytes: an order that groups and removes duplicates, and means nothing else. */
static int
compare_histories(const struct varlena *a, const struct varlena *b)
{
	size_t size_a = VARSIZE_ANY_EXHDR(a);
	size_t size_b = VARSIZE_ANY_EXHDR(b);
	int order = memcmp(VARDATA_ANY(a), VARDATA_ANY(b), Min(size_a, size_b));

	return order != 0 ? order : (size_a > size_b) - (size_a < size_b);
}

COMPARISON_FUNCTIONS(purchase_history, history_argument, compare_histories)

/* What makes a value. */
static const char *
hashed_part(const struct varlena *history, int *length)
{
	*length = (int) VARSIZE_ANY_EXHDR(history);
	return VARDATA_ANY(history);
}

HASH_FUNCTIONS(purchase_history, history_argument, hashed_part)
