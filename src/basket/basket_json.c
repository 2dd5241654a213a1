/*
 * Reading the text form of baskets, with the server's parser of JSON.
 */
#include "postgres.h"

#include "common/jsonapi.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"

#include "basket/basket.h"

typedef struct JsonBaskets
{
	BasketBuilder *builder;
	int depth;		/* 1 within the object, 2 within a list */
	char *order;	/* of the list */
	uint32 items;	/* of it so far */
	bool misplaced; /* something is not where it belongs */
} JsonBaskets;

static JSON_ACTION
begin_object(void *state)
{
	JsonBaskets *json = state;

	json->misplaced |= json->depth++ != 0;
	JSON_ACTION_DONE;
}

static JSON_ACTION
end_object(void *state)
{
	((JsonBaskets *) state)->depth--;
	JSON_ACTION_DONE;
}

static JSON_ACTION
begin_field(void *state, char *name, bool is_null pg_attribute_unused())
{
	JsonBaskets *json = state;

	if (json->order != NULL)
		pfree(json->order);
	json->order = name;
	JSON_ACTION_DONE;
}

static JSON_ACTION
begin_list(void *state)
{
	JsonBaskets *json = state;

	json->misplaced |= json->depth++ != 1;
	json->items = 0;
	JSON_ACTION_DONE;
}

static JSON_ACTION
end_list(void *state)
{
	JsonBaskets *json = state;

	json->misplaced |= json->items == 0;
	json->depth--;
	JSON_ACTION_DONE;
}

static JSON_ACTION
take_scalar(void *state, char *token, JsonTokenType type)
{
	JsonBaskets *json = state;

	CHECK_FOR_INTERRUPTS();
	json->misplaced |= json->depth != 2 || type != JSON_TOKEN_STRING;
	if (!json->misplaced)
		add_line(json->builder, (Label){json->order, strlen(json->order)},
				 (Label){token, strlen(token)});
	json->items++;
	pfree(token);
	JSON_ACTION_DONE;
}

bool
add_json(BasketBuilder *builder, char *json)
{
	JsonBaskets state = {.builder = builder};
	JsonSemAction actions = {.semstate = &state,
							 .object_start = begin_object,
							 .object_end = end_object,
							 .object_field_start = begin_field,
							 .array_start = begin_list,
							 .array_end = end_list,
							 .scalar = take_scalar};

	return pg_parse_json(json_lexer(json), &actions) == JSON_SUCCESS && !state.misplaced;
}
