-- The shapes of queries that a distributed engine such as Citus plans, over all views, on one server: what can be told from the trees
-- that the server keeps of them. test/cluster.t runs them where the engine is.
BEGIN;
SELECT no_plan();
SET client_min_messages = warning;

CREATE TABLE orders AS SELECT n AS id, n % 7 AS customer, timestamptz '2024-01-01 12:00+00' + n * interval '1 day' AS ordered_at, n AS amount, n AS profit, 'from' AS source, 'kind' AS category FROM generate_series(1, 30) n;
CREATE TABLE people AS SELECT n AS id, 'name' AS name, 'town' AS town, n - 1 AS referrer FROM generate_series(1, 7) n;
CREATE TABLE answers AS SELECT 1 AS customer, timestamp '2024-01-05 12:00' AS answered_at, 9 AS score, 'place' AS touchpoint, 'Wish' AS wish, 'question' AS kind, 'Where?' AS comment;
CREATE TABLE survey AS SELECT 1 AS respondent, 'question' AS question, 'answer' AS answer, date '2024-01-06' AS answered_at;
CREATE TABLE contacts AS SELECT 1 AS customer, timestamptz '2024-01-05 12:00+00' AS happened_at, 'place' AS touchpoint, 'from' AS source;
CREATE TABLE lines AS SELECT o.id AS order_id, 'thing' AS product, 'kind' AS category, 1 AS quantity, 5.5 AS amount FROM orders o;
CREATE TABLE offers AS SELECT 1 AS customer, timestamptz '2024-01-05 12:00+00' AS offered_at, 'offer' AS offer, 'yes' AS outcome;
CREATE TABLE points AS SELECT 1 AS customer, timestamptz '2024-01-05 12:00+00' AS happened_at, 5 AS points, date '2024-12-31' AS expires_on;
CREATE TABLE costs AS SELECT date '2024-01-01' AS day, 'from' AS source, 7 AS cost;
SELECT attach_orders('orders', workspace => w, storage => s, time_zone => 'Europe/Berlin', diagnose => false) FROM (VALUES ('live', 'view'), ('stored', 'materialized')) v(w, s) \g /dev/null
SELECT attach_customers('people', workspace => w, name => '{name}'), attach_answers('answers', workspace => w, stored_in => 'Asia/Tokyo'), attach_survey('survey', workspace => w),
    attach_touchpoints('contacts', workspace => w), attach_costs('costs', workspace => w), attach_lines('lines', workspace => w), attach_offers('offers', workspace => w),
    attach_points('points', workspace => w)
FROM unnest('{live,stored}'::text[]) w \g /dev/null

-- The nodes of a tree: braces open and close them, what stands between is said of the innermost one. The field is that of the node above.
CREATE FUNCTION pg_temp.nodes(view regclass) RETURNS TABLE (view regclass, id bigint, above bigint, field text, kind text, said text) LANGUAGE sql AS $$
    WITH part AS (
        SELECT p.n, p.text, p.n > 1 AND p.brace = '{' AS opens, sum(CASE WHEN p.n = 1 THEN 0 WHEN p.brace = '{' THEN 1 ELSE -1 END) OVER (ORDER BY p.n) AS depth
        FROM (
            SELECT s.n, left(s.part, 1) AS brace, substr(s.part, 2) AS text
            FROM pg_rewrite r CROSS JOIN LATERAL regexp_split_to_table(' ' || r.ev_action::text, '(?<!\\)(?=[{}])') WITH ORDINALITY s(part, n)
            WHERE r.ev_class = $1) p
    ), placed AS (
        SELECT x.*, max(x.n) FILTER (WHERE x.opens) OVER (PARTITION BY x.depth ORDER BY x.n) AS owner FROM part x
    ), followed AS (
        SELECT p.*, lag(p.owner) OVER w AS above, substring(right(lag(p.text) OVER w, 40) FROM ':([a-z]+) [( ]*$') AS field FROM placed p WINDOW w AS (ORDER BY p.n)
    )
    SELECT $1, f.owner, max(f.above) FILTER (WHERE f.n = f.owner), max(f.field) FILTER (WHERE f.n = f.owner),
        substring(min(f.text) FILTER (WHERE f.n = f.owner) FROM '^[A-Z_]+'), string_agg(f.text, ' ' ORDER BY f.n)
    FROM followed f
    WHERE f.owner IS NOT NULL
    GROUP BY f.owner
$$;
CREATE TEMPORARY TABLE node (view regclass, id bigint, above bigint, field text, kind text, said text, PRIMARY KEY (view, id));
CREATE INDEX ON node (view, above);
-- Of the views that read what is attached, by whatever other views.
CREATE FUNCTION pg_temp.read_views(schemas text[]) RETURNS void LANGUAGE sql AS $$
    WITH RECURSIVE reading AS (
        SELECT DISTINCT r.ev_class AS view, d.refobjid AS relation
        FROM pg_rewrite r JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> r.ev_class
        JOIN pg_class c ON c.oid = r.ev_class AND c.relkind = 'v' AND c.relnamespace = ANY (schemas::regnamespace[])
    ), reader AS (
        SELECT r.view FROM reading r WHERE r.relation IN (SELECT a.oid FROM pg_class a WHERE a.relnamespace = 'public'::regnamespace)
        UNION
        SELECT r.view FROM reader x JOIN reading r ON r.relation = x.view
    )
    INSERT INTO node SELECT n.* FROM reader r CROSS JOIN LATERAL pg_temp.nodes(r.view::regclass) n
$$;

-- What breaks a rule, and which.
CREATE FUNCTION pg_temp.broken() RETURNS TABLE (view text, rule text) LANGUAGE sql AS $$
    WITH RECURSIVE entry AS MATERIALIZED (
        -- an entry of FROM, and its query
        SELECT e.view, e.id, q.id AS query, substring(e.said FROM ':rtekind ([0-9]+)') AS rtekind, e.said LIKE '%:lateral true%' AS is_lateral,
            q.said LIKE '%:hasAggs true%' AND q.said LIKE '%:groupClause <>%' AS is_aggregate
        FROM node e LEFT JOIN node q ON q.view = e.view AND q.above = e.id AND q.field = 'subquery'
        WHERE e.kind IN ('RTE', 'RANGETBLENTRY')
    ), shown AS MATERIALIZED (
        SELECT v.view, pg_get_viewdef(v.view) AS query FROM (SELECT n.view FROM node n GROUP BY n.view) v
    ), called AS (
        -- what a function in FROM is given, but for subqueries, which are asked before
        SELECT n.view, n.id, n.said FROM entry e JOIN node n ON n.view = e.view AND n.above = e.id WHERE e.rtekind = '3' AND n.field = 'functions'
        UNION ALL
        SELECT n.view, n.id, n.said FROM called c JOIN node n ON n.view = c.view AND n.above = c.id WHERE n.kind <> 'SUBLINK'
    ), beside AS (
        -- what a query without GROUP BY shows, but for what it aggregates
        SELECT n.view, n.id FROM node q JOIN node n ON n.view = q.view AND n.above = q.id AND n.kind LIKE 'TARGET%'
        WHERE q.kind = 'QUERY' AND q.said LIKE '%:hasAggs true%' AND q.said LIKE '%:groupClause <>%'
        UNION ALL
        SELECT n.view, n.id FROM beside b JOIN node x ON x.view = b.view AND x.id = b.id AND x.kind <> 'SUBLINK' JOIN node n ON n.view = b.view AND n.above = b.id AND n.kind NOT LIKE 'AGG%'
    ), refers_out AS (
        -- from inside a query, by how many levels
        SELECT n.view, n.above AS id, substring(n.said FROM ':varlevelsup ([0-9]+)')::integer AS levels FROM node n WHERE n.kind = 'VAR' AND n.said !~ ':varlevelsup 0'
        UNION
        SELECT r.view, n.above, r.levels - (n.kind = 'QUERY')::integer FROM refers_out r JOIN node n ON n.view = r.view AND n.id = r.id WHERE r.levels - (n.kind = 'QUERY')::integer > 0
    )
    SELECT e.view::text, 'an aggregate without GROUP BY in a lateral subquery that refers to the outer query'
    FROM entry e WHERE e.is_lateral AND e.is_aggregate AND EXISTS (SELECT FROM refers_out r WHERE r.view = e.view AND r.id = e.query)
    UNION
    SELECT c.view::text, 'a function in FROM of what is not immutable: ' || p.oid::regprocedure
    FROM called c CROSS JOIN LATERAL regexp_matches(c.said, ':(?:funcid|opfuncid) ([0-9]+)', 'g') m(id) JOIN pg_proc p ON p.oid = m.id[1]::oid AND p.provolatile <> 'i'
    UNION
    SELECT v.view::text, 'a query without a column' FROM shown v WHERE v.query ~ 'SELECT\s+FROM\M'
    UNION
    SELECT v.view::text, 'a literal time, which the session''s DateStyle writes: ' || m.literal[1]
    FROM shown v CROSS JOIN LATERAL regexp_matches(v.query, '(''[^'']*[0-9][^'']*''::(?:date|timestamp)\M)', 'g') m(literal)
    UNION
    SELECT v.view::text, 'a type of the workspace, which other nodes do not have'
    FROM shown v JOIN pg_class c ON c.oid = v.view CROSS JOIN LATERAL regexp_matches(v.query, '::([a-z_]+)[.]', 'g') m(schema)
    WHERE m.schema[1] = c.relnamespace::regnamespace::text
    UNION
    SELECT g.view::text, 'GROUPING SETS' FROM node g WHERE g.kind = 'QUERY' AND g.said !~ ':groupingSets <>'
    UNION
    SELECT b.view::text, 'a subquery beside an aggregate of all rows' FROM beside b JOIN node n ON n.view = b.view AND n.id = b.id AND n.kind = 'SUBLINK'
    UNION
    -- what TimeZone changes, or asks tables for each row
    SELECT n.view::text, 'calls ' || p.oid::regprocedure
    FROM node n CROSS JOIN LATERAL regexp_matches(n.said, ':(?:funcid|opfuncid|aggfnoid|winfnoid) ([0-9]+)', 'g') m(id) JOIN pg_proc p ON p.oid = m.id[1]::oid
    WHERE n.kind ~ '^(FUNC|AGG|WINDOWFUNC|OP|SCALARARRAY|DISTINCT|NULLIF|ROWCOMPARE)' AND p.proname NOT IN ('workspace_words', 'workspace_text_search') -- by the settings and by small tables of the workspace, once
        AND (p.provolatile = 'v' OR p.provolatile = 's' AND (p.pronamespace <> 'pg_catalog'::regnamespace OR p.oid::regprocedure IN (
        SELECT c.castfunc::regprocedure FROM pg_cast c
        WHERE 'timestamptz'::regtype IN (c.castsource, c.casttarget) AND c.castfunc <> 0 AND c.castsource <> c.casttarget)))
$$;

SELECT pg_temp.read_views('{live,stored}');
ANALYZE node;
SELECT cmp_ok(count(DISTINCT view) FILTER (WHERE view::text LIKE 'live.%'), '>', 80::bigint, 'the views that read what is attached') FROM node;
SELECT cmp_ok(count(DISTINCT view) FILTER (WHERE view::text LIKE 'stored.%'), '>', 20::bigint, '... where figures are stored too') FROM node;
SELECT is_empty($$ SELECT view FROM node GROUP BY view HAVING count(*) FILTER (WHERE kind IS NULL OR said IS NULL) > 0 OR count(*) FILTER (WHERE kind = 'QUERY') = 0 OR count(*) FILTER (WHERE above IS NULL) <> 1 $$,
    '... node by node');
SELECT is_empty('SELECT * FROM pg_temp.broken()', 'no view has a shape that the engine does not plan, or shows what a session''s settings make of it');

-- Of each rule one that breaks it
CREATE SCHEMA bad;
CREATE VIEW bad.some_rows AS SELECT o.id FROM orders o;
CREATE VIEW bad.in_lateral AS SELECT s.enough, x.n FROM live.settings s CROSS JOIN LATERAL (SELECT count(*) AS n FROM orders o WHERE o.amount > s.enough) x;
CREATE VIEW bad.function AS SELECT u FROM orders o, generate_series(o.ordered_at, o.ordered_at, interval '1 day') u;
CREATE VIEW bad.columns AS SELECT o.id FROM orders o WHERE EXISTS (SELECT FROM answers);
CREATE VIEW bad.literal AS SELECT o.id FROM orders o WHERE o.ordered_at > timestamptz '2024-01-01 00:00+00';
CREATE VIEW bad.own_type AS SELECT pg_typeof((NULL::bad.some_rows).id) FROM orders;
CREATE VIEW bad.sets AS SELECT id, count(*) FROM bad.some_rows GROUP BY GROUPING SETS ((id), ());
CREATE VIEW bad.beside AS SELECT (SELECT s.enough FROM live.settings s) AS enough, count(*) AS n, max(1 + (SELECT s.enough FROM live.settings s)) AS most FROM orders;
CREATE VIEW bad.zone AS SELECT o.ordered_at::date FROM orders o;
CREATE VIEW bad.good AS SELECT s.enough, x.n FROM live.settings s CROSS JOIN LATERAL (SELECT count(*) AS n FROM orders o) x CROSS JOIN LATERAL unnest(ARRAY[s.enough]) u
WHERE s.enough > (SELECT count(*) FROM orders o WHERE o.ordered_at > timestamptz '-infinity');
TRUNCATE node;
SELECT pg_temp.read_views('{bad}');
SELECT set_eq('SELECT view FROM pg_temp.broken()', '{bad.in_lateral,bad.function,bad.columns,bad.literal,bad.own_type,bad.sets,bad.beside,bad.zone}'::text[], 'each shape is found, and nothing else');

SELECT * FROM finish();
ROLLBACK;
