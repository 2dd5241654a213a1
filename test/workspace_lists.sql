-- The lists, the express test and every view of a workspace: against plain SQL, on hostile data, in their plans, for BI tools
BEGIN;
SELECT no_plan();
SET client_min_messages = warning;

-- 250 customers, most of whom come rarely: no customer, ties in value, returns, zeros, NULLs, NaN, far and future times
SELECT setseed(0.17);
CREATE TABLE raw_orders AS
SELECT CASE WHEN random() < 0.1 THEN NULL ELSE c END AS customer,
    CASE WHEN random() < 0.005 THEN NULL WHEN random() < 0.004 THEN timestamp 'infinity' WHEN random() < 0.004 THEN timestamp '0044-03-15 12:00 BC'
         WHEN random() < 0.005 THEN timestamp '2099-01-01' ELSE timestamp '2022-01-01 09:00' + (800 * random() + c)::integer * interval '1 day' + n % 3 * interval '5 hours' END AS ordered_at,
    CASE WHEN random() < 0.005 THEN NULL WHEN random() < 0.005 THEN float8 'NaN' WHEN random() < 0.005 THEN float8 'Infinity' WHEN random() < 0.05 THEN 0
         WHEN random() < 0.1 THEN -10 ELSE 10 * (1 + (6 * random())::integer) END AS amount
FROM (SELECT n, (250 * random() ^ 1.5)::integer AS c FROM generate_series(1, 2500) n) g;
SELECT lives_ok($$ SELECT attach_orders('raw_orders', workspace => 'w', diagnose => false) $$, 'attach');

-- The rows that count, silences, and one row per customer, in plain SQL
CREATE TABLE clean AS
SELECT customer, ordered_at::date AS day, amount::numeric AS amount
FROM raw_orders
WHERE isfinite(ordered_at) AND ordered_at >= '0001-01-01' AND amount NOT IN ('NaN', 'Infinity', '-Infinity');
CREATE VIEW now_clean AS SELECT c.*, r.as_of FROM clean c CROSS JOIN w.reporting_date r CROSS JOIN w.settings s
    WHERE c.day < r.as_of AND (c.amount <> 0 OR s.zero_amounts = 'orders');
CREATE VIEW silence AS
SELECT customer, day AS began, coalesce(lead(day) OVER one_by_one, as_of) - day AS days, lead(day) OVER one_by_one IS NOT NULL AS ended
FROM (SELECT DISTINCT customer, day, as_of FROM now_clean WHERE amount >= 0 AND customer IS NOT NULL) d
WINDOW one_by_one AS (PARTITION BY customer ORDER BY day);
CREATE VIEW plain_customers AS
WITH usual AS (
    SELECT customer, percentile_cont(0.5) WITHIN GROUP (ORDER BY days) AS gap, count(*) AS gaps FROM silence WHERE ended GROUP BY customer
), shop AS (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY gap) AS gap FROM usual),
bought AS (
    SELECT customer, as_of, max(day) FILTER (WHERE amount >= 0) AS last_order, count(*) FILTER (WHERE amount >= 0) AS orders,
        count(DISTINCT day) FILTER (WHERE amount >= 0) AS days, sum(amount) AS revenue
    FROM now_clean WHERE customer IS NOT NULL GROUP BY customer, as_of)
SELECT b.customer, b.last_order, b.as_of - b.last_order AS days_since_last, CASE WHEN u.gaps >= 3 THEN u.gap ELSE shop.gap END AS usual_gap,
    CASE s.count_by WHEN 'days' THEN b.days ELSE b.orders END AS purchases, b.revenue,
    (SELECT sum(amount) FROM now_clean n WHERE n.customer = b.customer AND n.day >= b.last_order + 1 - interval '1 year') AS last_year_revenue,
    b.last_order < (b.as_of - s.lost_after)::date AS lost, shop.gap AS shop_gap, b.as_of, b.as_of - (b.as_of - s.new_within)::date AS new_days,
    s.risk_gaps, b.as_of - (b.as_of - s.lost_after)::date AS lost_days, s.enough
FROM bought b CROSS JOIN w.settings s CROSS JOIN shop LEFT JOIN usual u ON u.customer = b.customer
WHERE b.last_order IS NOT NULL;

-- The share of those who came back: silences as long as this one whose next lost_days are over
CREATE VIEW plain_win_back AS
WITH any_silence AS MATERIALIZED (SELECT * FROM silence)
SELECT row_number() OVER (ORDER BY c.last_year_revenue * came_back / nullif(known, 0) DESC NULLS LAST, c.last_year_revenue DESC, c.days_since_last, c.customer) AS "position",
    c.customer, c.last_order, c.days_since_last, c.usual_gap, c.purchases, c.revenue, c.last_year_revenue, round(c.last_year_revenue * came_back / nullif(known, 0), 2) AS expected_value,
    x.cell, p.action AS policy, k.known AS equal_silences, k.came_back, w.estimate AS return_share, w.lower AS return_share_lower, w.upper AS return_share_upper, k.known >= c.enough AS enough,
    NULL::text AS customer_name, NULL::text AS contact, a.approach
FROM plain_customers c
CROSS JOIN LATERAL (
    SELECT count(*) AS known, count(*) FILTER (WHERE i.ended AND i.days < c.days_since_last + c.lost_days) AS came_back
    FROM any_silence i WHERE i.days >= c.days_since_last AND c.as_of - i.began >= c.days_since_last + c.lost_days) k
CROSS JOIN LATERAL wilson_interval(k.came_back, k.known) w
JOIN w.customers x ON x.customer = c.customer
LEFT JOIN w.policies p ON p.cell = x.cell
JOIN w.approaches a ON a.customers = 'lost'
WHERE c.lost;
CREATE FUNCTION plain_list(list text, condition text) RETURNS SETOF w.at_risk LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY EXECUTE format($q$
        SELECT row_number() OVER (ORDER BY c.last_year_revenue DESC, c.days_since_last DESC, c.customer), c.customer, c.last_order, c.days_since_last, c.usual_gap,
            c.purchases, c.revenue, c.last_year_revenue, x.cell, p.action, NULL::text, NULL::text, a.approach
        FROM plain_customers c JOIN w.customers x ON x.customer = c.customer
        LEFT JOIN w.policies p ON p.cell = x.cell LEFT JOIN w.approaches a ON a.customers = %L
        WHERE %s $q$, list, condition);
END
$$;
CREATE FUNCTION pg_temp.same_lists(setting text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'UPDATE w.settings SET ' || setting;
    RETURN NEXT set_eq('SELECT * FROM w.win_back', 'SELECT * FROM plain_win_back', 'win_back with ' || setting);
    RETURN NEXT set_eq('SELECT * FROM w.at_risk', $q$ SELECT * FROM plain_list('at_risk', 'NOT c.lost AND c.days_since_last > c.risk_gaps * c.usual_gap') $q$, 'at_risk with ' || setting);
    RETURN NEXT set_eq('SELECT * FROM w.second_order_due', $q$
        SELECT * FROM plain_list('second_order_due', 'c.purchases = 1 AND NOT c.lost AND c.days_since_last >= coalesce(c.shop_gap, c.new_days)') $q$, 'second_order_due with ' || setting);
END
$$;
SELECT pg_temp.same_lists(setting) FROM unnest(ARRAY['lost_after = ''6 months''', 'as_of = ''2023-05-31''', 'lost_after = ''10 days''', 'lost_after = ''45 days 12:00'', risk_gaps = 0.5',
    'as_of = ''2022-01-20''', 'as_of = ''2024-09-30'', lost_after = ''2 months'', count_by = ''orders'', zero_amounts = ''skipped'', class_window = NULL', 'as_of = ''2023-12-12'', lost_after = ''1 year'', risk_gaps = 0',
    'as_of = ''2022-01-02''', 'as_of = ''2021-01-02''', 'as_of = ''9999-12-31''']) setting;
UPDATE w.settings SET as_of = '2023-05-31', lost_after = '4 months', risk_gaps = 2, count_by = 'days', zero_amounts = 'orders', class_window = '12 months';
SELECT pg_temp.same_lists('enough = 12');
SELECT is((SELECT bool_or(enough) AND bool_or(NOT enough) AND bool_or(equal_silences = 0) AND count(DISTINCT return_share) > 5 FROM w.win_back), true, 'silences known, enough, too few and none');
SELECT is_empty($$ SELECT * FROM w.win_back WHERE (equal_silences = 0) IS DISTINCT FROM (return_share IS NULL) OR (equal_silences = 0) IS DISTINCT FROM (expected_value IS NULL)
    OR (return_share IS NULL) <> (return_share_lower IS NULL) $$, 'where nothing is known, the share is empty');
SELECT cmp_ok((SELECT min(position) FROM w.win_back WHERE return_share IS NULL), '>', (SELECT max(position) FROM w.win_back WHERE return_share IS NOT NULL), '... and last');
SELECT is((SELECT count(*) > 3 FROM w.at_risk) AND (SELECT count(*) > 3 FROM w.second_order_due), true, 'there are customers to list');
-- edited texts
UPDATE w.policies SET action = 'Call ' || cell;
UPDATE w.approaches SET approach = 'Write to the ' || customers WHERE customers <> 'second_order_due';
DELETE FROM w.approaches WHERE customers = 'second_order_due';
SELECT pg_temp.same_lists('as_of = ''2023-04-30''');
SELECT is_empty($$ SELECT * FROM w.at_risk WHERE approach <> 'Write to the at_risk' OR policy <> 'Call ' || cell $$, 'texts follow');
SELECT isnt_empty('SELECT * FROM w.second_order_due WHERE approach IS NULL', '... and without one the list is there all the same');

-- On the day itself: the shop's gap of ten days has passed for 2 and not for 3; twenty days of silence are no risk for 1, one more is
CREATE TABLE due AS SELECT * FROM (VALUES (1, date '2025-05-01', 5), (1, '2025-05-11', 5), (2, '2025-05-22', 5), (3, '2025-05-23', 5)) v(customer, day, amount);
SELECT lives_ok($$ SELECT attach_orders('due', ordered_at => 'day', workspace => 'due', diagnose => false) $$, 'attach who is due');
UPDATE due.settings SET as_of = '2025-06-01';
SELECT results_eq('SELECT customer FROM due.second_order_due', 'VALUES (2)', 'due after the usual gap, and not a day before');
SELECT results_eq('SELECT customer FROM due.at_risk', 'VALUES (1)', 'silent for more than twice the gap');
UPDATE due.settings SET as_of = '2025-05-31';
SELECT is_empty('SELECT customer FROM due.at_risk UNION ALL SELECT customer FROM due.second_order_due', 'a day before nobody is');
DELETE FROM due WHERE customer = 1;
UPDATE due.settings SET as_of = '2025-06-01', new_within = '10 days';
SELECT results_eq('SELECT customer, usual_gap FROM due.second_order_due', 'VALUES (2, NULL::double precision)', 'without a gap in the shop, new_within is the time to come back');

-- The view express_test is the aggregate over histories made by hand, with the sales without a customer
CREATE FUNCTION pg_temp.same_test(setting text, light text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'UPDATE w.settings SET ' || setting;
    RETURN NEXT results_eq('SELECT to_jsonb(t) FROM w.express_test t', $q$
        SELECT to_jsonb(e.result) || jsonb_build_object('as_of', e.as_of, 'enough', (e.result).customers >= e.enough) FROM (
            SELECT r.as_of, s.enough, (SELECT express_test(h.history, r.as_of, unassigned.sales, s.regular_within, s.new_within, s.regular_purchases, s.count_by, s.one_time_limit, s.light_by, 0.95)
                FROM (SELECT history_agg(c.day, c.amount) AS history FROM clean c WHERE c.customer IS NOT NULL AND (c.amount <> 0 OR s.zero_amounts = 'orders') GROUP BY c.customer) h) AS result
            FROM w.settings s CROSS JOIN w.reporting_date r
            CROSS JOIN LATERAL (SELECT coalesce(sum(c.amount), 0.00) AS sales FROM clean c WHERE c.customer IS NULL AND c.day >= (r.as_of - s.regular_within)::date AND c.day < r.as_of) unassigned) e $q$,
        'express_test with ' || setting);
    RETURN NEXT is((SELECT t.light FROM w.express_test t), light, '... is ' || light);
END
$$;
SELECT pg_temp.same_test(setting, light) FROM (VALUES ('as_of = ''2023-07-01'', enough = 30', 'green'), ('one_time_limit = 0.02', 'mixed'), ('light_by = ''sales''', 'green'), ('one_time_limit = 0.005', 'mixed'),
    ('light_by = ''customers'', as_of = ''2022-07-01'', new_within = ''5 days''', 'yellow'), ('light_by = ''sales'', enough = 94', 'mixed'), ('regular_within = ''2 months 12:00'', regular_purchases = 2', 'mixed'),
    ('count_by = ''orders'', zero_amounts = ''skipped'', regular_within = ''2 years''', 'mixed'), ('as_of = ''2022-01-04''', 'red'), ('as_of = ''2021-01-04''', 'red'), ('as_of = ''auto''', 'green')) s(setting, light);
UPDATE w.settings SET as_of = '2023-07-01', light_by = 'customers', one_time_limit = 0.03, regular_purchases = 3, count_by = 'days';
INSERT INTO clean VALUES (NULL, '2023-01-01', 1000000);
INSERT INTO raw_orders VALUES (NULL, '2023-01-01 12:00', 1000000);
SELECT pg_temp.same_test('regular_within = ''6 months''', 'red');
SELECT cmp_ok(unassigned_share, '>', 0.5::double precision, 'more than half of the sales are nobody''s') FROM w.express_test;
SELECT pg_temp.same_test('regular_within = ''181 days''', 'red');
SELECT pg_temp.same_test('regular_within = ''180 days''', 'mixed');
DELETE FROM raw_orders WHERE customer IS NOT NULL;
SELECT results_eq('SELECT light, customers, sales, unassigned_sales, unassigned_share FROM w.express_test',
    $$ SELECT 'red', 0::bigint, 0.00, (SELECT sum(amount) FROM clean WHERE customer IS NULL AND day >= date '2023-07-01' - 180 AND day < '2023-07-01'), 1.0::double precision $$,
    'all sales without a customer: their sum and share are seen');
TRUNCATE raw_orders;
SELECT results_eq('SELECT light, customers, sales, unassigned_sales, unassigned_share, enough FROM w.express_test', $$ VALUES ('red', 0::bigint, 0.00, 0.00, NULL::double precision, false) $$,
    'an empty shop has one row, and sold nothing to nobody');
SELECT is_empty('SELECT * FROM w.' || list, list || ' of an empty shop') FROM unnest(ARRAY['win_back', 'at_risk', 'second_order_due']) list;

-- What a BI tool does with each view, as a role that may only read: all rows, groups by each column
CREATE ROLE clientele_reader;
CREATE FUNCTION pg_temp.unreadable(workspace name) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    view text;
    list text;
    wrong text;
BEGIN
    PERFORM grant_workspace(workspace, 'clientele_reader');
    CREATE TEMP TABLE to_read AS
    SELECT c.oid::regclass::text AS name, string_agg(format('(x.%I::text)', a.attname), ', ' ORDER BY a.attnum) AS list
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
    WHERE c.relnamespace = workspace::text::regnamespace AND c.relkind IN ('r', 'v') AND c.relname !~ '_data$' GROUP BY c.oid;
    GRANT SELECT ON to_read TO clientele_reader;
    SET LOCAL ROLE clientele_reader;
    SET LOCAL search_path = '';
    FOR view, list IN SELECT * FROM pg_temp.to_read LOOP
        BEGIN
            EXECUTE format('SELECT count(x.*::text) FROM %s x', view);
            EXECUTE format('SELECT count(*) FROM %s x GROUP BY GROUPING SETS (%s)', view, list);
        EXCEPTION WHEN OTHERS THEN
            wrong := concat_ws(E'\n', wrong, view || ': ' || SQLERRM);
        END;
    END LOOP;
    RESET ROLE;
    SET LOCAL search_path = public, tap;
    DROP TABLE pg_temp.to_read;
    RETURN wrong;
END
$$;

-- what may be attached beside the orders, made of the same rows
CREATE FUNCTION pg_temp.attach_others(times text, amounts text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TABLE hostile_contacts (customer numeric, happened_at %s, touchpoint text, source text, reason text)', times);
    INSERT INTO hostile_contacts SELECT customer + n, ordered_at, (ARRAY['a', 'b', NULL, '', 'START', 'END', 'PURCHASE', 'a'])[1 + (n + row_number() OVER () % 8) % 8], md5(source), category FROM hostile, generate_series(0, 2) n;
    INSERT INTO hostile_contacts VALUES (1e300, NULL, 'a'), (0.5, NULL, 'a'), ('NaN', NULL, 'a');
    EXECUTE format('CREATE TABLE hostile_costs (spent_on %s, source text, cost %s)', times, amounts);
    INSERT INTO hostile_costs SELECT ordered_at, source, amount FROM hostile;
    CREATE TABLE hostile_people AS SELECT DISTINCT customer AS id, customer / 2 AS referrer FROM hostile;
    PERFORM attach_touchpoints('hostile_contacts', workspace => 'hostile_views', stored_in => 'America/Los_Angeles');
    PERFORM attach_costs('hostile_costs', workspace => 'hostile_views', stored_in => 'UTC');
    PERFORM attach_customers('hostile_people', workspace => 'hostile_views');
    INSERT INTO hostile_views.funnel_stages VALUES ('f', 1, 'a'), ('f', 2, 'b'), ('f', 3, 'PURCHASE'), ('g', 1, 'b'), ('g', 2, 'a');
END
$$;

-- hostile tables under several settings, a third of them in turn, some read as BI tools do, in one storage or the other: every row of every view can be
-- shown, and none has NaN, infinity or a year BC
CREATE FUNCTION pg_temp.odd_rows(turn bigint, times text, amounts text, content text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    wrong text := '';
    found text;
    change text;
    view name;
BEGIN
    EXECUTE format('CREATE TABLE hostile (customer bigint, ordered_at %s, amount %s, profit %2$s, source text, category text)', times, amounts);
    EXECUTE 'INSERT INTO hostile ' || content;
    ANALYZE hostile;
    PERFORM attach_orders('hostile', workspace => 'hostile_views', time_zone => 'Pacific/Kiritimati', stored_in => CASE times WHEN 'timestamp' THEN 'UTC' END);
    PERFORM pg_temp.attach_others(times, amounts);
    PERFORM attach_answers('hostile', answered_at => 'ordered_at', score => 'amount', touchpoint => 'source', comment => 'category', kind => 'source', wish => 'category',
        owner => 'source', replied_at => 'ordered_at', resolved_at => 'ordered_at', workspace => 'hostile_views', scale => '0-10', stored_in => 'Pacific/Kiritimati');
    CREATE VIEW hostile_answers AS SELECT customer, ordered_at AS answered_at, amount AS score, category AS question, 'a' || hashtext(source) % 9 AS comment, 'question' AS kind FROM hostile;
    PERFORM attach_survey('hostile_answers', respondent => 'customer', answer => 'comment', workspace => 'hostile_views', separator => '1', stored_in => 'UTC');
    INSERT INTO hostile_views.touchpoint_ratings VALUES ('a', '0001-01-01', 'parking', 'ok'), ('a', '9999-12-31', 'parking', 'awful'), ('a', '2025-05-05', 'parking', 'wow');
    INSERT INTO hostile_views.knowledge_base (question, answer) VALUES ('a1', 'a2');
    FOR change IN SELECT c FROM unnest(ARRAY['period = ''month''', 'abc_by = ''profit'', xyz_by = ''variation'', light_by = ''sales'', class_window = NULL, count_by = ''orders''',
            'as_of = ''0001-01-02'', period = ''week'', nps_answers = ''all''', 'as_of = ''9999-12-31'', zero_amounts = ''skipped'', xyz_by = ''frequency''',
            'lost_after = ''1000 years'', new_within = ''1000 years'', class_window = ''1000 years'', regular_within = ''1000 years'', frequency_within = ''1000 years'', nps_window = ''1000 years''',
            'as_of = ''2025-06-01'', lost_after = ''1 day'', new_within = ''1 day'', regular_within = ''1 day'', zero_amounts = ''orders'', nps_window = NULL, nps_answers = ''latest''',
            'as_of = ''0001-02-01'', class_window = ''1000 years''']) WITH ORDINALITY u(c, n) WHERE (u.n + turn) % 3 = 0 LOOP
        EXECUTE 'UPDATE hostile_views.settings SET ' || change;
        FOR view IN SELECT relname FROM pg_class WHERE relnamespace = 'hostile_views'::regnamespace AND relkind = 'v' LOOP
            BEGIN
                -- Rows as they come show even that, and why it does not count.
                EXECUTE format('SELECT min(x::text) FROM hostile_views.%I x WHERE x::text ~* ''\m(nan|infinity|bc)\M'' AND %L', view, view !~ '_rows$') INTO found;
            EXCEPTION WHEN OTHERS THEN
                found := SQLERRM;
            END;
            wrong := concat_ws(E'\n', wrong, change || ', ' || view || ': ' || found);
        END LOOP;
    END LOOP;
    EXECUTE 'UPDATE hostile_views.settings SET as_of = ''auto'', class_window = ''12 months'', abc_by = ''revenue''';
    IF turn % 4 = 0 THEN
        PERFORM attach_orders('hostile', workspace => 'hostile_views', storage => 'materialized', diagnose => false);
    END IF;
    IF turn % 2 = 0 THEN
        wrong := concat_ws(E'\n', wrong, pg_temp.unreadable('hostile_views'));
    END IF;
    PERFORM drop_workspace('hostile_views');
    DROP TABLE hostile, hostile_contacts, hostile_costs, hostile_people CASCADE;
    RETURN concat_ws(E'\n', ok(wrong = '', format('%s, %s: %s', times, amounts, left(content, 100))), CASE WHEN wrong <> '' THEN diag(wrong) END);
END
$$;
\set far '(timestamptz ''infinity''), (''-infinity''), (''0044-03-15 12:00+00 BC''), (''4714-11-24 00:00+00 BC''), (''294276-12-31 23:59:59+00''), (''0001-01-01 12:00+00''), (''0001-01-02 12:00+00''), (''9998-06-01 00:00+00''), (''9999-12-30 23:00+00''), (''9999-12-31 12:00+00''), (''2025-01-01 12:00+00'')'
SELECT pg_temp.odd_rows(row_number() OVER (), times, amounts, content) FROM (VALUES
    ('timestamptz', 'numeric', 'SELECT 1, now(), 1, 1 WHERE false'),
    ('timestamptz', 'numeric', 'SELECT NULL, timestamptz ''2025-01-01'' + n * interval ''9 days'', n, n, ''a'', ''b'' FROM generate_series(1, 40) n'),
    ('timestamptz', 'numeric', 'VALUES (NULL::bigint, NULL::timestamptz, NULL::numeric)'),
    ('date', 'bigint', 'VALUES (1, date ''2025-01-01'', 5)'),
    ('timestamp', 'real', 'SELECT 1, timestamp ''2023-01-01'' + n * interval ''9 days'', 5, -1, ''a'', ''b'' FROM generate_series(1, 90) n'),
    ('date', 'numeric', 'SELECT n % 3, date ''2025-01-01'' + n, -n, -n, ''a'' FROM generate_series(1, 90) n'),
    ('date', 'smallint', 'SELECT n, date ''2025-01-01'', 7, 0 FROM generate_series(1, 100) n'),
    ('date', 'integer', 'SELECT n % 9, date ''2025-01-01'' + n, 0, 0 FROM generate_series(1, 100) n'),
    ('timestamptz', 'double precision', 'SELECT n % 5, t, a, p, ''s'' || a, ''c'' FROM generate_series(1, 2) n, (VALUES ' || :'far' || ') x(t), unnest(ARRAY[1, -0.0, -1, ''NaN'', ''Infinity'', ''-Infinity'', 1e308, 5e-324, 9e14]) a, unnest(ARRAY[NULL, ''NaN'', 1, -9e14]) p'),
    ('timestamptz', 'numeric', 'SELECT n % 5, t, a, a, ''s'' || a FROM generate_series(1, 2) n, (VALUES ' || :'far' || ') x(t), unnest(ARRAY[1, 0, -1, ''NaN'', ''Infinity'', ''-Infinity'', 1e300, 1e-300, -922337203685477.5807]) a'),
    ('date', 'real', 'SELECT n % 5, t::date, a, a, ''s'' || a FROM generate_series(1, 2) n, (VALUES ' || :'far' || ') x(t), unnest(ARRAY[1, 0, -1, ''NaN'', ''Infinity'', 3e38, 1e-44]) a'),
    ('timestamp', 'numeric', 'SELECT n % 5, t::timestamp, a, a, ''s'' || a FROM generate_series(1, 2) n, (VALUES ' || :'far' || ') x(t), unnest(ARRAY[1, 0, -1]) a WHERE t NOT IN (''294276-12-31 23:59:59+00'', ''4714-11-24 00:00+00 BC'')'),
    ('date', 'numeric', 'SELECT n % 7, date ''2023-01-01'' + n % 800, 922337203685477.58, 922337203685477.58 FROM generate_series(1, 1000) n'),
    ('date', 'numeric', 'SELECT n % 7, date ''2023-01-01'' + n % 800, 922337203685477.58 * (1 - 2 * (n % 2)), -922337203685477.58 FROM generate_series(1, 1000) n'),
    ('date', 'numeric', 'SELECT n, date ''2025-01-01'', 922337203685477.58 FROM generate_series(1, 1000) n'),
    ('date', 'integer', 'SELECT n, date ''2025-01-01'', n % 3 FROM generate_series(1, 3000) n')) h(times, amounts, content);

-- plans
CREATE TABLE many_orders AS
SELECT (n * 7919) % 2000 AS customer_id, timestamptz '2024-01-01 00:00+00' + n * interval '5 minutes' AS created_at, n % 100 AS total
FROM generate_series(1, 100000) n;
CREATE INDEX many_customer ON many_orders (customer_id);
CREATE INDEX many_time ON many_orders (created_at);
ANALYZE many_orders;
SELECT lives_ok($$ SELECT attach_orders('many_orders', workspace => 'many', diagnose => false) $$, 'attach many');
\ir include/plan_of.sql
SELECT is((SELECT count(*) || ', by ' || string_agg(DISTINCT substring(line, 'Seq Scan|many_.*'), ' ') FROM pg_temp.plan_of('SELECT * FROM many.' || view) line
        WHERE line ~ 'Scan.* on many_orders' AND line !~ 'using many_time'), '1, by Seq Scan', view || ': the orders are read once, and the last one by its index')
FROM unnest(ARRAY['customers', 'abc_summary', 'abc_xyz_matrix', 'rfm_segments', 'lifecycle_summary', 'express_test', 'win_back', 'at_risk', 'second_order_due',
    'class_history', 'cell_migration', 'lifecycle_migration', 'segment_profile']) view;
SELECT is((SELECT count(*) FILTER (WHERE line ~ 'Index Cond: .*customer_id = 471') || ' ' || count(*) FILTER (WHERE line ~ 'Scan.* on many_orders') FROM pg_temp.plan_of('SELECT * FROM many.customer_figures WHERE customer = 471') line),
    '1 2', 'one customer is looked up by the index');

-- Orders behind a view that the planner takes for one row: whatever the plan, nothing reads them again and again
CREATE VIEW paid_orders AS SELECT customer_id AS customer, created_at AS ordered_at, total AS amount, 'web' AS source FROM many_orders
    WHERE customer_id + 0 = customer_id AND total + 0 = total AND total + 1 = total + 1 AND total * 2 = total + total AND created_at < '2024-01-03';
SELECT lives_ok($$ SELECT attach_orders('paid_orders', workspace => 'paid', diagnose => false) $$, 'attach a view');
SELECT lives_ok($$ SELECT attach_answers('paid_orders', answered_at => 'ordered_at', score => 'amount', workspace => 'paid', scale => '0-10') $$, '... for answers too');
CREATE FUNCTION pg_temp.most_loops(query text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    line text;
    most bigint := 0;
BEGIN
    FOR line IN EXECUTE 'EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF) ' || query LOOP
        IF line ~ 'Scan.* on many_orders' THEN
            most := greatest(most, substring(line, 'loops=(\d+)')::bigint);
        END IF;
    END LOOP;
    RETURN most;
END
$$;
CREATE VIEW paid_answers AS SELECT customer AS respondent, 'q' || customer % 7 AS question, source || customer % 5 AS answer, ordered_at AS answered_at FROM paid_orders;
SELECT lives_ok($$ SELECT attach_survey('paid_answers', workspace => 'paid') $$, 'attach a view of answers');
INSERT INTO paid.tiers (tier, threshold, discount) VALUES ('silver', 5, 0.1);
UPDATE paid.policies SET discount = 0.05, valid_from = '2020-01-01', review_by = '2020-02-01';
SELECT lives_ok($$ SELECT start_campaign('spring', 'SELECT customer FROM paid.customers', workspace => 'paid', started => (SELECT as_of - 1 FROM paid.reporting_date)) $$, 'try something');
SELECT is(pg_temp.most_loops('SELECT x::text FROM paid.' || relname || ' x'), 1::bigint, relname || ': each scan of the orders runs once')
FROM pg_class WHERE relnamespace = 'paid'::regnamespace AND relkind = 'v' AND relname NOT IN ('rfm_cells', 'applied_settings', 'labels', 'customer_details', 'touchpoint_groups', 'touchpoint_scorecard', 'customer_referrers', 'referrals', 'source_costs', 'open_questions', 'tier_ladder')
    AND relname NOT IN ('customer_rows', 'dimension_rows', 'touchpoint_rows', 'cost_rows', 'line_rows', 'offer_rows', 'point_rows'); -- nothing is attached there

-- as BI tools see them
SELECT lives_ok($$ SELECT attach_orders('raw_orders', workspace => 'w', diagnose => false) $$, 'attach again');
SELECT lives_ok($$ SELECT attach_answers('raw_orders', answered_at => 'ordered_at', score => 'amount', workspace => 'w', scale => '0-10', stored_in => 'UTC') $$, '... with answers');
CREATE TABLE survey (respondent integer, question text, answer text);
CREATE TABLE contacts AS SELECT 1 AS customer, now() AS happened_at, 'call' AS touchpoint;
CREATE TABLE costs AS SELECT current_date AS day, 'ads' AS source, 5 AS cost;
SELECT lives_ok($$ SELECT attach_touchpoints('contacts', workspace => 'w'); SELECT attach_costs('costs', workspace => 'w'); SELECT attach_survey('survey', workspace => 'w') $$, 'attach what else there is');
CREATE VIEW numbered_orders AS SELECT row_number() OVER () AS order_id, o.* FROM raw_orders o;
CREATE TABLE lines (order_id bigint, product text, category text, quantity integer, amount numeric, employee text);
CREATE TABLE offers AS SELECT 1 AS customer, now() AS offered_at, 'course' AS offer;
CREATE TABLE points AS SELECT 1 AS customer, now() AS happened_at, 5 AS points;
SELECT lives_ok($$ SELECT attach_orders('numbered_orders', workspace => 'w', diagnose => false); SELECT attach_lines('lines', workspace => 'w'); SELECT attach_offers('offers', workspace => 'w'); SELECT attach_points('points', workspace => 'w') $$, 'lines, offers and points too');
CREATE VIEW view_columns AS
SELECT c.relname, a.attname, a.atttypid::regtype::text AS type, col_description(c.oid, a.attnum) AS comment
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
WHERE c.relnamespace = 'w'::regnamespace AND c.relkind = 'v' AND c.relname NOT IN ('order_history', 'customer_history', 'customer_classes', 'customer_orders', 'applied_settings', 'points_accounts', 'points_total', 'campaign_results', 'tier_ladder')
    AND (c.relname, a.attname) NOT IN (('order_rows', 'ordered_at'), ('answer_rows', 'answered_at'), ('touchpoint_rows', 'happened_at'), ('survey_rows', 'answered_at'), ('offer_rows', 'offered_at'), ('point_rows', 'happened_at')); -- as they come
SELECT is_empty($$ SELECT * FROM view_columns WHERE type NOT IN ('integer', 'bigint', 'numeric', 'double precision', 'text', 'boolean', 'date', 'timestamp with time zone', 'uuid') $$,
    'columns are of types that BI tools know');
SELECT is_empty($$ SELECT * FROM view_columns WHERE coalesce(comment, '') = '' $$, 'every column has a comment');
SELECT is_empty($$ SELECT relname FROM pg_class c WHERE relnamespace = 'w'::regnamespace AND relkind IN ('r', 'v') AND coalesce(obj_description(c.oid, 'pg_class'), '') = '' $$, 'every table and view has one');
SELECT is_empty($$ SELECT attname FROM view_columns WHERE attname !~ '^[a-z][a-z0-9_]{0,62}$' OR attname IN (SELECT word FROM pg_get_keywords() WHERE catcode IN ('R', 'T')) $$, 'columns need no quotes');
SELECT is_empty($$ SELECT relname FROM pg_class WHERE relnamespace = 'w'::regnamespace AND relkind IN ('r', 'v')
    AND (relname !~ '^[a-z][a-z0-9_]*$' OR relname IN ('config', 'queue') OR relname ~ '^(cache|registry)|_cache$' OR to_regtype('public.' || quote_ident(relname)) IS NOT NULL) $$, 'no relation has a name that is hidden, or a type''s');
SELECT set_eq($$ SELECT relname FROM pg_class WHERE relnamespace = 'w'::regnamespace AND relkind IN ('r', 'v', 'm') $$, $$ SELECT unnest(_clientele.workspace_relations()) EXCEPT SELECT '_metabase_metadata' EXCEPT SELECT relation FROM _clientele.workspace_files() WHERE belongs_to IN ('incremental', 'materialized') AND folder <> 'functions' $$, 'drop_workspace knows every table and view');

-- as Metabase does: it guesses at what it is not told, and takes money for dollars
CREATE FUNCTION pg_temp.described(currency text) RETURNS TABLE (relname text, attname text, type text, kind text) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM describe_for_metabase('w', currency);
    RETURN QUERY
        SELECT c.relname::text, a.attname::text, a.atttypid::regtype::text, m.value
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
        LEFT JOIN w._metabase_metadata m ON m.keypath = format('%s.%s.semantic_type', c.relname, a.attname)
        WHERE c.relnamespace = 'w'::regnamespace AND c.relkind = 'v' AND c.relname <> '_metabase_metadata' AND c.relname <> ALL (_clientele.workspace_internal('w'));
END
$$;
CREATE TABLE described AS SELECT * FROM pg_temp.described(NULL);
CREATE TABLE described_in_euros AS SELECT * FROM pg_temp.described('EUR');
SELECT is_empty($$ SELECT relname, attname FROM described WHERE type IN ('integer', 'bigint') AND attname !~ '^(customer|.*score)$' AND kind IS DISTINCT FROM 'type/Quantity' $$, 'whole numbers are quantities');
SELECT is_empty($$ SELECT relname, attname FROM described WHERE type IN ('integer', 'bigint', 'numeric', 'double precision') AND attname <> 'customer' AND kind IS NULL $$, 'no number is left to guess at');
SELECT is_empty($$ SELECT relname, attname, kind FROM described WHERE kind IN ('type/Currency', 'type/Income', 'type/Cost', 'type/GrossMargin', 'type/Price', 'type/Discount') $$, 'nothing is dollars without a currency');
CREATE VIEW money AS
SELECT relname, attname, kind FROM described_in_euros
WHERE type IN ('numeric', 'double precision') AND attname ~ 'revenue|profit|sales|amount|(^|_)cost($|_)|value|average_order|liability' AND attname !~ '^pct_|share|difference|profit_per_cost|return_on_cost|p_value$';
SELECT set_eq('SELECT DISTINCT kind FROM money', $$ VALUES ('type/Currency') $$, 'with one all money is of it');
SELECT is_empty($$ SELECT relname, attname FROM described_in_euros WHERE kind = 'type/Currency' EXCEPT SELECT relname, attname FROM money $$, '... and nothing else');
SELECT is_empty($$ SELECT relname, attname FROM described d WHERE attname ~ '(share|rate|lower|upper)$' AND attname !~ '^pct_|change|difference|score|lift|^incremental|^less_discount' AND kind <> 'type/Percentage'
    AND NOT EXISTS (SELECT FROM described s WHERE s.relname = d.relname AND s.attname = 'score') $$, 'shares and their bounds are shown alike');
SELECT is_empty($$ SELECT relname, attname FROM described WHERE kind = 'type/PK' EXCEPT SELECT relname, attname FROM described WHERE attname = 'customer' AND relname IN ('customers', 'at_risk', 'second_order_due', 'win_back', 'referrals') $$, 'keys are where they are unique');
SELECT is_empty($$ SELECT a.relation FROM _clientele.workspace_advice() a EXCEPT SELECT relname FROM described EXCEPT SELECT NULL $$, 'advice is of views that are there');
SELECT is_empty($$ SELECT a.relation, x.word[1] FROM _clientele.workspace_advice() a CROSS JOIN LATERAL regexp_matches(a.advice, '[a-z]+_[a-z0-9_]+', 'g') x(word)
    WHERE NOT EXISTS (SELECT FROM described d WHERE d.relname = a.relation AND d.attname = x.word[1]) $$, '... and of their columns');
SELECT bag_has('SELECT keypath, value FROM w._metabase_metadata', $$ VALUES ('nps_by_period.display_name', 'NPS By Period'), ('overview.nps.display_name', 'NPS'), ('abc_xyz_matrix.pct_of_customers.display_name', '% Of Customers') $$, 'names are said as people say them');
SELECT is((SELECT count(*) FROM w._metabase_metadata WHERE keypath LIKE '%points_of_interest' AND split_part(keypath, '.', 1) IN ('points_of_interest', 'overview', 'revenue_by_period', 'at_risk', 'win_back', 'data_quality')), 6::bigint, 'where to begin');
SELECT lives_ok($$ SELECT attach_orders('raw_orders', workspace => 'w', diagnose => false) $$, 'attach again');
SELECT is((SELECT count(*) FROM w._metabase_metadata WHERE value = 'type/Currency'), (SELECT count(*) FROM described_in_euros WHERE kind = 'type/Currency'), '... keeps the currency');
SELECT results_eq($$ SELECT topic, finding FROM describe_for_metabase('w', 'EUR') $$, $$ VALUES ('metabase', 'w._metabase_metadata is there'), ('currency', 'money is EUR') $$, 'it is told');
SELECT throws_ok(format('SELECT describe_for_metabase(%L, %L)', 'w', wrong), '22023', format('invalid value for parameter "currency": "%s"', wrong), 'no currency: ' || wrong) FROM unnest('{eur,EURO,€,""}'::text[]) wrong;

SELECT * FROM finish();
ROLLBACK;
