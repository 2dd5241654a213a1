-- customers of a workspace and the views that sum them up: against plain SQL on random data, under many settings
BEGIN;
SELECT no_plan();
SET client_min_messages = warning;
\ir include/differences.sql
\ir include/under.sql

-- 200 customers at random: no customer, returns, zeros, NULLs, NaN, far and future times, losses
SELECT setseed(0.31);
CREATE TABLE raw_orders AS
SELECT CASE WHEN random() < 0.03 THEN NULL ELSE 1 + (199 * random() ^ 2)::integer END AS customer,
    CASE WHEN random() < 0.005 THEN NULL WHEN random() < 0.003 THEN 'infinity' WHEN random() < 0.003 THEN timestamptz '0044-03-15 12:00+00 BC'
         WHEN random() < 0.005 THEN timestamptz '2099-01-01 00:00+00'
         ELSE timestamptz '2022-09-01 00:00+00' + (850 * random() ^ 0.8)::integer * interval '1 day' + (3 * random())::integer * interval '11 hours' END AS ordered_at,
    CASE WHEN random() < 0.005 THEN NULL WHEN random() < 0.005 THEN 'NaN' WHEN random() < 0.003 THEN 'Infinity' WHEN random() < 0.04 THEN 0
         WHEN random() < 0.01 THEN -0.00004 WHEN random() < 0.1 THEN -round((50 * random())::numeric, 2)
         ELSE round((100 * random() ^ 2)::numeric, 2) END AS amount,
    CASE WHEN random() < 0.1 THEN NULL WHEN random() < 0.01 THEN 'NaN' ELSE round((20 * random() - 4)::numeric, 2) END AS profit,
    (ARRAY['Shoes', 'Bags', 'Hats', NULL])[1 + (3 * random())::integer] AS category,
    (ARRAY['shop', 'web', NULL])[1 + (2 * random())::integer] AS source
FROM generate_series(1, 3000);
INSERT INTO raw_orders
-- 30 alike; 30 who buy every month, from steadily to less so
SELECT 300 + n, '2024-10-10 12:00+00', 50, 10, 'Hats', 'web' FROM generate_series(1, 30) n
UNION ALL SELECT 400 + n, timestamptz '2022-09-10 12:00+00' + m * interval '1 month', 100 + round((n ^ 2 * (random() - 0.5))::numeric, 2), n - 10, NULL, 'shop'
    FROM generate_series(1, 30) n, generate_series(0, 20 + n % 5) m
-- only returned; more returned than bought; bought long ago and returned lately; tomorrow's; bought on the edges of the window
UNION ALL VALUES (600, timestamptz '2024-05-05 12:00+00', -3::numeric, -1::numeric, 'Hats', NULL), (601, '2024-05-05 12:00+00', 10, 5, 'Hats', NULL),
    (601, '2024-05-06 12:00+00', -50, -25, 'Hats', NULL), (602, '2022-09-05 12:00+00', 10, NULL, NULL, NULL), (602, '2024-11-05 12:00+00', -4, -1, NULL, NULL),
    (603, '2099-01-01 12:00+00', 10, 5, 'Hats', 'web'), (604, '2022-09-05 12:00+00', 10, NULL, NULL, NULL), (604, '2099-01-01 12:00+00', 10, 5, NULL, NULL),
    (605, '2023-03-31 12:00+00', 7, 1, NULL, NULL), (606, '2023-03-30 12:00+00', 7, 1, NULL, NULL), (607, '2023-12-31 12:00+00', 7, 1, NULL, NULL);
SELECT lives_ok($$ SELECT attach_orders('raw_orders', workspace => 'w', time_zone => 'Europe/Berlin', diagnose => false) $$, 'attach');
ANALYZE raw_orders;
CREATE VIEW clean AS
SELECT customer, (ordered_at AT TIME ZONE 'Europe/Berlin')::date AS day, round(amount, 4) AS amount,
    CASE WHEN profit <> 'NaN' THEN round(profit, 4) END AS profit, category, source
FROM raw_orders
WHERE customer IS NOT NULL AND isfinite(ordered_at) AND ordered_at >= '0001-01-02 00:00+00' AND amount NOT IN ('NaN', 'Infinity')
    AND (abs(amount) >= 0.00005 OR (SELECT zero_amounts FROM w.settings) = 'orders');
\ir include/plain_customers.sql
CREATE TABLE plain_now AS SELECT * FROM plain_customers;
\ir include/plain_summaries.sql

-- The views are compared under each of these.
CREATE TABLE settings_to_try AS
SELECT * FROM (VALUES
    (1, 'enough = 30'),
    (2, $$ as_of = '2024-03-31', class_window = NULL $$),
    (3, $$ as_of = '2023-08-15', class_window = '3 months', count_by = 'orders', rfm_bins = 10 $$),
    (4, $$ xyz_by = 'variation', period = 'month', xyz_x = 0.2, xyz_y = 1.5, rfm_bins = 5, enough = 4 $$),
    (5, $$ as_of = '2024-10-01', xyz_by = 'variation', period = 'quarter', class_window = NULL, xyz_x = 0.3, xyz_y = 0.9, abc_a = 0.5, abc_b = 0.5 $$),
    (6, $$ as_of = '2024-09-30', xyz_by = 'variation', period = 'week', class_window = '3 months', xyz_x = 0.7, xyz_y = 2, zero_amounts = 'skipped' $$),
    (7, $$ abc_by = 'profit', abc_a = 0.3, abc_b = 0.6 $$),
    (8, $$ abc_by = 'profit', as_of = '2024-02-29', class_window = '45 days', count_by = 'orders', abc_a = 1, abc_b = 1 $$),
    (9, $$ frequency_within = '1 year', x_purchases = 8, y_purchases = 4, new_within = '45 days', regular_within = '2 years', regular_purchases = 7,
        lost_after = '100 days', risk_gaps = 0.5 $$),
    (10, $$ as_of = '2022-09-10', zero_amounts = 'skipped', class_window = '1 day' $$),
    (11, $$ as_of = '2024-03-31', class_window = '3 months' $$),
    (12, $$ as_of = '2022-09-01' $$)) v(n, settings);
CREATE FUNCTION pg_temp.compare(ours text, plain text, key text, description text, tries integer[] DEFAULT NULL) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT is(pg_temp.under('UPDATE w.settings SET ' || t.settings || '; TRUNCATE plain_now; INSERT INTO plain_now TABLE plain_customers',
        format('SELECT pg_temp.differences(%L, %L, %L)', ours, plain, key)), '', description || ' under settings ' || t.n)
    FROM settings_to_try t WHERE t.n = ANY (tries) OR tries IS NULL ORDER BY t.n
$$;

SELECT pg_temp.compare(format('SELECT %s FROM w.customers', list), format('SELECT %s FROM plain_now', list), 'customer', 'customers')
FROM (SELECT string_agg(attname, ', ') AS list FROM pg_attribute WHERE attrelid = 'w.customers'::regclass AND attnum > 0 AND attname NOT IN ('customer_name', 'contact')) l;
SELECT pg_temp.compare('SELECT customer, class_value, brings_80 FROM w.customer_classes',
    'SELECT customer, class_value, brings_80 FROM plain_now', 'customer', 'what classes go by', '{1, 3, 7}');
SELECT cmp_ok(count(DISTINCT cell) + count(DISTINCT stage) + count(DISTINCT segment) + count(DISTINCT at_risk), '>', 20::bigint, 'the data tries what there is')
FROM w.customers;
SELECT is(pg_temp.under($$ UPDATE w.settings SET as_of = '2024-03-31', class_window = '1 year', xyz_by = 'variation', xyz_x = 0.2, xyz_y = 1.5 $$,
    'SELECT count(DISTINCT xyz) FROM w.customers'), '3', '... and the variation does');

-- what comes after the reporting date is not known yet
SELECT is(pg_temp.under(format($$ UPDATE w.settings SET as_of = '2024-03-31'; CREATE TABLE before AS SELECT x::text AS x FROM w.%1$I x;
        DELETE FROM raw_orders WHERE ordered_at >= '2024-03-31 00:00 Europe/Berlin' $$, view),
    format('SELECT count(*) FROM ((SELECT x::text FROM w.%1$I x EXCEPT TABLE before) UNION ALL (TABLE before EXCEPT SELECT x::text FROM w.%1$I x)) d', view)),
    '0', view || ' tells nothing of later rows')
FROM unnest('{customers,customer_figures,abc_summary,abc_xyz_matrix,rfm_segments,lifecycle_summary,segment_profile}'::text[]) view;

-- abc_summary and the matrix
SELECT pg_temp.compare('SELECT * FROM w.abc_summary', 'SELECT * FROM plain_abc', 'abc', 'abc_summary', '{1, 2, 4, 7, 8, 11, 12}');
UPDATE w.policies SET action = 'Ask them', review_by = '2024-03-31', valid_from = '2023-01-01' WHERE cell = 'CZ';
UPDATE w.policies SET review_by = NULL WHERE cell = 'AX';
DELETE FROM w.policies WHERE cell = 'BY';
SELECT pg_temp.compare('SELECT * FROM w.abc_xyz_matrix', 'SELECT * FROM plain_matrix', 'cell', 'abc_xyz_matrix', '{1, 2, 3, 4, 5, 7, 11, 12}');
SELECT is((SELECT array_agg(DISTINCT policy) FROM w.customers WHERE cell = 'CZ'), '{"Ask them"}', 'an edited policy is that of the customers');
SELECT set_eq('SELECT cell, review_due FROM w.abc_xyz_matrix WHERE review_due IS DISTINCT FROM false', $$ VALUES ('AX', NULL), ('BY', NULL), ('CZ', true) $$,
    'a review is due on its day');
SELECT is(pg_temp.under('UPDATE w.settings SET ' || settings, $$ SELECT (a.customers = m.customers + a.without_cell AND a.customers = c.customers
        AND a.pct IN (100, 0) AND m.pct IN (100, 0)) || ' ' || a.rows || ' ' || m.rows
    FROM (SELECT count(*) AS rows, sum(customers) AS customers, sum(without_cell) AS without_cell, coalesce(round(sum(pct_of_window_revenue)::numeric, 9), 0) AS pct FROM w.abc_summary) a,
        (SELECT count(*) AS rows, sum(customers) AS customers, coalesce(round(sum(pct_of_customers)::numeric, 9), 0) AS pct FROM w.abc_xyz_matrix) m,
        (SELECT count(*) AS customers FROM w.customers) c $$), 'true 4 9', 'four classes and nine cells add up under settings ' || n)
FROM settings_to_try;

-- segments, stages, kinds of customers
SELECT pg_temp.compare('SELECT * FROM w.lifecycle_summary', 'SELECT * FROM plain_stages', 'stage', 'lifecycle_summary', '{1, 2, 3, 9, 12}');
SELECT pg_temp.compare('SELECT * FROM w.segment_profile', 'SELECT * FROM plain_profile', 'segment', 'segment_profile', '{1, 2, 3, 6, 9, 10, 12}');
SELECT pg_temp.compare('SELECT * FROM w.rfm_segments', 'SELECT * FROM plain_segments', 'segment', 'rfm_segments', '{1, 2, 3, 4, 12}');

-- segments of one's own: a hole, overlaps, an order other than that of rows, a name on two rows
CREATE FUNCTION pg_temp.recut(segments text) RETURNS text LANGUAGE sql AS $$
    SELECT 'DELETE FROM w.segments; INSERT INTO w.segments VALUES ' || segments || '; UPDATE w.settings SET rfm_bins = 4;
        TRUNCATE plain_now; INSERT INTO plain_now TABLE plain_customers'
$$;
CREATE TABLE own_segments AS SELECT pg_temp.recut($$ (20, 'best', 3, 4, 3, 4, 1, 4, 'Thank'), (5, 'rich', 1, 4, 1, 4, 4, 9, NULL), (30, 'best', 1, 1, 1, 1, 1, 3, 'Not this'),
    (-1, 'asleep', 1, 2, 1, 4, 1, 1, 'Wake') $$) AS statement;
SELECT is(pg_temp.under(statement, $$ SELECT pg_temp.differences('SELECT customer, segment FROM w.customers', 'SELECT customer, segment FROM plain_now', 'customer') $$), '',
    'customers have segments of one''s own')
FROM own_segments;
SELECT is(pg_temp.under(statement, $$ SELECT pg_temp.differences('SELECT * FROM w.rfm_segments', 'SELECT * FROM plain_segments', 'segment') $$), '', '... and so has rfm_segments')
FROM own_segments;
SELECT matches(pg_temp.under(statement, 'SELECT string_agg(segment || customers, $$ $$ ORDER BY position) FROM w.rfm_segments'),
    '^asleep[1-9][0-9]* rich[1-9][0-9]* best[1-9][0-9]* other[1-9][0-9]*$', '... all of which occur')
FROM own_segments;
SELECT is(pg_temp.under(statement, $$ SELECT pg_temp.differences(
    'SELECT recency_score * 100 + frequency_score * 10 + monetary_score AS cell, recency_score, frequency_score, monetary_score, matches, segments FROM w.check_segments()',
    'SELECT * FROM plain_findings WHERE matches <> 1', 'cell') $$), '', 'check_segments() lists holes and overlaps')
FROM own_segments;
SELECT is(pg_temp.under(statement, 'SELECT string_agg(DISTINCT matches::text, $$,$$) FROM w.rfm_cells'), '0,1,2', '... both of which there are') FROM own_segments;
SELECT is(pg_temp.under('DELETE FROM w.segments', 'SELECT string_agg(format($$%s %s$$, segment, customers - (SELECT count(*) FROM w.customers)), $$, $$) FROM w.rfm_segments'),
    'other 0', 'without segments all are in other');
SELECT is(pg_temp.under(format('DELETE FROM w.segments; UPDATE w.settings SET rfm_bins = %s; SELECT _clientele.workspace_make_all($$w$$, $${tables}$$, $${}$$)', bins),
    'SELECT (SELECT count(*) FROM w.check_segments()) || $$ $$ || (SELECT count(*) FROM w.rfm_cells) || $$ $$ || (SELECT max(recency_to) FROM w.segments)'),
    '0 ' || bins ^ 3 || ' ' || bins, 'the segments that come with it match each cell once for scores to ' || bins)
FROM generate_series(2, 10) bins;

-- without a profit, a category and a source; ties go by the alphabet
CREATE FUNCTION pg_temp.attach(columns text) RETURNS text LANGUAGE sql AS $$
    SELECT format('DO %L', 'BEGIN PERFORM attach_orders(' || columns || ', diagnose => false); END')
$$;
SELECT is(pg_temp.under(pg_temp.attach($$ 'raw_orders', workspace => 'w', profit => '', category => '', source => '' $$)
        || '; TRUNCATE plain_now; INSERT INTO plain_now TABLE plain_customers',
    format($$ SELECT string_agg(pg_temp.differences(ours, plain, key), '') FROM (VALUES
        ('SELECT customer, profit, window_profit FROM w.customers', 'SELECT customer, NULL AS profit, NULL AS window_profit FROM plain_now', 'customer'),
        ('SELECT * FROM w.abc_summary', 'SELECT * FROM plain_abc', 'abc'), ('SELECT * FROM w.abc_xyz_matrix', 'SELECT * FROM plain_matrix', 'cell'),
        ('SELECT * FROM w.segment_profile', %L, 'segment')) v(ours, plain, key) $$, list)), '', 'without a profit, a category and a source')
FROM (SELECT 'SELECT ' || string_agg(CASE WHEN attname ~ 'categor|source' THEN 'NULL AS ' || attname ELSE attname END, ', ') || ' FROM plain_profile' AS list
    FROM pg_attribute WHERE attrelid = 'plain_profile'::regclass AND attnum > 0) l;
SELECT is(pg_temp.under($$ UPDATE raw_orders SET category = CASE WHEN customer % 2 = 0 THEN 'Zinc' ELSE 'Amber' END, amount = 5,
        ordered_at = '2024-10-10 12:00+00', source = CASE WHEN customer % 2 = 0 THEN 'Aunt' ELSE 'Zoo' END;
    DELETE FROM raw_orders WHERE customer IS NULL OR customer <= 300 OR customer > 330 $$,
    'SELECT concat_ws($$ $$, customers, top_category, pct_of_orders_top_category, categories_per_customer, top_source) FROM w.segment_profile WHERE segment = $$one_time$$'),
    '30 Amber 50 1 Aunt', 'a tie goes by the alphabet');

-- neither the unit, nor the order of rows, nor the type of the amounts decides a class
SELECT is(pg_temp.under(format('CREATE VIEW kept AS SELECT customer, ordered_at, round(amount, 2) AS amount FROM raw_orders
            WHERE abs(amount) < 1e6; CREATE TABLE %1$s AS %2$s; %3$s; %4$s', 'other_orders', variant,
        pg_temp.attach($$ 'kept', workspace => 'a' $$), pg_temp.attach($$ 'other_orders', workspace => 'b' $$)),
    format('SELECT (SELECT count(*) FROM a.customers) > 200 AND pg_temp.differences(%L, %L, $$customer$$) = $$$$', l.list || 'a.customers', l.list || 'b.customers')),
    'true', 'the same classes from ' || variant)
FROM (VALUES ('SELECT customer, ordered_at, amount * 100 AS amount FROM kept'), ('SELECT * FROM kept ORDER BY random()'),
        ('SELECT customer, ordered_at, (amount * 100)::bigint AS amount FROM kept'), ('SELECT customer, ordered_at, amount::double precision AS amount FROM kept'),
        ('SELECT customer, ordered_at, amount::real AS amount FROM kept'), ('SELECT customer, ordered_at, (amount * 100)::integer AS amount FROM kept')) v(variant),
    (SELECT 'SELECT customer, abc, xyz, cell, stage, recency_score, frequency_score, monetary_score, segment, at_risk, pareto_share FROM ') l(list);

-- alike, one who brings nearly all, one alone, nobody
SELECT is(pg_temp.under(statement || '; TRUNCATE plain_now; INSERT INTO plain_now TABLE plain_customers',
    $$ SELECT string_agg(pg_temp.differences('SELECT * FROM w.' || ours, 'SELECT * FROM ' || plain, key), '') FROM (VALUES
        ('abc_summary', 'plain_abc', 'abc'), ('abc_xyz_matrix', 'plain_matrix', 'cell'), ('rfm_segments', 'plain_segments', 'segment'),
        ('lifecycle_summary', 'plain_stages', 'stage'), ('segment_profile', 'plain_profile', 'segment')) v(ours, plain, key) $$), '', 'all views after ' || statement)
FROM (VALUES ('UPDATE raw_orders SET amount = 7, profit = 1'), ($$ INSERT INTO raw_orders VALUES (1, '2024-11-11', 1e9, 1e8) $$),
    ('DELETE FROM raw_orders WHERE customer IS DISTINCT FROM 605'), ('UPDATE raw_orders SET amount = 0'), ('UPDATE raw_orders SET amount = -1'),
    ('DELETE FROM raw_orders')) v(statement);

-- Before ANALYZE the planner takes the rows for few: the reporting date is looked up once all the same.
CREATE TABLE fresh AS SELECT n % 50 AS customer, timestamptz '2024-01-01' + n % 300 * interval '1 day' AS ordered_at, n::numeric AS amount, 'x' AS category
FROM generate_series(1, 1000) n;
SELECT lives_ok($$ SELECT attach_orders('fresh', workspace => 'fresh_views', diagnose => false) $$, 'attach a table that was never analyzed');
CREATE FUNCTION pg_temp.most_loops(query text) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    plan jsonb;
BEGIN
    EXECUTE 'EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ' || query INTO plan;
    RETURN (SELECT max((node->>'Actual Loops')::integer) FROM jsonb_path_query(plan, 'strict $.** ? (@."Relation Name" == "fresh")') node);
END
$$;
SELECT is(pg_temp.most_loops('SELECT * FROM fresh_views.' || view), 1, view || ' scans them at no place again and again')
FROM unnest('{customers,abc_xyz_matrix,segment_profile}'::text[]) view;

SELECT * FROM finish();
ROLLBACK;
