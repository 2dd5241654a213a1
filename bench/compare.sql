-- What is compared, and the table of results

SET max_parallel_workers_per_gather = 0;
CALL bench.compare('nps_agg(score), serial',
    'SELECT nps_agg(score) FROM scores',
    'SELECT count(score) FROM scores', :rounds);
CALL bench.compare('history_agg by customer, serial',
    'SELECT customer, history_agg(ordered_on, amount) FROM orders GROUP BY customer',
    'SELECT customer, count(*), sum(amount), min(ordered_on), max(ordered_on) FROM orders GROUP BY customer', :rounds);
CALL bench.compare('history_agg, customers of one order',
    'SELECT customer, history_agg(ordered_on, amount) FROM first_orders GROUP BY customer',
    'SELECT customer, count(*), sum(amount), min(ordered_on), max(ordered_on) FROM first_orders GROUP BY customer', :rounds);
CALL bench.compare('sum over stored histories',
    'SELECT sum(revenue(history)) FROM histories',
    'SELECT sum(amount) FROM orders', :rounds);
CALL bench.compare('rollup of stored histories',
    'SELECT rollup(history) FROM histories',
    'SELECT ordered_on, count(*), sum(amount) FROM orders GROUP BY ordered_on', :rounds);
CALL bench.compare('history_agg of the whole shop',
    'SELECT history_agg(ordered_on, amount) FROM orders',
    'SELECT ordered_on, count(*), sum(amount) FROM orders GROUP BY ordered_on', :rounds);

CALL bench.compare('retention_curve in one pass, serial',
    $$ SELECT retention_curve(customer, ordered_on, 'month', '2025-01-01') FROM orders $$,
    'SELECT count(ordered_on) FROM orders', :rounds);
SET work_mem = '4MB';
CALL bench.compare('retention_curve in 4 MB, serial',
    $$ SELECT retention_curve(customer, ordered_on, 'month', '2025-01-01') FROM orders $$,
    'SELECT count(ordered_on) FROM orders', :rounds);
SET work_mem = '4GB';
CALL bench.compare('retention_curve against SQL, serial',
    $$ SELECT retention_curve(customer, ordered_on, 'month', '2025-01-01') FROM orders $$,
    $$ WITH active AS (SELECT DISTINCT customer, date_trunc('month', ordered_on)::date AS month FROM orders),
           cohort AS (SELECT customer, min(month) AS first FROM active GROUP BY customer)
       SELECT first, month, count(*) FROM active JOIN cohort USING (customer) GROUP BY first, month $$, least(:rounds, 3));
CALL bench.compare('retention_curve of stored histories',
    $$ SELECT retention_curve(history, 'month', '2025-01-01') FROM histories $$,
    'SELECT count(ordered_on) FROM orders', :rounds);

CALL bench.compare('abc_class() OVER (), numeric',
    'SELECT abc_class(amount) OVER () FROM first_amounts',
    $$ SELECT CASE WHEN before < 0.80 * total THEN 'A' WHEN before < 0.95 * total THEN 'B' ELSE 'C' END
       FROM (SELECT sum(amount) OVER (ORDER BY amount DESC) - amount AS before, sum(amount) OVER () AS total
             FROM first_amounts) s $$, :rounds);
CALL bench.compare('abc_class() OVER (), beside sum()',
    'SELECT abc_class(amount) OVER () FROM first_amounts',
    'SELECT sum(amount) OVER () FROM first_amounts', :rounds);
CALL bench.compare('abc_class() OVER (), double precision',
    'SELECT abc_class(float_amount) OVER () FROM first_amounts',
    'SELECT sum(float_amount) OVER () FROM first_amounts', :rounds);

CALL bench.compare('variation(value) by customer',
    'SELECT customer % 100000, variation(amount) FROM first_orders GROUP BY 1',
    'SELECT customer % 100000, stddev_pop(amount) / nullif(avg(amount), 0) FROM first_orders GROUP BY 1', :rounds);

-- By hand: the earliest next step after each, from every first step or from the earliest. That needs the index, so both
-- read the events from it, customer by customer.
SET enable_hashagg = off;
CALL bench.compare('funnel_level by customer',
    $$ SELECT customer, funnel_level(at, step, '6 months') FROM events GROUP BY customer $$,
    $$ SELECT s1.customer, max(1 + (s2.at IS NOT NULL)::integer + (s3.at IS NOT NULL)::integer + (s4.at IS NOT NULL)::integer)
       FROM (SELECT customer, at FROM events WHERE step = 1) s1
       LEFT JOIN LATERAL (SELECT min(e.at) AS at FROM events e
           WHERE e.customer = s1.customer AND e.step = 2 AND e.at >= s1.at AND e.at <= s1.at + interval '6 months') s2 ON true
       LEFT JOIN LATERAL (SELECT min(e.at) AS at FROM events e
           WHERE e.customer = s1.customer AND e.step = 3 AND e.at >= s2.at AND e.at <= s1.at + interval '6 months') s3 ON true
       LEFT JOIN LATERAL (SELECT min(e.at) AS at FROM events e
           WHERE e.customer = s1.customer AND e.step = 4 AND e.at >= s3.at AND e.at <= s1.at + interval '6 months') s4 ON true
       GROUP BY s1.customer $$, least(:rounds, 3));
CALL bench.compare('funnel_level by customer, first entry',
    $$ SELECT customer, funnel_level(at, step, '6 months', 'advance', 'first') FROM events GROUP BY customer $$,
    $$ SELECT s1.customer, 1 + (s2.at IS NOT NULL)::integer + (s3.at IS NOT NULL)::integer + (s4.at IS NOT NULL)::integer
       FROM (SELECT customer, min(at) AS at FROM events WHERE step = 1 GROUP BY customer) s1
       LEFT JOIN LATERAL (SELECT min(e.at) AS at FROM events e
           WHERE e.customer = s1.customer AND e.step = 2 AND e.at >= s1.at AND e.at <= s1.at + interval '6 months') s2 ON true
       LEFT JOIN LATERAL (SELECT min(e.at) AS at FROM events e
           WHERE e.customer = s1.customer AND e.step = 3 AND e.at >= s2.at AND e.at <= s1.at + interval '6 months') s3 ON true
       LEFT JOIN LATERAL (SELECT min(e.at) AS at FROM events e
           WHERE e.customer = s1.customer AND e.step = 4 AND e.at >= s3.at AND e.at <= s1.at + interval '6 months') s4 ON true
    $$, least(:rounds, 3));
RESET enable_hashagg;
CALL bench.compare('funnel_level by customer, beside max()',
    $$ SELECT customer, funnel_level(at, step, '6 months') FROM events GROUP BY customer $$,
    'SELECT customer, count(*), min(at), max(at), max(step) FROM events GROUP BY customer', :rounds);

-- Both sides in parallel whatever the planner thinks of it, with the same number of workers
SET max_parallel_workers_per_gather = 2;
SET parallel_setup_cost = 0;
SET parallel_tuple_cost = 0;
SET min_parallel_table_scan_size = 0;
CALL bench.compare('nps_agg(score), parallel',
    'SELECT nps_agg(score) FROM scores',
    'SELECT count(score) FROM scores', :rounds);
CALL bench.compare('history_agg by customer, parallel',
    'SELECT customer, history_agg(ordered_on, amount) FROM orders GROUP BY customer',
    'SELECT customer, count(*), sum(amount), min(ordered_on), max(ordered_on) FROM orders GROUP BY customer', :rounds);
CALL bench.compare('retention_curve in one pass, parallel',
    $$ SELECT retention_curve(customer, ordered_on, 'month', '2025-01-01') FROM orders $$,
    'SELECT bench.serial_curve()', :rounds);

\ir incremental.sql

\echo
\pset title 'Ours against the peer: below 1 ours is faster; by default: with 4 MB of work_mem, and JIT where the server has it on'
SELECT f.work, t.peer, f.ours_ms, f.peer_ms, f.ratio, t.wanted, d.ours_ms AS ours_ms_by_default, d.peer_ms AS peer_ms_by_default, d.ratio AS ratio_by_default
FROM bench.figures f
JOIN bench.figures d ON d.work = f.work AND d.by_default
JOIN (VALUES
    (1, 'nps_agg(score), serial', 'count(score)', '<= 1.10'),
    (2, 'nps_agg(score), parallel', 'count(score)', '<= 1.10'),
    (3, 'history_agg by customer, serial', 'count, sum, min, max by customer', '<= 0.95'),
    (4, 'history_agg by customer, parallel', 'count, sum, min, max by customer', '<= 0.95'),
    (5, 'history_agg, customers of one order', 'count, sum, min, max by customer', NULL),
    (6, 'sum over stored histories', 'the same sum over the orders', '<= 0.45'),
    (7, 'rollup of stored histories', 'count, sum of the orders by day', NULL),
    (8, 'history_agg of the whole shop', 'count, sum of the orders by day', NULL),
    (9, 'abc_class() OVER (), numeric', 'cumulative sum over a sort', '<= 0.25'),
    (10, 'abc_class() OVER (), beside sum()', 'sum() OVER ()', '<= 2.0'),
    (11, 'abc_class() OVER (), double precision', 'sum() OVER ()', '<= 2.0'),
    (12, 'variation(value) by customer', 'stddev_pop by avg', NULL),
    (13, 'retention_curve in one pass, serial', 'count(at)', '<= 2.5'),
    (14, 'retention_curve in 4 MB, serial', 'count(at)', NULL),
    (15, 'retention_curve against SQL, serial', 'distinct, join, group', '<= 0.05'),
    (16, 'retention_curve in one pass, parallel', 'the same in one worker', '<= 1.0'),
    (17, 'retention_curve of stored histories', 'count(at)', NULL),
    (18, 'funnel_level by customer', 'lateral joins over an index', NULL),
    (19, 'funnel_level by customer, first entry', 'lateral joins over an index', NULL),
    (20, 'funnel_level by customer, beside max()', 'count, min, max, max by customer', NULL),
    (21, 'insert of 1,000 orders, with kept histories', 'the same without', '<= 3'),
    (22, 'insert of one order, with kept histories', 'the same without', NULL),
    (23, '30 inserts of 1,000 orders, folds of every 10,000 changes included', 'the same without', NULL),
    (24, 'overview with kept histories, against the orders read anew', 'storage view', NULL),
    (25, 'abc_summary with kept histories, against the orders read anew', 'storage view', NULL),
    (26, 'data_quality with kept histories, against the orders read anew', 'storage view', NULL),
    (27, 'overview with kept histories, 10 times the orders', 'a tenth, on the same days', NULL),
    (28, 'abc_summary with kept histories, 10 times the orders', 'a tenth, on the same days', NULL),
    (29, 'data_quality with kept histories, 10 times the orders', 'a tenth, on the same days', NULL),
    (30, 'overview with kept histories, 5 times the orders', 'a tenth, on the same days', NULL),
    (31, 'abc_summary with kept histories, 5 times the orders', 'a tenth, on the same days', NULL),
    (32, 'data_quality with kept histories, 5 times the orders', 'a tenth, on the same days', NULL)) t("position", work, peer, wanted)
    ON t.work = f.work
WHERE NOT f.by_default
ORDER BY t."position";

\pset title 'Memory of the aggregation, serial: bytes per customer, hash table included'
SELECT m.work, m.side, m.bytes_per_group FROM bench.memory m
WHERE m.work IN ('history_agg by customer, serial', 'history_agg, customers of one order', 'funnel_level by customer, beside max()')
ORDER BY m.work, m.side;

-- The contexts are looked at when the aggregate has read its rows and still holds its table.
SET max_parallel_workers_per_gather = 0;
SET work_mem = '4MB';
SELECT md5(retention_curve(customer, ordered_on, 'month', '2025-01-01')::text) AS spilled FROM orders \gset
SET work_mem = '4GB';
\pset title 'Memory of retention_curve in one pass: bytes per customer (wanted: <= 32), and whether 4 MB give the same'
SELECT round(m.bytes::numeric / (SELECT count(DISTINCT customer) FROM orders), 1) AS bytes_per_customer,
    md5(m.curve::text) = :'spilled' AS same_in_4_mb
FROM (SELECT retention_curve(customer, ordered_on, 'month', '2025-01-01') AS curve,
          (SELECT max(total_bytes) FROM pg_backend_memory_contexts) AS bytes
      FROM orders OFFSET 0) m;

\pset title 'Stored: bytes per customer of ten orders, and per purchase day'
SELECT round(avg(pg_column_size(history)), 1) AS bytes_per_customer,
    round(sum(pg_column_size(history)) / sum(purchase_days(history)), 2) AS bytes_per_purchase_day
FROM histories;

\pset title 'Plans'
SELECT work, side, plan FROM bench.plans ORDER BY work, side;
