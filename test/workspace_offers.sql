-- attach_offers(): its outcomes and findings, and the views that come with it against plain SQL on random and hostile offers
BEGIN;
SELECT no_plan();
SET client_min_messages = warning;
\ir include/differences.sql
\ir include/under.sql

SELECT setseed(0.61);
CREATE TABLE orders AS
SELECT n AS order_id, (150 * random() ^ 1.5)::integer AS customer, timestamptz '2023-01-01 10:00+00' + (820 * random())::integer * interval '1 day' + (n % 24) * interval '1 hour' AS ordered_at,
    CASE WHEN random() < 0.1 THEN -5 ELSE 1 + (90 * random() ^ 2)::integer END AS amount
FROM generate_series(1, 1500) n;
CREATE INDEX ON orders (customer);
CREATE INDEX ON orders (ordered_at);
-- at orders and by themselves; no customer, strangers, odd times, blanks, words that say nothing, ties, the future
CREATE TABLE offers AS
SELECT n AS id, CASE WHEN random() < 0.03 THEN NULL ELSE (180 * random() ^ 1.3)::integer END AS customer_id,
    CASE WHEN random() < 0.01 THEN NULL WHEN random() < 0.01 THEN 'infinity' WHEN random() < 0.01 THEN timestamptz '0044-03-15 12:00+00 BC' WHEN random() < 0.01 THEN '1970-01-01 00:00+00'
        ELSE timestamptz '2023-01-01 00:00+00' + (900 * random())::integer * interval '1 day' + (24 * random())::integer * interval '1 hour' END AS offered_at,
    (ARRAY['course', ' course ', 'plan', 'O''Brien "x" %s', '', NULL])[1 + (5 * random())::integer] AS offer,
    (ARRAY['accepted', 'YES ', 'closed-won', 'Refused', 'no', 'not_interested', 'open', 'perhaps', 'Perhaps', '', NULL])[1 + (10 * random())::integer] AS outcome,
    (ARRAY['too dear', 'no time', ' ', NULL])[1 + (3 * random())::integer] AS reason,
    (ARRAY[NULL, 0, 5])[1 + (2 * random())::integer] AS order_id, (ARRAY['Ann', 'Ben', ' ', NULL])[1 + (3 * random())::integer] AS employee
FROM generate_series(1, 700) n;
INSERT INTO offers SELECT 1000 + order_id, customer, ordered_at - interval '5 minutes', 'plan', CASE WHEN random() < 0.6 THEN 'refused' ELSE 'accepted' END, 'too dear', NULL, 'Ann' FROM orders WHERE amount > 0 AND random() < 0.15;
INSERT INTO offers SELECT * FROM offers WHERE id % 40 = 0;
CREATE INDEX ON offers (customer_id);
SELECT lives_ok($$ SELECT attach_orders('orders', workspace => 'w', time_zone => 'America/New_York', diagnose => false) $$, 'attach orders');
SELECT hasnt_view('w', 'offer_acceptance', 'nothing about offers without them');
SELECT lives_ok($$ CREATE TABLE findings AS SELECT * FROM attach_offers('offers', workspace => 'w') $$, 'attach offers');

-- --- The offers that count, and what the customers were, in plain SQL ---

CREATE VIEW plain_days AS SELECT customer, (ordered_at AT TIME ZONE 'America/New_York')::date AS day, amount FROM orders;
CREATE FUNCTION plain_stage(who integer, at date) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN count(*) = 0 THEN NULL WHEN max(o.day) < (at - s.lost_after)::date THEN 'lost'
        WHEN CASE s.count_by WHEN 'days' THEN count(DISTINCT o.day) FILTER (WHERE o.day >= (at - s.regular_within)::date) ELSE count(*) FILTER (WHERE o.day >= (at - s.regular_within)::date) END >= s.regular_purchases THEN 'regular'
        WHEN min(o.day) >= (at - s.new_within)::date THEN 'new' ELSE 'occasional' END
    FROM w.settings s LEFT JOIN plain_days o ON o.customer = who AND o.amount >= 0 AND o.day < at
    WHERE o.day IS NOT NULL
    GROUP BY s.lost_after, s.regular_within, s.new_within, s.regular_purchases, s.count_by
$$;
CREATE VIEW plain_offers AS
SELECT f.id, f.customer_id AS customer, d.day, trim(f.offer) AS offer,
    CASE WHEN lower(trim(f.outcome)) IN ('accepted', 'yes', 'closed-won') THEN 'accepted' WHEN lower(trim(f.outcome)) IN ('refused', 'no', 'not_interested') THEN 'refused' ELSE 'unanswered' END AS outcome,
    nullif(trim(f.reason), '') AS reason, nullif(f.order_id, 0)::text AS order_id, nullif(trim(f.employee), '') AS employee, plain_stage(f.customer_id, d.day) AS stage, date_trunc(s.period, d.day)::date AS period_start
FROM offers f CROSS JOIN w.settings s CROSS JOIN w.reporting_date r CROSS JOIN LATERAL (SELECT (f.offered_at AT TIME ZONE 'America/New_York')::date AS day) d
WHERE f.customer_id IS NOT NULL AND f.offered_at > '2000-01-01' AND isfinite(f.offered_at) AND trim(f.offer) <> '' AND d.day < r.as_of;
CREATE TABLE plain_now AS SELECT p.*, h.cell FROM plain_offers p LEFT JOIN w.class_history h ON false;
CREATE VIEW plain_acceptance AS
WITH one AS (
    SELECT d.dimension, d.value, n.outcome
    FROM plain_now n LEFT JOIN w.customers c ON c.customer = n.customer
    CROSS JOIN LATERAL (VALUES ('all', 'all'), ('offer', n.offer), ('segment', coalesce(c.segment, 'unknown')), ('cell', coalesce(n.cell, 'unknown')),
        ('stage', coalesce(n.stage, 'unknown')), ('employee', coalesce(n.employee, 'unknown'))) d(dimension, value)),
counted AS (SELECT dimension, value, count(*) AS made, count(*) FILTER (WHERE outcome = 'accepted') AS accepted, count(*) FILTER (WHERE outcome = 'refused') AS refused FROM one GROUP BY 1, 2)
SELECT c.dimension || ' ' || c.value AS key, c.made, c.accepted, c.refused, c.made - c.accepted - c.refused AS unanswered, i.estimate AS share, i.lower, i.upper, a.estimate AS share_of_answered,
    a.lower AS share_of_answered_lower, a.upper AS share_of_answered_upper, t.difference, t.lower AS difference_lower, t.upper AS difference_upper, t.p_value, c.made >= s.enough AS enough
FROM counted c CROSS JOIN w.settings s
CROSS JOIN LATERAL (SELECT count(*) AS made, count(*) FILTER (WHERE o.outcome = 'accepted') AS accepted FROM one o WHERE o.dimension = c.dimension AND o.value <> c.value) b
CROSS JOIN LATERAL wilson_interval(c.accepted, c.made) i CROSS JOIN LATERAL wilson_interval(c.accepted, c.accepted + c.refused) a
CROSS JOIN LATERAL share_test(c.accepted, c.made, b.accepted, b.made) t;
CREATE VIEW plain_reasons AS
SELECT n.offer || ' ' || coalesce(n.reason, 'unknown') AS key, count(*) AS refusals, count(DISTINCT n.customer) AS customers, b.refusals AS offer_refusals, count(*)::float8 / b.refusals AS share, b.refusals >= s.enough AS enough
FROM plain_now n CROSS JOIN w.settings s JOIN (SELECT offer, count(*) AS refusals FROM plain_now WHERE outcome = 'refused' GROUP BY 1) b ON b.offer = n.offer
WHERE n.outcome = 'refused' GROUP BY n.offer, coalesce(n.reason, 'unknown'), b.refusals, s.enough;
-- who refused, from then on; and who had not been asked yet, from a refusal's day on, or from the next order on
CREATE VIEW plain_after AS
WITH span AS (SELECT r.as_of, r.as_of - (r.as_of - s.lost_after)::date AS days, s.enough FROM w.reporting_date r, w.settings s),
asked AS (SELECT customer, min(day) AS asked_on, min(day) FILTER (WHERE outcome = 'refused') AS refused_on FROM plain_now GROUP BY 1),
refused AS (SELECT a.* FROM asked a, span p WHERE a.refused_on + p.days < p.as_of AND a.customer IN (SELECT customer FROM plain_days)),
numbered AS (SELECT a.refused_on AS day, row_number() OVER (ORDER BY a.refused_on) - 1 AS n, count(*) OVER () AS all_of_them FROM asked a, span p WHERE a.refused_on + p.days < p.as_of),
drawn AS (SELECT c.customer, n.day, a.asked_on FROM (SELECT DISTINCT customer FROM plain_days) c JOIN numbered n ON n.n = floor(_clientele.digest_bucket(ROW(c.customer)) * n.all_of_them / 65536.0)::bigint LEFT JOIN asked a USING (customer)),
begun AS (
    SELECT true AS refused, r.customer, r.refused_on AS day, EXISTS (SELECT FROM plain_days o WHERE o.customer = r.customer AND o.amount >= 0 AND o.day = r.refused_on) AS with_order FROM refused r
    UNION ALL SELECT false, d.customer, o.day, true FROM drawn d CROSS JOIN LATERAL (SELECT min(o.day) AS day FROM plain_days o WHERE o.customer = d.customer AND o.amount >= 0 AND o.day >= d.day) o WHERE o.day < d.asked_on OR d.asked_on IS NULL
    UNION ALL SELECT false, d.customer, d.day, false FROM drawn d WHERE (d.day < d.asked_on OR d.asked_on IS NULL) AND NOT EXISTS (SELECT FROM plain_days o WHERE o.customer = d.customer AND o.amount >= 0 AND o.day = d.day)),
measured AS (
    SELECT b.refused, b.with_order, coalesce(plain_stage(b.customer, b.day), 'none') AS stage, f.*
    FROM begun b CROSS JOIN span p CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE o.amount >= 0 AND o.day >= b.day - p.days AND o.day < b.day) AS before, count(*) FILTER (WHERE o.amount >= 0 AND o.day > b.day AND o.day <= b.day + p.days) AS orders,
            coalesce(sum(o.amount) FILTER (WHERE o.day > b.day AND o.day <= b.day + p.days), 0) AS revenue
        FROM plain_days o WHERE o.customer = b.customer) f
    WHERE b.day + p.days < p.as_of),
summed AS (SELECT refused, stage, with_order, count(*) AS customers, count(*) FILTER (WHERE orders > 0) AS buyers, sum(before)::bigint AS before, sum(orders)::bigint AS orders, sum(revenue) AS revenue FROM measured GROUP BY 1, 2, 3)
SELECT v.stage || v.with_order AS key, p.days AS span_days, coalesce(r.customers, 0) AS refused_customers, coalesce(r.buyers, 0) AS refused_buyers, coalesce(r.before, 0) AS refused_orders_before, coalesce(r.orders, 0) AS refused_orders,
    coalesce(r.revenue, 0)::numeric AS refused_revenue, r.before::float8 / r.customers AS orders_before_per_refused, r.orders::float8 / r.customers AS orders_per_refused, (r.revenue::numeric / r.customers)::float8 AS revenue_per_refused,
    coalesce(u.customers, 0) AS unasked_customers, coalesce(u.buyers, 0) AS unasked_buyers, coalesce(u.before, 0) AS unasked_orders_before, coalesce(u.orders, 0) AS unasked_orders, coalesce(u.revenue, 0)::numeric AS unasked_revenue,
    u.before::float8 / u.customers AS orders_before_per_unasked, u.orders::float8 / u.customers AS orders_per_unasked, (u.revenue::numeric / u.customers)::float8 AS revenue_per_unasked,
    t.difference, t.lower AS difference_lower, t.upper AS difference_upper, t.p_value, coalesce(r.customers, 0) >= p.enough AND coalesce(u.customers, 0) >= p.enough AS enough
FROM (VALUES ('none', true), ('new', true), ('occasional', true), ('regular', true), ('lost', true), ('new', false), ('occasional', false), ('regular', false), ('lost', false)) v(stage, with_order) CROSS JOIN span p
LEFT JOIN summed r ON r.refused AND r.stage = v.stage AND r.with_order = v.with_order LEFT JOIN summed u ON NOT u.refused AND u.stage = v.stage AND u.with_order = v.with_order
LEFT JOIN LATERAL share_test(r.buyers, r.customers, u.buyers, u.customers) t ON true;

CREATE FUNCTION pg_temp.same_views(setting text, refresh boolean DEFAULT false) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE 'UPDATE w.settings SET ' || setting;
    IF refresh THEN PERFORM refresh_workspace('w'); END IF;
    DELETE FROM plain_now;
    INSERT INTO plain_now SELECT p.*, h.cell FROM plain_offers p LEFT JOIN w.class_history h ON h.customer = p.customer AND h.as_of = p.period_start;
    RETURN NEXT bag_eq('SELECT customer, day, offer, outcome, reason, order_id, employee, stage, cell FROM w.offers_enriched',
        'SELECT customer, day, offer, outcome, reason, order_id, employee, stage, cell FROM plain_now', 'offers with ' || setting);
    RETURN NEXT bag_eq('SELECT customer, offer_number FROM w.offers_enriched', 'SELECT customer, row_number() OVER (PARTITION BY customer) FROM plain_now', '... numbered');
    RETURN NEXT is(pg_temp.differences($q$ SELECT dimension || ' ' || value AS key, made, accepted, refused, unanswered, share, lower, upper, share_of_answered, share_of_answered_lower, share_of_answered_upper,
        difference, difference_lower, difference_upper, p_value, enough FROM w.offer_acceptance $q$, 'SELECT * FROM plain_acceptance', 'key'), '', '... acceptance');
    RETURN NEXT is(pg_temp.differences($q$ SELECT offer || ' ' || reason AS key, refusals, customers, offer_refusals, share, enough FROM w.refusal_reasons $q$, 'SELECT * FROM plain_reasons', 'key'), '', '... reasons');
    RETURN NEXT is(pg_temp.differences($q$ SELECT stage || with_order AS key, span_days, refused_customers, refused_buyers, refused_orders_before, refused_orders, refused_revenue, orders_before_per_refused, orders_per_refused,
        revenue_per_refused, unasked_customers, unasked_buyers, unasked_orders_before, unasked_orders, unasked_revenue, orders_before_per_unasked, orders_per_unasked, revenue_per_unasked, difference, difference_lower, difference_upper, p_value, enough
        FROM w.after_refusal $q$, 'SELECT * FROM plain_after', 'key'), '', '... after a refusal');
    RETURN NEXT is_empty($q$ (SELECT customer, day, offer, concat_ws(', ', outcome, reason) FROM w.offers_enriched EXCEPT ALL SELECT customer, day, title, detail FROM w.customer_timeline WHERE kind = 'offer') UNION ALL
        (SELECT customer, day, title, detail FROM w.customer_timeline WHERE kind = 'offer' EXCEPT ALL SELECT customer, day, offer, concat_ws(', ', outcome, reason) FROM w.offers_enriched) $q$, '... the timeline');
END
$$;
SELECT pg_temp.same_views(setting) FROM unnest(ARRAY['enough = 20', 'as_of = ''2024-06-30'', period = ''week''', 'as_of = ''auto'', period = ''quarter'', lost_after = ''50 days'', count_by = ''orders'', regular_purchases = 2',
    'lost_after = ''20 years''', 'as_of = ''2023-01-01''', 'as_of = ''2025-01-01'', lost_after = ''3 months'', period = ''month'', count_by = ''days''']) setting;
SELECT is((SELECT count(DISTINCT value) >= 5 FROM w.offer_acceptance WHERE dimension = 'cell') AND (SELECT count(DISTINCT value) = 5 FROM w.offer_acceptance WHERE dimension = 'stage'), true, 'cells and stages are among them');
SELECT is((SELECT bool_and(x.refused > 5 AND x.unasked > 5) AND count(*) = 2 FROM (SELECT with_order, sum(refused_customers) AS refused, sum(unasked_customers) AS unasked FROM w.after_refusal GROUP BY 1) x), true, 'both with an order and without');
SELECT results_eq('SELECT "position" FROM w.offer_acceptance', 'SELECT n FROM generate_series(1, (SELECT count(*) FROM w.offer_acceptance)) n', 'in their order');
SELECT is_empty($$ SELECT dimension FROM w.offer_acceptance GROUP BY 1 HAVING sum(made) <> (SELECT count(*) FROM w.offers_enriched) $$, 'the rows of a dimension add up to all');
CREATE TABLE live AS SELECT (SELECT array_agg(x::text ORDER BY x) FROM w.offer_acceptance x) AS acceptance, (SELECT array_agg(x::text ORDER BY x) FROM w.refusal_reasons x) AS reasons, (SELECT array_agg(x::text ORDER BY x) FROM w.after_refusal x) AS after,
    (SELECT array_agg(x::text ORDER BY x.customer, x.offer_number) FROM w.offers_enriched x) AS offers;
CREATE FUNCTION pg_temp.same_as_live(what text) RETURNS text LANGUAGE sql AS $$
    SELECT results_eq('SELECT (SELECT array_agg(x::text ORDER BY x) FROM w.offer_acceptance x), (SELECT array_agg(x::text ORDER BY x) FROM w.refusal_reasons x), (SELECT array_agg(x::text ORDER BY x) FROM w.after_refusal x), (SELECT array_agg(x::text ORDER BY x.customer, x.offer_number) FROM w.offers_enriched x)',
        'SELECT acceptance, reasons, after, offers FROM live', what)
$$;
SELECT pg_temp.same_as_live('what is compared has rows') WHERE (SELECT cardinality(acceptance) > 20 AND cardinality(reasons) > 5 AND cardinality(after) = 9 FROM live);
SELECT lives_ok($$ SELECT attach_orders('orders', workspace => 'w', storage => 'materialized', diagnose => false) $$, 'stored');
SELECT pg_temp.same_as_live('the same where figures are stored');
SELECT pg_temp.same_views('as_of = ''2024-06-30''', true);
SELECT is(pg_temp.under('DELETE FROM offers WHERE outcome IS NULL', 'SELECT made FROM w.offer_acceptance WHERE dimension = ''all'''), (SELECT made::text FROM w.offer_acceptance WHERE dimension = 'all'), '... until they are refreshed');
SELECT lives_ok($$ UPDATE w.settings SET as_of = '2025-01-01'; SELECT attach_orders('orders', workspace => 'w', storage => 'incremental', diagnose => false) $$, 'kept by triggers');
SELECT pg_temp.same_as_live('the same where triggers keep histories');
SELECT lives_ok($$ INSERT INTO orders SELECT 5000 + n, n % 150, timestamptz '2024-03-01 12:00+00' + n * interval '1 day', 10 FROM generate_series(1, 200) n $$, 'more orders');
SELECT pg_temp.same_views('enough = 21');
SELECT lives_ok($$ DELETE FROM orders WHERE order_id > 5000; SELECT attach_orders('orders', workspace => 'w', storage => 'view', diagnose => false); UPDATE w.settings SET enough = 20 $$, 'from the orders again');
SELECT pg_temp.same_as_live('... as before');

-- --- Outcomes ---

CREATE TABLE said (customer integer, offered_at date, offer text, outcome text, expected text);
INSERT INTO said SELECT 1, '2024-01-01', 'x', word, expected FROM (VALUES
    ('accepted', '{accepted,Accepted,ACCEPTED," yes ",TRUE,t,1,won,Closed Won,closed_won,bought,ja,Angenommen,oui,sí,tak,принято,Принято,ПРИНЯТО,Да,купил,согласна}'::text[]),
    ('refused', '{refused,Declined,no,N,false,0,lost,rejected,NOT_INTERESTED,nein,Abgelehnt,kein Interesse,non,rechazado,nie,отказ,Отказ,ОТКАЗ,нет,Отказался,не интересно}'),
    ('unanswered', '{"","  ",open,pending,no answer,sent,NULL,offen,без ответа,Думает,"null"}'), ('unread', '{perhaps,2,-1,"да, но",принятое,"accepted!",yesno}')) v(expected, words) CROSS JOIN unnest(words) word;
SELECT lives_ok($$ CREATE TABLE said_findings AS SELECT * FROM attach_offers('said', workspace => 'w') $$, 'outcomes in words');
CREATE VIEW said_one_by_one AS SELECT customer, offered_at, row_number() OVER (ORDER BY expected, outcome)::text || ' ' || expected || ' ' || coalesce(outcome, 'none') AS offer, outcome FROM said;
SELECT lives_ok($$ SELECT attach_offers('said_one_by_one', workspace => 'w') $$, 'word by word');
SELECT is_empty($$ SELECT offer, outcome, unread FROM w.offer_rows WHERE CASE WHEN unread IS NULL THEN outcome ELSE 'unread' END <> split_part(offer, ' ', 2) $$, 'outcomes are read from usual words');
SELECT is((SELECT count(*) FROM w.offer_rows WHERE unread IS NOT NULL AND outcome = 'unanswered'), 7::bigint, 'others count as unanswered');
SELECT is((SELECT finding FROM said_findings WHERE topic = 'unknown outcomes'), '7 rows say -1 (1), 2 (1), accepted! (1), perhaps (1), yesno (1), да, но (1), принятое (1)', '... and are told');
INSERT INTO said SELECT 1, '2024-01-01', 'x', 'word ' || n FROM generate_series(1, 20) n;
SELECT matches((SELECT finding FROM attach_offers('said', workspace => 'w') WHERE topic = 'unknown outcomes'), '^27 rows say .* and 17 others$', 'ten of many');
CREATE TYPE answer AS ENUM ('accepted', 'refused', 'later');
CREATE TABLE typed AS SELECT 1 AS customer, date '2024-01-01' AS offered_at, n::text AS offer, b AS accepted, e AS state, i AS flag FROM (VALUES (1, true, 'accepted'::answer, 1), (2, false, 'refused', 0), (3, NULL, 'later', NULL)) v(n, b, e, i);
SELECT results_eq(format($$ SELECT array_agg(f.topic || ' ' || f.finding ORDER BY f.topic) FILTER (WHERE f.topic LIKE '%%outcomes') FROM attach_offers('typed', workspace => 'w', outcome => %L) f $$, col), format('VALUES (%L::text[])', found), 'of a ' || col)
FROM (VALUES ('accepted', '{"outcomes accepted: 1, refused: 1, unanswered: 1"}'), ('flag', '{"outcomes accepted: 1, refused: 1, unanswered: 1"}'), ('state', '{"outcomes accepted: 1, refused: 1, unanswered: 1","unknown outcomes 1 rows say later (1)"}')) v(col, found);
SELECT results_eq($$ SELECT topic FROM attach_offers('typed', workspace => 'w', outcome => '') WHERE topic IN ('outcome', 'outcomes') AND (topic = 'outcome' OR advice LIKE '%order_id%') $$, $$ VALUES ('outcomes') $$, 'without outcomes and orders nothing is known, and it is said');
CREATE TABLE bare (id integer, customer integer, offered_at date, offer text, order_number text);
INSERT INTO bare VALUES (1, 1, '2024-01-01', 'x', '77'), (2, 1, '2024-01-01', 'x', '0'), (3, 1, '2024-01-01', 'x', ''), (4, 1, '2024-01-01', 'x', NULL);
SELECT results_eq($$ SELECT topic, finding, advice ~ 'refusals are not known' FROM attach_offers('bare', workspace => 'w') WHERE topic IN ('order_id', 'outcomes') $$,
    $$ VALUES ('order_id', 'column order_number (text), found by its name', NULL::boolean), ('outcomes', 'accepted: 1, refused: 0, unanswered: 3', true) $$, 'an order means accepted, and the own number is none');
CREATE TABLE barest AS SELECT id, customer, offered_at, offer FROM bare;
SELECT is_empty($$ SELECT * FROM attach_offers('barest', workspace => 'w') WHERE topic = 'order_id' $$, 'id is not the order''s');

-- --- Findings: each where it must come, and not elsewhere ---

SELECT results_eq($$ SELECT topic, finding FROM findings WHERE topic NOT IN ('customer', 'offered_at', 'offer', 'outcome', 'reason', 'order_id', 'employee') $$, $$
    WITH o AS (SELECT f.*, f.offered_at > '2000-01-01' AND isfinite(f.offered_at) AS timed, trim(f.offer) <> '' AS named FROM offers f),
    k AS (SELECT o.*, timed AND named AND customer_id IS NOT NULL AND (offered_at AT TIME ZONE 'America/New_York')::date < (SELECT max(day) + 1 FROM plain_days) AS counts,
        CASE WHEN lower(trim(outcome)) IN ('accepted', 'yes', 'closed-won') THEN 'accepted' WHEN lower(trim(outcome)) IN ('refused', 'no', 'not_interested') THEN 'refused' ELSE 'unanswered' END AS said FROM o),
    c AS (SELECT count(*) AS n, count(*) FILTER (WHERE counts) AS counted, count(*) FILTER (WHERE timed IS NOT TRUE) AS no_time, count(*) FILTER (WHERE offered_at = '1970-01-01 00:00+00') AS empty,
        count(*) FILTER (WHERE timed AND named IS NOT TRUE) AS no_offer, count(*) FILTER (WHERE timed AND named AND customer_id IS NULL) AS no_customer, count(*) FILTER (WHERE timed AND named AND customer_id IS NOT NULL AND NOT counts) AS future,
        count(*) FILTER (WHERE counts AND said = 'accepted') AS a, count(*) FILTER (WHERE counts AND said = 'refused') AS r, count(*) FILTER (WHERE counts AND said = 'unanswered') AS u,
        count(*) FILTER (WHERE counts AND said = 'accepted' AND trim(reason) <> '') AS reasons, count(*) FILTER (WHERE counts AND said <> 'accepted' AND order_id <> 0) AS orders,
        count(*) FILTER (WHERE counts AND trim(outcome) = 'perhaps') AS perhaps, count(*) FILTER (WHERE counts AND trim(outcome) = 'Perhaps') AS capital,
        count(DISTINCT customer_id) FILTER (WHERE counts) AS customers, count(*) FILTER (WHERE counts AND customer_id NOT IN (SELECT customer FROM plain_days)) AS strange,
        count(DISTINCT customer_id) FILTER (WHERE counts AND customer_id NOT IN (SELECT customer FROM plain_days)) AS strangers FROM k)
    SELECT v.topic, v.finding FROM c CROSS JOIN LATERAL (VALUES (1, 'offers', format('rows: %s, customers: %s, kinds: 3', n, customers)), (2, 'outcomes', format('accepted: %s, refused: %s, unanswered: %s', a, r, u)),
        (3, 'unknown outcomes', format('%s rows say %s', perhaps + capital, CASE WHEN perhaps > capital THEN format('perhaps (%s), Perhaps (%s)', perhaps, capital) ELSE format('Perhaps (%2$s), perhaps (%1$s)', perhaps, capital) END)),
        (4, 'no time', 'rows left out: ' || _clientele.workspace_row_share(no_time, n)), (5, 'empty times', 'rows with 0001-01-01, 1899-12-30 or 1970-01-01: ' || _clientele.workspace_row_share(empty, n)),
        (6, 'no offer', 'rows left out: ' || _clientele.workspace_row_share(no_offer, n)), (7, 'no customer', 'rows left out: ' || _clientele.workspace_row_share(no_customer, n)),
        (8, 'future', 'rows left out: ' || _clientele.workspace_row_share(future, n)), (9, 'unknown customers', format('%s to %s customers who are none of the orders''', _clientele.workspace_row_share(strange, counted), strangers)),
        (10, 'reasons', 'accepted rows with a reason: ' || _clientele.workspace_row_share(reasons, a)), (11, 'orders', 'refused or unanswered rows with an order: ' || _clientele.workspace_row_share(orders, r + u))) v(i, topic, finding) ORDER BY v.i $$, 'every finding');
CREATE TABLE clean AS SELECT n % 50 AS customer, date '2024-01-01' + n AS offered_at, 'x' AS offer, (ARRAY['yes', 'no'])[1 + n % 2] AS outcome, CASE n % 2 WHEN 1 THEN 'dear' END AS reason FROM generate_series(1, 100) n;
SELECT results_eq($$ SELECT topic FROM attach_offers('clean', workspace => 'w') $$, $$ VALUES ('customer'), ('offered_at'), ('offer'), ('outcome'), ('reason'), ('offers'), ('outcomes') $$, 'nothing to say of what is as it should be');
SELECT is_empty($$ SELECT * FROM w.offer_acceptance WHERE dimension = 'employee' $$, 'no employees without their column');

-- --- Nothing, names, clocks, detaching ---

CREATE TABLE nothing (customer integer, offered_at date, offer text, outcome text, employee text);
SELECT results_eq($$ SELECT topic, finding FROM attach_offers('nothing', workspace => 'w') WHERE topic IN ('offers', 'outcomes') $$, $$ VALUES ('offers', 'rows: 0, customers: 0, kinds: 0'), ('outcomes', 'accepted: 0, refused: 0, unanswered: 0') $$, 'no offers yet');
SELECT results_eq('SELECT (SELECT count(*) FROM w.offer_acceptance), (SELECT count(*) FROM w.refusal_reasons), count(*), sum(refused_customers + unasked_customers)::bigint FROM w.after_refusal', 'VALUES (0::bigint, 0::bigint, 9::bigint, 0::bigint)', '... and nothing of them');
CREATE TABLE angebote AS SELECT 1 AS kunde, date '2024-01-01' AS datum, 'Kurs' AS angebot, 'nein' AS ergebnis, 'zu teuer' AS grund, 'Ute' AS mitarbeiter;
CREATE TABLE "Предложения" AS SELECT 1 AS "Клиент", date '2024-01-01' AS "Дата", 'Курс' AS "Предложение", 'Отказ' AS "Результат", 'дорого' AS "ПричинаОтказа", 'Ира' AS "Менеджер", 5 AS "НомерЗаказа";
SELECT results_eq(format($$ SELECT array_agg(f.topic) FROM attach_offers(%L, workspace => 'w') f WHERE f.finding LIKE '%%found by its name' $$, quote_ident(name)), format('VALUES (%L::text[])', found), name)
FROM (VALUES ('angebote', '{customer,offered_at,offer,outcome,reason,employee}'), ('Предложения', '{customer,offered_at,offer,outcome,reason,order_id,employee}')) v(name, found);
SELECT results_eq('SELECT offer, reason, refusals FROM w.refusal_reasons', $$ VALUES ('Курс', 'дорого', 1::bigint) $$, 'in Russian');
CREATE TABLE "Odd ""offers' %s" AS SELECT 1 AS "cust""omer", timestamp '2024-03-03 23:30' AS "at' time", 'x' AS "of%fer", 'no' AS "out\come";
SELECT lives_ok($$ SELECT attach_orders('orders', workspace => 'Odd "w" %s', time_zone => 'Asia/Tokyo', diagnose => false) $$, 'days of Tokyo');
SELECT throws_ok($$ SELECT attach_offers('"Odd ""offers'' %s"', 'cust"omer', 'at'' time', 'of%fer', 'out\come', workspace => 'Odd "w" %s') $$, '22023', 'column "at'' time" has a clock without a time zone', 'whose clock is it');
SELECT lives_ok($$ SELECT attach_offers('"Odd ""offers'' %s"', 'cust"omer', 'at'' time', 'of%fer', 'out\come', workspace => 'Odd "w" %s', stored_in => 'UTC') $$, 'odd names');
SELECT results_eq('SELECT day, offer, outcome FROM "Odd ""w"" %s".offers_enriched', $$ VALUES (date '2024-03-04', 'x', 'refused') $$, 'half past eleven in UTC is the next day in Tokyo');
CREATE TABLE named AS SELECT 'Ann'::text AS customer, date '2024-01-01' AS offered_at, 'x'::text AS offer;
SELECT throws_like(statement, message, statement) FROM (VALUES
    ($$ SELECT attach_offers(NULL) $$, '%must not be NULL'), ($$ SELECT attach_offers('clean', workspace => 'nowhere') $$, '"nowhere" is not a workspace'), ($$ SELECT attach_offers('named', workspace => 'w') $$, '%cannot be the customer of the orders: its type is text%'),
    ($$ SELECT attach_offers('orders', workspace => 'w') $$, 'no column of public.orders looks like the offered_at'), ($$ SELECT attach_offers('clean', offer => 'page', workspace => 'w') $$, 'column "page"%'),
    ($$ SELECT attach_offers('clean', outcome => 'offered_at', workspace => 'w') $$, '%cannot be the outcome%'), ($$ SELECT attach_offers('w.offer_acceptance', workspace => 'w') $$, '%part of the workspace')) v(statement, message);
SELECT is((SELECT count(*) FROM pg_class c WHERE c.relnamespace = 'w'::regnamespace AND c.relkind = 'v' AND c.relname ~ '^(offers_enriched|offer_acceptance|refusal_reasons|after_refusal)$'), 4::bigint, 'four views');
SELECT lives_ok($$ SELECT detach_offers('w') $$, 'detach');
SELECT is_empty($$ SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'w'::regnamespace AND c.relname ~ '^(offers_enriched|offer_acceptance|refusal_reasons|after_refusal)' $$, '... takes them away');
SELECT is_empty('SELECT * FROM w.offer_rows', '... and their rows');
SELECT lives_ok($$ SELECT attach_orders('orders', workspace => 'w', storage => 'materialized', diagnose => false); SELECT attach_offers('offers', workspace => 'w'); SELECT refresh_workspace('w') $$, 'stored from the beginning');
SELECT pg_temp.same_as_live('... the same');
SELECT lives_ok($$ SELECT detach_offers('w'); SELECT drop_workspace('w', cascade => true) $$, 'detach and drop');

SELECT * FROM finish();
ROLLBACK;
