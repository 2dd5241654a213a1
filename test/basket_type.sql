-- The type baskets: its forms, operators, hash, casts, sums and aggregates
BEGIN;
SELECT no_plan();
SELECT setseed(0.375);
SET client_min_messages = warning;
\ir include/failure.sql
\ir include/receive.sql
\ir include/refuses.sql

-- Text

SELECT is(given::baskets::text, shown, left(regexp_replace(given, '\s+', ' ', 'g'), 80))
FROM (VALUES
    ('{}', '{}'), (E' \t\n{ } ', '{}'), ('{"1001": ["beer", "bread"], "1002": ["bread"]}', '{"1001": ["beer", "bread"], "1002": ["bread"]}'),
    (E'{"1":["b"\n,"a"] }', '{"1": ["a", "b"]}'), ('{"2": ["a"], "1": ["a"]}', '{"1": ["a"], "2": ["a"]}'), ('{"1": ["a", "a", "b", "a"]}', '{"1": ["a", "b"]}'),
    -- an order as often as it comes
    ('{"1": ["a"], "2": ["c"], "1": ["b", "a"]}', '{"1": ["a", "b"], "2": ["c"]}'),
    -- in the order of bytes
    ('{"10": ["b", "B", "ä", "a"], "9": ["z"], "1": ["z"], "": ["z"]}', '{"": ["z"], "1": ["z"], "10": ["B", "a", "b", "ä"], "9": ["z"]}'),
    ('{"": [""]}', '{"": [""]}'), ('{"a\"b": ["c\\d", "e\/f", "\n", "\u0041\u00e9"]}', E'{"a\\"b": ["\\n", "Aé", "c\\\\d", "e/f"]}'),
    ('{"\u0001": ["' || chr(127) || '"]}', '{"\u0001": ["' || chr(127) || '"]}'), ('{"заказ": ["чай", "😀"]}', '{"заказ": ["чай", "😀"]}'),
    ('{"' || repeat('x', 3000) || '": ["' || repeat('y', 70000) || '"]}', '{"' || repeat('x', 3000) || '": ["' || repeat('y', 70000) || '"]}')) AS good(given, shown);

SELECT pg_temp.refuses(format('SELECT %L::baskets', bad), '22P02', 'invalid input syntax for type baskets: "' || left(bad, 90), 'Write a JSON object%')
FROM unnest(ARRAY['', ' ', '{', '}', '[]', '[["a"]]', 'null', 'true', '1', '"a"', '{"1"}', '{"1":}', '{"1": []}', '{"1": "a"}', '{"1": null}', '{"1": {}}', '{"1": ["a"]} x', 'x{"1": ["a"]}',
    '{"1": ["a"],}', '{"1": ["a",]}', '{"1": ["a"] "2": ["b"]}', '{"1": [1]}', '{"1": [null]}', '{"1": [true]}', '{"1": [["a"]]}', '{"1": [{"a": "b"}]}', '{"1": ["a", ["b"]]}', '{"1": {"a": ["b"]}}',
    '{1: ["a"]}', '{''1'': ["a"]}', '{"1": ["a]}', '{"1": ["\x"]}', '{"1": ["\u00"]}', '{"1": ["\u0000"]}', '{"\u0000": ["a"]}', '{"1": ["\ud83d"]}', E'{"1": ["a\nb"]}', '{"1": ["a"]}{"2": ["b"]}',
    '{"1": ["' || repeat('a', 200) || '"'] || '{"1": ["a"], "2": []}'::text) AS bad;
SELECT throws_ok(format('SELECT %L::baskets', repeat('[', 1000000)), '54001', NULL, 'a deep text is refused as JSON is');

CREATE FUNCTION pg_temp.valid(given text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RETURN pg_input_is_valid(given, 'baskets'); END $$;
SELECT current_setting('server_version_num')::integer >= 160000 AS has_soft_errors \gset
\if :has_soft_errors
SELECT ok(pg_temp.valid('{"1": ["a"]}') AND NOT pg_temp.valid('{"1": []}') AND NOT pg_temp.valid('{') AND NOT pg_temp.valid('{"1": ["\u0000"]}'), 'soft errors');
\else
SELECT skip('PostgreSQL 15 has no pg_input_is_valid()');
\endif

-- Random lines: of an order in a row or never, in popular products and rare ones, of names that begin alike

CREATE TABLE order_lines AS
SELECT n, n % 9 AS shop, CASE WHEN n % 3 = 0 THEN 'order ' || n / 6 ELSE 'o' || floor(random() * 300) END AS order_id,
    (ARRAY['', 'tea ', 'чай ', E'"\\', repeat('z', 130)])[1 + floor(random() * 5)::integer] || floor(60 * random() ^ 3) AS product
FROM generate_series(1, 3000) n;
UPDATE order_lines SET order_id = NULL WHERE n % 101 = 0;
UPDATE order_lines SET product = NULL WHERE n % 103 = 0;
CREATE VIEW plain_baskets AS -- each product once, in the order of bytes
SELECT order_id, jsonb_agg(product ORDER BY product COLLATE "C") AS products FROM (SELECT DISTINCT order_id, product FROM order_lines WHERE order_id IS NOT NULL AND product IS NOT NULL) d GROUP BY order_id;
CREATE TABLE whole AS SELECT basket_agg(order_id, product) AS b FROM order_lines;
CREATE TABLE part AS SELECT shop, basket_agg(order_id, product) AS b FROM order_lines GROUP BY shop;
INSERT INTO part VALUES (90, NULL), (91, '{}');

SELECT is((SELECT b::jsonb FROM whole), (SELECT jsonb_object_agg(order_id, products) FROM plain_baskets), 'jsonb has the products of each order');
SELECT is((SELECT b::text::jsonb FROM whole), (SELECT b::jsonb FROM whole), 'text is the same JSON');
SELECT is((SELECT string_agg(key, ' ') FROM whole, json_object_keys(b::text::json) key), (SELECT string_agg(order_id, ' ' ORDER BY order_id COLLATE "C") FROM plain_baskets), '... in the order of bytes');
SELECT is((SELECT b::text::baskets FROM whole), b, 'text goes in as it came out') FROM whole;
SELECT is('{}'::baskets::jsonb, '{}', 'an empty one is an empty object');

-- Binary

SELECT is(_clientele.baskets_send(given::baskets), form::bytea, given)
FROM (VALUES
    ('{}', '\x01 00 00'),
    ('{"7": ["a"]}', '\x01 01 00 01 61  01 00 01 37 01 01'),
    -- the second product begins like the first, the second order too; its products are the first and the one after it
    ('{"1": ["ab", "ac"], "12": ["ac"]}', '\x01 02 00 02 6162 01 01 63  02 00 01 31 02 01 01  01 01 32 01 02')) v(given, form);
SELECT is(pg_temp.receive('baskets', _clientele.baskets_send(b)), b::text, 'what is sent is received') FROM (SELECT b FROM part WHERE shop = 1 UNION ALL VALUES ('{}'::baskets)) p;
CREATE FUNCTION pg_temp.copied(options text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    file CONSTANT text := current_setting('data_directory') || '/basket_type.copy';
BEGIN
    CREATE TEMP TABLE copies (shop integer, b baskets);
    EXECUTE format('COPY (SELECT shop, b FROM part UNION ALL SELECT -1, b FROM whole) TO %L (%s)', file, options);
    EXECUTE format('COPY copies FROM %L (%s)', file, options);
    RETURN NEXT set_eq('TABLE copies', 'SELECT shop, b FROM part UNION ALL SELECT -1, b FROM whole', 'COPY with ' || options);
    DROP TABLE copies;
END
$$;
SELECT pg_temp.copied(options) FROM unnest(ARRAY['FORMAT binary', 'FORMAT text', 'FORMAT csv']) AS options;
COPY (SELECT) TO PROGRAM 'rm basket_type.copy';

SELECT is(left(pg_temp.failure(format('SELECT pg_temp.receive(''baskets'', %L)', form)), 5), '22P03', 'refused: ' || form)
FROM unnest(ARRAY['\x', '\x01', '\x0100', '\x00 00 00', '\x02 00 00', '\x01 00 00 00', '\x01 80 00 00', '\x01 00 80 00', -- cut off, another form, longer than need be
    '\x01 ffffffff0f 00', '\x01 ffffffffff7f 00', '\x01 00 ffffffff0f', '\x01 01 00 ffffffff0f 61 00', -- more than there is
    '\x01 01 00 01 61 00', '\x01 02 00 01 61 00 01 62 01 00 01 37 01 01', -- products in no basket
    '\x01 01 00 01 61 01 00 01 37 00', '\x01 01 00 01 61 01 00 01 37 01 02', '\x01 01 00 01 61 01 00 01 37 01 00', '\x01 01 00 01 61 01 00 01 37 02 01 01', -- no product, one that is none
    '\x01 01 00 01 61 01 00 01 37 01 01 00', -- more behind
    '\x01 01 00 01 00 01 00 01 37 01 01', '\x01 01 00 01 61 01 00 01 00 01 01', '\x01 01 00 01 ff 01 00 01 37 01 01', '\x01 01 00 01 61 01 00 01 c3 01 01', -- no texts
    '\x01 01 01 01 61 01 00 01 37 01 01', -- begins like none
    '\x01 02 00 01 62 00 01 61 01 00 01 37 02 01 01', '\x01 02 00 01 61 00 01 61 01 00 01 37 02 01 01', '\x01 02 00 02 6162 00 02 6163 01 00 01 37 02 01 01', -- out of order, twice, not as short as can be
    '\x01 01 00 01 61 02 00 01 38 01 01 00 01 37 01 01', '\x01 01 00 01 61 02 00 01 37 01 01 01 00 01 01']) AS form;

-- Cut at every byte, and with a bit of each byte turned: an error, or a value of these bytes
CREATE FUNCTION pg_temp.state_or_same(form bytea) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    got text;
BEGIN
    got := pg_temp.receive('baskets', form);
    RETURN CASE WHEN _clientele.baskets_send(got::baskets) = form THEN 'the same' ELSE 'another' END;
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END
$$;
CREATE TEMP TABLE damaged AS
WITH sent AS (SELECT _clientele.baskets_send('{"1": ["ab", "ac", "чай"], "12": ["ac"], "заказ": ["ab"]}') AS form)
SELECT 'cut' AS how, substr(form, 1, n) AS form FROM sent, generate_series(0, length(form) - 1) n
UNION ALL SELECT 'bit', set_byte(form, n, get_byte(form, n) # (1 << floor(random() * 8)::integer)) FROM sent, generate_series(0, length(form) - 1) n, generate_series(1, 3);
ALTER TABLE damaged ADD result text;
UPDATE damaged SET result = pg_temp.state_or_same(form);
SELECT is_empty($$ SELECT * FROM damaged WHERE result NOT IN ('22P03', 'the same') OR how = 'cut' AND result <> '22P03' $$, 'damage is refused with 22P03, or is a value of just these bytes');
SELECT set_eq('SELECT DISTINCT result FROM damaged', ARRAY['22P03', 'the same'], 'there is both');

-- Damage on disk, which nothing has checked: an error or some value, and the server lives on
CREATE CAST (bytea AS baskets) WITHOUT FUNCTION;
CREATE FUNCTION pg_temp.use(form bytea) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    use text;
BEGIN
    FOREACH use IN ARRAY ARRAY['$1::text', '$1::jsonb', '_clientele.baskets_send($1)', '_clientele.baskets_hash($1)', '$1 = ''{}''', '$1 + ''{"1": ["a"]}''', '''{"1": ["a"]}''::baskets + $1', 'basket_counts($1)',
        '(SELECT count(*) FROM basket_pairs($1, 1))', '(SELECT rollup(v) FROM (VALUES ($1), (''{}''), ($1)) r(v))'] LOOP
        BEGIN
            EXECUTE format('SELECT (%s)::text', replace(use, '$1', '$1::baskets')) USING form;
        EXCEPTION WHEN OTHERS THEN
            RETURN NEXT SQLSTATE;
        END;
    END LOOP;
END
$$;
INSERT INTO damaged SELECT 'random', '\x01' || string_agg(set_byte('\x00', 0, floor(random() * CASE WHEN n % 2 = 0 THEN 256 ELSE 6 END)::integer), '')
FROM generate_series(1, 400) n, generate_series(0, n % 25) GROUP BY n;
SELECT set_eq('SELECT DISTINCT u FROM damaged, pg_temp.use(form) u', ARRAY['XX001'], 'damage on disk is told as such');

-- Equality, order, hash

SELECT ok('{"1": ["a", "b"], "2": ["a"]}'::baskets = '{"2": ["a"], "1": ["b", "a", "b"]}', 'equal however it is written');
SELECT ok(a <> b AND (a < b) <> (b < a) AND (a <= b) = (a < b) AND (a >= b) = (a > b), format('%s is not %s', a, b))
FROM (VALUES (baskets '{}', baskets '{"1": ["a"]}'), ('{"1": ["a"]}', '{"1": ["b"]}'), ('{"1": ["a"]}', '{"2": ["a"]}'), ('{"1": ["a"]}', '{"1": ["a"], "2": ["a"]}'), ('{"": ["a"]}', '{"1": ["a"]}')) v(a, b);
CREATE TEMP TABLE sorted AS SELECT b, row_number() OVER (ORDER BY b) AS n FROM (SELECT DISTINCT b FROM part WHERE b IS NOT NULL) d;
SELECT is_empty('SELECT x.b, y.b FROM sorted x JOIN sorted y ON (x.n < y.n) <> (x.b < y.b) OR (x.n = y.n) <> (x.b = y.b)', 'one order of all');
SELECT is((SELECT count(DISTINCT b) FROM (TABLE part UNION ALL TABLE part) p), (SELECT count(b) FROM part), 'DISTINCT');
SELECT is((SELECT count(*) FROM (SELECT b FROM (TABLE part UNION ALL TABLE part) p GROUP BY b HAVING count(*) = 2) g), (SELECT count(*) FROM part), 'GROUP BY');
CREATE TABLE small AS SELECT n, basket_agg('o' || n % 50, 'p' || n % 3) AS b FROM generate_series(1, 1000) n GROUP BY n;
CREATE INDEX small_order ON small (b);
CREATE INDEX small_hash ON small USING hash (b);
ANALYZE small;
SET LOCAL enable_seqscan = off;
\ir include/plan_has.sql
SELECT ok(pg_temp.plan_has('SELECT * FROM small WHERE b = ''{"o7": ["p1"]}''', 'small_'), 'an index finds baskets');
SELECT is((SELECT array_agg(n ORDER BY n) FROM small WHERE b = '{"o7": ["p1"]}'), (SELECT array_agg(n ORDER BY n) FROM small WHERE b::text = '{"o7": ["p1"]}'), '... those that are equal');
RESET enable_seqscan;
SELECT is((SELECT count(DISTINCT _clientele.baskets_hash(b)) > 40 FROM small), true, 'hashes differ');

-- However the rows come, however they are split

SELECT is((SELECT basket_agg(order_id, product ORDER BY by_what) FROM (SELECT l.*, CASE kind WHEN 'forwards' THEN n WHEN 'backwards' THEN -n WHEN 'by product' THEN hashtext(product) ELSE (random() * 1e6)::integer END AS by_what
        FROM order_lines l) s), b, kind)
FROM whole, unnest(ARRAY['forwards', 'backwards', 'by product', 'by chance']) kind;
SELECT is((SELECT rollup(b) FROM part), b, 'parts together are the whole: an order is in several') FROM whole;
SELECT is((SELECT rollup(b) FROM (SELECT basket_agg(order_id, product) AS b FROM order_lines GROUP BY floor(random() * parts)) p), b, format('split at random into %s', parts)) FROM whole, unnest(ARRAY[1, 2, 10, 500]) parts;
SELECT is((SELECT rollup(b) FROM (SELECT rollup(b) AS b FROM part GROUP BY shop % 3) p), b, 'parts of parts') FROM whole;
SELECT is((SELECT a.b + z.b FROM (SELECT rollup(b) AS b FROM part WHERE shop < 4) a, (SELECT rollup(b) AS b FROM part WHERE shop >= 4) z), b, 'and their sum') FROM whole;
SELECT is(b + b, b, 'with itself it is the same') FROM whole;
SELECT is(b + '{}', b, 'with nothing too') FROM whole;
SELECT is('{"1": ["a"], "2": ["b"]}'::baskets + '{"1": ["b", "a"], "3": ["c"]}', '{"1": ["a", "b"], "2": ["b"], "3": ["c"]}', 'a sum');
SELECT is_empty('SELECT x.shop, y.shop FROM part x, part y WHERE x.b + y.b <> y.b + x.b', 'either way');
SELECT is(basket_agg(NULL::text, 'a'::text), '{}', 'no basket of no lines') FROM whole;
SELECT is((SELECT basket_agg(1, 2) WHERE false), '{}', 'none of no rows');
SELECT is((SELECT rollup(b) FROM part WHERE false), '{}', 'nor of no parts');

SELECT results_eq('SELECT shop, basket_agg(order_id, product) FROM order_lines GROUP BY ROLLUP (shop) ORDER BY shop', 'SELECT shop, b FROM part WHERE shop < 90 UNION ALL SELECT NULL, b FROM whole ORDER BY shop', 'GROUP BY ROLLUP');
SELECT results_eq('SELECT shop, n % 2, basket_agg(order_id, product) FROM order_lines GROUP BY GROUPING SETS ((shop), (n % 2), ()) ORDER BY 1, 2',
    'SELECT shop, NULL::integer, b FROM part WHERE shop < 90 UNION ALL SELECT NULL, n % 2, basket_agg(order_id, product) FROM order_lines GROUP BY n % 2 UNION ALL SELECT NULL, NULL, b FROM whole ORDER BY 1, 2', 'GROUPING SETS');
SELECT is_empty('SELECT FROM (SELECT basket_agg(order_id, product) OVER () AS b FROM order_lines WHERE n < 50) o WHERE b <> (SELECT basket_agg(order_id, product) FROM order_lines WHERE n < 50)', 'OVER ()');
SELECT is_empty('SELECT FROM (SELECT n, basket_agg(order_id, product) OVER (ORDER BY n) AS b FROM order_lines WHERE n < 200) o WHERE b <> (SELECT basket_agg(order_id, product) FROM order_lines l WHERE l.n <= o.n)', 'running');
SELECT is_empty('SELECT FROM (SELECT n, basket_agg(order_id, product) OVER (ORDER BY n ROWS 5 PRECEDING) AS b FROM order_lines WHERE n < 200) o
    WHERE b <> (SELECT basket_agg(order_id, product) FROM order_lines l WHERE l.n BETWEEN o.n - 5 AND o.n)', '... the last six rows');
SELECT is_empty('SELECT FROM (SELECT shop, rollup(b) OVER (ORDER BY shop) AS b FROM part) o WHERE b <> (SELECT rollup(b) FROM part p WHERE p.shop <= o.shop)', '... of parts');
SELECT is((SELECT count(*) FROM (SELECT basket_agg(order_id, product) AS b, rollup(s) AS s FROM (SELECT order_id, product, basket_agg(order_id, product) AS s FROM order_lines GROUP BY 1, 2) x) y WHERE b = s), 1::bigint, 'two states at once');

-- Stored: in line with a short header, compressed, and out of line
CREATE TABLE stored (kind text, b baskets);
ALTER TABLE stored ALTER b SET STORAGE external;
INSERT INTO stored SELECT 'short', '{"1": ["a", "b"], "2": ["b"]}' UNION ALL SELECT 'out of line', b FROM whole;
ALTER TABLE stored ALTER b SET STORAGE extended;
INSERT INTO stored SELECT 'compressed', basket_agg('order ' || n / 4, 'product ' || n % 4 || repeat('x', 1000)) FROM generate_series(1, 400) n;
SELECT is(b::text::baskets, b, kind) FROM stored;
SELECT is((SELECT count(*) FROM basket_pairs(b, 1)), (SELECT count(*) FROM basket_pairs(b::text::baskets, 1)), kind || ': pairs') FROM stored;
SELECT is(rollup(b), (SELECT rollup(b::text::baskets) FROM stored), 'all together') FROM stored;
CREATE FUNCTION pg_temp.handed_on(b baskets) RETURNS baskets LANGUAGE plpgsql AS $$ DECLARE c baskets := b; BEGIN c := c + '{"x": ["y"]}'; RETURN c; END $$;
SELECT is((SELECT pg_temp.handed_on(basket_agg(order_id, product)) FROM order_lines), b + '{"x": ["y"]}', 'handed on in a function') FROM whole;

-- In parallel; test/parallel.sql has the other plans.
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL parallel_leader_participation = off;
ALTER TABLE order_lines SET (parallel_workers = 3);
ALTER TABLE part SET (parallel_workers = 2);
ANALYZE order_lines, part;
SELECT ok(pg_temp.plan_has('SELECT basket_agg(order_id, product) FROM order_lines', 'Partial Aggregate'), 'workers make parts');
CREATE TABLE in_parallel AS SELECT basket_agg(order_id, product) AS b FROM order_lines;
SELECT is(p.b, w.b, 'of which the whole is made') FROM in_parallel p, whole w;
CREATE TABLE rolled_up AS SELECT rollup(b) AS b FROM part;
SELECT is(p.b, w.b, '... from parts too') FROM rolled_up p, whole w;
RESET parallel_setup_cost;

-- Parts of aggregates are for aggregates alone.
SELECT is(pg_temp.failure(format('SELECT _clientele.%s', call)) LIKE '42809%', true, call || ' by itself is refused')
FROM unnest(ARRAY['basket_agg_transition(''{}'', 1, 2)', 'basket_agg_transition(''{}'', ''1''::text, ''2''::text)', 'baskets_combine(''{}'', ''{}'')', 'baskets_final(''{}'')']) call;

-- How soon they are ended: test/cancel.t

SELECT * FROM finish();
ROLLBACK;
