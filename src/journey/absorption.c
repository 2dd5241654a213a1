/*
 * How journeys end: the probability of reaching a goal from each state, from counts of transitions.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "common/int.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/tuplestore.h"

#include "core/argument.h"
#include "core/compat.h"
#include "core/share.h"
#include "journey/markov_chain.h"

/* The names of states as their bytes compare, each once. */
typedef struct StateNames
{
	int32 count;
	text **names;
} StateNames;

/* The transitions as given: arrays of one length. */
typedef struct Transitions
{
	int length;
	Datum *from;
	Datum *to;
	Datum *counts;
	bool *from_null;
	bool *to_null;
	bool *counts_null;
} Transitions;

static int
compare_names(const void *a, const void *b)
{
	const text *left = *(text *const *) a;
	const text *right = *(text *const *) b;
	Size left_length = VARSIZE_ANY_EXHDR(left);
	Size right_length = VARSIZE_ANY_EXHDR(right);
	int order;

	CHECK_FOR_INTERRUPTS();
	order = memcmp(VARDATA_ANY(left), VARDATA_ANY(right), Min(left_length, right_length));

	return order != 0 ? order : (left_length > right_length) - (left_length < right_length);
}

static int32
find_state(const StateNames *states, const text *name)
{
	text **found = states->count == 0 ? NULL
									  : bsearch(&name, states->names, states->count, sizeof(text *),
												compare_names);

	return found == NULL ? -1 : (int32) (found - states->names);
}

static bool
is_skipped(const Transitions *transitions, int i)
{
	return transitions->from_null[i] || transitions->to_null[i] || transitions->counts_null[i];
}

/* Two names each have to fit one piece of memory. */
#define MOST_TRANSITIONS ((int) (MaxAllocSize / (2 * sizeof(text *))))

static void
check_number(const ArrayType *transitions)
{
	int number = ArrayGetNItems(ARR_NDIM(transitions), ARR_DIMS(transitions));

	if (number > MOST_TRANSITIONS)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("too many transitions: %d", number),
						errdetail("There may be up to %d.", MOST_TRANSITIONS),
						errhint("Add up those between the same states with GROUP BY.")));
}

static Transitions
read_transitions(FunctionCallInfo fcinfo)
{
	Transitions result;
	int to_length;
	int counts_length;

	check_number(PG_GETARG_ARRAYTYPE_P(0));
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(0), TEXTOID, -1, false, TYPALIGN_INT, &result.from,
					  &result.from_null, &result.length);
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(1), TEXTOID, -1, false, TYPALIGN_INT, &result.to,
					  &result.to_null, &to_length);
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(2), INT8OID, sizeof(int64), FLOAT8PASSBYVAL,
					  TYPALIGN_DOUBLE, &result.counts, &result.counts_null, &counts_length);
	if (to_length != result.length)
		bad_parameter("to_states", psprintf("%d elements", to_length),
					  psprintf("Give as many as from_states has: %d.", result.length));
	if (counts_length != result.length)
		bad_parameter("transitions", psprintf("%d elements", counts_length),
					  psprintf("Give as many as from_states has: %d.", result.length));
	return result;
}

static StateNames
collect_states(const Transitions *transitions)
{
	StateNames states = {0, palloc(Max(2 * transitions->length, 1) * sizeof(text *))};
	int32 given = 0;

	for (int i = 0; i < transitions->length; i++)
	{
		if (is_skipped(transitions, i))
			continue;
		states.names[given++] = DatumGetTextPP(transitions->from[i]);
		states.names[given++] = DatumGetTextPP(transitions->to[i]);
	}
	qsort(states.names, given, sizeof(text *), compare_names);
	for (int32 i = 0; i < given; i++)
	{
		if (i == 0 || compare_names(&states.names[i], &states.names[i - 1]) != 0)
			states.names[states.count++] = states.names[i];
	}
	if (states.count > MAX_MARKOV_STATES)
		ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
						errmsg("%d states are more than %d", states.count, MAX_MARKOV_STATES),
						errhint("Put rare states together under one name.")));
	return states;
}

static void
count_transitions(MarkovChain *chain, int32 from, int32 to, int64 count)
{
	if (count < 0)
		bad_parameter("transitions", psprintf(INT64_FORMAT, count),
					  "Give numbers of transitions of zero or more.");
	if (pg_add_s64_overflow(chain->leaving[from], count, &chain->leaving[from]))
		ereport(ERROR, (errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
						errmsg("more transitions from one state than 64 bits can count"),
						errhint("Divide all of them by the same number.")));
	chain->counts[(Size) from * chain->states + to] += (double) count;
}

static MarkovChain
build_chain(const Transitions *transitions, const StateNames *states, const text *goal,
			const text *start)
{
	MarkovChain chain;
	Size cells = (Size) states->count * states->count;

	chain.states = states->count;
	chain.goal = find_state(states, goal);
	chain.start = find_state(states, start);
	chain.leaving = palloc0(Max(states->count, 1) * sizeof(int64));
	chain.counts = palloc0(Max(cells, 1) * sizeof(double));
	for (int i = 0; i < transitions->length; i++)
	{
		if (!is_skipped(transitions, i))
			count_transitions(&chain, find_state(states, DatumGetTextPP(transitions->from[i])),
							  find_state(states, DatumGetTextPP(transitions->to[i])),
							  DatumGetInt64(transitions->counts[i]));
	}
	return chain;
}

/* Wilson's interval for as many trials as would leave the probability as uncertain; those seen
 * where it is 0 or 1. */
static void
put_interval(Datum *values, const MarkovPoint *point, int64 leaving, double z)
{
	double p = point->probability;
	double trials = point->variance > 0 ? p * (1 - p) / point->variance : (double) leaving;
	double lower;
	double upper;

	if (!(trials > 0) || isinf(trials))
		trials = (double) leaving;
	wilson_bounds(p * trials, trials, z, &lower, &upper);
	values[0] = Float8GetDatum(lower);
	values[1] = Float8GetDatum(upper);
}

static void
put_point(ReturnSetInfo *result, const MarkovChain *chain, const MarkovPoint *points, int32 i,
		  text *name, double z)
{
	bool removable = chain->start >= 0 && i != chain->start && points[chain->start].probability > 0;
	Datum values[8] = {PointerGetDatum(name), Int64GetDatum(chain->leaving[i]),
					   Float8GetDatum(points[i].probability)};
	bool nulls[8] = {false};

	put_interval(values + 3, &points[i], chain->leaving[i], z);
	values[5] = Float8GetDatum(points[i].expected_steps);
	nulls[5] =
		!points[i].certain || isinf(points[i].expected_steps) || isnan(points[i].expected_steps);
	values[6] = Float8GetDatum(points[i].removal_effect);
	nulls[6] = !removable;
	values[7] = Float8GetDatum(points[i].removal_share);
	nulls[7] = !removable || isnan(points[i].removal_share);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

/* absorption(from_states, to_states, transitions, goal, start, level) */
PG_FUNCTION_INFO_V1(absorption);
Datum
absorption(PG_FUNCTION_ARGS)
{
	Transitions transitions = read_transitions(fcinfo);
	double z = normal_z(level_argument(PG_GETARG_FLOAT8(5)));
	StateNames states = collect_states(&transitions);
	MarkovChain chain =
		build_chain(&transitions, &states, PG_GETARG_TEXT_PP(3), PG_GETARG_TEXT_PP(4));
	const MarkovPoint *points = solve_markov_chain(&chain);

	InitMaterializedSRF(fcinfo, 0);
	for (int32 i = 0; i < chain.states; i++)
	{
		if (!points[i].absorbing)
			put_point((ReturnSetInfo *) fcinfo->resultinfo, &chain, points, i, states.names[i], z);
	}
	return (Datum) 0;
}
