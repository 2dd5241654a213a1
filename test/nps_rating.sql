-- rating_distribution, rating_agg and what is read from them.
BEGIN;
SELECT no_plan();
SELECT setseed(0.125);

\ir include/failure.sql

\ir include/receive.sql

\ir include/near.sql

CREATE FUNCTION pg_temp.random_counts(levels integer, highest bigint) RETURNS bigint[] LANGUAGE sql AS $$
    SELECT array_agg((random() * highest)::bigint) FROM generate_series(1, levels)
$$;

-- Text
SELECT is(form::rating_distribution::text, form, 'text form')
FROM unnest(ARRAY[
    '[1..5](3,0,2,10,7)', '[0..1](0,0)', '[-3..3](1,2,3,4,5,6,7)', '[-1000..-999](1,2)',
    '[999..1000](1,2)', '[1..2](9223372036854775807,0)', '[-50..50]' || '(' || repeat('1,', 100) || '1)'
]) AS form;
SELECT is(E' \n[1..5](3,0,2,10,7)\t'::rating_distribution::text, '[1..5](3,0,2,10,7)',
    'white space around is ignored');
SELECT is(
    pg_temp.failure(format('SELECT %L::rating_distribution', bad)),
    format('22P02 invalid input syntax for type rating_distribution: "%s"', left(bad, 100)),
    format('bad text: "%s"', left(bad, 40)))
FROM unnest(ARRAY[
    '', ' ', '[1..5]', '(1,2,3,4,5)', '[1..5]()', '[1..5](1,2,3,4)', '[1..5](1,2,3,4,5,6)',
    '[1..5](1,2,3,4,5', '[1..5](1,2,3,4,5))', '[1..5](1,2,3,4,5)x', '[1..5] (1,2,3,4,5)',
    '[ 1..5](1,2,3,4,5)', '[1...5](1,2,3,4,5)', '[1.5](1,2,3,4,5)', '[1,5](1,2,3,4,5)', '[1..](1)',
    '[..5](1,2,3,4,5)', '[+1..5](1,2,3,4,5)', '[--1..5](1,2,3,4,5)', '[-..5](1,2,3,4,5)',
    '[1..5](1,2,3,4,-5)', '[1..5](1,2,3,4,5.0)', '[1..5](1,2,,4,5)', '[1..5](1, 2,3,4,5)',
    '[1..1](1)', '[5..1](1,2,3,4,5)', '[1..0]()', '[1000..1001](1,2)', '[-1001..-1000](1,2)',
    '[4294967297..4294967298](1,2)', '[-9223372036854775808..0](1)', '[1..99999999999999999999](1)',
    '[0..101](' || repeat('1,', 101) || '1)', '[1..2](9223372036854775808,0)',
    '[1..2](9223372036854775807,1)', '{1..5}(1,2,3,4,5)', 'null'
]) AS bad;

SELECT current_setting('server_version_num')::int >= 160000 AS has_soft_errors \gset
\if :has_soft_errors
SELECT ok(NOT pg_input_is_valid('[1..5](3,0,2,10)', 'rating_distribution'), 'bad text is a soft error');
SELECT ok(pg_input_is_valid('[1..5](3,0,2,10,7)', 'rating_distribution'), 'good text is none');
\else
SELECT skip('soft input errors came with PostgreSQL 16', 2);
\endif

-- Binary
SELECT is(_clientele.rating_distribution_send('[-1..1](3,0,7)'),
    '\x01' || int4send(-1) || int4send(1) || int8send(3) || int8send(0) || int8send(7), 'binary form');
SELECT is(pg_temp.receive('rating_distribution', _clientele.rating_distribution_send(value)), value::text,
    'binary round trip')
FROM unnest(ARRAY['[1..5](3,0,2,10,7)', '[-1000..-999](0,9223372036854775807)',
    '[0..100]' || '(' || repeat('1,', 100) || '1)']::rating_distribution[]) AS value;
SELECT is(
    pg_temp.failure(format('SELECT pg_temp.receive(%L, %L)', 'rating_distribution', bytes)),
    format('22P03 invalid binary form of type rating_distribution, of %s bytes', length(bytes)),
    'bad binary: ' || flaw)
FROM (SELECT int8send(1) || int8send(2) AS two, int4send(1) || int4send(2) AS scale) AS part, LATERAL (VALUES
    ('nothing', ''::bytea),
    ('version only', '\x01'),
    ('no counts', '\x01' || scale),
    ('one count short', '\x01' || scale || int8send(1)),
    ('one byte short', '\x01' || scale || substr(two, 1, 15)),
    ('one byte long', '\x01' || scale || two || '\x00'),
    ('one count long', '\x01' || scale || two || int8send(3)),
    ('version 0', '\x00' || scale || two),
    ('version 2', '\x02' || scale || two),
    ('negative count', '\x01' || scale || int8send(1) || int8send(-1)),
    ('past 64 bits', '\x01' || scale || int8send(9223372036854775807) || int8send(1)),
    ('one level', '\x01' || int4send(1) || int4send(1) || int8send(1)),
    ('upside down', '\x01' || int4send(2) || int4send(1) || two),
    ('too low', '\x01' || int4send(-1001) || int4send(-1000) || two),
    ('too high', '\x01' || int4send(1000) || int4send(1001) || two),
    ('wide as 32 bits', '\x01' || int4send(-2147483648) || int4send(2147483647) || two),
    ('too many levels', '\x01' || int4send(0) || int4send(101)
        || decode(repeat('0000000000000001', 102), 'hex'))
) AS bad (flaw, bytes);

CREATE FUNCTION pg_temp.fuzz(tries integer) RETURNS TABLE (bytes bytea, problem text)
LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1..tries LOOP
        bytes := _clientele.rating_distribution_send('[1..3](1,2,3)');
        bytes := set_byte(bytes, (random() * 32)::int, (random() * 255)::int);
        BEGIN
            IF _clientele.rating_distribution_send(pg_temp.receive('rating_distribution', bytes)::rating_distribution)
               <> bytes THEN
                problem := 'changed';
                RETURN NEXT;
            END IF;
        EXCEPTION WHEN invalid_binary_representation THEN
            NULL;
        END;
    END LOOP;
END
$$;
SELECT is_empty('SELECT * FROM pg_temp.fuzz(200)', 'random bytes are refused or kept');

-- A table of them: short and long headers, compressed, and stored out of line
CREATE TABLE kept (n integer, small rating_distribution, large rating_distribution,
    beside rating_distribution, apart rating_distribution, further rating_distribution)
    WITH (toast_tuple_target = 128);
ALTER TABLE kept ALTER apart SET STORAGE external, ALTER further SET STORAGE external;
INSERT INTO kept
SELECT n, rating_distribution(1, 5, pg_temp.random_counts(5, n)),
       rating_distribution(0, 100, pg_temp.random_counts(101, 3)),
       rating_distribution(0, 100, pg_temp.random_counts(101, 3)),
       rating_distribution(-50, 50, pg_temp.random_counts(101, 100000000000000)),
       rating_distribution(-50, 50, pg_temp.random_counts(101, 100000000000000))
FROM generate_series(1, 100) AS n;
SELECT is((SELECT count(*) FROM kept WHERE pg_column_compression(large) IS NOT NULL), 100::bigint,
    'large values are compressed');
SELECT cmp_ok(pg_relation_size((SELECT reltoastrelid FROM pg_class WHERE oid = 'kept'::regclass)), '>', 80000::bigint,
    'and some are out of line');
SELECT is((SELECT count(*) FROM kept WHERE pg_column_size(small) < 56), 100::bigint, 'small ones have a short header');
SELECT is_empty($$
    SELECT n FROM kept, unnest(ARRAY[small, large, beside, apart, further]) AS value
    WHERE value::text::rating_distribution <> value
       OR rating_distribution((SELECT min(rating) FROM rating_counts(value)),
                              (SELECT max(rating) FROM rating_counts(value)),
                              (SELECT array_agg(responses ORDER BY rating) FROM rating_counts(value))) <> value
       OR _clientele.rating_distribution_hash(value::text::rating_distribution) <> _clientele.rating_distribution_hash(value)
$$, 'they read the same from wherever they lie');
CREATE TABLE copied (LIKE kept);
COPY kept TO PROGRAM 'cat > nps_rating_copy' WITH (FORMAT binary);
COPY copied FROM PROGRAM 'cat nps_rating_copy && rm nps_rating_copy' WITH (FORMAT binary);
SELECT set_eq('SELECT copied::text FROM copied', 'SELECT kept::text FROM kept', 'COPY BINARY');
SELECT is(rollup(large)::text, (SELECT format('[0..100](%s)', string_agg(sum::text, ',' ORDER BY rating))
    FROM (SELECT rating, sum(responses) FROM kept, rating_counts(large) GROUP BY rating) AS s),
    'rollup of compressed values') FROM kept;
SELECT is(rollup(apart)::text, (SELECT format('[-50..50](%s)', string_agg(sum::text, ',' ORDER BY rating))
    FROM (SELECT rating, sum(responses) FROM kept, rating_counts(apart) GROUP BY rating) AS s),
    'rollup of values out of line') FROM kept;
SELECT is(rollup(apart)::text, (SELECT apart::text FROM kept WHERE n = 1), 'rollup of one value out of line')
FROM kept WHERE n = 1;

-- Constructor
SELECT is(rating_distribution(1, 5, '{3,0,2,10,7}')::text, '[1..5](3,0,2,10,7)', 'constructor');
SELECT is(rating_distribution(lowest => 0, highest => 1, counts => ARRAY[1, 2]::bigint[])::text, '[0..1](1,2)', 'by name');
SELECT is(rating_distribution(1, 2, '[5:6]={1,2}')::text, '[1..2](1,2)', 'an array may start anywhere');
SELECT is(rating_distribution(1, 5, NULL), NULL, 'no counts, no value');
SELECT is(pg_temp.failure(format('SELECT rating_distribution(%s)', arguments)), failure, arguments)
FROM (VALUES
    ('5, 1, ''{1,2,3,4,5}''', '22023 invalid value for parameter "highest": 1'),
    ('1, 1, ''{1}''', '22023 invalid value for parameter "highest": 1'),
    ('0, 101, ''{1}''', '22023 invalid value for parameter "highest": 101'),
    ('950, 1001, ''{1}''', '22023 invalid value for parameter "highest": 1001'),
    ('-1001, -990, ''{1}''', '22023 invalid value for parameter "lowest": -1001'),
    ('1000, 1001, ''{1,2}''', '22023 invalid value for parameter "lowest": 1000'),
    ('-2147483648, 2147483647, ''{1,2}''', '22023 invalid value for parameter "lowest": -2147483648'),
    ('1, 5, ''{1,2,3,4}''', '22023 invalid value for parameter "counts": {1,2,3,4}'),
    ('1, 5, ''{1,2,3,4,5,6}''', '22023 invalid value for parameter "counts": {1,2,3,4,5,6}'),
    ('1, 5, ''{}''', '22023 invalid value for parameter "counts": {}'),
    ('1, 2, ''{1,NULL}''', '22023 invalid value for parameter "counts": {1,NULL}'),
    ('1, 2, ''{{1,2}}''', '22023 invalid value for parameter "counts": {{1,2}}'),
    ('1, 2, ''{{1,2},{3,4}}''', '22023 invalid value for parameter "counts": {{1,2},{3,4}}'),
    ('1, 2, ''{1,-2}''', '22023 invalid value for parameter "counts": -2'),
    ('1, 2, ''{9223372036854775807,1}''', '22003 too many answers in one value')
) AS bad (arguments, failure);

-- Operators
SELECT is(('[1..3](1,2,3)'::rating_distribution + '[1..3](0,0,9)')::text, '[1..3](1,2,12)', 'sum');
SELECT is(('[1..3](1,2,3)'::rating_distribution - '[1..3](0,2,1)')::text, '[1..3](1,0,2)', 'difference');
SELECT is(pg_temp.failure(format('SELECT %L::rating_distribution %s %L', a, operator, b)), failure,
    format('%s %s %s', a, operator, b))
FROM (VALUES
    ('[1..3](1,2,3)', '+', '[0..2](1,2,3)', '22023 rating scales differ: [1..3] and [0..2]'),
    ('[1..3](1,2,3)', '-', '[1..4](1,2,3,0)', '22023 rating scales differ: [1..3] and [1..4]'),
    ('[1..3](1,2,3)', '-', '[1..3](0,3,0)', '22023 cannot take away answers that are not there'),
    ('[1..2](9223372036854775807,0)', '+', '[1..2](0,1)', '22003 too many answers in one value')
) AS bad (a, operator, b, failure);
SELECT ok('[1..3](1,2,3)'::rating_distribution = '[1..3](1,2,3)', 'equal');
SELECT ok('[1..3](1,2,3)'::rating_distribution <> other, 'different: ' || other::text)
FROM unnest('{"[1..3](1,2,4)","[2..4](1,2,3)","[1..4](1,2,3,0)","[0..3](0,1,2,3)"}'::rating_distribution[]) AS other;
CREATE TABLE repeated AS
SELECT rating_distribution(low, low + 1, pg_temp.random_counts(2, 2)) AS value
FROM (SELECT n, (random() * 2)::int AS low FROM generate_series(1, 1000) AS n) AS s;
SELECT set_eq('SELECT value::text, count(*) FROM repeated GROUP BY value',
    'SELECT value::text, count(*) FROM repeated GROUP BY value::text', 'GROUP BY');
SELECT is_empty($$
    SELECT value FROM repeated WHERE _clientele.rating_distribution_hash(value)
        <> (_clientele.rating_distribution_hash_extended(value, 0) & 4294967295)::bit(32)::integer
$$, 'the extended hash without seed extends the hash');
SELECT isnt(_clientele.rating_distribution_hash('[1..2](3,4)'), _clientele.rating_distribution_hash('[2..3](3,4)'), 'the scale is hashed');
SELECT is('[1..5](3,0,2,10,7)'::rating_distribution::jsonb,
    '{"lowest": 1, "highest": 5, "counts": [3, 0, 2, 10, 7]}'::jsonb, 'cast to jsonb');

-- rating_agg against plain SQL, for all types
CREATE TABLE answer AS
SELECT n, (random() * 6)::int AS shop, date '2025-01-01' + (random() * 300)::int AS day,
       CASE WHEN random() < 0.05 THEN NULL ELSE (random() * 8)::int - 4 END AS rating,
       CASE WHEN random() < 0.05 THEN NULL ELSE (random() * 1000000)::bigint END AS answers
FROM generate_series(1, 20000) AS n;
ANALYZE answer;
CREATE FUNCTION pg_temp.mismatches(type text, arguments text, counted text) RETURNS SETOF text
LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE format($q$
        SELECT format('shop %%s: got %%s, not %%s', shop, got, want)
        FROM (SELECT shop, got,
                     (SELECT format('[-4..4](%%s)', string_agg(coalesce(count, 0)::text, ',' ORDER BY level))
                      FROM generate_series(-4, 4) AS level LEFT JOIN
                           (SELECT rating, %3$s AS count FROM answer AS a WHERE a.shop = s.shop GROUP BY rating) AS c
                           ON level = rating) AS want
              FROM (SELECT shop, rating_agg(%2$s) AS got
                    FROM (SELECT shop, rating::%1$s AS rating, answers FROM answer) AS a
                    GROUP BY shop) AS s) AS t
        WHERE got::text <> want$q$, type, arguments, counted);
END
$$;
SELECT is((SELECT count(DISTINCT shop) FROM answer), 7::bigint, 'there are seven shops');
SELECT is_empty(format('SELECT pg_temp.mismatches(%L, %L, %L)', type, 'rating, -4, 4', 'count(rating)'),
    'counts of ' || type)
FROM unnest('{smallint,integer,bigint,real,double precision,numeric}'::text[]) AS type;
SELECT is_empty(format('SELECT pg_temp.mismatches(%L, %L, %L)', type, 'rating, -4, 4, answers', 'sum(answers)'),
    'weighted counts of ' || type)
FROM unnest('{smallint,integer,bigint,real,double precision,numeric}'::text[]) AS type;

SELECT is(rating_agg(rating, 1, 5), NULL, 'no rows') FROM (SELECT 1 AS rating) AS s WHERE false;
SELECT is(rating_agg(NULL::integer, 1, 5)::text, '[1..5](0,0,0,0,0)', 'only NULLs');
SELECT is(rating_agg(3, 1, 5, NULL::bigint)::text, '[1..5](0,0,0,0,0)', 'unknown answers are skipped');
SELECT is(rating_agg(NULL::integer, 1, 5, 3::bigint)::text, '[1..5](0,0,0,0,0)', 'unknown ratings are skipped');
SELECT is(rating_agg(3, 1, 5)::text, '[1..5](0,0,1,0,0)', 'one row');
SELECT is(rating_agg(rating, 1, 3)::text, '[1..3](1,1,1)', 'NULL first') FROM unnest('{NULL,1,2,3}'::int[]) AS rating;
SELECT is(rating_agg(r, -1000, -900)::text, '[-1000..-900](1,' || repeat('0,', 99) || '1)', 'the lowest scale')
FROM unnest('{-1000,-900}'::numeric[]) AS r;
SELECT is(rating_agg(r, 900, 1000)::text, '[900..1000](1,' || repeat('0,', 99) || '1)', 'the highest scale')
FROM unnest('{900,1000}'::float8[]) AS r;
SELECT is(rating_agg(r * 2, 2, 10)::text, '[2..10](0,1,0,0,0,1,0,0,0)', 'half steps, doubled')
FROM unnest('{1.5,3.5}'::numeric[]) AS r;
SELECT is(rollup(part), NULL, 'rollup of nothing')
FROM (SELECT '[1..2](1,1)'::rating_distribution AS part) AS s WHERE false;
SELECT is(rollup(part)::text, '[1..2](1,1)', 'rollup skips NULLs')
FROM unnest('{NULL,"[1..2](1,1)",NULL}'::rating_distribution[]) AS part;

SELECT is(pg_temp.failure(statement), failure, statement)
FROM (
    SELECT format('SELECT rating_agg(%s, 1, 5)', rating), '22003 rating out of range: ' || shown
    FROM (VALUES
        ('0::smallint', '0'), ('6::smallint', '6'), ('0', '0'), ('6', '6'), ('-3', '-3'), ('0::bigint', '0'),
        ('9223372036854775807', '9223372036854775807'), ('4294967299', '4294967299'),
        ('3.5::real', '3.5'), ('0::real', '0'), ('''NaN''::real', 'NaN'), ('''-Infinity''::real', '-Infinity'),
        ('3.0000001::float8', '3.0000001'), ('5.5::float8', '5.5'), ('0.5::float8', '0.5'),
        ('''NaN''::float8', 'NaN'), ('''Infinity''::float8', 'Infinity'), ('1e300::float8', '1e+300'),
        ('3.5', '3.5'), ('3.00000000000000000001', '3.00000000000000000001'), ('0.99999', '0.99999'),
        ('5.00001', '5.00001'), ('-0.5', '-0.5'), ('10003', '10003'), ('10003.0', '10003.0'),
        ('''NaN''::numeric', 'NaN'), ('''-Infinity''::numeric', '-Infinity')) AS v (rating, shown)
    UNION ALL VALUES
    ('SELECT rating_agg(0.5, -1, 1)', '22003 rating out of range: 0.5'),
    ('SELECT rating_agg(-0.5, -1, 1)', '22003 rating out of range: -0.5'),
    ('SELECT rating_agg(-1.5, -1, 1)', '22003 rating out of range: -1.5'),
    ('SELECT rating_agg(-0.5::float8, -1, 1)', '22003 rating out of range: -0.5'),
    ('SELECT rating_agg(6, 1, 5, 0::bigint)', '22003 rating out of range: 6'),
    ('SELECT rating_agg(3, 1, 5, -1::bigint)', '22023 invalid value for parameter "answers": -1'),
    ('SELECT rating_agg(3, NULL, 5)', '22023 invalid value for parameter "lowest": null'),
    ('SELECT rating_agg(3, 1, NULL)', '22023 invalid value for parameter "highest": null'),
    ('SELECT rating_agg(3, 5, 1)', '22023 invalid value for parameter "highest": 1'),
    ('SELECT rating_agg(3, 3, 3)', '22023 invalid value for parameter "highest": 3'),
    ('SELECT rating_agg(3, 0, 101)', '22023 invalid value for parameter "highest": 101'),
    ('SELECT rating_agg(3, -5000, 5)', '22023 invalid value for parameter "lowest": -5000'),
    ('SELECT rating_agg(NULL::int, 5, 1)', '22023 invalid value for parameter "highest": 1'),
    ('SELECT rating_agg(1, 0, h) FROM generate_series(5, 6) AS h', '22023 rating scales differ: [0..5] and [0..6]'),
    ('SELECT rating_agg(1, -l, 5) FROM generate_series(0, 1) AS l', '22023 rating scales differ: [0..5] and [-1..5]'),
    ('SELECT rating_agg(r, 1, 2, 9223372036854775807) FROM generate_series(1, 2) AS r',
     '22003 too many answers in one value'),
    ('SELECT rollup(v) FROM unnest(''{"[1..2](1,2)","[0..1](1,2)"}''::rating_distribution[]) AS v',
     '22023 rating scales differ: [1..2] and [0..1]'),
    ('SELECT rollup(v) FROM unnest(''{"[1..2](9223372036854775807,0)","[1..2](0,1)"}''::rating_distribution[]) AS v',
     '22003 too many answers in one value'),
    ('SELECT _clientele.rating_accum(''[1..5](0,0,0,0,0)'', 3, 1, 5)',
     '42809 function _clientele.rating_accum(rating_distribution,integer,integer,integer) called outside of an aggregate'),
    ('SELECT _clientele.rating_combine(''[1..2](0,0)'', ''[1..2](0,0)'')',
     '42809 function _clientele.rating_combine(rating_distribution,rating_distribution) called outside of an aggregate')
) AS bad (statement, failure);

-- Rollup, windows, parallel plans
CREATE TEMPORARY TABLE whole AS SELECT rating_agg(rating, -4, 4)::text AS ratings FROM answer;
SELECT is(rollup(part::text::rating_distribution)::text, (SELECT ratings FROM whole),
    format('rollup of about %s parts that went through text', parts))
FROM unnest('{1,2,7,100,5000}'::int[]) AS parts, LATERAL (
    SELECT rating_agg(rating, -4, 4) AS part
    FROM (SELECT rating, floor(random() * parts) AS bucket FROM answer) AS a GROUP BY bucket) AS p
GROUP BY parts;

CREATE TEMPORARY TABLE windowed AS
SELECT n, rating_agg(rating, -4, 4) OVER moving AS moving, rating_agg(rating, -4, 4) OVER running AS running,
       rating_agg(rating, -4, 4, answers) OVER moving AS weighted,
       rating_agg(rating, -4, 4) OVER ahead AS ahead
FROM answer WHERE n <= 800
WINDOW moving AS (ORDER BY n ROWS BETWEEN 7 PRECEDING AND 2 FOLLOWING), running AS (ORDER BY n),
       ahead AS (ORDER BY n ROWS BETWEEN 1 FOLLOWING AND 3 FOLLOWING);
SELECT is_empty($$
    SELECT w.n FROM windowed AS w CROSS JOIN LATERAL (
        SELECT rating_agg(rating, -4, 4) FILTER (WHERE a.n BETWEEN w.n - 7 AND w.n + 2) AS moving,
               rating_agg(rating, -4, 4, answers) FILTER (WHERE a.n BETWEEN w.n - 7 AND w.n + 2) AS weighted,
               rating_agg(rating, -4, 4) FILTER (WHERE a.n <= w.n) AS running,
               rating_agg(rating, -4, 4) FILTER (WHERE a.n BETWEEN w.n + 1 AND w.n + 3) AS ahead
        FROM answer AS a WHERE a.n <= 800) AS want
    WHERE (w.moving, w.weighted, w.running, w.ahead)
          IS DISTINCT FROM (want.moving, want.weighted, want.running, want.ahead)
$$, 'windows');
SELECT ok((SELECT ahead FROM windowed WHERE n = 800) IS NULL, 'an empty frame has no scale');
SELECT is_empty($$
    SELECT n FROM (
        SELECT n, rollup(small) OVER running AS total, lag(n, 1, 0) OVER running AS before,
               rollup(small) OVER (ORDER BY n ROWS 1 PRECEDING) AS two, small,
               lag(small) OVER running AS previous
        FROM kept WINDOW running AS (ORDER BY n)) AS w
    WHERE total <> (SELECT rollup(small) FROM kept WHERE n <= w.n)
       OR two <> coalesce(small + previous, small)
$$, 'rollup over moving frames');

-- Parallel plans, where the workers count alone
\ir include/plan_has.sql
\ir include/result_of.sql
CREATE TABLE part AS SELECT shop, rating_agg(rating, -4, 4) AS ratings FROM answer GROUP BY shop, day;
ANALYZE part;
CREATE TEMPORARY TABLE example (what text, statement text);
INSERT INTO example VALUES
    ('one group', 'SELECT rating_agg(rating, -4, 4), rating_agg(rating::numeric, -4, 4, answers) FROM answer'),
    ('by shop', 'SELECT shop, rating_agg(rating, -4, 4) FROM answer GROUP BY shop'),
    ('no rows', 'SELECT 0, rating_agg(rating, -4, 4) FROM answer WHERE n % 1 <> 0'),
    ('rollup', 'SELECT rollup(ratings) FROM part'),
    ('rollup by shop', 'SELECT shop, rollup(ratings) FROM part GROUP BY shop');
SET LOCAL max_parallel_workers_per_gather = 0;
CREATE TEMPORARY TABLE serial AS SELECT what, pg_temp.result_of(statement) AS result FROM example;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 2;
SET LOCAL parallel_leader_participation = off;
SELECT ok(pg_temp.plan_has(statement, 'Partial') AND pg_temp.plan_has(statement, 'Aggregate'),
    'there is a parallel plan: ' || what) FROM example;
CREATE TEMPORARY TABLE parallel (what text, result text);
DO $$
DECLARE
    example record;
    result text;
BEGIN
    FOR example IN SELECT * FROM example LOOP
        result := pg_temp.result_of(example.statement);
        INSERT INTO parallel VALUES (example.what, result);
    END LOOP;
END
$$;
SELECT is(parallel.result, serial.result, 'parallel is serial: ' || what)
FROM serial LEFT JOIN parallel USING (what);
RESET max_parallel_workers_per_gather;

-- Reading a value
SELECT results_eq($$SELECT * FROM rating_counts('[-1..1](3,0,7)')$$,
    $$VALUES (-1, 3::bigint), (0, 0::bigint), (1, 7::bigint)$$, 'rating_counts');
SELECT results_eq($$SELECT (rating_counts('[1..2](3,4)')).responses$$, '{3,4}'::bigint[], 'also in the select list');
SELECT is((SELECT count(*) FROM kept, rating_counts(large)), 10100::bigint, 'one row per level');
CREATE TEMPORARY TABLE value AS
SELECT small AS v FROM kept UNION ALL SELECT large FROM kept UNION ALL SELECT apart FROM kept
UNION ALL SELECT unnest('{"[1..7](1,0,0,0,0,0,0)","[0..1](1,1)","[-3..3](0,0,0,5,0,0,0)",
    "[0..10](1,0,0,0,0,1,0,0,0,0,2)"}'::rating_distribution[]);
SELECT is_empty($$
    SELECT v FROM value, LATERAL (
        SELECT sum(rating * responses) / sum(responses) AS mean, sum(responses) AS total,
               min(rating) AS lowest, max(rating) AS highest,
               sum(responses) FILTER (WHERE top <= 1) AS top FROM (
            SELECT *, row_number() OVER (ORDER BY rating DESC) AS top FROM rating_counts(v)) AS c) AS want
    WHERE rating_responses(v) <> total
       OR abs(rating_mean(v) - mean) > 1e-9
       OR abs(csat_mean(v) - (1 + 4 * (mean - lowest) / (highest - lowest))) > 1e-9
       OR abs(ces_mean(v) - (1 + 6 * (mean - lowest) / (highest - lowest))) > 1e-9
       OR abs(csat_top_box(v, 1) - top / total) > 1e-12
       OR csat_top_box_interval(v, 1, 0.9) IS DISTINCT FROM wilson_interval(top::bigint, total::bigint, 0.9)
$$, 'responses, means and top boxes');
SELECT is_empty($$SELECT small FROM kept WHERE csat_mean(small) <> rating_mean(small)$$,
    'csat_mean is the mean itself on 1..5');
SELECT is_empty($$
    SELECT v FROM (SELECT rating_distribution(1, 7, pg_temp.random_counts(7, n)) AS v FROM generate_series(1, 100) AS n) AS s
    WHERE ces_mean(v) <> rating_mean(v)
$$, 'ces_mean is the mean itself on 1..7');
SELECT ok(pg_temp.near(csat_top_box(v), 17.0 / 22) AND csat_top_box(v, 4) = 19.0 / 22, 'two boxes unless told otherwise')
FROM (SELECT '[1..5](3,0,2,10,7)'::rating_distribution AS v) AS s;
SELECT ok(pg_temp.near(estimate, 17.0 / 22) AND pg_temp.near(lower, 0.565600468247783) AND pg_temp.near(upper, 0.898769600147515),
    'and 95 %') FROM csat_top_box_interval('[1..5](3,0,2,10,7)');
SELECT ok(rating_mean(v) IS NULL AND csat_mean(v) IS NULL AND ces_mean(v) IS NULL AND csat_top_box(v) IS NULL
    AND csat_top_box_interval(v) IS NULL AND rating_responses(v) = 0, 'without ratings')
FROM (SELECT '[1..5](0,0,0,0,0)'::rating_distribution AS v) AS s;
SELECT ok(rating_mean(v) = -1000 AND csat_mean(v) = 1 AND ces_mean(v) = 1 AND csat_top_box(v, 1) = 0, 'the lowest of all')
FROM (SELECT '[-1000..-999](9223372036854775807,0)'::rating_distribution AS v) AS s;
SELECT ok(rating_mean(v) = 1000 AND csat_mean(v) = 5 AND ces_mean(v) = 7 AND csat_top_box(v, 1) = 1, 'the highest of all')
FROM (SELECT '[999..1000](0,9223372036854775807)'::rating_distribution AS v) AS s;
SELECT is(pg_temp.failure(format('SELECT %s', call)), failure, call)
FROM (VALUES
    ('csat_top_box(''[1..5](3,0,2,10,7)'', 0)', '22023 invalid value for parameter "boxes": 0'),
    ('csat_top_box(''[1..5](3,0,2,10,7)'', 5)', '22023 invalid value for parameter "boxes": 5'),
    ('csat_top_box(''[1..5](3,0,2,10,7)'', -2147483648)', '22023 invalid value for parameter "boxes": -2147483648'),
    ('csat_top_box(''[0..1](3,4)'')', '22023 invalid value for parameter "boxes": 2'),
    ('csat_top_box(''[1..5](0,0,0,0,0)'', 7)', '22023 invalid value for parameter "boxes": 7'),
    ('csat_top_box_interval(''[1..5](3,0,2,10,7)'', 9)', '22023 invalid value for parameter "boxes": 9'),
    ('csat_top_box_interval(''[1..5](3,0,2,10,7)'', 2, 1.5)', '22023 invalid value for parameter "level": 1.5')
) AS bad (call, failure);

-- Somebody's own aggregate may name an inverse function as its transition, and begin with any value.
CREATE AGGREGATE taken(integer, integer, integer) (SFUNC = _clientele.rating_accum_inv, STYPE = rating_distribution, INITCOND = '[1..3](0,2,0)');
CREATE AGGREGATE taken(integer, integer, integer, bigint) (SFUNC = _clientele.rating_accum_inv, STYPE = rating_distribution, INITCOND = '[1..3](0,2,0)');
CREATE AGGREGATE nearly_full(integer, integer, integer) (SFUNC = _clientele.rating_accum, STYPE = rating_distribution, INITCOND = '[1..2](4611686018427387904,4611686018427387902)');
SELECT is(taken(rating, 1, 3)::text, '[1..3](0,0,0)', 'as many as were there') FROM unnest(ARRAY[2, 2]) AS rating;
SELECT is(nearly_full(rating, 1, 2)::text, '[1..2](4611686018427387905,4611686018427387902)', 'as many as there is room for') FROM unnest(ARRAY[1]) AS rating;
SELECT is(pg_temp.failure('SELECT ' || call), failure, call) FROM (VALUES
    ('taken(rating, 1, 3) FROM unnest(ARRAY[2, 2, 2]) AS rating', '22023 cannot take away answers that are not there'),
    ('taken(2, 1, 3, answers) FROM unnest(ARRAY[3]) AS answers', '22023 cannot take away answers that are not there'),
    ('taken(2, 1, 3, answers) FROM unnest(ARRAY[-1]) AS answers', '22023 invalid value for parameter "answers": -1'),
    ('nearly_full(rating, 1, 2) FROM unnest(ARRAY[1, 2]) AS rating', '22003 too many answers in one value')) AS bad (call, failure);

SELECT * FROM finish();
ROLLBACK;
