-- abc_class, abc_shortfall, pareto_share, rfm_score and shop_gap against plain SQL: ties, negatives, zeros, NULLs, partitions, types, order, plans
BEGIN;
SELECT no_plan();
SET client_min_messages = warning;

CREATE TABLE samples (id bigint, shop integer, value numeric);

-- The definitions in plain SQL over numeric: what came before is the sum of all larger values of the partition.
CREATE FUNCTION plain_abc(a numeric, b numeric) RETURNS TABLE (id bigint, class text, share double precision) LANGUAGE sql AS $$
    SELECT v.id,
        CASE WHEN v.value IS NULL THEN NULL WHEN v.value <= 0 THEN 'C'
             WHEN s.up_to - s.equal < a * s.total THEN 'A' WHEN s.up_to - s.equal < b * s.total THEN 'B' ELSE 'C' END,
        CASE WHEN v.value > 0 THEN s.up_to::double precision / s.total::double precision END
    FROM samples v
    LEFT JOIN (
        SELECT o.id, sum(o.value) OVER (PARTITION BY o.shop ORDER BY o.value DESC) AS up_to,
            sum(o.value) OVER (PARTITION BY o.shop, o.value) AS equal, sum(o.value) OVER (PARTITION BY o.shop) AS total
        FROM samples o WHERE o.value > 0) s ON s.id = v.id
$$;
CREATE FUNCTION plain_rfm(bins integer) RETURNS TABLE (id bigint, score integer) LANGUAGE sql AS $$
    SELECT v.id, CASE WHEN v.value IS NOT NULL THEN 1 + floor(bins::numeric * (rank() OVER (PARTITION BY v.shop ORDER BY v.value) - 1)
        / count(v.value) OVER (PARTITION BY v.shop))::integer END
    FROM samples v
$$;

-- What is missing to the lowest value of the next better class that has members, from the classes in plain SQL.
CREATE FUNCTION plain_shortfall(a numeric, b numeric) RETURNS TABLE (id bigint, shortfall numeric) LANGUAGE sql AS $$
    WITH classed AS MATERIALIZED (SELECT id, shop, value, class FROM samples JOIN plain_abc(a, b) USING (id)),
    lowest AS (
        SELECT shop, min(value) FILTER (WHERE class = 'A') AS lowest_a, min(value) FILTER (WHERE class = 'B') AS lowest_b
        FROM classed GROUP BY shop)
    SELECT c.id, CASE c.class WHEN 'B' THEN l.lowest_a - c.value WHEN 'C' THEN coalesce(l.lowest_b, l.lowest_a) - c.value END
    FROM classed c JOIN lowest l USING (shop)
$$;

-- Compares all of them over what samples holds, in an order of the rows that is not theirs.
CREATE FUNCTION pg_temp.compare(what text, a numeric DEFAULT 0.80, b numeric DEFAULT 0.95, bins integer DEFAULT 5) RETURNS SETOF text
LANGUAGE plpgsql AS $$
BEGIN
    RETURN NEXT is(count(*), 0::bigint, what || ': classes')
        FROM (SELECT id, abc_class(value, a, b) OVER (PARTITION BY shop) AS class FROM (SELECT * FROM samples ORDER BY md5(id::text)) s) ours
        JOIN plain_abc(a, b) plain USING (id) WHERE ours.class IS DISTINCT FROM plain.class;
    RETURN NEXT is(count(*), 0::bigint, what || ': shortfalls')
        FROM (SELECT id, abc_shortfall(value, a, b) OVER (PARTITION BY shop) AS shortfall FROM (SELECT * FROM samples ORDER BY md5(id::text)) s) ours
        JOIN plain_shortfall(a, b) plain USING (id) WHERE ours.shortfall IS DISTINCT FROM plain.shortfall;
    RETURN NEXT is(count(*), 0::bigint, what || ': decimals of shortfalls')
        FROM (SELECT shop, scale(abc_shortfall(value, a, b) OVER (PARTITION BY shop)) AS decimals FROM samples) ours
        JOIN (SELECT shop, max(min_scale(value)) AS needed FROM samples GROUP BY shop) plain USING (shop) WHERE decimals <> needed;
    RETURN NEXT is(count(*), 0::bigint, what || ': medians')
        FROM (SELECT shop, shop_gap(value::double precision) OVER (PARTITION BY shop) AS gap FROM (SELECT * FROM samples ORDER BY md5(id::text)) s) ours
        JOIN (SELECT shop, percentile_cont(0.5) WITHIN GROUP (ORDER BY value::double precision) AS median FROM samples GROUP BY shop) plain USING (shop)
        WHERE gap IS DISTINCT FROM median;
    RETURN NEXT is(count(*), 0::bigint, what || ': shares')
        FROM (SELECT id, pareto_share(value) OVER (PARTITION BY shop) AS share FROM (SELECT * FROM samples ORDER BY md5(id::text)) s) ours
        JOIN plain_abc(a, b) plain USING (id)
        WHERE (ours.share IS NULL) <> (plain.share IS NULL) OR abs(ours.share - plain.share) > 1e-12;
    RETURN NEXT is(count(*), 0::bigint, what || ': scores')
        FROM (SELECT id, rfm_score(value, bins) OVER (PARTITION BY shop) AS score FROM (SELECT * FROM samples ORDER BY md5(id::text)) s) ours
        JOIN plain_rfm(bins) plain USING (id) WHERE ours.score IS DISTINCT FROM plain.score;
    RETURN NEXT is((SELECT count(*) FROM (SELECT abc_class(value) OVER w, abc_shortfall(value) OVER w, shop_gap(value::double precision) OVER w
            FROM samples WINDOW w AS (PARTITION BY shop)) s), (SELECT count(*) FROM samples),
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

-- floating point of all magnitudes, as sums of prices leave behind: cut off at the 28th digit of the largest, in any order of the rows
CREATE TABLE floats AS SELECT n AS id, n % 7 AS shop, CASE WHEN n % 11 = 0 THEN -1 ELSE 1 END * exp(random() * 150 - 120 + 8 * (n % 7)) AS v FROM generate_series(1, 2000) n;
INSERT INTO samples SELECT id, shop, trunc(v::text::numeric, greatest(0, 27 - floor(log(max(abs(v::text::numeric)) OVER (PARTITION BY shop)))::integer)) FROM floats;
SELECT cmp_ok(count(*), '>', 300::bigint, 'some of the digits are past that') FROM samples JOIN floats f USING (id) WHERE value <> v::text::numeric;
SELECT is_empty(format($$
    SELECT id, class, score, shortfall FROM (SELECT id, abc_class(v) OVER w AS class, rfm_score(v, 5) OVER w AS score, trim_scale(abc_shortfall(v) OVER w) AS shortfall
        FROM (SELECT * FROM floats ORDER BY shop, %s) f WINDOW w AS (PARTITION BY shop)) ours
    EXCEPT SELECT id, class, score, trim_scale(shortfall) FROM plain_abc(0.80, 0.95) JOIN plain_rfm(5) USING (id) JOIN plain_shortfall(0.80, 0.95) USING (id)
    $$, rows), 'magnitudes by ' || rows) FROM unnest(ARRAY['abs(v)', 'abs(v) DESC', 'v', 'v DESC', 'md5(id::text)']) rows;
SELECT is_empty(format($$ SELECT id, pareto_share(v) OVER (PARTITION BY shop) FROM (SELECT * FROM floats ORDER BY shop, %s) f
    EXCEPT SELECT id, pareto_share(v) OVER (PARTITION BY shop) FROM floats $$, rows), 'shares of magnitudes by ' || rows) FROM unnest(ARRAY['abs(v)', 'abs(v) DESC']) rows;
SELECT is_empty($$ SELECT ours.id FROM (SELECT id, pareto_share(v) OVER (PARTITION BY shop) AS share FROM floats) ours JOIN plain_abc(0.80, 0.95) plain USING (id)
    WHERE (ours.share IS NULL) <> (plain.share IS NULL) OR abs(ours.share - plain.share) > 1e-12 $$, 'shares of magnitudes');
TRUNCATE samples;
SELECT results_eq('SELECT v, abc_class(v) OVER (), rfm_score(v) OVER () FROM unnest(ARRAY[1e9, 2.4e-14, 5e-324, 0]::double precision[]) v',
    $$ VALUES (1e9::double precision, 'A', 4), (2.4e-14, 'C', 3), (5e-324, 'C', 1), (0, 'C', 1) $$, 'a turnover, and what refunded prices leave of a sum');

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
SELECT results_eq(format('SELECT v, (abc_shortfall(v, %s) OVER ())::text FROM unnest(ARRAY[%s]) v ORDER BY v DESC', cuts, numbers), expected, numbers || ' by ' || cuts)
FROM (VALUES
    ('0.80, 0.95', '85, 10, 5, 0, -5, NULL', $$ VALUES (NULL, NULL), (85, NULL), (10, '75'), (5, '5'), (0, '10'), (-5, '15') $$),
    ('0.80, 0.80', '85, 10, 5', $$ VALUES (85, NULL), (10, '75'), (5, '80') $$), -- no B, so C needs A
    ('0.80, 0.81', '85, 10, 5', $$ VALUES (85, NULL), (10, '75'), (5, '80') $$), -- nothing falls between them
    ('0.80, 0.95', '40, 40, 5, 4, 3, 3, 3, 2', $$ VALUES (40, NULL), (40, NULL), (5, '35'), (4, '36'), (3, '37'), (3, '37'), (3, '37'), (2, '1') $$),
    ('0.80, 0.95', '12.50, 1.5, 1.0', $$ VALUES (12.50, NULL), (1.5, '11.0'), (1.0, '11.5') $$), -- the zeros of 12.50 are not needed
    ('0.80, 0.95', '12.25, 1.75, 1', $$ VALUES (12.25, NULL), (1.75, '10.50'), (1, '11.25') $$), -- all alike
    ('0.80, 0.95', '100, 7, 0.0000', $$ VALUES (100, NULL), (7, '93'), (0.0000, '7') $$),
    ('0.80, 0.95', '0, -1', $$ VALUES (0, NULL), (-1, NULL) $$), -- nobody has a class above C
    ('1, 1', '3, 2, 1, -1.5', $$ VALUES (3, NULL), (2, NULL), (1, NULL), (-1.5, '2.5') $$)) t(cuts, numbers, expected);
SELECT is(string_agg(shortfall::text, ' ' ORDER BY v), '0.' || repeat('0', 44) || '9', 'more decimals than 38 zeros hold')
FROM (SELECT v, abc_shortfall(v) OVER () AS shortfall FROM unnest(ARRAY[1e-44, 1e-45]) v) s;
SELECT is(string_agg(shortfall::text, ' ' ORDER BY v), '3' || repeat('0', 33) || '.0 ' || repeat('9', 29) || '.5', 'past 64 bits')
FROM (SELECT v, abc_shortfall(v, 0.01, 0.02) OVER () AS shortfall FROM unnest(ARRAY[2e33, 1.9999e33 + 0.5, -1e33]) v) s;
CREATE TABLE spent AS SELECT n, round((random() ^ 3)::numeric, 2) AS amount FROM generate_series(1, 500) n;
SELECT results_eq('SELECT n, rfm_score(amount) OVER () FROM spent ORDER BY n', 'SELECT n, rfm_score(amount * 100) OVER () FROM spent ORDER BY n',
    'scores do not depend on the unit');

-- no class depends on the type of the value
CREATE TABLE typed AS SELECT n, (random() * 30000)::integer AS whole FROM generate_series(1, 3000) n;
SELECT results_eq(format('SELECT n, abc_class(whole) OVER (), pareto_share(whole) OVER (), rfm_score(whole) OVER () FROM typed ORDER BY n'),
    format('SELECT n, abc_class(whole::%1$s) OVER (), pareto_share(whole::%1$s) OVER (), rfm_score(whole::%1$s) OVER () FROM typed ORDER BY n', type),
    'integer and ' || type || ' agree')
FROM unnest(ARRAY['smallint', 'bigint', 'real', 'double precision', 'numeric']) type;
SELECT results_eq('SELECT n, (abc_shortfall(whole - 5000) OVER ())::text FROM typed ORDER BY n',
    format('SELECT n, (abc_shortfall((whole - 5000)::%s) OVER ())::text FROM typed ORDER BY n', type), 'shortfalls of integer and ' || type || ' agree')
FROM unnest(ARRAY['smallint', 'bigint', 'real', 'double precision', 'numeric', 'numeric(12, 2)']) type;
SELECT results_eq('SELECT n, abc_class(whole / 100.0) OVER (), rfm_score(whole / 100.0) OVER () FROM typed ORDER BY n',
    'SELECT n, abc_class((whole / 100.0)::double precision) OVER (), rfm_score((whole / 100.0)::double precision) OVER () FROM typed ORDER BY n',
    'decimals and their floating point agree');

-- frames, orders and other windows change nothing
SELECT results_eq('SELECT n, (abc_shortfall((whole / 100.0)::numeric(12, 4)) OVER ())::text FROM typed ORDER BY n',
    'SELECT n, (abc_shortfall((whole / 100.0)::double precision) OVER ())::text FROM typed ORDER BY n', '... in shortfalls too');
SELECT results_eq('SELECT n, abc_class(whole) OVER () FROM typed ORDER BY n',
    'SELECT n, abc_class(whole) OVER (ORDER BY n ROWS 1 PRECEDING) FROM typed ORDER BY n', 'the frame does not matter');
SELECT results_eq('SELECT n, abc_class(whole) OVER () FROM typed ORDER BY n',
    'SELECT n, max(c) FROM (SELECT n, abc_class(whole) OVER () AS c, sum(whole) OVER (ORDER BY n) FROM typed) s GROUP BY n ORDER BY n',
    'beside another window');
SET LOCAL work_mem = '64kB';
SELECT results_eq('SELECT n, abc_class(whole) OVER (), pareto_share(whole) OVER () FROM typed ORDER BY n',
    'SELECT n, abc_class(whole::numeric) OVER (), pareto_share(whole::numeric) OVER () FROM typed ORDER BY n', 'a partition that is spooled to disk');
RESET work_mem;

-- shop_gap
SELECT results_eq(format('SELECT shop_gap(v) OVER () FROM unnest(%L::double precision[]) v', numbers),
    format('SELECT %L::double precision FROM generate_series(1, %s)', median, cardinality(numbers::float8[])), 'median of ' || numbers)
FROM (VALUES ('{1,100,3}', 3), ('{1,2}', 1.5), ('{7}', 7), ('{NULL,4,NULL}', 4), ('{NULL,NULL}', NULL), ('{0.1,0.3,0.7,0.2}', 0.25), ('{-5,5,5}', 5),
    ('{1e-20,1e10}', 5e9), ('{0.1,12345678901234567}', 6172839450617284)) t(numbers, median);
CREATE TABLE gaps AS SELECT n, CASE WHEN random() < 0.6 THEN (random() ^ 3 * 700)::integer / 2.0::double precision END AS gap FROM generate_series(1, 3000) n;
SELECT is(count(*), 0::bigint, 'the same on every row, those with NULL too')
FROM (SELECT shop_gap(gap) OVER (PARTITION BY n % 10 ORDER BY n DESC ROWS 1 PRECEDING) AS ours, n % 10 AS shop FROM gaps) s
JOIN (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY gap) AS plain, n % 10 AS shop FROM gaps GROUP BY 2) p USING (shop)
WHERE ours IS DISTINCT FROM plain;
SET LOCAL work_mem = '64kB';
SELECT results_eq('SELECT DISTINCT shop_gap(gap) OVER (), sum(n) OVER () FROM gaps',
    'SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY gap), sum(n) FROM gaps', 'beside another window function, from disk');
SELECT results_eq('SELECT n, abc_shortfall(gap) OVER w, shop_gap(gap) OVER w, lag(n) OVER w FROM gaps WINDOW w AS (ORDER BY n) ORDER BY n',
    'SELECT n, s, percentile_cont, lag(n) OVER (ORDER BY n)
     FROM (SELECT n, abc_shortfall(gap::numeric) OVER () AS s FROM gaps) s, (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY gap) FROM gaps) m ORDER BY n',
    '... and beside one that looks back');
RESET work_mem;

-- bad input
SELECT throws_ok(format('SELECT %s(v, %s) OVER () FROM (VALUES (1), (2)) s(v)', f, cuts), '22023', NULL, f || ' with cut-offs ' || cuts)
FROM unnest(ARRAY['abc_class', 'abc_shortfall']) f, unnest(ARRAY['0', '-0.1', '1.1', '0.9, 0.8', 'NULL', '0.8, NULL', '''NaN''', '0.8, 2', '0.8, 0.00001']) cuts;
SELECT throws_ok(format('SELECT rfm_score(v, %s) OVER () FROM (VALUES (1), (2)) s(v)', bins), '22023', NULL, 'bins ' || bins)
FROM unnest(ARRAY['0', '-5', '1001', 'NULL']) bins;
SELECT throws_ok(format('SELECT %s(v) OVER () FROM (VALUES (%L::%s), (1)) s(v)', f, bad, type), '22003', NULL, f || ' of ' || bad || ' as ' || type)
FROM unnest(ARRAY['abc_class', 'abc_shortfall', 'pareto_share', 'rfm_score']) f, unnest(ARRAY['NaN', 'Infinity', '-Infinity']) bad, unnest(ARRAY['real', 'double precision', 'numeric']) type;
SELECT results_eq('SELECT n, rfm_score(v, 2) OVER () FROM (VALUES (1, 1e38), (2, 1e38), (3, 1e38), (4, 1)) s(n, v) ORDER BY n',
    'SELECT n, rfm_score(v, 2) OVER () FROM (VALUES (1, 9), (2, 9), (3, 9), (4, 1)) s(n, v) ORDER BY n', 'scores of ties whose sum needs more than 38 digits');
SELECT throws_ok($$ SELECT pareto_share(v) OVER () FROM (VALUES (1e38), (1e38)) s(v) $$, '22003', NULL, '... which a share of the sum cannot have');
SELECT throws_ok($$ SELECT abc_class(v) OVER () FROM (VALUES (1e30), (1e-20)) s(v) $$, '22003', NULL, 'values that need more than 38 digits');
SELECT throws_ok(format('SELECT shop_gap(v) OVER () FROM (VALUES (%L::double precision), (1)) s(v)', bad), '22003', NULL, 'shop_gap of ' || bad)
FROM unnest(ARRAY['NaN', 'Infinity', '-Infinity', '1e300']) bad;
SELECT throws_ok($$ SELECT abc_shortfall(v) OVER () FROM (VALUES (1.2e38), (-1.2e38)) s(v) $$, '22003', NULL, 'a shortfall of more than 38 digits');
SELECT throws_ok(format('SELECT %s(5)', f), '42809', NULL, f || ' without OVER') FROM unnest(ARRAY['abc_class', 'abc_shortfall', 'shop_gap']) f;

-- An operator can be made of any function, of a window function too, by anybody.
CREATE FUNCTION pg_temp.as_operators() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    f record;
BEGIN
    FOR f IN SELECT oid::regprocedure AS routine, proname AS name, proargtypes[0]::regtype AS type, proargtypes[1]::regtype AS second FROM pg_proc
        WHERE prokind = 'w' AND pronargs < 3 AND proname IN ('pareto_share', 'rfm_score', 'shop_gap') LOOP
        EXECUTE format('CREATE OPERATOR @@@ (FUNCTION = %s, %s = %s%s)', f.name,
            CASE WHEN f.second IS NULL THEN 'RIGHTARG' ELSE 'LEFTARG' END, f.type, ', RIGHTARG = ' || f.second);
        RETURN NEXT throws_ok(format(CASE WHEN f.second IS NULL THEN 'SELECT @@@ %s ''1''' ELSE 'SELECT %s ''1'' @@@ 5' END, f.type), '42809',
            format('window function %s called without a window', f.routine), format('%s as an operator', f.routine));
        EXECUTE format('DROP OPERATOR @@@ (%s, %s)', CASE WHEN f.second IS NULL THEN 'NONE' ELSE f.type::text END, coalesce(f.second, f.type));
    END LOOP;
END
$$;
SELECT pg_temp.as_operators();
SELECT is_empty('SELECT abc_class(v, 7) OVER () FROM (VALUES (1)) s(v) WHERE false', 'nothing is checked where there is nothing');
SELECT lives_ok($$ SELECT abc_class(repeat('9', 30)::numeric / 7) OVER () $$, 'a long numeric');
SELECT is(abc_class(v) OVER (), 'A', 'a numeric from a wide, compressed row')
FROM (SELECT (repeat('1', 30) || '.' || repeat('0', 3000))::numeric AS v) s;

SELECT * FROM finish();
ROLLBACK;
