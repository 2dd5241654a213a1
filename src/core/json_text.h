/*
 * The casts of our larger types to jsonb.
 */
#ifndef CLIENTELE_JSON_TEXT_H
#define CLIENTELE_JSON_TEXT_H

#include "lib/stringinfo.h"

/* 54000, with the type's name, where the text is too long. */
extern Datum jsonb_from_text(const StringInfoData *json, const char *type);

#endif
