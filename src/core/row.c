/*
 * Rows of a function's composite result type.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "funcapi.h"

#include "core/row.h"

static TupleDesc
result_type(FunctionCallInfo fcinfo)
{
	TupleDesc row;

	if (get_call_result_type(fcinfo, NULL, &row) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "the function's result is not a row");
	return BlessTupleDesc(row);
}

Datum
row_result(FunctionCallInfo fcinfo, Datum *values, bool *nulls)
{
	return HeapTupleGetDatum(heap_form_tuple(result_type(fcinfo), values, nulls));
}

Datum
empty_row_result(FunctionCallInfo fcinfo)
{
	TupleDesc row = result_type(fcinfo);
	Datum *values = palloc0(row->natts * sizeof(Datum));
	bool *nulls = palloc(row->natts * sizeof(bool));

	memset(nulls, true, row->natts * sizeof(bool));
	return HeapTupleGetDatum(heap_form_tuple(row, values, nulls));
}
