/*
 * Whole numbers as bytes: seven bits each, the lowest first, and a high bit where more follow.
 */
#ifndef CLIENTELE_VARINT_H
#define CLIENTELE_VARINT_H

/* What a number of 32 and of 64 bits takes at most. */
#define VARINT32_SIZE 5
#define VARINT64_SIZE 10

/* Behind the number that was written. */
static inline uint8 *
write_varint(uint8 *out, uint64 value)
{
	while (value >= 0x80)
	{
		*out++ = (uint8) value | 0x80;
		value >>= 7;
	}
	*out++ = (uint8) value;
	return out;
}

/* Moves *in behind the number, of which the caller knows that it is there. */
static inline uint32
read_sure_varint(const uint8 **in)
{
	uint32 value = *(*in)++;

	if (likely(value < 0x80))
		return value;
	value &= 0x7F;
	for (int shift = 7;; shift += 7)
	{
		uint8 byte = *(*in)++;

		value |= (uint32) (byte & 0x7F) << shift;
		if (byte < 0x80)
			return value;
	}
}

/* False where the bytes end before, or are no number of 32 bits. */
static inline bool
read_varint32(const uint8 **in, const uint8 *end, uint32 *value)
{
	uint64 read = 0;

	for (int shift = 0; shift < 7 * VARINT32_SIZE && *in < end; shift += 7)
	{
		uint8 byte = *(*in)++;

		read |= (uint64) (byte & 0x7F) << shift;
		if (byte < 0x80)
		{
			*value = (uint32) read;
			return read <= PG_UINT32_MAX;
		}
	}
	return false;
}

#endif
