/*
 * What differs between the PostgreSQL versions that Clientele supports.
 */
#ifndef CLIENTELE_COMPAT_H
#define CLIENTELE_COMPAT_H

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

/* Sums must be exact past 64 bits, and every 64-bit compiler PostgreSQL names has the type. */
#ifndef HAVE_INT128
#error "Clientele needs a compiler with 128-bit integers: gcc or clang on a 64-bit platform"
#endif

#endif
