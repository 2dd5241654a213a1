-- What customers say and ask for, against plain SQL; attaching and detaching answers, hand-made cases, plans, what is refused
BEGIN;
SELECT no_plan();
SET client_min_messages = warning;
\ir include/differences.sql
\ir include/plan_of.sql
\ir include/refuses.sql

SELECT setseed(0.71);
CREATE TABLE orders AS
SELECT n AS order_id, (90 * random() ^ 1.5)::integer AS customer, date '2024-01-01' + (500 * random())::integer AS ordered_at, 1 + (90 * random() ^ 2)::integer AS amount
FROM generate_series(1, 900) n;
CREATE TABLE answers AS
SELECT n AS id, CASE WHEN random() < 0.1 THEN NULL ELSE (100 * random())::integer END AS customer, timestamp '2024-02-01' + (480 * random()) * interval '1 day' AS answered_at,
    (11 * random() - 0.5)::numeric(4, 1) AS score, 'store' AS touchpoint, (ARRAY['late', ' ', NULL])[1 + (2 * random())::integer] AS comment,
    (ARRAY['positive', 'Negative ', 'question', 'criticism', 'idea', 'lead', 'rumour', ' ', NULL])[1 + (8 * random())::integer] AS kind,
    (ARRAY['Decaf', 'decaf ', E'Faster \n delivery', 'faster delivery', 'Larger bags', '  ', NULL])[1 + (6 * random() ^ 2)::integer] AS wish,
    (ARRAY['Ada', 'Ben', '', NULL])[1 + (3 * random())::integer] AS owner, NULL::timestamp AS replied_at, NULL::timestamp AS resolved_at
FROM generate_series(1, 1500) n;
UPDATE answers SET replied_at = answered_at + random() * interval '9 days' WHERE random() < 0.7;
UPDATE answers SET resolved_at = replied_at + random() ^ 2 * interval '20 days' WHERE random() < 0.8;
SELECT lives_ok($$ SELECT attach_orders('orders', workspace => 'w', time_zone => 'UTC', diagnose => false); SELECT attach_answers('answers', workspace => 'w') $$, 'attach');

CREATE VIEW plain_answers AS
SELECT a.*, answered_at::date AS day, date_trunc(s.period, answered_at)::date AS period_start, r.as_of, coalesce(answered_at::date >= r.as_of - s.nps_window, true) AS in_window, s.enough,
    coalesce(nullif(lower(trim(kind)), ''), 'none') AS plain_kind, coalesce(replied_at::date < r.as_of, false) AS replied, coalesce(resolved_at::date < r.as_of, false) AS resolved,
    coalesce(trim(lower(kind)) IN ('negative', 'criticism', 'question', 'lead'), false) OR coalesce(trim(kind), '') = '' AND score < 7 AND trim(comment) <> '' AS waits
FROM answers a, w.settings s, w.reporting_date r WHERE answered_at::date < r.as_of AND score >= 0 AND score <= 10;
CREATE VIEW plain_improvements AS
SELECT min(trim(x.wish)) AS wish, count(*) FILTER (WHERE score < 9) AS asked, count(*) FILTER (WHERE score >= 9) AS promoters, count(*) FILTER (WHERE score >= 7 AND score < 9) AS passives,
    count(*) FILTER (WHERE score < 7) AS detractors, x.all AS asked_in_all, i.estimate AS share, i.lower, i.upper, count(DISTINCT customer) AS customers,
    (SELECT coalesce(sum(last_year_revenue), 0) FROM w.customers c WHERE c.customer = ANY (array_agg(x.customer))) AS last_year_revenue, max(day) AS last_day, x.all >= x.enough AS enough
FROM (SELECT a.*, replace(replace(lower(trim(wish)), E'\n', ''), '  ', ' ') AS said, count(*) FILTER (WHERE score < 9) OVER () AS all FROM plain_answers a WHERE in_window AND trim(wish) <> '') x
CROSS JOIN LATERAL (SELECT count(*) FROM plain_answers p WHERE p.in_window AND p.score < 9 AND replace(replace(lower(trim(p.wish)), E'\n', ''), '  ', ' ') = x.said) n
CROSS JOIN LATERAL wilson_interval(n.count, x.all) i
GROUP BY x.said, x.all, i.estimate, i.lower, i.upper, x.enough HAVING count(*) FILTER (WHERE score < 9) > 0;
CREATE VIEW plain_voice AS
WITH p AS (SELECT g::date AS period_start, (g + x.step)::date <= r.as_of AS complete, (g - x.step)::date AS before, s.enough
    FROM w.settings s, w.reporting_date r, LATERAL (SELECT ('1 ' || s.period)::interval AS step) x,
        generate_series((SELECT min(period_start) FROM plain_answers)::timestamp, date_trunc(s.period, r.as_of - 1), x.step) g)
SELECT p.period_start || ' ' || k.kind AS key, p.complete, n.answers, n.period_answers, i.estimate AS share, i.lower, i.upper, b.answers AS previous_answers, b.period_answers AS previous_period_answers,
    100 * (n.answers::float8 / nullif(n.period_answers, 0) - b.answers::float8 / nullif(b.period_answers, 0)) AS change, 100 * t.lower AS change_lower, 100 * t.upper AS change_upper, t.p_value,
    CASE WHEN t.lower > 0 THEN 'up' WHEN t.upper < 0 THEN 'down' WHEN t.lower IS NOT NULL THEN 'flat' END AS verdict, n.period_answers >= p.enough AND b.period_answers >= p.enough AS enough
FROM p CROSS JOIN (SELECT unnest('{positive,negative,question,criticism,idea,lead,rumour,none}'::text[]) AS kind) k
CROSS JOIN LATERAL (SELECT count(*) AS period_answers, count(*) FILTER (WHERE a.plain_kind = k.kind) AS answers FROM plain_answers a WHERE a.period_start = p.period_start) n
CROSS JOIN LATERAL (SELECT count(*) AS period_answers, count(*) FILTER (WHERE a.plain_kind = k.kind) AS answers FROM plain_answers a WHERE a.period_start = p.before) b
CROSS JOIN LATERAL wilson_interval(n.answers, n.period_answers) i
CROSS JOIN LATERAL share_test(n.answers, n.period_answers, b.answers, b.period_answers) t
WHERE k.kind NOT IN ('rumour', 'none') OR n.answers > 0 OR b.answers > 0;
CREATE VIEW plain_inbox AS
SELECT a.customer, a.day, a.as_of - a.day AS age_days, nullif(a.plain_kind, 'none') AS kind, a.score::float8 AS score, nullif(trim(a.comment), '') AS comment, nullif(a.owner, '') AS owner, a.replied,
    c.last_year_revenue, c.stage, c.cell, c.policy, c.customer_name
FROM plain_answers a LEFT JOIN w.customers c ON c.customer = a.customer WHERE a.waits AND NOT a.resolved;
CREATE VIEW plain_times AS
SELECT d.dimension || ' ' || d.value AS key, count(*) AS answers, count(*) FILTER (WHERE replied) AS replied, count(*) FILTER (WHERE NOT replied) AS unanswered,
    round((percentile_cont(0.5) WITHIN GROUP (ORDER BY CASE WHEN replied THEN extract(epoch FROM replied_at - answered_at) / 3600 END))::numeric, 6) AS median_reply_hours,
    round((percentile_cont(0.9) WITHIN GROUP (ORDER BY CASE WHEN replied THEN extract(epoch FROM replied_at - answered_at) / 3600 END))::numeric, 6) AS p90_reply_hours,
    count(*) FILTER (WHERE resolved) AS resolved, count(*) FILTER (WHERE NOT resolved) AS unresolved,
    round((percentile_cont(0.5) WITHIN GROUP (ORDER BY CASE WHEN resolved THEN extract(epoch FROM resolved_at - answered_at) / 86400 END))::numeric, 6) AS median_resolve_days,
    round((percentile_cont(0.9) WITHIN GROUP (ORDER BY CASE WHEN resolved THEN extract(epoch FROM resolved_at - answered_at) / 86400 END))::numeric, 6) AS p90_resolve_days, count(*) >= min(enough) AS enough
FROM plain_answers a CROSS JOIN LATERAL (VALUES ('kind', plain_kind), ('owner', coalesce(nullif(owner, ''), 'none'))) d(dimension, value) WHERE waits AND in_window GROUP BY 1;
CREATE FUNCTION pg_temp.compare(setting text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'UPDATE w.settings SET ' || setting;
    RETURN NEXT is(pg_temp.differences('SELECT wish, asked, promoters, passives, detractors, asked_in_all, share, lower, upper, customers, last_year_revenue, last_day, enough FROM w.improvements',
        'SELECT * FROM plain_improvements', 'wish'), '', 'improvements with ' || setting);
    RETURN NEXT results_eq('SELECT position FROM w.improvements ORDER BY asked DESC, detractors DESC, last_day DESC, wish', 'SELECT generate_series(1, count(*)) FROM w.improvements', '... in order');
    RETURN NEXT is(pg_temp.differences($q$ SELECT period_start || ' ' || kind AS key, x.complete, x.answers, x.period_answers, x.share, x.lower, x.upper, x.previous_answers, x.previous_period_answers, x.change,
        x.change_lower, x.change_upper, x.p_value, x.verdict, x.enough FROM w.voice_of_customer x $q$, 'SELECT * FROM plain_voice', 'key'), '', 'voice_of_customer with ' || setting);
    RETURN NEXT bag_eq('SELECT customer, day, age_days, kind, score, comment, owner, replied, last_year_revenue, stage, cell, policy, customer_name FROM w.feedback_inbox', 'SELECT * FROM plain_inbox', 'feedback_inbox with ' || setting);
    RETURN NEXT results_eq('SELECT position FROM w.feedback_inbox ORDER BY last_year_revenue DESC NULLS LAST, day, customer, answer_number', 'SELECT generate_series(1, count(*)) FROM w.feedback_inbox', '... in order');
    RETURN NEXT is(pg_temp.differences($q$ SELECT dimension || ' ' || value AS key, answers, replied, unanswered, round(median_reply_hours::numeric, 6) AS median_reply_hours, round(p90_reply_hours::numeric, 6) AS p90_reply_hours,
        resolved, unresolved, round(median_resolve_days::numeric, 6) AS median_resolve_days, round(p90_resolve_days::numeric, 6) AS p90_resolve_days, enough FROM w.response_times $q$, 'SELECT * FROM plain_times', 'key'),
        '', 'response_times with ' || setting);
END
$$;
SELECT pg_temp.compare(setting) FROM unnest(ARRAY['period = ''month''', 'as_of = ''2024-09-20'', nps_window = ''3 months'', enough = 5', 'period = ''week'', nps_window = NULL', 'as_of = ''2024-02-03''', 'as_of = ''2024-01-01''']) setting;
UPDATE w.settings SET as_of = 'auto', period = 'month', nps_window = '12 months';
SELECT cmp_ok((SELECT count(*) FROM w.feedback_inbox WHERE customer IS NULL OR stage IS NULL), '>', 5::bigint, 'those not known are in the inbox too');
SELECT is((SELECT sum(answers) FROM w.voice_of_customer), (SELECT count(*)::numeric FROM w.answers_enriched), 'every answer has its kind');
SELECT bag_eq('SELECT replied_share, replied_share_lower FROM w.response_times', 'SELECT i.estimate, i.lower FROM w.response_times t, wilson_interval(t.replied, t.answers) i', 'shares with their interval');

-- cases by hand: who answers twice at one time, near the bounds, in other time types, without columns for the rest
CREATE TABLE few (customer_id integer, answered_on date, score numeric, replied_at timestamptz, kind text);
INSERT INTO few VALUES (1, '2025-01-05', 10, '2025-01-05 01:00+00', 'lead'), (1, '2025-01-05', 3, '2025-01-04 12:00+00', 'question'), (2, '2025-01-31', 8.999999999999999999999999, NULL, 'praise'),
    (3, '2025-02-01', 7, '2025-02-03 00:30+01', 'lead'), (4, '2025-02-01', 6.9999999999999999999999999, NULL, NULL), (NULL, '2025-02-01', ('1e-400')::numeric, NULL, 'QUESTION'), (5, '2025-03-01', 9, NULL, 'lead');
CREATE TABLE sold AS SELECT n AS customer, date '2025-01-01' AS ordered_at, 10 AS amount FROM generate_series(1, 5) n;
SELECT lives_ok($$ SELECT attach_orders('sold', workspace => 'few', time_zone => 'Europe/Berlin', diagnose => false) $$, 'attach a few');
UPDATE few.settings SET as_of = '2025-02-10', period = 'month';
SELECT results_eq($$ SELECT topic, finding, advice FROM attach_answers('few', workspace => 'few') WHERE topic IN ('score', 'kind', 'resolved_at', 'answers', 'unknown customers') $$,
    $$ VALUES ('score', 'column score (numeric), found by its name', NULL), ('kind', 'column kind (text), found by its name', NULL), ('answers', '7 rows, 6 of them counted', 'Left out: 1 on or after the reporting date: not counted yet') $$, 'what is found');
SELECT results_eq('SELECT period_start, promoters, passives, detractors, score FROM few.nps_by_period', $$ VALUES (date '2025-01-01', 0::bigint, 1::bigint, 1::bigint, -50::float8), ('2025-02-01', 0, 1, 2, -200.0 / 3) $$,
    'of two at one time the lower counts, and groups are exact');
SELECT results_eq('SELECT score, replied, reply_hours, resolved, resolve_days FROM few.answers_enriched WHERE customer = 1 OR customer = 3 ORDER BY customer, answer_number',
    $$ VALUES (10::float8, true, 0::float8, true, NULL::float8), (3, true, NULL, true, NULL), (7, true, 48, true, NULL) $$, 'whole days for dates, none before the answer; a reply resolves where no column tells');
SELECT results_eq('SELECT kind, customer FROM few.feedback_inbox', $$ VALUES ('question', NULL::integer) $$, 'kinds in any case; a detractor without a word waits for nothing');
UPDATE few.settings SET nps_answers = 'all';
SELECT results_eq('SELECT responses, promoters, detractors FROM few.nps_summary', 'VALUES (6::bigint, 1::bigint, 3::bigint)', 'all of them, if the settings say so');
SELECT results_eq('SELECT active_customers, answered_customers, response_rate FROM few.nps_summary', 'VALUES (5::bigint, 4::bigint, 0.8::float8)', 'four of five answered');
SELECT results_eq($$ SELECT finding FROM attach_answers('few', kind => '', workspace => 'few') WHERE topic = 'kind' $$, 'SELECT NULL::text WHERE false', 'a column that is not wanted');
SELECT is((SELECT count(kind) FROM few.answers_enriched), 0::bigint, '... is not read');
TRUNCATE few;
SELECT results_eq('SELECT responses, score, band, advice, active_customers, response_rate, period_responses, verdict FROM few.nps_summary',
    $$ VALUES (0::bigint, NULL::float8, NULL::text, NULL::text, 5::bigint, 0::float8, 0::bigint, NULL::text) $$, 'no answers: one row that says so');
SELECT is((SELECT count(*) FROM few.nps_by_segment), 23::bigint, '... and all segments');
SELECT is_empty(format('SELECT * FROM few.%I', view), '... nothing in ' || view) FROM unnest('{nps_by_period,nps_by_touchpoint,improvements,voice_of_customer,feedback_inbox,response_times,answers_enriched}'::text[]) view;

-- each score type, and an enum for kinds
CREATE TYPE mood AS ENUM ('negative', 'idea');
CREATE TABLE typed AS SELECT 1 AS customer, date '2025-01-02' + n AS answered_at, n AS score, 'negative'::mood AS kind FROM generate_series(0, 12) n;
CREATE FUNCTION pg_temp.counted_as(type text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    counted text;
BEGIN
    PERFORM detach_answers('few');
    EXECUTE 'ALTER TABLE typed ALTER score TYPE ' || type;
    PERFORM attach_answers('typed', workspace => 'few');
    SELECT concat_ws(' ', count(*), sum(score), count(*) FILTER (WHERE nps_group = 'promoter'), min(kind)) INTO counted FROM few.answers_enriched;
    RETURN is(counted, '11 55 2 negative', 'scores of ' || type);
END
$$;
SELECT pg_temp.counted_as(type) FROM unnest('{smallint,bigint,real,double precision,numeric}'::text[]) type;
SELECT is((SELECT answers FROM few.answer_quality WHERE reason = 'invalid_score'), 2::bigint, '... 11 and 12 are none');

-- detached and attached again, and what is refused
SELECT lives_ok($$ SELECT attach_orders('orders', workspace => 'w', diagnose => false) $$, 'orders are attached again');
SELECT is((SELECT count(nps) > 5 FROM w.overview), true, '... and the answers are there');
DROP VIEW plain_improvements, plain_inbox, plain_voice, plain_times, plain_answers;
SELECT lives_ok($$ SELECT detach_orders('w'); SELECT attach_answers('answers', workspace => 'w'); SELECT upgrade_workspace('w') $$, 'between detaching and upgrading they can be attached');
SELECT is((SELECT count(nps) > 5 FROM w.overview), true, '... and are there afterwards');
CREATE VIEW dependent AS SELECT * FROM w.nps_summary;
SELECT throws_ok($$ SELECT detach_answers('w') $$, '2BP01', NULL, 'views that others stand on are not dropped');
DROP VIEW dependent;
UPDATE w.nps_advice SET advice = 'mine';
SELECT lives_ok($$ SELECT detach_answers('w') $$, 'detach');
SELECT set_eq($$ SELECT relname FROM pg_class WHERE relnamespace = 'w'::regnamespace AND relname ~ 'nps|answer|voice|improve|feedback|response' AND relkind <> 'i' $$, $$ VALUES ('nps_of_period'::name), ('nps_advice'), ('answer_rows'), ('campaign_answers') $$, '... takes the views');
SELECT is((SELECT count(*) - count(nps) FROM w.overview), (SELECT count(*) FROM w.overview), '... and empties the overview');
SELECT lives_ok($$ SELECT detach_answers('w'); SELECT attach_answers('answers', workspace => 'w') $$, 'detaching twice does nothing; attach');
SELECT is((SELECT DISTINCT advice FROM w.nps_advice), 'mine', '... keeps the texts');
SELECT pg_temp.refuses(statement, state, message, hint) FROM (VALUES
    ($$ SELECT attach_answers('answers', workspace => 'nowhere') $$, '3F000', '"nowhere" is not a workspace', 'There are: %w%'),
    ($$ SELECT detach_answers('nowhere') $$, '3F000', '"nowhere" is not a workspace', '%'),
    ($$ SELECT attach_answers(NULL, workspace => 'w') $$, '22004', 'must not be NULL', '%'),
    ($$ SELECT attach_answers('orders', workspace => 'w') $$, '42703', 'no column of public.orders looks like the answered_at', '%answered_at => %'),
    ($$ SELECT attach_answers('answers', score => 'comment', workspace => 'w') $$, '42804', 'cannot be the score', 'It has to be one of%'),
    ($$ SELECT attach_answers('answers', touchpoint => 'nothing', workspace => 'w') $$, '42703', 'column "nothing"', 'It has:%'),
    ($$ SELECT attach_answers('answers', customer => 'comment', workspace => 'w') $$, '42804', 'cannot be the customer of the orders', '%comment::integer%'),
    ($$ SELECT attach_answers('w.nps_summary', workspace => 'w') $$, '42809', 'part of the workspace', '%')) v(statement, state, message, hint);
CREATE ROLE clientele_other;
GRANT SELECT ON answers TO clientele_other;
CREATE FUNCTION pg_temp.state_for_other(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    SET LOCAL ROLE clientele_other;
    EXECUTE statement;
    RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
    RETURN SQLSTATE;
END
$$;
SELECT is(pg_temp.state_for_other($$ SELECT attach_answers('answers', workspace => 'w') $$), '42501', 'the workspace of somebody else');
SELECT is(pg_temp.state_for_other($$ SELECT detach_answers('w') $$), '42501', '... is not detached either');

-- plans: one scan of the answers each, one customer by the index, no joins that nobody asks for
CREATE TABLE many AS SELECT n % 5000 AS customer, timestamptz '2024-02-01 00:00+00' + n * interval '5 minutes' AS answered_at, n % 11 AS score FROM generate_series(1, 100000) n;
CREATE INDEX many_customer ON many (customer);
ANALYZE many;
SELECT results_eq($$ SELECT count(*) FROM attach_answers('answers', workspace => 'w') WHERE topic = 'customer' AND advice LIKE '%CREATE INDEX%(customer)%' $$, 'VALUES (1::bigint)', 'an index is advised');
SELECT results_eq($$ SELECT advice FROM attach_answers('many', workspace => 'w') WHERE topic = 'customer' $$, 'VALUES (NULL::text)', '... where there is none');
SELECT is((SELECT count(*) FROM pg_temp.plan_of('SELECT * FROM w.' || view) line WHERE line ~ 'Scan.* on many'), 1::bigint, view || ' reads the answers once')
FROM unnest('{answers_enriched,answer_quality,nps_summary,nps_by_period,nps_by_touchpoint,nps_by_segment,improvements,voice_of_customer,feedback_inbox,response_times,overview}'::text[]) view;
SELECT is((SELECT count(*) FROM pg_temp.plan_of('SELECT * FROM w.answers_enriched WHERE customer = 471') line WHERE line ~ 'Index Cond: .*customer = 471'), 1::bigint, 'the answers of one customer by the index');
SELECT is((SELECT count(*) FROM pg_temp.plan_of('SELECT nps_group, count(*) FROM w.answers_enriched WHERE counts_in_period GROUP BY 1') line WHERE line ~ '(Left|Right) Join'), 0::bigint, 'classes that nobody asks for are not worked out');
DROP TABLE many CASCADE;

SELECT * FROM finish();
ROLLBACK;
