-- Stored figures: the same as those read from the orders, when they change, what stands on them, and what is locked out
BEGIN;
SELECT no_plan();
SET client_min_messages = warning;
\ir include/refuses.sql

SELECT setseed(0.5);
CREATE TABLE orders AS
SELECT n AS order_id, CASE WHEN random() > 0.1 THEN (300 * random() ^ 2)::integer END AS customer,
    CASE WHEN n % 97 > 0 THEN timestamptz '2024-01-01 12:00+00' + (random() * 500)::integer * interval '1 day' + n * interval '1 second' END AS ordered_at,
    CASE WHEN n % 89 > 0 THEN round((random() * 100 - 5)::numeric, 2) WHEN n % 2 > 0 THEN 'NaN' END AS amount,
    round((random() * 20)::numeric, 2) AS profit, (ARRAY['web', 'shop', NULL])[1 + n % 3] AS source, 'c' || n % 7 AS category
FROM generate_series(1, 3000) n;
CREATE TABLE people AS SELECT n AS id, 'first' || n AS first_name, nullif('last' || n % 50, 'last0') AS last_name, n || '@example.com' AS email, '' AS phone,
    (ARRAY['north', 'south'])[1 + n % 2] AS region FROM generate_series(0, 250) n;
SELECT lives_ok(format($$ SELECT attach_orders('orders', workspace => %L, storage => %L, time_zone => 'UTC', diagnose => false) $$, workspace, storage), 'attach: ' || storage)
FROM (VALUES ('live', 'view'), ('kept', 'materialized')) w(workspace, storage);
CREATE TABLE survey AS SELECT n * 7 % 310 AS respondent, 'q' || n % 4 AS question, 'a' || n % 5 AS answer, timestamptz '2024-01-06 12:00+00' + n % 480 * interval '1 day' AS answered_at
FROM generate_series(1, 1500) n;
SELECT lives_ok(format($$ SELECT attach_survey('survey', workspace => %L) $$, workspace), 'attach a survey: ' || workspace) FROM unnest('{live,kept}'::text[]) workspace;
CREATE TABLE contacts AS SELECT n * 7 % 310 AS customer, timestamptz '2024-01-06 12:00+00' + n * interval '7 hours' AS happened_at, 'place ' || n % 4 AS touchpoint FROM generate_series(1, 1500) n;
SELECT lives_ok(format($$ SELECT attach_touchpoints('contacts', workspace => %1$L); INSERT INTO %1$I.funnel_stages VALUES ('sales', 1, 'place 1'), ('sales', 2, 'place 2'), ('sales', 3, 'PURCHASE') $$, workspace), 'attach touchpoints: ' || workspace)
FROM unnest('{live,kept}'::text[]) workspace;
CREATE TABLE lines AS SELECT n AS order_id, 'thing ' || n * k % 23 AS product, 'kind ' || n * k % 5 AS category, k AS quantity, 2.5 AS amount, 'seller ' || n % 3 AS employee FROM generate_series(1, 3000) n, generate_series(1, 2) k;
CREATE TABLE offers AS SELECT n * 7 % 310 AS customer, timestamptz '2024-01-06 12:00+00' + n * interval '7 hours' AS offered_at, 'offer ' || n % 4 AS offer, (ARRAY['yes', 'no', NULL])[1 + n % 3] AS outcome, 'why ' || n % 3 AS reason FROM generate_series(1, 1000) n;
CREATE TABLE points AS SELECT n * 7 % 310 AS customer, timestamptz '2024-01-06 12:00+00' + n * interval '7 hours' AS happened_at, CASE WHEN n % 4 > 0 THEN n % 50 ELSE -30 END AS points, n / 2 AS order_id FROM generate_series(1, 1000) n;
SELECT lives_ok(format($$ SELECT attach_lines('lines', workspace => %1$L), attach_offers('offers', workspace => %1$L), attach_points('points', workspace => %1$L) $$, workspace), 'attach lines, offers and points: ' || workspace) FROM unnest('{live,kept}'::text[]) workspace;
SELECT refresh_workspace('kept');

CREATE TABLE answers AS
SELECT CASE WHEN random() > 0.1 THEN (320 * random())::integer END AS customer, timestamptz '2024-01-05 12:00+00' + (random() * 490)::integer * interval '1 day' + n * interval '1 second' AS answered_at,
    (12 * random() - 1)::integer AS score, (ARRAY['delivery', 'store', NULL])[1 + n % 3] AS touchpoint, (ARRAY['negative', 'idea', NULL])[1 + n % 3] AS kind, 'Wish ' || n % 9 AS wish, 'more' AS comment,
    timestamptz '2024-06-05 12:00+00' + random() * interval '400 days' AS replied_at
FROM generate_series(1, 1500) n;
SELECT lives_ok(format($$ SELECT attach_answers('answers', workspace => %L) $$, workspace), 'attach answers: ' || workspace) FROM unnest('{live,kept}'::text[]) workspace;

\ir include/different_views.sql
SELECT is(pg_temp.different_views('live', 'kept'), '', 'stored figures are those that views show');
SELECT set_eq($$ SELECT relname FROM pg_class WHERE relnamespace = 'kept'::regnamespace AND relkind = 'r' AND relname ~ '_data$' $$,
    'SELECT unnest(_clientele.workspace_data_names())', 'what is stored stands behind views of the same name');
SELECT is_empty($$ SELECT c.relname, a.attname FROM pg_class c LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
    WHERE c.relnamespace = 'kept'::regnamespace AND c.relkind = 'r' AND c.relname ~ '_data$' AND (obj_description(c.oid, 'pg_class') IS NULL OR col_description(c.oid, a.attnum) IS NULL) $$, '... and is commented');
SELECT is_empty($$ SELECT relname FROM pg_class WHERE relnamespace = 'live'::regnamespace AND relname ~ '_data$' $$, 'nothing is stored where nobody asked');
SELECT set_eq($$ SELECT attrelid::regclass::text FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = 'kept'::regnamespace AND c.relkind = 'r' AND a.atttypid = 'purchase_history'::regtype $$, ARRAY['kept.order_history_data'], 'histories are stored once');
SELECT bag_eq('SELECT customer, history FROM kept.customer_classes', 'SELECT customer, history FROM live.customer_classes', '... and shown with the classes too');

-- no view of it reads the orders
CREATE FUNCTION pg_temp.plan_lines(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE 'EXPLAIN (COSTS OFF) ' || query;
END
$$;
CREATE FUNCTION pg_temp.reads_orders(workspace name) RETURNS SETOF name LANGUAGE plpgsql AS $$
DECLARE
    view name;
    line text;
BEGIN
    FOR view IN SELECT relname FROM pg_class WHERE relnamespace = workspace::text::regnamespace AND relkind = 'v' LOOP
        FOR line IN EXECUTE format('EXPLAIN (COSTS OFF) SELECT * FROM %I.%I', workspace, view) LOOP
            IF line ~ 'on (orders|answers)( |$)' THEN RETURN NEXT view; EXIT; END IF;
        END LOOP;
    END LOOP;
END
$$;
-- What the knowledge base answers goes from open_questions at once, so that one reads the comments; orders, their lines and
-- touchpoints are not stored again, and what to offer each customer next depends on all products that the customer has.
SELECT is_empty($$ SELECT pg_temp.reads_orders('kept') EXCEPT SELECT unnest('{open_questions,customer_timeline,orders_enriched,touchpoint_events,journey_steps,next_offers,order_lines,order_rows,line_rows,answer_rows}'::name[]) $$, 'no view of stored figures reads the orders');
SELECT set_has($$ SELECT pg_temp.reads_orders('live') $$, $$ VALUES ('customers'::name), ('orders_enriched'), ('data_quality'), ('segment_profile') $$, 'those of others do');
SELECT is((SELECT count(*) FROM unnest(ARRAY['customers', 'order_history', 'customer_classes', 'customer_dimensions', 'answers_enriched']) v
    WHERE EXISTS (SELECT FROM pg_temp.plan_lines(format('SELECT * FROM kept.%I WHERE customer = 5', v)) l WHERE l ~ 'Index Cond: .*\(customer = 5\)')), 5::bigint, 'one customer is found by an index')
FROM (SELECT set_config('enable_seqscan', 'off', true)) s;
RESET enable_seqscan;

-- when they change
CREATE TABLE before AS SELECT * FROM kept.customers;
CREATE TABLE score_before AS SELECT * FROM kept.nps_summary;
INSERT INTO orders SELECT 3000 + n, n, timestamptz '2025-05-20 12:00+00', 50, 5, 'web', 'c1' FROM generate_series(200, 400) n;
UPDATE orders SET amount = 1000 WHERE order_id % 100 = 1;
UPDATE answers SET score = 10 WHERE customer % 5 = 1;
DELETE FROM orders WHERE customer = 7;
SELECT set_eq('SELECT * FROM kept.customers', 'SELECT * FROM before', 'stored figures stay when orders change');
SELECT set_eq('SELECT * FROM kept.nps_summary', 'SELECT * FROM score_before', '... and those of answers');
SELECT isnt(pg_temp.different_views('live', 'kept'), '', '... while views follow');
SELECT lives_ok($$ SELECT refresh_workspace('kept') $$, 'refresh');
SELECT is(pg_temp.different_views('live', 'kept'), '', '... and they are the same again');
CREATE TABLE places AS SELECT 'history' AS stored, customer, ctid AS place FROM kept.order_history_data UNION ALL SELECT 'orders', customer, ctid FROM kept.customer_orders_data;
SELECT lives_ok($$ SELECT refresh_workspace('kept') $$, 'refresh with nothing new');
SELECT is_empty($$ TABLE places EXCEPT (SELECT 'history', customer, ctid FROM kept.order_history_data UNION ALL SELECT 'orders', customer, ctid FROM kept.customer_orders_data) $$, '... writes no history and no orders');
SELECT lives_ok($$ UPDATE orders SET amount = amount + 1 WHERE order_id = (SELECT min(order_id) FROM orders WHERE customer = 9 AND ordered_at IS NOT NULL AND amount > 0); SELECT refresh_workspace('kept') $$, '... and with one order changed');
SELECT results_eq($$ SELECT customer FROM places p WHERE stored = 'history' AND place NOT IN (SELECT ctid FROM kept.order_history_data) $$, 'VALUES (9)', '... the history of its customer alone');
SELECT is(pg_temp.different_views('live', 'kept', stored_alone => true), '', '... and what comes from it');
SELECT is((SELECT count(*) FROM kept.customers WHERE customer = 7), 0::bigint, '... a customer without orders is gone');

-- two orders of a customer exchange what they have
SELECT lives_ok($$ UPDATE orders o SET source = p.source, category = p.category, amount = p.amount
    FROM (SELECT order_id, lead(order_id, 1, first) OVER w AS other FROM (SELECT *, min(order_id) OVER () AS first, row_number() OVER (ORDER BY order_id) AS n
        FROM orders WHERE customer = 20 AND ordered_at IS NOT NULL AND amount > 0) f WHERE n <= 2 WINDOW w AS (ORDER BY order_id)) s
    JOIN orders p ON p.order_id = s.other WHERE o.order_id = s.order_id; SELECT refresh_workspace('kept') $$, 'two orders exchange source, category and amount');
SELECT is(pg_temp.different_views('live', 'kept', stored_alone => true), '', '... and a refresh sees it');
-- one order each, where histories do not tell it, and where orders have no customer
SELECT lives_ok(format($$ UPDATE orders SET %s WHERE order_id = (SELECT min(order_id) FROM orders WHERE %s AND ordered_at IS NOT NULL AND amount > 0); SELECT refresh_workspace('kept') $$, change, customers), change || ' where ' || customers)
    || E'\n' || is(pg_temp.different_views('live', 'kept', stored_alone => true), '', '... is seen by a refresh')
FROM (VALUES ($$source = 'mail'$$, 'customer = 10'), ('category = NULL', 'customer = 11'), ('profit = 7', 'customer = 12'), ($$ordered_at = ordered_at - interval '2 hours'$$, 'customer = 13'),
    ('amount = 0', 'customer IS NULL'), ('customer = NULL', 'customer = 14'), ('customer = 15', 'customer IS NULL'), ('customer = 999', 'customer = 16'), ('customer = 16', 'customer = 999')) v(change, customers);
UPDATE kept.settings SET as_of = '2025-01-31', abc_a = 0.5, period = 'month', rfm_bins = 5, zero_amounts = 'skipped', time_zone = 'Asia/Tokyo';
UPDATE live.settings SET as_of = '2025-01-31', abc_a = 0.5, period = 'month', rfm_bins = 5, zero_amounts = 'skipped', time_zone = 'Asia/Tokyo';
SELECT is((SELECT as_of FROM kept.reporting_date), (SELECT max(ordered_at AT TIME ZONE 'UTC')::date + 1 FROM orders), 'settings have to wait for the refresh too');
SELECT is((SELECT period FROM kept.applied_settings), 'quarter', '... all of them');
SELECT lives_ok($$ SELECT refresh_workspace('kept') $$, 'refresh');
SELECT is(pg_temp.different_views('live', 'kept'), '', '... and they are applied');
UPDATE kept.policies SET action = 'Call them' WHERE cell = 'CZ';
SELECT is((SELECT DISTINCT policy FROM kept.customers WHERE cell = 'CZ'), 'Call them', 'policies are shown at once');
SELECT is((SELECT min(refreshed_at) FROM kept.data_quality), now(), 'data_quality tells when');
UPDATE kept.policies SET action = (SELECT action FROM live.policies WHERE cell = 'CZ') WHERE cell = 'CZ';

SELECT has_trigger('kept', 'settings', 'settings_changed', 'changing settings of stored figures tells when they apply');

-- answers detached and attached again, attach_customers(), and switching to and fro
SELECT lives_ok($$ SELECT detach_answers('kept') $$, 'detach answers');
SELECT hasnt_table('kept', 'answers_enriched_data', '... and what was stored of them');
SELECT lives_ok($$ SELECT attach_answers('answers', workspace => 'kept') $$, 'attach them again');
SELECT is(pg_temp.different_views('live', 'kept'), '', '... and they are stored anew');
SELECT lives_ok(format($$ SELECT attach_customers('people', workspace => %L, name => '{first_name,last_name}', contact => '{phone,email}') $$, w), 'attach customers: ' || w) FROM unnest('{live,kept}'::text[]) w;
SELECT is(pg_temp.different_views('live', 'kept'), '', 'dimensions are stored anew');
SELECT set_eq('SELECT customer, customer_name, contact FROM kept.customers',
    $$ SELECT c.customer, p.first_name || coalesce(' ' || p.last_name, ''), p.email FROM before b RIGHT JOIN kept.customers c ON c.customer = b.customer LEFT JOIN people p ON p.id = c.customer $$,
    'customers have names');
SELECT is((SELECT count(*) FILTER (WHERE l.customer_name <> p.first_name || coalesce(' ' || p.last_name, '')) || ' of ' || (count(*) > 20) FROM (
    SELECT customer, customer_name FROM kept.win_back UNION ALL SELECT customer, customer_name FROM kept.at_risk UNION ALL SELECT customer, customer_name FROM kept.second_order_due) l
    JOIN people p ON p.id = l.customer), '0 of true', '... in the lists as well');
SELECT results_eq($$ SELECT topic, finding FROM attach_customers('people', workspace => 'kept') $$,
    $$ VALUES ('customer', 'column id (integer), as given'), ('dimensions', 'region'), ('name', 'first_name, last_name'), ('contact', 'phone, email'), ('customers', 'customers of the orders that are found there: 250 of 400 (62.50 %)') $$, 'names are kept when customers are attached again');
SELECT results_eq($$ SELECT finding FROM attach_customers('people', workspace => 'kept', name => '{}', contact => '{}') WHERE topic IN ('name', 'contact') $$, $$ VALUES ('none'), ('none') $$, '... and go when told to');
SELECT is((SELECT count(customer_name) + count(contact) FROM kept.customers), 0::bigint, '... from the views');
SELECT lives_ok($$ SELECT attach_customers('people', workspace => 'kept', name => '{first_name,last_name}', contact => '{phone,email}') $$, 'once more');
CREATE VIEW dependent AS SELECT c.stage, count(*), sum(d.order_rows) FROM kept.customers c, kept.data_quality d, kept.class_history h GROUP BY 1;
CREATE MATERIALIZED VIEW dependent_data AS SELECT * FROM kept.customer_history;
SELECT lives_ok(format($$ SELECT attach_orders('orders', workspace => 'kept', storage => %L, diagnose => false) $$, storage), 'to ' || storage) FROM (VALUES ('view')) s(storage);
SELECT is(pg_temp.different_views('live', 'kept'), '', 'switched to views the figures are the same');
SELECT is((SELECT count(*) FROM pg_class WHERE relnamespace = 'kept'::regnamespace AND relname ~ '_data$'), 0::bigint, '... and none stored');
SELECT is((SELECT storage FROM kept.settings), 'view', '... as the settings say');
SELECT isnt_empty('SELECT * FROM dependent', 'dependents live on');
SELECT results_eq($$ SELECT finding FROM attach_orders('orders', workspace => 'kept', storage => 'materialized', diagnose => false) WHERE topic = 'storage' $$,
    $$ VALUES ('materialized: figures are stored, and change with refresh_workspace()') $$, 'and back');
SELECT is(pg_temp.different_views('live', 'kept'), '', 'switched back they are the same');
SELECT isnt_empty('SELECT * FROM dependent', 'dependents live on');
SELECT results_eq($$ SELECT finding FROM attach_orders('orders', workspace => 'kept', diagnose => false) WHERE topic = 'storage' $$,
    $$ VALUES ('materialized: figures are stored, and change with refresh_workspace()') $$, 'attached again it stays as it is');
CREATE VIEW beside AS SELECT count(*) FROM kept.order_history_data;
SELECT throws_ok($$ SELECT attach_orders('orders', workspace => 'kept', storage => 'view', diagnose => false) $$, '2BP01', NULL, 'what stands on the stored data itself is never dropped');
DROP VIEW beside;

-- restored without data
DELETE FROM kept.classification_data;
DELETE FROM kept.customer_orders_data;
DELETE FROM kept.applied_settings_data;
SELECT is_empty('SELECT * FROM kept.customers', 'what was never filled is empty');
SELECT lives_ok($$ SELECT refresh_workspace('kept') $$, '... and is filled by a refresh');
SELECT is(pg_temp.different_views('live', 'kept'), '', '... with the same');

-- chosen by itself
CREATE VIEW many AS SELECT n % 7 AS customer, date '2025-01-01' + n % 100 AS ordered_at, 1 AS amount FROM generate_series(1, 1000001) n;
CREATE VIEW fewer AS SELECT * FROM many LIMIT 1000000;
SELECT results_eq(format('SELECT finding FROM attach_orders(%L, workspace => %L, plan => true) WHERE topic = %L', relation, 'big', 'storage'), ARRAY[finding], relation)
FROM (VALUES ('many', 'materialized: figures are stored, and change with refresh_workspace(), as there are more than a million rows'),
    ('fewer', 'view: every figure is read from the orders, as there are no more than a million rows')) v(relation, finding);

-- a plan
CREATE TABLE catalogue AS SELECT relname, relkind, relfilenode FROM pg_class WHERE relnamespace = 'kept'::regnamespace;
SELECT bag_has(format($$ SELECT topic, finding, advice IS NOT NULL FROM attach_orders('orders', workspace => %L, storage => 'materialized', plan => true) $$, workspace), expected, 'a plan for ' || workspace)
FROM (VALUES ('planned', $$ VALUES ('create', 'schema planned', false), ('create', 'table planned.settings', true), ('create', 'view planned.customers', true),
        ('create', 'table planned.customer_orders_data', true), ('customer', 'column customer (integer), found by its name', true), ('plan', 'nothing was changed', true) $$),
    ('kept', $$ VALUES ('keep', 'table kept.settings', true), ('replace', 'view kept.customers', true), ('replace', 'table kept.customer_orders_data', true) $$)) v(workspace, expected);
SELECT hasnt_schema('planned', 'nothing was made');
SELECT set_eq('SELECT * FROM catalogue', $$ SELECT relname, relkind, relfilenode FROM pg_class WHERE relnamespace = 'kept'::regnamespace $$, 'nothing was changed');
SELECT isnt_empty('SELECT * FROM dependent', 'and what was there works');

-- orders change their columns: detach and attach again
SELECT throws_ok($$ SELECT detach_orders('kept') $$, '2BP01', NULL, 'views that others stand on are not dropped');
SELECT lives_ok('DROP VIEW dependent; DROP MATERIALIZED VIEW dependent_data', 'without dependents');
SELECT lives_ok($$ SELECT detach_orders('kept'); SELECT detach_orders('live') $$, '... they are');
SELECT set_eq($$ SELECT relname, relkind FROM pg_class WHERE relnamespace = 'kept'::regnamespace AND relkind IN ('r', 'v', 'm') $$,
    $$ SELECT unnest('{settings,attached,policies,approaches,tiers,campaigns,campaign_groups,campaign_members,benchmarks,segments,nps_advice,touchpoint_catalogue,touchpoint_ratings,questions,knowledge_base,funnel_stages}'::name[]), 'r'::"char" $$, '... and the tables stay');
SELECT lives_ok('ALTER TABLE orders ALTER customer TYPE bigint, ALTER amount TYPE numeric(20, 4)', 'columns can be changed');
SELECT results_eq($$ SELECT topic FROM upgrade_workspace('kept') $$, $$ VALUES ('upgraded') $$, 'upgrade');
SELECT lives_ok($$ SELECT upgrade_workspace('live') $$, '... both');
SELECT is(pg_temp.different_views('live', 'kept'), '', '... and all is there again');
SELECT is((SELECT format('%s %s', as_of, storage) FROM kept.settings), '2025-01-31 materialized', '... with its settings');
SELECT col_type_is('kept', 'customers', 'customer', 'bigint', '... and the new type');
SELECT is((SELECT count(customer_name) > 100 FROM kept.customers), true, '... and names');

-- for Metabase
SELECT lives_ok($$ SELECT describe_for_metabase('kept') $$, 'describe');
SELECT bag_has('SELECT * FROM kept._metabase_metadata', $$ VALUES ('customers.customer.semantic_type', 'type/PK'), ('customers.customer_name.semantic_type', 'type/Name'),
    ('customers.recency_score.semantic_type', 'type/Score'), ('abc_xyz_matrix.display_name', 'ABC XYZ Matrix') $$, 'Metabase is told');
SELECT is_empty($$ SELECT m.keypath FROM kept._metabase_metadata m WHERE keypath !~ '^([a-z0-9_]+\.){0,2}(display_name|semantic_type|caveats|points_of_interest)$' OR keypath LIKE '%.%.%'
    AND NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = ('kept.' || split_part(keypath, '.', 1))::regclass AND attname = split_part(keypath, '.', 2)) $$, '... of columns that are there');
SELECT lives_ok($$ SELECT attach_orders('orders', workspace => 'kept', diagnose => false) $$, 'attach again');
SELECT isnt_empty('SELECT * FROM kept._metabase_metadata', '... keeps it');
SELECT throws_ok($$ SELECT describe_for_metabase('nowhere') $$, '3F000', NULL, 'no such workspace');

-- somebody else
CREATE ROLE storage_reader;
SELECT lives_ok($$ SELECT grant_workspace('kept', 'storage_reader') $$, 'grant');
SELECT lives_ok($$ SELECT attach_orders('orders', workspace => 'kept', diagnose => false) $$, 'stored anew');
CREATE FUNCTION pg_temp.as_reader(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    SET LOCAL ROLE storage_reader;
    EXECUTE statement;
    RESET ROLE;
    RETURN 'done';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END
$$;
SELECT is(pg_temp.as_reader(statement), expected, statement) FROM (VALUES ('SELECT * FROM kept.customers', 'done'), ('SELECT * FROM kept.customer_orders_data', '42501'), ('SELECT * FROM orders', '42501'),
    ($$ SELECT refresh_workspace('kept') $$, '42501'), ($$ SELECT detach_orders('kept') $$, '42501'), ($$ SELECT drop_workspace('kept', true) $$, '42501'), ($$ SELECT upgrade_workspace('kept') $$, '42501'),
    ($$ SELECT describe_for_metabase('kept') $$, '42501'), ($$ SELECT attach_orders('orders', workspace => 'kept', plan => true) $$, '42501')) v(statement, expected);

-- what is refused
SELECT pg_temp.refuses(statement, state, message, hint) FROM (VALUES
    ($$ SELECT refresh_workspace('live') $$, '55000', 'nothing is stored in workspace "live"', '%storage => ''materialized''%'),
    ($$ SELECT refresh_workspace('nowhere') $$, '3F000', '"nowhere" is not a workspace', 'There are: kept, live'),
    ($$ SELECT upgrade_workspace('nowhere') $$, '3F000', '"nowhere" is not a workspace', '%'),
    ($$ SELECT detach_orders('nowhere') $$, '3F000', '"nowhere" is not a workspace', '%'),
    ($$ SELECT attach_orders('orders', workspace => 'kept', storage => 'disk') $$, '22023', 'invalid value for parameter "storage": "disk"', 'Use view%'),
    ($$ SELECT attach_orders('orders', workspace => 'kept', storage => 'distributed') $$, '42809', 'figures cannot be stored beside the orders', '%create_distributed_table%storage => ''materialized''.'),
    ($$ SELECT attach_orders('orders', customer => 'nobody', plan => true) $$, '42703', 'column "nobody"', '%'),
    ($$ SELECT attach_orders('orders', workspace => 'pg_mine', plan => true) $$, '42602', 'invalid name of a workspace', '%'),
    ($$ SELECT attach_customers('people', workspace => 'live', name => '{NULL}') $$, '22023', '"name"', '%'),
    ($$ SELECT attach_customers('people', workspace => 'live', contact => '{fax}') $$, '42703', 'column "fax"', '%')) v(statement, state, message, hint);

-- the extension dropped and made again
DROP EXTENSION clientele CASCADE;
CREATE EXTENSION clientele;
SELECT hasnt_view('kept', 'customers', 'dropping the extension takes the views');
SELECT lives_ok($$ SELECT upgrade_workspace('kept'); SELECT upgrade_workspace('live') $$, '... upgrade_workspace() makes them again');
SELECT is(pg_temp.different_views('live', 'kept'), '', '... as they were');
SELECT throws_ok($$ UPDATE kept.settings SET as_of = 'never' $$, '23514', NULL, '... with the rules of the settings');
SELECT has_trigger('kept', 'settings', 'settings_changed', '... and their triggers');
ALTER TABLE orders RENAME TO sales;
SELECT pg_temp.refuses($$ SELECT upgrade_workspace('kept') $$, '42P01', 'the attached orders, public.orders, do not exist any more', '%attach_orders(%');

-- dropped with what others put there
CREATE TABLE kept.mine (n integer);
CREATE VIEW dependent AS SELECT count(*) FROM kept.customers;
SELECT throws_ok($$ SELECT drop_workspace('kept') $$, '2BP01', NULL, 'what others made is not dropped');
SELECT has_view('kept', 'customers', '... and nothing else is then');
SELECT lives_ok($$ SELECT drop_workspace('kept', cascade => true) $$, '... unless told to');
SELECT hasnt_schema('kept', '... the schema is gone');
SELECT hasnt_view('public', 'dependent', '... and so are dependents');
SELECT has_table('public', 'sales', '... but not the orders');
SELECT lives_ok($$ SELECT drop_workspace('live') $$, 'drop the other');

-- foreign tables
CREATE EXTENSION file_fdw;
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE FOREIGN TABLE far_orders (customer integer, ordered_at date, amount numeric) SERVER files OPTIONS (program 'printf "1,2025-01-01,5\n1,2025-02-01,6\n2,2025-02-02,7\n"', format 'csv');
SELECT lives_ok(format($$ SELECT attach_orders('far_orders', workspace => 'far', storage => %L) $$, storage), 'a foreign table: ' || storage) FROM unnest('{view,materialized}'::text[]) storage;
SELECT results_eq('SELECT customer, revenue FROM far.customers ORDER BY 1', 'VALUES (1, 11.00), (2, 7.00)', '... is read');

SELECT * FROM finish();
ROLLBACK;
