-- What answers mean: scales of scores and what is refused, rating_summary against plain SQL; clocks without a time zone; the first days
-- of systems instead of times; errors without what is behind them. Of each a table where it comes and one where it must not.
BEGIN;
SELECT no_plan();
SET client_min_messages = warning;
SET TimeZone = 'UTC';
\ir include/refuses.sql

CREATE TABLE orders AS SELECT n % 30 AS customer, timestamptz '2024-01-01 12:00+00' + n * interval '17 hours' AS ordered_at, 10 AS amount FROM generate_series(1, 600) n;
SELECT lives_ok($$ SELECT attach_orders('orders', workspace => 'w', time_zone => 'Europe/Berlin', diagnose => false) $$, 'attach orders');
UPDATE w.settings SET period = 'month', enough = 5;

-- scores that are no answers from 0 to 10
CREATE FUNCTION pg_temp.scored(called text, scores text, type text DEFAULT 'numeric') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DROP TABLE IF EXISTS scored CASCADE;
    EXECUTE format('CREATE TABLE scored AS SELECT n %% 30 AS customer, date ''2025-01-01'' + (n %% 60)::integer AS answered_at, s::%s AS %I FROM unnest(%L::numeric[]) WITH ORDINALITY u(s, n)', type, called, scores);
END
$$;
CREATE FUNCTION pg_temp.attached_as(called text, scores text, scale text DEFAULT NULL, type text DEFAULT 'numeric') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    message text;
    hint text;
BEGIN
    PERFORM detach_answers('w');
    PERFORM pg_temp.scored(called, scores, type);
    PERFORM attach_answers('scored', score => called, scale => scale, workspace => 'w');
    RETURN 'attached';
EXCEPTION WHEN invalid_parameter_value THEN
    GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, hint = PG_EXCEPTION_HINT;
    RETURN coalesce(substring(message FROM 'from 0 to 10: (.*)$'), message) || coalesce('; ' || substring(hint FROM 'scale => ''(.*?)'''), '');
END
$$;
SELECT is(pg_temp.attached_as(called, scores), said, format('%s with %s', called, scores)) FROM (VALUES
    ('score', '{1,5,4,4,3}', 'none of them is above 7; 1-5'), ('nps', '{0,5,4.5}', 'none of them is above 7; 0-5'), ('score', '{1,7,6}', 'none of them is above 7; 1-7'),
    ('recommend', '{0,1,1}', 'none of them is above 7; 0-1'), ('score', '{80,95,100,9,NULL}', 'most of them are above 10; 0-100'), ('rating', '{1,9,10}', 'its name speaks of ratings; 1-10'),
    ('Star_Rating', '{2,9,10}', 'its name speaks of ratings; 1-10'), ('grade', '{8}', 'its name speaks of ratings; 1-10'), ('stars', '{3,5}', 'none of them is above 7; 1-5'),
    ('score', '{0,5,8}', 'attached'), ('nps', '{10}', 'attached'), ('recommend', '{9,11,8,-1,7}', 'attached'), ('score', '{7.5}', 'attached'),
    ('rating', '{}', 'attached'), ('rating', '{NULL}', 'attached'), ('score', '{NaN,NaN}', 'attached'), ('operating', '{1,9,10}', 'attached')) v(called, scores, said);
SELECT is(pg_temp.attached_as('score', '{1,5,4}', NULL, type), 'none of them is above 7; 1-5', 'stars as ' || type) FROM unnest('{smallint,integer,bigint,real,double precision}'::text[]) type;
SELECT is(pg_temp.attached_as('score', '{9,8}', NULL, type), 'attached', 'answers as ' || type) FROM unnest('{smallint,integer,bigint,real,double precision}'::text[]) type;
SELECT pg_temp.scored('score', '{1,5,4}');
SELECT pg_temp.refuses(format('SELECT attach_answers(''scored'', scale => %L, workspace => ''w'')', scale), '22023', format('parameter "scale": "%s"', scale), '%lowest and the highest%')
FROM unnest('{5,5-1,1-1,1-101,"1 - 5",-1-5,1-5-9,a-b,0-9999999999," "}'::text[]) scale;
SELECT pg_temp.refuses($$ SELECT attach_answers('scored', workspace => 'w') $$, '22023', 'scores in column "score" of public.scored, from 1 to 5, do not look like answers from 0 to 10', '%scale => ''1-5''%rating_summary%scale => ''0-10''%');

-- who insists is taken at his word, which is remembered with the table and not with another
SELECT is(pg_temp.attached_as('stars', '{1,5,4}', '0-10'), 'attached', 'stars that are answers from 0 to 10');
SELECT results_eq('SELECT responses, score FROM w.nps_summary', 'VALUES (3::bigint, -100::float8)', '... make a score');
SELECT is_empty('SELECT * FROM w.rating_summary', '... and no ratings');
SELECT lives_ok($$ SELECT attach_answers('scored', workspace => 'w', score => 'stars') $$, '... attached again as they were');
SELECT lives_ok($$ SELECT attach_orders('orders', workspace => 'w', diagnose => false); SELECT upgrade_workspace('w') $$, '... and after an upgrade');
SELECT throws_ok($$ SELECT attach_answers('scored', workspace => 'w', score => 'stars', scale => '') $$, '22023', NULL, '... until that is taken back');
SELECT is_empty($$ SELECT * FROM attach_answers('scored', workspace => 'w', score => 'stars', scale => '0-10') WHERE topic = 'scale' $$, 'nothing to say of the usual scale');

-- ratings on other scales, against plain SQL
SELECT setseed(0.5);
CREATE TABLE rated AS
SELECT CASE WHEN random() < 0.1 THEN NULL ELSE (35 * random())::integer END AS customer, date '2024-03-01' + (380 * random())::integer AS answered_at, (random() * 6)::numeric(3, 1) AS rating,
    (ARRAY['shop', 'site', NULL])[1 + n % 3] AS touchpoint, CASE WHEN n % 4 = 0 THEN 'words' END AS comment, 'wish ' || n % 2 AS wish FROM generate_series(1, 400) n;
SELECT results_eq($$ SELECT finding FROM attach_answers('rated', workspace => 'w', scale => '1-5') WHERE topic = 'scale' $$,
    $$ VALUES ('ratings of 1 to 5: rating_summary counts them, nps_summary and its kin have no score') $$, 'the scale is told');
CREATE VIEW plain_ratings AS
WITH kept AS (SELECT a.*, a.ctid AS id, date_trunc('month', a.answered_at)::date AS month, s.nps_answers = 'all' AS counts_all, a.answered_at >= r.as_of - s.nps_window AS in_window, s.enough
    FROM rated a, w.settings s, w.reporting_date r WHERE a.rating BETWEEN 1 AND 5 AND a.answered_at < r.as_of),
latest AS (SELECT k.*, d.dimension, d.value, k.customer IS NULL OR k.counts_all OR NOT EXISTS (
        SELECT FROM kept o WHERE o.customer = k.customer AND (o.answered_at, -o.rating, coalesce(o.touchpoint, 'z'), coalesce(o.comment, 'z'), o.wish, o.id) > (k.answered_at, -k.rating, coalesce(k.touchpoint, 'z'), coalesce(k.comment, 'z'), k.wish, k.id)
            AND CASE d.dimension WHEN 'period' THEN o.month = k.month WHEN 'touchpoint' THEN o.touchpoint IS NOT DISTINCT FROM k.touchpoint ELSE true END) AS counts
    FROM kept k CROSS JOIN LATERAL (VALUES ('all', 'all'), ('period', k.month::text), ('touchpoint', coalesce(k.touchpoint, 'unknown'))) d(dimension, value))
SELECT dimension, value, count(*) AS responses, count(*) FILTER (WHERE rating >= 4) AS satisfied, round(avg(rating), 6) AS mean, count(*) >= min(enough) AS enough
FROM latest WHERE counts AND (in_window OR dimension = 'period') GROUP BY 1, 2;
SELECT bag_eq('SELECT dimension, value, responses, satisfied, round(mean_rating::numeric, 6), enough FROM w.rating_summary', 'SELECT * FROM plain_ratings', 'rating_summary, of each customer the latest');
UPDATE w.settings SET nps_answers = 'all';
SELECT bag_eq('SELECT dimension, value, responses, satisfied, round(mean_rating::numeric, 6), enough FROM w.rating_summary', 'SELECT * FROM plain_ratings', '... and all of them');
SELECT is_empty('SELECT r.* FROM w.rating_summary r, wilson_interval(r.satisfied, r.responses) i WHERE (r.satisfied_share, r.satisfied_share_lower, r.satisfied_share_upper) IS DISTINCT FROM (i.estimate, i.lower, i.upper)', '... with intervals');
SELECT is((SELECT sum(responses)::bigint FROM w.rating_summary WHERE dimension = 'period'), (SELECT count(*) FROM w.answers_enriched), 'the periods have them all');
SELECT results_eq('SELECT responses, score, band, advice, verdict FROM w.nps_summary', $$ VALUES (0::bigint, NULL::float8, NULL::text, 'No Net Promoter Score: these are ratings of 1 to 5, see rating_summary', NULL::text) $$, 'no score is made of them, and the reason is there');
SELECT is((SELECT count(*) FROM w.answers_enriched WHERE nps_group IS NOT NULL) + (SELECT count(*) FROM w.nps_by_segment WHERE score IS NOT NULL) + (SELECT count(*) FROM w.nps_by_period WHERE score IS NOT NULL)
    + (SELECT count(*) FROM w.nps_by_touchpoint WHERE score IS NOT NULL) + (SELECT count(*) FROM w.overview WHERE nps IS NOT NULL), 0::bigint, '... nowhere');
SELECT is((SELECT answers FROM w.answer_quality WHERE reason = 'invalid_score'), (SELECT count(*) FROM rated WHERE NOT rating BETWEEN 1 AND 5), 'what is off the scale is left out');
SELECT bag_eq('SELECT day, score FROM w.feedback_inbox', 'SELECT answered_at, rating::float8 FROM rated, w.reporting_date WHERE comment IS NOT NULL AND rating >= 1 AND rating < 3 AND answered_at < as_of', 'who is below the middle and says why waits for a reply');
SELECT is((SELECT sum(asked)::bigint FROM w.improvements), (SELECT count(*) FROM rated, w.reporting_date r, w.settings s WHERE rating BETWEEN 1 AND 5 AND answered_at < r.as_of AND answered_at >= r.as_of - s.nps_window), 'all wishes are counted');
SELECT matches((SELECT finding FROM loyalty_summary('w') WHERE topic = 'Net Promoter Score'), '^\d+% are satisfied \(', 'the summary says how many are satisfied');
CREATE VIEW worst_rated AS SELECT value, satisfied_share, responses FROM w.rating_summary WHERE dimension = 'touchpoint' ORDER BY satisfied_share_upper, value LIMIT 1;
SELECT is((SELECT finding FROM loyalty_summary('w') WHERE topic = 'worst touchpoint') LIKE format('%s: %s%% are satisfied (%%, %s answers)', value, round(100 * satisfied_share), responses), true, '... and where fewest are') FROM worst_rated;
CREATE VIEW page AS SELECT loyalty_report('w') AS page;
SELECT is((SELECT page LIKE format('%%<h2>Are they satisfied?</h2>%%<b>%s%%</b> are satisfied (95%% interval %%, %s answers): they gave 4 or more on a scale from 1 to 5. The mean is %s.%%',
    round(100 * satisfied_share), responses, to_char(mean_rating, 'FM9.0')) FROM page), true, 'the report says how many are satisfied') FROM w.rating_summary WHERE dimension = 'all';
SELECT is((SELECT count(*) FROM page, w.rating_summary r, w.reporting_date d WHERE dimension = 'period' AND value::date + interval '1 month' <= as_of
    AND page NOT LIKE format('%%<th scope="row">%s</th><td>%s%%</td>%%<td>%s</td>%%', to_char(value::date, 'FMMonth YYYY'), round(100 * satisfied_share), responses)), 0::bigint, '... in each period that is complete');
SELECT is((SELECT count(*) FROM page, w.rating_summary WHERE dimension = 'touchpoint' AND page NOT LIKE format('%%<bdi>%s</bdi></th>%%<td>%s%%<small>%s answers</small>%%', value, round(100 * satisfied_share), responses)), 0::bigint, '... and at each touchpoint');
SELECT is((SELECT page LIKE '%recommend the shop?%' FROM page), false, '... and nothing of a score');
DROP VIEW page, worst_rated;
SELECT is((SELECT min(satisfied_from)::text || ' ' || min(lowest) || ' ' || max(highest) FROM w.rating_summary), '4 1 5', 'the two highest levels of five');
CREATE FUNCTION pg_temp.satisfied(scores text, scale text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_temp.attached_as('score', scores, scale);
    RETURN (SELECT concat_ws(' ', r.satisfied_from, r.satisfied, r.responses) FROM w.rating_summary r WHERE r.dimension = 'all');
END
$$;
SELECT is(pg_temp.satisfied(scores, scale), said, format('satisfied on %s', scale)) FROM (VALUES
    ('{0,1,1}', '0-1', '1 2 3'), ('{1,5,6,7}', '1-7', '6 2 4'), ('{1,8,9,10}', '1-10', '9 2 4'), ('{80,81,100,5,101}', '0-100', '81 2 4'), ('{0.5,4.5,3.9}', '0-5', '4 1 3')) v(scores, scale, said);
DELETE FROM scored;
SELECT is_empty('SELECT * FROM w.rating_summary', 'no ratings, no rows');
SELECT lives_ok($$ SELECT attach_answers('rated', workspace => 'w', scale => '1-5'); SELECT attach_orders('orders', workspace => 'w', storage => 'materialized', diagnose => false) $$, 'stored');
SELECT bag_eq('SELECT dimension, value, responses, satisfied, round(mean_rating::numeric, 6), enough FROM w.rating_summary', 'SELECT * FROM plain_ratings', '... shows the same');
SELECT lives_ok($$ SELECT attach_orders('orders', workspace => 'w', storage => 'view', diagnose => false) $$, 'from the orders again');
UPDATE w.settings SET language = 'ru';
SELECT matches((SELECT advice FROM w.nps_summary), 'от 1 до 5', 'the reason in Russian');
UPDATE w.settings SET language = 'en';

-- clocks without a time zone: an hour before midnight in UTC is the next day in Berlin, and an hour of Berlin's clock is not
CREATE TABLE clocks AS SELECT 1 AS customer, timestamp '2025-01-05 23:30' AS answered_at, 9 AS score, timestamp '2025-01-06 05:30' AS replied_at, 'visit' AS touchpoint, 'ads' AS source, 5 AS cost, 'q' AS question, 'a' AS answer;
CREATE FUNCTION pg_temp.attaching(role text, settings text) RETURNS text LANGUAGE sql AS $$
    SELECT format('SELECT attach_%s(''clocks'', workspace => ''w''%s%s)', role, CASE role WHEN 'answers' THEN '' WHEN 'touchpoints' THEN ', happened_at => ''answered_at'''
        WHEN 'costs' THEN ', spent_on => ''answered_at''' WHEN 'offers' THEN ', offered_at => ''answered_at'', offer => ''touchpoint''' WHEN 'points' THEN ', happened_at => ''answered_at'', change => ''score''' ELSE ', respondent => ''customer''' END, settings)
$$;
SELECT pg_temp.refuses(pg_temp.attaching(role, ''), '22023', 'column "answered_at" has a clock without a time zone', format('%%attach_%s(..., stored_in => ''Europe/Berlin'')%%attach_%1$s(..., stored_in => ''UTC'').', role))
FROM unnest('{answers,touchpoints,costs,survey,offers,points}'::text[]) role;
SELECT pg_temp.refuses(pg_temp.attaching(role, format(', stored_in => %L', zone)), '22023', format('invalid value for parameter "stored_in": "%s"', zone), '%IANA%')
FROM unnest('{answers,touchpoints,costs,survey,offers,points}'::text[]) role, unnest('{Mars,CET,+02}'::text[]) zone;
SELECT lives_ok(pg_temp.attaching(role, ', stored_in => ''UTC'''), role || ' in UTC') FROM unnest('{answers,touchpoints,costs,survey,offers,points}'::text[]) role;
SELECT results_eq($$ SELECT day, answered_at::timestamptz, instant, replied_on, reply_hours FROM w.answer_rows $$,
    $$ VALUES (date '2025-01-06', timestamptz '2025-01-05 23:30+00', timestamptz '2025-01-05 23:30+00', date '2025-01-06', 6::float8) $$, 'days of Berlin');
SELECT results_eq('SELECT (SELECT day FROM w.touchpoint_rows), (SELECT day FROM w.cost_rows), (SELECT day FROM w.survey_rows)', $$ VALUES (date '2025-01-06', date '2025-01-06', date '2025-01-06') $$, '... everywhere');
SELECT results_eq($$ SELECT finding FROM attach_answers('clocks', workspace => 'w') WHERE topic = 'answered_at' $$,
    $$ VALUES ('column answered_at (timestamp without time zone), as given; its clock is that of UTC') $$, 'what was told is remembered, and said');
SELECT lives_ok(pg_temp.attaching(role, ', stored_in => ''Europe/Berlin'''), role || ' in Berlin') FROM unnest('{answers,touchpoints,costs,survey,offers,points}'::text[]) role;
SELECT results_eq('SELECT (SELECT day FROM w.answer_rows), (SELECT instant FROM w.answer_rows), (SELECT day FROM w.touchpoint_rows), (SELECT day FROM w.cost_rows), (SELECT day FROM w.survey_rows)',
    $$ VALUES (date '2025-01-05', timestamptz '2025-01-05 22:30+00', date '2025-01-05', date '2025-01-05', date '2025-01-05') $$, 'its own clock');
INSERT INTO clocks SELECT 2, t, 9, t, 'visit', 'ads', 5, 'q', 'a' FROM unnest(ARRAY[timestamp 'infinity', '-infinity', '294276-12-31 23:59:59', '4713-01-01 00:00 BC', '0001-01-01 00:30', '9999-12-31 23:30', NULL]) t;
SELECT lives_ok(pg_temp.attaching(role, format(', stored_in => %L', zone)), format('%s at the ends of the calendar, in %s', role, zone))
FROM unnest('{answers,touchpoints,costs,survey,offers,points}'::text[]) role, unnest('{Pacific/Kiritimati,America/Los_Angeles}'::text[]) zone;
SELECT is((SELECT count(x::text) FROM w.answer_rows x) + (SELECT count(x::text) FROM w.touchpoint_rows x) + (SELECT count(x::text) FROM w.cost_rows x) + (SELECT count(x::text) FROM w.survey_rows x), 32::bigint, '... are read');
-- a day needs no clock, nor does a zone of its own, nor midnight, nor a workspace of UTC
CREATE TABLE midnights AS SELECT customer, answered_at::date::timestamp AS answered_at, score FROM clocks WHERE isfinite(answered_at);
CREATE TABLE days AS SELECT customer, answered_at::date AS answered_at, score FROM midnights;
CREATE TABLE instants AS SELECT customer, answered_at AT TIME ZONE 'UTC' AS answered_at, score FROM clocks WHERE answered_at < '2030-01-01' AND answered_at > '1900-01-01';
SELECT lives_ok(format($$ SELECT attach_answers(%L, workspace => 'w') $$, relation), relation || ' are attached without a word') FROM unnest('{midnights,days,instants}'::text[]) relation;
CREATE TABLE unfilled (LIKE clocks);
SELECT throws_ok($$ SELECT attach_answers('unfilled', workspace => 'w') $$, '22023', 'column "answered_at" has a clock without a time zone', 'what is filled later may be of any clock');
SELECT lives_ok($$ SELECT attach_orders('orders', workspace => 'utc', time_zone => 'Etc/UTC', diagnose => false); SELECT attach_answers('clocks', workspace => 'utc') $$, 'days of UTC');
SELECT throws_ok($$ SELECT attach_orders('orders', workspace => 'london', time_zone => 'Europe/London', diagnose => false); SELECT attach_answers('clocks', workspace => 'london') $$, '22023', 'column "answered_at" has a clock without a time zone', 'London has summers');

-- the first days of systems are no times
CREATE FUNCTION pg_temp.first_days(type text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM detach_answers('w'), detach_touchpoints('w'), detach_costs('w'), detach_survey('w'), detach_offers('w'), detach_points('w');
    DROP TABLE clocks CASCADE;
    EXECUTE format('CREATE TABLE clocks AS SELECT 1 AS customer, t::text::%s AS answered_at, 9 AS score, t::text::%1$s AS replied_at, ''visit'' AS touchpoint, ''ads'' AS source, 5 AS cost, ''q'' AS question, ''a'' AS answer
        FROM unnest(ARRAY[timestamp ''0001-01-01'', ''1899-12-30'', ''1970-01-01'', ''1970-01-03'', ''2025-01-05'']) t', type);
    RETURN QUERY SELECT results_eq(pg_temp.attaching(role, ', stored_in => ''UTC''') || ' OFFSET 1000', 'SELECT NULL::attach_finding WHERE false', role || ' of ' || type) FROM unnest('{answers,touchpoints,costs,survey,offers,points}'::text[]) role;
    RETURN NEXT is((SELECT string_agg(format('%s %s', r.left_out, r.is_empty_time), ', ' ORDER BY r.answered_at) FROM w.answer_rows r), 'no_time t, no_time t, no_time t,  f,  f', '... which answers have no time');
    RETURN NEXT is((SELECT count(r.replied_on) FROM w.answer_rows r), 2::bigint, '... which are no replies');
    RETURN NEXT is((SELECT count(*) FROM w.touchpoint_rows r WHERE r.left_out = 'no_time') + (SELECT count(*) FROM w.cost_rows r WHERE r.left_out = 'no_day') + (SELECT count(*) FROM w.survey_rows r WHERE r.left_out = 'no_time'), 9::bigint, '... nor have others');
    RETURN QUERY SELECT results_eq(format($q$ SELECT count(*) FROM (%s) f(f) WHERE (f).topic = 'empty times' AND (f).finding ~ '3( of 5 \(60.00 %%\))?$' $q$, pg_temp.attaching(role, '')), 'VALUES (1::bigint)', '... and it is told of ' || role)
    FROM unnest('{answers,touchpoints,costs,survey,offers,points}'::text[]) role;
    DELETE FROM clocks WHERE answered_at < '1970-01-03';
    RETURN QUERY SELECT is_empty(format($q$ SELECT f FROM (%s) f(f) WHERE (f).topic = 'empty times' $q$, pg_temp.attaching(role, '')), '... and not where there are none: ' || role)
    FROM unnest('{answers,touchpoints,costs,survey,offers,points}'::text[]) role;
END
$$;
SELECT pg_temp.first_days(type) FROM unnest('{date,timestamp,timestamptz}'::text[]) type;
SET TimeZone = 'America/New_York';
DELETE FROM clocks;
INSERT INTO clocks SELECT 1, t::timestamptz, 9 FROM unnest('{"1970-01-01 00:00+01","1970-01-01 00:00","1970-01-01 00:00+00","1970-01-01 12:00+00","1970-01-03 00:00+00","1969-12-30 00:00+00"}'::text[]) t;
SELECT is((SELECT count(*) FROM w.answer_rows WHERE left_out = 'no_time'), 4::bigint, 'an instant of such a day, in any zone, is a time without a date');
SET TimeZone = 'UTC';

-- another zone asks about clocks again
CREATE FUNCTION pg_temp.moving(workspace text, zone text) RETURNS text LANGUAGE sql AS $$ SELECT format('UPDATE %I.settings SET time_zone = %L', workspace, zone) $$;
CREATE TABLE hours AS SELECT 1 AS customer, timestamp '2025-01-05 23:30' AS answered_at, 9 AS score, timestamp '2025-01-05 23:30' AS ordered_at, 5 AS amount;
SELECT lives_ok($$ SELECT attach_orders('orders', workspace => 'moved', time_zone => 'UTC', diagnose => false); SELECT attach_answers('hours', workspace => 'moved') $$, 'days of UTC need no clock');
SELECT pg_temp.refuses(pg_temp.moving('moved', 'Asia/Tokyo'), '22023', 'column "answered_at" has a clock without a time zone', '%attach_answers(..., stored_in => ''Asia/Tokyo'')%stored_in => ''UTC''%');
SELECT throws_ok($$ SELECT attach_orders('orders', workspace => 'moved', time_zone => 'Asia/Tokyo') $$, '22023', 'column "answered_at" has a clock without a time zone', '... nor does attaching move them');
SELECT is((SELECT time_zone FROM moved.settings), 'UTC', '... so that the zone stays');
SELECT lives_ok($$ UPDATE moved.settings SET time_zone = 'Etc/UTC', enough = 3 $$, '... or is one that is the same');
SELECT lives_ok($$ SELECT attach_answers('hours', workspace => 'moved', stored_in => 'UTC') $$, 'whose clock it is may be said before');
SELECT lives_ok(pg_temp.moving('moved', 'Asia/Tokyo'), '... and the zone changed then');
SELECT is((SELECT day FROM moved.answer_rows), date '2025-01-06', '... which moves its days');
SELECT lives_ok($$ SELECT attach_answers('midnights', workspace => 'moved'); UPDATE moved.settings SET time_zone = 'Europe/Berlin' $$, 'midnights stay days');
SELECT lives_ok($$ SELECT attach_orders('hours', workspace => 'orderly', diagnose => false) $$, 'orders by a clock');
SELECT throws_ok(pg_temp.moving('orderly', 'Asia/Tokyo'), '22023', 'column "ordered_at" has a clock without a time zone', '... are asked too');
SELECT lives_ok($$ SELECT attach_orders('hours', workspace => 'orderly', time_zone => 'Asia/Tokyo', stored_in => 'UTC', diagnose => false) $$, '... and may be told while they are attached');

-- errors are told by what was called; those of what was attached keep where they come from
CREATE FUNCTION pg_temp.context_of(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    context text;
BEGIN
    EXECUTE statement;
    RETURN 'no error';
EXCEPTION WHEN others THEN
    GET STACKED DIAGNOSTICS context = PG_EXCEPTION_CONTEXT;
    RETURN context;
END
$$;
SELECT unalike(pg_temp.context_of(statement), '%\_clientele%', 'no place in the extension is told: ' || statement) FROM unnest(ARRAY[
    $$SELECT attach_answers('rated', workspace => 'w')$$, $$SELECT attach_answers('orders', score => 'nothing', workspace => 'w')$$, $$SELECT attach_touchpoints('orders', workspace => 'w')$$,
    $$SELECT attach_costs('orders', workspace => 'nowhere')$$, $$SELECT attach_survey('w.customers', workspace => 'w')$$, $$SELECT attach_customers('rated', customer => 'nobody', workspace => 'w')$$]) statement;
SELECT unalike(pg_temp.context_of($$ SELECT attach_touchpoints('orders', workspace => 'w') $$), 'no error', '... but the error');
CREATE FUNCTION divided(n integer) RETURNS integer LANGUAGE plpgsql AS $$ BEGIN RETURN n / 0; END $$;
CREATE VIEW broken AS SELECT customer, ordered_at AS answered_at, divided(customer) AS score FROM orders;
SELECT alike(pg_temp.context_of($$ SELECT attach_answers('broken', workspace => 'w', scale => '0-10') $$), '%divided(integer)%', 'whose own function fails is told which');
SELECT results_eq($$ SELECT finding, advice FROM attach_orders('orders', workspace => 'london', time_zone => 'Europe/London') WHERE topic = 'not attached' $$,
    $$ VALUES ('customers, answers, touchpoints, costs, survey, lines, offers, points', 'More views come with attach_answers() (nps_summary, ...), attach_touchpoints() (funnel_summary, ...), attach_survey() (survey_tallies, ...), attach_lines() (product_pairs, ...), attach_offers() (offer_acceptance, ...), attach_points() (points_balances, ...)') $$, 'what else could be attached is told');
SELECT lives_ok(format($$ SELECT attach_%s(%L, workspace => 'london'%s) $$, role, relation, more), role) FROM (VALUES ('answers', 'instants', ''), ('touchpoints', 'instants', ', happened_at => ''answered_at'', touchpoint => ''score'''),
    ('survey', 'instants', ', respondent => ''customer'', question => ''score'', answer => ''score'''), ('costs', 'instants', ', spent_on => ''answered_at'', source => ''score'', cost => ''score'''), ('offers', 'instants', ', offered_at => ''answered_at'', offer => ''score'''), ('points', 'instants', ', happened_at => ''answered_at'', change => ''score''')) v(role, relation, more);
SELECT results_eq($$ SELECT finding, advice FROM attach_orders('orders', workspace => 'london') WHERE topic = 'not attached' $$, $$ VALUES ('customers, lines', 'More views come with attach_lines() (product_pairs, ...)') $$, '... and nothing of what is');

SELECT * FROM finish();
ROLLBACK;
