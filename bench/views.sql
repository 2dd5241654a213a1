-- The demo's shop with a workspace that reads it and one that stores figures; and what each view of them takes
SET client_min_messages = warning;

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

CALL bench.compare_views('materialized', 'SELECT * FROM materialized.%I', 'SELECT * FROM view.%I', 3);

-- As docs/operations.md has it
\pset format unaligned
\pset tuples_only on
\qecho '| view | rows | view | materialized | view, by default | materialized, by default |'
\qecho '|---|---|---|---|---|---|'
SELECT format('| `%s` | %s | %s |', split_part(f.work, '.', 2), to_char(max(f.row_count), 'FM999,999,999'),
    string_agg(CASE WHEN m.milliseconds < 10 THEN '< 10' ELSE to_char(m.milliseconds, 'FM999,999,999') END, ' | ' ORDER BY f.by_default, m."position"))
FROM bench.figures f CROSS JOIN LATERAL (VALUES (1, f.peer_ms), (2, f.ours_ms)) m("position", milliseconds)
GROUP BY f.work ORDER BY f.work;
