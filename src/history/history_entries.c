/*
 * Reading and writing single entries of a purchase history.
 */
#include "postgres.h"

#include "core/varint.h"
#include "history/history.h"

#define HUNDREDTH	   100 /* in 1/10000 */
#define LONGEST_VARINT 105 /* bits: enough for an amount at the limit, its zigzag and its flag */

_Noreturn static void
broken_history(const HistoryReader *reader)
{
	ereport(ERROR, (errcode(reader->error_code), errmsg("invalid purchase_history"),
					errhint("The value is damaged, or was written by a newer version.")));
	pg_unreachable();
}

HistoryReader
history_reader(const struct varlena *history)
{
	const uint8 *data = (const uint8 *) VARDATA_ANY(history);
	size_t size = VARSIZE_ANY_EXHDR(history);
	HistoryReader reader = {.error_code = ERRCODE_DATA_CORRUPTED};

	if (size > 0 && data[0] == HISTORY_FORM)
	{
		reader.next = data + 1;
		reader.end = data + size;
	}
	else if (size >= offsetof(HistoryLog, entries) - VARHDRSZ && data[0] == HISTORY_LOG_FORM)
	{
		int32 used; /* behind a short header it is not aligned */

		memcpy(&used, data + offsetof(HistoryLog, used) - VARHDRSZ, sizeof(used));
		reader.next = data + offsetof(HistoryLog, entries) - VARHDRSZ;
		if (used < 0 || used > data + size - reader.next)
			broken_history(&reader);
		reader.end = reader.next + used;
	}
	else
		broken_history(&reader);
	return reader;
}

static uint128
read_long_varint(HistoryReader *reader, uint128 value, int shift)
{
	while (reader->next < reader->end && shift < LONGEST_VARINT)
	{
		uint8 byte = *reader->next++;

		value |= (uint128) (byte & 0x7F) << shift;
		if (byte < 0x80)
			return value;
		shift += 7;
	}
	broken_history(reader);
}

/* Nearly all numbers fit 63 bits, and 64-bit arithmetic is several times faster. */
static inline uint128
read_varint(HistoryReader *reader)
{
	uint64 value = 0;

	for (int shift = 0; shift < 63; shift += 7)
	{
		uint8 byte;

		if (unlikely(reader->next >= reader->end))
			broken_history(reader);
		byte = *reader->next++;
		value |= (uint64) (byte & 0x7F) << shift;
		if (byte < 0x80)
			return value;
	}
	return read_long_varint(reader, value, 63);
}

static inline int64
read_int64(HistoryReader *reader)
{
	uint128 value = read_varint(reader);

	if (unlikely(value > PG_INT64_MAX))
		broken_history(reader);
	return (int64) value;
}

static inline int64
unzigzag(uint64 code)
{
	return (int64) (code >> 1) ^ -(int64) (code & 1);
}

static inline int128
read_amount(HistoryReader *reader)
{
	uint128 code = read_varint(reader);
	int128 amount;

	if (likely(code <= PG_INT32_MAX))
		return unzigzag((uint64) code >> 1) * ((code & 1) ? 1 : HUNDREDTH);
	amount = (int128) (code >> 2) ^ -(int128) ((code >> 1) & 1);
	return amount * ((code & 1) ? 1 : HUNDREDTH);
}

/* The next entry, or false after the last. */
bool
history_read(HistoryReader *reader, HistoryDay *day)
{
	int64 head;

	if (reader->next >= reader->end)
		return false;
	head = read_int64(reader);
	reader->day += unzigzag(head >> 1);
	if (unlikely(!IS_VALID_DATE(reader->day)))
		broken_history(reader);
	day->day = (DateADT) reader->day;
	day->orders = (head & 1) ? read_int64(reader) : 1;
	day->returns = (head & 1) ? read_int64(reader) : 0;
	day->amount = read_amount(reader);
	return true;
}

static uint8 *
write_long_varint(uint8 *out, uint128 value)
{
	while (value > PG_UINT64_MAX)
	{
		*out++ = (uint8) value | 0x80;
		value >>= 7;
	}
	return write_varint(out, (uint64) value);
}

static inline uint64
zigzag(int64 value)
{
	return ((uint64) value << 1) ^ (uint64) (value >> 63);
}

static uint8 *
write_large_amount(uint8 *out, int128 amount)
{
	bool hundredths = amount % HUNDREDTH == 0;
	int128 value = hundredths ? amount / HUNDREDTH : amount;
	uint128 code = ((uint128) value << 1) ^ (uint128) (value >> 127);

	return write_long_varint(out, code << 1 | (hundredths ? 0 : 1));
}

static inline uint8 *
write_amount(uint8 *out, int128 amount)
{
	int64 small = (int64) amount;

	if (unlikely(small != amount || small > (PG_INT64_MAX >> 2) || small < -(PG_INT64_MAX >> 2)))
		return write_large_amount(out, amount);
	if (small % HUNDREDTH == 0)
		return write_varint(out, zigzag(small / HUNDREDTH) << 1);
	return write_varint(out, zigzag(small) << 1 | 1);
}

/* Writes an entry of at most HISTORY_ENTRY_SIZE bytes; gives its length. */
int
history_write(uint8 *out, const HistoryDay *day, int64 previous_day)
{
	bool plain = day->orders == 1 && day->returns == 0;
	uint8 *end = write_varint(out, zigzag(day->day - previous_day) << 1 | (plain ? 0 : 1));

	if (!plain)
	{
		end = write_varint(end, (uint64) day->orders);
		end = write_varint(end, (uint64) day->returns);
	}
	return write_amount(end, day->amount) - out;
}
