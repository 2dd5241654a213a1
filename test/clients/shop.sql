-- The shop that test/client_*.t read: two years of orders with hostile rows among them, a table of customers, a
-- workspace over both, and in the schema "told" what SQL itself says about all of it, for the clients to compare.
\set ON_ERROR_STOP 1
SET client_min_messages = warning;

-- Customers up to 99 come often, up to 199 seldom, so that no view is empty.
CREATE TABLE orders (
    id integer PRIMARY KEY, customer_id integer, ordered_at timestamptz, total numeric, profit numeric, source text, category text);
INSERT INTO orders
SELECT n,
    CASE WHEN n % 29 = 0 THEN NULL WHEN n % 7 = 0 THEN 100 + n * 7919 % 100 ELSE n * 7919 % 1009 % 100 END,
    timestamptz '2023-01-01 00:30+00' + n * interval '11 hours 7 minutes',
    CASE WHEN n % 17 = 0 THEN -(n % 40) ELSE n % 213 END + 0.25, (n % 61) - 3.5, (ARRAY['search', 'friends', NULL])[1 + n % 3],
    (ARRAY['tea', 'naïve "quotes"', '', 'кофе'])[1 + n % 4]
FROM generate_series(1, 1600) n;
INSERT INTO orders (id, customer_id, ordered_at, total, profit) VALUES
    (2001, 1, '2024-02-03 10:00+00', 'NaN', 1), (2002, 2, '2024-02-03 10:00+00', 5, 'NaN'),
    (2003, 3, '2024-02-03 10:00+00', 'Infinity', 1), (2004, 4, '2024-02-03 10:00+00', 5, '-Infinity'),
    (2005, 5, 'infinity', 5, 1), (2006, 6, '-infinity', 5, 1), (2007, 7, '0044-03-15 12:00+00 BC', 5, 1),
    (2008, 8, '20240-01-01 00:00+00', 5, 1), (2009, 9, NULL, 5, 1), (2010, 10, '2024-02-03 10:00+00', NULL, NULL),
    (2011, NULL, '2024-02-03 10:00+00', 5, 1), (2012, 500, '2024-02-03 10:00+00', -5, 1),
    (2013, 11, '2024-02-03 10:00+00', 1e15, 1), (2014, 12, '2024-02-03 10:00+00', 0.00001, 1e20);
INSERT INTO orders SELECT 3000 + n, 600 + n, timestamptz '2024-07-12 10:00+00' + n * interval '3 days', 10 * n, 1
FROM generate_series(1, 6) n; -- once, not lost yet
CREATE TABLE buyers (id integer, region text, age_group text, name text, email text, referred_by integer);
INSERT INTO buyers SELECT n, (ARRAY['north', 'süd', NULL])[1 + n % 3], (n / 25 * 25)::text, 'Zoë ' || n, n || '@example.com', CASE WHEN n % 5 = 0 THEN n / 2 END
FROM generate_series(0, 1000) n;

SELECT count(*) FROM attach_orders('orders', workspace => 'shop', time_zone => 'Europe/Berlin', source => 'source',
    category => 'category', profit => 'profit');
SELECT count(*) FROM attach_customers('buyers', workspace => 'shop', name => '{name}', contact => '{email}', referrer => 'referred_by');
CREATE TABLE costs AS SELECT d::date AS day, source, 10.25 + extract(month FROM d) AS cost
FROM generate_series(timestamp '2023-01-01', '2024-12-01', interval '1 month') d, unnest(ARRAY['search', 'friends']) source;
INSERT INTO costs (day, source) VALUES ('2024-01-01', 'search'); -- of nothing
SELECT count(*) FROM attach_costs('costs', workspace => 'shop');
CREATE TABLE events AS
SELECT n * 7919 % 150 AS customer_id, timestamptz '2023-02-01 08:00+00' + n * interval '9 hours' AS happened_at,
    (ARRAY['mail', 'визит', 'call', 'mail', 'call'])[1 + n / 150 % 5] AS touchpoint, (ARRAY['search', 'friends', NULL])[1 + n % 3] AS source,
    (ARRAY['дорого', 'later'])[1 + n % 2] AS reason
FROM generate_series(1, 1500) n;
INSERT INTO events (customer_id, touchpoint) VALUES (1, 'mail'); -- at no time
SELECT count(*) FROM attach_touchpoints('events', workspace => 'shop');
INSERT INTO shop.funnel_stages VALUES ('sale', 1, 'mail'), ('sale', 2, 'call'), ('sale', 3, 'PURCHASE');
CREATE TABLE answers AS
SELECT CASE WHEN n % 13 > 0 THEN n * 7919 % 150 END AS customer_id, timestamptz '2023-12-01 10:00+00' + n * interval '11 hours' AS answered_at,
    (ARRAY[9, 10, 3, 7.5, 'NaN', 8, 2, 11, 10, NULL, 0])[1 + n % 11]::float8 AS score, (ARRAY['web', 'naïve "quotes"', NULL])[1 + n % 3] AS touchpoint,
    (ARRAY['mail', 'telephone'])[1 + n % 2] AS channel, 'Zoë' AS employee, (ARRAY['далеко', NULL])[1 + n % 2] AS comment,
    (ARRAY['negative', 'question', 'idea', 'кофе', NULL])[1 + n % 5] AS kind, (ARRAY['Decaf', 'decaf ', 'быстрее'])[1 + n % 3] AS wish, 'Zoë' AS owner,
    CASE WHEN n % 4 > 0 THEN timestamptz '2023-12-02 10:00+00' + n * interval '11 hours' END AS replied_at,
    CASE WHEN n % 4 > 1 THEN date '2023-12-04' + n / 2 END AS resolved_at
FROM generate_series(1, 900) n;
SELECT count(*) FROM attach_answers('answers', workspace => 'shop');
CREATE TABLE survey AS
SELECT n % 150 AS respondent, (ARRAY['recommend', 'make_it_a_10', 'hobby'])[1 + n % 3] AS question, (ARRAY['7', 'чай', NULL, '9'])[1 + n % 4] AS answer,
    timestamptz '2024-01-01 10:00+00' + n * interval '7 hours' AS answered_at
FROM generate_series(1, 500) n;
INSERT INTO survey (respondent, answer) VALUES (1, '7'); -- to no question
SELECT count(*) FROM attach_survey('survey', workspace => 'shop');
CREATE TABLE order_lines AS
SELECT n AS order_id, (ARRAY['чай', 'Tasse', 'café', 'pot'])[1 + (n * k) % 4] AS product, (ARRAY['напитки', 'kitchen'])[1 + (n * k) % 2] AS category, k AS quantity, n % 31 + 0.25 AS amount, 'Zoë' AS employee
FROM generate_series(1, 2000) n, generate_series(1, 3) k;
INSERT INTO order_lines (order_id) VALUES (1); -- of nothing
SELECT count(*) FROM attach_lines('order_lines', workspace => 'shop');
CREATE TABLE offers AS
SELECT n * 7919 % 150 AS customer_id, timestamptz '2023-02-01 08:00+00' + n * interval '11 hours' AS offered_at, (ARRAY['курс', 'plan'])[1 + n % 2] AS offer, (ARRAY['accepted', 'отказ', 'no', NULL])[1 + n / 2 % 4] AS outcome,
    (ARRAY['дорого', NULL])[1 + n % 2] AS reason, n AS order_number, 'Zoë' AS employee
FROM generate_series(1, 900) n;
INSERT INTO offers (customer_id, offer) VALUES (1, 'plan'); -- at no time
INSERT INTO offers (customer_id, offered_at, offer, outcome) VALUES (1, '2023-03-01 12:00+00', 'plan', 'vielleicht'); -- with a word that says nothing
INSERT INTO offers (customer_id, offered_at, offer, outcome) SELECT a.customer_id, a.answered_at + interval '2 days', 'plan', 'no' FROM answers a WHERE a.kind = 'negative' AND a.customer_id % 2 = 0; -- as amends
SELECT count(*) FROM attach_offers('offers', workspace => 'shop');
CREATE TABLE points AS
SELECT n * 7919 % 150 AS customer_id, timestamptz '2023-02-01 08:00+00' + n * interval '11 hours' AS happened_at, CASE WHEN n % 5 > 0 THEN n % 40 + 0.25 ELSE -60 END AS points, n / 2 AS order_number, CASE WHEN n % 3 > 0 THEN date '2024-02-01' + n END AS expires_on
FROM generate_series(1, 900) n;
INSERT INTO points (customer_id, points) VALUES (1, 5); -- at no time
SELECT count(*) FROM attach_points('points', workspace => 'shop');
UPDATE shop.settings SET points_valid = '1 year', point_cost = 0.015;
SELECT count(*) FROM start_campaign('весна', 'SELECT customer FROM shop.customers', groups => '{control,"чай"}', discount => 0.1, started => '2024-06-01', workspace => 'shop');
INSERT INTO shop.touchpoint_ratings (rater, day, touchpoint, level)
SELECT 'Zoë ' || n, date '2024-03-01' + n % 40, (ARRAY['waiting', 'greeting'])[1 + n % 2], (ARRAY['awful', 'ok', 'wow'])[1 + n % 3] FROM generate_series(1, 80) n;
INSERT INTO shop.tiers (tier, threshold, discount, benefits, valid_from, review_by, campaign) VALUES ('Silber "ä"', 50, 0.05, 'a card', '2024-02-01', '2024-03-01', 'spring'), ('gold', 150, 0.1, 'free delivery', '2024-02-01', '2024-03-01', 'spring');

-- Everything in here is text, integer or bigint, which every driver reads.
CREATE SCHEMA told;

-- For SQL alone: they hold values of our types, or intervals, or times as the orders have them, which no driver reads whole.
-- Ratings are of other scales than scores of 0 to 10, of which there are none here.
CREATE VIEW told.sql_views AS
SELECT unnest(ARRAY['applied_settings', 'campaign_results', 'customer_classes', 'customer_history', 'customer_orders', 'order_history', 'order_rows', 'points_accounts', 'points_total', 'rating_summary', 'tier_ladder']) AS view_name;

CREATE VIEW told.views AS
SELECT c.oid AS relation, c.relname::text AS view_name FROM pg_class c
WHERE c.relnamespace = 'shop'::regnamespace AND c.relkind = 'v' AND c.relname NOT IN (SELECT s.view_name FROM told.sql_views s);

CREATE VIEW told.comments AS
SELECT c.relname::text AS view_name, coalesce(a.attname::text, '') AS column_name, d.description AS comment
FROM pg_class c
LEFT JOIN LATERAL (SELECT x.attname, x.attnum FROM pg_attribute x WHERE x.attrelid = c.oid AND x.attnum > 0
    UNION ALL SELECT NULL, 0) a ON true
LEFT JOIN pg_description d ON d.objoid = c.oid AND d.classoid = 'pg_class'::regclass AND d.objsubid = a.attnum
WHERE c.relnamespace = 'shop'::regnamespace AND c.relkind = 'v';

-- Each column of the views for everybody: how many values it has and, where they are numbers, their sum.
CREATE TABLE told.columns (view_name text, column_name text, type text, row_count bigint, value_count bigint, total text);
SELECT format('INSERT INTO told.columns SELECT %L, %L, %L, count(*), count(%I), %s FROM shop.%I',
    v.view_name, a.attname, t.typname, a.attname,
    CASE WHEN t.typcategory = 'N' THEN format('coalesce(sum(%I), 0)', a.attname) ELSE 'NULL' END, v.view_name)
FROM told.views v JOIN pg_attribute a ON a.attrelid = v.relation AND a.attnum > 0 JOIN pg_type t ON t.oid = a.atttypid
\gexec

-- Or a client could not tell NULL from what it does not read.
DO $$
BEGIN
    ASSERT NOT EXISTS (SELECT FROM told.columns c WHERE c.value_count = 0 AND c.column_name <> 'missed_since'),
        (SELECT 'without a value: ' || string_agg(c.view_name || '.' || c.column_name, ', ') FROM told.columns c WHERE c.value_count = 0);
END
$$;

-- Values of each of our types, small and large, with bytes of all kinds in their binary form.
CREATE TABLE told.specimens (number integer GENERATED ALWAYS AS IDENTITY, type text, value text);
INSERT INTO told.specimens (type, value) VALUES
    ('nps', '(5,3,2)'), ('nps', '(0,0,0)'), ('nps', '(123456789012,250,1)'),
    ('rating_distribution', '[1..5](3,0,2,10,7)'), ('rating_distribution', '[-7..-5](1,128,0)'),
    ('funnel', '(80,40,4,1)'), ('funnel', '(9223372036854775807,255,0)'),
    ('experiment', '{"control":(6;55.25,54;1133,972,852),"treated":(300;-78,58;2102,-200,1014)}'), ('experiment', '{}'),
    ('points_account', '{2025-01-03:100,2025-02-01@2026-02-01:20.5,2025-02-01:50/30}'), ('points_account', '{}'),
    ('survival', '{1:1,2:1/1,3:0/1}'), ('survival', '{}'), ('survival', '{200:1/70000,30000:5}'),
    ('activity', '[month 2025-01-01 2025-03-15]{12/10/0/0/0:250.5/0/0/0/0;;3/0/2/1/8:0/60/20/190/-5}'), ('activity', '[day 2025-01-01 2025-01-02]{5/3/1/0/2:70000.25/1/0/3/-0.0001}'),
    ('purchase_history', '{2025-01-03:12.5,2025-02-01:7.25/2,2025-03-01:-5/0/1}'), ('purchase_history', '{}');
INSERT INTO told.specimens (type, value) VALUES ('baskets', '{}'), ('baskets', '{"": ["", "чай"], "a\"b": ["c\\d", "naïve"]}');
INSERT INTO told.specimens (type, value) SELECT 'baskets', basket_agg(o.id, o.category)::text FROM orders o;
INSERT INTO told.specimens (type, value) SELECT 'purchase_history', rollup(h.history)::text FROM shop.customer_history h;
INSERT INTO told.specimens (type, value) SELECT 'retention', retention_curve(h.history, p.period, '2024-06-01')::text
FROM shop.customer_history h, unnest(ARRAY['year', 'week']) p(period) GROUP BY p.period;

-- A new type joins the specimens.
CREATE VIEW told.types_without_specimen AS
SELECT t.typname::text AS type FROM pg_depend d JOIN pg_type t ON t.oid = d.objid
WHERE d.refobjid = (SELECT e.oid FROM pg_extension e WHERE e.extname = 'clientele') AND d.refclassid = 'pg_extension'::regclass
    AND d.classid = 'pg_type'::regclass AND t.typtype = 'b' AND t.typcategory <> 'A'
    AND t.typnamespace <> '_clientele'::regnamespace AND t.typname NOT IN (SELECT s.type FROM told.specimens s);

-- Statements that fail, with what they say.
CREATE TABLE told.failures (statement text, sqlstate text, message text, hint text);
INSERT INTO told.failures (statement, sqlstate) VALUES
    ('SELECT nps_agg(11)', '22003'), ('SELECT nps ''five''', '22P02'), ('SELECT abc_class(1, 0.9, 0.8) OVER ()', '22023'),
    ('SELECT detach_customers(''nowhere'')', '3F000'), ('SELECT lifecycle_stage(''{}'', ''infinity'')', '22008');
DO $$
DECLARE
    failure told.failures;
    said told.failures;
BEGIN
    FOR failure IN SELECT f.* FROM told.failures f LOOP
        BEGIN
            EXECUTE failure.statement;
        EXCEPTION WHEN OTHERS THEN
            GET STACKED DIAGNOSTICS said.message = MESSAGE_TEXT, said.hint = PG_EXCEPTION_HINT;
            UPDATE told.failures f SET message = said.message, hint = said.hint WHERE f.statement = failure.statement;
        END;
    END LOOP;
END
$$;
