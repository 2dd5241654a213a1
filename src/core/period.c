/*
 * Calendar periods: days, ISO weeks, months, quarters and years.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/datetime.h"

#include "core/argument.h"
#include "core/compat.h"
#include "core/day_zone.h"
#include "core/period.h"

/* The Monday of the ISO week that holds 2000-01-01, a Saturday, as a date. */
#define FIRST_MONDAY (-5)

#define BASE_YEAR 2000

static const char *const period_names[] = {"day", "week", "month", "quarter", "year", NULL};

Period
period_argument(const text *name)
{
	return (Period) choice_argument("period", name, period_names);
}

const char *
period_name(Period period)
{
	return period_names[period];
}

static int32
months_in(Period period)
{
	return period == PERIOD_MONTH ? 1 : period == PERIOD_QUARTER ? 3 : 12;
}

static int32
floor_divide(int32 dividend, int32 divisor)
{
	int32 quotient = dividend / divisor;

	return dividend % divisor < 0 ? quotient - 1 : quotient;
}

int32
period_number(Period period, DateADT day)
{
	int year;
	int month;
	int day_of_month;

	if (period == PERIOD_DAY)
		return day;
	if (period == PERIOD_WEEK)
		return floor_divide(day - FIRST_MONDAY, 7);
	j2date(day + POSTGRES_EPOCH_JDATE, &year, &month, &day_of_month);
	return floor_divide((year - BASE_YEAR) * MONTHS_PER_YEAR + month - 1, months_in(period));
}

/* The first day of a month that is counted from January 2000 on. */
static DateADT
month_first_day(int32 month)
{
	int32 year = floor_divide(month, MONTHS_PER_YEAR);

	return date2j(year + BASE_YEAR, month - year * MONTHS_PER_YEAR + 1, 1) - POSTGRES_EPOCH_JDATE;
}

bool
period_starts(Period period, int32 number, DateADT *first_day)
{
	if (period == PERIOD_DAY)
		*first_day = number;
	else if (period == PERIOD_WEEK)
		*first_day = number * 7 + FIRST_MONDAY;
	else
		*first_day = month_first_day(number * months_in(period));
	return IS_VALID_DATE(*first_day);
}

/* The first date is a Monday: only longer periods can begin before it. */
DateADT
period_first_day(Period period, int32 number)
{
	DateADT first_day;

	if (!period_starts(period, number, &first_day) && period > PERIOD_WEEK)
		before_first_date("the period's first day");
	return first_day;
}

static Datum
start_of_period(DateADT day, const text *name)
{
	Period period = period_argument(name);

	return DateADTGetDatum(period_first_day(period, period_number(period, day)));
}

PG_FUNCTION_INFO_V1(period_start_date);
Datum
period_start_date(PG_FUNCTION_ARGS)
{
	return start_of_period(finite_date(PG_GETARG_DATEADT(0)), PG_GETARG_TEXT_PP(1));
}

PG_FUNCTION_INFO_V1(period_start_timestamp);
Datum
period_start_timestamp(PG_FUNCTION_ARGS)
{
	Timestamp at = finite_timestamp(PG_GETARG_TIMESTAMP(0));

	return start_of_period(day_of_timestamp(at), PG_GETARG_TEXT_PP(1));
}

PG_FUNCTION_INFO_V1(period_start_timestamptz);
Datum
period_start_timestamptz(PG_FUNCTION_ARGS)
{
	TimestampTz at = finite_timestamp(PG_GETARG_TIMESTAMPTZ(0));
	DateADT day = day_in_zone(day_zone(PG_GETARG_TEXT_PP(2)), at);

	return start_of_period(day, PG_GETARG_TEXT_PP(1));
}

PG_FUNCTION_INFO_V1(local_day);
Datum
local_day(PG_FUNCTION_ARGS)
{
	TimestampTz at = finite_timestamp(PG_GETARG_TIMESTAMPTZ(0));

	PG_RETURN_DATEADT(day_in_zone(day_zone(PG_GETARG_TEXT_PP(1)), at));
}

/* Overloads that exist to refuse what would silently cast through the session's time zone. */
PG_FUNCTION_INFO_V1(time_zone_refused);
Datum
time_zone_refused(PG_FUNCTION_ARGS pg_attribute_unused())
{
	refuse_time_zone();
}

PG_FUNCTION_INFO_V1(time_zone_required);
Datum
time_zone_required(PG_FUNCTION_ARGS pg_attribute_unused())
{
	require_time_zone();
}
