-- Every aggregate of the extension gives in parallel workers what it gives without them: as the catalogue lists them, so that a new
-- one cannot be forgotten.
BEGIN;
SELECT no_plan();
SET LOCAL TimeZone = 'UTC';

\ir include/result_of.sql
\ir include/aggregate_examples.sql
SELECT cmp_ok(count(*), '>', 100::bigint, 'there are aggregates') FROM aggregate;
SELECT is_empty($$ SELECT routine FROM aggregate WHERE aggcombinefn = 0 OR proparallel <> 's' $$, 'all can be combined and are parallel safe');

CREATE TEMPORARY TABLE example AS
SELECT a.routine, s.statement
FROM (SELECT e.*, format('%s(%s)', e.routine::regproc, e.arguments) AS call FROM aggregate_example e) a
    CROSS JOIN LATERAL (VALUES (format('SELECT %s FROM %s', a.call, a.source)),
        (format('SELECT part, %s FROM %s GROUP BY part', a.call, a.source)),
        (format('SELECT %s FROM %s WHERE abs(n) < 0', a.call, a.source))) AS s(statement);
SELECT is_empty($$ SELECT routine FROM aggregate EXCEPT SELECT routine FROM example $$, 'every aggregate has an example: a new one needs its arguments in include/aggregate_examples.sql');

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
