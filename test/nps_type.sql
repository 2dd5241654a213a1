-- The type nps: its forms, constructor, operators, hash and casts.
BEGIN;
SELECT no_plan();
SELECT setseed(0.25);

\ir include/failure.sql

\ir include/receive.sql

CREATE FUNCTION pg_temp.random_count() RETURNS bigint LANGUAGE sql AS $$
    SELECT (10 ^ (random() * 18))::bigint - 1
$$;

-- Text
SELECT is('(50,30,20)'::nps::text, '(50,30,20)', 'text form');
SELECT is('(0,0,0)'::nps::text, '(0,0,0)', 'empty');
SELECT is(E' \t\n(50,30,20)\r\n '::nps::text, '(50,30,20)', 'white space around is ignored');
SELECT is('(050,00,0020)'::nps::text, '(50,0,20)', 'leading zeros are not kept');
SELECT is('(9223372036854775807,0,0)'::nps::text, '(9223372036854775807,0,0)', 'largest promoters');
SELECT is('(0,9223372036854775807,0)'::nps::text, '(0,9223372036854775807,0)', 'largest passives');
SELECT is('(0,0,9223372036854775807)'::nps::text, '(0,0,9223372036854775807)', 'largest detractors');

SELECT is(
    pg_temp.failure(format('SELECT %L::nps', bad)),
    format('22P02 invalid input syntax for type nps: "%s"', left(bad, 100)),
    format('bad text: "%s"', left(bad, 40)))
FROM unnest(ARRAY[
    '', ' ', '()', '(,,)', '(1,2)', '(1,2,)', '(1,2,3,4)', '(1,2,3', '1,2,3)', '1,2,3', '[1,2,3]',
    '((1,2,3))', '(1,2,3))', '(1,2,3)x', '(1,2,3) (1,2,3)', 'x(1,2,3)', '(1;2;3)', '(1 2 3)',
    '(1, 2,3)', '( 1,2,3)', '(1,2,3 )', '(1,2,-3)', '(-0,2,3)', '(+1,2,3)', '(1.0,2,3)', '(1e3,2,3)',
    '(0x1,2,3)', '(1_0,2,3)', '(a,2,3)', '(,2,3)', '(1,,3)', '(null,2,3)', 'null', '{1,2,3}',
    U&'(\FF11,2,3)', U&'\00A0(1,2,3)', '(9223372036854775808,0,0)', '(99999999999999999999999,0,0)',
    '(9223372036854775807,1,0)', '(4611686018427387904,4611686018427387904,0)',
    '(9223372036854775807,9223372036854775807,2)', repeat('(1,2,3)', 100)
]) AS bad;

-- Whatever text is accepted is what the grammar and the range allow, and nothing else is.
CREATE TEMPORARY TABLE mutant AS
SELECT n, overlay(
    format('(%s,%s,%s)', pg_temp.random_count(), (random() * 20)::int, (random() * 4)::int)
    PLACING substr('(),-+.0123456789 ex', (random() * 19)::int, (random() * 2)::int)
    FROM 1 + (random() * 12)::int FOR (random() * 2)::int) AS form
FROM generate_series(1, 3000) AS n;
CREATE FUNCTION pg_temp.accepted(form text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RETURN form::nps IS NOT NULL;
EXCEPTION WHEN invalid_text_representation THEN
    RETURN false;
END
$$;
CREATE FUNCTION pg_temp.grammatical(form text) RETURNS boolean LANGUAGE sql AS $$
    SELECT form ~ '^\s*\(\d+,\d+,\d+\)\s*$'
       AND (SELECT sum(count::numeric) FROM regexp_split_to_table(btrim(form, ' ()'), ',') AS count)
           < 2::numeric ^ 63
$$;
SELECT is_empty($$
    SELECT form FROM mutant WHERE pg_temp.accepted(form) IS DISTINCT FROM pg_temp.grammatical(form)
$$, 'mutants are accepted exactly when they are well formed');
SELECT cmp_ok((SELECT count(*) FROM mutant WHERE pg_temp.grammatical(form)), '>', 300::bigint,
    'some mutants are well formed');
SELECT cmp_ok((SELECT count(*) FROM mutant WHERE NOT pg_temp.grammatical(form)), '>', 300::bigint,
    'and some are not');

SELECT current_setting('server_version_num')::int >= 160000 AS has_soft_errors \gset
\if :has_soft_errors
SELECT ok(NOT pg_input_is_valid('(1,2)', 'nps'), 'bad text is a soft error');
SELECT ok(pg_input_is_valid('(1,2,3)', 'nps'), 'good text is none');
\else
SELECT skip('soft input errors came with PostgreSQL 16', 2);
\endif

-- Binary
SELECT is(_clientele.nps_send('(50,30,20)'),
    '\x01' || int8send(50) || int8send(30) || int8send(20), 'binary form');
SELECT is(pg_temp.receive('nps', _clientele.nps_send(value)), value::text, 'binary round trip')
FROM unnest('{"(0,0,0)","(50,30,20)","(9223372036854775807,0,0)","(0,0,9223372036854775807)"}'::nps[])
    AS value;

SELECT is(
    pg_temp.failure(format('SELECT pg_temp.receive(%L, %L)', 'nps', bytes)),
    format('22P03 invalid binary form of type nps, of %s bytes', length(bytes)),
    'bad binary: ' || flaw)
FROM (VALUES
    ('nothing', ''::bytea),
    ('version only', '\x01'),
    ('too short', '\x01' || int8send(50) || int8send(30)),
    ('one byte short', substr(_clientele.nps_send('(50,30,20)'), 1, 24)),
    ('one byte long', _clientele.nps_send('(50,30,20)') || '\x00'),
    ('version 0', '\x00' || substr(_clientele.nps_send('(50,30,20)'), 2)),
    ('version 2', '\x02' || substr(_clientele.nps_send('(50,30,20)'), 2)),
    ('negative promoters', '\x01' || int8send(-1) || int8send(30) || int8send(20)),
    ('negative passives', '\x01' || int8send(50) || int8send(-1) || int8send(20)),
    ('negative detractors', '\x01' || int8send(50) || int8send(30) || int8send(-1)),
    ('past 64 bits', '\x01' || int8send(9223372036854775807) || int8send(0) || int8send(1)),
    ('past 64 bits twice', '\x01' || int8send(9223372036854775807)
        || int8send(9223372036854775807) || int8send(2))
) AS bad (flaw, bytes);

-- Random bytes are refused or mean what they say.
CREATE FUNCTION pg_temp.fuzz(tries integer) RETURNS TABLE (bytes bytea, problem text)
LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1..tries LOOP
        bytes := _clientele.nps_send(nps((random() * 100)::int, (random() * 100)::int, (random() * 100)::int));
        bytes := set_byte(bytes, (random() * 24)::int, (random() * 255)::int);
        BEGIN
            IF _clientele.nps_send(pg_temp.receive('nps', bytes)::nps) <> bytes THEN
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

-- COPY in both formats, and a table in between
CREATE TABLE kept (n integer, value nps);
INSERT INTO kept
SELECT n, nps(pg_temp.random_count(), pg_temp.random_count(), pg_temp.random_count())
FROM generate_series(1, 500) AS n;
INSERT INTO kept VALUES (501, NULL);
CREATE TABLE copied (LIKE kept);
COPY kept TO PROGRAM 'cat > nps_type_copy' WITH (FORMAT binary);
COPY copied FROM PROGRAM 'cat nps_type_copy' WITH (FORMAT binary);
SELECT set_eq('SELECT n, value::text FROM copied', 'SELECT n, value::text FROM kept', 'COPY BINARY');
TRUNCATE copied;
COPY kept TO PROGRAM 'cat > nps_type_copy';
COPY copied FROM PROGRAM 'cat nps_type_copy && rm nps_type_copy';
SELECT set_eq('SELECT n, value::text FROM copied', 'SELECT n, value::text FROM kept', 'COPY');
SELECT is((SELECT count(*) FROM kept WHERE value::text::nps <> value), 0::bigint, 'text round trip');

-- Constructor
SELECT is(nps(50, 30, 20)::text, '(50,30,20)', 'constructor');
SELECT is(nps(promoters => 1, passives => 2, detractors => 3)::text, '(1,2,3)', 'by name');
SELECT is(nps(1, NULL, 3), NULL, 'an unknown count makes no value');
SELECT is(pg_temp.failure(statement), failure, statement)
FROM (VALUES
    ('SELECT nps(-1, 30, 20)', '22023 invalid value for parameter "promoters": -1'),
    ('SELECT nps(50, -2, 20)', '22023 invalid value for parameter "passives": -2'),
    ('SELECT nps(50, 30, -3)', '22023 invalid value for parameter "detractors": -3'),
    ('SELECT nps(9223372036854775807, 0, 1)', '22003 too many answers in one value')
) AS bad (statement, failure);

-- Operators
SELECT is((nps(50, 30, 20) + nps(1, 2, 3))::text, '(51,32,23)', 'sum');
SELECT is((nps(50, 30, 20) - nps(1, 2, 3))::text, '(49,28,17)', 'difference');
SELECT is((nps(50, 30, 20) - nps(50, 30, 20))::text, '(0,0,0)', 'down to nothing');
SELECT is((nps(9223372036854775806, 0, 0) + nps(0, 0, 1))::text, '(9223372036854775806,0,1)',
    'the largest sum');
SELECT is_empty($$
    SELECT a.value, b.value FROM kept AS a, kept AS b
    WHERE a.n <= 40 AND b.n <= 40
      AND (a.value + b.value <> b.value + a.value OR a.value + b.value - b.value <> a.value)
$$, 'a sum does not depend on the order, and a difference undoes it');
SELECT is(pg_temp.failure(statement), failure, statement)
FROM (VALUES
    ('SELECT nps(1, 1, 1) - nps(2, 0, 0)', '22023 cannot take away answers that are not there'),
    ('SELECT nps(1, 1, 1) - nps(0, 2, 0)', '22023 cannot take away answers that are not there'),
    ('SELECT nps(1, 1, 1) - nps(0, 0, 2)', '22023 cannot take away answers that are not there'),
    ('SELECT nps(9223372036854775807, 0, 0) + nps(0, 0, 1)', '22003 too many answers in one value'),
    ('SELECT nps(5, 0, 0) + nps(9223372036854775807, 0, 0)', '22003 too many answers in one value')
) AS bad (statement, failure);

SELECT ok(nps(1, 2, 3) = '(1,2,3)', 'equal');
SELECT ok(NOT nps(1, 2, 3) <> '(1,2,3)', 'not different');
SELECT ok(nps(1, 2, 3) <> other, 'different: ' || other::text)
FROM unnest('{"(0,2,3)","(1,0,3)","(1,2,0)","(2,3,4)"}'::nps[]) AS other;
SELECT ok(NOT nps(1, 2, 3) = nps(2, 2, 4), 'equal scores are not equal answers');

-- Hash
CREATE TABLE repeated AS
SELECT nps((random() * 3)::int, (random() * 3)::int, (random() * 3)::int) AS value
FROM generate_series(1, 2000);
SELECT set_eq(
    'SELECT value::text, count(*) FROM repeated GROUP BY value',
    'SELECT value::text, count(*) FROM repeated GROUP BY value::text', 'GROUP BY');
SELECT set_eq(
    'SELECT DISTINCT value::text FROM (SELECT DISTINCT value FROM repeated) AS d',
    'SELECT DISTINCT value::text FROM repeated', 'DISTINCT');
SELECT is((SELECT count(*) FROM (SELECT DISTINCT value FROM repeated) AS d),
    (SELECT count(DISTINCT value::text) FROM repeated), 'DISTINCT leaves no double');
SELECT is((SELECT count(*) FROM repeated AS a JOIN repeated AS b USING (value)),
    (SELECT count(*) FROM repeated AS a JOIN repeated AS b ON a.value::text = b.value::text), 'join');
SELECT is_empty($$
    SELECT value FROM kept
    WHERE _clientele.nps_hash(value) <> (_clientele.nps_hash_extended(value, 0) & 4294967295)::bit(32)::integer
$$, 'the extended hash without seed extends the hash');
SELECT cmp_ok((SELECT count(DISTINCT _clientele.nps_hash(value)) FROM kept), '>', 490::bigint, 'hashes differ');
SELECT isnt(_clientele.nps_hash_extended('(1,2,3)', 1), _clientele.nps_hash_extended('(1,2,3)', 2), 'the seed matters');
CREATE TABLE parted (value nps) PARTITION BY HASH (value);
CREATE TABLE part_0 PARTITION OF parted FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE part_1 PARTITION OF parted FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO parted SELECT value FROM kept WHERE value IS NOT NULL;
SELECT is((SELECT count(*) FROM parted JOIN kept USING (value)), 500::bigint, 'hash partitions');
SELECT results_eq($$ SELECT v FROM unnest(ARRAY['(0,0,0)', '(2,0,1)', '(1,0,0)', '(0,0,5)', '(10,0,5)', '(4,0,2)', '(0,9,0)']::nps[]) v ORDER BY v $$,
    $$ VALUES ('(0,0,5)'::nps), ('(0,9,0)'), ('(2,0,1)'), ('(4,0,2)'), ('(10,0,5)'), ('(1,0,0)'), ('(0,0,0)') $$,
    'the order is that of the scores, then of the counts, and last come those without answers');
SELECT results_eq($$ SELECT n, count(DISTINCT x) FROM (VALUES (nps(1, 2, 3), 1), (nps(1, 2, 3), 2), (nps(0, 0, 0), 3)) v(n, x) GROUP BY n ORDER BY n $$,
    $$ VALUES ('(1,2,3)'::nps, 2::bigint), ('(0,0,0)', 1) $$, 'groups beside a distinct count');
SELECT is((SELECT count(DISTINCT v) FROM unnest(ARRAY['(1,0,0)', '(2,0,0)', '(1,0,0)']::nps[]) v), 2::bigint, 'a distinct count of values');
SELECT is(a < b OR b < a OR a = b, true, a || ' and ' || b || ' have one order') FROM unnest(ARRAY['(0,0,0)', '(1,0,0)', '(0,0,1)']::nps[]) a,
    unnest(ARRAY['(0,0,0)', '(2,0,0)']::nps[]) b;

-- jsonb
SELECT is(nps(50, 30, 20)::jsonb,
    '{"promoters": 50, "passives": 30, "detractors": 20}'::jsonb, 'cast to jsonb');
SELECT is('(9223372036854775807,0,0)'::nps::jsonb ->> 'promoters', '9223372036854775807',
    'large counts in jsonb');
SELECT throws_ok('INSERT INTO kept (value) SELECT NULL::nps WHERE jsonb ''1'' = nps(1, 2, 3)', '42883',
    NULL, 'the cast is explicit');

-- The aggregates: each can be combined and moved, and shows its state.
CREATE TEMPORARY TABLE aggregate AS
SELECT p.proname, a.* FROM pg_aggregate AS a JOIN pg_proc AS p ON p.oid = a.aggfnoid
WHERE p.proname IN ('nps_agg', 'rating_agg')
   OR p.proname = 'rollup' AND p.proargtypes[0] IN ('nps'::regtype, 'rating_distribution'::regtype);
SELECT is((SELECT count(*) FROM aggregate), 26::bigint, 'all aggregates are there');
SELECT is_empty($$
    SELECT aggfnoid::regprocedure FROM aggregate
    WHERE aggtranstype NOT IN ('nps'::regtype, 'rating_distribution'::regtype)
       OR aggfinalfn <> 0 OR aggcombinefn = 0 OR aggminvtransfn = 0
$$, 'the state is the result, and can be combined and moved');

SELECT is(pg_temp.failure('SELECT _clientele.nps_accum(nps(1, 2, 3), 9)'),
    '42809 function _clientele.nps_accum(nps,integer) called outside of an aggregate',
    'transitions are no ordinary functions');
SELECT is(pg_temp.failure('SELECT _clientele.nps_combine(nps(1, 2, 3), nps(1, 2, 3))'),
    '42809 function _clientele.nps_combine(nps,nps) called outside of an aggregate', 'nor is the combination');

SELECT * FROM finish();
ROLLBACK;
