/*
 * How often a customer bought, and since when: what frequency classes and stages stand on.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "core/argument.h"
#include "core/day_zone.h"
#include "segments/purchases.h"

DateADT
span_start(const char *name, DateADT as_of, const Interval *span)
{
	Datum start = DirectFunctionCall2(date_mi_interval, DateADTGetDatum(finite_date(as_of)),
									  IntervalPGetDatum(span));
	DateADT day = day_of_timestamp(finite_timestamp(DatumGetTimestamp(start)));

	if (day >= as_of)
		bad_parameter(name,
					  DatumGetCString(DirectFunctionCall1(interval_out, IntervalPGetDatum(span))),
					  "Give a span of at least a day, such as '6 months'.");
	return day;
}

int64
count_purchases(HistoryWindow window, CountBy count_by)
{
	HistoryDay day;
	int64 count = 0;

	while (history_window_read_purchase(&window, &day))
		history_add_count(&count, purchases_of_day(&day, count_by));
	return count;
}

int32
purchases_argument(const char *name, int32 purchases)
{
	if (purchases < 1)
		bad_parameter(name, psprintf("%d", purchases), "Give a number of purchases of at least 1.");
	return purchases;
}
