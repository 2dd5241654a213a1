-- customer_timeline: against plain SQL, on hostile data; what is attached and detached; one customer by the index
BEGIN;
SELECT no_plan();
SET client_min_messages = warning;

SELECT setseed(0.53);
CREATE TABLE raw_orders AS
SELECT CASE WHEN random() < 0.05 THEN NULL ELSE (80 * random() ^ 2)::integer END AS customer,
    CASE WHEN random() < 0.02 THEN timestamptz 'infinity' WHEN random() < 0.02 THEN '2099-01-01 00:00+00' ELSE timestamptz '2023-01-01 22:00+00' + (4000 * random())::integer * interval '3 hours' END AS ordered_at,
    CASE WHEN random() < 0.02 THEN float8 'NaN' WHEN random() < 0.1 THEN 0 WHEN random() < 0.1 THEN -10 ELSE (random() * 100)::integer / 4.0 END AS amount,
    n AS order_id, (ARRAY['web', 'shop', NULL])[1 + n % 3] AS source, (ARRAY['tea', NULL])[1 + n % 2] AS category
FROM generate_series(1, 600) n;
CREATE TABLE touches AS
SELECT (90 * random() ^ 2)::integer AS customer, CASE WHEN random() < 0.02 THEN NULL ELSE timestamp '2023-01-01 22:00' + (4000 * random())::integer * interval '3 hours' END AS happened_at,
    (ARRAY['visit', 'call', NULL])[1 + n % 3] AS touchpoint, (ARRAY['web', NULL])[1 + n % 2] AS source, (ARRAY['price', NULL])[1 + n % 2] AS reason FROM generate_series(1, 300) n;
CREATE TABLE answers AS
SELECT CASE WHEN random() < 0.1 THEN NULL ELSE (90 * random() ^ 2)::integer END AS customer, CASE WHEN random() < 0.02 THEN date 'infinity' ELSE date '2023-01-01' + (500 * random())::integer END AS day,
    CASE WHEN random() < 0.1 THEN NULL WHEN random() < 0.1 THEN float8 'NaN' WHEN random() < 0.1 THEN 11 ELSE (10 * random())::integer END::float8 AS score, (ARRAY['delivery', NULL])[1 + n % 2] AS touchpoint, (ARRAY['late', NULL, 'good'])[1 + n % 3] AS comment FROM generate_series(1, 200) n;
SELECT lives_ok($$ SELECT attach_orders('raw_orders', time_zone => 'Europe/Berlin', diagnose => false) $$, 'attach orders');
CREATE VIEW plain_orders AS
SELECT o.customer, o.ordered_at, (o.ordered_at AT TIME ZONE s.time_zone)::date AS day, CASE WHEN o.amount < 0 THEN 'return' ELSE 'order' END AS kind, o.order_id::text AS title, nullif(concat_ws(', ', o.category, o.source), '') AS detail, o.amount::numeric AS amount
FROM raw_orders o CROSS JOIN loyalty.settings s CROSS JOIN loyalty.reporting_date r
WHERE o.customer IS NOT NULL AND isfinite(o.ordered_at) AND o.amount <> 'NaN' AND (o.amount <> 0 OR s.zero_amounts = 'orders') AND (o.ordered_at AT TIME ZONE s.time_zone)::date < r.as_of;
CREATE VIEW plain_touches (customer, happened_at, day, kind, title, detail, amount) AS
SELECT t.customer, t.happened_at AT TIME ZONE 'Europe/Berlin', (t.happened_at AT TIME ZONE 'Europe/Berlin' AT TIME ZONE s.time_zone)::date, 'touchpoint', t.touchpoint, nullif(concat_ws(', ', t.source, t.reason), ''), NULL::numeric
FROM touches t CROSS JOIN loyalty.settings s CROSS JOIN loyalty.reporting_date r WHERE t.touchpoint IS NOT NULL AND (t.happened_at AT TIME ZONE 'Europe/Berlin' AT TIME ZONE s.time_zone)::date < r.as_of;
CREATE VIEW plain_answers (customer, happened_at, day, kind, title, detail, amount) AS
SELECT a.customer, a.day::timestamp AT TIME ZONE s.time_zone, a.day, 'answer', a.score::text, nullif(concat_ws(', ', a.touchpoint, a.comment), ''), NULL::numeric
FROM answers a CROSS JOIN loyalty.settings s CROSS JOIN loyalty.reporting_date r WHERE a.customer IS NOT NULL AND a.day < r.as_of AND a.score <= 10;
-- the stage as of the end of each period, whatever else the orders are folded into
CREATE VIEW plain_stages (customer, happened_at, day, kind, title, detail, amount) AS
WITH h AS (SELECT o.customer, history_agg(o.day, o.amount) AS history, min(o.day) FILTER (WHERE o.kind = 'order') AS first_order FROM plain_orders o GROUP BY o.customer),
e AS (SELECT h.customer, d::date AS as_of, lifecycle_stage(h.history, d::date, s.new_within, s.lost_after, s.regular_within, s.regular_purchases, s.count_by) AS stage, row_number() OVER (PARTITION BY h.customer ORDER BY d) AS n, s.time_zone
    FROM h CROSS JOIN loyalty.settings s CROSS JOIN loyalty.reporting_date r CROSS JOIN generate_series(timestamp '2022-12-05', r.as_of, '1 day') d
    WHERE d = date_trunc(s.period, d) AND d > h.first_order AND r.as_of < '2030-01-01')
SELECT e.customer, e.as_of::timestamp AT TIME ZONE e.time_zone, e.as_of, 'stage', e.stage, 'before: ' || b.stage, NULL::numeric FROM e LEFT JOIN e b ON b.customer = e.customer AND b.n = e.n - 1 WHERE b.stage IS DISTINCT FROM e.stage;
CREATE VIEW plain_classes (customer, happened_at, day, kind, title, detail, amount) AS
SELECT c.customer, c.as_of::timestamp AT TIME ZONE s.time_zone, c.as_of, 'class', coalesce(c.cell, 'none'), 'before: ' || coalesce(b.cell, 'none'), NULL::numeric
FROM loyalty.class_history c JOIN loyalty.class_history b ON b.customer = c.customer AND b.as_of = c.period_start CROSS JOIN loyalty.settings s WHERE b.cell IS DISTINCT FROM c.cell;

CREATE FUNCTION pg_temp.same_timeline(setting text, also text DEFAULT '') RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'UPDATE loyalty.settings SET ' || setting;
    RETURN NEXT bag_eq('SELECT t.* FROM loyalty.customer_timeline t', 'SELECT * FROM plain_orders UNION ALL SELECT * FROM plain_stages ' || also, 'timeline with ' || setting || also);
    RETURN NEXT bag_eq($q$ SELECT customer, as_of, kind, changed_to, 'before: ' || changed_from FROM loyalty.customer_changes $q$,
        $q$ SELECT customer, day, kind, title, detail FROM loyalty.customer_timeline WHERE kind IN ('stage', 'class') $q$, 'and its changes');
END
$$;
SELECT pg_temp.same_timeline(setting) FROM unnest(ARRAY['enough = 30', 'as_of = ''2023-12-31''', 'period = ''week'', lost_after = ''50 days''', 'period = ''quarter'', as_of = ''2024-04-01'', zero_amounts = ''skipped''', 'as_of = ''2020-01-01''', 'as_of = ''auto'', period = ''month'', count_by = ''orders''']) setting;
SELECT lives_ok($$ SELECT attach_touchpoints('touches', stored_in => 'Europe/Berlin') $$, 'attach touchpoints');
SELECT pg_temp.same_timeline('enough = 31', ' UNION ALL SELECT * FROM plain_touches');
SELECT lives_ok($$ SELECT attach_answers('answers', answered_at => 'day') $$, 'attach answers');
SELECT pg_temp.same_timeline(setting, ' UNION ALL SELECT * FROM plain_touches UNION ALL SELECT * FROM plain_answers') FROM unnest(ARRAY['enough = 32', 'as_of = ''2023-12-31'', time_zone = ''America/New_York''', 'as_of = ''auto''']) setting;
SELECT is((SELECT string_agg(DISTINCT kind, ', ' ORDER BY kind) FROM loyalty.customer_timeline), 'answer, order, return, stage, touchpoint', 'of every kind');
SELECT lives_ok($$ SELECT detach_touchpoints() $$, 'detach touchpoints');
SELECT pg_temp.same_timeline('enough = 33', ' UNION ALL SELECT * FROM plain_answers');
SELECT lives_ok($$ SELECT detach_answers() $$, 'detach answers');
SELECT lives_ok($$ SELECT attach_touchpoints('touches', stored_in => 'Europe/Berlin'); SELECT attach_orders('raw_orders', storage => 'materialized', diagnose => false) $$, 'stored');
SELECT refresh_workspace('loyalty');
SELECT pg_temp.same_timeline('enough = 34', ' UNION ALL SELECT * FROM plain_touches UNION ALL SELECT * FROM plain_classes');
SELECT isnt_empty($$ SELECT * FROM loyalty.customer_timeline WHERE kind = 'class' $$, 'where classes are stored their changes are told');
SELECT lives_ok($$ SELECT attach_orders('raw_orders', storage => 'view', order_id => '', diagnose => false) $$, '... and no longer');
SELECT is((SELECT string_agg(DISTINCT kind || ' ' || CASE WHEN kind IN ('order', 'return') THEN title ELSE '' END, ', ' ORDER BY kind || ' ' || CASE WHEN kind IN ('order', 'return') THEN title ELSE '' END) FROM loyalty.customer_timeline),
    'order order, return return, stage , touchpoint ', 'without numbers an order is called one');

-- one of many customers: each part is found by an index, with either storage
CREATE TABLE many_orders AS SELECT (n * 7919) % 20000 AS customer, timestamptz '2024-01-01 00:00+00' + n * interval '5 minutes' AS ordered_at, n % 100 AS amount FROM generate_series(1, 100000) n;
CREATE INDEX many_orders_customer ON many_orders (customer);
CREATE INDEX many_orders_time ON many_orders (ordered_at);
CREATE TABLE many_touches AS SELECT (n * 7919) % 20000 AS customer, timestamptz '2024-01-01 00:00+00' + n * interval '5 minutes' AS happened_at, 'visit' AS touchpoint FROM generate_series(1, 100000) n;
CREATE INDEX many_touches_customer ON many_touches (customer);
CREATE INDEX many_touches_time ON many_touches (happened_at);
CREATE TABLE many_answers AS SELECT (n * 7919) % 20000 AS customer, date '2024-01-01' + n % 300 AS answered_at, n % 11 AS score FROM generate_series(1, 100000) n;
CREATE INDEX many_answers_customer ON many_answers (customer);
ANALYZE many_orders, many_touches, many_answers;
SELECT lives_ok($$ SELECT attach_orders('many_orders', workspace => 'many', diagnose => false); SELECT attach_touchpoints('many_touches', workspace => 'many') $$, 'many');
SELECT lives_ok($$ SELECT attach_answers('many_answers', workspace => 'many') $$, 'and answers');
INSERT INTO many.funnel_stages VALUES ('sales', 1, 'visit'), ('sales', 2, 'PURCHASE');
\ir include/plan_of.sql
CREATE FUNCTION pg_temp.scans(view text, also text DEFAULT '') RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(DISTINCT trim(line), ', ') FROM pg_temp.plan_of('SELECT * FROM many.' || view || ' WHERE customer = 471' || also) line
    WHERE line ~ 'Seq Scan on (many_|\w+_data)' AND line !~ 'applied_settings_data|reporting_date_data'
$$;
SELECT is(pg_temp.scans(view), NULL, view || ' of one customer scans no table') FROM unnest('{customer_timeline,journey_steps,touchpoint_events,funnel_passes}'::text[]) view;
SELECT is((SELECT count(*) FROM pg_temp.plan_of('SELECT * FROM many.customer_timeline WHERE customer = 471') line WHERE line ~ 'Index Cond: .*customer.* = 471'), 4::bigint, 'orders, answers, touchpoints and stages, each by the customer');
SELECT lives_ok($$ SELECT attach_orders('many_orders', workspace => 'many', storage => 'materialized', diagnose => false) $$, 'stored');
-- Classes compare all customers.
SELECT is(pg_temp.scans(view, CASE view WHEN 'customer_timeline' THEN ' AND kind <> ''class''' ELSE '' END), NULL, view || ' of one customer scans nothing that is stored')
FROM unnest('{customer_timeline,journey_steps,touchpoint_events,funnel_passes}'::text[]) view;
SELECT is((SELECT count(*) FROM many.customer_timeline WHERE customer = 471 AND kind = 'order'), (SELECT count(*) FROM many_orders WHERE customer = 471), 'all orders of one customer');
SELECT * FROM finish();
ROLLBACK;
