/*
 * Names of calendar periods.
 */
#include "postgres.h"

#include "catalog/pg_collation.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/formatting.h"

#include "retention/retention_label.h"

text *
period_label(Period period, DateADT first_day)
{
	static const char *const formats[] = {"YYYY-MM-DD", "IYYY-\"W\"IW", "YYYY-MM", "YYYY-\"Q\"Q",
										  "YYYY"};
	Datum at = DirectFunctionCall1(date_timestamp, DateADTGetDatum(first_day));

	return DatumGetTextPP(DirectFunctionCall2Coll(timestamp_to_char, DEFAULT_COLLATION_OID, at,
												  CStringGetTextDatum(formats[period])));
}
