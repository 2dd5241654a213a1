-- The knowledge base of a workspace: what it refuses, its search, and the questions of customers that it does not answer,
-- against plain SQL on random texts
BEGIN;
SELECT no_plan();
SET client_min_messages = warning;
\ir include/under.sql
\ir include/plan_of.sql

CREATE TABLE orders AS SELECT n % 9 AS customer, date '2024-01-01' + n AS ordered_at, 5 AS amount FROM generate_series(0, 499) n;
SELECT lives_ok($$ SELECT attach_orders('orders', workspace => 'w', time_zone => 'UTC', diagnose => false) $$, 'attach orders');
SELECT is_empty('SELECT * FROM w.knowledge_base', 'it comes empty');
SELECT is_empty('SELECT * FROM w.find_answers(''return'')', '... with nothing to find');

-- what is refused, in words; languages
SELECT is(pg_temp.under('INSERT INTO w.knowledge_base (question, answer, language) VALUES ' || given, 'SELECT 1'), format('23514 new row for relation "knowledge_base" violates check constraint "%s"', rule), given)
FROM (VALUES ('('' '', ''a'', NULL)', 'question is not empty'), ('(''q'', '''', NULL)', 'answer is not empty'), ('(''q'', ''a'', ''klingon'')', 'language is a text search configuration'),
    ('(''q'', ''a'', ''public.english'')', 'language is a text search configuration')) v(given, rule);
SELECT is(pg_temp.under('UPDATE w.settings SET text_search = ''' || name || '''', 'SELECT 1'), '23514 new row for relation "settings" violates check constraint "text_search is a text search configuration of the server"', 'refused: ' || name)
FROM unnest(ARRAY['klingon', '', 'English', 'pg_catalog.english']) name;
CREATE TEXT SEARCH CONFIGURATION public."Ours" (COPY = pg_catalog.german);
INSERT INTO w.knowledge_base (question, answer, keywords) VALUES ('Do you roast decaf?', 'On Mondays.', NULL);
UPDATE w.settings SET text_search = 'english';
INSERT INTO w.knowledge_base (question, answer, keywords, language) VALUES
    ('How do I return a parcel?', 'Put the label from the box on it.', 'send back, refund', NULL), ('When do you deliver?', 'Within two days. You can refuse the parcel.', 'delivery, shipping', 'english'),
    ('Wie lange dauern Lieferungen?', 'Zwei Tage.', NULL, 'public."Ours"'), ('Versand ins Ausland?', 'Ja, in alle Länder.', NULL, 'german');
SELECT results_eq('SELECT question, language FROM w.knowledge_base ORDER BY id', $$ VALUES ('Do you roast decaf?', 'simple'), ('How do I return a parcel?', 'english'), ('When do you deliver?', 'english'),
    ('Wie lange dauern Lieferungen?', 'public."Ours"'), ('Versand ins Ausland?', 'german') $$, 'an entry without a language gets that of the settings');
UPDATE w.knowledge_base SET language = NULL WHERE question ~ 'decaf';
SELECT is((SELECT language FROM w.knowledge_base WHERE question ~ 'decaf'), 'english', '... also later');

-- the search: words of a query as each entry's language reads them, all of them before some
SELECT is((SELECT string_agg(left(question, 12) || CASE WHEN all_words THEN '' ELSE ' (some)' END, ', ') FROM w.find_answers(query)), expected, 'looked for: ' || query)
FROM (VALUES ('returning parcels', 'How do I ret, When do you  (some)'), ('parcel', 'How do I ret, When do you '), ('refund', 'How do I ret'), ('refunds for kangaroos', 'How do I ret (some)'), ('Lieferung', 'Wie lange da'),
    ('lieferung ausland', 'Wie lange da (some), Versand ins  (some)'), ('parcel -refuse', 'How do I ret'), ('return -refund', NULL), ('"roast decaf"', 'Do you roast'), ('"decaf roast"', 'Do you roast (some)'),
    ('kangaroo', NULL), ('', NULL), ('the', NULL), ('decaf or refund', 'Do you roast, How do I ret'), ('''"\ & | ! ( return', 'How do I ret'), ('decaf ''\''', 'Do you roast')) v(query, expected);
SELECT is((SELECT count(*) FROM w.find_answers('parcel', n)), least(n, 2)::bigint, 'at most ' || n) FROM unnest('{0,1,5}'::integer[]) n;
SELECT is_empty('SELECT * FROM w.find_answers(''parcel'', -1) UNION ALL SELECT * FROM w.find_answers(NULL)', 'at most less than none, and looked for nothing');
SELECT is((SELECT count(*) FROM w.find_answers('parcel', NULL)), 2::bigint, 'all there are');
SELECT is((SELECT count(*) FROM w.find_answers('decaf, parcel and much more that nobody asked for in a long sentence')), 3::bigint, 'words that are nowhere do not hide the others');
SELECT is((SELECT bool_and(rank > 0) FROM w.find_answers('parcel')), true, 'ranks are above 0');
DROP TEXT SEARCH CONFIGURATION public."Ours";
SELECT lives_ok('SELECT * FROM w.find_answers(''Lieferungen'')', 'a language that is gone does no harm');
UPDATE w.knowledge_base SET language = 'german' WHERE question ~ '^Wie';
SELECT is((SELECT string_agg(left(question, 12), ', ') FROM w.find_answers('Lieferung')), 'Wie lange da', '... until it is changed');

-- an index serves it
SELECT is(tgname, 'keep_words', 'words have a trigger') FROM pg_trigger WHERE tgrelid = 'w.knowledge_base'::regclass AND NOT tgisinternal;
INSERT INTO w.knowledge_base (question, answer) SELECT 'Question ' || n || ' about topic' || n % 500, 'Answer ' || md5(n::text) FROM generate_series(1, 5000) n;
ANALYZE w.knowledge_base;
SET LOCAL enable_seqscan = off; -- of so few entries
SELECT isnt_empty($$ SELECT line FROM pg_temp.plan_of('SELECT * FROM w.find_answers(''topic77'')') line WHERE line ~ 'Bitmap Index Scan on knowledge_base_words' $$, 'words are found by an index');
SELECT is((SELECT count(*) FROM w.find_answers('topic77', 100)), 10::bigint, '... all of them');
DELETE FROM w.knowledge_base WHERE question ~ '^Question ';

-- A configuration that gets another name, whose name another one takes, and words that somebody writes
CREATE TEXT SEARCH CONFIGURATION public.ours (COPY = pg_catalog.english);
INSERT INTO w.knowledge_base (question, answer, language) VALUES ('Are kangaroos quokkas?', 'No.', 'public.ours');
SELECT is((SELECT count(*) FROM w.find_answers('kangaroo quokka')), 1::bigint, 'words of a configuration');
ALTER TEXT SEARCH CONFIGURATION public.ours RENAME TO theirs;
SELECT is((SELECT count(*) FROM w.find_answers('kangaroos')), 1::bigint, '... are found after it was renamed, as simple ones');
CREATE TEXT SEARCH CONFIGURATION public.ours (COPY = pg_catalog.german);
SELECT is((SELECT count(*) FROM w.find_answers('quokkas')), 1::bigint, '... and as those of another one of the name');
UPDATE w.knowledge_base SET words = 'nonsense', words_by = 1 WHERE language = 'public.ours';
SELECT is((SELECT words_by::regconfig::text FROM w.knowledge_base WHERE language = 'public.ours'), 'ours', 'words are kept by themselves, whatever is written');
SELECT is_empty($$ SELECT * FROM w.find_answers('nonsense') $$, '... which is found nowhere');
DELETE FROM w.knowledge_base WHERE language = 'public.ours';
RESET enable_seqscan;

-- Among many, whatever becomes of the configuration that read them: found are the entries that a reading anew would find
DROP TEXT SEARCH CONFIGURATION public.ours;
ALTER TEXT SEARCH CONFIGURATION public.theirs RENAME TO ours;
INSERT INTO w.knowledge_base (question, answer, language) SELECT 'Question ' || n || ' about ' || CASE n % 500 WHEN 77 THEN 'kettles' WHEN 78 THEN 'Lieferungen' ELSE 'cups' END, 'Answer', 'public.ours' FROM generate_series(1, 5000) n;
CREATE FUNCTION pg_temp.found_after(statement text, configuration regconfig) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE statement;
    RETURN QUERY SELECT is((SELECT count(*) FROM w.find_answers(query, NULL) f WHERE f.question ~ '^Question ' AND f.all_words),
        (SELECT count(*) FROM w.knowledge_base WHERE question ~ '^Question ' AND to_tsvector(configuration, question) @@ websearch_to_tsquery(configuration, query)), statement || ': ' || query)
    FROM unnest('{kettle,kettles,Lieferungen,Lieferung}'::text[]) query;
END
$$;
SELECT pg_temp.found_after(statement, configuration) FROM (VALUES ('ANALYZE w.knowledge_base', 'english'::regconfig), ('ALTER TEXT SEARCH CONFIGURATION public.ours RENAME TO theirs', 'simple'),
    ('CREATE TEXT SEARCH CONFIGURATION public.ours (COPY = pg_catalog.german)', 'german'), ('UPDATE w.knowledge_base SET updated_on = ''2020-02-02'' WHERE question ~ ''^Question .*7 ''', 'german'),
    ('DROP TEXT SEARCH CONFIGURATION public.ours', 'simple'), ('SELECT upgrade_workspace(''w'')', 'simple'), ('ALTER TEXT SEARCH CONFIGURATION public.theirs RENAME TO ours', 'english'),
    ('SELECT upgrade_workspace(''w'')', 'english'), ('ALTER TABLE w.knowledge_base DISABLE TRIGGER keep_words; UPDATE w.knowledge_base SET words = NULL, words_by = NULL; ALTER TABLE w.knowledge_base ENABLE TRIGGER keep_words', 'english'),
    ('DROP TRIGGER keep_words ON w.knowledge_base; ALTER TABLE w.knowledge_base DROP CONSTRAINT "language is a text search configuration"; UPDATE w.knowledge_base SET question = replace(question, ''cups'', ''kettles''); ALTER TEXT SEARCH CONFIGURATION public.ours RENAME TO theirs; SELECT upgrade_workspace(''w'')', 'simple'),
    ('ALTER TEXT SEARCH CONFIGURATION public.theirs RENAME TO ours', 'english'), ('SELECT upgrade_workspace(''w'')', 'english')) v(statement, configuration);
SELECT set_eq('SELECT id, words, words_by FROM w.knowledge_base', $$ SELECT id, _clientele.workspace_entry_words(c, question, keywords, answer), c::oid FROM w.knowledge_base, LATERAL _clientele.workspace_text_search(language) c $$, 'words are those of a reading anew');
SELECT has_index('w', 'knowledge_base', 'knowledge_base_words', '{words}'::name[], '... and have their index again');
DELETE FROM w.knowledge_base WHERE question ~ '^Question ';

-- questions that it does not answer: by hand
CREATE TABLE answers (id integer, customer integer, answered_at timestamp, score integer, comment text, kind text);
INSERT INTO answers VALUES
    (1, 1, '2024-05-01', 5, 'Can I return the parcel?', 'question'), (2, 2, '2024-05-02', 5, 'Do you sell kangaroos?', 'Question'), (3, 3, '2024-05-03', 5, E'do you  SELL\n kangaroos? ', ' question '), (4, 3, '2024-05-01', 5, 'do you sell kangaroos?', 'question'),
    (5, NULL, '2024-05-04', 5, 'Kann man Ihre Rösterei besichtigen?', 'question'), (6, 4, '2024-05-05', 5, 'Liefern Sie ins Ausland?', 'question'), (7, 4, '2024-05-05', 5, 'Bad coffee', 'negative'), (8, 4, '2024-05-05', 5, 'Why?', NULL),
    (9, 5, 'infinity', 5, 'Infinitely late?', 'question'), (10, 5, NULL, 5, 'Without a time?', 'question'), (11, 5, '2030-01-01', 5, 'Not asked yet?', 'question'), (12, 5, '2024-05-06', 5, '  ', 'question'), (13, 5, '2024-05-06', 5, NULL, 'question'),
    (14, 6, '2024-05-06', 5, '???', 'question'), (15, 7, '2024-05-07', 5, 'what about the', 'question');
SELECT lives_ok($$ SELECT _clientele.workspace_attach('w', 'answers', 'answers', '{"scale": "0-10"}') $$, 'attach answers');
SELECT results_eq('SELECT "position", customer, day, comment, times_asked, customers FROM w.open_questions ORDER BY "position"', $$ VALUES
    (1::bigint, 3, date '2024-05-03', E'do you  SELL\n kangaroos? ', 3::bigint, 2::bigint), (2, 7, '2024-05-07', 'what about the', 1, 1), (3, 6, '2024-05-06', '???', 1, 1), (4, NULL, '2024-05-04', 'Kann man Ihre Rösterei besichtigen?', 1, 0) $$,
    'what no entry answers in its language, the most frequent first; words that say nothing are no match');
DELETE FROM w.knowledge_base;
SELECT is((SELECT count(*) FROM w.open_questions), 6::bigint, 'without an entry all are open');
UPDATE w.settings SET as_of = '2024-05-03';
SELECT results_eq('SELECT comment, times_asked FROM w.open_questions', $$ VALUES ('Do you sell kangaroos?', 2::bigint), ('Can I return the parcel?', 1) $$, '... of days before the reporting date');
UPDATE w.settings SET as_of = 'auto';

-- against plain SQL: at least half of the words that are in no more than a tenth of the entries, or in two
SELECT setseed(0.51);
INSERT INTO w.knowledge_base (question, answer, keywords, language)
SELECT string_agg(DISTINCT 'w' || (60 * random() ^ 3)::integer, ' '), 'w' || (80 * random())::integer, CASE WHEN n % 3 = 0 THEN 'w' || (90 * random())::integer END, (ARRAY['simple', 'english'])[1 + n % 2]
FROM generate_series(1, 12) n, generate_series(1, 5) GROUP BY n;
TRUNCATE answers;
INSERT INTO answers
SELECT n, (20 * random())::integer, timestamp '2024-03-01' + n * interval '1 hour', 5, string_agg(CASE WHEN random() < 0.1 THEN 'the' ELSE 'W' || (90 * random() ^ 2)::integer END, CASE WHEN n % 2 = 0 THEN ' ' ELSE ', ' END), CASE WHEN n % 7 > 0 THEN 'question' END
FROM generate_series(1, 900) n, LATERAL generate_series(1, 1 + n % 6) GROUP BY n;
INSERT INTO answers SELECT id + 1000, customer + 1, answered_at + interval '1 day', score, comment, kind FROM answers WHERE id % 5 = 0;
CREATE VIEW plain_open AS
WITH entry AS (SELECT id, language, tsvector_to_array(to_tsvector(language::regconfig, concat_ws(' ', question, keywords, answer))) AS words FROM w.knowledge_base),
asked AS (SELECT lower(comment) AS asked, count(*) AS times_asked, count(DISTINCT customer) AS customers, max(answered_at)::date AS day FROM answers WHERE kind = 'question' GROUP BY lower(comment)),
told AS (
    SELECT a.asked, e.id, count(*) FILTER (WHERE t.telling) AS telling, count(*) FILTER (WHERE t.telling AND t.word = ANY (e.words)) AS shared
    FROM asked a CROSS JOIN entry e
    LEFT JOIN LATERAL (
        SELECT word, (SELECT count(*) FROM entry x WHERE x.language = e.language AND word = ANY (x.words)) <= greatest(2, (SELECT count(*) FROM entry x WHERE x.language = e.language) / 10) AS telling
        FROM unnest(tsvector_to_array(to_tsvector(e.language::regconfig, a.asked))) word) t ON true
    GROUP BY a.asked, e.id HAVING count(t.word) > 0)
SELECT a.* FROM asked a WHERE NOT EXISTS (SELECT FROM told t WHERE t.asked = a.asked AND 2 * t.shared >= t.telling);
SELECT bag_eq('SELECT lower(comment), times_asked, customers, day FROM w.open_questions', 'SELECT * FROM plain_open', 'open questions');
SELECT cmp_ok((SELECT count(*) FROM plain_open), '>', 50::bigint, '... some');
SELECT cmp_ok((SELECT count(*) FROM plain_open), '<', (SELECT count(DISTINCT lower(comment)) - 50 FROM answers WHERE kind = 'question'), '... and not all');
DELETE FROM w.knowledge_base WHERE id NOT IN (SELECT id FROM w.knowledge_base ORDER BY id LIMIT 3);
SELECT bag_eq('SELECT lower(comment), times_asked, customers, day FROM w.open_questions', 'SELECT * FROM plain_open', 'with few entries');
SELECT is((SELECT array_agg(customer ORDER BY "position") FROM w.open_questions), (
    SELECT array_agg((SELECT x.customer FROM answers x WHERE lower(x.comment) = p.asked AND kind = 'question' ORDER BY x.answered_at DESC LIMIT 1) ORDER BY p.times_asked DESC, p.day DESC, p.asked COLLATE "C") FROM plain_open p), 'in order, with the last who asked');

-- kept, and taken away with the rest; without comments or kinds nobody asks
DROP VIEW plain_open;
CREATE TABLE before AS SELECT * FROM w.knowledge_base;
SELECT lives_ok($$ SELECT detach_orders('w'); SELECT upgrade_workspace('w'); SELECT attach_orders('orders', workspace => 'w', storage => 'materialized', diagnose => false) $$, 'detach, upgrade, store figures');
SELECT set_eq('SELECT * FROM w.knowledge_base', 'SELECT * FROM before', '... keep the entries');
SELECT is((SELECT count(*) FROM w.find_answers((SELECT question FROM before LIMIT 1), 1)), 1::bigint, '... which are searched again');
SELECT lives_ok($$ SELECT _clientele.workspace_attach('w', 'answers', 'answers', '{"comment": ""}') $$, 'no comments');
SELECT is_empty('SELECT * FROM w.open_questions', '... no questions');
SELECT lives_ok($$ SELECT _clientele.workspace_attach('w', 'answers', 'answers', '{"comment": "comment", "kind": ""}') $$, 'no kinds');
SELECT is_empty('SELECT * FROM w.open_questions', '... no questions either');
CREATE ROLE clientele_searcher;
SELECT lives_ok($$ SELECT grant_workspace('w', 'clientele_searcher') $$, 'grant');
SELECT is(pg_temp.under('SET LOCAL ROLE clientele_searcher', 'SELECT count(*) FROM w.find_answers(''w1'', 1)'), '1', 'whoever may read it searches');
GRANT INSERT, UPDATE ON w.knowledge_base TO clientele_searcher;
REVOKE USAGE ON SCHEMA public FROM PUBLIC;
SELECT is(pg_temp.under($$ SET LOCAL ROLE clientele_searcher; INSERT INTO w.knowledge_base (id, question, answer) VALUES (99999, 'Zebras?', 'No.') $$, $$ SELECT count(*) FROM w.find_answers('zebra') $$), '1', 'who edits entries need not look into the schema of the extension');
SELECT lives_ok($$ SELECT drop_workspace('w') $$, 'drop');
SELECT is(to_regprocedure('w.find_answers(text,integer)'), NULL, '... takes the search too');

SELECT * FROM finish();
ROLLBACK;
