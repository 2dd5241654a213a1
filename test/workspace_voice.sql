-- attach_answers() and the Net Promoter Score in the views: against plain SQL on random and hostile answers, under many settings
BEGIN;
SELECT no_plan();
SET client_min_messages = warning;
\ir include/differences.sql
\ir include/refuses.sql
\ir include/under.sql

SELECT setseed(0.43);
CREATE TABLE orders AS
SELECT n AS order_id, (120 * random() ^ 1.5)::integer AS customer, timestamptz '2023-01-01 10:00+00' + (820 * random())::integer * interval '1 day' AS ordered_at,
    CASE WHEN random() < 0.1 THEN -5 ELSE 1 + (90 * random() ^ 2)::integer END AS amount
FROM generate_series(1, 1800) n;
CREATE INDEX ON orders (customer);
ANALYZE orders;
-- no customer, strangers, no or odd times and scores, later answers, blanks; no two at one time but those who answer twice
CREATE TABLE answers AS
SELECT n AS id, CASE WHEN random() < 0.15 THEN NULL ELSE (140 * random())::integer END AS customer_id,
    CASE WHEN random() < 0.01 THEN NULL WHEN random() < 0.01 THEN 'infinity' WHEN random() < 0.01 THEN timestamptz '0044-03-15 12:00+00 BC'
        ELSE timestamptz '2023-02-01 00:00+00' + (820 * random())::integer * interval '1 day' + (24 * random())::integer * interval '1 hour' + n * interval '1 second' END AS answered_at,
    CASE WHEN random() < 0.02 THEN NULL WHEN random() < 0.02 THEN (ARRAY['NaN', 'Infinity', '-Infinity', '-1', '10.0001', '11', '-0.0001', '1e300'])[1 + n % 8]::float8
        WHEN random() < 0.05 THEN (ARRAY[8.99999, 9.00001, 6.99999, 7, 0, 10])[1 + n % 6] ELSE (11 * random() - 0.5)::integer END AS score,
    (ARRAY['store', 'delivery', 'support', '', NULL])[1 + (4 * random())::integer] AS touchpoint,
    (ARRAY['web', 'mail'])[1 + n % 2] AS channel, 'E' || n % 3 AS employee,
    (ARRAY['Late again', ' ', NULL])[1 + (2 * random())::integer] AS comment,
    (ARRAY['positive', 'Negative ', 'question', 'criticism', 'idea', 'lead', 'rumour', ' ', NULL])[1 + (8 * random())::integer] AS kind,
    (ARRAY['Decaf', 'decaf ', 'Faster   delivery', 'faster delivery', 'Larger bags', '  ', NULL])[1 + (6 * random())::integer] AS wish,
    (ARRAY['Ada', 'Ben', NULL])[1 + (2 * random())::integer] AS owner,
    NULL::timestamptz AS replied_at, NULL::date AS resolved_at
FROM generate_series(1, 3000) n;
UPDATE answers SET replied_at = CASE WHEN random() < 0.02 THEN 'infinity' WHEN random() < 0.02 THEN '-infinity' ELSE answered_at + (random() - 0.05) * interval '9 days' END
    WHERE random() < 0.7 AND isfinite(answered_at);
UPDATE answers SET resolved_at = CASE WHEN random() < 0.02 THEN 'infinity'::date ELSE (replied_at AT TIME ZONE 'UTC')::date + (3 * random())::integer END WHERE random() < 0.8 AND isfinite(replied_at);
INSERT INTO answers SELECT 10000 + id, customer_id, answered_at, greatest(0, least(10, score - 3 + id % 6)), touchpoint, channel, employee, comment, kind, wish, owner, replied_at, resolved_at
    FROM answers WHERE id % 11 = 0 AND score >= 0 AND score <= 10;
INSERT INTO answers SELECT 20000 + id, customer_id, answered_at, score, touchpoint, channel, employee, comment, kind, wish, owner, replied_at, resolved_at FROM answers WHERE id % 50 = 0;
SELECT lives_ok($$ SELECT attach_orders('orders', workspace => 'w', time_zone => 'America/New_York', diagnose => false) $$, 'attach orders');
SELECT lives_ok($$ CREATE TABLE no_answers AS SELECT nps, nps_responses FROM w.overview; SELECT attach_answers('answers', workspace => 'w') $$, 'attach answers');
SELECT is((SELECT count(nps) + count(nps_responses) || ' of ' || (count(*) > 5) FROM no_answers), '0 of true', 'before, overview knew of none');

-- The answers that count, and what the customers were, in plain SQL
CREATE VIEW plain_answers AS
SELECT a.*, u.day, date_trunc(s.period, u.day)::date AS period_start, r.as_of, s.nps_answers, s.enough,
    CASE WHEN score >= 9 THEN 'promoter' WHEN score < 7 THEN 'detractor' ELSE 'passive' END AS nps_group,
    coalesce(u.day >= r.as_of - s.nps_window, true) AS in_window,
    coalesce(isfinite(replied_at) AND (replied_at AT TIME ZONE 'America/New_York')::date < r.as_of, false) AS replied,
    coalesce(isfinite(resolved_at) AND resolved_at < r.as_of, false) AS resolved,
    coalesce(nullif(trim(touchpoint), ''), 'unknown') AS at_touchpoint, coalesce(lower(nullif(trim(kind), '')), 'none') AS plain_kind,
    (SELECT CASE WHEN count(*) = 0 THEN NULL WHEN max(o.day) < (u.day - s.lost_after)::date THEN 'lost'
            WHEN count(DISTINCT o.day) FILTER (WHERE o.day >= (u.day - s.regular_within)::date) >= s.regular_purchases THEN 'regular'
            WHEN min(o.day) >= (u.day - s.new_within)::date THEN 'new' ELSE 'occasional' END
        FROM (SELECT (ordered_at AT TIME ZONE 'America/New_York')::date AS day, customer, amount FROM orders) o
        WHERE o.customer = a.customer_id AND o.amount >= 0 AND o.day < u.day) AS stage
FROM answers a CROSS JOIN w.settings s CROSS JOIN w.reporting_date r
CROSS JOIN LATERAL (SELECT (answered_at AT TIME ZONE 'America/New_York')::date AS day) u
WHERE isfinite(answered_at) AND answered_at > '0001-01-02' AND score::text NOT IN ('NaN', 'Infinity', '-Infinity') AND score >= 0 AND score <= 10 AND u.day < r.as_of;
CREATE TABLE plain_now AS SELECT * FROM plain_answers;
CREATE TABLE plain_classes AS SELECT * FROM w.class_history;
-- Of several at one time the one with the lowest score is the last, and of equals any
CREATE FUNCTION latest(scope text) RETURNS SETOF plain_now LANGUAGE sql STABLE AS $$
    SELECT DISTINCT ON (CASE WHEN customer_id IS NULL OR nps_answers = 'all' THEN id END, customer_id,
            CASE scope WHEN 'period' THEN period_start::text WHEN 'touchpoint' THEN at_touchpoint END) n.*
    FROM plain_now n
    WHERE in_window OR scope = 'period'
    ORDER BY CASE WHEN customer_id IS NULL OR nps_answers = 'all' THEN id END, customer_id,
        CASE scope WHEN 'period' THEN period_start::text WHEN 'touchpoint' THEN at_touchpoint END, answered_at DESC, score
$$;
CREATE FUNCTION tally(groups text[]) RETURNS TABLE (responses bigint, promoters bigint, passives bigint, detractors bigint, score float8, score_lower float8, score_upper float8, answers nps)
LANGUAGE sql STABLE AS $$
    SELECT n, p, m, d, 100.0 * (p - d) / nullif(n, 0), i.lower, i.upper, nps(p, m, d)
    FROM (SELECT count(g) AS n, count(*) FILTER (WHERE g = 'promoter') AS p, count(*) FILTER (WHERE g = 'passive') AS m, count(*) FILTER (WHERE g = 'detractor') AS d FROM unnest(groups) g) c,
        nps_interval(nps(p, m, d)) i
$$;
CREATE VIEW plain_by_period AS
WITH one AS (
    SELECT p.period_start, p.period_start + p.step <= p.as_of AS complete, p.enough, t.*
    FROM (SELECT g::date AS period_start, s.step, r.as_of, s.enough
          FROM (SELECT ('1 ' || period)::interval AS step, period, enough FROM w.settings) s, w.reporting_date r,
              generate_series((SELECT min(period_start) FROM plain_now)::timestamp, date_trunc(s.period, r.as_of - 1), s.step) g) p
    CROSS JOIN LATERAL tally(ARRAY(SELECT nps_group FROM latest('period') l WHERE l.period_start = p.period_start)) t)
SELECT a.period_start, a.complete, a.responses, a.promoters, a.passives, a.detractors, a.score, a.score_lower, a.score_upper,
    coalesce(b.responses, 0) AS previous_responses, b.score AS previous_score, a.score - b.score AS change, c.lower AS change_lower, c.upper AS change_upper,
    100.0 * a.promoters / nullif(a.responses, 0) - 100.0 * b.promoters / nullif(b.responses, 0) AS promoters_change,
    100.0 * a.detractors / nullif(a.responses, 0) - 100.0 * b.detractors / nullif(b.responses, 0) AS detractors_change,
    CASE WHEN a.score IS NULL OR b.score IS NULL THEN NULL WHEN c.lower > 0 AND a.score - b.score >= 2 THEN 'up' WHEN c.upper < 0 AND a.score - b.score <= -2 THEN 'down' ELSE 'flat' END AS verdict,
    a.responses >= a.enough AS enough
FROM one a LEFT JOIN one b ON b.period_start = (SELECT max(x.period_start) FROM one x WHERE x.period_start < a.period_start)
LEFT JOIN LATERAL nps_test(a.answers, b.answers) c ON true;
CREATE VIEW plain_summary AS
SELECT r.as_of, coalesce((r.as_of - s.nps_window)::date, '0001-01-01') AS from_date, t.responses, t.promoters, t.passives, t.detractors, t.score, t.score_lower, t.score_upper,
    CASE WHEN t.score >= 50 THEN 'strong' WHEN t.score >= 30 THEN 'average' WHEN t.score IS NOT NULL THEN 'weak' END AS band,
    (SELECT advice FROM w.nps_advice WHERE band = CASE WHEN t.score >= 50 THEN 'strong' WHEN t.score >= 30 THEN 'average' WHEN t.score IS NOT NULL THEN 'weak' END) AS advice,
    c.active_customers, c.answered_customers, c.answered_customers::float8 / nullif(c.active_customers, 0) AS response_rate,
    date_trunc(s.period, r.as_of)::date - (date_trunc(s.period, r.as_of)::date - (date_trunc(s.period, r.as_of) - ('1 ' || s.period)::interval)::date) AS period_start,
    coalesce(p.responses, 0) AS period_responses, p.score AS period_score, coalesce(p.previous_responses, 0) AS previous_responses, p.previous_score, p.change, p.change_lower,
    p.change_upper, p.promoters_change, p.detractors_change, p.verdict, t.responses >= s.enough AS enough
FROM w.settings s CROSS JOIN w.reporting_date r
CROSS JOIN LATERAL tally(ARRAY(SELECT nps_group FROM latest('all'))) t
CROSS JOIN LATERAL (
    SELECT count(*) AS active_customers, count(*) FILTER (WHERE customer IN (SELECT customer_id FROM plain_now WHERE in_window)) AS answered_customers
    FROM (SELECT customer, max((ordered_at AT TIME ZONE 'America/New_York')::date) AS last FROM orders WHERE amount >= 0 AND (ordered_at AT TIME ZONE 'America/New_York')::date < r.as_of GROUP BY 1) o
    WHERE coalesce(o.last >= r.as_of - s.nps_window, true)) c
LEFT JOIN plain_by_period p ON p.complete AND p.period_start = (date_trunc(s.period, r.as_of) - ('1 ' || s.period)::interval)::date;
CREATE VIEW plain_touchpoints AS
SELECT (SELECT 1 + count(*) FROM (SELECT at_touchpoint, array_agg(nps_group) AS groups FROM latest('touchpoint') GROUP BY 1) y, tally(y.groups) z
        WHERE (z.responses < s.enough, -z.score_lower, y.at_touchpoint) < (t.responses < s.enough, -t.score_lower, x.at_touchpoint)) AS "position",
    x.at_touchpoint AS touchpoint, t.responses, t.promoters, t.passives, t.detractors, 100.0 * t.responses / sum(t.responses) OVER () AS pct_of_responses, t.score, t.score_lower, t.score_upper,
    CASE WHEN t.score >= 50 THEN 'strong' WHEN t.score >= 30 THEN 'average' ELSE 'weak' END AS band, t.responses >= s.enough AS enough
FROM (SELECT at_touchpoint, array_agg(nps_group) AS groups FROM latest('touchpoint') GROUP BY 1) x CROSS JOIN LATERAL tally(x.groups) t CROSS JOIN w.settings s;
CREATE VIEW plain_segments AS
WITH answered AS MATERIALIZED (
    SELECT l.*, h.abc, h.xyz, h.cell FROM latest('all') l
    LEFT JOIN plain_classes h ON h.customer = l.customer_id AND h.as_of = l.period_start
), named AS (SELECT DISTINCT ON (customer_id) * FROM plain_now WHERE in_window AND customer_id IS NOT NULL ORDER BY customer_id, answered_at DESC, score
), customers AS MATERIALIZED (SELECT c.*, customer IN (SELECT customer_id FROM named) AS answered FROM w.customers c)
SELECT v.dimension || ' ' || v.value AS key, t.responses, t.promoters, t.passives, t.detractors, t.score, t.score_lower, t.score_upper, c.customers, c.answered_customers,
    c.answered_customers::float8 / nullif(c.customers, 0) AS response_rate, coalesce(l.value_at_risk, 0) AS value_at_risk, t.responses >= s.enough AS enough
FROM (SELECT 'stage' AS dimension, unnest('{new,occasional,regular,lost,unknown}'::text[]) AS value UNION ALL SELECT 'abc', unnest('{A,B,C,unknown}'::text[])
    UNION ALL SELECT 'xyz', unnest('{X,Y,Z,unknown}'::text[]) UNION ALL SELECT 'cell', unnest('{AX,AY,AZ,BX,BY,BZ,CX,CY,CZ,unknown}'::text[])) v
CROSS JOIN w.settings s
CROSS JOIN LATERAL tally(ARRAY(SELECT nps_group FROM answered a WHERE coalesce(to_jsonb(a)->>v.dimension, 'unknown') = v.value)) t
CROSS JOIN LATERAL (SELECT count(*) AS customers, count(*) FILTER (WHERE answered) AS answered_customers FROM customers k WHERE coalesce(to_jsonb(k)->>v.dimension, 'unknown') = v.value) c
LEFT JOIN LATERAL (
    SELECT sum(k.last_year_revenue) AS value_at_risk
    FROM named n JOIN customers k ON k.customer = n.customer_id LEFT JOIN plain_classes h ON h.customer = n.customer_id AND h.as_of = n.period_start
    WHERE n.nps_group = 'detractor'
        AND coalesce(CASE v.dimension WHEN 'stage' THEN n.stage WHEN 'abc' THEN h.abc WHEN 'xyz' THEN h.xyz ELSE h.cell END, 'unknown') = v.value) l ON true;

CREATE FUNCTION pg_temp.compare(setting text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'UPDATE w.settings SET ' || setting;
    TRUNCATE plain_now, plain_classes;
    INSERT INTO plain_now SELECT * FROM plain_answers;
    INSERT INTO plain_classes SELECT * FROM w.class_history;
    ANALYZE plain_now, plain_classes;
    RETURN NEXT is(pg_temp.differences('SELECT * FROM w.nps_by_period', 'SELECT * FROM plain_by_period', 'period_start'), '', 'nps_by_period with ' || setting);
    RETURN NEXT is(pg_temp.differences('SELECT * FROM w.nps_summary', 'SELECT * FROM plain_summary', 'as_of'), '', 'nps_summary with ' || setting);
    RETURN NEXT is(pg_temp.differences('SELECT * FROM w.nps_by_touchpoint', 'SELECT * FROM plain_touchpoints', 'touchpoint'), '', 'nps_by_touchpoint with ' || setting);
    RETURN NEXT is(pg_temp.differences($q$ SELECT dimension || ' ' || value AS key, x.responses, x.promoters, x.passives, x.detractors, x.score, x.score_lower, x.score_upper, x.customers,
        x.answered_customers, x.response_rate, x.value_at_risk, x.enough FROM w.nps_by_segment x $q$, 'SELECT * FROM plain_segments', 'key'), '', 'nps_by_segment with ' || setting);
    RETURN NEXT results_eq('SELECT period_start, nps, coalesce(nps_responses, 0) FROM w.overview WHERE period_start >= (SELECT min(period_start) FROM w.nps_by_period)',
        'SELECT period_start, score, responses FROM w.nps_by_period WHERE period_start IN (SELECT period_start FROM w.overview)', 'overview with ' || setting);
END
$$;
SELECT pg_temp.compare(setting) FROM unnest(ARRAY['period = ''month''', 'nps_answers = ''all''', 'as_of = ''2024-07-01'', nps_window = ''3 months''', 'nps_answers = ''latest'', enough = 9', 'period = ''year'', nps_window = NULL',
    'as_of = ''2023-03-09'', period = ''week'', new_within = ''20 days''', 'as_of = ''2024-11-12'', nps_window = ''45 days'', lost_after = ''2 months'', regular_purchases = 2',
    'as_of = ''2023-02-02''', 'as_of = ''2022-12-12''']) setting;
UPDATE w.settings SET as_of = 'auto', period = 'month', nps_window = '12 months', enough = 30, nps_answers = 'latest';
SELECT cmp_ok((SELECT count(*) FROM w.nps_by_segment WHERE responses > 0), '>', 15::bigint, 'and most of the segments');
SELECT is((SELECT string_agg(DISTINCT sum::text, ' ') FROM (SELECT sum(responses) FROM w.nps_by_segment GROUP BY dimension) s), (SELECT responses::text FROM w.nps_summary), 'each dimension adds up to the summary');
SELECT is((SELECT string_agg(DISTINCT sum::text, ' ') FROM (SELECT sum(customers) FROM w.nps_by_segment GROUP BY dimension) s), (SELECT count(*)::text FROM w.customers), '... and to all customers');

-- one by one
TRUNCATE plain_now, plain_classes;
INSERT INTO plain_now SELECT * FROM plain_answers;
INSERT INTO plain_classes SELECT * FROM w.class_history;
SELECT bag_eq($$ SELECT customer, day, period_start, score, nps_group, touchpoint, channel, employee, comment, kind, wish, owner, replied, resolved, stage FROM w.answers_enriched $$,
    $$ SELECT customer_id, day, period_start, score, nps_group, nullif(at_touchpoint, 'unknown') AS touchpoint, channel, employee, nullif(trim(comment), '') AS comment, nullif(plain_kind, 'none') AS kind, nullif(trim(wish), '') AS wish, owner, replied, resolved, stage FROM plain_now $$,
    'answers_enriched');
SELECT bag_eq($$ SELECT customer, day, round(reply_hours::numeric, 5) AS hours, round(resolve_days::numeric, 5) AS days FROM w.answers_enriched $$,
    $$ SELECT customer_id, day, CASE WHEN replied AND replied_at >= answered_at THEN round(extract(epoch FROM replied_at - answered_at) / 3600, 5) END AS hours,
        CASE WHEN resolved AND resolved_at >= day THEN round(resolved_at - day, 5) END AS days FROM plain_now $$, '... and how long it took');
SELECT bag_eq($$ SELECT a.customer, a.day, a.abc, a.xyz, a.cell FROM w.answers_enriched a WHERE a.abc IS NOT NULL $$,
    $$ SELECT h.customer, n.day, h.abc, h.xyz, h.cell FROM plain_now n JOIN plain_classes h ON h.customer = n.customer_id AND h.as_of = n.period_start WHERE h.abc IS NOT NULL $$, '... and the classes of the time');
SELECT bag_eq($$ SELECT customer, score FROM w.answers_enriched WHERE counts_in_period $$, $$ SELECT customer_id, score FROM latest('period') $$, 'those that count in their period');
SELECT bag_eq($$ SELECT customer, score, touchpoint FROM w.answers_enriched a, w.settings s, w.reporting_date r WHERE counts_at_touchpoint AND day >= r.as_of - s.nps_window $$,
    $$ SELECT customer_id, score, nullif(at_touchpoint, 'unknown') FROM latest('touchpoint') $$, '... at their touchpoint');
SELECT is_empty('SELECT customer FROM w.answers_enriched WHERE is_latest AND customer IS NOT NULL GROUP BY customer HAVING count(*) > 1', 'one latest answer for each');
SELECT set_eq('SELECT customer, answer_number FROM w.answers_enriched', 'SELECT customer_id, row_number() OVER (PARTITION BY customer_id) FROM plain_now', 'numbered from 1');

-- and those that are left out
CREATE FUNCTION pg_temp.same_quality(setting text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'UPDATE w.settings SET ' || setting;
    RETURN results_eq('SELECT reason, answers FROM w.answer_quality', $q$
        SELECT v.reason, count(a.reason) FROM (VALUES (1, 'used'), (2, 'no_customer'), (3, 'unknown_customer'), (4, 'no_time'), (5, 'invalid_time'), (6, 'no_score'), (7, 'invalid_score'), (8, 'future')) v(n, reason)
        LEFT JOIN (SELECT CASE WHEN answered_at IS NULL THEN 'no_time' WHEN NOT isfinite(answered_at) OR answered_at < '0001-01-02' THEN 'invalid_time' WHEN score IS NULL THEN 'no_score'
                WHEN score::text !~ '^([0-9]([.][0-9]+)?|10)$' THEN 'invalid_score'
                WHEN (answered_at AT TIME ZONE 'America/New_York')::date >= r.as_of THEN 'future' WHEN customer_id IS NULL THEN 'no_customer'
                WHEN customer_id IN (SELECT customer FROM w.customers) THEN 'used' ELSE 'unknown_customer' END AS reason FROM answers, w.reporting_date r) a ON a.reason = v.reason
        GROUP BY v.n, v.reason ORDER BY v.n $q$, 'answer_quality with ' || setting);
END
$$;
SELECT pg_temp.same_quality(setting) FROM unnest(ARRAY['as_of = ''auto''', 'as_of = ''2023-12-31''', 'as_of = ''2022-12-31''']) setting;
UPDATE w.settings SET as_of = 'auto';
SELECT is((SELECT sum(answers) FROM w.answer_quality), (SELECT count(*)::numeric FROM answers), 'every row is under one reason');

-- texts of one's own
UPDATE w.nps_advice SET advice = 'Ring the bell';
SELECT is((SELECT advice FROM w.nps_summary), 'Ring the bell', 'edited advice is shown');
DELETE FROM w.nps_advice;
SELECT is((SELECT count(*) || ' ' || count(advice) FROM w.nps_summary), '1 0', '... and without one the row stays');
SELECT throws_ok($$ INSERT INTO w.nps_advice VALUES ('superb', 'x') $$, '23514', NULL, 'bands are three');
SELECT throws_like(statement, message, statement) FROM (VALUES ($$ UPDATE w.settings SET nps_answers = 'first' $$, '%"nps_answers is latest or all"'),
    ($$ UPDATE w.settings SET nps_window = '1 hour' $$, '%"nps_window is a span of at least a day, or empty"')) v(statement, message);

SELECT * FROM finish();
ROLLBACK;
