-- class_history, the migrations and orders_enriched: against the view customers as of each end, and against plain SQL
BEGIN;
SELECT no_plan();
SET client_min_messages = warning;

-- 160 customers, some with few rows and some who came late: no customer, ties in time, returns, zeros, NULLs, NaN, far and future
-- times. Numbers of orders are of one length.
SELECT setseed(0.61);
CREATE TABLE raw_orders AS
SELECT 10000 + n AS order_id, CASE WHEN random() < 0.02 THEN NULL ELSE c END AS customer,
    CASE WHEN random() < 0.005 THEN NULL WHEN random() < 0.003 THEN 'infinity' WHEN random() < 0.003 THEN '-infinity'
         WHEN random() < 0.003 THEN timestamptz '0044-03-15 12:00+00 BC' WHEN random() < 0.005 THEN timestamptz '2099-01-01 00:00+00'
         ELSE timestamptz '2023-03-05 03:00+00' + (CASE c % 4 WHEN 3 THEN 600 + random() * 250 ELSE random() ^ 0.8 * 850 END)::integer * interval '1 day' + (random() * 2)::integer * interval '5 hours' END AS ordered_at,
    CASE WHEN random() < 0.005 THEN NULL WHEN random() < 0.005 THEN 'NaN' WHEN random() < 0.003 THEN '-Infinity' WHEN random() < 0.002 THEN 1e15
         WHEN random() < 0.05 THEN 0 WHEN random() < 0.02 THEN -0.00004 WHEN random() < 0.1 THEN round((-50 * random())::numeric, 2)
         ELSE round((100 * random())::numeric, (6 * random())::integer) END AS amount,
    CASE WHEN random() < 0.1 THEN NULL WHEN random() < 0.01 THEN 'NaN' ELSE round((20 * random() - 5)::numeric, 2) END AS profit,
    (ARRAY['shop', 'web', NULL])[1 + (random() * 2)::integer] AS source
FROM (SELECT n, (160 * random() ^ 2)::integer AS c FROM generate_series(1, 3000) n) g;
SELECT lives_ok($$ SELECT attach_orders('raw_orders', workspace => 'w', time_zone => 'America/New_York', diagnose => false) $$, 'attach');

-- The rows that count, in plain SQL
CREATE TABLE clean AS
SELECT customer, order_id, ordered_at, (ordered_at AT TIME ZONE 'America/New_York')::date AS day, round(amount, 4) AS amount, source
FROM raw_orders
WHERE customer IS NOT NULL AND isfinite(ordered_at) AND ordered_at >= '0001-01-02 00:00+00' AND ordered_at < '9999-12-31 00:00+00'
    AND amount NOT IN ('NaN', 'Infinity', '-Infinity') AND abs(amount) < 922337203685477;
CREATE INDEX ON clean (customer);
ANALYZE raw_orders, clean;
CREATE FUNCTION pg_temp.ends(period text, as_of date) RETURNS TABLE (period_start date, as_of date) LANGUAGE sql AS $$
    SELECT (date_trunc(period, as_of) - (n + 1) * step)::date, (date_trunc(period, as_of) - n * step)::date
    FROM generate_series(0, 11) n, CAST(CASE period WHEN 'quarter' THEN '3 months' ELSE '1 ' || period END AS interval) step
$$;

-- What differs between class_history and the view customers as of each end, which the periods are, and their revenue
CREATE FUNCTION pg_temp.same_classes(setting text, day date DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    shown_on date;
    step record;
    expected bigint := 0;
    wrong text := '';
BEGIN
    EXECUTE 'UPDATE w.settings SET ' || setting;
    UPDATE w.settings SET as_of = coalesce(day::text, 'auto');
    shown_on := (SELECT as_of FROM w.reporting_date);
    CREATE TEMP TABLE shown AS SELECT * FROM w.class_history;
    FOR step IN SELECT e.* FROM w.settings s, pg_temp.ends(s.period, shown_on) e LOOP
        UPDATE w.settings SET as_of = step.as_of;
        CREATE TEMP TABLE wanted AS
        SELECT customer, step.period_start, step.as_of, abc, xyz, cell, stage, window_revenue,
            coalesce((SELECT sum(o.amount) FROM clean o JOIN w.settings s ON s.zero_amounts = 'orders' OR o.amount <> 0
                WHERE o.customer = c.customer AND o.day >= step.period_start AND o.day < step.as_of), 0) AS period_revenue
        FROM w.customers c;
        expected := expected + (SELECT count(*) FROM wanted);
        wrong := wrong || coalesce((
            SELECT string_agg(d::text, E'\n') FROM (
                (TABLE wanted EXCEPT SELECT * FROM shown h WHERE h.as_of = step.as_of)
                UNION ALL (SELECT * FROM shown h WHERE h.as_of = step.as_of EXCEPT TABLE wanted)) d), '');
        DROP TABLE wanted;
    END LOOP;
    wrong := wrong || coalesce((SELECT format('%s rows, not %s', count(*), expected) FROM shown HAVING count(*) <> expected), '');
    DROP TABLE shown;
    UPDATE w.settings SET as_of = coalesce(day::text, 'auto');
    RETURN concat_ws(E'\n', ok(wrong = '' AND (expected > 0 OR day < '2023-04-01'), format('classes as of each end: %s, %s', setting, coalesce(day::text, 'auto'))),
        CASE WHEN wrong <> '' THEN diag(left(wrong, 1000)) END);
END
$$;
SELECT pg_temp.same_classes('period = ' || quote_literal(period)) FROM unnest(ARRAY['day', 'week', 'month', 'quarter', 'year']) period;
SELECT pg_temp.same_classes(setting, day) FROM (VALUES
    ('period = ''month''', date '2024-06-30'), ('period = ''month''', '2024-07-01'), ('period = ''month''', '2024-02-29'),
    ('period = ''week''', '2025-01-01'), ('period = ''quarter''', '2024-05-17'), ('period = ''month''', '2023-06-15'),
    ('period = ''year''', '2023-03-04'), ('period = ''week''', '0001-06-15'),
    ('period = ''month'', class_window = NULL', '2025-03-14'),
    ('class_window = ''40 days'', frequency_within = ''1 year'', x_purchases = 9, y_purchases = 4', '2025-03-14'),
    ('abc_by = ''profit'', abc_a = 0.5, abc_b = 0.5', '2025-03-14'),
    ('xyz_by = ''variation'', xyz_x = 0.5, xyz_y = 0.9, class_window = ''1 year''', '2025-03-14'),
    ('count_by = ''orders'', zero_amounts = ''skipped'', lost_after = ''20 days'', new_within = ''8 days'', regular_within = ''33 days 12:00''', '2025-03-14')) c(setting, day);
SELECT is((SELECT count(*) FROM w.class_history WHERE abc IS NULL) > 0 AND (SELECT count(DISTINCT stage) FROM w.class_history) = 4, true,
    'customers without a class, and all four stages, were among them');
UPDATE w.settings SET (period, class_window, frequency_within, x_purchases, y_purchases, abc_by, abc_a, abc_b, xyz_by, count_by, zero_amounts, lost_after,
    new_within, regular_within) = ('month', '12 months', '6 months', 3, 2, 'revenue', 0.8, 0.95, 'frequency', 'days', 'orders', '6 months', '3 months', '6 months');

-- Migrations: two consecutive ends joined. Before the first customer everybody is acquired.
CREATE FUNCTION pg_temp.moves() RETURNS TABLE (period_start date, as_of date, from_cell text, to_cell text, from_stage text, to_stage text, customer integer, revenue numeric)
LANGUAGE sql AS $$
    SELECT e.period_start, e.as_of, CASE WHEN b.customer IS NULL THEN 'acquired' ELSE coalesce(b.cell, 'none') END, coalesce(a.cell, 'none'),
        coalesce(b.stage, 'none'), a.stage, a.customer, a.period_revenue
    FROM w.settings s CROSS JOIN w.reporting_date r CROSS JOIN LATERAL (SELECT * FROM pg_temp.ends(s.period, r.as_of) x ORDER BY x.as_of DESC LIMIT 11) e
    JOIN w.class_history a ON a.as_of = e.as_of
    LEFT JOIN w.class_history b ON b.customer = a.customer AND b.as_of = e.period_start
$$;
CREATE FUNCTION pg_temp.same_moves(setting text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'UPDATE w.settings SET ' || setting;
    RETURN NEXT set_eq('SELECT period_start, as_of, from_cell, to_cell, customers, round(pct_of_from::numeric, 9), revenue FROM w.cell_migration', $q$
        SELECT period_start, as_of, from_cell, to_cell, count(*),
            round(100.0 * count(*) / sum(count(*)) OVER (PARTITION BY as_of, from_cell), 9), sum(revenue)
        FROM pg_temp.moves() GROUP BY period_start, as_of, from_cell, to_cell $q$, 'cell_migration with ' || setting);
    RETURN NEXT set_eq('SELECT period_start, as_of, from_stage, to_stage, flow, customers, round(pct_of_from::numeric, 9), revenue FROM w.lifecycle_migration', $q$
        SELECT period_start, as_of, from_stage, to_stage,
            CASE WHEN from_stage = 'none' AND to_stage = 'lost' THEN 'passed by' WHEN from_stage = 'none' THEN 'acquired'
                 WHEN from_stage = 'lost' AND to_stage = 'lost' THEN 'still lost' WHEN from_stage = 'lost' THEN 'returned'
                 WHEN to_stage = 'lost' THEN 'lapsed' ELSE 'kept' END, count(*),
            round(100.0 * count(*) / sum(count(*)) OVER (PARTITION BY as_of, from_stage), 9), sum(revenue)
        FROM pg_temp.moves() GROUP BY period_start, as_of, from_stage, to_stage $q$, 'lifecycle_migration with ' || setting);
    RETURN NEXT is_empty($q$
        SELECT e.as_of, a.active, b.active, f.*
        FROM w.settings s CROSS JOIN w.reporting_date r CROSS JOIN LATERAL (SELECT * FROM pg_temp.ends(s.period, r.as_of) x ORDER BY x.as_of DESC LIMIT 11) e
        CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE stage <> 'lost') AS active FROM w.class_history h WHERE h.as_of = e.as_of) a
        CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE stage <> 'lost') AS active FROM w.class_history h WHERE h.as_of = e.period_start) b
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(customers) FILTER (WHERE flow = 'lapsed'), 0) AS lapsed, coalesce(sum(customers) FILTER (WHERE flow = 'returned'), 0) AS returned,
                coalesce(sum(customers) FILTER (WHERE flow = 'acquired'), 0) AS acquired FROM w.lifecycle_migration m WHERE m.as_of = e.as_of) f
        WHERE a.active <> b.active - f.lapsed + f.returned + f.acquired $q$, 'active = active before - lapsed + returned + acquired, with ' || setting);
    RETURN NEXT is_empty('SELECT from_cell FROM w.cell_migration GROUP BY as_of, from_cell HAVING abs(sum(pct_of_from) - 100) > 1e-9', 'cells: shares add to 100');
    RETURN NEXT is_empty('SELECT from_stage FROM w.lifecycle_migration GROUP BY as_of, from_stage HAVING abs(sum(pct_of_from) - 100) > 1e-9', 'stages: shares add to 100');
END
$$;
SELECT pg_temp.same_moves(setting) FROM unnest(ARRAY['period = ''month'', lost_after = ''10 days''', 'period = ''week'', class_window = ''60 days''',
    'period = ''quarter'', as_of = ''2025-02-02'', lost_after = ''6 months''']) setting;
UPDATE w.settings SET period = 'month', lost_after = '10 days', as_of = 'auto', class_window = '3 months';
SELECT is((SELECT string_agg(DISTINCT flow, ', ') FROM w.lifecycle_migration), 'acquired, kept, lapsed, passed by, returned, still lost', 'all flows occur');
SELECT is((SELECT count(*) FROM w.cell_migration WHERE from_cell = 'none' AND to_cell = 'none') > 0
    AND (SELECT count(*) FROM w.cell_migration WHERE from_cell = 'acquired') > 0, true, 'customers in no cell, and new ones');
SELECT is((SELECT count(DISTINCT as_of) FROM w.lifecycle_migration), 11::bigint, 'there are eleven');
-- a shop younger than the twelve periods: its first customers came within them
SELECT pg_temp.same_moves('as_of = ''2023-07-15''');
SELECT is((SELECT sum(customers) FROM w.lifecycle_migration WHERE flow IN ('acquired', 'passed by')),
    (SELECT count(DISTINCT customer)::numeric FROM clean WHERE amount >= 0 AND day < '2023-07-01'), '... and all were acquired or passed by');
UPDATE w.settings SET as_of = '2023-01-01';
SELECT is_empty('SELECT * FROM w.' || view, view || ' before everything')
FROM unnest(ARRAY['class_history', 'cell_migration', 'lifecycle_migration', 'orders_enriched']) view;
UPDATE w.settings SET as_of = 'auto', lost_after = '6 months', class_window = '12 months';

-- Orders one by one, amounts as the histories count them. The stage is that of the rows of earlier days; classes are those at the start of the period.
CREATE VIEW numbered AS
SELECT o.*, row_number() OVER one_by_one AS order_number, day - lag(day) OVER one_by_one AS days_since_previous
FROM clean o CROSS JOIN w.reporting_date r
WHERE o.amount >= 0 AND o.day < r.as_of
WINDOW one_by_one AS (PARTITION BY customer ORDER BY ordered_at, order_id);
CREATE VIEW plain_enriched AS
SELECT o.customer, o.order_id::text, o.day, o.amount, o.order_number, o.days_since_previous,
    (SELECT lifecycle_stage(history_agg(p.day, p.amount), o.day, s.new_within, s.lost_after, s.regular_within, s.regular_purchases, s.count_by)
     FROM clean p WHERE p.customer = o.customer AND p.day < o.day) AS stage, h.abc, h.xyz, h.cell, o.source, NULL::text AS category
FROM numbered o CROSS JOIN w.settings s
LEFT JOIN w.class_history h ON h.customer = o.customer AND h.as_of = date_trunc(s.period, o.day)::date;
CREATE FUNCTION pg_temp.same_orders(setting text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'UPDATE w.settings SET ' || setting;
    RETURN set_eq('SELECT customer, order_id, day, round(amount, 4), order_number, days_since_previous, stage, abc, xyz, cell, source, category FROM w.orders_enriched',
        'SELECT * FROM plain_enriched', 'orders_enriched with ' || setting);
END
$$;
SELECT pg_temp.same_orders(setting) FROM unnest(ARRAY['period = ''month''', 'period = ''week'', as_of = ''2025-01-08''', 'as_of = ''2024-12-24'', period = ''quarter'', count_by = ''orders'', lost_after = ''15 days'', new_within = ''25 days''']) setting;
SELECT is((SELECT count(*) FROM w.orders_enriched), (SELECT sum(orders) FROM w.customers)::bigint, 'as many as the customers have');
SELECT cmp_ok((SELECT count(*) FROM clean a JOIN clean b USING (customer, ordered_at) WHERE a.order_id < b.order_id), '>', 10::bigint, 'some share their time');
SELECT is((SELECT count(DISTINCT stage) || ' ' || count(DISTINCT cell) FROM w.orders_enriched), '4 9', 'all stages and cells occur');
UPDATE w.settings SET (as_of, period, lost_after, new_within, count_by) = ('auto', 'month', '6 months', '3 months', 'days');

-- other types of time and amount: the same orders
CREATE TABLE other_orders AS
SELECT customer, order_id, ordered_at, ordered_at AT TIME ZONE 'America/New_York' AS local_time, (ordered_at AT TIME ZONE 'America/New_York')::date AS day,
    amount::double precision AS float, amount::real AS small_float, CASE WHEN abs(amount) < 1e9 THEN round(amount * 10000)::bigint END AS large, CASE WHEN abs(amount) < 1e6 THEN round(amount * 1000)::integer END AS whole,
    CASE WHEN abs(amount) < 1e6 THEN round(amount)::smallint END AS small
FROM raw_orders;
CREATE INDEX ON other_orders (customer);
ANALYZE other_orders;
SELECT lives_ok(format($$ SELECT attach_orders('other_orders', ordered_at => %1$L, amount => %2$L, workspace => 'w_' || %1$L || '_' || %2$L, diagnose => false, time_zone => 'America/New_York', stored_in => %3$L) $$,
    time_column, amount_column, CASE time_column WHEN 'local_time' THEN 'America/New_York' END), format('attach %s and %s', time_column, amount_column))
FROM (VALUES ('ordered_at', 'float'), ('local_time', 'small_float'), ('day', 'large'), ('local_time', 'whole'), ('day', 'small')) t(time_column, amount_column);
CREATE FUNCTION pg_temp.same_of_type(time_column text, amount_column text, amount text) RETURNS text LANGUAGE sql AS $$
    SELECT set_eq(format('SELECT customer, order_id, day, round(amount, 4), order_number, days_since_previous, stage FROM w_%s_%s.orders_enriched', time_column, amount_column), format($q$
        SELECT o.customer, o.order_id::text, o.day, round(%2$s, 4), row_number() OVER one_by_one, o.day - lag(o.day) OVER one_by_one,
            (SELECT lifecycle_stage(history_agg(p.day, 0), o.day) FROM other_orders p
             WHERE p.customer = o.customer AND p.day < o.day AND p.day > '0001-01-01' AND p.%3$I > -0.00005 AND p.%3$I < 1e14)
        FROM other_orders o
        WHERE o.customer IS NOT NULL AND o.day > '0001-01-01' AND o.day < '2098-01-01' AND o.%3$I > -0.00005 AND o.%3$I < 1e14
        WINDOW one_by_one AS (PARTITION BY o.customer ORDER BY o.%1$I, o.order_id) $q$, time_column, amount, amount_column),
        format('orders_enriched of %s and %s', time_column, amount_column))
$$;
SELECT pg_temp.same_of_type(c.time_column, c.amount_column, c.amount) FROM (VALUES
    ('ordered_at', 'float', 'float::text::numeric'), ('local_time', 'small_float', 'small_float::text::numeric'), ('day', 'large', 'large::numeric'),
    ('local_time', 'whole', 'whole::numeric'), ('day', 'small', 'small::numeric')) c(time_column, amount_column, amount);

-- where the clock goes back over midnight, the later order may be of the day before
CREATE TABLE night_orders (order_id integer, customer integer, ordered_at timestamptz, amount integer);
INSERT INTO night_orders VALUES (1, 1, '2010-11-07 02:30:30+00', 1), (2, 1, '2010-11-07 02:40:00+00', 1), (3, 1, '2010-11-07 12:00:00+00', 1);
SELECT lives_ok($$ SELECT attach_orders('night_orders', workspace => 'night', time_zone => 'America/St_Johns', diagnose => false) $$, 'attach orders of a night');
SELECT results_eq('SELECT order_id, day, order_number, days_since_previous, stage FROM night.orders_enriched ORDER BY order_number',
    $$ VALUES ('1', date '2010-11-07', 1::bigint, NULL::integer, 'new'), ('2', '2010-11-06', 2, -1, NULL), ('3', '2010-11-07', 3, 1, 'new') $$, 'a day that comes back');

-- of a day's orders the lower number comes first, and amounts are those of the histories
CREATE TABLE sheet (order_id integer, customer integer, day date, amount double precision, small_amount real);
INSERT INTO sheet VALUES (10, 1, '2025-05-05', 2, 2), (9, 1, '2025-05-05', 1, 1), (100, 1, '2025-05-05', 123456789012.3456, 123456789);
SELECT lives_ok($$ SELECT attach_orders('sheet', ordered_at => 'day', amount => 'amount', workspace => 'sheet', diagnose => false) $$, 'attach a sheet');
SELECT lives_ok($$ SELECT attach_orders('sheet', ordered_at => 'day', amount => 'small_amount', workspace => 'small_sheet', diagnose => false) $$, '... of small floats');
SELECT results_eq('SELECT order_id, order_number FROM sheet.orders_enriched ORDER BY 2', $$ VALUES ('9', 1::bigint), ('10', 2), ('100', 3) $$, 'order 9 comes before 10');
SELECT is((SELECT sum(amount) FROM sheet.orders_enriched), (SELECT revenue FROM sheet.customers), 'large floats have all their decimals');
SELECT is((SELECT sum(amount) FROM small_sheet.orders_enriched), (SELECT revenue FROM small_sheet.customers), '... and small ones no more');

-- plans: one customer is looked up, and nobody's classes are worked out
CREATE TABLE many_orders AS
SELECT n AS id, (n * 7919) % 2000 AS customer_id, timestamptz '2024-01-01 00:00+00' + n * interval '5 minutes' AS created_at, n % 100 AS total
FROM generate_series(1, 40000) n;
CREATE INDEX many_customer ON many_orders (customer_id);
CREATE INDEX many_time ON many_orders (created_at);
ANALYZE many_orders;
SELECT lives_ok($$ SELECT attach_orders('many_orders', workspace => 'many', diagnose => false) $$, 'attach many');
\ir include/plan_of.sql
CREATE TEMP TABLE lookup AS SELECT line FROM pg_temp.plan_of(
    'SELECT customer, order_id, day, amount, order_number, days_since_previous, stage, source FROM many.orders_enriched WHERE customer = 471') line;
SELECT is((SELECT count(*) FROM lookup WHERE line ~ 'Index Cond: .*customer_id = 471'), 1::bigint, 'one customer''s orders are found by the index');
SELECT is((SELECT count(*) FROM lookup WHERE line ~ 'Scan.* on many_orders'), 2::bigint, '... with nothing else read but the last order''s time');
SELECT is((SELECT count(*) FROM lookup WHERE line ~ 'many_time'), 1::bigint, '... which its index has');
SELECT is_empty('SELECT line FROM lookup WHERE line ~ ''Seq Scan on many_orders|histories''', '... and no class history');
SELECT isnt_empty('SELECT line FROM pg_temp.plan_of(''SELECT cell FROM many.orders_enriched WHERE customer = 471'') line WHERE line ~ ''histories''',
    'which would be seen in the plan');
SELECT is(count(*), 2::bigint, 'class_history reads the orders once')
FROM pg_temp.plan_of('SELECT * FROM many.class_history') line WHERE line ~ 'Scan.* on many_orders';

SELECT * FROM finish();
ROLLBACK;
