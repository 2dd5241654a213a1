-- order_stage and stage_changes against plain SQL on random purchases, and their edges
BEGIN;
SELECT no_plan();
SET client_min_messages = warning;

-- 60 customers with up to 24 rows over three years: days shared, none known, returns; some without a customer
SELECT setseed(0.29);
CREATE TABLE purchases AS
SELECT nullif(n, 60) AS customer, CASE WHEN random() < 0.95 THEN date '2022-06-01' + (random() ^ 0.5 * 1100)::integer / (1 + n % 3) END AS day,
    CASE WHEN random() < 0.15 THEN -1 ELSE (random() * 3)::integer END AS amount, m AS id
FROM generate_series(1, 60) n, LATERAL generate_series(1, n % 25) m;
CREATE TABLE rules (new_within interval, lost_after interval, regular_within interval, regular_purchases integer, count_by text);
INSERT INTO rules VALUES ('3 months', '6 months', '6 months', 3, 'days'), ('45 days', '20 days', '1 year', 5, 'orders'),
    ('1 year', '2 months', '33 days 12:00', 2, 'orders'), ('1 mon 15 days', '1 year', '1 month', 1, 'days'), ('1 day', '3 years', '2 months -10 days', 2147483647, 'orders');

-- the stage as of a day, of the orders before it
CREATE FUNCTION plain_stage(of_customer integer, as_of date, r rules) RETURNS text LANGUAGE sql AS $$
    SELECT CASE WHEN f.last < (as_of - r.lost_after)::date THEN 'lost' WHEN f.recent >= r.regular_purchases THEN 'regular'
        WHEN f.first >= (as_of - r.new_within)::date THEN 'new' WHEN f.first IS NOT NULL THEN 'occasional' END
    FROM (
        SELECT min(p.day) AS first, max(p.day) AS last,
            CASE r.count_by WHEN 'days' THEN count(DISTINCT p.day) FILTER (WHERE p.day >= (as_of - r.regular_within)::date)
                ELSE count(*) FILTER (WHERE p.day >= (as_of - r.regular_within)::date) END AS recent
        FROM purchases p WHERE p.customer IS NOT DISTINCT FROM of_customer AND p.amount >= 0 AND p.day < as_of) f
$$;

-- order_stage: whatever the order of the rows
CREATE TABLE plain_stages AS
SELECT r.*, p.customer, p.id, plain_stage(p.customer, p.day, r) AS stage FROM purchases p CROSS JOIN rules r WHERE p.amount >= 0;
SELECT set_eq(format($$
    SELECT r.*, p.customer, p.id, order_stage(p.day, r.new_within, r.lost_after, r.regular_within, r.regular_purchases, r.count_by) OVER (PARTITION BY r, p.customer %s)
    FROM (SELECT * FROM purchases WHERE amount >= 0 ORDER BY md5(concat(customer, id))) p CROSS JOIN rules r $$, ordered), 'SELECT * FROM plain_stages', 'order_stage ' || ordered)
FROM unnest(ARRAY['', 'ORDER BY p.day', 'ORDER BY p.day DESC', 'ORDER BY p.id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW']) ordered;
SELECT set_eq($$ SELECT customer, id, order_stage(day) OVER (PARTITION BY customer) FROM purchases WHERE amount >= 0 $$,
    $$ SELECT customer, id, stage FROM plain_stages WHERE new_within = '3 months' $$, 'the defaults are those of lifecycle_stage');
SELECT is(count(DISTINCT stage), 4::bigint, 'all four stages occur') FROM plain_stages;
SELECT is((SELECT string_agg(coalesce(stage, '-'), ' ' ORDER BY n) FROM (
        SELECT n, order_stage(day) OVER () AS stage FROM unnest('{2025-01-01,2025-01-01,NULL,2025-07-01,2025-07-02,2026-01-03}'::date[]) WITH ORDINALITY d(day, n)) s),
    '- - - occasional occasional lost', 'the first day, no day, half a year later, the day after, and as long again');
SELECT is_empty('SELECT order_stage(day) OVER () FROM purchases WHERE false', 'no rows');

-- stage_changes: lifecycle_stage as of the end of each complete period, where it differs from the one before
CREATE TABLE histories AS
SELECT customer, coalesce(history_agg(day, amount), '{}') AS history, min(day) FILTER (WHERE amount >= 0) AS first FROM purchases GROUP BY customer;
CREATE FUNCTION plain_changes(of_period text, from_date date, until date, r rules) RETURNS TABLE (customer integer, as_of date, changed_to text, changed_from text) LANGUAGE sql AS $$
    SELECT s.customer, s.as_of, s.stage, s.before
    FROM (
        SELECT e.*, lag(e.stage) OVER (PARTITION BY e.customer ORDER BY e.as_of) AS before
        FROM (
            SELECT h.customer, d::date AS as_of, plain_stage(h.customer, d::date, r) AS stage
            FROM histories h CROSS JOIN generate_series(timestamp '2022-05-30', least(until, '2026-01-01'), '1 day') d
            WHERE d = date_trunc(of_period, d) AND d > h.first AND d > from_date OFFSET 0) e) s
    WHERE s.stage IS DISTINCT FROM s.before
$$;
SELECT set_eq(format($$ SELECT h.customer, c.* FROM histories h CROSS JOIN rules r
        CROSS JOIN LATERAL stage_changes(h.history, %1$L, %2$L, %3$L, r.new_within, r.lost_after, r.regular_within, r.regular_purchases, r.count_by) c $$, period, from_date, until),
    format($$ SELECT c.* FROM rules r CROSS JOIN LATERAL plain_changes(%L, %L, %L, r) c $$, period, from_date, until), format('changes by %s from %s to %s', period, from_date, until))
FROM (VALUES ('month', '-infinity', '2025-07-15'), ('week', '2024-03-06', '2024-12-02'), ('quarter', '2022-01-01', '2024-12-31'), ('year', '-infinity', '2026-01-01'),
    ('day', '2024-12-24', '2025-01-12'), ('month', '2025-01-01', '2025-01-31'), ('month', 'infinity', '2025-07-01'), ('month', '-infinity', '2022-01-01')) v(period, from_date, until);
SELECT is((SELECT count(*) FROM histories CROSS JOIN stage_changes(history, 'month', '-infinity', '2025-07-15')), (SELECT count(*) FROM rules r, plain_changes('month', '-infinity', '2025-07-15', r) WHERE new_within = '3 months'),
    'the defaults are those of lifecycle_stage');
SELECT results_eq($$ SELECT * FROM stage_changes('{2024-11-05:10,2024-11-20:5,2024-12-01:-5/0/1,2025-08-07:1}', 'month', '-infinity', '2025-10-31') $$,
    $$ VALUES (date '2024-12-01', 'new', NULL), ('2025-03-01', 'occasional', 'new'), ('2025-06-01', 'lost', 'occasional'), ('2025-09-01', 'occasional', 'lost') $$, 'one customer');
SELECT is_empty(format('SELECT * FROM stage_changes(%s)', arguments), arguments)
FROM unnest(ARRAY[$$ '{}', 'month', '-infinity', '2025-01-01' $$, $$ '{2024-01-05:-1/0/1}', 'month', '-infinity', '2025-01-01' $$, $$ '{2025-01-05:1}', 'month', '-infinity', '2025-01-31' $$,
    $$ NULL, 'month', '-infinity', '2025-01-01' $$, $$ '{2024-01-05:1}', 'month', '-infinity', NULL $$]) arguments;

-- what is out of range is told of with its value
\ir include/refuses.sql
SELECT pg_temp.refuses(format('SELECT order_stage(day, %s) OVER () FROM (VALUES (date ''2025-01-01''), (''2025-02-01'')) d(day)', arguments), '22023', in_message, '%')
FROM (VALUES ('''0 days''', 'parameter "new_within": 00:00:00'), ('lost_after => ''-1 month''', 'parameter "lost_after"'), ('regular_within => ''1 month -40 days''', 'parameter "regular_within"'), ('regular_purchases => 0', 'parameter "regular_purchases": 0'),
    ('count_by => ''receipts''', 'parameter "count_by": "receipts"'), ('count_by => NULL', 'parameter "count_by": NULL'), ('NULL', 'parameter "new_within": NULL')) v(arguments, in_message);
SELECT throws_ok($$ SELECT order_stage('infinity') OVER () $$, '22008', NULL, 'an infinite day');
SELECT pg_temp.refuses(format('SELECT * FROM stage_changes(''{2024-01-05:1}'', %s)', arguments), '22023', in_message, '%')
FROM (VALUES ('''decade'', ''-infinity'', ''2025-01-01''', 'parameter "period": "decade"'), ('''month'', ''-infinity'', ''2025-01-01'', lost_after => ''-1 month''', 'parameter "lost_after"'),
    ('''month'', ''-infinity'', ''2025-01-01'', regular_purchases => 0', 'parameter "regular_purchases": 0'), ('''month'', ''-infinity'', ''2025-01-01'', count_by => ''receipts''', 'parameter "count_by": "receipts"')) v(arguments, in_message);
SELECT throws_ok($$ SELECT * FROM stage_changes('{}', 'month', '-infinity', 'infinity') $$, '22008', NULL, 'an infinite as_of');

SELECT * FROM finish();
ROLLBACK;
