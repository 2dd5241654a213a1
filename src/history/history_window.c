/*
 * What counts as a purchase, and the usual gap of a customer: the median number of days from one
 * purchase day to the next.
 */
#include "postgres.h"

#include "core/argument.h"
#include "history/history_window.h"

CountBy
count_by_argument(const text *name)
{
	static const char *const choices[] = {"days", "orders", NULL};

	return (CountBy) choice_argument("count_by", name, choices);
}

static int
compare_gaps(const void *a, const void *b)
{
	int32 gap_a = *(const int32 *) a;
	int32 gap_b = *(const int32 *) b;

	return (gap_a > gap_b) - (gap_a < gap_b);
}

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
history_usual_gap(HistoryWindow window)
{
	UsualGap gap;
	int32 *gaps = list_gaps(&window, &gap.count);

	gap.days = 0;
	if (gap.count > 0)
	{
		qsort(gaps, gap.count, sizeof(int32), compare_gaps);
		gap.days = ((double) gaps[(gap.count - 1) / 2] + gaps[gap.count / 2]) / 2.0;
	}
	pfree(gaps);
	return gap;
}
