/*
 * The casts of our larger types to jsonb: built value by value, so that a cancel ends them.
 */
#ifndef CLIENTELE_JSON_WRITER_H
#define CLIENTELE_JSON_WRITER_H

#include "utils/date.h"
#include "utils/numeric.h"

#include "core/compat.h"

typedef struct JsonWriter
{
	const char *type; /* what is cast */
	JsonbInState state;
	JsonbIteratorToken place; /* of the next value: an array's, or the name's before it */
	int items;				  /* names and values so far */
} JsonWriter;

static inline JsonWriter
json_writer(const char *type)
{
	return (JsonWriter){.type = type, .place = WJB_ELEM};
}

/* Begins or ends an array or an object: WJB_BEGIN_ARRAY, WJB_END_OBJECT… */
extern void json_bracket(JsonWriter *json, JsonbIteratorToken bracket);

/* The name, which outlives the writer, of what is written next into an object. */
extern void json_name(JsonWriter *json, const char *name);

/* A value, which outlives the writer too; 54000, with the type's name, where there are too many. */
extern void json_text(JsonWriter *json, const char *text);
extern void json_day(JsonWriter *json, DateADT day);
extern void json_number(JsonWriter *json, Numeric number);
extern void json_integer(JsonWriter *json, int64 number);

/* What was written, after its last bracket. */
extern Datum json_finish(JsonWriter *json);

#endif
