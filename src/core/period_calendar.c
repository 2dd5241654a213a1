/*
 * The numbers of periods for rows by the million: looked up, not computed.
 */
#include "postgres.h"

#include "utils/memutils.h"

#include "core/period.h"

static const int16 *
make_calendar(Period period)
{
	int16 *calendar = MemoryContextAlloc(TopMemoryContext, CALENDAR_DAYS * sizeof(int16));

	for (int i = 0; i < CALENDAR_DAYS; i++)
		calendar[i] = (int16) period_number(period, CALENDAR_FIRST_DAY + i);
	return calendar;
}

const int16 *
period_calendar(Period period)
{
	static const int16 *calendars[PERIOD_YEAR + 1];

	if (calendars[period] == NULL)
		calendars[period] = make_calendar(period);
	return calendars[period];
}
