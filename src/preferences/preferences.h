/*
 * Preferences: the orders of one customer by source and category, as one value.
 *
 * A bytea that begins with a form byte. Then the groups, by source and category in the order of
 * their bytes: both names, the length of the entries of the group's history, and these.
 *
 *   number   varint   seven bits a byte, lowest first
 *   name     varint   0 for none, 1 for that of the group before, else its length and 2, and the
 *                     bytes
 *   entries           as in history.h
 *
 * Five orders from three sources take some forty bytes, as arrays of names and histories three
 * times as many.
 */
#ifndef CLIENTELE_PREFERENCES_H
#define CLIENTELE_PREFERENCES_H

#include "lib/stringinfo.h"

#include "history/history.h"

#define PREFERENCES_FORM 1

/* A source or a category: bytes that somebody else keeps, or none */
typedef struct Label
{
	const char *bytes; /* NULL for none */
	uint32 length;
} Label;

typedef struct PreferenceGroup
{
	Label source;
	Label category;
	HistoryReader history;
} PreferenceGroup;

typedef struct PreferencesReader
{
	const uint8 *next;
	const uint8 *end;
	PreferenceGroup group;
} PreferencesReader;

/* At the beginning of a value. */
extern PreferencesReader preferences_of(const bytea *preferences);

/* The next group, into the reader; false after the last. */
extern bool preferences_read(PreferencesReader *reader);

/* A name as text, which has to be one in the encoding of the database; NULL for none. */
extern Datum label_text(const Label *name);

extern void write_number(StringInfo out, uint32 number);
extern void write_name(StringInfo out, const Label *name, const Label *before);

static inline int
compare_labels(const Label *a, const Label *b)
{
	int order;

	if (a->bytes == NULL || b->bytes == NULL)
		return (a->bytes == NULL) - (b->bytes == NULL);
	order = memcmp(a->bytes, b->bytes, Min(a->length, b->length));
	return order != 0 ? order : (a->length > b->length) - (a->length < b->length);
}

#endif
