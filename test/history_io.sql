-- A purchase history as text, binary, jsonb and hash: what goes in comes out, and nothing else gets in.
BEGIN;
SELECT no_plan();
SELECT setseed(0.375);

\ir include/refuses.sql

-- Random histories over the whole calendar, most days as shops have them, some as large as can be; shown is the text.
CREATE FUNCTION pg_temp.random_amount() RETURNS numeric LANGUAGE sql VOLATILE AS $$
    SELECT CASE floor(random() * 4)
        WHEN 0 THEN 0
        WHEN 1 THEN round((random() * 1e12)::numeric, 4)
        WHEN 2 THEN round((random() * 10 ^ (random() * 26))::numeric, 4)
        ELSE round((random() * 500)::numeric, 2) END
$$;
CREATE FUNCTION pg_temp.random_day() RETURNS date LANGUAGE sql VOLATILE AS $$
    SELECT CASE WHEN random() < 0.8 THEN date '2020-01-01' + (random() * 1500)::integer
        ELSE date '4714-11-24 BC' + (random() * 2147483493)::bigint::integer END
$$;
CREATE TEMP TABLE days AS
SELECT DISTINCT ON (customer, day) customer, day,
    CASE kind WHEN 'split' THEN (10 ^ (random() * 18.9))::bigint WHEN 'returned' THEN 0 ELSE 1 END AS orders,
    CASE kind WHEN 'both' THEN ceil(random() * 5)::bigint WHEN 'returned' THEN (10 ^ (random() * 18.9))::bigint
        ELSE 0 END AS returns,
    CASE WHEN kind = 'returned' OR kind = 'both' AND random() < 0.5 THEN -0.0001 - pg_temp.random_amount()
        ELSE pg_temp.random_amount() END AS amount
FROM (SELECT customer, pg_temp.random_day() AS day,
        (ARRAY['plain', 'plain', 'split', 'both', 'returned'])[1 + floor(random() * 5)::integer] AS kind
    FROM generate_series(1, 1000) AS customer, generate_series(1, 1 + customer % 40)) AS d;
CREATE TEMP TABLE histories AS
SELECT customer, shown, shown::purchase_history AS h
FROM (SELECT customer, '{' || string_agg(concat(day, ':', trim_scale(amount),
            CASE WHEN orders <> 1 OR returns <> 0 THEN '/' || orders END,
            CASE WHEN returns <> 0 THEN '/' || returns END), ',' ORDER BY day) || '}' AS shown
    FROM days GROUP BY customer) AS t;
INSERT INTO histories VALUES (0, '{}', '{}');

-- text

SELECT is_empty('SELECT customer FROM histories WHERE h::text <> shown', 'the text goes in and comes out');
SET LOCAL DateStyle = 'German, YMD';
SELECT is_empty('SELECT customer FROM histories WHERE h::text <> shown OR shown::purchase_history <> h', 'in every date style');
SET LOCAL DateStyle = 'ISO, MDY';
SELECT set_eq('SELECT customer, d.day, d.orders, d.returns, d.amount FROM histories, history_days(h) AS d',
    'SELECT customer, day, orders, returns, amount FROM days', 'the text means its days');

SELECT is(given::purchase_history::text, shown, regexp_replace(given, '\s+', ' ', 'g'))
FROM (VALUES
    ('{}', '{}'), ('{ }', '{}'), (E' \t\n{ \n} ', '{}'), ('{2025-01-03:12.5}', '{2025-01-03:12.5}'),
    (' { 2025-01-03:1 , 2025-01-04:2 } ', '{2025-01-03:1,2025-01-04:2}'),
    ('{2025-01-03:007.5000}', '{2025-01-03:7.5}'), ('{2025-01-03:-0}', '{2025-01-03:0}'),
    ('{2025-01-03:0.0001}', '{2025-01-03:0.0001}'), ('{2025-01-03:1/1}', '{2025-01-03:1}'),
    ('{2025-01-03:1/1/0}', '{2025-01-03:1}'), ('{2025-01-03:1/2/0}', '{2025-01-03:1/2}'),
    ('{2025-01-03:0/1/1}', '{2025-01-03:0/1/1}'),
    -- in any order, and a day as often as it comes
    ('{2025-02-01:2,2025-01-03:1}', '{2025-01-03:1,2025-02-01:2}'),
    ('{2025-01-03:1,2025-01-03:2.5/3}', '{2025-01-03:3.5/4}'),
    ('{2025-01-03:-5/0/1,2025-01-02:1,2025-01-03:5}', '{2025-01-02:1,2025-01-03:0/1/1}'),
    -- days
    ('{2025-1-3:1}', '{2025-01-03:1}'), ('{2024-02-29:1}', '{2024-02-29:1}'), ('{2000-02-29:1}', '{2000-02-29:1}'),
    ('{0001-01-01:1}', '{0001-01-01:1}'), ('{0001-12-31 BC:1}', '{0001-12-31 BC:1}'),
    ('{0001-02-29 BC:1}', '{0001-02-29 BC:1}'), ('{10000-01-01:1}', '{10000-01-01:1}'),
    ('{4714-11-24 BC:1,5874897-12-31:2}', '{4714-11-24 BC:1,5874897-12-31:2}'),
    -- as much as there can be
    ('{2025-01-03:126765060022822940149670320.5375}', '{2025-01-03:126765060022822940149670320.5375}'),
    ('{2025-01-03:-126765060022822940149670320.5375/0/9223372036854775807}',
        '{2025-01-03:-126765060022822940149670320.5375/0/9223372036854775807}'),
    ('{2025-01-03:1/9223372036854775807/9223372036854775807}',
        '{2025-01-03:1/9223372036854775807/9223372036854775807}')) AS good(given, shown);

SELECT pg_temp.refuses(format('SELECT %L::purchase_history', bad), '22P02',
    'invalid input syntax for type purchase_history: "' || bad || '"',
    'Write days as year-month-day:amount/orders/returns, such as {2025-01-03:12.5,2025-02-01:7.25/2,2025-03-01:-5/0/1}.')
FROM unnest(ARRAY[
    -- the list
    '', ' ', '{', '}', '{}}', '{{}}', '{},', '{,}', '{ , }', '{2025-01-03}', '{2025-01-03:}', '{:1}', '{2025-01-03:1,}',
    '{,2025-01-03:1}', '{2025-01-03:1', '{2025-01-03:1,,2025-01-04:1}', '{2025-01-03:1;2025-01-04:1}',
    '{2025-01-03:1 2025-01-04:1}', '{2025-01-03:1} x', 'x{2025-01-03:1}', '2025-01-03:1', '[2025-01-03:1]', 'null',
    '{2025-01-03=1}', '{2025-01-03 :1}', '{2025-01-03: 1}', '{2025-01-03:1 /2}', '{2025-01-03:1/ 2}', '{2025- 01-03:1}',
    '{"2025-01-03":1}',
    -- its days
    '{2025-13-01:1}', '{2025-00-01:1}', '{2025-01-00:1}', '{2025-01-32:1}', '{2025-04-31:1}', '{2025-02-29:1}',
    '{1900-02-29:1}', '{0002-02-29 BC:1}', '{0000-01-01:1}', '{-2025-01-03:1}', '{25-01-03:1}', '{2025/01/03:1}',
    '{20250103:1}', '{2025-01-03T00:00:00:1}', '{2025-Jan-03:1}', '{2025-01-03 AD:1}', '{2025-01-03  BC:1}',
    '{2025-01-03BC:1}', '{infinity:1}', '{-infinity:1}', '{today:1}', '{4714-11-23 BC:1}', '{4715-01-01 BC:1}',
    '{5874898-01-01:1}', '{99999999999999999999-01-01:1}', '{2025-01-99999999999999999999:1}',
    -- amounts
    '{2025-01-03:+1}', '{2025-01-03:1e3}', '{2025-01-03:.5}', '{2025-01-03:5.}', '{2025-01-03:1.23456}',
    '{2025-01-03:1.50000}', '{2025-01-03:1,5}', '{2025-01-03:1.5.5}', '{2025-01-03:--1/0/1}', '{2025-01-03:- 1/0/1}',
    '{2025-01-03:-/0/1}', '{2025-01-03:NaN}', '{2025-01-03:Infinity}', '{2025-01-03:-Infinity/0/1}', '{2025-01-03:0x10}',
    '{2025-01-03:1_000}', '{2025-01-03:$5}', '{2025-01-03:١}', '{2025-01-03:126765060022822940149670320.5376}',
    '{2025-01-03:-126765060022822940149670320.5376/0/1}', '{2025-01-03:9999999999999999999999999999999999999999}',
    '{2025-01-03:126765060022822940149670320.5375,2025-01-03:0.0001}',
    -- counts
    '{2025-01-03:1/}', '{2025-01-03:1/1/}', '{2025-01-03:1//1}', '{2025-01-03:1/1/1/1}', '{2025-01-03:1/-1}',
    '{2025-01-03:1/+1}', '{2025-01-03:1/1/-1}', '{2025-01-03:1/1.0}', '{2025-01-03:1/9223372036854775808}',
    '{2025-01-03:1/1/9223372036854775808}', '{2025-01-03:1/18446744073709551617}',
    '{2025-01-03:1/9223372036854775807,2025-01-03:1}',
    -- a day without orders and returns, a negative amount without returns, a positive one without orders
    '{2025-01-03:1/0}', '{2025-01-03:0/0/0}', '{2025-01-03:-1}', '{2025-01-03:-1/1}', '{2025-01-03:-1/2/0}',
    '{2025-01-03:1/0/1}', '{2025-01-03:0/0/1}', '{2025-01-03:-0/0/1}']) AS bad;
SELECT throws_ok(format('SELECT %L::purchase_history', repeat('x', 99) || 'üü'), '22P02',
    'invalid input syntax for type purchase_history: "' || repeat('x', 99) || '"', 'a long bad text is cut between characters');

-- From 16 on one can ask without an error.
CREATE FUNCTION pg_temp.valid(given text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RETURN pg_input_is_valid(given, 'purchase_history');
END
$$;
SELECT current_setting('server_version_num')::integer >= 160000 AS has_soft_errors \gset
\if :has_soft_errors
SELECT ok(pg_temp.valid('{2025-01-03:1}') AND NOT pg_temp.valid('{2025-01-03:1/0}') AND NOT pg_temp.valid('{'), 'soft errors');
\else
SELECT skip('PostgreSQL 15 has no pg_input_is_valid()');
\endif

-- binary: the layout in history.h, byte by byte

SELECT is(_clientele.purchase_history_send(given::purchase_history), form::bytea, given)
FROM (VALUES
    ('{}', '\x01'),
    ('{2000-01-02:1}', '\x01 04 9003'),         -- day 1, zigzag 2, twice; 100 hundredths, zigzag 200, twice
    ('{2000-01-01:1.0001}', '\x01 00 c5b802'),  -- 10001 ten-thousandths, zigzag 20002, twice and one
    ('{1999-12-31:0}', '\x01 02 00'),
    ('{2000-01-02:-0.01/0/1}', '\x01 05 00 01 02'), -- counts follow
    ('{2000-01-02:1/2,2000-01-09:1}', '\x01 05 02 00 9003 1c 9003')) AS layout(given, form);

-- COPY is the only way into receive: bytes become a file of one row and one column.
CREATE TEMP TABLE received (h purchase_history);
CREATE FUNCTION pg_temp.receive(form bytea) RETURNS purchase_history LANGUAGE plpgsql AS $$
DECLARE
    head CONSTANT bytea := '\x5047434f50590aff0d0a00 00000000 00000000 0001';
    file CONSTANT oid := lo_from_bytea(0, head || int4send(length(form)) || form || '\xffff');
    result purchase_history;
BEGIN
    PERFORM lo_export(file, 'history_io.copy'), lo_unlink(file);
    COPY received FROM 'history_io.copy' (FORMAT binary);
    DELETE FROM received RETURNING h INTO STRICT result;
    RETURN result;
END
$$;
SELECT is_empty($$
    SELECT customer FROM histories WHERE customer % 5 = 0 AND pg_temp.receive(_clientele.purchase_history_send(h)) <> h
$$, 'what is sent is received');

CREATE FUNCTION pg_temp.copied(options text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    file CONSTANT text := current_setting('data_directory') || '/history_io.copy';
BEGIN
    CREATE TEMP TABLE copies (customer integer, h purchase_history);
    EXECUTE format('COPY (SELECT customer, h FROM histories) TO %L (%s)', file, options);
    EXECUTE format('COPY copies FROM %L (%s)', file, options);
    RETURN NEXT set_eq('TABLE copies', 'SELECT customer, h FROM histories', 'COPY with ' || options);
    DROP TABLE copies;
END
$$;
SELECT pg_temp.copied(options) FROM unnest(ARRAY['FORMAT binary', 'FORMAT text', 'FORMAT csv']) AS options;

SELECT pg_temp.refuses(format('SELECT pg_temp.receive(%L)', form), '22P03', 'invalid', '%')
FROM (VALUES
    ('\x'), ('\x00'), ('\x02'), ('\x03'), ('\xff'), ('\x00 04 9003'), ('\x81 04 9003'), -- another version
    ('\x02 01 0000 03000000 01000000 04 9003'),                   -- a log
    ('\x01 04'), ('\x01 84'), ('\x01 04 90'), ('\x01 05 02'), ('\x01 05 02 00'), -- cut off
    ('\x01 8400 9003'), ('\x01 04 908300'), ('\x01 05 8200 00 9003'), ('\x01 05 02 8000 9003'), -- longer than need be
    ('\x01 05 01 00 9003'), ('\x01 04 c1b802'),                   -- counts of 1 and 0, ten-thousandths for hundredths
    ('\x01 05 00 00 00'), ('\x01 05 00 00 9003'),                 -- nothing happened
    ('\x01 04 02'), ('\x01 05 02 00 02'),                         -- a negative amount without returns
    ('\x01 05 00 01 00'), ('\x01 05 00 01 9003'),                 -- a positive one without orders
    ('\x01 04 9003 00 9003'), ('\x01 04 9003 02 9003'),           -- the same day again, an earlier day
    ('\x01 ffffffff7f 00'), ('\x01 feffffffffffffffff01 00'), ('\x01 ffffffffffffffff7f 00'), -- off the calendar
    ('\x01 05 80808080808080808001 00 9003'), ('\x01 05 02 80808080808080808001 9003'), -- counts past 2^63
    ('\x01 05 ffffffffffffffffffffffff01 00 9003'),
    ('\x01 04 81808080808080808080808080808004'), ('\x01 04 80808080808080808080808080808001'), -- amounts past 2^100
    ('\x01 04 fcffffffffffffffffffffffffff7f'), ('\x01 04 fcffffffffffffffffffffffffffffff7f'),
    ('\x01 04 fcffffffffffffffffffffffffffffffff7f'), ('\x01 04 ffffffffffffffffffffffffffffffffffff01'),
    ('\x01 04 ' || repeat('80', 1000) || '00')) AS bad(form);
SELECT pg_temp.refuses('SELECT pg_temp.receive(''\x7b7d'')', '22P03', 'invalid binary form of purchase_history',
    'Send what the binary form%');

CREATE FUNCTION pg_temp.received_or_state(form bytea) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN pg_temp.receive(form);
EXCEPTION WHEN others THEN
    RETURN sqlstate;
END
$$;

-- Cut at every byte: in between two days it is a shorter history, everywhere else an error.
CREATE TEMP TABLE cuts AS
SELECT customer, h, nullif(pg_temp.received_or_state(substr(_clientele.purchase_history_send(h), 1, cut)), '22P03') AS shorter
FROM histories, generate_series(0, length(_clientele.purchase_history_send(h)) - 1) AS cut WHERE customer BETWEEN 1 AND 20;
SELECT set_eq('SELECT customer, shorter FROM cuts WHERE shorter IS NOT NULL',
    'SELECT customer, as_of(h, day)::text FROM histories, history_days(h) AS d WHERE customer BETWEEN 1 AND 20',
    'only whole days are received');

-- Random damage: an error, or a value that is as good as any.
CREATE FUNCTION pg_temp.random_byte(below integer = 256) RETURNS bytea LANGUAGE sql VOLATILE AS $$
    SELECT set_byte('\x00', 0, floor(random() * below)::integer)
$$;
CREATE TEMP TABLE damaged AS
SELECT CASE n % 4
        WHEN 0 THEN set_byte(form, at, get_byte(form, at) # (1 << floor(random() * 8)::integer))
        WHEN 1 THEN substr(form, 1, at) || pg_temp.random_byte() || substr(form, at + 2)
        WHEN 2 THEN substr(form, 1, at) || pg_temp.random_byte() || substr(form, at + 1)
        ELSE substr(form, 1, at) || substr(form, at + 2) END AS form
FROM (SELECT n, form, floor(random() * length(form))::integer AS at
    FROM (SELECT _clientele.purchase_history_send(h) AS form FROM histories WHERE customer % 17 = 0) AS f,
        generate_series(1, 80) AS n) AS d;
INSERT INTO damaged
SELECT '\x01' || string_agg(pg_temp.random_byte(CASE WHEN n % 2 = 0 THEN 256 ELSE 16 END), '')
FROM generate_series(1, 1500) AS n, generate_series(1, 1 + n % 20) GROUP BY n;
ALTER TABLE damaged ADD result text;
UPDATE damaged SET result = pg_temp.received_or_state(form);
SELECT cmp_ok(count(*) FILTER (WHERE result LIKE '{%'), '>', 200::bigint, 'damage that makes another value') FROM damaged;
SELECT is_empty($$ SELECT form, result FROM damaged WHERE result NOT LIKE '{%' AND result <> '22P03' $$,
    'damage is refused with 22P03');
SELECT is_empty($$
    SELECT form, result FROM damaged WHERE result LIKE '{%' AND _clientele.purchase_history_send(result::purchase_history) <> form
$$, 'what is accepted has these bytes and no other');
COPY (SELECT) TO PROGRAM 'rm history_io.copy';

-- Damage on disk, which nothing has checked: an error or some value, and the server lives on.
CREATE CAST (bytea AS purchase_history) WITHOUT FUNCTION;
CREATE CAST (purchase_history AS bytea) WITHOUT FUNCTION;
CREATE AGGREGATE pg_temp.log_agg(date, numeric) (SFUNC = _clientele.history_agg_transition, STYPE = purchase_history);
CREATE TEMP TABLE logs AS
SELECT customer, pg_temp.log_agg(day, amount)::bytea AS form
FROM days WHERE customer <= 20 AND abs(amount) < 1e12 GROUP BY customer;
INSERT INTO damaged -- half of them in the head
SELECT set_byte(form, floor(random() * CASE WHEN n % 2 = 0 THEN 12 ELSE length(form) END)::integer, floor(random() * 256)::integer)
FROM logs, generate_series(1, 100) AS n;
INSERT INTO damaged SELECT substr(form, 1, n) FROM logs, generate_series(0, 40) AS n WHERE customer = 7;

CREATE FUNCTION pg_temp.use(form bytea) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    use text;
BEGIN
    FOREACH use IN ARRAY ARRAY[
        '$1::text', '$1::jsonb', '_clientele.purchase_history_send($1)', '_clientele.purchase_history_hash($1)', '$1 = ''{}''',
        '$1 + $1', '$1 - $1', '$1 - ''{2020-01-01:1}''',
        '(SELECT rollup(h) FROM (VALUES ($1), ($1), (''{2025-01-01:1}'')) AS t(h))',
        'order_count($1)', 'revenue($1)', 'gap_days($1, ''2024-01-01'')', 'as_of($1, ''2022-01-01'')',
        '(SELECT count(*) FROM history_days($1))',
        '(SELECT count(*) FROM period_values($1, ''month'', ''2021-01-01'', ''2022-01-01''))'] LOOP
        BEGIN
            EXECUTE 'SELECT ' || use USING form::purchase_history;
        EXCEPTION WHEN others THEN
            IF sqlstate NOT IN ('XX001', '22003', '22023') THEN
                RETURN NEXT format('%s: %s of %s', sqlstate, use, form);
            END IF;
        END;
    END LOOP;
END
$$;
SELECT is_empty('SELECT pg_temp.use(form) FROM damaged', 'damaged values harm nobody');
SELECT pg_temp.refuses(format('SELECT (%L::bytea::purchase_history)::text', form), 'XX001', 'invalid purchase_history',
    'The value is damaged, or was written by a newer version.')
FROM unnest(ARRAY[
    '\x', '\x00', '\x03 04 9003', '\x01 04', '\x01 84', '\x01 04 9003 04', '\x02',
    '\x02 01 0000 03000000 01000000 04 90', '\x02 01 0000 ffffffff 01000000 04 9003',
    '\x02 01 0000 ffffff7f 01000000 04 9003']) AS form;

-- jsonb

SELECT is_empty($$
    SELECT customer FROM histories
    WHERE h::jsonb <> (
        SELECT coalesce(jsonb_agg(to_jsonb(d) ORDER BY day), '[]')
        FROM (SELECT day, orders, returns, amount FROM history_days(h)) AS d)
$$, 'jsonb holds the days');
SELECT is('{2025-01-03:12.5,2025-03-01:-5/0/1}'::purchase_history::jsonb::text,
    '[{"day": "2025-01-03", "amount": 12.5, "orders": 1, "returns": 0}, '
    '{"day": "2025-03-01", "amount": -5, "orders": 0, "returns": 1}]', 'jsonb as text');
SELECT ok(NULL::purchase_history::jsonb IS NULL, 'jsonb of NULL');
SELECT is(jsonb_array_length(history_agg(date '0001-01-01' + n, 1)::jsonb), 500000, 'as many days as jsonb holds') FROM generate_series(1, 500000) n;
SELECT throws_ok($$ SELECT history_agg(date '0001-01-01' + n, 1)::jsonb FROM generate_series(1, 500001) n $$, '54000', 'purchase_history value too large for jsonb',
    'more days than jsonb holds');

-- equality and hash

SELECT is_empty($$
    SELECT a.customer, b.customer FROM histories AS a, histories AS b
    WHERE (a.h = b.h) <> (a.shown = b.shown) OR (a.h <> b.h) <> (a.shown <> b.shown)
$$, '= and <> compare the days');
INSERT INTO histories SELECT -customer, shown, shown::purchase_history FROM histories WHERE customer > 0;

CREATE FUNCTION pg_temp.counts_alike(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    ours bigint;
    by_text bigint;
BEGIN
    EXECUTE format('SELECT count(*) FROM (%s) AS rows', replace(statement, '@', 'h')) INTO ours;
    EXECUTE format('SELECT count(*) FROM (%s) AS rows', replace(statement, '@', 'shown')) INTO by_text;
    RETURN ok(ours = by_text AND ours > 0, replace(statement, '@', 'h'));
END
$$;
SET LOCAL enable_nestloop = off;
SELECT pg_temp.counts_alike(statement)
FROM unnest(ARRAY[
    'SELECT DISTINCT @ FROM histories',
    'SELECT @ FROM histories GROUP BY @ HAVING count(*) = 2',
    'SELECT 1 FROM histories AS a JOIN histories AS b USING (@)',
    'SELECT 1 FROM histories WHERE @ IN (SELECT @ FROM histories WHERE customer < -500)',
    'SELECT 1 FROM histories WHERE @ NOT IN (SELECT @ FROM histories WHERE customer < -500)',
    'SELECT 1 FROM histories WHERE @ IN (''{}'', ''{2025-01-03:1}'')',
    'SELECT @ FROM histories EXCEPT SELECT @ FROM histories WHERE customer > 0',
    'SELECT @ FROM histories WHERE customer < 500 INTERSECT SELECT @ FROM histories WHERE customer > 400']) AS statement;

CREATE TEMP TABLE parts (h purchase_history) PARTITION BY HASH (h);
CREATE TEMP TABLE part_0 PARTITION OF parts FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TEMP TABLE part_1 PARTITION OF parts FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO parts SELECT h FROM histories;
SELECT ok(count(*) BETWEEN 600 AND 1400, 'hash partitions are about even') FROM part_0;
SELECT is_empty('SELECT h FROM part_0 JOIN part_1 USING (h)', 'and a value is in one of them');
CREATE INDEX ON histories USING hash (h);
SET LOCAL enable_seqscan = off;
SELECT results_eq('SELECT customer FROM histories WHERE h = (SELECT h FROM histories WHERE customer = 77) ORDER BY customer',
    'VALUES (-77), (77)', 'a hash index');
SELECT cmp_ok(count(DISTINCT _clientele.purchase_history_hash(h)), '>', 995::bigint, 'hashes differ') FROM histories;

SELECT is((SELECT count(DISTINCT v) FROM unnest(ARRAY['{}', '{2025-01-01:4}', '{}', '{2025-01-01:4,2025-01-02:4}']::purchase_history[]) v), 3::bigint,
    'a distinct count of histories, which sorts');
SELECT results_eq($$ SELECT h::text, count(DISTINCT x) FROM (VALUES ('{}'::purchase_history, 1), ('{}', 2), ('{2025-01-01:4}', 1)) v(h, x) GROUP BY h ORDER BY 2 DESC $$,
    $$ VALUES ('{}', 2::bigint), ('{2025-01-01:4}', 1) $$, 'groups beside a distinct count');

SELECT * FROM finish();
ROLLBACK;
