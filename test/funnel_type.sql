-- The type funnel: its forms, constructor, operators, hash, casts and aggregates
BEGIN;
SELECT no_plan();
SELECT setseed(0.375);

\ir include/failure.sql
\ir include/receive.sql
\ir include/refuses.sql

-- Counts that fall, of so many steps.
CREATE FUNCTION pg_temp.random_funnel(steps integer, most bigint) RETURNS funnel LANGUAGE sql AS $$
    SELECT funnel(VARIADIC array_agg(n ORDER BY n DESC)) FROM (SELECT floor(random() * most)::bigint FROM generate_series(1, steps)) c(n)
$$;
CREATE FUNCTION pg_temp.steps(number integer, first bigint DEFAULT 0) RETURNS text LANGUAGE sql AS $$
    SELECT '(' || string_agg((first + number - n)::text, ',') || ')' FROM generate_series(1, number) n
$$;

-- Text
SELECT is('(80,40,4,1)'::funnel::text, '(80,40,4,1)', 'text form');
SELECT is('(0)'::funnel::text, '(0)', 'empty');
SELECT is(E' \t\n(50,30,30)\r\n '::funnel::text, '(50,30,30)', 'white space around is ignored');
SELECT is('(050,00,0)'::funnel::text, '(50,0,0)', 'leading zeros are not kept');
SELECT is('(9223372036854775807,9223372036854775807)'::funnel::text, '(9223372036854775807,9223372036854775807)', 'largest counts');
SELECT is(pg_temp.steps(1000)::funnel::text, pg_temp.steps(1000), 'a thousand steps');
SELECT is(pg_temp.failure(format('SELECT %L::funnel', bad)), format('22P02 invalid input syntax for type funnel: "%s"', bad), format('bad text: "%s"', bad))
FROM unnest(ARRAY[
    '', ' ', '()', '(,)', '(2,1,)', '(,2,1)', '(2,,1)', '(2,1', '2,1)', '2,1', '[2,1]', '((2,1))', '(2,1))', '(2,1)x', '(2,1) (2,1)',
    'x(2,1)', '(2;1)', '(2 1)', '(2, 1)', '( 2,1)', '(2,1 )', '(2,-1)', '(-0)', '(+1)', '(1.0)', '(1e3)', '(0x1)', '(1_0)', '(a)',
    '(null)', 'null', '{2,1}', '(1,2)', '(3,1,2)', '(0,0,1)', U&'(\FF11)', U&'\00A0(1)', '(9223372036854775808)', '(99999999999999999999999)'
]) AS bad;
SELECT pg_temp.refuses(format('SELECT %L::funnel', pg_temp.steps(steps)), '22P02', 'invalid input syntax for type funnel', '%at most 1000%') FROM unnest(ARRAY[1001, 1500, 100000]) steps;

-- Whatever text is accepted is what the grammar and the order allow, and nothing else is.
CREATE TEMPORARY TABLE mutant AS
SELECT n, overlay(pg_temp.random_funnel(1 + (random() * 4)::int, 100)::text PLACING substr('(),-+.0123456789 ex', (random() * 19)::int, (random() * 2)::int)
    FROM 1 + (random() * 12)::int FOR (random() * 2)::int) AS form
FROM generate_series(1, 3000) AS n;
CREATE FUNCTION pg_temp.accepted(form text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RETURN form::funnel IS NOT NULL;
EXCEPTION WHEN invalid_text_representation THEN
    RETURN false;
END
$$;
CREATE FUNCTION pg_temp.grammatical(form text) RETURNS boolean LANGUAGE sql AS $$
    SELECT form ~ '^\s*\(\d+(,\d+)*\)\s*$' AND (
        SELECT bool_and(c::numeric < 2::numeric ^ 63 AND c::numeric <= before) FROM (
            SELECT c, lag(c::numeric, 1, 2::numeric ^ 63) OVER (ORDER BY n) AS before
            FROM regexp_split_to_table(btrim(form, ' ()'), ',') WITH ORDINALITY s(c, n)) s)
$$;
SELECT is_empty('SELECT form FROM mutant WHERE pg_temp.accepted(form) IS DISTINCT FROM pg_temp.grammatical(form)', 'mutants are accepted exactly when they are well formed');
SELECT cmp_ok((SELECT count(*) FROM mutant WHERE pg_temp.grammatical(form)), '>', 300::bigint, 'some mutants are well formed');
SELECT cmp_ok((SELECT count(*) FROM mutant WHERE NOT pg_temp.grammatical(form)), '>', 300::bigint, 'and some are not');

SELECT current_setting('server_version_num')::int >= 160000 AS has_soft_errors \gset
\if :has_soft_errors
SELECT ok(NOT pg_input_is_valid('(1,2)', 'funnel'), 'bad text is a soft error');
SELECT ok(pg_input_is_valid('(2,1)', 'funnel'), 'good text is none');
\else
SELECT skip('soft input errors came with PostgreSQL 16', 2);
\endif

-- Binary
SELECT is(_clientele.funnel_send('(50,30)'), '\x01' || int8send(50) || int8send(30), 'binary form');
SELECT is(pg_temp.receive('funnel', _clientele.funnel_send(value)), value::text, 'binary round trip')
FROM unnest('{"(0)","(50,30,20)","(9223372036854775807,9223372036854775807,0)"}'::funnel[] || pg_temp.steps(1000)::funnel) AS value;
SELECT is(pg_temp.failure(format('SELECT pg_temp.receive(%L, %L)', 'funnel', bytes)), format('22P03 invalid binary form of type funnel, of %s bytes', length(bytes)),
    'bad binary: ' || flaw)
FROM (VALUES
    ('nothing', ''::bytea),
    ('version only', '\x01'),
    ('one byte short', '\x01' || substr(int8send(50), 1, 7)),
    ('one byte long', _clientele.funnel_send('(50,30)') || '\x00'),
    ('version 0', '\x00' || int8send(50)),
    ('version 2', '\x02' || int8send(50)),
    ('negative', '\x01' || int8send(-1)),
    ('negative later', '\x01' || int8send(1) || int8send(-1)),
    ('growing', '\x01' || int8send(1) || int8send(2)),
    ('growing later', '\x01' || int8send(5) || int8send(2) || int8send(3))
) AS bad (flaw, bytes);

-- Random bytes are refused or mean what they say.
CREATE FUNCTION pg_temp.fuzz(tries integer) RETURNS TABLE (bytes bytea, problem text) LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1..tries LOOP
        bytes := _clientele.funnel_send(pg_temp.random_funnel(3, 1000));
        bytes := set_byte(bytes, (random() * 24)::int, (random() * 255)::int);
        BEGIN
            IF _clientele.funnel_send(pg_temp.receive('funnel', bytes)::funnel) <> bytes THEN
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

-- COPY in both formats, and a table in between; long values are compressed there.
CREATE TABLE kept (n integer, value funnel);
INSERT INTO kept SELECT n, pg_temp.random_funnel(CASE WHEN n % 50 = 0 THEN 1000 ELSE 1 + n % 6 END, 1000) FROM generate_series(1, 500) AS n;
INSERT INTO kept VALUES (501, NULL);
CREATE TABLE copied (LIKE kept);
COPY kept TO PROGRAM 'cat > funnel_type_copy' WITH (FORMAT binary);
COPY copied FROM PROGRAM 'cat funnel_type_copy' WITH (FORMAT binary);
SELECT set_eq('SELECT n, value::text FROM copied', 'SELECT n, value::text FROM kept', 'COPY BINARY');
TRUNCATE copied;
COPY kept TO PROGRAM 'cat > funnel_type_copy';
COPY copied FROM PROGRAM 'cat funnel_type_copy && rm funnel_type_copy';
SELECT set_eq('SELECT n, value::text FROM copied', 'SELECT n, value::text FROM kept', 'COPY');
SELECT is((SELECT count(*) FROM kept WHERE value::text::funnel <> value), 0::bigint, 'text round trip');

-- Constructor
SELECT is(funnel(80, 40, 4, 1)::text, '(80,40,4,1)', 'constructor');
SELECT is(funnel(VARIADIC ARRAY[80, 40]::bigint[])::text, '(80,40)', 'from an array');
SELECT is(funnel(VARIADIC '[5:6]={80,40}'::bigint[])::text, '(80,40)', 'whatever its subscripts');
SELECT is(funnel(9223372036854775807)::text, '(9223372036854775807)', 'the largest');
SELECT is(funnel('(2,1)'), funnel(2, 1), 'from text in the form of a function');
SELECT is(funnel(VARIADIC NULL::bigint[]), NULL, 'no counts');
SELECT pg_temp.refuses(statement, '22023', message, hint) FROM (VALUES
    ('SELECT funnel(-1)', 'parameter "counts": -1', 'Give counts of zero or more.'),
    ('SELECT funnel(1, -1)', 'parameter "counts": -1', 'Give counts of zero or more.'),
    ('SELECT funnel(1, 2)', 'parameter "counts": 2 at step 2 after 1', 'A step cannot have more%'),
    ('SELECT funnel(5, 3, 3, 4)', 'parameter "counts": 4 at step 4 after 3', 'A step cannot have more%'),
    ('SELECT funnel(5, NULL, 3)', 'parameter "counts": NULL', 'Give a count for each step%'),
    ('SELECT funnel(VARIADIC ''{}''::bigint[])', 'parameter "counts": 0 steps', 'Give the counts of 1 to 1000 steps.'),
    ('SELECT funnel(VARIADIC array_fill(1::bigint, ARRAY[1001]))', 'parameter "counts": 1001 steps', 'Give the counts of 1 to 1000 steps.'),
    ('SELECT funnel(VARIADIC ''{{2,1},{1,0}}''::bigint[])', 'parameter "counts": an array of several dimensions', 'Give one count%')) v(statement, message, hint);

-- Accessors
SELECT is(step_count(funnel(80, 40, 4, 1)), 4, 'steps');
SELECT is(funnel_counts(funnel(80, 40, 4, 1)), '{80,40,4,1}', 'counts');
SELECT results_eq('SELECT funnel_count(funnel(80, 40, 4, 1), s) FROM generate_series(1, 4) s', 'VALUES (80::bigint), (40), (4), (1)', 'one count');
SELECT is_empty('SELECT n FROM kept WHERE funnel(VARIADIC funnel_counts(value)) <> value OR cardinality(funnel_counts(value)) <> step_count(value)
    OR (SELECT array_agg(funnel_count(value, s) ORDER BY s) FROM generate_series(1, step_count(value)) s) <> funnel_counts(value)', 'the counts are the value');
SELECT pg_temp.refuses(format('SELECT funnel_count(funnel(2, 1), %s)', step), '22023', format('parameter "step": %s', step), 'The steps of this funnel are 1 to 2.') FROM unnest(ARRAY[0, 3, -1]) step;
SELECT is((step_count(NULL), funnel_counts(NULL), funnel_count(NULL, 1), funnel_count('(1)', NULL))::text, '(,,,)', 'nothing of nothing');

-- Operators
SELECT is((funnel(50, 30, 20) + funnel(3, 2, 1))::text, '(53,32,21)', 'sum');
SELECT is((funnel(50, 30, 20) - funnel(3, 2, 1))::text, '(47,28,19)', 'difference');
SELECT is((funnel(50, 30) - funnel(50, 30))::text, '(0,0)', 'down to nothing');
SELECT is((funnel(9223372036854775806, 1) + funnel(1, 1))::text, '(9223372036854775807,2)', 'the largest sum');
SELECT is_empty($$ SELECT a.value, b.value FROM kept AS a, kept AS b WHERE a.n <= 60 AND b.n <= 60 AND step_count(a.value) = step_count(b.value)
    AND (a.value + b.value <> b.value + a.value OR a.value + b.value - b.value <> a.value) $$, 'a sum does not depend on the order, and a difference undoes it');
SELECT pg_temp.refuses('SELECT ' || expression, state, message, hint) FROM (VALUES
    ('funnel(2, 1) + funnel(2)', '22023', 'a funnel of 2 steps and one of 1 cannot be added', 'Count them by the same steps.'),
    ('funnel(2) + funnel(2, 1)', '22023', 'a funnel of 2 steps and one of 1 cannot be added', 'Count them by the same steps.'),
    ('funnel(9223372036854775807, 0) + funnel(1, 1)', '22003', 'more customers than a funnel can count', 'A funnel counts up to%'),
    ('funnel(2, 1) - funnel(2)', '22023', 'a funnel of 1 steps cannot be taken from one of 2', 'Count them by the same steps.'),
    ('funnel(2, 1) - funnel(3, 1)', '22023', 'not there', 'Subtract a part%'),
    ('funnel(2, 1) - funnel(2, 2)', '22023', 'not there', 'Subtract a part%'),
    ('funnel(2, 1) - funnel(2, 0)', '22023', 'not there', 'Subtract a part%'),
    ('funnel(5, 3, 3) - funnel(2, 2, 1)', '22023', 'not there', 'Subtract a part%')) v(expression, state, message, hint);

SELECT ok(funnel(3, 2, 1) = '(3,2,1)', 'equal');
SELECT ok(NOT funnel(3, 2, 1) <> '(3,2,1)', 'not different');
SELECT ok(funnel(3, 2, 1) <> other, 'different: ' || other::text) FROM unnest('{"(4,2,1)","(3,3,1)","(3,2,0)","(3,2)","(3,2,1,0)"}'::funnel[]) AS other;
SELECT results_eq($$ SELECT v FROM unnest('{"(2,0)","(9)","(1,1,1)","(10,1)","(2,1)","(0)"}'::funnel[]) v ORDER BY v $$,
    $$ VALUES ('(0)'::funnel), ('(9)'), ('(2,0)'), ('(2,1)'), ('(10,1)'), ('(1,1,1)') $$, 'the order is by steps, then by counts');
SELECT is_empty($$ SELECT a.n FROM kept a, kept b WHERE a.n <= 100 AND b.n <= 100 AND (
    (a.value < b.value)::int + (a.value > b.value)::int + (a.value = b.value)::int <> 1 OR (a.value <= b.value) = (a.value > b.value)
    OR (a.value >= b.value) = (a.value < b.value) OR (a.value = b.value) = (a.value <> b.value) OR (a.value = b.value) <> (a.value::text = b.value::text)
    OR sign(_clientele.funnel_cmp(a.value, b.value)) <> -sign(_clientele.funnel_cmp(b.value, a.value))) $$, 'one order of all');

-- Hash, groups and indexes
CREATE TABLE repeated AS SELECT pg_temp.random_funnel(1 + n % 3, 3) AS value FROM generate_series(1, 2000) n;
SELECT set_eq('SELECT value::text, count(*) FROM repeated GROUP BY value', 'SELECT value::text, count(*) FROM repeated GROUP BY value::text', 'GROUP BY');
SELECT is((SELECT count(DISTINCT value) FROM repeated), (SELECT count(DISTINCT value::text) FROM repeated), 'count(DISTINCT)');
SELECT is((SELECT count(*) FROM repeated AS a JOIN repeated AS b USING (value)), (SELECT count(*) FROM repeated AS a JOIN repeated AS b ON a.value::text = b.value::text), 'join');
SELECT is_empty($$ SELECT value FROM kept WHERE _clientele.funnel_hash(value) <> (_clientele.funnel_hash_extended(value, 0) & 4294967295)::bit(32)::integer $$,
    'the extended hash without seed extends the hash');
SELECT isnt(_clientele.funnel_hash_extended('(3,2,1)', 1), _clientele.funnel_hash_extended('(3,2,1)', 2), 'the seed matters');
SELECT cmp_ok((SELECT count(DISTINCT _clientele.funnel_hash(value)) FROM kept), '>=', (SELECT count(DISTINCT value) - 1 FROM kept), 'hashes differ');
-- A thousand steps need luck, or the older compression, to fit into a page of an index.
CREATE INDEX ON kept (value) WHERE n % 50 <> 0;
SET LOCAL enable_seqscan = off;
SELECT is((SELECT count(*) FROM kept WHERE n % 50 <> 0 AND value = (SELECT value FROM kept WHERE n = 7)), (SELECT count(*) FROM kept WHERE value::text = (SELECT value::text FROM kept WHERE n = 7)), 'an index');
SET LOCAL enable_seqscan = on;

-- jsonb
SELECT is(funnel(80, 40, 4, 1)::jsonb, '[80, 40, 4, 1]', 'cast to jsonb');
SELECT is(funnel(9223372036854775807)::jsonb ->> 0, '9223372036854775807', 'large counts in jsonb');
SELECT throws_ok('INSERT INTO kept (value) SELECT NULL::funnel WHERE jsonb ''1'' = funnel(1)', '42883', NULL, 'the cast is explicit');

-- Counting levels
CREATE TABLE customers AS SELECT n AS customer, CASE WHEN n % 11 > 0 THEN floor(6 * random() ^ 2)::integer END AS level, n % 7 AS shop FROM generate_series(1, 20000) n;
ANALYZE customers;
SELECT is((SELECT funnel_agg(level, 5) FROM customers), (SELECT funnel(VARIADIC array_agg(n ORDER BY s)) FROM (
    SELECT s, (SELECT count(*) FROM customers WHERE level >= s) AS n FROM generate_series(1, 5) s) c), 'each step counts those who came so far or further');
SELECT is((SELECT rollup(f) FROM (SELECT funnel_agg(level, 5) AS f FROM customers GROUP BY shop) s), (SELECT funnel_agg(level, 5) FROM customers), 'the parts are the whole');
SELECT is(funnel_agg(level, 3), '(0,0,0)', 'nobody entered') FROM (VALUES (0), (NULL::integer)) v(level);
SELECT is(funnel_agg(level, 3), NULL, 'nobody') FROM customers WHERE false;
SELECT is(rollup(f), NULL, 'nothing to roll up') FROM (VALUES (NULL::funnel)) v(f);
SELECT is(rollup(f), '(2,1)', 'NULLs are skipped') FROM (VALUES (NULL::funnel), ('(2,1)'), (NULL)) v(f);
SELECT is((SELECT array_agg(f ORDER BY customer) FROM (SELECT customer, funnel_agg(level, 5) OVER (ORDER BY customer) AS f FROM customers WHERE customer <= 50) w),
    (SELECT array_agg((SELECT funnel_agg(level, 5) FROM customers b WHERE b.customer <= a.customer) ORDER BY customer) FROM customers a WHERE customer <= 50), 'OVER (ORDER BY ...)');
SELECT is((SELECT array_agg(f ORDER BY n) FROM (SELECT n, rollup(v) OVER (ORDER BY n) AS f FROM (VALUES (1, funnel(2, 1)), (2, '(5,0)'), (3, '(1,1)')) t(n, v)) w)::text, '{"(2,1)","(7,1)","(8,2)"}', 'rollup() OVER (ORDER BY ...)');
SELECT pg_temp.refuses('SELECT ' || expression, state, message, hint) FROM (VALUES
    ('funnel_agg(4, 3)', '22003', 'level out of range: 4', '%at most the number of steps, here 3.'),
    ('funnel_agg(-1, 3)', '22003', 'level out of range: -1', 'A level is 0 where%'),
    ('funnel_agg(1, 0)', '22023', 'parameter "steps": 0', 'Give the number of steps, 1 to 1000.'),
    ('funnel_agg(1, 1001)', '22023', 'parameter "steps": 1001', 'Give the number of steps%'),
    ('funnel_agg(NULL, -1)', '22023', 'parameter "steps": -1', 'Give the number of steps%'),
    ('funnel_agg(1, NULL)', '22023', 'parameter "steps": NULL', 'Give the number of steps%'),
    ('funnel_agg(1, n) FROM generate_series(3, 4) n', '22023', 'parameter "steps": not the same in all rows', 'Give the same%'),
    ('funnel_agg(1, nullif(n, 4)) FROM generate_series(3, 4) n', '22023', 'parameter "steps": NULL', 'Give the number%'),
    ('funnel_agg(NULL, n) FROM generate_series(3, 4) n', '22023', 'parameter "steps": not the same in all rows', 'Give the same%'),
    ('rollup(v) FROM (VALUES (funnel(2, 1)), (''(1)'')) t(v)', '22023', 'cannot be added', 'Count them by the same steps.'),
    ('rollup(v) FROM (VALUES (funnel(9223372036854775807, 1)), (''(1,0)'')) t(v)', '22003', 'more customers', 'A funnel counts up to%')) v(expression, state, message, hint);
CREATE AGGREGATE counted_on(integer, integer) (SFUNC = _clientele.funnel_accum, STYPE = funnel, INITCOND = '(9223372036854775806,0)');
SELECT is((SELECT counted_on(1, 2)), '(9223372036854775807,0)', 'counting up to the last');
SELECT pg_temp.refuses('SELECT counted_on(1, 2) FROM generate_series(1, 2)', '22003', 'more customers', 'A funnel counts up to%');
SELECT is((SELECT counted_on(0, 2) FROM generate_series(1, 2)), '(9223372036854775806,0)', 'but level 0 counts nobody');

-- The aggregates combine, and show their state.
SELECT is_empty($$ SELECT a.aggfnoid::regprocedure FROM pg_aggregate a WHERE a.aggtranstype = 'funnel'::regtype AND a.aggfnoid::regproc::text <> 'counted_on' AND (a.aggfinalfn <> 0 OR a.aggcombinefn = 0) $$,
    'the state is the result, and can be combined');
SELECT funnel_agg(level, 5) AS serial FROM customers \gset
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 3;
\ir include/plan_has.sql
\ir include/result_of.sql
SELECT ok(pg_temp.plan_has('SELECT funnel_agg(level, 5) FROM customers', 'Partial Aggregate'), 'parallel plans');
SELECT is(pg_temp.result_of('SELECT funnel_agg(level, 5) FROM customers'), format('("%s")', :'serial'), 'in parallel');
SELECT is(pg_temp.failure('SELECT _clientele.funnel_accum(funnel(2, 1), 1, 2)'), '42809 function _clientele.funnel_accum(funnel,integer,integer) called outside of an aggregate', 'transitions are no ordinary functions');
SELECT is(pg_temp.failure('SELECT _clientele.funnel_combine(funnel(2, 1), funnel(2, 1))'), '42809 function _clientele.funnel_combine(funnel,funnel) called outside of an aggregate', 'nor is the combination');

SELECT * FROM finish();
ROLLBACK;
