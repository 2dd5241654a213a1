-- Shares with Wilson's interval, and the normal quantile behind them.
BEGIN;
SELECT no_plan();
SELECT setseed(0.75);

\ir include/refuses.sql

-- The normal quantile can be read off: with half of two trials the bounds are 1/2 +- z / (2 sqrt(2 + z²)).
CREATE FUNCTION pg_temp.quantile(level double precision) RETURNS double precision LANGUAGE sql AS $$
    SELECT sqrt(2) * d / sqrt(1 - d * d) FROM (SELECT upper - lower AS d FROM wilson_interval(1, 2, level)) AS w
$$;

SELECT is(round(pg_temp.quantile(level)::numeric, 9), z::numeric, 'the normal quantile of ' || level)
FROM (VALUES
    (0.01, 0.012533470), (0.1, 0.125661347), (0.5, 0.674489750), (0.6826894921370859, 1.000000000), (0.8, 1.281551566),
    (0.9, 1.644853627), (0.95, 1.959963985), (0.98, 2.326347874), (0.99, 2.575829304), (0.995, 2.807033768),
    (0.999, 3.290526731), (0.9999, 3.890591886), (0.99999, 4.417173413), (0.999999, 4.891638476),
    (0.9999999, 5.326723886)) AS known(level, z);
SELECT cmp_ok(pg_temp.quantile(1 - 2::float8 ^ -53), '>', 8.2::float8, 'the highest level there is');
SELECT is_empty($$
    SELECT n FROM (SELECT n, pg_temp.quantile(n / 1000.0) AS z FROM generate_series(1, 999) AS n) AS q
    WHERE z <= (SELECT pg_temp.quantile((n - 1) / 1000.0) WHERE n > 1)
$$, 'a higher level is wider');

-- published: Agresti and Coull (1998), Newcombe (1998), Brown, Cai and DasGupta (2001)
SELECT results_eq(
    format('SELECT round(lower::numeric, 4), round(upper::numeric, 4) FROM wilson_interval(%s, %s)', successes, trials),
    format('VALUES (%s::numeric, %s::numeric)', lower, upper), successes || ' of ' || trials)
FROM (VALUES
    (5, 10, 0.2366, 0.7634), (0, 10, 0.0000, 0.2775), (10, 10, 0.7225, 1.0000), (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718), (1, 1, 0.2065, 1.0000),
    (0, 1, 0.0000, 0.7935)) AS known(successes, trials, lower, upper);

CREATE TEMP TABLE shares AS
SELECT floor(random() * (n + 1))::bigint AS s, n, 0.5 + random() * 0.4999 AS level
FROM (SELECT floor(10 ^ (random() * 9))::bigint + 1 AS n FROM generate_series(1, 10000)) AS trials;
SELECT is_empty($$
    SELECT s, n, level, w.*
    FROM shares, wilson_interval(s, n, level) AS w,
        LATERAL (SELECT s::float8 / n AS p, pg_temp.quantile(level) AS z) AS given,
        LATERAL (SELECT p + z * z / (2 * n) AS centre, z * sqrt(p * (1 - p) / n + z * z / (4.0 * n * n)) AS reach,
            1 + z * z / n AS shrink) AS formula
    WHERE estimate <> p OR abs(lower - (centre - reach) / shrink) > 1e-9 OR abs(upper - (centre + reach) / shrink) > 1e-9
        OR lower < 0 OR lower > p OR upper < p OR upper > 1
$$, 'the formula on 10,000 random shares');
SELECT is_empty($$
    SELECT s, n FROM generate_series(1, 30) AS n, generate_series(0, n) AS s
    WHERE abs((wilson_interval(s, n)).lower - (1 - (wilson_interval(n - s, n)).upper)) > 1e-15
$$, 'failures mirror successes');

-- extremes

SELECT is_empty($$
    SELECT n FROM unnest(ARRAY[1, 2, 1000, 9223372036854775807]) AS n, wilson_interval(0, n) AS w
    WHERE estimate <> 0 OR lower <> 0 OR NOT (upper > 0 AND upper < 1)
$$, 'none of them: from 0 exactly');
SELECT is_empty($$
    SELECT n FROM unnest(ARRAY[1, 2, 1000]) AS n, wilson_interval(n, n) AS w
    WHERE estimate <> 1 OR upper <> 1 OR NOT (lower > 0 AND lower < 1)
$$, 'all of them: to 1 exactly');
SELECT results_eq('SELECT * FROM wilson_interval(9223372036854775807, 9223372036854775807)',
    'VALUES (1::float8, 1::float8, 1::float8)', 'all of 2^63 - 1');
SELECT ok((w).lower > 0 AND (w).lower < (w).estimate AND (w).upper > (w).estimate AND (w).upper < 1e-17, 'one of 2^63 - 1')
FROM wilson_interval(1, 9223372036854775807) AS w;
SELECT results_eq('SELECT * FROM wilson_interval(0, 0)', 'SELECT NULL::float8, NULL::float8, NULL::float8',
    'no trials: all NULL');
SELECT results_eq('SELECT * FROM wilson_interval(0, 0, 0.5)', 'SELECT NULL::float8, NULL::float8, NULL::float8',
    'no trials at another level');
SELECT ok(wilson_interval(NULL, 1) IS NULL AND wilson_interval(1, NULL) IS NULL AND wilson_interval(1, 2, NULL) IS NULL,
    'NULL gives NULL');
SELECT results_eq('SELECT * FROM wilson_interval(successes => 1, trials => 3)', 'SELECT * FROM wilson_interval(1, 3, 0.95)',
    'the level is 0.95 unless given');

-- refusals

SELECT pg_temp.refuses(format('SELECT wilson_interval(%s, %s, float8 %L)', successes, trials, level), '22023',
    'invalid value for parameter "' || parameter || '": ' || shown, hint)
FROM (VALUES
    (-1, 10, '0.95', 'successes', '-1', 'Give a count from zero to the number of trials.'),
    (11, 10, '0.95', 'successes', '11', 'Give a count from zero to the number of trials.'),
    (1, 0, '0.95', 'successes', '1', 'Give a count from zero to the number of trials.'),
    (0, -1, '0.95', 'trials', '-1', 'Give a count of zero or more.'),
    (1, 2, '0', 'level', '0', 'Give a confidence level between 0 and 1%'),
    (1, 2, '1', 'level', '1', 'Give a confidence level between 0 and 1%'),
    (0, 0, '1', 'level', '1', 'Give a confidence level between 0 and 1%'),
    (1, 2, '95', 'level', '95', 'Give a confidence level between 0 and 1%'),
    (1, 2, '-0.95', 'level', '-0.95', 'Give a confidence level between 0 and 1%'),
    (1, 2, 'NaN', 'level', 'NaN', 'Give a confidence level between 0 and 1%'),
    (1, 2, 'Infinity', 'level', 'Infinity', 'Give a confidence level between 0 and 1%')
) AS bad(successes, trials, level, parameter, shown, hint);

SELECT * FROM finish();
ROLLBACK;
