-- Every aggregate of the extension gives in parallel workers what it gives without them: as the catalogue lists them, so that a new
-- one cannot be forgotten.
BEGIN;
SELECT no_plan();
SET LOCAL TimeZone = 'UTC';

\ir include/result_of.sql

-- What to aggregate: for each name and number of arguments an expression for each argument, cast to the one that is declared.
CREATE TEMPORARY TABLE arguments (name text, expressions text[]);
INSERT INTO arguments VALUES
    ('nps_agg', '{n % 11}'), ('nps_agg', '{n % 11, n % 4}'),
    ('rating_agg', '{1 + n % 5, 1, 5}'), ('rating_agg', '{1 + n % 5, 1, 5, n % 4}'),
    ('history_agg', '{day, amount}'), ('history_agg', '{day, amount, ''Europe/Berlin''}'),
    ('gini', '{amount}'), ('variation', '{amount}'), ('xyz_class', '{amount}'), ('xyz_class', '{amount, 0.2, 0.9}'),
    ('survival_agg', '{n % 400, n % 3 = 0}'), ('funnel_agg', '{n % 5, 4}'),
    ('funnel_level', '{day, 1 + n % 4, interval ''40 days''}'), ('funnel_times', '{day, 1 + n % 4, interval ''40 days''}'),
    ('express_test', '{history, date ''2025-01-01'', 500}'),
    ('express_test', '{history, date ''2025-01-01'', 500, interval ''7 months'', interval ''2 months'', 4, ''orders'', 0.05, ''sales'', 0.9}'),
    ('retention_curve', '{history, ''month'', date ''2025-01-01''}'), ('retention_curve', '{customer, day, ''week'', date ''2025-01-01''}'),
    ('retention_curve', '{customer, day, ''month'', date ''2025-01-01'', ''Asia/Tokyo''}');
-- Words follow the first three arguments of these, a zone where times have one.
INSERT INTO arguments
SELECT name, ARRAY['day', '1 + n % 4', 'interval ''40 days'''] || (words)[1:more] FROM unnest(ARRAY['funnel_level', 'funnel_times']) AS name,
    (VALUES (ARRAY['''strict''', '''first''']), (ARRAY['''America/New_York''', '''strict''', '''first'''])) AS w(words), generate_series(1, cardinality(words)) AS more;

CREATE TEMPORARY TABLE aggregate AS
SELECT p.oid::regprocedure AS routine, p.proname AS name, p.proargtypes::regtype[] AS types, a.aggcombinefn, p.proparallel
FROM pg_proc p JOIN pg_aggregate a ON a.aggfnoid = p.oid
    JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
    JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'clientele'
WHERE obj_description(p.oid, 'pg_proc') NOT LIKE 'Always an error%';
SELECT cmp_ok(count(*), '>', 100::bigint, 'there are aggregates') FROM aggregate;
SELECT is_empty($$ SELECT routine FROM aggregate WHERE aggcombinefn = 0 OR proparallel <> 's' $$, 'all can be combined and are parallel safe');

-- Ordinary tables: no parallel worker sees a temporary one.
CREATE TABLE parallel_rows AS
SELECT n, (hashint4(n) & 1023) % 300 AS customer, date '2023-06-01' + (hashint4(n + 1) & 511) AS day,
    ((hashint4(n + 2) & 65535) - 3000) % 30000 AS amount, n % 7 AS part
FROM generate_series(1, 4000) AS n;
INSERT INTO parallel_rows (n, part) SELECT n, n % 7 FROM generate_series(4001, 4100) AS n;
CREATE TABLE parallel_values AS
SELECT customer % 7 AS part, customer AS n, history_agg(day, amount) AS history, history_agg(day, amount) AS purchase_history, nps_agg(n % 11) AS nps,
    rating_agg(1 + n % 5, 1, 5) AS rating_distribution, survival_agg(n % 400, n % 3 = 0) AS survival, funnel_agg(n % 5, 4) AS funnel,
    retention_curve(customer, day, 'month', '2025-01-01') AS retention
FROM parallel_rows GROUP BY customer;
ANALYZE parallel_rows, parallel_values;

-- An expression as the declared type; uuids and texts stand for the same customers.
CREATE FUNCTION pg_temp.typed(expression text, type regtype) RETURNS text LANGUAGE sql AS $$
    SELECT CASE WHEN type = 'uuid'::regtype THEN format('md5((%s)::text)::uuid', expression)
        WHEN type = 'smallint'::regtype AND expression = 'amount' THEN '(amount::integer)::smallint'
        ELSE format('(%s)::%s', expression, type) END
$$;
CREATE FUNCTION pg_temp.call(routine regprocedure, types regtype[], expressions text[]) RETURNS text LANGUAGE sql AS $$
    SELECT format('%s(%s)', routine::regproc, string_agg(pg_temp.typed(e.expression, t.type), ', ' ORDER BY i))
    FROM unnest(types) WITH ORDINALITY AS t(type, i) JOIN unnest(expressions) WITH ORDINALITY AS e(expression, i) USING (i)
$$;

-- The fourth argument of a funnel is a zone exactly where its times have one; rollup takes the column that is named as its type.
CREATE TEMPORARY TABLE example AS
SELECT a.routine, s.statement
FROM aggregate a
    JOIN (TABLE arguments UNION ALL SELECT 'rollup', ARRAY[typname::text] FROM pg_type WHERE typname IN
        (SELECT attname FROM pg_attribute WHERE attrelid = 'parallel_values'::regclass AND attnum > 3)) AS g
        ON g.name = a.name AND cardinality(g.expressions) = cardinality(a.types)
            AND (a.name <> 'rollup' OR a.types[0] = g.expressions[1]::regtype)
            AND (g.expressions[1] = 'history') = (a.types[0] = 'purchase_history'::regtype AND a.name <> 'rollup')
            AND ('''America/New_York''' = ANY (g.expressions) OR cardinality(a.types) < 4 OR a.name NOT LIKE 'funnel\_%')
                = (a.types[0] = 'timestamptz'::regtype OR cardinality(a.types) < 4 OR a.name NOT LIKE 'funnel\_%')
    CROSS JOIN LATERAL (SELECT pg_temp.call(a.routine, a.types, g.expressions) AS call,
        CASE WHEN a.types[0] IN ('purchase_history'::regtype) OR a.name = 'rollup' THEN 'parallel_values' ELSE 'parallel_rows' END AS source) AS c
    CROSS JOIN LATERAL (VALUES (format('SELECT %s FROM %s', c.call, c.source)),
        (format('SELECT part, %s FROM %s GROUP BY part', c.call, c.source)),
        (format('SELECT %s FROM %s WHERE abs(n) < 0', c.call, c.source))) AS s(statement);
SELECT is_empty($$ SELECT routine FROM aggregate EXCEPT SELECT routine FROM example $$, 'every aggregate has an example: a new one needs its arguments above');

CREATE TEMPORARY TABLE outcome (statement text, kind text, result text);
CREATE FUNCTION pg_temp.run_all(kind text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    example record;
    result text;
BEGIN
    FOR example IN SELECT * FROM pg_temp.example LOOP
        result := pg_temp.result_of(example.statement);
        INSERT INTO pg_temp.outcome VALUES (example.statement, kind, result);
    END LOOP;
END
$$;
-- How many workers there were for the parts of an aggregate.
CREATE FUNCTION pg_temp.workers(statement text) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    line text;
    partial boolean := false;
    workers integer := 0;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) ' || statement LOOP
        partial := partial OR line ~ 'Partial (Hash|Group)?Aggregate';
        workers := greatest(workers, substring(line FROM 'Workers Launched: (\d+)')::integer);
    END LOOP;
    RETURN CASE WHEN partial THEN workers ELSE 0 END;
END
$$;

SET LOCAL max_parallel_workers_per_gather = 0;
SELECT lives_ok($$ SELECT pg_temp.run_all('serial') $$, 'without workers');

SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
SET LOCAL max_parallel_workers_per_gather = 3;
SET LOCAL parallel_leader_participation = off;
SELECT pg_temp.run_all('parallel') \g /dev/null
SELECT is_empty($$ SELECT statement FROM example WHERE pg_temp.workers(statement) = 0 $$, 'all are aggregated in parts, by workers');

-- The whole statement in one worker
SET LOCAL max_parallel_workers_per_gather = 1;
SET LOCAL parallel_leader_participation = on;
SELECT CASE WHEN current_setting('server_version_num')::integer >= 160000 THEN 'debug_parallel_query' ELSE 'force_parallel_mode' END AS force \gset
SELECT set_config(:'force', 'on', true) \g /dev/null
SELECT pg_temp.run_all('forced') \g /dev/null

SELECT is_empty(format($$ SELECT s.statement, s.result, o.result FROM outcome s LEFT JOIN outcome o ON o.statement = s.statement AND o.kind = %L
    WHERE s.kind = 'serial' AND s.result IS DISTINCT FROM o.result $$, kind), kind || ' as serial, to the last digit')
FROM unnest(ARRAY['parallel', 'forced']) AS kind;
SELECT cmp_ok(count(*), '>', 200::bigint, 'and most results are there') FROM outcome WHERE kind = 'serial' AND result ~ '[A-Z1-9]';

SELECT * FROM finish();
ROLLBACK;
