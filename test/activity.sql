-- the accounts of growth: against plain SQL on random purchases; forms, sums and bad input of the type activity
BEGIN;
SELECT no_plan();
\ir include/failure.sql
\ir include/receive.sql

-- 800 customers over four years: gaps, returns before and after purchases, several orders a day, losses, some with returns alone
SELECT setseed(0.47);
CREATE TABLE purchases AS
SELECT n AS customer, date '2021-06-15' + (random() ^ 0.7 * 1400)::integer AS day,
    CASE WHEN random() < 0.15 THEN -1 ELSE 1 END * round((random() ^ 3 * 300)::numeric, 4) AS amount
FROM generate_series(1, 800) n, LATERAL generate_series(1, n % 9) m;
INSERT INTO purchases VALUES (2001, '2024-12-31', 1), (2001, '2025-01-01', 1), (2002, '2025-01-01', -1), (2003, '2024-12-29', 0),
    (2003, '2024-12-30', -1), (2004, '2024-02-29', 1), (2004, '2025-02-28', 1), (2005, '2023-01-05', -3), (2005, '2023-01-06', 3);
CREATE TABLE histories AS SELECT customer, history_agg(day, amount) AS history FROM purchases GROUP BY customer;

-- A customer's periods with rows, and the one after each with a purchase; nothing of the functions that are tested
CREATE FUNCTION plain_activity(period text, from_date date, as_of date) RETURNS TABLE (period_start date, complete boolean, revenue numeric, orders bigint,
    active bigint, new bigint, retained bigint, returned bigint, lapsed bigint, new_revenue numeric, retained_revenue numeric, returned_revenue numeric,
    lapsed_revenue numeric, inactive_revenue numeric) LANGUAGE sql AS $$
    WITH step AS (SELECT CASE period WHEN 'quarter' THEN interval '3 months' ELSE ('1 ' || period)::interval END AS step
    ), of_customer AS (
        SELECT customer, date_trunc(period, day)::date AS at, count(*) FILTER (WHERE amount >= 0) AS orders, sum(amount) AS revenue
        FROM purchases WHERE day < as_of GROUP BY 1, 2
    ), shown AS (
        SELECT customer, at, orders, revenue FROM of_customer
        UNION ALL
        SELECT o.customer, (o.at + step)::date, 0, 0 FROM of_customer o, step WHERE o.orders > 0 AND (o.at + 2 * step)::date <= as_of
            AND NOT EXISTS (SELECT FROM of_customer n WHERE n.customer = o.customer AND n.at = (o.at + step)::date)
    ), known AS (
        SELECT s.*, (s.at + step)::date <= as_of AS complete, b.revenue AS before,
            EXISTS (SELECT FROM of_customer e WHERE e.customer = s.customer AND e.orders > 0 AND e.at < s.at) AS bought
        FROM step, shown s LEFT JOIN of_customer b ON b.customer = s.customer AND b.orders > 0 AND (b.at + (SELECT step FROM step))::date = s.at
    ), summed AS (
        SELECT at, sum(revenue) AS revenue, sum(orders)::bigint AS orders, count(*) FILTER (WHERE orders > 0) AS active,
            count(*) FILTER (WHERE orders > 0 AND NOT bought) AS new, count(*) FILTER (WHERE orders > 0 AND before IS NOT NULL) AS retained,
            count(*) FILTER (WHERE orders > 0 AND bought AND before IS NULL) AS returned,
            count(*) FILTER (WHERE orders = 0 AND before IS NOT NULL AND complete) AS lapsed,
            sum(revenue) FILTER (WHERE orders > 0 AND NOT bought) AS new_revenue, sum(revenue) FILTER (WHERE orders > 0 AND before IS NOT NULL) AS retained_revenue,
            sum(revenue) FILTER (WHERE orders > 0 AND bought AND before IS NULL) AS returned_revenue,
            sum(before) FILTER (WHERE orders = 0 AND complete) AS lapsed_revenue, sum(revenue) FILTER (WHERE orders = 0) AS inactive_revenue
        FROM known WHERE at >= date_trunc(period, from_date) GROUP BY at
    )
    SELECT g::date, (g + step)::date <= as_of, coalesce(s.revenue, 0), coalesce(s.orders, 0), coalesce(s.active, 0), coalesce(s.new, 0), coalesce(s.retained, 0),
        coalesce(s.returned, 0), CASE WHEN (g + step)::date <= as_of THEN coalesce(s.lapsed, 0) END, coalesce(s.new_revenue, 0), coalesce(s.retained_revenue, 0),
        coalesce(s.returned_revenue, 0), CASE WHEN (g + step)::date <= as_of THEN coalesce(s.lapsed_revenue, 0) END, coalesce(s.inactive_revenue, 0)
    FROM step, generate_series((SELECT min(at) FROM summed)::timestamp, (as_of - 1)::timestamp, step) g LEFT JOIN summed s ON s.at = g::date
$$;
SELECT set_eq(format('SELECT p.* FROM activity_periods((SELECT activity_agg(history, %1$L, %2$L, %3$L) FROM histories)) p', period, from_date, as_of),
    format('SELECT * FROM plain_activity(%L, %L, %L)', period, from_date, as_of), format('growth by %s from %s as of %s', period, from_date, as_of))
FROM (VALUES ('month', date '2020-01-01', date '2025-04-16'), ('month', '2023-02-14', '2025-05-01'), ('month', '2021-01-01', '2024-02-29'), ('quarter', '2021-01-01', '2025-04-01'),
    ('quarter', '2022-05-05', '2025-03-31'), ('week', '2022-12-31', '2023-05-15'), ('year', '2000-01-01', '2025-01-01'), ('year', '2023-01-01', '2024-12-31'),
    ('day', '2023-10-01', '2023-12-24'), ('month', '2025-06-01', '2025-05-01'), ('month', '2021-06-16', '2021-06-16')) v(period, from_date, as_of);
SELECT ok(bool_and(active_customers = before - lapsed_customers + new_customers + returned_customers), 'active are those before, less the lapsed, and the new and the returned')
FROM (SELECT p.*, lag(active_customers) OVER (ORDER BY period_start) AS before FROM activity_periods((SELECT activity_agg(history, 'month', '2020-01-01', '2025-05-01') FROM histories)) p) p WHERE before IS NOT NULL;
SELECT ok(bool_and(revenue = new_revenue + retained_revenue + returned_revenue + inactive_revenue), 'revenue is that of the new, the retained, the returned and the inactive')
FROM activity_periods((SELECT activity_agg(history, 'week', '2022-01-01', '2025-05-01') FROM histories));

-- rollup of parts, forms, row order
CREATE TEMP TABLE whole AS SELECT activity_agg(history, 'month', '2021-01-01', '2025-04-16') AS a FROM histories;
SELECT is((SELECT rollup(part) FROM (SELECT activity_agg(history, 'month', '2021-01-01', '2025-04-16') AS part FROM histories GROUP BY customer % 17) p), (SELECT a FROM whole), 'the rollup of parts is the whole');
SELECT is((SELECT rollup(part::text::activity) FROM (SELECT activity_agg(history, 'month', '2021-01-01', '2025-04-16') AS part FROM histories GROUP BY customer) p), (SELECT a FROM whole),
    '... sent on as text, one customer each');
SELECT is((SELECT activity_agg(history, 'month', '2021-01-01', '2025-04-16' ORDER BY customer % 13, customer DESC) FROM histories), (SELECT a FROM whole), '... in another order');
SELECT is((SELECT x.part + y.part FROM (SELECT activity_agg(history, 'month', '2021-01-01', '2025-04-16') AS part FROM histories WHERE customer < 300) x,
    (SELECT activity_agg(history, 'month', '2021-01-01', '2025-04-16') AS part FROM histories WHERE customer >= 300) y), (SELECT a FROM whole), 'the sum of two');
SELECT is(pg_temp.receive('activity', _clientele.activity_send(a)), a::text, 'binary round trip') FROM whole;
SELECT ok(a::text::activity = a AND a >= a AND NOT a <> a AND _clientele.activity_hash(a) = _clientele.activity_hash(a::text::activity), 'text round trip, comparison, hash') FROM whole;
CREATE TEMP TABLE example (text) AS VALUES ('[month 2025-01-01 2025-03-15]{12/10/0/0/0:250.5/0/0/0/0;;3/0/2/1/8:0/60/20/190/-5}');
SELECT is(text::activity::text, text, 'text') FROM example;
SELECT is(text::activity::jsonb, '{"period": "month", "as_of": "2025-03-15", "periods": [{"period_start": "2025-01-01", "orders": 12, "new": 10, "retained": 0, "returned": 0, "lapsed": 0,
    "new_revenue": 250.5, "retained_revenue": 0, "returned_revenue": 0, "lapsed_revenue": 0, "inactive_revenue": 0}, {"period_start": "2025-02-01", "orders": 0, "new": 0, "retained": 0,
    "returned": 0, "lapsed": 0, "new_revenue": 0, "retained_revenue": 0, "returned_revenue": 0, "lapsed_revenue": 0, "inactive_revenue": 0}, {"period_start": "2025-03-01", "orders": 3,
    "new": 0, "retained": 2, "returned": 1, "lapsed": 8, "new_revenue": 0, "retained_revenue": 60, "returned_revenue": 20, "lapsed_revenue": 190, "inactive_revenue": -5}]}', 'jsonb') FROM example;

-- nothing, NULLs
SELECT is((SELECT activity_agg(history, 'month', '2025-01-01', '2025-02-15') FROM histories WHERE false), NULL, 'nothing without rows');
SELECT is((SELECT activity_agg(NULL::purchase_history, 'month', '2025-01-01', '2025-02-15')::text), '[month 2025-01-01 2025-02-15]{;}', 'a NULL is nobody');
SELECT is_empty($$ SELECT * FROM activity_periods('[month 2025-01-01 2025-02-15]{;}') $$, '... and has no rows');
SELECT is((SELECT activity_agg(history, 'month', '2025-03-01', '2025-02-15')::text FROM histories), '[month 2025-03-01 2025-02-15]{}', 'no period');

-- bad input
SELECT throws_ok($$ SELECT activity_agg(history, 'fortnight', '2025-01-01', '2025-02-15') FROM histories $$, '22023', NULL, 'another period');
SELECT throws_ok(format('SELECT activity_agg(history, %s) FROM histories', arguments), '22023', NULL, 'parameters: ' || arguments)
FROM unnest(ARRAY['NULL, ''2025-01-01'', ''2025-02-15''', '''month'', NULL, ''2025-02-15''', '''month'', ''2025-01-01'', NULL', '''month'', date ''2025-01-01'' + customer % 200, ''2025-12-31''',
    '''month'', ''2025-01-01'', date ''2025-12-01'' + customer % 2', 'CASE WHEN customer < 5 THEN ''month'' ELSE ''week'' END, ''2025-01-01'', ''2025-12-31''']) arguments;
SELECT throws_ok(format('SELECT activity_agg(history, ''month'', %s) FROM histories', arguments), '22008', NULL, 'infinite: ' || arguments)
FROM unnest(ARRAY['''-infinity'', ''2025-02-15''', '''2025-01-01'', ''infinity''']) arguments;
SELECT throws_ok($$ SELECT activity_agg(history, 'day', '1990-01-01', '2025-02-15') FROM histories $$, '54000', 'too many periods for an activity: 12829', 'too many periods');
SELECT throws_ok($$ SELECT '[month 2025-01-01 2025-02-15]{;}'::activity + '[month 2025-01-01 2025-03-15]{;;}' $$, '22023', NULL, 'another date');
SELECT throws_ok($$ SELECT '[month 2025-01-01 2025-01-15]{9223372036854775807/1/0/0/0:1/0/0/0/0}'::activity + '[month 2025-01-01 2025-01-15]{1/1/0/0/0:1/0/0/0/0}' $$, '22003', NULL, 'too many orders');
SELECT throws_ok(format('SELECT %L::activity', text), '22P02', NULL, 'text ' || text) FROM unnest(ARRAY['', '[month 2025-01-01 2025-02-15]', '[month 2025-01-02 2025-02-15]{;}',
    '[month 2025-01-01 2025-02-15]{}', '[month 2025-01-01 2025-02-15]{;;}', '[month 2025-01-01 2025-02-15]{;}x', '[fortnight 2025-01-01 2025-02-15]{;}', '[day 1990-01-01 2025-02-15]{}',
    '[month 2025-01-01 2025-02-15]{-1/0/0/0/0:0/0/0/0/0;}', '[month 2025-01-01 2025-02-15]{1/0/0/0/0:1/0/0/0/0;}', '[month 2025-01-01 2025-02-15]{1/1/0/0/0:1/0/0/0;}',
    '[month 2025-01-01 2025-02-15]{1/1/0/0/0:1/0/0/0/2;}', '[month 2025-01-01 infinity]{;}']) text;
SELECT throws_ok(format($$ SELECT pg_temp.receive('activity', %L) $$, bytes), '22P03', NULL, 'binary ' || bytes::text) FROM unnest(ARRAY['\x', '\x02', '\x0102' || int4send(9000) || int4send(1),
    '\x0105' || int4send(9000) || int4send(0), '\x0102' || int4send(2147483647) || int4send(0), '\x0102' || int4send(9000) || int4send(-1), '\x0102' || int4send(9000) || int4send(10001),
    '\x0102' || int4send(-2451544) || int4send(3)]::bytea[]) bytes;
SELECT * FROM finish();
ROLLBACK;
