-- Who installs it, and who runs what with whose rights; names and texts that try to become SQL; functions behind the orders; row level
-- security. Sessions that lie are in security_sessions.sql.
BEGIN;
SELECT no_plan();
SET LOCAL client_min_messages = error;
SET LOCAL TimeZone = 'UTC';

CREATE TEMPORARY TABLE member AS
SELECT p.oid, p.oid::regprocedure AS routine, p.proname, p.prosecdef, p.proconfig, p.prosqlbody, p.prosrc, p.proacl, l.lanname
FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
    JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
    JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'clientele';

-- --- What the catalogue says ---

SELECT results_eq($$ SELECT trusted, relocatable, requires FROM pg_available_extension_versions WHERE name = 'clientele' AND installed $$,
    $$ VALUES (true, false, '{plpgsql}'::name[]) $$, 'whoever may create objects in a database may install it');
SELECT is_empty('SELECT routine FROM member WHERE prosecdef', 'no function of the extension has rights of its owner, who is a superuser');
SELECT is_empty($$ SELECT routine FROM member WHERE lanname NOT IN ('c', 'internal') AND prosqlbody IS NULL AND NOT coalesce('search_path=pg_catalog, pg_temp' = ANY (proconfig), false) $$,
    'each of them is parsed at its creation, or has a search_path of its own');
SELECT set_eq('SELECT DISTINCT lanname FROM member', ARRAY['c', 'internal', 'sql', 'plpgsql']::name[], 'all languages are trusted but that of the library');


SELECT is_empty($$ SELECT routine FROM member WHERE lanname <> 'c' AND regexp_replace(prosrc, 'E''[^'']*''', '', 'g') LIKE '%\\%' $$,
    'no backslash stands where standard_conforming_strings would change it');

-- --- Installed by who owns the database, or may create in it ---

CREATE ROLE clientele_alice;
CREATE ROLE clientele_bob;
CREATE ROLE clientele_mallory;
DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO clientele_alice, clientele_mallory', current_database()); END $$;
GRANT USAGE, CREATE ON SCHEMA public TO PUBLIC;
GRANT USAGE ON SCHEMA tap TO PUBLIC;
DROP EXTENSION clientele;
SET LOCAL ROLE clientele_alice;
CREATE SCHEMA "Odd schéma;";
SELECT lives_ok($$ CREATE EXTENSION clientele SCHEMA "Odd schéma;" $$, 'an ordinary role installs it, in any schema');
SELECT is((SELECT extowner::regrole::text FROM pg_extension WHERE extname = 'clientele'), 'clientele_alice', '... and owns it');
SELECT is_empty($$ SELECT p.oid::regprocedure FROM pg_proc p WHERE pronamespace = '"Odd schéma;"'::regnamespace AND (pg_get_userbyid(proowner) = current_user OR proacl IS NOT NULL) $$,
    '... but none of its functions, which it could replace by others');
SELECT lives_ok('ALTER EXTENSION clientele UPDATE', '... may update it');
CREATE TABLE public.alices AS SELECT n % 9 AS customer, date '2025-01-01' + n AS ordered_at, n AS amount, 'x' || n % 2 AS source FROM generate_series(1, 99) n;
SELECT lives_ok(format($$ SELECT "Odd schéma;".attach_orders('public.alices', workspace => %L, storage => %1$L) $$, storage), '... attaches orders: ' || storage)
FROM unnest(ARRAY['view', 'materialized', 'incremental']) storage;
SELECT lives_ok($$ UPDATE public.alices SET amount = 5 WHERE customer = 3; SELECT "Odd schéma;".fold_workspace('incremental'), "Odd schéma;".refresh_workspace('materialized') $$, '... changes them');
SELECT results_eq('SELECT sum(revenue), count(*) FROM incremental.customers', 'SELECT sum(amount)::numeric, count(DISTINCT customer) FROM public.alices', '... and reads the figures');
SELECT results_eq('SELECT sum(revenue), count(*) FROM materialized.customers', 'SELECT sum(revenue), count(*) FROM incremental.customers', '... in all storages');
SELECT lives_ok('DROP EXTENSION clientele CASCADE', '... and may drop it');
RESET ROLE;
DROP OWNED BY clientele_alice CASCADE;
CREATE EXTENSION clientele SCHEMA public;
DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO clientele_alice', current_database()); END $$;

-- --- Names ---

CREATE TEMPORARY TABLE odd (n serial, name text);
INSERT INTO odd (name) VALUES (E'plain "q" ''q'' \\ $$ $body$ %s %1$I %%'), (E'new\nline\r\ttab -- comment'), ('''; DROP TABLE public.precious; --'), ('"; DROP TABLE public.precious; /*'),
    (E'Ünïcödé 数据 \u202E\u200B'), (E'control\x01\x1f'), (repeat('й', 31) || 'x'), ('@extschema@'), ('select'), (' '), ('a.b{c,d}:x :''y'''), ('"'), (''''), ('new_orders');
GRANT SELECT ON odd TO PUBLIC;
CREATE TABLE public.precious AS SELECT 1 AS one;
CREATE ROLE "clientele ""%s"" $$; DROP -- é";
CREATE ROLE "clientele ''reader' \";
DO $do$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO %I', current_database(), 'clientele "%s" $$; DROP -- é'); END $do$;
SET LOCAL ROLE "clientele ""%s"" $$; DROP -- é";

-- A name for everything, each column with another one; what the views show after writing, and what is left at the end
CREATE FUNCTION pg_temp.odd_name(n bigint) RETURNS name LANGUAGE sql AS $$ SELECT o.name FROM pg_temp.odd o WHERE o.n = 1 + (odd_name.n - 1) % (SELECT count(*) FROM pg_temp.odd) $$;
CREATE FUNCTION pg_temp.try_names(n bigint, storage text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    names CONSTANT name[] := ARRAY(SELECT pg_temp.odd_name(n + i) FROM generate_series(0, 4) i);
    space CONSTANT text := 'shop ' || left(names[1], 20);
    relation text := format('%I.%I', space, names[1]);
    shown text;
BEGIN
    EXECUTE format('CREATE SCHEMA %I', space);
    EXECUTE format('CREATE TABLE %s AS SELECT n %% 7 AS %I, timestamptz ''2025-01-01 12:00+00'' + n * interval ''1 day'' AS %I, n::numeric AS %I, ''from '' || n %% 2 AS %I, ''kind'' AS %I FROM generate_series(1, 70) n',
        relation, names[1], names[2], names[3], names[4], names[5]);
    PERFORM f FROM public.attach_orders(relation, names[1], names[2], names[3], workspace => names[1], order_id => names[4], source => names[4], category => names[5], storage => storage, time_zone => 'Asia/Tokyo') f;
    PERFORM f FROM public.attach_customers(relation, workspace => names[1], customer => names[1], name => ARRAY[names[4]], dimensions => ARRAY[names[5]]) f;
    PERFORM f FROM public.attach_answers(relation, workspace => names[1], customer => names[1], answered_at => names[2], score => names[3], touchpoint => names[4], wish => names[5], scale => '0-10') f;
    PERFORM f FROM public.attach_touchpoints(relation, workspace => names[1], customer => names[1], happened_at => names[2], touchpoint => names[4]) f;
    PERFORM f FROM public.attach_lines(relation, workspace => names[1], order_id => names[4], product => names[5], category => names[4], amount => names[3]) f;
    PERFORM f FROM public.attach_offers(relation, workspace => names[1], customer => names[1], offered_at => names[2], offer => names[4], outcome => names[5], reason => names[4]) f;
    PERFORM f FROM public.start_campaign('of ' || names[2], format('SELECT customer FROM %I.customers', names[1]), groups => ARRAY[left(names[3]::text, 15) || '!', 'other'], strata => 'none', started => '2025-02-01', note => names[4], workspace => names[1]) f;
    EXECUTE format('SELECT count(x::text) FROM %1$I.campaign_effect x, %1$I.campaign_randomisation(%2$L, salts => 3) r', names[1], 'of ' || names[2]);
    PERFORM public.end_campaign('of ' || names[2], names[1], '2025-03-01');
    PERFORM f FROM public.describe_for_metabase(names[1]) f;
    PERFORM f FROM public.grant_workspace(names[1], quote_ident('clientele ''''reader'' \')::regrole) f;
    EXECUTE format('INSERT INTO %s SELECT 8, now() - interval ''1 year'', 1000, NULL, NULL', relation);
    EXECUTE format('UPDATE %s SET %I = %2$I + 1 WHERE %I = 3', relation, names[3], names[1]);
    IF storage = 'materialized' THEN PERFORM public.refresh_workspace(names[1]); ELSE PERFORM public.fold_workspace(names[1]); END IF;
    EXECUTE format('SELECT count(*) || '' customers, '' || sum(revenue) FROM %I.customers', names[1]) INTO shown;
    EXECUTE format('TRUNCATE %s', relation);
    IF storage = 'incremental' THEN
        EXECUTE format('SELECT $1 || '', then '' || count(*) || '' and '' || (SELECT count(*) FROM public.verify_workspace(%L)) FROM %I.customers', names[1], names[1]) INTO shown USING shown;
    END IF;
    PERFORM public.drop_workspace(names[1], cascade => true);
    EXECUTE format('DROP SCHEMA %I CASCADE', space);
    SELECT shown || ', left: ' || count(*) INTO shown FROM pg_class c WHERE relpersistence = 'p' AND c.oid NOT IN (SELECT b.oid FROM pg_temp.before b);
    RAISE SQLSTATE 'NAMES'; -- gives its locks back
EXCEPTION
    WHEN SQLSTATE 'NAMES' THEN RETURN shown;
    WHEN OTHERS THEN RETURN SQLSTATE || ' ' || SQLERRM;
END
$$;
CREATE TEMPORARY TABLE before AS SELECT oid FROM pg_class WHERE relpersistence = 'p';
SELECT is(pg_temp.try_names(o.n, s.storage), '8 customers, 3495.00' || CASE s.storage WHEN 'incremental' THEN ', then 0 and 0' ELSE '' END || ', left: 0', format('names such as %s, %s', to_json(o.name), s.storage))
FROM odd o, LATERAL (SELECT (ARRAY['materialized', 'incremental'])[1 + o.n % 2] AS storage) s;
SELECT is_empty('SELECT oid FROM before EXCEPT SELECT oid FROM pg_class', 'nothing was dropped');
RESET ROLE;

-- --- Texts that are read as something else ---

SET LOCAL ROLE clientele_alice;
CREATE TABLE public.small AS SELECT n % 9 AS customer, timestamptz '2025-01-01 12:00+00' + n * interval '1 day' AS ordered_at, n AS amount FROM generate_series(1, 99) n;
SELECT lives_ok($$ SELECT attach_orders('public.small', workspace => 'texts', storage => 'incremental', time_zone => 'UTC', diagnose => false) $$, 'a workspace');
CREATE TEMPORARY TABLE hostile (text text);
INSERT INTO hostile VALUES ('''; DROP TABLE public.precious; --'), ('UTC'''), ('UTC; SELECT 1'), ('../../etc/passwd'), ('<+00>0'), ('posixrules'), ('CET-1CEST'), (E'UTC\n'), (' UTC'), (''), ('$$'), ('%s'),
    (E'\\'), (repeat('x', 300)), ('month''; --'), ('english'';'), ('$body$'), ('2025-01-01''::date; --'), ('pg_temp.x'), ('pg_catalog.english');
GRANT SELECT ON hostile TO PUBLIC;
SELECT throws_ok(format($$ SELECT attach_orders('public.small', workspace => 'zone', time_zone => %L) $$, text), '22023', NULL, format('no time zone: %s', to_json(left(text, 40)))) FROM hostile;
SELECT throws_ok(format('UPDATE texts.settings SET %I = %L', a.attname, h.text), NULL, NULL, format('no %s: %s', a.attname, to_json(left(h.text, 40))))
FROM hostile h, pg_attribute a WHERE a.attrelid = 'texts.settings'::regclass AND a.attnum > 0 AND a.atttypid = 'text'::regtype AND a.attname <> 'workspace_version';
SET LOCAL clientele.keeping = 'on'; -- as the owner may
UPDATE texts.settings SET workspace_version = '''; DROP TABLE public.precious; --';
SET LOCAL clientele.keeping = 'off';
SELECT lives_ok($$ SELECT upgrade_workspace('texts') $$, 'a version is but a text');
SELECT throws_ok(format('SELECT %s(%L)', f, text), '3F000', NULL, format('no workspace, %s: %s', f, to_json(left(text, 40))))
FROM hostile, unnest(ARRAY['refresh_workspace', 'fold_workspace', 'drop_workspace', 'upgrade_workspace']) f;
SELECT throws_ok(format($$ SELECT attach_orders('public.small', %L, workspace => 'columns') $$, text), '42703', NULL, format('no column: %s', to_json(left(text, 40)))) FROM hostile WHERE text <> '';

-- What attach_orders() wrote down, changed by who may
UPDATE texts.attached SET relation = 'public.small; DROP TABLE public.precious';
SELECT throws_ok($$ SELECT upgrade_workspace('texts') $$, NULL, NULL, 'a relation that is none');
UPDATE texts.attached SET relation = 'public.small', columns = columns || '{"amount": "amount) FROM pg_class; DROP TABLE public.precious; --"}';
SELECT throws_ok($$ SELECT upgrade_workspace('texts') $$, '42703', NULL, 'a column that is none');
RESET ROLE;
SELECT has_table('public'::name, 'precious'::name, 'all that while nothing was dropped');

-- --- Functions of others behind the orders ---

CREATE TABLE public.seen (who text, what text);
GRANT ALL ON public.seen TO PUBLIC;
SET LOCAL ROLE clientele_mallory;
CREATE SCHEMA mallory;
GRANT USAGE ON SCHEMA mallory TO PUBLIC;
CREATE FUNCTION mallory.peek(what text) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.seen VALUES (current_user, what); RETURN true; END $$;
CREATE FUNCTION mallory.index_peek(amount numeric) RETURNS numeric LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM mallory.peek('index'); RETURN amount; END $$;
CREATE TABLE mallory.orders AS SELECT n % 9 AS customer, date '2025-01-01' + n AS ordered_at, n::numeric AS amount FROM generate_series(1, 99) n;
CREATE VIEW mallory.peeking AS SELECT * FROM mallory.orders WHERE mallory.peek('view');
CREATE INDEX ON mallory.orders (mallory.index_peek(amount));
GRANT SELECT, TRIGGER ON mallory.orders, mallory.peeking TO clientele_alice;
-- Those for whom functions ran since the last time
CREATE FUNCTION pg_temp.who() RETURNS text LANGUAGE sql VOLATILE AS $$
    WITH gone AS (DELETE FROM public.seen RETURNING who) SELECT string_agg(DISTINCT who, ', ' ORDER BY who) FROM gone
$$;
RESET ROLE;
SELECT is(pg_temp.who(), 'clientele_mallory', 'a function runs for who makes an index of it');
SET LOCAL ROLE clientele_alice;
SELECT is((SELECT finding FROM attach_orders('mallory.peeking', workspace => 'peeking', storage => 'view') WHERE topic = 'superuser'), NULL, 'attach a view that calls a function');
SELECT is(pg_temp.who(), 'clientele_alice', '... it runs for who attaches');
SELECT lives_ok($$ SELECT attach_orders('mallory.peeking', workspace => 'peeking', storage => 'materialized') $$, '... and with stored figures');
SELECT is(pg_temp.who(), 'clientele_alice', '... too');
SELECT lives_ok($$ SELECT refresh_workspace('peeking') $$, '... refreshed');
SELECT is(pg_temp.who(), 'clientele_alice', '... by who refreshes');
SELECT lives_ok($$ SELECT grant_workspace('peeking', 'clientele_bob') $$, '... granted');
RESET ROLE;
SET LOCAL ROLE clientele_bob;
SELECT isnt_empty('SELECT * FROM peeking.customers', '... stored figures are read');
SELECT is(pg_temp.who(), NULL, '... without it');
RESET ROLE;
SET LOCAL ROLE clientele_alice;
SELECT lives_ok($$ SELECT attach_orders('mallory.peeking', workspace => 'peeking', storage => 'view') $$, '... but views');
SELECT is(pg_temp.who(), 'clientele_alice', '... run it');
RESET ROLE;
SET LOCAL ROLE clientele_bob;
SELECT isnt_empty('SELECT * FROM peeking.customers', '... for who reads them');
SELECT is(pg_temp.who(), 'clientele_bob', '... with the rights of that role');
RESET ROLE;
SET LOCAL ROLE clientele_alice;
SELECT lives_ok($$ SELECT attach_orders('mallory.orders', workspace => 'kept', storage => 'incremental') $$, 'a table with such an index');
RESET ROLE;
SET LOCAL ROLE clientele_mallory;
SELECT lives_ok($$ INSERT INTO mallory.orders VALUES (1, '2025-02-02', 5); UPDATE mallory.orders SET amount = 7 WHERE customer = 2 $$, '... is written by its owner');
RESET ROLE;
SELECT is(pg_temp.who(), 'clientele_mallory', '... and the index is the writer''s alone');
SET LOCAL ROLE clientele_mallory;
SELECT throws_ok('SELECT * FROM kept.order_changes', '42501', NULL, 'a writer reads nothing of the workspace');
SELECT throws_ok('SELECT kept.keep_order_history()', '42501', NULL, '... calls nothing of it');
SELECT throws_ok('CREATE TRIGGER own AFTER INSERT ON mallory.orders REFERENCING NEW TABLE AS new_orders FOR EACH STATEMENT EXECUTE FUNCTION kept.keep_order_history()', '42501', NULL,
    '... nor lets a trigger of its own call it');
SELECT throws_ok('SELECT kept.fold_order_changes(0, 1, false)', '42501', NULL, '... nor folds');
RESET ROLE;
SELECT set_eq($$ SELECT p.proname::text, p.prosecdef, p.proconfig::text FROM pg_proc p WHERE pronamespace = 'kept'::regnamespace AND NOT has_function_privilege('clientele_bob', oid, 'EXECUTE') $$,
    $$ VALUES ('fold_order_changes', false, '{"search_path=pg_catalog, pg_temp",jit=off,enable_seqscan=off,enable_bitmapscan=off}'), ('fold_some_changes', false, '{"search_path=pg_catalog, pg_temp",lock_timeout=20ms,jit=off,enable_seqscan=off,enable_bitmapscan=off}'),
        ('keep_order_history', true, '{"search_path=pg_catalog, pg_temp",jit=off,row_security=off}') $$, 'three functions of a workspace are closed, one of which has its owner''s rights');
SELECT is_empty($$ SELECT oid::regprocedure FROM pg_proc WHERE pronamespace = 'kept'::regnamespace AND (prosecdef AND proname <> 'keep_order_history'
    OR prosqlbody IS NULL AND NOT coalesce('search_path=pg_catalog, pg_temp' = ANY (proconfig), false)) $$, '... and all have a search_path of their own');

-- A restore without owners and rights leaves the function with the rights of a superuser, and to everybody
ALTER FUNCTION kept.keep_order_history() OWNER TO CURRENT_USER;
GRANT EXECUTE ON FUNCTION kept.keep_order_history() TO PUBLIC;
GRANT USAGE ON SCHEMA kept TO PUBLIC;
SET LOCAL ROLE clientele_mallory;
CREATE TYPE mallory.trap AS (n integer);
CREATE FUNCTION mallory.cast_peek(trap mallory.trap) RETURNS integer LANGUAGE plpgsql AS $$ BEGIN PERFORM mallory.peek('cast'); RETURN 1; END $$;
CREATE CAST (mallory.trap AS integer) WITH FUNCTION mallory.cast_peek(mallory.trap) AS ASSIGNMENT;
CREATE TABLE mallory.mine (customer mallory.trap, ordered_at date, amount numeric);
CREATE TRIGGER own AFTER INSERT ON mallory.mine REFERENCING NEW TABLE AS new_orders FOR EACH STATEMENT EXECUTE FUNCTION kept.keep_order_history();
SELECT lives_ok($$ INSERT INTO mallory.mine VALUES (ROW(1), '2025-02-02', 5) $$, 'a table of a stranger, with the trigger function on it');
RESET ROLE;
SELECT is(pg_temp.who(), NULL, '... is not looked at');
SELECT is((SELECT count(*) FROM kept.order_changes WHERE customer = 1 AND added::text LIKE '%2025-02-02%'), 1::bigint, '... nor counted beside what was written before');
SET LOCAL ROLE clientele_mallory;
CREATE TEMPORARY VIEW new_orders AS SELECT mallory.cast_peek(NULL) AS customer, date '2025-01-01' AS ordered_at, 1::numeric AS amount;
GRANT SELECT ON new_orders TO PUBLIC;
CREATE TRIGGER bare AFTER INSERT ON mallory.orders FOR EACH STATEMENT EXECUTE FUNCTION kept.keep_order_history();
CREATE TRIGGER by_row AFTER INSERT ON mallory.orders REFERENCING NEW TABLE AS new_orders FOR EACH ROW EXECUTE FUNCTION kept.keep_order_history();
SELECT lives_ok($$ INSERT INTO mallory.orders VALUES (8, '2025-06-06', 5) $$, 'a trigger that has no rows for the function');
DROP TRIGGER bare ON mallory.orders;
DROP TRIGGER by_row ON mallory.orders;
DROP VIEW new_orders;
RESET ROLE;
SELECT is(pg_temp.who(), 'clientele_mallory', '... has it read no others'); -- the index is the writer's
SELECT is((SELECT count(*) FROM kept.order_changes WHERE added::text = '{2025-06-06:5}'), 1::bigint, '... nor count them twice');
DELETE FROM kept.missed_changes;
SET LOCAL ROLE clientele_mallory;
CREATE TABLE mallory.child (LIKE mallory.orders);
ALTER TABLE mallory.child INHERIT mallory.orders;
ALTER TABLE mallory.child ALTER customer SET DEFAULT 1;
CREATE TRIGGER own AFTER INSERT ON mallory.child REFERENCING NEW TABLE AS new_orders FOR EACH STATEMENT EXECUTE FUNCTION kept.keep_order_history();
SELECT lives_ok($$ INSERT INTO mallory.child VALUES (2, '2025-03-03', 5) $$, 'a part of the orders');
ALTER TABLE mallory.child NO INHERIT mallory.orders;
SELECT lives_ok($$ INSERT INTO mallory.child VALUES (2, '2025-03-04', 5) $$, '... until it is none');
RESET ROLE;
SELECT is((SELECT string_agg(added::text, ' ') FROM kept.order_changes WHERE customer = 2 AND added::text IN ('{2025-03-03:5}', '{2025-03-04:5}')), '{2025-03-03:5}', '... is counted as long');

-- Columns that change their type, and types that get a cast, a check or operators later
GRANT CREATE ON SCHEMA public TO clientele_mallory;
SET LOCAL ROLE clientele_mallory;
CREATE TYPE mallory.shade AS ENUM ('light', 'dark');
CREATE DOMAIN mallory.moment AS date;
CREATE DOMAIN mallory.number AS integer;
CREATE TABLE mallory.typed (order_id mallory.number, customer mallory.shade, ordered_at mallory.moment, amount numeric, source mallory.shade);
INSERT INTO mallory.typed VALUES (1, 'light', '2025-01-01', 5, 'dark');
GRANT SELECT, TRIGGER ON mallory.typed TO clientele_alice;
RESET ROLE;
SET LOCAL ROLE clientele_alice;
SELECT lives_ok($$ SELECT attach_orders('mallory.typed', workspace => 'typed', storage => 'incremental', diagnose => false) $$, 'types of a stranger');
RESET ROLE;
SET LOCAL ROLE clientele_mallory;
CREATE FUNCTION mallory.shade_peek(shade mallory.shade) RETURNS text LANGUAGE plpgsql AS $$ BEGIN PERFORM mallory.peek('shade'); RETURN 'mine'; END $$;
CREATE CAST (mallory.shade AS text) WITH FUNCTION mallory.shade_peek(mallory.shade);
CREATE FUNCTION mallory.equal_peek(a mallory.shade, b mallory.shade) RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN PERFORM mallory.peek('operator'); RETURN true; END $$;
CREATE OPERATOR public.= (LEFTARG = mallory.shade, RIGHTARG = mallory.shade, FUNCTION = mallory.equal_peek);
ALTER DOMAIN mallory.moment ADD CHECK (mallory.peek('domain'));
ALTER DOMAIN mallory.number ADD CHECK (mallory.peek('domain'));
DELETE FROM public.seen;
SELECT lives_ok($$ INSERT INTO mallory.typed VALUES (2, 'light', '2025-02-01', 5, 'light'); UPDATE mallory.typed SET source = 'dark', amount = 6; DELETE FROM mallory.typed WHERE order_id = 1 $$, '... with what came to them');
RESET ROLE;
SELECT is(pg_temp.who(), 'clientele_mallory', '... run for who writes');
SET LOCAL ROLE clientele_alice;
SELECT is((SELECT string_agg(customer || ' ' || history::text, ' ') FROM typed.order_history), 'light {2025-02-01:6}', '... and are read by what they say');
SELECT lives_ok($$ SELECT fold_workspace('typed') $$, '... folded');
SELECT is(pg_temp.who(), NULL, '... without them');
RESET ROLE;
SET LOCAL ROLE clientele_mallory;
ALTER TABLE mallory.orders RENAME customer TO client;
ALTER TABLE mallory.orders ADD customer mallory.trap;
SELECT lives_ok($$ INSERT INTO mallory.orders (customer, client, ordered_at, amount) VALUES (ROW(1), 3, '2025-04-04', 5); UPDATE mallory.orders SET amount = 9; DELETE FROM mallory.orders WHERE client = 3; TRUNCATE mallory.orders $$,
    'a column in the place of another, of another type');
RESET ROLE;
SELECT is((SELECT string_agg(DISTINCT what, ', ') FROM public.seen WHERE what = 'cast'), NULL, '... is not looked at');
SET LOCAL ROLE clientele_mallory;
INSERT INTO mallory.typed VALUES (5, 'light', '2025-05-05', 5, 'dark');
ALTER TABLE mallory.typed ENABLE ROW LEVEL SECURITY;
CREATE POLICY peek ON mallory.typed USING (mallory.peek('policy'));
DELETE FROM public.seen;
SELECT lives_ok('TRUNCATE mallory.typed', 'a policy');
RESET ROLE;
SELECT is(pg_temp.who(), NULL, '... is not asked by TRUNCATE');
SELECT is((SELECT count(*) FROM typed.missed_changes), 1::bigint, '... which is written down');
ALTER TABLE mallory.typed DISABLE ROW LEVEL SECURITY;
SELECT is((SELECT count(*) FROM kept.missed_changes), 1::bigint, '... which is written down');
DELETE FROM public.seen;

-- Another schema of the name that a workspace had
ALTER SCHEMA typed RENAME TO typed_before;
CREATE SCHEMA typed AUTHORIZATION clientele_mallory;
SET LOCAL ROLE clientele_mallory;
CREATE TABLE typed.order_changes (n integer);
CREATE VIEW typed.fold_state AS SELECT 'mallory.typed'::regclass AS orders WHERE mallory.peek('state');
CREATE TABLE typed.missed_changes (missed_at timestamptz, relation text CHECK (mallory.peek('missed')));
GRANT ALL ON ALL TABLES IN SCHEMA typed TO PUBLIC;
GRANT USAGE ON SCHEMA typed TO PUBLIC;
DELETE FROM public.seen;
SELECT lives_ok($$ INSERT INTO mallory.typed VALUES (6, 'light', '2025-05-05', 5, 'dark') $$, 'look-alikes of a workspace that was renamed');
RESET ROLE;
SELECT is(pg_temp.who(), 'clientele_mallory', '... are not looked at by others'); -- the checks of domains are the writer's
DROP SCHEMA typed CASCADE;
ALTER SCHEMA typed_before RENAME TO typed;

-- Who may write settings is no owner
SET LOCAL ROLE clientele_alice;
GRANT USAGE ON SCHEMA typed TO clientele_bob;
GRANT SELECT, UPDATE ON typed.settings TO clientele_bob;
RESET ROLE;
SET LOCAL ROLE clientele_bob;
SET LOCAL clientele.keeping = 'on'; -- anybody may
SELECT throws_ok($$ UPDATE typed.settings SET storage = 'view' $$, '55000', NULL, 'who may write settings cannot change what attach_orders() set, whatever a parameter says');
SELECT throws_ok($$ UPDATE typed.settings SET time_zone = 'Asia/Tokyo' $$, '42501', NULL, '... nor the zone of kept histories');
SELECT throws_ok($$ UPDATE typed.settings SET zero_amounts = 'skipped' $$, '42501', NULL, '... nor what is left out of them');
SELECT lives_ok($$ UPDATE typed.settings SET enough = 3 $$, '... but the rest');
RESET ROLE;
SET LOCAL clientele.keeping = 'off';
ALTER DEFAULT PRIVILEGES FOR ROLE clientele_alice GRANT EXECUTE ON FUNCTIONS TO clientele_bob;
SET LOCAL ROLE clientele_alice;
SELECT lives_ok($$ SELECT attach_orders('mallory.typed', workspace => 'again', storage => 'incremental', diagnose => false) $$, 'default privileges for functions');
RESET ROLE;
ALTER DEFAULT PRIVILEGES FOR ROLE clientele_alice REVOKE EXECUTE ON FUNCTIONS FROM clientele_bob;
GRANT USAGE ON SCHEMA again TO clientele_bob;
GRANT EXECUTE ON FUNCTION again.keep_order_history() TO clientele_bob WITH GRANT OPTION;
SET LOCAL ROLE clientele_bob;
GRANT EXECUTE ON FUNCTION again.keep_order_history() TO clientele_mallory;
SET LOCAL ROLE clientele_alice;
SELECT lives_ok($$ UPDATE again.settings SET zero_amounts = 'skipped' $$, '... nor do rights that were handed on');
RESET ROLE;
SELECT is_empty($$ SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'again'::regnamespace AND p.proname ~ '^(keep|fold)_' AND has_function_privilege('clientele_bob', p.oid, 'EXECUTE') $$, '... give nobody those that keep histories');

SELECT is((SELECT finding FROM attach_orders('mallory.orders', workspace => 'mine', customer => 'client', diagnose => false) WHERE topic = 'superuser'), 'mallory.orders belongs to clientele_mallory, the workspace to a superuser',
    'a superuser who attaches what others own is told');

-- --- Row level security ---

SET LOCAL ROLE clientele_mallory;
CREATE TABLE mallory.guarded AS SELECT n % 9 AS customer, date '2025-01-01' + n AS ordered_at, 1 AS amount, (ARRAY['clientele_alice', 'clientele_bob', 'nobody'])[1 + n % 3] AS tenant FROM generate_series(1, 99) n;
GRANT SELECT, TRIGGER ON mallory.guarded TO clientele_alice, clientele_bob;
SELECT lives_ok($$ SELECT attach_orders('mallory.guarded', workspace => 'owners', diagnose => false) $$, 'orders of all tenants');
ALTER TABLE mallory.guarded ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenants ON mallory.guarded TO clientele_alice USING (tenant = 'clientele_alice');
SELECT is((SELECT sum(revenue) FROM owners.customers), 99.00, 'who owns the orders sees them all');
RESET ROLE;
SET LOCAL ROLE clientele_alice;
SELECT is((SELECT finding FROM attach_orders('mallory.guarded', workspace => 'tenant', storage => 'view') WHERE topic = 'row security'), 'mallory.guarded has row level security', 'it is told of');
SELECT is((SELECT sum(revenue) FROM tenant.customers), 33.00, '... and the policies for who attached decide');
SELECT lives_ok($$ SELECT attach_orders('mallory.guarded', workspace => 'tenant', storage => 'materialized'), grant_workspace('tenant', 'clientele_bob') $$, '... for what is stored');
SELECT is((SELECT sum(revenue) FROM tenant.customers), 33.00, '... as well');
SELECT throws_ok($$ SELECT attach_orders('mallory.guarded', workspace => 'tenant', storage => 'incremental') $$, '42809', NULL, '... and triggers, which would see all rows, are refused');
SET LOCAL row_security = off;
SELECT throws_ok($$ SELECT attach_orders('mallory.guarded', workspace => 'off') $$, '42501', NULL, 'who asks for an error instead of a part gets it');
SET LOCAL row_security = on;
RESET ROLE;
SET LOCAL ROLE clientele_bob;
SELECT is((SELECT sum(revenue) FROM tenant.customers), 33.00, 'a reader sees what its owner sees, not what the reader could');
SELECT is((SELECT count(*) FROM mallory.guarded), 0::bigint, '... of the orders, which show this role none');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
