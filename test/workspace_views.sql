-- The views of a workspace: against plain SQL, on hostile data, in their plans, as BI tools see them
BEGIN;
SELECT no_plan();
SET client_min_messages = warning;

-- 40,000 random rows: no customer, ties, returns, zeros, NULLs, NaN, infinite, far and future times, awkward amounts
SELECT setseed(0.42);
CREATE TABLE raw_orders AS
SELECT CASE WHEN random() < 0.03 THEN NULL ELSE (400 * random() ^ 3)::integer END AS customer,
    CASE WHEN random() < 0.01 THEN NULL WHEN random() < 0.005 THEN 'infinity' WHEN random() < 0.005 THEN '-infinity'
         WHEN random() < 0.005 THEN timestamptz '0044-03-15 12:00+00 BC' WHEN random() < 0.005 THEN timestamptz '2099-01-01 00:00+00'
         ELSE timestamptz '2023-01-01 00:00+00' + random() * interval '900 days' END AS ordered_at,
    CASE WHEN random() < 0.01 THEN NULL WHEN random() < 0.005 THEN 'NaN' WHEN random() < 0.002 THEN 'Infinity'
         WHEN random() < 0.002 THEN '-Infinity' WHEN random() < 0.002 THEN 1e15 WHEN random() < 0.05 THEN 0
         WHEN random() < 0.1 THEN round((-50 * random())::numeric, 2)
         ELSE round((100 * random())::numeric, (6 * random())::integer) END AS amount
FROM generate_series(1, 40000);
INSERT INTO raw_orders VALUES (1001, '2024-05-05 12:00+00', -3), (1002, '2099-01-02 12:00+00', 5);
SELECT lives_ok($$ SELECT attach_orders('raw_orders', workspace => 'w', time_zone => 'America/New_York') $$, 'attach');

-- The same in plain SQL. A day's amount is the sum of amounts rounded to four decimals.
CREATE VIEW clean AS
SELECT customer, (ordered_at AT TIME ZONE 'America/New_York')::date AS day, round(amount, 4) AS amount
FROM raw_orders
WHERE customer IS NOT NULL AND isfinite(ordered_at) AND ordered_at >= '0001-01-02 00:00+00' AND ordered_at < '9999-12-31 00:00+00'
    AND amount NOT IN ('NaN', 'Infinity', '-Infinity') AND abs(amount) < 922337203685477;
CREATE FUNCTION plain_customers(as_of date) RETURNS TABLE (
    customer integer, orders bigint, purchase_days bigint, revenue numeric, average_order numeric, first_order date,
    last_order date, days_since_last integer, gap_days double precision)
LANGUAGE sql AS $$
    WITH purchase AS (
        SELECT c.customer, c.day, c.day - lag(c.day) OVER (PARTITION BY c.customer ORDER BY c.day) AS gap
        FROM clean c WHERE c.amount >= 0 AND c.day < as_of GROUP BY c.customer, c.day),
    gaps AS (
        SELECT p.customer, percentile_cont(0.5) WITHIN GROUP (ORDER BY p.gap) AS gap_days FROM purchase p GROUP BY p.customer)
    SELECT c.customer, count(*) FILTER (WHERE amount >= 0), count(DISTINCT day) FILTER (WHERE amount >= 0), sum(amount),
        sum(amount) / count(*) FILTER (WHERE amount >= 0), min(day) FILTER (WHERE amount >= 0), max(day) FILTER (WHERE amount >= 0),
        as_of - max(day) FILTER (WHERE amount >= 0), max(g.gap_days)
    FROM clean c LEFT JOIN gaps g ON g.customer = c.customer
    WHERE c.day < as_of
    GROUP BY c.customer
    HAVING count(*) FILTER (WHERE amount >= 0) > 0
$$;

\set figures 'SELECT customer, orders, purchase_days, revenue, average_order, first_order, last_order, days_since_last, gap_days FROM w.customers'
SELECT is((SELECT as_of FROM w.reporting_date), (SELECT max(day) + 1 FROM clean WHERE day < '2098-01-01'),
    'as_of auto: the day after the last row that is not in the future');
SELECT cmp_ok((SELECT count(*) FROM w.customers), '>', 300::bigint, 'there are customers to compare');
SELECT set_eq(:'figures', 'SELECT * FROM plain_customers((SELECT as_of FROM w.reporting_date))',
    'customers are those of plain SQL, to the last digit');
UPDATE w.settings SET as_of = '2024-02-29';
SELECT set_eq(:'figures', $$ SELECT * FROM plain_customers('2024-02-29') $$, 'as of a past day');
SELECT set_eq('SELECT * FROM w.customer_figures', 'SELECT customer, orders, purchase_days, revenue, average_order, first_order, last_order, days_since_last, gap_days,
    returns, profit, purchases, window_revenue, window_profit, window_returns, last_year_revenue, stage, as_of FROM w.customers', 'customer_figures has the same figures');
UPDATE w.settings SET as_of = '2022-01-01';
SELECT is_empty('SELECT * FROM w.customers', 'as of a day before every order');
UPDATE w.settings SET as_of = 'today';
SELECT is((SELECT as_of FROM w.reporting_date), (now() AT TIME ZONE 'America/New_York')::date, 'as_of today is that of the time zone');
UPDATE w.settings SET as_of = 'auto';
SET LOCAL TimeZone = 'Asia/Tokyo';
SET LOCAL DateStyle = 'German';
SELECT set_eq(:'figures', 'SELECT * FROM plain_customers((SELECT as_of FROM w.reporting_date))',
    'the session''s time zone and date style change nothing');
RESET DateStyle;
RESET TimeZone;

-- nothing is lost: every row has one reason
SELECT is((SELECT sum(order_rows) FROM w.data_quality), (SELECT count(*) FROM raw_orders)::numeric, 'the reasons add up to the table');
SELECT is((SELECT sum(pct_of_rows)::numeric(10, 6) FROM w.data_quality), 100::numeric(10, 6), '... and to 100 per cent');
SELECT is((SELECT revenue FROM w.data_quality WHERE reason = 'used'), (SELECT sum(revenue) FROM w.customers),
    'the revenue used is that of the customers');
SELECT results_eq($$ SELECT reason, order_rows FROM w.data_quality ORDER BY position $$, $$
    SELECT reason, count(r.ok) FROM unnest(ARRAY['used', 'no_customer', 'no_time', 'invalid_time', 'no_amount', 'invalid_amount',
        'future', 'only_returns', 'zero_amount']) WITH ORDINALITY u(reason, position)
    LEFT JOIN (
        SELECT CASE
            WHEN ordered_at IS NULL THEN 'no_time'
            WHEN NOT isfinite(ordered_at) OR ordered_at < '0001-01-02' THEN 'invalid_time'
            WHEN amount IS NULL THEN 'no_amount'
            WHEN amount IN ('NaN', 'Infinity', '-Infinity', 1e15) THEN 'invalid_amount'
            WHEN customer IS NULL THEN 'no_customer'
            WHEN ordered_at > '2098-01-01' THEN 'future'
            WHEN customer = 1001 THEN 'only_returns'
            ELSE 'used' END AS reason, true AS ok
        FROM raw_orders) r USING (reason)
    GROUP BY reason, position ORDER BY position $$, 'each reason counts its rows');
SELECT is((SELECT count(*) FROM w.customers WHERE customer IN (1001, 1002)), 0::bigint,
    'without an order before the reporting date there is no customer');

-- returns after the last order count
CREATE TABLE sent_back AS SELECT * FROM (VALUES (1, date '2025-01-01', 100), (2, '2025-01-10', 50), (1, '2025-01-20', -100)) v(customer, day, amount);
SELECT lives_ok($$ SELECT attach_orders('sent_back', ordered_at => 'day', workspace => 'sent') $$, 'attach what was sent back');
SELECT results_eq('SELECT customer, revenue, days_since_last FROM sent.customers ORDER BY customer', 'VALUES (1, 0.00, 20), (2, 50.00, 11)',
    'the last row may be a return');

-- other types of time and amount
CREATE VIEW other_orders AS
SELECT customer, ordered_at AT TIME ZONE 'America/New_York' AS local_time, (ordered_at AT TIME ZONE 'America/New_York')::date AS day,
    CASE WHEN abs(amount) < 1e6 THEN amount::integer END AS whole, amount::double precision AS float, amount::real AS small_float
FROM raw_orders;
SELECT lives_ok(format($$ SELECT attach_orders('other_orders', ordered_at => %L, amount => %L, workspace => %L) $$, time_column, amount_column,
    'w_' || time_column || '_' || amount_column), 'attach ' || time_column || ' and ' || amount_column)
FROM (VALUES ('local_time'), ('day')) t(time_column) CROSS JOIN (VALUES ('whole'), ('float'), ('small_float')) a(amount_column);
SELECT set_eq('SELECT customer, orders, first_order FROM w_day_float.customers', 'SELECT customer, orders, first_order FROM w.customers',
    'dates and floats give the same orders');
SELECT set_eq('SELECT customer, revenue FROM w_local_time_whole.customers', $$
    SELECT customer, sum(whole)::numeric FROM other_orders
    WHERE isfinite(day) AND day BETWEEN '0001-01-02' AND '2098-01-01' AND customer IS NOT NULL AND whole IS NOT NULL
    GROUP BY customer HAVING bool_or(whole >= 0) $$, 'timestamps and integers: the revenue');
SELECT is((SELECT sum(order_rows) FROM w_day_small_float.data_quality), (SELECT count(*) FROM raw_orders)::numeric,
    'real amounts: the reasons add up too');

-- hostile tables stop no view
CREATE FUNCTION pg_temp.views_survive(content text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    view name;
BEGIN
    CREATE TABLE hostile (customer bigint, ordered_at timestamptz, amount numeric);
    EXECUTE 'INSERT INTO hostile ' || content;
    PERFORM attach_orders('hostile', workspace => 'hostile_views');
    FOR view IN SELECT relname FROM pg_class WHERE relnamespace = 'hostile_views'::regnamespace AND relkind = 'v' LOOP
        EXECUTE format('SELECT count(x::text) FROM hostile_views.%I x', view);
    END LOOP;
    RETURN (SELECT sum(order_rows) FROM hostile_views.data_quality) - (SELECT count(*) FROM hostile)
        || ' rows lost, ' || (SELECT count(*) FROM hostile_views.customers) || ' customers';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLERRM;
END
$$;
CREATE FUNCTION pg_temp.survives(content text, expected text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    outcome text := pg_temp.views_survive(content);
BEGIN
    PERFORM drop_workspace('hostile_views');
    DROP TABLE hostile;
    RETURN is(outcome, expected, 'views over ' || content);
END
$$;
SELECT pg_temp.survives(content, expected) FROM (VALUES
    ('SELECT 1, now(), 1 WHERE false', '0 rows lost, 0 customers'),
    ('VALUES (NULL::bigint, NULL::timestamptz, NULL::numeric)', '0 rows lost, 0 customers'),
    ('VALUES (1, timestamptz ''2025-01-01'', 5)', '0 rows lost, 1 customers'),
    ('VALUES (1, timestamptz ''2025-01-01'', -5)', '0 rows lost, 0 customers'),
    ('VALUES (1, timestamptz ''2025-01-01'', ''NaN''::numeric), (1, ''infinity'', 3), (2, ''2025-01-01'', ''Infinity'')', '0 rows lost, 0 customers'),
    ('SELECT 1, timestamptz ''2025-01-01'', 922337203685477.5807 FROM generate_series(1, 1000)', '0 rows lost, 1 customers'),
    ('VALUES (1, timestamptz ''2099-01-01'', 5)', '0 rows lost, 0 customers')) c(content, expected);

-- plans
CREATE TABLE many_orders AS
SELECT (n * 7919) % 2000 AS customer_id, timestamptz '2024-01-01 00:00+00' + n * interval '1 minute' AS created_at, n % 100 AS total
FROM generate_series(1, 100000) n;
CREATE INDEX many_customer ON many_orders (customer_id);
CREATE INDEX many_time ON many_orders (created_at);
ANALYZE many_orders;
SELECT lives_ok($$ SELECT attach_orders('many_orders', workspace => 'many') $$, 'attach many');
\ir include/plan_of.sql
SELECT matches(string_agg(line, E'\n'), 'Index Cond: .*customer_id = 471', 'one customer is looked up by the index of the orders')
FROM pg_temp.plan_of('SELECT * FROM many.customer_figures WHERE customer = 471') line;
SELECT doesnt_match(string_agg(line, E'\n'), 'Seq Scan on many_orders', '... and nothing reads the whole table')
FROM pg_temp.plan_of('SELECT * FROM many.customer_figures WHERE customer = 471') line;
SELECT matches(string_agg(line, E'\n'), 'many_time', 'the last order is found by the index of the time')
FROM pg_temp.plan_of('SELECT * FROM many.reporting_date') line;
SELECT is(count(*), 1::bigint, 'all customers: the orders are scanned once')
FROM pg_temp.plan_of('SELECT * FROM many.customers') line WHERE line ~ 'Scan on many_orders';
SELECT is(count(*), 1::bigint, 'data quality: the orders are scanned once')
FROM pg_temp.plan_of('SELECT * FROM many.data_quality') line WHERE line ~ 'Scan on many_orders';
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SELECT matches(string_agg(line, E'\n'), 'Partial', 'the histories are made in parallel')
FROM pg_temp.plan_of('SELECT * FROM many.customers') line;
CREATE TEMP TABLE in_parallel AS SELECT * FROM many.customers;
SET LOCAL max_parallel_workers_per_gather = 0;
SELECT set_eq('SELECT * FROM in_parallel', 'SELECT * FROM many.customers', '... and are the same');

-- as BI tools see them
CREATE VIEW view_columns AS
SELECT c.relname, a.attname, a.atttypid::regtype AS type, col_description(c.oid, a.attnum) AS comment
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
WHERE c.relnamespace = 'w'::regnamespace AND c.relkind = 'v'
    AND c.relname NOT IN ('order_history', 'customer_history', 'customer_classes', 'customer_orders', 'applied_settings', 'campaign_results', 'tier_ladder')
    AND (c.relname, a.attname) NOT IN (('order_rows', 'ordered_at'), ('answer_rows', 'answered_at'), ('touchpoint_rows', 'happened_at'), ('survey_rows', 'answered_at'), ('offer_rows', 'offered_at'), ('point_rows', 'happened_at')); -- as they come
SELECT is_empty($$ SELECT * FROM view_columns WHERE type::text NOT IN ('integer', 'bigint', 'numeric', 'double precision', 'text', 'boolean',
    'date', 'timestamp with time zone', 'uuid') $$, 'columns are of types that BI tools know');
SELECT is_empty('SELECT * FROM view_columns WHERE comment IS NULL', 'every column has a comment');
SELECT is_empty($$ SELECT relname FROM pg_class WHERE relnamespace = 'w'::regnamespace AND relkind IN ('r', 'v')
    AND obj_description(oid, 'pg_class') IS NULL $$, 'every table and view has a comment');
SELECT is_empty($$ SELECT * FROM view_columns WHERE attname !~ '^[a-z][a-z0-9_]*$' $$, 'names are plain');
SELECT is_empty($$ SELECT * FROM w.data_quality WHERE pct_of_rows = 'NaN' $$, 'no NaN');

SELECT * FROM finish();
ROLLBACK;
