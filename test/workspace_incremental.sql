-- Histories kept by triggers: after whatever changes the orders, all views are those that read the orders
BEGIN;
SELECT no_plan();
SET client_min_messages = warning;
\ir include/refuses.sql

-- Orders in every shape that a table can have, with rows that cannot be used
CREATE EXTENSION citext;
CREATE TABLE people (id integer PRIMARY KEY);
INSERT INTO people SELECT generate_series(0, 450);
CREATE TABLE whole (order_id integer PRIMARY KEY, customer integer REFERENCES people ON DELETE CASCADE ON UPDATE CASCADE, ordered_at timestamptz,
    amount numeric, profit double precision, source citext, category text, note text);
CREATE TABLE parted (note text, customer text COLLATE "C", "When" date, amount double precision, category text, order_id bigint) PARTITION BY LIST (category);
CREATE TABLE parted_one PARTITION OF parted FOR VALUES IN ('c1', 'c2');
CREATE TABLE parted_rest (order_id bigint, amount double precision, "When" date, gone integer, note text, category text, customer text COLLATE "C") PARTITION BY RANGE (order_id);
ALTER TABLE parted_rest DROP COLUMN gone;
ALTER TABLE parted ATTACH PARTITION parted_rest DEFAULT;
CREATE TABLE parted_low PARTITION OF parted_rest FOR VALUES FROM (MINVALUE) TO (1000);
CREATE TABLE parted_high PARTITION OF parted_rest DEFAULT;
CREATE TABLE parent (order_id integer, customer uuid, ordered_at timestamp, amount bigint, note text);
CREATE TABLE child (extra text) INHERITS (parent);
CREATE TABLE shape (name name PRIMARY KEY, root regclass, parts regclass[], moment text, number text, owner text);
INSERT INTO shape VALUES ('whole', 'whole', '{whole}', 'ordered_at', 'numeric', '%s'), ('parted', 'parted', '{parted,parted_one,parted_rest,parted_high}', '"When"', 'double precision', '''k%s'''),
    ('parent', 'parent', '{parent,child}', 'ordered_at', 'bigint', 'md5(''%s'')::uuid');

-- Changes made up at random. A statement that the table cannot take is tried, and undone.
CREATE SEQUENCE numbers START 2000;
CREATE FUNCTION pg_temp.pick(choices text[]) RETURNS text LANGUAGE sql VOLATILE RETURN choices[1 + floor(random() * cardinality(choices))];
CREATE FUNCTION pg_temp.some_value(s shape, col text) RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT CASE col
        WHEN 'customer' THEN pg_temp.pick(ARRAY['NULL'] || array_fill(format(s.owner, floor(random() * 40)), '{6}'))
        WHEN 'at' THEN pg_temp.pick(ARRAY['NULL', '''infinity''', '''0044-03-15 BC''', 'current_date + 30'] || array_fill(format('date %L + %s', '2024-01-01', floor(random() * 400)), '{12}'))
        WHEN 'amount' THEN pg_temp.pick(ARRAY['NULL', CASE s.number WHEN 'bigint' THEN '9223372036854775807' ELSE '''NaN''' END, '0', '-3', '0.00004'] || array_fill(round((random() * 100)::numeric, 2)::text, '{12}'))
        WHEN 'category' THEN pg_temp.pick('{"NULL",''c1'',''c2'',''c3'',''C1''}')
        ELSE '''anything''' END || CASE col WHEN 'amount' THEN '::' || s.number ELSE '' END
$$;
CREATE FUNCTION pg_temp.some_row(s shape) RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT format('%s, %s, %s, %s, %s', nextval('numbers'), pg_temp.some_value(s, 'customer'), pg_temp.some_value(s, 'at'), pg_temp.some_value(s, 'amount'),
        CASE s.name WHEN 'parent' THEN 'NULL' ELSE pg_temp.some_value(s, 'category') END)
$$;
CREATE FUNCTION pg_temp.some_rows(s shape, n integer) RETURNS text LANGUAGE sql VOLATILE AS $$
    SELECT string_agg(format('(%s)', pg_temp.some_row(s)), ', ') FROM generate_series(1, n)
$$;
CREATE FUNCTION pg_temp.some_change(s shape) RETURNS text LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    part CONSTANT text := s.parts[1 + floor(random() * cardinality(s.parts))];
    many CONSTANT text := pg_temp.pick(ARRAY['order_id % 50 = ' || floor(random() * 50), format('customer = ' || s.owner, floor(random() * 40)), 'customer IS NULL AND order_id % 9 = 1']);
    columns CONSTANT text := format('order_id, customer, %s, amount, %s', s.moment, CASE s.name WHEN 'parent' THEN 'note' ELSE 'category' END);
    col text;
BEGIN
    CASE floor(random() * 9)
        WHEN 0, 1 THEN RETURN format('INSERT INTO %s (%s) VALUES %s', part, columns, pg_temp.some_rows(s, 1 + floor(random() * 20)::integer));
        WHEN 2 THEN RETURN format('INSERT INTO %s (%s) VALUES %s ON CONFLICT DO NOTHING', part, columns, pg_temp.some_rows(s, 5));
        WHEN 3, 4 THEN
            col := pg_temp.pick(CASE s.name WHEN 'parent' THEN '{customer,at,amount,note,order_id}'::text[] ELSE '{customer,at,amount,category,note,order_id}' END);
            RETURN format('UPDATE %s SET %s = %s WHERE %s', part, CASE col WHEN 'at' THEN s.moment ELSE col END,
                CASE col WHEN 'order_id' THEN 'order_id + 100000' ELSE pg_temp.some_value(s, col) END, many);
        WHEN 5 THEN RETURN format('DELETE FROM %s WHERE %s', part, many);
        WHEN 6 THEN RETURN format('MERGE INTO %s t USING (SELECT g FROM generate_series(1, 2000, 37) g) x ON t.order_id = x.g WHEN MATCHED AND x.g %% 2 = 0 THEN DELETE
            WHEN MATCHED THEN UPDATE SET amount = %s WHEN NOT MATCHED THEN INSERT (%s) VALUES (%s)', CASE s.name WHEN 'parent' THEN 'ONLY child' ELSE s.root::text END, pg_temp.some_value(s, 'amount'), columns, regexp_replace(pg_temp.some_row(s), '^[0-9]+', 'x.g'));
        WHEN 7 THEN RETURN format('WITH a AS (INSERT INTO %1$s (%2$s) VALUES %3$s), b AS (DELETE FROM %1$s WHERE %4$s) UPDATE %1$s SET amount = amount + 1 WHERE order_id %% 50 = 7', s.root, columns, pg_temp.some_rows(s, 3), many);
        ELSE RETURN CASE s.name WHEN 'whole' THEN pg_temp.pick(ARRAY[
                format('INSERT INTO whole (%s) VALUES (%s, %s) ON CONFLICT (order_id) DO UPDATE SET amount = excluded.amount + 1, customer = excluded.customer', columns, 1 + floor(random() * 900), regexp_replace(pg_temp.some_row(s), '^[0-9]+, ', '')),
                format('DELETE FROM people WHERE id = %s', floor(random() * 40)), format('UPDATE people SET id = %s WHERE id = %s', 10000 + nextval('numbers'), floor(random() * 40)),
                format('UPDATE whole SET source = %L WHERE %s', pg_temp.pick('{web,Web,shop}'), many)])
            ELSE format('TRUNCATE %s', s.parts[cardinality(s.parts)]) END;
    END CASE;
END
$$;

SELECT setseed(0.25);
SELECT lives_ok(format('INSERT INTO %s (order_id, customer, %s, amount, %s) SELECT n, r.customer, r.at, r.amount, r.category FROM generate_series(1, 600) n
    CROSS JOIN LATERAL (SELECT %s AS customer, CASE WHEN n %% 50 > 0 THEN date ''2024-01-01'' + n * 17 %% 400 END AS at, (n * 13 %% 90)::%s AS amount, ''c'' || n %% 4 AS category) r',
    root, moment, CASE name WHEN 'parent' THEN 'note' ELSE 'category' END, format('CASE WHEN n %% 11 > 0 THEN ' || CASE name WHEN 'whole' THEN 'n %% 40' WHEN 'parted' THEN '''k'' || n %% 40' ELSE 'md5((n %% 40)::text)::uuid' END || ' END'), number), 'orders: ' || name) FROM shape;
SELECT is(f.finding, expected, format('attach %s: %s', name, storage)) FROM shape
    CROSS JOIN (VALUES ('incremental', 'incremental: triggers on the orders keep figures as they should be'), ('view', 'view: every figure is read from the orders')) v(storage, expected)
    CROSS JOIN LATERAL attach_orders(root, workspace => name || '_' || storage, ordered_at => CASE name WHEN 'parted' THEN 'When' ELSE 'ordered_at' END, customer => 'customer', amount => 'amount', storage => storage, time_zone => 'America/New_York',
        stored_in => CASE name WHEN 'parent' THEN 'UTC' END, diagnose => false) f WHERE f.topic = 'storage';

\ir include/different_views.sql
SELECT is(pg_temp.different_views(name || '_view', name || '_incremental'), '', 'attached: ' || name) FROM shape;

-- Each subtransaction goes through all that its transaction has made so far: the less the faster. The database is dropped in the end.
COMMIT AND CHAIN;

-- After each change the figures by customer are compared, after some of them all views; some are undone, some folded
CREATE FUNCTION pg_temp.try_changes(s shape, n integer) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    statement text;
    outcome text;
    wrong bigint;
    done integer := 0;
    undone integer := 0;
    folded bigint := 0;
BEGIN
    FOR i IN 1..n LOOP
        statement := pg_temp.some_change(s);
        BEGIN
            EXECUTE statement;
            done := done + 1;
            IF random() < 0.1 THEN RAISE EXCEPTION 'undone' USING ERRCODE = 'TTUND'; END IF;
        EXCEPTION WHEN SQLSTATE 'TTUND' OR check_violation OR unique_violation OR foreign_key_violation OR feature_not_supported OR numeric_value_out_of_range THEN
            undone := undone + 1;
        END;
        INSERT INTO people SELECT generate_series(0, 39) ON CONFLICT DO NOTHING;
        IF random() < 0.15 THEN folded := folded + fold_workspace(s.name || '_incremental'); END IF;
        EXECUTE format('SELECT count(*) FROM ((TABLE %1$I.order_history EXCEPT ALL TABLE %2$I.order_history) UNION ALL (TABLE %2$I.order_history EXCEPT ALL TABLE %1$I.order_history)) d',
            s.name || '_incremental', s.name || '_view') INTO wrong;
        outcome := CASE WHEN wrong > 0 THEN wrong || ' histories' WHEN i % 40 = 0 THEN pg_temp.different_views(s.name || '_view', s.name || '_incremental') ELSE '' END;
        IF outcome <> '' THEN RETURN NEXT outcome || ' after ' || statement; RETURN; END IF;
    END LOOP;
    RETURN NEXT format('enough done: %s, undone: %s, folded: %s', done > n * 0.6, undone > n * 0.05, folded > n);
    IF EXISTS (SELECT FROM verify_workspace(s.name || '_incremental')) THEN RETURN NEXT 'verify_workspace() found differences'; END IF;
END
$$;
SELECT is(pg_temp.try_changes(s, 120), 'enough done: t, undone: t, folded: t', s.name) FROM shape s;

COMMIT AND CHAIN;

-- COPY, and what a statement writes to nobody's interest
COPY whole (order_id, customer, ordered_at, amount, source, category) FROM stdin;
900001	401	2024-05-05 03:59+00	12.5	web	c1
900002	\N	2024-05-05 04:01+00	7	shop	\N
900003	401	\N	NaN	shop	c2
\.
SELECT is(pg_temp.different_views('whole_view', 'whole_incremental'), '', 'COPY') FROM (SELECT count(*) FROM people) x;
SELECT ok(fold_workspace('whole_incremental') IS NOT NULL, 'fold');
UPDATE whole SET note = 'x';
UPDATE whole SET amount = amount, customer = customer, source = source;
INSERT INTO whole SELECT * FROM whole WHERE false;
DELETE FROM whole WHERE false;
SELECT is((SELECT count(*) FROM whole_incremental.order_changes), 0::bigint, 'what changes nothing of interest writes nothing');
UPDATE whole SET source = upper(source::text) WHERE order_id = 900001;
SELECT is((SELECT count(*) FROM whole_incremental.order_changes), 2::bigint, '... while a source in capitals is another');
SELECT is(fold_workspace('whole_incremental'), 2::bigint, 'a fold says how much it folded');
SELECT is(fold_workspace('whole_incremental'), 0::bigint, '... and nothing where nothing is pending');
SELECT is((SELECT count(*) FROM whole_incremental.order_changes), 0::bigint, '... and leaves nothing pending');
-- Two orders of a day change places: no history changes, but the source of the first does
INSERT INTO whole (order_id, customer, ordered_at, amount, source) VALUES (900011, 402, '2024-05-05 12:00+00', 1, 'web'), (900012, 402, '2024-05-05 13:00+00', 1, 'shop');
SELECT is((SELECT source FROM whole_incremental.first_orders WHERE customer = 402), 'web', 'the first order');
SELECT ok(fold_workspace('whole_incremental') > 0, 'fold');
UPDATE whole SET ordered_at = ordered_at + interval '2 hours' WHERE order_id = 900011;
SELECT is((SELECT source FROM whole_incremental.first_orders WHERE customer = 402), 'shop', '... may change while its day does not');
SELECT ok(fold_workspace('whole_incremental') > 0, 'fold');
SELECT is((SELECT source FROM whole_incremental.first_orders WHERE customer = 402), 'shop', '... folded too');

-- Folds by themselves
UPDATE whole_incremental.settings SET fold_after = 100;
SELECT lives_ok(format('INSERT INTO whole (order_id, customer, ordered_at, amount) VALUES (%s, %s, %L, 1)', 910000 + n, 300 + n % 40, '2024-03-03'), 'insert one') FROM generate_series(1, 150) n WHERE n % 149 < 2;
SELECT lives_ok(format('INSERT INTO whole (order_id, customer, ordered_at, amount, category) SELECT %s + n, 300 + n %% 50, %L, 1, n FROM generate_series(1, 100) n', 920000 + 100 * i, '2024-03-03'), 'insert many') FROM generate_series(1, 60) i;
SELECT cmp_ok((SELECT count(*) FROM whole_incremental.order_changes), '<', 5700::bigint, 'of six thousand changes not all stay pending, in one transaction');
SELECT is(pg_temp.different_views('whole_view', 'whole_incremental'), '', '... exactly');
UPDATE whole_incremental.settings SET fold_after = NULL;
INSERT INTO whole (order_id, customer, ordered_at, amount, category) SELECT 930000 + n, 300 + n % 50, '2024-03-03', 1, n FROM generate_series(1, 400) n;
SELECT cmp_ok((SELECT count(*) FROM whole_incremental.order_changes), '>=', 400::bigint, '... never, if told so');

COMMIT AND CHAIN;

-- Settings
UPDATE whole_incremental.settings SET as_of = '2024-08-15', enough = 7, count_by = 'orders';
UPDATE whole_view.settings SET as_of = '2024-08-15', enough = 7, count_by = 'orders', fold_after = NULL;
SELECT is(pg_temp.different_views('whole_view', 'whole_incremental'), '', 'settings act at once');
UPDATE whole_incremental.settings SET zero_amounts = 'skipped', time_zone = 'Asia/Tokyo';
UPDATE whole_view.settings SET zero_amounts = 'skipped', time_zone = 'Asia/Tokyo';
SELECT is(pg_temp.different_views('whole_view', 'whole_incremental'), '', '... those too that histories depend on');
SELECT is((SELECT count(*) FROM whole_incremental.order_changes), 0::bigint, '... with which nothing is pending');
INSERT INTO whole (order_id, customer, ordered_at, amount) VALUES (940000, 5, '2024-03-03 15:30+00', 0), (940001, 6, '2024-03-03 15:30+00', 1);
SELECT is(pg_temp.different_views('whole_view', 'whole_incremental'), '', '... and later changes go by them');
SELECT is((SELECT (history_days(history)).day FROM whole_incremental.order_history WHERE customer = 6 EXCEPT SELECT (history_days(history)).day FROM whole_incremental.order_history_data WHERE customer = 6), '2024-03-04', '... by the zone');
-- Times that have no day in this zone, and texts that no index takes
INSERT INTO whole (order_id, customer, ordered_at, amount, source) VALUES (941000, 7, '294276-12-31 23:00+00', 1, 'web'), (941001, 7, '4713-01-01 BC', 1, 'web'), (941002, 7, '2024-03-04', 1, 'web');
INSERT INTO whole (order_id, customer, ordered_at, amount, source) SELECT 941003, 7, '2024-03-05', 1, string_agg(md5(n::text), '') FROM generate_series(1, 300) n;
INSERT INTO parted (order_id, customer, "When", amount) SELECT 941004, string_agg(md5(n::text), ''), '2024-03-05', 1 FROM generate_series(1, 300) n;
SELECT ok(fold_workspace('whole_incremental') > 0 AND fold_workspace('parted_incremental') IS NOT NULL, 'times and texts past the edge are folded, or stay pending');
SELECT is(pg_temp.different_views('whole_view', 'whole_incremental'), '', '... exactly');
SELECT is(pg_temp.different_views('parted_view', 'parted_incremental'), '', '... of customers, too');
DELETE FROM whole WHERE order_id = 941003;
DELETE FROM parted WHERE order_id = 941004;
SELECT is(pg_temp.different_views('whole_view', 'whole_incremental'), '', '... until they are gone');
UPDATE whole_incremental.settings SET as_of = 'auto';
UPDATE whole_view.settings SET as_of = 'auto';

COMMIT AND CHAIN;

-- What triggers do not see, and repair
SET session_replication_role = replica;
DELETE FROM whole WHERE customer IN (1, 401) OR customer IS NULL;
UPDATE whole SET amount = amount + 1 WHERE customer = 6;
INSERT INTO whole (order_id, customer, ordered_at, amount, source) VALUES (950000, 399, '2020-01-01', 3, 'web');
SET session_replication_role = origin;
INSERT INTO whole (order_id, customer, ordered_at, amount) VALUES (950001, 6, '2024-03-03', 5);
SELECT set_eq($$ SELECT DISTINCT coalesce(customer, 'none') FROM verify_workspace('whole_incremental') WHERE what LIKE 'order_history.history%' $$, $$ VALUES ('none'), ('1'), ('401'), ('6'), ('399') $$, 'verify_workspace() finds what triggers did not see')
WHERE EXISTS (SELECT FROM whole_incremental.order_history WHERE customer = 1);
SELECT isnt(pg_temp.different_views('whole_view', 'whole_incremental'), '', '... it is there');
SELECT bag_has($$ SELECT customer, what, stored, actual FROM verify_workspace('whole_incremental') $$, $$ VALUES ('399', 'order_history.history', NULL, '{2020-01-01:3}'), ('399', 'first_orders.day', NULL, '2020-01-01') $$, '... in words');
SELECT set_eq($$ SELECT * FROM verify_workspace('whole_incremental') $$, $$ SELECT * FROM verify_workspace('whole_incremental', repair => true) $$, 'a repair says the same');
SELECT is_empty($$ SELECT * FROM verify_workspace('whole_incremental') $$, '... and mends it');
SELECT is(pg_temp.different_views('whole_view', 'whole_incremental'), '', '... all of it');
UPDATE whole_incremental.order_history_data SET history = '{2024-01-01:-5/0/1}', no_time = 99 WHERE customer = 6;
DELETE FROM whole_incremental.first_orders_data WHERE customer = 8;
UPDATE whole_incremental.order_days_data SET order_rows = order_rows + 1 WHERE day = '2024-03-03';
DELETE FROM whole_incremental.customer_preferences_data WHERE customer = 9;
DELETE FROM whole_incremental.fold_state;
SELECT set_eq($$ SELECT DISTINCT split_part(what, '.', 1) FROM verify_workspace('whole_incremental', true) $$, $$ VALUES ('order_history'), ('first_orders'), ('order_days'), ('customer_preferences') $$, 'seeded corruption is found in each table');
SELECT is(pg_temp.different_views('whole_view', 'whole_incremental'), '', '... and mended');
UPDATE whole_incremental.order_history_data SET history = '{}' WHERE customer = 6;
DELETE FROM whole WHERE customer = 6;
SELECT is((SELECT count(*) FROM whole_incremental.customers), (SELECT count(*) FROM whole_view.customers), 'nothing raises where more is removed than there was');
SELECT ok(fold_workspace('whole_incremental') > 0, 'fold');
SELECT is_empty($$ SELECT * FROM verify_workspace('whole_incremental') $$, '... nor does a fold');
CREATE TABLE parted_later PARTITION OF parted_rest FOR VALUES FROM (7000000) TO (8000000);
SELECT results_eq($$ SELECT what, stored FROM verify_workspace('parted_incremental') $$, $$ VALUES ('triggers', 'none on public.parted_later') $$, 'a partition made since has no triggers');
INSERT INTO parted (order_id, customer, "When", amount) VALUES (7000001, 'late', '2024-02-02', 1);
SELECT is_empty($$ SELECT * FROM verify_workspace('parted_incremental') WHERE what <> 'triggers' $$, '... which its root has');
SELECT lives_ok($$ SELECT upgrade_workspace('parted_incremental') $$, 'attached again');
INSERT INTO parted_later (order_id, customer, "When", amount) VALUES (7000002, 'late', '2024-02-02', 1);
SELECT is_empty($$ SELECT * FROM verify_workspace('parted_incremental') $$, '... it has them itself');
ALTER TABLE parted_rest DETACH PARTITION parted_later;
SELECT is((SELECT count(*) FROM verify_workspace('parted_incremental', repair => true) WHERE what <> 'triggers') > 0, true, 'a partition that is taken away');
SELECT results_eq($$ SELECT what, stored FROM verify_workspace('parted_incremental') $$, $$ VALUES ('triggers', 'on public.parted_later') $$, '... still has its triggers');
SELECT lives_ok($$ SELECT attach_orders('parted', workspace => 'parted_incremental', diagnose => false) $$, '... until the orders are attached again');
SELECT is_empty($$ SELECT * FROM verify_workspace('parted_incremental') $$, '... without it');
ALTER TABLE parted_rest ATTACH PARTITION parted_later FOR VALUES FROM (7000000) TO (8000000);
SELECT lives_ok($$ SELECT attach_orders('parted', workspace => 'parted_incremental', diagnose => false) $$, 'attached again with it');
SELECT is_empty($$ SELECT * FROM verify_workspace('parted_incremental') $$, '... all agrees');

-- No view reads the orders, but for those that show them one by one and the first orders of customers with pending changes
CREATE FUNCTION pg_temp.reads_orders(workspace name) RETURNS SETOF name LANGUAGE plpgsql AS $$
DECLARE
    view name;
    line text;
BEGIN
    FOR view IN SELECT relname FROM pg_class WHERE relnamespace = workspace::text::regnamespace AND relkind = 'v' LOOP
        FOR line IN EXECUTE format('EXPLAIN (COSTS OFF) SELECT * FROM %I.%I', workspace, view) LOOP
            IF line ~ 'on (whole|parted_one)( |$)' THEN RETURN NEXT view; EXIT; END IF;
        END LOOP;
    END LOOP;
END
$$;
SELECT set_eq($$ SELECT pg_temp.reads_orders('whole_incremental') $$, '{order_rows,orders_enriched,first_orders,changed_first_orders,customer_dimensions,first_purchase,retention_by_dimension,cohorts_by_dimension,sources,customer_timeline}'::name[], 'no view but these reads the orders');
SELECT is((SELECT count(*) FROM unnest('{order_history,customer_history,customer_figures,customer_preferences}'::name[]) v WHERE EXISTS (SELECT FROM pg_temp.reads_orders('whole_view') r WHERE r = v)), 4::bigint, 'while elsewhere they do');

COMMIT AND CHAIN;

-- A renamed column: writers are told, and go on once it is attached by its new name
ALTER TABLE whole RENAME amount TO "Total";
SELECT lives_ok($$ INSERT INTO whole (order_id, customer, ordered_at, "Total") VALUES (7000009, 3, '2024-03-03', 9) $$, 'a writer goes on after a column was renamed');
SAVEPOINT truncated;
SELECT lives_ok('TRUNCATE whole', '... with TRUNCATE too');
ROLLBACK TO truncated;
SELECT is((SELECT count(*) FROM whole_incremental.missed_changes), 1::bigint, '... which is written down');
SELECT matches((SELECT description FROM whole_incremental.data_quality WHERE reason = 'missed'), '^Whatever triggers could not read, since 20.* UTC: attach the orders again$', '... and to be seen');
SELECT throws_ok($$ SELECT * FROM verify_workspace('whole_incremental') $$, '42703', NULL, '... also by who compares');
SELECT lives_ok($$ SELECT attach_orders('whole', workspace => 'whole_incremental', amount => 'Total', diagnose => false) $$, 'attach by its new name');
SELECT lives_ok($$ INSERT INTO whole (order_id, customer, ordered_at, "Total") VALUES (7000010, 3, '2024-03-03', 9) $$, '... and writers go on');
SELECT is_empty($$ SELECT * FROM verify_workspace('whole_incremental') $$, '... and nothing is lost');
SELECT is_empty($$ SELECT * FROM whole_incremental.data_quality WHERE reason = 'missed' $$, '... nor missed');
ALTER TABLE whole RENAME "Total" TO amount;
SELECT lives_ok($$ SELECT attach_orders('whole', workspace => 'whole_incremental', amount => 'amount', diagnose => false) $$, 'back to the old one');

COMMIT AND CHAIN;

-- Upgraded, a workspace has the columns that it had, and says where the orders are not those any more
CREATE TABLE swapped AS SELECT order_id, customer, ordered_at, amount FROM whole WHERE order_id < 900;
SELECT lives_ok($$ SELECT attach_orders('swapped', workspace => 'swapping', storage => 'incremental', diagnose => false) $$, 'attach what has no profit');
ALTER TABLE swapped ADD profit numeric DEFAULT 1, ADD source text DEFAULT 'web';
SELECT lives_ok($$ UPDATE swapped SET amount = amount + 1 WHERE order_id = 5 $$, 'columns that come later');
SELECT is_empty($$ SELECT * FROM verify_workspace('swapping') $$, '... do not disturb');
SELECT results_eq($$ SELECT topic FROM upgrade_workspace('swapping') $$, $$ VALUES ('upgraded') $$, '... nor does an upgrade');
SELECT is((SELECT has_profit FROM swapping.settings), false, '... take them in');
SELECT bag_has($$ SELECT topic FROM attach_orders('swapped', workspace => 'swapping', profit => 'profit', diagnose => false) $$, $$ VALUES ('replaced') $$, '... while attaching does, and says so');
SELECT is_empty($$ SELECT * FROM verify_workspace('swapping') $$, '... with all there is');
ALTER TABLE swapped RENAME TO swapped_old;
SELECT throws_ok($$ SELECT * FROM verify_workspace('swapping') $$, '42P01', 'the attached orders, public.swapped, do not exist any more', 'renamed orders are not found');
SELECT throws_ok($$ SELECT * FROM upgrade_workspace('swapping') $$, '42P01', 'the attached orders, public.swapped, do not exist any more', '... for an upgrade neither');
CREATE TABLE swapped (LIKE swapped_old);
SELECT results_eq($$ SELECT topic FROM upgrade_workspace('swapping') $$, $$ VALUES ('replaced'), ('upgraded') $$, 'others by that name are taken, and told of');
SELECT is((SELECT count(*) FROM swapping.customer_figures), 0::bigint, '... as they are');
ALTER TABLE swapped RENAME profit TO margin;
SELECT pg_temp.refuses($$ SELECT upgrade_workspace('swapping') $$, '42703', 'do not have the column profit, the profit any more', '%profit => %');

-- Other storage and back, and what stands on it
CREATE VIEW dependent AS SELECT c.stage, count(*), sum(d.order_rows) FROM whole_incremental.customers c, whole_incremental.data_quality d, whole_incremental.first_orders f GROUP BY 1;
SELECT is(pg_temp.different_views('whole_view', 'whole_incremental'), '', format('%s, then %s', storage, (SELECT count(*) FROM attach_orders('whole', workspace => 'whole_incremental', storage => storage, diagnose => false)) > 0))
FROM unnest('{view,incremental,materialized,incremental}'::text[]) WITH ORDINALITY s(storage, n);
SELECT isnt_empty('SELECT * FROM dependent', 'dependents live on');
SELECT is((SELECT count(*) FROM pg_trigger WHERE tgrelid = 'whole'::regclass AND tgname LIKE 'clientele%'), 4::bigint, 'four triggers');
CREATE VIEW beside AS SELECT count(*) FROM whole_incremental.order_history_data;
SELECT throws_ok($$ SELECT attach_orders('whole', workspace => 'whole_incremental', storage => 'view', diagnose => false) $$, '2BP01', NULL, 'what stands on the stored data itself is never dropped');
DROP VIEW beside;
CREATE TABLE elsewhere AS SELECT * FROM whole LIMIT 100;
SELECT lives_ok($$ SELECT attach_orders('elsewhere', workspace => 'whole_incremental', diagnose => false) $$, 'other orders');
SELECT is((SELECT array_agg(DISTINCT tgrelid::regclass) FROM pg_trigger WHERE tgname ~ '^clientele_.*_whole_incremental$'), '{elsewhere}'::regclass[], '... have the triggers, and the former none');
SELECT is_empty($$ SELECT * FROM verify_workspace('whole_incremental') $$, '... and all agrees');
DROP VIEW dependent;
SELECT lives_ok($$ SELECT detach_orders('whole_incremental') $$, 'detach');
SELECT is((SELECT count(*) FROM pg_class WHERE relnamespace = 'whole_incremental'::regnamespace AND (relname LIKE '%\_data' OR relname IN ('order_changes', 'fold_state', 'missed_changes'))), 0::bigint, '... leaves nothing of it');
SELECT is((SELECT count(*) FROM pg_trigger WHERE tgrelid = 'elsewhere'::regclass), 0::bigint, '... nor a trigger');
SELECT lives_ok($$ SELECT upgrade_workspace('whole_incremental') $$, 'upgrade');
INSERT INTO elsewhere (order_id, customer, ordered_at, amount) VALUES (1, 1, '2024-02-02', 4);
SELECT is_empty($$ SELECT * FROM verify_workspace('whole_incremental') $$, '... makes it again');
SELECT lives_ok(format('SELECT attach_orders(%L, workspace => %L, storage => %L, diagnose => false)', 'whole', w, 'incremental'), 'a name of ' || octet_length(w)) FROM (VALUES (repeat('x', 63)), (repeat('x', 62) || 'y'), ('Ünïcode "q" $body$')) v(w);
INSERT INTO whole (order_id, customer, ordered_at, amount) VALUES (960000, 33, '2024-02-02', 4);
SELECT is_empty(format('SELECT * FROM verify_workspace(%L)', w), 'several workspaces over the same orders') FROM (VALUES (repeat('x', 63)), (repeat('x', 62) || 'y'), ('Ünïcode "q" $body$')) v(w);

COMMIT AND CHAIN;

-- A name that is hard on quotes, and types of every kind
CREATE TYPE mood AS ENUM ('glad', 'sad');
CREATE TABLE "Odd ""Orders"" $q$" ("cust'omer" mood, "when %s \x" timestamptz, "amount" real, "source" char(5), "category" name);
SELECT lives_ok($$ SELECT attach_orders('"Odd ""Orders"" $q$"', 'cust''omer', 'when %s \x', workspace => 'odd', storage => 'incremental', diagnose => false) $$, 'odd names');
INSERT INTO "Odd ""Orders"" $q$" VALUES ('glad', '2024-01-01', 2.5, 'a', 'b'), ('sad', '2024-01-01', 'Infinity', 'a', 'b'), (NULL, '2024-01-01', 1, 'a', 'b');
SELECT is((SELECT count(*) FROM fold_workspace('odd') f, verify_workspace('odd')), 0::bigint, '... agree');
SELECT is((SELECT revenue FROM odd.customers WHERE customer = 'glad'), 2.50, '... and count');
TRUNCATE "Odd ""Orders"" $q$";
SELECT is((SELECT count(*) FROM odd.customer_figures), 0::bigint, '... until they are gone');

-- A column whose name is a piece of SQL, names that the triggers' own statements have, and partitions that have no trigger yet
SELECT lives_ok(format('CREATE TABLE strange (%I integer, %I timestamptz, %I numeric, c1 text, texts text, order_id integer, n integer, is_added integer)', c, t, '''UTC''::text'), 'strange columns')
FROM (VALUES ('(SELECT s.zero_amounts = ''orders'' FROM strange.app', '(SELECT s.time_zone FROM strange.applied_settings s)')) v(c, t);
SELECT lives_ok(format('SELECT attach_orders(%L, customer => %L, ordered_at => %L, amount => %L, source => %L, category => %L, workspace => %L, storage => %L, diagnose => false)', 'strange', c, t, '''UTC''::text', 'c1', 'texts', 'strange', 'incremental'), '... are attached')
FROM (VALUES ('(SELECT s.zero_amounts = ''orders'' FROM strange.app', '(SELECT s.time_zone FROM strange.applied_settings s)')) v(c, t);
INSERT INTO strange VALUES (1, '2024-01-01', 5, 'a', 'b', 1), (1, '2024-01-02', 0, 'a', 'c', 2), (2, '2024-01-02', 'NaN', 'a', 'c', 3);
UPDATE strange SET c1 = 'd' WHERE order_id = 1;
SELECT is((SELECT count(*) FROM fold_workspace('strange') f, verify_workspace('strange')), 0::bigint, '... agree');
SELECT is((SELECT revenue FROM strange.customers), 5.00, '... and count');
CREATE TABLE grown (order_id integer, customer integer, ordered_at date, amount numeric, source text) PARTITION BY RANGE (order_id);
CREATE TABLE grown_1 PARTITION OF grown FOR VALUES FROM (0) TO (10);
CREATE TABLE grown_2 PARTITION OF grown FOR VALUES FROM (10) TO (100) PARTITION BY RANGE (order_id);
CREATE TABLE grown_2a PARTITION OF grown_2 FOR VALUES FROM (10) TO (20);
SELECT lives_ok($$ SELECT attach_orders('grown', workspace => 'grown', storage => 'incremental', diagnose => false) $$, 'a partitioned table');
CREATE TABLE grown_2b PARTITION OF grown_2 FOR VALUES FROM (20) TO (30);
CREATE TABLE grown_3 PARTITION OF grown FOR VALUES FROM (100) TO (200) PARTITION BY RANGE (order_id);
CREATE TABLE grown_3a PARTITION OF grown_3 FOR VALUES FROM (100) TO (150);
INSERT INTO grown SELECT n, n % 7, '2024-01-01', 5, 'web' FROM generate_series(0, 149) n WHERE n < 30 OR n >= 100;
SAVEPOINT filled;
SELECT is((SELECT count(*) FROM verify_workspace('grown') WHERE what <> 'triggers'), 0::bigint, '... that grew since');
TRUNCATE grown_2;
SELECT is_empty($$ SELECT * FROM verify_workspace('grown') WHERE what <> 'triggers' $$, '... truncated in part');
TRUNCATE grown;
SELECT is_empty($$ SELECT * FROM verify_workspace('grown') WHERE what <> 'triggers' $$, '... and as a whole');
SELECT is((SELECT count(*) FROM grown.customers), 0::bigint, '... has nothing');
ROLLBACK TO filled;
ALTER TABLE grown_1 DISABLE TRIGGER USER;
TRUNCATE grown, strange;
SELECT set_eq($$ SELECT stored FROM verify_workspace('grown') $$, $$ VALUES ('none on public.grown_2b'), ('none on public.grown_3'), ('none on public.grown_3a'), ('disabled on public.grown_1') $$, 'also where triggers are disabled, which is found');
CREATE TABLE elder (order_id integer, customer integer, ordered_at date, amount numeric);
SELECT lives_ok($$ SELECT attach_orders('elder', workspace => 'elder', storage => 'incremental', diagnose => false) $$, 'a table');
ALTER TABLE elder SET UNLOGGED;
SELECT isnt_empty($$ SELECT * FROM verify_workspace('elder') WHERE stored = 'public.elder is unlogged' $$, '... that became unlogged is told of');

COMMIT AND CHAIN;

-- What is computed when it is read is not there for triggers
SELECT current_setting('server_version_num')::integer >= 180000 AS has_virtual \gset
\if :has_virtual
CREATE TABLE computed (order_id integer, customer integer, ordered_at date, net numeric, amount numeric GENERATED ALWAYS AS (net * 2) VIRTUAL);
SELECT throws_ok($$ SELECT attach_orders('computed', workspace => 'computed', storage => 'incremental', diagnose => false) $$, '42809', 'triggers cannot keep the histories of public.computed: column "amount" is generated when it is read, which they do not see', 'a virtual generated column is refused');
SELECT lives_ok($$ SELECT attach_orders('computed', workspace => 'computed', storage => 'materialized', diagnose => false) $$, '... but for other storage');
ALTER TABLE computed ADD total numeric;
SELECT lives_ok($$ SELECT attach_orders('computed', workspace => 'later', amount => 'total', storage => 'incremental', diagnose => false) $$, 'a plain one');
ALTER TABLE computed RENAME total TO before;
ALTER TABLE computed ADD total numeric GENERATED ALWAYS AS (net * 3) VIRTUAL;
INSERT INTO computed (order_id, customer, ordered_at, net) VALUES (1, 1, '2024-01-01', 5);
SELECT is((SELECT count(*) FROM later.missed_changes), 1::bigint, '... in the place of which such a one comes is told of');
SELECT throws_ok($$ SELECT attach_orders('computed', workspace => 'later', diagnose => false) $$, '42809', NULL, '... and refused');
\endif

-- What is refused
CREATE VIEW seen AS SELECT * FROM whole;
CREATE MATERIALIZED VIEW stored AS SELECT * FROM whole;
CREATE UNLOGGED TABLE unlogged (LIKE whole);
CREATE TABLE subscribed (LIKE whole);
SET LOCAL allow_system_table_mods = on;
INSERT INTO pg_subscription_rel (srsubid, srrelid, srsubstate) VALUES (0, 'subscribed'::regclass, 'r');
RESET allow_system_table_mods;
CREATE EXTENSION file_fdw;
CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
CREATE TABLE half_far (customer integer, ordered_at date, amount numeric) PARTITION BY LIST (customer);
CREATE FOREIGN TABLE far PARTITION OF half_far FOR VALUES IN (1) SERVER files OPTIONS (program 'true', format 'csv');
SELECT pg_temp.refuses(format('SELECT attach_orders(%L, customer => %L, ordered_at => %L, workspace => %L, storage => %L)', relation, 'customer', CASE relation WHEN 'parted_one' THEN 'When' ELSE 'ordered_at' END, 'refused', 'incremental'), '42809', message, '%storage => ''materialized''.%') FROM (VALUES
    ('seen', 'seen is no table'), ('stored', 'stored is no table'), ('unlogged', 'unlogged is unlogged'), ('half_far', 'far is no table'), ('parted_one', 'parted_one is part of another table'),
    ('subscribed', 'subscribed is written by logical replication')) v(relation, message);
SELECT hasnt_schema('refused', 'nothing was made');
SELECT pg_temp.refuses(statement, state, message, hint) FROM (VALUES
    ($$ SELECT refresh_workspace('parted_incremental') $$, '55000', 'there is nothing to refresh in workspace "parted_incremental"', '%fold_workspace(''parted_incremental'')%'),
    ($$ SELECT fold_workspace('parted_view') $$, '55000', 'nothing is kept by triggers in workspace "parted_view"', '%incremental%'),
    ($$ SELECT verify_workspace('parted_view') $$, '55000', 'nothing is kept by triggers', '%'),
    ($$ SELECT fold_workspace('nowhere') $$, '3F000', '"nowhere" is not a workspace', '%'),
    ($$ UPDATE parted_incremental.settings SET fold_after = 99 $$, '23514', 'fold_after is at least 100', '%')) v(statement, state, message, hint)
WHERE hint <> '%' OR true;

-- A plan
SELECT bag_has($$ SELECT topic, finding FROM attach_orders('whole', workspace => 'planned', storage => 'incremental', plan => true) $$,
    $$ VALUES ('storage', 'incremental: triggers on the orders keep figures as they should be'), ('create', 'table planned.order_history_data'), ('create', 'view planned.changed_first_orders'), ('plan', 'nothing was changed') $$, 'a plan');
SELECT hasnt_schema('planned', 'nothing was made');
SELECT bag_has($$ SELECT topic, finding FROM attach_orders('elsewhere', workspace => 'whole_incremental', storage => 'view', plan => true) $$, $$ VALUES ('replace', 'view whole_incremental.order_history'), ('keep', 'table whole_incremental.settings') $$, 'another');
SELECT is_empty($$ SELECT * FROM verify_workspace('whole_incremental') $$, '... changed nothing either');

COMMIT AND CHAIN;

-- Somebody who may only write
CREATE ROLE incremental_writer;
GRANT USAGE ON SCHEMA public TO incremental_writer;
GRANT CREATE ON SCHEMA public TO incremental_writer;
GRANT INSERT, UPDATE, DELETE, TRUNCATE ON whole TO incremental_writer;
GRANT SELECT (order_id) ON whole TO incremental_writer;
SELECT lives_ok($$ SELECT attach_orders('whole', workspace => 'guarded', storage => 'incremental', diagnose => false) $$, 'attach');
CREATE ROLE incremental_reader;
SELECT lives_ok($$ SELECT grant_workspace('guarded', 'incremental_reader'), attach_orders('whole', workspace => 'guarded', diagnose => false), grant_workspace('guarded', 'incremental_reader') $$, 'granted before and after');
SELECT set_eq($$ SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'guarded'::regnamespace AND c.relkind IN ('r', 'v') AND NOT has_table_privilege('incremental_reader', c.oid, 'SELECT') $$,
    'SELECT relation FROM _clientele.workspace_kept_relations()', 'a reader has the views, and not what is kept for them');
GRANT USAGE ON SCHEMA guarded TO incremental_writer;
CREATE FUNCTION pg_temp.as_writer(statement text, old_strings text DEFAULT 'on') RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    SET LOCAL ROLE incremental_writer;
    PERFORM set_config('standard_conforming_strings', old_strings, true);
    EXECUTE statement;
    RESET ROLE;
    RESET search_path;
    RESET standard_conforming_strings;
    RETURN 'done';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END
$$;
\ir include/old_strings.sql
SELECT is(pg_temp.as_writer(statement, :'old_strings'), expected, statement) FROM (VALUES
    ($$ CREATE TEMP TABLE new_orders (customer integer, ordered_at timestamptz, amount numeric); CREATE TEMP TABLE old_orders (LIKE new_orders); CREATE TEMP TABLE order_changes (LIKE new_orders); CREATE TEMP TABLE settings (fold_after integer) $$, 'done'),
    ($$ CREATE FUNCTION pg_temp.history_agg(timestamptz, numeric, text) RETURNS integer LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''taken in''; END' $$, 'done'),
    ($$ CREATE FUNCTION pg_temp.count() RETURNS bigint LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''taken in''; END' $$, 'done'),
    ($$ CREATE FUNCTION public.less(numeric, numeric) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''taken in''; END'; CREATE OPERATOR public.>= (LEFTARG = numeric, RIGHTARG = numeric, FUNCTION = public.less) $$, 'done'),
    ($$ CREATE DOMAIN pg_temp.text AS pg_catalog.text CHECK (false); CREATE DOMAIN pg_temp.timestamptz AS pg_catalog.timestamptz CHECK (false); SET LOCAL search_path = pg_temp, public; SET LOCAL clientele.keeping = 'off'; INSERT INTO whole (order_id, customer, ordered_at, amount, source) VALUES (970000, 10, '2024-07-07', 0.5, 'w'); DROP DOMAIN pg_temp.text, pg_temp.timestamptz $$, 'done'),
    ('UPDATE whole SET amount = 77 WHERE order_id = 970000', 'done'),
    ('SELECT * FROM guarded.order_changes', '42501'), ('INSERT INTO guarded.order_changes (customer) VALUES (1)', '42501'), ('DELETE FROM guarded.order_history_data', '42501'),
    ('TABLE guarded.customers', '42501'), ('SELECT guarded.fold_order_changes(0, 1, false)', '42501'), ('SELECT guarded.keep_order_history()', '42501'), ($$ SELECT fold_workspace('guarded') $$, '42501'), ($$ SELECT verify_workspace('guarded', true) $$, '42501'),
    ($$ CREATE TABLE public.mine (order_id integer, customer integer, ordered_at timestamptz, amount numeric, source text, category text, profit double precision);
        CREATE TRIGGER mine AFTER INSERT ON public.mine REFERENCING NEW TABLE AS new_orders FOR EACH STATEMENT EXECUTE FUNCTION guarded.keep_order_history() $$, '42501'),
    ($$ CREATE OR REPLACE FUNCTION guarded.keep_order_history() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END' $$, '42501'),
    ($$ SELECT attach_orders('whole', workspace => 'stolen', storage => 'incremental', diagnose => false) $$, '42501')) v(statement, expected);
SELECT is((SELECT revenue FROM guarded.customer_figures f WHERE customer = 10) - (SELECT sum(amount) FROM whole WHERE customer = 10 AND amount <> 'NaN' AND ordered_at BETWEEN '2000-01-01' AND now()), 0::numeric, 'what the writer wrote is counted');
SELECT is_empty($$ SELECT * FROM verify_workspace('guarded') $$, '... exactly');
SELECT is(pg_temp.as_writer('TRUNCATE whole'), 'done', 'it may truncate');
SELECT is((SELECT count(*) FROM guarded.order_history), 0::bigint, '... which counts as well');
SELECT is((SELECT p.prosecdef AND NOT has_function_privilege('incremental_writer', p.oid, 'EXECUTE') AND p.proconfig @> '{"search_path=pg_catalog, pg_temp"}' FROM pg_proc p WHERE p.oid = 'guarded.keep_order_history()'::regprocedure), true, 'the trigger function is closed');

-- Somebody who is no superuser, and does not own the orders
CREATE ROLE incremental_analyst;
SELECT lives_ok(format('GRANT CREATE ON DATABASE %I TO incremental_analyst', current_database()), 'grant');
CREATE FUNCTION pg_temp.as_analyst(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    SET LOCAL ROLE incremental_analyst;
    EXECUTE statement;
    RESET ROLE;
    RETURN 'done';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE || ' ' || SQLERRM;
END
$$;
TRUNCATE parent;
GRANT SELECT ON parent TO incremental_analyst;
SELECT is(pg_temp.as_analyst($$ SELECT attach_orders('parent', workspace => 'hers', storage => 'incremental', diagnose => false) $$), '42501 permission denied to create triggers on public.parent', 'TRIGGER is needed');
GRANT TRIGGER ON parent TO incremental_analyst;
SELECT is(pg_temp.as_analyst($$ SELECT attach_orders('parent', workspace => 'hers', storage => 'incremental', diagnose => false) $$), '42501 permission denied to create triggers on public.child', '... on every part');
GRANT SELECT, TRIGGER ON child TO incremental_analyst;
SELECT is(pg_temp.as_analyst($$ SELECT attach_orders('parent', workspace => 'hers', storage => 'incremental', diagnose => false) $$), 'done', '... and no more');
INSERT INTO parent VALUES (1, md5('1')::uuid, '2024-01-01', 5), (2, NULL, '2024-01-01', 5);
INSERT INTO child VALUES (3, md5('1')::uuid, '2024-01-02', 5);
SELECT is(pg_temp.as_analyst(statement), 'done', statement) FROM (VALUES ($$ SELECT fold_workspace('hers') $$), ($$ UPDATE hers.settings SET zero_amounts = 'skipped', fold_after = 100 $$), ($$ SELECT verify_workspace('hers', true) $$)) v(statement);
SELECT is((SELECT sum(revenue) FROM hers.customers), 10.00, '... works');
ALTER TABLE child ENABLE ROW LEVEL SECURITY;
SELECT is(pg_temp.as_analyst($$ SELECT upgrade_workspace('hers') $$), '42809 triggers cannot keep the histories of public.parent: public.child shows only some rows here, by row level security', 'rows that are hidden are refused');
SELECT is(pg_temp.as_analyst($$ SELECT drop_workspace('hers') $$), 'done', 'triggers go without the table''s owner');
SELECT is((SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'clientele%hers'), 0::bigint, '... all of them');

-- Gone: writers never notice
SELECT lives_ok($$ SELECT drop_workspace('guarded') $$, 'drop');
SELECT lives_ok($$ INSERT INTO whole (order_id, customer, ordered_at, amount) VALUES (980000, 33, '2024-02-02', 4) $$, '... leaves writers alone');
DROP EXTENSION clientele CASCADE;
SELECT lives_ok(statement, '... and so does dropping the extension: ' || statement) FROM (VALUES ($$ INSERT INTO parted (order_id, customer, "When", amount) VALUES (1, 'k1', '2024-02-02', 4) $$), ('UPDATE parent SET amount = 1'), ('DELETE FROM whole'), ('TRUNCATE parted')) v(statement);
INSERT INTO parted (order_id, customer, "When", amount) VALUES (1, 'k1', '2024-02-02', 4);
CREATE EXTENSION clientele;
SELECT lives_ok($$ SELECT upgrade_workspace('parted_incremental'); SELECT upgrade_workspace('parted_view') $$, 'upgraded');
INSERT INTO parted (order_id, customer, "When", amount) VALUES (2, 'k1', '2024-02-03', 4);
SELECT is(pg_temp.different_views('parted_view', 'parted_incremental'), '', '... it is kept again');

SELECT * FROM finish();
ROLLBACK;
