-- funnel_points() and funnel_plan() against plain SQL
BEGIN;
SELECT no_plan();
SELECT setseed(0.125);

\ir include/near.sql
\ir include/refuses.sql

CREATE FUNCTION pg_temp.random_funnel(steps integer, most bigint) RETURNS funnel LANGUAGE sql AS $$
    SELECT funnel(VARIADIC array_agg(n ORDER BY n DESC)) FROM (SELECT floor(random() * most)::bigint FROM generate_series(1, steps)) c(n)
$$;

-- points

CREATE TEMPORARY TABLE funnels AS
SELECT n, pg_temp.random_funnel(1 + n % 7, (ARRAY[2, 5, 100, 100000, 9000000000000000000])[1 + n % 5]) AS value, (ARRAY[0.5, 0.8, 0.95, 0.99])[1 + n % 4]::float8 AS level
FROM generate_series(1, 500) n;
CREATE TEMPORARY TABLE points AS SELECT n, level, value, p.* FROM funnels, funnel_points(value, level) p;
SELECT set_eq('SELECT n, step_number, count FROM points', 'SELECT n, s, funnel_count(value, s) FROM funnels, generate_series(1, step_count(value)) s', 'a row for each step, with its count');
SELECT is_empty($$
    SELECT * FROM (
        SELECT p.*, lag(count) OVER w AS before, first_value(count) OVER w AS first FROM points p WINDOW w AS (PARTITION BY n ORDER BY step_number)) p
    LEFT JOIN LATERAL (SELECT 100 * estimate AS estimate, 100 * lower AS lower, 100 * upper AS upper FROM wilson_interval(count, before, level)) a ON before > 0
    LEFT JOIN LATERAL (SELECT 100 * estimate AS estimate, 100 * lower AS lower, 100 * upper AS upper FROM wilson_interval(count, first, level)) b ON first > 0 AND step_number > 1
    WHERE coalesce(NOT pg_temp.near(pct_of_previous, a.estimate) OR NOT pg_temp.near(pct_of_previous_lower, a.lower) OR NOT pg_temp.near(pct_of_previous_upper, a.upper), (pct_of_previous IS NULL) <> (a.estimate IS NULL)
            OR (pct_of_previous_lower IS NULL) <> (a.estimate IS NULL) OR (pct_of_previous_upper IS NULL) <> (a.estimate IS NULL))
        OR step_number > 1 AND coalesce(NOT pg_temp.near(pct_of_first, b.estimate) OR NOT pg_temp.near(pct_of_first_lower, b.lower) OR NOT pg_temp.near(pct_of_first_upper, b.upper), (pct_of_first IS NULL) <> (b.estimate IS NULL)
            OR (pct_of_first_lower IS NULL) <> (b.estimate IS NULL) OR (pct_of_first_upper IS NULL) <> (b.estimate IS NULL))
        OR step_number = 1 AND (pct_of_first, pct_of_first_lower, pct_of_first_upper) IS DISTINCT FROM CASE WHEN count > 0 THEN (100::float8, 100::float8, 100::float8) ELSE (NULL::float8, NULL::float8, NULL::float8) END
$$, 'shares of the first and of the one before, with Wilson''s interval');
SELECT cmp_ok((SELECT count(*) FROM points WHERE pct_of_previous IS NULL AND step_number > 1), '>', 10::bigint, 'some have nobody before');
SELECT results_eq('SELECT step_number, count, pct_of_first, pct_of_previous FROM funnel_points(funnel(80, 40, 4, 1))',
    'VALUES (1, 80::bigint, 100::float8, NULL::float8), (2, 40, 50, 50), (3, 4, 5, 10), (4, 1, 1.25, 25)', 'the example');
SELECT is((SELECT array_agg(p) FROM funnel_points(funnel(80, 40)) p), (SELECT array_agg(p) FROM funnel_points(funnel(80, 40), 0.95) p), 'the level is 0.95 where none is given');
SELECT is((SELECT p::text FROM funnel_points(funnel(0)) p), '(1,0,,,,,,)', 'nobody');
SELECT is_empty('SELECT funnel_points(NULL)', 'no funnel');
SELECT pg_temp.refuses(format('SELECT * FROM funnel_points(funnel(2, 1), %L)', level), '22023', format('parameter "level": %s', lower(level::text)), 'Give a confidence level between 0 and 1%')
FROM unnest(ARRAY[0, 1, -0.5, 95]::float8[]) level;
SELECT pg_temp.refuses('SELECT * FROM funnel_points(funnel(2, 1), ''NaN'')', '22023', 'parameter "level": NaN', 'Give a confidence level%');

-- plans

SELECT results_eq('SELECT step_number, needed, rate FROM funnel_plan(funnel(800, 400, 40, 10), 10)',
    'VALUES (1, 800::bigint, 0.5::float8), (2, 400, 0.1), (3, 40, 0.25), (4, 10, NULL)', 'ten buyers take 40 meetings, 400 offers and 800 calls');
SELECT results_eq('SELECT needed FROM funnel_plan(funnel(80, 40, 4, 1), 10)', 'VALUES (800::bigint), (400), (40), (10)', 'as with fewer customers');
SELECT results_eq('SELECT needed FROM funnel_plan(funnel(8, 4, 3), 10)', 'VALUES (28::bigint), (14), (10)', 'each step is rounded up');
SELECT results_eq('SELECT * FROM funnel_plan(funnel(5), 7)', 'VALUES (1, 7::bigint, 7::bigint, NULL::float8, NULL::float8)', 'a single step');
SELECT results_eq('SELECT needed, safe_needed FROM funnel_plan(funnel(80, 40, 4), 0)', 'VALUES (0::bigint, 0::bigint), (0, 0), (0, 0)', 'nobody is needed for nobody');
SELECT is((SELECT needed FROM funnel_plan(funnel(9223372036854775807, 9223372036854775807), 9223372036854774784) LIMIT 1), 9223372036854774784, 'the largest numbers');
SELECT results_eq('SELECT needed FROM funnel_plan(funnel(9007199254740993, 9007199254740992), 9007199254740992)', 'VALUES (9007199254740993::bigint), (9007199254740992)', 'exact where double precision is not');

SELECT results_eq('SELECT needed, safe_needed FROM funnel_plan(funnel(9223372036854775807, 9223372036854775806), 10)', 'VALUES (11::bigint, 11::bigint), (10, 10)', 'nor is the safe plan below it');

-- A thousand plans in numeric, step by step from the last
CREATE TEMPORARY TABLE plans AS
SELECT n, value, target, level FROM (
    SELECT n, pg_temp.random_funnel(1 + n % 6, (ARRAY[20, 1000, 1000000])[1 + n % 3]) + funnel(VARIADIC array_fill(1::bigint, ARRAY[1 + n % 6])) AS value,
        floor(1000 ^ (random() * 2))::bigint - n % 2 AS target, (ARRAY[0.5, 0.8, 0.95, 0.99])[1 + n % 4]::float8 AS level
    FROM generate_series(1, 1000) n) p;
CREATE TEMPORARY TABLE expected AS
WITH RECURSIVE backward AS (
    SELECT n, value, level, step_count(value) AS step, target::numeric AS needed, target::numeric AS safe, NULL::float8 AS rate, NULL::float8 AS safe_rate FROM plans
    UNION ALL
    SELECT n, value, level, step - 1, div(needed * c.entered + c.went_on - 1, c.went_on),
        greatest(ceil(safe::float8 / w.lower)::numeric, ceil(safe * c.entered / c.went_on)), c.went_on::float8 / c.entered::float8, w.lower
    FROM backward CROSS JOIN LATERAL (SELECT funnel_count(value, step - 1) AS entered, funnel_count(value, step) AS went_on WHERE step > 1) c
    CROSS JOIN LATERAL wilson_interval(c.went_on, c.entered, level) w)
TABLE backward;
CREATE FUNCTION pg_temp.plan_of(value funnel, target bigint, level float8) RETURNS SETOF funnel_plan_step LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY SELECT * FROM funnel_plan(value, target, level);
EXCEPTION WHEN numeric_value_out_of_range THEN
    RETURN NEXT ROW (NULL, NULL, NULL, NULL, NULL)::funnel_plan_step;
END
$$;
CREATE TEMPORARY TABLE ours AS SELECT n, p.* FROM plans, pg_temp.plan_of(value, target, level) p;
CREATE TEMPORARY TABLE too_large AS SELECT n FROM expected GROUP BY n HAVING max(greatest(needed, safe)) >= 2::numeric ^ 63;
SELECT set_eq('SELECT n FROM ours WHERE step_number IS NULL', 'TABLE too_large', 'what passes 64 bits is refused, and nothing else is');
SELECT is_empty($$ SELECT * FROM (SELECT * FROM expected WHERE n NOT IN (TABLE too_large)) x FULL JOIN (SELECT * FROM ours WHERE step_number IS NOT NULL) o ON o.n = x.n AND o.step_number = x.step
    WHERE x.needed IS DISTINCT FROM o.needed OR x.safe IS DISTINCT FROM o.safe_needed OR x.rate IS DISTINCT FROM o.rate OR x.safe_rate IS DISTINCT FROM o.safe_rate $$, 'a thousand plans');
SELECT cmp_ok((SELECT count(*) FROM ours WHERE safe_needed > needed), '>', 1000::bigint, 'the safe ones need more');
SELECT is_empty('SELECT * FROM ours WHERE safe_needed < needed OR safe_rate > rate', 'and never less');
SELECT is_empty($$ SELECT * FROM (SELECT o.*, lead(needed) OVER w AS next, funnel_count(value, step_number) AS entered, lead(funnel_count(value, step_number)) OVER w AS went_on
    FROM ours o JOIN plans USING (n) WINDOW w AS (PARTITION BY n ORDER BY step_number)) s
    WHERE next IS NOT NULL AND (needed::numeric * went_on < next::numeric * entered OR next > 0 AND (needed - 1)::numeric * went_on >= next::numeric * entered) $$, 'one less would not do');

SELECT pg_temp.refuses(format('SELECT * FROM funnel_plan(%s)', arguments), state, message, hint) FROM (VALUES
    ('funnel(80, 0, 0), 10', '22023', 'nobody went on from step 1 to step 2', 'Without a rate%'),
    ('funnel(80, 40, 4, 0, 0), 10', '22023', 'nobody went on from step 3 to step 4', 'Without a rate%'),
    ('funnel(80, 40, 4, 0), 0', '22023', 'nobody went on from step 3 to step 4', 'Without a rate%'),
    ('funnel(0, 0), 10', '22023', 'nobody went on from step 1 to step 2', 'Without a rate%'),
    ('funnel(80, 40), -1', '22023', 'parameter "target": -1', 'Give the number to reach%'),
    ('funnel(80, 40), 10, 1.5', '22023', 'parameter "level": 1.5', 'Give a confidence level%'),
    ('funnel(80, 40), 10, ''NaN''', '22023', 'parameter "level": NaN', 'Give a confidence level%'),
    ('funnel(2, 1), 4611686018427387904', '22003', 'more customers needed at step 1 than 64 bits can count', 'Plan for a smaller target.'),
    ('funnel(9223372036854775807, 1), 2', '22003', 'more customers needed at step 1', 'Plan for a smaller target.'),
    ('funnel(4, 4, 1, 1), 9223372036854775807', '22003', 'more customers needed at step 3', 'Plan for a smaller target.')) v(arguments, state, message, hint);
SELECT is_empty('SELECT funnel_plan(funnel(2, 1), NULL)', 'no target');
SELECT is_empty('SELECT funnel_plan(NULL, 1)', 'no funnel');

SELECT * FROM finish();
ROLLBACK;
