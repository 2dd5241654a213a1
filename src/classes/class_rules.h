/*
 * By what customers are told apart at one or several dates: the settings of a workspace as they are
 * read once per query, with the days that its spans come to, and the limits of the classes.
 */
#ifndef CLIENTELE_CLASS_RULES_H
#define CLIENTELE_CLASS_RULES_H

#include "core/decimal.h"
#include "core/period.h"
#include "history/history_window.h"
#include "segments/abc_limits.h"
#include "segments/stage.h"
#include "segments/variation.h"

#define CLASS_RULES_FORM 0x52756c65

#define CLASS_ENDS_LIMIT 400
#define RFM_BINS_LIMIT	 10

/* What scores are given for, the best last. */
typedef enum Score
{
	SCORE_RECENCY, /* the days since the last order, as a number below 0 */
	SCORE_FREQUENCY,
	SCORE_MONETARY
} Score;

#define SCORES (SCORE_MONETARY + 1)

/* One date, and where what counts at it begins. */
typedef struct ClassEnd
{
	DateADT as_of;
	DateADT period_start;
	DateADT window_from; /* of the classes; -infinity for all time */
	DateADT frequency_from;
	int32 first_period; /* the first whole one of the window */
	int32 end_period;	/* the one that holds as_of */
	StageLimits stage;
	AbcLimits limits;
} ClassEnd;

/* What all customers come to at the last end: by it each is scored, and silent for too long. */
typedef struct ShopLimits
{
	int128 lowest_of_80; /* the lowest value of those who bring 80 % */
	double gap;			 /* usual days between purchases */
	bool has_gap;
	int8 decimals; /* the fewest that the values of classes can be written with */
	int16 unused;
	int32 unused_too;
	/* of each score above 1 the highest value that is below it */
	int128 highest_below[SCORES][RFM_BINS_LIMIT];
} ShopLimits;

/* As a bytea. */
typedef struct ClassRules
{
	int32 vl_len_; /* the server's header: never touch it directly */
	int32 form;	   /* CLASS_RULES_FORM */
	int32 count;   /* of ends */
	int32 period;  /* of type Period */
	int32 count_by;
	bool by_profit;	   /* classes by profit, else by revenue */
	bool by_variation; /* X, Y and Z by the variation of amounts, else by frequency */
	bool has_limits;
	bool has_scores; /* with what all customers come to at the last end */
	int32 x_purchases;
	int32 y_purchases;
	int32 regular_purchases;
	int32 bins;		  /* of the scores */
	double risk_gaps; /* so many usual gaps of silence are a risk */
	ShopLimits shop;
	Decimal a; /* shares of the whole */
	Decimal b;
	Decimal x; /* coefficients of variation */
	Decimal y;
	ClassEnd ends[FLEXIBLE_ARRAY_MEMBER]; /* ascending */
} ClassRules;

static inline const ClassEnd *
last_end(const ClassRules *rules)
{
	return &rules->ends[rules->count - 1];
}

/* Argument n, a bytea: within a row it lies as four bytes do, and then comes as a copy. */
extern const void *aligned_argument(FunctionCallInfo fcinfo, int n);

/* Whether bytes are such a value: what is read through them stays within bounds. */
extern bool is_rules(const ClassRules *rules);

/* Argument n of a function: 22023 where it is no such value. */
extern const ClassRules *rules_argument(FunctionCallInfo fcinfo, int n);

/* The same, for a function that needs the limits of classes. */
extern const ClassRules *limits_argument(FunctionCallInfo fcinfo, int n);

#endif
