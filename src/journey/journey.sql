-- journey: how the ways of customers end, from counts of their steps

CREATE TYPE absorption_point AS (
    state text,
    transitions bigint,
    probability double precision,
    lower double precision,
    upper double precision,
    expected_steps double precision,
    removal_effect double precision,
    removal_share double precision
);
COMMENT ON TYPE absorption_point IS
'What holds from one state of an absorbing Markov chain on: transitions (from it), probability (of reaching the goal, 0..1) with lower and upper bound, expected_steps (to any end; NULL where there may be none), removal_effect (share of the probability from the start that is lost without this state, 0..1) and removal_share (its part in the sum of all removal effects, 0..1; both NULL for the start itself, and where the start cannot reach the goal)';

CREATE FUNCTION absorption(from_states text[], to_states text[], transitions bigint[], goal text DEFAULT 'PURCHASE',
    start text DEFAULT 'START', level double precision DEFAULT 0.95)
RETURNS SETOF absorption_point
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 50;
COMMENT ON FUNCTION absorption(text[], text[], bigint[], text, text, double precision) IS
'How likely a goal is reached from each state of a Markov chain, exactly: by solving its linear equations, not by simulation.
Arguments: from_states, to_states, transitions: arrays of one length, with the number of transitions between each pair of states; pairs that come twice are added, those with a NULL are skipped; goal: the state to reach; start: the state where all begins, for the removal effects; level: confidence level of the interval, between 0 and 1.
The goal and every state without transitions from it are ends. Where a circle is never left, the goal is not reached from it.
Result: rows of absorption_point, one for each state that is no end, in order of their bytes. The interval takes transitions as independent: Wilson''s, for as many trials as would leave the probability as uncertain as the delta method says it is.
Time grows with the cube of the number of states: milliseconds for 100, seconds for 1000.
Errors: 22023 for arrays of different lengths, a negative number or another level; 22003 past 64 bits; 54000 for more than 2000 states or 67 million transitions.
Source: Kemeny and Snell, Finite Markov Chains (1960); Grassmann, Taksar and Heyman, Regenerative analysis and steady state distributions for Markov chains, Operations Research 33 (1985); Anderl et al., Mapping the customer journey: a graph-based framework for online attribution modeling (2014), for the removal effect.';
