-- journey, journey_steps and journey_absorption: against a walk event by event, on hostile data; days, ties and repeats; errors
BEGIN;
SELECT no_plan();
SET client_min_messages = warning;

SELECT setseed(0.43);
CREATE TABLE raw_orders AS
SELECT CASE WHEN random() < 0.05 THEN NULL ELSE (60 * random() ^ 1.5)::integer END AS customer,
    CASE WHEN random() < 0.02 THEN timestamptz 'infinity' WHEN random() < 0.02 THEN '2099-01-01 00:00+00' ELSE timestamptz '2024-01-01 22:00+00' + (2000 * random())::integer * interval '3 hours' END AS ordered_at,
    CASE WHEN random() < 0.02 THEN float8 'NaN' WHEN random() < 0.05 THEN 0 WHEN random() < 0.08 THEN -10 ELSE 10 END AS amount
FROM generate_series(1, 300) n;
-- few times, so that many are equal; customers who never ordered, and none
CREATE TABLE touches AS
SELECT CASE WHEN random() < 0.05 THEN NULL WHEN random() < 0.02 THEN 1e30 WHEN random() < 0.02 THEN 3.5 ELSE (70 * random() ^ 1.5)::integer END::numeric AS customer_id,
    CASE WHEN random() < 0.02 THEN NULL WHEN random() < 0.02 THEN timestamptz '-infinity' WHEN random() < 0.02 THEN '0044-01-01 BC' WHEN random() < 0.02 THEN '2099-01-01 00:00+00'
        ELSE timestamptz '2024-03-01 22:00+00' + (1500 * random())::integer * interval '3 hours' END AS happened_at,
    (ARRAY['visit', 'visit', 'call', 'offer', 'Visit', 'mail', '', NULL, 'START', 'END', 'PURCHASE'])[1 + (random() ^ 2 * 10)::integer] AS touchpoint
FROM generate_series(1, 1500) n;
SELECT lives_ok($$ SELECT attach_orders('raw_orders', time_zone => 'Europe/Berlin', diagnose => false) $$, 'attach orders');
SELECT results_eq($$ SELECT topic, finding FROM attach_touchpoints('touches') WHERE topic <> 'touchpoints' AND topic !~ 'no |future' $$, $$ VALUES ('customer', 'column customer_id (numeric), found by its name'),
    ('happened_at', 'column happened_at (timestamp with time zone), found by its name'), ('touchpoint', 'column touchpoint (text), found by its name') $$, 'attach touchpoints');

-- plain SQL: the events in order
CREATE VIEW event AS
WITH r AS (SELECT r.as_of, s.time_zone, s.count_by, s.zero_amounts FROM loyalty.reporting_date r CROSS JOIN loyalty.settings s),
o AS (SELECT o.customer::numeric AS customer, o.ordered_at AS at, (o.ordered_at AT TIME ZONE r.time_zone)::date AS day,
        row_number() OVER (PARTITION BY o.customer, CASE WHEN r.count_by = 'days' THEN (o.ordered_at AT TIME ZONE r.time_zone)::date END, CASE WHEN r.count_by <> 'days' THEN o.ctid END ORDER BY o.ordered_at) AS of_day
    FROM raw_orders o CROSS JOIN r
    WHERE o.customer IS NOT NULL AND isfinite(o.ordered_at) AND o.amount >= 0 AND o.amount <> 'NaN' AND (o.amount <> 0 OR r.zero_amounts = 'orders') AND (o.ordered_at AT TIME ZONE r.time_zone)::date < r.as_of),
t AS (SELECT customer_id AS customer, happened_at AS at, touchpoint FROM touches t CROSS JOIN r
    WHERE customer_id IS NOT NULL AND customer_id < 1e9 AND customer_id = trunc(customer_id) AND happened_at > '0001-01-02' AND touchpoint NOT IN ('', 'START', 'END', 'PURCHASE') AND (happened_at AT TIME ZONE r.time_zone)::date < r.as_of)
SELECT customer, at, touchpoint FROM t UNION ALL SELECT customer, at, 'PURCHASE' FROM o WHERE of_day = 1 AND at >= (SELECT min(at) FROM t);
CREATE FUNCTION plain_steps() RETURNS TABLE (customer numeric, journey_number bigint, happened_at timestamptz, from_touchpoint text, to_touchpoint text, hours float8) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    e record;
    who numeric;
    place text;
    since timestamptz;
    kept boolean := (SELECT journey_repeats = 'kept' FROM loyalty.settings);
    number bigint;
BEGIN
    FOR e IN SELECT * FROM (SELECT v.customer AS c, v.at, v.touchpoint AS p FROM event v UNION ALL SELECT NULL, NULL, NULL) u ORDER BY u.c NULLS LAST, u.at, u.p = 'PURCHASE', u.p LOOP
        IF e.c IS DISTINCT FROM who THEN
            IF place NOT IN ('START', 'PURCHASE') THEN
                customer := who; journey_number := number; happened_at := NULL; from_touchpoint := place; to_touchpoint := 'END'; hours := NULL;
                RETURN NEXT;
            END IF;
            who := e.c; place := 'START'; number := 1; since := NULL;
            EXIT WHEN e.c IS NULL;
        END IF;
        IF e.p <> place OR kept OR place = 'PURCHASE' THEN
            IF place = 'PURCHASE' THEN place := 'START'; since := NULL; number := number + 1; END IF;
            customer := who; journey_number := number; happened_at := e.at; from_touchpoint := place; to_touchpoint := e.p; hours := extract(epoch FROM e.at - since) / 3600.0;
            RETURN NEXT;
        END IF;
        place := e.p; since := e.at;
    END LOOP;
END
$$;

CREATE FUNCTION pg_temp.same_journey(setting text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'UPDATE loyalty.settings SET ' || setting;
    RETURN NEXT bag_eq('SELECT customer::numeric, journey_number, happened_at, from_touchpoint, to_touchpoint, round(hours::numeric, 9) FROM loyalty.journey_steps',
        'SELECT customer, journey_number, happened_at, from_touchpoint, to_touchpoint, round(hours::numeric, 9) FROM plain_steps()', 'journey_steps with ' || setting);
    RETURN NEXT set_eq('SELECT from_touchpoint, to_touchpoint, transitions, customers, transitions_from, share, lower, upper, round(median_hours::numeric, 9), enough FROM loyalty.journey', $q$
        WITH step AS MATERIALIZED (SELECT * FROM plain_steps())
        SELECT j.f, j.t, j.n, j.who, j.whole, w.estimate, w.lower, w.upper, round(j.m::numeric, 9), j.whole >= (SELECT enough FROM loyalty.settings)
        FROM (SELECT from_touchpoint AS f, to_touchpoint AS t, count(*) AS n, count(DISTINCT customer) AS who, percentile_cont(0.5) WITHIN GROUP (ORDER BY hours) AS m,
            (SELECT count(*) FROM step x WHERE x.from_touchpoint = s.from_touchpoint) AS whole FROM step s GROUP BY 1, 2) j, wilson_interval(j.n, j.whole) w $q$, '... journey');
    RETURN NEXT set_eq('SELECT touchpoint, transitions, purchase_probability, lower, upper, expected_steps, removal_effect, attribution_share, round(attributed_purchases::numeric, 9), enough FROM loyalty.journey_absorption', $q$
        SELECT a.state, a.transitions, a.probability, a.lower, a.upper, a.expected_steps, a.removal_effect, a.removal_share,
            round((a.removal_share * (SELECT coalesce(sum(transitions), 0) FROM loyalty.journey WHERE to_touchpoint = 'PURCHASE' AND from_touchpoint <> 'START'))::numeric, 9), a.transitions >= (SELECT enough FROM loyalty.settings)
        FROM (SELECT array_agg(from_touchpoint) AS f, array_agg(to_touchpoint) AS t, array_agg(transitions) AS n FROM loyalty.journey) j, absorption(j.f, j.t, j.n) a $q$, '... journey_absorption');
    RETURN NEXT is((SELECT round(sum(attributed_purchases)::numeric, 6) FROM loyalty.journey_absorption), (SELECT round(sum(transitions)::numeric, 6) FROM loyalty.journey WHERE to_touchpoint = 'PURCHASE' AND from_touchpoint <> 'START'),
        '... every purchase after a touchpoint is somebody''s');
END
$$;
SELECT pg_temp.same_journey(setting) FROM unnest(ARRAY['enough = 30', 'as_of = ''2024-06-15''', 'journey_repeats = ''kept''', 'count_by = ''orders''', 'journey_repeats = ''collapsed'', enough = 200', 'as_of = ''2024-02-15''',
    'as_of = ''2021-02-15''', 'as_of = ''9999-12-31''', 'as_of = ''2024-08-20'', count_by = ''days'', zero_amounts = ''skipped'', time_zone = ''America/New_York''']) setting;
SELECT is((SELECT bool_or(from_touchpoint = 'START' AND to_touchpoint = 'PURCHASE') AND bool_or(to_touchpoint = 'END') AND bool_or(from_touchpoint = 'Visit') AND bool_or(enough) AND bool_or(NOT enough) AND bool_and(from_touchpoint <> to_touchpoint) FROM loyalty.journey), true, 'there is something in it');
SELECT is((SELECT count(*) FROM loyalty.journey_steps WHERE to_touchpoint IN ('PURCHASE', 'END')), (SELECT count(*) FROM loyalty.journey_steps WHERE from_touchpoint = 'START'), 'every journey begins and ends');
SELECT is((SELECT purchase_probability FROM loyalty.journey_absorption WHERE touchpoint = 'START')::numeric(12,9), (SELECT count(*) FILTER (WHERE to_touchpoint = 'PURCHASE') / count(*) FILTER (WHERE from_touchpoint = 'START')::numeric FROM loyalty.journey_steps)::numeric(12,9),
    'as many journeys end with a purchase as the equations say: what they say of START is no estimate of another kind');
SELECT is((SELECT expected_steps FROM loyalty.journey_absorption WHERE touchpoint = 'START')::numeric(12,9), (SELECT count(*) / count(*) FILTER (WHERE from_touchpoint = 'START')::numeric FROM loyalty.journey_steps)::numeric(12,9), '... after as many steps');

-- findings
SELECT results_eq($$ SELECT topic, finding FROM attach_touchpoints('touches') WHERE topic ~ '^(no |future|touchpoints)' $$, $$
    SELECT v.topic, CASE v.topic WHEN 'touchpoints' THEN v.n ELSE 'rows left out: ' || _clientele.workspace_row_share(v.n::bigint, c.count) END
    FROM (SELECT count(*), count(*) FILTER (WHERE a IS NOT TRUE) AS no_time, count(*) FILTER (WHERE a AND b IS NOT TRUE) AS no_touchpoint, count(*) FILTER (WHERE a AND b AND c IS NOT TRUE) AS no_customer,
            count(*) FILTER (WHERE a AND b AND c AND (happened_at AT TIME ZONE 'America/New_York')::date >= '2024-08-20') AS future, count(DISTINCT customer_id) FILTER (WHERE c) AS customers, count(DISTINCT touchpoint) AS kinds
        FROM (SELECT *, happened_at > '0001-01-02' AND happened_at < 'infinity' AS a, touchpoint NOT IN ('', 'START', 'END', 'PURCHASE') AS b, customer_id < 1e9 AND customer_id = trunc(customer_id) AS c FROM touches) t) c
    CROSS JOIN LATERAL (VALUES (1, 'touchpoints', format('rows: %s, customers: %s, kinds: %s', c.count, c.customers, c.kinds)), (2, 'no time', no_time::text), (3, 'no touchpoint', no_touchpoint::text), (4, 'no customer', no_customer::text), (5, 'future', future::text)) v(i, topic, n)
    ORDER BY v.i $$, 'rows left out are counted');

-- what is known by its day alone: the purchase comes last on its day; with days on both sides as well
CREATE TABLE day_orders AS SELECT * FROM (VALUES (1, date '2025-01-05', 10), (1, '2025-01-05', 3), (2, '2025-01-02', 5), (3, '2025-01-04', 5), (4, '2024-12-31', 5)) v(customer, day, amount);
CREATE TABLE timed AS SELECT * FROM (VALUES (1, timestamp '2025-01-05 15:00', 'b'), (1, '2025-01-05 15:00', 'a'), (1, '2025-01-06 00:00', 'a'), (2, '2025-01-02 00:00', 'a'), (2, '2025-01-02 00:00', 'a')) v(customer, happened_at, touchpoint);
CREATE TABLE dated AS SELECT customer, happened_at::date AS happened_at, touchpoint FROM timed;
SELECT lives_ok($$ SELECT attach_orders('day_orders', ordered_at => 'day', workspace => 'days', time_zone => 'Europe/Berlin', diagnose => false); SELECT attach_touchpoints('timed', workspace => 'days', stored_in => 'Europe/Berlin'); UPDATE days.settings SET as_of = '2025-02-01' $$, 'days and times');
SELECT results_eq($$ SELECT customer, journey_number, from_touchpoint, to_touchpoint, hours FROM days.journey_steps ORDER BY customer, journey_number, happened_at, hours NULLS FIRST $$,
    $$ VALUES (1, 1::bigint, 'START', 'a', NULL::float8), (1, 1, 'a', 'b', 0), (1, 1, 'b', 'PURCHASE', 9 - 1e-6 / 3600), (1, 2, 'START', 'a', NULL), (1, 2, 'a', 'END', NULL), (2, 1, 'START', 'a', NULL), (2, 1, 'a', 'PURCHASE', 24 - 1e-6 / 3600), (3, 1, 'START', 'PURCHASE', NULL) $$,
    'a purchase is the end of its day; equal times go by name; before the first touchpoint nothing was recorded');
SELECT lives_ok($$ SELECT attach_touchpoints('dated', workspace => 'days') $$, 'days alone');
SELECT results_eq($$ SELECT customer, journey_number, from_touchpoint, to_touchpoint, hours FROM days.journey_steps WHERE customer < 3 ORDER BY customer, journey_number, happened_at, hours NULLS FIRST, from_touchpoint $$,
    $$ VALUES (1, 1::bigint, 'START', 'a', NULL::float8), (1, 1, 'a', 'b', 0), (1, 1, 'b', 'PURCHASE', 0), (1, 2, 'START', 'a', NULL), (1, 2, 'a', 'END', NULL), (2, 1, 'START', 'a', NULL), (2, 1, 'a', 'PURCHASE', 0) $$, '... the same order, without hours');
SELECT results_eq($$ SELECT customer, day, ordered_at FROM days.orders_enriched WHERE ordered_at IS NOT NULL $$, $$ SELECT NULL::integer, NULL::date, NULL::timestamptz WHERE false $$, 'orders by day have no time');
SELECT is_empty($$ SELECT e.* FROM loyalty.orders_enriched e FULL JOIN (SELECT customer, ordered_at FROM raw_orders WHERE amount >= 0) o ON o.customer = e.customer AND o.ordered_at = e.ordered_at WHERE e.customer IS NOT NULL AND o.customer IS NULL $$, 'the others have theirs');

-- more touchpoints than the equations are for
CREATE TABLE pages AS SELECT n % 40 AS customer, timestamptz '2024-01-01 00:00+00' + n * interval '1 minute' AS at, 'page ' || (CASE WHEN n % 2 = 0 THEN n % 100 ELSE n % 5000 END) AS page FROM generate_series(1, 5000) n;
SELECT lives_ok($$ SELECT attach_touchpoints('pages') $$, 'many touchpoints');
UPDATE loyalty.settings SET as_of = '2024-09-01';
CREATE TABLE absorbed AS SELECT a.* FROM loyalty.journey_absorption a;
CREATE TABLE paged AS SELECT j.* FROM loyalty.journey j;
SELECT results_eq($$ SELECT count(*), count(*) FILTER (WHERE touchpoint = 'other touchpoints'), count(*) FILTER (WHERE touchpoint = 'START'), sum(transitions) FROM absorbed $$,
    $$ SELECT 302::bigint, 1::bigint, 1::bigint, sum(transitions) FROM paged $$, 'beyond the 300 most frequent they are one');
SELECT results_eq($$ SELECT min(transitions) >= (SELECT max(t.n) FROM (SELECT sum(transitions) AS n FROM paged j WHERE NOT EXISTS (SELECT FROM absorbed a WHERE a.touchpoint = j.from_touchpoint) GROUP BY from_touchpoint) t)
    FROM absorbed $$, 'VALUES (true)', '... the rare ones');

-- kept, with either storage; optional columns; detached
SELECT lives_ok($$ SELECT attach_touchpoints('touches') $$, 'the first table again');
CREATE TABLE before AS SELECT j.* FROM loyalty.journey j;
SELECT lives_ok(statement, statement) FROM unnest(ARRAY[$$ SELECT attach_orders('raw_orders', diagnose => false) $$, $$ SELECT attach_orders('raw_orders', storage => 'materialized', diagnose => false) $$,
    $$ SELECT attach_touchpoints('pages'); SELECT attach_touchpoints('touches') $$, 'SELECT detach_orders(cascade => true); SELECT attach_touchpoints(''touches''); SELECT upgrade_workspace()', $$ SELECT refresh_workspace() $$]) statement;
SELECT set_eq('SELECT j.* FROM loyalty.journey j', 'SELECT * FROM before', '... nothing changes');
SELECT is((SELECT string_agg(relname, ', ' ORDER BY relname) FROM pg_class WHERE relnamespace = 'loyalty'::regnamespace AND relkind = 'r' AND relname ~ '(journey|funnel).*_data$'), 'funnel_passes_data, funnel_steps_data, funnel_summary_data, journey_data', 'what takes long is stored');
INSERT INTO touches VALUES (1, '2024-08-01 12:00+00', 'new');
SELECT is_empty($$ SELECT * FROM loyalty.journey WHERE to_touchpoint = 'new' $$, 'stored figures stay');
SELECT lives_ok('SELECT refresh_workspace()', 'until they are refreshed');
SELECT isnt_empty($$ SELECT * FROM loyalty.journey WHERE to_touchpoint = 'new' $$, '... and then follow');
CREATE TABLE contacts AS SELECT 1 AS cust, now() AS at, 1 AS event, 'ads' AS source, 'price' AS reason;
SELECT results_eq($$ SELECT topic, finding FROM attach_touchpoints('contacts', customer => 'cust', reason => '') WHERE topic IN ('touchpoint', 'source', 'reason') $$, $$ VALUES ('touchpoint', 'column event (integer), found by its name'), ('source', 'column source (text), found by its name') $$, 'optional columns are found, or left out');
SELECT results_eq($$ SELECT count(*) FROM attach_touchpoints('contacts') WHERE topic = 'reason' $$, 'VALUES (0::bigint)', '... the next time too');
SELECT lives_ok('SELECT detach_touchpoints()', 'detach');
SELECT is((SELECT string_agg(relname, ', ') FROM pg_class WHERE relnamespace = 'loyalty'::regnamespace AND relkind IN ('r', 'v', 'm') AND relname ~ 'journey|funnel|touchpoint_events'), 'funnel_stages', 'the table of stages stays');
SELECT lives_ok($$ SELECT detach_touchpoints() $$, 'twice does no harm');
SELECT lives_ok($$ SELECT attach_touchpoints('touches'); SELECT drop_workspace('loyalty') $$, 'all of it can be dropped');

\ir include/refuses.sql
SELECT lives_ok($$ SELECT attach_orders('raw_orders', diagnose => false); SELECT attach_touchpoints('touches') $$, 'attach anew');
CREATE TABLE named AS SELECT 'Ann' AS customer, now() AS happened_at, 'call' AS touchpoint;
SELECT pg_temp.refuses(v.statement, v.state, v.message, v.hint) FROM (VALUES
    ($$ SELECT attach_touchpoints(NULL) $$, '22004', 'must not be NULL', '%'),
    ($$ SELECT attach_touchpoints('touches', workspace => 'nowhere') $$, '3F000', '"nowhere" is not a workspace', '%'),
    ($$ SELECT detach_touchpoints('nowhere') $$, '3F000', '"nowhere" is not a workspace', '%'),
    ($$ SELECT attach_touchpoints('named') $$, '42804', 'cannot be the customer of the orders: its type is text', '%customer::integer%'),
    ($$ SELECT attach_touchpoints('raw_orders') $$, '42703', 'looks like the happened_at', '%'),
    ($$ SELECT attach_touchpoints('touches', touchpoint => 'page') $$, '42703', 'column "page"', 'It has:%'),
    ($$ SELECT attach_touchpoints('touches', touchpoint => 'happened_at') $$, '42804', 'cannot be the touchpoint', '%'),
    ($$ SELECT attach_touchpoints('loyalty.journey') $$, '42809', 'part of the workspace', '%')) v(statement, state, message, hint);
SELECT throws_like($$ UPDATE loyalty.settings SET journey_repeats = 'twice' $$, '%journey_repeats is collapsed or kept%', 'a setting that is none');
CREATE VIEW dependent AS SELECT count(*) FROM loyalty.journey;
SELECT pg_temp.refuses($$ SELECT detach_touchpoints() $$, '2BP01', 'other objects depend on it', '%');
SELECT lives_ok($$ SELECT attach_orders('raw_orders', storage => 'materialized', diagnose => false); SELECT attach_touchpoints('pages'); SELECT attach_orders('raw_orders', storage => 'view', diagnose => false) $$, 'what stands on a view never notices');
CREATE ROLE clientele_touches;
GRANT SELECT ON touches TO clientele_touches;
CREATE FUNCTION pg_temp.state_for_other(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    SET LOCAL ROLE clientele_touches;
    EXECUTE statement;
    RETURN 'done';
EXCEPTION WHEN others THEN
    RETURN SQLSTATE;
END
$$;
SELECT is(pg_temp.state_for_other($$ SELECT attach_touchpoints('touches') $$), '42501', 'the workspace of somebody else');
SELECT is(pg_temp.state_for_other('SELECT detach_touchpoints()'), '42501', '... is not detached either');
SELECT * FROM finish();
ROLLBACK;
