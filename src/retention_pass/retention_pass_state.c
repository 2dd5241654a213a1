/*
 * retention_curve(customer, ...): the states of other processes, and the result.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "port/pg_bitutils.h"
#include "utils/memutils.h"

#include "core/aggregate.h"
#include "core/argument.h"
#include "core/compat.h"
#include "retention_pass/retention_pass.h"

#define PASS_VERSION 1

/* As sent between processes, with the records of the customers behind it. */
typedef struct PassHeader
{
	int32 version; /* PASS_VERSION */
	int32 period;  /* of type Period */
	DateADT as_of;
	int32 oldest;
	int32 by_bytes; /* 0 or 1 */
} PassHeader;

/* The state of another process, as combining reads it. */
typedef struct PassPart
{
	int32 kind; /* RETENTION_PASS_PART */
	PassHeader header;
	const char *next;
	const char *end;
} PassPart;

/* Argument 0, which is not NULL. */
static RetentionPass *
pass_argument(FunctionCallInfo fcinfo)
{
	RetentionPass *pass = (RetentionPass *) PG_GETARG_POINTER(0);

	check_aggregate(fcinfo);
	if (pass->kind != RETENTION_PASS)
		bad_state();
	return pass;
}

static PassPart *
part_argument(FunctionCallInfo fcinfo)
{
	PassPart *part = (PassPart *) PG_GETARG_POINTER(1);

	if (part->kind != RETENTION_PASS_PART)
		bad_state();
	return part;
}

_Noreturn static void
state_too_large(void)
{
	ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
					errmsg("too many customers for parallel workers to hand on"),
					errdetail("The state of a worker has up to 1 GB."),
					errhint("Let one process read all rows: SET max_parallel_workers_per_gather "
							"= 0.")));
	pg_unreachable();
}

static void
append_record(StringInfo state, const CustomerRecord *record)
{
	char head[LONG_HEAD];
	int size = record_head(record->key.bytes != NULL);

	if ((Size) state->len + size + record->key.length >= MaxAllocSize)
		state_too_large();
	write_record_head(head, record);
	appendBinaryStringInfo(state, head, size);
	if (record->key.length > 0)
		appendBinaryStringInfo(state, record->key.bytes, (int) record->key.length);
}

static void
append_customer(void *state, const Customer *customer)
{
	CustomerRecord record = {.key = customer->key};

	for (int block = 0; block < customer->count; block++)
	{
		record.block = block;
		record.periods = customer->blocks[block];
		if (record.periods != 0)
			append_record(state, &record);
	}
}

PG_FUNCTION_INFO_V1(retention_curve_serialize);
Datum
retention_curve_serialize(PG_FUNCTION_ARGS)
{
	RetentionPass *pass = pass_argument(fcinfo);
	PassHeader header = {.version = PASS_VERSION,
						 .period = pass->period,
						 .as_of = pass->as_of,
						 .oldest = pass->oldest,
						 .by_bytes = pass->customers.by_bytes};
	StringInfoData state;

	initStringInfo(&state);
	appendStringInfoSpaces(&state, VARHDRSZ);
	appendBinaryStringInfo(&state, (const char *) &header, sizeof(header));
	customer_set_visit(&pass->customers, append_customer, &state);
	SET_VARSIZE(state.data, state.len);
	PG_RETURN_BYTEA_P(state.data);
}

static void
check_header(const PassHeader *header)
{
	if (header->version != PASS_VERSION || header->period < PERIOD_DAY ||
		header->period > PERIOD_YEAR || DATE_NOT_FINITE(header->as_of) ||
		!IS_VALID_DATE(header->as_of) || header->oldest < 0 || header->oldest > RETENTION_COHORTS ||
		header->by_bytes < 0 || header->by_bytes > 1)
		bad_state();
}

PG_FUNCTION_INFO_V1(retention_curve_deserialize);
Datum
retention_curve_deserialize(PG_FUNCTION_ARGS)
{
	const struct varlena *state = PG_GETARG_VARLENA_PP(0);
	PassPart *part = palloc(sizeof(PassPart));

	check_aggregate(fcinfo);
	if (VARSIZE_ANY_EXHDR(state) < sizeof(PassHeader))
		bad_state();
	part->kind = RETENTION_PASS_PART;
	memcpy(&part->header, VARDATA_ANY(state), sizeof(PassHeader));
	check_header(&part->header);
	part->next = VARDATA_ANY(state) + sizeof(PassHeader);
	part->end = VARDATA_ANY(state) + VARSIZE_ANY_EXHDR(state);
	PG_RETURN_POINTER(part);
}

/* Whether all periods of a block lie within the oldest one, for which there is room. */
static bool
is_within(const CustomerRecord *record, int32 oldest)
{
	return record->periods != 0 &&
		   record->block * PERIODS_IN_BLOCK + pg_leftmost_one_pos64(record->periods) <= oldest;
}

static CustomerRecord
read_record(PassPart *part)
{
	bool by_bytes = part->header.by_bytes == 1;
	CustomerRecord record;

	if (part->end - part->next < record_head(by_bytes))
		bad_state();
	record = read_record_head(part->next, by_bytes);
	part->next += record_head(by_bytes);
	if (!is_within(&record, part->header.oldest) || record.key.length > part->end - part->next ||
		(by_bytes && record.key.number == 0))
		bad_state();
	if (by_bytes)
		record.key.bytes = part->next;
	part->next += record.key.length;
	return record;
}

static RetentionPass *
pass_for_part(FunctionCallInfo fcinfo, const PassHeader *header)
{
	Period period = (Period) header->period;
	RetentionPass *pass;

	if (PG_ARGISNULL(0))
		return new_retention_pass(fcinfo, period, header->as_of, header->by_bytes == 1);
	pass = pass_argument(fcinfo);
	check_pass_parameters(pass, period, header->as_of);
	if (pass->customers.by_bytes != (header->by_bytes == 1))
		bad_state();
	return pass;
}

PG_FUNCTION_INFO_V1(retention_curve_combine);
Datum
retention_curve_combine(PG_FUNCTION_ARGS)
{
	RetentionPass *pass;
	PassPart *part;

	check_aggregate(fcinfo);
	if (PG_ARGISNULL(1))
		return unchanged_state(fcinfo);
	part = part_argument(fcinfo);
	pass = pass_for_part(fcinfo, &part->header);
	note_oldest(pass, part->header.oldest);
	while (part->next < part->end)
	{
		CustomerRecord record = read_record(part);

		customer_set_add(&pass->customers, &record);
	}
	PG_RETURN_POINTER(pass);
}

/* What customers are counted into. */
typedef struct Counting
{
	Retention *retention;
	int32 under_way;
	int32 *periods; /* of one customer */
} Counting;

/* Adds the numbers of a block's periods, ascending: the last bit is the earliest one. */
static int
list_periods(uint64 block, int32 first_bit, int32 *periods)
{
	int count = 0;

	while (block != 0)
	{
		int bit = pg_leftmost_one_pos64(block);

		periods[count++] = first_bit - bit;
		block ^= UINT64CONST(1) << bit;
	}
	return count;
}

static void
count_in_retention(void *argument, const Customer *customer)
{
	Counting *counting = argument;
	int count = 0;

	for (int block = customer->count - 1; block >= 0; block--)
		count +=
			list_periods(customer->blocks[block], counting->under_way - block * PERIODS_IN_BLOCK,
						 counting->periods + count);
	counting->retention = count_customer(counting->retention, counting->periods, count);
}

/* Leaves the state as it is: under OVER () more rows follow. */
PG_FUNCTION_INFO_V1(retention_curve_final);
Datum
retention_curve_final(PG_FUNCTION_ARGS)
{
	RetentionPass *pass = pass_argument(fcinfo);
	Counting counting;

	counting.under_way = pass->under_way;
	counting.periods = palloc((pass->oldest + 1) * sizeof(int32));
	counting.retention = new_retention(pass->period, pass->as_of);
	if (pass->oldest > 0)
		counting.retention = with_cohort(counting.retention, pass->under_way - pass->oldest);
	customer_set_visit(&pass->customers, count_in_retention, &counting);
	PG_RETURN_POINTER(counting.retention);
}
