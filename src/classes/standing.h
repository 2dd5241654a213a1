/*
 * Where one customer stands at each end of the rules: stage, regularity, and the value that classes
 * are decided by. A history is read once, whatever the number of ends.
 */
#ifndef CLIENTELE_STANDING_H
#define CLIENTELE_STANDING_H

#include "classes/class_rules.h"
#include "classes/days.h"

typedef struct Standing
{
	Stage stage;
	bool is_classed;	   /* bought within the window: there is a value */
	char xyz;			   /* 0 where nothing is known */
	int128 value;		   /* in 1/10000, as is all money here */
	int128 window_revenue; /* of the window of the classes */
	int128 period_revenue; /* of the period that ends here, or is under way */
} Standing;

/* One for each end, into the current memory context. */
extern const Standing *read_standings(const Days *days, const Days *profit,
									  const ClassRules *rules);

/* The same of histories that were not read yet; profit may be NULL. */
extern const Standing *standings_of(const struct varlena *history, const struct varlena *profit,
									const ClassRules *rules);

/* The ABC class of a value by the limits of an end, which are there; 0 without a value. */
static inline char
abc_of(const Standing *standing, const ClassEnd *end)
{
	if (!standing->is_classed)
		return 0;
	return standing->value >= end->limits.lowest_a	 ? 'A'
		   : standing->value >= end->limits.lowest_b ? 'B'
													 : 'C';
}

#endif
