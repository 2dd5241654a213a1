-- abc_class, pareto_share and rfm_score against plain SQL: ties, negatives, zeros, NULLs, partitions, types, order, plans
BEGIN;
SELECT no_plan();
SET client_min_messages = warning;

CREATE TABLE samples (id bigint, shop integer, value numeric);

-- The definitions in plain SQL over numeric: what came before is the sum of all larger values of the partition.
CREATE FUNCTION plain_abc(a numeric, b numeric) RETURNS TABLE (id bigint, class text, share double precision) LANGUAGE sql AS $$
    SELECT v.id,
        CASE WHEN v.value IS NULL THEN NULL WHEN v.value <= 0 THEN 'C'
             WHEN s.larger < a * s.total THEN 'A' WHEN s.larger < b * s.total THEN 'B' ELSE 'C' END,
        CASE WHEN v.value > 0 THEN (s.larger + s.equal)::double precision / s.total::double precision END
    FROM samples v
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(o.value) FILTER (WHERE o.value > v.value), 0) AS larger,
            coalesce(sum(o.value) FILTER (WHERE o.value = v.value), 0) AS equal, sum(o.value) AS total
        FROM samples o WHERE o.shop = v.shop AND o.value > 0) s
$$;
CREATE FUNCTION plain_rfm(bins integer) RETURNS TABLE (id bigint, score integer) LANGUAGE sql AS $$
    SELECT v.id, CASE WHEN v.value IS NOT NULL THEN 1 + floor(bins::numeric * s.smaller / s.n)::integer END
    FROM samples v
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE o.value < v.value) AS smaller, count(o.value) AS n FROM samples o WHERE o.shop = v.shop) s
$$;

-- Compares all three over what samples holds, in an order of the rows that is not theirs.
CREATE FUNCTION pg_temp.compare(what text, a numeric DEFAULT 0.80, b numeric DEFAULT 0.95, bins integer DEFAULT 5) RETURNS SETOF text
LANGUAGE plpgsql AS $$
BEGIN
    RETURN NEXT is(count(*), 0::bigint, what || ': classes')
        FROM (SELECT id, abc_class(value, a, b) OVER (PARTITION BY shop) AS class FROM (SELECT * FROM samples ORDER BY md5(id::text)) s) ours
        JOIN plain_abc(a, b) plain USING (id) WHERE ours.class IS DISTINCT FROM plain.class;
    RETURN NEXT is(count(*), 0::bigint, what || ': shares')
        FROM (SELECT id, pareto_share(value) OVER (PARTITION BY shop) AS share FROM (SELECT * FROM samples ORDER BY md5(id::text)) s) ours
        JOIN plain_abc(a, b) plain USING (id)
        WHERE (ours.share IS NULL) <> (plain.share IS NULL) OR abs(ours.share - plain.share) > 1e-12;
    RETURN NEXT is(count(*), 0::bigint, what || ': scores')
        FROM (SELECT id, rfm_score(value, bins) OVER (PARTITION BY shop) AS score FROM (SELECT * FROM samples ORDER BY md5(id::text)) s) ours
        JOIN plain_rfm(bins) plain USING (id) WHERE ours.score IS DISTINCT FROM plain.score;
    RETURN NEXT is((SELECT count(*) FROM (SELECT abc_class(value) OVER (PARTITION BY shop) FROM samples) s), (SELECT count(*) FROM samples),
        what || ': every row has its answer');
    TRUNCATE samples;
END
$$;

SELECT setseed(0.3);
INSERT INTO samples SELECT n, n % 7, CASE WHEN random() < 0.1 THEN NULL WHEN random() < 0.1 THEN 0
    ELSE round((exp(random() * 6) - 20)::numeric, (random() * 3)::integer) END FROM generate_series(1, 2000) n;
SELECT pg_temp.compare('random values');
INSERT INTO samples SELECT n, 1, (random() * 5)::integer FROM generate_series(1, 1000) n;
SELECT pg_temp.compare('many ties');
INSERT INTO samples SELECT n, 1, (random() * 5)::integer FROM generate_series(1, 1000) n;
SELECT pg_temp.compare('other cut-offs and bins', 0.5, 0.5, 7);
INSERT INTO samples SELECT n, n, n FROM generate_series(1, 50) n;
SELECT pg_temp.compare('partitions of one row');
INSERT INTO samples SELECT n, 1, 5 FROM generate_series(1, 20) n;
SELECT pg_temp.compare('all equal');
INSERT INTO samples SELECT n, 1, CASE WHEN n = 1 THEN 1000 ELSE 1 END FROM generate_series(1, 100) n;
SELECT pg_temp.compare('one dominant value');
INSERT INTO samples SELECT n, 1, -n FROM generate_series(1, 20) n;
SELECT pg_temp.compare('no positive value');
INSERT INTO samples SELECT n, 1, NULL FROM generate_series(1, 20) n;
SELECT pg_temp.compare('all NULL');
SELECT pg_temp.compare('empty');
INSERT INTO samples SELECT n, 1, n FROM generate_series(1, 2000) n;
SELECT pg_temp.compare('rising values');
INSERT INTO samples SELECT n, 1, 2000 - n FROM generate_series(1, 2000) n;
SELECT pg_temp.compare('falling values', 1, 1);
INSERT INTO samples SELECT n, n % 2, (random() * 1e15)::numeric * 1e-12 FROM generate_series(1, 1000) n;
SELECT pg_temp.compare('many decimals', 0.7777777, 0.9);
INSERT INTO samples VALUES (1, 1, 1e33), (2, 1, 1e33), (3, 1, 5e32), (4, 1, 0.0001);
SELECT pg_temp.compare('up to 38 digits');

-- the traps of other tools
SELECT results_eq('SELECT abc_class(1) OVER () FROM generate_series(1, 20)', $$ SELECT 'A'::text FROM generate_series(1, 20) $$,
    'twenty equal values share one class');
SELECT results_eq('SELECT v, abc_class(v) OVER () FROM unnest(ARRAY[85, 10, 5]) v ORDER BY v DESC', $$ VALUES (85, 'A'), (10, 'B'), (5, 'C') $$,
    'the value that crosses the line is inside');
SELECT results_eq('SELECT v, abc_class(v) OVER () FROM unnest(ARRAY[0.5, 0.3, 0.2]) v', $$ VALUES (0.5, 'A'), (0.3, 'A'), (0.2, 'B') $$,
    'at exactly 80 per cent A has ended');
SELECT results_eq('SELECT v, abc_class(v) OVER () FROM unnest(ARRAY[0.5, 0.3, 0.2]::double precision[]) v',
    $$ VALUES (0.5::double precision, 'A'), (0.3, 'A'), (0.2, 'B') $$, '... in floating point too');
SELECT results_eq('SELECT rfm_score(v) OVER () FROM unnest(ARRAY[1, 1, 1, 1, 1, 1, 1, 2, 3, 4]) v', 'VALUES (1), (1), (1), (1), (1), (1), (1), (4), (5), (5)',
    'ties do not renumber the scores');
CREATE TABLE spent AS SELECT n, round((random() ^ 3)::numeric, 2) AS amount FROM generate_series(1, 500) n;
SELECT results_eq('SELECT n, rfm_score(amount) OVER () FROM spent ORDER BY n', 'SELECT n, rfm_score(amount * 100) OVER () FROM spent ORDER BY n',
    'scores do not depend on the unit');

-- no class depends on the type of the value
CREATE TABLE typed AS SELECT n, (random() * 30000)::integer AS whole FROM generate_series(1, 3000) n;
SELECT results_eq(format('SELECT n, abc_class(whole) OVER (), pareto_share(whole) OVER (), rfm_score(whole) OVER () FROM typed ORDER BY n'),
    format('SELECT n, abc_class(whole::%1$s) OVER (), pareto_share(whole::%1$s) OVER (), rfm_score(whole::%1$s) OVER () FROM typed ORDER BY n', type),
    'integer and ' || type || ' agree')
FROM unnest(ARRAY['smallint', 'bigint', 'real', 'double precision', 'numeric']) type;
SELECT results_eq('SELECT n, abc_class(whole / 100.0) OVER (), rfm_score(whole / 100.0) OVER () FROM typed ORDER BY n',
    'SELECT n, abc_class((whole / 100.0)::double precision) OVER (), rfm_score((whole / 100.0)::double precision) OVER () FROM typed ORDER BY n',
    'decimals and their floating point agree');

-- frames, orders and other windows change nothing
SELECT results_eq('SELECT n, abc_class(whole) OVER () FROM typed ORDER BY n',
    'SELECT n, abc_class(whole) OVER (ORDER BY n ROWS 1 PRECEDING) FROM typed ORDER BY n', 'the frame does not matter');
SELECT results_eq('SELECT n, abc_class(whole) OVER () FROM typed ORDER BY n',
    'SELECT n, max(c) FROM (SELECT n, abc_class(whole) OVER () AS c, sum(whole) OVER (ORDER BY n) FROM typed) s GROUP BY n ORDER BY n',
    'beside another window');
SET LOCAL work_mem = '64kB';
SELECT results_eq('SELECT n, abc_class(whole) OVER (), pareto_share(whole) OVER () FROM typed ORDER BY n',
    'SELECT n, abc_class(whole::numeric) OVER (), pareto_share(whole::numeric) OVER () FROM typed ORDER BY n', 'a partition that is spooled to disk');
RESET work_mem;

-- bad input
SELECT throws_ok(format('SELECT abc_class(v, %s) OVER () FROM (VALUES (1), (2)) s(v)', cuts), '22023', NULL, 'cut-offs ' || cuts)
FROM unnest(ARRAY['0', '-0.1', '1.1', '0.9, 0.8', 'NULL', '0.8, NULL', '''NaN''', '0.8, 2', '0.8, 0.00001']) cuts;
SELECT throws_ok(format('SELECT rfm_score(v, %s) OVER () FROM (VALUES (1), (2)) s(v)', bins), '22023', NULL, 'bins ' || bins)
FROM unnest(ARRAY['0', '-5', '1001', 'NULL']) bins;
SELECT throws_ok(format('SELECT %s(v) OVER () FROM (VALUES (%L::%s), (1)) s(v)', f, bad, type), '22003', NULL, f || ' of ' || bad || ' as ' || type)
FROM unnest(ARRAY['abc_class', 'pareto_share', 'rfm_score']) f, unnest(ARRAY['NaN', 'Infinity', '-Infinity']) bad, unnest(ARRAY['real', 'double precision', 'numeric']) type;
SELECT throws_ok($$ SELECT abc_class(v) OVER () FROM (VALUES (1e30), (1e-20)) s(v) $$, '22003', NULL, 'values that need more than 38 digits');
SELECT throws_ok('SELECT abc_class(5)', '42809', NULL, 'without OVER');
SELECT is_empty('SELECT abc_class(v, 7) OVER () FROM (VALUES (1)) s(v) WHERE false', 'nothing is checked where there is nothing');
SELECT lives_ok($$ SELECT abc_class(repeat('9', 30)::numeric / 7) OVER () $$, 'a long numeric');
SELECT is(abc_class(v) OVER (), 'A', 'a numeric from a wide, compressed row')
FROM (SELECT (repeat('1', 30) || '.' || repeat('0', 3000))::numeric AS v) s;

SELECT * FROM finish();
ROLLBACK;
