/*
 * experiment_position() and experiment_group(): who is in which group, by a hash that anybody can
 * compute again.
 *
 * The position is that of sha256('experiment:customer') in UTF-8. MD5 would fail on servers that
 * follow FIPS.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "port/pg_bswap.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/fmgroids.h"
#include "utils/numeric.h"

#include "core/argument.h"
#include "experiment/experiment.h"

/* More than all of them, by more than what rounding adds up to. */
#define ROUNDING 1e-9

typedef char *(*CustomerText)(Datum customer);

static char *
text_of_int(int64 customer)
{
	char *text = palloc(MAXINT8LEN + 1);

	pg_lltoa(customer, text);
	return text;
}

static char *
text_of_int2(Datum customer)
{
	return text_of_int(DatumGetInt16(customer));
}

static char *
text_of_int4(Datum customer)
{
	return text_of_int(DatumGetInt32(customer));
}

static char *
text_of_int8(Datum customer)
{
	return text_of_int(DatumGetInt64(customer));
}

/* Equal numbers are one customer, 1.0 and 1.00 */
static char *
text_of_numeric(Datum customer)
{
	return numeric_normalize(DatumGetNumeric(customer));
}

static char *
text_of_uuid(Datum customer)
{
	return DatumGetCString(DirectFunctionCall1(uuid_out, customer));
}

static char *
text_of_text(Datum customer)
{
	return TextDatumGetCString(customer);
}

uint64
position_hash(const char *experiment, const char *customer)
{
	char *name = psprintf("%s:%s", experiment, customer);
	char *utf8 = pg_server_to_any(name, strlen(name), PG_UTF8);
	Datum message = PointerGetDatum(cstring_to_text(utf8));
	bytea *hash = DatumGetByteaPP(DirectFunctionCall1(sha256_bytea, message));
	uint64 first;

	memcpy(&first, VARDATA_ANY(hash), sizeof(first));
	return pg_ntoh64(first);
}

static double
position_of(const char *experiment, const char *customer)
{
	return (double) (position_hash(experiment, customer) >> 11) / ((double) (UINT64CONST(1) << 53));
}

static double
position_argument(FunctionCallInfo fcinfo, CustomerText customer_text)
{
	return position_of(text_to_cstring(PG_GETARG_TEXT_PP(1)), customer_text(PG_GETARG_DATUM(0)));
}

/* Groups follow each other from position 0 on; beyond all of them nobody takes part. */
static int
group_at(double position, ArrayType *array)
{
	double end = 0.0;
	int found = 0;
	int last = 0;
	int count;
	const double *shares = share_list(array, &count);

	for (int i = 0; i < count; i++)
	{
		end += shares[i];
		if (found == 0 && position < end)
			found = i + 1;
		if (shares[i] > 0.0)
			last = i + 1;
	}
	if (end > 1.0 + ROUNDING)
		bad_parameter("shares", OidOutputFunctionCall(F_ARRAY_OUT, PointerGetDatum(array)),
					  "Give shares that are at most 1 together.");
	return found == 0 && end > 1.0 - ROUNDING ? last : found;
}

static Datum
position_result(FunctionCallInfo fcinfo, CustomerText customer_text)
{
	PG_RETURN_FLOAT8(position_argument(fcinfo, customer_text));
}

static Datum
group_result(FunctionCallInfo fcinfo, CustomerText customer_text)
{
	int number = group_at(position_argument(fcinfo, customer_text), PG_GETARG_ARRAYTYPE_P(2));

	if (number == 0)
		PG_RETURN_NULL();
	PG_RETURN_INT32(number);
}

#define ASSIGNMENT_FUNCTION(function, result, type)                                                \
	PG_FUNCTION_INFO_V1(function##_##type);                                                        \
	Datum function##_##type(PG_FUNCTION_ARGS)                                                      \
	{                                                                                              \
		return result(fcinfo, text_of_##type);                                                     \
	}

#define ASSIGNMENT_FUNCTIONS(type)                                                                 \
	ASSIGNMENT_FUNCTION(experiment_position, position_result, type)                                \
	ASSIGNMENT_FUNCTION(experiment_group, group_result, type)

ASSIGNMENT_FUNCTIONS(int2)
ASSIGNMENT_FUNCTIONS(int4)
ASSIGNMENT_FUNCTIONS(int8)
ASSIGNMENT_FUNCTIONS(numeric)
ASSIGNMENT_FUNCTIONS(uuid)
ASSIGNMENT_FUNCTIONS(text)
