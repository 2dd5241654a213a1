-- Two shares compared: published intervals, the formulas on random counts, what must not depend on order, extremes, bad input
BEGIN;
SELECT no_plan();
SELECT setseed(0.76);
\ir include/refuses.sql

-- Newcombe (1998), table II, method 10
SELECT is(round(lower::numeric, 4) || ' ' || round(upper::numeric, 4), bounds, format('%s of %s against %s of %s', a, m, b, n))
FROM (VALUES (56, 70, 48, 80, '0.0524 0.3339'), (9, 10, 3, 10, '0.1705 0.8090'), (6, 7, 2, 7, '0.0582 0.8062'), (5, 56, 0, 29, '-0.0381 0.1926'),
    (0, 10, 0, 20, '-0.1611 0.2775'), (0, 10, 0, 10, '-0.2775 0.2775'), (10, 10, 0, 20, '0.6791 1.0000'), (10, 10, 0, 10, '0.6075 1.0000')) k(a, m, b, n, bounds),
    share_test(a, m, b, n);
-- z squared is chi-square of the table of four
SELECT is_empty($$
    SELECT t.* FROM (SELECT floor(random() * (m + 1))::bigint AS a, m, floor(random() * (n + 1))::bigint AS b, n
        FROM (SELECT 1 + floor(10 ^ (random() * 6))::bigint AS m, 1 + floor(10 ^ (random() * 6))::bigint AS n FROM generate_series(1, 5000)) s) c,
        share_test(a, m, b, n) t,
        LATERAL (SELECT (a + b)::float8 AS yes, (m + n - a - b)::float8 AS no) s,
        LATERAL (SELECT CASE WHEN yes > 0 AND no > 0 THEN (m + n) * (a::numeric * (n - b) - b::numeric * (m - a))::float8 ^ 2 / (yes * no * m * n) END AS chi_square) x,
        wilson_interval(a, m) i, wilson_interval(b, n) j
    WHERE abs(t.difference - (a::float8 / m - b::float8 / n)) > 1e-12 OR (t.z IS NULL) <> (chi_square IS NULL) OR abs(t.z ^ 2 - chi_square) > 1e-9 * (1 + chi_square)
        OR sign(t.z) <> sign(t.difference)
        OR abs(t.lower - (t.difference - sqrt((i.estimate - i.lower) ^ 2 + (j.upper - j.estimate) ^ 2))) > 1e-12
        OR abs(t.upper - (t.difference + sqrt((i.upper - i.estimate) ^ 2 + (j.estimate - j.lower) ^ 2))) > 1e-12
        OR NOT (t.lower >= -1 AND t.lower <= t.difference AND t.difference <= t.upper AND t.upper <= 1) $$, 'the formulas on random counts');
SELECT is_empty($$ SELECT a, b FROM generate_series(0, 12) a, generate_series(0, 9) b, share_test(a, 12, b, 9) t, share_test(b, 9, a, 12) u
    WHERE t.difference <> -u.difference OR abs(t.lower + u.upper) > 1e-15 OR t.z <> -u.z OR t.p_value <> u.p_value $$, 'the other way round');
SELECT is(round(p_value::numeric, 6), known, 'p of z = ' || round(z::numeric, 3)) FROM (VALUES (60, 100, 40, 100, 0.004678), (50, 100, 50, 100, 1.000000), (3, 100, 9, 100, 0.074023)) k(a, m, b, n, known), share_test(a, m, b, n);
SELECT is(difference, 0::float8, 'equal shares differ by nothing') FROM share_test(1, 3, 333333333333, 999999999999);
SELECT is(share_test(0, 5, 0, 7)::text, share_test(0, 5, 0, 7, 0.95)::text, 'at 95 %');
SELECT ok(z IS NULL AND p_value IS NULL AND difference = 0, 'where all trials agree there is no test') FROM share_test(5, 5, 7, 7);
SELECT is(share_test(a, m, b, n)::text, '(,,,,)', 'without trials there is nothing to compare') FROM (VALUES (0, 0, 1, 2), (1, 2, 0, 0), (0, 0, 0, 0)) k(a, m, b, n);
SELECT ok(lower > 0.99 AND upper = 1 AND p_value = 0 OR p_value < 1e-300, 'as many as there can be') FROM share_test(9223372036854775807, 9223372036854775807, 0, 9223372036854775807);
SELECT is(share_test(NULL, 1, 1, 1), NULL, 'NULL');
SELECT cmp_ok((share_test(5, 10, 2, 10, 0.99)).lower, '<', (share_test(5, 10, 2, 10)).lower, 'a higher level is wider');
SELECT pg_temp.refuses(format('SELECT share_test(%s, %s, %s, %s, float8 %L)', a, m, b, n, level), '22023', 'invalid value for parameter "' || parameter || '": ' || shown, hint)
FROM (VALUES (-1, 2, 1, 2, '0.95', 'a_successes', '-1', 'Give a count from zero%'), (3, 2, 1, 2, '0.95', 'a_successes', '3', 'Give a count from zero%'), (1, 2, 3, 2, '0.95', 'b_successes', '3', 'Give a count from zero%'),
    (0, -1, 1, 2, '0.95', 'a_trials', '-1', 'Give a count of zero%'), (0, 1, 0, -2, '0.95', 'b_trials', '-2', 'Give a count of zero%'), (0, 1, 0, 2, '1', 'level', '1', 'Give a confidence level%'),
    (0, 1, 0, 2, 'NaN', 'level', 'NaN', 'Give a confidence level%')) bad(a, m, b, n, level, parameter, shown, hint);

SELECT * FROM finish();
ROLLBACK;
