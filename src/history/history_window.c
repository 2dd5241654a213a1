/*
 * What counts as a purchase, and the usual gap of a customer: the median number of days from one
 * purchase day to the next.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "core/argument.h"
#include "history/history_window.h"

CountBy
count_by_argument(const text *name)
{
	static const char *const choices[] = {"days", "orders", NULL};

	return (CountBy) choice_argument("count_by", name, choices);
}

#define ST_SORT			 sort_gaps
#define ST_ELEMENT_TYPE	 int32
#define ST_COMPARE(a, b) ((*(a) > *(b)) - (*(a) < *(b)))
#define ST_SCOPE		 static
#define ST_CHECK_FOR_INTERRUPTS
#define ST_DEFINE
#include "lib/sort_template.h"

/* Days between one purchase day and the next; at least one entry takes two bytes. */
static int32 *
list_gaps(HistoryWindow *window, int64 *count)
{
	int64 most = (window->reader.end - window->reader.next) / 2;
	int32 *gaps = palloc_extended(Max(most, 1) * sizeof(int32), MCXT_ALLOC_HUGE);
	HistoryDay day;
	DateADT previous;

	*count = 0;
	if (!history_window_read_purchase(window, &day))
		return gaps;
	for (previous = day.day; history_window_read_purchase(window, &day); previous = day.day)
		gaps[(*count)++] = day.day - previous;
	return gaps;
}

UsualGap
median_of_gaps(int32 *gaps, int64 count)
{
	UsualGap gap = {.count = count};

	if (count > 0)
	{
		sort_gaps(gaps, count);
		gap.days = ((double) gaps[(count - 1) / 2] + gaps[count / 2]) / 2.0;
	}
	pfree(gaps);
	return gap;
}

UsualGap
history_usual_gap(HistoryWindow window)
{
	int64 count;
	int32 *gaps = list_gaps(&window, &count);

	return median_of_gaps(gaps, count);
}
