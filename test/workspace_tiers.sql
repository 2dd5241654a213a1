-- The tiers of a workspace: customers.tier and every view of the programme, tier_what_if() and strategy_review against plain SQL on random
-- orders, in all storages; no tiers, one, ties, names of any kind, rows that are refused
BEGIN;
SELECT no_plan();
SET client_min_messages = warning;
\ir include/differences.sql
\ir include/under.sql

SELECT setseed(0.37);
CREATE TABLE orders AS
SELECT n AS order_id, (50 * random() ^ 1.4)::integer AS customer, date '2023-01-01' + (760 * random())::integer AS ordered_at,
    CASE WHEN random() < 0.12 THEN -10 * (1 + (3 * random())::integer) ELSE 10 * (9 * random() ^ 2)::integer END + CASE WHEN n % 11 = 0 THEN 0.55 ELSE 0 END AS amount,
    CASE WHEN random() < 0.9 THEN (20 * random() - 4)::integer END AS profit
FROM generate_series(1, 1100) n;
-- some come late, and some leave
DELETE FROM orders WHERE customer % 4 = 1 AND ordered_at < date '2023-03-01' + 8 * customer OR customer % 3 = 0 AND ordered_at > date '2024-01-20' + 6 * customer;
INSERT INTO orders SELECT 2000 + order_id, customer, ordered_at, amount + 10, 1 FROM orders WHERE order_id % 9 = 0;
CREATE INDEX ON orders (ordered_at);
CREATE TABLE people AS SELECT n AS id, 'name ' || n AS name, 'mail ' || n AS mail FROM generate_series(0, 40) n;
SELECT lives_ok($$ SELECT attach_orders('orders', workspace => 'w', time_zone => 'UTC', profit => 'profit', diagnose => false), attach_customers('people', workspace => 'w', dimensions => '{}', name => '{name}', contact => '{mail}') $$, 'attach');
UPDATE w.settings SET period = 'month', enough = 5;

-- --- Without tiers ---

CREATE VIEW nothing AS
SELECT 'tier_summary' AS view, count(*) AS rows FROM w.tier_summary UNION ALL SELECT 'tier_migration', count(*) FROM w.tier_migration UNION ALL SELECT 'near_tier', count(*) FROM w.near_tier
UNION ALL SELECT 'discount_cost', count(*) FROM w.discount_cost UNION ALL SELECT 'strategy_review', count(*) FROM w.strategy_review UNION ALL SELECT 'customers', count(tier) FROM w.customers;
SELECT is_empty('SELECT * FROM nothing WHERE rows > 0', 'no tiers, nothing to tell');
SELECT throws_ok($$ SELECT * FROM w.tier_what_if('generous') $$, '22023', 'invalid value for parameter "policy": generous', 'nothing to try');
CREATE FUNCTION pg_temp.reads_orders(view text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    line text;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) SELECT * FROM w.' || view LOOP
        IF line ~ 'Scan .*on orders' AND line !~ 'never executed' THEN
            RETURN true;
        END IF;
    END LOOP;
    RETURN false;
END
$$;
UPDATE w.settings SET as_of = '2025-01-01';
SELECT is(pg_temp.reads_orders(view), false, 'without tiers no order is read for ' || view) FROM unnest('{tier_summary,tier_migration,near_tier,discount_cost,strategy_review}'::text[]) view;

-- --- Rows that are refused ---

SELECT throws_ok(statement, state, NULL, 'refused: ' || statement)
FROM (VALUES ('INSERT INTO w.tiers (tier, threshold) VALUES (''base'', 5)', '23514'), ('INSERT INTO w.tiers (tier, threshold) VALUES ('''', 5)', '23514'), ('INSERT INTO w.tiers (tier, threshold) VALUES (''a'', -1)', '23514'),
    ('INSERT INTO w.tiers (tier, threshold) VALUES (''a'', ''NaN'')', '23514'), ('INSERT INTO w.tiers (tier, threshold) VALUES (''a'', ''infinity'')', '23514'), ('INSERT INTO w.tiers (tier, threshold) VALUES (''a'', 1.00001)', '23514'),
    ('INSERT INTO w.tiers (tier, threshold) VALUES (''a'', NULL)', '23502'), ('INSERT INTO w.tiers (tier, threshold, discount) VALUES (''a'', 1, 1.01)', '23514'), ('INSERT INTO w.tiers (tier, threshold, discount) VALUES (''a'', 1, -0.1)', '23514'),
    ('INSERT INTO w.tiers (tier, threshold, discount) VALUES (''a'', 1, ''NaN'')', '23514'), ('INSERT INTO w.tiers (tier, threshold) VALUES (''a'', 1), (''a'', 2)', '23505'), ('INSERT INTO w.tiers (tier, threshold) VALUES (''a'', 1), (''b'', 1.0)', '23505'),
    ('INSERT INTO w.tiers (tier, threshold, valid_from, review_by) VALUES (''a'', 1, ''2025-01-02'', ''2025-01-01'')', '23514'), ('UPDATE w.policies SET discount = 10', '23514'), ('UPDATE w.approaches SET review_by = valid_from - 1', '23514'),
    ('UPDATE w.settings SET tier_within = ''0 days''', '23514'), ('UPDATE w.settings SET tier_within = ''1 year -1 day''', '23514'), ('UPDATE w.settings SET tier_hold = ''-1 day''', '23514'),
    ('UPDATE w.settings SET tier_hold = ''1 month -1 day''', '23514'), ('UPDATE w.settings SET tier_hold = ''1 month -1 hour''', '23514'), ('UPDATE w.settings SET tier_count_by = ''visits''', '23514'),
    ('UPDATE w.settings SET tier_calendar = true, tier_within = ''30 days''', '23514'), ('UPDATE w.settings SET tier_calendar = true, tier_within = ''5 months''', '23514'),
    ('UPDATE w.settings SET tier_calendar = true, tier_within = ''2 years''', '23514'), ('UPDATE w.settings SET tier_calendar = true, tier_within = ''1 month 30 days''', '23514'),
    ('UPDATE w.settings SET tier_calendar = true, tier_within = ''720 hours''', '23514')) v(statement, state);

-- --- Tiers day by day, in plain SQL ---

INSERT INTO w.tiers (policy, tier, threshold, discount, benefits) VALUES ('current', 'O''Brien "x" %s', 60, 0.03, 'a card'), ('current', 'gold', 120, 0.05, NULL), ('current', 'workspace.settings', 200.5, 0.125, 'first'),
    ('more "x" %s', 'O''Brien "x" %s', 50, 0.05, NULL), ('more "x" %s', 'gold', 90.25, 0.08, NULL), ('more "x" %s', 'workspace.settings', 150, 0.2, NULL), ('more "x" %s', 'top', 400, 0.25, NULL);
CREATE TABLE as_of (day date);
CREATE TABLE plain_days (customer integer, day date, orders bigint, amount numeric, profit bigint, PRIMARY KEY (customer, day));
-- who is a customer, what counts at the start of each day, and the number of the tier that it reaches
CREATE TABLE counted (customer integer, day date, counts numeric, PRIMARY KEY (customer, day));
CREATE VIEW ladder AS
SELECT t.policy, t.tier, t.threshold, t.discount, row_number() OVER (PARTITION BY t.policy ORDER BY t.threshold) AS place
FROM w.tiers t CROSS JOIN w.settings s
WHERE s.tier_count_by = 'spend' OR NOT EXISTS (SELECT FROM w.tiers x WHERE x.policy = t.policy AND x.threshold > t.threshold AND ceil(x.threshold) = ceil(t.threshold));
CREATE FUNCTION plain_from(u date) RETURNS timestamp LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN s.tier_calendar THEN date_trunc('year', u::timestamp - interval '1 day') + (extract(month FROM u - 1)::integer - 1) / m.months * (m.months * interval '1 month')
        ELSE u - s.tier_within END
    FROM w.settings s CROSS JOIN LATERAL (SELECT (12 * extract(year FROM s.tier_within) + extract(month FROM s.tier_within))::integer AS months) m
$$;
CREATE FUNCTION plain_place(which text, who integer, at date) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(max(l.place), 0) FROM w.settings s JOIN counted c ON c.customer = who AND c.day <= at AND (c.day > at - s.tier_hold OR c.day = at)
    LEFT JOIN ladder l ON l.policy = which AND l.threshold <= c.counts
$$;
CREATE TABLE plain_now (policy text, customer integer, place bigint, reached bigint, PRIMARY KEY (policy, customer));
CREATE TABLE plain_sold (policy text, customer integer, day date, place bigint, orders bigint, sold numeric, profit numeric);
CREATE FUNCTION pg_temp.fill() RETURNS void LANGUAGE sql AS $$
    TRUNCATE as_of, plain_days, counted, plain_now, plain_sold;
    INSERT INTO as_of SELECT as_of FROM w.reporting_date;
    INSERT INTO plain_days
    SELECT o.customer, o.ordered_at, count(*) FILTER (WHERE o.amount >= 0), sum(o.amount), sum(o.profit) FROM orders o, as_of a WHERE o.ordered_at < a.day GROUP BY 1, 2;
    INSERT INTO counted
    SELECT c.customer, u.u, coalesce((SELECT sum(CASE s.tier_count_by WHEN 'spend' THEN d.amount WHEN 'days' THEN sign(d.orders) ELSE d.orders END) FROM plain_days d WHERE d.customer = c.customer AND d.day >= u.from_day AND d.day < u.u), 0)
    FROM (SELECT DISTINCT customer FROM plain_days WHERE orders > 0) c CROSS JOIN w.settings s
    CROSS JOIN LATERAL (SELECT g::date AS u, plain_from(g::date) AS from_day FROM as_of a, generate_series(date_trunc('day', a.day - CASE s.period WHEN 'quarter' THEN interval '37 months' ELSE '13 months' END - s.tier_hold), a.day + 31, '1 day') g) u;
    INSERT INTO plain_now SELECT p.policy, c.customer, plain_place(p.policy, c.customer, a.day), (SELECT count(*) FROM ladder l WHERE l.policy = p.policy AND l.threshold <= c.counts)
    FROM (SELECT DISTINCT policy FROM w.tiers) p CROSS JOIN as_of a JOIN counted c ON c.day = a.day;
    INSERT INTO plain_sold SELECT p.policy, d.customer, d.day, plain_place(p.policy, d.customer, d.day), d.orders, greatest(d.amount, 0), CASE WHEN d.amount > 0 THEN d.profit END
    FROM (SELECT DISTINCT policy FROM w.tiers) p CROSS JOIN as_of a JOIN plain_days d ON d.orders > 0 AND d.day >= (a.day - interval '1 year')::date;
$$;
CREATE VIEW rung AS SELECT policy, place, tier, threshold, discount FROM ladder UNION ALL SELECT DISTINCT policy, 0::bigint, 'base', NULL::numeric, 0::numeric FROM w.tiers;

CREATE VIEW plain_summary AS
SELECT r.place + 1 AS "position", r.tier AS key, r.tier, t.threshold, r.discount, t.benefits, count(n.customer) AS customers, 100 * count(n.customer)::float8 / nullif((SELECT count(*) FROM plain_now WHERE policy = 'current'), 0) AS pct_of_customers,
    count(*) FILTER (WHERE n.place > n.reached) AS held_customers, coalesce(sum(v.amount), 0) AS window_revenue,
    CASE WHEN sum(sum(v.amount)) OVER () > 0 THEN (100 * coalesce(sum(v.amount), 0) / sum(sum(v.amount)) OVER ())::float8 END AS pct_of_window_revenue, round(sum(v.amount) / nullif(count(n.customer), 0), 2) AS revenue_per_customer,
    s.orders, s.sold AS revenue, round(s.sold * r.discount, 2) AS discount_cost, count(n.customer) >= 5 AS enough
FROM rung r LEFT JOIN plain_now n ON n.policy = r.policy AND n.place = r.place LEFT JOIN w.tiers t ON t.policy = r.policy AND t.tier = r.tier
LEFT JOIN LATERAL (SELECT coalesce(sum(d.amount), 0) AS amount FROM plain_days d, as_of a WHERE n.customer IS NOT NULL AND d.customer = n.customer AND d.day >= plain_from(a.day)) v ON true
CROSS JOIN LATERAL (SELECT coalesce(sum(x.orders), 0)::bigint AS orders, coalesce(sum(x.sold), 0) AS sold FROM plain_sold x WHERE x.policy = r.policy AND x.place = r.place) s
WHERE r.policy = 'current' GROUP BY r.place, r.tier, t.threshold, r.discount, t.benefits, s.orders, s.sold;

CREATE VIEW plain_end AS
SELECT (date_trunc(s.period, a.day::timestamp) - n * step.step)::date AS as_of, (date_trunc(s.period, a.day::timestamp) - (n + 1) * step.step)::date AS before, n
FROM as_of a CROSS JOIN w.settings s CROSS JOIN LATERAL (SELECT CASE s.period WHEN 'quarter' THEN interval '3 months' ELSE ('1 ' || s.period)::interval END AS step) step CROSS JOIN generate_series(0, 10) n;
CREATE VIEW plain_migration AS
SELECT before || from_tier || ' to ' || to_tier AS key, before AS period_start, as_of, from_tier, to_tier, flow, count(*) AS customers, 100 * count(*)::float8 / sum(count(*)) OVER (PARTITION BY as_of, from_tier) AS pct_of_from, sum(revenue) AS revenue
FROM (
    SELECT e.before, e.as_of, coalesce(f.tier, 'none') AS from_tier, t.tier AS to_tier, CASE WHEN f.tier IS NULL THEN 'acquired' WHEN t.place > f.place THEN 'rose' WHEN t.place < f.place THEN 'fell' ELSE 'stayed' END AS flow,
        coalesce((SELECT sum(d.amount) FROM plain_days d WHERE d.customer = c.customer AND d.day < e.as_of AND d.day >= e.before), 0) AS revenue
    FROM plain_end e CROSS JOIN (SELECT customer, min(day) AS first FROM plain_days WHERE orders > 0 GROUP BY 1) c
    CROSS JOIN LATERAL (SELECT r.* FROM rung r WHERE r.policy = 'current' AND r.place = plain_place('current', c.customer, e.as_of)) t
    LEFT JOIN LATERAL (SELECT r.* FROM rung r WHERE c.first < e.before AND r.policy = 'current' AND r.place = plain_place('current', c.customer, e.before)) f ON true
    WHERE c.first < e.as_of) m
GROUP BY before, as_of, from_tier, to_tier, flow;

-- who falls within 30 days if nothing is bought is in a lower tier then
CREATE VIEW plain_near AS
SELECT x.*, row_number() OVER (ORDER BY least(CASE WHEN x.near_next THEN greatest(x.missing_until, a.day) END, CASE WHEN x.falls_soon THEN x.kept_until END) NULLS LAST, x.last_year_revenue DESC, x.key) AS "position"
FROM as_of a CROSS JOIN (
    SELECT n.customer AS key, r.tier, c.counts AS qualifying, coalesce(u.threshold - c.counts <= CASE s.tier_count_by WHEN 'spend' THEN f.average_order ELSE 1 END AND f.stage <> 'lost', false) AS near_next,
        u.tier AS next_tier, u.threshold - c.counts AS missing, p.missing_until, k.day IS NOT NULL AS falls_soon, CASE WHEN r.threshold < c.counts THEN 0 ELSE r.threshold - c.counts END AS missing_to_keep,
        CASE WHEN isfinite(p.kept_until) THEN p.kept_until END AS kept_until, p.days_left, k.day AS falls_on, f.average_order, f.last_order, f.last_year_revenue, b.name AS customer_name, b.mail AS contact
    FROM as_of a CROSS JOIN w.settings s JOIN plain_now n ON n.policy = 'current' JOIN counted c ON c.customer = n.customer AND c.day = a.day
    JOIN (SELECT policy, place, tier, CASE s.tier_count_by WHEN 'spend' THEN threshold ELSE ceil(threshold) END AS threshold FROM rung, w.settings s) r ON r.policy = 'current' AND r.place = n.place
    LEFT JOIN (SELECT policy, place, tier, CASE s.tier_count_by WHEN 'spend' THEN threshold ELSE ceil(threshold) END AS threshold FROM rung, w.settings s) u ON u.policy = 'current' AND u.place = n.place + 1
    JOIN w.customer_figures f ON f.customer = n.customer JOIN w.customer_history h ON h.customer = n.customer LEFT JOIN people b ON b.id = n.customer
    CROSS JOIN LATERAL tier_progress(h.history, a.day, (SELECT array_agg(x.threshold ORDER BY x.place) FROM ladder x WHERE x.policy = 'current'), (SELECT array_agg(x.tier ORDER BY x.place) FROM ladder x WHERE x.policy = 'current'), s.tier_within, s.tier_hold, s.tier_count_by, s.tier_calendar) p
    LEFT JOIN LATERAL (SELECT min(g::date) AS day FROM generate_series(a.day + 1, a.day + 30, interval '1 day') g WHERE plain_place('current', n.customer, g::date) < n.place HAVING min(g::date) IS NOT NULL) k ON true) x
WHERE x.near_next OR x.falls_soon;

CREATE VIEW plain_cost AS
SELECT 'tier ' || r.tier AS key, coalesce(sum(x.orders), 0)::bigint AS orders, coalesce(sum(x.sold), 0) AS revenue, r.discount, round(coalesce(sum(x.sold), 0) * r.discount, 2) AS cost, coalesce(sum(x.profit), 0) AS profit
FROM rung r LEFT JOIN plain_sold x ON x.policy = r.policy AND x.place = r.place WHERE r.policy = 'current' GROUP BY r.tier, r.discount
UNION ALL
SELECT 'cell ' || p.cell, coalesce(sum(x.orders), 0)::bigint, coalesce(sum(x.sold), 0), p.discount, round(coalesce(sum(x.sold), 0) * p.discount, 2), coalesce(sum(x.profit), 0)
FROM w.policies p LEFT JOIN (
    SELECT h.cell, o.* FROM plain_sold o JOIN w.settings s ON true JOIN w.class_history h ON h.customer = o.customer AND h.as_of = date_trunc(s.period, o.day)::date WHERE o.policy = 'current') x ON x.cell = p.cell
WHERE EXISTS (SELECT FROM w.policies WHERE discount > 0) GROUP BY p.cell, p.discount;

CREATE VIEW plain_moves AS
SELECT a.tier || ' to ' || b.tier AS key, count(*) AS customers, sum(x.revenue) AS revenue, round(sum(x.cost), 2) AS cost, round(sum(y.cost), 2) AS policy_cost, round(sum(y.cost) - sum(x.cost), 2) AS cost_change,
    (sum(f.profit) / nullif(sum(x.revenue), 0))::float8 AS margin,
    CASE WHEN sum(y.cost) >= sum(x.cost) AND sum(f.profit) <= sum(x.revenue) AND sum(f.profit) > sum(y.cost) AND sum(x.revenue) > 0 THEN ((sum(y.cost) - sum(x.cost)) / (sum(f.profit) - sum(y.cost)))::float8 END AS break_even_uplift
FROM plain_now n JOIN plain_now m ON n.policy = 'current' AND m.policy = 'more "x" %s' AND m.customer = n.customer
JOIN rung a ON a.policy = n.policy AND a.place = n.place JOIN rung b ON b.policy = m.policy AND b.place = m.place
CROSS JOIN LATERAL (SELECT coalesce(sum(s.sold), 0) AS revenue, coalesce(sum(s.sold * r.discount), 0) AS cost FROM plain_sold s JOIN rung r ON r.policy = s.policy AND r.place = s.place WHERE s.policy = n.policy AND s.customer = n.customer) x
CROSS JOIN LATERAL (SELECT coalesce(sum(s.sold * r.discount), 0) AS cost FROM plain_sold s JOIN rung r ON r.policy = s.policy AND r.place = s.place WHERE s.policy = m.policy AND s.customer = n.customer) y
CROSS JOIN LATERAL (SELECT coalesce(sum(d.profit), 0) AS profit FROM plain_days d, as_of t WHERE d.customer = n.customer AND d.day >= (t.day - interval '1 year')::date) f
GROUP BY a.tier, b.tier, a.place, b.place;

CREATE FUNCTION pg_temp.same_views(setting text, refresh boolean DEFAULT false) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'UPDATE w.settings SET ' || setting;
    IF refresh THEN PERFORM refresh_workspace('w'); END IF;
    PERFORM pg_temp.fill();
    RETURN NEXT bag_eq('SELECT customer, tier FROM w.customers', $q$ SELECT n.customer, r.tier FROM plain_now n JOIN rung r ON r.policy = n.policy AND r.place = n.place WHERE n.policy = 'current' $q$, 'tiers with ' || setting);
    RETURN NEXT is(pg_temp.differences('SELECT tier AS key, * FROM w.tier_summary', 'SELECT * FROM plain_summary', 'key'), '', '... the summary');
    RETURN NEXT is(pg_temp.differences($q$ SELECT period_start || from_tier || ' to ' || to_tier AS key, * FROM w.tier_migration $q$, 'SELECT * FROM plain_migration', 'key'), '', '... the migration');
    RETURN NEXT is(pg_temp.differences('SELECT n.customer AS key, n."position", n.tier, n.qualifying, n.near_next, n.next_tier, n.missing, n.missing_until, n.falls_soon, n.missing_to_keep, n.kept_until, n.days_left,
        CASE WHEN n.falls_soon THEN n.kept_until + 1 END AS falls_on, n.average_order, n.last_order, n.last_year_revenue, n.customer_name, n.contact FROM w.near_tier n', 'SELECT * FROM plain_near', 'key'), '', '... who is near one');
    RETURN NEXT is(pg_temp.differences($q$ SELECT dimension || ' ' || value AS key, orders, revenue, discount, cost, profit, margin, break_even_uplift, enough FROM w.discount_cost $q$,
        $q$ SELECT *, (profit / nullif(revenue, 0))::float8 AS margin, CASE WHEN profit <= revenue AND profit > revenue * discount THEN (discount / (profit / revenue - discount))::float8 END AS break_even_uplift, orders >= 5 AS enough FROM plain_cost $q$, 'key'), '', '... what discounts cost');
    RETURN NEXT is(pg_temp.differences($q$ SELECT from_tier || ' to ' || to_tier AS key, customers, revenue, cost, policy_cost, cost_change, margin, break_even_uplift FROM w.tier_what_if('more "x" %s') $q$,
        'SELECT * FROM plain_moves', 'key'), '', '... and another policy would');
END
$$;
SELECT pg_temp.same_views(setting) FROM unnest(ARRAY['tier_hold = ''0 days''', 'tier_hold = ''45 days'', tier_within = ''6 months''', 'tier_calendar = true, tier_hold = ''3 months'', period = ''quarter''',
    'tier_calendar = false, tier_within = ''10 days 12:00'', tier_hold = ''0 days'', as_of = ''2024-03-31'', period = ''week''', 'as_of = ''2023-02-01'', tier_within = ''1 year''', 'as_of = ''2023-01-01''',
    'as_of = ''auto'', tier_hold = ''1 month'', period = ''month''']) setting;
SELECT is((SELECT count(*) FROM w.tier_summary WHERE customers > 3 AND orders > 10), 4::bigint, 'all tiers have customers');
SELECT is((SELECT array_agg(DISTINCT flow ORDER BY flow) FROM w.tier_migration), '{acquired,fell,rose,stayed}', 'who moves anywhere');
SELECT is((SELECT bool_or(near_next) AND bool_or(falls_soon) FROM w.near_tier), true, 'some rise and some fall');
SELECT is((SELECT sum(held_customers) > 0 FROM w.tier_summary), true, 'some are held');
SELECT results_eq('SELECT "position" FROM w.near_tier', 'SELECT n FROM generate_series(1, (SELECT count(*) FROM w.near_tier)) n', 'in their order');
SELECT is((SELECT sum(customers) FROM w.tier_what_if('current') WHERE from_tier <> to_tier OR cost_change <> 0), NULL, 'nobody moves to where everybody is');
SELECT is_empty($$ SELECT as_of FROM w.tier_migration m GROUP BY as_of HAVING sum(customers) <> (SELECT count(*) FROM plain_days d WHERE d.orders > 0 AND d.day < m.as_of AND NOT EXISTS (SELECT FROM plain_days b WHERE b.customer = d.customer AND b.orders > 0 AND b.day < d.day)) $$, 'each customer is once in each period');

-- whole purchases count: of two thresholds between the same the higher tier holds
UPDATE w.tiers SET threshold = CASE tier WHEN 'gold' THEN 4.2 WHEN 'workspace.settings' THEN 5 WHEN 'top' THEN 9 ELSE 2 END;
SELECT pg_temp.same_views(setting) FROM unnest('{"tier_count_by = ''days''","tier_count_by = ''orders'', tier_hold = ''45 days''"}'::text[]) setting;
SELECT is((SELECT array_agg(tier) FROM w.tier_summary), '{base,"O''Brien \"x\" %s",workspace.settings}', 'the higher one of two');
UPDATE w.tiers SET threshold = CASE tier WHEN 'gold' THEN 120 WHEN 'workspace.settings' THEN 200.5 WHEN 'top' THEN 400 ELSE 60 END;
-- discounts of cells
UPDATE w.policies SET discount = 0.01 * ascii(cell) - 0.6 WHERE cell <> 'BY';
DELETE FROM w.policies WHERE cell = 'CZ';
SELECT pg_temp.same_views('tier_count_by = ''spend''');
SELECT is((SELECT count(*) FROM w.discount_cost WHERE dimension = 'cell' AND revenue > 0) > 4 AND (SELECT count(*) FROM w.discount_cost WHERE break_even_uplift > 0) > 1, true, 'cells are among them, and discounts that pay');
-- one tier, of which everybody is; and more than a hundred
SELECT is(pg_temp.under('DELETE FROM w.tiers; INSERT INTO w.tiers (tier, threshold) VALUES (''all'', 0)', 'SELECT string_agg(tier || customers || held_customers, '' '' ORDER BY "position") FROM w.tier_summary'), 'base00 all'
    || (SELECT count(*) FROM w.customers) || '0', 'a tier from 0 on is everybody''s') WHERE (SELECT min(counts) >= 0 FROM counted c, as_of a WHERE c.day = a.day);
SELECT is(pg_temp.under('INSERT INTO w.tiers (tier, threshold) SELECT n::text, 1000 + n FROM generate_series(1, 150) n', 'SELECT concat_ws('' '', count(*), sum(customers), (SELECT count(*) > 0 FROM w.tier_migration), (SELECT count(*) > 0 FROM w.near_tier)) FROM w.tier_summary'),
    '101 ' || (SELECT count(*) FROM w.customers) || ' t t', 'the first hundred count');
SELECT throws_ok($$ SELECT * FROM w.tier_what_if('none') $$, '22023', 'invalid value for parameter "policy": none', 'a policy that there is not');
SELECT is_empty('SELECT * FROM w.tier_what_if(NULL)', 'no policy, no rows');

-- --- What is due for a review: what customers were then, and are now, is asked of the views as of that day ---

UPDATE w.tiers SET valid_from = '2024-02-01', review_by = '2024-08-01', campaign = 'spring "x" %s' WHERE policy = 'current' AND tier <> 'gold';
UPDATE w.tiers SET valid_from = '2024-02-01', review_by = '2024-08-01' WHERE policy <> 'current';
UPDATE w.policies SET valid_from = CASE WHEN cell ~ 'Z' THEN date '2023-09-17' ELSE date '2024-02-01' END, review_by = '2024-09-01' WHERE cell NOT IN ('BX', 'CY');
UPDATE w.policies SET review_by = NULL WHERE cell = 'BX';
UPDATE w.policies SET valid_from = '2024-01-01', review_by = '2099-01-01' WHERE cell = 'CY';
UPDATE w.approaches SET valid_from = '2024-02-01', review_by = '2024-09-02';
CREATE TABLE stood (day date, customer integer, cell text, stage text, at_risk boolean, purchases bigint, due boolean, tier text, place bigint);
CREATE FUNCTION pg_temp.stand(at date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    kept text := (SELECT as_of FROM w.settings);
BEGIN
    UPDATE w.settings SET as_of = at::text;
    INSERT INTO stood SELECT at, c.customer, c.cell, c.stage, c.at_risk, c.purchases, EXISTS (SELECT FROM w.second_order_due d WHERE d.customer = c.customer), c.tier, coalesce(l.place, 0)
    FROM w.customers c LEFT JOIN ladder l ON l.policy = 'current' AND l.tier = c.tier;
    UPDATE w.settings SET as_of = kept;
END
$$;
SELECT pg_temp.stand(day) FROM (VALUES (date '2024-02-01'), ('2023-09-17'), ((SELECT as_of FROM w.reporting_date))) v(day);
CREATE VIEW plain_due AS
SELECT 'policy' AS kind, cell AS name, valid_from, review_by, campaign FROM w.policies WHERE review_by <= (SELECT day FROM as_of) UNION ALL SELECT 'approach', customers, valid_from, review_by, campaign FROM w.approaches WHERE review_by <= (SELECT day FROM as_of)
UNION ALL SELECT 'tier', tier, valid_from, review_by, campaign FROM w.tiers WHERE policy = 'current' AND review_by <= (SELECT day FROM as_of);
CREATE VIEW plain_review AS
SELECT d.kind || ' ' || d.name AS key, d.valid_from, d.review_by, a.day - d.review_by AS days_overdue, d.campaign, CASE WHEN d.valid_from < a.day THEN a.day - d.valid_from END AS days, count(o.customer) AS customers,
    count(*) FILTER (WHERE n.stage <> 'lost' AND g.good) AS kept_customers, count(*) FILTER (WHERE n.stage <> 'lost' AND NOT g.good) AS worse_customers, count(*) FILTER (WHERE n.stage = 'lost') AS gone_customers,
    coalesce(sum(m.before), 0) AS revenue_before, coalesce(sum(m.since), 0) AS revenue_since, round(sum(m.before) / nullif(count(o.customer), 0), 2) AS revenue_before_per_customer, round(sum(m.since) / nullif(count(o.customer), 0), 2) AS revenue_since_per_customer, count(o.customer) >= 5 AS enough
FROM plain_due d CROSS JOIN as_of a
LEFT JOIN stood o ON o.day = d.valid_from AND CASE d.kind WHEN 'policy' THEN o.cell = d.name WHEN 'tier' THEN o.tier = d.name ELSE CASE d.name WHEN 'at_risk' THEN o.at_risk WHEN 'second_order_due' THEN o.due ELSE o.stage = d.name END END
LEFT JOIN stood n ON n.customer = o.customer AND n.day = a.day
LEFT JOIN LATERAL (SELECT CASE d.kind WHEN 'policy' THEN coalesce(n.cell <= o.cell, false) WHEN 'tier' THEN n.place >= o.place ELSE CASE d.name WHEN 'at_risk' THEN n.at_risk IS NOT TRUE WHEN 'second_order_due' THEN n.purchases > 1
    WHEN 'regular' THEN n.stage = 'regular' ELSE true END END AS good) g ON true
LEFT JOIN LATERAL (SELECT coalesce(sum(p.amount) FILTER (WHERE p.day >= d.valid_from), 0) AS since, coalesce(sum(p.amount) FILTER (WHERE p.day < d.valid_from AND p.day >= d.valid_from - (a.day - d.valid_from)), 0) AS before FROM plain_days p WHERE p.customer = o.customer) m ON true
GROUP BY d.kind, d.name, d.valid_from, d.review_by, d.campaign, a.day;
CREATE FUNCTION pg_temp.same_review(what text) RETURNS text LANGUAGE sql AS $$
    SELECT is(pg_temp.differences($q$ SELECT kind || ' ' || name AS key, valid_from, review_by, days_overdue, campaign, days, customers, kept_customers, worse_customers, gone_customers, revenue_before, revenue_since,
        revenue_before_per_customer, revenue_since_per_customer, enough FROM w.strategy_review $q$, 'SELECT * FROM plain_review', 'key'), '', what)
$$;
SELECT pg_temp.same_review('what is due, and what became of those who stood under it');
SELECT is((SELECT count(*) FILTER (WHERE kept_customers > 0 AND gone_customers > 0) > 6 AND bool_or(worse_customers > 0) FROM w.strategy_review), true, 'kept, worse and gone are among them');
SELECT is_empty($$ SELECT * FROM w.strategy_review WHERE customers <> kept_customers + worse_customers + gone_customers $$, 'they add up');
SELECT is((SELECT count(*) FROM w.strategy_review WHERE name IN ('BX', 'CY', 'gold')), 0::bigint, 'what has no review, or a later one, is not due');
SELECT alike((SELECT DISTINCT note FROM w.strategy_review), '%not what the strategy did%', 'it says that it is no effect');
SELECT alike(pg_temp.under('UPDATE w.settings SET language = ''ru''', 'SELECT DISTINCT note FROM w.strategy_review'), '%что стало%', '... in another language too');
SELECT is(pg_temp.under(format('UPDATE w.approaches SET valid_from = %L, review_by = NULL; UPDATE w.approaches SET review_by = (SELECT as_of FROM w.reporting_date) WHERE customers = ''new'' AND valid_from <= (SELECT as_of FROM w.reporting_date)', day),
    'SELECT concat_ws('' '', customers, days, revenue_since_per_customer) FROM w.strategy_review WHERE kind = ''approach'''), expected, 'since ' || day)
FROM (VALUES ((SELECT as_of::text FROM w.reporting_date), '0'), ('-infinity', '0'), ('0044-03-15 BC', '0'), ('1950-01-01', '0 ' || (SELECT as_of - date '1950-01-01' FROM w.reporting_date))) v(day, expected);

SELECT is(pg_temp.under('UPDATE w.settings SET as_of = ''9999-12-31''', 'SELECT count(*) > 10 AND bool_or(days > 2900000) FROM w.strategy_review'), 'true', 'on any day');

SELECT matches(pg_temp.under('UPDATE w.settings SET ' || setting, 'SELECT concat_ws('' '', (SELECT count(tier) FROM w.customers), (SELECT count(x::text) FROM w.tier_summary x), (SELECT count(x::text) FROM w.tier_migration x), (SELECT count(x::text) FROM w.near_tier x),
    (SELECT count(x::text) FROM w.discount_cost x), (SELECT count(x::text) FROM w.strategy_review x), (SELECT count(x::text) FROM w.tier_what_if(''more "x" %s'') x))'), '^[0-9]+ 4 ', 'all can be read with ' || setting)
FROM unnest(ARRAY['as_of = ''0001-01-01''', 'as_of = ''0001-01-03'', tier_within = ''1000 years'', tier_hold = ''999 years''', 'as_of = ''9999-12-31'', tier_hold = ''999 years''', 'tier_within = ''24:00'', tier_hold = ''00:00:00.000001''',
    'tier_within = ''1 mon 1 us'', tier_hold = ''1 mon 23:59''', 'tier_calendar = true, tier_within = ''1 mon'', tier_hold = ''999 years 30 days'', period = ''day''', 'as_of = ''2023-01-01''', 'as_of = ''today'', tier_count_by = ''orders''']) setting;

-- --- The same from what is stored ---

CREATE TABLE live AS SELECT (SELECT array_agg(x::text ORDER BY x) FROM w.tier_summary x) AS summary, (SELECT array_agg(x::text ORDER BY x) FROM w.tier_migration x) AS migration, (SELECT array_agg(x::text ORDER BY x) FROM w.near_tier x) AS near,
    (SELECT array_agg(x::text ORDER BY x) FROM w.discount_cost x) AS cost, (SELECT array_agg(x::text ORDER BY x) FROM w.strategy_review x) AS review, (SELECT array_agg(x::text ORDER BY x) FROM w.tier_what_if('more "x" %s') x) AS moves, (SELECT array_agg((x.customer, x.tier)::text ORDER BY x.customer) FROM w.customers x) AS tiers;
CREATE FUNCTION pg_temp.same_as_live(what text) RETURNS text LANGUAGE sql AS $$
    SELECT results_eq('SELECT (SELECT array_agg(x::text ORDER BY x) FROM w.tier_summary x), (SELECT array_agg(x::text ORDER BY x) FROM w.tier_migration x), (SELECT array_agg(x::text ORDER BY x) FROM w.near_tier x), (SELECT array_agg(x::text ORDER BY x) FROM w.discount_cost x),
        (SELECT array_agg(x::text ORDER BY x) FROM w.strategy_review x), (SELECT array_agg(x::text ORDER BY x) FROM w.tier_what_if(''more "x" %s'') x), (SELECT array_agg((x.customer, x.tier)::text ORDER BY x.customer) FROM w.customers x)', 'TABLE live', what)
$$;
SELECT is((SELECT cardinality(summary) = 4 AND cardinality(migration) > 50 AND cardinality(near) > 5 AND cardinality(cost) = 12 AND cardinality(review) > 10 AND cardinality(moves) > 4 FROM live), true, 'what is compared has rows');
SELECT lives_ok($$ SELECT attach_orders('orders', workspace => 'w', storage => 'materialized', diagnose => false) $$, 'stored');
SELECT pg_temp.same_as_live('the same where figures are stored');
SELECT pg_temp.same_views('tier_hold = ''10 days''', true);
SELECT lives_ok($$ UPDATE w.settings SET tier_hold = '1 month'; SELECT attach_orders('orders', workspace => 'w', storage => 'incremental', diagnose => false) $$, 'kept by triggers');
UPDATE w.settings SET tier_hold = (SELECT interval '45 days');
SELECT pg_temp.same_as_live('the same where triggers keep histories');
SELECT lives_ok($$ INSERT INTO orders SELECT 5000 + n, n % 50, date '2024-11-01' + n % 60, 30, 5 FROM generate_series(1, 200) n; DELETE FROM orders WHERE order_id % 10 = 3 $$, 'more orders, and fewer');
SELECT pg_temp.same_views('enough = 5');
SELECT lives_ok($$ SELECT attach_orders('orders', workspace => 'w', storage => 'view', profit => '', diagnose => false) $$, 'without profit');
SELECT is((SELECT count(profit) + count(margin) + count(break_even_uplift) FROM w.discount_cost) + (SELECT count(margin) + count(break_even_uplift) FROM w.tier_what_if('more "x" %s')), 0::bigint, 'no profit, no margin');

-- in parallel, in parts, in any order
CREATE TABLE parts AS SELECT h.customer, h.history, t.rules, e.ends FROM w.customer_history h, w.tier_ladder t, LATERAL (SELECT array_agg(as_of ORDER BY as_of) AS ends FROM plain_end) e WHERE t.policy = 'current';
SELECT is((SELECT array_agg(t::text) FROM (SELECT _clientele.tier_tally(history, NULL, rules, '2023-06-01', '2024-12-01' ORDER BY random()) AS a FROM parts) x, _clientele.tier_tally_rows(a) t),
    (SELECT array_agg(t::text) FROM (SELECT _clientele.tier_tally(history, NULL, rules, '2023-06-01', '2024-12-01' ORDER BY customer) AS a FROM parts) x, _clientele.tier_tally_rows(a) t), 'in any order of rows');
SELECT throws_ok('SELECT _clientele.tier_tally(history, NULL, rules || ''x'', ''2023-06-01'', ''2024-12-01'') FROM parts', '22023', NULL, 'rules that are none');
SELECT throws_ok('SELECT _clientele.tier_migration(history, rules, ''{2024-01-01,2024-01-01}'') FROM parts', '22023', NULL, 'dates out of order');
SELECT throws_ok('SELECT _clientele.tier_migration(history, rules, ''{infinity}'') FROM parts', '22008', NULL, 'no date');
SELECT throws_ok('SELECT _clientele.tier_cost(history, rules, ''{1}'', ''2023-06-01'', ''2024-12-01'') FROM parts', '22023', NULL, 'a discount is missing');
SELECT throws_ok('SELECT * FROM _clientele.tier_tally_rows(''x'')', 'XX001', NULL, 'a tally that is none');

-- attached again: the tiers stay
SELECT is((SELECT count(*) FROM w.tiers), 7::bigint, 'tiers stay with the workspace');
SELECT * FROM finish();
ROLLBACK;
