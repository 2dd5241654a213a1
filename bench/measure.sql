-- Timing of queries in turns

CREATE SCHEMA bench;

CREATE TABLE bench.runs (work text, side text, milliseconds double precision, plan json);

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

CREATE PROCEDURE bench.run(work text, side text, query text) LANGUAGE plpgsql AS $$
DECLARE
    explained json;
BEGIN
    EXECUTE 'EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ' || query INTO explained;
    INSERT INTO bench.runs VALUES (work, side, (explained->0->>'Execution Time')::double precision, explained->0->'Plan');
END
$$;

-- In one worker, whatever the settings are
CREATE FUNCTION bench.serial_curve() RETURNS text LANGUAGE plpgsql SET max_parallel_workers_per_gather = 0 AS $$
BEGIN
    RETURN (SELECT retention_curve(customer, ordered_on, 'month', '2025-01-01') FROM orders);
END
$$;

-- One round first that does not count, then the two in turns
CREATE PROCEDURE bench.compare(work text, ours text, peer text, rounds integer) LANGUAGE plpgsql AS $$
BEGIN
    CALL bench.run(work, 'ours', ours);
    CALL bench.run(work, 'peer', peer);
    DELETE FROM bench.runs r WHERE r.work = compare.work;
    FOR round IN 1..rounds LOOP
        CALL bench.run(work, 'ours', ours);
        CALL bench.run(work, 'peer', peer);
    END LOOP;
    RAISE NOTICE '%', (SELECT f.work || ': ours ' || f.ours_ms || ' ms, peer ' || f.peer_ms || ' ms, ratio ' || f.ratio
        FROM bench.figures f WHERE f.work = compare.work);
END
$$;

CREATE VIEW bench.figures AS
SELECT s.work, round(s.ours::numeric) AS ours_ms, round(s.peer::numeric) AS peer_ms, round((s.ours / s.peer)::numeric, 2) AS ratio
FROM (
    SELECT r.work,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY r.milliseconds) FILTER (WHERE r.side = 'ours') AS ours,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY r.milliseconds) FILTER (WHERE r.side = 'peer') AS peer
    FROM bench.runs r GROUP BY r.work) s;

CREATE VIEW bench.plans AS
SELECT DISTINCT ON (r.work, r.side) r.work, r.side, bench.plan_words(r.plan) AS plan
FROM bench.runs r ORDER BY r.work, r.side;

-- Peak memory of the aggregation by groups made
CREATE VIEW bench.memory AS
SELECT r.work, r.side, max((r.plan->>'Peak Memory Usage')::bigint * 1024 / nullif((r.plan->>'Actual Rows')::bigint, 0)) AS bytes_per_group
FROM bench.runs r WHERE r.plan->>'Node Type' = 'Aggregate' AND r.plan->>'Strategy' = 'Hashed'
GROUP BY r.work, r.side;
