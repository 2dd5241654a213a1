/*
 * What a customer was in one calendar period after the other.
 */
#include "postgres.h"

#include "core/argument.h"
#include "activity/customer_activity.h"

/* Moves on to the next period with rows, if there is one. */
static void
read_next(ActivityReader *reader)
{
	HistoryWindow ahead = reader->window;
	HistoryDay day;

	reader->has_next = history_window_read(&ahead, &day);
	if (!reader->has_next)
		return;
	reader->next =
		(PeriodSum){.period = calendar_number(reader->calendar, reader->period, day.day)};
	do
	{
		history_add_count(&reader->next.orders, day.orders);
		reader->next.revenue += day.amount;
		reader->window = ahead;
	} while (history_window_read(&ahead, &day) &&
			 calendar_number(reader->calendar, reader->period, day.day) == reader->next.period);
}

ActivityReader
activity_reader(const struct varlena *history, Period period, DateADT as_of)
{
	ActivityReader reader = {.window = history_window(history, DATEVAL_NOBEGIN, as_of),
							 .period = period,
							 .calendar = period_calendar(period),
							 .under_way = period_number(period, finite_date(as_of))};

	read_next(&reader);
	return reader;
}

/* A customer who was active is lapsed in the next period, unless that one has rows of its own. */
static bool
lapses_before_next(const ActivityReader *reader)
{
	int32 period = reader->last_active.period + 1;

	return reader->has_bought && period > reader->last && period < reader->under_way &&
		   !(reader->has_next && reader->next.period <= period);
}

static ActivityStatus
status_of(const ActivityReader *reader, const PeriodSum *sum)
{
	bool was_active = reader->has_bought && reader->last_active.period == sum->period - 1;

	if (sum->orders == 0)
		return was_active && sum->period < reader->under_way ? ACTIVITY_LAPSED : ACTIVITY_INACTIVE;
	if (!reader->has_bought)
		return ACTIVITY_NEW;
	return was_active ? ACTIVITY_RETAINED : ACTIVITY_RETURNED;
}

static void
note_purchase(ActivityReader *reader, const PeriodSum *sum)
{
	if (!reader->has_bought)
		reader->first = sum->period;
	reader->has_bought = true;
	reader->last_active = *sum;
}

bool
activity_read(ActivityReader *reader, CustomerActivity *activity)
{
	bool lapses = lapses_before_next(reader);

	if (!lapses && !reader->has_next)
		return false;
	activity->sum = lapses ? (PeriodSum){.period = reader->last_active.period + 1} : reader->next;
	activity->status = status_of(reader, &activity->sum);
	activity->previous_revenue =
		reader->has_bought && reader->last_active.period == activity->sum.period - 1
			? reader->last_active.revenue
			: 0;
	reader->last = activity->sum.period;
	if (activity->sum.orders > 0)
		note_purchase(reader, &activity->sum);
	if (!lapses)
		read_next(reader);
	return true;
}
