-- nps_agg and rollup(nps) against plain SQL: all types, weights, windows, parallel plans, splits.
BEGIN;
SELECT no_plan();
SELECT setseed(0.5);

\ir include/failure.sql

-- Whole scores, scores with decimals, and scores next to the borders of the groups.
CREATE TABLE answer AS
SELECT n, (random() * 6)::int AS shop, date '2024-01-01' + (random() * 400)::int AS day,
       CASE WHEN random() < 0.05 THEN NULL
            WHEN random() < 0.4 THEN (random() * 10)::int
            WHEN random() < 0.5 THEN round((random() * 10)::numeric, (random() * 12)::int)
            ELSE least(greatest((ARRAY[0, 6, 7, 8, 9, 10])[1 + (random() * 5)::int]
                 + (random() * 2 - 1)::int * 10::numeric ^ -(random() * 30)::int, 0), 10)
       END AS score,
       CASE WHEN random() < 0.05 THEN NULL ELSE (random() * 1000000)::bigint END AS answers
FROM generate_series(1, 20000) AS n;
ANALYZE answer;

CREATE TEMPORARY TABLE score_type AS
SELECT type FROM unnest('{smallint,integer,bigint,real,double precision,numeric}'::text[]) AS type;

-- The shops whose nps_agg differs from the plain count, for one type of score.
CREATE FUNCTION pg_temp.mismatches(type text, arguments text, counted text) RETURNS SETOF text
LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE format($q$
        SELECT format('shop %%s: got %%s, not %%s', shop, got, want)
        FROM (SELECT shop, nps_agg(%2$s) AS got,
                     nps(coalesce(%3$s FILTER (WHERE score >= 9), 0)::bigint,
                         coalesce(%3$s FILTER (WHERE score >= 7 AND score < 9), 0)::bigint,
                         coalesce(%3$s FILTER (WHERE score < 7), 0)::bigint) AS want
              FROM (SELECT shop, score::%1$s AS score, answers FROM answer) AS a
              GROUP BY shop) AS s
        WHERE got <> want$q$, type, arguments, counted);
END
$$;

SELECT is((SELECT count(DISTINCT shop) FROM answer), 7::bigint, 'there are seven shops');
SELECT is_empty(format('SELECT pg_temp.mismatches(%L, %L, %L)', type, 'score', 'count(score)'),
    'counts of ' || type)
FROM score_type;
SELECT is_empty(
    format('SELECT pg_temp.mismatches(%L, %L, %L)', type, 'score, answers', 'sum(answers)'),
    'weighted counts of ' || type)
FROM score_type;
SET LOCAL enable_hashagg = off;
SELECT is_empty($$SELECT pg_temp.mismatches('numeric', 'score', 'count(score)')$$, 'sorted groups');
RESET enable_hashagg;

SELECT is(nps_agg(score ORDER BY day, n)::text, nps_agg(score ORDER BY random())::text,
    'the order of rows does not matter') FROM answer;
SELECT is(nps_agg(DISTINCT round(score))::text, '(2,2,7)', 'DISTINCT') FROM answer;
SELECT is(nps_agg(score) FILTER (WHERE score >= 9)::text,
    format('(%s,0,0)', count(*) FILTER (WHERE score >= 9)), 'FILTER') FROM answer;
SELECT is_empty($$
    SELECT score FROM answer WHERE score IS NOT NULL AND nps_group(score) IS DISTINCT FROM
        CASE WHEN score >= 9 THEN 'promoter' WHEN score >= 7 THEN 'passive' ELSE 'detractor' END
$$, 'nps_group of numeric');
SELECT is_empty($$
    SELECT score FROM (SELECT score::real AS score FROM answer) AS a
    WHERE score IS NOT NULL AND nps_group(score) IS DISTINCT FROM
        CASE WHEN score >= 9 THEN 'promoter' WHEN score >= 7 THEN 'passive' ELSE 'detractor' END
$$, 'nps_group of real');

-- Nothing, NULLs, one row
SELECT is(nps_agg(score)::text, '(0,0,0)', 'no rows') FROM answer WHERE false;
SELECT is(nps_agg(score, answers)::text, '(0,0,0)', 'no rows, weighted') FROM answer WHERE false;
SELECT is(nps_agg(NULL::integer)::text, '(0,0,0)', 'only NULLs');
SELECT is(nps_agg(9, NULL::bigint)::text, '(0,0,0)', 'unknown answers are skipped');
SELECT is(nps_agg(NULL::integer, 5::bigint)::text, '(0,0,0)', 'unknown scores are skipped');
SELECT is(nps_agg(9, 0::bigint)::text, '(0,0,0)', 'no answers');
SELECT is(nps_agg(7)::text, '(0,1,0)', 'one row');
SELECT is(nps_agg(9, 9223372036854775807)::text, '(9223372036854775807,0,0)', 'as many as fit');
SELECT is(rollup(NULL::nps)::text, '(0,0,0)', 'rollup of NULLs');
SELECT is(rollup(nps)::text, '(0,0,0)', 'rollup of nothing') FROM (SELECT nps(1, 2, 3) AS nps) AS s
WHERE false;
SELECT is(rollup(nps(1, 2, 3))::text, '(1,2,3)', 'rollup of one part');
SELECT is(nps_group(NULL::integer), NULL, 'no score, no group');

-- Borders, for each type that can express them
SELECT is(nps_group(score::numeric), 'promoter', score || ' is a promoter')
FROM unnest('{9,9.0,9.000000000000000000000000000000,9.00001,9.5,10,10.0,10.000000}'::text[]) AS score;
SELECT is(nps_group(score::numeric), 'passive', score || ' is a passive')
FROM unnest('{7,7.0,8,8.5,8.99999,8.9999999999999999999999999999999999999999}'::text[]) AS score;
SELECT is(nps_group(score::numeric), 'detractor', score || ' is a detractor')
FROM unnest('{0,0.0,-0,0.00001,1e-300,0.9999,1,6,6.9999,6.99999999999999999999999999999}'::text[]) AS score;
SELECT is(nps_group(score::numeric(400, 200)), 'promoter', score || ' with 200 decimals')
FROM unnest('{9,10}'::text[]) AS score;
SELECT is(nps_group(score), 'passive', score || ' as double precision')
FROM unnest('{7,8,8.999999999999998}'::float8[]) AS score;
SELECT is(nps_group(score), 'detractor', score || ' as double precision')
FROM unnest('{0,-0,4.9e-324,6.999999999999999}'::float8[]) AS score;
SELECT is(nps_group(score), 'promoter', score || ' as real') FROM unnest('{9,9.000001,10}'::real[]) AS score;

CREATE TABLE long_score (score numeric);
INSERT INTO long_score VALUES (('8.' || repeat('9', 16000))::numeric),
    (('9.' || repeat('0', 15999) || '1')::numeric), (('6.' || repeat('9', 16000))::numeric);
SELECT ok(pg_column_compression(score) IS NOT NULL, 'a long score is compressed') FROM long_score;
SELECT is(nps_agg(score)::text, '(1,1,1)', 'compressed scores are read exactly') FROM long_score;

SELECT is(pg_temp.failure(format('SELECT %s(%s)', reader, score)),
    '22003 score out of range: ' || shown, reader || ' refuses ' || score)
FROM (VALUES
    ('11::smallint', '11'), ('-1::smallint', '-1'), ('32767::smallint', '32767'),
    ('11', '11'), ('-1', '-1'), ('2147483647', '2147483647'), ('(-2147483648)', '-2147483648'),
    ('11::bigint', '11'), ('-1::bigint', '-1'), ('9223372036854775807', '9223372036854775807'),
    ('(-9223372036854775808)', '-9223372036854775808'), ('4294967305', '4294967305'),
    ('10.5::real', '10.5'), ('-0.1::real', '-0.1'), ('''NaN''::real', 'NaN'),
    ('''Infinity''::real', 'Infinity'), ('''-Infinity''::real', '-Infinity'), ('3e38::real', '3e+38'),
    ('10.00001::float8', '10.00001'), ('10.000000000000002::float8', '10.000000000000002'),
    ('(-0.5)::float8', '-0.5'), ('(-1e-300)::float8', '-1e-300'), ('1e300::float8', '1e+300'),
    ('''NaN''::float8', 'NaN'), ('''Infinity''::float8', 'Infinity'),
    ('''-Infinity''::float8', '-Infinity'),
    ('10.00001', '10.00001'), ('10.00000000000000000000001', '10.00000000000000000000001'),
    ('-0.5', '-0.5'), ('-0.00000000000001', '-0.00000000000001'), ('-7.5', '-7.5'), ('11.0', '11.0'),
    ('10000.0', '10000.0'), ('100000009', '100000009'), ('1e20', '100000000000000000000'),
    ('''NaN''::numeric', 'NaN'), ('''Infinity''::numeric', 'Infinity'),
    ('''-Infinity''::numeric', '-Infinity')
) AS bad (score, shown), unnest('{nps_agg,nps_group}'::text[]) AS reader;

SELECT is(pg_temp.failure(statement), failure, statement)
FROM (VALUES
    ('SELECT nps_agg(9, -1::bigint)', '22023 invalid value for parameter "answers": -1'),
    ('SELECT nps_agg(11, 0::bigint)', '22003 score out of range: 11'),
    ('SELECT nps_agg(s, 9223372036854775807) FROM generate_series(6, 7) AS s',
     '22003 too many answers in one value'),
    ('SELECT rollup(v) FROM unnest(''{"(9223372036854775807,0,0)","(0,1,0)"}''::nps[]) AS v',
     '22003 too many answers in one value')
) AS bad (statement, failure);

-- Rollup: the total of any parts is the whole, also after a trip through text and jsonb.
CREATE TEMPORARY TABLE whole AS SELECT nps_agg(score) AS nps, nps_agg(score, answers) AS weighted FROM answer;
CREATE FUNCTION pg_temp.split(parts integer) RETURNS TABLE (part nps, weighted nps) LANGUAGE sql AS $$
    SELECT nps_agg(score), nps_agg(score, answers)
    FROM (SELECT score, answers, floor(random() * parts) AS part FROM answer) AS a
    GROUP BY part
$$;
SELECT is(rollup(part)::text, (SELECT nps::text FROM whole), format('rollup of about %s parts', parts))
FROM unnest('{1,2,7,100,5000}'::int[]) AS parts, pg_temp.split(parts) GROUP BY parts;
SELECT is(rollup(weighted)::text, (SELECT weighted::text FROM whole),
    format('rollup of about %s weighted parts', parts))
FROM unnest('{2,100}'::int[]) AS parts, pg_temp.split(parts) GROUP BY parts;
SELECT is(rollup(part::text::nps)::text, (SELECT nps::text FROM whole),
    format('rollup of about %s parts that went through text', parts))
FROM unnest('{2,100}'::int[]) AS parts, pg_temp.split(parts) GROUP BY parts;
SELECT is(rollup(nps)::text, (SELECT nps::text FROM whole), 'grouping sets share nothing')
FROM (SELECT shop, nps_agg(score) AS nps FROM answer GROUP BY GROUPING SETS ((shop), ())) AS s
WHERE shop IS NOT NULL;

-- Windows: each row's value is its own, though the state is counted in place.
CREATE TEMPORARY TABLE windowed AS
SELECT n, day, shop, score,
       nps_agg(score) OVER ninety AS ninety,
       nps_agg(score, answers) OVER ninety AS ninety_weighted,
       nps_agg(score) OVER running AS running,
       nps_agg(score) OVER around AS around,
       nps_agg(score) OVER others AS others,
       nps_agg(score) OVER (PARTITION BY shop) AS shop_total
FROM answer WHERE n <= 1500
WINDOW ninety AS (PARTITION BY shop ORDER BY day RANGE BETWEEN '90 days' PRECEDING AND CURRENT ROW),
       running AS (ORDER BY n),
       around AS (ORDER BY n ROWS BETWEEN 5 PRECEDING AND 3 FOLLOWING),
       others AS (ORDER BY day RANGE BETWEEN '9 days' PRECEDING AND CURRENT ROW EXCLUDE CURRENT ROW);
SELECT is_empty($$
    SELECT w.n FROM windowed AS w CROSS JOIN LATERAL (
        SELECT nps_agg(score) FILTER (WHERE a.shop = w.shop AND a.day BETWEEN w.day - 90 AND w.day)
                   AS ninety,
               nps_agg(score, answers)
                   FILTER (WHERE a.shop = w.shop AND a.day BETWEEN w.day - 90 AND w.day)
                   AS ninety_weighted,
               nps_agg(score) FILTER (WHERE a.n <= w.n) AS running,
               nps_agg(score) FILTER (WHERE a.n BETWEEN w.n - 5 AND w.n + 3) AS around,
               nps_agg(score) FILTER (WHERE a.day BETWEEN w.day - 9 AND w.day AND a.n <> w.n) AS others,
               nps_agg(score) FILTER (WHERE a.shop = w.shop) AS shop_total
        FROM answer AS a WHERE a.n <= 1500) AS want
    WHERE (w.ninety, w.ninety_weighted, w.running, w.around, w.others, w.shop_total)
          IS DISTINCT FROM (want.ninety, want.ninety_weighted, want.running, want.around,
                            want.others, want.shop_total)
$$, 'windows');
SELECT cmp_ok((SELECT count(DISTINCT running::text) FROM windowed), '>', 1000::bigint, 'rows differ');

SELECT is(array_agg(nps::text)::text, array_agg(want)::text, 'an array of running values')
FROM (SELECT nps_agg(s) OVER (ORDER BY n) AS nps, format('(%s,0,0)', n) AS want
      FROM (SELECT n, 10 AS s FROM generate_series(1, 50) AS n) AS a) AS w;
SELECT is_empty($$
    SELECT n FROM (
        SELECT n, nps, lag(nps) OVER (ORDER BY n) AS before, lead(nps) OVER (ORDER BY n) AS after
        FROM (SELECT n, nps_agg(10) OVER (ORDER BY n) AS nps FROM generate_series(1, 50) AS n) AS a
    ) AS w
    WHERE nps_promoters(nps) <> n OR nps_promoters(before) <> n - 1 OR nps_promoters(after) <> n + 1
$$, 'earlier and later values beside each other');
SELECT is((SELECT array_agg(sum::text) FROM (
        SELECT rollup(part) OVER (ORDER BY n ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS sum
        FROM unnest('{"(1,2,3)","(0,0,1)",NULL,NULL,"(5,0,0)"}'::nps[]) WITH ORDINALITY AS p (part, n)) AS w),
    '{"(1,2,3)","(1,2,4)","(0,0,1)","(0,0,0)","(5,0,0)"}', 'rollup over a moving frame');

-- Parallel plans, where the workers count alone
\ir include/plan_has.sql
CREATE TABLE part AS SELECT shop, nps_agg(score) AS nps FROM answer GROUP BY shop, day;
ANALYZE part;
CREATE TEMPORARY TABLE example (what text, statement text);
INSERT INTO example VALUES
    ('all types', 'SELECT 0, nps_agg(score), nps_agg(score::float8), nps_agg(score::real), '
        'nps_agg(score::bigint), nps_agg(score::integer), nps_agg(score::smallint) FROM answer'),
    ('by shop', 'SELECT shop, nps_agg(score), nps_agg(score, answers) FROM answer GROUP BY shop'),
    ('no rows', 'SELECT 0, nps_agg(score), nps_agg(score, answers) FROM answer WHERE n % 1 <> 0'),
    ('only NULLs', 'SELECT 0, nps_agg(score) FROM answer WHERE score IS NULL'),
    ('rollup', 'SELECT 0, rollup(nps) FROM part'),
    ('rollup by shop', 'SELECT shop, rollup(nps) FROM part GROUP BY shop');
\ir include/result_of.sql
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

-- Somebody's own aggregate may name an inverse function as its transition, and begin with any value.
CREATE AGGREGATE taken(integer) (SFUNC = _clientele.nps_accum_inv, STYPE = nps, INITCOND = '(2,0,0)');
CREATE AGGREGATE taken(integer, bigint) (SFUNC = _clientele.nps_accum_inv, STYPE = nps, INITCOND = '(2,0,0)');
CREATE AGGREGATE nearly_full(integer) (SFUNC = _clientele.nps_accum, STYPE = nps, INITCOND = '(4611686018427387904,4611686018427387902,0)');
SELECT is(taken(score)::text, '(0,0,0)', 'as many as were there') FROM unnest(ARRAY[9, 10]) AS score;
SELECT is(nearly_full(score)::text, '(4611686018427387904,4611686018427387902,1)', 'as many as there is room for') FROM unnest(ARRAY[3]) AS score;
SELECT is(pg_temp.failure('SELECT ' || call), failure, call) FROM (VALUES
    ('taken(score) FROM unnest(ARRAY[9, 10, 9]) AS score', '22023 cannot take away answers that are not there'),
    ('taken(score) FROM unnest(ARRAY[0]) AS score', '22023 cannot take away answers that are not there'),
    ('taken(9, answers) FROM unnest(ARRAY[3]) AS answers', '22023 cannot take away answers that are not there'),
    ('taken(9, answers) FROM unnest(ARRAY[-1]) AS answers', '22023 invalid value for parameter "answers": -1'),
    ('taken(9, answers) FROM unnest(ARRAY[-9223372036854775808]) AS answers', '22023 invalid value for parameter "answers": -9223372036854775808'),
    ('nearly_full(score) FROM unnest(ARRAY[3, 3]) AS score', '22003 too many answers in one value')) AS bad (call, failure);

SELECT * FROM finish();
ROLLBACK;
