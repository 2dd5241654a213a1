-- attach_lines(): its findings, and the views that come with it against plain SQL on random and hostile lines
BEGIN;
SELECT no_plan();
SET client_min_messages = warning;
\ir include/differences.sql
\ir include/under.sql

SELECT setseed(0.19);
CREATE TABLE orders AS
SELECT n AS order_id, CASE WHEN random() < 0.05 THEN NULL ELSE (90 * random() ^ 1.5)::integer END AS customer,
    timestamptz '2023-01-01 10:00+00' + (800 * random())::integer * interval '1 day' + (n % 24) * interval '1 hour' AS ordered_at,
    CASE WHEN random() < 0.05 THEN -5 ELSE 1 + (90 * random() ^ 2)::integer END AS amount, (ARRAY['web', 'shop', NULL])[1 + (2 * random())::integer] AS source
FROM generate_series(1, 900) n;
-- a refund under the number of its order
INSERT INTO orders SELECT order_id, customer, ordered_at + interval '3 days', -amount, source FROM orders WHERE amount > 0 AND order_id % 15 = 0;
CREATE INDEX ON orders (customer);
-- no order, no product, blanks, an order's line twice, an order that there is not, a dealer's, odd amounts
CREATE TABLE lines AS
SELECT row_number() OVER () AS id, n AS order_id, CASE WHEN random() < 0.02 THEN (ARRAY[' ', NULL])[1 + random()::integer] ELSE (ARRAY['p', ' p '])[1 + (random() ^ 3)::integer] || (12 * random() ^ 2)::integer END AS product,
    (ARRAY['food', 'care', 'O''Brien "x" %s', NULL])[1 + (3 * random())::integer] AS category, 1 + (2 * random())::integer AS qty,
    CASE WHEN random() < 0.02 THEN 'NaN' ELSE round((20 * random())::numeric, 2) END AS amount, (ARRAY['Ann', 'Ben', ' ', NULL])[1 + (3 * random())::integer] AS employee
FROM generate_series(1, 880) n, generate_series(1, 1 + (n % 5)) k;
INSERT INTO lines SELECT 5000 + n, CASE WHEN n < 4 THEN NULL ELSE 7000 + n END, 'p1', 'food', 1, 1, 'Ann' FROM generate_series(1, 9) n;
INSERT INTO lines SELECT 9000 + n, (SELECT min(order_id) FROM orders WHERE amount > 0 AND customer IS NOT NULL), 'bulk' || n, 'bulk', 1, 1, NULL FROM generate_series(1, 110) n;
CREATE INDEX ON lines (order_id);
SELECT lives_ok($$ SELECT attach_orders('orders', workspace => 'w', time_zone => 'America/New_York', diagnose => false) $$, 'attach orders');
SELECT hasnt_view('w', 'product_pairs', 'nothing about lines without them');
SELECT lives_ok($$ CREATE TABLE findings AS SELECT * FROM attach_lines('lines', workspace => 'w') $$, 'attach lines');

-- --- The lines that count, in plain SQL ---

CREATE TABLE plain_lines (customer integer, order_id text, day date, instant timestamptz, product text, category text, quantity numeric, amount numeric, employee text, source text);
CREATE FUNCTION pg_temp.read_lines() RETURNS void LANGUAGE sql AS $$
    DELETE FROM plain_lines;
    INSERT INTO plain_lines
    SELECT o.customer, o.order_id::text, d.day, o.ordered_at, trim(l.product), nullif(trim(l.category), ''), l.qty, CASE WHEN l.amount <> 'NaN' THEN l.amount END, nullif(trim(l.employee), ''), o.source
    FROM lines l JOIN orders o ON o.order_id = l.order_id AND o.amount >= 0 CROSS JOIN w.reporting_date r
    CROSS JOIN LATERAL (SELECT (o.ordered_at AT TIME ZONE 'America/New_York')::date AS day) d
    WHERE trim(l.product) <> '' AND d.day < r.as_of;
$$;
CREATE FUNCTION plain_pairs(kind text) RETURNS TABLE (item text, with_item text, baskets bigint, baskets_with bigint, baskets_with_both bigint, all_baskets bigint) LANGUAGE sql STABLE AS $$
    WITH item AS (SELECT DISTINCT p.order_id, CASE kind WHEN 'product' THEN p.product ELSE p.category END AS item FROM plain_lines p WHERE kind = 'product' OR p.category IS NOT NULL),
    small AS (SELECT i.* FROM item i WHERE (SELECT count(*) FROM item x WHERE x.order_id = i.order_id) <= 100),
    one AS (SELECT s.item, count(*) AS baskets FROM small s GROUP BY 1)
    SELECT a.item, b.item, x.baskets, y.baskets, count(*), (SELECT count(DISTINCT order_id) FROM small)
    FROM small a JOIN small b ON b.order_id = a.order_id AND b.item <> a.item JOIN one x ON x.item = a.item JOIN one y ON y.item = b.item
    GROUP BY a.item, b.item, x.baskets, y.baskets HAVING count(*) >= 5
$$;
-- each rule by its bound; of what is not owned the best reason
CREATE VIEW plain_offers AS
WITH owned AS (SELECT DISTINCT customer, product FROM plain_lines WHERE customer IS NOT NULL),
offer AS (
    SELECT DISTINCT ON (o.customer, r.with_product) o.customer, r.with_product AS product, r.product AS because_of, r.confidence_lower AS bound, r.baskets_with_both
    FROM owned o JOIN w.product_pairs r ON r.product = o.product
    WHERE NOT EXISTS (SELECT FROM owned x WHERE x.customer = o.customer AND x.product = r.with_product)
    ORDER BY o.customer, r.with_product, r.confidence_lower DESC, r.baskets_with_both DESC, r.product COLLATE "C")
SELECT f.* FROM (SELECT o.customer, row_number() OVER (PARTITION BY o.customer ORDER BY o.bound DESC, o.baskets_with_both DESC, o.product COLLATE "C")::integer AS "position", o.product, o.because_of, o.bound, o.baskets_with_both FROM offer o) f
WHERE f."position" <= 10;
CREATE VIEW plain_customers AS
WITH bought AS (SELECT 'product' AS kind, product AS item, p.* FROM plain_lines p UNION ALL SELECT 'category', category, p.* FROM plain_lines p WHERE category IS NOT NULL),
counted AS (SELECT b.kind, b.item, b.customer, count(DISTINCT b.order_id) AS orders FROM bought b WHERE b.customer IS NOT NULL GROUP BY 1, 2, 3),
total AS (SELECT b.kind, b.item, count(DISTINCT b.order_id) AS orders, sum(b.quantity) AS quantity, sum(b.amount) AS revenue FROM bought b GROUP BY 1, 2)
SELECT t.kind || ' ' || t.item AS key, count(c.customer) AS customers, count(*) FILTER (WHERE c.orders > 1) AS repeat_customers, count(*) FILTER (WHERE c.orders > 1)::float8 / nullif(count(c.customer), 0) AS repeat_share,
    t.orders, t.quantity, t.revenue, count(*) FILTER (WHERE s.stage = 'regular') AS regular_customers, count(*) FILTER (WHERE s.stage = 'lost') AS lost_customers
FROM total t LEFT JOIN counted c ON c.kind = t.kind AND c.item = t.item LEFT JOIN w.customers s ON s.customer = c.customer
GROUP BY t.kind, t.item, t.orders, t.quantity, t.revenue;
CREATE VIEW plain_next AS
WITH small AS (SELECT p.order_id FROM plain_lines p GROUP BY 1 HAVING count(DISTINCT p.product) <= 100),
visit AS (SELECT o.*, row_number() OVER (PARTITION BY o.customer ORDER BY o.day, o.instant, o.order_id) AS visit, lead(o.day) OVER (PARTITION BY o.customer ORDER BY o.day, o.instant, o.order_id) AS next_day
    FROM (SELECT DISTINCT p.customer, p.order_id, p.day, p.instant FROM plain_lines p JOIN small USING (order_id) WHERE p.customer IS NOT NULL) o),
item AS (SELECT DISTINCT v.*, k.kind, k.item FROM visit v JOIN plain_lines p USING (order_id) CROSS JOIN LATERAL (VALUES ('product', p.product), ('category', p.category)) k(kind, item) WHERE k.item IS NOT NULL)
SELECT a.kind || ' ' || a.item || ' ' || b.item AS key, x.orders, count(*) AS followed_by, count(*)::float8 / x.orders AS share, y.later::float8 / n.later AS base_share,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY (b.day - a.day)::float8) AS median_days
FROM item a JOIN item b ON b.kind = a.kind AND b.customer = a.customer AND b.visit = a.visit + 1
JOIN (SELECT kind, item, count(*) FILTER (WHERE next_day IS NOT NULL) AS orders FROM item GROUP BY 1, 2) x ON x.kind = a.kind AND x.item = a.item
JOIN (SELECT kind, item, count(*) FILTER (WHERE visit > 1) AS later FROM item GROUP BY 1, 2) y ON y.kind = b.kind AND y.item = b.item
CROSS JOIN (SELECT count(*) AS later FROM visit WHERE visit > 1) n
GROUP BY a.kind, a.item, b.item, x.orders, y.later, n.later HAVING count(*) >= 5;
CREATE VIEW plain_waiting AS
WITH first AS (SELECT customer, category, min(day) AS day FROM plain_lines WHERE customer IS NOT NULL AND category IS NOT NULL GROUP BY 1, 2)
SELECT f.category || ' ' || c.category AS key, count(*) AS customers, count(b.day) AS bought, median_survival(survival_agg(coalesce(b.day, r.as_of) - f.day, b.day IS NOT NULL)) AS median_days
FROM first f CROSS JOIN (SELECT DISTINCT category FROM first) c CROSS JOIN w.reporting_date r LEFT JOIN first b ON b.customer = f.customer AND b.category = c.category
WHERE c.category <> f.category AND (b.day IS NULL OR b.day > f.day) GROUP BY f.category, c.category;
CREATE VIEW plain_rates AS
WITH seller AS (SELECT DISTINCT k.by, k.value, p.category, p.order_id FROM plain_lines p CROSS JOIN LATERAL (VALUES ('employee', p.employee), ('source', p.source)) k(by, value) WHERE k.value IS NOT NULL AND p.category IS NOT NULL),
pair AS (SELECT DISTINCT a.category, b.category AS with_category FROM plain_lines a JOIN plain_lines b USING (order_id) WHERE a.category <> b.category)
SELECT s.by || ' ' || s.value || ' ' || s.category || ' ' || p.with_category AS key, count(*) AS orders,
    count(*) FILTER (WHERE EXISTS (SELECT FROM plain_lines x WHERE x.order_id = s.order_id AND x.category = p.with_category)) AS orders_with
FROM seller s JOIN pair p ON p.category = s.category GROUP BY s.by, s.value, s.category, p.with_category;

CREATE FUNCTION pg_temp.same_views(setting text, refresh boolean DEFAULT false) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'UPDATE w.settings SET ' || setting;
    IF refresh THEN PERFORM refresh_workspace('w'); END IF;
    PERFORM pg_temp.read_lines();
    RETURN NEXT bag_eq('SELECT * FROM w.order_lines', 'SELECT * FROM plain_lines', 'lines with ' || setting);
    RETURN NEXT bag_eq('SELECT product, with_product, baskets, baskets_with, baskets_with_both, all_baskets FROM w.product_pairs', $q$ SELECT * FROM plain_pairs('product') $q$, '... pairs');
    RETURN NEXT bag_eq('SELECT category, with_category, baskets, baskets_with, baskets_with_both, all_baskets FROM w.category_pairs', $q$ SELECT * FROM plain_pairs('category') $q$, '... of categories');
    RETURN NEXT bag_eq('SELECT customer, "position", product, because_of, bound, baskets_with_both FROM w.next_offers', 'SELECT * FROM plain_offers', '... offers');
    RETURN NEXT is(pg_temp.differences($q$ SELECT kind || ' ' || item AS key, customers, repeat_customers, repeat_share, orders, quantity, revenue, regular_customers, lost_customers FROM w.product_customers $q$, 'SELECT * FROM plain_customers', 'key'), '', '... customers');
    RETURN NEXT is(pg_temp.differences($q$ SELECT kind || ' ' || item || ' ' || next_item AS key, orders, followed_by, share, base_share, median_days FROM w.next_product $q$, 'SELECT * FROM plain_next', 'key'), '', '... what is next');
    RETURN NEXT is(pg_temp.differences($q$ SELECT category || ' ' || next_category AS key, customers, bought, median_days FROM w.time_to_category $q$, 'SELECT * FROM plain_waiting', 'key'), '', '... time to a category');
    RETURN NEXT is(pg_temp.differences($q$ SELECT dimension || ' ' || value || ' ' || category || ' ' || with_category AS key, orders, orders_with FROM w.attach_rates $q$, 'SELECT * FROM plain_rates', 'key'), '', '... rates');
    RETURN NEXT bag_eq($q$ SELECT customer, title, amount FROM w.customer_timeline WHERE kind = 'lines' $q$, 'SELECT customer, order_id, sum(amount) FROM plain_lines WHERE customer IS NOT NULL GROUP BY 1, 2', '... the timeline');
END
$$;
SELECT pg_temp.same_views(setting) FROM unnest(ARRAY['enough = 20', 'as_of = ''2024-03-01'', period = ''week''', 'as_of = ''2023-01-01''', 'as_of = ''auto'', period = ''month'', lost_after = ''50 days''']) setting;
SELECT is((SELECT count(*) > 50 FROM w.product_pairs) AND (SELECT count(*) > 200 FROM w.next_offers) AND (SELECT count(*) > 20 FROM w.next_product), true, 'there is something to compare');
SELECT is((SELECT count(*) FROM w.product_pairs WHERE product LIKE 'bulk%'), 0::bigint, 'an order of more than a hundred products makes no pairs');
SELECT is((SELECT count(*) FROM w.customer_timeline WHERE kind = 'lines' AND customer = 5), (SELECT count(*) FROM w.customer_timeline WHERE kind = 'order' AND customer = 5 AND title IN (SELECT order_id FROM plain_lines)), 'each order has its lines');

-- --- Ratios, classes, gaps ---

SELECT is_empty($$ SELECT p.product FROM w.product_pairs p CROSS JOIN LATERAL wilson_interval(p.baskets_with_both, p.baskets) i
    WHERE (p.confidence, p.confidence_lower, p.confidence_upper) <> (i.estimate, i.lower, i.upper) OR p.found <> (p.lift_lower > 1 AND p.size_adjusted > 1 AND p.size_adjusted_back > 1) OR p.enough <> (p.baskets >= 20) $$, 'shares and marks');
SELECT is_empty($$ SELECT c.item FROM (SELECT kind, item, abc, abc_class(revenue) OVER (PARTITION BY kind) AS plain FROM w.product_customers) c WHERE c.abc IS DISTINCT FROM c.plain $$, 'the ABC class of a product');
SELECT isnt_empty($$ SELECT FROM w.product_customers WHERE xyz IS NOT NULL $$, 'and its XYZ class');
SELECT is_empty($$ SELECT r.value FROM w.attach_rates r
    JOIN (SELECT dimension, category, with_category, percentile_cont(0.5) WITHIN GROUP (ORDER BY rate) AS median FROM w.attach_rates WHERE enough GROUP BY 1, 2, 3) m USING (dimension, category, with_category)
    WHERE r.median_rate IS DISTINCT FROM m.median OR r.enough AND (r.revenue_gap = 0) <> (round(r.orders * greatest(m.median - r.rate, 0)::numeric, 9) = 0) $$, 'the gap to the median');
SELECT isnt_empty($$ SELECT FROM w.attach_rates WHERE revenue_gap > 0 $$, '... where there is one');
SELECT results_eq($$ SELECT "position" FROM w.strongest_pairs $$, $$ SELECT n::bigint FROM generate_series(1, (SELECT count(*) FROM w.strongest_pairs)) n $$, 'the strongest pairs in their order');
SELECT bag_eq($$ SELECT customer FROM w.not_yet_bought('p1', 'care') $$,
    $$ SELECT customer::text FROM plain_lines WHERE customer IS NOT NULL GROUP BY customer HAVING bool_or(product = 'p1') AND NOT bool_or(coalesce(category = 'care', false) OR product = 'care') $$, 'who bought one and not the other');
SELECT is_empty($$ SELECT * FROM w.not_yet_bought('p1', 'p1') UNION ALL SELECT * FROM w.not_yet_bought('nothing', 'p1') UNION ALL SELECT * FROM w.not_yet_bought(NULL, 'p1') $$, 'nobody lacks what was bought');

-- --- The holdout ---

CREATE FUNCTION pg_temp.hits(cut date) RETURNS TABLE (method text, customers bigint, hits bigint) LANGUAGE sql AS $$
    WITH known AS (SELECT customer, array_agg(DISTINCT product) FILTER (WHERE day < cut) AS owned, array_agg(DISTINCT product) FILTER (WHERE day >= cut) AS bought FROM plain_lines WHERE customer IS NOT NULL GROUP BY 1),
    judged AS (SELECT * FROM known WHERE owned IS NOT NULL AND bought IS NOT NULL AND NOT bought <@ owned),
    sold AS (SELECT product, count(DISTINCT order_id) AS orders FROM plain_lines WHERE day < cut GROUP BY 1),
    pair AS (SELECT p.* FROM basket_pairs((SELECT basket_agg(order_id, product) FROM plain_lines WHERE day < cut)) p)
    SELECT 'pairs', count(*), count(*) FILTER (WHERE EXISTS (
        SELECT FROM (SELECT b.* FROM (
            SELECT DISTINCT ON (p.with_product) p.* FROM pair p WHERE p.product = ANY (j.owned) AND NOT p.with_product = ANY (j.owned) ORDER BY p.with_product, p.confidence_lower DESC, p.baskets_with_both DESC) b
            ORDER BY b.confidence_lower DESC, b.baskets_with_both DESC, b.with_product COLLATE "C" LIMIT 3) t WHERE t.with_product = ANY (j.bought))) FROM judged j
    UNION ALL
    SELECT 'popularity', count(*), count(*) FILTER (WHERE EXISTS (
        SELECT FROM (SELECT s.product FROM sold s WHERE NOT s.product = ANY (j.owned) ORDER BY s.orders DESC, s.product COLLATE "C" LIMIT 3) t WHERE t.product = ANY (j.bought))) FROM judged j
$$;
SELECT bag_eq($$ SELECT method, customers, hits FROM w.offer_holdout('2024-01-01', 3) $$, $$ SELECT * FROM pg_temp.hits('2024-01-01') $$, 'who would have been offered what was bought then');
SELECT results_eq($$ SELECT method, customers, hit_rate FROM w.offer_holdout('2000-01-01') $$, $$ VALUES ('pairs', 0::bigint, NULL::float8), ('popularity', 0, NULL) $$, 'nobody before the first order');
SELECT throws_ok($$ SELECT * FROM w.offer_holdout('2024-01-01', 0) $$, '22023', NULL, 'some offers are made');

-- --- Storages, an empty table, detaching ---

CREATE TABLE live AS SELECT p.* FROM w.product_pairs p;
CREATE TABLE live_next AS SELECT n.* FROM w.next_product n;
SELECT lives_ok($$ SELECT attach_orders('orders', workspace => 'w', storage => 'materialized', diagnose => false) $$, 'stored');
SELECT has_table('w', 'product_pairs_data', 'pairs are stored');
SELECT bag_eq('SELECT * FROM w.product_pairs', 'SELECT * FROM live', '... as they were');
SELECT bag_eq('SELECT * FROM w.next_product', 'SELECT * FROM live_next', '... and what is next');
INSERT INTO lines SELECT 20000 + order_id, order_id, 'new', 'food', 1, 1, 'Ann' FROM orders WHERE order_id % 4 = 0;
SELECT bag_eq('SELECT * FROM w.product_pairs', 'SELECT * FROM live', 'until refreshed');
SELECT pg_temp.same_views('enough = 20', true);
SELECT isnt_empty($$ SELECT FROM w.product_pairs WHERE product = 'new' $$, 'new lines are there');
SELECT lives_ok($$ SELECT attach_orders('orders', workspace => 'w', storage => 'incremental', diagnose => false) $$, 'kept');
INSERT INTO orders VALUES (99001, 5, '2024-05-05 10:00+00', 10, 'web'), (99002, 5, '2024-05-06 10:00+00', 10, 'web');
INSERT INTO lines VALUES (99001, 99001, 'p1', 'food', 1, 5, 'Ann'), (99002, 99001, 'p2', 'food', 1, 5, 'Ann'), (99003, 99002, 'p3', 'food', 1, 5, 'Ann');
SELECT pg_temp.same_views('enough = 10');
SELECT throws_ok($$ SELECT detach_lines('w') $$, '2BP01', NULL, 'what stands on the views keeps them');
DROP VIEW plain_offers;
SELECT lives_ok($$ SELECT detach_lines('w') $$, 'detach');
SELECT hasnt_view('w', 'product_pairs', '... their views are gone');
SELECT hasnt_function('w', 'not_yet_bought', '... and their functions');
SELECT is_empty($$ SELECT FROM w.customer_timeline WHERE kind = 'lines' $$, '... and the timeline knows none');
SELECT throws_ok($$ SELECT detach_lines('nowhere') $$, '3F000', NULL, 'not a workspace');
CREATE TABLE no_lines (order_id integer, product text);
SELECT lives_ok($$ CREATE TABLE found_in_none AS SELECT * FROM attach_lines('no_lines', workspace => 'w') $$, 'an empty table');
SELECT is_empty($$ SELECT product FROM w.product_pairs UNION ALL SELECT product FROM w.next_offers UNION ALL SELECT item FROM w.product_customers UNION ALL SELECT item FROM w.next_product
    UNION ALL SELECT category FROM w.time_to_category UNION ALL SELECT value FROM w.attach_rates UNION ALL SELECT product FROM w.strongest_pairs $$, '... has nothing to say');
SELECT bag_eq('SELECT topic, finding FROM found_in_none WHERE topic NOT IN (''order_id'', ''product'')',
    format('VALUES (%L, %L), (%L, %L)', 'lines', '0 of 0 orders, of 0 products', 'no lines', (SELECT format('orders: %1$s of %1$s (100 %%)', count(DISTINCT order_id)) FROM orders WHERE amount >= 0)), '... but that orders have no lines');

-- --- Findings ---

CREATE FUNCTION pg_temp.finding(wanted text) RETURNS text LANGUAGE sql AS 'SELECT finding FROM findings WHERE topic = wanted';
SELECT is(pg_temp.finding('no order_id'), format('lines left out: 3 of %s (%s %%)', n, round(300.0 / n, 2)), 'lines without a number') FROM (SELECT count(*) AS n FROM lines WHERE id < 20000) c(n);
SELECT matches(pg_temp.finding('no order'), '^lines left out: [0-9]+ of .*, of [0-9]+ orders$', 'lines of no order');
SELECT is(split_part(pg_temp.finding('no lines'), ' ', 2), (SELECT count(DISTINCT o.order_id) FROM orders o WHERE o.order_id < 99000 AND o.amount >= 0
    AND NOT EXISTS (SELECT FROM lines l WHERE l.id < 20000 AND l.order_id = o.order_id AND trim(l.product) <> ''))::text, 'orders without lines');
SELECT matches(pg_temp.finding('sums'), '^orders that say another amount than their lines: [0-9]+ of .*, by -?[0-9.]+ in all$', 'sums that differ');
SELECT matches(pg_temp.finding('large orders'), '^orders of more than 100 products: 1 of ', 'a dealer''s order');
SELECT is(pg_temp.finding('no products'), NULL, 'p1 is a product');
SELECT is(pg_temp.finding('one number'), NULL, 'a refund under the number of its order is no second one');
CREATE TABLE good_orders AS SELECT n AS order_id, n % 7 AS customer, date '2024-01-01' + n AS ordered_at, 10.00 AS amount FROM generate_series(1, 40) n;
CREATE TABLE good_lines AS SELECT o.order_id, (ARRAY['Deliverance', 'Tipping Point', 'port wine', 'Discounter'])[1 + o.order_id % 4] AS product, o.amount FROM good_orders o;
SELECT lives_ok($$ SELECT attach_orders('good_orders', workspace => 'g', diagnose => false) $$, 'good orders');
SELECT bag_eq($$ SELECT topic FROM attach_lines('good_lines', workspace => 'g') $$, $$ VALUES ('order_id'), ('product'), ('amount'), ('lines') $$, 'nothing to say of good lines');
INSERT INTO good_lines VALUES (1, 'shipping', 3.90), (2, 'gift card', 20), (3, 'rabatt 10 %', -1), (4, 'tip', 1);
SELECT results_eq($$ SELECT finding FROM attach_lines('good_lines', workspace => 'g') WHERE topic IN ('no products', 'sums') ORDER BY 1 $$,
    $$ VALUES ('gift card, rabatt 10 %, shipping, tip, in 4 of 44 (9.09 %)'), ('orders that say another amount than their lines: 4 of 40 (10.00 %), by 23.90 in all') $$, 'what is no product, and sums');
SELECT is((SELECT count(*) FROM g.order_lines), 44::bigint, '... told, and not dropped');
INSERT INTO good_orders VALUES (1, 2, '2024-02-01', 10);
SELECT is((SELECT finding FROM attach_lines('good_lines', workspace => 'g') WHERE topic = 'one number'), 'numbers that several orders have: 1 of 40 (2.50 %)', 'a number of two orders');

-- --- Lines that are the orders, other types, what is refused ---

CREATE TABLE sales AS SELECT l.order_id, o.customer, o.ordered_at, trim(l.product) AS product, l.amount FROM lines l JOIN orders o USING (order_id) WHERE o.amount > 0 AND o.order_id < 99000 AND l.amount <> 'NaN' AND trim(l.product) <> '';
SELECT lives_ok($$ SELECT attach_orders('sales', workspace => 's', order_id => 'order_id', diagnose => false), attach_lines('sales', workspace => 's') $$, 'lines that are the orders');
SELECT is((SELECT count(*) FROM s.order_lines), (SELECT count(*) FROM sales), '... each is of its own row');
SELECT bag_eq('SELECT product, with_product, baskets_with_both FROM s.product_pairs', $$ SELECT a.product, b.product AS with_product, count(DISTINCT order_id) FROM sales a JOIN sales b USING (order_id) WHERE a.product <> b.product
    AND order_id NOT IN (SELECT order_id FROM sales GROUP BY 1 HAVING count(DISTINCT product) > 100) GROUP BY 1, 2 HAVING count(DISTINCT order_id) >= 5 $$, '... and in the basket of its order');
CREATE TABLE text_lines AS SELECT order_id::text, product FROM good_lines;
SELECT throws_ok($$ SELECT attach_lines('text_lines', workspace => 'g') $$, '42804', 'column "order_id" of public.text_lines cannot be the order_id of the orders: its type is text, theirs is integer', 'another type');
CREATE TABLE big_lines AS SELECT order_id::numeric + 0.0 AS order_id, product FROM good_lines UNION ALL SELECT 1e30, 'x' UNION ALL SELECT 1.5, 'y';
SELECT is((SELECT finding FROM attach_lines('big_lines', workspace => 'g') WHERE topic = 'no order'), 'lines left out: 2 of 48 (4.17 %), of 2 orders', 'numbers of a wider type are found, or are none');
CREATE TABLE nameless AS SELECT customer, ordered_at, amount FROM good_orders;
SELECT lives_ok($$ SELECT attach_orders('nameless', workspace => 'n', diagnose => false) $$, 'orders without a number');
SELECT throws_ok($$ SELECT attach_lines('good_lines', workspace => 'n') $$, '55000', 'the orders of workspace "n" have no order_id that lines could tell theirs by', '... have no lines');
SELECT throws_ok($$ SELECT attach_lines('good_lines') $$, '3F000', NULL, 'no workspace');
SELECT throws_ok($$ SELECT attach_lines(NULL) $$, '22004', NULL, 'no table');
SELECT throws_ok($$ SELECT attach_lines('good_lines', product => 'none', workspace => 'g') $$, '42703', NULL, 'no such column');
CREATE TABLE many_names AS SELECT 1 AS order_id, 'a' AS product, 'b' AS sku;
SELECT throws_ok($$ SELECT attach_lines('many_names', workspace => 'g') $$, '42702', 'several columns of public.many_names look like the product: product, sku', 'several products');
CREATE TABLE own_id AS SELECT 1 AS id, 1 AS order_id, 'a' AS product;
SELECT lives_ok($$ SELECT attach_lines('own_id', workspace => 'g') $$, 'a line''s own number is no order''s');
CREATE TABLE "odd ""lines' %s" AS SELECT order_id AS "order ""id' %s", product AS "pro ""duct' %s" FROM good_lines;
SELECT lives_ok($$ SELECT attach_lines('"odd ""lines'' %s"', 'order "id'' %s', 'pro "duct'' %s', workspace => 'g') $$, 'odd names');
SELECT is((SELECT count(*) > 0 FROM g.order_lines), true, '... are read');

-- --- Lines of every kind of relation, and readers of theirs ---

CREATE TABLE parted_lines (order_id integer, product text, amount numeric) PARTITION BY RANGE (order_id);
CREATE TABLE first_lines PARTITION OF parted_lines FOR VALUES FROM (MINVALUE) TO (20);
CREATE TABLE other_lines PARTITION OF parted_lines DEFAULT;
INSERT INTO parted_lines SELECT order_id, product, amount FROM good_lines;
CREATE VIEW seen_lines AS SELECT order_id, product, amount FROM good_lines;
CREATE MATERIALIZED VIEW kept_lines AS SELECT order_id, product, amount FROM good_lines;
CREATE EXTENSION file_fdw;
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE FOREIGN TABLE far_lines (order_id integer, product text, amount numeric) SERVER files
    OPTIONS (program $$ awk 'BEGIN { for (n = 1; n <= 40; n++) print n ",tea,4\n" n ",cake,6" }' $$, format 'csv');
CREATE TABLE near_lines AS SELECT * FROM far_lines;
CREATE TABLE line_relations (lines regclass, same_as regclass);
INSERT INTO line_relations VALUES ('parted_lines', 'good_lines'), ('seen_lines', 'good_lines'), ('kept_lines', 'good_lines'), ('far_lines', 'near_lines');
CREATE FUNCTION pg_temp.lines_and_pairs(lines regclass) RETURNS TABLE (line_count bigint, revenue numeric, pairs jsonb) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM attach_lines(lines, workspace => 'g');
    RETURN QUERY SELECT count(*), sum(l.amount), (SELECT jsonb_agg(to_jsonb(p) ORDER BY p.product, p.with_product) FROM g.product_pairs p) FROM g.order_lines l;
END
$$;
SELECT results_eq(format('SELECT * FROM pg_temp.lines_and_pairs(%L)', lines), format('SELECT * FROM pg_temp.lines_and_pairs(%L)', same_as), 'lines as in a table: ' || lines) FROM line_relations;
SELECT is((SELECT max(baskets_with_both) FROM g.product_pairs), 40::bigint, 'those of far away have pairs');
CREATE ROLE lines_reader;
CREATE ROLE lines_stranger;
SELECT lives_ok($$ SELECT grant_workspace('g', 'lines_reader') $$, 'a reader is let in');
SELECT alike(pg_temp.under('SET LOCAL ROLE lines_reader', 'SELECT FROM near_lines'), '42501 permission denied for table near_lines', '... who may not read the lines');
SELECT is(pg_temp.under('SET LOCAL ROLE lines_reader', 'SELECT (SELECT max(baskets_with_both) FROM g.product_pairs) || $$ $$ || (SELECT count(*) FROM g.next_offers)'), (SELECT '40 ' || count(*) FROM g.next_offers), '... but what they come to');
SELECT alike(pg_temp.under('SET LOCAL ROLE lines_reader', 'SELECT attach_lines($$near_lines$$, workspace => $$g$$)'), '42501 %', '... and attaches none');
SELECT alike(pg_temp.under('SET LOCAL ROLE lines_stranger', 'SELECT count(*) FROM g.order_lines'), '42501 %', 'a stranger reads nothing');
SELECT alike(pg_temp.under('SET LOCAL ROLE lines_stranger', 'SELECT detach_lines($$g$$)'), '42501 %', '... and detaches nothing');

SELECT * FROM finish();
ROLLBACK;
