-- attach_points(): its findings, and the views that come with it against points that are played through day by day, on random and hostile rows
BEGIN;
SELECT no_plan();
SET client_min_messages = warning;
\ir include/differences.sql
\ir include/plain_points.sql

SELECT setseed(0.37);
CREATE TABLE orders AS
SELECT n AS order_id, (60 * random() ^ 1.5)::integer AS customer, timestamptz '2023-01-01 10:00+00' + (820 * random())::integer * interval '1 day' + (n % 24) * interval '1 hour' AS ordered_at,
    CASE WHEN random() < 0.1 THEN -5 ELSE 1 + (90 * random() ^ 2)::integer END AS amount
FROM generate_series(1, 700) n;
CREATE INDEX ON orders (customer);
-- no customer, strangers, odd times, none and too many points, ties, the future; of orders, some of which come back, in part, twice or more than whole
CREATE TABLE points AS
SELECT n AS id, CASE WHEN random() < 0.03 THEN NULL ELSE (70 * random() ^ 1.3)::integer END AS customer_id,
    CASE WHEN random() < 0.01 THEN NULL WHEN random() < 0.01 THEN 'infinity' WHEN random() < 0.01 THEN timestamptz '0044-03-15 12:00+00 BC' WHEN random() < 0.01 THEN '1970-01-01 00:00+00'
        ELSE timestamptz '2023-01-01 00:00+00' + (900 * random())::integer * interval '1 day' + (24 * random())::integer * interval '1 hour' END AS happened_at,
    CASE WHEN random() < 0.01 THEN NULL WHEN random() < 0.01 THEN 'NaN' WHEN random() < 0.01 THEN 'infinity' WHEN random() < 0.01 THEN 0 WHEN random() < 0.3 THEN -(5 + 60 * random())::integer ELSE round((60 * random())::numeric, 1) END::numeric AS points,
    CASE WHEN random() < 0.4 THEN NULL WHEN random() < 0.05 THEN 0 ELSE (40 * random())::integer END AS order_id,
    CASE WHEN random() < 0.3 THEN NULL WHEN random() < 0.05 THEN 'infinity' WHEN random() < 0.05 THEN date '1970-01-01' ELSE date '2023-01-01' + (1200 * random())::integer END AS expires_on
FROM generate_series(1, 900) n;
INSERT INTO points SELECT 1000 + n, n % 50, timestamptz '2023-02-01 12:00+00' + n * interval '1 day', 10 + n % 9, 1000 + n, NULL FROM generate_series(1, 200) n;
INSERT INTO points SELECT 2000 + n, n % 50, timestamptz '2023-03-01 12:00+00' + n * interval '1 day', -(CASE n % 3 WHEN 0 THEN 10 + n % 9 WHEN 1 THEN 4 ELSE 30 END), 1000 + n, NULL FROM generate_series(1, 200, 4) n;
INSERT INTO points SELECT 3000 + n, n % 50, timestamptz '2023-02-01 12:00+00' + n * interval '1 day', -25, 1000 + n, NULL FROM generate_series(1, 200, 5) n; -- paid with, on the same day
INSERT INTO points SELECT id + 5000, customer_id, happened_at, points, order_id, expires_on FROM points WHERE id % 30 = 0;
CREATE INDEX ON points (customer_id);
SELECT lives_ok($$ SELECT attach_orders('orders', workspace => 'w', time_zone => 'America/New_York', diagnose => false) $$, 'attach orders');
SELECT hasnt_view('w', 'points_balances', 'nothing about points without them');
SELECT is_empty('SELECT * FROM w.point_rows', '... but their rows, of which there are none');
SELECT lives_ok($$ CREATE TABLE findings AS SELECT * FROM attach_points('points', workspace => 'w') $$, 'attach points');

-- --- The points that count, in plain SQL and loops ---

CREATE VIEW plain_rows AS
SELECT p.id, p.customer_id AS customer, d.day, p.points, nullif(p.order_id, 0)::text AS order_id,
    CASE WHEN p.expires_on = 'infinity' THEN date '9999-12-31' WHEN p.expires_on <> '1970-01-01' THEN p.expires_on WHEN s.points_valid IS NOT NULL THEN (d.day + s.points_valid)::date END AS expires_on
FROM points p CROSS JOIN w.settings s CROSS JOIN w.reporting_date r CROSS JOIN LATERAL (SELECT (p.happened_at AT TIME ZONE 'America/New_York')::date AS day) d
WHERE p.customer_id IS NOT NULL AND p.happened_at > '2000-01-01' AND isfinite(p.happened_at) AND abs(p.points) < 'infinity' AND p.points <> 0 AND d.day < r.as_of;
CREATE FUNCTION pg_temp.play_all() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    back record;
    lot record;
    rest numeric;
    taken numeric;
BEGIN
    DELETE FROM plain_counted;
    INSERT INTO plain_counted SELECT p.id, p.customer, p.day, p.points, p.points, p.order_id, CASE WHEN p.points > 0 THEN p.expires_on END FROM plain_rows p;
    FOR back IN
        SELECT n.* FROM plain_counted n
        WHERE n.points < 0 AND n.order_id IS NOT NULL AND n.day > (SELECT min(e.day) FROM plain_counted e WHERE e.customer = n.customer AND e.order_id = n.order_id AND e.points > 0)
        ORDER BY n.day, n.points, n.id
    LOOP
        rest := -back.points;
        FOR lot IN SELECT n.* FROM plain_counted n WHERE n.customer = back.customer AND n.order_id = back.order_id AND n.points > 0 AND n.counted > 0 ORDER BY n.day, n.points, n.expires_on, n.id LOOP
            taken := least(rest, lot.counted);
            UPDATE plain_counted SET counted = counted - taken WHERE id = lot.id;
            UPDATE plain_counted SET counted = counted + taken WHERE id = back.id;
            rest := rest - taken;
        END LOOP;
    END LOOP;
    PERFORM pg_temp.play(as_of) FROM w.reporting_date;
END
$$;
CREATE VIEW plain_balances AS
SELECT c.customer AS key, coalesce(sum(c.counted) FILTER (WHERE c.counted > 0), 0) AS earned, coalesce(-sum(c.counted) FILTER (WHERE c.counted < 0), 0) AS redeemed, coalesce(l.expired, 0) AS expired, coalesce(l.balance, 0) AS balance,
    coalesce(l.expiring, 0) AS expiring, coalesce(min(d.debt), 0) AS overdrawn, round(coalesce(l.balance, 0) * s.point_cost, 2) AS points_value
FROM plain_counted c CROSS JOIN w.settings s
LEFT JOIN (SELECT l.customer, sum(l.expired) AS expired, sum(l.left_over) AS balance, sum(l.left_over) FILTER (WHERE l.expires_on <= r.as_of + 30) AS expiring FROM plain_lots l CROSS JOIN w.reporting_date r GROUP BY 1) l ON l.customer = c.customer
LEFT JOIN plain_debts d ON d.customer = c.customer
GROUP BY c.customer, l.expired, l.balance, l.expiring, s.point_cost;
CREATE VIEW plain_expected AS
SELECT l.*, extract(year FROM age(r.as_of, l.day)) * 12 + extract(month FROM age(r.as_of, l.day)) AS age_months, l.left_over * (1 - pg_temp.lasting(coalesce(l.expires_on - l.day - 1, 100000)) / pg_temp.lasting(r.as_of - l.day - 1)) AS redeemed,
    l.expires_on <= r.as_of + 30 AS is_expiring
FROM (SELECT x.day, x.expires_on, sum(x.left_over) AS left_over FROM plain_lots x WHERE x.left_over > 0 GROUP BY 1, 2) l CROSS JOIN w.reporting_date r;

CREATE FUNCTION pg_temp.same_views(setting text, refresh boolean DEFAULT false) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'UPDATE w.settings SET ' || setting;
    IF refresh THEN PERFORM refresh_workspace('w'); END IF;
    PERFORM pg_temp.play_all();
    CREATE TABLE outlook AS SELECT * FROM plain_expected;
    RETURN NEXT bag_eq('SELECT customer, day, points, counted_points, order_id, expires_on, kind FROM w.points_enriched', $q$ SELECT customer, day, points, counted, order_id, expires_on,
        CASE WHEN points > 0 THEN 'earned' WHEN counted = 0 THEN 'taken back' ELSE 'redeemed' END AS kind FROM plain_counted $q$, 'points with ' || setting);
    RETURN NEXT is(pg_temp.differences('SELECT customer AS key, earned, redeemed, expired, balance, expiring, overdrawn, points_value FROM w.points_balances', 'SELECT * FROM plain_balances', 'key'), '', '... balances');
    RETURN NEXT is(pg_temp.differences('SELECT age_months AS key, open_points, expiring, redeemed_share, expected_redeemed, liability FROM w.points_by_age', $q$
        SELECT o.age_months AS key, sum(o.left_over) AS open_points, coalesce(sum(o.left_over) FILTER (WHERE o.is_expiring), 0) AS expiring, sum(o.redeemed) / sum(o.left_over)::float8 AS redeemed_share,
            round(sum(o.redeemed)::numeric, 2) AS expected_redeemed, round((sum(o.redeemed) * s.point_cost)::numeric, 2) AS liability
        FROM outlook o CROSS JOIN w.settings s GROUP BY o.age_months, s.point_cost $q$, 'key'), '', '... by age');
    RETURN NEXT is(pg_temp.differences('SELECT * FROM w.points_liability', $q$
        SELECT r.as_of, b.*, o.open_points, b.all_expiring AS expiring, pg_temp.lasting(100000) AS breakage, round(o.redeemed::numeric, 2) AS expected_redeemed, o.open_points - round(o.redeemed::numeric, 2) AS expected_breakage,
            s.point_cost, round(o.open_points * s.point_cost, 2) AS points_value, round((o.redeemed * s.point_cost)::numeric, 2) AS liability, b.customers >= s.enough AS enough
        FROM w.settings s CROSS JOIN w.reporting_date r
        CROSS JOIN (SELECT count(*) FILTER (WHERE earned > 0 OR redeemed > 0) AS customers, count(*) FILTER (WHERE balance > 0) AS customers_with_points, sum(earned) AS earned, sum(redeemed) AS redeemed, sum(expired) AS expired, sum(overdrawn) AS overdrawn, sum(expiring) AS all_expiring FROM plain_balances) b
        CROSS JOIN (SELECT sum(left_over) AS open_points, sum(redeemed) AS redeemed FROM outlook) o $q$, 'as_of'), '', '... liability');
    RETURN NEXT bag_eq($q$ SELECT customer, day, title, detail, amount FROM w.customer_timeline WHERE kind = 'points' $q$, $q$ SELECT customer, day, CASE WHEN points > 0 THEN '+' ELSE '' END || trim_scale(points) AS title,
        CASE WHEN points > 0 THEN 'earned' ELSE 'redeemed' END || coalesce(', ' || order_id, '') AS detail, NULL::numeric AS amount FROM plain_rows $q$, '... in the timeline');
    DROP TABLE outlook;
END
$$;
SELECT pg_temp.same_views('enough = 30');
CREATE TABLE said_counted AS SELECT * FROM plain_counted;
CREATE TABLE said_debts AS SELECT * FROM plain_debts;
SELECT ok((SELECT count(*) FILTER (WHERE expired > 0) > 30 AND count(*) FILTER (WHERE overdrawn > 0) > 5 AND count(*) FILTER (WHERE balance > 0) > 30 AND count(*) FILTER (WHERE expiring > 0) > 1 FROM plain_balances), 'some of each');
SELECT ok((SELECT count(*) FILTER (WHERE kind = 'taken back') > 20 AND count(*) FILTER (WHERE kind = 'redeemed' AND counted_points <> points) > 10 AND count(*) FILTER (WHERE kind = 'earned' AND counted_points BETWEEN 0.1 AND points - 0.1) > 10 FROM w.points_enriched), '... and of reversals, whole and in part');
SELECT pg_temp.same_views('points_valid = ''3 months'', point_cost = 0.0123');
SELECT pg_temp.same_views('points_valid = ''40 days'', as_of = ''2024-05-31'', time_zone = ''America/New_York''');
SELECT pg_temp.same_views('points_valid = ''1000 years'', point_cost = 0');
SELECT pg_temp.same_views('points_valid = ''12 months'', as_of = ''2023-02-28'', point_cost = 0.01');
SELECT pg_temp.same_views('as_of = ''2025-03-31'', enough = 20');

-- --- The same in any order, and wherever figures are stored ---

CREATE FUNCTION pg_temp.shown() RETURNS text[] LANGUAGE sql AS $$
    SELECT ARRAY[(SELECT array_agg(x::text ORDER BY x.customer)::text FROM w.points_balances x), (SELECT array_agg(x::text ORDER BY x.age_months)::text FROM w.points_by_age x), (SELECT array_agg(x::text)::text FROM w.points_liability x),
        (SELECT array_agg(x::text ORDER BY x::text)::text FROM w.points_enriched x)]
$$;
CREATE TABLE live AS SELECT pg_temp.shown() AS shown;
CREATE TABLE shuffled AS SELECT * FROM points ORDER BY random();
SELECT lives_ok($$ SELECT attach_points('shuffled', workspace => 'w') $$, 'in another order');
SELECT is(pg_temp.shown(), shown, '... the same') FROM live;
SELECT lives_ok($$ SELECT attach_points('points', workspace => 'w'); SELECT attach_orders('orders', workspace => 'w', storage => 'materialized', diagnose => false) $$, 'stored');
SELECT is(pg_temp.shown(), shown, '... the same') FROM live;
SELECT pg_temp.same_views('as_of = ''2024-06-30'', points_valid = ''100 days''', true);
INSERT INTO points VALUES (9000, 1, '2024-06-01 12:00+00', 100000, NULL, NULL);
SELECT cmp_ok((SELECT balance FROM w.points_balances WHERE customer = 1), '<', 100000::numeric, 'what is new waits ...');
SELECT lives_ok($$ SELECT refresh_workspace('w') $$, '... for a refresh');
SELECT cmp_ok((SELECT balance FROM w.points_balances WHERE customer = 1), '>', 99000::numeric, '... and is there');
DELETE FROM points WHERE id = 9000;
SELECT lives_ok($$ UPDATE w.settings SET as_of = '2025-03-31', points_valid = '12 months'; SELECT attach_orders('orders', workspace => 'w', storage => 'incremental', diagnose => false) $$, 'kept by triggers');
SELECT is(pg_temp.shown(), shown, '... the same') FROM live;
SELECT lives_ok($$ SELECT attach_orders('orders', workspace => 'w', storage => 'view', diagnose => false) $$, 'from the orders again');
SELECT is(pg_temp.shown(), shown, '... the same') FROM live;
SELECT is_empty($$ SELECT FROM w.points_total t WHERE t.redemption <> (SELECT rollup(p.s) FROM (SELECT points_redemption(a.account, t.as_of) AS s FROM w.points_accounts a GROUP BY hashint4(a.customer) % 7) p) $$, 'the parts together are the whole');

-- --- Findings: each where it must come, and not elsewhere ---

SELECT results_eq($$ SELECT topic, finding FROM findings WHERE topic NOT IN ('customer', 'happened_at', 'change', 'order_id', 'expires_on') $$, $$
    WITH p AS (SELECT q.*, (q.happened_at > '2000-01-01' AND isfinite(q.happened_at)) IS TRUE AS timed, abs(q.points) < 'infinity' AS valid, (q.happened_at AT TIME ZONE 'America/New_York')::date AS day FROM points q),
    k AS (SELECT p.*, (timed AND valid AND customer_id IS NOT NULL AND day < (SELECT max((ordered_at AT TIME ZONE 'America/New_York')::date) + 1 FROM orders)) IS TRUE AS counts FROM p),
    c AS (SELECT count(*) AS n, count(*) FILTER (WHERE counts) AS counted, count(DISTINCT customer_id) FILTER (WHERE counts) AS customers, count(*) FILTER (WHERE NOT timed) AS no_time, count(*) FILTER (WHERE happened_at = '1970-01-01 00:00+00') AS empty,
        count(*) FILTER (WHERE timed AND points IS NULL) AS no_points, count(*) FILTER (WHERE timed AND NOT valid) AS invalid, count(*) FILTER (WHERE timed AND valid AND customer_id IS NULL) AS no_customer,
        count(*) FILTER (WHERE timed AND valid AND customer_id IS NOT NULL AND NOT counts) AS future, count(*) FILTER (WHERE counts AND points > 0) AS earnings, count(*) FILTER (WHERE counts AND points > 0 AND expires_on > '2000-01-01' AND expires_on <= day) AS born_expired,
        count(*) FILTER (WHERE counts AND customer_id NOT IN (SELECT customer FROM orders WHERE amount IS NOT NULL)) AS strange, count(DISTINCT customer_id) FILTER (WHERE counts AND customer_id NOT IN (SELECT customer FROM orders)) AS strangers,
        count(*) FILTER (WHERE counts AND points < 0) AS redemptions FROM k),
    o AS (SELECT order_id, count(*) FILTER (WHERE points > 0) AS earnings, count(*) FILTER (WHERE points < 0) AS redemptions, count(DISTINCT customer_id) AS customers FROM k WHERE counts AND points <> 0 AND order_id <> 0 GROUP BY 1),
    d AS (SELECT count(*) AS n, count(*) FILTER (WHERE earnings > 1) AS twice, count(*) FILTER (WHERE o.customers > 1) AS several, count(*) FILTER (WHERE redemptions > 0 AND w.amount < 0) AS returns, count(*) FILTER (WHERE w.order_id IS NULL) AS unknown FROM o LEFT JOIN orders w USING (order_id)),
    t AS (SELECT sum(counted) FILTER (WHERE points > 0) AS earned, -sum(counted) FILTER (WHERE points < 0) AS redeemed, count(*) FILTER (WHERE points < 0 AND counted <> points) AS rows, sum(counted - points) FILTER (WHERE points < 0) AS taken FROM said_counted),
    v AS (SELECT count(*) FILTER (WHERE debt > 0) AS customers, sum(debt) AS points FROM said_debts)
    SELECT f.topic, f.finding FROM c, d, t, v CROSS JOIN LATERAL (VALUES (1, 'points', format('rows: %s, customers: %s, earned: %s, redeemed: %s', c.n, c.customers, trim_scale(t.earned), trim_scale(t.redeemed))),
        (3, 'cost', 'nobody said what a point costs'), (4, 'no time', 'rows left out: ' || _clientele.workspace_row_share(no_time, c.n)), (5, 'empty times', 'rows with 0001-01-01, 1899-12-30 or 1970-01-01: ' || _clientele.workspace_row_share(empty, c.n)),
        (6, 'no points', 'rows left out: ' || _clientele.workspace_row_share(no_points, c.n)), (7, 'invalid points', 'rows left out: ' || _clientele.workspace_row_share(invalid, c.n)), (8, 'no customer', 'rows left out: ' || _clientele.workspace_row_share(no_customer, c.n)),
        (9, 'future', 'rows left out: ' || _clientele.workspace_row_share(future, c.n)), (10, 'unknown customers', format('%s are of %s customers who are none of the orders''', _clientele.workspace_row_share(strange, counted), strangers)),
        (11, 'expired at once', 'earnings that expire on the day they are of, or before: ' || _clientele.workspace_row_share(born_expired, earnings)), (12, 'taken back', format('%s points in %s rows, of orders that had earned them', trim_scale(taken), t.rows)),
        (15, 'returns', format('points were redeemed for %s orders that are returns', d.returns)), (16, 'overdrawn', format('%s customers redeemed %s points more than they had', v.customers, trim_scale(v.points))),
        (17, 'earned twice', format('%s of %s orders', d.twice, d.n)), (18, 'several customers', format('%s of %s orders', d.several, d.n)), (19, 'unknown orders', format('%s of %s orders', d.unknown, d.n))) f(i, topic, finding) ORDER BY f.i $$, 'every finding');

-- Orders that come back: wholly under their number, or under one of their own; in part; with their points taken back, or not.
CREATE TABLE sold (order_id integer, customer integer, ordered_at date, amount numeric);
INSERT INTO sold VALUES (1, 1, '2024-01-01', 10), (1, 1, '2024-02-01', -10), (2, 1, '2024-01-02', 20), (3, 1, '2024-02-02', -20), (4, 2, '2024-01-03', 30), (4, 2, '2024-02-03', -5),
    (5, 2, '2024-01-04', 40), (6, 2, '2024-02-04', -40), (7, 3, '2024-01-05', 50), (8, 3, '2024-01-06', 50), (9, 3, '2024-01-07', -50), (10, 4, '2024-01-07', -60), (11, 4, '2024-01-08', 60), (12, NULL, '2024-01-09', 70), (13, NULL, '2024-01-10', -70), (14, 4, '2024-03-01', 5);
SELECT lives_ok($$ SELECT attach_orders('sold', workspace => 'back', diagnose => false) $$, 'orders that come back');
CREATE TABLE given AS SELECT s.order_id, s.customer, s.ordered_at AS at, s.amount AS points FROM sold s WHERE s.amount > 0 AND s.customer IS NOT NULL;
INSERT INTO given VALUES (5, 2, '2024-02-04', -40);
CREATE FUNCTION pg_temp.told(topics text) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(f.topic || ': ' || f.finding, '; ' ORDER BY f.n) FROM attach_points('given', workspace => 'back') WITH ORDINALITY f(topic, finding, advice, n) WHERE f.topic ~ topics
$$;
SELECT is(pg_temp.told('kept|returns|taken'), 'taken back: 40 points in 1 rows, of orders that had earned them; kept: 80 points of 3 orders that came back; kept in part: 30 points of 1 orders that came back in part', 'orders 1, 2 and 8 came back, 4 in part; 5 lost its points, 7 was there before 8, and 10 is of nothing');
UPDATE given SET points = -3, order_id = 4 WHERE points < 0;
SELECT is(pg_temp.told('kept|returns'), 'kept: 120 points of 4 orders that came back', 'some taken back of what came in part');
UPDATE given SET points = -40, order_id = 6 WHERE points < 0;
SELECT is(pg_temp.told('kept|returns'), 'kept: 10 points of 1 orders that came back; kept in part: 30 points of 1 orders that came back in part; returns: points were redeemed for 1 orders that are returns', 'taken back by the numbers of returns');
DELETE FROM given WHERE points < 0 OR order_id IN (1, 2, 4, 5, 8);
SELECT is(pg_temp.told('kept|returns|taken|overdrawn|twice|several|unknown|^no |expired|future|empty'), NULL, 'nothing to say of what is as it should be');
SELECT is(pg_temp.told('points|validity|cost'), 'points: rows: 3, customers: 2, earned: 115, redeemed: 0; validity: points never expire; cost: nobody said what a point costs', '... but for what nobody said');
SELECT matches((SELECT advice FROM attach_points('given', workspace => 'back') WHERE topic = 'points'), 'below zero', '... and that nothing was redeemed');
UPDATE back.settings SET points_valid = '1 year', point_cost = 0.01;
INSERT INTO given VALUES (NULL, 3, '2024-02-20', -5);
SELECT is((SELECT string_agg(topic, ',') FROM attach_points('given', workspace => 'back')), 'customer,happened_at,change,order_id,points', 'all said');
SELECT is((SELECT advice FROM attach_points('given', workspace => 'back') WHERE topic = 'points'), NULL, '... with nothing to do');
-- The same order twice, of which one half is taken back, row by row alike
INSERT INTO given VALUES (20, 5, '2024-01-01', 10), (20, 5, '2024-01-01', 10), (20, 5, '2024-01-02', -10);
SELECT bag_eq($$ SELECT kind, points, counted_points FROM back.points_enriched WHERE customer = 5 $$, $$ VALUES ('taken back', -10::numeric, 0::numeric), ('earned', 10, 0), ('earned', 10, 10) $$, 'rows alike are taken back one by one');
SELECT is(pg_temp.told('kept|twice'), 'earned twice: 1 of 4 orders', '... and it is told');

-- --- What became of those who complained ---

SELECT hasnt_view('w', 'after_compensation', 'neither offers nor answers');
CREATE TABLE answers AS SELECT CASE WHEN random() < 0.05 THEN NULL ELSE (65 * random() ^ 1.2)::integer END AS customer, timestamptz '2023-01-01 00:00+00' + (900 * random())::integer * interval '1 day' AS answered_at, (10 * random())::integer AS score,
    (ARRAY['negative', 'criticism', 'positive', 'idea', NULL, NULL])[1 + (5 * random())::integer] AS kind FROM generate_series(1, 300) n;
CREATE TABLE offers AS SELECT (65 * random())::integer AS customer, timestamptz '2023-01-01 12:00+00' + (900 * random())::integer * interval '1 day' AS offered_at, 'voucher' AS offer FROM generate_series(1, 400) n;
SELECT lives_ok($$ SELECT attach_answers('answers', workspace => 'w') $$, 'answers');
SELECT hasnt_view('w', 'after_compensation', '... alone');
SELECT lives_ok($$ SELECT attach_offers('offers', workspace => 'w') $$, 'offers');
SELECT has_view('w', 'after_compensation', 'both');
CREATE VIEW plain_days AS SELECT customer, (ordered_at AT TIME ZONE 'America/New_York')::date AS day, amount FROM orders;
CREATE VIEW plain_compensation AS
WITH span AS (SELECT r.as_of, r.as_of - (r.as_of - s.lost_after)::date AS days, s.lost_after, s.new_within, s.regular_within, s.regular_purchases, s.enough FROM w.reporting_date r, w.settings s),
complaint AS (SELECT a.customer, min((a.answered_at AT TIME ZONE 'America/New_York')::date) AS day FROM answers a WHERE a.customer IS NOT NULL AND (a.kind IN ('negative', 'criticism') OR a.kind IS NULL AND a.score <= 6) GROUP BY 1),
one AS (
    SELECT c.*, EXISTS (SELECT FROM offers o WHERE o.customer = c.customer AND (o.offered_at AT TIME ZONE 'America/New_York')::date BETWEEN c.day AND c.day + 29) AS offered, f.*, coalesce(t.stage, 'none') AS stage
    FROM complaint c CROSS JOIN span p
    CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE o.amount >= 0) AS orders, coalesce(sum(o.amount), 0) AS revenue FROM plain_days o WHERE o.customer = c.customer AND o.day >= c.day + 30 AND o.day < c.day + 30 + p.days) f
    LEFT JOIN LATERAL (
        SELECT CASE WHEN max(o.day) < (c.day - p.lost_after)::date THEN 'lost' WHEN count(DISTINCT o.day) FILTER (WHERE o.day >= (c.day - p.regular_within)::date) >= p.regular_purchases THEN 'regular'
            WHEN min(o.day) >= (c.day - p.new_within)::date THEN 'new' WHEN count(*) > 0 THEN 'occasional' END AS stage
        FROM plain_days o WHERE o.customer = c.customer AND o.amount >= 0 AND o.day < c.day) t ON true
    WHERE c.day + 30 + p.days <= p.as_of),
side AS (SELECT d.stage, o.offered, count(*) AS customers, count(*) FILTER (WHERE o.orders > 0) AS buyers, sum(o.revenue) AS revenue FROM one o CROSS JOIN LATERAL (VALUES ('all'), (o.stage)) d(stage) GROUP BY 1, 2)
SELECT v.i AS "position", v.stage, 30 AS offer_days, p.days AS span_days,
    coalesce(o.customers, 0) AS offered_customers, coalesce(o.buyers, 0) AS offered_buyers, coalesce(o.revenue, 0) AS offered_revenue, i.estimate AS offered_share, i.lower AS offered_share_lower, i.upper AS offered_share_upper, o.revenue / o.customers::float8 AS revenue_per_offered,
    coalesce(n.customers, 0) AS other_customers, coalesce(n.buyers, 0) AS other_buyers, coalesce(n.revenue, 0) AS other_revenue, j.estimate AS other_share, j.lower AS other_share_lower, j.upper AS other_share_upper, n.revenue / n.customers::float8 AS revenue_per_other,
    t.difference, t.lower AS difference_lower, t.upper AS difference_upper, t.p_value, coalesce(o.customers, 0) >= p.enough AND coalesce(n.customers, 0) >= p.enough AS enough
FROM (VALUES (1, 'all'), (2, 'none'), (3, 'new'), (4, 'occasional'), (5, 'regular'), (6, 'lost')) v(i, stage) CROSS JOIN span p
LEFT JOIN side o ON o.stage = v.stage AND o.offered LEFT JOIN side n ON n.stage = v.stage AND NOT n.offered
LEFT JOIN LATERAL wilson_interval(o.buyers, o.customers) i ON true LEFT JOIN LATERAL wilson_interval(n.buyers, n.customers) j ON true LEFT JOIN LATERAL share_test(o.buyers, o.customers, n.buyers, n.customers) t ON true;
CREATE FUNCTION pg_temp.same_compensation(setting text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'UPDATE w.settings SET ' || setting;
    RETURN NEXT is(pg_temp.differences('SELECT * FROM w.after_compensation', 'SELECT * FROM plain_compensation', 'stage'), '', 'after compensation with ' || setting);
END
$$;
SELECT pg_temp.same_compensation('as_of = ''auto'', enough = 5');
SELECT ok(offered_customers > 5 AND other_customers > 5 AND offered_buyers > 3 AND difference IS NOT NULL AND enough, 'there is something to compare') FROM w.after_compensation WHERE stage = 'all';
SELECT pg_temp.same_compensation('lost_after = ''45 days'', regular_purchases = 2');
SELECT pg_temp.same_compensation('as_of = ''2024-02-29'', lost_after = ''6 months''');
SELECT pg_temp.same_compensation('as_of = ''2023-01-05''');
SELECT lives_ok($$ UPDATE w.settings SET as_of = '2025-03-31', regular_purchases = 3; CREATE TABLE compensation AS SELECT * FROM w.after_compensation $$, 'as it was');
CREATE FUNCTION pg_temp.same_stored(storage text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    RETURN NEXT lives_ok(format($q$ SELECT attach_orders('orders', workspace => 'w', storage => %L, diagnose => false) $q$, storage), storage);
    RETURN NEXT results_eq('SELECT * FROM w.after_compensation', 'TABLE compensation', '... the same');
END
$$;
SELECT pg_temp.same_stored(storage) FROM unnest('{materialized,incremental,view}'::text[]) storage;
SELECT lives_ok($$ SELECT detach_answers('w') $$, 'without answers');
SELECT hasnt_view('w', 'after_compensation', '... there is none');
SELECT has_view('w', 'offer_acceptance', '... but what needs offers alone is there');
SELECT lives_ok($$ SELECT attach_answers('answers', workspace => 'w'); SELECT detach_offers('w') $$, 'without offers');
SELECT hasnt_view('w', 'after_compensation', '... there is none either');
SELECT has_view('w', 'nps_summary', '... but what needs answers alone is there');

-- --- Nothing, names, clocks, detaching ---

CREATE TABLE nothing (customer integer, happened_at date, points integer, order_id integer, expires_on date);
SELECT results_eq($$ SELECT topic, finding FROM attach_points('nothing', workspace => 'w') WHERE topic IN ('points', 'kept', 'overdrawn') $$, $$ VALUES ('points', 'rows: 0, customers: 0, earned: 0, redeemed: 0') $$, 'no points yet');
SELECT results_eq('SELECT customers, earned, open_points, breakage, expected_redeemed, points_value, liability, enough FROM w.points_liability', 'VALUES (0::bigint, 0::numeric, 0::numeric, NULL::float8, 0::numeric, 0::numeric, 0::numeric, false)', '... cost nothing');
SELECT is_empty('SELECT FROM w.points_by_age UNION ALL SELECT FROM w.points_balances', '... and nobody has any');
CREATE TABLE punkte AS SELECT 1 AS kunde, date '2024-01-01' AS datum, 50 AS punkte, 7 AS bestellnummer, date '2026-01-01' AS verfallsdatum;
CREATE TABLE "Баллы" AS SELECT 1 AS "Клиент", date '2024-01-01' AS "ДатаНачисления", 50 AS "Баллы", 7 AS "НомерЗаказа", date '2026-01-01' AS "ДатаСгорания";
CREATE TABLE english AS SELECT 1 AS member_id, timestamptz '2024-01-01 12:00+00' AS created_at, 50.5::real AS bonus_points, 7 AS invoice_no, timestamptz '2026-01-01 12:00+00' AS "ExpiryDate";
SELECT results_eq(format($$ SELECT array_agg(f.topic) FROM attach_points(%L, workspace => 'w') f WHERE f.finding LIKE '%%found by its name' $$, quote_ident(name)), $$ VALUES ('{customer,happened_at,change,order_id,expires_on}'::text[]) $$, name)
FROM unnest('{english,Баллы,punkte}'::text[]) name;
SELECT results_eq('SELECT customer, day, points, counted_points, order_id, expires_on, kind FROM w.points_enriched', $$ VALUES (1, date '2024-01-01', 50::numeric, 50::numeric, '7', date '2026-01-01', 'earned') $$, 'in German');
SELECT lives_ok($$ CREATE TABLE other_columns AS SELECT 1 AS who, date '2024-01-01' AS day, 5 AS a, -3 AS b, 7 AS order_id; SELECT attach_points('other_columns', 'who', 'day', 'a', workspace => 'w') $$, 'named');
SELECT results_eq('SELECT earned, expired FROM w.points_balances', 'VALUES (5::numeric, 5::numeric)', '... as told');
SELECT lives_ok($$ SELECT attach_points('other_columns', change => 'b', order_id => '', workspace => 'w') $$, 'attached again with another column, and without orders');
SELECT results_eq('SELECT b.balance, b.overdrawn, e.order_id FROM w.points_balances b, w.points_enriched e', 'VALUES (0::numeric, 3::numeric, NULL::text)', '... as told');
CREATE TABLE "Odd ""points' %s" AS SELECT 1 AS "cust""omer", timestamp '2024-03-03 23:30' AS "at' time", 5 AS "po%int", 'o"1' AS "or\der", timestamp '2024-03-04 23:30' AS "ex pires";
SELECT lives_ok($$ SELECT attach_orders('orders', workspace => 'Odd "w" %s', time_zone => 'Asia/Tokyo', diagnose => false) $$, 'days of Tokyo');
SELECT throws_ok($$ SELECT attach_points('"Odd ""points'' %s"', 'cust"omer', 'at'' time', 'po%int', 'or\der', 'ex pires', workspace => 'Odd "w" %s') $$, '22023', 'column "at'' time" has a clock without a time zone', 'whose clock is it');
SELECT lives_ok($$ SELECT attach_points('"Odd ""points'' %s"', 'cust"omer', 'at'' time', 'po%int', 'or\der', 'ex pires', workspace => 'Odd "w" %s', stored_in => 'UTC') $$, 'odd names');
SELECT results_eq('SELECT day, points, order_id, expires_on FROM "Odd ""w"" %s".points_enriched', $$ VALUES (date '2024-03-04', 5::numeric, 'o"1', date '2024-03-05') $$, 'half past eleven in UTC is the next day in Tokyo');
CREATE TABLE named AS SELECT 'Ann'::text AS customer, date '2024-01-01' AS happened_at, 5 AS points;
SELECT throws_like(statement, message, statement) FROM (VALUES
    ($$ SELECT attach_points(NULL) $$, 'points and workspace must not be NULL'), ($$ SELECT attach_points('punkte', workspace => 'nowhere') $$, '"nowhere" is not a workspace'), ($$ SELECT attach_points('named', workspace => 'w') $$, '%cannot be the customer of the orders: its type is text%'),
    ($$ SELECT attach_points('answers', workspace => 'w') $$, 'no column of %looks like the happened_at'), ($$ SELECT attach_points('punkte', change => 'page', workspace => 'w') $$, 'column "page"%'),
    ($$ SELECT attach_points('punkte', change => 'datum', workspace => 'w') $$, '%cannot be the change%'), ($$ SELECT attach_points('w.points_balances', workspace => 'w') $$, '%part of the workspace')) v(statement, message);
SELECT lives_ok($$ SELECT detach_points('w') $$, 'detach');
SELECT is_empty($$ SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'w'::regnamespace AND c.relname ~ '^points_' $$, '... takes the views away');
SELECT is_empty('SELECT * FROM w.point_rows', '... and their rows');
SELECT lives_ok($$ SELECT attach_orders('orders', workspace => 'w', storage => 'materialized', diagnose => false); SELECT attach_points('points', workspace => 'w'); SELECT refresh_workspace('w') $$, 'stored from the beginning');
UPDATE w.settings SET enough = 20;
SELECT is(pg_temp.shown(), shown, '... the same') FROM live;
SELECT lives_ok($$ SELECT detach_points('w'); SELECT drop_workspace('w', cascade => true) $$, 'detach and drop');

SELECT * FROM finish();
ROLLBACK;
