--
-- Calendar periods, amounts and shares: what all measures have in common
--
SET DateStyle = ISO;

-- The first day of a calendar period. Weeks are ISO weeks, from Monday.
SELECT period, period_start(date '2025-05-17', period)
FROM unnest(ARRAY['day', 'week', 'month', 'quarter', 'year']) AS period;
SELECT period_start(timestamp '2025-01-01 00:30', 'week');

-- The day of a timestamptz depends on the place, so it has to be named.
SELECT time_zone, period_start(timestamptz '2025-01-31 23:30+00', 'month', time_zone)
FROM unnest(ARRAY['Europe/Berlin', 'America/New_York', 'UTC']) AS time_zone;
SELECT period_start(timestamptz '2025-01-31 23:30+00', 'month');
SELECT period_start('2025-01-31', 'month');
SELECT period_start(date '2025-01-31', 'month', 'Europe/Berlin');
SELECT period_start(timestamptz '2025-01-31 23:30+00', 'month', 'CET');
SELECT period_start(date '2025-01-31', 'fortnight');
SELECT period_start(date 'infinity', 'month');

-- Amounts are finite and kept at four decimals in 64 bits.
SELECT amount, valid_amount(amount)
FROM (VALUES (12.5), (-922337203685477.5807), (922337203685477.5808), ('NaN'), ('Infinity')) AS amounts(amount);
SELECT valid_amount(double precision 'NaN') AS double, valid_amount(real '1e15') AS real, valid_amount(1000000) AS bigint;

-- A share with the interval in which the true one lies: 5 of 10, 500 of 1000, none of 10.
SELECT successes, trials, estimate, round(lower::numeric, 4) AS lower, round(upper::numeric, 4) AS upper
FROM (VALUES (5, 10), (500, 1000), (0, 10)) AS counts(successes, trials), wilson_interval(successes, trials);
SELECT round(lower::numeric, 4) AS lower, round(upper::numeric, 4) AS upper FROM wilson_interval(5, 10, level => 0.99);

-- Nothing observed is no share.
SELECT * FROM wilson_interval(0, 0);
SELECT wilson_interval(11, 10);
SELECT wilson_interval(5, 10, 95);
