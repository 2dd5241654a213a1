-- sources, attach_costs() and referrals: against plain SQL on random and hostile data, kept through everything, errors
BEGIN;
SELECT no_plan();
SET client_min_messages = warning;

SELECT setseed(0.31);
CREATE TABLE raw_orders AS
SELECT CASE WHEN random() < 0.05 THEN NULL ELSE c END AS customer,
    CASE WHEN random() < 0.01 THEN timestamptz 'infinity' WHEN random() < 0.01 THEN '2099-01-01 00:00+00' ELSE timestamptz '2022-01-01 22:30+00' + (700 * random() + c)::integer * interval '1 day' + n * interval '1 second' END AS ordered_at,
    CASE WHEN random() < 0.01 THEN float8 'NaN' WHEN random() < 0.05 THEN 0 WHEN random() < 0.08 THEN -10 ELSE 10 * (1 + (6 * random())::integer) END AS amount,
    (ARRAY['ads', 'ads', 'search', 'mail', 'Mail', '', NULL, 'unknown'])[1 + (random() * 7)::integer] AS source,
    CASE WHEN random() < 0.1 THEN NULL WHEN random() < 0.01 THEN 'NaN' ELSE random() * 5 END AS profit
FROM (SELECT n, (200 * random() ^ 1.5)::integer AS c FROM generate_series(1, 1500) n) g;
CREATE TABLE costs AS
SELECT CASE WHEN random() < 0.01 THEN date 'infinity' WHEN random() < 0.01 THEN NULL WHEN random() < 0.01 THEN '0044-03-15 BC' WHEN random() < 0.02 THEN '2023-12-31' ELSE d::date END AS day,
    s AS source, CASE WHEN random() < 0.01 THEN float8 'NaN' WHEN random() < 0.01 THEN '-Infinity' WHEN random() < 0.01 THEN -5 WHEN random() < 0.01 THEN NULL WHEN random() < 0.01 THEN 'Infinity' ELSE (random() * 1000)::integer / 10.0 END AS cost
FROM generate_series(date '2021-06-01', '2024-06-01', '5 days') d, unnest('{ads,search,tv,NULL,""}'::text[]) s;
CREATE TABLE people AS
SELECT n AS id, CASE WHEN n % 3 = 0 THEN (n * 7) % 260 - 20 WHEN n % 50 = 1 THEN n END AS referred_by, 'name ' || n AS name FROM generate_series(0, 250) n;
INSERT INTO people SELECT id, referred_by + 1 FROM people WHERE id % 30 = 0;

SELECT lives_ok($$ SELECT attach_orders('raw_orders', time_zone => 'Europe/Berlin', diagnose => false) $$, 'attach orders');
SELECT is((SELECT count(*) FILTER (WHERE cost IS NULL AND cost_per_customer IS NULL AND costs_from IS NULL AND costed_customers IS NULL AND referred_customers = 0) FROM loyalty.sources), (SELECT count(*) FROM loyalty.sources),
    'without costs and referrers the view is there, and their columns are empty');
SELECT results_eq($$ SELECT topic, finding FROM attach_customers('people', name => '{name}') WHERE topic IN ('customer', 'referrer') $$,
    $$ VALUES ('customer', 'column id (integer), found by its name'), ('referrer', 'column referred_by (integer), found by its name') $$, 'the referrer is found');
SELECT results_eq($$ SELECT topic, finding FROM attach_costs('costs') WHERE topic IN ('spent_on', 'source', 'cost') $$,
    $$ VALUES ('spent_on', 'column day (date), found by its name'), ('source', 'column source (text), found by its name'), ('cost', 'column cost (double precision), found by its name') $$, 'costs are found');

-- plain SQL
CREATE VIEW clean AS
SELECT o.customer, o.ordered_at, (o.ordered_at AT TIME ZONE s.time_zone)::date AS day, o.amount::numeric AS amount, coalesce(nullif(o.source, ''), 'unknown') AS source, o.profit, r.as_of
FROM raw_orders o CROSS JOIN loyalty.settings s CROSS JOIN loyalty.reporting_date r
WHERE isfinite(o.ordered_at) AND o.amount <> 'NaN' AND (o.amount <> 0 OR s.zero_amounts = 'orders') AND o.customer IS NOT NULL AND (o.ordered_at AT TIME ZONE s.time_zone)::date < r.as_of;
CREATE VIEW numbered AS SELECT c.*, row_number() OVER (PARTITION BY customer ORDER BY ordered_at, amount) AS order_number FROM clean c WHERE amount >= 0;
CREATE VIEW shopper AS
SELECT f.customer, f.source, f.day AS first_order, (SELECT sum(c.amount) FROM clean c WHERE c.customer = f.customer) AS revenue,
    (SELECT sum(round(c.profit::numeric, 4)) FROM clean c WHERE c.customer = f.customer AND c.profit <> 'NaN') AS profit,
    (SELECT min(c.day) FROM numbered c WHERE c.customer = f.customer AND c.day > f.day) AS second_day,
    (SELECT min(p.referred_by) FROM people p WHERE p.id = f.customer AND p.referred_by <> p.id) AS referrer
FROM numbered f WHERE order_number = 1;
CREATE VIEW plain_costs AS
SELECT coalesce(nullif(k.source, ''), 'unknown') AS source, k.day, round(k.cost::numeric, 4) AS cost FROM costs k CROSS JOIN loyalty.reporting_date r
WHERE k.day >= '0001-01-01' AND k.day < r.as_of AND k.cost >= 0 AND k.cost NOT IN ('NaN', 'Infinity');
CREATE VIEW plain_span AS
SELECT CASE WHEN a < b THEN a END AS costs_from, CASE WHEN a < b THEN b END AS costs_until FROM (
    SELECT greatest(date_trunc(p, min(k.day)), (SELECT date_trunc(p, min(first_order)) FROM shopper))::date AS a,
        least((SELECT as_of FROM loyalty.reporting_date), (date_trunc(p, max(k.day)) + CASE p WHEN 'month' THEN interval '1 month' WHEN 'year' THEN '1 year' ELSE '3 months' END)::date) AS b
    FROM plain_costs k CROSS JOIN (SELECT CASE WHEN period IN ('quarter', 'year') THEN period ELSE 'month' END AS p FROM loyalty.settings) s GROUP BY p) x;
CREATE VIEW plain_sources AS
WITH shopper AS MATERIALIZED (SELECT * FROM shopper), numbered AS MATERIALIZED (SELECT * FROM numbered), clean AS MATERIALIZED (SELECT * FROM clean),
one AS (SELECT s.period, s.enough, r.as_of, r.as_of - (r.as_of - s.lost_after)::date AS repeat_days, CASE s.period WHEN 'quarter' THEN interval '3 months' ELSE ('1 ' || s.period)::interval END AS step, r.first_period
    FROM loyalty.settings s CROSS JOIN loyalty.reporting_date r),
third AS (
    SELECT h.*, (period_start(h.first_order, one.period) + 3 * one.step)::date AS third_start, (period_start(h.first_order, one.period) + 4 * one.step)::date AS third_end, one.as_of, one.repeat_days, one.first_period
    FROM shopper h CROSS JOIN one),
named AS (SELECT source FROM shopper UNION SELECT source FROM numbered WHERE order_number > 1 UNION SELECT source FROM plain_costs, plain_span WHERE day >= costs_from AND day < costs_until AND cost > 0),
figure AS (
    SELECT n.source, b.costs_from, b.costs_until,
        (SELECT count(*) FROM shopper h WHERE h.source = n.source) AS customers,
        (SELECT count(*) FROM shopper h WHERE h.source = n.source AND h.referrer IN (SELECT x.customer FROM shopper x)) AS referred_customers,
        (SELECT coalesce(sum(h.revenue), 0.00) FROM shopper h WHERE h.source = n.source) AS revenue,
        (SELECT sum(h.profit) FROM shopper h WHERE h.source = n.source) AS profit,
        (SELECT count(*) FROM numbered o WHERE o.source = n.source AND o.order_number > 1) AS later_orders,
        (SELECT coalesce(sum(o.amount), 0.00) FROM numbered o WHERE o.source = n.source AND o.order_number > 1) AS later_revenue,
        (SELECT count(*) FROM third h WHERE h.source = n.source AND h.first_order >= h.first_period AND h.third_end <= h.as_of) AS eligible,
        (SELECT count(*) FROM third h WHERE h.source = n.source AND h.first_order >= h.first_period AND h.third_end <= h.as_of AND EXISTS (
            SELECT FROM numbered o WHERE o.customer = h.customer AND o.day >= h.third_start AND o.day < h.third_end)) AS kept,
        (SELECT count(*) FROM third h WHERE h.source = n.source AND h.first_order + h.repeat_days <= h.as_of) AS repeat_eligible,
        (SELECT count(*) FROM third h WHERE h.source = n.source AND h.first_order + h.repeat_days <= h.as_of AND h.second_day - h.first_order < h.repeat_days) AS repeated,
        (SELECT coalesce(sum(k.cost), 0.00) FROM plain_costs k WHERE k.source = n.source AND k.day >= b.costs_from AND k.day < b.costs_until) AS cost,
        (SELECT count(*) FROM shopper h WHERE h.source = n.source AND h.first_order >= b.costs_from AND h.first_order < b.costs_until) AS costed_customers,
        (SELECT coalesce(sum(h.revenue), 0.00) FROM shopper h WHERE h.source = n.source AND h.first_order >= b.costs_from AND h.first_order < b.costs_until) AS costed_revenue,
        (SELECT sum(h.profit) FROM shopper h WHERE h.source = n.source AND h.first_order >= b.costs_from AND h.first_order < b.costs_until) AS costed_profit
    FROM named n CROSS JOIN (SELECT max(costs_from) AS costs_from, max(costs_until) AS costs_until FROM plain_span) b)
SELECT CASE WHEN f.eligible >= greatest(one.enough, 1) THEN (SELECT count(*) + 1 FROM figure g, wilson_interval(g.kept, g.eligible) v
        WHERE g.eligible >= greatest(one.enough, 1) AND ((v.lower, v.estimate) > (w.lower, w.estimate) OR (v.lower, v.estimate) = (w.lower, w.estimate) AND g.source < f.source)) END AS "position",
    f.source, f.customers, 100 * f.customers / nullif((SELECT sum(customers) FROM figure), 0)::float8 AS pct_of_customers, f.referred_customers, f.revenue,
    CASE WHEN (SELECT sum(revenue) FROM figure) > 0 THEN (100 * f.revenue / (SELECT sum(revenue) FROM figure))::float8 END AS pct_of_revenue,
    (f.revenue / nullif(f.customers, 0))::float8 AS value_per_customer, f.profit, f.later_orders, f.later_revenue, f.eligible, f.kept, w.estimate AS kept_share, w.lower AS kept_share_lower, w.upper AS kept_share_upper,
    f.repeat_eligible, f.repeated, v.estimate AS repeat_share, v.lower AS repeat_share_lower, v.upper AS repeat_share_upper, f.costs_from, f.costs_until,
    CASE WHEN f.costs_from IS NOT NULL THEN f.cost END AS cost, CASE WHEN f.costs_from IS NOT NULL THEN f.costed_customers END AS costed_customers,
    CASE WHEN f.costs_from IS NOT NULL THEN f.costed_revenue END AS costed_revenue, f.costed_profit,
    CASE WHEN f.costs_from IS NOT NULL THEN (f.cost / nullif(f.costed_customers, 0))::float8 END AS cost_per_customer,
    (f.costed_revenue / nullif(f.cost, 0))::float8 AS return_on_cost, (f.costed_profit / nullif(f.cost, 0))::float8 AS profit_per_cost, f.eligible >= one.enough AS enough
FROM figure f CROSS JOIN one CROSS JOIN LATERAL wilson_interval(f.kept, f.eligible) w CROSS JOIN LATERAL wilson_interval(f.repeated, f.repeat_eligible) v;

CREATE FUNCTION pg_temp.same_sources(setting text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'UPDATE loyalty.settings SET ' || setting;
    RETURN NEXT set_eq('SELECT s.* FROM loyalty.sources s', 'SELECT * FROM plain_sources', 'sources with ' || setting);
    RETURN NEXT is((SELECT coalesce(sum(customers), 0) FROM loyalty.sources), (SELECT count(*)::numeric FROM loyalty.customers), '... all customers are in it');
    RETURN NEXT set_eq('SELECT customer, coalesce(nullif(source, ''''), ''unknown'') AS source, sum(orders) AS orders, sum(revenue) AS revenue FROM loyalty.customer_preferences GROUP BY 1, 2',
        'SELECT customer, source, count(*)::numeric, sum(amount) FROM numbered GROUP BY 1, 2', '... and what they ordered by source');
    RETURN NEXT set_eq('SELECT customer, day, coalesce(nullif(source, ''''), ''unknown'') AS source, amount FROM loyalty.first_orders WHERE day < (SELECT as_of FROM loyalty.reporting_date)',
        'SELECT customer, day, source, amount FROM numbered WHERE order_number = 1', '... and their first orders');
END
$$;
SELECT pg_temp.same_sources(setting) FROM unnest(ARRAY['enough = 10', 'as_of = ''2023-02-10''', 'period = ''quarter''', 'as_of = ''2022-03-01'', period = ''week'', enough = 1', 'as_of = ''2024-06-20'', period = ''year'', lost_after = ''1 month 5 days''',
    'as_of = ''auto'', period = ''month'', zero_amounts = ''skipped'', enough = 0', 'as_of = ''2022-01-03''', 'as_of = ''2021-12-31''', 'as_of = ''9999-12-31''', 'as_of = ''2023-10-01'', enough = 5']) setting;
SELECT cmp_ok((SELECT count(*) FROM loyalty.sources WHERE referred_customers > 0 AND cost > 0 AND kept > 0 AND "position" > 0), '>', 1::bigint, 'there is something in it');
SELECT is((SELECT bool_or(source = 'unknown' AND customers > 0) AND bool_or(source = 'tv' AND customers = 0 AND cost > 0 AND cost_per_customer IS NULL) AND bool_or(source = 'Mail' AND cost = 0 AND return_on_cost IS NULL) FROM loyalty.sources), true,
    'unknown sources are shown, costs without customers, and customers without costs');

-- referrals
CREATE VIEW plain_referrals AS
SELECT row_number() OVER (ORDER BY sum(h.revenue) DESC, count(*) DESC, x.customer) AS "position", x.customer, count(*) AS referred_customers, sum(h.revenue) AS referred_revenue,
    (sum(h.revenue) / count(*))::float8 AS referred_value_per_customer, min(h.first_order) AS first_referred, max(h.first_order) AS last_referred, x.revenue, x.revenue + sum(h.revenue) AS revenue_with_referred,
    (SELECT min(p.name) FROM people p WHERE p.id = x.customer) AS customer_name, NULL::text AS contact
FROM shopper x JOIN shopper h ON h.referrer = x.customer GROUP BY x.customer, x.revenue;
SELECT set_eq('SELECT r.* FROM loyalty.referrals r', 'SELECT * FROM plain_referrals', 'referrals');
SELECT is((SELECT sum(referred_customers) FROM loyalty.referrals), (SELECT sum(referred_customers) FROM loyalty.sources), '... as many as in sources');
SELECT cmp_ok((SELECT count(*) FROM loyalty.referrals), '>', 20::bigint, '... there are some');
SELECT lives_ok($$ SELECT attach_customers('people') $$, 'again');
SELECT isnt_empty('SELECT * FROM loyalty.referrals', '... the referrer is kept');
SELECT results_eq($$ SELECT count(*) FROM attach_customers('people', referrer => '') WHERE topic = 'referrer' $$, 'VALUES (0::bigint)', 'none where empty');
SELECT is_empty('SELECT * FROM loyalty.referrals', '... none is shown');
SELECT results_eq($$ SELECT count(*) FROM attach_customers('people') WHERE topic = 'referrer' $$, 'VALUES (0::bigint)', '... and stays so');
SELECT lives_ok($$ SELECT attach_customers('people', referrer => 'referred_by') $$, 'named again');
SELECT set_eq('SELECT r.* FROM loyalty.referrals r', 'SELECT * FROM plain_referrals', '... it is back');
CREATE TABLE visitors AS SELECT n AS id, 'https://example.com' AS referrer FROM generate_series(1, 9) n;
SELECT results_eq($$ SELECT count(*) FROM attach_customers('visitors') WHERE topic = 'referrer' $$, 'VALUES (0::bigint)', 'a web address is not taken for a customer');
SELECT lives_ok($$ SELECT attach_customers('people', referrer => 'referred_by') $$, 'people again');

-- findings
SELECT results_eq($$ SELECT topic, finding FROM attach_costs('costs') WHERE topic ~ '^no |future' $$, $$
    SELECT topic, 'rows left out: ' || _clientele.workspace_row_share(n, count) FROM (SELECT count(*), count(*) FILTER (WHERE day IS NULL OR day < '0001-01-01' OR day = 'infinity') AS no_day,
            count(*) FILTER (WHERE day >= '0001-01-01' AND day < 'infinity' AND (cost IS NULL OR cost < 0 OR cost IN ('NaN', 'Infinity'))) AS no_cost,
            count(*) FILTER (WHERE day >= '2023-10-01' AND day < 'infinity' AND cost >= 0 AND cost NOT IN ('NaN', 'Infinity')) AS future FROM costs) c
    CROSS JOIN LATERAL (VALUES ('no day', no_day), ('no cost', no_cost), ('future', future)) v(topic, n) $$, 'rows left out are counted');
SELECT results_eq($$ SELECT topic, finding FROM attach_costs('costs') WHERE topic ~ 'without|costs$' $$, $$
    SELECT 'costs', format('%s, for customers acquired from %s to %s', sum(cost), min(costs_from), min(costs_until) - 1) FROM loyalty.sources
    UNION ALL VALUES ('costs without customers', 'tv'), ('customers without costs', (SELECT string_agg(source, ', ' ORDER BY customers DESC, source) FROM loyalty.sources WHERE cost = 0 AND customers > 0)) $$, 'sources that do not fit are named');

-- kept when orders are attached again, with either storage, detached, upgraded
CREATE TABLE before AS SELECT s.* FROM loyalty.sources s;
SELECT lives_ok(statement, statement) FROM unnest(ARRAY[$$ SELECT attach_orders('raw_orders', diagnose => false) $$, $$ SELECT attach_orders('raw_orders', storage => 'materialized', diagnose => false) $$,
    'SELECT detach_orders(cascade => true); SELECT attach_costs(''costs''); SELECT attach_customers(''people''); SELECT upgrade_workspace()', $$ SELECT attach_costs('costs'); SELECT attach_customers('people'); SELECT refresh_workspace() $$]) statement;
SELECT set_eq('SELECT s.* FROM loyalty.sources s', 'SELECT * FROM before', '... nothing changes');
SELECT lives_ok('SELECT detach_costs()', 'detach costs');
SELECT set_eq('SELECT source, customers, kept_share, NULL::numeric FROM loyalty.sources s WHERE cost IS NULL', 'SELECT source, customers, kept_share, NULL::numeric FROM before WHERE customers > 0 OR later_orders > 0', '... the rest stays');
SELECT lives_ok($$ SELECT attach_costs('costs', spent_on => 'day', source => 'source', cost => 'cost') $$, 'attach by name');
SELECT lives_ok('SELECT detach_customers()', 'detach customers');
SELECT is_empty('SELECT * FROM loyalty.referrals', 'no referrals without a table of customers');
SELECT lives_ok($$ SELECT attach_orders('raw_orders', source => '', diagnose => false) $$, 'without a column of sources');
SELECT is_empty('SELECT * FROM loyalty.sources', '... the view is empty');
SELECT results_eq($$ SELECT topic, advice LIKE '%source => %' FROM attach_costs('costs') WHERE topic = 'sources' $$, $$ VALUES ('sources', true) $$, '... and the advice is to name it');
SELECT lives_ok($$ SELECT attach_orders('raw_orders', source => 'source', diagnose => false) $$, 'with it');

-- other types: costs by month in integers, with instants, keys as uuid and text
CREATE TABLE few AS SELECT md5((n % 20)::text)::uuid AS customer, date '2024-01-01' + n AS day, 10 AS amount, 's' || n % 3 AS source FROM generate_series(1, 300) n;
CREATE TABLE few_people AS SELECT md5(n::text)::uuid AS id, md5((n / 2)::text)::uuid AS referrer FROM generate_series(0, 19) n;
CREATE TABLE few_costs AS SELECT timestamptz '2023-12-31 23:30+00' + n * interval '1 month' AS month, 's' || n % 3 AS source, 100 AS spend FROM generate_series(0, 8) n;
SELECT lives_ok($$ SELECT attach_orders('few', ordered_at => 'day', workspace => 'few', time_zone => 'Europe/Berlin', diagnose => false); SELECT attach_customers('few_people', workspace => 'few'); SELECT attach_costs('few_costs', workspace => 'few') $$, 'uuid');
SELECT results_eq($$ SELECT sum(customers), sum(referred_customers), min(costs_from), sum(cost), sum(costed_customers) FROM few.sources $$, $$ VALUES (20::numeric, 19::numeric, date '2024-01-01', 900.0000::numeric, 20::numeric) $$, '... of which only the first was not brought by another');

\ir include/refuses.sql
CREATE ROLE clientele_costs;
CREATE TABLE two_days AS SELECT current_date AS day, current_date AS date, 'ads' AS source, 5 AS cost;
CREATE TABLE texts AS SELECT current_date AS day, 'ads' AS source, 'five' AS cost;
SELECT pg_temp.refuses(v.statement, v.state, v.message, v.hint) FROM (VALUES
    ($$ SELECT attach_costs(NULL) $$, '22004', 'must not be NULL', '%'),
    ($$ SELECT attach_costs('costs', workspace => 'nowhere') $$, '3F000', '"nowhere" is not a workspace', '%loyalty%'),
    ($$ SELECT detach_costs('nowhere') $$, '3F000', '"nowhere" is not a workspace', '%'),
    ($$ SELECT attach_costs('two_days') $$, '42702', 'several columns of public.two_days look like the spent_on: day, date', '%spent_on => %'),
    ($$ SELECT attach_costs('texts') $$, '42703', 'no column of public.texts looks like the cost', '%has the name but not a type for it: cost (text)%'),
    ($$ SELECT attach_costs('costs', cost => 'price') $$, '42703', 'column "price" of public.costs does not exist', 'It has: day, source, cost%'),
    ($$ SELECT attach_costs('costs', cost => 'source') $$, '42804', 'cannot be the cost', '%'),
    ($$ SELECT attach_costs('loyalty.source_costs') $$, '42809', 'part of the workspace', '%'),
    ($$ SELECT attach_customers('visitors', referrer => 'referrer') $$, '42804', 'cannot be the customer of the orders: its type is text', '%'),
    ($$ SELECT attach_customers('visitors', referrer => 'nobody') $$, '42703', 'column "nobody"', '%')) v(statement, state, message, hint);
SELECT lives_ok($$ DROP TABLE costs CASCADE $$, 'without its table');
SELECT pg_temp.refuses($$ SELECT attach_orders('raw_orders', diagnose => false) $$, '42P01', 'the attached table of costs, public.costs, does not exist any more', '%detach_costs()%');
SELECT lives_ok($$ SELECT detach_costs() $$, '... it can be detached');
CREATE FUNCTION pg_temp.state_for_other(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    SET LOCAL ROLE clientele_costs;
    EXECUTE statement;
    RETURN 'done';
EXCEPTION WHEN others THEN
    RETURN SQLSTATE;
END
$$;
GRANT USAGE ON SCHEMA loyalty TO clientele_costs;
SELECT is(pg_temp.state_for_other($$ SELECT attach_costs('people', spent_on => 'id') $$), '42501', 'the workspace of somebody else');
SELECT is(pg_temp.state_for_other($$ SELECT detach_costs() $$), '42501', '... likewise');
SELECT * FROM finish();
ROLLBACK;
