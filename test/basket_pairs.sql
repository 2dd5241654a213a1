-- basket_pairs() and basket_counts() against joins in plain SQL: random baskets of many shapes, published figures, Online Retail
BEGIN;
SELECT no_plan();
SELECT setseed(0.625);
SET client_min_messages = warning;
\ir include/refuses.sql
\ir include/differences.sql

-- What the documentation says, written down as it says it.
CREATE FUNCTION pg_temp.plain_pairs(order_lines regclass, min_count integer, max_items integer, z float8) RETURNS TABLE (
    product text, with_product text, baskets bigint, baskets_with bigint, baskets_with_both bigint, all_baskets bigint, support float8,
    confidence float8, confidence_lower float8, confidence_upper float8, lift float8, lift_lower float8, lift_upper float8,
    size_adjusted float8, size_adjusted_back float8, conviction float8) LANGUAGE plpgsql AS $$
BEGIN
    DROP TABLE IF EXISTS pg_temp.fits, pg_temp.sized;
    EXECUTE format('CREATE TEMP TABLE fits AS SELECT order_id, product, items FROM (
            SELECT order_id::text, product::text COLLATE "C" AS product, count(*) OVER (PARTITION BY order_id) AS items
            FROM (SELECT DISTINCT order_id, product FROM %s WHERE order_id IS NOT NULL AND product IS NOT NULL) d) i WHERE items <= %s', order_lines, max_items);
    CREATE INDEX ON pg_temp.fits (order_id);
    CREATE TEMP TABLE sized AS SELECT f.product, f.items, count(*) AS baskets FROM pg_temp.fits f GROUP BY f.product, f.items;
    ANALYZE pg_temp.fits, pg_temp.sized;
    RETURN QUERY
    WITH shop AS (SELECT count(DISTINCT f.order_id)::float8 AS n, count(*)::float8 AS lines FROM pg_temp.fits f),
        one AS MATERIALIZED (SELECT s.product, sum(s.baskets)::bigint AS baskets FROM pg_temp.sized s GROUP BY s.product),
        pair AS MATERIALIZED (SELECT a.product, b.product AS other, count(*) AS both FROM pg_temp.fits a JOIN pg_temp.fits b USING (order_id)
            WHERE a.product <> b.product GROUP BY a.product, b.product HAVING count(*) >= min_count),
        counted AS (SELECT p.*, a.baskets AS a, b.baskets AS b, p.both::float8 / a.baskets AS confidence, s.n, s.lines,
                s.n * p.both / (a.baskets::float8 * b.baskets) AS lift
            FROM pair p JOIN one a USING (product) JOIN one b ON b.product = p.other CROSS JOIN shop s),
        expected AS MATERIALIZED (SELECT c.product, c.other, sum(z.baskets * (1 - power(1 - c.b / (c.lines - c.a), z.items - 1))) AS baskets
            FROM counted c JOIN pg_temp.sized z USING (product) GROUP BY c.product, c.other)
    SELECT c.product, c.other, c.a, c.b, c.both, c.n::bigint, c.both / c.n, c.confidence, w.center - w.margin, w.center + w.margin,
        c.lift, c.lift * exp(-v.margin), c.lift * exp(v.margin), c.both / e.baskets, c.both / back.baskets,
        CASE WHEN c.both < c.a THEN (1 - c.b / c.n) / (1 - c.confidence) END
    FROM counted c JOIN expected e USING (product, other) JOIN expected back ON back.product = c.other AND back.other = c.product
        CROSS JOIN LATERAL (SELECT (c.confidence + z * z / (2 * c.a)) / (1 + z * z / c.a) AS center,
            z * sqrt(c.confidence * (1 - c.confidence) / c.a + z * z / (4.0::float8 * c.a * c.a)) / (1 + z * z / c.a) AS margin) w
        CROSS JOIN LATERAL (SELECT z * sqrt(greatest(0, (c.n / c.both - c.n / c.a - c.n / c.b + 2 * c.lift - 1) / c.n)) AS margin) v;
END
$$;

-- --- Random baskets ---

-- So many orders of up to so many lines, of so many products: the popular ones far more often.
CREATE FUNCTION pg_temp.make_lines(orders integer, most integer, products integer, skew float8) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    TRUNCATE order_lines;
    INSERT INTO order_lines
    SELECT 'o' || n, 'p' || floor(products * random() ^ skew)
    FROM (SELECT n, ceil(most * random() ^ 2) AS items FROM generate_series(1, orders) n) o, generate_series(1, items::integer)
    ORDER BY random();
END
$$;
CREATE TABLE order_lines (order_id text, product text);

CREATE FUNCTION pg_temp.agrees(shape text, min_count integer, max_items integer, level float8, z float8) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    rows_found CONSTANT bigint := (SELECT count(*) FROM basket_pairs((SELECT basket_agg(order_id, product) FROM order_lines), min_count, max_items, level));
BEGIN
    RETURN NEXT is(pg_temp.differences(
        format('SELECT ARRAY[product, with_product]::text AS pair, * FROM basket_pairs((SELECT basket_agg(order_id, product) FROM order_lines), %s, %s, %s)', min_count, max_items, level),
        format('SELECT ARRAY[product, with_product]::text AS pair, * FROM pg_temp.plain_pairs(''order_lines'', %s, %s, %s)', min_count, max_items, z), 'pair'),
        '', format('%s: pairs of %s and more in baskets of up to %s at %s, %s rows', shape, min_count, max_items, level, rows_found));
    RETURN NEXT results_eq(format('SELECT (basket_counts(basket_agg(order_id, product), %s)).* FROM order_lines', max_items), format($query$
        SELECT count(*) FILTER (WHERE items <= %1$s), coalesce(sum(items) FILTER (WHERE items <= %1$s), 0)::bigint,
            (SELECT count(DISTINCT product) FROM order_lines WHERE order_id IS NOT NULL), count(*) FILTER (WHERE items > %1$s)
        FROM (SELECT count(DISTINCT product) AS items FROM order_lines WHERE order_id IS NOT NULL AND product IS NOT NULL GROUP BY order_id) o $query$, max_items), shape || ': counts');
END
$$;
CREATE FUNCTION pg_temp.agrees(shape text) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT a FROM (VALUES (1, 100, 0.95, 1.959963984540054), (3, 100, 0.99, 2.5758293035489004), (2, 4, 0.5, 0.6744897501960817)) v(least, most, level, z),
        pg_temp.agrees(shape, least, most, level, z) a
$$;

SELECT pg_temp.make_lines(200, 8, 20, 2) \g /dev/null
SELECT pg_temp.agrees('few products');
SELECT pg_temp.make_lines(150, 4, 300, 1) \g /dev/null
SELECT pg_temp.agrees('many products');
SELECT pg_temp.make_lines(60, 30, 40, 3) \g /dev/null
SELECT pg_temp.agrees('large baskets');
SELECT pg_temp.make_lines(12, 220, 150, 1) \g /dev/null
SELECT pg_temp.agrees('baskets above the size');
SELECT pg_temp.make_lines(100, 6, 1, 1) \g /dev/null
SELECT pg_temp.agrees('one product');
SELECT pg_temp.make_lines(1, 30, 300, 1) \g /dev/null
SELECT pg_temp.agrees('one order');
SELECT pg_temp.make_lines(300, 2, 3, 1) \g /dev/null
SELECT pg_temp.agrees('all products nearly everywhere');
TRUNCATE order_lines;
SELECT pg_temp.agrees('no lines');
INSERT INTO order_lines SELECT NULL, 'p' || n FROM generate_series(1, 5) n;
INSERT INTO order_lines SELECT 'o' || n, NULL FROM generate_series(1, 5) n;
SELECT pg_temp.agrees('lines without order or product');
INSERT INTO order_lines SELECT 'o' || n % 20, 'p' || n % 7 FROM generate_series(1, 300) n;
SELECT pg_temp.agrees('NULLs and repetitions');
-- A product alone, and with another that fills all other lines
TRUNCATE order_lines;
INSERT INTO order_lines VALUES ('1', 'a'), ('2', 'a'), ('2', 'b'), ('3', 'a'), ('3', 'b');
SELECT pg_temp.agrees('one other product');
-- Names of every kind: empty, of many bytes, that begin alike, with what JSON and SQL quote
TRUNCATE order_lines;
INSERT INTO order_lines
SELECT (ARRAY['', ' ', 'Bestellung ', 'заказ-', '注文', '"', E'\\', repeat('x', 300)])[1 + n % 8] || n / 24,
    (ARRAY['', 'a', 'A', 'ä', 'ab', E'a\nb', '"', E'\\"', '''', 'чай', '😀', repeat('y', 127), repeat('y', 128), repeat('y', 5000), 'b ', '7', '07', '{}', ',', E'\t'])[1 + floor(random() * 20)::integer]
FROM generate_series(1, 1200) n;
SELECT pg_temp.agrees('names of every kind');

-- Whole numbers are their texts.
CREATE TABLE numbered AS SELECT (random() * 100)::bigint * (CASE WHEN n % 2 = 0 THEN 1 ELSE -1 END) AS o, (random() ^ 2 * 9)::bigint * 1000000007 * (n % 3 - 1) AS p FROM generate_series(1, 800) n;
INSERT INTO numbered VALUES (-9223372036854775808, 9223372036854775807), (-9223372036854775808, -9223372036854775808), (NULL, 1), (1, NULL);
SELECT is(v.baskets, of_texts, format('%s are kept as text', kind))
FROM (SELECT basket_agg(o, p::text), basket_agg(o::text, p), basket_agg(o, p), basket_agg(o::text, p::text) FROM numbered) n(orders, products, whole, of_texts),
    LATERAL (VALUES ('orders', orders), ('products', products), ('both', whole)) v(kind, baskets);

-- --- Published figures ---

-- Four pairs of the Groceries data of the R package arules, 9,835 baskets: as many baskets of each kind as there, of two products and less.
CREATE FUNCTION pg_temp.pair_of(n integer, n_a integer, n_b integer, n_ab integer) RETURNS SETOF basket_pair LANGUAGE sql AS $$
    SELECT p.* FROM basket_pairs((SELECT basket_agg(o, product) FROM (
        SELECT i, unnest(CASE WHEN i <= n_ab THEN ARRAY['a', 'b'] WHEN i <= n_a THEN ARRAY['a'] WHEN i <= n_a + n_b - n_ab THEN ARRAY['b'] ELSE ARRAY['c' || i % 50] END)
        FROM generate_series(1, n) i) l(o, product)), 1) p WHERE product = 'a'
$$;
SELECT results_eq(format('SELECT baskets, baskets_with, baskets_with_both, all_baskets, round(lift::numeric, 4), round(lift_lower::numeric, 3), round(lift_upper::numeric, 3), round(conviction::numeric, 6)
        FROM pg_temp.pair_of(9835, %s, %s, %s)', n_a, n_b, n_ab),
    format('VALUES (%s::bigint, %s::bigint, %s::bigint, 9835::bigint, %s, %s, %s, %s)', n_a, n_b, n_ab, lift, lower, upper, conviction), pair)
FROM (VALUES
    ('whole milk with other vegetables', 2513, 1903, 736, 1.5136, 1.440, 1.591, 1.140548),
    ('liquor with red/blush wine', 109, 189, 21, 10.0255, 6.945, 14.473, 1.214833),
    ('herbs with root vegetables', 160, 1072, 69, 3.9565, 3.320, 4.715, 1.566596),
    ('whole milk with soda', 2513, 1715, 394, 0.8991, 0.831, 0.973, 0.979136)) v(pair, n_a, n_b, n_ab, lift, lower, upper, conviction);
SELECT is((SELECT conviction FROM pg_temp.pair_of(100, 10, 20, 10)), NULL, 'no conviction where the other one is always there');
SELECT is((SELECT round(size_adjusted::numeric, 12) FROM pg_temp.pair_of(100, 10, 20, 5)), round(5 / (5 * 20 / 95.0), 12), 'in baskets of two, chance is the share of the other lines');

-- --- Parameters ---

SELECT pg_temp.refuses(statement, '22023', message, '%')
FROM (VALUES
    ('SELECT basket_pairs(''{}'', 0)', 'min_count'), ('SELECT basket_pairs(''{}'', -1)', 'min_count'), ('SELECT basket_pairs(''{}'', 1, 0)', 'max_items'),
    ('SELECT basket_pairs(''{}'', 1, 65536)', 'max_items'), ('SELECT basket_pairs(''{}'', 1, 100, 0)', 'level'), ('SELECT basket_pairs(''{}'', 1, 100, 1)', 'level'),
    ('SELECT basket_pairs(''{}'', 1, 100, ''NaN'')', 'level'), ('SELECT basket_counts(''{}'', 0)', 'max_items'), ('SELECT basket_counts(''{}'', 65536)', 'max_items')) v(statement, message);
SELECT lives_ok('SELECT basket_pairs(''{"1": ["a", "b"]}'', 2147483647, 65535, 0.999)', 'the largest parameters');
SELECT is_empty('SELECT basket_pairs(NULL)', 'no pairs of nothing');

-- --- Real lines ---

\if :{?data}
\else
\set data ''
\endif
SELECT :'data' <> '' AS has_data \gset
\if :has_data
\ir include/real_orders.sql
SET LOCAL work_mem = '256MB';
TRUNCATE order_lines;
INSERT INTO order_lines SELECT invoice_no, stock_code FROM online_retail WHERE quantity > 0 AND customer_id IS NOT NULL;
CREATE TEMP TABLE numbered AS
SELECT DISTINCT dense_rank() OVER (ORDER BY order_id)::integer AS o, dense_rank() OVER (ORDER BY product)::integer AS p FROM order_lines;
ANALYZE numbered;
-- Millions of pairs are compared by what their hashes add up to.
CREATE TEMP TABLE ours AS
SELECT count(*) AS pairs, sum(baskets_with_both) AS baskets, sum(hashint8extended(product::bigint * 1000000 + with_product::bigint, baskets_with_both)::numeric) AS hashes
FROM (SELECT basket_agg(o, p) AS b FROM numbered) n, basket_pairs(b, 1, 100) WHERE product::integer < with_product::integer;
CREATE TEMP TABLE plain AS
WITH fits AS MATERIALIZED (SELECT o, p FROM numbered WHERE o IN (SELECT o FROM numbered GROUP BY o HAVING count(*) <= 100))
SELECT count(*) AS pairs, sum(n) AS baskets, sum(hashint8extended(p * 1000000::bigint + other, n)::numeric) AS hashes
FROM (SELECT a.p, b.p AS other, count(*) AS n FROM fits a JOIN fits b ON b.o = a.o AND b.p > a.p GROUP BY a.p, b.p) s;
SELECT cmp_ok(pairs, '>', 1000000::bigint, 'Online Retail has many pairs') FROM ours;
SELECT results_eq('TABLE ours', 'TABLE plain', '... those that a join finds, as often');
\else
SELECT skip('no real data: the folder ../shared/data is absent');
\endif

SELECT * FROM finish();
ROLLBACK;
