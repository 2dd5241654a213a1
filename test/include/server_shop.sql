-- A shop with everything that can be attached, and a workspace of each storage on it; and who may read them.
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS clientele;
CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY, customer integer, ordered_at timestamptz, amount numeric, source text, category text);
CREATE INDEX ON orders (customer);
INSERT INTO orders (customer, ordered_at, amount, source, category)
SELECT nullif(hashint4(n) & 511, 0), timestamptz '2024-01-01 12:00+00' + n * interval '97 minutes', (hashint4(n + 1) & 8191) / 100.0 - 3, 'from ' || n % 3, 'kind ' || n % 5 FROM generate_series(1, :orders) n;
CREATE TABLE people AS SELECT n AS id, 'name ' || n AS name, 'town ' || n % 4 AS town, n / 2 AS referrer FROM generate_series(0, 511) n;
CREATE TABLE answers AS SELECT n % 512 AS customer, timestamptz '2024-01-05 12:00+00' + n * interval '9 hours' AS answered_at, n % 11 AS score, 'place ' || n % 3 AS touchpoint, 'Wish ' || n % 5 AS wish,
    (ARRAY['negative', 'idea', 'question', NULL])[1 + n % 4] AS kind, 'Where is it?' AS comment FROM generate_series(1, 500) n;
CREATE TABLE survey AS SELECT n % 512 AS respondent, 'question ' || n % 3 AS question, 'answer ' || n % 4 AS answer, timestamptz '2024-01-06 12:00+00' + n * interval '20 hours' AS answered_at FROM generate_series(1, 300) n;
CREATE TABLE contacts AS SELECT n % 512 AS customer, timestamptz '2024-01-05 12:00+00' + n * interval '7 hours' AS happened_at, 'place ' || n % 4 AS touchpoint, 'from ' || n % 3 AS source FROM generate_series(1, 1000) n;
CREATE TABLE lines AS SELECT o.id AS order_id, 'thing ' || o.id * k % 9 AS product, 'kind ' || o.id * k % 4 AS category, k AS quantity, 5.5 AS amount, 'seller ' || o.id % 3 AS employee FROM orders o, generate_series(1, 2) k;
CREATE TABLE offers AS SELECT n % 512 AS customer, timestamptz '2024-01-05 12:00+00' + n * interval '7 hours' AS offered_at, 'offer ' || n % 4 AS offer, (ARRAY['yes', 'no', NULL])[1 + n % 3] AS outcome, 'why ' || n % 2 AS reason, 'seller ' || n % 3 AS employee FROM generate_series(1, 600) n;
CREATE TABLE points AS SELECT n % 512 AS customer, timestamptz '2024-01-05 12:00+00' + n * interval '7 hours' AS happened_at, CASE WHEN n % 4 > 0 THEN n % 50 ELSE -30 END AS points, n / 2 AS order_id FROM generate_series(1, 600) n;
CREATE TABLE costs AS SELECT date '2024-01-01' + n AS day, 'from ' || n % 3 AS source, n AS cost FROM generate_series(0, 300) n;
ANALYZE;
CREATE ROLE reader;
SELECT attach_orders('orders', workspace => w, storage => s, time_zone => 'Europe/Berlin', diagnose => false) FROM (VALUES ('live', 'view'), ('stored', 'materialized'), ('kept', 'incremental')) v(w, s) \g /dev/null
SELECT attach_customers('people', workspace => w, name => '{name}'), attach_answers('answers', workspace => w), attach_survey('survey', workspace => w), attach_touchpoints('contacts', workspace => w), attach_costs('costs', workspace => w), attach_lines('lines', workspace => w), attach_offers('offers', workspace => w), attach_points('points', workspace => w),
    grant_workspace(w, 'reader')
FROM unnest(ARRAY['live', 'stored', 'kept']) w \g /dev/null
SELECT start_campaign('spring', format('SELECT customer FROM %I.customers', w), discount => 0.1, started => '2024-03-01', workspace => w) FROM unnest(ARRAY['live', 'stored', 'kept']) w \g /dev/null
UPDATE kept.settings SET fold_after = NULL;
INSERT INTO live.funnel_stages VALUES ('sales', 1, 'place 1'), ('sales', 2, 'PURCHASE');
INSERT INTO stored.funnel_stages TABLE live.funnel_stages;
INSERT INTO kept.funnel_stages TABLE live.funnel_stages;
INSERT INTO live.knowledge_base (question, answer) VALUES ('Where is it?', 'Here');
INSERT INTO stored.knowledge_base (question, answer) VALUES ('Where is it?', 'Here');
INSERT INTO kept.knowledge_base (question, answer) VALUES ('Where is it?', 'Here');
SELECT refresh_workspace('stored') \g /dev/null
