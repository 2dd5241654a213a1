/*
 * Pieces of the text forms of our types.
 *
 * read_… moves *in past what it has read, or leaves it and returns false.
 */
#ifndef CLIENTELE_TEXT_FORM_H
#define CLIENTELE_TEXT_FORM_H

#include "lib/stringinfo.h"
#include "core/period.h"

/* How many bytes of a bad text its error message repeats: whole characters, and not all of a long
 * one, which could be too much for a message. */
extern int shown_length(const char *text);

/* How many entries a text has at most, of which each holds the mark and takes so many bytes. */
extern int64 most_entries(const char *text, char mark, int64 shortest);

/* Digits that fit 64 bits. */
extern bool read_count(const char **in, int64 *count);

/* Without a format: some values have millions of them. */
extern void append_count(StringInfo out, int64 count);

/* Exactly this word. */
extern bool read_word(const char **in, const char *word);

/* The first character from in on that is no white space. */
extern const char *skip_space(const char *in);

/* Writes a finite date as year-month-day, whatever the session's date style; with BC if meant. */
extern void append_day(StringInfo out, DateADT day);

/* Reads that, the year with four digits or more; where it is no day, *in may have moved. */
extern bool read_day(const char **in, DateADT *day);

/* A period's name. */
extern bool read_period_name(const char **in, Period *period);

#endif
