-- The report and its summary: each figure is one of a view, what comes from the data is text, and what is not there is not shown
\set customers 700
\set seed 3
\o /dev/null
\ir ../demo/shop.sql
\o
BEGIN;
SELECT no_plan();
SET client_min_messages = warning;

SELECT lives_ok($$ SELECT attach_orders('shop.orders', time_zone => 'Europe/Berlin', diagnose => false) $$, 'attach');
CREATE TABLE page AS SELECT 'orders' AS of_what, loyalty_report() AS html;
SELECT lives_ok($$ SELECT attach_customers('shop.customers', name => '{name}', contact => '{email}'), attach_answers('shop.answers'), attach_costs('shop.costs'), attach_touchpoints('shop.contacts'), attach_lines('shop.order_lines'), attach_offers('shop.offers'), attach_points('shop.points') $$, 'attach all');
INSERT INTO loyalty.funnel_stages VALUES ('online', 1, 'website'), ('online', 2, 'product page'), ('online', 3, 'basket'), ('online', 4, 'PURCHASE');
UPDATE loyalty.settings SET enough = 10, points_valid = '12 months', point_cost = 0.01;
INSERT INTO loyalty.tiers (tier, threshold, discount) VALUES ('silver', 150, 0.03), ('<gold>', 400, 0.075);
SELECT lives_ok($$ SELECT start_campaign('spring', 'SELECT customer FROM loyalty.customers', started => '2025-03-01', discount => 0.05) $$, 'try something');
SELECT lives_ok($$ SELECT end_campaign('spring', ended => '2025-07-01') $$, '... until summer');
SELECT lives_ok($$ SELECT start_campaign('two things', 'SELECT customer FROM loyalty.customers', '{0.4,0.3,0.3}', '{nothing,letter,call}', strata => 'none', started => '2025-09-01') $$, '... and two things at once');
INSERT INTO page VALUES ('all', loyalty_report()), ('ru', loyalty_report(language => 'ru', currency => '₽')), ('public', loyalty_report(contacts => false));

-- --- What a reader sees ---

-- The text of a card by the view that it shows, entities read and tags as bars.
CREATE FUNCTION plain(html text) RETURNS text LANGUAGE sql AS $$
    SELECT replace(replace(replace(replace(regexp_replace(regexp_replace(html, '</?bdi>', '', 'g'), '(<[^>]*>)+', '|', 'g'), '&amp;', '&'), '&lt;', '<'), '&gt;', '>'), '&hellip;', '...')
$$;
CREATE FUNCTION card(page text, view text) RETURNS text LANGUAGE sql AS $$
    SELECT plain(string_agg(m[1], '|')) FROM regexp_matches(page, format('<section class="card [a-z]+" data-view="%s">(.*?)</section>', view), 'g') m
$$;
CREATE FUNCTION english(value numeric) RETURNS text LANGUAGE sql AS $$
    SELECT to_char(value, CASE WHEN abs(value) < 1000 THEN 'FM990.00' ELSE 'FM999,999,990' END)
$$;
CREATE FUNCTION pct(value double precision, pattern text DEFAULT 'FM990') RETURNS text LANGUAGE sql AS $$ SELECT to_char(value::numeric, pattern) || '%' $$;
-- What is missing of what a card should say, in this order within each row.
CREATE FUNCTION missing(page text, view text, wanted text[]) RETURNS SETOF text LANGUAGE sql AS $$
    SELECT w FROM unnest(wanted) w WHERE w IS NULL OR strpos(coalesce(card(page, view), ''), w) = 0
$$;
CREATE FUNCTION says(view text, wanted text[], description text) RETURNS text LANGUAGE sql AS $$
    SELECT is(CASE WHEN cardinality(wanted) = 0 OR wanted IS NULL THEN 'nothing is wanted' ELSE (SELECT string_agg(m, '; ') FROM page p CROSS JOIN LATERAL missing(p.html, view, wanted) m WHERE p.of_what = 'all') END, NULL, description)
$$;

SELECT is((SELECT substring(html FROM '<h1>(.*?)</h1>') FROM page WHERE of_what = 'all'), (SELECT 'How the shop stands: ' || to_char(max(period_start), 'FMMonth YYYY') FROM loyalty.overview WHERE complete), 'the title names the last complete period');
SELECT alike((SELECT plain(substring(html FROM '<div class="tiles">(.*?)</svg></div></div>')) FROM page WHERE of_what = 'all'), format('|Revenue|%s|%%|Active customers|%s|%%|New customers|%s|Had bought before|%s|Average order|%s|Net Promoter Score|%s|%s answers|%%',
        english(o.revenue), o.active_customers, o.new_customers, pct(100 * o.repeat_share), english(o.average_order::numeric), round(o.nps::numeric), o.nps_responses), 'six figures of the last complete period')
FROM loyalty.overview o WHERE o.complete ORDER BY o.period_start DESC LIMIT 1;
SELECT is((SELECT strpos(plain(html), format('Revenue was %s|, |%s %s%% against a year ago', english(o.revenue), CASE WHEN o.pct_revenue_year_change > 0 THEN '&#9650;' ELSE '&#9660;' END, abs(round(o.pct_revenue_year_change::numeric)))) > 0 FROM page WHERE of_what = 'all'), true, 'the first sentence')
FROM loyalty.overview o WHERE o.complete ORDER BY o.period_start DESC LIMIT 1;
SELECT is((SELECT strpos(plain(html), advice) > 0 FROM page WHERE of_what = 'all'), true, 'the advice of the express test') FROM loyalty.express_test;

SELECT says('revenue_by_period', ARRAY(SELECT format('|%s|%s|%s|%s|%s|', to_char(r.period_start, 'FMMonth YYYY'), english(r.revenue), english(r.retained_revenue), english(r.returned_revenue), english(r.new_revenue))
    FROM loyalty.revenue_by_period r WHERE r.complete ORDER BY r.period_start DESC LIMIT 24), 'revenue by whom');
SELECT says('retention_by_period', ARRAY(SELECT format('|%s|%s|%s to %s|%s|', r.period_number, pct(100 * r.rate, 'FM990.0'), to_char((100 * r.lower)::numeric, 'FM990.0'), pct(100 * r.upper, 'FM990.0'), r.eligible)
    FROM loyalty.retention_by_period r WHERE r.complete AND r.enough AND r.period_number BETWEEN 1 AND 24), 'the curve');
SELECT says('lifecycle_summary', ARRAY(SELECT format('|%s|%s|%s of revenue|', l.stage, l.customers, pct(l.pct_of_revenue)) FROM loyalty.lifecycle_summary l WHERE l.customers > 0), 'stages');
SELECT says('retention_cohorts', ARRAY(SELECT format('|%s|%s|', to_char(c.cohort_start, 'Mon YY'), c.customers)
    || coalesce(string_agg(round(100 * c.rate::numeric) || '|', '' ORDER BY c.period_number) FILTER (WHERE c.period_number BETWEEN 1 AND 12), '')
    FROM loyalty.retention_cohorts c WHERE c.complete GROUP BY c.cohort_start, c.customers ORDER BY c.cohort_start DESC LIMIT 15), 'cohorts');
SELECT says('repeat_purchase', ARRAY(SELECT format('|to order %s|%s|', r.purchase_number + 1, pct(100 * r.rate)) FROM loyalty.repeat_purchase r WHERE r.enough AND r.purchase_number <= 7), 'repeat purchases');
SELECT says('abc_xyz_matrix', ARRAY(SELECT format('|%s|%s customer%s|%s of revenue|%s|', english(m.window_revenue), m.customers, CASE WHEN m.customers <> 1 THEN 's' END, pct(m.pct_of_window_revenue, 'FM990.0'), m.action) FROM loyalty.abc_xyz_matrix m), 'nine cells');
SELECT says('rfm_segments', ARRAY(SELECT format('|%s|%s|%s customer%s|', r.segment, english(r.revenue), r.customers, CASE WHEN r.customers <> 1 THEN 's' END) FROM loyalty.rfm_segments r WHERE r.customers > 0), 'segments');
SELECT says('sources', ARRAY(SELECT format('|%s|%s|%s customers|%s kept|', s.source, english(s.value_per_customer::numeric), s.customers, pct(100 * s.kept_share)) FROM loyalty.sources s WHERE s.enough), 'sources');
SELECT says('strongest_pairs', ARRAY(SELECT format('|%s|%s|%s|%s to %s|%s|', p.product, p.with_product, pct(100 * p.confidence), round((100 * p.confidence_lower)::numeric), pct(100 * p.confidence_upper), to_char(p.lift::numeric, 'FM9990.0'))
    FROM loyalty.strongest_pairs p WHERE p."position" <= 10), 'pairs');
SELECT says('next_offers', ARRAY(SELECT format('|%s|%s|%s|%s|%s|%s|', c.customer_name, c.contact, o.product, o.because_of, english(c.last_year_revenue), pct(100 * o.bound))
    FROM (SELECT * FROM loyalty.customers WHERE stage <> 'lost' ORDER BY last_year_revenue DESC, customer LIMIT 10) c JOIN loyalty.next_offers o ON o.customer = c.customer AND o."position" = 1), 'offers of the week');
SELECT says('offer_acceptance', ARRAY(SELECT format('|%s|%s|%s to %s|', o.value, pct(100 * o.share), round((100 * o.lower)::numeric), pct(100 * o.upper)) FROM loyalty.offer_acceptance o WHERE o.dimension = 'offer' AND o.enough), 'acceptance');
SELECT says('refusal_reasons', ARRAY(SELECT format('|%s|%s|', r.reason, sum(r.refusals)) FROM loyalty.refusal_reasons r GROUP BY r.reason ORDER BY sum(r.refusals) DESC LIMIT 5), 'reasons');
-- How a campaign's figures are written.
CREATE FUNCTION measure(name text, value double precision) RETURNS text LANGUAGE sql AS $$
    SELECT CASE name WHEN 'revenue' THEN english(value::numeric) WHEN 'ordered' THEN pct(100 * value, 'FM990.0') ELSE to_char(value::numeric, 'FM990.00') END
$$;
SELECT says('campaign_effect', ARRAY(SELECT format('|%s|%s|%s|%s|%s|%s customers|%s|%s customers|%s|%s to %s|%s%s|', e.campaign, e.grp, CASE WHEN e.is_running THEN 'still running' ELSE 'until 1 Jul 2025' END,
        CASE e.measure WHEN 'revenue' THEN 'Revenue per customer' ELSE 'Customers who ordered' END, measure(e.measure, e.mean), e.customers, measure(e.measure, e.control_mean), e.control_customers,
        measure(e.measure, e.difference), measure(e.measure, e.difference_lower), measure(e.measure, e.difference_upper), CASE WHEN e.measure = 'revenue' THEN english(coalesce(e.less_discount, e.incremental)::numeric) || '|' END, e.verdict)
    FROM loyalty.campaign_effect e WHERE e.measure IN ('ordered', 'revenue')), 'what was tried');
SELECT says('tier_summary', ARRAY(SELECT format('|%s|%s|%s|%s|%s|%s|%s|', CASE t.tier WHEN 'base' THEN 'none yet' ELSE t.tier END, t.customers, pct(t.pct_of_customers), english(t.window_revenue), pct(t.pct_of_window_revenue),
    pct(100 * t.discount::double precision, 'FM990.0'), english(t.discount_cost)) FROM loyalty.tier_summary t), 'tiers');
SELECT says('near_tier', ARRAY(SELECT format('|%s|%s|%s|%s|%s|%s|', n.customer_name, n.contact, n.next_tier, round(n.missing), to_char(n.missing_until, 'FMDD Mon YYYY'), english(n.last_year_revenue))
    FROM loyalty.near_tier n WHERE n.near_next ORDER BY n.last_year_revenue DESC, n.customer LIMIT 10), 'whom a purchase lifts');
SELECT says('points_liability', ARRAY(SELECT format('|%s|', to_char(v, 'FM999,999,990')) FROM loyalty.points_liability l CROSS JOIN LATERAL unnest(ARRAY[l.redeemed, l.expired, l.open_points]) v)
    || ARRAY(SELECT format('%s points are open', to_char(l.open_points, 'FM999,999,990')) FROM loyalty.points_liability l)
    || ARRAY(SELECT format('That is going to cost %s, and %s if all were redeemed.', english(l.liability), english(l.points_value)) FROM loyalty.points_liability l), 'points');
SELECT says('nps_by_period', ARRAY(SELECT format('|%s|%s|%s to %s|%s|', to_char(n.period_start, 'FMMonth YYYY'), round(n.score::numeric), round(n.score_lower::numeric), round(n.score_upper::numeric), n.responses)
    FROM loyalty.nps_by_period n WHERE n.complete AND n.responses > 0 ORDER BY n.period_start DESC LIMIT 24), 'scores');
SELECT says('nps_by_touchpoint', ARRAY(SELECT format('|%s|%s|%s answers|', t.touchpoint, round(t.score::numeric), t.responses) FROM loyalty.nps_by_touchpoint t WHERE t.enough), 'scores by touchpoint');
SELECT says('improvements', ARRAY(SELECT format('|%s|%s|by customers of %s a year|', i.wish, i.asked, english(i.last_year_revenue)) FROM loyalty.improvements i ORDER BY i."position" LIMIT 6), 'wishes');
SELECT says('funnel_summary', ARRAY(SELECT format('|%s|%s|', replace(f.touchpoint, 'PURCHASE', 'order'), to_char(f.reached, 'FM999,990')) FROM loyalty.funnel_summary f), 'the funnel');
SELECT says('retention_value', ARRAY(SELECT format('|%s more within a year, if %s points more came back|', english(v.cumulative_extra_revenue), round(100 * (v.raised_rate - v.rate))) FROM loyalty.retention_value v WHERE v.periods_ahead = 12), 'what retention is worth');
SELECT says('at_risk', ARRAY(SELECT format('|%s|%s|%s|%s day%s|%s|%s|', r.customer_name, r.contact, r.cell, r.days_since_last, CASE WHEN r.days_since_last <> 1 THEN 's' END, round(r.usual_gap::numeric), english(r.last_year_revenue))
    FROM loyalty.at_risk r ORDER BY r."position" LIMIT 10), 'whom to call');
SELECT says('at_risk', ARRAY[(SELECT format('%s customers, who brought %s in the last year. %s', count(*), english(sum(last_year_revenue)), min(approach)) FROM loyalty.at_risk)], '... and how many');
SELECT says('win_back', ARRAY(SELECT format('|%s|%s|%s|%s|%s|', r.contact, to_char(r.last_order, 'FMDD Mon YYYY'), english(r.last_year_revenue), pct(100 * r.return_share), english(r.expected_value))
    FROM loyalty.win_back r WHERE r.enough ORDER BY r."position" LIMIT 10), 'whom to win back');
SELECT says('second_order_due', ARRAY(SELECT format('|%s|%s|%s|', r.contact, to_char(r.last_order, 'FMDD Mon YYYY'), english(r.revenue)) FROM loyalty.second_order_due r ORDER BY r."position" LIMIT 10), 'who is due for a second order');
SELECT says('feedback_inbox', ARRAY(SELECT format('|%s|%s|%s|', coalesce(f.comment, ''), f.score, to_char(f.day, 'FMDD Mon YYYY')) FROM loyalty.feedback_inbox f ORDER BY f."position" LIMIT 10), 'the inbox');
SELECT says('data_quality', ARRAY(SELECT format('|%s|%s|%s|', q.description, to_char(q.order_rows, 'FM999,990'), pct(q.pct_of_rows, 'FM990.00')) FROM loyalty.data_quality q WHERE q.order_rows > 0), 'which rows count');

-- --- A page by itself ---

SELECT is((SELECT string_agg(of_what, ', ') FROM page WHERE html ~* '<script|javascript:|https?:|src=|url\(|@import|<link|<img|<iframe|<form|\son[a-z]+='), NULL, 'nothing is loaded or run');
SELECT is((SELECT string_agg(of_what || ' ' || octet_length(html), ', ') FROM page WHERE octet_length(html) > 150000), NULL, 'no page is above 150 KB');
SELECT is((SELECT string_agg(of_what, ', ') FROM page WHERE html ~ '[^\u0001-\u007f]'), NULL, 'in ASCII, whatever a client writes');
SELECT is((SELECT string_agg(of_what, ', ') FROM page WHERE regexp_replace(html, '<style>.*</style>', '') ~ '%s|%\d[$]s|%%|\ynull\y|\yNULL\y|NaN|Infinity'), NULL, 'no place is left unfilled');
SELECT is((SELECT string_agg(of_what, ', ') FROM page WHERE html ~ 'width="-|height="-'), NULL, 'nothing is drawn backwards');
SELECT is((SELECT array_agg(m[1]) FROM page CROSS JOIN LATERAL regexp_matches(html, 'data-view="([^"]+)"', 'g') m WHERE of_what = 'orders' AND m[1] IN ('nps_by_period', 'funnel_summary', 'feedback_inbox', 'campaign_effect', 'tier_summary', 'near_tier', 'points_liability')), NULL, 'what is not attached is not shown');
SELECT is((SELECT strpos(html, 'example.com') FROM page WHERE of_what = 'public'), 0, 'no contacts if so wanted');
SELECT is((SELECT count(*) FROM page CROSS JOIN loyalty.at_risk r WHERE of_what = 'public' AND strpos(html, r.customer_name) > 0), 0::bigint, '... nor names');
SELECT is((SELECT strpos(html, '<html lang="ru">') > 0 AND strpos(html, '&#8381;') > 0 FROM page WHERE of_what = 'ru'), true, 'in Russian and in roubles');
SELECT is((SELECT string_agg(DISTINCT m[1], ', ') FROM page CROSS JOIN LATERAL regexp_matches(plain(regexp_replace(html, '<style>.*</style>', '')), '\y(the|customers?|of|and|with|revenue|order)\y', 'g') m WHERE of_what = 'ru'), NULL, '... and in nothing else');

-- --- Hostile data ---

CREATE TABLE hostile_orders AS
SELECT (ARRAY['<script>alert(1)</script>', '"><img src=x onerror=alert(1)>', '&lt;b&gt;', E'line\nbreak\x01\x1b', '</style></main>', '%s %1$s', '$1', repeat('W', 500), U&'\202Edesrever', ''''''';--'])[1 + n % 10] || n % 40 AS customer,
    timestamp '2024-01-01' + n * interval '11 hours' AS ordered_at, (n * 7919 % 1000)::numeric / 10 AS amount, (ARRAY['<script>alert(2)</script>', '<b>bold', E'a\\b'])[1 + n % 3] AS source
FROM generate_series(1, 1200) n;
CREATE TABLE hostile_answers AS
SELECT customer, ordered_at + interval '1 day' AS answered_at, (row_number() OVER () % 11)::integer AS score, '<i>place</i> ' || row_number() OVER () % 3 AS touchpoint,
    (ARRAY['negative', 'idea', 'question'])[1 + row_number() OVER () % 3] AS kind, '<script>alert(3)</script>' AS wish, '<script>alert(4)</script>' || repeat('long ', 200) AS comment
FROM hostile_orders;
SELECT lives_ok($$ SELECT attach_orders('hostile_orders', workspace => 'Odd "name" %s', diagnose => false), attach_answers('hostile_answers', workspace => 'Odd "name" %s', stored_in => 'UTC') $$, 'attach what is hostile');
UPDATE "Odd ""name"" %s".approaches SET approach = '<script>alert(5)</script>';
UPDATE "Odd ""name"" %s".policies SET action = '<script>alert(6)</script> %s';
UPDATE "Odd ""name"" %s".nps_advice SET advice = '<script>alert(7)</script>';
UPDATE "Odd ""name"" %s".segments SET segment = '<script>alert(8)</script>' || position;
UPDATE "Odd ""name"" %s".settings SET lost_after = '1 month', new_within = '2 weeks', risk_gaps = 0, enough = 0;
CREATE TABLE hostile AS SELECT loyalty_report('Odd "name" %s', currency => '<b>&"''') AS html;
SELECT is((SELECT html ~* '<script|<img|onerror=[^&]*>|<b>bold|<i>place|</style></main>' FROM hostile), false, 'what comes from the data is text');
SELECT is((SELECT count(DISTINCT m[1]) FROM hostile CROSS JOIN LATERAL regexp_matches(html, '&lt;script&gt;alert\((\d)\)&lt;/script&gt;', 'g') m) >= 6, true, '... which is shown as it is');
SELECT is((SELECT (SELECT count(*) FROM regexp_matches(html, '<bdi>', 'g')) - (SELECT count(*) FROM regexp_matches(html, '</bdi>', 'g')) FROM hostile), 0::bigint, '... and ends where it ends');
SELECT lives_ok($$ SELECT loyalty_summary('Odd "name" %s') $$, 'the summary takes it');

-- --- Empty, small, extreme ---

CREATE TABLE few_orders (customer integer, ordered_at timestamptz, amount numeric);
SELECT lives_ok($$ SELECT attach_orders('few_orders', workspace => 'few') $$, 'attach nothing');
SELECT is(strpos(loyalty_report('few'), 'There is no order to speak of yet') > 0, true, 'nothing has a page');
SELECT is((SELECT count(*) FROM loyalty_summary('few')), 13::bigint, '... and thirteen rows');
INSERT INTO few_orders VALUES (1, '2025-03-03 12:00+00', 5);
UPDATE few.settings SET as_of = '2025-03-10', period = 'month';
SELECT is(strpos(loyalty_report('few'), 'The first period is not over yet') > 0, true, 'one order in a period under way');
UPDATE few.settings SET as_of = '2025-04-01';
SELECT is(loyalty_report('few') ~ 'How the shop stands: March 2025.*Revenue was 5[.]00', true, 'one order');
INSERT INTO few_orders SELECT n % 50, timestamptz '2023-01-01 12:00+00' + n * interval '1 day', 900000000000 FROM generate_series(1, 800) n;
SELECT is(loyalty_report('few') ~ '<td>27,900,000,000,000</td>', true, 'amounts of trillions');
INSERT INTO few_orders SELECT n % 50, timestamptz '2024-06-01 12:00+00' + n * interval '1 day', -1800000000000 FROM generate_series(1, 200) n;
SELECT is(loyalty_report('few') ~ '<td>-\d{2},\d{3},000,000,000</td>', true, 'a shop that takes more back than it sells');
SELECT is(loyalty_report('few') ~ 'height="-|width="-', false, '... is drawn upright');
SELECT lives_ok(format($$ UPDATE few.settings SET period = %L; SELECT loyalty_report('few'), loyalty_report('few', 'ru') $$, p), 'by ' || p) FROM unnest('{day,week,month,quarter,year}'::text[]) p;
SELECT lives_ok($$ UPDATE few.settings SET xyz_by = 'variation', class_window = NULL; SELECT loyalty_report('few') $$, 'classes by variation over all time');

CREATE TABLE few_answers AS SELECT 1 AS customer, timestamptz '2024-11-15 12:00+00' AS answered_at, 10 AS score, 'shop'::text AS touchpoint;
UPDATE few.settings SET period = 'month', as_of = '2024-12-10';
SELECT lives_ok($$ SELECT attach_answers('few_answers', workspace => 'few') $$, 'attach one answer');
SELECT lives_ok($$ SELECT loyalty_report('few'), loyalty_summary('few'), loyalty_summary('few', 'ru') $$, 'a period of answers before which there was none');
SELECT is((SELECT finding FROM loyalty_summary('few') WHERE topic = 'worst touchpoint'), 'nothing to say yet', 'where nobody is discontent no touchpoint is the worst');
UPDATE few.approaches SET approach = 'Call them!';
SELECT is(loyalty_report('few') ~ 'Call them!<|Call them! ?</p>', true, 'a sentence of the owner ends as it does') WHERE EXISTS (SELECT FROM few.win_back);

-- --- Whoever asks, in whatever session ---

CREATE FUNCTION pg_temp.lasting(page text) RETURNS text LANGUAGE sql AS $$ SELECT regexp_replace(page, 'Figures of [0-9 :-]+', '') $$;
CREATE TABLE kept AS SELECT pg_temp.lasting(loyalty_report()) AS html, (SELECT array_agg(s) FROM loyalty_summary() s) AS summary;
SET search_path = loyalty, public, tap;
SET DateStyle = 'German'; SET IntervalStyle = 'sql_standard'; SET extra_float_digits = -15; SET TimeZone = 'Pacific/Auckland'; SET default_text_search_config = 'russian';
SELECT is(pg_temp.lasting(loyalty_report()), (SELECT html FROM public.kept), 'the same in another session');
SELECT is((SELECT array_agg(s) FROM loyalty_summary() s), (SELECT summary FROM public.kept), '... as is the summary');
RESET ALL;
SELECT lives_ok($$ SELECT attach_orders('shop.orders', time_zone => 'Europe/Berlin', diagnose => false, storage => 'materialized') $$, 'store figures');
SELECT is(pg_temp.lasting(loyalty_report()), (SELECT html FROM kept), 'the same over stored figures');
CREATE ROLE clientele_report_reader;
SELECT lives_ok($$ SELECT grant_workspace('loyalty', 'clientele_report_reader') $$, 'let a role read');
CREATE ROLE clientele_report_bi;
SELECT lives_ok($$ SELECT grant_workspace('loyalty', 'clientele_report_bi', for_bi => true) $$, '... and one of a BI tool');
GRANT USAGE ON SCHEMA tap TO clientele_report_reader, clientele_report_bi;
GRANT SELECT ON kept TO clientele_report_bi;
SET ROLE clientele_report_bi;
SELECT is(pg_temp.lasting(loyalty_report()), (SELECT html FROM kept), 'which sees the same');
RESET ROLE;
GRANT SELECT ON kept TO clientele_report_reader;
SET ROLE clientele_report_reader;
SELECT is(pg_temp.lasting(loyalty_report()), (SELECT html FROM kept), 'a reader sees the same');
SELECT is((SELECT array_agg(s) FROM loyalty_summary() s), (SELECT summary FROM kept), '... and the same summary');
RESET ROLE;
CREATE ROLE clientele_report_stranger;
GRANT USAGE ON SCHEMA tap TO clientele_report_stranger;
SET ROLE clientele_report_stranger;
SELECT throws_ok($$ SELECT loyalty_report() $$, '42501', NULL, 'a stranger has none');
RESET ROLE;

-- --- Bad input ---

SELECT throws_ok($$ SELECT loyalty_report('nowhere') $$, '3F000', '"nowhere" is not a workspace', 'no such workspace');
SELECT throws_ok($$ SELECT loyalty_report(NULL) $$, '22004', 'workspace must not be NULL', 'no name');
SELECT throws_ok($$ SELECT loyalty_report(contacts => NULL) $$, '22004', 'contacts must not be NULL', 'contacts or not');
SELECT throws_ok($$ SELECT loyalty_report(language => 'xx') $$, '22023', 'unknown language: "xx"', 'no such language');
SELECT throws_ok($$ SELECT loyalty_report(currency => ' ') $$, '22023', 'invalid currency: " "', 'an empty currency');
SELECT throws_ok($$ SELECT loyalty_report(currency => 'much too long') $$, '22023', 'invalid currency: "much too long"', 'a long currency');
SELECT throws_ok($$ SELECT loyalty_summary('nowhere') $$, '3F000', '"nowhere" is not a workspace', 'a summary of no workspace');
SELECT lives_ok($$ SELECT detach_orders() $$, 'detach');
SELECT throws_ok($$ SELECT loyalty_report() $$, '55000', 'workspace "loyalty" has no views at the moment', 'a workspace without views');

-- --- The summary ---

SELECT lives_ok($$ SELECT upgrade_workspace() $$, 'make the views again');
SELECT is((SELECT array_agg(topic) FROM loyalty_summary()), '{loyalty,one-time and regular,who carries the shop,growth,whom to call,whom to win back,Net Promoter Score,worst touchpoint,what to offer,what was tried,the programme,what loyalty is worth,rows that do not count}', 'thirteen topics');
SELECT is((SELECT finding FROM loyalty_summary() WHERE topic = 'whom to call'), (SELECT string_agg(format('%s (%s)', customer_name, english(last_year_revenue)), ', ' ORDER BY "position") FROM loyalty.at_risk WHERE "position" <= 3)
    || (SELECT format('; in all %s customers at risk, with %s in the last year', count(*), english(sum(last_year_revenue))) FROM loyalty.at_risk), 'whom to call, with money');
SELECT is((SELECT finding FROM loyalty_summary() WHERE topic = 'worst touchpoint'), (SELECT format('%s: %s (%s to %s, %s answers)', touchpoint, round(score::numeric), round(score_lower::numeric), round(score_upper::numeric), responses)
    FROM loyalty.nps_by_touchpoint WHERE enough ORDER BY score LIMIT 1), 'where they are least content');
SELECT lives_ok($$ SELECT attach_orders('few_orders', workspace => 'bare', diagnose => false) $$, 'attach orders alone');
SELECT is((SELECT array_agg(finding) FROM loyalty_summary('bare') WHERE topic IN ('Net Promoter Score', 'worst touchpoint')), '{nothing to say yet,nothing to say yet}', 'what is not attached comes last');
SELECT is((SELECT array_agg(topic ORDER BY n) FROM (SELECT topic, row_number() OVER () AS n FROM loyalty_summary('bare')) s WHERE n > 8), '{Net Promoter Score,worst touchpoint}', '... with how to attach it')
WHERE (SELECT count(*) FROM loyalty_summary('bare') WHERE finding = 'nothing to say yet') = 2;
SELECT * FROM finish();
ROLLBACK;
DROP SCHEMA shop CASCADE;
