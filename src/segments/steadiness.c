/*
 * How steadily a customer buys: XYZ class, coefficient of variation and demand interval of the
 * amounts per calendar period, periods without purchases included.
 */
#include "postgres.h"

#include "miscadmin.h"

#include "history/history_periods.h"
#include "segments/variation.h"

/* (history, period, from_date, as_of, ...): from the later of from_date and the first order on */
static HistoryPeriods
periods_argument(FunctionCallInfo fcinfo)
{
	Period period = period_argument(PG_GETARG_TEXT_PP(1));
	HistoryPeriods periods = history_periods(history_argument(fcinfo, 0), period,
											 PG_GETARG_DATEADT(2), PG_GETARG_DATEADT(3));
	int32 first;

	if (!history_first_period(periods.reader, period, &first))
		periods.next = periods.end;
	else
		periods.next = Max(periods.next, first);
	return periods;
}

/* Periods without purchases add to the number alone. */
static Moments
moments_of(HistoryPeriods periods)
{
	Moments moments = {.count = Max((int64) periods.end - periods.next, 0)};
	HistoryDay period;

	while (history_read_active_period(&periods, &period))
	{
		CHECK_FOR_INTERRUPTS();
		moments.sum += period.amount;
		add_square(&moments.squares, period.amount);
	}
	return moments;
}

PG_FUNCTION_INFO_V1(xyz_class_history);
Datum
xyz_class_history(PG_FUNCTION_ARGS)
{
	VariationLimits limits = variation_limits(PG_GETARG_DATUM(4), PG_GETARG_DATUM(5));
	Moments moments = moments_of(periods_argument(fcinfo));

	if (!has_variation(&moments))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(xyz_class_of(&moments, limits));
}

PG_FUNCTION_INFO_V1(variation_history);
Datum
variation_history(PG_FUNCTION_ARGS)
{
	Moments moments = moments_of(periods_argument(fcinfo));

	if (!has_variation(&moments))
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(variation_of(&moments));
}

/* From the first active period to the last, by the number of steps between active ones. */
PG_FUNCTION_INFO_V1(demand_interval_history);
Datum
demand_interval_history(PG_FUNCTION_ARGS)
{
	HistoryPeriods periods = periods_argument(fcinfo);
	HistoryDay period;
	int64 active = 0;
	int32 first = 0;
	int32 last = 0;

	while (history_read_active_period(&periods, &period))
	{
		CHECK_FOR_INTERRUPTS();
		if (period.orders == 0)
			continue;
		last = periods.next;
		if (active++ == 0)
			first = last;
	}
	if (active < 2)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8((double) (last - first) / (double) (active - 1));
}
