-- One customer with as many sources and nearly as many categories and days as orders, beside others whom a source of their own
-- brought: what the views write to disk stays within a few times what they read and show, and they show what plain SQL does
BEGIN;
SELECT no_plan();
SET client_min_messages = warning;
SET work_mem = '256kB';
SET max_parallel_workers_per_gather = 0;

CREATE TABLE orders AS
SELECT 0 AS customer, date '1995-01-01' + n / 2 AS ordered_at, n % 90 + 5 AS amount, 'source ' || n AS source, 'category ' || n % 15000 AS category
FROM generate_series(1, 20000) n
UNION ALL
SELECT n, date '2010-01-01' + 5 * n % 5000 + 10 * k * k, 10 * k, CASE WHEN k > 1 THEN 'again' WHEN n % 3 > 0 THEN 'brought ' || n ELSE 'search' END, 'category ' || n % 7
FROM generate_series(1, 1000) n, generate_series(1, CASE WHEN n % 4 = 0 THEN 1 ELSE 3 END) k;
CREATE TABLE answers AS
SELECT n AS id, CASE WHEN n % 5 > 0 THEN 0 ELSE n % 1000 END AS customer, date '2020-01-01' + n / 5 AS answered_at, n % 11 AS score, 'place ' || n % 9 AS touchpoint
FROM generate_series(1, 8000) n;
CREATE INDEX ON orders (customer, ordered_at);
ANALYZE orders, answers;
SELECT lives_ok($$ SELECT attach_orders('orders', time_zone => 'UTC', storage => 'view', diagnose => false); SELECT attach_answers('answers') $$, 'attach');
UPDATE loyalty.settings SET period = 'month', enough = 1;

-- What a query writes to temporary files, by what it reads and shows
CREATE FUNCTION pg_temp.written_by_size(query text) RETURNS numeric LANGUAGE plpgsql AS $$
DECLARE
    plan jsonb;
    shown numeric;
BEGIN
    EXECUTE 'EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) ' || query INTO plan;
    EXECUTE format('SELECT coalesce(sum(pg_column_size(x)), 0) FROM (%s) x', query) INTO shown;
    RETURN round((plan->0->'Plan'->>'Temp Written Blocks')::bigint * current_setting('block_size')::bigint
        / (pg_relation_size('orders') + pg_relation_size('answers') + shown), 1);
END
$$;
SELECT cmp_ok(pg_temp.written_by_size(format('SELECT * FROM %s', what)), '<', most, what) FROM (VALUES
    ('loyalty.segment_profile', 6.0), ('loyalty.customer_changes', 2), ('loyalty.retention_cohorts', 3), ('loyalty.answers_enriched', 4), ('loyalty.nps_by_segment', 6),
    ('loyalty.open_questions', 1)) v(what, most);
SET enable_mergejoin = off; -- as the planner joins more sources than these
SELECT cmp_ok(pg_temp.written_by_size('SELECT * FROM loyalty.sources'), '<', 6.0, 'loyalty.sources');
RESET enable_mergejoin;

-- What is read from a history is so once for each customer, whatever the customers are joined with
CREATE FUNCTION pg_temp.calls(function name, query text) RETURNS bigint LANGUAGE plpgsql SET track_functions = 'all' AS $$
DECLARE
    before CONSTANT bigint := coalesce((SELECT sum(f.calls) FROM pg_stat_xact_user_functions f WHERE f.funcname = function), 0);
BEGIN
    EXECUTE query;
    RETURN (SELECT sum(f.calls) - before FROM pg_stat_xact_user_functions f WHERE f.funcname = function);
END
$$;
SELECT is(pg_temp.calls(function, format('SELECT o.amount, c.%s FROM orders o JOIN loyalty.%I c USING (customer)', col, view)), (SELECT count(*) FROM loyalty.customers), view || ' joined with the orders')
FROM (VALUES ('customers', 'at_risk', 'customer_figures'), ('customer_figures', 'gap_days', 'gap_days')) v(view, col, function);

-- plain SQL
CREATE VIEW one AS SELECT max(ordered_at) + 1 AS as_of FROM orders;
CREATE VIEW shopper AS
SELECT f.customer, f.ordered_at AS first_order, f.source, f.amount, date_trunc('month', f.ordered_at) AS cohort, r.revenue,
    f.ordered_at >= date_trunc('month', o.as_of) - interval '400 months' AND date_trunc('month', f.ordered_at) + interval '4 months' <= o.as_of AS eligible,
    EXISTS (SELECT FROM orders x WHERE x.customer = f.customer AND x.ordered_at >= date_trunc('month', f.ordered_at) + interval '3 months'
        AND x.ordered_at < date_trunc('month', f.ordered_at) + interval '4 months') AS kept
FROM (SELECT DISTINCT ON (customer) * FROM orders ORDER BY customer, ordered_at, amount) f
JOIN (SELECT customer, sum(amount) AS revenue FROM orders GROUP BY customer) r USING (customer)
CROSS JOIN one o;
CREATE VIEW plain_sources AS
SELECT s.source, count(f.customer) AS customers, coalesce(sum(f.revenue), 0)::numeric AS revenue, s.orders - count(f.customer) AS later_orders, (s.revenue - coalesce(sum(f.amount), 0))::numeric AS later_revenue,
    count(*) FILTER (WHERE f.eligible) AS eligible, count(*) FILTER (WHERE f.eligible AND f.kept) AS kept
FROM (SELECT source, count(*) AS orders, sum(amount) AS revenue FROM orders GROUP BY source) s LEFT JOIN shopper f USING (source) GROUP BY s.source, s.orders, s.revenue;
SELECT set_eq('SELECT source, customers, revenue, later_orders, later_revenue, eligible, kept, "position" FROM loyalty.sources',
    'SELECT p.*, CASE WHEN p.eligible > 0 THEN row_number() OVER (ORDER BY p.eligible > 0 DESC, w.lower DESC, w.estimate DESC, p.source) END FROM plain_sources p CROSS JOIN LATERAL wilson_interval(p.kept, p.eligible) w', 'sources');
SELECT cmp_ok((SELECT count(*) FROM loyalty.sources WHERE kept > 0), '>', 100::bigint, '... some brought customers who stayed');

CREATE VIEW bought AS
SELECT CASE WHEN c.purchases = 1 THEN 'one_time' WHEN c.stage = 'regular' THEN 'regular' ELSE 'occasional' END AS segment, o.customer, o.source, o.category FROM orders o JOIN loyalty.customers c USING (customer);
SELECT set_eq('SELECT segment, categories_per_customer, top_category, pct_of_orders_top_category, top_source, pct_of_orders_top_source FROM loyalty.segment_profile', $$
    SELECT b.segment, count(DISTINCT (b.customer, b.category))::float8 / count(DISTINCT b.customer) AS categories, c.category, 100 * c.orders::float8 / count(*) AS pct_category,
        s.source, 100 * s.orders::float8 / count(*) AS pct_source
    FROM bought b
    JOIN (SELECT DISTINCT ON (segment) segment, category, count(*) AS orders FROM bought GROUP BY segment, category ORDER BY segment, count(*) DESC, category) c USING (segment)
    JOIN (SELECT DISTINCT ON (segment) segment, source, count(*) AS orders FROM bought GROUP BY segment, source ORDER BY segment, count(*) DESC, source) s USING (segment)
    GROUP BY b.segment, c.category, c.orders, s.source, s.orders $$, 'segment_profile');

CREATE VIEW plain_changes AS
SELECT s.customer, s.as_of, s.stage, s.before
FROM (
    SELECT t.*, lag(t.stage) OVER (PARTITION BY t.customer ORDER BY t.as_of) AS before
    FROM (
        SELECT f.customer, e::date AS as_of, CASE WHEN p.last < e - interval '6 months' THEN 'lost' WHEN p.recent >= 3 THEN 'regular' WHEN f.first_order >= e - interval '3 months' THEN 'new' ELSE 'occasional' END AS stage
        FROM shopper f
        CROSS JOIN one o
        CROSS JOIN LATERAL generate_series(f.cohort::timestamp + interval '1 month', o.as_of, interval '1 month') e
        CROSS JOIN LATERAL (
            SELECT max(x.ordered_at) AS last, count(DISTINCT x.ordered_at) FILTER (WHERE x.ordered_at >= e - interval '6 months') AS recent FROM orders x WHERE x.customer = f.customer AND x.ordered_at < e) p) t) s
WHERE s.before IS NULL OR s.before <> s.stage;
SELECT set_eq('SELECT customer, as_of, changed_to, changed_from FROM loyalty.customer_changes', 'SELECT * FROM plain_changes', 'customer_changes');

SELECT set_eq('SELECT cohort_start, period_start, revenue FROM loyalty.retention_cohorts WHERE revenue <> 0',
    'SELECT f.cohort::date, date_trunc(''month'', o.ordered_at)::date, sum(o.amount)::numeric FROM orders o JOIN shopper f USING (customer) GROUP BY 1, 2', 'retention_cohorts');

SELECT * FROM finish();
ROLLBACK;
