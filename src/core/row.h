/*
 * Rows of a function's composite result type.
 */
#ifndef CLIENTELE_ROW_H
#define CLIENTELE_ROW_H

#include "fmgr.h"

/* NULL columns where nulls says so. */
extern Datum row_result(FunctionCallInfo fcinfo, Datum *values, bool *nulls);

/* NULL in every column. */
extern Datum empty_row_result(FunctionCallInfo fcinfo);

#endif
