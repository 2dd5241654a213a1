-- frequency_class, lifecycle_stage and at_risk against plain SQL on random histories, and their edges
BEGIN;
SELECT no_plan();

-- 3,000 customers with 0 to 12 rows each over three years, returns and shared days among them
SELECT setseed(0.7);
CREATE TABLE purchases AS
SELECT n AS customer, date '2022-06-01' + (random() ^ 0.5 * 1100)::integer AS day,
    CASE WHEN random() < 0.15 THEN -1 ELSE (random() * 3)::integer END AS amount
FROM generate_series(1, 3000) n, LATERAL generate_series(1, (n % 13)) m;
CREATE TABLE histories AS
SELECT n AS customer, coalesce(h.history, '{}') AS history
FROM generate_series(1, 3000) n
LEFT JOIN (SELECT customer, history_agg(day, amount) AS history FROM purchases GROUP BY customer) h ON h.customer = n;

CREATE FUNCTION plain(as_of date, within interval, new_within interval, lost_after interval, by_days boolean)
RETURNS TABLE (customer integer, frequency text, stage text, risk boolean) LANGUAGE sql AS $$
    WITH bought AS (
        SELECT p.customer, p.day, count(*) AS orders FROM purchases p
        WHERE p.amount >= 0 AND p.day < as_of GROUP BY p.customer, p.day),
    gap AS (
        SELECT g.customer, count(g.gap) AS gaps, percentile_cont(0.5) WITHIN GROUP (ORDER BY g.gap) AS median
        FROM (SELECT b.customer, b.day - lag(b.day) OVER (PARTITION BY b.customer ORDER BY b.day) AS gap FROM bought b) g
        GROUP BY g.customer),
    figures AS (
        SELECT b.customer, min(b.day) AS first, max(b.day) AS last,
            coalesce(sum(CASE WHEN by_days THEN 1 ELSE b.orders END) FILTER (WHERE b.day >= as_of - within), 0) AS recent
        FROM bought b GROUP BY b.customer)
    SELECT n, CASE WHEN f.recent >= 3 THEN 'X' WHEN f.recent = 2 THEN 'Y' WHEN f.recent < 2 THEN 'Z' END,
        CASE WHEN f.last < as_of - lost_after THEN 'lost' WHEN f.recent >= 3 THEN 'regular'
             WHEN f.first >= as_of - new_within THEN 'new' WHEN f.first IS NOT NULL THEN 'occasional' END,
        CASE WHEN f.last < as_of - lost_after THEN false
             ELSE as_of - f.last > 2 * CASE WHEN g.gaps >= 3 THEN g.median ELSE 40 END END
    FROM generate_series(1, 3000) n
    LEFT JOIN figures f ON f.customer = n
    LEFT JOIN gap g ON g.customer = n
$$;
SELECT set_eq(format($$ SELECT customer, frequency_class(history, %1$L), lifecycle_stage(history, %1$L), at_risk(history, %1$L, shop_gap => 40) FROM histories $$, as_of),
    format($$ SELECT * FROM plain(%L, '6 months', '3 months', '6 months', true) $$, as_of), 'by days as of ' || as_of)
FROM unnest(ARRAY['2025-03-31', '2024-08-31', '2023-01-01', '2022-06-02', '2022-01-01']::date[]) as_of;
SELECT set_eq($$ SELECT customer, frequency_class(history, '2025-01-31', '1 year', count_by => 'orders'),
        lifecycle_stage(history, '2025-01-31', '45 days', '2 years', '1 year', count_by => 'orders'),
        at_risk(history, '2025-01-31', shop_gap => 40, lost_after => '2 years') FROM histories $$,
    $$ SELECT * FROM plain('2025-01-31', '1 year', '45 days', '2 years', false) $$, 'by orders, with other spans');
SELECT cmp_ok(count(DISTINCT stage), '=', 4::bigint, 'all four stages occur')
FROM (SELECT lifecycle_stage(history, '2025-03-31') AS stage FROM histories) s;

-- what is usual in the shop, over the whole of it and per group
SELECT set_eq(format($$ SELECT customer, at_risk(history, %1$L, shop_gap => shop_gap(gap_days(history, %1$L)) OVER (PARTITION BY customer %% %2$s)) FROM histories $$, as_of, groups),
    format($$ SELECT customer, at_risk(history, %1$L, shop_gap => median) FROM histories
        JOIN (SELECT customer %% %2$s AS part, percentile_cont(0.5) WITHIN GROUP (ORDER BY gap_days(history, %1$L)) AS median FROM histories GROUP BY 1) shops
            ON part = customer %% %2$s $$, as_of, groups), format('the shop''s gap as of %s in %s', as_of, groups))
FROM (VALUES (date '2025-03-31', 1), ('2024-08-31', 7), ('2022-06-03', 50), ('2022-01-01', 1)) t(as_of, groups);
SELECT is(count(*), 0::bigint, 'shop_gap is the median of gap_days in plain SQL')
FROM (SELECT shop_gap(gap_days(history, '2025-03-31')) OVER () AS ours FROM histories) s
WHERE ours IS DISTINCT FROM (
    SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY median) FROM (
        SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY gap) AS median
        FROM (SELECT customer, day - lag(day) OVER (PARTITION BY customer ORDER BY day) AS gap
            FROM (SELECT DISTINCT customer, day FROM purchases WHERE amount >= 0 AND day < '2025-03-31') d) g
        WHERE gap IS NOT NULL GROUP BY customer) m);
SELECT is(at_risk('{2025-06-01:1}', '2025-07-01', shop_gap => shop_gap(gap) OVER (PARTITION BY gap)), risk, 'a shop''s gap of ' || coalesce(gap::text, 'NULL'))
FROM (VALUES (14.5::double precision, true), (15, false), (NULL, NULL)) t(gap, risk);

-- edges: the window's first day is inside, as_of is not
SELECT is(lifecycle_stage('{2025-01-01:1}', '2025-07-01'), 'occasional', 'a purchase on the first day of the half year');
SELECT is(lifecycle_stage('{2025-01-01:1}', '2025-07-02'), 'lost', '... and one day later');
SELECT is(lifecycle_stage('{2025-04-01:1}', '2025-07-01'), 'new', 'a first purchase on the first day of the three months');
SELECT is(lifecycle_stage('{2025-03-31:1}', '2025-07-01'), 'occasional', '... and a day before');
SELECT is(lifecycle_stage('{2025-07-01:1}', '2025-07-01'), NULL, 'a purchase on the day itself has not happened yet');
SELECT is(lifecycle_stage('{2025-02-01:1,2025-03-01:1,2025-04-01:1}', '2025-07-01'), 'regular', 'three purchases');
SELECT is(lifecycle_stage('{2025-06-01:9/3}', '2025-07-01'), 'new', 'three receipts of one day are one purchase');
SELECT is(lifecycle_stage('{2025-06-01:9/3}', '2025-07-01', count_by => 'orders'), 'regular', '... unless orders count');
SELECT is(lifecycle_stage('{2025-06-01:-9/0/3}', '2025-07-01'), NULL, 'who only returns has no stage');
SELECT is(frequency_class('{2024-01-01:1}', '2025-07-01'), 'Z', 'nothing in the window, but before');
SELECT is(frequency_class('{}', '2025-07-01'), NULL, 'nothing at all');
SELECT is(frequency_class('{2025-06-01:1,2025-06-02:1}', '2025-07-01', x_purchases => 2, y_purchases => 1), 'X', 'other limits');
SELECT is(at_risk('{2025-06-01:1}', '2025-07-01'), NULL, 'nothing says what is usual');
SELECT is(at_risk('{2025-06-01:1}', '2025-07-01', shop_gap => 15), false, 'exactly twice the gap is no risk');
SELECT is(at_risk('{2025-06-01:1}', '2025-07-02', shop_gap => 15), true, '... a day more is');
SELECT is(at_risk('{2025-06-01:1}', NULL), NULL, 'no date');

-- the end of February
SELECT is(lifecycle_stage('{2024-08-27:1}', '2025-02-28'), 'lost', 'six months before 28 February is 28 August');
SELECT is(lifecycle_stage('{2024-08-28:1}', '2025-02-28'), 'occasional', '... and that day is inside');

-- bad parameters
SELECT throws_ok(statement, '22023', NULL, statement) FROM unnest(ARRAY[
    $$ SELECT frequency_class('{}', '2025-01-01', '0 days') $$, $$ SELECT frequency_class('{}', '2025-01-01', '-1 month') $$,
    $$ SELECT frequency_class('{}', '2025-01-01', x_purchases => 0) $$, $$ SELECT frequency_class('{}', '2025-01-01', y_purchases => 4) $$,
    $$ SELECT frequency_class('{}', '2025-01-01', count_by => 'receipts') $$, $$ SELECT lifecycle_stage('{}', '2025-01-01', lost_after => '-6 months') $$,
    $$ SELECT lifecycle_stage('{}', '2025-01-01', regular_purchases => 0) $$, $$ SELECT at_risk('{}', '2025-01-01', gaps => -1) $$,
    $$ SELECT at_risk('{}', '2025-01-01', gaps => 'NaN') $$, $$ SELECT at_risk('{2024-12-01:1}', '2025-01-01', shop_gap => -5) $$]) statement;
SELECT throws_ok($$ SELECT lifecycle_stage('{}', 'infinity') $$, '22008', NULL, 'an infinite date');

SELECT * FROM finish();
ROLLBACK;
