/*
 * What one purchase history says: counts, revenue, first and last order, usual gap.
 *
 * Each measure takes (history), (history, as_of) or (history, from_date, as_of), and reads the
 * days from from_date to the one before as_of.
 */
#include "postgres.h"

#include "common/int.h"
#include "utils/builtins.h"

#include "core/money.h"
#include "history/history.h"

typedef struct WindowReader
{
	HistoryReader reader;
	DateADT from_date;
	DateADT as_of;
} WindowReader;

static WindowReader
window_argument(FunctionCallInfo fcinfo)
{
	WindowReader window = {.reader = history_reader(history_argument(fcinfo, 0)),
						   .from_date = DATEVAL_NOBEGIN,
						   .as_of = DATEVAL_NOEND};

	if (PG_NARGS() > 1)
		window.as_of = PG_GETARG_DATEADT(PG_NARGS() - 1);
	if (PG_NARGS() > 2)
		window.from_date = PG_GETARG_DATEADT(1);
	return window;
}

static inline bool
read_window(WindowReader *window, HistoryDay *day)
{
	while (history_read(&window->reader, day) && day->day < window->as_of)
	{
		if (day->day >= window->from_date)
			return true;
	}
	return false;
}

static inline bool
read_purchase_day(WindowReader *window, HistoryDay *day)
{
	while (read_window(window, day))
	{
		if (day->orders > 0)
			return true;
	}
	return false;
}

void
history_add_count(int64 *sum, int64 count)
{
	if (pg_add_s64_overflow(*sum, count, sum))
		ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
						errmsg("number of orders out of range for bigint"),
						errhint("Count fewer days at a time.")));
}

PG_FUNCTION_INFO_V1(order_count);
Datum
order_count(PG_FUNCTION_ARGS)
{
	WindowReader window = window_argument(fcinfo);
	HistoryDay day;
	int64 count = 0;

	while (read_window(&window, &day))
		history_add_count(&count, day.orders);
	PG_RETURN_INT64(count);
}

PG_FUNCTION_INFO_V1(return_count);
Datum
return_count(PG_FUNCTION_ARGS)
{
	WindowReader window = window_argument(fcinfo);
	HistoryDay day;
	int64 count = 0;

	while (read_window(&window, &day))
		history_add_count(&count, day.returns);
	PG_RETURN_INT64(count);
}

PG_FUNCTION_INFO_V1(purchase_days);
Datum
purchase_days(PG_FUNCTION_ARGS)
{
	WindowReader window = window_argument(fcinfo);
	HistoryDay day;
	int64 count = 0;

	while (read_purchase_day(&window, &day))
		count++;
	PG_RETURN_INT64(count);
}

PG_FUNCTION_INFO_V1(revenue);
Datum
revenue(PG_FUNCTION_ARGS)
{
	WindowReader window = window_argument(fcinfo);
	HistoryDay day;
	int128 total = 0;

	while (read_window(&window, &day))
		total += day.amount;
	PG_RETURN_NUMERIC(money_total(total));
}

PG_FUNCTION_INFO_V1(average_order);
Datum
average_order(PG_FUNCTION_ARGS)
{
	WindowReader window = window_argument(fcinfo);
	HistoryDay day;
	int64 orders = 0;
	int128 total = 0;

	while (read_window(&window, &day))
	{
		history_add_count(&orders, day.orders);
		total += day.amount;
	}
	if (orders == 0)
		PG_RETURN_NULL();
	PG_RETURN_DATUM(DirectFunctionCall2(numeric_div, NumericGetDatum(money_total(total)),
										NumericGetDatum(int64_to_numeric(orders))));
}

PG_FUNCTION_INFO_V1(first_order);
Datum
first_order(PG_FUNCTION_ARGS)
{
	WindowReader window = window_argument(fcinfo);
	HistoryDay day;

	if (!read_purchase_day(&window, &day))
		PG_RETURN_NULL();
	PG_RETURN_DATEADT(day.day);
}

PG_FUNCTION_INFO_V1(last_order);
Datum
last_order(PG_FUNCTION_ARGS)
{
	WindowReader window = window_argument(fcinfo);
	HistoryDay day;
	DateADT last = 0;
	bool found = false;

	for (; read_purchase_day(&window, &day); found = true)
		last = day.day;
	if (!found)
		PG_RETURN_NULL();
	PG_RETURN_DATEADT(last);
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
list_gaps(WindowReader *window, int64 *count)
{
	int64 most = (window->reader.end - window->reader.next) / 2;
	int32 *gaps = palloc_extended(Max(most, 1) * sizeof(int32), MCXT_ALLOC_HUGE);
	HistoryDay day;
	DateADT previous;

	*count = 0;
	if (!read_purchase_day(window, &day))
		return gaps;
	for (previous = day.day; read_purchase_day(window, &day); previous = day.day)
		gaps[(*count)++] = day.day - previous;
	return gaps;
}

PG_FUNCTION_INFO_V1(gap_days);
Datum
gap_days(PG_FUNCTION_ARGS)
{
	WindowReader window = window_argument(fcinfo);
	int64 count;
	int32 *gaps = list_gaps(&window, &count);
	double median;

	if (count == 0)
		PG_RETURN_NULL();
	qsort(gaps, count, sizeof(int32), compare_gaps);
	median = ((double) gaps[(count - 1) / 2] + gaps[count / 2]) / 2.0;
	pfree(gaps);
	PG_RETURN_FLOAT8(median);
}

/* The days before a date: they come first, so their bytes are the result's. */
PG_FUNCTION_INFO_V1(as_of);
Datum
as_of(PG_FUNCTION_ARGS)
{
	const struct varlena *history = history_argument(fcinfo, 0);
	DateADT date = PG_GETARG_DATEADT(1);
	HistoryReader reader = history_reader(history);
	const uint8 *end = reader.next;
	HistoryDay day;
	Size size;
	struct varlena *result;

	while (history_read(&reader, &day) && day.day < date)
		end = reader.next;
	size = end - (const uint8 *) VARDATA_ANY(history);
	result = palloc(VARHDRSZ + size);
	SET_VARSIZE(result, VARHDRSZ + size);
	memcpy(VARDATA(result), VARDATA_ANY(history), size);
	PG_RETURN_POINTER(result);
}
