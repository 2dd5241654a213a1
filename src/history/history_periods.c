/*
 * A purchase history by complete calendar periods, those without purchases included.
 */
#include "postgres.h"

#include "core/argument.h"
#include "history/history_periods.h"
#include "history/history_window.h"

bool
history_first_period(HistoryReader reader, Period period, int32 *number)
{
	HistoryWindow all = {.reader = reader, .from_date = DATEVAL_NOBEGIN, .as_of = DATEVAL_NOEND};
	DateADT first;

	if (!history_first_purchase(all, &first))
		return false;
	*number = period_number(period, first);
	return true;
}

int32
first_whole_period(Period period, DateADT day)
{
	int32 number = period_number(period, day);

	return period_first_day(period, number) < day ? number + 1 : number;
}

/* Moves the reader past the days before end and adds up those from start on. */
static HistoryDay
sum_days(HistoryReader *reader, DateADT start, DateADT end)
{
	HistoryDay sum = {.day = start};
	HistoryReader ahead = *reader;
	HistoryDay day;

	while (history_read(&ahead, &day) && day.day < end)
	{
		*reader = ahead;
		if (day.day < start)
			continue;
		history_add_count(&sum.orders, day.orders);
		history_add_count(&sum.returns, day.returns);
		sum.amount += day.amount;
	}
	return sum;
}

HistoryPeriods
history_periods(const struct varlena *history, Period period, DateADT from_date, DateADT as_of)
{
	HistoryPeriods periods = {.reader = history_reader(history), .period = period};

	periods.end = period_number(period, finite_date(as_of));
	periods.next = periods.end;
	if (DATE_IS_NOBEGIN(from_date))
		history_first_period(periods.reader, period, &periods.next);
	else if (!DATE_IS_NOEND(from_date))
		periods.next = first_whole_period(period, from_date);
	return periods;
}

bool
history_read_period(HistoryPeriods *periods, HistoryDay *sum)
{
	if (periods->next >= periods->end)
		return false;
	*sum = sum_days(&periods->reader, period_first_day(periods->period, periods->next),
					period_first_day(periods->period, periods->next + 1));
	periods->next++;
	return true;
}

bool
history_read_active_period(HistoryPeriods *periods, HistoryDay *sum)
{
	HistoryReader ahead = periods->reader;
	HistoryDay day;
	int32 number;

	do
	{
		if (periods->next >= periods->end || !history_read(&ahead, &day))
			return false;
		number = period_number(periods->period, day.day);
	} while (number < periods->next);
	periods->next = number;
	return history_read_period(periods, sum);
}
