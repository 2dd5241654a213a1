/*
 * Reading and writing preferences.
 */
#include "postgres.h"

#include "mb/pg_wchar.h"
#include "utils/builtins.h"

#include "core/varint.h"
#include "preferences/preferences.h"

_Noreturn static void
broken_preferences(void)
{
	ereport(ERROR, (errcode(ERRCODE_DATA_CORRUPTED), errmsg("invalid preferences"),
					errhint("The value is damaged, or no value of the view customer_orders.")));
	pg_unreachable();
}

void
write_number(StringInfo out, uint32 number)
{
	uint8 bytes[VARINT32_SIZE];

	appendBinaryStringInfo(out, (const char *) bytes, (int) (write_varint(bytes, number) - bytes));
}

static uint32
read_number(PreferencesReader *reader)
{
	uint32 number;

	if (!read_varint32(&reader->next, reader->end, &number))
		broken_preferences();
	return number;
}

static const uint8 *
read_bytes(PreferencesReader *reader, uint32 length)
{
	const uint8 *bytes = reader->next;

	if (length > (size_t) (reader->end - reader->next))
		broken_preferences();
	reader->next += length;
	return bytes;
}

#define NO_NAME	  0
#define SAME_NAME 1
#define NAME	  2 /* and its length */

void
write_name(StringInfo out, const Label *name, const Label *before)
{
	if (name->bytes == NULL)
		write_number(out, NO_NAME);
	else if (compare_labels(name, before) == 0)
		write_number(out, SAME_NAME);
	else
	{
		write_number(out, NAME + name->length);
		appendBinaryStringInfo(out, name->bytes, (int) name->length);
	}
}

static void
read_name(PreferencesReader *reader, Label *name)
{
	uint32 code = read_number(reader);

	if (code == NO_NAME)
		*name = (Label){.bytes = NULL};
	else if (code != SAME_NAME)
		*name =
			(Label){.length = code - NAME, .bytes = (const char *) read_bytes(reader, code - NAME)};
}

PreferencesReader
preferences_of(const bytea *preferences)
{
	PreferencesReader reader = {.next = (const uint8 *) VARDATA_ANY(preferences)};

	reader.end = reader.next + VARSIZE_ANY_EXHDR(preferences);
	if (reader.next >= reader.end || *reader.next++ != PREFERENCES_FORM)
		broken_preferences();
	return reader;
}

bool
preferences_read(PreferencesReader *reader)
{
	PreferenceGroup *group = &reader->group;
	uint32 length;

	if (reader->next >= reader->end)
		return false;
	read_name(reader, &group->source);
	read_name(reader, &group->category);
	length = read_number(reader);
	group->history =
		(HistoryReader){.next = read_bytes(reader, length), .error_code = ERRCODE_DATA_CORRUPTED};
	group->history.end = group->history.next + length;
	return true;
}

Datum
label_text(const Label *name)
{
	if (name->bytes == NULL)
		return (Datum) 0;
	(void) pg_verifymbstr(name->bytes, (int) name->length, false);
	return PointerGetDatum(cstring_to_text_with_len(name->bytes, (int) name->length));
}
