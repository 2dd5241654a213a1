-- Pairs of products: a line has an order and a product, an order 4.4 products on average, half of all lines are of 1 % of the products

SET client_min_messages = notice;
SET max_parallel_workers_per_gather = 0;
SELECT setseed(0.5) \g /dev/null
CREATE UNLOGGED TABLE lines AS
SELECT o AS order_id, floor(exp(random() * ln(50001)))::integer AS product
FROM (SELECT o, 1 + floor(ln(1 - random()) / ln(1 - 1 / 4.4))::integer AS items FROM generate_series(1, (:orders / 4.4)::integer) o) s, generate_series(1, items);
CREATE UNLOGGED TABLE shuffled_lines AS SELECT * FROM lines ORDER BY random();
CREATE UNLOGGED TABLE some_lines AS SELECT * FROM lines WHERE order_id <= :orders / 44;
CREATE UNLOGGED TABLE kept_baskets AS SELECT basket_agg(order_id, product) AS baskets FROM lines;
VACUUM ANALYZE lines, shuffled_lines, some_lines, kept_baskets;
SELECT count(*) AS lines, count(DISTINCT product) AS products, (SELECT pg_size_pretty(pg_column_size(baskets)::bigint) FROM kept_baskets) AS stored FROM lines;

CALL bench.compare('basket_agg, order by order', 'SELECT basket_agg(order_id, product) FROM lines', 'SELECT count(product) FROM lines', :rounds);
CALL bench.compare('basket_agg, lines at random', 'SELECT basket_agg(order_id, product) FROM shuffled_lines', 'SELECT count(product) FROM shuffled_lines', :rounds);
CALL bench.compare('basket_agg and basket_pairs', 'SELECT count(*) FROM (SELECT basket_agg(order_id, product) AS b FROM lines) s, basket_pairs(b, 5)', 'SELECT count(product) FROM lines', :rounds);
CALL bench.compare('basket_pairs of kept baskets', 'SELECT count(*) FROM kept_baskets, basket_pairs(baskets, 5)', 'SELECT count(product) FROM lines', :rounds);
-- By hand, on a tenth of the orders: all of them take too long. With counts alone; without measures and bounds.
CALL bench.compare('pairs of a tenth, against SQL', 'SELECT count(*) FROM (SELECT basket_agg(order_id, product) AS b FROM some_lines) s, basket_pairs(b, 5)',
    $$ WITH one AS MATERIALIZED (SELECT DISTINCT order_id, product FROM some_lines),
           often AS MATERIALIZED (SELECT o.* FROM one o JOIN (SELECT product FROM one GROUP BY product HAVING count(*) >= 5) p USING (product))
       SELECT count(*) FROM (SELECT FROM often a JOIN often b ON b.order_id = a.order_id AND b.product > a.product GROUP BY a.product, b.product HAVING count(*) >= 5) s $$, least(:rounds, 3));

\pset title 'Pairs, ours against the peer: below 1 ours is faster'
SELECT f.work, f.ours_ms, f.peer_ms, f.ratio, CASE f.work WHEN 'basket_agg and basket_pairs' THEN '<= 10' END AS wanted, d.ratio AS ratio_by_default
FROM bench.figures f JOIN bench.figures d USING (work) WHERE (work LIKE 'basket%' OR work LIKE 'pairs%') AND NOT f.by_default AND d.by_default ORDER BY work;

-- What a process has at most besides shared memory, in MB; unknown where there is no /proc
CREATE FUNCTION bench.peak() RETURNS numeric LANGUAGE sql AS $$
    SELECT round((substring(s FROM 'VmHWM:\s*(\d+)')::numeric - substring(s FROM 'RssShmem:\s*(\d+)')::numeric) / 1024)
    FROM pg_read_file('/proc/self/status', 0, 100000, true) s
$$;
CREATE TABLE bench.peaks (work text, megabytes numeric);
\c -
SET max_parallel_workers_per_gather = 0;
SET work_mem = '4MB';
SELECT bench.peak() AS before \gset
SELECT count(*) FROM kept_baskets, basket_pairs(baskets, 5) \g /dev/null
INSERT INTO bench.peaks VALUES ('basket_pairs of kept baskets', bench.peak() - :before);
\c -
SET max_parallel_workers_per_gather = 0;
SET work_mem = '4MB';
SELECT bench.peak() AS before \gset
SELECT count(*) FROM (SELECT basket_agg(order_id, product) AS b FROM lines) s, basket_pairs(b, 5) \g /dev/null
INSERT INTO bench.peaks VALUES ('basket_agg and basket_pairs', bench.peak() - :before);
\pset title 'Most memory of the process, MB (wanted: <= 100)'
TABLE bench.peaks;
