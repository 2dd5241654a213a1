/*
 * The figures of one customer at the last end of the rules, and what they come to beside those of
 * all others.
 */
#ifndef CLIENTELE_FIGURES_H
#define CLIENTELE_FIGURES_H

#include "classes/standing.h"

#define FIGURES_FORM 0x46696775

/* As a bytea. */
typedef struct Figures
{
	int32 vl_len_; /* the server's header: never touch it directly */
	int32 form;	   /* FIGURES_FORM */
	DateADT first_order;
	DateADT last_order;
	int32 days_since_last;
	bool has_profit;
	bool is_silent; /* for longer than usual, and not lost; if that is known */
	bool knows_silence;
	char abc; /* 0 without a class */
	int64 orders;
	int64 purchase_days;
	int64 purchases;
	int64 returns;
	int64 window_returns;
	int128 revenue; /* in 1/10000, as is all money here */
	int128 last_year_revenue;
	int128 profit;
	int128 window_profit;
	int128 missing; /* to the next better class; 0 where there is none */
	UsualGap gap;
	Standing standing;
	int32 scores[SCORES];
	int32 decimals; /* to write what is missing with */
} Figures;

/* False without an order before the end. profit may be NULL, or left out where nobody asks for it.
 */
extern bool read_figures(const struct varlena *history, const struct varlena *profit,
						 const ClassRules *rules, Figures *figures);

/* Argument 0 of a function: 22023 where it is no such value. */
extern const Figures *figures_argument(FunctionCallInfo fcinfo);

/* By what a customer is scored. */
static inline int128
scored_value(const Figures *figures, Score score)
{
	return score == SCORE_RECENCY	  ? -(int128) figures->days_since_last
		   : score == SCORE_FREQUENCY ? figures->purchases
									  : figures->revenue;
}

#endif
