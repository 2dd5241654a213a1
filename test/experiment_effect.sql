-- experiment_effect(): published vectors, Student's t, plain SQL on random experiments, strata, always valid intervals, what has no answer
BEGIN;
SELECT no_plan();
SELECT setseed(0.57);
\ir include/refuses.sql
\ir include/near.sql

-- --- Vectors ---

-- CUPED: slope 1.4350122; 3.8333 with a standard error of 7.5649 becomes 2.8766585 with 1.2399618
CREATE TABLE small AS
SELECT 'control' AS grp, unnest('{0,12,5,30,0,8}'::numeric[]) AS after, unnest('{3,10,6,25,1,9}'::numeric[]) AS before
UNION ALL SELECT 'treated', unnest('{4,15,0,41,6,12}'::numeric[]), unnest('{2,11,4,28,5,8}'::numeric[]);
CREATE TEMPORARY TABLE small_effect AS SELECT e AS value, x.*, p.difference AS plain, p.upper - p.difference AS plain_half
FROM (SELECT experiment_agg(grp, after, before) AS e FROM small) s, experiment_effect(e, 'control') x, experiment_effect(e, 'control', false) p;
SELECT ok(grp = 'treated' AND customers = 6 AND pg_temp.near(difference, 2.8766585, 5e-8) AND pg_temp.near(p_value, 0.0469684, 5e-8) AND pg_temp.near(plain, 3.8333333333, 1e-9), 'CUPED') FROM small_effect;
SELECT ok(pg_temp.near((plain - difference) / (58 / 6.0 - 54 / 6.0), 1.4350122, 5e-7), 'its slope') FROM small_effect;
-- The quantile for 8.538441 degrees of freedom, between those for 8 and 9 (2.306004, 2.262157)
SELECT ok(pg_temp.near((upper - difference) / 1.2399618, 2.2809, 2e-3) AND pg_temp.near(difference - lower, upper - difference, 1e-12), 'its interval') FROM small_effect;
SELECT ok(pg_temp.near(variance_saved, 1 - (1.2399618 / 7.5649) ^ 2, 1e-5), 'the variance that it saves') FROM small_effect;
-- GrowthBook's sums: relative and absolute must not contradict each other
CREATE TEMPORARY TABLE published AS SELECT '{"control":(3407;1396.87,0;52377.9767,0,0),"treated":(3461;2422.7,0;134698.29,0,0)}'::experiment AS e;
SELECT ok(pg_temp.near(difference, 0.29, 1e-12) AND pg_temp.near(lower, 0.04538, 5e-6) AND pg_temp.near(upper, 0.53462, 5e-6) AND pg_temp.near(p_value, 0.02016, 5e-6)
    AND pg_temp.near(relative, 0.707, 5e-4) AND pg_temp.near(relative_lower, 0.094, 5e-4) AND pg_temp.near(relative_upper, 1.709, 5e-4) AND variance_saved = 0, 'Welch and Fieller')
FROM published, experiment_effect(e, 'control');
-- GrowthBook's always valid intervals of the relative effect, there by the delta method: the difference's reaches as many standard errors
CREATE FUNCTION pg_temp.relative_half(a float8, va float8, n float8, b float8, vb float8, m float8, errors float8) RETURNS float8 LANGUAGE sql AS $$
    SELECT errors * sqrt(vb / m / a ^ 2 + b ^ 2 * va / n / a ^ 4)
$$;
CREATE TEMPORARY TABLE sequential (e experiment, decide_at bigint, relative float8, lower float8, upper float8);
INSERT INTO sequential VALUES ('{"control":(3000;1396.87,0;52377.9767,0,0),"treated":(3461;2422.7,0;134698.29,0,0)}', 1000, 0.50336, -0.55844, 1.56516),
    ('{"control":(3000;1396,0;1396,0,0),"treated":(3461;2422,0;2422,0,0)}', 5000, 0.50386, 0.40098, 0.60675);
SELECT ok(pg_temp.near(x.relative, s.relative, 1e-5) AND pg_temp.near(s.relative - half, s.lower, 5e-5) AND pg_temp.near(s.relative + half, s.upper, 5e-5), 'always valid: ' || half)
FROM sequential s, experiment_effect(e, 'control', true, 0.95, 'always_valid', decide_at) x, experiment_means(e) a, experiment_means(e) b,
    LATERAL (SELECT pg_temp.relative_half(a.mean, a.std_dev ^ 2, a.customers, b.mean, b.std_dev ^ 2, b.customers, (x.upper - x.difference) / sqrt(a.std_dev ^ 2 / a.customers + b.std_dev ^ 2 / b.customers)) AS half) h
WHERE a.grp = 'control' AND b.grp = 'treated';

-- --- Student's t: a group that does not vary against one of n customers with a standard error of 1, so n - 1 degrees of freedom ---

CREATE FUNCTION pg_temp.t_test(t numeric, degrees numeric) RETURNS experiment LANGUAGE sql AS $$
    SELECT format('{"a":(2;0,0;0,0,0),"b":(%s;%s,0;%s,0,0)}', degrees + 1, (degrees + 1) * t, (degrees + 1) * degrees + (degrees + 1) * t * t)::experiment
$$;
SELECT ok(pg_temp.near(upper, quantile, 1e-9 * quantile), format('t of %s degrees at %s', degrees, level))
FROM (VALUES (1, 0.95, 12.706204736174707), (1, 0.99, 63.65674116287159), (2, 0.95, 4.302652729749464), (3, 0.95, 3.182446305283710), (4, 0.99, 4.604094871349993), (5, 0.95, 2.570581835636314),
    (10, 0.95, 2.2281388519862744), (10, 0.999, 4.586893858702636), (30, 0.95, 2.0422724563012378), (100, 0.95, 1.9839715185235523), (1000, 0.95, 1.9623390808264078),
    (1000000000, 0.95, 1.959963986912404), (1000000000000, 0.95, 1.959963984542426), (2, 0.5, 0.816496580927726)) v(degrees, level, quantile),
    experiment_effect(pg_temp.t_test(0, degrees), 'a', false, level);
SELECT ok(pg_temp.near(p_value, 2 * atan(1 / t) / pi(), 1e-12), 'p of one degree, t = ' || t) FROM unnest('{0.01,1,1.7321,3,12.7062,100}'::numeric[]) t, experiment_effect(pg_temp.t_test(t, 1), 'a');
SELECT ok(pg_temp.near(p_value, (2 / (2 + t * t)) / (1 + t / sqrt(2 + t * t)), 1e-12), 'p of two degrees, t = ' || t) FROM unnest('{0.01,1,1.7321,3,12.7062,100}'::numeric[]) t, experiment_effect(pg_temp.t_test(t, 2), 'a');
-- By Simpson's rule: t = sqrt(degrees) tan(angle)
CREATE FUNCTION pg_temp.simpson(until float8, power float8) RETURNS float8 LANGUAGE sql AS $$
    SELECT sum(CASE WHEN i IN (0, 2000) THEN 1 WHEN i % 2 = 1 THEN 4 ELSE 2 END * CASE WHEN ln(greatest(cos(until * i / 2000), 1e-300)) * power > -700 THEN cos(until * i / 2000) ^ power ELSE 0 END) * until / 6000 FROM generate_series(0, 2000) i
$$;
CREATE FUNCTION pg_temp.plain_p(t float8, degrees float8) RETURNS float8 LANGUAGE sql AS $$
    SELECT 1 - pg_temp.simpson(atan(abs(t) / sqrt(degrees)), degrees - 1) / pg_temp.simpson(pi() / 2, degrees - 1)
$$;
SELECT ok(pg_temp.near(p_value, pg_temp.plain_p(t, degrees), 1e-9), format('p of %s degrees, t = %s', degrees, t))
FROM unnest('{3,7,9,40,333,9999,10001,20000}'::int[]) degrees, unnest('{0.3,1.7,1.8,4}'::numeric[]) t, experiment_effect(pg_temp.t_test(t, degrees), 'a');

-- --- Plain SQL: plain means and ratios, one stratum and several, two groups and more ---

CREATE TABLE random_rows AS
SELECT kase, 1 + CASE WHEN kase % 3 = 0 THEN floor(random() * 4)::int ELSE 0 END AS stratum, chr(97 + floor(random() * (2 + kase % 2))::int) AS grp,
    round((before * random() * 2 + random() ^ 4 * 200 - 3 * kase)::numeric, 2) AS after, before, CASE WHEN kase % 4 = 1 THEN 1 + floor(random() * 5)::int ELSE 1 END AS o
FROM (SELECT kase, round((random() ^ 3 * 100)::numeric, 2) AS before FROM generate_series(1, 36) kase, generate_series(1, 60 + kase * 5)) s;
CREATE TABLE strata AS
SELECT kase, stratum, CASE WHEN kase % 4 = 1 THEN experiment_agg(grp, after, before, o) ELSE experiment_agg(grp, after, before) END AS e FROM random_rows GROUP BY kase, stratum;
CREATE TABLE ours AS
SELECT kase, adjusted, e.*, upper - difference AS half FROM (SELECT kase, array_agg(e ORDER BY random()) AS strata FROM strata GROUP BY kase) s, unnest('{f,t}'::boolean[]) adjusted, experiment_effect(strata, 'a', adjusted, 0.9) e;
CREATE TABLE plain AS
WITH total AS (SELECT kase, stratum, count(*)::float8 AS n, sum(after) / sum(o) AS r, avg(o) AS whole, avg(before)::float8 AS before FROM random_rows GROUP BY kase, stratum),
    varying AS (SELECT kase, stratum, count(*) - 1 AS n, covar_samp(((w.after - r * o) / whole)::float8, w.before::float8) AS c, var_samp(w.before::float8) AS v FROM random_rows w JOIN total USING (kase, stratum) GROUP BY kase, stratum),
    slope AS (SELECT kase, sum(n * c) / sum(n * v) AS slope FROM varying GROUP BY kase),
    one AS (SELECT kase, stratum, grp, sum(after) / sum(o) AS r, avg(o) AS whole FROM random_rows GROUP BY kase, stratum, grp),
    spread AS (SELECT kase, stratum, grp, count(*)::float8 AS n, max(r)::float8 AS r, avg(before)::float8 AS before, var_samp(((after - r * o) / whole)::float8) AS v,
        var_samp(before::float8) AS vb, covar_samp(((after - r * o) / whole)::float8, before::float8) AS c FROM random_rows JOIN one USING (kase, stratum, grp) GROUP BY kase, stratum, grp),
    adjusted AS (SELECT s.kase, a.adjusted, s.stratum, s.grp, s.n, t.n / sum(t.n) OVER (PARTITION BY s.kase, s.grp, a.adjusted) AS weight, s.r - theta * (s.before - t.before) AS mean, (v + theta ^ 2 * vb - 2 * theta * c) / s.n AS v
        FROM spread s JOIN total t USING (kase, stratum) JOIN slope USING (kase) CROSS JOIN unnest('{f,t}'::boolean[]) AS a(adjusted) CROSS JOIN LATERAL (SELECT CASE WHEN a.adjusted THEN slope ELSE 0 END AS theta) x),
    whole AS (SELECT kase, adjusted, grp, sum(n) AS n, sum(weight * mean) AS mean, sum(weight ^ 2 * v) AS v, sum((weight ^ 2 * v) ^ 2 / (n - 1)) AS squares FROM adjusted GROUP BY kase, adjusted, grp)
SELECT kase, adjusted, b.grp, b.n AS customers, b.mean - a.mean AS difference, sqrt(a.v + b.v) AS error, (a.v + b.v) ^ 2 / (a.squares + b.squares) AS degrees, a.mean AS a, b.mean AS b, a.v AS va, b.v AS vb
FROM whole a JOIN whole b USING (kase, adjusted) WHERE a.grp = 'a' AND b.grp <> 'a';
SELECT cmp_ok(count(*), '=', 108::bigint, 'so many comparisons') FROM plain;
CREATE TABLE compared AS
SELECT kase, adjusted, grp, o.customers = p.customers AS same_customers, o.difference AS ours_difference, p.difference, o.half / p.error AS q, p.error, p.degrees, o.p_value, o.relative, o.relative_lower, o.relative_upper, o.variance_saved, o.lower, o.upper, a, b, va, vb
FROM ours o FULL JOIN plain p USING (kase, adjusted, grp);
SELECT is_empty($$ SELECT * FROM compared WHERE (same_customers AND abs(ours_difference - difference) <= 1e-10 * (1 + abs(difference))) IS NOT TRUE $$, 'differences');
SELECT is_empty($$ SELECT * FROM compared WHERE (abs(p_value - pg_temp.plain_p(difference / error, degrees)) < 1e-9 AND abs(pg_temp.plain_p(q, degrees) - 0.1) < 1e-9) IS NOT TRUE $$, 'standard errors, degrees of freedom, p and bounds');
SELECT is_empty($$ SELECT * FROM compared c, LATERAL (SELECT q ^ 2 * va / a ^ 2 AS g, b / a AS r) x, LATERAL (SELECT q / abs(a) * sqrt(vb + r ^ 2 * va - g * vb) AS half) h
    WHERE CASE WHEN g < 1 THEN abs(relative_lower - sign(a) * ((r - sign(a) * half) / (1 - g) - 1)) < 1e-6 * (1 + abs(relative_lower)) AND abs(relative_upper - sign(a) * ((r + sign(a) * half) / (1 - g) - 1)) < 1e-6 * (1 + abs(relative_upper))
        ELSE num_nonnulls(relative_lower, relative_upper) = 0 END IS NOT TRUE OR abs(relative - difference / abs(a)) > 1e-9 * (1 + abs(relative)) $$, 'relative effects by Fieller');
SELECT ok(count(*) FILTER (WHERE relative_lower > 0) > 3 AND count(*) FILTER (WHERE a < 0) > 3 AND count(*) FILTER (WHERE relative_lower IS NULL) > 1, 'all cases were tried') FROM compared;
SELECT is_empty($$ SELECT * FROM compared WHERE relative_lower IS NOT NULL AND ((lower > 0) <> (relative_lower > 0) OR (upper < 0) <> (relative_upper < 0) OR (p_value < 0.1) <> (lower > 0 OR upper < 0)) $$, 'which agree with the differences, as the tests do');
SELECT is_empty($$ SELECT * FROM compared c JOIN compared d USING (kase, grp) WHERE c.adjusted AND NOT d.adjusted AND (abs(c.variance_saved - (1 - c.error ^ 2 / d.error ^ 2)) < 1e-9 AND d.variance_saved = 0) IS NOT TRUE $$, 'the variance saved');
-- Ten thousand random tests: relative and absolute agree, whatever the numbers
SELECT is_empty($$ SELECT x.* FROM (SELECT format('{"a":(%s;%s,0;%s,0,0),"b":(%s;%s,0;%s,0,0)}', n, round(n * ma, 4), round(n * ma * ma + n * va, 8) + 0.01, m, round(m * mb, 4), round(m * mb * mb + m * vb, 8) + 0.01)::experiment AS e, method
        FROM (SELECT 2 + floor(random() ^ 3 * 500)::int AS n, 2 + floor(random() ^ 3 * 500)::int AS m, (random() * 4 - 2)::numeric AS ma, (random() * 4 - 2)::numeric AS mb, (random() ^ 3 * 9)::numeric AS va, (random() ^ 3 * 9)::numeric AS vb,
            (ARRAY['welch', 'always_valid'])[1 + i % 2] AS method FROM generate_series(1, 10000) i) r) s, experiment_effect(e, 'a', true, 0.95, method) x
    WHERE relative_lower IS NOT NULL AND ((lower > 0) <> (relative_lower > 0) OR (upper < 0) <> (relative_upper < 0)) OR (p_value < 0.05) <> (lower > 0 OR upper < 0) OR NOT lower <= difference OR NOT difference <= upper
        OR sign(difference) <> sign(relative) OR 'NaN' IN (lower, upper, p_value, coalesce(relative_lower, 0), coalesce(relative_upper, 0)) $$, 'relative effects never contradict the difference');

-- --- Always valid ---

SELECT is_empty($$ SELECT kase FROM strata, experiment_effect(e, 'a') w JOIN experiment_effect(e, 'a', method => 'always_valid', decide_at => 300) v USING (grp)
    WHERE v.difference <> w.difference OR v.upper - v.difference <= w.upper - w.difference OR v.p_value < w.p_value OR v.variance_saved <> w.variance_saved $$, 'always valid intervals are wider');
-- A look each day at equal groups: Welch finds something in the end, always valid intervals seldom
CREATE TABLE looks AS
SELECT salt, day, experiment_effect(e, '1') AS welch, experiment_effect(e, '1', method => 'always_valid', decide_at => 1000) AS valid
FROM (SELECT salt, day, rollup(e) OVER (PARTITION BY salt ORDER BY day) AS e FROM (SELECT salt, n / 50 AS day, experiment_agg(experiment_group(n, 'look ' || salt, '{0.5,0.5}')::text, experiment_position(n, 'figure ' || salt), 0) AS e
    FROM generate_series(1, 100) salt, generate_series(50, 1549) n GROUP BY salt, n / 50) d) r;
SELECT cmp_ok(count(DISTINCT salt) FILTER (WHERE (welch).p_value < 0.05), '>', 15::bigint, 'who stops at the first finding of Welch finds too much') FROM looks;
SELECT cmp_ok(count(DISTINCT salt) FILTER (WHERE (valid).p_value < 0.05), '<=', 7::bigint, '... and of always valid intervals not: at most 5 %, and chance') FROM looks;

-- --- Strata that are too thin ---

CREATE TEMPORARY TABLE thin AS SELECT '{"a":(40;400,0;4400,0,0),"b":(40;480,0;6200,0,0)}'::experiment AS large, '{"a":(10;50,0;300,0,0),"b":(12;90,0;800,0,0)}'::experiment AS small,
    '{"a":(1;5,0;25,0,0),"b":(1;7,0;49,0,0)}'::experiment AS pair, '{"b":(3;9,0;29,0,0)}'::experiment AS half, '{"c":(5;9,0;29,0,0)}'::experiment AS other;
SELECT is((SELECT array_agg(x) FROM experiment_effect(given, 'a') x), (SELECT array_agg(x) FROM experiment_effect(meant, 'a') x), what) FROM thin, LATERAL (VALUES
    (ARRAY[large, small, pair, pair], ARRAY[large, small, pair + pair], 'two pairs are a stratum'),
    (ARRAY[pair, large, small], ARRAY[large, small + pair], 'one joins the smallest'),
    (ARRAY[half, large], ARRAY[large + half], 'a group alone joins'), (ARRAY[pair, half], ARRAY[pair + half], 'without another it stays'), (ARRAY[pair, NULL, large, '{}'], ARRAY[large + pair], 'nothing is left out'),
    (ARRAY[small, large], ARRAY[large, small], 'in any order'), (ARRAY[large], ARRAY[large], 'one stratum')) v(given, meant, what);
SELECT is((SELECT array_agg(x) FROM experiment_effect(ARRAY[large], 'a') x), (SELECT array_agg(x) FROM experiment_effect(large, 'a') x), 'one stratum is the experiment itself') FROM thin;
SELECT is((SELECT x.customers FROM experiment_effect(ARRAY[large, small, pair, half, other], 'a') x WHERE grp = 'b'), 56::bigint, 'all customers count') FROM thin;
-- Strata are no groups: who buys more is more often in one of them
SELECT ok(abs(s.difference) < 1e-12 AND w.difference > 5, 'strata take off what they explain')
FROM (SELECT '{"a":(90;90,0;180,0,0),"b":(10;10,0;20,0,0)}'::experiment AS low, '{"a":(10;200,0;4200,0,0),"b":(90;1800,0;37000,0,0)}'::experiment AS high) e, experiment_effect(ARRAY[low, high], 'a') s, experiment_effect(low + high, 'a') w;

-- --- What has no answer ---

SELECT is(x::text, want, form) FROM (VALUES
    ('{"a":(1;5,3;25,15,9),"b":(1;8,3;64,24,9)}', '(b,1,3,,,,0.6,,,)'), ('{"a":(1;5,3;25,15,9),"b":(2;16,6;128,48,18)}', '(b,2,3,,,,0.6,,,)'), ('{"a":(3;15,9;75,45,27),"b":(2;16,6;128,48,18)}', '(b,2,3,,,,0.6,,,)'),
    ('{"a":(2;0,0;0,0,0),"b":(2;0,0;0,0,0)}', '(b,2,0,,,,,,,)'), ('{"a":(2;0,0,0;0,0,0,0,0,0),"b":(2;4,0,2;8,0,0,4,0,2)}', '(b,2,,,,,,,,)')) v(form, want), experiment_effect(form::experiment, 'a') x;
-- All that came after was to be seen before
SELECT ok(difference = 0 AND lower IS NULL AND p_value IS NULL AND variance_saved = 1, 'nothing varies once it is adjusted') FROM experiment_effect('{"a":(2;30,30;500,500,500),"b":(2;40,40;1000,1000,1000)}'::experiment, 'a');
SELECT is_empty('SELECT * FROM experiment_effect(' || e || ', ''a'')', 'no rows: ' || e) FROM unnest(ARRAY['''{}''::experiment', 'NULL::experiment', '''{}''::experiment[]', '''{NULL,"{}"}''::experiment[]', 'ARRAY[''{"a":(2;0,0;0,0,0)}''::experiment]']) e;
SELECT ok(relative = 0.5 AND relative_lower < 0.5 AND relative_upper > 0.5 AND difference = 5 AND lower < 5, 'below zero, better is more') FROM experiment_effect('{"a":(50;-500,0;5100,0,0),"b":(50;-250,0;1350,0,0)}'::experiment, 'a');
SELECT ok(variance_saved IS NOT NULL AND p_value > 0 AND relative_upper > relative_lower, 'the largest figures') FROM experiment_effect('{"a":(4000000000000000000;9000000000000000,0;90000000000000000,0,0),"b":(4000000000000000000;9000000300000000,0;90000000000000000,0,0)}'::experiment, 'a');

SELECT pg_temp.refuses('SELECT * FROM experiment_effect(' || arguments || ')', '22023', 'invalid value for parameter ' || parameter, hint) FROM (VALUES
    ('''{"a":(2;0,0;0,0,0),"b":(2;0,0;0,0,0)}''::experiment, ''A''', '"control": "A"', 'Give the name of a group: ''a'', ''b''.'), ('''{"a":(2;0,0;0,0,0)}''::experiment, ''''', '"control": ""', 'Give the name%'),
    (format('''{"a":(2;0,0;0,0,0)}''::experiment, %L', repeat('a', 70)), '"control": "aaa', 'Give the name%'), ('''{"a":(2;0,0;0,0,0)}''::experiment, ''a'', true, 1', '"level": 1', 'Give a confidence level%'), ('''{"a":(2;0,0;0,0,0)}''::experiment, ''a'', true, ''NaN''', '"level": NaN', 'Give a confidence level%'),
    ('''{"a":(2;0,0;0,0,0)}''::experiment, ''a'', true, 0.95, ''randomisation''', '"method": "randomisation"', 'Use one of ''welch'', ''always_valid''.'), ('''{"a":(2;0,0;0,0,0)}''::experiment, ''a'', true, 0.95, ''always_valid'', 0', '"decide_at": 0', 'Give the number%'),
    ('''{NULL,"{\"a\":(2;0,0;0,0,0)}"}''::experiment[], ''b''', '"control": "b"', 'Give the name%')) bad(arguments, parameter, hint);
SELECT pg_temp.refuses($$ SELECT * FROM experiment_effect('{"a":(9000000000000000000;0,0;0,0,0),"b":(9000000000000000000;0,0;0,0,0)}'::experiment, 'a') $$, '22003', 'the sums of an experiment are too large', 'Give the figures%');
SELECT pg_temp.refuses($$ SELECT * FROM experiment_effect(ARRAY['{"a":(1;1,2,3;1,2,4,3,6,9)}', '{"a":(1;1,2;1,2,4)}']::experiment[], 'a') $$, '22023', 'experiments with and without a denominator', 'Give experiment_agg() a denominator%');

SELECT * FROM finish();
ROLLBACK;
