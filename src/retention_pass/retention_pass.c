/*
 * retention_curve(customer, at, period, as_of): the triangle in one pass over the purchases.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

#include "core/aggregate.h"
#include "core/argument.h"
#include "core/day_zone.h"
#include "core/numeric_digits.h"
#include "retention_pass/retention_pass.h"

/* At the end of a group; after an error the executor is not ended, and the files are closed
 * already. */
static void
close_pass(Datum pass)
{
	customer_set_close(&((RetentionPass *) DatumGetPointer(pass))->customers);
}

RetentionPass *
new_retention_pass(FunctionCallInfo fcinfo, Period period, DateADT as_of, bool by_bytes)
{
	MemoryContext context;
	int caller = AggCheckCallContext(fcinfo, &context);
	RetentionPass *pass;

	if (caller == 0)
		outside_aggregate(fcinfo);
	pass = MemoryContextAllocZero(context, sizeof(RetentionPass));
	pass->kind = RETENTION_PASS;
	pass->as_of = finite_date(as_of);
	pass->period = period;
	pass->under_way = period_number(period, as_of);
	pass->calendar = period_calendar(period);
	/* Nobody tells a window's aggregate when to close files: there all stays in memory. */
	customer_set_init(&pass->customers, context, by_bytes, caller == AGG_CONTEXT_AGGREGATE);
	if (caller == AGG_CONTEXT_AGGREGATE)
		AggRegisterCallback(fcinfo, close_pass, PointerGetDatum(pass));
	return pass;
}

void
note_oldest(RetentionPass *pass, int32 distance)
{
	if (distance > RETENTION_COHORTS) /* raises */
		with_cohort(new_retention(pass->period, pass->as_of), pass->under_way - distance);
	pass->oldest = Max(pass->oldest, distance);
}

/* customers */

static uint64
hash_of_bytes(const char *bytes, uint32 length)
{
	uint64 hash = hash_bytes_extended((const unsigned char *) bytes, (int) length, 0);

	return hash != 0 ? hash : 1; /* 0 is that of a free slot */
}

static CustomerKey
bytes_key(const char *bytes, uint32 length)
{
	return (CustomerKey){.number = hash_of_bytes(bytes, length), .bytes = bytes, .length = length};
}

static inline CustomerKey
customer_arg_int2(FunctionCallInfo fcinfo)
{
	return (CustomerKey){.number = (uint64) (int64) PG_GETARG_INT16(1)};
}

static inline CustomerKey
customer_arg_int4(FunctionCallInfo fcinfo)
{
	return (CustomerKey){.number = (uint64) (int64) PG_GETARG_INT32(1)};
}

static inline CustomerKey
customer_arg_int8(FunctionCallInfo fcinfo)
{
	return (CustomerKey){.number = (uint64) PG_GETARG_INT64(1)};
}

static CustomerKey
customer_arg_uuid(FunctionCallInfo fcinfo)
{
	return bytes_key((const char *) PG_GETARG_UUID_P(1)->data, UUID_LEN);
}

static CustomerKey
customer_arg_text(FunctionCallInfo fcinfo)
{
	const text *customer = PG_GETARG_TEXT_PP(1);

	return bytes_key(VARDATA_ANY(customer), VARSIZE_ANY_EXHDR(customer));
}

/* Without the display scale, which tells 1.0 from 1.00; NaN and the infinities by their header. */
static CustomerKey
customer_arg_numeric(FunctionCallInfo fcinfo)
{
	const struct varlena *customer = PG_GETARG_VARLENA_PP(1);
	NumericDigits number = numeric_digits(customer);
	int16 head[2] = {(int16) number.weight, number.negative};
	uint32 length = sizeof(head) + number.count * sizeof(int16);
	char *bytes;

	if (!number.finite)
		return bytes_key(VARDATA_ANY(customer), sizeof(uint16));
	bytes = palloc(length);
	memcpy(bytes, head, sizeof(head));
	memcpy(bytes + sizeof(head), number.digits, length - sizeof(head));
	return bytes_key(bytes, length);
}

#define BY_BYTES_int2	 false
#define BY_BYTES_int4	 false
#define BY_BYTES_int8	 false
#define BY_BYTES_uuid	 true
#define BY_BYTES_text	 true
#define BY_BYTES_numeric true

/* times */

static inline DateADT
day_arg_date(FunctionCallInfo fcinfo)
{
	return finite_date(PG_GETARG_DATEADT(2));
}

static inline DateADT
day_arg_timestamp(FunctionCallInfo fcinfo)
{
	return day_of_timestamp(finite_timestamp(PG_GETARG_TIMESTAMP(2)));
}

static inline DateADT
day_arg_timestamptz(FunctionCallInfo fcinfo)
{
	return day_in_zone(day_zone(PG_GETARG_TEXT_PP(5)), finite_timestamp(PG_GETARG_TIMESTAMPTZ(2)));
}

/* parameters */

static void
check_parameters_given(FunctionCallInfo fcinfo)
{
	static const char *const names[] = {"period", "as_of", "time_zone"};

	for (int n = 3; n < PG_NARGS(); n++)
	{
		if (PG_ARGISNULL(n))
			bad_parameter(names[n - 3], "NULL",
						  "Give a period such as 'month', the day to count up to, and for "
						  "timestamptz a time zone.");
	}
}

static void
keep_name(RetentionPass *pass, const text *name)
{
	pass->name_length = VARSIZE_ANY_EXHDR(name);
	memcpy(pass->name, VARDATA_ANY(name), pass->name_length);
}

static inline bool
has_name(const RetentionPass *pass, const text *name)
{
	return VARSIZE_ANY_EXHDR(name) == pass->name_length &&
		   memcmp(VARDATA_ANY(name), pass->name, pass->name_length) == 0;
}

void
check_pass_parameters(const RetentionPass *pass, Period period, DateADT as_of)
{
	if (pass->period != period || pass->as_of != as_of)
		bad_parameter(pass->period != period ? "period" : "as_of", "not the same in all rows",
					  "Give the same period and as-of date for all rows.");
}

/* The state, which the first row makes. */
static inline RetentionPass *
pass_for_row(FunctionCallInfo fcinfo, bool by_bytes)
{
	const text *name = PG_GETARG_TEXT_PP(3);
	DateADT as_of = PG_GETARG_DATEADT(4);
	RetentionPass *pass;

	if (PG_ARGISNULL(0))
		pass = new_retention_pass(fcinfo, period_argument(name), as_of, by_bytes);
	else
		pass = (RetentionPass *) PG_GETARG_POINTER(0);
	if (unlikely(as_of != pass->as_of || !has_name(pass, name)))
	{
		check_pass_parameters(pass, period_argument(name), as_of);
		keep_name(pass, name);
	}
	return pass;
}

static inline bool
has_parameters(FunctionCallInfo fcinfo, int arguments)
{
	return !PG_ARGISNULL(3) && !PG_ARGISNULL(4) && (arguments < 6 || !PG_ARGISNULL(5));
}

/* rows */

static pg_attribute_always_inline void
count_purchase(RetentionPass *pass, CustomerKey key, DateADT day)
{
	int32 distance = pass->under_way - calendar_number(pass->calendar, pass->period, day);
	CustomerRecord record = {.key = key};

	if (unlikely(distance > pass->oldest))
		note_oldest(pass, distance);
	record.block = distance / PERIODS_IN_BLOCK;
	record.periods = UINT64CONST(1) << (distance % PERIODS_IN_BLOCK);
	customer_set_add(&pass->customers, &record);
}

/* One transition per type of time and of customer: no type is asked for row by row. */
#define RETENTION_TRANSITION(time_type, customer_type, arguments)                                  \
	PG_FUNCTION_INFO_V1(retention_curve_##time_type##_##customer_type);                            \
	Datum retention_curve_##time_type##_##customer_type(PG_FUNCTION_ARGS)                          \
	{                                                                                              \
		RetentionPass *pass;                                                                       \
		DateADT day;                                                                               \
                                                                                                   \
		if (unlikely(!has_parameters(fcinfo, arguments)))                                          \
			check_parameters_given(fcinfo);                                                        \
		pass = pass_for_row(fcinfo, BY_BYTES_##customer_type);                                     \
		if (PG_ARGISNULL(1) || PG_ARGISNULL(2))                                                    \
			PG_RETURN_POINTER(pass);                                                               \
		day = day_arg_##time_type(fcinfo);                                                         \
		if (day < pass->as_of)                                                                     \
			count_purchase(pass, customer_arg_##customer_type(fcinfo), day);                       \
		PG_RETURN_POINTER(pass);                                                                   \
	}

#define RETENTION_TRANSITIONS(time_type, arguments)                                                \
	RETENTION_TRANSITION(time_type, int2, arguments)                                               \
	RETENTION_TRANSITION(time_type, int4, arguments)                                               \
	RETENTION_TRANSITION(time_type, int8, arguments)                                               \
	RETENTION_TRANSITION(time_type, numeric, arguments)                                            \
	RETENTION_TRANSITION(time_type, uuid, arguments)                                               \
	RETENTION_TRANSITION(time_type, text, arguments)

RETENTION_TRANSITIONS(date, 5)
RETENTION_TRANSITIONS(timestamp, 5)
RETENTION_TRANSITIONS(timestamptz, 6)
