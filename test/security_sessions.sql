-- Whatever the session is set to, and whoever put look-alikes of the server's own functions in front of them: what is attached, kept,
-- refreshed and read is the same.
BEGIN;
SELECT no_plan();
SET LOCAL client_min_messages = error;
SET LOCAL TimeZone = 'UTC';

-- --- The shop, and who is around ---

CREATE ROLE clientele_sessions_alice;
CREATE ROLE clientele_sessions_bob;
DO $$ BEGIN EXECUTE format('GRANT CREATE ON DATABASE %I TO clientele_sessions_alice', current_database()); END $$;
CREATE SCHEMA shop AUTHORIZATION clientele_sessions_alice;
SET LOCAL ROLE clientele_sessions_alice;
CREATE TABLE shop.orders AS SELECT n AS id, n * 7 % 40 AS customer, timestamptz '2024-01-01 12:00+00' + n * interval '31 hours' AS ordered_at, (n * 13 % 90)::numeric - 4 AS amount, 'from ' || n % 3 AS source, 'kind ' || n % 4 AS category
FROM generate_series(1, 300) n;
CREATE TABLE shop.people AS SELECT n AS id, 'name ' || n AS name, 'town ' || n % 3 AS town, n / 2 AS referrer FROM generate_series(0, 39) n;
CREATE TABLE shop.answers AS SELECT n % 40 AS customer, timestamptz '2024-01-05 12:00+00' + n * interval '3 days' AS answered_at, n % 11 AS score, 'place ' || n % 3 AS touchpoint,
    (ARRAY['negative', 'idea', 'question', NULL])[1 + n % 4] AS kind, 'Wish ' || n % 5 AS wish, 'Where is it?' AS comment, timestamptz '2024-06-05 12:00+00' AS replied_at FROM generate_series(1, 100) n;
CREATE TABLE shop.survey AS SELECT n % 40 AS respondent, 'question ' || n % 3 AS question, 'answer ' || n % 4 AS answer, timestamptz '2024-01-06 12:00+00' + n * interval '2 days' AS answered_at FROM generate_series(1, 100) n;
CREATE TABLE shop.contacts AS SELECT n % 40 AS customer, timestamptz '2024-01-05 12:00+00' + n * interval '1 day' AS happened_at, 'place ' || n % 4 AS touchpoint, 'from ' || n % 3 AS source FROM generate_series(1, 300) n;
CREATE TABLE shop.costs AS SELECT date '2024-01-01' + n AS day, 'from ' || n % 3 AS source, n AS cost FROM generate_series(0, 300) n;
CREATE TABLE shop.lines AS SELECT n AS order_id, 'thing ' || n * k % 6 AS product, 'kind ' || n * k % 3 AS category, 5 AS amount, 'me'::text AS employee FROM generate_series(1, 300) n, generate_series(1, 2) k;
CREATE TABLE shop.offers AS SELECT n % 40 AS customer, timestamptz '2024-01-05 12:00+00' + n * interval '1 day' AS offered_at, 'offer ' || n % 4 AS offer, (ARRAY['yes', 'no', 'perhaps'])[1 + n % 3] AS outcome, n AS order_id FROM generate_series(1, 300) n;
CREATE TABLE shop.points AS SELECT n % 40 AS customer, timestamptz '2024-01-05 12:00+00' + n * interval '1 day' AS happened_at, CASE WHEN n % 4 > 0 THEN n % 50 ELSE -30 END AS points, n / 2 AS order_id, date '2024-09-05' + n AS expires_on FROM generate_series(1, 300) n;
CREATE TEXT SEARCH CONFIGURATION shop.words (COPY = english);
RESET ROLE;

-- Settings for what comes next in the transaction; gives those of before.
CREATE FUNCTION pg_temp.set_all(settings text[]) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    before CONSTANT text[] := (SELECT pg_catalog.array_agg(ARRAY[s, pg_catalog.current_setting(s)]) FROM pg_catalog.unnest(settings[:][1:1]) s);
    entry text[];
BEGIN
    FOREACH entry SLICE 1 IN ARRAY settings LOOP
        PERFORM pg_catalog.set_config(entry[1], entry[2], true);
    END LOOP;
    RETURN before;
END
$$;
-- A statement in a session with these settings: 'fine', or how it failed.
CREATE FUNCTION pg_temp.in_session(settings text[], statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    before CONSTANT text[] := pg_temp.set_all(settings);
BEGIN
    EXECUTE statement;
    PERFORM pg_temp.set_all(before);
    RETURN 'fine';
EXCEPTION WHEN OTHERS THEN
    PERFORM pg_temp.set_all(before);
    RETURN pg_catalog.concat(statement, ': ', SQLSTATE, ' ', SQLERRM);
END
$$;
GRANT USAGE ON SCHEMA public, tap TO PUBLIC;

CREATE FUNCTION pg_temp.unexpected(what text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE 'unexpected: %', what; END $$;

-- Everything that a workspace can be asked for, for each storage: %1$s is its name, %1$I quoted
CREATE FUNCTION pg_temp.work(workspace text, storage text) RETURNS TABLE (n bigint, statement text) LANGUAGE sql AS $$
    SELECT w.n, format(w.template, workspace, storage, 'public')
    FROM unnest(ARRAY[
        $s$ SELECT finding FROM %3$s.attach_orders('shop.orders', workspace => %1$L, storage => %2$L, time_zone => 'Europe/Berlin') $s$,
        $s$ SELECT finding FROM %3$s.attach_customers('shop.people', workspace => %1$L, name => '{name}') $s$,
        $s$ SELECT finding FROM %3$s.attach_answers('shop.answers', workspace => %1$L) $s$,
        $s$ SELECT finding FROM %3$s.attach_survey('shop.survey', workspace => %1$L) $s$,
        $s$ SELECT finding FROM %3$s.attach_touchpoints('shop.contacts', workspace => %1$L) $s$,
        $s$ SELECT finding FROM %3$s.attach_costs('shop.costs', workspace => %1$L) $s$,
        $s$ SELECT finding FROM %3$s.attach_lines('shop.lines', workspace => %1$L) $s$, $s$ SELECT * FROM %1$I.not_yet_bought('thing 1', 'thing 2') $s$, $s$ SELECT * FROM %1$I.offer_holdout('2024-06-01') $s$, $s$ INSERT INTO %1$I.tiers (tier, threshold) VALUES ('silver', 20) ON CONFLICT DO NOTHING $s$, $s$ SELECT * FROM %1$I.tier_what_if('current') $s$,
        $s$ SELECT finding FROM %3$s.attach_offers('shop.offers', workspace => %1$L) $s$, $s$ SELECT finding FROM %3$s.attach_points('shop.points', workspace => %1$L) $s$,
        $s$ SELECT finding FROM %3$s.start_campaign('spring', 'SELECT customer FROM shop.orders', strata => 'none', started => '2024-02-01', workspace => %1$L) $s$, $s$ SELECT * FROM %1$I.campaign_randomisation('spring', salts => 9) $s$,
        $s$ SELECT * FROM %1$I.campaign_spread('spring') $s$, $s$ SELECT %3$s.end_campaign('spring', %1$L, '2024-06-01') $s$,
        $s$ SELECT finding FROM %3$s.attach_orders('shop.orders', workspace => %1$L, plan => true) $s$,
        $s$ INSERT INTO %1$I.funnel_stages VALUES ('sales', 1, 'place 1'), ('sales', 2, 'PURCHASE') $s$,
        $s$ INSERT INTO %1$I.touchpoint_ratings VALUES ('Ann', '2024-02-01', 'waiting', 'awful', 'long') $s$,
        $s$ INSERT INTO %1$I.knowledge_base (question, answer) VALUES ('Where is it?', 'Here') $s$,
        $s$ UPDATE %1$I.settings SET as_of = '2024-12-31', period = 'month', text_search = 'shop.words', class_window = '1 year' $s$,
        $s$ UPDATE %1$I.settings SET zero_amounts = 'skipped', time_zone = 'Asia/Tokyo', lost_after = '100 days' $s$,
        $s$ INSERT INTO shop.orders VALUES (301, 5, '2024-05-05', 7, 'from 1', 'kind 1'), (302, NULL, NULL, 'NaN', NULL, NULL) $s$,
        $s$ UPDATE shop.orders SET amount = 8, customer = 6 WHERE id OPERATOR(pg_catalog.=) 301 $s$,
        $s$ DELETE FROM shop.orders WHERE id OPERATOR(pg_catalog.>) 300 $s$,
        $s$ SELECT * FROM %1$I.check_segments() $s$, $s$ SELECT * FROM %1$I.find_answers('where') $s$,
        $s$ SELECT %3$s.describe_for_metabase(%1$L) $s$, $s$ SELECT %3$s.grant_workspace(%1$L, 'clientele_sessions_bob') $s$,
        CASE storage WHEN 'materialized' THEN $s$ SELECT %3$s.refresh_workspace(%1$L) $s$ ELSE 'SELECT 1' END,
        CASE storage WHEN 'incremental' THEN $s$ SELECT %3$s.fold_workspace(%1$L) $s$ ELSE 'SELECT 1' END,
        CASE storage WHEN 'incremental' THEN $s$ SELECT pg_temp.unexpected(d.what) FROM %3$s.verify_workspace(%1$L, repair => true) d $s$ ELSE 'SELECT 1' END,
        $s$ SELECT %3$s.detach_customers(%1$L), %3$s.detach_answers(%1$L), %3$s.detach_lines(%1$L), %3$s.detach_offers(%1$L), %3$s.detach_points(%1$L) $s$, $s$ SELECT %3$s.detach_orders(%1$L) $s$,
        $s$ SELECT %3$s.upgrade_workspace(%1$L) $s$,
        $s$ SELECT %3$s.attach_customers('shop.people', workspace => %1$L, name => '{name}'), %3$s.attach_answers('shop.answers', workspace => %1$L) $s$]) WITH ORDINALITY w(template, n)
$$;
CREATE FUNCTION pg_temp.all_work(settings text[], workspace text, storage text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    step record;
    outcome text;
BEGIN
    FOR step IN SELECT w.statement FROM pg_temp.work(workspace, storage) w ORDER BY w.n LOOP
        outcome := pg_temp.in_session(settings, step.statement);
        IF outcome <> 'fine' THEN RETURN NEXT outcome; END IF;
    END LOOP;
    FOR step IN SELECT format('SELECT pg_catalog.count(pg_catalog.record_out(x)) FROM %I.%I x', workspace, c.relname) AS statement
        FROM pg_class c WHERE c.relnamespace = to_regnamespace(quote_ident(workspace)) AND c.relkind = 'v' LOOP
        outcome := pg_temp.in_session(settings, step.statement);
        IF outcome <> 'fine' THEN RETURN NEXT outcome; END IF;
    END LOOP;
END
$$;
-- How a workspace is defined, but for its name: views, what they store, rules, functions, triggers; settings and what is attached
CREATE FUNCTION pg_temp.definition(workspace text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
    space CONSTANT oid := to_regnamespace(quote_ident(workspace));
    line text;
BEGIN
    FOR line IN
        SELECT relname || ': ' || coalesce(pg_get_viewdef(c.oid), relkind::text) FROM pg_class c WHERE relnamespace = space AND relkind IN ('r', 'v', 'm')
        UNION ALL SELECT attrelid::regclass || '.' || attname || ' ' || format_type(atttypid, atttypmod) || coalesce(' ' || pg_get_expr(adbin, adrelid), '')
            FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid LEFT JOIN pg_attrdef d ON adrelid = attrelid AND adnum = attnum WHERE relnamespace = space AND attnum > 0
        UNION ALL SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = space
        UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = space
        UNION ALL SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_proc p ON p.oid = tgfoid WHERE pronamespace = space AND NOT tgisinternal
        UNION ALL SELECT pg_describe_object(classoid, objoid, objsubid) || ' ' || description FROM pg_description JOIN pg_class c ON c.oid = objoid AND classoid = 'pg_class'::regclass WHERE relnamespace = space
    LOOP
        RETURN NEXT regexp_replace(replace(line, workspace, '(workspace)'), 'advisory_xact_lock\(-?\d+\)', '', 'g');
    END LOOP;
    RETURN QUERY EXECUTE format('SELECT s::text FROM %1$I.settings s UNION ALL SELECT a::text FROM %1$I.attached a', workspace);
END
$$;

-- --- Sessions that lie ---

\ir include/traps.sql
\ir include/old_strings.sql
SET LOCAL ROLE clientele_sessions_alice;
CREATE TEMPORARY TABLE session (name text, settings text[]);
INSERT INTO session VALUES ('plain', '{{search_path,public}}'), ('lying', ARRAY[['quote_all_identifiers', 'on'], ['standard_conforming_strings', :'old_strings'],
    ['transform_null_equals', 'on'], ['array_nulls', 'off'], ['DateStyle', 'German, DMY'], ['IntervalStyle', 'sql_standard'], ['TimeZone', 'America/Los_Angeles'],
    ['bytea_output', 'escape'], ['extra_float_digits', '-5'], ['check_function_bodies', 'off'], ['timezone_abbreviations', 'Australia'], ['default_text_search_config', 'german'],
    ['xmloption', 'document'], ['search_path', 'trap, pg_catalog']]);
SELECT is_empty(format($$ SELECT * FROM pg_temp.all_work(%L, %L, %L) $$, settings, name || '_' || storage, storage), format('everything can be done in a %s session, %s storage', name, storage))
FROM session, unnest(ARRAY['view', 'materialized', 'incremental']) storage;
SELECT set_eq(format($$ SELECT * FROM pg_temp.definition(%L) $$, name || '_' || storage), format($$ SELECT * FROM pg_temp.definition(%L) $$, 'plain_' || storage),
    format('%s storage made in a %s session is the same', storage, name))
FROM session, unnest(ARRAY['view', 'materialized', 'incremental']) storage WHERE name <> 'plain';
-- What a view shows, as bytes, whatever the session of who reads
CREATE FUNCTION pg_temp.contents(settings text[], workspace text) RETURNS TABLE (view name, content text) LANGUAGE plpgsql AS $$
DECLARE
    before text[];
BEGIN
    FOR view, content IN SELECT c.relname, string_agg(format('x.%I', a.attname), ', ' ORDER BY a.attnum) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
        WHERE c.relnamespace = to_regnamespace(workspace) AND c.relkind = 'v' AND a.attname NOT IN ('today', 'refreshed_at') GROUP BY c.relname LOOP
        before := pg_temp.set_all(settings);
        EXECUTE pg_catalog.format('SELECT pg_catalog.string_agg(b, '' '' ORDER BY b) FROM (SELECT pg_catalog.encode(pg_catalog.record_send(ROW(%s)), ''hex'') AS b FROM %I.%I x) y', content, workspace, view) INTO content;
        PERFORM pg_temp.set_all(before);
        RETURN NEXT;
    END LOOP;
END
$$;
SELECT is_empty(format($$ SELECT view FROM pg_temp.contents('{{search_path,public}}', 'plain_view') p FULL JOIN pg_temp.contents(%L, 'plain_view') o USING (view) WHERE p.content IS DISTINCT FROM o.content $$, settings),
    format('views read in a %s session show the same', name)) FROM session WHERE name <> 'plain';
SELECT is(pg_temp.in_session(settings, format('SELECT public.drop_workspace(%L)', name || '_' || storage)), 'fine', format('%s storage is dropped in a %s session', storage, name))
FROM session, unnest(ARRAY['view', 'materialized', 'incremental']) storage;

SELECT * FROM finish();
ROLLBACK;
