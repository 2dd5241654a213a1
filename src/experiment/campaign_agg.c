/*
 * The aggregate _clientele.campaign_agg: what the members of a campaign did before and after it
 * began, all measures from one reading of each history.
 *
 * Its state is an experiment in which each measure has groups of its own: the digit of the measure
 * comes before the name of the group. So it is added, combined and sent like any other.
 */
#include "postgres.h"

#include "utils/builtins.h"
#include "utils/date.h"

#include "core/aggregate.h"
#include "core/argument.h"
#include "experiment/experiment.h"
#include "history/history_window.h"

typedef enum Measure
{
	ORDERED,
	ORDERS,
	REVENUE,
	CAPPED,
	PROFIT,
	RETURNS, /* by the number of orders */
} Measure;

#define MEASURES (RETURNS + 1)

/* What one customer counts for at most, either way, in 1/10000: squares of a hundred million
 * customers still have room, so that nobody's figures stop the others' from being read. */
#define MOST_OF_CUSTOMER (INT64CONST(1000) * 1000 * 1000 * 1000 * 1000)

typedef struct Sums
{
	int64 orders;
	int64 returns;
	int128 amount;
} Sums;

/* Of the days before the start, and of those from it on. */
typedef struct Stretches
{
	Sums before;
	Sums after;
} Stretches;

typedef struct Dates
{
	DateADT before;
	DateADT start;
	DateADT end;
} Dates;

static Money
figure_of(int128 units)
{
	return (Money) Max(-MOST_OF_CUSTOMER, Min(MOST_OF_CUSTOMER, units));
}

static Money
figure_of_count(int64 count)
{
	return figure_of((int128) count * MONEY_UNIT);
}

static void
add_day(Sums *sums, const HistoryDay *day)
{
	history_add_count(&sums->orders, day->orders);
	history_add_count(&sums->returns, day->returns);
	sums->amount += day->amount;
}

static Stretches
read_stretches(const struct varlena *history, const Dates *dates)
{
	HistoryWindow window = history_window(history, dates->before, dates->end);
	Stretches stretches = {.before = {0}};
	HistoryDay day;

	while (history_window_read(&window, &day))
		add_day(day.day < dates->start ? &stretches.before : &stretches.after, &day);
	return stretches;
}

/* A group of a measure, in a state that may have had to grow for it. */
static void
count(Experiment **state, Measure measure, const text *grp, Money after, Money before,
	  Money denominator)
{
	Money figures[MOST_FIGURES] = {after, before, denominator};
	char plain[GROUP_NAME_SIZE];
	char name[GROUP_NAME_SIZE] = {0};
	int place;

	if (!group_name(VARDATA_ANY(grp), VARSIZE_ANY_EXHDR(grp), plain) ||
		plain[GROUP_NAME_SIZE - 2] != 0)
		bad_parameter("grp", psprintf("\"%s\"", text_to_cstring(grp)),
					  psprintf("Give groups names of up to %d bytes.", GROUP_NAME_SIZE - 2));
	name[0] = '0' + measure;
	memcpy(name + 1, plain, GROUP_NAME_SIZE - 2);
	(*state)->figures = MOST_FIGURES;
	place = find_group(*state, name);
	if (unlikely(place < 0))
		*state = with_group(*state, name, &place);
	add_customer(&(*state)->groups[place], figures, MOST_FIGURES);
}

static Money
capped(int128 amount, Money highest)
{
	return Min(figure_of(amount), highest);
}

static void
count_orders(Experiment **state, const text *grp, const Stretches *of)
{
	Money orders = figure_of_count(of->after.orders);

	count(state, ORDERED, grp, figure_of_count(of->after.orders > 0),
		  figure_of_count(of->before.orders > 0), 0);
	count(state, ORDERS, grp, orders, figure_of_count(of->before.orders), 0);
	count(state, REVENUE, grp, figure_of(of->after.amount), figure_of(of->before.amount), 0);
	count(state, RETURNS, grp, figure_of_count(of->after.returns),
		  figure_of_count(of->before.returns), orders);
}

static Stretches
stretches_argument(FunctionCallInfo fcinfo, int n, const Dates *dates)
{
	if (PG_ARGISNULL(n))
		return (Stretches){.before = {0}};
	return read_stretches(history_argument(fcinfo, n), dates);
}

/*
 * campaign_agg_transition(state, history, profit_history, grp, before_from, from_date, as_of,
 * highest): a member without a history did nothing; without a highest revenue none is capped,
 * and without has_profit there is no profit.
 */
PG_FUNCTION_INFO_V1(campaign_agg_transition);
Datum
campaign_agg_transition(PG_FUNCTION_ARGS)
{
	Experiment *state;
	const text *grp;
	Dates dates;
	Stretches of;

	if (PG_ARGISNULL(3) || PG_ARGISNULL(4) || PG_ARGISNULL(5) || PG_ARGISNULL(6))
		return unchanged_state(fcinfo);
	check_aggregate(fcinfo);
	state =
		PG_ARGISNULL(0) ? make_experiment(0, PLAIN_FIGURES) : (Experiment *) bytea_state(fcinfo);
	check_experiment_version(state);
	grp = PG_GETARG_TEXT_PP(3);
	dates = (Dates){PG_GETARG_DATEADT(4), PG_GETARG_DATEADT(5), PG_GETARG_DATEADT(6)};
	of = stretches_argument(fcinfo, 1, &dates);
	count_orders(&state, grp, &of);
	if (!PG_ARGISNULL(7))
	{
		Money highest = money_arg_numeric(fcinfo, 7);

		count(&state, CAPPED, grp, capped(of.after.amount, highest),
			  capped(of.before.amount, highest), 0);
	}
	if (!PG_ARGISNULL(8) && PG_GETARG_BOOL(8))
	{
		of = stretches_argument(fcinfo, 2, &dates);
		count(&state, PROFIT, grp, figure_of(of.after.amount), figure_of(of.before.amount), 0);
	}
	PG_RETURN_POINTER(state);
}

/* The groups of one measure, by their names. */
PG_FUNCTION_INFO_V1(campaign_part);
Datum
campaign_part(PG_FUNCTION_ARGS)
{
	Experiment *state = experiment_arg(fcinfo, 0);
	int measure = PG_GETARG_INT32(1);
	Experiment *part = make_experiment(state->count, PLAIN_FIGURES);

	part->count = 0;
	for (int i = 0; i < state->count; i++)
	{
		ExperimentGroup *group = &part->groups[part->count];

		if (measure < 0 || measure >= MEASURES || state->groups[i].name[0] != '0' + measure)
			continue;
		*group = state->groups[i];
		memmove(group->name, group->name + 1, GROUP_NAME_SIZE - 1);
		part->count++;
	}
	if (part->count > 0 && measure == RETURNS)
		part->figures = state->figures;
	SET_VARSIZE(part, offsetof(Experiment, groups) + part->count * sizeof(ExperimentGroup));
	PG_RETURN_POINTER(part);
}
