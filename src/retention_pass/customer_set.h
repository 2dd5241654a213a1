/*
 * Customers and the periods in which they bought, however many they are: a table, and temporary
 * files past the memory limit of hash tables.
 */
#ifndef CLIENTELE_CUSTOMER_SET_H
#define CLIENTELE_CUSTOMER_SET_H

#include "retention_pass/customer_files.h"
#include "retention_pass/customer_record.h"
#include "retention_pass/customer_table.h"

/*
 * What is added to a table larger than the caches waits here, so that the slots of many can be
 * fetched from memory at the same time.
 */
#define BATCH_RECORDS 256
#define BATCH_BYTES	  16384

typedef struct BatchRecord
{
	uint64 number;
	uint64 periods;
	uint32 block;
	uint32 length; /* of the bytes, which stand behind those of the record before */
} BatchRecord;

typedef struct CustomerBatch
{
	int count;
	uint32 bytes_used;
	BatchRecord records[BATCH_RECORDS];
	char bytes[FLEXIBLE_ARRAY_MEMBER]; /* of integers none */
} CustomerBatch;

typedef struct CustomerSet
{
	MemoryContext context;
	bool by_bytes;
	int level;			  /* 0, or that of a part of a part */
	bool may_spill;		  /* whether somebody will call customer_set_close() */
	CustomerBatch *batch; /* NULL while the table is small */
	CustomerFiles *files; /* NULL while the table holds all */
	CustomerTable table;
} CustomerSet;

typedef void (*CustomerVisitor)(void *argument, const Customer *customer);

/* Its memory ends with the context; one that may spill has to be closed besides. */
extern void customer_set_init(CustomerSet *set, MemoryContext context, bool by_bytes,
							  bool may_spill);
extern void customer_set_close(CustomerSet *set);

/* Calls visit for each customer once, in no order; can be repeated, and followed by more. */
extern void customer_set_visit(CustomerSet *set, CustomerVisitor visit, void *argument);

/* For customer_set_add(). */
extern void customer_set_add_now(CustomerSet *set, const CustomerRecord *record);
extern void customer_set_add_batch(CustomerSet *set);

/* By bytes: with room for them in the batch. */
static inline void
customer_set_add(CustomerSet *set, const CustomerRecord *record)
{
	CustomerBatch *batch = set->batch;

	if (batch == NULL || record->key.length > BATCH_BYTES)
	{
		customer_set_add_now(set, record);
		return;
	}
	if (record->key.length > 0 && batch->bytes_used + record->key.length > BATCH_BYTES)
		customer_set_add_batch(set);
	batch->records[batch->count++] = (BatchRecord){.number = record->key.number,
												   .periods = record->periods,
												   .block = record->block,
												   .length = record->key.length};
	if (record->key.length > 0)
		memcpy(batch->bytes + batch->bytes_used, record->key.bytes, record->key.length);
	batch->bytes_used += record->key.length;
	if (batch->count == BATCH_RECORDS)
		customer_set_add_batch(set);
}

#endif
