-- Tiers, points and discounts, as a reader of the documentation would try them.

-- The tier of a customer on some days: silver from 100 in 12 months, gold from 300, held for three months.
CREATE TABLE bought (day date, amount numeric);
INSERT INTO bought VALUES ('2024-01-10', 120), ('2024-03-05', 200), ('2025-02-01', 50);
CREATE TABLE customer AS SELECT history_agg(day, amount) AS history FROM bought;
SELECT day::date, loyalty_tier(history, day::date, '{100,300}', '{silver,gold}', '12 months', hold => '3 months') AS tier
FROM customer, unnest('{2024-01-10,2024-01-11,2024-03-06,2025-04-09,2025-04-10,2025-06-04,2025-06-05}'::date[]) AS day;

-- What is missing to the next tier, and how long this one is kept.
SELECT day::date, p.* FROM customer, unnest('{2024-02-01,2025-04-09,2025-04-10,2025-06-05}'::date[]) AS day,
    tier_progress(history, day::date, '{100,300}', '{silver,gold}', '12 months', '3 months') AS p;

-- By calendar years, and by days with orders instead of money.
SELECT day::date, loyalty_tier(history, day::date, '{100,300}', '{silver,gold}', '1 year', '1 year', calendar => true) AS by_year,
    loyalty_tier(history, day::date, '{1,2}', '{once,twice}', '1 year', count_by => 'days') AS by_days
FROM customer, unnest('{2024-12-31,2025-01-01,2025-12-31,2026-01-01}'::date[]) AS day;

-- Points, valid for a year: the oldest are redeemed first.
CREATE TABLE points (day date, points integer);
INSERT INTO points VALUES ('2024-01-01', 100), ('2024-04-10', 50), ('2024-07-19', -60), ('2024-10-27', 80), ('2025-01-15', -30);
SELECT points_agg(day, points) FROM points;
SELECT asked::date, b.* FROM (SELECT points_agg(day, points) AS account FROM points) AS a, unnest('{2024-12-10,2024-12-31,2025-02-04,2025-04-11}'::date[]) AS asked,
    points_balance(account, 365, asked::date) AS b;

-- What another validity would have meant.
SELECT valid, b.* FROM (SELECT points_agg(day, points) AS account FROM points) AS a, unnest('{90,180,365,NULL}'::integer[]) AS valid,
    points_balance(account, valid, date '2025-02-04') AS b;

-- Each with a day of expiry of its own: the soonest first. What was redeemed without being there is overdrawn.
SELECT account, (points_balance(account, date '2025-02-01')).*
FROM (SELECT points_agg(day, points, expires_on) AS account
      FROM (VALUES (date '2025-01-01', 50, date '2026-01-01'), ('2025-01-02', 20, '2025-02-15'), ('2025-01-10', -30, NULL)) AS p (day, points, expires_on)) AS a;
SELECT (points_balance('{2025-01-01:50/70}', NULL::integer, '2025-02-01')).overdrawn;

-- What is left by the day it was earned, how long points lasted, and how many of those will be redeemed.
WITH a AS (SELECT points_agg(day, points, day + 365) AS account FROM points),
    t AS (SELECT rollup(points_left(account, '2025-02-04')) AS points_left, points_redemption(account, '2025-02-04') AS redemption FROM a)
SELECT t.points_left, t.redemption, e.* FROM t, points_expected(t.points_left, t.redemption, '2025-02-04') AS e;

-- The total of the parts is the whole.
SELECT rollup(account) FROM (SELECT points_agg(day, points) AS account FROM points GROUP BY extract(year FROM day)) AS by_year;
SELECT '{2025-01-01:50}'::points_account + '{2025-01-01:0/20}' AS sum;

-- Nothing is a value too.
SELECT points_agg(day, points), (points_balance(points_agg(day, points), 365, '2025-01-01')).* FROM points WHERE false;

-- How much more has to be sold at 10 % off with a margin of 30 %: half as much again. With a margin of 10 % no quantity does.
SELECT discount_break_even(0.3, 0.1), discount_break_even(0.4, 0.1), discount_break_even(0.2, 0.15), discount_break_even(0.1, 0.1);

-- What does not make sense is refused.
SELECT loyalty_tier(history, '2025-01-01', '{300,100}', '{gold,silver}') FROM customer;
SELECT loyalty_tier(history, '2025-01-01', '{100,300}', '{silver,gold}', '5 months', calendar => true) FROM customer;
SELECT points_balance('{}', 0, '2025-01-01');
SELECT '{2025-01-01:-5}'::points_account;
SELECT discount_break_even(0.3, 1.5);
