/*
 * The log-rank test: whether two survivals are those of one.
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"

#include "core/row.h"
#include "core/share.h"
#include "survival/survival.h"

/* One group of the test, read in order of the durations. */
typedef struct Group
{
	const SurvivalEntry *next;
	const SurvivalEntry *end;
	int64 at_risk;
	int64 ended;	 /* at the duration read last */
	int64 leaving;	 /* ended and censored there */
	int64 observed;	 /* ended so far */
	double expected; /* had both groups the same survival */
} Group;

static Group
make_group(const Survival *durations)
{
	return (Group){.next = durations->entries,
				   .end = durations->entries + durations->count,
				   .at_risk = durations->total};
}

static int64
next_duration(const Group *group)
{
	return group->next < group->end ? group->next->duration : PG_INT64_MAX;
}

/* Moves on to a duration, which need not be the group's own. */
static void
read_group(Group *group, int64 duration)
{
	group->at_risk -= group->leaving;
	group->ended = 0;
	group->leaving = 0;
	if (next_duration(group) == duration)
	{
		group->ended = group->next->ended;
		group->leaving = group->next->ended + group->next->censored;
		group->next++;
	}
	group->observed += group->ended;
}

/* False after the last duration. */
static bool
read_groups(Group *a, Group *b)
{
	int64 duration = Min(next_duration(a), next_duration(b));

	if (duration == PG_INT64_MAX)
		return false;
	read_group(a, duration);
	read_group(b, duration);
	return true;
}

/*
 * What ended in a beyond its part, exact where counts are small. at_risk is above 0 as long as
 * there are durations, and the products stay within 128 bits.
 */
static double
excess(const Group *a, const Group *b)
{
	int128 excess = (int128) a->ended * b->at_risk - (int128) b->ended * a->at_risk;

	return (double) excess / ((double) a->at_risk + (double) b->at_risk);
}

/* Hypergeometric: ended ones fall on the groups by chance. */
static double
variance(const Group *a, const Group *b)
{
	double at_risk = (double) a->at_risk + (double) b->at_risk;
	double ended = (double) a->ended + (double) b->ended;
	double left = (double) (a->at_risk - a->ended) + (double) (b->at_risk - b->ended);

	if (ended == 0.0 || left == 0.0)
		return 0.0; /* without either, one could be at risk alone */
	return ended * left / (at_risk - 1.0) * ((a->at_risk / at_risk) * (b->at_risk / at_risk));
}

static void
add_expected(Group *a, Group *b)
{
	double ended = (double) a->ended + (double) b->ended;
	double at_risk = (double) a->at_risk + (double) b->at_risk;

	a->expected += ended * (a->at_risk / at_risk);
	b->expected += ended * (b->at_risk / at_risk);
}

/* log_rank(a, b) */
PG_FUNCTION_INFO_V1(log_rank);
Datum
log_rank(PG_FUNCTION_ARGS)
{
	Group a = make_group(survival_arg(fcinfo, 0));
	Group b = make_group(survival_arg(fcinfo, 1));
	double difference = 0.0;
	double spread = 0.0;
	double z;

	while (read_groups(&a, &b))
	{
		CHECK_FOR_INTERRUPTS();
		difference += excess(&a, &b);
		spread += variance(&a, &b);
		add_expected(&a, &b);
	}
	z = spread > 0.0 ? difference / sqrt(spread) : 0.0;
	return row_result(fcinfo,
					  (Datum[]){Int64GetDatum(a.observed), Float8GetDatum(a.expected),
								Int64GetDatum(b.observed), Float8GetDatum(b.expected),
								Float8GetDatum(z * z), Float8GetDatum(two_sided_p(z))},
					  (bool[]){false, false, false, false, spread == 0.0, spread == 0.0});
}
