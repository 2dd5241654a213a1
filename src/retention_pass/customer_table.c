/*
 * Customers and the periods in which they bought: a hash table of as few bytes as it takes.
 */
#include "postgres.h"

#include "access/parallel.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#include "core/compat.h"
#include "retention_pass/customer_table.h"

#define FIRST_CAPACITY 8
#define FIRST_BYTES	   64

/*
 * Each table of any process orders its customers in its own way: filling one in the order of its
 * own hashes, as the slots of another come, would crowd one end of it.
 */
static uint64
next_seed(void)
{
	static uint64 tables = 0;

	return ++tables * UINT64CONST(0x9e3779b97f4a7c15) +
		   (uint64) (ParallelWorkerNumber + 2) * UINT64CONST(0xd1b54a32d192ed03);
}

void
customer_table_init(CustomerTable *table, MemoryContext context, bool by_bytes, int blocks)
{
	*table = (CustomerTable){
		.context = context, .header = by_bytes ? 2 : 1, .blocks = blocks, .seed = next_seed()};
}

static void
free_slots(CustomerTable *table)
{
	if (table->slots != NULL)
		pfree(table->slots);
	table->slots = NULL;
	table->capacity = 0;
}

void
customer_table_free(CustomerTable *table)
{
	free_slots(table);
	if (table->bytes != NULL)
		pfree(table->bytes);
	table->bytes = NULL;
	table->bytes_size = 0;
	table->bytes_used = 0;
	table->count = 0;
}

static Size
slots_size(const CustomerTable *table, uint64 capacity, int blocks)
{
	return capacity * (table->header + blocks) * sizeof(uint64);
}

void
customer_table_clear(CustomerTable *table)
{
	if (table->slots != NULL)
		memset(table->slots, 0, slots_size(table, table->capacity, table->blocks));
	table->bytes_used = 0;
	table->count = 0;
}

/* At most four slots of five are taken. */
static bool
has_slots(const CustomerTable *table, uint64 customers)
{
	return table->count + customers <= table->capacity - table->capacity / 5;
}

bool
customer_table_has_room(const CustomerTable *table, uint64 customers, Size bytes, int blocks)
{
	return has_slots(table, customers) && bytes <= table->bytes_size - table->bytes_used &&
		   blocks <= table->blocks;
}

static uint64
wanted_capacity(const CustomerTable *table, uint64 customers)
{
	uint64 enough = (table->count + customers) * 4 / 3 + 1;

	if (has_slots(table, customers))
		return table->capacity;
	return Max(Max(enough, table->capacity + table->capacity / 2), FIRST_CAPACITY);
}

static Size
wanted_bytes(const CustomerTable *table, Size bytes)
{
	if (bytes <= table->bytes_size - table->bytes_used)
		return table->bytes_size;
	return Max(Max(table->bytes_used + bytes, table->bytes_size + table->bytes_size / 2),
			   FIRST_BYTES);
}

Size
customer_table_size_with(const CustomerTable *table, uint64 customers, Size bytes, int blocks)
{
	return slots_size(table, wanted_capacity(table, customers), blocks) +
		   wanted_bytes(table, bytes);
}

static bool
is_free(const CustomerTable *table, const uint64 *slot)
{
	for (int i = 0; i < table->blocks; i++)
	{
		if (slot[table->header + i] != 0)
			return false;
	}
	return true;
}

static inline uint64
next_index(const CustomerTable *table, uint64 index)
{
	return index + 1 == table->capacity ? 0 : index + 1;
}

static uint64 *
find_free(CustomerTable *table, uint64 hash)
{
	uint64 index = customer_index(table, hash);

	while (customer_slot(table, index)[0] != 0 || !is_free(table, customer_slot(table, index)))
		index = next_index(table, index);
	return customer_slot(table, index);
}

static void
resize_slots(CustomerTable *table, uint64 capacity, int blocks)
{
	CustomerTable old = *table;

	table->slots = MemoryContextAllocExtended(table->context, slots_size(table, capacity, blocks),
											  MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	table->capacity = capacity;
	table->blocks = blocks;
	for (uint64 index = 0; index < old.capacity; index++)
	{
		uint64 *slot = customer_slot(&old, index);

		CHECK_FOR_INTERRUPTS();
		if (!is_free(&old, slot))
			memcpy(find_free(table, customer_hash(table, slot[0])), slot,
				   (old.header + old.blocks) * sizeof(uint64));
	}
	free_slots(&old);
}

static void
resize_bytes(CustomerTable *table, Size size)
{
	if (table->bytes == NULL)
		table->bytes = MemoryContextAllocHuge(table->context, size);
	else
		table->bytes = repalloc_huge(table->bytes, size);
	table->bytes_size = size;
}

void
customer_table_make_room(CustomerTable *table, uint64 customers, Size bytes, int blocks)
{
	uint64 capacity = wanted_capacity(table, customers);
	Size bytes_size = wanted_bytes(table, bytes);

	if (capacity != table->capacity || blocks > table->blocks)
		resize_slots(table, capacity, Max(blocks, table->blocks));
	if (bytes_size != table->bytes_size)
		resize_bytes(table, bytes_size);
}

/* The bytes of a slot's customer, and their length. */
static const char *
slot_bytes(const CustomerTable *table, const uint64 *slot, uint32 *length)
{
	const char *bytes = table->bytes + slot[1];

	memcpy(length, bytes, sizeof(*length));
	return bytes + sizeof(*length);
}

static bool
has_bytes(const CustomerTable *table, const uint64 *slot, const CustomerKey *key)
{
	uint32 length;
	const char *bytes = slot_bytes(table, slot, &length);

	return length == key->length && memcmp(bytes, key->bytes, length) == 0;
}

/* The customer's slot, or the free one that it will have. Free slots have the number 0. */
static inline uint64 *
find_slot(CustomerTable *table, uint64 hash, const CustomerKey *key)
{
	uint64 index = customer_index(table, hash);

	for (;; index = next_index(table, index))
	{
		uint64 *slot = customer_slot(table, index);

		if (slot[0] == key->number && (key->bytes == NULL || has_bytes(table, slot, key)))
			return slot;
		if (slot[0] == 0 && is_free(table, slot))
			return slot;
	}
}

static uint64
store_bytes(CustomerTable *table, const CustomerKey *key)
{
	Size start = table->bytes_used;

	memcpy(table->bytes + start, &key->length, sizeof(key->length));
	memcpy(table->bytes + start + sizeof(key->length), key->bytes, key->length);
	table->bytes_used += sizeof(key->length) + key->length;
	return start;
}

static void
take_slot(CustomerTable *table, uint64 *slot, const CustomerKey *key)
{
	slot[0] = key->number;
	if (key->bytes != NULL)
		slot[1] = store_bytes(table, key);
	table->count++;
}

void
customer_table_add(CustomerTable *table, uint64 hash, const CustomerKey *key, int block,
				   uint64 periods)
{
	uint64 *slot;

	Assert(periods != 0 && block < table->blocks);
	slot = find_slot(table, hash, key);
	if (slot[0] != key->number || (key->number == 0 && is_free(table, slot)))
		take_slot(table, slot, key);
	slot[table->header + block] |= periods;
}

bool
customer_table_read(const CustomerTable *table, uint64 *position, Customer *customer)
{
	while (*position < table->capacity)
	{
		uint64 *slot = customer_slot(table, (*position)++);

		if (is_free(table, slot))
			continue;
		customer->key = (CustomerKey){.number = slot[0]};
		if (table->header > 1)
			customer->key.bytes = slot_bytes(table, slot, &customer->key.length);
		customer->blocks = slot + table->header;
		customer->count = table->blocks;
		return true;
	}
	return false;
}
