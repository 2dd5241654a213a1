/*
 * Customers and the periods in which they bought, however many they are.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "utils/memutils.h"

#include "core/compat.h"
#include "retention_pass/customer_set.h"

/* Smaller tables sit in the caches. */
#define SMALL_TABLE (64 * 1024)

/* Parts of parts: by then only customers of one number are left together. */
#define MOST_LEVELS 8

static void
init_set(CustomerSet *set, MemoryContext context, bool by_bytes, int blocks, int level)
{
	*set =
		(CustomerSet){.context = context, .by_bytes = by_bytes, .level = level, .may_spill = true};
	customer_table_init(&set->table, context, by_bytes, blocks);
}

void
customer_set_init(CustomerSet *set, MemoryContext context, bool by_bytes, bool may_spill)
{
	init_set(set, context, by_bytes, 1, 0);
	set->may_spill = may_spill;
}

void
customer_set_close(CustomerSet *set)
{
	if (set->files != NULL)
		close_customer_files(set->files);
	set->files = NULL;
}

/* A table is filled by the first bits of a hash, and files are chosen by the last ones. */
static int
file_of(const CustomerSet *set, uint64 number)
{
	return (int) (customer_hash(&set->table, number) % FILES);
}

static void
write_customer(CustomerSet *set, const Customer *customer)
{
	int file = file_of(set, customer->key.number);
	CustomerRecord record = {.key = customer->key};

	for (int block = 0; block < customer->count; block++)
	{
		record.block = block;
		record.periods = customer->blocks[block];
		if (record.periods != 0)
			write_customer_file(set->files, file, &record);
	}
}

/* Moves all customers to the files. */
static void
write_table(CustomerSet *set)
{
	uint64 position = 0;
	Customer customer;

	if (set->files == NULL)
		set->files = open_customer_files(set->context, set->by_bytes);
	while (customer_table_read(&set->table, &position, &customer))
	{
		CHECK_FOR_INTERRUPTS();
		write_customer(set, &customer);
	}
}

static bool
is_too_large(const CustomerSet *set, uint64 customers, Size bytes, int blocks)
{
	/* While a table grows, the old one is there too. */
	return set->may_spill && set->table.count > 0 && set->level < MOST_LEVELS &&
		   customer_table_size_with(&set->table, 0, 0, set->table.blocks) +
				   customer_table_size_with(&set->table, customers, bytes, blocks) >
			   get_hash_memory_limit();
}

static void
make_batch(CustomerSet *set)
{
	set->batch = MemoryContextAlloc(set->context, offsetof(CustomerBatch, bytes) +
													  (set->by_bytes ? BATCH_BYTES : 0));
	set->batch->count = 0;
	set->batch->bytes_used = 0;
}

static void
make_larger(CustomerSet *set, uint64 customers, Size bytes, int blocks)
{
	blocks = Max(blocks, set->table.blocks);
	if (is_too_large(set, customers, bytes, blocks))
	{
		write_table(set);
		if (blocks > set->table.blocks)
			customer_table_free(&set->table);
		else
			customer_table_clear(&set->table);
	}
	customer_table_make_room(&set->table, customers, bytes, blocks);
	if (set->batch == NULL && customer_table_size_with(&set->table, 0, 0, blocks) > SMALL_TABLE)
		make_batch(set);
}

static inline void
make_room(CustomerSet *set, uint64 customers, Size bytes, int blocks)
{
	if (set->by_bytes)
		bytes += customers * sizeof(uint32);
	if (unlikely(!customer_table_has_room(&set->table, customers, bytes, blocks)))
		make_larger(set, customers, bytes, blocks);
}

void
customer_set_add_now(CustomerSet *set, const CustomerRecord *record)
{
	make_room(set, 1, record->key.length, record->block + 1);
	customer_table_add(&set->table, customer_hash(&set->table, record->key.number), &record->key,
					   record->block, record->periods);
}

static int
blocks_in_batch(const CustomerBatch *batch)
{
	int blocks = 0;

	for (int i = 0; i < batch->count; i++)
		blocks = Max(blocks, (int) batch->records[i].block + 1);
	return blocks;
}

static void
add_records(CustomerSet *set, const uint64 *hashes)
{
	CustomerBatch *batch = set->batch;
	const char *bytes = set->by_bytes ? batch->bytes : NULL;

	for (int i = 0; i < batch->count; i++)
	{
		BatchRecord *record = &batch->records[i];
		CustomerKey key = {.number = record->number, .bytes = bytes, .length = record->length};

		customer_table_add(&set->table, hashes[i], &key, record->block, record->periods);
		if (bytes != NULL)
			bytes += record->length;
	}
}

static void
add_narrow_records(CustomerSet *set, const uint64 *hashes)
{
	for (int i = 0; i < set->batch->count; i++)
	{
		BatchRecord *record = &set->batch->records[i];

		add_to_narrow_table(&set->table, hashes[i], record->number, record->periods);
	}
}

void
customer_set_add_batch(CustomerSet *set)
{
	CustomerBatch *batch = set->batch;
	uint64 hashes[BATCH_RECORDS];

	CHECK_FOR_INTERRUPTS();
	make_room(set, batch->count, batch->bytes_used, blocks_in_batch(batch));
	for (int i = 0; i < batch->count; i++)
	{
		hashes[i] = customer_hash(&set->table, batch->records[i].number);
		customer_table_prefetch(&set->table, hashes[i]);
	}
	if (is_narrow_table(&set->table))
		add_narrow_records(set, hashes);
	else
		add_records(set, hashes);
	batch->count = 0;
	batch->bytes_used = 0;
}

static void
visit_table(const CustomerTable *table, CustomerVisitor visit, void *argument)
{
	uint64 position = 0;
	Customer customer;

	while (customer_table_read(table, &position, &customer))
	{
		CHECK_FOR_INTERRUPTS();
		visit(argument, &customer);
	}
}

static void
add_file(CustomerSet *set, CustomerFiles *files, int file)
{
	CustomerRecord record;
	StringInfoData bytes;

	initStringInfo(&bytes);
	rewind_customer_file(files, file);
	while (read_customer_file(files, file, &record, &bytes))
	{
		CHECK_FOR_INTERRUPTS();
		customer_set_add(set, &record);
	}
	pfree(bytes.data);
}

/* A part may be too large again: then its set has files of its own. */
static void
visit_file(CustomerSet *set, int file, CustomerVisitor visit, void *argument)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "part of the customers",
												  ALLOCSET_DEFAULT_SIZES);
	CustomerSet part;

	init_set(&part, context, set->by_bytes, set->table.blocks, set->level + 1);
	add_file(&part, set->files, file);
	customer_set_visit(&part, visit, argument);
	customer_set_close(&part);
	MemoryContextDelete(context);
}

void
customer_set_visit(CustomerSet *set, CustomerVisitor visit, void *argument)
{
	if (set->batch != NULL)
		customer_set_add_batch(set);
	if (set->files == NULL)
	{
		visit_table(&set->table, visit, argument);
		return;
	}
	write_table(set);
	customer_table_free(&set->table); /* the parts need the memory */
	for (int file = 0; file < FILES; file++)
		visit_file(set, file, visit, argument);
}
