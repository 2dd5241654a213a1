/*
 * What differs between the PostgreSQL versions that Clientele supports.
 */
#ifndef CLIENTELE_COMPAT_H
#define CLIENTELE_COMPAT_H

#include "utils/jsonb.h"

#if PG_VERSION_NUM >= 160000
#include "nodes/miscnodes.h"
#include "varatt.h"
#else
/* Soft errors came with 16: before that an input error is always raised. */
#define ereturn(context, dummy_value, ...)                                                         \
	do                                                                                             \
	{                                                                                              \
		(void) (context);                                                                          \
		ereport(ERROR, __VA_ARGS__);                                                               \
		return dummy_value;                                                                        \
	} while (0)
#endif

/* One function for the rights on anything came with 16. */
#if PG_VERSION_NUM < 160000
#define object_aclcheck(class, object, role, mode)                                                 \
	((class) == NamespaceRelationId ? pg_namespace_aclcheck(object, role, mode)                    \
									: pg_proc_aclcheck(object, role, mode))
#endif

/* The parser's state and its result became one with 19. */
#if PG_VERSION_NUM >= 190000
#define push_jsonb(state, token, value) pushJsonbValue(state, token, value)
#else
typedef struct JsonbInState
{
	JsonbParseState *parse;
	JsonbValue *result;
} JsonbInState;

#define push_jsonb(state, token, value)                                                            \
	((state)->result = pushJsonbValue(&(state)->parse, token, value))
#endif

/* What the actions of a JSON parser return came with 16, who owns its context with 17. */
#if PG_VERSION_NUM >= 160000
#define JSON_ACTION		 JsonParseErrorType
#define JSON_ACTION_DONE return JSON_SUCCESS
#else
#define JSON_ACTION		 void
#define JSON_ACTION_DONE return
#endif

#if PG_VERSION_NUM >= 170000
#define json_lexer(json)                                                                           \
	makeJsonLexContextCstringLen(NULL, json, strlen(json), GetDatabaseEncoding(), true)
#else
#define json_lexer(json)                                                                           \
	makeJsonLexContextCstringLen(json, strlen(json), GetDatabaseEncoding(), true)
#endif

/* Sums must be exact past 64 bits, and every 64-bit compiler PostgreSQL names has the type. */
#ifndef HAVE_INT128
#error "Clientele needs a compiler with 128-bit integers: gcc or clang on a 64-bit platform"
#endif

#endif
