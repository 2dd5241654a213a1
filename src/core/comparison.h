/*
 * The operators of a type from one comparison of two arguments.
 */
#ifndef CLIENTELE_COMPARISON_H
#define CLIENTELE_COMPARISON_H

#include "fmgr.h"

#define COMPARISON_FUNCTION(name, compare, test)                                                   \
	PG_FUNCTION_INFO_V1(name);                                                                     \
	Datum name(PG_FUNCTION_ARGS)                                                                   \
	{                                                                                              \
		PG_RETURN_BOOL(compare(fcinfo) test 0);                                                    \
	}

/* type_eq, _ne, _lt, _le, _gt, _ge and _cmp; compare(fcinfo) is below, at or above 0. */
#define COMPARISON_FUNCTIONS(type, compare)                                                        \
	COMPARISON_FUNCTION(type##_eq, compare, ==)                                                    \
	COMPARISON_FUNCTION(type##_ne, compare, !=)                                                    \
	COMPARISON_FUNCTION(type##_lt, compare, <)                                                     \
	COMPARISON_FUNCTION(type##_le, compare, <=)                                                    \
	COMPARISON_FUNCTION(type##_gt, compare, >)                                                     \
	COMPARISON_FUNCTION(type##_ge, compare, >=)                                                    \
	PG_FUNCTION_INFO_V1(type##_cmp);                                                               \
	Datum type##_cmp(PG_FUNCTION_ARGS)                                                             \
	{                                                                                              \
		PG_RETURN_INT32(compare(fcinfo));                                                          \
	}

#endif
