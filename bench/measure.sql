-- Timing of queries in turns

CREATE SCHEMA bench;

-- by_default: with the settings that a server has by default of what a session may set, instead of those of the run
CREATE TABLE bench.runs (work text, by_default boolean, side text, milliseconds double precision, plan json);

-- "Finalize HashAggregate 369 MB < Gather, 2 workers < Partial HashAggregate < Seq Scan"
CREATE FUNCTION bench.plan_words(node json) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    RETURN concat_ws(' ',
            nullif(node->>'Partial Mode', 'Simple'), nullif(node->>'Strategy', 'Plain'), node->>'Node Type',
            round((node->>'Peak Memory Usage')::numeric / 1024) || ' MB',
            '(' || (node->>'Workers Launched') || ' workers)')
        || CASE WHEN node->'Plans' IS NULL THEN '' ELSE ' < ' || bench.plan_words(node->'Plans'->-1) END;
END
$$;

-- Memory by what the nodes of a plan tell: hash tables, sorts, and from PostgreSQL 18 on rows that are kept to be read again
CREATE FUNCTION bench.plan_bytes(plan json) RETURNS numeric LANGUAGE sql AS $$
    SELECT coalesce(sum(k.kilobytes::numeric), 0) * 1024
    FROM (VALUES
        ('strict $.**."Peak Memory Usage"'::jsonpath),
        ('strict $.** ? (@."Sort Space Type" == "Memory")."Sort Space Used"'),
        ('strict $.**."Sort Space Memory"."Peak Sort Space Used"'),
        ('strict $.** ? (@."Storage" == "Memory")."Maximum Storage"')) p(path)
    CROSS JOIN LATERAL jsonb_path_query(plan::jsonb, p.path, silent => true) k(kilobytes)
$$;

CREATE PROCEDURE bench.run(work text, by_default boolean, side text, query text) LANGUAGE plpgsql AS $$
DECLARE
    explained json;
BEGIN
    EXECUTE 'EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ' || query INTO explained;
    INSERT INTO bench.runs VALUES (work, by_default, side, (explained->0->>'Execution Time')::double precision, explained->0->'Plan');
END
$$;

-- In one worker, whatever the settings are
CREATE FUNCTION bench.serial_curve() RETURNS text LANGUAGE plpgsql SET max_parallel_workers_per_gather = 0 AS $$
BEGIN
    RETURN (SELECT retention_curve(customer, ordered_on, 'month', '2025-01-01') FROM orders);
END
$$;

-- One round first that does not count, then the two in turns; of what takes very long the first is enough
CREATE PROCEDURE bench.take_turns(work text, by_default boolean, ours text, peer text, rounds integer) LANGUAGE plpgsql AS $$
BEGIN
    CALL bench.run(work, by_default, 'ours', ours);
    CALL bench.run(work, by_default, 'peer', peer);
    DELETE FROM bench.runs r
    WHERE r.work = take_turns.work AND r.by_default = take_turns.by_default
        AND 20000 > (SELECT f.ours_ms FROM bench.figures f WHERE f.work = take_turns.work AND f.by_default = take_turns.by_default);
    IF FOUND THEN
        FOR round IN 1..rounds LOOP
            CALL bench.run(work, by_default, 'ours', ours);
            CALL bench.run(work, by_default, 'peer', peer);
        END LOOP;
    END IF;
    RAISE NOTICE '%', (SELECT format('%s%s: ours %s ms, peer %s ms, ratio %s', f.work, CASE WHEN f.by_default THEN ', by default' END, f.ours_ms, f.peer_ms, f.ratio)
        FROM bench.figures f WHERE f.work = take_turns.work AND f.by_default = take_turns.by_default);
END
$$;

CREATE PROCEDURE bench.compare(work text, ours text, peer text, rounds integer) LANGUAGE plpgsql AS $$
BEGIN
    CALL bench.take_turns(work, false, ours, peer, rounds);
    PERFORM set_config(s.name, s.boot_val, true) FROM pg_settings s WHERE s.name IN ('jit', 'work_mem', 'hash_mem_multiplier');
    CALL bench.take_turns(work, true, ours, peer, least(rounds, 3));
END
$$;

-- Each view of a workspace, whose name stands for %I in both queries; the settings of one are over before the next
CREATE PROCEDURE bench.compare_views(workspace name, ours text, peer text, rounds integer) LANGUAGE plpgsql AS $$
DECLARE
    view name;
BEGIN
    FOR view IN SELECT c.relname FROM pg_class c WHERE c.relnamespace = workspace::text::regnamespace AND c.relkind = 'v' ORDER BY c.relname LOOP
        CALL bench.compare(format('%s.%s', workspace, view), format(ours, view), format(peer, view), rounds);
        COMMIT;
    END LOOP;
END
$$;

CREATE VIEW bench.figures AS
SELECT s.work, s.by_default, round(s.ours::numeric) AS ours_ms, round(s.peer::numeric) AS peer_ms, round((s.ours / s.peer)::numeric, 2) AS ratio,
    s.row_count, s.bytes
FROM (
    SELECT r.work, r.by_default, max((r.plan->>'Actual Rows')::numeric) FILTER (WHERE r.side = 'ours') AS row_count,
        max(bench.plan_bytes(r.plan)) FILTER (WHERE r.side = 'ours') AS bytes,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY r.milliseconds) FILTER (WHERE r.side = 'ours') AS ours,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY r.milliseconds) FILTER (WHERE r.side = 'peer') AS peer
    FROM bench.runs r GROUP BY r.work, r.by_default) s;

CREATE VIEW bench.plans AS
SELECT DISTINCT ON (r.work, r.side) r.work, r.side, bench.plan_words(r.plan) AS plan
FROM bench.runs r WHERE NOT r.by_default ORDER BY r.work, r.side;

-- Peak memory of the aggregation by groups made
CREATE VIEW bench.memory AS
SELECT r.work, r.side, max((r.plan->>'Peak Memory Usage')::bigint * 1024 / nullif((r.plan->>'Actual Rows')::bigint, 0)) AS bytes_per_group
FROM bench.runs r WHERE NOT r.by_default AND r.plan->>'Node Type' = 'Aggregate' AND r.plan->>'Strategy' = 'Hashed'
GROUP BY r.work, r.side;
