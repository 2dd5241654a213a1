-- funnel: how many customers reached each of a chain of steps

CREATE TYPE funnel;

CREATE FUNCTION _clientele.funnel_in(cstring) RETURNS funnel
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.funnel_out(funnel) RETURNS cstring
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.funnel_recv(internal) RETURNS funnel
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
CREATE FUNCTION _clientele.funnel_send(funnel) RETURNS bytea
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;

CREATE TYPE funnel (
    INPUT = _clientele.funnel_in,
    OUTPUT = _clientele.funnel_out,
    RECEIVE = _clientele.funnel_recv,
    SEND = _clientele.funnel_send,
    INTERNALLENGTH = VARIABLE,
    ALIGNMENT = double,
    STORAGE = extended
);
COMMENT ON TYPE funnel IS
'How many customers reached each step of a chain of 1 to 1000 steps; who reached a step is counted at those before it too. Text form: (80,40,4,1), whole numbers of zero or more, none above the one before. Made by funnel_agg() and funnel().
Errors: 22P02 for another text, 22P03 for another binary form.';

CREATE FUNCTION funnel(VARIADIC counts bigint[]) RETURNS funnel
AS 'MODULE_PATHNAME', 'funnel_from_counts' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel(bigint[]) IS
'A funnel from counts that are known or assumed: funnel(80, 40, 4, 1).
Arguments: counts: the customers of each step, 1 to 1000 of them, those included who went further.
Result: funnel.
Errors: 22023 for a negative or missing count, one above that of the step before, or another number of steps.';

CREATE FUNCTION _clientele.funnel_to_jsonb(funnel) RETURNS jsonb
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.funnel_to_jsonb(funnel) IS
'The cast to jsonb: an array of the counts, such as [80, 40, 4, 1].';
CREATE CAST (funnel AS jsonb) WITH FUNCTION _clientele.funnel_to_jsonb(funnel);

-- sums and differences; equality, order and hash are made from core/type_operators.sql.in

CREATE FUNCTION _clientele.funnel_add(funnel, funnel) RETURNS funnel
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.funnel_add(funnel, funnel) IS
'The operator +: the customers of both, who must be different ones, step by step.
Errors: 22023 for different numbers of steps, 22003 past 2^63 customers.';
CREATE OPERATOR + (
    LEFTARG = funnel, RIGHTARG = funnel, FUNCTION = _clientele.funnel_add, COMMUTATOR = +
);

CREATE FUNCTION _clientele.funnel_subtract(funnel, funnel) RETURNS funnel
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION _clientele.funnel_subtract(funnel, funnel) IS
'The operator -: the customers of the first without those of the second, who must be among them.
Errors: 22023 for different numbers of steps, or where what is left is no funnel: a count would be negative, or above the one before.';
CREATE OPERATOR - (
    LEFTARG = funnel, RIGHTARG = funnel, FUNCTION = _clientele.funnel_subtract
);

-- aggregates

CREATE FUNCTION _clientele.funnel_combine(funnel, funnel) RETURNS funnel
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE rollup(funnel) (
    SFUNC = _clientele.funnel_combine, STYPE = funnel, COMBINEFUNC = _clientele.funnel_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE rollup(funnel) IS
'The sum of funnels of different customers: a shop''s from those of its segments.
Result: funnel; NULLs are skipped, NULL without any.
Errors: 22023 for different numbers of steps, 22003 past 2^63 customers.';

CREATE FUNCTION _clientele.funnel_accum(funnel, integer, integer) RETURNS funnel
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE PARALLEL SAFE;

CREATE AGGREGATE funnel_agg(level integer, steps integer) (
    SFUNC = _clientele.funnel_accum, STYPE = funnel, COMBINEFUNC = _clientele.funnel_combine, PARALLEL = SAFE
);
COMMENT ON AGGREGATE funnel_agg(integer, integer) IS
'Counts customers by the deepest step each has reached.
Arguments: level: of one customer, as funnel_level() gives it; 0, who has not entered, is in no count, and NULL is skipped; steps: how many the chain has, 1 to 1000, the same in all rows.
Result: funnel; NULL without rows.
Errors: 22003 for a level below 0 or above steps, or past 2^63 customers; 22023 for steps that are NULL, out of range or different between rows.';

-- accessors

CREATE FUNCTION step_count(funnel funnel) RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION step_count(funnel) IS
'How many steps a funnel has, 1 to 1000.';

CREATE FUNCTION funnel_count(funnel funnel, step integer) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_count(funnel, integer) IS
'How many customers reached a step.
Arguments: step: from 1 on.
Result: a number of customers.
Errors: 22023 for a step that the funnel does not have.';

CREATE FUNCTION funnel_counts(funnel funnel) RETURNS bigint[]
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION funnel_counts(funnel) IS
'How many customers reached each step, as an array.';

CREATE TYPE funnel_point AS (
    step_number integer,
    count bigint,
    pct_of_first double precision,
    pct_of_first_lower double precision,
    pct_of_first_upper double precision,
    pct_of_previous double precision,
    pct_of_previous_lower double precision,
    pct_of_previous_upper double precision
);
COMMENT ON TYPE funnel_point IS
'One step of a funnel: the customers who reached it, and their share of those at the first step and at the one before, 0..100, with intervals';

CREATE FUNCTION funnel_points(funnel funnel, level double precision DEFAULT 0.95) RETURNS SETOF funnel_point
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 5;
COMMENT ON FUNCTION funnel_points(funnel, double precision) IS
'A funnel step by step.
Arguments: level: of the confidence intervals, between 0 and 1.
Result: rows of step_number, count, pct_of_first and pct_of_previous (0..100), each with its Wilson interval; NULL where nobody was at the first step or at the one before, and pct_of_previous at step 1. The first step is 100 % of itself, and that is no estimate. Over an aggregate write FROM (SELECT funnel_agg(...) AS f FROM ...) s, funnel_points(s.f).
Errors: 22023 for another level.
Source: Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).';

CREATE TYPE funnel_plan_step AS (
    step_number integer,
    needed bigint,
    safe_needed bigint,
    rate double precision,
    safe_rate double precision
);
COMMENT ON TYPE funnel_plan_step IS
'One step of a plan: how many it takes there at the rates seen so far, how many at the lower bounds of their intervals, and these rates: the shares that go on to the next step, 0..1';

CREATE FUNCTION funnel_plan(funnel funnel, target bigint, level double precision DEFAULT 0.95) RETURNS SETOF funnel_plan_step
AS 'MODULE_PATHNAME' LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE ROWS 5;
COMMENT ON FUNCTION funnel_plan(funnel, bigint, double precision) IS
'Plans backwards: how many are needed at each step, so that a target is reached at the last. Ten buyers take 40 meetings, 400 offers and 800 calls where half of the calls, a tenth of the offers and a quarter of the meetings go on.
Arguments: funnel: the experience so far; target: customers at the last step, zero or more; level: of the confidence intervals, between 0 and 1.
Result: rows of step_number, needed (from the last step to the first, each rounded up, exactly), safe_needed (the same with the Wilson lower bound of each rate), rate and safe_rate (0..1, NULL at the last step).
Errors: 22023 for a negative target, another level, or a step from which nobody went on; 22003 past 64 bits.
Source: Wilson, Probable inference, the law of succession, and statistical inference, JASA 22 (1927).';
