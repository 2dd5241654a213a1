/*
 * Customers and the periods in which they bought: a hash table of as few bytes as it takes.
 *
 * A customer is an integer, or else bytes that are equal for equal customers. Periods are told by
 * their distance from the one under way, in blocks of 64: bit j of block b is the period that is
 * 64 * b + j before it. Slots have as many blocks as the earliest purchase needs.
 */
#ifndef CLIENTELE_CUSTOMER_TABLE_H
#define CLIENTELE_CUSTOMER_TABLE_H

#define PERIODS_IN_BLOCK 64

#define WORDS_OF_CACHE_LINE 8

typedef struct CustomerKey
{
	uint64 number;	   /* the integer, or the hash of the bytes */
	const char *bytes; /* NULL for integers */
	uint32 length;
} CustomerKey;

typedef struct Customer
{
	CustomerKey key;
	const uint64 *blocks; /* not all of them zero */
	int count;			  /* of blocks */
} Customer;

/*
 * A slot is an array of words: the key's number, for bytes also where they stand, and the blocks.
 * It is free while all blocks are zero. A hash stands for a share of the table, so that a larger
 * one is filled from its first slot to its last.
 */
typedef struct CustomerTable
{
	MemoryContext context;
	uint64 *slots;
	uint64 capacity; /* in slots */
	uint64 count;	 /* of customers */
	int header;		 /* words before the blocks */
	int blocks;		 /* in a slot */
	uint64 seed;
	char *bytes; /* of the customers: each with its length in front */
	Size bytes_used;
	Size bytes_size;
} CustomerTable;

extern void customer_table_init(CustomerTable *table, MemoryContext context, bool by_bytes,
								int blocks);

/* Gives the memory back; the table is empty. */
extern void customer_table_free(CustomerTable *table);

/* Empty, with its memory. */
extern void customer_table_clear(CustomerTable *table);

extern bool customer_table_has_room(const CustomerTable *table, uint64 customers, Size bytes,
									int blocks);

/* What it will take to make room for so many more. */
extern Size customer_table_size_with(const CustomerTable *table, uint64 customers, Size bytes,
									 int blocks);
extern void customer_table_make_room(CustomerTable *table, uint64 customers, Size bytes,
									 int blocks);

/* Adds periods to a block of a customer; there is room. */
extern void customer_table_add(CustomerTable *table, uint64 hash, const CustomerKey *key, int block,
							   uint64 periods);

/* The customer at a position or after it, which moves on; false after the last. */
extern bool customer_table_read(const CustomerTable *table, uint64 *position, Customer *customer);

/* The hash of a number; those of another table have another order. */
static inline uint64
customer_hash(const CustomerTable *table, uint64 number)
{
	uint64 hash = number ^ table->seed;

	/* the finalizer of MurmurHash3 */
	hash ^= hash >> 33;
	hash *= UINT64CONST(0xff51afd7ed558ccd);
	hash ^= hash >> 33;
	hash *= UINT64CONST(0xc4ceb9fe1a85ec53);
	return hash ^ (hash >> 33);
}

static inline uint64 *
customer_slot(const CustomerTable *table, uint64 index)
{
	return table->slots + index * (table->header + table->blocks);
}

static inline uint64
customer_index(const CustomerTable *table, uint64 hash)
{
	return (uint64) (((uint128) hash * table->capacity) >> 64);
}

/* Has the caches fetch a slot. A function would be taken for one without effect, and left out. */
#define customer_table_prefetch(table, hash)                                                       \
	do                                                                                             \
	{                                                                                              \
		uint64 *slot = customer_slot(table, customer_index(table, hash));                          \
                                                                                                   \
		__builtin_prefetch(slot, 1);                                                               \
		__builtin_prefetch(slot + WORDS_OF_CACHE_LINE, 1); /* where the search often ends */       \
	} while (0)

/* Integers and one block, as most are: slots of two words, which are free where the second is 0. */
static inline bool
is_narrow_table(const CustomerTable *table)
{
	return table->header + table->blocks == 2;
}

/* customer_table_add() to such a table. */
static inline void
add_to_narrow_table(CustomerTable *table, uint64 hash, uint64 number, uint64 periods)
{
	uint64 *slot = table->slots + customer_index(table, hash) * 2;
	uint64 *end = table->slots + table->capacity * 2;

	while (slot[1] != 0 && slot[0] != number)
	{
		slot += 2;
		if (slot == end)
			slot = table->slots;
	}
	table->count += slot[1] == 0;
	slot[0] = number;
	slot[1] |= periods;
}

#endif
