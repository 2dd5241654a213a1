-- Workspaces on orders, one with each storage: what it takes to attach and to refresh, and to read each view

-- As an application has them: in the order of their times, with an index that answers for a customer
SET client_min_messages = warning;
SET max_parallel_workers_per_gather = 0;
CREATE TABLE shop AS
SELECT row_number() OVER (ORDER BY s.ordered_at) AS id, s.*
FROM (
    SELECT o.customer, (o.ordered_on + random() * interval '1 day') AT TIME ZONE 'Europe/Berlin' AS ordered_at, o.amount,
        (ARRAY['search', 'friends', 'mail', 'shop'])[1 + floor(4 * random())::integer] AS source
    FROM orders o) s;
ALTER TABLE shop ADD PRIMARY KEY (id);
CREATE INDEX ON shop (ordered_at);
CREATE INDEX ON shop (customer, ordered_at) INCLUDE (amount);
CREATE TABLE next_day AS
SELECT s.id + :orders AS id, s.customer, s.ordered_at + interval '1095 days' AS ordered_at, s.amount, s.source
FROM shop s WHERE (s.ordered_at AT TIME ZONE 'Europe/Berlin')::date = '2022-01-02';
VACUUM ANALYZE shop, next_day;

-- By hand, over a hash table whatever the indexes are
CREATE FUNCTION bench.read_by_customer() RETURNS bigint LANGUAGE plpgsql
SET enable_indexscan = off SET enable_indexonlyscan = off SET enable_bitmapscan = off SET enable_sort = off AS $$
BEGIN
    RETURN (
        SELECT count(s)
        FROM (SELECT customer, count(*), sum(amount), min(ordered_at), max(ordered_at) FROM shop GROUP BY customer) s);
END
$$;

-- Runs statements and takes them back, so that they can be run again
CREATE FUNCTION bench.undo(VARIADIC statements text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    statement text;
BEGIN
    FOREACH statement IN ARRAY statements LOOP
        EXECUTE statement;
    END LOOP;
    RAISE transaction_rollback;
EXCEPTION WHEN transaction_rollback THEN
    RETURN;
END
$$;

CREATE FUNCTION bench.attach(storage text) RETURNS bigint LANGUAGE sql AS $$
    SELECT count(*) FROM attach_orders('shop', workspace => storage, time_zone => 'Europe/Berlin', storage => storage, diagnose => false)
$$;

RESET client_min_messages;
CALL bench.compare('attach, storage view',
    $$ SELECT bench.undo('SELECT bench.attach(''view'')') $$, 'SELECT bench.read_by_customer()', least(:rounds, 3));
CALL bench.compare('attach, storage materialized',
    $$ SELECT bench.undo('SELECT bench.attach(''materialized'')') $$, 'SELECT bench.read_by_customer()', least(:rounds, 3));
CALL bench.compare('attach, storage incremental',
    $$ SELECT bench.undo('SELECT bench.attach(''incremental'')') $$, 'SELECT bench.read_by_customer()', least(:rounds, 3));

-- The incremental one last: its triggers would take part in the others' new day.
\o /dev/null
SELECT bench.attach(storage) FROM unnest('{view,materialized}'::text[]) storage;
VACUUM ANALYZE;
CALL bench.compare('refresh with nothing new',
    $$ SELECT bench.undo('SELECT refresh_workspace(''materialized'')') $$, 'SELECT bench.read_by_customer()', least(:rounds, 3));
CALL bench.compare('refresh after a day of orders',
    $$ SELECT bench.undo('INSERT INTO shop TABLE next_day', 'SELECT refresh_workspace(''materialized'')') $$,
    'SELECT bench.read_by_customer()', least(:rounds, 3));
SELECT bench.attach('incremental');
INSERT INTO incremental.tiers (tier, threshold, discount) VALUES ('silver', 100, 0.03), ('gold', 300, 0.05), ('platinum', 1000, 0.10);
UPDATE incremental.settings SET tier_hold = '3 months';
SELECT start_campaign('a letter', 'SELECT customer FROM incremental.customers', strata => 'none', discount => 0.1, workspace => 'incremental',
    started => (SELECT as_of - 90 FROM incremental.reporting_date));
VACUUM ANALYZE;
\o

CALL bench.compare('diagnosis',
    $$ SELECT count(*) FROM _clientele.workspace_findings('view', 'orders') $$,
    'SELECT count(ordered_at) FROM shop', least(:rounds, 3));
CALL bench.compare('histories of all customers',
    'SELECT count(history) FROM view.customer_history', 'SELECT bench.read_by_customer()', :rounds);
SELECT format($$ CALL bench.compare('orders_enriched, storage %1$s', 'SELECT * FROM %1$I.orders_enriched',
    'SELECT *, row_number() OVER one_by_one, lag(ordered_at) OVER one_by_one FROM shop WINDOW one_by_one AS (PARTITION BY customer ORDER BY ordered_at, id)',
    least(%2$s, 3)) $$, storage, :rounds)
FROM unnest('{view,materialized,incremental}'::text[]) storage
\gexec
CALL bench.compare_views('incremental', 'SELECT * FROM incremental.%I',
    'SELECT sum(revenue(history)) FROM incremental.customer_history', least(:rounds, 3));
CALL bench.compare_views('materialized', 'SELECT * FROM materialized.%I',
    'SELECT sum(revenue(history)) FROM materialized.customer_history', least(:rounds, 3));

\echo
\pset title 'A workspace of one table of orders, against the peer: below 1 ours is faster'
SELECT f.work, t.peer, f.ours_ms, f.peer_ms, f.ratio, d.ours_ms AS ours_ms_by_default, d.peer_ms AS peer_ms_by_default, d.ratio AS ratio_by_default
FROM bench.figures f
JOIN bench.figures d ON d.work = f.work AND d.by_default
JOIN (VALUES
    (1, 'attach, storage view', 'count, sum, min, max by customer, hashed'),
    (2, 'attach, storage materialized', 'count, sum, min, max by customer, hashed'),
    (3, 'attach, storage incremental', 'count, sum, min, max by customer, hashed'),
    (4, 'refresh with nothing new', 'count, sum, min, max by customer, hashed'),
    (5, 'refresh after a day of orders', 'count, sum, min, max by customer, hashed'),
    (6, 'diagnosis', 'count(ordered_at)'),
    (7, 'histories of all customers', 'count, sum, min, max by customer, hashed'),
    (8, 'orders_enriched, storage view', 'row_number() and lag() of the orders'),
    (9, 'orders_enriched, storage materialized', 'row_number() and lag() of the orders'),
    (10, 'orders_enriched, storage incremental', 'row_number() and lag() of the orders')) t("position", work, peer)
    ON t.work = f.work
WHERE NOT f.by_default
ORDER BY t."position";

\pset title 'Stored: megabytes with their indexes, and against the orders without and with theirs'
SELECT w.storage, round(w.bytes / 1e6) AS megabytes, round(w.bytes / pg_table_size('shop'), 2) AS of_orders,
    round(w.bytes / pg_total_relation_size('shop'), 2) AS of_orders_with_indexes
FROM (
    SELECT n.nspname AS storage, sum(pg_total_relation_size(c.oid)) AS bytes
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname IN ('view', 'materialized', 'incremental') AND c.relkind IN ('r', 'm')
    GROUP BY n.nspname) w
ORDER BY w.storage DESC;

\pset title 'sum(revenue(history)) over all histories of a workspace, in milliseconds'
SELECT split_part(f.work, '.', 1) AS storage,
    percentile_disc(0.5) WITHIN GROUP (ORDER BY f.peer_ms) FILTER (WHERE NOT f.by_default) AS ms,
    percentile_disc(0.5) WITHIN GROUP (ORDER BY f.peer_ms) FILTER (WHERE f.by_default) AS ms_by_default
FROM bench.figures f WHERE split_part(f.work, '.', 1) IN ('incremental', 'materialized') GROUP BY 1 ORDER BY 1;

\pset title 'Each view, times what sum(revenue(history)) over the same stored histories takes; and bytes of its plan per customer'
WITH figures AS (
    SELECT split_part(f.work, '.', 1) AS storage, split_part(f.work, '.', 2) AS view, f.row_count, f.ours_ms AS ms, f.ratio,
        d.ratio AS by_default, round(f.bytes / (SELECT count(DISTINCT customer) FROM orders)) AS bytes
    FROM bench.figures f JOIN bench.figures d ON d.work = f.work AND d.by_default
    WHERE NOT f.by_default
)
SELECT i.view, i.row_count, i.ms AS incremental_ms, i.ratio AS incremental, i.by_default AS incremental_by_default, i.bytes AS incremental_bytes,
    m.ms AS materialized_ms, m.ratio AS materialized, m.by_default AS materialized_by_default, m.bytes AS materialized_bytes
FROM figures i JOIN figures m ON m.view = i.view AND m.storage = 'materialized'
WHERE i.storage = 'incremental' AND i.ms > 0 -- the others show what is not attached
ORDER BY i.ratio DESC;
