-- _clientele.offers(): the surest products that a customer has not got, against plain SQL on random data
BEGIN;
SELECT no_plan();
SELECT setseed(0.125);
\ir include/refuses.sql

CREATE TABLE order_lines AS SELECT 'o' || n / 4 AS order_id, (ARRAY['', 'p', 'чай ', '"'])[1 + n % 4] || floor(25 * random() ^ 2) AS product FROM generate_series(1, 1500) n;
CREATE TABLE pairs AS SELECT product COLLATE "C" AS product, with_product COLLATE "C" AS with_product, baskets, baskets_with_both, confidence_lower FROM basket_pairs((SELECT basket_agg(order_id, product) FROM order_lines), 2);
CREATE TABLE owned AS
SELECT n AS customer, array(SELECT CASE WHEN random() < 0.1 THEN NULL WHEN random() < 0.1 THEN 'unknown' ELSE product END FROM order_lines ORDER BY hashtext(order_id || product || n) LIMIT n % 12) AS products FROM generate_series(0, 80) n;
INSERT INTO owned SELECT 100, array_agg(DISTINCT product) FROM order_lines; -- has all
INSERT INTO owned VALUES (101, ARRAY[['p1', 'p2'], ['p1', NULL]]);
CREATE TABLE rules AS SELECT _clientele.offer_rules(product, with_product, baskets, baskets_with_both) AS r FROM pairs;

-- Of all that comes with something owned: each product for its best reason, and of these the best.
CREATE FUNCTION pg_temp.plain_offers(most integer) RETURNS TABLE (customer integer, "position" integer, product text, because_of text, bound float8, baskets_with_both bigint) LANGUAGE sql AS $$
    WITH reason AS (
        SELECT DISTINCT ON (o.customer, p.with_product) o.customer, p.with_product AS product, p.product AS because_of, p.confidence_lower AS bound, p.baskets_with_both
        FROM owned o JOIN pairs p ON p.product = ANY (o.products)
        WHERE NOT EXISTS (SELECT FROM unnest(o.products) u(product) WHERE u.product = p.with_product)
        ORDER BY o.customer, p.with_product, p.confidence_lower DESC, p.baskets_with_both DESC, p.product)
    SELECT r.customer, r."position"::integer, r.product, r.because_of, r.bound, r.baskets_with_both
    FROM (SELECT row_number() OVER (PARTITION BY customer ORDER BY bound DESC, baskets_with_both DESC, product) AS "position", * FROM reason) r WHERE "position" <= most
$$;
SELECT set_eq(format('SELECT o.customer, f."position", f.product, f.because_of, f.bound, f.baskets_with_both FROM owned o, rules, _clientele.offers(o.products, r, %s) f', most),
    format('SELECT * FROM pg_temp.plain_offers(%s)', most), format('the best %s', most)) FROM unnest(ARRAY[1, 2, 10, 1000]) most;
SELECT cmp_ok(count(*), '>', 300::bigint, 'there are offers') FROM owned o, rules, _clientele.offers(o.products, r, 10);
SELECT is_empty('SELECT o.customer FROM owned o, rules, _clientele.offers(o.products, r, 1000) f WHERE f.product = ANY (o.products) OR o.customer = 100 OR f.because_of <> ALL (o.products)', 'nothing that is owned, all for what is');
SELECT is((SELECT array_agg(f ORDER BY "position") FROM rules, _clientele.offers('{p1,p2}', r, 10) f), (SELECT array_agg(f ORDER BY "position") FROM rules, _clientele.offers('{p2,NULL,p1,p1,none}', r, 10) f), 'however the owned are listed');

-- The same rules however they come, and in parts
CREATE FUNCTION pg_temp.offered(r _clientele.offer_rules) RETURNS text LANGUAGE sql AS $$
    SELECT md5(string_agg(concat_ws(' ', o.customer, f), ',' ORDER BY o.customer, f."position")) FROM owned o, _clientele.offers(o.products, r, 20) f
$$;
SELECT is(pg_temp.offered(_clientele.offer_rules(product, with_product, baskets, baskets_with_both ORDER BY random())), (SELECT pg_temp.offered(r) FROM rules), 'in any order') FROM pairs;
SELECT is((SELECT count(*) FROM rules, _clientele.offers('{p1}', r, 10)), 10::bigint, 'rules are read again where they are stored');
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL parallel_leader_participation = off;
ALTER TABLE pairs SET (parallel_workers = 3);
ANALYZE pairs;
\ir include/plan_has.sql
SELECT ok(pg_temp.plan_has('SELECT _clientele.offer_rules(product, with_product, baskets, baskets_with_both) FROM pairs', 'Partial Aggregate'), 'workers make parts');
CREATE TABLE in_parallel AS SELECT _clientele.offer_rules(product, with_product, baskets, baskets_with_both) AS r FROM pairs;
SELECT is(pg_temp.offered(p.r), pg_temp.offered(r.r), 'of which the whole is made') FROM in_parallel p, rules r;

-- No rules, and rows that are none
SELECT is((SELECT count(*) FROM (SELECT _clientele.offer_rules(product, with_product, baskets, baskets_with_both) AS r FROM pairs WHERE false) n, _clientele.offers('{p1}', r, 10)), 0::bigint, 'no offers by no rules');
SELECT is((SELECT _clientele.offer_rules(a, b, n, m)::text FROM (VALUES ('a', 'b', 5::bigint, NULL), ('a', NULL, 5, 1), (NULL, 'b', 5, 1), ('a', 'b', NULL, 1), ('a', 'c', 5, 1)) v(a, b, n, m)), _clientele.offer_rules('a'::text, 'c'::text, 5::bigint, 1)::text, 'rows that lack something are left out');
SELECT is((SELECT bound FROM _clientele.offers('{a}', (SELECT _clientele.offer_rules('a'::text, 'b'::text, 40::bigint, 10)), 1)), (SELECT lower FROM wilson_interval(10, 40)), 'the bound is Wilson''s');
SELECT pg_temp.refuses(statement, '22023', message, '%')
FROM (VALUES
    ('SELECT _clientele.offers(''{p1}'', r, 0) FROM rules', 'most'), ('SELECT _clientele.offers(''{p1}'', r, 1001) FROM rules', 'most'),
    ('SELECT _clientele.offer_rules(''a''::text, ''b''::text, 0, 1)', 'baskets'), ('SELECT _clientele.offer_rules(''a''::text, ''b''::text, 3000000000, 1)', 'baskets'),
    ('SELECT _clientele.offer_rules(''a''::text, ''b''::text, 1, 0)', 'baskets_with_both')) v(statement, message);

-- As text, in which they go from one node to another
SELECT is(pg_temp.offered(r::text::_clientele.offer_rules), pg_temp.offered(r), 'they are read from text as they went') FROM rules;
SELECT is(r::text::_clientele.offer_rules::text, r::text, '... and written again the same') FROM rules;
SELECT is((SELECT count(*) FROM _clientele.offers('{p1}', (SELECT _clientele.offer_rules(product, with_product, baskets, baskets_with_both)::text::_clientele.offer_rules FROM pairs WHERE false), 10)), 0::bigint, '... none too');
SELECT pg_temp.refuses(format('SELECT %L::_clientele.offer_rules', bad), state, message, '%')
FROM (SELECT _clientele.offer_rules('a'::text, 'b'::text, 5::bigint, 1)::text AS good) r
CROSS JOIN LATERAL (VALUES
    ('', '22P02', 'offer_rules'), (left(good, -2), '22P02', 'offer_rules'), (good || '61', '22P02', 'offer_rules'), (left(good, -1), '22P02', 'offer_rules'), ('rules', '22P02', 'offer_rules'),
    (overlay(good PLACING 'ff' FROM 1 FOR 2), '22P02', 'offer_rules'), (overlay(good PLACING 'ff' FROM 9 FOR 2), '22P02', 'offer_rules'),
    (overlay(good PLACING '00' FROM 41 FOR 2), '22P02', 'offer_rules'), (overlay(good PLACING 'ff' FROM 47 FOR 2), '22P02', 'offer_rules'),
    (overlay(good PLACING 'ff' FROM length(good) - 1 FOR 2), '22P02', 'offer_rules'),
    (repeat('f', length(good)), '22P02', 'offer_rules'), (repeat('0', length(good)), '22P02', 'offer_rules')) v(bad, state, message);

SELECT * FROM finish();
ROLLBACK;
