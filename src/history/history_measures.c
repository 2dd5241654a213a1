/*
 * What one purchase history says: counts, revenue, first and last order, usual gap.
 *
 * Each measure takes (history), (history, as_of) or (history, from_date, as_of), and reads the
 * days from from_date to the one before as_of.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "core/money.h"
#include "history/history_window.h"

static HistoryWindow
window_argument(FunctionCallInfo fcinfo)
{
	DateADT from_date = PG_NARGS() > 2 ? PG_GETARG_DATEADT(1) : DATEVAL_NOBEGIN;
	DateADT as_of = PG_NARGS() > 1 ? PG_GETARG_DATEADT(PG_NARGS() - 1) : DATEVAL_NOEND;

	return history_window(history_argument(fcinfo, 0), from_date, as_of);
}

PG_FUNCTION_INFO_V1(order_count);
Datum
order_count(PG_FUNCTION_ARGS)
{
	HistoryWindow window = window_argument(fcinfo);
	HistoryDay day;
	int64 count = 0;

	while (history_window_read(&window, &day))
		history_add_count(&count, day.orders);
	PG_RETURN_INT64(count);
}

PG_FUNCTION_INFO_V1(return_count);
Datum
return_count(PG_FUNCTION_ARGS)
{
	HistoryWindow window = window_argument(fcinfo);
	HistoryDay day;
	int64 count = 0;

	while (history_window_read(&window, &day))
		history_add_count(&count, day.returns);
	PG_RETURN_INT64(count);
}

PG_FUNCTION_INFO_V1(purchase_days);
Datum
purchase_days(PG_FUNCTION_ARGS)
{
	HistoryWindow window = window_argument(fcinfo);
	HistoryDay day;
	int64 count = 0;

	while (history_window_read_purchase(&window, &day))
		count++;
	PG_RETURN_INT64(count);
}

PG_FUNCTION_INFO_V1(revenue);
Datum
revenue(PG_FUNCTION_ARGS)
{
	HistoryWindow window = window_argument(fcinfo);
	HistoryDay day;
	int128 total = 0;

	while (history_window_read(&window, &day))
		total += day.amount;
	PG_RETURN_NUMERIC(money_total(total));
}

PG_FUNCTION_INFO_V1(average_order);
Datum
average_order(PG_FUNCTION_ARGS)
{
	HistoryWindow window = window_argument(fcinfo);
	HistoryDay day;
	int64 orders = 0;
	int128 total = 0;

	while (history_window_read(&window, &day))
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
	DateADT first;

	if (!history_first_purchase(window_argument(fcinfo), &first))
		PG_RETURN_NULL();
	PG_RETURN_DATEADT(first);
}

PG_FUNCTION_INFO_V1(last_order);
Datum
last_order(PG_FUNCTION_ARGS)
{
	DateADT last;

	if (!history_last_purchase(window_argument(fcinfo), &last))
		PG_RETURN_NULL();
	PG_RETURN_DATEADT(last);
}

/* Of an order or a return. */
PG_FUNCTION_INFO_V1(last_day);
Datum
last_day(PG_FUNCTION_ARGS)
{
	HistoryWindow window = window_argument(fcinfo);
	HistoryDay day;
	DateADT last = DATEVAL_NOBEGIN;

	while (history_window_read(&window, &day))
		last = day.day;
	if (last == DATEVAL_NOBEGIN)
		PG_RETURN_NULL();
	PG_RETURN_DATEADT(last);
}

PG_FUNCTION_INFO_V1(gap_days);
Datum
gap_days(PG_FUNCTION_ARGS)
{
	UsualGap gap = history_usual_gap(window_argument(fcinfo));

	if (gap.count == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(gap.days);
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
