-- The type experiment and experiment_agg: forms, exact sums, order of rows, parts, bad input
BEGIN;
SELECT no_plan();
SELECT setseed(0.31);
\ir include/failure.sql
\ir include/refuses.sql
\ir include/receive.sql
\ir include/result_of.sql
\ir include/plan_has.sql

CREATE TABLE visits AS
SELECT n, (ARRAY['control', 'treated', 'third'])[1 + floor(random() * 3)::int] AS grp, n % 5 AS part,
    round((random() ^ 4 * 1000 - 20)::numeric, (random() * 6)::int) AS after, round((random() ^ 3 * 700)::numeric, 2) AS before, floor(random() * 9)::int AS orders
FROM generate_series(1, 3000) n;
INSERT INTO visits (n, grp, part, after, before, orders) VALUES (-1, NULL, 1, 5, 5, 1), (-2, 'control', 2, NULL, 5, 1), (-3, 'treated', 3, 5.5, NULL, 1), (-4, 'third', 4, -7.25, 3, NULL);

-- Sums, against plain SQL on figures of four decimals
CREATE FUNCTION pg_temp.short(x numeric) RETURNS text LANGUAGE sql AS $$ SELECT trim_scale(x)::text $$;
CREATE TEMPORARY TABLE plain AS
SELECT '{' || string_agg(format('"%s":(%s;%s,%s;%s,%s,%s)', grp, n, pg_temp.short(y), pg_temp.short(x), pg_temp.short(yy), pg_temp.short(yx), pg_temp.short(xx)), ',' ORDER BY grp COLLATE "C") || '}' AS form
FROM (SELECT grp, count(*) AS n, sum(y) AS y, sum(x) AS x, sum(y * y) AS yy, sum(y * x) AS yx, sum(x * x) AS xx
    FROM (SELECT grp, round(after, 4) AS y, coalesce(before, 0) AS x FROM visits WHERE grp IS NOT NULL AND after IS NOT NULL) v GROUP BY grp) s;
SELECT is((SELECT experiment_agg(grp, after, before)::text FROM visits), form, 'the sums are those of plain SQL, to the last digit') FROM plain;
SELECT is((SELECT experiment_agg(grp, round(after, 4)::float8, before::float8)::text FROM visits), form, 'floating point counts by its shortest decimal') FROM plain;
SELECT is((SELECT experiment_agg(grp, orders, orders)::text FROM visits), (SELECT experiment_agg(grp, orders::numeric, orders::numeric)::text FROM visits), 'whole numbers');
SELECT is((SELECT experiment_agg(grp, orders::bigint, orders::bigint)::text FROM visits), (SELECT experiment_agg(grp, orders::numeric, orders::numeric)::text FROM visits), '... as bigint');
SELECT is((SELECT (experiment_agg(grp, after, before, orders)::jsonb -> 'third' ->> k.key)::numeric FROM visits), k.want, 'with a denominator: ' || k.key)
FROM (SELECT key, sum(term) AS want FROM (SELECT round(after, 4) AS y, before AS x, orders AS o FROM visits WHERE grp = 'third' AND orders IS NOT NULL) v,
    LATERAL (VALUES ('customers', 1), ('after', y), ('before', x), ('denominator', o), ('after_after', y * y), ('before_after', x * y), ('before_before', x * x),
        ('denominator_after', o * y), ('denominator_before', o * x), ('denominator_denominator', o * o)) t(key, term) GROUP BY key) k;
SELECT is((SELECT experiment_agg('a', v, 0.0)::text FROM unnest('{0.00005,-0.00005,0.00004}'::numeric[]) v), '{"a":(3;0,0;0.00000002,0,0)}', 'more than four decimals are rounded half away from zero');
SELECT ok((SELECT experiment_agg(grp, after, before) FROM visits WHERE false) IS NULL AND (SELECT experiment_agg(grp, after, before) FROM visits WHERE n < 0 AND n > -3) IS NULL, 'nothing, and rows that do not count, are NULL');
SELECT is(experiment_agg('a', 5.0, NULL::numeric)::text, '{"a":(1;5,0;25,0,0)}', 'who was not there before has bought nothing before');

-- Order, parts, workers, windows
CREATE TEMPORARY TABLE whole AS SELECT experiment_agg(grp, after, before) AS plain, experiment_agg(grp, after, before, orders) AS ratio FROM visits;
SELECT is((SELECT experiment_agg(grp, after, before ORDER BY random())::text FROM visits), plain::text, 'in any order') FROM whole, generate_series(1, 5);
CREATE TABLE parts AS SELECT part, experiment_agg(grp, after, before) AS plain, experiment_agg(grp, after, before, orders) AS ratio FROM visits GROUP BY part;
SELECT ok((SELECT rollup(p.plain ORDER BY part DESC) FROM parts p) = plain AND (SELECT rollup(p.ratio) FROM parts p) = ratio, 'rollup of parts is the whole') FROM whole;
SELECT ok((SELECT rollup(p.plain::text::experiment) FROM parts p) = plain, '... through text') FROM whole;
SELECT ok(a.plain + b.plain + c.plain + d.plain + e.plain = w.plain AND b.ratio + a.ratio = a.ratio + b.ratio, 'and so is the sum')
FROM whole w, parts a, parts b, parts c, parts d, parts e WHERE (a.part, b.part, c.part, d.part, e.part) = (0, 1, 2, 3, 4);
SELECT is((SELECT rollup(p) FROM unnest(ARRAY[NULL, '{}', '{"a":(1;1,2;1,2,4)}', NULL]::experiment[]) p)::text, '{"a":(1;1,2;1,2,4)}', 'rollup skips NULL, and nothing adds nothing');
SELECT is((SELECT rollup(NULL::experiment)), NULL, 'no parts are NULL');
SELECT is_empty($$ SELECT n FROM (SELECT n, experiment_agg(grp, after, before) OVER (ORDER BY n) AS running FROM visits WHERE n BETWEEN 1 AND 60) w
    WHERE running IS DISTINCT FROM (SELECT experiment_agg(grp, after, before) FROM visits v WHERE v.n BETWEEN 1 AND w.n) $$, 'OVER (ORDER BY ...)');
ANALYZE visits;
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 3;
SELECT ok(pg_temp.plan_has('SELECT experiment_agg(grp, after, before) FROM visits', 'Partial Aggregate'), 'workers aggregate parts');
SELECT is(pg_temp.result_of('SELECT experiment_agg(grp, after, before) AS e, experiment_agg(grp, after, before, orders) AS f FROM visits'), (SELECT whole::text FROM whole), 'to the same sums');
CREATE AGGREGATE from_text(text, numeric, numeric) (SFUNC = _clientele.experiment_accum, STYPE = experiment, INITCOND = '{"treated":(2;30,20;500,350,250)}');
SELECT is((SELECT from_text(grp, after, before) FROM visits), plain + '{"treated":(2;30,20;500,350,250)}', 'an aggregate that begins with a value') FROM whole;

-- Text
SELECT is(form::experiment::text, want, form) FROM (VALUES
    ('{}', '{}'), (E' {\n} ', '{}'), ('{"control":(2;30,20;500,350,250)}', '{"control":(2;30,20;500,350,250)}'),
    (' { "b":(1;1,2;1,2,4), "a":(1;-3.1234,0;9.75562756,0,0) } ', '{"a":(1;-3.1234,0;9.75562756,0,0),"b":(1;1,2;1,2,4)}'),
    ('{"":(1;0,0;0,0,0)}', '{"":(1;0,0;0,0,0)}'), ('{"a\"b\\c d,(:":(1;0,0;0,0,0)}', '{"a\"b\\c d,(:":(1;0,0;0,0,0)}'), ('{"\x":(1;0.50,-00.10;0.2500,-0.05,0.01)}', '{"x":(1;0.5,-0.1;0.25,-0.05,0.01)}'),
    ('{"Zoë":(1;1,2,3;1,2,4,3,6,9)}', '{"Zoë":(1;1,2,3;1,2,4,3,6,9)}'), (format('{"%s":(9223372036854775807;0,0;0,0,0)}', repeat('n', 63)), format('{"%s":(9223372036854775807;0,0;0,0,0)}', repeat('n', 63)))) v(form, want);
SELECT is(pg_temp.failure(format('SELECT %L::experiment', bad)), format('22P02 invalid input syntax for type experiment: "%s"', left(bad, 100)), 'bad text: ' || bad)
FROM unnest(ARRAY['', '{', '}', '{,}', '{}x', 'null', '[]', '{"a"}', '{"a":}', '{"a":()}', '{a:(1;0,0;0,0,0)}', '{"a":(0;0,0;0,0,0)}', '{"a":(-1;0,0;0,0,0)}', '{"a":(1;0;0,0,0)}', '{"a":(1;0,0;0,0)}',
    '{"a":(1;0,0;0,0,0)', '{"a":(1;0,0;0,0,0)},', '{"a":(1;0,0;0,0,0),}', '{"a":(1;0,0;0,0,0)"b":(1;0,0;0,0,0)}', '{"a":(1;0,0;0,0,0),"a":(1;0,0;0,0,0)}', '{"a":(1;0,0;0,0,0),"b":(1;0,0,0;0,0,0,0,0,0)}',
    '{"a":(1;0,0,0;0,0,0)}', '{"a":(1;0,0,0,0;0,0,0,0,0,0)}', '{"a":(1;1e5,0;0,0,0)}', '{"a":(1;NaN,0;0,0,0)}', '{"a":(1;0.00001,0;0,0,0)}', '{"a":(1;0,0;0.000000001,0,0)}', '{"a":(1; 0,0;0,0,0)}', '{"a:(1;0,0;0,0,0)}', '{"a\":(1;0,0;0,0,0)}',
    '{"a":(9223372036854775808;0,0;0,0,0)}', '{"a":(1;99999999999999999999999999999999999999,0;0,0,0)}', format('{"%s":(1;0,0;0,0,0)}', repeat('n', 64)),
    '{"a":(2;30,20;449,350,250)}', '{"a":(2;30,20;500,350,199)}', '{"a":(2;30,20;500,360,250)}', '{"a":(2;30,20;500,200,250)}', '{"a":(2;30,20,3;500,350,250,90,0,5)}']) bad;
SELECT is(v::text::experiment, v, 'text round trip') FROM whole, LATERAL (VALUES (plain), (ratio)) AS r(v);
SELECT is('{"b":(2;30,20;500,350,250),"a":(1;1,2;1,2,4)}'::experiment::jsonb, '{"a": {"customers": 1, "after": 1, "before": 2, "after_after": 1, "before_after": 2, "before_before": 4},
    "b": {"customers": 2, "after": 30, "before": 20, "after_after": 500, "before_after": 350, "before_before": 250}}', 'jsonb');
SELECT is('{}'::experiment::jsonb, '{}', 'jsonb of nothing');

-- Binary
SELECT is(_clientele.experiment_send('{"ab":(2;30,-2;500,-35,4)}'), '\x0102'::bytea || 'ab'::bytea || '\x00' || int8send(2) || int8send(0) || int8send(300000) || int8send(-1) || int8send(-20000)
    || int8send(0) || int8send(50000000000) || int8send(-1) || int8send(-3500000000) || int8send(0) || int8send(400000000), 'binary form');
SELECT is(pg_temp.receive('experiment', _clientele.experiment_send(v)), v::text, 'binary round trip') FROM whole, LATERAL (VALUES (plain), (ratio), ('{}'::experiment)) AS r(v);
CREATE TEMPORARY TABLE good AS SELECT _clientele.experiment_send('{"a":(2;30,20;500,350,250)}') AS bytes;
SELECT is(pg_temp.failure(format('SELECT pg_temp.receive(%L, %L)', 'experiment', b.bytes)), format('22P03 invalid binary form of type experiment, of %s bytes', length(b.bytes)), 'bad binary: ' || flaw)
FROM good g, LATERAL (VALUES ('nothing', ''::bytea), ('version only', '\x01'), ('version 0', '\x00' || substr(g.bytes, 2)), ('version 2', '\x02' || substr(g.bytes, 2)), ('one figure', '\x0101'), ('four figures', '\x0104'::bytea || substr(g.bytes, 3)),
    ('three figures of nothing', '\x0103'), ('three figures, two given', '\x0103'::bytea || substr(g.bytes, 3)), ('a byte short', substr(g.bytes, 1, length(g.bytes) - 1)), ('a byte long', g.bytes || '\x00'), ('a name without end', '\x010261'), ('a group twice', g.bytes || substr(g.bytes, 3)),
    ('no customers', set_byte(g.bytes, 11, 0)), ('negative customers', set_byte(g.bytes, 4, 255)), ('squares too small', set_byte(g.bytes, 55, 0)), ('a long name', '\x0102'::bytea || repeat('n', 64)::bytea || substr(g.bytes, 4)),
    ('the smallest number', '\x01026100'::bytea || int8send(1) || int8send((-9223372036854775808)::bigint) || int8send(0) || substr(g.bytes, 29))) b(flaw, bytes);
CREATE FUNCTION pg_temp.fuzz(tries integer) RETURNS TABLE (bytes bytea) LANGUAGE plpgsql AS $$
BEGIN
    FOR i IN 1..tries LOOP
        bytes := (SELECT g.bytes FROM good g);
        bytes := set_byte(bytes, floor(random() * length(bytes))::int, floor(random() * 256)::int);
        BEGIN
            IF _clientele.experiment_send(pg_temp.receive('experiment', bytes)::experiment) <> bytes THEN
                RETURN NEXT;
            END IF;
        EXCEPTION WHEN invalid_binary_representation OR character_not_in_repertoire THEN
            NULL;
        END;
    END LOOP;
END
$$;
SELECT is_empty('SELECT * FROM pg_temp.fuzz(100)', 'random bytes are refused or kept');

-- Operators
CREATE TABLE repeated AS SELECT format('{"%s":(%s;%s,0;%s,0,0)}', chr(97 + (random() * 2)::int), 2, n, n * n)::experiment AS value FROM (SELECT (random() * 3)::int AS n FROM generate_series(1, 500)) s;
SELECT set_eq('SELECT value::text, count(*) FROM repeated GROUP BY value', 'SELECT value::text, count(*) FROM repeated GROUP BY value::text', 'GROUP BY');
SELECT is((SELECT count(*) FROM repeated a JOIN repeated b USING (value)), (SELECT count(*) FROM repeated a JOIN repeated b ON a.value::text = b.value::text), 'join');
SELECT is_empty($$ SELECT a.value, b.value FROM repeated a, repeated b WHERE (a.value < b.value)::int + (a.value = b.value)::int + (a.value > b.value)::int <> 1 OR (a.value <= b.value) = (a.value > b.value)
    OR (a.value >= b.value) = (a.value < b.value) OR (a.value <> b.value) = (a.value = b.value) OR a.value = b.value AND _clientele.experiment_hash(a.value) <> _clientele.experiment_hash(b.value) $$, 'an order, and equal ones have equal hashes');
SELECT is((SELECT count(DISTINCT _clientele.experiment_hash_extended(value, 7)) FROM repeated), (SELECT count(DISTINCT value::text) FROM repeated), 'what differs has another hash');
SELECT ok('{}'::experiment + '{}' = '{}' AND '{}'::experiment + '{"a":(1;1,2,3;1,2,4,3,6,9)}' = '{"a":(1;1,2,3;1,2,4,3,6,9)}' AND '{"a":(1;1,2,3;1,2,4,3,6,9)}'::experiment + '{}' = '{"a":(1;1,2,3;1,2,4,3,6,9)}', 'nothing adds nothing');

-- Errors
SELECT is(pg_temp.failure(statement), failure, statement) FROM (VALUES
    ('SELECT ''{"a":(1;1,2,3;1,2,4,3,6,9)}''::experiment + ''{"a":(1;1,2;1,2,4)}''', '22023 experiments with and without a denominator'),
    ('SELECT rollup(e::experiment) FROM (VALUES (''{"a":(1;1,2,3;1,2,4,3,6,9)}''), (''{"b":(1;1,2;1,2,4)}'')) v(e)', '22023 experiments with and without a denominator'),
    ('SELECT ''{"a":(9223372036854775807;0,0;0,0,0)}''::experiment + ''{"a":(1;0,0;0,0,0)}''', '22003 the sums of an experiment are too large'),
    ('SELECT experiment_agg(''a'', 922337203685477.5807, 0.0) FROM generate_series(1, 3)', '22003 the sums of an experiment are too large'),
    ('SELECT experiment_agg(''a'', 922337203685478, 0.0)', '22003 amount out of range: 922337203685478'), ('SELECT experiment_agg(''a'', float8 ''NaN'', 0)', '22003 amount out of range: NaN'),
    ('SELECT experiment_agg(''a'', 1.0, numeric ''Infinity'')', '22003 amount out of range: Infinity'),
    (format('SELECT experiment_agg(%L, 1, 1)', repeat('n', 64)), format('22023 invalid value for parameter "grp": "%s"', repeat('n', 64))),
    ('SELECT experiment_agg(n::text, 1, 1) FROM generate_series(1, 1001) n', '54000 more than 1000 groups in an experiment'),
    ('SELECT _clientele.experiment_accum(NULL, ''a''::text, 1::bigint, 1::bigint)', '42809 function _clientele.experiment_accum(experiment,text,bigint,bigint) called outside of an aggregate'),
    ('SELECT _clientele.experiment_combine(''{}'', ''{}'')', '42809 function _clientele.experiment_combine(experiment,experiment) called outside of an aggregate')) bad(statement, failure);
SELECT is((SELECT count(*) FROM (SELECT experiment_agg(NULL::text, 1, 1) AS e) s, experiment_means(e)), 0::bigint, 'NULL has no groups');
SELECT is((SELECT count(*) FROM (SELECT experiment_agg(n::text, n, 1) AS e FROM generate_series(1, 1000) n) s, experiment_means(e)), 1000::bigint, 'a thousand groups');

-- What is read of each group
SELECT is_empty($$ SELECT m.*, p.* FROM whole w CROSS JOIN LATERAL experiment_means(w.plain) m FULL JOIN
    (SELECT grp, count(*) AS n, avg(y) AS my, stddev_samp(y) AS sy, avg(x) AS mx, stddev_samp(x) AS sx, corr(y, x) AS r
        FROM (SELECT grp, round(after, 4)::float8 AS y, coalesce(before, 0)::float8 AS x FROM visits WHERE after IS NOT NULL AND grp IS NOT NULL) v GROUP BY grp) p USING (grp)
    WHERE (m.customers = n AND abs(mean - my) + abs(std_dev - sy) + abs(mean_before - mx) + abs(std_dev_before - sx) + abs(correlation - r) < 1e-9) IS NOT TRUE $$, 'means and deviations by plain SQL');
SELECT is_empty($$ SELECT m.*, p.* FROM whole w CROSS JOIN LATERAL experiment_means(w.ratio) m JOIN
    (SELECT grp, max(ratio) AS ratio, stddev_samp((y - ratio * o) / whole) AS sy FROM (SELECT grp, after::float8 AS y, orders AS o, (sum(after) OVER g / sum(orders) OVER g)::float8 AS ratio, avg(orders) OVER g AS whole
        FROM visits WHERE orders IS NOT NULL AND after IS NOT NULL AND grp IS NOT NULL WINDOW g AS (PARTITION BY grp)) v GROUP BY grp) p USING (grp)
    WHERE (abs(mean - p.ratio) < 1e-6 AND abs(std_dev - sy) < 1e-3) IS NOT TRUE $$, 'ratios by the delta method');
SELECT is(m::text, want, form) FROM (VALUES ('{"a":(1;5,3;25,15,9)}', '(a,1,5,,3,,)'), ('{"a":(2;10,6;50,30,18)}', '(a,2,5,0,3,0,)'), ('{"a":(2;10,6,0;50,30,18,0,0,0)}', '(a,2,,,3,0,)'), ('{"a":(2;30,20;500,350,250)}', '(a,2,15,7.0710678118654755,10,7.0710678118654755,1)')) v(form, want),
    experiment_means(form::experiment) m;
-- Exact where figures are large beside their spread: plain sums of doubles would give nothing, or less
SELECT ok(abs(std_dev - 0.0001) < 1e-15, 'a spread of one in 10^18') FROM (SELECT experiment_agg('a', 9e11 + n * 0.0001, 0.0) AS e FROM unnest('{-1,0,1}'::numeric[]) n) s, experiment_means(e);

SELECT * FROM finish();
ROLLBACK;
