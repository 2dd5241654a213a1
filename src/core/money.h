/*
 * Exact money: amounts as integers of 1/10000, totals of them in 128 bits.
 */
#ifndef CLIENTELE_MONEY_H
#define CLIENTELE_MONEY_H

#include "fmgr.h"
#include "utils/numeric.h"

#define MONEY_UNIT	   10000
#define MONEY_DECIMALS 4

/* One amount, in 1/10000: up to ±922337203685477.5807. */
typedef int64 Money;

/* False where the amount is NaN, infinite or too large. */
extern bool money_from_int8(int64 amount, Money *money);
extern bool money_from_float4(float4 amount, Money *money);
extern bool money_from_float8(float8 amount, Money *money);
extern bool money_from_numeric(const struct varlena *amount, Money *money);

/* The same for argument n of a function, raising 22003 with the amount instead. */
extern Money money_arg_int2(FunctionCallInfo fcinfo, int n);
extern Money money_arg_int4(FunctionCallInfo fcinfo, int n);
extern Money money_arg_int8(FunctionCallInfo fcinfo, int n);
extern Money money_arg_float4(FunctionCallInfo fcinfo, int n);
extern Money money_arg_float8(FunctionCallInfo fcinfo, int n);
extern Money money_arg_numeric(FunctionCallInfo fcinfo, int n);

/* A total in 1/10000 as numeric, with two decimals or as many as it needs. */
extern Numeric money_total(int128 total);

/* The same with as few decimals as it needs. */
extern Numeric money_number(int128 total);

#define MONEY_TEXT_SIZE 48 /* sign, 39 digits, point, zero byte */

/* Writes a total as a decimal without trailing zeros; gives its length. */
extern int money_to_text(int128 total, char *text);

/* Reads what money_to_text() writes, within ±limit; moves *text past it. */
extern bool money_from_text(const char **text, int128 limit, int128 *total);

/* The same three for units of other decimals than money's. */
extern Numeric units_number(int128 units, int decimals);
extern int units_to_text(int128 units, int decimals, char *text);
extern bool units_from_text(const char **text, int most_decimals, int128 limit, int128 *units_read);

#endif
