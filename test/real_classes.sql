-- Classes, stages, scores and the express test over order tables of others, against plain SQL
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
SET client_min_messages = warning;

\ir include/real_orders.sql
SELECT lives_ok($$ SELECT attach_orders('cdnow', workspace => 'music', time_zone => 'UTC') $$, 'attach CDNOW');
SELECT lives_ok($$ SELECT attach_orders('retail_invoices', workspace => 'gifts', time_zone => 'Europe/London', stored_in => 'Europe/London') $$, 'attach Online Retail');
SELECT results_eq('SELECT period, rfm_bins FROM music.settings', $$ VALUES ('month', 5) $$, 'many customers: months and five scores');

CREATE TABLE sales AS
SELECT 'music' AS shop, cust AS customer, date AS day, sales AS amount FROM cdnow
UNION ALL SELECT 'gifts', customer_id, invoice_date::date, total FROM retail_invoices;
CREATE FUNCTION plain(of_shop text, as_of date) RETURNS TABLE (customer integer, window_revenue numeric, abc text, xyz text, stage text,
    recency_score integer, frequency_score integer, monetary_score integer)
LANGUAGE sql AS $$
    WITH figures AS (
        SELECT s.customer, sum(s.amount) AS revenue, min(s.day) FILTER (WHERE s.amount >= 0) AS first,
            max(s.day) FILTER (WHERE s.amount >= 0) AS last, count(DISTINCT s.day) FILTER (WHERE s.amount >= 0) AS days,
            count(DISTINCT s.day) FILTER (WHERE s.amount >= 0 AND s.day >= as_of - interval '6 months') AS recent,
            coalesce(sum(s.amount) FILTER (WHERE s.day >= as_of - interval '12 months'), 0) AS in_window
        FROM sales s WHERE s.shop = of_shop AND s.customer IS NOT NULL AND s.day < as_of
        GROUP BY s.customer HAVING bool_or(s.amount >= 0)
    ), whole AS (
        SELECT sum(f.in_window) AS total FROM figures f WHERE f.in_window > 0 AND f.last >= as_of - interval '12 months'
    ), ranked AS (
        SELECT f.customer, (sum(f.in_window) OVER (ORDER BY f.in_window DESC)
            - sum(f.in_window) OVER (PARTITION BY f.in_window)) / w.total AS before
        FROM figures f, whole w WHERE f.in_window > 0 AND f.last >= as_of - interval '12 months'
    )
    SELECT f.customer, f.in_window,
        CASE WHEN f.last >= as_of - interval '12 months' THEN
            CASE WHEN r.before < 0.80 THEN 'A' WHEN r.before < 0.95 THEN 'B' ELSE 'C' END END,
        CASE WHEN f.last >= as_of - interval '12 months' THEN CASE WHEN f.recent >= 3 THEN 'X' WHEN f.recent = 2 THEN 'Y' ELSE 'Z' END END,
        CASE WHEN f.last < as_of - interval '6 months' THEN 'lost' WHEN f.recent >= 3 THEN 'regular'
             WHEN f.first >= as_of - interval '3 months' THEN 'new' ELSE 'occasional' END,
        (1 + floor(5 * (rank() OVER (ORDER BY f.last) - 1) / count(*) OVER ()))::integer,
        (1 + floor(5 * (rank() OVER (ORDER BY f.days) - 1) / count(*) OVER ()))::integer,
        (1 + floor(5 * (rank() OVER (ORDER BY f.revenue) - 1) / count(*) OVER ()))::integer
    FROM figures f LEFT JOIN ranked r ON r.customer = f.customer
$$;
CREATE FUNCTION pg_temp.agrees(shop text, as_of date) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('UPDATE %I.settings SET as_of = %L', shop, as_of);
    RETURN set_eq(format('SELECT customer, window_revenue, abc, xyz, stage, recency_score, frequency_score, monetary_score FROM %I.customers', shop),
        format('SELECT * FROM plain(%L, %L)', shop, as_of), shop || ': every customer''s classes, stage and scores as of ' || as_of);
END
$$;
SELECT pg_temp.agrees(shop, as_of) FROM (VALUES ('music', date '1998-07-01'), ('music', '1998-01-15'), ('music', '1997-03-01'),
    ('gifts', '2011-12-10'), ('gifts', '2011-06-30'), ('gifts', '2011-01-01')) v(shop, as_of);

-- stages at the orders and their changes: lifecycle_stage of the history, asked day by day and period by period
CREATE TABLE histories AS SELECT shop, customer, history_agg(day, amount) AS history FROM sales WHERE customer IS NOT NULL GROUP BY shop, customer;
SELECT set_eq($$ SELECT shop, customer, day, order_stage(day) OVER (PARTITION BY shop, customer) FROM sales WHERE customer IS NOT NULL AND amount >= 0 $$,
    $$ SELECT shop, customer, s.day, lifecycle_stage(h.history, s.day) FROM sales s JOIN histories h USING (shop, customer) WHERE s.amount >= 0 $$, 'stages at the orders');
SELECT set_eq(format('SELECT h.shop, h.customer, c.* FROM histories h CROSS JOIN LATERAL stage_changes(h.history, %1$L, ''-infinity'', ''2011-12-10'') c', period), format($$
    SELECT c.shop, c.customer, c.as_of, c.stage, c.before
    FROM (
        SELECT e.*, lag(e.stage) OVER (PARTITION BY e.shop, e.customer ORDER BY e.as_of) AS before
        FROM (
            SELECT h.shop, h.customer, (p.period_start + %2$L::interval)::date AS as_of, lifecycle_stage(h.history, (p.period_start + %2$L::interval)::date) AS stage
            FROM histories h CROSS JOIN LATERAL period_values(h.history, %1$L, period_start(first_order(h.history), %1$L), '2011-12-10') p) e) c
    WHERE c.stage IS DISTINCT FROM c.before $$, period, step), 'changes of stages by ' || period)
FROM (VALUES ('month', '1 month'), ('quarter', '3 months')) v(period, step);

-- the express test, counted by hand
CREATE FUNCTION pg_temp.express_agrees(of_shop text, as_of date) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('UPDATE %I.settings SET as_of = %L', of_shop, as_of);
    RETURN results_eq(format('SELECT customers, one_time_customers, regular_customers, young_customers, sales, one_time_sales,
            regular_sales, unassigned_sales FROM %I.express_test', of_shop), format($query$
        WITH base AS (
            SELECT customer, count(DISTINCT day) FILTER (WHERE amount >= 0) AS days, min(day) FILTER (WHERE amount >= 0) AS first,
                count(DISTINCT day) FILTER (WHERE amount >= 0 AND day >= %2$L::date - interval '6 months') AS recent,
                sum(amount) FILTER (WHERE day >= %2$L::date - interval '6 months') AS sales
            FROM sales WHERE shop = %1$L AND customer IS NOT NULL AND day < %2$L GROUP BY customer
        ), settled AS (
            SELECT * FROM base WHERE recent > 0 AND NOT (days = 1 AND first >= %2$L::date - interval '3 months'))
        SELECT count(*), count(*) FILTER (WHERE days = 1), count(*) FILTER (WHERE recent >= 3),
            (SELECT count(*) FROM base WHERE days = 1 AND first >= %2$L::date - interval '3 months'),
            sum(sales), coalesce(sum(sales) FILTER (WHERE days = 1), 0), sum(sales) FILTER (WHERE recent >= 3),
            (SELECT coalesce(sum(amount), 0) FROM sales WHERE shop = %1$L AND customer IS NULL AND day < %2$L
             AND day >= %2$L::date - interval '6 months')
        FROM settled $query$, of_shop, as_of), of_shop || ': the express test as of ' || as_of);
END
$$;
SELECT pg_temp.express_agrees(shop, as_of) FROM (VALUES ('music', date '1998-07-01'), ('music', '1997-12-01'),
    ('gifts', '2011-12-10'), ('gifts', '2011-09-15')) v(shop, as_of);

-- all parts add up, whatever the shop
CREATE FUNCTION pg_temp.adds_up(shop text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    all_customers bigint; cells bigint; without_cell bigint; segments bigint; stages bigint; profile bigint; broken bigint;
BEGIN
    EXECUTE format('UPDATE %I.settings SET as_of = ''auto''', shop);
    EXECUTE format('SELECT (SELECT count(*) FROM %1$I.customers), (SELECT sum(customers) FROM %1$I.abc_xyz_matrix),
        (SELECT sum(without_cell) FROM %1$I.abc_summary), (SELECT sum(customers) FROM %1$I.rfm_segments),
        (SELECT sum(customers) FROM %1$I.lifecycle_summary), (SELECT sum(customers) FROM %1$I.segment_profile)', shop)
    INTO all_customers, cells, without_cell, segments, stages, profile;
    RETURN NEXT is(cells + without_cell, all_customers, shop || ': cells and customers without one');
    RETURN NEXT is(segments, all_customers, shop || ': segments');
    RETURN NEXT is(stages, all_customers, shop || ': stages');
    RETURN NEXT is(profile, all_customers, shop || ': one-time, occasional, regular');
    EXECUTE format('CREATE TEMP TABLE active ON COMMIT DROP AS SELECT as_of, count(*) AS customers FROM %I.class_history WHERE stage <> ''lost'' GROUP BY as_of', shop);
    EXECUTE format($query$
        SELECT count(*) FROM (
            SELECT m.as_of, coalesce((SELECT a.customers FROM active a WHERE a.as_of = m.as_of), 0)
                - coalesce((SELECT a.customers FROM active a WHERE a.as_of = m.period_start), 0)
                - (coalesce(sum(m.customers) FILTER (WHERE m.flow IN ('returned', 'acquired')), 0)
                    - coalesce(sum(m.customers) FILTER (WHERE m.flow = 'lapsed'), 0)) AS rest
            FROM %1$I.lifecycle_migration m GROUP BY m.as_of, m.period_start) f WHERE rest <> 0 $query$, shop) INTO broken;
    DROP TABLE active;
    RETURN NEXT is(broken, 0::bigint, shop || ': active after = active before - lapsed + returned + acquired');
END
$$;
SELECT pg_temp.adds_up(shop) FROM unnest(ARRAY['music', 'gifts']) shop;

SELECT * FROM finish();
ROLLBACK;
