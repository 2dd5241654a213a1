/*
 * Durations of one customer, for survival_agg: to the next purchase, and to the first long silence.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "core/argument.h"
#include "core/row.h"
#include "history/history_window.h"

/* A duration_result. */
static Datum
duration_result(FunctionCallInfo fcinfo, int32 duration, bool ended)
{
	return row_result(fcinfo, (Datum[]){Int32GetDatum(duration), BoolGetDatum(ended)},
					  (bool[]){false, false});
}

static int32
at_least_one(const char *name, int32 value, const char *hint)
{
	if (value < 1)
		bad_parameter(name, psprintf("%d", value), hint);
	return value;
}

/*
 * Moves on to the day of the n-th purchase; false without one. What is left are the purchases of
 * that day that come after it.
 */
static bool
read_nth_purchase(HistoryWindow *window, int64 n, CountBy count_by, HistoryDay *day, int64 *left)
{
	while (history_window_read_purchase(window, day))
	{
		int64 purchases = purchases_of_day(day, count_by);

		if (purchases >= n)
		{
			*left = purchases - n;
			return true;
		}
		n -= purchases;
	}
	return false;
}

/* repeat_time(history, n, as_of, count_by) */
PG_FUNCTION_INFO_V1(repeat_time);
Datum
repeat_time(PG_FUNCTION_ARGS)
{
	int32 n = at_least_one("n", PG_GETARG_INT32(1), "Give the number of a purchase, from 1 on.");
	DateADT as_of = finite_date(PG_GETARG_DATEADT(2));
	CountBy count_by = count_by_argument(PG_GETARG_TEXT_PP(3));
	HistoryWindow window = history_window(history_argument(fcinfo, 0), DATEVAL_NOBEGIN, as_of);
	HistoryDay nth;
	HistoryDay next;
	int64 left;

	if (!read_nth_purchase(&window, n, count_by, &nth, &left))
		return empty_row_result(fcinfo);
	if (left > 0)
		return duration_result(fcinfo, 0, true);
	if (history_window_read_purchase(&window, &next))
		return duration_result(fcinfo, next.day - nth.day, true);
	return duration_result(fcinfo, as_of - 1 - nth.day, false);
}

/* The last purchase day before a silence of so many days, or of all; first is that before it. */
static DateADT
silent_since(HistoryWindow *window, DateADT first, int32 gap)
{
	DateADT last = first;
	HistoryDay day;

	while (history_window_read_purchase(window, &day) && day.day - last < gap)
		last = day.day;
	return last;
}

/* churn_time(history, gap, as_of) */
PG_FUNCTION_INFO_V1(churn_time);
Datum
churn_time(PG_FUNCTION_ARGS)
{
	int32 gap = at_least_one("gap", PG_GETARG_INT32(1), "Give a number of days of at least 1.");
	DateADT as_of = finite_date(PG_GETARG_DATEADT(2));
	HistoryWindow window = history_window(history_argument(fcinfo, 0), DATEVAL_NOBEGIN, as_of);
	HistoryDay first;
	int64 silent_on;

	if (!history_window_read_purchase(&window, &first))
		return empty_row_result(fcinfo);
	silent_on = (int64) silent_since(&window, first.day, gap) + gap;
	if (silent_on > as_of)
		return duration_result(fcinfo, as_of - first.day, false);
	return duration_result(fcinfo, (int32) (silent_on - first.day), true);
}
