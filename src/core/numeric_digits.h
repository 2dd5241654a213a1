/*
 * A look into a stored numeric without unpacking it.
 *
 * The layout is that of the server's numeric.c: base-10000 digits behind a header of two or four
 * bytes. It is what tables on disk hold, so it cannot change between versions.
 */
#ifndef CLIENTELE_NUMERIC_DIGITS_H
#define CLIENTELE_NUMERIC_DIGITS_H

#include "postgres.h"

#include "core/compat.h"

#define NUMERIC_BASE 10000

typedef struct NumericDigits
{
	bool finite; /* neither NaN nor an infinity; the rest is set only then */
	bool negative;
	int weight; /* of the first digit: its power of NUMERIC_BASE */
	int count;
	const char *digits; /* int16 each, not aligned */
} NumericDigits;

static inline uint16
numeric_word(const char *bytes)
{
	uint16 word;

	memcpy(&word, bytes, sizeof(word));
	return word;
}

/* The digit of the given power of NUMERIC_BASE; 0 where none is stored. */
static inline int
numeric_digit(const NumericDigits *number, int power)
{
	int index = number->weight - power;

	if (index < 0 || index >= number->count)
		return 0;
	return (int16) numeric_word(number->digits + index * sizeof(int16));
}

/* stored: a detoasted numeric, with a short header or a long one. */
static inline NumericDigits
numeric_digits(const struct varlena *stored)
{
	const char *data = VARDATA_ANY(stored);
	uint16 header = numeric_word(data);
	size_t header_size = sizeof(uint16);
	NumericDigits number = {.finite = true};

	switch (header & 0xC000)
	{
		case 0xC000:
			number.finite = false;
			return number;
		case 0x8000: /* short: sign, display scale and weight share the word */
			number.negative = (header & 0x2000) != 0;
			number.weight = (header & 0x3F) - ((header & 0x40) ? 0x40 : 0);
			break;
		default:
			number.negative = (header & 0x4000) != 0;
			number.weight = (int16) numeric_word(data + sizeof(uint16));
			header_size += sizeof(int16);
	}
	number.count = (VARSIZE_ANY_EXHDR(stored) - header_size) / sizeof(int16);
	number.digits = data + header_size;
	return number;
}

#endif
