-- funnel_passes, funnel_steps and funnel_summary: against an exhaustive search of all chains, by group, open and lost, steps that change
BEGIN;
SELECT no_plan();
SET client_min_messages = warning;

SELECT setseed(0.47);
CREATE TABLE raw_orders AS
SELECT (150 * random())::integer AS customer, timestamptz '2024-01-10 12:00+00' + (1200 * random())::integer * interval '6 hours' AS ordered_at,
    CASE WHEN random() < 0.1 THEN -5 ELSE 10 END AS amount, (ARRAY['ads', 'mail', NULL])[1 + (random() * 2)::integer] AS source FROM generate_series(1, 250) n;
CREATE TABLE touches AS
SELECT (160 * random())::integer AS customer, timestamptz '2024-01-10 12:00+00' + (1200 * random())::integer * interval '6 hours' AS happened_at,
    (ARRAY['visit', 'call', 'offer', 'meeting', 'lost', 'mail'])[1 + (random() * 5)::integer] AS touchpoint, (ARRAY['ads', 'web', '', NULL, NULL])[1 + (random() * 4)::integer] AS source,
    CASE WHEN random() < 0.2 THEN (ARRAY['price', 'time', ''])[1 + (random() * 2)::integer] END AS reason
FROM generate_series(1, 1500) n;
SELECT lives_ok($$ SELECT attach_orders('raw_orders', time_zone => 'Europe/Berlin', diagnose => false); SELECT attach_touchpoints('touches') $$, 'attach');
SELECT is_empty('SELECT * FROM loyalty.funnel_steps', 'no stages, no steps');
SELECT is((SELECT advice FROM attach_touchpoints('touches') WHERE topic = 'touchpoints') LIKE '%INSERT INTO loyalty.funnel_stages%', true, '... and the advice is to name them');
INSERT INTO loyalty.funnel_stages VALUES ('sales', 1, 'visit'), ('sales', 1, 'call'), ('sales', 5, 'offer'), ('sales', 7, 'PURCHASE'), ('talk', 2, 'call'), ('talk', 3, 'meeting'), ('talk', 4, 'nothing'), ('one', 1, 'mail'), ('again', 1, 'PURCHASE'), ('again', 2, 'mail'), ('never', 1, 'nothing');

-- plain SQL: events with their pass, then all chains of a pass
CREATE VIEW pass_event AS
WITH r AS (SELECT r.as_of, s.time_zone, s.count_by FROM loyalty.reporting_date r CROSS JOIN loyalty.settings s),
o AS (SELECT o.*, row_number() OVER (PARTITION BY customer ORDER BY ordered_at, amount) AS n, row_number() OVER (PARTITION BY customer, (ordered_at AT TIME ZONE time_zone)::date ORDER BY ordered_at) AS of_day
    FROM raw_orders o CROSS JOIN r WHERE amount >= 0 AND (ordered_at AT TIME ZONE time_zone)::date < as_of),
e AS (SELECT customer, happened_at AS at, touchpoint, nullif(source, '') AS source, nullif(reason, '') AS reason FROM touches CROSS JOIN r WHERE (happened_at AT TIME ZONE time_zone)::date < as_of
    UNION ALL SELECT customer, ordered_at, 'PURCHASE', nullif(source, ''), NULL FROM o WHERE of_day = 1 OR (SELECT count_by FROM r) = 'orders'),
g AS (SELECT funnel_name, touchpoint, (SELECT count(DISTINCT x.step_number) FROM loyalty.funnel_stages x WHERE x.funnel_name = f.funnel_name AND x.step_number <= f.step_number) AS step,
    (SELECT count(DISTINCT x.step_number) FROM loyalty.funnel_stages x WHERE x.funnel_name = f.funnel_name) AS steps FROM loyalty.funnel_stages f)
SELECT n.funnel_name, n.steps, e.customer, e.at, g.step, e.source, e.reason,
    1 + (SELECT count(*) FROM e x JOIN g y ON y.touchpoint = x.touchpoint AND y.funnel_name = n.funnel_name AND y.step = y.steps
        WHERE x.customer = e.customer AND (x.at < e.at OR x.at = e.at AND coalesce(g.step, 1000) > y.step)) AS pass,
    (SELECT min(ordered_at) FROM o WHERE o.customer = e.customer) AS first_order
FROM e CROSS JOIN (SELECT DISTINCT funnel_name, steps FROM g) n LEFT JOIN g ON g.touchpoint = e.touchpoint AND g.funnel_name = n.funnel_name
WHERE g.step IS NOT NULL OR e.reason IS NOT NULL;
CREATE VIEW plain_pass AS
WITH RECURSIVE v AS MATERIALIZED (SELECT DISTINCT funnel_name, steps, customer, pass, at, step, first_order FROM pass_event),
w AS (SELECT s.funnel_within, s.time_zone, r.as_of, s.period FROM loyalty.settings s CROSS JOIN loyalty.reporting_date r),
chain AS (
    SELECT funnel_name, steps, customer, pass, step, at, ARRAY[at] AS times, first_order FROM v WHERE step = 1
    UNION ALL
    SELECT c.funnel_name, c.steps, c.customer, c.pass, v.step, v.at, c.times || v.at, c.first_order FROM chain c JOIN v ON v.funnel_name = c.funnel_name AND v.customer = c.customer AND v.pass = c.pass AND v.step = c.step + 1 AND v.at >= c.at
    CROSS JOIN w WHERE (v.at AT TIME ZONE w.time_zone) <= (c.times[1] AT TIME ZONE w.time_zone) + w.funnel_within),
best AS (SELECT DISTINCT ON (funnel_name, customer, pass) * FROM chain ORDER BY funnel_name, customer, pass, step DESC, at, times[1] DESC, times)
SELECT b.funnel_name, b.steps, b.customer, b.pass, b.step, b.times, period_start(b.times[1], w.period, w.time_zone) AS entry_period, CASE WHEN b.first_order < b.times[1] THEN 'existing' ELSE 'new' END AS kind,
    coalesce((SELECT source FROM pass_event e WHERE e.funnel_name = b.funnel_name AND e.customer = b.customer AND e.pass = b.pass AND source IS NOT NULL AND step IS NOT NULL ORDER BY at, step, source LIMIT 1), 'unknown') AS source,
    (SELECT reason FROM pass_event e WHERE e.funnel_name = b.funnel_name AND e.customer = b.customer AND e.pass = b.pass AND reason IS NOT NULL ORDER BY at DESC, step DESC, reason LIMIT 1) AS reason,
    CASE WHEN b.step = b.steps THEN 'arrived'
        WHEN (SELECT min(at) FROM v WHERE v.funnel_name = b.funnel_name AND v.customer = b.customer AND v.pass = b.pass AND v.step = b.steps) AT TIME ZONE w.time_zone <= (b.times[1] AT TIME ZONE w.time_zone) + w.funnel_within THEN 'skipped'
        WHEN (b.times[1] AT TIME ZONE w.time_zone) + w.funnel_within >= w.as_of THEN 'open' ELSE 'lost' END AS outcome
FROM best b CROSS JOIN w;
CREATE FUNCTION pg_temp.same_funnel(setting text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'UPDATE loyalty.settings SET ' || setting;
    DROP TABLE IF EXISTS pass;
    CREATE TEMP TABLE pass AS SELECT * FROM plain_pass;
    RETURN NEXT set_eq('SELECT funnel_name, customer, pass_number, source, entry_period, customer_kind, step_number, is_deepest, outcome, reason, CASE WHEN is_deepest THEN reached_at END AS x FROM loyalty.funnel_passes', $q$
        SELECT funnel_name, customer, pass, source, entry_period, kind, i, i = step AS a, CASE WHEN i < step THEN 'went on' ELSE outcome END AS b, CASE WHEN i = step AND i < steps THEN reason END AS c, CASE WHEN i = step THEN times[i] END AS d
        FROM pass, generate_series(1, step::integer) i $q$, 'funnel_passes with ' || setting);
    RETURN NEXT is_empty('SELECT * FROM (SELECT *, extract(epoch FROM reached_at - lag(reached_at) OVER (PARTITION BY funnel_name, customer, pass_number ORDER BY step_number))::float8 / 3600 AS expected FROM loyalty.funnel_passes) p WHERE hours IS DISTINCT FROM expected OR hours < 0',
        '... hours');
    RETURN NEXT set_eq('SELECT funnel_name, source, entry_period, customer_kind, step_number, touchpoint, reached, pct_of_first, pct_of_first_lower, pct_of_first_upper, pct_of_previous, pct_of_previous_lower, pct_of_previous_upper, median_hours, lost, still_open, skipped, top_reason, top_reason_passes, enough, complete FROM loyalty.funnel_steps', $q$
        SELECT k.funnel_name, k.source, k.entry_period, k.kind, g.step, g.names, n.reached, CASE g.step WHEN 1 THEN 100 ELSE 100 * f.estimate END AS a, CASE g.step WHEN 1 THEN 100 ELSE 100 * f.lower END AS b, CASE g.step WHEN 1 THEN 100 ELSE 100 * f.upper END AS c,
            100 * i.estimate AS d, 100 * i.lower AS e, 100 * i.upper AS f,
            (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY hours) FROM loyalty.funnel_passes p WHERE ROW(p.funnel_name, p.source, p.entry_period, p.customer_kind, p.step_number) = ROW(k.funnel_name, k.source, k.entry_period, k.kind, g.step)) AS g,
            n.lost, n.still_open, n.skipped, t.reason, coalesce(t.n, 0) AS h, CASE g.step WHEN 1 THEN n.reached ELSE n.previous END >= s.enough AS i,
            k.entry_period + CASE s.period WHEN 'quarter' THEN interval '3 months' ELSE ('1 ' || s.period)::interval END + s.funnel_within <= r.as_of AS j
        FROM (SELECT DISTINCT funnel_name, source, entry_period, kind FROM pass) k CROSS JOIN loyalty.settings s CROSS JOIN loyalty.reporting_date r
        JOIN (SELECT funnel_name, dense_rank() OVER (PARTITION BY funnel_name ORDER BY step_number) AS step, string_agg(touchpoint, ' / ' ORDER BY touchpoint) AS names FROM loyalty.funnel_stages GROUP BY funnel_name, step_number) g ON g.funnel_name = k.funnel_name
        CROSS JOIN LATERAL (SELECT count(*) AS first, count(*) FILTER (WHERE p.step >= g.step) AS reached, CASE WHEN g.step > 1 THEN count(*) FILTER (WHERE p.step >= g.step - 1) END AS previous,
                count(*) FILTER (WHERE p.step = g.step AND p.outcome = 'lost') AS lost, count(*) FILTER (WHERE p.step = g.step AND p.outcome = 'open') AS still_open, count(*) FILTER (WHERE p.step = g.step AND p.outcome = 'skipped') AS skipped
            FROM pass p WHERE ROW(p.funnel_name, p.source, p.entry_period, p.kind) = ROW(k.funnel_name, k.source, k.entry_period, k.kind)) n
        LEFT JOIN LATERAL (SELECT p.reason, count(*) AS n FROM pass p WHERE ROW(p.funnel_name, p.source, p.entry_period, p.kind, p.step, p.outcome) = ROW(k.funnel_name, k.source, k.entry_period, k.kind, g.step, 'lost') AND p.reason IS NOT NULL
            GROUP BY p.reason ORDER BY 2 DESC, 1 LIMIT 1) t ON true
        CROSS JOIN LATERAL wilson_interval(n.reached, n.first) f CROSS JOIN LATERAL wilson_interval(n.reached, n.previous) i $q$, '... funnel_steps');
    RETURN NEXT set_eq('SELECT funnel_name, step_number, touchpoint, reached, round(pct_of_first::numeric, 9), lost, still_open, skipped, top_reason FROM loyalty.funnel_summary', $q$
        SELECT s.funnel_name, s.step_number, s.touchpoint, sum(s.reached) AS a, round(100 * sum(s.reached) / sum(sum(s.reached)) FILTER (WHERE s.step_number = 1) OVER (PARTITION BY s.funnel_name), 9) AS b, sum(s.lost) AS c, sum(s.still_open) AS d, sum(s.skipped) AS e,
            (SELECT p.reason FROM pass p WHERE p.funnel_name = s.funnel_name AND p.step = s.step_number AND p.outcome = 'lost' AND p.reason IS NOT NULL GROUP BY p.reason ORDER BY count(*) DESC, 1 LIMIT 1) AS f
        FROM loyalty.funnel_steps s GROUP BY 1, 2, 3 $q$, '... funnel_summary is what they add up to');
    RETURN NEXT is_empty('SELECT * FROM (SELECT *, lead(reached) OVER (PARTITION BY funnel_name ORDER BY step_number) AS next FROM loyalty.funnel_summary) f WHERE next IS NOT NULL AND reached <> next + lost + still_open + skipped',
        '... whoever does not go on is lost, open or has skipped a step');
END
$$;
SELECT pg_temp.same_funnel(setting) FROM unnest(ARRAY['enough = 5', 'funnel_within = ''10 days''', 'funnel_within = ''1 month'', period = ''month'', count_by = ''orders''', 'as_of = ''2024-06-01'', funnel_within = ''5 days 06:00''', 'as_of = ''2024-04-01'', period = ''week'', funnel_within = ''1000 years''',
    'as_of = ''2020-01-01''', 'as_of = ''auto'', funnel_within = ''2 months'', period = ''quarter'', count_by = ''days'', time_zone = ''America/New_York''']) setting;
SELECT is((SELECT bool_or(lost > 0) AND bool_or(still_open > 0) AND bool_or(skipped > 0) AND bool_or(top_reason IS NOT NULL) AND count(DISTINCT funnel_name) = 4 AND bool_or(reached = 0) FROM loyalty.funnel_summary), true, 'there is something in it');
SELECT is((SELECT count(DISTINCT (source, customer_kind, complete, enough)) > 8 FROM loyalty.funnel_steps), true, '... of all kinds');

-- a purchase may be anywhere; what comes after it is a pass of its own only if it is the last step
CREATE TABLE few_orders AS SELECT * FROM (VALUES (1, timestamptz '2025-01-10 12:00+00', 5), (2, '2025-01-01 12:00+00', 5), (3, '2025-01-05 12:00+00', 5), (3, '2025-01-25 12:00+00', 5)) v(customer, ordered_at, amount);
CREATE TABLE few AS SELECT * FROM (VALUES (1, timestamptz '2025-01-05 12:00+00', 'visit'), (1, '2025-01-20 12:00+00', 'review'), (2, '2025-01-02 12:00+00', 'visit'), (3, '2025-01-05 12:00+00', 'visit'), (3, '2025-01-20 12:00+00', 'visit'), (4, '2025-04-20 12:00+00', 'visit')) v(customer, happened_at, touchpoint);
SELECT lives_ok($$ SELECT attach_orders('few_orders', workspace => 'few', time_zone => 'UTC', diagnose => false); SELECT attach_touchpoints('few', workspace => 'few'); UPDATE few.settings SET as_of = '2025-06-01';
    INSERT INTO few.funnel_stages VALUES ('whole', 1, 'visit'), ('whole', 2, 'PURCHASE'), ('whole', 3, 'review'), ('sales', 1, 'visit'), ('sales', 2, 'PURCHASE') $$, 'a few');
SELECT results_eq($$ SELECT funnel_name, step_number, reached, lost, still_open FROM few.funnel_summary ORDER BY 1, 2 $$,
    $$ VALUES ('sales', 1, 5::bigint, 1::bigint, 1::bigint), ('sales', 2, 3, 0, 0), ('whole', 1, 4, 1, 1), ('whole', 2, 2, 1, 0), ('whole', 3, 1, 0, 0) $$, 'step by step');
SELECT results_eq($$ SELECT customer, pass_number, customer_kind, outcome FROM few.funnel_passes WHERE funnel_name = 'sales' AND step_number = 1 ORDER BY 1, 2 $$,
    $$ VALUES (1, 1::bigint, 'new', 'went on'), (2, 2, 'existing', 'lost'), (3, 1, 'new', 'went on'), (3, 2, 'existing', 'went on'), (4, 1, 'new', 'open') $$, 'who had an order before is an existing customer');
SELECT results_eq($$ SELECT p.step_number, p.needed FROM funnel_plan((SELECT funnel(VARIADIC array_agg(reached ORDER BY step_number)) FROM few.funnel_summary WHERE funnel_name = 'sales'), 30) p $$, 'VALUES (1, 50::bigint), (2, 30)', 'the counts make a plan');

-- stages that do not fit are refused, or do no harm; kept
SELECT throws_like($$ INSERT INTO few.funnel_stages VALUES ('sales', 0, 'visit') $$, '%step_number is 1 to 1000%', 'no step 0');
SELECT throws_like($$ INSERT INTO few.funnel_stages VALUES ('sales', 1001, 'visit') $$, '%step_number is 1 to 1000%', '... or past 1000');
SELECT throws_like($$ UPDATE few.settings SET funnel_within = '0 days' $$, '%funnel_within is a span of at least a day%', 'no window without a day');
INSERT INTO few.funnel_stages SELECT 'long', n, 'visit' FROM generate_series(1, 1000) n;
INSERT INTO few.funnel_stages VALUES ('round', 1, 'visit'), ('round', 2, 'visit'), ('gone', 999, 'visit');
SELECT results_eq($$ SELECT funnel_name, count(*), max(step_number) FILTER (WHERE reached > 0) FROM few.funnel_summary WHERE funnel_name IN ('long', 'round', 'gone') GROUP BY 1 ORDER BY 1 $$,
    $$ VALUES ('gone', 1::bigint, 1), ('long', 1000, 1000), ('round', 2, 2) $$, 'one event may be several steps, up to 1000');
CREATE TABLE before AS SELECT f.* FROM few.funnel_steps f;
SELECT lives_ok(statement, statement) FROM unnest(ARRAY[$$ SELECT attach_orders('few_orders', workspace => 'few', diagnose => false, storage => 'materialized') $$, $$ SELECT detach_touchpoints('few'); SELECT attach_touchpoints('few', workspace => 'few') $$,
    $$ SELECT detach_orders('few'); SELECT upgrade_workspace('few') $$]) statement;
SELECT set_eq('SELECT f.* FROM few.funnel_steps f', 'SELECT * FROM before', 'stages are kept, and so are the steps');
DELETE FROM few.funnel_stages WHERE funnel_name = 'long';
SELECT lives_ok($$ SELECT refresh_workspace('few') $$, 'refresh');
SELECT is((SELECT string_agg(DISTINCT funnel_name, ', ' ORDER BY funnel_name) FROM few.funnel_summary), 'gone, round, sales, whole', '... and they follow');
SELECT * FROM finish();
ROLLBACK;
