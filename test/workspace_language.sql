-- settings.language: the words of every language beside each other; what a switch changes and what it leaves, in every storage and
-- by whoever may change the settings; texts that views put together; labels
BEGIN;
SELECT no_plan();
SET client_min_messages = warning;
\ir include/under.sql

-- --- The words ---

CREATE TEMPORARY TABLE word AS
SELECT l.language, w.key, w.value AS words
FROM unnest(_clientele.workspace_languages()) l(language), LATERAL jsonb_each_text(_clientele.workspace_words(l.language)) w;
SELECT bag_eq($$ SELECT key FROM _clientele.words_en() $$, $$ SELECT DISTINCT key FROM _clientele.words_en() $$, 'a key has words once in en');
SELECT bag_eq($$ SELECT key FROM _clientele.words_ru() $$, $$ SELECT DISTINCT key FROM _clientele.words_ru() $$, '... and in ru');
SELECT set_has('SELECT DISTINCT language FROM word', $$ VALUES ('en'), ('ru') $$, 'there are English and Russian');
SELECT set_eq(format('SELECT key FROM word WHERE language = %L', language), $$ SELECT key FROM word WHERE language = 'en' $$, 'the keys of ' || language)
FROM (SELECT DISTINCT language FROM word) l;
SELECT is_empty($$ SELECT language, key FROM word WHERE btrim(words) = '' AND key <> 'number.thousands' $$, 'nothing is without words');
-- The places of words, or of each form of a number of things: %s is the next one, %2$s the second.
CREATE FUNCTION pg_temp.places(words text) RETURNS SETOF bigint LANGUAGE sql AS $$
    SELECT DISTINCT coalesce(nullif(m.place[1], '')::bigint, row_number() OVER (PARTITION BY f.n ORDER BY m.n))
    FROM string_to_table(replace(words, '%%', ''), '|') WITH ORDINALITY f(form, n) CROSS JOIN LATERAL regexp_matches(f.form, '%(?:([0-9]+)[$])?s', 'g') WITH ORDINALITY m(place, n)
    ORDER BY 1
$$;
SELECT is_empty($$
    SELECT w.language, w.key FROM word w JOIN word e ON e.language = 'en' AND e.key = w.key
    WHERE ARRAY(SELECT pg_temp.places(w.words)) <> ARRAY(SELECT pg_temp.places(e.words)) $$, 'every language fills in as much');
SELECT is_empty($$ SELECT language, key, f.form FROM word CROSS JOIN LATERAL string_to_table(words, '|') f(form) WHERE key LIKE 'count.%' AND ARRAY(SELECT pg_temp.places(f.form)) <> '{1}' $$, '... and each number of things');
SELECT is_empty($$ SELECT language, key FROM word WHERE replace(words, '%%', '') ~ '%(?!([0-9]+[$])?s)' $$, '... and has no other places');
SELECT is_empty($$ SELECT words FROM word WHERE key ~ '^touchpoint[.].*[.]name$' GROUP BY language, words HAVING count(*) > 1 $$, 'touchpoints have different names');
SELECT is_empty($$ SELECT words FROM word WHERE key ~ '^touchpoint[.].*[.](name|description)$' AND language = 'ru' AND words ~ '[a-z]' $$, '... Russian ones in Russian');
SELECT is_empty($$
    SELECT w.language, w.key FROM word w JOIN word e ON e.language = 'en' AND e.key = w.key
    WHERE w.key LIKE '%.options' AND cardinality(w.words::text[]) <> cardinality(e.words::text[]) $$, 'every language has as many options');
SELECT is_empty($$ SELECT key FROM word WHERE key LIKE '%.options' AND words <> words::text[]::text $$, '... as an array is written');
SELECT throws_ok($$ SELECT _clientele.workspace_words('klingon') $$, '22023', 'unknown language: "klingon"', 'another one is refused');

-- --- What a switch changes ---

CREATE TABLE orders AS
SELECT n % 97 AS customer, date '2024-01-01' + n % 540 AS ordered_at, n % 41 - 1 AS amount FROM generate_series(1, 2000) n;
INSERT INTO orders VALUES (NULL, '2025-01-01', 5), (7, NULL, 5), (7, '2025-01-01', NULL), (900, '2025-01-01', -1);
CREATE TABLE answers AS SELECT n % 120 AS customer, date '2025-01-01' + n % 90 AS answered_at, n % 13 AS score, 'delivery' AS touchpoint FROM generate_series(1, 300) n;
CREATE TABLE contacts AS SELECT n % 60 AS customer, date '2025-01-01' + n % 90 AS happened_at, (ARRAY['website', 'advertising'])[1 + n % 2] AS touchpoint FROM generate_series(1, 200) n;
CREATE TABLE survey AS SELECT n % 60 AS respondent, 'buy_again'::text AS question, (ARRAY['yes', 'no'])[1 + n % 2] AS answer, date '2025-01-01' + n % 90 AS answered_at FROM generate_series(1, 200) n;

-- All texts of a workspace, with what tells their rows apart
CREATE FUNCTION pg_temp.texts(workspace text) RETURNS TABLE (place text, said text) LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE format($q$
        SELECT 'approach.' || customers, approach FROM %1$I.approaches
        UNION ALL SELECT 'policy.' || cell || '.' || x.key, x.value FROM %1$I.policies p, jsonb_each_text(to_jsonb(p) - '{cell,valid_from,review_by,discount,campaign}'::text[]) x
        UNION ALL SELECT 'segment.' || segment || '.advice', advice FROM %1$I.segments
        UNION ALL SELECT 'benchmark.' || measure || '.' || source, advice FROM %1$I.benchmarks
        UNION ALL SELECT 'touchpoint.' || "position" || x.key, x.value FROM %1$I.touchpoint_catalogue, LATERAL (VALUES ('.name', touchpoint), ('.description', description)) x(key, value)
        UNION ALL SELECT 'question.' || question, question_text FROM %1$I.questions
        UNION ALL SELECT 'question.' || question || '.options', options::text FROM %1$I.questions WHERE question NOT IN ('recommend', 'make_it_a_10')
        UNION ALL SELECT 'nps_advice.' || band, advice FROM %1$I.nps_advice $q$, workspace);
END $$;
CREATE FUNCTION pg_temp.attach_all(workspace text, storage text) RETURNS void LANGUAGE sql AS $$
    SELECT attach_orders('orders', workspace => workspace, time_zone => 'UTC', storage => storage, diagnose => false);
    SELECT attach_answers('answers', workspace => workspace);
$$;
SELECT lives_ok($$ SELECT pg_temp.attach_all('w', 'view') $$, 'a workspace');
SELECT is((SELECT language FROM w.settings), 'en', 'it speaks English');
CREATE TEMPORARY TABLE english AS SELECT * FROM pg_temp.texts('w');
SELECT is_empty($$ SELECT * FROM english WHERE said IS NULL OR said NOT IN (SELECT words FROM word WHERE language = 'en') $$, '... in every text');
SELECT is((SELECT count(*) FROM english), 6::bigint + 27 + 12 + 8 + 84 + 8 + 6 + 3, '... of all tables');
SELECT lives_ok($$ UPDATE w.settings SET language = 'ru' $$, 'switch');
CREATE TEMPORARY TABLE russian AS SELECT * FROM pg_temp.texts('w');
SELECT is_empty($$ SELECT r.* FROM russian r JOIN english e ON e.place = r.place WHERE r.said = e.said AND e.said <> 'delivery' $$, 'every text is another');
SELECT is_empty($$ SELECT * FROM russian WHERE said NOT IN (SELECT words FROM word WHERE language = 'ru') AND said <> 'delivery' $$, '... a Russian one');
SELECT is((SELECT said FROM russian WHERE place = 'touchpoint.307.name'), 'delivery', '... but for the name by which answers speak of it');
SELECT is_empty($$ SELECT * FROM russian r LEFT JOIN word w ON w.language = 'ru' AND w.key = r.place WHERE r.said NOT IN (coalesce(w.words, ''), 'delivery') $$, '... each in its own place');
SELECT lives_ok($$ UPDATE w.settings SET language = 'en' $$, 'switch back');
SELECT bag_eq($$ SELECT * FROM pg_temp.texts('w') $$, 'SELECT * FROM english', '... and all is as it was');

-- --- What it leaves ---

CREATE FUNCTION pg_temp.in_russian(statement text, query text) RETURNS text LANGUAGE sql AS $$
    SELECT pg_temp.under(statement || $q$; UPDATE w.settings SET language = 'ru'$q$, query)
$$;
SELECT is(pg_temp.in_russian(statement, query), expected, statement)
FROM (VALUES
    ('UPDATE w.approaches SET approach = ''Mine'' WHERE customers = ''new''', 'SELECT approach FROM w.approaches WHERE customers = ''new''', 'Mine'),
    ('UPDATE w.approaches SET approach = approach || ''!'' WHERE customers = ''new''', 'SELECT approach FROM w.approaches WHERE customers = ''new''', (SELECT said || '!' FROM english WHERE place = 'approach.new')),
    ('UPDATE w.approaches SET approach = (SELECT approach FROM w.approaches WHERE customers = ''lost'') WHERE customers = ''new''', 'SELECT approach FROM w.approaches WHERE customers = ''new''', (SELECT said FROM english WHERE place = 'approach.lost')),
    ('UPDATE w.policies SET action = ''Mine'' WHERE cell = ''AX''', 'SELECT action || '', '' || price_terms FROM w.policies WHERE cell = ''AX''', (SELECT 'Mine, ' || said FROM russian WHERE place = 'policy.AX.price_terms')),
    ('UPDATE w.segments SET segment = ''best'' WHERE "position" = 1', 'SELECT advice FROM w.segments WHERE "position" = 1', (SELECT said FROM english WHERE place = 'segment.champions.advice')),
    ('UPDATE w.segments SET advice = NULL WHERE "position" = 1', 'SELECT count(advice) FROM w.segments WHERE advice ~ ''[a-z]'' OR "position" = 1', '0'),
    ('DELETE FROM w.segments WHERE "position" > 1', 'SELECT count(*) FROM w.segments', '1'),
    ('UPDATE w.benchmarks SET low = 40 WHERE source = ''strong''', 'SELECT low || '' '' || advice FROM w.benchmarks WHERE source = ''strong''', (SELECT '40 ' || said FROM russian WHERE place = 'benchmark.nps.strong')),
    ('UPDATE w.nps_advice SET advice = ''Mine'' WHERE band = ''weak''', 'SELECT advice FROM w.nps_advice WHERE band = ''weak''', 'Mine'),
    ('UPDATE w.questions SET question_text = ''Mine?'' WHERE question = ''polite''', 'SELECT question_text || options::text FROM w.questions WHERE question = ''polite''', 'Mine?{да,нет}'),
    ('UPDATE w.questions SET options = ''{no,yes}'' WHERE question = ''polite''', 'SELECT question_text || options::text FROM w.questions WHERE question = ''polite''', (SELECT said || '{no,yes}' FROM russian WHERE place = 'question.polite')),
    ('UPDATE w.touchpoint_catalogue SET "position" = 1 WHERE touchpoint = ''waiting''', 'SELECT touchpoint || ''. '' || description FROM w.touchpoint_catalogue WHERE "position" = 1',
        (SELECT string_agg(said, '. ' ORDER BY place DESC) FROM russian WHERE place LIKE 'touchpoint.303%')),
    ('UPDATE w.touchpoint_catalogue SET description = NULL WHERE touchpoint = ''waiting''', 'SELECT count(*) FROM w.touchpoint_catalogue WHERE touchpoint = ''ожидание'' AND description IS NULL', '1'),
    ('UPDATE w.touchpoint_catalogue SET touchpoint = ''queue'' WHERE touchpoint = ''waiting''', 'SELECT touchpoint || ''. '' || description FROM w.touchpoint_catalogue WHERE "position" = 303', (SELECT 'queue. ' || said FROM russian WHERE place = 'touchpoint.303.description')),
    ('INSERT INTO w.touchpoint_catalogue VALUES (''ожидание'', ''service'', ''Mine'')', 'SELECT string_agg(touchpoint, '', '' ORDER BY "position") FROM w.touchpoint_catalogue WHERE "position" IN (303, 1000)', 'waiting, ожидание'),
    ('INSERT INTO w.touchpoint_ratings VALUES (''Ann'', ''2025-01-01'', ''waiting'', ''ok'')', 'SELECT c.touchpoint || r.level FROM w.touchpoint_catalogue c JOIN w.touchpoint_ratings r USING (touchpoint) WHERE "position" = 303', 'waitingok'),
    ('SELECT attach_touchpoints(''contacts'', workspace => ''w''); INSERT INTO w.funnel_stages VALUES (''way'', 1, ''parking'')', 'SELECT string_agg(touchpoint, '', '' ORDER BY "position") FROM w.touchpoint_catalogue WHERE touchpoint ~ ''[a-z]''', 'parking, website, advertising, delivery'),
    ('SELECT attach_survey(''survey'', workspace => ''w'')', 'SELECT question_text || options::text FROM w.questions WHERE question = ''buy_again''', (SELECT said || '{yes,perhaps,no}' FROM russian WHERE place = 'question.buy_again')),
    ('SELECT attach_survey(''survey'', workspace => ''w'')', 'SELECT options FROM w.questions WHERE question = ''polite''', '{да,нет}')) v(statement, query, expected);
SELECT is(pg_temp.in_russian($$ CREATE TABLE touched (n integer); CREATE FUNCTION pg_temp.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO public.touched VALUES (1); RETURN NEW; END';
    CREATE TRIGGER touch AFTER UPDATE ON w.approaches FOR EACH ROW EXECUTE FUNCTION pg_temp.touch(); UPDATE w.approaches SET approach = 'Mine' WHERE customers <> 'new'; DELETE FROM touched $$, 'SELECT count(*) FROM touched'), '1', 'rows that were edited are not even written');
SELECT is(pg_temp.under($$ UPDATE w.settings SET language = 'ru'; UPDATE w.approaches SET approach = 'Mine' WHERE customers = 'lost'; UPDATE w.settings SET language = 'en' $$,
    $$ SELECT string_agg(place, ',') FROM (SELECT * FROM pg_temp.texts('w') EXCEPT SELECT * FROM english) x $$), 'approach.lost', 'what was edited in Russian stays as well');
SELECT is(pg_temp.under($$ UPDATE w.settings SET enough = 7 $$, $$ SELECT count(*) FROM (SELECT * FROM pg_temp.texts('w') EXCEPT SELECT * FROM english) x $$), '0', 'another setting changes no text');
SELECT is(pg_temp.under(format('UPDATE w.settings SET language = %L', language), 'SELECT 1'), '23514 new row for relation "settings" violates check constraint "language is one that there are words in, such as en or ru"', 'refused: ' || language)
FROM unnest(ARRAY['fr', 'EN', 'english', '', 'ru ']) language;

-- --- What views say ---

CREATE TABLE shops (light text, customer integer, ordered_at date, amount numeric);
INSERT INTO shops
SELECT 'green', n % 50, date '2025-06-01' - 20 * (n / 50), 10 FROM generate_series(0, 299) n
UNION ALL SELECT 'mixed', n % 50, date '2025-06-01' - 20 * (n / 50), 10 FROM generate_series(0, 299) n
UNION ALL SELECT 'mixed', 100 + n, date '2025-01-15', 10 FROM generate_series(1, 20) n
UNION ALL SELECT 'yellow', n, date '2025-01-15', 10 FROM generate_series(1, 20) n
UNION ALL SELECT 'red', NULL, date '2025-05-01', 10 FROM generate_series(1, 20) n
UNION ALL SELECT 'red', 1, date '2025-01-15', 10;
CREATE VIEW shop AS SELECT customer, ordered_at, amount FROM shops WHERE light = 'green';
DO $$ BEGIN PERFORM attach_orders('shop', workspace => 'lights', diagnose => false); UPDATE lights.settings SET as_of = '2025-06-20'; END $$;
CREATE FUNCTION pg_temp.light(shown text, spoken text) RETURNS text LANGUAGE sql AS $$
    SELECT pg_temp.under(format($q$ CREATE OR REPLACE VIEW shop AS SELECT customer, ordered_at, amount FROM shops WHERE light = %L; UPDATE lights.settings SET language = %L $q$, shown, spoken),
        'SELECT light || $x$: $x$ || advice FROM lights.express_test')
$$;
-- The function itself speaks English.
CREATE FUNCTION pg_temp.plain_light(shown text) RETURNS text LANGUAGE sql AS $$
    SELECT (e.result).light || ': ' || (e.result).advice
    FROM (
        SELECT express_test(h.history, '2025-06-20', (SELECT coalesce(sum(amount), 0) FROM shops WHERE light = shown AND customer IS NULL)) AS result
        FROM (SELECT history_agg(ordered_at, amount) AS history FROM shops WHERE light = shown AND customer IS NOT NULL GROUP BY customer) h) e
$$;
SELECT is(pg_temp.light(shown, 'en'), pg_temp.plain_light(shown), 'the express test says in English what the function does: ' || shown)
FROM unnest('{green,mixed,yellow,red,none}'::text[]) shown;
SELECT is(pg_temp.light(shown, 'ru'), (SELECT r.light || ': ' || w.words FROM word e JOIN word w ON w.key = e.key AND w.language = 'ru',
        LATERAL (SELECT split_part(pg_temp.plain_light(shown), ': ', 1) AS light) r WHERE e.language = 'en' AND r.light || ': ' || e.words = pg_temp.plain_light(shown)), '... and the same in Russian: ' || shown)
FROM unnest('{green,mixed,yellow,red,none}'::text[]) shown;
SELECT is((SELECT count(DISTINCT pg_temp.plain_light(shown)) FROM unnest('{green,mixed,yellow,red,none}'::text[]) shown), 5::bigint, 'those were all lights');

SELECT lives_ok($$ SELECT attach_survey('survey', workspace => 'w') $$, 'a survey');
SELECT is_empty(format($$ SELECT v.reason FROM w.%I v WHERE v.description IS DISTINCT FROM (SELECT words FROM word WHERE language = 'en' AND key = %L || v.reason) $$, view, key), view || ' in English')
FROM (VALUES ('data_quality', 'order_rows.'), ('answer_quality', 'answer_rows.'), ('survey_quality', 'survey_rows.')) v(view, key);
CREATE TEMPORARY TABLE before AS SELECT (SELECT assumption FROM w.retention_value LIMIT 1) AS assumption, (SELECT array_agg(f::text) FROM attach_answers('answers', workspace => 'w') f) AS answer_findings,
    (SELECT array_agg(f::text) FROM attach_survey('survey', workspace => 'w') f) AS survey_findings, (SELECT array_agg(f::text) FROM attach_orders('orders', workspace => 'w') f) AS order_findings;
UPDATE w.settings SET language = 'ru';
SELECT is_empty(format($$ SELECT v.reason FROM w.%I v WHERE v.description IS DISTINCT FROM (SELECT words FROM word WHERE language = 'ru' AND key = %L || v.reason) $$, view, key), view || ' in Russian')
FROM (VALUES ('data_quality', 'order_rows.'), ('answer_quality', 'answer_rows.'), ('survey_quality', 'survey_rows.')) v(view, key);
SELECT is((SELECT array_agg(replace(m[1], ',', '.')) FROM w.retention_value v, regexp_matches(v.assumption, '[0-9]+,[0-9]+', 'g') m WHERE v.periods_ahead = 1),
    (SELECT array_agg(m[1]) FROM before b, regexp_matches(b.assumption, '[0-9]+[.][0-9]+', 'g') m), 'an assumption has the same figures, with a comma');
SELECT results_eq($$ SELECT (SELECT array_agg(f::text) FROM attach_answers('answers', workspace => 'w') f), (SELECT array_agg(f::text) FROM attach_survey('survey', workspace => 'w') f),
    (SELECT array_agg(f::text) FROM attach_orders('orders', workspace => 'w') f) $$, 'SELECT answer_findings, survey_findings, order_findings FROM before', 'what attaching finds is said in English');
DELETE FROM w.segments WHERE "position" = 1;
UPDATE w.segments SET recency_from = 1 WHERE "position" = 2;
SELECT set_eq('SELECT DISTINCT advice FROM w.check_segments()', $$ SELECT words FROM word WHERE language = 'ru' AND key LIKE 'check_segments.%' $$, 'check_segments() too');

-- --- Labels ---

SELECT is_empty(format('SELECT %1$s FROM %2$s EXCEPT SELECT value FROM w.labels WHERE kind = %3$L', col, relation, kind), kind || ' has labels')
FROM (VALUES ('segment', 'w.customers', 'segment'), ('segment', 'w.rfm_segments', 'segment'), ('stage', 'w.lifecycle_summary', 'stage'), ('abc', 'w.abc_summary', 'class'), ('segment', 'w.segment_profile', 'buyer'),
    ('light', 'lights.express_test', 'light'), ('band', 'w.nps_advice', 'band'), ('nps_group(s)', 'generate_series(0, 10) s', 'nps_group'), ('touchpoint_group', 'w.touchpoint_groups', 'touchpoint_group'),
    ('questionnaire', 'w.questions', 'questionnaire')) v(col, relation, kind);
SELECT bag_eq('SELECT kind, value FROM w.labels', 'SELECT DISTINCT kind, value FROM w.labels', 'each once');
SELECT is((SELECT label FROM w.labels WHERE kind = 'segment' AND value = 'champions'), 'чемпионы', 'in Russian');
SELECT is(pg_temp.under($$ UPDATE w.settings SET language = 'en' $$, $$ SELECT label FROM w.labels WHERE kind = 'segment' AND value = 'champions' $$), 'champions', '... and in English');
SELECT is(pg_temp.under($$ UPDATE w.segments SET segment = 'My own' $$, $$ SELECT string_agg(label, ',') FROM w.labels WHERE kind = 'segment' AND value = 'My own' $$), 'My own', 'a segment of the owner is called as it is');

-- --- What is made later, and made again ---

SELECT lives_ok($$ SELECT attach_orders('orders', workspace => 'fresh', time_zone => 'UTC', diagnose => false); UPDATE fresh.settings SET language = 'ru', rfm_bins = 5; DELETE FROM fresh.segments;
    SELECT attach_answers('answers', workspace => 'fresh'), upgrade_workspace('fresh') $$, 'a new workspace in Russian');
SELECT bag_eq($$ SELECT * FROM pg_temp.texts('fresh') WHERE place NOT LIKE 'touchpoint.307%' $$, $$ SELECT * FROM russian WHERE place NOT LIKE 'touchpoint.307%' $$, '... has its texts in it, those that are made later too');
SELECT is((SELECT touchpoint FROM fresh.touchpoint_catalogue WHERE "position" = 307), 'доставка', '... and every name, as nobody had spoken of one yet');
SELECT is(pg_temp.under($$ SELECT detach_orders('fresh'); UPDATE fresh.settings SET language = 'en'; SELECT upgrade_workspace('fresh') $$,
    $$ SELECT count(*) FROM (SELECT * FROM pg_temp.texts('fresh') EXCEPT SELECT * FROM english) x $$), '0', 'orders may be detached meanwhile');

-- --- Stored figures ---

SELECT lives_ok(format('SELECT pg_temp.attach_all(%1$L, %1$L); SELECT attach_survey(%2$L, workspace => %1$L)', storage, 'survey'), storage) FROM unnest('{materialized,incremental}'::text[]) storage;
UPDATE materialized.settings SET language = 'ru';
UPDATE incremental.settings SET language = 'ru';
SELECT bag_eq(format('SELECT * FROM pg_temp.texts(%L)', storage), $$ SELECT r.place, CASE r.place WHEN 'question.buy_again.options' THEN '{yes,perhaps,no}' ELSE r.said END FROM russian r $$, 'tables with storage ' || storage)
FROM unnest('{materialized,incremental}'::text[]) storage;
SELECT is((SELECT description FROM incremental.data_quality WHERE reason = 'used'), 'Учтены в отчётах', 'what views say follows');
SELECT is((SELECT description FROM materialized.answer_quality WHERE reason = 'no_time'), 'without a time', '... where it is stored, not yet');
SELECT lives_ok($$ SELECT refresh_workspace('materialized') $$, 'refresh');
SELECT is((SELECT description FROM materialized.answer_quality WHERE reason = 'no_time'), 'без времени', '... now it does');
SELECT is((SELECT description FROM materialized.survey_quality WHERE reason = 'no_time'), 'Без времени', '... everywhere');
SET LOCAL session_replication_role = replica; -- as the trigger that misses something
INSERT INTO incremental.missed_changes VALUES ('2025-05-05 05:05+00', 'orders');
SET LOCAL session_replication_role = origin;
SELECT is((SELECT description FROM incremental.data_quality WHERE reason = 'missed'), 'То, что не смогли прочитать триггеры, с 2025-05-05 05:05 UTC: подключите заказы заново', 'what triggers missed');

-- --- Who may ---

CREATE ROLE clientele_linguist;
CREATE ROLE clientele_reader_of_texts;
CREATE ROLE clientele_neighbour;
GRANT USAGE ON SCHEMA fresh TO clientele_linguist, clientele_reader_of_texts;
GRANT SELECT ON ALL TABLES IN SCHEMA fresh TO clientele_linguist, clientele_reader_of_texts;
GRANT UPDATE ON fresh.settings, fresh.approaches, fresh.policies, fresh.segments, fresh.benchmarks, fresh.touchpoint_catalogue, fresh.questions, fresh.nps_advice TO clientele_linguist;
REVOKE USAGE ON SCHEMA public FROM PUBLIC;
SELECT is(pg_temp.under($$ SET LOCAL ROLE clientele_linguist; UPDATE fresh.settings SET language = 'en'; RESET ROLE $$, $$ SELECT count(*) FROM (SELECT * FROM pg_temp.texts('fresh') EXCEPT SELECT * FROM english) x $$), '0', 'who may edit settings and texts may switch, and need not look into the schema of the extension');
SELECT is(pg_temp.under($$ SET LOCAL ROLE clientele_linguist; UPDATE fresh.settings SET enough = 7; RESET ROLE $$, 'SELECT enough FROM fresh.settings'), '7', '... and change other settings');
SELECT is(pg_temp.under($$ REVOKE UPDATE ON fresh.policies FROM clientele_linguist; SET LOCAL ROLE clientele_linguist $$, 'UPDATE fresh.settings SET language = ''en'' RETURNING 1'), '42501 permission denied for table policies', 'who may not write a text may not switch it');
SELECT is(pg_temp.under($$ SET LOCAL ROLE clientele_reader_of_texts $$, 'UPDATE fresh.settings SET language = ''en'' RETURNING 1'), '42501 permission denied for table settings', 'a reader may not switch');
SELECT is(pg_temp.under($$ SET LOCAL ROLE clientele_reader_of_texts $$, $$ SELECT count(*) FROM fresh.express_test, fresh.labels WHERE advice ~ '[а-я]' AND label = 'чемпионы' $$), '1', '... and reads in the language of the settings');
GRANT USAGE ON SCHEMA public TO PUBLIC;
SELECT is(pg_temp.under($$ ALTER TABLE fresh.approaches OWNER TO clientele_neighbour; UPDATE fresh.settings SET language = 'en' $$, $$ SELECT string_agg(place, ',' ORDER BY place) FROM (SELECT * FROM pg_temp.texts('fresh') EXCEPT SELECT * FROM english) x $$),
    'approach.at_risk,approach.lost,approach.new,approach.occasional,approach.regular,approach.second_order_due', 'what lies there of somebody else is left alone');
SELECT * FROM finish();
ROLLBACK;
