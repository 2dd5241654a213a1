/*
 * Days in the text forms of our types, whatever the session's date style.
 */
#ifndef CLIENTELE_DAY_TEXT_H
#define CLIENTELE_DAY_TEXT_H

#include "lib/stringinfo.h"
#include "utils/date.h"

/* Writes a finite date as year-month-day, with BC where it is meant. */
extern void append_day(StringInfo out, DateADT day);

/* Reads that, the year with four digits or more, and moves *in past it; false for anything else. */
extern bool read_day(const char **in, DateADT *day);

#endif
