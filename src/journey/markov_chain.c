/*
 * The linear equations of an absorbing Markov chain, solved by eliminating one state after the
 * other as Grassmann, Taksar and Heyman do: a way through the eliminated state becomes a direct
 * one. All that is added, multiplied and divided is positive, so there is no cancellation, and
 * every figure is exact to nearly all digits, however rarely a chain ends.
 */
#include "postgres.h"

#include <math.h>

#include "miscadmin.h"

#include "journey/markov_chain.h"

/* The states that can end, those that lead to no end left out. */
typedef struct Elimination
{
	int32 states;
	int32 *state;	 /* index in the chain; the start is the last one */
	bool *chosen;	 /* by index in the chain: whether it is one of them */
	double *weights; /* states x states: above the diagonal ways between states not yet eliminated,
						below it what share of the eliminated one's ways a row took over */
	double *to_goal; /* weight of the ways that reach the goal at once */
	double *to_loss; /* … that end elsewhere, or lead where nothing ends */
	double *leaving; /* weight of all ways but those back to itself, when its turn came */
} Elimination;

static inline double
chain_count(const MarkovChain *chain, int32 from, int32 to)
{
	return chain->counts[(Size) from * chain->states + to];
}

static inline double *
elimination_row(const Elimination *elimination, int32 i)
{
	return elimination->weights + (Size) i * elimination->states;
}

static bool
is_absorbing(const MarkovChain *chain, int32 state)
{
	return state == chain->goal || chain->leaving[state] == 0;
}

/* Adds to a set all states from which one leads into it. */
static void
add_leading_into(const MarkovChain *chain, bool *set)
{
	int32 *queue = palloc(chain->states * sizeof(int32));
	int32 queued = 0;

	for (int32 i = 0; i < chain->states; i++)
	{
		if (set[i])
			queue[queued++] = i;
	}
	for (int32 next = 0; next < queued; next++)
	{
		CHECK_FOR_INTERRUPTS();
		for (int32 from = 0; from < chain->states; from++)
		{
			if (set[from] || is_absorbing(chain, from) ||
				chain_count(chain, from, queue[next]) == 0)
				continue;
			set[from] = true;
			queue[queued++] = from;
		}
	}
	pfree(queue);
}

/* Sets the state apart in which all is said: absorbing, and certain where no closed circle can be
 * reached. */
static bool *
find_ending(const MarkovChain *chain, MarkovPoint *points)
{
	bool *ending = palloc0(chain->states * sizeof(bool));
	bool *endless = palloc0(chain->states * sizeof(bool));

	for (int32 i = 0; i < chain->states; i++)
		ending[i] = points[i].absorbing = is_absorbing(chain, i);
	add_leading_into(chain, ending);
	for (int32 i = 0; i < chain->states; i++)
		endless[i] = !ending[i];
	add_leading_into(chain, endless);
	for (int32 i = 0; i < chain->states; i++)
		points[i].certain = !endless[i];
	pfree(endless);
	return ending;
}

static void
choose_state(Elimination *elimination, int32 state)
{
	elimination->state[elimination->states++] = state;
	elimination->chosen[state] = true;
}

static void
choose_states(Elimination *elimination, const MarkovChain *chain, const bool *ending)
{
	elimination->state = palloc(chain->states * sizeof(int32));
	elimination->chosen = palloc0(chain->states * sizeof(bool));
	elimination->states = 0;
	for (int32 i = 0; i < chain->states; i++)
	{
		if (ending[i] && !is_absorbing(chain, i) && i != chain->start)
			choose_state(elimination, i);
	}
	if (chain->start >= 0 && ending[chain->start] && !is_absorbing(chain, chain->start))
		choose_state(elimination, chain->start);
}

static void
put_weights(Elimination *elimination, const MarkovChain *chain, int32 i)
{
	int32 from = elimination->state[i];
	double *row = elimination_row(elimination, i);

	elimination->to_goal[i] = elimination->to_loss[i] = 0;
	for (int32 j = 0; j < elimination->states; j++)
		row[j] = chain_count(chain, from, elimination->state[j]);
	for (int32 to = 0; to < chain->states; to++)
	{
		if (to == chain->goal)
			elimination->to_goal[i] = chain_count(chain, from, to);
		else if (!elimination->chosen[to])
			elimination->to_loss[i] += chain_count(chain, from, to);
	}
}

static void
eliminate_state(Elimination *elimination, int32 k)
{
	const double *gone = elimination_row(elimination, k);

	elimination->leaving[k] = elimination->to_goal[k] + elimination->to_loss[k];
	for (int32 j = k + 1; j < elimination->states; j++)
		elimination->leaving[k] += gone[j];
	for (int32 i = k + 1; i < elimination->states; i++)
	{
		double *row = elimination_row(elimination, i);
		double share = row[k] == 0 ? 0 : row[k] / elimination->leaving[k];

		row[k] = share;
		if (share == 0)
			continue;
		for (int32 j = k + 1; j < elimination->states; j++)
			row[j] += share * gone[j];
		elimination->to_goal[i] += share * elimination->to_goal[k];
		elimination->to_loss[i] += share * elimination->to_loss[k];
	}
}

static void
eliminate(Elimination *elimination, const MarkovChain *chain)
{
	Size states = elimination->states;

	elimination->weights =
		palloc_extended(Max(states * states, 1) * sizeof(double), MCXT_ALLOC_HUGE);
	elimination->to_goal = palloc(chain->states * sizeof(double));
	elimination->to_loss = palloc(chain->states * sizeof(double));
	elimination->leaving = palloc(chain->states * sizeof(double));
	for (int32 i = 0; i < elimination->states; i++)
		put_weights(elimination, chain, i);
	for (int32 k = 0; k < elimination->states; k++)
	{
		CHECK_FOR_INTERRUPTS();
		eliminate_state(elimination, k);
	}
}

/* Works out what rows take over from those eliminated before, in place, where all before the first
 * are 0. */
static void
take_over(const Elimination *elimination, double *values, int32 first)
{
	for (int32 i = first + 1; i < elimination->states; i++)
	{
		const double *row = elimination_row(elimination, i);
		double sum = values[i];

		for (int32 j = first; j < i; j++)
			sum += row[j] * values[j];
		values[i] = sum;
	}
}

/* Puts the states back, the last one first: afterwards values are what they come to from each state
 * on. */
static void
put_back(const Elimination *elimination, double *values)
{
	for (int32 k = elimination->states - 1; k >= 0; k--)
	{
		const double *row = elimination_row(elimination, k);
		double sum = values[k];

		for (int32 j = k + 1; j < elimination->states; j++)
			sum += row[j] * values[j];
		/* A way out that is too rare for a double is none. */
		values[k] = sum == 0 ? 0 : sum / elimination->leaving[k];
	}
}

static void
find_probabilities(const Elimination *elimination, MarkovPoint *points, double *values)
{
	memcpy(values, elimination->to_goal, elimination->states * sizeof(double));
	put_back(elimination, values);
	for (int32 i = 0; i < elimination->states; i++)
		points[elimination->state[i]].probability = Min(values[i], 1.0);
}

static void
find_steps(const Elimination *elimination, const MarkovChain *chain, MarkovPoint *points,
		   double *values)
{
	for (int32 i = 0; i < elimination->states; i++)
		values[i] = (double) chain->leaving[elimination->state[i]];
	take_over(elimination, values, 0);
	put_back(elimination, values);
	for (int32 i = 0; i < elimination->states; i++)
		points[elimination->state[i]].expected_steps = values[i];
}

/* The variance of the goal's probability over the next step from a state, by the number of
 * transitions seen. */
static double
step_variance(const MarkovChain *chain, const MarkovPoint *points, int32 state)
{
	double variance = 0;
	double leaving = (double) chain->leaving[state];

	for (int32 to = 0; to < chain->states; to++)
	{
		double reached = to == chain->goal ? 1.0 : points[to].probability;
		double apart = reached - points[state].probability;

		variance += chain_count(chain, state, to) / leaving * apart * apart;
	}
	return variance / leaving;
}

/*
 * The expected number of visits to a state from each of the others gives both: by the delta method
 * its part in their variance, and, over that from itself, the probability that the start comes to
 * it at all. Who reaches the goal came past it or did not: the former is what its removal takes
 * away.
 */
static void
find_visits(const Elimination *elimination, const MarkovChain *chain, MarkovPoint *points, int32 k,
			double *values)
{
	int32 last = elimination->states - 1;
	int32 state = elimination->state[k];
	double variance = step_variance(chain, points, state);

	memset(values, 0, elimination->states * sizeof(double));
	values[k] = (double) chain->leaving[state];
	take_over(elimination, values, k);
	put_back(elimination, values);
	for (int32 i = 0; i < elimination->states; i++)
		points[elimination->state[i]].variance += values[i] * values[i] * variance;
	if (elimination->state[last] == chain->start && points[chain->start].probability > 0)
		points[state].removal_effect =
			Min(1.0, values[last] / values[k] * points[state].probability /
						 points[chain->start].probability);
}

static void
share_removal_effects(const MarkovChain *chain, MarkovPoint *points)
{
	double total = 0;

	for (int32 i = 0; i < chain->states; i++)
	{
		if (i != chain->start)
			total += points[i].removal_effect;
	}
	for (int32 i = 0; i < chain->states; i++)
		points[i].removal_share = points[i].removal_effect / total;
}

MarkovPoint *
solve_markov_chain(const MarkovChain *chain)
{
	MarkovPoint *points = palloc0(Max(chain->states, 1) * sizeof(MarkovPoint));
	bool *ending = find_ending(chain, points);
	Elimination elimination;
	double *values;

	choose_states(&elimination, chain, ending);
	eliminate(&elimination, chain);
	values = palloc(Max(elimination.states, 1) * sizeof(double));
	find_probabilities(&elimination, points, values);
	find_steps(&elimination, chain, points, values);
	for (int32 k = 0; k < elimination.states; k++)
	{
		CHECK_FOR_INTERRUPTS();
		find_visits(&elimination, chain, points, k, values);
	}
	share_removal_effects(chain, points);
	return points;
}
