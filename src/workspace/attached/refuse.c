/*
 * An error as whoever attaches a table reads it: what is wrong and what to do, without the places
 * in the extension that found it, which clients print before anything else.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/elog.h"

static char *
text_or_null(FunctionCallInfo fcinfo, int n)
{
	return PG_ARGISNULL(n) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(n));
}

static int
sqlstate_of(const char *state)
{
	if (state == NULL || strlen(state) != 5 ||
		strspn(state, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 5 || strncmp(state, "00", 2) == 0)
		return ERRCODE_RAISE_EXCEPTION;
	return MAKE_SQLSTATE(state[0], state[1], state[2], state[3], state[4]);
}

/* Whoever catches it puts the stack back that was there. */
PG_FUNCTION_INFO_V1(workspace_refuse);
Datum
workspace_refuse(PG_FUNCTION_ARGS)
{
	char *message = text_or_null(fcinfo, 1);
	char *detail = text_or_null(fcinfo, 2);
	char *hint = text_or_null(fcinfo, 3);
	char *rule = text_or_null(fcinfo, 4);

	error_context_stack = NULL;
	ereport(ERROR, (errcode(sqlstate_of(text_or_null(fcinfo, 0))),
					errmsg_internal("%s", message ? message : "refused"),
					detail && *detail ? errdetail_internal("%s", detail) : 0,
					hint && *hint ? errhint("%s", hint) : 0,
					rule && *rule ? err_generic_string(PG_DIAG_CONSTRAINT_NAME, rule) : 0));
}
