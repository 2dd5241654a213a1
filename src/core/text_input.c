/*
 * Pieces of the text forms of our types.
 */
#include "postgres.h"

#include <ctype.h>

#include "common/int.h"
#include "mb/pg_wchar.h"

#include "core/text_input.h"

#define SHOWN_LENGTH 100

int
shown_length(const char *text)
{
	return pg_mbcliplen(text, (int) strlen(text), SHOWN_LENGTH);
}

int64
most_entries(const char *text, char mark, int64 shortest)
{
	const char *end = text;
	int64 marks = 0;

	for (; *end != '\0'; end++)
		marks += *end == mark;
	return Min(marks, (end - text) / shortest);
}

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
