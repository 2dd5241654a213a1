/*
 * The days and purchases of a purchase history within a half-open window.
 */
#ifndef CLIENTELE_HISTORY_WINDOW_H
#define CLIENTELE_HISTORY_WINDOW_H

#include "history/history.h"

typedef struct HistoryWindow
{
	HistoryReader reader;
	DateADT from_date; /* infinite dates set no bound */
	DateADT as_of;
} HistoryWindow;

/* What counts as a purchase: a day with orders, or each order. */
typedef enum CountBy
{
	COUNT_DAYS,
	COUNT_ORDERS
} CountBy;

typedef struct UsualGap
{
	int64 count; /* of gaps between purchase days */
	double days; /* their median; 0 without any */
} UsualGap;

/* 'days' or 'orders', else 22023. */
extern CountBy count_by_argument(const text *name);

extern UsualGap history_usual_gap(HistoryWindow window);

/* Of gaps in any order, which are freed. */
extern UsualGap median_of_gaps(int32 *gaps, int64 count);

static inline HistoryWindow
history_window(const struct varlena *history, DateADT from_date, DateADT as_of)
{
	return (HistoryWindow){
		.reader = history_reader(history), .from_date = from_date, .as_of = as_of};
}

/* The window's next day, or false after the last. */
static inline bool
history_window_read(HistoryWindow *window, HistoryDay *day)
{
	while (history_read(&window->reader, day) && day->day < window->as_of)
	{
		if (day->day >= window->from_date)
			return true;
	}
	return false;
}

/* The next one with an order. */
static inline bool
history_window_read_purchase(HistoryWindow *window, HistoryDay *day)
{
	while (history_window_read(window, day))
	{
		if (day->orders > 0)
			return true;
	}
	return false;
}

/* The window's first and last day with an order, or false without one. */
static inline bool
history_first_purchase(HistoryWindow window, DateADT *first)
{
	HistoryDay day;

	if (!history_window_read_purchase(&window, &day))
		return false;
	*first = day.day;
	return true;
}

static inline bool
history_last_purchase(HistoryWindow window, DateADT *last)
{
	HistoryDay day;
	bool found = false;

	for (; history_window_read_purchase(&window, &day); found = true)
		*last = day.day;
	return found;
}

/* Of a day with orders. */
static inline int64
purchases_of_day(const HistoryDay *day, CountBy count_by)
{
	return count_by == COUNT_DAYS ? 1 : day->orders;
}

#endif
