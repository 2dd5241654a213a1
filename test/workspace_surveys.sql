-- attach_survey() and detach_survey(): the views on answers to questionnaires against plain SQL, on random and hostile rows;
-- respondents who are no customers; what the table questions refuses; errors; kept when orders are attached again
BEGIN;
SELECT no_plan();
SET client_min_messages = warning;
\ir include/refuses.sql
\ir include/under.sql

SELECT setseed(0.41);
CREATE TABLE orders AS
SELECT (100 * random() ^ 2)::integer AS customer, date '2024-01-01' + (random() * 500)::integer AS ordered_at, (random() * 100)::numeric(10, 2) AS amount,
    (ARRAY['web', 'shop', NULL])[1 + n % 3] AS source
FROM generate_series(1, 2000) n;
CREATE TABLE people AS SELECT n AS id, (ARRAY['north', 'unknown', NULL])[1 + n % 3] AS region, 'tier ' || n % 2 AS stage FROM generate_series(0, 90) n;
SELECT lives_ok($$ SELECT attach_orders('orders', workspace => 'w', time_zone => 'America/New_York', diagnose => false);
    SELECT attach_customers('people', dimensions => '{region,stage}', workspace => 'w') $$, 'attach orders and customers');
SELECT results_eq('SELECT questionnaire, question, kind, options[1] FROM w.questions ORDER BY questionnaire, "position"', $$ VALUES ('loyalty', 'recommend', 'single', '0'), ('loyalty', 'make_it_a_10', 'free', NULL),
    ('loyalty', 'buy_again', 'single', 'yes'), ('staff', 'polite', 'single', 'yes'), ('staff', 'offers_extras', 'single', 'yes'), ('staff', 'tells_of_programme', 'single', 'yes'),
    ('staff', 'knows_wishes', 'single', 'yes'), ('staff', 'asks_for_feedback', 'single', 'yes') $$, 'two questionnaires come with the workspace');

-- questions of every kind, asked again, answered twice at the same time, skipped; respondents, questions and times that are not there
INSERT INTO w.questions VALUES ('hobby', 'about you', 1, 'What do you do in your free time?', 'multiple', '{sport,music,sport," reading "}'), ('pets', 'about you', 2, 'Any pets?', 'multiple', NULL),
    ('never asked', 'about you', 3, 'Nobody is asked this', 'single', '{a,b}'), ('lost', 'lost sheet', 1, 'Nor this', 'single', '{a,b}');
CREATE TABLE survey (respondent numeric, question varchar(40), answer text COLLATE "C", answered_at timestamptz);
INSERT INTO survey
SELECT CASE WHEN random() < 0.02 THEN NULL ELSE (120 * random())::integer + CASE WHEN random() < 0.02 THEN 0.5 ELSE 0.0 END END, q.question,
    CASE q.question WHEN 'recommend' THEN (10 * random() ^ 0.5)::integer::text WHEN 'make_it_a_10' THEN 'wish ' || n WHEN 'polite' THEN (ARRAY['yes', 'no', 'Yes '])[1 + n % 3]
        WHEN 'hobby' THEN (ARRAY['sport', 'music', ' reading', 'chess'])[1 + (4 * random() ^ 2)::integer % 4] WHEN 'pets' THEN (ARRAY['cat', 'dog'])[1 + n % 2]
        WHEN 'essay' THEN 'text ' || n % 60 WHEN 'colours' THEN (ARRAY['red', 'blue', 'Blue'])[1 + (3 * random())::integer % 3] WHEN 'silence' THEN '   '
        ELSE (ARRAY['young', 'old'])[1 + n % 2] END,
    CASE WHEN random() < 0.01 THEN NULL WHEN random() < 0.01 THEN (ARRAY[timestamptz 'infinity', '-infinity', '0044-03-15 12:00+00 BC', '294276-12-31 23:59:59+00'])[1 + n % 4]
        ELSE timestamptz '2024-05-01 00:00+00' + (40 * random() ^ 3)::integer * interval '3 days' + n % 3 * interval '5 hours' END
FROM generate_series(1, 6000) n
JOIN (VALUES (0, 'recommend'), (1, ' make_it_a_10'), (2, 'polite '), (3, 'hobby'), (4, 'pets'), (5, 'essay'), (6, 'colours'), (7, 'silence'), (8, NULL), (9, ' ')) q(number, question) ON q.number = n % 13 % 10;
UPDATE survey SET answer = NULL WHERE random() < 0.1;
UPDATE survey SET question = btrim(question) WHERE random() < 0.9;
INSERT INTO survey SELECT DISTINCT ON (respondent) respondent, 'age', answer, '2024-05-03 12:00+00' FROM survey WHERE respondent IS NOT NULL; -- once each
SELECT lives_ok($$ SELECT attach_survey('survey', workspace => 'w') $$, 'attach the survey');

-- what counts, in plain SQL
CREATE TABLE counted (respondent numeric, question text, answer text, day date);
CREATE FUNCTION pg_temp.count_plainly() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    TRUNCATE counted;
    CREATE TEMP TABLE clean AS
    SELECT respondent, btrim(question) AS question, nullif(btrim(answer), '') AS answer, answered_at, (answered_at AT TIME ZONE s.time_zone)::date AS day
    FROM survey, w.settings s, w.reporting_date r
    WHERE respondent IS NOT NULL AND btrim(question) <> '' AND answered_at > '2000-01-01' AND answered_at < '3000-01-01' AND (answered_at AT TIME ZONE s.time_zone)::date < r.as_of;
    CREATE INDEX ON clean (respondent, question);
    INSERT INTO counted
    SELECT DISTINCT c.respondent, c.question, c.answer, c.day
    FROM clean c LEFT JOIN w.questions q ON q.question = c.question
    WHERE NOT EXISTS (
        SELECT FROM clean x WHERE x.respondent = c.respondent AND x.question = c.question AND (x.day > c.day OR x.day = c.day AND (
            x.answer IS NOT NULL AND c.answer IS NULL
            OR q.kind = 'single' AND (x.answer IS NULL) = (c.answer IS NULL) AND (x.answered_at, c.answer COLLATE "C") > (c.answered_at, x.answer COLLATE "C"))));
    DROP TABLE clean;
END
$$;
CREATE VIEW plain_questions AS
SELECT coalesce(c.question, q.question) AS question, q.questionnaire, q."position", coalesce(q.question_text, c.question) AS question_text, q.options,
    coalesce(q.kind, CASE WHEN c.choices > 50 THEN 'free' WHEN c.most > 1 THEN 'multiple' ELSE 'single' END) AS kind, coalesce(c.base, 0) AS base, coalesce(c.answers, 0) AS answers,
    coalesce(c.skipped, 0) AS skipped, (SELECT count(DISTINCT x.respondent) FROM counted x JOIN w.questions y ON y.question = x.question WHERE y.questionnaire = q.questionnaire) AS everybody
FROM (SELECT question, count(DISTINCT answer) AS choices, count(DISTINCT respondent) FILTER (WHERE answer IS NOT NULL) AS base, count(answer) AS answers,
          count(DISTINCT respondent) FILTER (WHERE answer IS NULL) AS skipped,
          (SELECT max(n) FROM (SELECT count(answer) AS n FROM counted y WHERE y.question = x.question GROUP BY y.respondent) z) AS most
      FROM counted x GROUP BY question) c
FULL JOIN w.questions q ON q.question = c.question;
CREATE VIEW plain_choices AS
SELECT question, answer, min(place) AS place
FROM (SELECT question, answer, NULL::bigint AS place FROM counted WHERE answer IS NOT NULL
      UNION ALL SELECT question, btrim(o.answer), o.place FROM w.questions, unnest(options) WITH ORDINALITY o(answer, place)) u
GROUP BY question, answer;
CREATE VIEW plain_tallies AS
SELECT q.questionnaire, q."position" AS question_position, q.question, q.question_text, q.kind, c.answer, CASE WHEN q.kind = 'free' THEN q.answers ELSE coalesce(n.given, 0) END AS answers,
    CASE WHEN q.kind = 'free' THEN q.base ELSE coalesce(n.given, 0) END AS respondents, q.base AS base_respondents, q.answers AS base_answers, q.skipped,
    CASE WHEN q.questionnaire IS NOT NULL THEN q.everybody - q.base - q.skipped END AS not_asked, q.base >= s.enough AS enough, c.place
FROM plain_questions q CROSS JOIN w.settings s
LEFT JOIN plain_choices c ON c.question = q.question AND q.kind <> 'free'
LEFT JOIN LATERAL (SELECT count(DISTINCT respondent) AS given FROM counted x WHERE x.question = q.question AND x.answer = c.answer) n ON true
WHERE q.everybody > 0 OR EXISTS (SELECT FROM counted x WHERE x.question = q.question);
CREATE VIEW plain_by_dimension AS
WITH member AS (
    SELECT c.respondent, c.question, c.answer, d.dimension, CASE WHEN k.customer IS NULL THEN 'unknown' ELSE coalesce(d.value, 'none') END AS value
    FROM counted c LEFT JOIN w.customers k ON k.customer = c.respondent
    CROSS JOIN LATERAL (VALUES ('stage', k.stage), ('abc', k.abc), ('xyz', k.xyz), ('cell', k.cell), ('rfm_segment', k.segment)) d(dimension, value)
    UNION ALL
    SELECT c.respondent, c.question, c.answer, replace(d.dimension, 'stage', 'customer_stage'), coalesce(v.value, 'unknown')
    FROM counted c CROSS JOIN (SELECT DISTINCT dimension FROM w.customer_dimensions) d
    LEFT JOIN w.customer_dimensions v ON v.customer = c.respondent AND v.dimension = d.dimension)
SELECT q.questionnaire, q."position" AS question_position, q.question, q.question_text, q.kind, c.answer, m.dimension, m.value,
    count(DISTINCT m.respondent) FILTER (WHERE m.answer = c.answer) AS respondents, count(DISTINCT m.respondent) AS base_respondents, count(DISTINCT m.respondent) >= s.enough AS enough
FROM plain_questions q JOIN plain_choices c ON c.question = q.question JOIN member m ON m.question = q.question AND m.answer IS NOT NULL CROSS JOIN w.settings s
WHERE q.kind <> 'free'
GROUP BY q.questionnaire, q."position", q.question, q.question_text, q.kind, c.answer, m.dimension, m.value, s.enough;
CREATE FUNCTION pg_temp.same_survey(setting text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'UPDATE w.settings SET ' || setting;
    PERFORM pg_temp.count_plainly();
    RETURN NEXT bag_eq('SELECT respondent, customer, question, answer, day FROM w.survey_answers', $q$
        SELECT trim_scale(respondent)::text, CASE WHEN respondent = trunc(respondent) THEN respondent::integer END, question, answer, day FROM counted $q$, 'survey_answers with ' || setting);
    RETURN NEXT bag_eq('SELECT questionnaire, question_position, question, question_text, kind, answer, answers, respondents, base_respondents, base_answers, skipped, not_asked, enough FROM w.survey_tallies',
        'SELECT questionnaire, question_position, question, question_text, kind, answer, answers, respondents, base_respondents, base_answers, skipped, not_asked, enough FROM plain_tallies', 'survey_tallies with ' || setting);
    RETURN NEXT is_empty($q$
        SELECT t.*, w.* FROM w.survey_tallies t LEFT JOIN LATERAL wilson_interval(t.respondents, t.base_respondents) w ON t.kind <> 'free'
        WHERE (pct_of_respondents, pct_lower, pct_upper) IS DISTINCT FROM (100 * w.estimate, 100 * w.lower, 100 * w.upper)
            OR round(pct_of_answers::numeric, 9) IS DISTINCT FROM CASE WHEN kind <> 'free' AND answer IS NOT NULL THEN round(100.0 * answers / nullif(base_answers, 0), 9) END $q$, '... its shares');
    RETURN NEXT results_eq('SELECT question, answer FROM w.survey_tallies WHERE answer IS NOT NULL ORDER BY question, answer_position',
        'SELECT question, answer FROM plain_tallies WHERE answer IS NOT NULL ORDER BY question, place, answers DESC, answer COLLATE "C"', '... in order');
    RETURN NEXT bag_eq('SELECT questionnaire, question_position, question, question_text, kind, answer, dimension, value, respondents, base_respondents, enough FROM w.survey_by_dimension',
        'SELECT * FROM plain_by_dimension', 'survey_by_dimension with ' || setting);
    RETURN NEXT is_empty($q$
        SELECT d.* FROM w.survey_by_dimension d JOIN w.survey_tallies t USING (question, answer) CROSS JOIN LATERAL wilson_interval(d.respondents, d.base_respondents) w
        WHERE d.answer_position <> t.answer_position OR (d.pct_of_respondents, d.pct_lower, d.pct_upper) IS DISTINCT FROM (100 * w.estimate, 100 * w.lower, 100 * w.upper) $q$, '... its shares');
    RETURN NEXT is_empty($q$
        SELECT d.question, d.answer, d.dimension FROM w.survey_by_dimension d JOIN w.survey_tallies t USING (question, answer)
        GROUP BY 1, 2, 3, t.respondents, t.base_respondents HAVING sum(d.respondents) <> t.respondents OR sum(d.base_respondents) <> t.base_respondents $q$, '... each dimension adds up to all');
    RETURN NEXT results_eq('SELECT reason, answer_rows FROM w.survey_quality ORDER BY "position"', $q$
        SELECT v.reason, count(s.reason) FROM (VALUES (1, 'used'), (2, 'no_respondent'), (3, 'no_question'), (4, 'no_time'), (5, 'invalid_time'), (6, 'future'), (7, 'replaced')) v(place, reason)
        LEFT JOIN (
            SELECT 'used' AS reason FROM counted UNION ALL
            SELECT CASE WHEN respondent IS NULL THEN 'no_respondent' WHEN coalesce(btrim(question), '') = '' THEN 'no_question' WHEN answered_at IS NULL THEN 'no_time'
                WHEN NOT (answered_at > '2000-01-01' AND answered_at < '3000-01-01') THEN 'invalid_time' WHEN (answered_at AT TIME ZONE t.time_zone)::date >= r.as_of THEN 'future' END
            FROM survey, w.settings t, w.reporting_date r
            UNION ALL SELECT 'replaced' FROM generate_series(1, (
                SELECT count(*) FROM survey, w.settings t, w.reporting_date r WHERE respondent IS NOT NULL AND btrim(question) <> '' AND answered_at > '2000-01-01' AND answered_at < '3000-01-01'
                    AND (answered_at AT TIME ZONE t.time_zone)::date < r.as_of) - (SELECT count(*) FROM counted))) s ON s.reason = v.reason
        GROUP BY v.place, v.reason ORDER BY v.place $q$, 'survey_quality with ' || setting);
END
$$;
SELECT pg_temp.same_survey(setting) FROM unnest(ARRAY['as_of = ''auto''', 'as_of = ''2024-06-01'', enough = 60', 'as_of = ''2024-05-02'', class_window = ''7 days''', 'as_of = ''2020-01-01''',
    'as_of = ''9999-12-31'', time_zone = ''Pacific/Kiritimati'', class_window = ''1 month''', 'as_of = ''2024-12-01'', class_window = ''20 days''']) setting;
SELECT results_eq('SELECT question, kind FROM w.survey_tallies GROUP BY 1, 2 ORDER BY 1', $$ VALUES ('age', 'single'), ('colours', 'multiple'), ('essay', 'free'), ('hobby', 'multiple'), ('buy_again', 'single'),
    ('make_it_a_10', 'free'), ('never asked', 'single'), ('pets', 'multiple'), ('polite', 'single'), ('recommend', 'single'), ('silence', 'single'), ('asks_for_feedback', 'single'), ('knows_wishes', 'single'),
    ('offers_extras', 'single'), ('tells_of_programme', 'single') ORDER BY 1 $$, 'kinds of questions that are in the table and of those that are not; nobody has the lost sheet');
SELECT is((SELECT bool_or(skipped > 0) AND bool_or(not_asked > 0) AND bool_or(not_asked IS NULL) AND bool_or(respondents = 0 AND answer IS NOT NULL) AND bool_or(base_respondents = 0) AND bool_or(enough) AND bool_or(NOT enough)
        AND bool_or(base_answers > base_respondents) FROM w.survey_tallies), true, 'skipped, not asked, nobody''s and several answers are among them');
SELECT is((SELECT bool_or(value = 'unknown' AND dimension = 'stage') AND bool_or(value = 'none' AND dimension = 'abc') AND bool_or(dimension = 'customer_stage') AND bool_or(dimension = 'first_source') AND bool_or(value = 'unknown' AND dimension = 'region')
    FROM w.survey_by_dimension), true, 'nobody''s, no class, names that meet, sources and values that are called unknown');
SELECT is((SELECT count(*) FROM w.survey_answers WHERE answer_number = 1), (SELECT count(DISTINCT (respondent, question)) FROM counted), 'one of each respondent''s answers to a question is the first');

-- stored figures, edits, detaching and attaching
CREATE TABLE before AS SELECT * FROM w.survey_by_dimension;
CREATE TABLE tallied AS SELECT * FROM w.survey_tallies;
SELECT lives_ok($$ SELECT attach_orders('orders', workspace => 'w', storage => 'materialized', diagnose => false) $$, 'store figures');
SELECT set_eq($$ SELECT relname FROM pg_class WHERE relnamespace = 'w'::regnamespace AND relkind = 'r' AND relname ~ '^survey.*_data$' $$, $$ VALUES ('survey_answers_data'::name), ('survey_tallies_data'), ('survey_by_dimension_data'), ('survey_quality_data') $$, '... those of the survey too');
SELECT pg_temp.same_survey('enough = enough');
DROP VIEW plain_by_dimension, plain_tallies, plain_choices, plain_questions;
SELECT lives_ok($$ SELECT attach_survey('survey', workspace => 'w') $$, 'attach again');
SELECT bag_eq('SELECT * FROM w.survey_by_dimension', 'SELECT * FROM before', '... shows the same');
INSERT INTO survey VALUES (1, 'new', 'x', '2024-05-01 12:00+00');
SELECT is_empty($$ SELECT * FROM w.survey_tallies WHERE question = 'new' $$, 'what is new waits');
SELECT lives_ok($$ SELECT refresh_workspace('w') $$, '... for a refresh');
SELECT isnt_empty($$ SELECT * FROM w.survey_by_dimension WHERE question = 'new' AND dimension = 'region' $$, '... which shows it');
SELECT lives_ok($$ SELECT detach_customers('w') $$, 'detach customers');
SELECT is_empty($$ SELECT * FROM w.survey_by_dimension WHERE dimension IN ('region', 'customer_stage') $$, '... takes their dimensions away at once');
SELECT lives_ok($$ SELECT detach_survey('w') $$, 'detach the survey');
SELECT is_empty($$ SELECT relname FROM pg_class WHERE relnamespace = 'w'::regnamespace AND relname ~ '^survey' AND relname <> 'survey_rows' $$, '... takes the views and what they stored');
SELECT lives_ok($$ SELECT attach_orders('orders', workspace => 'w', storage => 'view', diagnose => false); DELETE FROM survey WHERE question = 'new'; SELECT attach_survey('survey', workspace => 'w') $$, 'from the orders again');
SELECT bag_eq('SELECT * FROM w.survey_tallies', 'SELECT * FROM tallied', '... shows the same');
SELECT lives_ok($$ SELECT detach_orders('w'); SELECT upgrade_workspace('w') $$, 'detach orders and upgrade');
SELECT bag_eq('SELECT * FROM w.survey_tallies', 'SELECT * FROM tallied', '... keep the survey');
SELECT lives_ok($$ SELECT detach_orders('w'); SELECT attach_survey('survey', answer => 'question', workspace => 'w'); SELECT upgrade_workspace('w') $$, 'attached while there are no views');
SELECT is((SELECT count(*) FROM w.survey_tallies WHERE question = 'colours' AND answer = 'colours'), 1::bigint, '... they read the named column');
SELECT lives_ok($$ SELECT attach_survey('survey', answer => 'answer', workspace => 'w') $$, 'another column');

-- without times every row counts; respondents who cannot be customers, of any type
CREATE TABLE house (employee text, question text, answer boolean);
INSERT INTO house VALUES ('Ann', 'polite', true), ('Ben', 'polite', false), ('Cem', 'polite', true), ('Ann', 'knows_wishes', NULL), (' ', 'polite', true), ('Ann', 'polite', true), ('Dora', 'polite', true), ('Dora', 'polite', false);
SELECT results_eq($$ SELECT topic, finding FROM attach_survey('house', respondent => 'employee', workspace => 'w') $$, $$ VALUES ('respondent', 'column employee (text), as given'), ('question', 'column question (text), found by its name'),
    ('answer', 'column answer (boolean), found by its name'), ('used', 'rows: 6 of 8 (75.00 %)'), ('replaced', 'rows: 2 of 8 (25.00 %)'), ('respondents', 'customers with orders: 0 of 5 (0 %)') $$, 'the staff is asked');
SELECT results_eq($$ SELECT answer, respondents, base_respondents, skipped, not_asked FROM w.survey_tallies WHERE question = 'polite' ORDER BY answer_position $$, $$ VALUES ('yes', 0::bigint, 5::bigint, 0::bigint, 0::bigint), ('no', 0, 5, 0, 0), ('true', 3, 5, 0, 0), ('false', 2, 5, 0, 0) $$, '... of several answers to one choice without a time the first in the alphabet counts');
SELECT results_eq($$ SELECT skipped, not_asked FROM w.survey_tallies WHERE question = 'knows_wishes' AND answer = 'yes' $$, 'VALUES (1::bigint, 4::bigint)', '... who was asked and who was not');
SELECT is((SELECT count(*) FROM w.survey_by_dimension WHERE value <> 'unknown'), 0::bigint, '... none of them is a customer');
SELECT is_empty('SELECT * FROM w.survey_answers WHERE day IS NOT NULL OR customer IS NOT NULL', '... nor has a day');
CREATE TYPE mood AS ENUM ('fine', 'sad');
CREATE DOMAIN visitor AS uuid;
CREATE TABLE odd AS SELECT '00000000-0000-0000-0000-00000000000a'::visitor AS respondent, 7::smallint AS question, 'sad'::mood AS answer, date '2024-05-05' AS date;
SELECT lives_ok($$ SELECT attach_survey('odd', workspace => 'w') $$, 'columns of other types');
SELECT results_eq('SELECT question, answer, respondents FROM w.survey_tallies WHERE questionnaire IS NULL', $$ VALUES ('7', 'sad', 1::bigint) $$, '... are shown as text');
TRUNCATE odd;
SELECT is_empty('SELECT * FROM w.survey_tallies', 'without answers there is nothing to tally');
SELECT is_empty('SELECT * FROM w.survey_by_dimension', '... nor to divide');
SELECT is((SELECT sum(answer_rows) FROM w.survey_quality WHERE pct_of_rows IS NULL), 0::numeric, '... nor to leave out');
SELECT results_eq($$ SELECT topic, finding FROM attach_survey('odd', workspace => 'w') WHERE advice IS NOT NULL $$, $$ VALUES ('answers', 'none yet') $$, 'an empty table can be attached');
ALTER TABLE odd RENAME TO odder;
SELECT throws_ok($$ SELECT attach_orders('orders', workspace => 'w', diagnose => false) $$, '42P01', 'the attached table of survey, public.odd, does not exist any more', 'renamed');
SELECT lives_ok($$ SELECT detach_survey('w'); SELECT attach_orders('orders', workspace => 'w', diagnose => false) $$, '... and detached');
SELECT lives_ok($$ SELECT detach_survey('w') $$, 'nothing to detach is no error');

-- several answers in one cell: parted where told, by the table questions, and unnested where it is an array
CREATE TABLE cells AS SELECT * FROM (VALUES (1, 'liked', 'coffee, tea'), (2, 'liked', 'tea,  advice , '), (3, 'liked', 'coffee'), (4, 'liked', ' '), (5, 'liked', NULL), (6, 'liked', 'tea, tea'),
    (1, 'polite', 'yes, always'), (1, 'make_it_a_10', 'less noise, more light')) v(respondent, question, answer);
SELECT results_eq($$ SELECT finding, advice FROM attach_survey('cells', workspace => 'w') WHERE topic = 'separator' $$, $$ VALUES ('several answers seem to be in one cell, ", " between them: 3 rows, of liked',
    'If so: SELECT * FROM attach_survey(''public.cells'', workspace => ''w'', separator => '', '')') $$, 'a separator is found, and the statement for it');
SELECT lives_ok($$ SELECT attach_survey('cells', workspace => 'w', separator => ', ') $$, 'several answers in a cell');
SELECT results_eq($$ SELECT answer, respondents, base_respondents, skipped FROM w.survey_tallies WHERE question = 'liked' ORDER BY answer_position $$,
    $$ VALUES ('tea', 3::bigint, 4::bigint, 2::bigint), ('coffee', 2, 4, 2), ('advice', 1, 4, 2) $$, '... are counted one by one, what is empty is skipped');
SELECT results_eq($$ SELECT answer FROM w.survey_answers WHERE question IN ('polite', 'make_it_a_10') ORDER BY 1 $$, $$ VALUES ('less noise, more light'), ('yes, always') $$, '... but not of one choice, nor texts');
SELECT is((SELECT sum(answer_rows)::bigint FROM w.survey_quality), (SELECT count(*) FROM w.survey_rows), '... and each is under one reason');
SELECT is_empty($$ SELECT * FROM attach_survey('cells', workspace => 'w') WHERE topic = 'separator' $$, 'the separator is remembered');
SELECT isnt_empty($$ SELECT * FROM attach_survey('cells', workspace => 'w', separator => '') WHERE topic = 'separator' $$, '... until it is taken back');
SELECT is((SELECT answer FROM w.survey_answers WHERE respondent = '1' AND question = 'liked'), 'coffee, tea', '... and cells are whole');
CREATE TABLE sentences AS SELECT n AS respondent, 'why' AS question, answer FROM unnest('{"Yes, always","Yes, sometimes","No, never","Berlin, Germany","Hamburg, Germany","good, but slow","slow; dear","a|b","Yes"}'::text[]) WITH ORDINALITY u(answer, n);
SELECT is_empty($$ SELECT * FROM attach_survey('sentences', workspace => 'w') WHERE topic = 'separator' $$, 'sentences with commas are no lists');
CREATE TABLE listed AS SELECT n AS respondent, 'liked' AS question, ARRAY['tea, black', 'tea', 'black', 'milk'] || '{}'::text[] AS answer FROM generate_series(1, 4) n;
SELECT is_empty($$ SELECT * FROM attach_survey('listed', workspace => 'w') WHERE topic = 'separator' $$, 'what stands apart in an array is parted already');
CREATE FUNCTION pg_temp.separator_of(separator text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM cells;
    INSERT INTO cells SELECT n, 'liked', format(cell, separator) FROM unnest('{a%1$sb,a,b%1$sc,c}'::text[]) WITH ORDINALITY u(cell, n);
    RETURN (SELECT substring(finding FROM '"(.*)"') FROM attach_survey('cells', workspace => 'w') WHERE topic = 'separator');
END
$$;
SELECT is(pg_temp.separator_of(separator), separator, format('separator "%s"', separator)) FROM unnest('{"; ",", ",";",",","|"}'::text[]) separator;
CREATE TABLE arrays AS SELECT n AS respondent, 'liked' AS question, answer FROM (VALUES (1, '{coffee,tea}'::varchar[]), (2, '{" tea ",NULL,""}'), (3, '{}'), (4, NULL), (5, '{{tea,coffee},{cake,tea}}')) v(n, answer);
SELECT results_eq($$ SELECT finding FROM attach_survey('arrays', workspace => 'w') WHERE topic = 'answer' $$, $$ VALUES ('column answer (character varying[]), found by its name') $$, 'an array of answers');
SELECT results_eq($$ SELECT answer, respondents, base_respondents, skipped FROM w.survey_tallies WHERE question = 'liked' ORDER BY answer_position $$,
    $$ VALUES ('tea', 3::bigint, 3::bigint, 2::bigint), ('coffee', 2, 3, 2), ('cake', 1, 3, 2) $$, '... has them one by one');
CREATE FUNCTION pg_temp.unnested(type text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM detach_survey('w');
    DROP TABLE arrays CASCADE;
    EXECUTE format('CREATE TABLE arrays AS SELECT 1 AS respondent, 1 AS question, ''{1,2,2}''::%s AS answer', type);
    PERFORM attach_survey('arrays', workspace => 'w');
    RETURN is((SELECT string_agg(answer, ' ' ORDER BY answer) FROM w.survey_answers), '1 2', type);
END
$$;
SELECT pg_temp.unnested(type) FROM unnest('{text[],smallint[],integer[],bigint[],numeric[]}'::text[]) type;

-- numbers that are equal are one answer; codes and versions are not numbers
CREATE TABLE numbers AS SELECT n AS respondent, 'how' AS question, answer FROM unnest('{5,5.0,5.000,-3,-3.0,0,0.0,05,7.50,7.5,3.10,5.,1.0.0,.0}'::text[]) WITH ORDINALITY u(answer, n);
SELECT lives_ok($$ SELECT attach_survey('numbers', workspace => 'w'); INSERT INTO w.questions VALUES ('how', 'numbers', 1, 'How?', 'single', '{1.0,5.00}') $$, 'numbers as text');
SELECT results_eq($$ SELECT answer, respondents FROM w.survey_tallies WHERE question = 'how' ORDER BY answer_position LIMIT 2 $$, $$ VALUES ('1', 0::bigint), ('5', 3) $$, '... and as options');
SELECT bag_eq($$ SELECT answer, respondents FROM w.survey_tallies WHERE question = 'how' AND respondents > 0 $$, $$ VALUES ('5', 3::bigint), ('-3', 2), ('0', 2), ('05', 1), ('7.50', 1), ('7.5', 1), ('3.10', 1), ('5.', 1), ('1.0.0', 1), ('.0', 1) $$, '... what is equal is one answer');
ALTER TABLE numbers RENAME answer TO said;
ALTER TABLE numbers ADD answer numeric;
UPDATE numbers SET answer = CASE WHEN said ~ '^-?\d+\.?\d*$' THEN said::numeric END;
SELECT lives_ok($$ SELECT attach_survey('numbers', workspace => 'w') $$, 'numbers');
SELECT bag_eq($$ SELECT answer, respondents FROM w.survey_tallies WHERE question = 'how' AND respondents > 0 $$, $$ VALUES ('5', 5::bigint), ('-3', 2), ('0', 2), ('7.5', 2), ('3.1', 1) $$, '... are compared as such');
DELETE FROM w.questions WHERE question = 'how';
SELECT lives_ok($$ SELECT detach_survey('w') $$, 'detach');

-- the table questions refuses, in words; errors
SELECT is(pg_temp.under('INSERT INTO w.questions VALUES ' || given, 'SELECT 1'), format('23514 new row for relation "questions" violates check constraint "%s"', rule), given)
FROM (VALUES ('('''', ''x'', 1, ''?'')', 'question has a name'), ('('' a'', ''x'', 1, ''?'')', 'question has a name'), ('(''a'', '' '', 1, ''?'')', 'questionnaire has a name'),
    ('(''a'', ''x'', 1, ''?'', ''many'')', 'kind is single, multiple or free'), ('(''a'', ''x'', 1, ''?'', ''free'', ''{a}'')', 'options are named, and not for free text'),
    ('(''a'', ''x'', 1, ''?'', ''single'', ''{a,NULL}'')', 'options are named, and not for free text'), ('(''a'', ''x'', 1, ''?'', ''single'', ''{a,""}'')', 'options are named, and not for free text')) v(given, rule);
SELECT is(left(pg_temp.under('INSERT INTO w.questions VALUES (''polite'', ''x'', 1, ''?'')', 'SELECT 1'), 5), '23505', 'a question is there once');
SELECT pg_temp.refuses(statement, state, message, hint) FROM (VALUES
    ($$ SELECT attach_survey('survey', workspace => 'nowhere') $$, '3F000', '"nowhere" is not a workspace', 'There are: %w'),
    ($$ SELECT attach_survey('survey', respondent => 'nobody', workspace => 'w') $$, '42703', 'column "nobody"', 'It has: respondent, question%'),
    ($$ SELECT attach_survey('house', workspace => 'w') $$, '42703', 'no column of public.house looks like the respondent', '%employee%'),
    ($$ SELECT attach_survey('survey', answer => 'answered_at', workspace => 'w') $$, '42804', 'column "answered_at" of public.survey cannot be the answer', '%'),
    ($$ SELECT attach_survey('w.questions', workspace => 'w') $$, '42809', 'part of the workspace', '%'),
    ($$ SELECT attach_survey(NULL, workspace => 'w') $$, '22004', 'must not be NULL', '%'),
    ($$ SELECT attach_survey('survey', workspace => NULL) $$, '22004', 'must not be NULL', '%'),
    ($$ SELECT detach_survey('nowhere') $$, '3F000', '"nowhere" is not a workspace', '%')) v(statement, state, message, hint);
CREATE ROLE clientele_surveyor;
GRANT SELECT ON survey TO clientele_surveyor;
SELECT matches(pg_temp.under('SET LOCAL ROLE clientele_surveyor', statement), '^42501', 'the workspace of somebody else: ' || statement)
FROM unnest(ARRAY['SELECT attach_survey(''survey'', workspace => ''w'')', 'SELECT detach_survey(''w'')']) statement;

SELECT * FROM finish();
ROLLBACK;
