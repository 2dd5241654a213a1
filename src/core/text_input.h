/*
 * Pieces of the text forms of our types.
 *
 * read_… moves *in past what it has read, or leaves it and returns false.
 */
#ifndef CLIENTELE_TEXT_INPUT_H
#define CLIENTELE_TEXT_INPUT_H

#define SHOWN_LENGTH 100 /* bytes of a bad text that its error message repeats */

/* Digits that fit 64 bits. */
extern bool read_count(const char **in, int64 *count);

/* Exactly this word. */
extern bool read_word(const char **in, const char *word);

/* The first character from in on that is no white space. */
extern const char *skip_space(const char *in);

#endif
