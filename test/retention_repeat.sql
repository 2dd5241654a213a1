-- repeat_survival(), rollup(survival[]) and survival_summary() against plain SQL on random purchases
BEGIN;
SELECT no_plan();
SELECT setseed(0.625);

\ir include/failure.sql

\ir include/receive.sql

\ir include/plan_has.sql

-- Customers who bought never, once and up to forty times, some twice a day, with returns in between and in front
CREATE TABLE sales AS
SELECT c AS customer, date '2023-01-01' + floor(random() * (ARRAY[30, 400, 900])[1 + c % 3])::integer AS day,
    CASE WHEN random() < 0.15 THEN -5 ELSE 10 END AS amount
FROM generate_series(1, 600) c, generate_series(1, 1 + c % 41) i;
CREATE TABLE histories AS SELECT customer, history_agg(day, amount) AS history FROM sales GROUP BY customer;
INSERT INTO histories VALUES (0, NULL), (-1, '{}');
ANALYZE histories;

-- What plain SQL says of the n-th purchase
CREATE FUNCTION plain_waits(until date, purchases integer) RETURNS TABLE (n bigint, days integer, ended boolean) LANGUAGE sql AS $$
    SELECT p.n, coalesce(p.next, until - 1) - p.day, p.next IS NOT NULL
    FROM (SELECT d.day, row_number() OVER days AS n, lead(d.day) OVER days AS next
        FROM (SELECT DISTINCT customer, day FROM sales WHERE amount >= 0 AND day < until) d
        WINDOW days AS (PARTITION BY d.customer ORDER BY d.day)) p
    WHERE p.n <= purchases
$$;
SELECT set_eq(format($$ SELECT n, s FROM (SELECT repeat_survival(history, %1$L, %2$s) AS a FROM histories) r, unnest(r.a) WITH ORDINALITY u(s, n) $$, as_of, purchases),
    format('SELECT n, survival_agg(days, ended) FROM plain_waits(%L, %s) GROUP BY n', as_of, purchases), format('up to purchase %s as of %s', purchases, as_of))
FROM (VALUES (date '2025-07-01', 20), ('2025-07-01', 1000), ('2025-07-01', 1), ('2023-01-02', 20), ('2024-03-01', 3), ('2023-01-16', 7)) v(as_of, purchases);
SELECT set_eq($$ SELECT n, s FROM (SELECT repeat_survival(history, '2024-06-01', 12) AS a FROM histories) r, unnest(r.a) WITH ORDINALITY u(s, n) $$, $$
    SELECT n, survival_agg(t.duration, t.ended) FROM generate_series(1::bigint, 12) n, histories, repeat_time(history, n::integer, '2024-06-01') t GROUP BY n $$,
    'as survival_agg() of repeat_time()');
SELECT set_eq($$
    SELECT n, c.* FROM (SELECT repeat_survival(history, '2024-06-01', 1000) AS a FROM histories) r, unnest(r.a) WITH ORDINALITY u(s, n), survival_summary(s) c $$, $$
    SELECT n, count(*) AS a, count(*) FILTER (WHERE ended) AS b, count(*) FILTER (WHERE NOT ended) AS c, percentile_cont(0.5) WITHIN GROUP (ORDER BY days) FILTER (WHERE ended)
    FROM plain_waits('2024-06-01', 1000) GROUP BY n $$, 'survival_summary() by plain SQL');
SELECT is(survival_summary(s::survival)::text, want, 'survival_summary of ' || s)
FROM (VALUES ('{}', '(0,0,0,)'), ('{7:0/4}', '(4,0,4,)'), ('{3:1}', '(1,1,0,3)'), ('{3:1,4:1}', '(2,2,0,3.5)'), ('{3:2/9,4:1}', '(12,3,9,3)'), ('{0:1,9:0/1,2147483647:1}', '(3,2,1,1073741823.5)'),
    ('{1:4611686018427387904,5:4611686018427387903}', '(9223372036854775807,9223372036854775807,0,1)'), ('{2147483646:1,2147483647:1}', '(2,2,0,2147483646.5)')) AS v (s, want);

-- Nothing, and little
SELECT is((SELECT repeat_survival(history, '2025-07-01', 20)::text FROM histories WHERE customer < 1), '{}', 'no purchases: nothing');
SELECT is((SELECT repeat_survival(history, '2025-07-01', 20)::text FROM histories WHERE false), '{}', 'no rows: nothing');
CREATE VIEW one AS SELECT '{2025-01-01:-1/0/1,2025-01-03:5/2,2025-01-07:5,2025-06-30:1}'::purchase_history AS history;
SELECT is((SELECT repeat_survival(history, '2025-07-01', purchases)::text FROM one), want, 'one customer, up to purchase ' || purchases)
FROM (VALUES (1, '{"{4:1}"}'), (2, '{"{4:1}","{174:1}"}'), (3, '{"{4:1}","{174:1}","{0:0/1}"}'), (4, '{"{4:1}","{174:1}","{0:0/1}"}')) v(purchases, want);
SELECT is((SELECT repeat_survival(history, as_of, 20)::text FROM one), want, 'as of ' || as_of)
FROM (VALUES (date '2025-01-03', '{}'), ('2025-01-04', '{"{0:0/1}"}'), ('2025-01-07', '{"{3:0/1}"}'), ('2025-01-08', '{"{4:1}","{0:0/1}"}')) v(as_of, want);

-- However rows are split, ordered or handed on, the value is the same.
CREATE TABLE whole AS SELECT repeat_survival(history, '2025-07-01', 20) AS a FROM histories;
SELECT is((SELECT repeat_survival(history, '2025-07-01', 20 ORDER BY random()) FROM histories), a, 'in any order') FROM whole;
CREATE TABLE parts AS SELECT customer % 7 AS part, repeat_survival(history, '2025-07-01', 20) AS a FROM histories GROUP BY customer % 7;
CREATE TABLE copied (LIKE parts);
COPY parts TO PROGRAM 'cat > retention_repeat_copy' WITH (FORMAT binary);
COPY copied FROM PROGRAM 'cat retention_repeat_copy && rm retention_repeat_copy' WITH (FORMAT binary);
SELECT set_eq('TABLE copied', 'TABLE parts', 'binary round trip');
SELECT is_empty('SELECT part FROM parts WHERE a::text::survival[] <> a OR a::text::survival[]::text <> a::text', 'text round trip');
SELECT is((SELECT rollup(p.a) FROM parts p), a, 'rollup of parts is the whole') FROM whole;
SELECT is((SELECT rollup(p.a::text::survival[] ORDER BY part DESC) FROM parts p), a, '... through text, the other way round') FROM whole;
SELECT set_eq('SELECT n, s FROM whole, unnest(a) WITH ORDINALITY u(s, n)', 'SELECT n, rollup(s) FROM parts, unnest(a) WITH ORDINALITY u(s, n) GROUP BY n', '... purchase by purchase');
SELECT is(rollup(t::survival[])::text, '{"{1:3/1}","{2:1}"}', 'rollup skips NULLs, and takes arrays of any length')
FROM unnest(ARRAY[NULL, '{"{1:1}"}', '{}', '{"{1:1/1}","{2:1}"}', '{"{1:1}","{}"}']::text[]) t;
SELECT is((SELECT rollup(a)::text FROM parts WHERE false), '{}', 'rollup of nothing');
CREATE AGGREGATE repeat_state(purchase_history, date, integer) (SFUNC = _clientele.repeat_survival_accum, STYPE = survival[]);
SELECT is((SELECT rollup(s.state) FROM (SELECT repeat_state(history, '2025-07-01', 20) AS state FROM histories GROUP BY customer % 5) s), a, 'states are values too') FROM whole;
SELECT is_empty($$
    SELECT customer FROM (SELECT customer, repeat_survival(history, '2025-07-01', 5) OVER (ORDER BY customer) AS running FROM histories WHERE customer < 40) w
    WHERE running <> (SELECT repeat_survival(history, '2025-07-01', 5) FROM histories h WHERE h.customer <= w.customer) $$, 'OVER (ORDER BY ...)');
SELECT is(a[1:3], (SELECT repeat_survival(history, '2025-07-01', 3) FROM histories), 'up to an earlier purchase it is the first of them') FROM whole;

-- Parallel workers
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 3;
SET LOCAL parallel_leader_participation = off;
SELECT ok(pg_temp.plan_has($$ SELECT repeat_survival(history, '2025-07-01', 20) FROM histories $$, 'Partial'), 'in parallel');
CREATE TEMPORARY TABLE in_parallel AS SELECT repeat_survival(history, '2025-07-01', 20) AS a FROM histories UNION ALL SELECT rollup(a) FROM parts;
SET LOCAL max_parallel_workers_per_gather = 0;
SELECT is_empty('SELECT p.a FROM in_parallel p, whole w WHERE (p.a = w.a AND p.a::text = w.a::text) IS NOT TRUE', '... as in one process');

-- What is refused
SELECT is(left(pg_temp.failure(format($$ SELECT repeat_survival(history, %s) FROM histories $$, parameters)), length(want)), want, parameters)
FROM (VALUES ('''2025-07-01'', 0', '22023 invalid value for parameter "purchases": 0'), ('''2025-07-01'', -1', '22023 invalid value for parameter "purchases": -1'),
    ('''2025-07-01'', 1001', '22023 invalid value for parameter "purchases": 1001'), ('''2025-07-01'', NULL', '22023 invalid value for parameter "purchases": NULL'),
    ('NULL, 5', '22023 invalid value for parameter "as_of": NULL'), ('''infinity'', 5', '22008'), ('''-infinity'', 5', '22008')) v(parameters, want);
SELECT throws_ok($$ SELECT rollup(a) FROM (VALUES ('{"{1:9223372036854775807}"}'::survival[]), ('{"{1:1}"}')) v(a) $$, '22003', NULL, 'more than can be counted');
SELECT throws_ok(format('SELECT rollup(a) FROM (VALUES (%L::survival[])) v(a)', a), '22023', NULL, 'an array that is none of ours: ' || left(a, 40))
FROM unnest(ARRAY['{NULL}', '{{"{1:1}"},{"{1:1}"}}', '[2:2]={"{1:1}"}', (SELECT array_fill('{}'::survival, ARRAY[1001])::text)]) a;
SELECT throws_ok($$ SELECT _clientele.repeat_survival_accum('{}', '{2025-01-01:1}', '2025-07-01', 5) $$, '42809', NULL, 'outside of an aggregate');

SELECT * FROM finish();
ROLLBACK;
