/*
 * The days of one history as running totals.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "classes/days.h"

static const RunningTotal no_days = {.day = DATEVAL_NOEND, .last_purchase = DATEVAL_NOBEGIN};

static void
add_day(RunningTotal *total, const HistoryDay *day)
{
	total->amount += day->amount;
	history_add_count(&total->orders, day->orders);
	history_add_count(&total->returns, day->returns);
	if (day->orders == 0)
		return;
	total->purchase_days++;
	total->last_purchase = day->day;
}

Days
read_days(const struct varlena *history)
{
	Days days = {.totals = &no_days, .first_purchase = DATEVAL_NOEND};
	RunningTotal total = no_days;
	RunningTotal *next;
	HistoryReader reader;
	HistoryDay day;

	if (history == NULL)
		return days;
	reader = history_reader(history);
	/* an entry takes two bytes or more */
	next = palloc_extended(((reader.end - reader.next) / 2 + 1) * sizeof(RunningTotal),
						   MCXT_ALLOC_HUGE);
	days.totals = next;
	while (history_read(&reader, &day))
	{
		CHECK_FOR_INTERRUPTS();
		*next = total;
		next++->day = day.day;
		add_day(&total, &day);
		if (total.purchase_days == 1 && day.orders > 0)
			days.first_purchase = day.day;
	}
	*next = total;
	return days;
}

UsualGap
usual_gap_before(const Days *days, const RunningTotal *until)
{
	int32 *gaps = palloc_extended(Max(until->purchase_days, 1) * sizeof(int32), MCXT_ALLOC_HUGE);
	int64 count = 0;

	for (const RunningTotal *total = days->totals; total < until; total++)
	{
		if (total->purchase_days > 0 && total[1].purchase_days > total->purchase_days)
			gaps[count++] = total->day - total->last_purchase;
	}
	return median_of_gaps(gaps, count);
}
