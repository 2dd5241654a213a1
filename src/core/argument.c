/*
 * Checks of parameters, with one wording for all capabilities.
 */
#include "postgres.h"

#include <math.h>

#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/date.h"

#include "core/argument.h"
#include "core/compat.h"

_Noreturn void
bad_parameter(const char *name, const char *value, const char *hint)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("invalid value for parameter \"%s\": %s", name, value), errhint("%s", hint)));
	pg_unreachable();
}

static char *
list_choices(const char *const *choices)
{
	StringInfoData list;

	initStringInfo(&list);
	appendStringInfoString(&list, "Use one of");
	for (; *choices != NULL; choices++)
		appendStringInfo(&list, " '%s'%s", *choices, choices[1] ? "," : ".");
	return list.data;
}

int
choice_argument(const char *name, const text *value, const char *const *choices)
{
	const char *chars = VARDATA_ANY(value);
	size_t length = VARSIZE_ANY_EXHDR(value);

	for (int i = 0; choices[i] != NULL; i++)
	{
		if (strlen(choices[i]) == length && memcmp(choices[i], chars, length) == 0)
			return i;
	}
	bad_parameter(name, psprintf("\"%s\"", text_to_cstring(value)), list_choices(choices));
}

double
level_argument(double level)
{
	if (!(level > 0.0 && level < 1.0))
		bad_parameter("level", psprintf("%g", level),
					  "Give a confidence level between 0 and 1, such as 0.95.");
	return level;
}

double
range_argument(const char *name, double value, double lowest, double highest)
{
	if (!(value >= lowest && value <= highest))
		bad_parameter(name, psprintf("%.15g", value),
					  psprintf("Give a number from %.15g to %.15g.", lowest, highest));
	return value;
}

_Noreturn static void
infinite_time(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
			 errmsg("an infinite date or timestamp belongs to no day"),
			 errhint("Leave such rows out, for example with FILTER (WHERE isfinite(...)).")));
	pg_unreachable();
}

_Noreturn void
before_first_date(const char *what)
{
	ereport(ERROR, (errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
					errmsg("%s lies before the first date", what),
					errhint("Dates begin with 4714-11-24 BC.")));
	pg_unreachable();
}

DateADT
finite_date(DateADT date)
{
	if (DATE_NOT_FINITE(date))
		infinite_time();
	return date;
}

Timestamp
finite_timestamp(Timestamp at)
{
	if (TIMESTAMP_NOT_FINITE(at))
		infinite_time();
	return at;
}

_Noreturn void
refuse_time_zone(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("time_zone applies to timestamptz only"),
			 errhint("Leave the time zone out: a date or timestamp is already in local time.")));
	pg_unreachable();
}

_Noreturn void
require_time_zone(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("timestamptz needs a time_zone"),
			 errhint("Name the time zone whose days are meant, such as 'Europe/Berlin' or 'UTC'; "
					 "an untyped literal needs a type, such as date '2025-01-31'.")));
	pg_unreachable();
}
