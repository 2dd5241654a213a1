-- The touchpoint audit of a workspace: the tables that come with it and what they refuse, the scorecard against plain SQL
BEGIN;
SELECT no_plan();
SET client_min_messages = warning;
\ir include/under.sql

CREATE TABLE orders AS SELECT n % 9 AS customer, date '2024-01-01' + n AS ordered_at, 5 AS amount FROM generate_series(0, 499) n;
SELECT lives_ok($$ SELECT attach_orders('orders', workspace => 'w', time_zone => 'UTC', diagnose => false) $$, 'attach orders');

-- as it comes
SELECT results_eq('SELECT touchpoint_group, touchpoints, rated, never_rated, ratings, score, enough FROM w.touchpoint_groups',
    $$ VALUES ('business', 11::bigint, 0::bigint, 11::bigint, 0::bigint, NULL::double precision, false), ('product', 10, 0, 10, 0, NULL, false),
        ('service', 11, 0, 11, 0, NULL, false), ('employee', 10, 0, 10, 0, NULL, false) $$, 'the classic list comes in four groups, and nothing is rated');
SELECT is_empty('SELECT * FROM w.touchpoint_catalogue WHERE coalesce(description, '''') = ''''', '... each with what to look at');
SELECT is((SELECT count(DISTINCT "position") FROM w.touchpoint_catalogue), 42::bigint, '... in an order of its own');
SELECT is((SELECT count(*) FROM w.touchpoint_scorecard WHERE ratings = 0 AND awful + ok + wow + previous_ratings + later_ratings = 0 AND NOT enough
    AND num_nulls(score, lower, upper, last_rated, period_start, previous_period, previous_score, score_change, verdict) = 9), 42::bigint, 'what was never rated is shown');

-- what the tables refuse, in words
SELECT is(pg_temp.under(statement, 'SELECT 1'), format('23514 new row for relation "%s" violates check constraint "%s"', relation, rule), statement)
FROM (VALUES
    ('INSERT INTO w.touchpoint_catalogue VALUES (''  '', ''service'')', 'touchpoint_catalogue', 'touchpoint has a name'),
    ('INSERT INTO w.touchpoint_catalogue VALUES (''lift'', ''house'')', 'touchpoint_catalogue', 'touchpoint_group is business, product, service or employee'),
    ('INSERT INTO w.touchpoint_ratings VALUES ('''', ''2024-05-01'', ''parking'', ''ok'')', 'touchpoint_ratings', 'rater has a name'),
    ('INSERT INTO w.touchpoint_ratings VALUES (''Ann'', ''infinity'', ''parking'', ''ok'')', 'touchpoint_ratings', 'day is within the years 1 to 9999'),
    ('INSERT INTO w.touchpoint_ratings VALUES (''Ann'', ''0044-03-15 BC'', ''parking'', ''ok'')', 'touchpoint_ratings', 'day is within the years 1 to 9999'),
    ('INSERT INTO w.touchpoint_ratings VALUES (''Ann'', ''2024-05-01'', ''parking'', ''good'')', 'touchpoint_ratings', 'level is awful, ok or wow')) v(statement, relation, rule);
SELECT is(left(pg_temp.under(statement, 'SELECT 1'), 5), state, statement) FROM (VALUES
    ('INSERT INTO w.touchpoint_ratings VALUES (''Ann'', ''2024-05-01'', ''moon'', ''ok'')', '23503'),
    ('INSERT INTO w.touchpoint_ratings VALUES (NULL, ''2024-05-01'', ''parking'', ''ok'')', '23502'),
    ('INSERT INTO w.touchpoint_ratings VALUES (''Ann'', ''2024-05-01'', ''parking'', NULL)', '23502'),
    ('INSERT INTO w.touchpoint_ratings VALUES (''Ann'', ''2024-05-01'', ''parking'', ''ok''), (''Ann'', ''2024-05-01'', ''parking'', ''wow'')', '23505')) v(statement, state);

-- by hand: the last rating of each rater in the last period that has any, beside the one before
UPDATE w.settings SET period = 'month', as_of = '2025-01-01';
INSERT INTO w.touchpoint_ratings (rater, day, touchpoint, level) VALUES
    ('Ann', '2024-03-01', 'parking', 'awful'), ('Ann', '2024-03-31', 'parking', 'ok'), ('Ben', '2024-03-02', 'parking', 'awful'),
    ('Ann', '2024-06-30', 'parking', 'wow'), ('Cem', '2024-06-01', 'parking', 'wow'), ('Dora', '2024-06-11', 'parking', 'awful'), ('Eve', '2024-06-12', 'parking', 'ok'),
    ('Ann', '2025-01-01', 'parking', 'awful'), ('Ann', '2025-01-02', 'waiting', 'awful');
SELECT results_eq('SELECT period_start, ratings, awful, ok, wow, score, last_rated, previous_period, previous_ratings, previous_score, score_change, verdict, later_ratings
        FROM w.touchpoint_scorecard WHERE touchpoint = ''parking''',
    $$ VALUES (date '2024-06-01', 4::bigint, 1::bigint, 1::bigint, 2::bigint, 25.0::double precision, date '2024-06-30', date '2024-03-01', 2::bigint, -50.0::double precision, 75.0::double precision, 'flat', 1::bigint) $$,
    'a rater counts once in a period, and four ratings prove no change');
SELECT results_eq('SELECT ratings, score, later_ratings FROM w.touchpoint_scorecard WHERE touchpoint = ''waiting''', 'VALUES (0::bigint, NULL::double precision, 1::bigint)',
    'ratings on the reporting date and later are counted apart');
SELECT results_eq('SELECT rated, never_rated, ratings, awful, ok, wow, score, worst_touchpoint, best_touchpoint FROM w.touchpoint_groups WHERE touchpoint_group = ''business''',
    $$ VALUES (1::bigint, 10::bigint, 4::bigint, 1::bigint, 1::bigint, 2::bigint, 25.0::double precision, 'parking', 'parking') $$, 'the group adds up');
UPDATE w.touchpoint_catalogue SET touchpoint = 'car park' WHERE touchpoint = 'parking';
SELECT is((SELECT ratings FROM w.touchpoint_scorecard WHERE touchpoint = 'car park'), 4::bigint, 'a touchpoint that gets another name keeps its ratings');
SELECT throws_ok('DELETE FROM w.touchpoint_catalogue WHERE touchpoint = ''car park''', '23503', NULL, '... and what is rated is not deleted');

-- random ratings against plain SQL, under several settings
SELECT setseed(0.31);
DELETE FROM w.touchpoint_ratings;
INSERT INTO w.touchpoint_ratings
SELECT 'rater ' || (30 * random())::integer, date '2024-01-01' + (500 * random() ^ 2)::integer, t.touchpoint, (ARRAY['awful', 'ok', 'wow'])[1 + floor(3 * random() ^ (1 + t."position" % 3))]
FROM generate_series(1, 4000) n JOIN (SELECT c.*, row_number() OVER (ORDER BY c."position") AS number FROM w.touchpoint_catalogue c) t ON t.number = n % 41
ON CONFLICT DO NOTHING;
CREATE VIEW plain_scorecard AS
WITH last_of_period AS (
    SELECT DISTINCT ON (r.touchpoint, r.rater, period_start(r.day, s.period)) r.*, period_start(r.day, s.period) AS period_start
    FROM w.touchpoint_ratings r, w.settings s, w.reporting_date d WHERE r.day < d.as_of
    ORDER BY r.touchpoint, r.rater, period_start(r.day, s.period), r.day DESC
), audit AS (
    SELECT touchpoint, period_start, count(*) AS ratings, sum((level = 'awful')::integer) AS awful, sum((level = 'ok')::integer) AS ok, sum((level = 'wow')::integer) AS wow,
        max(day) AS last_rated, dense_rank() OVER (PARTITION BY touchpoint ORDER BY period_start DESC) AS age
    FROM last_of_period GROUP BY touchpoint, period_start)
SELECT c.touchpoint_group, c."position", c.touchpoint, c.description, n.period_start, coalesce(n.ratings, 0) AS ratings, coalesce(n.awful, 0) AS awful, coalesce(n.ok, 0) AS ok,
    coalesce(n.wow, 0) AS wow, 100.0::double precision * (n.wow - n.awful) / n.ratings AS score, i.lower, i.upper, coalesce(n.ratings, 0) >= s.enough AS enough, n.last_rated,
    p.period_start AS previous_period, coalesce(p.ratings, 0) AS previous_ratings, 100.0::double precision * (p.wow - p.awful) / p.ratings AS previous_score, h.difference AS score_change, h.verdict,
    (SELECT count(*) FROM w.touchpoint_ratings r, w.reporting_date d WHERE r.touchpoint = c.touchpoint AND r.day >= d.as_of) AS later_ratings
FROM w.touchpoint_catalogue c CROSS JOIN w.settings s LEFT JOIN audit n ON n.touchpoint = c.touchpoint AND n.age = 1 LEFT JOIN audit p ON p.touchpoint = c.touchpoint AND p.age = 2
LEFT JOIN LATERAL nps_interval(nps(n.wow, n.ok, n.awful)) i ON true LEFT JOIN LATERAL nps_change(nps(n.wow, n.ok, n.awful), nps(p.wow, p.ok, p.awful)) h ON true;
CREATE FUNCTION pg_temp.same_scorecard(setting text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'UPDATE w.settings SET ' || setting;
    RETURN NEXT set_eq('SELECT ' || columns || ' FROM w.touchpoint_scorecard', 'SELECT ' || columns || ' FROM plain_scorecard', 'scorecard with ' || setting)
    FROM (SELECT string_agg(CASE WHEN attname ~ 'score$' THEN format('round(%1$I::numeric, 9) AS %1$I', attname) ELSE quote_ident(attname) END, ', ') AS columns
        FROM pg_attribute WHERE attrelid = 'w.touchpoint_scorecard'::regclass AND attnum > 0) c;
    RETURN NEXT set_eq('SELECT "position", touchpoint_group, touchpoints, rated, ratings, awful, ok, wow, round(score::numeric, 9), enough FROM w.touchpoint_groups', $q$
        SELECT (min("position") / 100)::integer, touchpoint_group, count(*) AS t, count(*) FILTER (WHERE ratings > 0) AS rated, sum(ratings)::bigint AS ratings, sum(awful)::bigint AS awful, sum(ok)::bigint AS ok, sum(wow)::bigint AS wow,
            round(100.0 * (sum(wow) - sum(awful)) / nullif(sum(ratings), 0), 9) AS score, sum(ratings) >= min(s.enough) AS enough FROM plain_scorecard, w.settings s GROUP BY touchpoint_group $q$, '... and the groups add up');
END
$$;
SELECT pg_temp.same_scorecard(setting) FROM unnest(ARRAY['period = ''quarter''', 'enough = 8, as_of = ''2024-09-15''', 'period = ''week''', 'period = ''day''', 'period = ''year'', as_of = ''auto''',
    'as_of = ''9999-12-31'', period = ''month''', 'as_of = ''2023-01-01''']) setting;
UPDATE w.settings SET as_of = '2024-04-01', period = 'month', enough = 8;
SELECT is((SELECT bool_or(enough) AND bool_or(NOT enough) AND count(DISTINCT score) > 10 FROM w.touchpoint_scorecard), true, 'enough and too few, good and bad are among them');
SELECT is((SELECT worst_touchpoint FROM w.touchpoint_groups WHERE touchpoint_group = g), (SELECT touchpoint FROM plain_scorecard WHERE touchpoint_group = g AND ratings > 0 ORDER BY score, "position" LIMIT 1), 'the worst ' || g)
FROM unnest('{business,product,service,employee}'::text[]) g;
SELECT is((SELECT best_touchpoint FROM w.touchpoint_groups WHERE touchpoint_group = g), (SELECT touchpoint FROM plain_scorecard WHERE touchpoint_group = g AND ratings > 0 ORDER BY score DESC, "position" LIMIT 1), 'the best ' || g)
FROM unnest('{business,product,service,employee}'::text[]) g;
DELETE FROM w.touchpoint_ratings WHERE touchpoint = 'waiting';
INSERT INTO w.touchpoint_ratings SELECT 'r' || n, d.day, 'waiting', CASE WHEN n <= d.wows THEN 'wow' ELSE 'awful' END FROM (VALUES (date '2025-02-01', 60), ('2025-03-01', 20)) d(day, wows), generate_series(1, 80) n;
UPDATE w.settings SET as_of = '2025-04-01';
SELECT results_eq('SELECT score, previous_score, score_change, verdict, enough FROM w.touchpoint_scorecard WHERE touchpoint = ''waiting''',
    $$ VALUES (-50.0::double precision, 50.0::double precision, -100.0::double precision, 'down', true) $$, 'what fell by more than chance is down');

-- kept whatever happens to the views, and taken away with the workspace
DELETE FROM w.touchpoint_catalogue WHERE touchpoint = 'calm under pressure';
SELECT lives_ok($$ SELECT attach_orders('orders', workspace => 'w', diagnose => false) $$, 'attach again');
SELECT is((SELECT count(*) FROM w.touchpoint_catalogue), 41::bigint, '... keeps the catalogue as it was edited');
CREATE TABLE before AS SELECT * FROM w.touchpoint_scorecard;
DROP VIEW plain_scorecard;
SELECT lives_ok($$ SELECT detach_orders('w'); SELECT upgrade_workspace('w') $$, 'detach and upgrade');
SELECT set_eq('SELECT * FROM w.touchpoint_scorecard', 'SELECT * FROM before', '... keep the ratings');
SELECT lives_ok($$ SELECT attach_orders('orders', workspace => 'w', storage => 'materialized', diagnose => false) $$, 'store figures');
SELECT set_eq('SELECT * FROM w.touchpoint_scorecard', 'SELECT * FROM before', '... shows the same');
CREATE ROLE clientele_auditor;
SELECT lives_ok($$ SELECT grant_workspace('w', 'clientele_auditor') $$, 'grant');
SELECT is(pg_temp.under('SET LOCAL ROLE clientele_auditor', 'SELECT count(*) FROM w.touchpoint_scorecard'), '41', 'whoever may read it reads it');
SELECT is(pg_temp.under('SET LOCAL ROLE clientele_auditor', 'INSERT INTO w.touchpoint_ratings VALUES (''x'', ''2024-01-01'', ''waiting'', ''ok'') RETURNING day'),
    '42501 permission denied for table touchpoint_ratings', '... and does not rate');
SELECT lives_ok($$ SELECT drop_workspace('w') $$, 'drop');

-- events at the first days of systems, and clocks whose zone is not known; elsewhere neither is said
CREATE TABLE events AS SELECT n AS customer, t AS happened_at, 'visit' AS touchpoint FROM unnest(ARRAY[timestamp '1970-01-01', '2024-03-03 23:30', '2024-03-04 08:00']) WITH ORDINALITY u(t, n);
SELECT lives_ok($$ SELECT attach_orders('orders', workspace => 'w', time_zone => 'Asia/Tokyo', diagnose => false) $$, 'days of Tokyo');
SELECT throws_ok($$ SELECT attach_touchpoints('events', workspace => 'w') $$, '22023', 'column "happened_at" has a clock without a time zone', 'whose clock is it');
SELECT results_eq($$ SELECT topic, finding FROM attach_touchpoints('events', workspace => 'w', stored_in => 'UTC') WHERE topic LIKE '%time%' $$,
    $$ VALUES ('no time', 'rows left out: 1 of 3 (33.33 %)'), ('empty times', 'rows with 0001-01-01, 1899-12-30 or 1970-01-01: 1 of 3 (33.33 %)') $$, '1970-01-01 is no time');
SELECT results_eq('SELECT customer, day FROM w.touchpoint_rows WHERE usable ORDER BY customer', $$ VALUES (2, date '2024-03-04'), (3, '2024-03-04') $$, 'half past eleven in UTC is the next day in Tokyo');
DELETE FROM events WHERE happened_at < '2000-01-01';
SELECT is_empty($$ SELECT * FROM attach_touchpoints('events', workspace => 'w') WHERE topic LIKE '%times%' $$, 'nothing to say of times that are some');

SELECT * FROM finish();
ROLLBACK;
