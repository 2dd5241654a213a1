/*
 * Whether a customer came back within a window of days after the first purchase.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "core/argument.h"
#include "history/history_window.h"

static int64
days_argument(FunctionCallInfo fcinfo, int n, const char *name)
{
	int32 days = PG_GETARG_INT32(n);

	if (days < 1)
		bad_parameter(name, psprintf("%d", days), "Give a number of days of at least 1.");
	return days;
}

/* returned_within(history, from_day, days, as_of): NULL until the whole window has been seen */
PG_FUNCTION_INFO_V1(returned_within);
Datum
returned_within(PG_FUNCTION_ARGS)
{
	int64 from_day = days_argument(fcinfo, 1, "from_day");
	int64 days = days_argument(fcinfo, 2, "days");
	DateADT as_of = finite_date(PG_GETARG_DATEADT(3));
	HistoryWindow window = history_window(history_argument(fcinfo, 0), DATEVAL_NOBEGIN, as_of);
	HistoryDay purchase;
	int64 from_date;

	if (!history_window_read_purchase(&window, &purchase))
		PG_RETURN_NULL();
	from_date = purchase.day + from_day;
	if (from_date + days > as_of)
		PG_RETURN_NULL();
	while (history_window_read_purchase(&window, &purchase) && purchase.day < from_date + days)
	{
		if (purchase.day >= from_date)
			PG_RETURN_BOOL(true);
	}
	PG_RETURN_BOOL(false);
}
