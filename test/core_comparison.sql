-- sorts of our types keep to their memory: what a comparison unpacks it gives back at once
BEGIN;
SELECT no_plan();

SELECT setseed(0.5);
CREATE TEMP TABLE counts AS SELECT n, (random() * 1e6)::integer + n AS a, 1 + (random() * 1e6)::integer AS b FROM generate_series(1, 30000) n;
CREATE TEMP TABLE ratings AS SELECT format('[0..2](%s,%s,1)', a, b)::rating_distribution AS value FROM counts;
CREATE TEMP TABLE retentions AS SELECT format('[month 2025-01-01 2025-03-15 +%s]{%s/%2$s,0/0;7/7}', a, b + 1)::retention AS value FROM counts;
CREATE TEMP TABLE survivals AS SELECT format('{1:%s/%s,7:3}', a, b + 1)::survival AS value FROM counts;
CREATE TEMP TABLE experiments AS SELECT format('{"a":(2;%s,0;%s,0,0)}', a, a::numeric * a + b)::experiment AS value FROM counts;
CREATE TEMP TABLE funnels AS SELECT format('(%s,%s,1)', a + b, b)::funnel AS value FROM counts;

-- histories are read as they are stored, unless they are compressed: the same day after day, and the last one differs
CREATE TEMP TABLE histories AS
SELECT history_agg(day, CASE WHEN d = 2000 THEN n ELSE 10 END) AS value
FROM generate_series(1, 1000) n, generate_series(1, 2000) d, LATERAL (SELECT date '2015-01-01' + d AS day) s GROUP BY n;
SELECT cmp_ok(max(pg_column_size(value)), '<', 2000, 'compressed histories') FROM histories;

-- A sort that is still open shows what it takes.
CREATE FUNCTION pg_temp.used() RETURNS bigint LANGUAGE sql AS 'SELECT sum(used_bytes)::bigint FROM pg_backend_memory_contexts';
CREATE FUNCTION pg_temp.taken_by_sort(relation text, OUT taken bigint) LANGUAGE plpgsql AS $$
DECLARE
    sorted refcursor;
    first_value text;
BEGIN
    taken := -pg_temp.used();
    OPEN sorted FOR EXECUTE format('SELECT 1 FROM %I ORDER BY value', relation);
    FETCH sorted INTO first_value;
    taken := taken + pg_temp.used();
    CLOSE sorted;
END $$;
SET LOCAL work_mem = '4MB';
SELECT cmp_ok(pg_temp.taken_by_sort(relation), '<', 16000000::bigint, 'a sort of ' || relation)
FROM unnest(ARRAY['ratings', 'retentions', 'survivals', 'experiments', 'funnels', 'histories']) relation;

SELECT * FROM finish();
ROLLBACK;
