-- loyalty_tier and tier_progress against plain SQL on random histories and dates; discount_break_even.
BEGIN;
SELECT no_plan();
SELECT setseed(0.23);

\ir include/refuses.sql

-- A published programme's rules by hand: 12 months, held for three.
SELECT results_eq($$
    SELECT d::date, loyalty_tier('{2024-01-10:120,2024-03-05:200,2025-02-01:50}', d::date, '{100,300}', '{silver,gold}', '12 months', '3 months')
    FROM unnest('{2024-01-10,2024-01-11,2024-03-05,2024-03-06,2025-04-09,2025-04-10,2025-06-04,2025-06-05}'::date[]) d
$$, $$ VALUES (date '2024-01-10', NULL), ('2024-01-11', 'silver'), ('2024-03-05', 'silver'), ('2024-03-06', 'gold'), ('2025-04-09', 'gold'),
    ('2025-04-10', 'silver'), ('2025-06-04', 'silver'), ('2025-06-05', NULL) $$, 'rises at once, falls late');
SELECT results_eq($$
    SELECT p.* FROM unnest('{2024-01-10,2024-01-11,2025-04-09,2025-04-10,2025-06-05}'::date[]) d,
        tier_progress('{2024-01-10:120,2024-03-05:200,2025-02-01:50}', d, '{100,300}', '{silver,gold}', '12 months', '3 months') p
$$, $$ VALUES (NULL::text, 0.00, 'silver', 100.00, NULL::date, NULL::numeric, NULL::date, NULL::integer),
    ('silver', 120.00, 'gold', 180.00, '2025-01-09', 0.00, '2025-04-09', 454), ('gold', 50.00, NULL, NULL, NULL, 250.00, '2025-04-09', 0),
    ('silver', 50.00, 'gold', 250.00, '2026-01-31', 50.00, '2025-06-04', 55), (NULL, 50.00, 'silver', 50.00, '2026-01-31', NULL, NULL, NULL)
$$, '... what is missing, and how long it is kept');
-- By the calendar: what a year brought is kept to the end of the next one with a hold of a year.
SELECT results_eq($$
    SELECT d::date, loyalty_tier('{2024-12-31:300,2025-12-31:100}', d::date, '{100,300}', '{silver,gold}', '1 year', '1 year', calendar => true)
    FROM unnest('{2024-12-31,2025-01-01,2025-12-31,2026-01-01,2026-12-31,2027-01-01}'::date[]) d
$$, $$ VALUES (date '2024-12-31', NULL), ('2025-01-01', 'gold'), ('2025-12-31', 'gold'), ('2026-01-01', 'silver'), ('2026-12-31', 'silver'), ('2027-01-01', NULL)
$$, 'calendar years');
SELECT results_eq($$ SELECT missing, missing_until, kept_until FROM tier_progress('{2024-05-05:120}', '2024-07-01', '{100,300}', '{silver,gold}', '1 year', '1 year', calendar => true) $$,
    $$ VALUES (180.00, date '2024-12-31', date '2025-12-31') $$, '... the year''s last day is the last to add to it');

-- 240 customers with 0 to 14 days over two years, returns and several orders a day among them, asked at four dates each, by
-- all kinds of windows, holds and counts.
CREATE TABLE purchases AS
SELECT n AS customer, date '2023-06-01' + (random() * 730)::integer AS day,
    CASE WHEN random() < 0.2 THEN -round((random() * 60)::numeric, 2) ELSE round((random() * 90)::numeric, n % 5) END AS amount
FROM generate_series(1, 240) n, generate_series(1, 3 * (n % 15)) m;
INSERT INTO purchases SELECT customer, day, amount + 1 FROM purchases WHERE random() < 0.2;
CREATE TABLE histories AS
SELECT n AS customer, coalesce(h.history, '{}') AS history
FROM generate_series(1, 240) n LEFT JOIN (SELECT customer, history_agg(day, amount) AS history FROM purchases GROUP BY customer) h ON h.customer = n;
CREATE TABLE rule AS
SELECT row_number() OVER () AS number, w.span::interval AS qualify_within, h.span::interval AS hold, w.months
FROM (VALUES ('12 months', NULL), ('1 month', NULL), ('30 days', NULL), ('1 month 5 days', NULL), ('36 hours', NULL), ('7 days 12 hours', NULL),
    ('1 day', NULL), ('2 years', NULL), ('1 year', 12), ('6 months', 6), ('3 months', 3), ('1 month', 1)) w(span, months),
    unnest('{0 days,12 hours,1 day,3 months,45 days,1 month 10 days}'::text[]) h(span);
CREATE TABLE question AS
SELECT row_number() OVER () AS id, h.customer, h.history, date '2023-06-01' + (random() * 800)::integer AS as_of, r.*, r.months IS NOT NULL AS calendar,
    (ARRAY['spend', 'days', 'orders'])[1 + (random() * 30)::integer % 3] AS count_by
FROM histories h CROSS JOIN generate_series(1, 8) n JOIN rule r ON r.number = 1 + (h.customer * 31 + n * 17 + h.customer / 7) % 72;
UPDATE question SET as_of = '2024-03-31' WHERE id % 41 = 0;
UPDATE question SET as_of = '2024-01-01' WHERE id % 43 = 0;

-- What counts at the start of a day, from where on
CREATE FUNCTION plain_from(u timestamp, qualify_within interval, months integer) RETURNS timestamp LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN months IS NULL THEN u - qualify_within
        ELSE date_trunc('year', u - interval '1 day') + (extract(month FROM u - interval '1 day')::integer - 1) / months * (months * interval '1 month') END
$$;
CREATE TABLE counted AS
SELECT q.id, u.u::date AS u, coalesce(sum(CASE q.count_by WHEN 'spend' THEN d.amount WHEN 'orders' THEN d.orders ELSE (d.orders > 0)::integer END), 0) AS counts
FROM question q CROSS JOIN LATERAL generate_series(date_trunc('day', q.as_of - (q.hold + interval '2 days')), q.as_of, '1 day') u
LEFT JOIN LATERAL (SELECT d.* FROM history_days(q.history) d WHERE d.day >= plain_from(u.u, q.qualify_within, q.months) AND d.day < u.u::date) d ON true
WHERE u.u > q.as_of - q.hold OR u.u::date = q.as_of
GROUP BY q.id, u.u;
CREATE TABLE plain AS
SELECT q.*, c.most, c.counts, t.thresholds, CASE WHEN c.most >= t.thresholds[3] THEN 3 WHEN c.most >= t.thresholds[2] THEN 2 WHEN c.most >= t.thresholds[1] THEN 1 ELSE 0 END AS tier
FROM question q JOIN (SELECT id, max(counts) AS most, max(counts) FILTER (WHERE c.u = q.as_of) AS counts FROM counted c JOIN question q USING (id) GROUP BY id) c USING (id),
    LATERAL (SELECT CASE q.count_by WHEN 'spend' THEN '{20.005,70,200.12345}' ELSE '{0.5,3,7}' END::numeric[]) t(thresholds);
CREATE FUNCTION tier(p plain, at date, known date) RETURNS integer LANGUAGE sql AS $$
    SELECT coalesce(loyalty_tier(as_of(p.history, known), at, p.thresholds, '{1,2,3}', p.qualify_within, p.hold, p.count_by, p.calendar)::integer, 0)
$$;
SELECT cmp_ok(count(*), '=', 1920::bigint, 'questions') FROM plain;
SELECT is(count(*) FILTER (WHERE n >= 40), 12::bigint, 'of all tiers and counts') FROM (SELECT tier, count_by, count(*) AS n FROM plain GROUP BY 1, 2) t;
SELECT cmp_ok(count(*), '>', 150::bigint, 'many of them held by grace alone') FROM plain WHERE tier > 0 AND counts < thresholds[tier];
SELECT is_empty('SELECT id, as_of, qualify_within, hold, months, count_by, most, p.tier, history FROM plain p WHERE p.tier <> tier(p, as_of, ''infinity'')', 'loyalty_tier');
CREATE TABLE progress AS
SELECT p.id, r.* FROM plain p, tier_progress(p.history, p.as_of, p.thresholds, '{1,2,3}', p.qualify_within, p.hold, p.count_by, p.calendar) r;
SELECT is_empty($$ SELECT * FROM plain p JOIN progress r USING (id) WHERE coalesce(r.tier::integer, 0) <> p.tier OR r.qualifying <> p.counts OR (r.next_tier IS DISTINCT FROM (p.tier + 1)::text) <> (p.tier = 3) $$,
    'tier_progress: tiers and what counts');
-- Thresholds are rounded up to what can be counted.
SELECT is_empty($$ SELECT * FROM plain p JOIN progress r USING (id), LATERAL (SELECT array_agg(CASE p.count_by WHEN 'spend' THEN ceil(t * 10000) / 10000 ELSE ceil(t) END ORDER BY t) AS t FROM unnest(p.thresholds) t) u
    WHERE r.missing IS DISTINCT FROM u.t[p.tier + 1] - p.counts OR r.missing_to_keep IS DISTINCT FROM CASE WHEN p.tier > 0 THEN greatest(0, u.t[p.tier] - p.counts) END $$, '... what is missing');
SELECT is_empty($$ SELECT r.*, p.* FROM plain p JOIN progress r USING (id) WHERE p.id % 5 = 0 AND p.tier > 0 AND r.kept_until IS DISTINCT FROM (
    SELECT t::date - 1 FROM generate_series(p.as_of::timestamp, p.as_of + interval '40 months', '1 day') t WHERE tier(p, t::date, p.as_of) < p.tier ORDER BY t LIMIT 1) $$, '... the last day of the tier without purchases');
SELECT is_empty($$ SELECT r.*, p.* FROM plain p JOIN progress r USING (id) WHERE r.days_left IS DISTINCT FROM r.kept_until - p.as_of OR (r.kept_until IS NULL) <> (p.tier = 0) $$, '... and the days to it');
SELECT is_empty($$ SELECT r.*, p.* FROM plain p JOIN progress r USING (id) WHERE p.id % 5 = 1 AND p.tier < 3 AND r.missing_until IS DISTINCT FROM (
    SELECT t::date - 2 FROM generate_series(p.as_of + interval '1 day', p.as_of + interval '26 months', '1 day') t
    WHERE EXISTS (SELECT FROM history_days(p.history) d WHERE d.day < p.as_of AND d.day >= plain_from(p.as_of, p.qualify_within, p.months) AND d.day < plain_from(t, p.qualify_within, p.months)
        AND CASE p.count_by WHEN 'spend' THEN d.amount <> 0 ELSE d.orders > 0 END) ORDER BY t LIMIT 1) $$, '... the last day on which a purchase adds to all of it');
SELECT cmp_ok(count(*) FILTER (WHERE kept_until IS NOT NULL AND id % 5 = 0), '>', 150::bigint, 'of many') FROM progress;

-- Edges
SELECT is(loyalty_tier('{}', '2025-01-01', '{0,100}', '{all,silver}'), 'all', 'a threshold of 0 is for all');
SELECT is(loyalty_tier('{2024-12-01:-5/0/1}', '2025-01-01', '{0,100}', '{all,silver}'), NULL, '... who do not owe more than they bought');
SELECT results_eq($$ SELECT kept_until, days_left FROM tier_progress('{}', '2025-01-01', '{0}', '{all}') $$, $$ VALUES (date 'infinity', NULL::integer) $$, '... and is kept for ever');
SELECT is(loyalty_tier('{}', '2025-01-01', '{0.0001}', '{one}'), NULL, 'nothing bought');
SELECT is(loyalty_tier(h, d, t, n, w, o, c, k), NULL, 'NULL') FROM (VALUES
    (NULL::purchase_history, date '2025-01-01', '{0}'::numeric[], '{a}'::text[], interval '1 year', interval '0', 'spend', false), ('{}', NULL, '{0}', '{a}', '1 year', '0', 'spend', false),
    ('{}', '2025-01-01', NULL, '{a}', '1 year', '0', 'spend', false), ('{}', '2025-01-01', '{0}', NULL, '1 year', '0', 'spend', false), ('{}', '2025-01-01', '{0}', '{a}', NULL, '0', 'spend', false),
    ('{}', '2025-01-01', '{0}', '{a}', '1 year', NULL, 'spend', false), ('{}', '2025-01-01', '{0}', '{a}', '1 year', '0', NULL, false), ('{}', '2025-01-01', '{0}', '{a}', '1 year', '0', 'spend', NULL)) v(h, d, t, n, w, o, c, k);
SELECT is(loyalty_tier('{2024-01-01:99.9999}', '2025-01-01', ARRAY[99.99995], '{a}'), NULL, 'more decimals than money has');
SELECT is(loyalty_tier('{2024-01-01:100}', '2025-01-01', ARRAY[99.99995], '{a}'), 'a', '... are rounded up');
SELECT is(loyalty_tier('{2024-12-31:5,2024-12-30:6}', '2025-01-01', '{11}', '{a}', '2 days'), 'a', 'the first day of the window counts');
SELECT is(loyalty_tier(h, d, '{1}', '{a}', w, o), t, format('at the ends of time: %s, %s, %s', d, w, o)) FROM (VALUES
    ('{4714-11-24 BC:5}'::purchase_history, date '4714-11-24 BC', interval '178000000 years', interval '178000000 years', NULL),
    ('{4714-11-24 BC:5}', '4714-11-25 BC', '1 day', '0', 'a'), ('{4714-11-24 BC:5}', '5874897-12-31', '178000000 years', '0', 'a'), ('{5874897-12-30:5}', '5874897-12-31', '1 year', '100 years', 'a'),
    ('{4714-11-24 BC:5}', '5874897-12-31', '1 day', '178000000 years', 'a'), ('{4714-11-24 BC:5}', '4714-11-26 BC', '1 day', '1 day', NULL), ('{4714-11-24 BC:5}', '4714-11-26 BC', '1 day', '2 days', 'a')) v(h, d, w, o, t);
SELECT is(loyalty_tier(h, d, '{1}', '{a}', '1 year', '0', calendar => true), t, format('... by the calendar: %s', d)) FROM (VALUES
    ('{4714-11-24 BC:5}'::purchase_history, date '4714-11-24 BC', NULL), ('{4714-11-24 BC:5}', '4714-11-25 BC', 'a'), ('{5874897-12-30:5}', '5874897-12-31', 'a')) v(h, d, t);
SELECT is((tier_progress('{5874897-12-30:5}', '5874897-12-31', '{1,9}', '{a,b}', w, '1 day', calendar => c)).kept_until, 'infinity', format('no end after %s, %s', w, c)) FROM (VALUES (interval '1 year', false), ('1 year', true)) v(w, c);
SELECT pg_temp.refuses(format('SELECT tier_progress(''{2024-01-01:5}'', %s)', arguments), state, message, '_%') FROM (VALUES
    ('''infinity'', ''{1}'', ''{a}''', '22008', 'infinite'), ('''2025-01-01'', ''{}'', ''{}''', '22023', 'thresholds'), ('''2025-01-01'', ''{1,NULL}'', ''{a,b}''', '22023', 'thresholds'),
    ('''2025-01-01'', ''{1,2}'', ''{a,NULL}''', '22023', 'names'), ('''2025-01-01'', ''{1,2}'', ''{a}''', '22023', '1 names for 2 thresholds'), ('''2025-01-01'', ''{2,1}'', ''{a,b}''', '22023', '1 after 2'),
    ('''2025-01-01'', ''{1,1}'', ''{a,b}''', '22023', '1 after 1'), ('''2025-01-01'', ''{-1,1}'', ''{a,b}''', '22023', '-1'), ('''2025-01-01'', ''{NaN}'', ''{a}''', '22003', 'NaN'), ('''2025-01-01'', ''{1e40}'', ''{a}''', '22003', '38 digits'),
    ('''2025-01-01'', ''{{1}}'', ''{a}''', '22023', '2 dimensions'), ('''2025-01-01'', ''{1}'', ''{a}'', ''-1 day''', '22023', 'qualify_within'), ('''2025-01-01'', ''{1}'', ''{a}'', ''23 hours''', '22023', 'qualify_within'),
    ('''2025-01-01'', ''{1}'', ''{a}'', hold => ''1 month -1 day''', '22023', 'hold'), ('''2025-01-01'', ''{1}'', ''{a}'', count_by => ''sales''', '22023', 'count_by'),
    ('''2025-01-01'', ''{1}'', ''{a}'', ''5 months'', calendar => true', '22023', 'qualify_within'), ('''2025-01-01'', ''{1}'', ''{a}'', ''2 years'', calendar => true', '22023', 'qualify_within'), ('''2025-01-01'', ''{1}'', ''{a}'', ''30 days'', calendar => true', '22023', 'qualify_within')) v(arguments, state, message);

-- What a discount has to bring
SELECT is(discount_break_even(m, d), e, format('margin %s, discount %s', m, d)) FROM (VALUES
    (0.3::float8, 0.1::float8, 0.5::float8), (0.4, 0.1, 1 / 3::float8), (0.2, 0.15, 3), (0.1, 0.1, NULL), (0.1, 0.2, NULL), (0.3, 0, 0), (0, 0, NULL), (-0.2, 0.1, NULL), (-1e300, 0, NULL),
    (1, 1, NULL), (1, 0.5, 1), (1e-300, 0, 0), (0.3, 1e-300, 0), (NULL, 0.1, NULL), (0.3, NULL, NULL)) v(m, d, e);
SELECT is_empty($$ SELECT m, d FROM generate_series(1, 99) m, generate_series(0, 99) d
    WHERE discount_break_even(m / 100.0, d / 100.0) IS DISTINCT FROM CASE WHEN m > d THEN d::float8 / (m - d) END $$, 'all whole percents');
SELECT pg_temp.refuses(format('SELECT discount_break_even(%s)', arguments), '22023', parameter, '_%') FROM (VALUES
    ('1.01, 0.1', 'margin'), ('''NaN'', 0.1', 'margin'), ('''-infinity'', 0.1', 'margin'), ('0.3, -0.01', 'discount'), ('0.3, 1.01', 'discount'), ('0.3, ''NaN''', 'discount')) v(arguments, parameter);

SELECT finish();
ROLLBACK;
