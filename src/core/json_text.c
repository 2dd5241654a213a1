/*
 * The casts of our larger types to jsonb.
 */
#include "postgres.h"

#include "utils/fmgrprotos.h"

#include "core/compat.h"
#include "core/json_text.h"

/*
 * An array in a jsonb ends at 256 MB, five to six times its text where numbers are short. The server
 * looks neither for that nor for a cancel before it has parsed the whole.
 */
#define JSON_MEGABYTES 48

Datum
jsonb_from_text(const StringInfoData *json, const char *type)
{
	if (json->len > JSON_MEGABYTES * 1024 * 1024)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("%s value too large for jsonb", type),
						errdetail("Its text takes %d MB, of up to %d.", json->len / (1024 * 1024),
								  JSON_MEGABYTES),
						errhint("Read it with the functions that return its rows.")));
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(json->data));
}
