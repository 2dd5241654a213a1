-- start_campaign() and end_campaign(): who is dealt out to which group, and what campaign_effect says of it, against plain SQL on random data
BEGIN;
SELECT no_plan();
SET client_min_messages = warning;
\ir include/differences.sql
\ir include/under.sql

SELECT setseed(0.44);
CREATE TABLE orders AS
SELECT n AS order_id, nullif((400 * random() ^ 1.5)::integer, 399) AS customer, timestamptz '2024-01-01 10:00+00' + (730 * random())::integer * interval '1 day' + (n % 24) * interval '1 hour' AS ordered_at,
    CASE WHEN random() < 0.1 THEN -1 - (20 * random())::integer ELSE round((exp(3 + 1.5 * sqrt(-2 * ln(random() + 1e-9)) * cos(6.283 * random())))::numeric, 2) END AS amount,
    round((10 * random())::numeric - 2, 2) AS profit
FROM generate_series(1, 4000) n;
CREATE TABLE answers AS
SELECT n AS id, CASE WHEN random() < 0.05 THEN NULL ELSE (420 * random())::integer END AS customer_id, timestamptz '2024-06-01 12:00+00' + (600 * random())::integer * interval '1 day' AS answered_at,
    (10 * random())::integer AS score, (ARRAY['negative', 'criticism', 'idea', NULL])[1 + (3 * random())::integer] AS kind
FROM generate_series(1, 1200) n;
SELECT count(*) FROM attach_orders('orders', workspace => 'w', time_zone => 'America/New_York', diagnose => false) \g /dev/null
SELECT count(*) FROM attach_answers('answers', workspace => 'w') \g /dev/null
UPDATE w.settings SET as_of = '2025-11-01', enough = 20;
CREATE VIEW days AS SELECT customer, (ordered_at AT TIME ZONE 'America/New_York')::date AS day, amount, profit FROM orders WHERE customer IS NOT NULL;

-- --- Who is in which group ---

-- Largest remainders, by hand
CREATE FUNCTION pg_temp.sizes(n bigint, shares float8[]) RETURNS bigint[] LANGUAGE plpgsql AS $$
DECLARE
    sizes bigint[] := '{}';
    best integer;
BEGIN
    FOR i IN 1..cardinality(shares) LOOP sizes[i] := floor(n * shares[i]::numeric); END LOOP;
    WHILE (SELECT sum(s) FROM unnest(sizes) s) < round(n * (SELECT sum(s::numeric) FROM unnest(shares) s) - 0.000001) LOOP
        best := (SELECT i FROM generate_subscripts(shares, 1) i ORDER BY n * shares[i]::numeric - sizes[i] DESC, i LIMIT 1);
        sizes[best] := sizes[best] + 1;
    END LOOP;
    RETURN sizes;
END
$$;
SELECT is((SELECT array_agg(e - coalesce(before, 0) ORDER BY i) FROM (SELECT e, i, lag(e) OVER (ORDER BY i) AS before FROM unnest(_clientele.group_ends(n, s)) WITH ORDINALITY u(e, i)) u), pg_temp.sizes(n, s), format('%s customers by %s', n, s))
FROM (VALUES (0::bigint), (1), (2), (3), (7), (10), (99), (1000), (100003)) v(n), (VALUES ('{0.5,0.5}'::float8[]), ('{0.1,0.9}'), ('{0.3,0.3,0.4}'), ('{0.05,0.25,0}'), ('{0.333,0.333,0.334}')) w(s);
SELECT results_eq($$ SELECT _clientele.customer_text(1::smallint) AS a, _clientele.customer_text(1) AS b, _clientele.customer_text(1::bigint) AS c, _clientele.customer_text(1.00) AS d, _clientele.customer_text('A0000000-0000-0000-0000-000000000001'::uuid) AS e, _clientele.customer_text('Ann '::text) AS f $$,
    $$ VALUES ('1'::text, '1'::text, '1'::text, '1'::text, 'a0000000-0000-0000-0000-000000000001'::text, 'Ann '::text) $$, 'customers as text');

CREATE TABLE planned AS SELECT * FROM start_campaign('spring', 'SELECT customer FROM w.customers', workspace => 'w', started => '2025-03-01', plan => true);
SELECT is_empty('SELECT * FROM w.campaigns', 'a plan makes no campaign');
SELECT is_empty('SELECT * FROM w.campaign_members', 'and nobody a member');
CREATE TABLE started AS
SELECT * FROM start_campaign('spring', $$ SELECT 'x', c.customer FROM (SELECT customer FROM w.customers WHERE customer % 2 = 0 UNION ALL SELECT 2 UNION ALL SELECT NULL UNION ALL SELECT 123456) c -- and so on;
    $$, '{0.4,0.3,0.3}', '{nothing,"a ''letter'' %s",call}', workspace => 'w', started => '2025-03-01', discount => 0.1, days_before => 100, note => 'a try');
SELECT results_eq($$ SELECT topic, finding FROM planned WHERE topic IN ('campaign', 'plan') $$, $$ VALUES ('campaign', 'from 2025-03-01 on, compared within the same cell'), ('plan', 'nothing was changed') $$, 'a plan says so');
SELECT bag_eq($$ SELECT finding FROM started WHERE topic = 'left out' $$, $$
    SELECT format('%s %s', n, what) FROM (VALUES (1::bigint, 'rows without a customer'), (1, 'rows of customers who were there before'),
        ((SELECT count(*) + 1 FROM w.customers c WHERE c.customer % 2 = 0 AND NOT EXISTS (SELECT FROM days d WHERE d.customer = c.customer AND d.amount >= 0 AND d.day < '2025-03-01')), 'customers: unknown')) v(n, what) $$, 'who is left out');
-- The classes of then are those of a reporting date of then
CREATE TABLE then_customers AS SELECT customer, cell, abc, stage, segment FROM w.customers LIMIT 0;
UPDATE w.settings SET as_of = '2025-03-01';
INSERT INTO then_customers SELECT customer, cell, abc, stage, segment FROM w.customers;
UPDATE w.settings SET as_of = '2025-11-01';
CREATE VIEW audience AS SELECT customer::text, coalesce(cell, 'none') AS stratum FROM then_customers WHERE customer % 2 = 0;
CREATE FUNCTION pg_temp.plain_draw(campaign text, shares float8[], groups text[]) RETURNS TABLE (customer text, grp text) LANGUAGE sql AS $$
    SELECT p.customer, (SELECT groups[min(g)] FROM (SELECT g, sum(z) OVER (ORDER BY g) AS last FROM unnest(pg_temp.sizes(p.n, shares)) WITH ORDINALITY u(z, g)) u WHERE p.place <= u.last)
    FROM (SELECT a.customer, row_number() OVER (PARTITION BY a.stratum ORDER BY encode(sha256(convert_to(campaign || ':' || a.customer, 'UTF8')), 'hex') COLLATE "C") AS place, count(*) OVER (PARTITION BY a.stratum) AS n FROM audience a) p
$$;
SELECT bag_eq($$ SELECT customer, stratum FROM w.campaign_members WHERE campaign = 'spring' $$, 'SELECT customer, stratum FROM audience', 'the members, and what they were');
SELECT bag_eq($$ SELECT customer, grp FROM w.campaign_members WHERE campaign = 'spring' $$, $$ SELECT * FROM pg_temp.plain_draw('spring', '{0.4,0.3,0.3}', '{nothing,"a ''letter'' %s",call}') $$, 'dealt out by the hash');
SELECT bag_eq($$ SELECT m.stratum, m.grp, count(*) FROM w.campaign_members m GROUP BY 1, 2 $$, $$
    SELECT s.stratum, g.grp, z.size FROM (SELECT stratum, count(*) AS n FROM audience GROUP BY 1) s, unnest('{nothing,"a ''letter'' %s",call}'::text[], pg_temp.sizes(s.n, '{0.4,0.3,0.3}')) AS g(grp, size), LATERAL (SELECT g.size) z WHERE g.size > 0 $$, 'in exact shares');
SELECT bag_eq($$ SELECT finding FROM started WHERE topic = 'group' $$, $$ SELECT format('%s: %s customers (%s %%)%s', grp, count(*), CASE grp WHEN 'nothing' THEN '40.0' ELSE '30.0' END, CASE grp WHEN 'nothing' THEN ', the control group' ELSE '' END) FROM w.campaign_members GROUP BY grp $$, 'as it said');
SELECT bag_eq(format($$ SELECT DISTINCT stratum FROM w.campaign_draw('x', ARRAY(SELECT customer::text FROM then_customers), '{0.5,0.5}', '{a,b}', %L, '2025-03-01') WHERE left_out IS NULL $$, strata),
    format('SELECT DISTINCT %s FROM then_customers WHERE customer %% 2 = 1 OR cell IS NULL AND false', CASE strata WHEN 'none' THEN '''all''' ELSE format('coalesce(%I, ''none'')', strata) END), 'strata: ' || strata)
FROM unnest('{stage,segment,abc,cell,none}'::text[]) strata;

-- A second one takes nobody of the first while that runs, but who is in the standing control group; an ended one leaves its customers free.
CREATE TABLE standing AS SELECT * FROM start_campaign('all year', 'SELECT customer::bigint FROM w.customers', '{0.1,0.9}', strata => 'stage', standing => true, workspace => 'w', started => '2025-04-01');
SELECT throws_ok($$ SELECT start_campaign('summer', 'SELECT customer::numeric || ''.0'' FROM (SELECT customer::numeric FROM w.customers) c', '{0.5,0.5}', strata => 'none', workspace => 'w', started => '2025-06-01') $$, '22023',
    format('nobody of the audience of campaign "summer" can take part: %s unknown', (SELECT count(*) FROM w.customers)), 'what is another text is another customer');
CREATE TABLE second AS SELECT * FROM start_campaign('summer', 'SELECT customer FROM w.customers', '{0.5,0.5}', strata => 'none', workspace => 'w', started => '2025-06-01');
SELECT lives_ok($$ DELETE FROM w.campaigns WHERE campaign = 'summer' $$, 'a campaign can be deleted');
CREATE TABLE third AS SELECT * FROM start_campaign('summer', 'SELECT customer FROM (SELECT customer::numeric(10,2) FROM w.customers) c', '{0.5,0.5}', strata => 'none', workspace => 'w', started => '2025-06-01');
SELECT bag_eq($$ SELECT customer FROM w.campaign_members WHERE campaign = 'summer' $$, $$ SELECT c.customer::text FROM w.customers c WHERE EXISTS (SELECT FROM days d WHERE d.customer = c.customer AND d.amount >= 0 AND d.day < '2025-06-01')
    AND NOT EXISTS (SELECT FROM w.campaign_members m WHERE m.customer = c.customer::text AND (m.campaign = 'spring' OR m.campaign = 'all year' AND m.grp = 'control')) $$, 'who is free, whatever the type of the query');
SELECT bag_eq($$ SELECT finding FROM third WHERE topic = 'left out' AND finding !~ 'unknown' $$, $$
    SELECT count(*) || ' customers: ' || CASE WHEN bool_or(m.campaign = 'all year') THEN 'in the standing control group all year' ELSE 'in campaign spring' END
    FROM (SELECT DISTINCT ON (customer) * FROM w.campaign_members WHERE campaign = 'spring' OR campaign = 'all year' AND grp = 'control' ORDER BY customer, campaign) m GROUP BY campaign $$, 'who is not is told');
SELECT is_empty($$ SELECT customer FROM w.campaign_members WHERE campaign <> 'all year' GROUP BY 1 HAVING count(*) > 1 $$, 'nobody is in two');
SELECT lives_ok($$ SELECT end_campaign('spring', 'w', '2025-07-15') $$, 'end one');
SELECT lives_ok($$ SELECT start_campaign('spring again', 'SELECT customer FROM w.customers', workspace => 'w', started => '2025-07-15', plan => true) $$, 'and the like starts that day');
SELECT throws_like($$ SELECT start_campaign('spring again', 'SELECT customer FROM w.customers', workspace => 'w', started => '2025-07-14', plan => true) $$, '%can take part: % in campaign spring, %', 'not the day before');

-- --- What it says beforehand ---

CREATE VIEW before_spring AS
SELECT m.customer, m.grp, least(count(d.day) FILTER (WHERE d.amount >= 0 AND d.day >= date '2025-03-01' - 100), 1)::numeric AS ordered, count(d.day) FILTER (WHERE d.amount >= 0 AND d.day >= date '2025-03-01' - 100)::numeric AS orders,
    coalesce(sum(d.amount) FILTER (WHERE d.day >= date '2025-03-01' - 100), 0) AS revenue, least(count(d.day) FILTER (WHERE d.amount >= 0 AND d.day < date '2025-03-01' - 100), 1)::numeric AS ordered_b,
    count(d.day) FILTER (WHERE d.amount >= 0 AND d.day < date '2025-03-01' - 100)::numeric AS orders_b, coalesce(sum(d.amount) FILTER (WHERE d.day < date '2025-03-01' - 100), 0) AS revenue_b
FROM w.campaign_members m LEFT JOIN days d ON d.customer::text = m.customer AND d.day < '2025-03-01' AND d.day >= date '2025-03-01' - 200
WHERE m.campaign = 'spring' GROUP BY 1, 2;
CREATE VIEW spread_before AS
SELECT v.measure, experiment_agg('all', v.y, v.x) AS e, (avg((v.y - a.m) ^ 3) / avg((v.y - a.m) ^ 2) ^ 1.5)::float8 AS skewness
FROM (SELECT q.cap, b.* FROM before_spring b, (SELECT percentile_disc(0.99) WITHIN GROUP (ORDER BY revenue) AS cap FROM before_spring) q) b
CROSS JOIN LATERAL (VALUES ('ordered', ordered, ordered_b), ('orders', orders, orders_b), ('revenue', revenue, revenue_b), ('revenue_capped', least(revenue, cap), least(revenue_b, cap))) v(measure, y, x)
JOIN (SELECT v.measure, avg(v.y) AS m FROM (SELECT q.cap, b.* FROM before_spring b, (SELECT percentile_disc(0.99) WITHIN GROUP (ORDER BY revenue) AS cap FROM before_spring) q) b
    CROSS JOIN LATERAL (VALUES ('ordered', ordered), ('orders', orders), ('revenue', revenue), ('revenue_capped', least(revenue, cap))) v(measure, y) GROUP BY 1) a ON a.measure = v.measure
GROUP BY v.measure;
SELECT is(pg_temp.differences($$ SELECT measure, spread::text AS e, skewness FROM w.campaign_spread('spring') $$, 'SELECT measure, e::text, skewness FROM spread_before', 'measure'), '', 'how customers differed before');
SELECT is(pg_temp.differences($$ SELECT 1 AS one, highest_revenue, skewness_orders, skewness_revenue, skewness_capped, decide_at, discount, strata, control, days_before, standing, note FROM w.campaigns WHERE campaign = 'spring' $$, $$
    SELECT 1 AS one, (SELECT percentile_disc(0.99) WITHIN GROUP (ORDER BY revenue) FROM before_spring) AS highest_revenue, max(skewness) FILTER (WHERE measure = 'orders') AS skewness_orders, max(skewness) FILTER (WHERE measure = 'revenue') AS skewness_revenue,
        max(skewness) FILTER (WHERE measure = 'revenue_capped') AS skewness_capped, (SELECT count(*) FROM audience) AS decide_at, 0.1 AS discount, 'cell' AS strata, 'nothing' AS control, 100 AS days_before, false AS standing, 'a try' AS note FROM spread_before $$, 'one'), '', 'what is frozen');
SELECT bag_eq($$ SELECT finding, advice FROM started WHERE topic = 'will see' $$, $$
    SELECT format('%s: a change of %s %% or more, four times in five', s.measure, round((100 * d.relative)::numeric, 1)) || CASE s.measure WHEN 'ordered' THEN '' ELSE format('; %s %% unless adjusted for what was bought before', round((100 * n.relative)::numeric, 1)) END,
        CASE WHEN d.relative > 0.1 THEN format('To see 10 %%: two groups of %s customers', experiment_size(s.e, 0.1, s.measure <> 'ordered')) END
    FROM spread_before s, LATERAL (SELECT min(n) FILTER (WHERE grp <> 'nothing') AS smallest, min(n) FILTER (WHERE grp = 'nothing') AS controls FROM (SELECT grp, count(*) AS n FROM before_spring GROUP BY 1) g) g,
        experiment_detectable(s.e, g.smallest, g.controls, s.measure <> 'ordered') d, experiment_detectable(s.e, g.smallest, g.controls, false) n $$, 'what will be seen');
SELECT is_empty($$ SELECT * FROM started WHERE topic = 'unequal groups' $$, 'groups of like size are fine');
SELECT matches((SELECT finding FROM standing WHERE topic = 'unequal groups'), '^\d+ customers against \d+: .* customers for revenue', 'a small one is warned of');

-- --- What it brought ---

CREATE FUNCTION pg_temp.figures(of_campaign text, until date) RETURNS TABLE (customer text, grp text, stratum text, ordered numeric, orders numeric, orders_b numeric, revenue numeric, revenue_b numeric, profit numeric, profit_b numeric, returns numeric) LANGUAGE sql AS $$
    SELECT m.customer, m.grp, m.stratum, least(count(d.day) FILTER (WHERE d.amount >= 0 AND d.day >= c.started_on), 1), count(d.day) FILTER (WHERE d.amount >= 0 AND d.day >= c.started_on), count(d.day) FILTER (WHERE d.amount >= 0 AND d.day < c.started_on),
        coalesce(sum(d.amount) FILTER (WHERE d.day >= c.started_on), 0), coalesce(sum(d.amount) FILTER (WHERE d.day < c.started_on), 0),
        coalesce(sum(d.profit) FILTER (WHERE d.day >= c.started_on), 0), coalesce(sum(d.profit) FILTER (WHERE d.day < c.started_on), 0), count(d.day) FILTER (WHERE d.amount < 0 AND d.day >= c.started_on)
    FROM w.campaigns c JOIN w.campaign_members m USING (campaign) LEFT JOIN days d ON d.customer::text = m.customer AND d.day < until AND d.day >= c.started_on - c.days_before
    WHERE c.campaign = of_campaign GROUP BY 1, 2, 3
$$;
CREATE TABLE member AS
SELECT c.campaign, c.started_on, c.control, c.discount, c.decide_at, c.highest_revenue, c.skewness_orders, c.skewness_revenue, c.skewness_capped, u.until, c.ended_on IS NULL AS is_running, f.*
FROM w.campaigns c, LATERAL (SELECT coalesce(c.ended_on, '2025-11-01') AS until) u, pg_temp.figures(c.campaign, u.until) f;
CREATE VIEW plain_measures AS
SELECT campaign, place, measure, array_agg(e) AS strata, is_running, control, decide_at
FROM (
    SELECT m.campaign, v.place, v.measure, m.stratum, experiment_agg(m.grp, v.y, v.x) AS e, m.is_running, m.control, m.decide_at
    FROM member m, LATERAL (VALUES (1, 'ordered', ordered, 0), (2, 'orders', orders, orders_b), (3, 'revenue', revenue, revenue_b), (4, 'revenue_capped', least(revenue, highest_revenue), least(revenue_b, highest_revenue)), (5, 'gross_profit', profit, profit_b)) v(place, measure, y, x)
    GROUP BY 1, 2, 3, 4, 6, 7, 8) s GROUP BY 1, 2, 3, 5, 6, 7
UNION ALL
SELECT campaign, 6, 'returns_per_order', ARRAY[experiment_agg(grp, returns, 0, orders)], is_running, control, decide_at FROM member GROUP BY 1, 5, 6, 7
UNION ALL
SELECT campaign, 8, 'nps', ARRAY[experiment_agg(grp, points::numeric, 0, n)], is_running, control, decide_at
FROM (SELECT m.campaign, m.is_running, m.control, m.decide_at, m.grp, m.customer, count(*)::numeric AS n, sum(CASE WHEN a.score >= 9 THEN 100 WHEN a.score <= 6 THEN -100 ELSE 0 END) AS points
    FROM member m JOIN answers a ON a.customer_id::text = m.customer AND (a.answered_at AT TIME ZONE 'America/New_York')::date >= m.started_on AND (a.answered_at AT TIME ZONE 'America/New_York')::date < m.until GROUP BY 1, 2, 3, 4, 5, 6) a
GROUP BY 1, 5, 6, 7;
-- Means by plain SQL, of every group
CREATE VIEW plain_means AS
SELECT m.campaign, m.grp, v.measure, v.customers, v.mean::float8, v.successes
FROM (SELECT campaign, grp, count(*) AS n, sum(ordered) AS ordered, avg(orders) AS orders, avg(revenue) AS revenue, avg(least(revenue, highest_revenue)) AS capped, avg(profit) AS profit, sum(returns) / nullif(sum(orders), 0) AS returns FROM member GROUP BY 1, 2) m
LEFT JOIN (SELECT m.campaign, m.grp, count(DISTINCT m.customer) AS answering, count(DISTINCT m.customer) FILTER (WHERE a.kind IN ('negative', 'criticism')) AS complaining, 100.0 * (count(*) FILTER (WHERE a.score >= 9) - count(*) FILTER (WHERE a.score <= 6)) / count(*) AS nps
    FROM member m JOIN answers a ON a.customer_id::text = m.customer AND (a.answered_at AT TIME ZONE 'America/New_York')::date >= m.started_on AND (a.answered_at AT TIME ZONE 'America/New_York')::date < m.until GROUP BY 1, 2) a USING (campaign, grp)
CROSS JOIN LATERAL (VALUES ('ordered', m.n, m.ordered / m.n, m.ordered), ('orders', m.n, orders, NULL), ('revenue', m.n, revenue, NULL), ('revenue_capped', m.n, capped, NULL), ('gross_profit', m.n, profit, NULL), ('returns_per_order', m.n, returns, NULL),
    ('complaints', m.n, coalesce(a.complaining, 0)::numeric / m.n, coalesce(a.complaining, 0)), ('nps', a.answering, a.nps, NULL)) v(measure, customers, mean, successes)
WHERE v.customers > 0;
CREATE VIEW plain_effect AS
WITH e AS (
    SELECT p.campaign, p.measure, e.* FROM plain_measures p,
        experiment_effect(p.strata, p.control, p.measure IN ('orders', 'revenue', 'revenue_capped', 'gross_profit'), CASE WHEN p.place > 5 THEN 0.9 ELSE 0.95 END, CASE WHEN p.is_running THEN 'always_valid' ELSE 'welch' END, p.decide_at) e
), c AS (SELECT DISTINCT campaign, started_on, until, is_running, control, discount, skewness_orders, skewness_revenue, skewness_capped FROM member), x AS (
    SELECT c.*, o.grp, o.measure, o.measure IN ('returns_per_order', 'complaints', 'nps') AS is_guardrail, o.customers, k.customers AS control_customers, o.mean, k.mean AS control_mean,
        v.difference, v.lower, v.upper, v.p, CASE o.measure WHEN 'complaints' THEN t.difference / nullif(k.mean, 0) ELSE e.relative END AS relative, CASE WHEN o.measure <> 'ordered' OR c.is_running THEN e.relative_lower END AS relative_lower,
        CASE WHEN o.measure <> 'ordered' OR c.is_running THEN e.relative_upper END AS relative_upper, CASE WHEN o.measure IN ('orders', 'revenue', 'revenue_capped', 'gross_profit') THEN e.variance_saved END AS variance_saved,
        CASE WHEN o.measure IN ('revenue', 'gross_profit') THEN c.discount * r.revenue END AS given, CASE o.measure WHEN 'orders' THEN skewness_orders WHEN 'revenue_capped' THEN skewness_capped WHEN 'revenue' THEN skewness_revenue WHEN 'gross_profit' THEN skewness_revenue END AS skewness
    FROM plain_means o JOIN c USING (campaign) JOIN plain_means k ON k.campaign = o.campaign AND k.measure = o.measure AND k.grp = c.control
    JOIN (SELECT campaign, grp, sum(revenue)::float8 AS revenue FROM member GROUP BY 1, 2) r ON r.campaign = o.campaign AND r.grp = o.grp
    LEFT JOIN e ON e.campaign = o.campaign AND e.measure = o.measure AND e.grp = o.grp
    CROSS JOIN share_test(o.successes::bigint, o.customers, k.successes::bigint, k.customers, CASE o.measure WHEN 'ordered' THEN 0.95 ELSE 0.9 END) t
    CROSS JOIN LATERAL (SELECT * FROM (VALUES (true, t.difference, t.lower, t.upper, t.p_value), (false, e.difference, e.lower, e.upper, e.p_value)) v(by_share, difference, lower, upper, p) WHERE v.by_share = (o.measure = 'complaints' OR o.measure = 'ordered' AND NOT c.is_running)) v
    WHERE o.grp <> c.control)
SELECT x.campaign || ' ' || x.grp || ' ' || x.measure AS key, x.campaign, x.grp, x.measure, is_guardrail, customers, control_customers, mean, control_mean, difference, lower, upper, p.p_value, relative, relative_lower, relative_upper,
    CASE WHEN NOT is_guardrail THEN difference * customers END AS incremental, CASE WHEN NOT is_guardrail THEN lower * customers END AS incremental_lower, CASE WHEN NOT is_guardrail THEN upper * customers END AS incremental_upper,
    difference * customers - given AS less_discount, lower * customers - given AS less_discount_lower, upper * customers - given AS less_discount_upper,
    CASE WHEN p.p_value < 0.05 THEN CASE WHEN is_guardrail OR difference < 0 THEN 'worse' ELSE 'better' END ELSE 'not shown' END AS verdict,
    least(customers, control_customers) >= 20 AND (skewness IS NULL OR least(customers, control_customers) >= 355 * skewness ^ 2 OR 2 * least(customers, control_customers) >= greatest(customers, control_customers)) AS enough,
    variance_saved, started_on, until, is_running, s.p_value AS srm_p_value
FROM x
CROSS JOIN LATERAL (SELECT CASE WHEN NOT is_guardrail THEN x.p WHEN (difference > 0) = (measure <> 'nps') THEN x.p / 2 ELSE 1 - x.p / 2 END AS p_value) p
JOIN (SELECT g.campaign, (experiment_srm(array_agg(g.n ORDER BY g."position"), array_agg(g.share ORDER BY g."position"))).p_value
    FROM (SELECT g.campaign, g."position", g.share, count(m.customer) AS n FROM w.campaign_groups g LEFT JOIN w.campaign_members m USING (campaign, grp) GROUP BY g.campaign, g.grp) g GROUP BY 1) s ON s.campaign = x.campaign;
CREATE VIEW our_effect AS
SELECT e.campaign || ' ' || e.grp || ' ' || e.measure AS key, e.campaign, e.grp, e.measure, e.is_guardrail, e.customers, e.control_customers, e.mean, e.control_mean, e.difference, e.difference_lower AS lower, e.difference_upper AS upper, e.p_value, e.relative, e.relative_lower, e.relative_upper,
    e.incremental, e.incremental_lower, e.incremental_upper, e.less_discount, e.less_discount_lower, e.less_discount_upper, e.verdict, e.enough, e.variance_saved, e.started_on, e.until, e.is_running, e.srm_p_value FROM w.campaign_effect e;
CREATE FUNCTION pg_temp.effect_differences() RETURNS text LANGUAGE sql AS $$ SELECT pg_temp.differences('SELECT * FROM our_effect', 'SELECT * FROM plain_effect', 'key') $$;
SELECT is((SELECT count(*) FROM w.campaign_effect), 32::bigint, 'two groups, one of the year and one of the summer, in eight measures each');
SELECT cmp_ok(count(DISTINCT verdict || enough || is_running), '>=', 3::bigint, 'of all kinds') FROM plain_effect;
SELECT is(pg_temp.effect_differences(), '', 'every column by plain SQL');
SELECT results_eq('SELECT position, campaign, grp, measure FROM w.campaign_effect ORDER BY position', $$
    SELECT row_number() OVER (ORDER BY e.started_on DESC, g."position", v.place), e.campaign, e.grp, e.measure
    FROM plain_effect e JOIN w.campaign_groups g USING (campaign, grp) JOIN (VALUES ('ordered', 1), ('orders', 2), ('revenue', 3), ('revenue_capped', 4), ('gross_profit', 5), ('returns_per_order', 6), ('complaints', 7), ('nps', 8)) v(measure, place) USING (measure) ORDER BY 1 $$, 'in order');
-- One number from scratch: orders, adjusted over strata, none of which is too small to stand alone
CREATE VIEW summer AS SELECT grp, orders AS y, orders_b AS x FROM member WHERE campaign = 'summer';
SELECT is(pg_temp.differences($$ SELECT 1 AS one, difference, variance_saved FROM w.campaign_effect WHERE campaign = 'summer' AND measure = 'orders' $$, $$
    WITH t AS (SELECT regr_slope(y, x) AS theta, avg(x)::float8 AS middle FROM summer), g AS (
        SELECT s.grp, avg(s.y) - t.theta * (avg(s.x) - t.middle) AS mean, var_samp(s.y - t.theta * s.x) / count(*) AS v, var_samp(s.y) / count(*) AS v0 FROM summer s, t GROUP BY s.grp, t.theta, t.middle)
    SELECT 1 AS one, max(mean) FILTER (WHERE grp = 'treated') - max(mean) FILTER (WHERE grp = 'control') AS difference, 1 - sum(v) / sum(v0) AS variance_saved FROM g $$, 'one'), '', 'the difference from scratch');

-- Answers gone, returns and profit stay
SELECT is(pg_temp.under($$ SELECT detach_answers('w') $$, 'SELECT count(*) FROM w.campaign_effect'), '24', 'without answers nothing about them');
SELECT is(pg_temp.under($$ UPDATE w.settings SET as_of = '2025-03-01' $$, 'SELECT count(*) FROM w.campaign_effect'), '0', 'nothing before it starts');
SELECT is(pg_temp.under($$ UPDATE w.settings SET as_of = '2025-03-02' $$, $$ SELECT string_agg(DISTINCT campaign || until || is_running, ' ') FROM w.campaign_effect $$), 'spring2025-03-02true', 'as it stood then, it was running');
-- Contamination: somebody is put into two by hand
INSERT INTO w.campaign_members SELECT 'summer', customer, 'treated', 'all' FROM w.campaign_members WHERE campaign = 'spring' AND grp = 'call' ORDER BY customer LIMIT 3;
SELECT bag_eq($$ SELECT DISTINCT campaign, grp, shared_customers, shared_days FROM w.campaign_effect WHERE shared_days > 0 OR shared_customers > 0 $$,
    $$ VALUES ('spring', 'call', 3::bigint, 3::bigint * (date '2025-07-15' - '2025-06-01')), ('summer', 'treated', 3, 3 * (date '2025-07-15' - '2025-06-01')) $$, 'who is in two is counted, by days');
DELETE FROM w.campaign_members m WHERE campaign = 'summer' AND customer IN (SELECT customer FROM w.campaign_members WHERE campaign = 'spring');
SELECT is(pg_temp.under($$ DELETE FROM w.campaign_members WHERE campaign = 'spring' AND grp = 'call' AND customer < '3' $$, $$ SELECT bool_and((srm_p_value < 0.001) = (campaign = 'spring')) FROM w.campaign_effect $$), 'true', 'groups that lost customers are seen');
SELECT is(pg_temp.under($$ DELETE FROM w.campaign_members WHERE campaign = 'spring' AND grp = 'nothing' $$, $$ SELECT count(*) FROM w.campaign_effect WHERE campaign = 'spring' $$), '0', 'without a control group nothing is compared');
SELECT is(pg_temp.under($$ DELETE FROM w.campaign_members WHERE campaign = 'spring' AND grp <> 'nothing' $$, $$ SELECT count(*) FROM w.campaign_effect WHERE campaign = 'spring' $$), '0', 'nor without another');
SELECT is(pg_temp.under($$ UPDATE w.campaign_members SET customer = 'x' || customer $$, $$ SELECT bool_and(mean = 0) FROM w.campaign_effect WHERE NOT is_guardrail $$), 'true', 'who has no orders did nothing');
SELECT is(pg_temp.under($$ INSERT INTO orders VALUES (9001, 2, '2025-05-01', 9e14, 9e14), (9002, 4, '2025-05-01', 9e14, -9e14), (9003, 6, '2025-05-01', 9e14, 1), (9004, 2, '2025-05-02', 9e14, 1) $$, $$ SELECT count(*) FROM w.campaign_effect $$), '32', 'no amount is too large');

-- --- Randomisation ---

-- By plain SQL: the same seeds, the same dealing
CREATE FUNCTION pg_temp.plain_p(of_campaign text, salts integer) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
    figures numeric[]; labels boolean[]; strata text[]; dealt numeric[]; n integer; z numeric; state numeric; r numeric; j integer; first integer; kept numeric; found numeric; as_large integer := 0; two_64 CONSTANT numeric := 18446744073709551616;
BEGIN
    SELECT array_agg(round(orders - (SELECT regr_slope(y, x)::numeric FROM summer) * orders_b, 4) ORDER BY stratum, p), array_agg(grp = 'treated' ORDER BY stratum, p), array_agg(stratum ORDER BY stratum, p), count(*) INTO figures, labels, strata, n
    FROM (SELECT m.*, experiment_position(m.customer, of_campaign) AS p FROM member m WHERE campaign = of_campaign) m;
    SELECT abs(avg(f) FILTER (WHERE l) - avg(f) FILTER (WHERE NOT l)) INTO found FROM unnest(figures, labels) u(f, l);
    FOR salt IN 1..salts LOOP
        dealt := figures;
        state := (SELECT sum(get_byte(sha256(convert_to(of_campaign || ':salt ' || salt, 'UTF8')), b) * 256::numeric ^ (7 - b)) FROM generate_series(0, 7) b);
        FOR i IN 2..n LOOP
            state := mod(state + 11400714819323198485, two_64);
            z := pg_temp.xor_shifted(state, 30); z := mod(z * 13787848793156543929, two_64);
            z := pg_temp.xor_shifted(z, 27); z := mod(z * 10723151780598845931, two_64);
            z := pg_temp.xor_shifted(z, 31);
            j := 1 + trunc(z * i / two_64);
            kept := dealt[i]; dealt[i] := dealt[j]; dealt[j] := kept;
        END LOOP;
        as_large := as_large + (SELECT (abs(avg(f) FILTER (WHERE l) - avg(f) FILTER (WHERE NOT l)) >= found)::integer FROM unnest(dealt, labels) u(f, l));
    END LOOP;
    RETURN (1 + as_large)::float8 / (1 + salts);
END
$$;
CREATE FUNCTION pg_temp.xor_shifted(z numeric, bits integer) RETURNS numeric LANGUAGE sql AS $$
    SELECT CASE WHEN x < 0 THEN x + 18446744073709551616 ELSE x END FROM (SELECT ((CASE WHEN z >= 9223372036854775808 THEN z - 18446744073709551616 ELSE z END)::bigint # trunc(z / 2::numeric ^ bits)::bigint)::numeric AS x) t
$$;
SELECT is((SELECT p_value FROM w.campaign_randomisation('summer', 'orders', 60)), pg_temp.plain_p('summer', 60), 'the share of other divisions, by plain SQL');
SELECT results_eq($$ SELECT grp, customers FROM w.campaign_randomisation('spring', 'revenue', 10) $$, $$ SELECT grp, count(*) FROM w.campaign_members WHERE campaign = 'spring' AND grp <> 'nothing' GROUP BY grp ORDER BY grp $$, 'a row for each group');
SELECT cmp_ok(abs(r.p_value - e.p_value), '<', 0.1::float8, measure || ': like the other test, in groups of like size') FROM w.campaign_effect e, w.campaign_randomisation(e.campaign, e.measure, 1999) r WHERE e.campaign = 'spring' AND NOT is_guardrail AND r.grp = e.grp;
SELECT is((SELECT array_agg(p_value ORDER BY grp) FROM w.campaign_randomisation('spring')), (SELECT array_agg(p_value ORDER BY grp) FROM w.campaign_randomisation('spring')), 'the same each time');
SELECT throws_ok($$ SELECT * FROM w.campaign_randomisation('autumn') $$, '42704', 'there is no campaign "autumn"', 'no such campaign');
SELECT throws_ok(format('SELECT * FROM w.campaign_randomisation(''spring'', %L, %s)', measure, salts), '22023', NULL, format('%s, %s', measure, salts)) FROM (VALUES ('nps', 99), (NULL, 99), ('orders', 0), ('orders', 10000001)) v(measure, salts);

-- --- The same in all storages, attached again, by text, under hostile names ---

CREATE TABLE before_storage AS SELECT * FROM w.campaign_effect;
SELECT is(pg_temp.under(format($$ SELECT attach_orders('orders', workspace => 'w', diagnose => false, storage => %L) $$, storage), $$ SELECT pg_temp.differences('SELECT * FROM w.campaign_effect', 'SELECT * FROM before_storage', 'position') $$), '', storage) FROM unnest('{materialized,incremental}'::text[]) storage;
SELECT is(pg_temp.under($$ DROP VIEW days CASCADE; SELECT detach_orders('w', true); ALTER TABLE orders ALTER customer TYPE numeric(12,2); SELECT upgrade_workspace('w') $$, $$ SELECT pg_temp.differences('SELECT * FROM w.campaign_effect', 'SELECT * FROM before_storage', 'position') $$), '', 'customers of another type are who they were');
CREATE VIEW text_orders AS SELECT order_id, 'C"' || customer AS customer, ordered_at, amount FROM orders;
SELECT lives_ok($$ SELECT attach_orders('text_orders', workspace => 'od''d "%s', time_zone => 'UTC', diagnose => false) $$, 'a workspace of an odd name');
SELECT lives_ok(format($$ SELECT start_campaign(%L, 'SELECT * FROM (SELECT customer AS "cust omer" FROM "od''d ""%%s".customers) c', groups => ARRAY['a%%s', %L], workspace => 'od''d "%%s', started => '2025-06-01', strata => 'segment') $$, E'sal"e \'%s \\ $1', E'b\\\'"'), 'and campaigns of odd names');
SELECT is((SELECT count(*) FROM "od'd ""%s".campaign_effect WHERE grp = E'b\\\'"' AND mean > 0), 5::bigint, 'are seen');
SELECT lives_ok(format($$ SELECT * FROM "od'd ""%%s".campaign_randomisation(%L, salts => 9), end_campaign(%1$L, 'od''d "%%s') $$, E'sal"e \'%s \\ $1'), 'and end');

-- --- Errors ---

SELECT throws_ok(format('SELECT start_campaign(%s, workspace => ''w'')', call), state, NULL, call) FROM (VALUES
    ('''spring'', ''SELECT 2''', '42710'), ('NULL, ''SELECT 2''', '22004'), ('''x'', NULL', '22004'), ('''  '', ''SELECT 2''', '22023'), ('''x'', ''SELECT customer FROM w.customers WHERE false''', '22023'), ('''x'', ''SELECT NULL::integer''', '22023'),
    ('''x'', ''''', '42601'), ('''x'', ''TABLE''', '42601'), ('''x'', ''DELETE FROM orders RETURNING customer''', '42601'), ('''x'', ''SELECT customer INTO y FROM w.customers''', '42601'),
    ('''x'', ''WITH d AS (DELETE FROM public.orders RETURNING customer) SELECT * FROM d''', '42601'), ('''x'', ''SELECT 2 AS customer) a; DELETE FROM public.orders; SELECT * FROM (SELECT 1''', '42601'), ('''x'', ''SELECT 2 /*''', '42601'), ('''x'', ''SELECT 2; SELECT 3''', '42601'),
    ('''x'', ''SELECT customer FROM orders''', '42P01'), ('''x'', ''SELECT nobody FROM w.customers''', '42703'), ('''x'', ''SELECT who()''', '42883'), ('''x'', ''SELECT 1 / 0''', '22012'),
    ('''x'', ''SELECT 2'', ''{0.7,0.5}''', '22023'), ('''x'', ''SELECT 2'', ''{0.5}''', '22023'), ('''x'', ''SELECT 2'', ''{-0.1,0.5}''', '22023'), ('''x'', ''SELECT 2'', ''{NaN,0.5}''', '22023'), ('''x'', ''SELECT 2'', ''{0,1}''', '22023'), ('''x'', ''SELECT 2'', ''{1,0}''', '22023'), ('''x'', ''SELECT 2'', ''{}''', '22023'),
    ('''x'', ''SELECT 2'', groups => ''{a,a}''', '22023'), ('''x'', ''SELECT 2'', groups => ''{a}''', '22023'), ('''x'', ''SELECT 2'', groups => ''{a,NULL}''', '22023'), ('''x'', ''SELECT 2'', groups => ''{{a,b}}''', '22023'), ('''x'', ''SELECT 2'', groups => ''{}''', '22023'), ('''x'', ''SELECT 2'', groups => ARRAY[''a'', repeat(''b'', 63)]', '22023'),
    ('''x'', ''SELECT 2'', strata => ''region''', '22023'), ('''x'', ''SELECT 2'', control => ''nobody''', '22023'), ('''x'', ''SELECT 2'', days_before => 0', '22023'), ('''x'', ''SELECT 2'', discount => 1.1', '22023'), ('''x'', ''SELECT 2'', discount => ''NaN''', '22023'), ('''x'', ''SELECT 2'', cap_quantile => 1', '22023'), ('''x'', ''SELECT 2'', started => ''infinity''', '22023')) v(call, state);
SELECT throws_ok($$ SELECT start_campaign('x', 'SELECT 2', workspace => 'nowhere') $$, '3F000', NULL, 'no such workspace');
SELECT throws_ok(format('SELECT end_campaign(%s)', call), state, NULL, call) FROM (VALUES ('''autumn'', ''w''', '42704'), ('''spring'', ''w''', '55000'), ('NULL, ''w''', '22004'), ('''summer'', ''w'', ''2025-05-31''', '22023'), ('''summer'', ''w'', ''infinity''', '22023'), ('''summer'', ''nowhere''', '3F000')) v(call, state);
SELECT is(count(*), 3::bigint, 'nothing came of any of these') FROM w.campaigns;
SELECT cmp_ok(count(*), '=', 4000::bigint, 'nor was anything deleted') FROM orders;
SELECT is((SELECT started_on FROM w.campaigns WHERE campaign = 'today'), NULL, 'not yet');
SELECT is(pg_temp.under($$ SELECT start_campaign('today', 'SELECT customer FROM w.customers', workspace => 'w'); SELECT end_campaign('today', 'w') $$, $$ SELECT count(*) FROM w.campaigns WHERE started_on = (now() AT TIME ZONE 'America/New_York')::date AND ended_on = started_on AND campaign = 'today' $$), '1', 'today, by the clock of the shop');

-- --- Whose rights ---

CREATE ROLE clientele_campaigns_reader;
CREATE ROLE clientele_campaigns_owner;
CREATE FUNCTION pg_temp.as_role(who text, query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    result text;
BEGIN
    PERFORM set_config('role', who, true);
    EXECUTE query INTO result;
    PERFORM set_config('role', 'none', true);
    RETURN result;
EXCEPTION WHEN OTHERS THEN
    PERFORM set_config('role', 'none', true);
    RETURN SQLSTATE;
END
$$;
SELECT format('GRANT CREATE ON DATABASE %I TO clientele_campaigns_owner', current_database()) \gexec
GRANT SELECT ON orders TO clientele_campaigns_owner;
CREATE TABLE secret AS SELECT 2 AS customer;
SELECT count(*) FROM grant_workspace('w', 'clientele_campaigns_reader') \g /dev/null
REVOKE USAGE ON SCHEMA public FROM PUBLIC;
SELECT is(pg_temp.as_role('clientele_campaigns_reader', 'SELECT count(*) FROM w.campaign_effect'), '32', 'who may read the workspace reads it');
SELECT is(pg_temp.as_role('clientele_campaigns_reader', $$ SELECT count(*) FROM w.campaign_randomisation('spring', salts => 9) $$), '2', 'and asks for other divisions');
SELECT is(pg_temp.as_role('clientele_campaigns_reader', $$ INSERT INTO w.campaign_members VALUES ('spring', 'x', 'call', 'AX') $$), '42501', 'but changes no group');
GRANT USAGE ON SCHEMA public TO PUBLIC;
SELECT is(pg_temp.as_role('clientele_campaigns_reader', $$ SELECT start_campaign('mine', 'SELECT 2', workspace => 'w') $$), '42501', 'and starts none');
SELECT matches(pg_temp.as_role('clientele_campaigns_owner', $$ SELECT count(*) FROM attach_orders('orders', workspace => 'theirs', time_zone => 'UTC', diagnose => false) $$), '^\d\d?$', 'another workspace');
SELECT is(pg_temp.as_role('clientele_campaigns_owner', $$ SELECT start_campaign('mine', 'SELECT customer FROM public.secret', workspace => 'theirs') $$), '42501', 'the audience is read with the rights of who starts');
SELECT matches(pg_temp.as_role('clientele_campaigns_owner', $$ SELECT count(*) FROM start_campaign('mine', 'SELECT customer FROM theirs.customers', workspace => 'theirs') $$), '^\d\d?$', 'of the own customers');
SELECT is(pg_temp.as_role('clientele_campaigns_owner', $$ SELECT end_campaign('summer', 'w') $$), '42501', 'in one''s own workspace');
SELECT is(pg_temp.as_role('clientele_campaigns_owner', $$ SELECT drop_workspace('theirs') $$), '', 'which goes with its campaigns');
SELECT lives_ok($$ SELECT drop_workspace('w', true) $$, 'a workspace with campaigns can be dropped');

SELECT * FROM finish();
ROLLBACK;
