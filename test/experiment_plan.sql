-- experiment_srm(), experiment_size(), experiment_mean_size(), experiment_detectable(): published figures, formulas on random data, a simulation, bad input
BEGIN;
SELECT no_plan();
SELECT setseed(0.11);
\ir include/refuses.sql
\ir include/near.sql

-- --- Sample ratio mismatch ---

-- Kohavi, Tang and Xu, Trustworthy Online Controlled Experiments (2020), chapter 21
SELECT ok(pg_temp.near(chi_square, 22.774, 5e-4) AND degrees = 1 AND pg_temp.near(p_value, 1.82e-6, 5e-9), 'Kohavi''s 821588 : 815482') FROM experiment_srm('{821588,815482}', '{0.5,0.5}');
SELECT ok(pg_temp.near(p_value, 2.01e-5, 5e-8), '1000 : 1200') FROM experiment_srm('{1000,1200}', '{1,1}');
-- Two normal tails: 1, 2, 3 and 4 standard errors
SELECT ok(chi_square = x * x / 25.0 AND pg_temp.near(p_value, p, 1e-12), 'one degree, chi-square ' || chi_square)
FROM (VALUES (5, 0.317310507862914), (10, 0.0455002638963584), (15, 0.00269979606326019), (20, 0.0000633424836662398)) v(x, p), experiment_srm(ARRAY[50 + x, 50 - x], '{1,1}');
-- Even degrees have a closed form: exp(-x/2) times the first terms of its series
SELECT is_empty($$ SELECT s.*, p FROM (SELECT arms, ARRAY(SELECT floor(900 + random() * 60 * sqrt(arms))::bigint FROM generate_series(1, arms) WHERE arms > 0) AS counts FROM unnest('{3,5,9,21,101,301}'::int[]) arms, generate_series(1, 5)) s,
    experiment_srm(counts, array_fill(1.0::float8, ARRAY[arms])) t,
    LATERAL (SELECT sum(exp(greatest(-700, -chi_square / 2 + k * ln(chi_square / 2) - (SELECT coalesce(sum(ln(i)), 0) FROM generate_series(1.0, k) i))))::float8 AS p FROM generate_series(0, (arms - 3) / 2) k) x,
    LATERAL (SELECT sum((c - m) ^ 2 / m) AS plain FROM unnest(counts) c, LATERAL (SELECT avg(d) AS m FROM unnest(counts) d) a) q
    WHERE (degrees = arms - 1 AND abs(chi_square - plain) < 1e-9 AND abs(p_value - p) < 1e-9) IS NOT TRUE $$, 'many groups, by plain SQL');
SELECT is(s::text, want, counts || ' of ' || shares) FROM (VALUES ('{50,50}', '{0.5,0.5}', '(0,1,1)'), ('{50,50}', '{5,5}', '(0,1,1)'), ('{30,60}', '{0.1,0.2}', '(0,1,1)'), ('{50,50,0}', '{0.5,0.5,0}', '(0,1,1)'), ('{50,50,1}', '{0.5,0.5,0}', '(,1,0)'),
    ('{0,0}', '{0.5,0.5}', '(,1,)'), ('{7}', '{1}', '(0,0,)'), ('{7,1}', '{1,0}', '(,0,0)')) v(counts, shares, want), experiment_srm(counts::bigint[], shares::float8[]) s;
SELECT pg_temp.refuses(format('SELECT experiment_srm(%L, %L)', counts, shares), '22023', 'invalid value for parameter "' || parameter || '"', 'Give %') FROM (VALUES ('{1,2,3}', '{0.5,0.5}', 'counts'), ('{1}', '{0.5,0.5}', 'counts'), ('{-1,2}', '{0.5,0.5}', 'counts'), ('{1,NULL}', '{0.5,0.5}', 'counts'),
    ('{{1},{2}}', '{0.5,0.5}', 'counts'), ('{}', '{1}', 'counts'), ('{1,1}', '{}', 'shares'), ('{1,1}', '{0,0}', 'shares'), ('{1,1}', '{1,-1}', 'shares'), ('{1,1}', '{1,NaN}', 'shares'), ('{1,1}', '{1,NULL}', 'shares'), ('{1,1}', '{1e308,1e308}', 'shares')) bad(counts, shares, parameter);

-- --- Sizes ---

SELECT is(experiment_size(0.05, 0.06), 8155::bigint, 'from 5 % to 6 %');
SELECT is(experiment_size(0.06, 0.05), 8155::bigint, '... and back');
SELECT is(experiment_mean_size(cv, uplift), ceil(15.69775978 * cv ^ 2 / uplift ^ 2)::bigint, format('CV %s, %s', cv, uplift)) FROM (VALUES (3.5, 0.1), (4.2, 0.1), (5.1, 0.1), (1, 0.5), (10, 0.01)) v(cv, uplift);
-- z of 0.975, 0.995, 0.5, 0.9, 0.2: 1.959964, 2.575829, 0, 1.281552, -0.841621
SELECT is(experiment_mean_size(10, 1, level, power), ceil(200 * (z + b) ^ 2)::bigint, format('level %s, power %s', level, power)) FROM (VALUES (0.95, 0.9, 1.959964, 1.281552), (0.99, 0.8, 2.575829, 0.841621), (0.95, 0.5, 1.959964, 0), (0.95, 0.2, 1.959964, -0.841621)) v(level, power, z, b);
SELECT ok(experiment_size(0, 1) = 2 AND experiment_mean_size(1e-9, 1) = 2, 'two at least');

CREATE TABLE bought AS SELECT chr(97 + n % 3) AS grp, round((before * random() + random() ^ 5 * 200)::numeric, 2) AS after, before FROM (SELECT n, round((random() ^ 3 * 300)::numeric, 2) AS before FROM generate_series(1, 900) n) s;
CREATE TEMPORARY TABLE spread AS SELECT (SELECT experiment_agg('all', after, before) FROM bought) AS one, (SELECT experiment_agg(grp, after, before) FROM bought) AS three,
    (SELECT avg(after)::float8 FROM bought) AS mean, (SELECT stddev_samp(after)::float8 FROM bought) AS deviation, (SELECT stddev_samp(after - slope * before) FROM bought, (SELECT regr_slope(after, before) AS slope FROM bought) r) AS adjusted,
    (SELECT sqrt(sum(v * (n - 1)) / sum(n - 1))::float8 FROM (SELECT count(*) AS n, var_samp(after) AS v FROM bought GROUP BY grp) g) AS within;
SELECT ok(pg_temp.near(d.mean, s.mean) AND pg_temp.near(std_dev, s.adjusted) AND pg_temp.near(difference, 2.801585218 * s.adjusted * sqrt(1 / 100.0 + 1 / 300.0), 1e-6) AND pg_temp.near(relative, difference / s.mean), 'what 100 and 300 customers can show') FROM spread s, experiment_detectable(one, 100, 300) d;
SELECT ok(pg_temp.near(std_dev, s.deviation), '... without the time before') FROM spread s, experiment_detectable(one, 100, 300, false);
SELECT ok(pg_temp.near(std_dev, within), 'within the groups') FROM spread s, experiment_detectable(three, 100, 300, false);
SELECT is(experiment_size(one, 0.1), experiment_mean_size(adjusted / mean, 0.1), 'a size by the spread') FROM spread;
SELECT is(experiment_size(one, 0.1, false, 0.9, 0.7), experiment_mean_size(deviation / mean, 0.1, 0.9, 0.7), '... without the time before') FROM spread;
SELECT ok(relative <= 0.1 AND (experiment_detectable(one, n - 1, n - 1)).relative > 0.1, 'size and detectable agree') FROM spread, experiment_size(one, 0.1) n, experiment_detectable(one, n, n);
SELECT is(experiment_detectable(e::experiment, 10, 10)::text, '(,,,)', 'nothing is known of ' || e) FROM unnest(ARRAY['{}', '{"a":(1;1,2;1,2,4)}', '{"a":(1;1,2;1,2,4),"b":(1;3,2;9,6,4)}', '{"a":(2;0,0,0;0,0,0,0,0,0)}']) e;
SELECT ok(relative IS NULL AND difference > 0 AND experiment_size('{"a":(2;0,0;2,0,0)}'::experiment, 0.1) IS NULL AND experiment_size('{}'::experiment, 0.1) IS NULL, 'nothing relative to nothing') FROM experiment_detectable('{"a":(2;0,0;2,0,0)}', 5, 5);

-- A difference of the size that was asked for is found as often as it was asked for: 200 experiments about 30 % and 40 %
SELECT is(experiment_size(0.3, 0.4), 354::bigint, 'a size for the simulation');
SELECT ok(found BETWEEN 145 AND 175, format('80 %% of 200: %s', found)) FROM (SELECT count(*) FILTER (WHERE x.p_value < 0.05) AS found FROM
    (SELECT salt, experiment_agg(CASE WHEN n <= 354 THEN 'a' ELSE 'b' END, CASE WHEN experiment_position(n, 'power ' || salt) < CASE WHEN n <= 354 THEN 0.3 ELSE 0.4 END THEN 1 ELSE 0 END, 0) AS e
        FROM generate_series(1, 200) salt, generate_series(1, 708) n GROUP BY salt) s, experiment_effect(e, 'a') x) f;

SELECT pg_temp.refuses('SELECT ' || call, state, in_message, 'G%') FROM (VALUES ('experiment_size(-0.1, 0.5)', '22023', '"share": -0.1'), ('experiment_size(0.1, 1.5)', '22023', '"other_share": 1.5'), ('experiment_size(0.5, 0.5)', '22023', '"other_share": 0.5'), ('experiment_size(0.1, ''NaN'')', '22023', '"other_share": NaN'),
    ('experiment_size(0.1, 0.2, 1)', '22023', '"level": 1'), ('experiment_size(0.1, 0.2, 0.95, 0)', '22023', '"power": 0'), ('experiment_size(0.1, 0.2, 0.95, 1)', '22023', '"power": 1'), ('experiment_mean_size(0, 1)', '22023', '"std_dev": 0'), ('experiment_mean_size(1, -1)', '22023', '"difference": -1'),
    ('experiment_mean_size(1, ''Infinity'')', '22023', '"difference": Infinity'), ('experiment_size(''{}''::experiment, 0)', '22023', '"uplift": 0'), ('experiment_detectable(''{}'', 1, 5)', '22023', '"customers": 1'), ('experiment_detectable(''{}'', 5, 0)', '22023', '"control_customers": 0'),
    ('experiment_detectable(''{}'', 5, 5, true, 0)', '22023', '"level": 0'), ('experiment_detectable(''{}'', 5, 5, true, 0.5, ''NaN'')', '22023', '"power": NaN')) bad(call, state, in_message);
SELECT pg_temp.refuses('SELECT experiment_mean_size(1e10, 1e-10)', '22003', 'more customers than can be counted', 'Look for%');

SELECT * FROM finish();
ROLLBACK;
