-- Retention, repeat purchases and growth over order tables of others, against plain SQL
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
SELECT lives_ok($$ SELECT attach_orders('cdnow', workspace => 'music', time_zone => 'UTC', diagnose => false) $$, 'attach CDNOW');
SELECT lives_ok($$ SELECT attach_orders('retail_invoices', workspace => 'gifts', time_zone => 'Europe/London', stored_in => 'Europe/London', diagnose => false) $$,
    'attach Online Retail');

CREATE TABLE sales AS
SELECT 'music' AS shop, cust AS customer, date AS day, sales AS amount FROM cdnow
UNION ALL SELECT 'gifts', customer_id, invoice_date::date, total FROM retail_invoices WHERE customer_id IS NOT NULL;
CREATE VIEW purchases AS SELECT customer, day, amount FROM sales WHERE shop = current_setting('test.shop');
\ir include/plain_retention.sql

CREATE FUNCTION pg_temp.agrees(shop text, period text, as_of date) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('test.shop', shop, true);
    CREATE TEMP TABLE expected ON COMMIT DROP AS SELECT * FROM plain_retention(period, as_of);
    EXECUTE format('UPDATE %I.settings SET as_of = %L, period = %L', shop, as_of, period);
    RETURN NEXT set_eq(format('SELECT cohort_start, customers, period_number, period_start, complete, retained, retained_on_or_after FROM %I.retention_cohorts', shop),
        'SELECT * FROM expected', format('%s: cohorts by %s as of %s', shop, period, as_of));
    RETURN NEXT set_eq(format('SELECT period_number, eligible, retained FROM %I.retention_by_period', shop), $query$
        SELECT period_number, sum(customers)::bigint AS eligible, sum(retained)::bigint AS retained FROM expected
        WHERE complete GROUP BY period_number $query$, '... the curve');
    RETURN NEXT set_eq(format('SELECT period_start, revenue, active_customers, new_customers FROM %I.revenue_by_period WHERE active_customers > 0', shop), format($query$
        SELECT date_trunc(%1$L, p.day::timestamp)::date, sum(p.amount) AS a, count(DISTINCT p.customer) FILTER (WHERE p.amount >= 0) AS b,
            count(DISTINCT p.customer) FILTER (WHERE date_trunc(%1$L, f.first::timestamp) = date_trunc(%1$L, p.day::timestamp)) AS c
        FROM purchases p JOIN (SELECT customer, min(day) FILTER (WHERE amount >= 0 AND day < %2$L) AS first FROM purchases GROUP BY customer) f USING (customer)
        WHERE p.day < %2$L AND f.first IS NOT NULL
        GROUP BY 1 HAVING bool_or(p.amount >= 0) $query$, period, as_of), '... revenue, active and new customers by period');
    RETURN NEXT is((SELECT retention_curve(customer, day, period, as_of) FILTER (WHERE amount >= 0) FROM purchases)::text,
        (SELECT retention_curve(history, period, as_of) FROM (SELECT history_agg(day, amount) AS history FROM purchases GROUP BY customer) h)::text,
        '... in one pass over the orders');
    DROP TABLE expected;
END
$$;
SELECT pg_temp.agrees(shop, period, as_of) FROM (VALUES ('music', 'month', date '1998-07-01'), ('music', 'week', '1997-06-11'),
    ('gifts', 'month', '2011-12-10'), ('gifts', 'quarter', '2011-10-01')) v(shop, period, as_of);

-- the n-th purchase and the next one
CREATE FUNCTION pg_temp.repeats(shop text, as_of date) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('test.shop', shop, true);
    EXECUTE format('UPDATE %I.settings SET as_of = %L', shop, as_of);
    RETURN set_eq(format('SELECT purchase_number, customers, repeated, median_days_observed FROM %I.repeat_purchase', shop), format($query$
        SELECT n, count(*) AS a, count(next) AS b, percentile_cont(0.5) WITHIN GROUP (ORDER BY next - day) FILTER (WHERE next IS NOT NULL)
        FROM (SELECT row_number() OVER days AS n, day, lead(day) OVER days AS next
              FROM (SELECT DISTINCT customer, day FROM purchases WHERE amount >= 0 AND day < %L) d
              WINDOW days AS (PARTITION BY customer ORDER BY day)) p
        WHERE n <= 20 GROUP BY n $query$, as_of), shop || ': repeat purchases as of ' || as_of);
END
$$;
SELECT pg_temp.repeats(shop, as_of) FROM (VALUES ('music', date '1998-07-01'), ('music', '1997-03-15'), ('gifts', '2011-12-10')) v(shop, as_of);

SELECT * FROM finish();
ROLLBACK;
