-- Histories read from an index alone: the plans, the figures, and the statement that attaching tells where there is none
-- A table is vacuumed outside of a transaction; this database is the test's own.
SELECT setseed(0.42);
CREATE TABLE orders AS
SELECT n AS id, CASE WHEN random() < 0.02 THEN NULL ELSE (500 * random() ^ 2)::integer END AS customer_id,
    CASE WHEN random() < 0.01 THEN NULL WHEN random() < 0.01 THEN 'infinity' WHEN random() < 0.01 THEN timestamptz '0001-01-01 12:00+00'
         ELSE timestamptz '2023-01-01 00:00+00' + random() * interval '900 days' END AS created_at,
    CASE WHEN random() < 0.01 THEN NULL WHEN random() < 0.01 THEN 'NaN' WHEN random() < 0.01 THEN 1e15 WHEN random() < 0.05 THEN 0.00004
         ELSE round((110 * random() - 10)::numeric, 2) END AS total,
    round((20 * random())::numeric, 2) AS profit
FROM generate_series(1, 10000) n;
CREATE TABLE plain_orders AS SELECT * FROM orders;
CREATE TABLE named_orders AS SELECT 'Customer ' || customer_id AS customer, created_at::date AS day, total::float8 AS amount FROM orders;
CREATE TABLE coded_orders AS SELECT customer::varchar(20), day, amount FROM named_orders;
CREATE INDEX ON orders (customer_id, created_at) INCLUDE (total, profit);
CREATE INDEX ON named_orders (customer DESC, day DESC, amount);
CREATE INDEX ON coded_orders (customer, day) INCLUDE (amount);
VACUUM ANALYZE orders, plain_orders, named_orders, coded_orders;

BEGIN;
SELECT no_plan();
SET LOCAL client_min_messages = warning;
\ir include/plan_of.sql
SELECT lives_ok(format($$ SELECT attach_orders('%s', ordered_at => '%s', workspace => '%s', time_zone => 'America/New_York', diagnose => false, profit => '%s', storage => '%s') $$, relation, at, workspace, profit, storage),
    'attach ' || workspace)
FROM (VALUES ('orders', 'created_at', 'indexed', 'profit', 'view'), ('plain_orders', 'created_at', 'plain', 'profit', 'view'), ('named_orders', 'day', 'named', '', 'view'),
    ('coded_orders', 'day', 'coded', '', 'view'),
    ('orders', 'created_at', 'stored', 'profit', 'materialized'), ('orders', 'created_at', 'kept', 'profit', 'incremental')) v(relation, at, workspace, profit, storage);

-- plans
CREATE FUNCTION pg_temp.steps(query text, memory text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('work_mem', memory, true);
    RETURN (SELECT string_agg(substring(l FROM '(GroupAggregate|HashAggregate|Sort|Index Only Scan|Seq Scan) '), ', ')
        FROM pg_temp.plan_of(query) p CROSS JOIN LATERAL (SELECT p || ' ') x(l) WHERE l ~ 'Aggregate|Sort |Scan .*orders');
END
$$;
SELECT is(pg_temp.steps('SELECT * FROM ' || view, memory), 'GroupAggregate, Index Only Scan', view || ' with ' || memory)
FROM unnest('{indexed.order_history,indexed.customer_history,named.order_history}'::text[]) AS view CROSS JOIN unnest('{4MB,256MB}'::text[]) AS memory;
SELECT is(pg_temp.steps('SELECT * FROM plain.order_history', '256MB'), 'HashAggregate, Seq Scan', 'without an index nothing is sorted');
SELECT is(pg_temp.steps('SELECT * FROM coded.order_history', '256MB'), 'HashAggregate, Seq Scan', 'nor where a plan would not know how many customers there are');
SELECT is(pg_temp.steps('SELECT h.customer, h.profit_history FROM indexed.order_history h', '256MB'), 'GroupAggregate, Index Only Scan', 'what is not asked for is not in the way');
SELECT matches(pg_temp.steps('SELECT * FROM indexed.customer_figures', '256MB'), 'GroupAggregate, Index Only Scan$', 'the views that stand on it read as it does');
SELECT matches(string_agg(line, E'\n'), 'Index Cond: .*customer_id = 71', 'one customer is looked up')
FROM pg_temp.plan_of('SELECT * FROM indexed.customer_figures WHERE customer = 71') line;
SELECT is(pg_temp.steps(_clientele.workspace_query(w.statements[1], 'stored'), '256MB'), 'GroupAggregate, Index Only Scan', 'what is stored comes from the index')
FROM _clientele.workspace_wanted(_clientele.workspace_parts('stored')) w WHERE w.relation = 'order_history';
SELECT is(pg_temp.steps(_clientele.workspace_actual_sql('kept', 'order_history_data'), '256MB'), 'GroupAggregate, Index Only Scan', '... and what triggers keep');

-- figures
\set shown 'SELECT customer, history::text, profit_history::text, no_time, invalid_time, no_amount, invalid_amount, zero_amount FROM '
SELECT set_eq(:'shown' || workspace || '.order_history', :'shown' || 'plain.order_history', workspace || ' shows what is shown without an index')
FROM unnest('{indexed,stored,kept}'::text[]) AS workspace;
SELECT set_eq('SELECT customer, history::text FROM indexed.customer_history', $$
    SELECT customer_id, history_agg(created_at, total, 'America/New_York') FILTER (WHERE created_at BETWEEN '0001-01-02 00:00+00' AND '9999-12-30 00:00+00' AND total NOT IN ('NaN', 1e15))::text
    FROM orders WHERE customer_id IS NOT NULL GROUP BY customer_id $$, 'histories are those of the rows that can be used');
UPDATE indexed.settings SET zero_amounts = 'skipped';
SELECT set_eq('SELECT customer, history::text FROM indexed.customer_history', $$
    SELECT customer_id, history_agg(created_at, total, 'America/New_York') FILTER (WHERE created_at BETWEEN '0001-01-02 00:00+00' AND '9999-12-30 00:00+00' AND total NOT IN ('NaN', 1e15)
        AND round(total, 4) <> 0)::text FROM orders WHERE customer_id IS NOT NULL GROUP BY customer_id $$, '... without zeros where these are no orders');
UPDATE indexed.settings SET zero_amounts = 'orders';
DROP INDEX orders_customer_id_created_at_total_profit_idx;
SELECT set_eq(:'shown' || 'indexed.order_history', :'shown' || 'plain.order_history', 'where the index is gone figures stay');
SELECT lives_ok($$ SELECT upgrade_workspace('indexed') $$, 'made anew ...');
SELECT is(pg_temp.steps('SELECT * FROM indexed.order_history', '256MB'), 'HashAggregate, Seq Scan', '... nothing is sorted');

-- the statement
CREATE TYPE grade AS ENUM ('gold');
CREATE TABLE kinds (i integer, v varchar(9), c char(9), e grade, day date, at timestamp, amount real, gain numeric, "Odd name" bigint);
CREATE TABLE parts (customer integer, day date, amount integer) PARTITION BY RANGE (day);
CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE VIEW seen AS SELECT i AS customer, day, amount FROM kinds;
CREATE FUNCTION pg_temp.advice(relation regclass, customer text, ordered_at text, profit text DEFAULT '') RETURNS text LANGUAGE sql AS $$
    SELECT _clientele.workspace_covering_advice(o, _clientele.workspace_role_column(o, 'customer'))
    FROM (SELECT ROW('orders', relation, jsonb_build_object('customer', customer, 'ordered_at', ordered_at, 'amount', 'amount', 'profit', profit))::_clientele.attached_relation OFFSET 0) x(o)
$$;
CREATE FUNCTION pg_temp.run_advice(relation regclass, customer text, ordered_at text, profit text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    statement CONSTANT text := substring(pg_temp.advice(relation, customer, ordered_at, profit) FROM 'CREATE INDEX[^;]*');
BEGIN
    EXECUTE replace(statement, ' CONCURRENTLY', ''); -- which takes a transaction of its own
    RETURN statement || coalesce('; ' || pg_temp.advice(relation, customer, ordered_at, profit), '');
END
$$;
SELECT is(pg_temp.run_advice(relation, customer, at, profit), expected, format('%s by %s: the statement, once run, is not told again', relation, customer))
FROM (VALUES
    ('kinds', 'i', 'day', '', 'CREATE INDEX CONCURRENTLY ON public.kinds (i, day) INCLUDE (amount)'),
    ('kinds', 'v', 'at', 'gain', 'CREATE INDEX CONCURRENTLY ON public.kinds (v, at) INCLUDE (amount, gain)'),
    ('kinds', 'c', 'day', '', 'CREATE INDEX CONCURRENTLY ON public.kinds ((c::text), day) INCLUDE (c, amount)'),
    ('kinds', 'Odd name', 'day', '', 'CREATE INDEX CONCURRENTLY ON public.kinds ("Odd name", day) INCLUDE (amount)'),
    ('parts', 'customer', 'day', '', 'CREATE INDEX ON public.parts (customer, day) INCLUDE (amount)')) v(relation, customer, at, profit, expected);
SELECT is(pg_temp.advice('seen', 'customer', 'day'), NULL, 'a view has none');
SELECT is(pg_temp.advice('kinds', 'e', 'day'), 'No index can serve the views: keep such customers as text or numbers', 'nor has an enum');
SELECT matches(pg_temp.advice('kinds', 'i', 'day', 'gain'), '^No index has all that histories are made of: CREATE INDEX .* INCLUDE \(amount, gain\)', 'a column more takes another');
SELECT matches(pg_temp.advice('kinds', 'i', 'at'), '^No index has all', '... as does another time');

CREATE FUNCTION pg_temp.serves(definition text) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    answer boolean;
BEGIN
    CREATE TABLE one (customer text, day date, amount integer);
    EXECUTE definition;
    answer := pg_temp.advice('one', 'customer', 'day') IS NULL;
    DROP TABLE one CASCADE;
    RETURN answer;
END
$$;
SELECT is(pg_temp.serves(definition), serves, definition)
FROM (VALUES
    ('CREATE INDEX ON one (customer, day, amount)', true),
    ('CREATE INDEX ON one (customer DESC, day DESC) INCLUDE (amount)', true),
    ('CREATE UNIQUE INDEX ON one (customer, day) INCLUDE (amount)', true),
    ('CREATE INDEX ON one (customer, amount, day)', false),
    ('CREATE INDEX ON one (customer NULLS FIRST, day, amount)', false),
    ('CREATE INDEX ON one (customer COLLATE "C", day, amount)', false),
    ('CREATE INDEX ON one (customer text_pattern_ops, day, amount)', false),
    ('CREATE INDEX ON one (lower(customer), day, amount)', false),
    ('CREATE INDEX ON one (customer) INCLUDE (day, amount)', false),
    ('CREATE INDEX ON one (customer, day, amount) WHERE amount > 0', false),
    ('CREATE INDEX ON one (customer, day, amount); CREATE TABLE heir () INHERITS (one)', false)) v(definition, serves);

SELECT * FROM finish();
ROLLBACK;
