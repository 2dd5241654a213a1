/*
 * A score or rating of any of the six types that hold them, read exactly.
 */
#ifndef CLIENTELE_SCORE_H
#define CLIENTELE_SCORE_H

#include "fmgr.h"
#include "utils/fmgrprotos.h"

#include "core/numeric_digits.h"

/* The types: the C name's ending, and the function that writes a value out. */
#define SCORE_TYPES(DEFINE)                                                                        \
	DEFINE(int2, int2out)                                                                          \
	DEFINE(int4, int4out)                                                                          \
	DEFINE(int8, int8out)                                                                          \
	DEFINE(float4, float4out)                                                                      \
	DEFINE(float8, float8out)                                                                      \
	DEFINE(numeric, numeric_out)

typedef struct Score
{
	int64 whole;   /* rounded down; SCORE_BEYOND for what no scale holds */
	bool fraction; /* whether rounding down took something off: 1 if so */
} Score;

/* Stands for NaN, infinities and whatever is larger than the digits looked at. */
#define SCORE_BEYOND PG_INT64_MAX

static inline Score
score_from_float(double value)
{
	Score score = {.whole = SCORE_BEYOND};

	if (value > -NUMERIC_BASE && value < NUMERIC_BASE)
	{
		score.whole = (int64) value;
		if (score.whole > value)
			score.whole--;
		score.fraction = score.whole != value;
	}
	return score;
}

/* A stored numeric has no trailing zeros: digits after the point are a fraction. */
static inline Score
score_from_numeric(const struct varlena *stored)
{
	NumericDigits number = numeric_digits(stored);
	Score score = {.whole = SCORE_BEYOND};

	if (number.finite && number.weight <= 0)
	{
		score.whole = numeric_digit(&number, 0);
		score.fraction = number.count > number.weight + 1;
		if (number.negative)
			score.whole = -score.whole - score.fraction;
	}
	return score;
}

static inline Score
score_arg_int2(FunctionCallInfo fcinfo, int n)
{
	return (Score){.whole = PG_GETARG_INT16(n)};
}

static inline Score
score_arg_int4(FunctionCallInfo fcinfo, int n)
{
	return (Score){.whole = PG_GETARG_INT32(n)};
}

static inline Score
score_arg_int8(FunctionCallInfo fcinfo, int n)
{
	return (Score){.whole = PG_GETARG_INT64(n)};
}

static inline Score
score_arg_float4(FunctionCallInfo fcinfo, int n)
{
	return score_from_float(PG_GETARG_FLOAT4(n));
}

static inline Score
score_arg_float8(FunctionCallInfo fcinfo, int n)
{
	return score_from_float(PG_GETARG_FLOAT8(n));
}

static inline Score
score_arg_numeric(FunctionCallInfo fcinfo, int n)
{
	return score_from_numeric(PG_GETARG_VARLENA_PP(n));
}

#endif
