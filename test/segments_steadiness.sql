-- xyz_class, variation and demand_interval of histories against plain SQL on random histories, and their edges
BEGIN;
SELECT no_plan();

SELECT setseed(0.2);
CREATE TABLE purchases AS
SELECT n AS customer, date '2023-01-01' + (random() * 1000)::integer AS day,
    CASE WHEN random() < 0.05 THEN -20 ELSE round((100 + (n % 50) * random())::numeric, 2) END AS amount
FROM generate_series(1, 600) n, LATERAL generate_series(1, (n % 40) * (n % 3)) m;
CREATE TABLE histories AS
SELECT n AS customer, coalesce(h.history, '{}') AS history
FROM generate_series(1, 600) n
LEFT JOIN (SELECT customer, history_agg(day, amount) AS history FROM purchases GROUP BY customer) h ON h.customer = n;

CREATE FUNCTION plain(period text, from_date date, as_of date) RETURNS TABLE (customer integer, variation numeric, interval_ numeric) LANGUAGE sql AS $$
    WITH starts AS (
        SELECT p.customer, greatest(date_trunc(period, min(p.day))::date,
            CASE WHEN isfinite(from_date) THEN CASE WHEN date_trunc(period, from_date)::date = from_date THEN from_date
                ELSE (date_trunc(period, from_date) + (CASE period WHEN 'quarter' THEN '3 months' ELSE '1 ' || period END)::interval)::date END ELSE '-infinity' END) AS first
        FROM purchases p WHERE p.amount >= 0 GROUP BY p.customer),
    periods AS (
        SELECT s.customer, g::date AS start, coalesce(sum(p.amount), 0) AS amount, count(p.day) FILTER (WHERE p.amount >= 0) AS orders
        FROM starts s
        CROSS JOIN LATERAL generate_series(s.first::timestamp, as_of::timestamp, (CASE period WHEN 'quarter' THEN '3 months' ELSE '1 ' || period END)::interval) g
        LEFT JOIN purchases p ON p.customer = s.customer AND date_trunc(period, p.day) = g
        WHERE g + (CASE period WHEN 'quarter' THEN '3 months' ELSE '1 ' || period END)::interval <= as_of
        GROUP BY s.customer, g)
    SELECT n, v.variation, d.gap FROM generate_series(1, 600) n
    LEFT JOIN (SELECT p.customer, CASE WHEN count(*) >= 3 AND sum(amount) > 0
                THEN sqrt(count(*) * sum(amount * amount) - sum(amount) ^ 2) / sum(amount) END AS variation
               FROM periods p GROUP BY p.customer) v ON v.customer = n
    LEFT JOIN (SELECT a.customer, avg(a.gap) AS gap
               FROM (SELECT i.customer, i.n - lag(i.n) OVER (PARTITION BY i.customer ORDER BY i.n) AS gap
                     FROM (SELECT p.*, row_number() OVER (PARTITION BY p.customer ORDER BY p.start) AS n FROM periods p) i
                     WHERE i.orders > 0) a GROUP BY a.customer) d ON d.customer = n
$$;
CREATE FUNCTION pg_temp.differences(period text, from_date date, as_of date) RETURNS bigint LANGUAGE sql AS $$
    SELECT count(*) FROM plain(period, from_date, as_of) p JOIN histories h USING (customer)
    WHERE abs(variation(h.history, period, from_date, as_of) - p.variation) > 1e-9
        OR (variation(h.history, period, from_date, as_of) IS NULL) <> (p.variation IS NULL)
        OR xyz_class(h.history, period, from_date, as_of, 0.8, 1.2) IS DISTINCT FROM
            CASE WHEN p.variation <= 0.8 THEN 'X' WHEN p.variation <= 1.2 THEN 'Y' WHEN p.variation IS NOT NULL THEN 'Z' END
        OR abs(demand_interval(h.history, period, from_date, as_of) - p.interval_) > 1e-9
        OR (demand_interval(h.history, period, from_date, as_of) IS NULL) <> (p.interval_ IS NULL)
$$;
SELECT is(pg_temp.differences(period, from_date, as_of), 0::bigint, format('by %s from %s to %s', period, from_date, as_of))
FROM (VALUES ('month', date '-infinity', date '2025-09-01'), ('quarter', '2023-03-15', '2025-08-20'), ('week', '2024-01-01', '2025-02-01'),
    ('year', '-infinity', '2026-01-01'), ('month', '2024-05-01', '2024-06-30'), ('month', '2030-01-01', '2031-01-01')) v(period, from_date, as_of);
SELECT cmp_ok(count(DISTINCT xyz_class(history, 'month', '-infinity', '2025-09-01', 0.8, 1.2)), '=', 3::bigint, 'all three classes occur') FROM histories;

-- the zero periods decide
SELECT is(round(variation('{2025-01-05:10}', 'month', '-infinity', ('2025-01-01'::date + n * interval '1 month')::date)::numeric, 9),
    round(sqrt(n - 1)::numeric, 9), 'one purchase in ' || n || ' months') FROM unnest(ARRAY[3, 6, 12]) n;
SELECT is(xyz_class('{2025-01-05:10,2025-03-05:10,2025-05-05:10}', 'month', '-infinity', '2025-07-01'), 'Z',
    'who buys the same every second month is not steady');
SELECT is(demand_interval('{2025-01-05:10,2025-03-05:10,2025-05-05:10}', 'month', '-infinity', '2025-07-01'), 2::double precision, '... but regular');
SELECT is(xyz_class('{2025-01-05:10,2025-02-05:10,2025-03-05:10}', 'month', '-infinity', '2025-04-30'), 'X', 'the month under way does not count');
SELECT is(xyz_class('{2025-01-05:10,2025-02-05:10}', 'month', '-infinity', '2025-03-01'), NULL, 'two periods say nothing');
SELECT is(xyz_class('{2025-01-05:10,2025-02-05:-10/0/1,2025-03-05:-5/0/1}', 'month', '-infinity', '2025-04-01'), NULL, 'nor does a mean below zero');
SELECT is(xyz_class('{}', 'month', '2025-01-01', '2025-12-01'), NULL, 'nor nobody');
SELECT is(xyz_class('{2025-02-05:10,2025-03-05:10,2025-04-05:10}', 'month', '2025-01-01', '2025-05-01'), 'X', 'months before the first order do not count');

-- limits are met exactly: 9, 10, 11 have a variance of 2/3 and a mean of 10
SELECT is(xyz_class('{2025-01-01:90,2025-02-01:100,2025-03-01:110}', 'month', '-infinity', '2025-04-01', 0.0816, 0.0817), 'Y', 'just above x');
SELECT is(xyz_class('{2025-01-01:3,2025-02-01:5,2025-03-01:3,2025-04-01:5}', 'month', '-infinity', '2025-05-01', 0.25, 0.25), 'X', 'exactly x is X');
SELECT is(xyz_class('{2025-01-01:3,2025-02-01:5,2025-03-01:3,2025-04-01:5}', 'month', '-infinity', '2025-05-01', 0.2499999999, 0.25), 'Y', '... and exactly y is Y');
SELECT is(xyz_class('{2025-01-01:30000000000000000000000,2025-02-01:50000000000000000000000,2025-03-01:30000000000000000000000,2025-04-01:50000000000000000000000}',
    'month', '-infinity', '2025-05-01', 0.24, 0.26), 'Y', 'amounts past any money keep their class');

SELECT throws_ok(statement, '22023', NULL, statement) FROM unnest(ARRAY[
    $$ SELECT xyz_class('{}', 'fortnight', '2025-01-01', '2025-12-01') $$, $$ SELECT xyz_class('{}', 'month', '2025-01-01', '2025-12-01', 0.3, 0.2) $$,
    $$ SELECT xyz_class('{}', 'month', '2025-01-01', '2025-12-01', -0.1) $$, $$ SELECT xyz_class('{}', 'month', '2025-01-01', '2025-12-01', 'NaN', 'NaN') $$,
    $$ SELECT xyz_class('{}', 'month', '2025-01-01', '2025-12-01', 0.1, 'Infinity') $$]) statement;
SELECT throws_ok($$ SELECT variation('{}', 'month', '2025-01-01', 'infinity') $$, '22008', NULL, 'an infinite as_of');

-- the aggregates over values, one per period
CREATE TABLE amounts AS
SELECT n % 300 AS customer, CASE WHEN random() < 0.1 THEN NULL ELSE round((50 + random() * (n % 97) - (n % 11) * 5)::numeric, n % 4) END AS amount
FROM generate_series(1, 6000) n;
INSERT INTO amounts VALUES (1000, NULL), (1001, 5), (1001, 5), (1002, 0), (1002, 0), (1002, 0), (1003, -1), (1003, -1), (1003, -1);
CREATE VIEW plain_amounts AS
SELECT customer, CASE WHEN count(amount) >= 3 AND sum(amount) > 0
    THEN sqrt(count(amount) * sum(amount * amount) - sum(amount) ^ 2) / sum(amount) END AS variation
FROM amounts GROUP BY customer;
SELECT is((SELECT count(*) FROM (SELECT customer, variation(amount) AS ours, xyz_class(amount, 0.4, 0.6) AS class, xyz_class(amount) AS usual FROM amounts GROUP BY customer) a
        JOIN plain_amounts p USING (customer)
        WHERE abs(a.ours - p.variation) > 1e-12 OR (a.ours IS NULL) <> (p.variation IS NULL)
            OR a.class IS DISTINCT FROM CASE WHEN p.variation <= 0.4 THEN 'X' WHEN p.variation <= 0.6 THEN 'Y' WHEN p.variation IS NOT NULL THEN 'Z' END
            OR a.usual IS DISTINCT FROM CASE WHEN p.variation <= 0.1 THEN 'X' WHEN p.variation <= 0.25 THEN 'Y' WHEN p.variation IS NOT NULL THEN 'Z' END), 0::bigint,
    'values grouped by customer');
SELECT cmp_ok(count(DISTINCT c), '=', 3::bigint, '... in all three classes') FROM (SELECT xyz_class(amount, 0.4, 0.6) AS c FROM amounts GROUP BY customer) s;
SELECT is(variation(v), NULL, 'no row') FROM (SELECT 1 AS v WHERE false) s;
SELECT is(xyz_class(v), 'X', 'exactly 0.10') FROM unnest(ARRAY[9, 11, 9, 11]) v;
SELECT is(xyz_class(v), 'Y', 'exactly 0.25') FROM unnest(ARRAY[3, 5, 3, 5]) v;
SELECT is(xyz_class(v, 0.24999999, 0.24999999), 'Z', '... and just above a limit') FROM unnest(ARRAY[3, 5, 3, 5]) v;
SELECT results_eq(format('SELECT variation(a), xyz_class(a, 0.2, 0.5) FROM (SELECT n %% 7 AS g, (n * 37 %% 91)::%s AS a FROM generate_series(1, 200) n) s GROUP BY g ORDER BY g', type),
    'SELECT variation(a), xyz_class(a, 0.2, 0.5) FROM (SELECT n % 7 AS g, n * 37 % 91 AS a FROM generate_series(1, 200) n) s GROUP BY g ORDER BY g', 'values as ' || type)
FROM unnest(ARRAY['smallint', 'bigint', 'real', 'double precision', 'numeric']) type;
SELECT results_eq('SELECT customer, variation(amount) FROM (SELECT * FROM amounts ORDER BY md5(amount::text)) s GROUP BY customer ORDER BY customer',
    'SELECT customer, variation(amount) FROM amounts GROUP BY customer ORDER BY customer', 'the order of rows does not matter');
SELECT is(count(*), 0::bigint, 'values and histories agree') FROM (
    SELECT xyz_class(h.history, 'month', '-infinity', '2025-09-01', 0.8, 1.2) AS class, variation(h.history, 'month', '-infinity', '2025-09-01') AS figure, v.*
    FROM histories h, LATERAL (SELECT xyz_class(v.amount, 0.8, 1.2) AS class_of_values, variation(v.amount) AS figure_of_values
        FROM period_values(h.history, 'month', '-infinity', '2025-09-01') v) v) s
WHERE class IS DISTINCT FROM class_of_values OR figure IS DISTINCT FROM figure_of_values;
SELECT results_eq('SELECT n, variation(v) OVER (ORDER BY n) FROM (SELECT n, n * n AS v FROM generate_series(1, 20) n) s',
    'SELECT n, (SELECT variation(m * m) FROM generate_series(1, n) m) FROM generate_series(1, 20) n', 'a running window');

-- in parallel, and over states that went through text
SET LOCAL parallel_setup_cost = 0;
SET LOCAL parallel_tuple_cost = 0;
SET LOCAL min_parallel_table_scan_size = 0;
\ir include/plan_of.sql
SELECT matches(string_agg(line, E'\n'), 'Partial Aggregate', 'a parallel plan') FROM pg_temp.plan_of('SELECT variation(amount), xyz_class(amount, 0.4, 0.6) FROM amounts') line;
CREATE TEMP TABLE in_parallel AS SELECT variation(amount), xyz_class(amount, 0.4, 0.6) FROM amounts;
SET LOCAL max_parallel_workers_per_gather = 0;
SELECT results_eq('SELECT * FROM in_parallel', 'SELECT variation(amount), xyz_class(amount, 0.4, 0.6) FROM amounts', '... gives the same');
CREATE AGGREGATE variation_state(numeric) (SFUNC = _clientele.variation_accum, STYPE = bytea);
CREATE AGGREGATE variation_merge(bytea) (SFUNC = _clientele.variation_combine, STYPE = bytea, FINALFUNC = _clientele.variation_final);
SELECT throws_ok(format($$ SELECT variation_merge(s) FROM (SELECT overlay('\x01000000'::bytea || decode(repeat('00', 88), 'hex') PLACING %L::bytea FROM 29) AS s FROM generate_series(1, 2)) t $$, rows),
    'XX001', NULL, 'a state of ' || what || ' rows is none') FROM (VALUES ('\xfeffffffffffffff', 'minus two'), ('\xffffffffffffff7f', '2^63 - 1')) v(rows, what);
SELECT is((SELECT variation_merge(state::text::bytea) FROM (SELECT variation_state(amount) AS state FROM amounts GROUP BY customer) s),
    (SELECT variation(amount) FROM amounts), 'states merged through text');
SELECT throws_ok($$ SELECT variation_merge(s) FROM (VALUES ('\x00'::bytea), (NULL)) v(s) $$, 'XX001', NULL, 'a state that is none');
CREATE TEMP TABLE odd_states (n integer, state bytea);
ALTER TABLE odd_states ALTER state SET STORAGE PLAIN;
INSERT INTO odd_states VALUES (1);
UPDATE odd_states SET state = (SELECT variation_state(amount) FROM amounts) || '';
SELECT is(pg_column_size(state), length(state) + 4, 'a state with a long header, which is not aligned here') FROM odd_states;
SELECT is(_clientele.variation_final(state), (SELECT variation(amount) FROM amounts), 'a state in the middle of a row') FROM odd_states;
SELECT is(_clientele.xyz_class_final(state), (SELECT xyz_class(amount) FROM amounts), '... and its class') FROM odd_states;

SELECT throws_ok(format('SELECT xyz_class(v, %s) FROM unnest(ARRAY[1, 2, 3]) v', limits), '22023', NULL, 'limits ' || limits)
FROM unnest(ARRAY['0.3, 0.2', '-0.1, 0.2', 'NULL, 0.2', '0.1, NULL', '''NaN'', 0.2', '0.1, ''Infinity''', '0.123456789, 0.2', '0.1, 1e12']) limits;
-- limits that differ between rows: in any order, and in any plan
SELECT throws_like(format('SELECT xyz_class(v, x, y) FROM (VALUES %s) s(v, x, y)', rows), expected, rows) FROM (VALUES
    ('(1, 0.1, 0.2), (2, 0.1, 0.3)', '%parameter "y": not the same%'), ('(1, 0.1, 0.3), (2, 0.1, 0.2)', '%parameter "y": not the same%'),
    ('(1, 0.1, 0.2), (2, 0.2, 0.2)', '%parameter "x": not the same%'), ('(NULL, 0.1, 0.2), (2, 0.15, 0.2)', '%parameter "x": not the same%'),
    ('(1, 0.1, 0.2), (2, NULL, 0.2)', '%parameter "x": NULL%'), ('(1, 0.1, 0.2), (2, 0.1, NULL)', '%parameter "y": NULL%'), ('(1, 0.1, 0.2), (NULL, NULL, 0.2)', '%parameter "x": NULL%'),
    ('(1, 0.1, 0.2), (2, -0.1, 0.2)', '%parameter "x": -0.1%'), ('(1, 0.1, 0.2), (2, 0.1, ''NaN'')', '%parameter "y": NaN%'), ('(1, 0.1, 0.2), (2, 0.1, 0.2000000001)', '%parameter "y": 0.2000000001%')) v(rows, expected);
SELECT is(xyz_class(v, x, y), 'X', 'equal limits, written otherwise') FROM (VALUES (9, 0.1, 0.2), (11, 0.10, 0.20000), (9, 0.1000000000000, 2e-1), (11, 0.1, 0.2)) s(v, x, y);
CREATE TABLE limited AS SELECT n, n % 7 + 10 AS v, 0.1 AS x, CASE WHEN n = 9000 THEN 0.4 ELSE 0.3 END AS y FROM generate_series(1, 20000) n;
SET LOCAL max_parallel_workers_per_gather = 2;
SELECT matches(string_agg(line, E'\n'), 'Partial Aggregate', 'a parallel plan over limits') FROM pg_temp.plan_of('SELECT xyz_class(v, x, y) FROM limited') line;
SELECT throws_like('SELECT xyz_class(v, x, y) FROM limited', '%parameter "y": not the same%', '... finds that they differ');
SET LOCAL max_parallel_workers_per_gather = 0;
SELECT throws_like('SELECT xyz_class(v, x, y) FROM limited', '%parameter "y": not the same%', '... as one process does');
SELECT throws_like(format('SELECT xyz_class(v, x, y) FROM (SELECT * FROM limited ORDER BY %s) s', rows), '%parameter "y": not the same%', '... by ' || rows) FROM unnest(ARRAY['n', 'n DESC', 'y', 'y DESC']) rows;
CREATE AGGREGATE limited_state(integer, numeric, numeric) (SFUNC = _clientele.variation_accum, STYPE = bytea);
CREATE AGGREGATE limited_merge(bytea) (SFUNC = _clientele.variation_combine, STYPE = bytea, FINALFUNC = _clientele.xyz_class_final);
SELECT throws_like('SELECT limited_merge(state) FROM (SELECT limited_state(v, x, y) AS state FROM limited GROUP BY y) s', '%parameter "y": not the same%', '... and states do');

SELECT throws_ok(format('SELECT variation(v) FROM (VALUES (%L::%s)) s(v)', bad, type), '22003', NULL, bad || ' as ' || type)
FROM unnest(ARRAY['NaN', 'Infinity']) bad, unnest(ARRAY['real', 'double precision', 'numeric']) type;
SELECT throws_ok(format('SELECT variation(v) FROM (VALUES %s) s(v)', rows), '22003', NULL, rows) FROM unnest(ARRAY[
    '(1e38), (1e38)', '(1e30), (1e-20)', '(1e-20), (1e30)', '(1e30), (-1e30), (1e-38)', '(1e20), (-1e20), (1e-32), (1e-36)']) rows;

-- averages, quotients and floating point, against numeric: their squares have up to eighty digits
CREATE TABLE fine AS
SELECT n % 50 AS g, CASE n % 50 % 5 WHEN 0 THEN n / 3.0 WHEN 1 THEN (random() * 1000)::numeric / 7 WHEN 2 THEN (random() * 1e6)::numeric * 1.000000000001
    WHEN 3 THEN n * 1e6 + random()::numeric - 1e6 WHEN 4 THEN CASE WHEN n % 3 = 0 THEN -0.1 ELSE 1 END * round(random()::numeric * 10::numeric ^ (n % 12), n % 17) END AS v
FROM generate_series(1, 5000) n;
INSERT INTO fine SELECT 50 + n % 20, avg(v) FROM (SELECT n, round((random() * 500)::numeric, 2) AS v FROM generate_series(1, 3000) n, generate_series(1, 7)) s GROUP BY n;
CREATE VIEW plain_fine AS SELECT g, sqrt(count(*) * sum(v * v) - sum(v) ^ 2) / sum(v) AS variation FROM fine GROUP BY g;
CREATE VIEW ours_fine AS SELECT g, variation(v) AS variation, xyz_class(v, 0.4, 0.6) AS class FROM fine GROUP BY g;
SELECT is(count(*), 0::bigint, 'values of many digits') FROM ours_fine o JOIN plain_fine p USING (g)
WHERE abs(o.variation - p.variation) > 1e-12 OR o.variation IS NULL OR p.variation IS NULL
    OR o.class IS DISTINCT FROM CASE WHEN p.variation <= 0.4 THEN 'X' WHEN p.variation <= 0.6 THEN 'Y' ELSE 'Z' END;
SELECT is(count(*), 70::bigint, '... in all groups') FROM ours_fine;
SELECT cmp_ok(count(DISTINCT class), '>', 1::bigint, '... of several classes') FROM ours_fine;
SELECT is(round(variation(v)::numeric, 12), round(stddev_pop(v::numeric) / avg(v::numeric), 12), 'random floating point') FROM (SELECT random() * 1000 AS v FROM generate_series(1, 10000)) s;
SELECT results_eq('SELECT g, variation(v) FROM (SELECT * FROM fine ORDER BY md5(v::text)) s GROUP BY g ORDER BY g', 'SELECT g, variation FROM ours_fine ORDER BY g', 'the order of rows, and so of scales, does not matter');
SET LOCAL max_parallel_workers_per_gather = 2;
CREATE TEMP TABLE fine_in_parallel AS SELECT variation(v), xyz_class(v) FROM fine WHERE g >= 20;
SET LOCAL max_parallel_workers_per_gather = 0;
SELECT results_eq('SELECT * FROM fine_in_parallel', 'SELECT variation(v), xyz_class(v) FROM fine WHERE g >= 20', '... nor does the plan');
SELECT is((SELECT variation_merge(state::text::bytea) FROM (SELECT variation_state(v) AS state FROM fine WHERE g >= 20 GROUP BY g) s), (SELECT variation(v) FROM fine WHERE g >= 20), '... nor do states of different scales through text');
SELECT is(round(variation(v)::numeric, 12), round(e::numeric, 12), a::text || ' exactly') FROM (VALUES (ARRAY[1e30, 1e30, 0], sqrt(0.5)), (ARRAY[3e37, 3e37, -1e37], 1.1313708498984762), (ARRAY[1e-38, 1e-38, 0], sqrt(0.5))) t(a, e), unnest(a) v GROUP BY a, e;
SELECT is(xyz_class(v, 0.1, 0.1), class, class || ' at the limit') FROM (VALUES ('X', ARRAY[9, 11, 9, 11]), ('Z', ARRAY[9, 11, 9, 11.000000000000000000000000000000001])) t(class, a), unnest(a) v GROUP BY class;
SELECT is(xyz_class('{2025-01-01:90000000000000000000000,2025-02-01:110000000000000000000000.0001,2025-03-01:90000000000000000000000,2025-04-01:110000000000000000000000}',
    'month', '-infinity', '2025-05-01', 0.1, 0.1), 'Z', 'and a history of as many');

-- twenty digits
SELECT is(round(variation(v)::numeric, 12), round(sqrt(2::numeric), 12), 'one of three brings nearly all, in numbers of twenty digits')
FROM (VALUES (12000000000000000000::numeric), (1), (1)) n(v);

SELECT * FROM finish();
ROLLBACK;
