/*
 * The casts of our larger types to jsonb.
 */
#include "postgres.h"

#include "lib/stringinfo.h"
#include "miscadmin.h"

#include "core/json_writer.h"
#include "core/text_form.h"

/*
 * The server puts the parts of a jsonb together without looking for a cancel, and an array in it
 * ends at 256 MB. So many take it less than a tenth of a second, 80 MB at most for the value, and
 * some 400 MB for the parts.
 */
#define JSON_ITEMS 4000000

static void
count_item(JsonWriter *json)
{
	CHECK_FOR_INTERRUPTS();
	if (++json->items > JSON_ITEMS)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("%s value too large for jsonb", json->type),
						errdetail("It has more than %d names and values.", JSON_ITEMS),
						errhint("Read it with the functions that return its rows.")));
}

void
json_bracket(JsonWriter *json, JsonbIteratorToken bracket)
{
	push_jsonb(&json->state, bracket, NULL);
	json->place = WJB_ELEM;
}

static void
push_item(JsonWriter *json, JsonbIteratorToken place, JsonbValue value)
{
	count_item(json);
	push_jsonb(&json->state, place, &value);
}

static JsonbValue
string_value(const char *text)
{
	return (JsonbValue){.type = jbvString,
						.val.string = {.len = strlen(text), .val = unconstify(char *, text)}};
}

void
json_name(JsonWriter *json, const char *name)
{
	push_item(json, WJB_KEY, string_value(name));
	json->place = WJB_VALUE;
}

static void
push_value(JsonWriter *json, JsonbValue value)
{
	push_item(json, json->place, value);
	json->place = WJB_ELEM;
}

void
json_text(JsonWriter *json, const char *text)
{
	push_value(json, string_value(text));
}

void
json_day(JsonWriter *json, DateADT day)
{
	StringInfoData text;

	initStringInfo(&text);
	append_day(&text, day);
	json_text(json, pstrdup(text.data));
	pfree(text.data);
}

void
json_number(JsonWriter *json, Numeric number)
{
	push_value(json, (JsonbValue){.type = jbvNumeric, .val.numeric = number});
}

void
json_integer(JsonWriter *json, int64 number)
{
	json_number(json, int64_to_numeric(number));
}

Datum
json_finish(JsonWriter *json)
{
	return JsonbPGetDatum(JsonbValueToJsonb(json->state.result));
}
