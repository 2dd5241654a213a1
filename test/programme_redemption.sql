-- points_left, points_redemption and points_expected against points that are played through day by day.
BEGIN;
SELECT no_plan();
SELECT setseed(0.7);
\ir include/failure.sql
\ir include/plain_points.sql

-- By hand: 60 of the first 100 are redeemed after 200 days and 40 expire; 30 of the next 50 after 280; 80 are young.
CREATE TABLE by_hand AS SELECT '{2024-01-01@2024-12-31:100,2024-04-10@2025-04-10:50,2024-07-19:0/60,2024-10-27@2025-10-27:80,2025-01-15:0/30}'::points_account AS account;
SELECT is(points_left(account, '2025-02-01')::text, '{2024-04-10@2025-04-10:20,2024-10-27@2025-10-27:80}', 'what is left') FROM by_hand;
SELECT is(points_left(account, '2024-07-19')::text, '{2024-01-01@2024-12-31:100,2024-04-10@2025-04-10:50}', '... at the start of the day') FROM by_hand;
SELECT is(points_redemption(account, '2025-02-01')::text, '{96:0/800000,200:600000,280:300000,296:0/200000,364:0/400000}', 'how long they lasted, in ten-thousandths') FROM by_hand;
SELECT results_eq($$ SELECT e.* FROM by_hand, (SELECT points_redemption(account, '2025-02-01') AS s FROM by_hand) r, points_expected(points_left(account, '2025-02-01'), r.s, '2025-02-01') e $$,
    $$ VALUES (date '2024-04-10', date '2025-04-10', 20.0::numeric, 0::float8), ('2024-10-27', '2025-10-27', 80.0, 0.6) $$, 'of the young ones 0.6 will be redeemed, of the old ones none');
SELECT is(min(p.survival), 0.4::float8, 'breakage') FROM (SELECT points_redemption(account, '2025-02-01') AS s FROM by_hand) r, survival_points(r.s) p;
SELECT is(points_left('{2024-01-01:5,2024-01-02:5,2024-01-03@2024-03-01:5,2024-01-04:0/12}', '2024-02-01')::text, '{2024-01-02:3}', 'what never expires comes last, of it the oldest first');
SELECT is(points_left('{2024-01-01:50/70,2024-03-01:30}', '2024-04-01')::text, '{2024-03-01:10}', 'what was owed is paid first');
SELECT is(points_redemption(a, '2024-04-01')::text, '{0:700000,30:0/100000}', '... and redeemed on that day') FROM (VALUES ('{2024-01-01:50/70,2024-03-01:30}'::points_account)) v(a);
SELECT is(points_redemption(a, '2024-04-01')::text, '{}', 'what expires at once was never there') FROM (VALUES ('{2024-01-01@2024-01-01:50,2024-01-02@2023-01-01:20}'::points_account), ('{}'), (NULL)) v(a);
SELECT is(points_left(a, '2024-04-01')::text, '{}', '... nor is it left') FROM (VALUES ('{2024-01-01@2024-01-01:50,2024-01-02@2023-01-01:20}'::points_account), ('{}')) v(a);
SELECT results_eq($$ SELECT * FROM points_expected('{2024-01-01:5,2024-01-02:0/7}', '{}', '2024-02-01') $$, $$ VALUES (date '2024-01-01', NULL::date, 5::numeric, NULL::float8) $$, 'nothing seen, nothing known');
SELECT results_eq($$ SELECT earned_on, round(redeemed_share::numeric, 9) FROM points_expected('{2020-01-01:5,2024-01-01:5,2024-01-31@2024-02-01:5,2024-01-31@2024-02-02:5,2024-06-01:1}', '{0:1/1,10:2,400:1/2}', '2024-02-01') $$,
    $$ VALUES (date '2020-01-01', 0.0), ('2024-01-01', round(1 - 2.0 / 3, 9)), ('2024-01-31', 0), ('2024-01-31', 0), ('2024-06-01', round(1 - (6.0 / 7) * (3.0 / 5) * (2.0 / 3), 9)) $$, 'older than any; never to expire; about to; earned later');
SELECT results_eq($$ SELECT redeemed_share FROM points_expected('{2024-01-01:5}', '{3:5}', '2024-02-01') $$, 'VALUES (0::float8)', 'where all were redeemed younger');
SELECT is_empty($$ SELECT FROM points_expected(NULL, '{}', '2024-02-01') UNION ALL SELECT FROM points_expected('{}', NULL, '2024-02-01') UNION ALL SELECT FROM points_expected('{}', '{}', NULL) $$, 'NULL');
SELECT ok(points_left(NULL, '2024-01-01') IS NULL AND points_left('{}', NULL) IS NULL, 'NULL is left of NULL');
SELECT matches(pg_temp.failure(statement), '^22008 ', statement) FROM (VALUES ($$ SELECT points_left('{}', 'infinity') $$), ($$ SELECT points_redemption('{}', '-infinity') $$), ($$ SELECT * FROM points_expected('{}', '{}', 'infinity') $$)) v(statement);
SELECT matches(pg_temp.failure($$ SELECT points_redemption(a, '2024-04-01') FROM (VALUES ('{2024-01-01:900000000000000}'::points_account), ('{2024-01-01:900000000000000}')) v(a) $$), '^22003 ', 'more points than a value holds');

-- Random ones, with and without days of expiry.
INSERT INTO plain_counted
SELECT n, n % 97, date '2024-02-20' + floor(random() * 60)::integer, p, p, NULL, CASE WHEN random() < 0.8 THEN date '2024-02-18' + floor(random() * 90)::integer END
FROM generate_series(1, 1200) n, LATERAL (SELECT floor(random() * 41)::integer - CASE WHEN n % 3 = 0 THEN 35 ELSE 8 END AS p) x WHERE p <> 0;
CREATE TABLE account AS SELECT customer, points_agg(day, points, expires_on ORDER BY random()) AS account FROM plain_counted GROUP BY customer;
CREATE FUNCTION pg_temp.as_played(as_of date) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_temp.play(as_of);
    RETURN NEXT set_eq(format('SELECT a.customer, e.earned_on, e.expires_on, e.points FROM account a, points_expected(points_left(a.account, %L), ''{}'', %1$L) e', as_of),
        'SELECT customer, day, expires_on, sum(left_over) FROM plain_lots WHERE left_over > 0 GROUP BY 1, 2, 3', 'left as of ' || as_of);
    RETURN NEXT is_empty(format('SELECT FROM account a WHERE (points_balance(a.account, %L)).balance <> (SELECT coalesce(sum(e.points), 0) FROM points_expected(points_left(a.account, %1$L), ''{}'', %1$L) e)', as_of), '... is the balance');
    RETURN NEXT results_eq(format('SELECT p.duration, p.ended / 10000.0, p.censored / 10000.0, round(p.survival::numeric, 9) FROM (SELECT points_redemption(account, %L) AS s FROM account) r, survival_points(r.s) p ORDER BY 1', as_of),
        'SELECT duration, coalesce(sum(points) FILTER (WHERE is_redeemed), 0), coalesce(sum(points) FILTER (WHERE NOT is_redeemed), 0), round(pg_temp.lasting(duration)::numeric, 9) FROM plain_events GROUP BY 1 ORDER BY 1', '... and how long they lasted');
    RETURN NEXT is((SELECT rollup(p.s) FROM (SELECT points_redemption(account, as_of) AS s FROM account GROUP BY customer % 5) p), (SELECT points_redemption(account, as_of) FROM account), '... the parts together');
    RETURN NEXT is_empty(format($q$ SELECT e.* FROM (SELECT rollup(points_left(account, %L)) AS l, points_redemption(account, %1$L) AS s FROM account) r, points_expected(r.l, r.s, %1$L) e
        WHERE abs(e.redeemed_share - (1 - pg_temp.lasting(coalesce(e.expires_on - e.earned_on - 1, 100000)) / pg_temp.lasting(%1$L - e.earned_on - 1))) > 1e-9 $q$, as_of), '... and how many will be redeemed');
END
$$;
SELECT pg_temp.as_played(as_of::date) FROM unnest('{2024-03-01,2024-04-01,2024-04-20,2024-05-20}'::date[]) as_of;
SELECT ok(count(*) FILTER (WHERE is_redeemed) > 300 AND count(*) FILTER (WHERE NOT is_redeemed) > 100, 'of both kinds') FROM plain_events;

SELECT * FROM finish();
ROLLBACK;
