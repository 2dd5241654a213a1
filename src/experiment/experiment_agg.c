/*
 * The aggregates experiment_agg and rollup(experiment).
 *
 * The state is the type itself, counted in place; a group that was not there yet makes it a new
 * one. Results need no final function, as with nps_agg.
 */
#include "postgres.h"

#include "utils/builtins.h"

#include "core/aggregate.h"
#include "core/argument.h"
#include "experiment/experiment.h"

typedef Money (*FigureReader)(FunctionCallInfo fcinfo, int n);

static Experiment *
state_argument(FunctionCallInfo fcinfo)
{
	Experiment *state;

	check_aggregate(fcinfo);
	if (PG_ARGISNULL(0))
		return make_experiment(0, PLAIN_FIGURES);
	state = (Experiment *) bytea_state(fcinfo);
	check_experiment_version(state);
	return state;
}

/* The group of argument 1, in a state that may have had to grow for it. */
static ExperimentGroup *
counted_group(FunctionCallInfo fcinfo, Experiment **state, int figures)
{
	text *grp = PG_GETARG_TEXT_PP(1);
	char name[GROUP_NAME_SIZE];
	int place;

	if (!group_name(VARDATA_ANY(grp), VARSIZE_ANY_EXHDR(grp), name))
		bad_parameter("grp", psprintf("\"%s\"", text_to_cstring(grp)),
					  psprintf("Give groups names of up to %d bytes.", GROUP_NAME_SIZE - 1));
	check_same_figures(*state, figures);
	(*state)->figures = figures;
	place = find_group(*state, name);
	if (unlikely(place < 0))
		*state = with_group(*state, name, &place);
	return &(*state)->groups[place];
}

/*
 * experiment_accum(state, grp, after, before [, denominator]). Who was not there before the start
 * has bought nothing before: a NULL there is 0, so that the customer still counts.
 */
static Datum
experiment_accum(FunctionCallInfo fcinfo, FigureReader read)
{
	int count = PG_NARGS() - 2;
	Money figures[MOST_FIGURES] = {0};
	Experiment *state;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || (count > DENOMINATOR && PG_ARGISNULL(4)))
		return unchanged_state(fcinfo);
	state = state_argument(fcinfo);
	for (int i = 0; i < count; i++)
	{
		if (!PG_ARGISNULL(2 + i))
			figures[i] = read(fcinfo, 2 + i);
	}
	add_customer(counted_group(fcinfo, &state, count), figures, count);
	PG_RETURN_POINTER(state);
}

#define EXPERIMENT_ACCUM(type)                                                                     \
	PG_FUNCTION_INFO_V1(experiment_accum_##type);                                                  \
	Datum experiment_accum_##type(PG_FUNCTION_ARGS)                                                \
	{                                                                                              \
		return experiment_accum(fcinfo, money_arg_##type);                                         \
	}

EXPERIMENT_ACCUM(int8)
EXPERIMENT_ACCUM(float8)
EXPERIMENT_ACCUM(numeric)

/* Adds a value, or another worker's state, to the state: rollup's transition and combine. */
PG_FUNCTION_INFO_V1(experiment_combine);
Datum
experiment_combine(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(1))
		return unchanged_state(fcinfo);
	PG_RETURN_POINTER(add_experiment(state_argument(fcinfo), experiment_arg(fcinfo, 1)));
}
