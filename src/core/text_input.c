/*
 * Pieces of the text forms of our types.
 */
#include "postgres.h"

#include <ctype.h>

#include "common/int.h"

#include "core/text_input.h"

bool
read_count(const char **in, int64 *count)
{
	const char *next = *in;
	int64 value = 0;

	if (!isdigit((unsigned char) *next))
		return false;
	for (; isdigit((unsigned char) *next); next++)
	{
		if (pg_mul_s64_overflow(value, 10, &value) ||
			pg_add_s64_overflow(value, *next - '0', &value))
			return false;
	}
	*count = value;
	*in = next;
	return true;
}

bool
read_word(const char **in, const char *word)
{
	size_t length = strlen(word);

	if (strncmp(*in, word, length) != 0)
		return false;
	*in += length;
	return true;
}

const char *
skip_space(const char *in)
{
	while (isspace((unsigned char) *in))
		in++;
	return in;
}
