-- What somebody has who uses Clientele: a shop with a workspace of each kind of storage, and objects of their own that
-- stand on the workspaces and on the extension. release/freeze.sh keeps a copy of this with each release, whose functions
-- it calls; test/upgrade.t has it upgraded.
\set ON_ERROR_STOP 1
SET client_min_messages = warning;
SET timezone = 'UTC';

CREATE TABLE orders (id integer PRIMARY KEY, customer_id integer, ordered_at timestamptz, total numeric, profit numeric, source text, category text);
INSERT INTO orders
SELECT n, CASE WHEN n % 23 > 0 THEN n * 7 % 11 % 8 END, timestamptz '2023-06-01 22:30+00' + n * interval '6 days 7 hours',
    CASE WHEN n % 13 = 0 THEN -5 ELSE n % 17 + n % 4 * 0.25 END, n % 9 - 1.5, (ARRAY['search', 'friends', NULL])[1 + n % 3], (ARRAY['tea', 'coffee'])[1 + n % 2]
FROM generate_series(1, 90) n;
INSERT INTO orders VALUES (91, 9, '2024-11-20', 30, 5, 'search', 'tea'), (92, 10, '2024-08-01', 12.5, 2, 'friends', 'tea'), (93, 1, 'infinity', 1, 1, NULL, NULL), (94, 2, '2024-05-05', 'NaN', 1, NULL, NULL);
CREATE TABLE people AS SELECT n AS id, 'person ' || n AS name, (ARRAY['north', 'south'])[1 + n % 2] AS region, nullif(n / 2, 0) AS referrer FROM generate_series(0, 10) n;
CREATE TABLE costs AS SELECT date '2023-07-01' + 90 * n AS day, source, 5 + n AS cost FROM generate_series(0, 5) n, unnest(ARRAY['search', 'friends']) source;
CREATE TABLE contacts AS
SELECT n % 11 AS customer, timestamptz '2023-07-01 09:00+00' + n * interval '9 days' AS happened_at, (ARRAY['mail', 'visit', 'call'])[1 + n / 11 % 3] AS touchpoint,
    (ARRAY['search', 'friends'])[1 + n % 2] AS source, CASE WHEN n % 5 = 0 THEN 'price' END AS reason
FROM generate_series(1, 60) n;
CREATE TABLE answers AS
SELECT nullif(n % 11, 10) AS customer, timestamptz '2023-08-01 12:00+00' + n * interval '10 days' AS answered_at, n * 7 % 11 AS score, (ARRAY['greeting', 'waiting'])[1 + n % 2] AS touchpoint,
    (ARRAY['negative', 'question', 'idea', NULL])[1 + n % 4] AS kind, 'wish ' || n % 4 AS wish, CASE WHEN n % 3 > 0 THEN date '2023-08-05' + n * 10 END AS replied_at
FROM generate_series(1, 50) n;
CREATE TABLE survey AS
SELECT n % 11 AS respondent, (ARRAY['recommend', 'hobby'])[1 + n % 2] AS question, n % 10 AS answer, timestamptz '2024-02-01 10:00+00' + n * interval '3 days' AS answered_at
FROM generate_series(1, 40) n;
CREATE TABLE lines AS
SELECT n AS order_id, (ARRAY['leaves', 'beans', 'pot', 'cup', 'filter'])[1 + (n * k) % 5] AS product, (ARRAY['tea', 'coffee', 'kitchen'])[1 + (n * k) % 3] AS category, k AS quantity, n % 17 * 0.5 AS amount, 'seller ' || n % 3 AS employee
FROM generate_series(1, 90) n, generate_series(1, 3) k;
CREATE TABLE offers AS
SELECT n % 11 AS customer, timestamptz '2023-09-01 10:00+00' + n * interval '9 days' AS offered_at, (ARRAY['course', 'plan'])[1 + n % 2] AS offer, (ARRAY['accepted', 'refused', 'no', NULL])[1 + n % 4] AS outcome,
    CASE n % 4 WHEN 1 THEN 'too dear' END AS reason, 'seller ' || n % 2 AS employee
FROM generate_series(1, 50) n;
CREATE TABLE points AS
SELECT n % 11 AS customer, timestamptz '2023-10-01 10:00+00' + n * interval '8 days' AS happened_at, CASE n % 5 WHEN 4 THEN -40 ELSE 10 + n % 7 END AS points, n / 2 AS order_id, CASE WHEN n % 3 > 0 THEN date '2024-10-01' + n * 7 END AS expires_on
FROM generate_series(1, 60) n;

SELECT attach_orders('orders', workspace => 'loyalty', time_zone => 'Europe/Berlin', diagnose => false, source => 'source', category => 'category', profit => 'profit');
SELECT attach_orders('orders', workspace => 'stored', time_zone => 'Europe/Berlin', diagnose => false, source => 'source', category => 'category', profit => 'profit', storage => 'materialized');
SELECT attach_orders('orders', workspace => 'kept', time_zone => 'Europe/Berlin', diagnose => false, source => 'source', category => 'category', profit => 'profit', storage => 'incremental');
SELECT attach_customers('people', workspace => w, name => '{name}', referrer => 'referrer'), attach_costs('costs', workspace => w),
    attach_touchpoints('contacts', workspace => w), attach_answers('answers', workspace => w), attach_survey('survey', workspace => w), attach_lines('lines', workspace => w), attach_offers('offers', workspace => w), attach_points('points', workspace => w)
FROM unnest(ARRAY['loyalty', 'stored', 'kept']) w;
SELECT format('UPDATE %1$I.settings SET as_of = %2$L, enough = 5;
    UPDATE %1$I.policies SET (valid_from, review_by) = (%17$L, %18$L);
    UPDATE %1$I.approaches SET (valid_from, review_by) = (%17$L, %18$L);
    UPDATE %1$I.policies SET action = %3$L WHERE cell = %4$L;
    INSERT INTO %1$I.funnel_stages VALUES (%5$L, 1, %6$L), (%5$L, 2, %7$L), (%5$L, 3, %8$L);
    INSERT INTO %1$I.touchpoint_ratings (rater, day, touchpoint, level) VALUES (%9$L, %10$L, %11$L, %12$L), (%9$L, %10$L, %13$L, %14$L);
    INSERT INTO %1$I.knowledge_base (question, answer, updated_on) VALUES (%15$L, %16$L, %10$L)',
    w, '2025-01-01', 'Call them.', 'AX', 'sale', 'mail', 'call', 'PURCHASE', 'Ann', '2024-02-01', 'waiting', 'awful', 'greeting', 'wow', 'Do you deliver?', 'Yes.',
    '2024-07-01', '2025-07-01') -- they begin on the day of attach_orders()
FROM unnest(ARRAY['loyalty', 'stored', 'kept']) w
\gexec
SELECT refresh_workspace('stored');
SELECT start_campaign('spring', format('SELECT customer FROM %I.customers', w), strata => 'none', discount => 0.1, started => '2024-05-01', workspace => w) FROM unnest(ARRAY['loyalty', 'stored', 'kept']) w;

-- On the workspaces
CREATE SCHEMA own;
CREATE VIEW own.best AS SELECT c.customer, c.revenue, c.abc, s.stage FROM loyalty.customers c JOIN stored.customers s USING (customer) WHERE c.abc <> 'C';
CREATE VIEW own.best_by_stage AS SELECT b.stage, count(*), sum(b.revenue) AS revenue FROM own.best b GROUP BY b.stage;
CREATE MATERIALIZED VIEW own.months AS SELECT o.period_start, o.revenue, k.active_customers FROM loyalty.overview o JOIN kept.overview k USING (period_start);
CREATE FUNCTION own.revenue_of(customer integer) RETURNS numeric LANGUAGE sql STABLE BEGIN ATOMIC SELECT c.revenue FROM kept.customers c WHERE c.customer = revenue_of.customer; END;

-- On the extension: tables of each type, indexes, constraints, functions, views of its functions and aggregates
CREATE TABLE own.histories (customer integer PRIMARY KEY, history purchase_history NOT NULL DEFAULT '{}', revenue numeric GENERATED ALWAYS AS (revenue(history)) STORED,
    CHECK (order_count(history) >= 0));
INSERT INTO own.histories (customer, history)
SELECT customer_id, history_agg(ordered_at, total, 'Europe/Berlin') FROM orders WHERE isfinite(ordered_at) AND total <> 'NaN' AND customer_id IS NOT NULL GROUP BY customer_id;
CREATE INDEX histories_last_order ON own.histories (last_order(history));
CREATE INDEX histories_hash ON own.histories USING hash (history);
CREATE UNIQUE INDEX histories_unique ON own.histories (history);
CREATE TABLE own.scores (month date, nps nps) PARTITION BY HASH (nps);
CREATE TABLE own.scores_0 PARTITION OF own.scores FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE own.scores_1 PARTITION OF own.scores FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO own.scores SELECT date_trunc('month', answered_at)::date, nps_agg(score) FROM answers GROUP BY 1;
CREATE TABLE own.figures AS
SELECT c.period, retention_curve(h.history, c.period, date '2025-01-01') AS retention, survival_agg(r.duration, r.ended) AS survival,
    funnel(9, 5, 2) AS funnel, rating_distribution '[1..5](3,0,2,10,7)' AS rating
FROM own.histories h, unnest(ARRAY['month', 'year']) c(period), repeat_time(h.history, 1, date '2025-01-01') r GROUP BY c.period;
CREATE VIEW own.classes AS SELECT h.customer, abc_class(h.revenue) OVER (ORDER BY h.customer ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS class,
    lifecycle_stage(h.history, date '2025-01-01') AS stage, h.history + h.history AS twice FROM own.histories h;
CREATE VIEW own.shop AS SELECT rollup(h.history) AS history, gini(h.revenue) AS gini, xyz_class(h.revenue) AS steadiness FROM own.histories h;
CREATE VIEW own.curve AS SELECT f.period, p.*, median_survival(f.survival) FROM own.figures f, retention_points(f.retention) p WHERE p.period_number < 5;
CREATE VIEW own.score AS SELECT s.month, i.* FROM own.scores s, nps_interval(s.nps) i;
CREATE FUNCTION own.band(value nps) RETURNS text LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT nps_band(value); END;
