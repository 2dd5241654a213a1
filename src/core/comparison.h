/*
 * The operators and hashes of a type from one comparison of two values, and from what makes one.
 *
 * Sorts and index builds call them in a context that lives as long as the sort: what an argument
 * took to be read is given back at once.
 */
#ifndef CLIENTELE_COMPARISON_H
#define CLIENTELE_COMPARISON_H

#include "common/hashfn.h"
#include "fmgr.h"

#define COMPARISON_FUNCTION(name, compare, test)                                                   \
	PG_FUNCTION_INFO_V1(name);                                                                     \
	Datum name(PG_FUNCTION_ARGS)                                                                   \
	{                                                                                              \
		PG_RETURN_BOOL(compare(fcinfo) test 0);                                                    \
	}

/*
 * type_eq, _ne, _lt, _le, _gt, _ge and _cmp. argument(fcinfo, n) reads an argument, as it is or as
 * a copy; compare(a, b) of two of them is below, at or above 0.
 */
#define COMPARISON_FUNCTIONS(type, argument, compare)                                              \
	static int type##_comparison(FunctionCallInfo fcinfo)                                          \
	{                                                                                              \
		void *a = (void *) argument(fcinfo, 0);                                                    \
		void *b = (void *) argument(fcinfo, 1);                                                    \
		int order = compare(a, b);                                                                 \
                                                                                                   \
		PG_FREE_IF_COPY(a, 0);                                                                     \
		PG_FREE_IF_COPY(b, 1);                                                                     \
		return order;                                                                              \
	}                                                                                              \
	COMPARISON_FUNCTION(type##_eq, type##_comparison, ==)                                          \
	COMPARISON_FUNCTION(type##_ne, type##_comparison, !=)                                          \
	COMPARISON_FUNCTION(type##_lt, type##_comparison, <)                                           \
	COMPARISON_FUNCTION(type##_le, type##_comparison, <=)                                          \
	COMPARISON_FUNCTION(type##_gt, type##_comparison, >)                                           \
	COMPARISON_FUNCTION(type##_ge, type##_comparison, >=)                                          \
	PG_FUNCTION_INFO_V1(type##_cmp);                                                               \
	Datum type##_cmp(PG_FUNCTION_ARGS)                                                             \
	{                                                                                              \
		int order = type##_comparison(fcinfo);                                                     \
                                                                                                   \
		/* What memcmp() gives differs from one build to another but for its sign. */              \
		PG_RETURN_INT32((order > 0) - (order < 0));                                                \
	}

#define HASH_FUNCTION(name, argument, hashed_part, hash)                                           \
	PG_FUNCTION_INFO_V1(name);                                                                     \
	Datum name(PG_FUNCTION_ARGS)                                                                   \
	{                                                                                              \
		void *value = (void *) argument(fcinfo, 0);                                                \
		int length;                                                                                \
		const unsigned char *part = (const unsigned char *) hashed_part(value, &length);           \
		Datum result = hash;                                                                       \
                                                                                                   \
		PG_FREE_IF_COPY(value, 0);                                                                 \
		return result;                                                                             \
	}

/* type_hash and type_hash_extended; hashed_part(value, &length) is where the bytes that make a
 * value begin. */
#define HASH_FUNCTIONS(type, argument, hashed_part)                                                \
	HASH_FUNCTION(type##_hash, argument, hashed_part, hash_any(part, length))                      \
	HASH_FUNCTION(type##_hash_extended, argument, hashed_part,                                     \
				  hash_any_extended(part, length, PG_GETARG_INT64(1)))

#endif
