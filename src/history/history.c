/*
 * The type purchase_history: all days of a value at once, unpacked, put in order, packed.
 */
#include "postgres.h"

#include "common/int.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "history/history.h"

/* Forty years: more days than that are merged by sorting. */
#define MOST_PLACES 15000

#define DAYS_PER_CHECK 4096 /* for interrupts */

_Noreturn void
history_overflow(void)
{
	ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
					errmsg("purchase_history holds too much on one day"),
					errhint("A day holds up to 2^63 orders and an amount of up to 10^26.")));
	pg_unreachable();
}

void
history_add_count(int64 *sum, int64 count)
{
	if (pg_add_s64_overflow(*sum, count, sum))
		ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
						errmsg("number of orders out of range for bigint"),
						errhint("Count fewer days at a time.")));
}

/* Why a day cannot be part of a history, or NULL. Every way into the type asks here. */
const char *
history_day_error(const HistoryDay *day)
{
	if (day->orders < 0 || day->returns < 0)
		return "Counts are not negative.";
	if (day->orders == 0 && day->returns == 0)
		return "A day has an order or a return.";
	if (day->returns == 0 && day->amount < 0)
		return "A day without returns has no negative amount.";
	if (day->orders == 0 && day->amount >= 0)
		return "A day of returns only has a negative amount.";
	if (day->amount <= -HISTORY_DAY_LIMIT || day->amount >= HISTORY_DAY_LIMIT)
		return "A day's amount is below 10^26.";
	return NULL;
}

/* The entries as they come: for a log, neither in order nor one a day. */
HistoryDays
history_unpack(const struct varlena *history)
{
	HistoryReader reader = history_reader(history);
	int64 most = (reader.end - reader.next) / 2; /* an entry takes two bytes or more */
	HistoryDays list = {.count = 0};

	/* one more, for what history_read() fills in before it finds the end, or the damage */
	list.days = MemoryContextAllocHuge(CurrentMemoryContext, (most + 1) * sizeof(HistoryDay));
	while (history_read(&reader, &list.days[list.count]))
	{
		if (++list.count % DAYS_PER_CHECK == 0)
			CHECK_FOR_INTERRUPTS();
	}
	return list;
}

/* The parts of an error. */
int
err_history_too_large(void)
{
	errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED);
	errmsg("purchase_history too large");
	errhint("A value holds up to 22 million days.");
	return 0;
}

/* 54000 past HISTORY_DAYS. */
History *
history_pack(HistoryDays list)
{
	History *history;
	uint8 *out;
	DateADT previous = 0;

	if (list.count > HISTORY_DAYS)
		ereport(ERROR, err_history_too_large());
	history = palloc(offsetof(History, entries) + list.count * HISTORY_ENTRY_SIZE);
	history->form = HISTORY_FORM;
	out = history->entries;
	for (int64 i = 0; i < list.count; i++)
	{
		if (i % DAYS_PER_CHECK == 0)
			CHECK_FOR_INTERRUPTS();
		out += history_write(out, &list.days[i], previous);
		previous = list.days[i].day;
	}
	SET_VARSIZE(history, out - (uint8 *) history);
	return history;
}

#define ST_SORT			 sort_days
#define ST_ELEMENT_TYPE	 HistoryDay
#define ST_COMPARE(a, b) (((a)->day > (b)->day) - ((a)->day < (b)->day))
#define ST_SCOPE		 static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

/* False where the sum cannot be held. */
static bool
add_to_day(HistoryDay *sum, const HistoryDay *day)
{
	if (pg_add_s64_overflow(sum->orders, day->orders, &sum->orders) ||
		pg_add_s64_overflow(sum->returns, day->returns, &sum->returns))
		return false;
	sum->amount += day->amount;
	return sum->amount > -HISTORY_DAY_LIMIT && sum->amount < HISTORY_DAY_LIMIT;
}

static bool
merge_by_sorting(HistoryDays *list)
{
	HistoryDay *last = list->days;

	sort_days(list->days, list->count);
	for (int64 i = 1; i < list->count; i++)
	{
		HistoryDay *day = &list->days[i];

		if (day->day != last->day)
			*++last = *day;
		else if (!add_to_day(last, day))
			return false;
	}
	list->count = last - list->days + 1;
	return true;
}

/* With a place for each day of the span, in time that does not grow with the logarithm. */
static bool
merge_by_place(HistoryDays *list, DateADT first, int64 span)
{
	HistoryDay *places = palloc0(span * sizeof(HistoryDay));
	bool fits = true;

	for (int64 i = 0; i < list->count && fits; i++)
	{
		places[list->days[i].day - first].day = list->days[i].day;
		fits = add_to_day(&places[list->days[i].day - first], &list->days[i]);
	}
	list->count = 0;
	for (int64 i = 0; i < span; i++)
	{
		if (places[i].orders > 0 || places[i].returns > 0)
			list->days[list->count++] = places[i];
	}
	pfree(places);
	return fits;
}

/* Puts entries in order, one a day. False where a day cannot be held. */
bool
history_normalize(HistoryDays *list)
{
	int64 first = PG_INT32_MAX;
	int64 last = PG_INT32_MIN;

	CHECK_FOR_INTERRUPTS();
	for (int64 i = 0; i < list->count; i++)
	{
		first = Min(first, list->days[i].day);
		last = Max(last, list->days[i].day);
	}
	if (list->count < 2)
		return true;
	if (last - first < Min(list->count, MOST_PLACES))
		return merge_by_place(list, first, last - first + 1);
	return merge_by_sorting(list);
}

HistoryDays
history_sorted_days(const struct varlena *history)
{
	HistoryDays list = history_unpack(history);

	if (is_history_log(history) && !history_normalize(&list))
		history_overflow();
	return list;
}
