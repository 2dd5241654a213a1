/*
 * What transition and combine functions share.
 */
#include "postgres.h"

#include "utils/regproc.h"

#include "core/aggregate.h"
#include "core/compat.h"

_Noreturn void
outside_aggregate(FunctionCallInfo fcinfo)
{
	ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE),
					errmsg("function %s called outside of an aggregate",
						   format_procedure(fcinfo->flinfo->fn_oid)),
					errhint("Call the aggregate that it is part of.")));
	pg_unreachable();
}

Datum
unchanged_state(FunctionCallInfo fcinfo)
{
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(PG_GETARG_DATUM(0));
}

/* The executor hands back what it was given; another node may have sent it in any form. */
struct varlena *
bytea_state(FunctionCallInfo fcinfo)
{
	struct varlena *state = (struct varlena *) PG_GETARG_POINTER(0);

	return VARATT_IS_4B_U(state) ? state : PG_DETOAST_DATUM_COPY(PG_GETARG_DATUM(0));
}

_Noreturn void
bad_state(void)
{
	ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED), errmsg("invalid state of an aggregate"),
					errhint("All nodes have to run the same version of the extension.")));
	pg_unreachable();
}
