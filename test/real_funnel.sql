-- funnel_level() on the published cases of other engines: the steps and events of each, and the level of each user
\if :{?data}
\else
\set data ''
\endif
SELECT :'data' = '' AS no_data \gset
\if :no_data
\echo 1..0 # SKIP no real data: the folder ../shared/data is absent
\quit
\endif

BEGIN;
SELECT no_plan();

CREATE TEMPORARY TABLE lines (line text);
\set copy_cases 'tr -d ''\\n'' < ' :data '/funnel/cases.json'
COPY lines FROM PROGRAM :'copy_cases' (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02');
CREATE TEMPORARY TABLE cases AS
SELECT c->>'id' AS id, CASE c->>'mode' WHEN 'strict_increase' THEN 'strict' ELSE 'advance' END AS ties,
    (c->>'window_seconds')::integer * interval '1 second' AS within, c->'steps' AS steps, c->'events' AS events, c->'expected_level' AS expected
FROM lines, jsonb_array_elements(line::jsonb) c;

-- Times are seconds, in one case from 10^14 on, or timestamps.
CREATE TEMPORARY TABLE events AS
SELECT c.id, e->>0 AS customer, e->>2 AS name,
    CASE jsonb_typeof(e->1) WHEN 'number' THEN timestamp '2025-01-01' + (e->>1)::bigint % 100000000000000 * interval '1 second' ELSE (e->>1)::timestamp END AS at
FROM cases c, jsonb_array_elements(c.events) e;

-- An event is at every step that it fills: mostly that of its name. Two cases do not list their steps: one asks for
-- names that are not one each, the other for the first two names of its users.
CREATE TEMPORARY TABLE filled AS
SELECT c.id, s.step::integer, s.name FROM cases c, jsonb_array_elements_text(c.steps) WITH ORDINALITY s(name, step)
UNION ALL SELECT 'ch_10_predicates', s.step, name::text FROM generate_series(1001, 1008) name, LATERAL (VALUES
    (1, name <= 1007), (2, name >= 1002), (3, name <= 1006), (4, name >= 1004)) s(step, is_filled) WHERE is_filled
UNION ALL VALUES ('ch_31_nulls', 1, 'a1'), ('ch_31_nulls', 2, 'a2');

CREATE TEMPORARY TABLE levels AS
SELECT c.id, e.customer, funnel_level(e.at, f.step, c.within, c.ties) AS level, (c.expected->>e.customer)::integer AS expected,
    cardinality(funnel_times(e.at, f.step, c.within, c.ties)) AS times,
    funnel_level(e.at AT TIME ZONE 'UTC', f.step, c.within, 'Europe/Berlin', c.ties) AS level_of_instants
FROM cases c JOIN events e USING (id) LEFT JOIN filled f USING (id, name) GROUP BY c.id, e.customer, c.expected;
SELECT is(level, expected, format('%s, user %s', id, customer)) FROM levels ORDER BY id, customer;
SELECT is_empty('SELECT * FROM levels WHERE times <> level OR level_of_instants <> level', 'as many times, and the same for instants');
SELECT is((SELECT count(*) FROM levels), (SELECT sum((SELECT count(*) FROM jsonb_object_keys(expected))) FROM cases)::bigint, 'all users of all cases');
SELECT cmp_ok((SELECT count(*) FROM cases), '>=', 19::bigint, 'all cases');

SELECT * FROM finish();
ROLLBACK;
