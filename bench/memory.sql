-- Memory of each aggregate by a million groups of four rows, hash table included: what EXPLAIN ANALYZE tells of it

CREATE TABLE bench.four_each AS
SELECT g, date '2024-01-01' + (n * 40 + g % 30) AS day, timestamp '2024-01-01' + (n * 40 + g % 30) * interval '1 day' AS at, n AS step, (g * n) % 11 AS score,
    ((g * n) % 1000)::numeric / 4 AS amount, n % 2 = 0 AS happened
FROM generate_series(1, 1000000) g CROSS JOIN generate_series(1, 4) n;
CREATE TABLE bench.four_values AS
SELECT g, history_agg(day, amount) AS history, nps_agg(score) AS nps, rating_agg(score, 0, 10) AS rating, retention_curve(g, day, 'month', '2025-01-01') AS retention,
    survival_agg(step * 10, happened) AS survival, funnel_agg(step, 4) AS funnel
FROM bench.four_each WHERE g <= 100 GROUP BY g;
INSERT INTO bench.four_values SELECT v.g + 100 * n, history, nps, rating, retention, survival, funnel FROM bench.four_values v CROSS JOIN generate_series(1, 9999) n;
ANALYZE bench.four_each, bench.four_values;

CREATE FUNCTION bench.bytes_per_group(aggregate text, source text) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    plan jsonb;
    groups bigint;
BEGIN
    EXECUTE format('EXPLAIN (ANALYZE, TIMING off, FORMAT json) SELECT g, %s FROM %s GROUP BY g', aggregate, source) INTO plan;
    groups := (plan->0->'Plan'->>'Actual Rows')::bigint;
    IF plan->0->'Plan'->>'Strategy' <> 'Hashed' OR (plan->0->'Plan'->>'HashAgg Batches')::integer <> 1 OR groups <> 1000000 THEN
        RAISE EXCEPTION 'not the plan to measure for %: %', aggregate, plan;
    END IF;
    RETURN (plan->0->'Plan'->>'Peak Memory Usage')::bigint * 1024 / groups;
END
$$;

SET max_parallel_workers_per_gather = 0;
SET enable_sort = off;
SET work_mem = '4GB';
SET hash_mem_multiplier = 8; -- so that the largest estimate keeps to memory too
\pset title 'Bytes per group, of a million groups of four rows or values each, hash table included'
SELECT v.aggregate, v.source, bench.bytes_per_group(v.aggregate, 'bench.' || v.source) AS bytes
FROM (VALUES
    ('count(*), sum(amount), min(day), max(day)', 'four_each'),
    ('history_agg(day, amount)', 'four_each'),
    ('nps_agg(score)', 'four_each'),
    ('rating_agg(score, 0, 10)', 'four_each'),
    ('variation(amount)', 'four_each'),
    ('xyz_class(amount)', 'four_each'),
    ('gini(amount)', 'four_each'),
    ('survival_agg(step * 10, happened)', 'four_each'),
    ('funnel_agg(step, 4)', 'four_each'),
    ('funnel_level(at, step, ''6 months'')', 'four_each'),
    ('funnel_times(at, step, ''6 months'')', 'four_each'),
    ('retention_curve(g, day, ''month'', ''2025-01-01'')', 'four_each'),
    ('rollup(history)', 'four_values'),
    ('rollup(nps)', 'four_values'),
    ('rollup(rating)', 'four_values'),
    ('rollup(retention)', 'four_values'),
    ('rollup(survival)', 'four_values'),
    ('rollup(funnel)', 'four_values'),
    ('retention_curve(history, ''month'', ''2025-01-01'')', 'four_values'),
    ('express_test(history, ''2025-01-01'', 100)', 'four_values')) v(aggregate, source);
