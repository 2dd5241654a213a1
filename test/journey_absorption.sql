-- absorption(): against closed forms, exact elimination in numeric, removal by hand, and in cases without an end
BEGIN;
SELECT no_plan();
SET client_min_messages = warning;

-- The gambler's ruin: from i of n, up with probability u
CREATE FUNCTION pg_temp.ruin(n integer, up bigint, down bigint, start integer) RETURNS SETOF absorption_point LANGUAGE sql AS $$
    SELECT a.* FROM (
        SELECT array_agg(i::text) AS f, array_agg(t.j::text) AS t, array_agg(t.c) AS c
        FROM generate_series(1, n - 1) i, LATERAL (VALUES (i - 1, down), (i + 1, up)) t(j, c)) g,
        absorption(g.f, g.t, g.c, n::text, start::text) a
$$;
SELECT is((SELECT max(abs(probability - state::integer / 40.0::float8)) < 1e-13 AND max(abs(expected_steps / (state::integer * (40 - state::integer)) - 1)) < 1e-12 AND count(*) = 39
    FROM pg_temp.ruin(40, 1, 1, 20)), true, 'fair: i/n, and i(n - i) steps');
SELECT is((SELECT max(abs(probability / ((1 - 1.5 ^ state::integer) / (1 - 1.5 ^ 40)) - 1)) < 1e-12 FROM pg_temp.ruin(40, 2, 3, 20)), true,
    'unfair: exact to all digits, also where the goal is as rare as 1 in 10 million');
SELECT is((SELECT max(abs(probability / ((1 - 1000000::float8 ^ state::integer) / (1 - 1000000::float8 ^ 40)) - 1)) < 1e-11 AND min(probability) < 1e-230 FROM pg_temp.ruin(40, 1, 1000000, 1)), true,
    '... and as 1 in 10^234');
-- from the middle, a state on either side is passed by those who come there
SELECT is((SELECT max(abs(removal_effect - CASE WHEN state::integer > 20 THEN 1 ELSE (20 - state::integer::float8) * 0 + (40 - 20) / (40 - state::float8) * state::float8 / 20 END)) < 1e-12
    FROM pg_temp.ruin(40, 1, 1, 20) WHERE state <> '20'), true, 'removal: the way down to i is taken by (n - s)/(n - i), and i/n of them come back');

-- Random chains, some with circles that never end, against Gaussian elimination in numeric
CREATE FUNCTION pg_temp.solve(a numeric[], b numeric[]) RETURNS numeric[] LANGUAGE plpgsql AS $$
DECLARE
    n integer := cardinality(b);
    f numeric;
    x numeric[] := b;
BEGIN
    FOR k IN 1..n LOOP
        FOR i IN 1..n LOOP
            CONTINUE WHEN i = k OR a[i][k] = 0;
            f := a[i][k] / a[k][k];
            FOR j IN k..n LOOP a[i][j] := a[i][j] - f * a[k][j]; END LOOP;
            x[i] := x[i] - f * x[k];
        END LOOP;
    END LOOP;
    FOR i IN 1..n LOOP x[i] := x[i] / a[i][i]; END LOOP;
    RETURN x;
END
$$;
CREATE TABLE transition (f text, t text, c bigint);
-- The states that lead to an end, and those that may come to where there is none
CREATE VIEW reach AS
WITH RECURSIVE state AS (SELECT f AS s FROM transition UNION SELECT t FROM transition),
final AS (SELECT s FROM state WHERE s = 'PURCHASE' OR NOT EXISTS (SELECT FROM transition WHERE f = s AND c > 0)),
up AS (SELECT s FROM final UNION SELECT f FROM transition JOIN up ON t = s WHERE c > 0 AND f <> 'PURCHASE'),
trapped AS (SELECT s FROM state EXCEPT SELECT s FROM up),
risky AS (SELECT s FROM trapped UNION SELECT f FROM transition JOIN risky ON t = s WHERE c > 0 AND f NOT IN (SELECT s FROM final))
SELECT s, s IN (SELECT s FROM final) AS final, s IN (SELECT s FROM trapped) AS trapped, s IN (SELECT s FROM risky) AS risky FROM state;
-- x = b + P x over the states that lead to an end; without: whoever comes there is lost
CREATE FUNCTION pg_temp.linear(what text, without text DEFAULT NULL) RETURNS TABLE (s text, x numeric) LANGUAGE plpgsql AS $$
DECLARE
    names text[] := ARRAY(SELECT r.s FROM reach r WHERE NOT r.final AND NOT r.trapped AND r.s IS DISTINCT FROM without ORDER BY 1);
    a numeric[];
    b numeric[];
BEGIN
    IF cardinality(names) = 0 THEN RETURN; END IF;
    SELECT array_agg(r.line ORDER BY r.i) INTO a FROM (
        SELECT i.i, array_agg((i.i = j.j)::integer - coalesce((SELECT sum(c) FROM transition WHERE f = i.name AND t = j.name), 0) / (SELECT sum(c) FROM transition WHERE f = i.name) ORDER BY j.j) AS line
        FROM unnest(names) WITH ORDINALITY i(name, i), unnest(names) WITH ORDINALITY j(name, j) GROUP BY i.i) r;
    SELECT array_agg(CASE what WHEN 'goal' THEN coalesce((SELECT sum(c) FROM transition WHERE f = i.name AND t = 'PURCHASE'), 0) / (SELECT sum(c) FROM transition WHERE f = i.name)
        WHEN 'steps' THEN 1 ELSE (i.name = what)::integer END ORDER BY i.i) INTO b FROM unnest(names) WITH ORDINALITY i(name, i);
    RETURN QUERY SELECT * FROM unnest(names, pg_temp.solve(a, b));
END
$$;
CREATE FUNCTION pg_temp.chain(n integer DEFAULT 0) RETURNS TABLE (f text[], t text[], c bigint[]) LANGUAGE sql AS $$
    SELECT array_agg(x.f), array_agg(x.t), array_agg(x.c) FROM (SELECT * FROM transition ORDER BY random() + n) x
$$;
CREATE FUNCTION pg_temp.same_chain(n integer) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    wrong text;
BEGIN
    PERFORM setseed(n / 1000.0);
    TRUNCATE transition;
    INSERT INTO transition SELECT CASE WHEN i = 1 THEN 'START' ELSE 's' || i END, CASE (12 * random())::integer WHEN 0 THEN 'END' WHEN 1 THEN 'PURCHASE' WHEN 2 THEN 'gone' ELSE 's' || (2 + (n % 9) * random())::integer END,
        (random() * 100)::integer * (CASE WHEN random() < 0.1 THEN 1000000 ELSE 1 END) FROM generate_series(1, 1 + n % 10) i, generate_series(1, 1 + (3 * random())::integer);
    DROP TABLE IF EXISTS mine, p, e, v;
    CREATE TEMP TABLE mine AS SELECT a.* FROM pg_temp.chain() g, absorption(g.f, g.t, g.c) a;
    CREATE TEMP TABLE p AS SELECT * FROM pg_temp.linear('goal');
    CREATE TEMP TABLE e AS SELECT * FROM pg_temp.linear('steps');
    -- the variance by the delta method: visits, squared, times the variance of a step
    CREATE TEMP TABLE v AS SELECT p.s, sum(n.x ^ 2 * d.variance) AS variance
        FROM p JOIN LATERAL (SELECT k.s AS k, l.s, l.x FROM p k, pg_temp.linear(k.s) l) n ON n.s = p.s
        JOIN LATERAL (
            SELECT sum(c * (coalesce(q.x, (t = 'PURCHASE')::integer) - o.x) ^ 2) / sum(c) / sum(c) AS variance
            FROM transition JOIN p o ON o.s = f LEFT JOIN p q ON q.s = t WHERE f = n.k) d ON true
        GROUP BY p.s;
    SELECT string_agg(format('%s: %s', r.s, m), '; ') INTO wrong
    FROM reach r LEFT JOIN mine m ON m.state = r.s LEFT JOIN p ON p.s = r.s LEFT JOIN e ON e.s = r.s LEFT JOIN v ON v.s = r.s
    LEFT JOIN LATERAL (SELECT (SELECT x FROM p WHERE s = 'START') AS whole, (SELECT x FROM pg_temp.linear('goal', r.s) WHERE s = 'START') AS rest WHERE r.s <> 'START' AND NOT r.final) d ON true
    CROSS JOIN LATERAL (SELECT coalesce(CASE WHEN v.variance > 1e-25 THEN p.x * (1 - p.x) / v.variance END, (SELECT sum(c) FROM transition WHERE f = r.s))::float8 AS trials) k
    CROSS JOIN LATERAL (SELECT k.trials, 3.841458820694124::float8 AS z2, coalesce(p.x, 0)::float8 AS q) w
    WHERE r.final IS DISTINCT FROM (m.state IS NULL)
        OR NOT r.final AND (abs(m.probability - coalesce(p.x, 0)) > 1e-12
            OR (m.expected_steps IS NULL) <> r.risky OR abs(m.expected_steps / e.x - 1) > 1e-9
            OR m.transitions <> (SELECT sum(c) FROM transition WHERE f = r.s)
            OR (m.removal_effect IS NULL) IS DISTINCT FROM (r.s = 'START' OR coalesce(d.whole, 0) = 0) OR d.whole > 0 AND abs(m.removal_effect - (1 - coalesce(d.rest, 0) / d.whole)) > 1e-9
            OR abs(m.lower - (w.q + w.z2 / 2 / w.trials - sqrt(w.z2 * (w.q * (1 - w.q) / w.trials + w.z2 / 4 / w.trials ^ 2))) / (1 + w.z2 / w.trials)) > 1e-6
            OR abs(m.upper - (w.q + w.z2 / 2 / w.trials + sqrt(w.z2 * (w.q * (1 - w.q) / w.trials + w.z2 / 4 / w.trials ^ 2))) / (1 + w.z2 / w.trials)) > 1e-6);
    RETURN wrong;
END
$$;
SELECT is(pg_temp.same_chain(n), NULL, 'chain ' || n) FROM generate_series(1, 60) n;

-- order, repeats, NULLs and zeros
SELECT is(pg_temp.same_chain(39), NULL, 'once more');
SELECT is((SELECT abs(sum(removal_share) - 1) < 1e-12 AND count(*) > 5 FROM mine), true, 'the shares of the removal effects add up to 1');
SELECT isnt((SELECT count(DISTINCT f::text) FROM (SELECT (pg_temp.chain(n)).f FROM generate_series(1, 20) n) x), 1::bigint, 'there is an order to change');
CREATE TABLE permuted AS SELECT g.* FROM generate_series(1, 20) n, LATERAL pg_temp.chain(n) g;
SELECT is((SELECT count(DISTINCT (SELECT array_agg(a ORDER BY a.state)::text FROM absorption(g.f, g.t, g.c) a)) FROM permuted g), 1::bigint, 'the order of transitions changes nothing, to the last bit');
SELECT results_eq($$ SELECT a.* FROM pg_temp.chain() g, absorption(g.f || g.f || NULL::text || 'x'::text, g.t || g.t || 'x'::text || 'y'::text, g.c || g.c || 5::bigint || NULL::bigint) a $$,
    $$ SELECT a.* FROM pg_temp.chain() g, absorption(g.f, g.t, (SELECT array_agg(2 * c ORDER BY i) FROM unnest(g.c) WITH ORDINALITY u(c, i))) a $$, 'what comes twice is added, what has a NULL is skipped');
SELECT results_eq($$ SELECT state FROM absorption('{b,B,a,START}', '{PURCHASE,PURCHASE,PURCHASE,b}', '{1,1,0,1}') $$, $$ VALUES ('B'), ('START'), ('b') $$, 'in order of bytes; without transitions a state is an end');

-- no end, no goal, no start
SELECT results_eq($$ SELECT state, probability, lower, expected_steps, removal_effect, removal_share FROM absorption('{START,a,b}', '{a,b,a}', '{1,1,1}') $$,
    $$ VALUES ('START', 0::float8, 0::float8, NULL::float8, NULL::float8, NULL::float8), ('a', 0, 0, NULL, NULL, NULL), ('b', 0, 0, NULL, NULL, NULL) $$, 'a circle that is never left');
SELECT results_eq($$ SELECT state, probability, expected_steps, removal_effect, removal_share FROM absorption('{START,START,a}', '{a,PURCHASE,a}', '{3,1,7}') $$,
    $$ VALUES ('START', 0.25::float8, NULL::float8, NULL::float8, NULL::float8), ('a', 0, NULL, 0, NULL) $$, '... beside the goal: its removal changes nothing, and nothing has no parts');
SELECT results_eq($$ SELECT state, probability, expected_steps, removal_effect FROM absorption('{a,b}', '{b,END}', '{1,1}') $$, $$ VALUES ('a', 0::float8, 2::float8, NULL::float8), ('b', 0, 1, NULL) $$, 'without goal and start');
SELECT results_eq($$ SELECT state, probability, removal_effect FROM absorption('{START,PURCHASE,END}', '{PURCHASE,START,START}', '{1,1,1}', 'END') $$,
    $$ VALUES ('PURCHASE', 0::float8, NULL::float8), ('START', 0, NULL) $$, 'another goal, which is an end though transitions lead from it');
SELECT is_empty($$ SELECT * FROM absorption('{}', '{}', '{}') $$, 'nothing');
SELECT is_empty($$ SELECT * FROM absorption('{PURCHASE}', '{START}', '{1}') $$, 'nothing but ends');
SELECT is_empty($$ SELECT * FROM absorption(NULL, '{}', '{}') $$, 'NULL');
SELECT results_eq($$ SELECT expected_steps, probability FROM absorption('{START,START}', '{START,PURCHASE}', '{9000000000000000000,1}') $$, $$ VALUES (9000000000000000001::float8, 1::float8) $$, 'a step in 9 trillion million');
SELECT is((SELECT bool_and(probability BETWEEN 0 AND 1 AND lower <= probability AND probability <= upper AND expected_steps IS NULL OR expected_steps < 'Infinity') AND count(*) = 399 FROM pg_temp.ruin(400, 1, 1000000000000, 200)), true, 'past the range of a double there is no infinity');
SELECT cmp_ok((SELECT upper - lower FROM absorption('{START,START}', '{END,PURCHASE}', '{50,50}', level => 0.99)), '>', (SELECT upper - lower FROM absorption('{START,START}', '{END,PURCHASE}', '{50,50}')), 'a higher level is wider');
SELECT results_eq($$ SELECT lower, upper FROM absorption('{START,START}', '{END,PURCHASE}', '{70,30}') $$, $$ SELECT lower, upper FROM wilson_interval(30, 100) $$, 'one step is a share');

-- many states: a ring of 600, each of which leaves it once in a while
SELECT is((SELECT max(abs(probability - 0.25)) < 1e-12 AND max(abs(expected_steps / 25 - 1)) < 1e-11 AND count(*) = 600 FROM (
    SELECT array_agg('s' || i) AS f, array_agg(x.t) AS t, array_agg(x.c) AS c FROM generate_series(0, 599) i, LATERAL (VALUES ('s' || (i + 7) % 600, 96), ('END', 3), ('PURCHASE', 1)) x(t, c)) g, absorption(g.f, g.t, g.c::bigint[], start => 's0')), true, 'many states');

\ir include/refuses.sql
SELECT pg_temp.refuses(v.statement, v.state, v.message, v.hint) FROM (VALUES
    ($$ SELECT absorption('{a,b}', '{b}', '{1,1}') $$, '22023', '"to_states": 1 elements', '%from_states has: 2.'),
    ($$ SELECT absorption('{a,b}', '{b,a}', '{1}') $$, '22023', '"transitions": 1 elements', '%: 2.'),
    ($$ SELECT absorption('{a}', '{b}', '{-1}') $$, '22023', '"transitions": -1', '%zero or more%'),
    ($$ SELECT absorption('{a}', '{b}', '{1}', level => 1) $$, '22023', '"level": 1', '%'),
    ($$ SELECT absorption('{a,a}', '{b,c}', '{9223372036854775807,1}') $$, '22003', 'more transitions from one state than 64 bits can count', '%'),
    ($$ SELECT absorption(array_agg(i::text), array_agg((i + 1)::text), array_agg(1::bigint)) FROM generate_series(1, 2000) i $$, '54000', '2001 states are more than 2000', '%'),
    ($$ SELECT absorption(array_fill(NULL::text, ARRAY[67108864]), '{b}', '{1}') $$, '54000', 'too many transitions: 67108864', '%GROUP BY%')) v(statement, state, message, hint);
SELECT * FROM finish();
ROLLBACK;
