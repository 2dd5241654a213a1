/*
 * A block of one customer's periods as bytes: in temporary files, and between processes.
 */
#ifndef CLIENTELE_CUSTOMER_RECORD_H
#define CLIENTELE_CUSTOMER_RECORD_H

#include "retention_pass/customer_table.h"

typedef struct CustomerRecord
{
	CustomerKey key;
	uint64 periods; /* not zero */
	uint8 block;
} CustomerRecord;

/* The number, the periods and the block; of bytes also their length, and then they follow. */
#define RECORD_HEAD 17
#define LONG_HEAD	(RECORD_HEAD + sizeof(uint32))

static inline int
record_head(bool by_bytes)
{
	return by_bytes ? LONG_HEAD : RECORD_HEAD;
}

static inline void
write_record_head(char *head, const CustomerRecord *record)
{
	memcpy(head, &record->key.number, sizeof(uint64));
	memcpy(head + 8, &record->periods, sizeof(uint64));
	memcpy(head + 16, &record->block, sizeof(uint8));
	if (record->key.bytes != NULL)
		memcpy(head + RECORD_HEAD, &record->key.length, sizeof(uint32));
}

/* All but the bytes themselves. */
static inline CustomerRecord
read_record_head(const char *head, bool by_bytes)
{
	CustomerRecord record = {.key.bytes = NULL};

	memcpy(&record.key.number, head, sizeof(uint64));
	memcpy(&record.periods, head + 8, sizeof(uint64));
	memcpy(&record.block, head + 16, sizeof(uint8));
	if (by_bytes)
		memcpy(&record.key.length, head + RECORD_HEAD, sizeof(uint32));
	return record;
}

#endif
