/*
 * Whether the columns that a trigger names are still there: asked at each statement, so that it
 * costs no query.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "utils/array.h"
#include "utils/lsyscache.h"

#include "core/compat.h"

PG_FUNCTION_INFO_V1(workspace_has_columns);
Datum
workspace_has_columns(PG_FUNCTION_ARGS)
{
	Oid relation = PG_GETARG_OID(0);
	Datum *names;
	int count;

	deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), NAMEOID, NAMEDATALEN, false, TYPALIGN_CHAR, &names,
					  NULL, &count);
	for (int i = 0; i < count; i++)
	{
		if (get_attnum(relation, NameStr(*DatumGetName(names[i]))) == InvalidAttrNumber)
			PG_RETURN_BOOL(false);
	}
	PG_RETURN_BOOL(true);
}
