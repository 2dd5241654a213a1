-- The demo's shop with a workspace that reads it and one that stores figures; and what each view of them takes
SET client_min_messages = warning;
CREATE EXTENSION clientele;
CREATE SCHEMA bench;

\o /dev/null
SET jit = off;
SET work_mem = '64MB';
SELECT format('SELECT FROM attach_%s, workspace => %L)', c.call, w.name)
FROM unnest('{view,materialized}'::text[]) w(name)
CROSS JOIN LATERAL (VALUES (1, format('orders(''shop.orders'', time_zone => ''Europe/Berlin'', storage => %L', w.name)),
    (2, 'customers(''shop.customers'', name => ''{name}'', contact => ''{email}'', dimensions => ''{region,age_group}'''),
    (3, 'answers(''shop.answers'''), (4, 'costs(''shop.costs'''),
    (5, 'touchpoints(''shop.contacts'''), (6, 'survey(''shop.survey_answers''')) c("position", call)
ORDER BY w.name, c."position"
\gexec
INSERT INTO view.touchpoint_ratings (rater, day, touchpoint, level)
SELECT customer_id, (rated_at AT TIME ZONE 'Europe/Berlin')::date,
    CASE touchpoint WHEN 'store' THEN 'rooms' WHEN 'product' THEN 'quality in use' WHEN 'support' THEN 'first call' ELSE touchpoint END,
    CASE WHEN rating <= 2 THEN 'awful' WHEN rating = 5 THEN 'wow' ELSE 'ok' END
FROM shop.touchpoint_ratings ON CONFLICT DO NOTHING;
INSERT INTO materialized.touchpoint_ratings (rater, day, touchpoint, level) SELECT rater, day, touchpoint, level FROM view.touchpoint_ratings;
INSERT INTO view.funnel_stages VALUES ('online', 1, 'website'), ('online', 2, 'product page'), ('online', 3, 'basket'), ('online', 4, 'PURCHASE');
INSERT INTO materialized.funnel_stages TABLE view.funnel_stages;
ANALYZE;
SELECT refresh_workspace('materialized');
\o

CREATE TABLE bench.views (view name, storage text, by_default boolean, row_count bigint, milliseconds double precision);
CREATE PROCEDURE bench.read_views(by_default boolean) LANGUAGE plpgsql AS $$
DECLARE
    relation record;
    row_count bigint;
    start timestamptz;
BEGIN
    FOR relation IN
        SELECT c.relname AS view, n.nspname AS storage, r.round
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace CROSS JOIN generate_series(1, 3) r(round)
        WHERE n.nspname IN ('view', 'materialized') AND c.relkind = 'v' ORDER BY 1, 2, 3
    LOOP
        start := clock_timestamp();
        EXECUTE format('SELECT count(x::text) FROM %I.%I x', relation.storage, relation.view) INTO row_count;
        INSERT INTO bench.views VALUES (relation.view, relation.storage, by_default, row_count, extract(epoch FROM clock_timestamp() - start) * 1000);
        COMMIT;
    END LOOP;
END
$$;
CALL bench.read_views(false);
RESET jit;
RESET work_mem;
CALL bench.read_views(true);

-- As docs/operations.md has it
\pset format unaligned
\pset tuples_only on
\qecho '| view | rows | view | materialized | view, by default | materialized, by default |'
\qecho '|---|---|---|---|---|---|'
SELECT format('| `%s` | %s | %s |', m.view, to_char(max(m.row_count), 'FM999,999,999'),
    string_agg(CASE WHEN m.milliseconds < 10 THEN '< 10' ELSE to_char(m.milliseconds, 'FM999,999,999') END, ' | ' ORDER BY m.by_default, m.storage = 'materialized'))
FROM (
    SELECT v.view, v.storage, v.by_default, max(v.row_count) AS row_count, percentile_disc(0.5) WITHIN GROUP (ORDER BY v.milliseconds) AS milliseconds
    FROM bench.views v GROUP BY v.view, v.storage, v.by_default) m
GROUP BY m.view ORDER BY m.view;
