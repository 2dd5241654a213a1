--
-- One customer's orders as one value
--
SET DateStyle = ISO;
CREATE TABLE orders (customer text, ordered_at timestamptz, amount numeric);
INSERT INTO orders VALUES
    ('Ada', '2025-01-03 10:00+01', 12.50), ('Ada', '2025-01-03 18:00+01', 7.50), ('Ada', '2025-02-01 00:30+01', 30),
    ('Ada', '2025-03-01 12:00+01', 19.99), ('Ada', '2025-03-05 12:00+01', -19.99),
    ('Bob', '2025-02-14 09:00+01', 99.90), ('Cyd', '2025-02-20 09:00+01', -5), ('Cyd', NULL, 20), ('Cyd', '2025-02-21', NULL);

-- A day with its amount, and where they are not 1 and 0 its orders and returns.
CREATE TABLE histories AS
SELECT customer, history_agg(ordered_at, amount, 'Europe/Berlin') AS history FROM orders GROUP BY customer;
SELECT * FROM histories ORDER BY customer;

-- It answers what is asked of a customer ...
SELECT customer, order_count(history) AS orders, return_count(history) AS returns, purchase_days(history) AS days,
    revenue(history), first_order(history), last_order(history), round(average_order(history), 2) AS average,
    gap_days(history) AS gap
FROM histories ORDER BY customer;

-- ... as of any day, on which that day's orders do not exist yet, and since any day.
SELECT customer, revenue(history, '2025-02-01') AS before, revenue(history, '2025-02-01', '2025-03-01') AS february,
    revenue(history, '2025-03-01', 'infinity') AS after
FROM histories ORDER BY customer;
SELECT customer, as_of(history, '2025-02-01') FROM histories ORDER BY customer;

-- As rows: its days, and complete calendar periods with the empty ones filled in.
SELECT customer, d.* FROM histories, history_days(history) AS d WHERE customer = 'Ada';
SELECT customer, p.* FROM histories, period_values(history, 'month', '2024-12-01', '2025-03-31') AS p WHERE customer = 'Bob';

-- Histories add up, exactly.
SELECT rollup(history) AS shop, revenue(rollup(history)) FROM histories;
SELECT a.history + b.history AS together, a.history + b.history - b.history = a.history AS again
FROM histories AS a, histories AS b WHERE a.customer = 'Ada' AND b.customer = 'Bob';
SELECT history_agg(ordered_at::date, amount) FROM orders WHERE false;
SELECT history - '{2025-02-14:100}' FROM histories WHERE customer = 'Bob';

-- Running totals, distinct values, jsonb.
SELECT day, history_agg(day, amount) OVER (ORDER BY day)
FROM (VALUES (date '2025-01-01', 10), ('2025-01-08', 20), ('2025-01-08', -5)) AS rows(day, amount);
SELECT count(*) FROM (SELECT DISTINCT history FROM (TABLE histories UNION ALL TABLE histories) AS twice) AS once;
SELECT history::jsonb FROM histories WHERE customer = 'Cyd';

-- Days come in any order and as often as they like.
SELECT '{2025-02-01:5, 2025-01-03:12.50/1/0, 2025-02-01:2.25}'::purchase_history;
SELECT '{2025-02-29:5}'::purchase_history;
SELECT '{2025-02-28:-5}'::purchase_history;

-- What cannot be meant is refused.
SELECT history_agg(ordered_at, amount) FROM orders;
SELECT history_agg(ordered_at::date, amount, 'Europe/Berlin') FROM orders;
SELECT history_agg(ordered_at, amount, 'CEST') FROM orders;
SELECT history_agg(date '2025-01-01', amount) FROM (VALUES ('NaN'::float8)) AS orders(amount);
SELECT history_agg(date '2025-01-01', amount) FILTER (WHERE valid_amount(amount))
FROM (VALUES ('NaN'::float8), (5)) AS orders(amount);
SELECT history_agg(date '-infinity', 5);
SELECT * FROM period_values('{2025-01-01:5}', 'decade', '2025-01-01', '2026-01-01');

DROP TABLE orders, histories;
