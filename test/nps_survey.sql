-- A real survey of 39 answers, where the folder of real data is present.
\if :{?data}
\else
\set data ''
\endif
BEGIN;
SELECT plan(10);
SELECT :'data' <> '' AS has_data \gset
\if :has_data

CREATE TABLE survey (answered timestamp, overall integer, why text, opening integer, closing integer,
    three_words text, breakfast text, lunch text, dinner text, giveaway text, session text);
\set load '\\copy survey FROM ''' :data '/nps/survey_39.csv'' WITH (FORMAT csv, HEADER)'
:load

CREATE TABLE answer AS
SELECT n, question, score
FROM (SELECT row_number() OVER (ORDER BY answered) AS n, * FROM survey) AS s,
     LATERAL (VALUES ('overall', overall), ('opening', opening), ('closing', closing)) AS v (question, score);
SELECT is((SELECT count(*) FROM survey), 39::bigint, 'all answers are there');
SELECT set_eq(
    'SELECT question, nps_agg(score)::text FROM answer GROUP BY question',
    $$VALUES ('overall', '(8,9,22)'), ('opening', '(9,10,20)'), ('closing', '(10,7,22)')$$,
    'counts by question');
SELECT set_eq($$
    SELECT question, nps_agg(score)::text, nps_score(nps_agg(score)) FROM answer GROUP BY question$$, $$
    SELECT question,
           format('(%s,%s,%s)', count(*) FILTER (WHERE score >= 9), count(*) FILTER (WHERE score IN (7, 8)),
                  count(*) FILTER (WHERE score <= 6)),
           100.0::float8 * (count(*) FILTER (WHERE score >= 9) - count(*) FILTER (WHERE score <= 6)) / count(*)
    FROM answer GROUP BY question$$, 'counts and scores against plain SQL');
SELECT set_eq(
    'SELECT score, nps_group(score) FROM answer',
    $$SELECT score, CASE WHEN score >= 9 THEN 'promoter' WHEN score >= 7 THEN 'passive' ELSE 'detractor' END
      FROM answer$$, 'groups');
SELECT is(rollup(nps)::text, (SELECT nps_agg(score)::text FROM answer), 'the questions together')
FROM (SELECT nps_agg(score) AS nps FROM answer GROUP BY question) AS q;
SELECT set_eq(
    'SELECT question, nps_agg(score, answers)::text FROM
     (SELECT question, score, count(*) AS answers FROM answer GROUP BY question, score) AS c GROUP BY question',
    'SELECT question, nps_agg(score)::text FROM answer GROUP BY question', 'answers counted before');
SELECT is((SELECT array_agg(running.n) FROM (
        SELECT n, nps_score(nps_agg(score) OVER (ORDER BY n)) AS score FROM answer WHERE question = 'overall'
    ) AS running WHERE running.score IS DISTINCT FROM (
        SELECT 100.0::float8 * (count(*) FILTER (WHERE score >= 9) - count(*) FILTER (WHERE score <= 6)) / count(*)
        FROM answer AS a WHERE question = 'overall' AND a.n <= running.n)), NULL, 'the score as it came in');
SELECT ok(round(estimate::numeric, 2) = -35.90 AND lower < estimate AND estimate < upper AND upper < 0,
    'the overall score is below zero beyond doubt')
FROM nps_interval((SELECT nps_agg(score) FROM answer WHERE question = 'overall'));
SELECT is((nps_change(a, b)).verdict, 'flat', 'the keynotes do not differ')
FROM (SELECT nps_agg(score) FILTER (WHERE question = 'closing') AS a,
             nps_agg(score) FILTER (WHERE question = 'opening') AS b FROM answer) AS s;
SELECT ok(rating_responses(r) = 39 AND rating_mean(r) = avg AND csat_top_box(r) = promoters::float8 / 39,
    'as a rating distribution')
FROM (SELECT rating_agg(score, 0, 10) AS r, avg(score)::float8, count(*) FILTER (WHERE score >= 9) AS promoters
      FROM answer WHERE question = 'overall') AS s;

\else
SELECT skip('no real data: set the variable data to its folder', 10);
\endif
SELECT * FROM finish();
ROLLBACK;
