-- Scores, intervals, tests and changes: published values, formulas in plain SQL, exact coverage.
BEGIN;
SELECT no_plan();
SELECT setseed(0.75);

\ir include/failure.sql

\ir include/near.sql

-- Score and counts
SELECT is(nps_score(nps), score, 'score of ' || nps::text)
FROM (VALUES
    ('(50,30,20)'::nps, 30::float8), ('(20,30,50)', -30), ('(1,0,0)', 100), ('(0,0,7)', -100),
    ('(0,5,0)', 0), ('(3,0,3)', 0), ('(1,1,1)', 0), ('(2,1,0)', 100.0 * 2 / 3), ('(0,0,0)', NULL),
    ('(9223372036854775807,0,0)', 100), ('(4611686018427387904,0,4611686018427387903)', 100.0::float8 / 9223372036854775807)
) AS v (nps, score);
SELECT is(nps_score(NULL), NULL, 'no value, no score');
SELECT is(ARRAY[nps_promoters(nps), nps_passives(nps), nps_detractors(nps), nps_responses(nps)],
    '{50,30,20,100}', 'counts') FROM (SELECT nps(50, 30, 20) AS nps) AS s;
SELECT is(nps_responses('(9223372036854775800,3,4)'), 9223372036854775807, 'all answers');

-- Bands: the limits belong to the better band.
SELECT is(nps_band(nps), band, nps_score(nps)::text || ' is ' || band)
FROM (VALUES
    ('(100,0,0)'::nps, 'strong'), ('(50,50,0)', 'strong'), ('(4999,5001,0)', 'average'),
    ('(30,70,0)', 'average'), ('(65,0,35)', 'average'), ('(2999,7001,0)', 'weak'), ('(0,1,0)', 'weak'),
    ('(0,0,1)', 'weak')
) AS v (nps, band);
SELECT is(nps_band('(0,0,0)'), NULL, 'no band without answers');
SELECT is(nps_band('(0,1,0)', 0, 0), 'strong', 'both limits may be the same');
SELECT is(nps_band('(0,0,1)', strong => 100, average => -100), 'average', 'the widest limits');

-- Standard error
SELECT ok(pg_temp.near(nps_stderr(nps(p, o, d)),
        100 * sqrt(((p + d)::float8 / n - ((p - d)::float8 / n) ^ 2) / n)), 'standard error')
FROM (VALUES (50, 30, 20), (1, 1, 1), (1, 0, 1), (7, 2, 0), (0, 1, 3)) AS v (p, o, d),
     LATERAL (SELECT p + o + d AS n) AS t;
SELECT is(nps_stderr('(5,0,0)'), 0::float8, 'no spread');
SELECT is(nps_stderr('(0,0,0)'), NULL, 'no standard error without answers');
SELECT ok(pg_temp.near(nps_stderr('(999999999999,1,0)') / 100, 1e-12, 1e-18),
    'a single other answer among 10^12 is not lost');

-- Intervals: published values
SELECT ok(pg_temp.near(estimate, 30) AND pg_temp.near(lower, -21.66, 0.005) AND pg_temp.near(upper, 67.53, 0.005),
    'score interval of 5 promoters, 3 passives, 2 detractors') FROM nps_interval('(5,3,2)');
SELECT ok(pg_temp.near(lower, 100 * (n - z * z) / (n + z * z), 1e-7) AND upper = 100,
    format('%s promoters have the interval in closed form', n))
FROM (SELECT 1.959963984540054 AS z) AS level, unnest('{1,2,10,1000}'::int[]) AS n, nps_interval(nps(n, 0, 0));
SELECT ok(lower = -100 AND pg_temp.near(upper, 100 * (z * z - n) / (n + z * z), 1e-7),
    format('%s detractors have the interval in closed form', n))
FROM (SELECT 1.959963984540054 AS z) AS level, unnest('{1,2,10,1000}'::int[]) AS n, nps_interval(nps(0, 0, n));
SELECT ok(pg_temp.near(upper, 100 * z * z / (n + z * z), 1e-7) AND pg_temp.near(lower, -upper, 1e-7) AND estimate = 0,
    format('%s passives have the interval in closed form', n))
FROM (SELECT 1.959963984540054 AS z) AS level, unnest('{1,2,10,1000}'::int[]) AS n, nps_interval(nps(0, n, 0));

-- Random samples, of every size and with empty groups
CREATE TEMPORARY TABLE sample AS
SELECT n, nps(p, o, d) AS nps, p, o, d, (p + o + d)::float8 AS total
FROM (SELECT n, (random() * 10 ^ (random() * 3))::bigint * (random() * 3)::int AS p,
             (random() * 10 ^ (random() * 3))::bigint * (random() * 3)::int AS o,
             (random() * 10 ^ (random() * 3))::bigint * (random() * 3)::int AS d
      FROM generate_series(1, 400) AS n) AS s
WHERE p + o + d > 0;
INSERT INTO sample
SELECT -row_number() OVER (), nps(p, o, d), p, o, d, p + o + d
FROM generate_series(0, 3) AS p, generate_series(0, 3) AS o, generate_series(0, 3) AS d WHERE p + o + d > 0;
SELECT cmp_ok((SELECT count(*) FROM sample WHERE p * o * d = 0), '>', 60::bigint, 'some groups are empty');

/*
 * The score interval by another way: the most likely shares for a given score where the slope of
 * the likelihood is zero, and the distance in standard errors that a bound has from the estimate.
 */
CREATE FUNCTION pg_temp.distance(p float8, o float8, d float8, score float8) RETURNS float8
LANGUAGE plpgsql AS $$
DECLARE
    low float8 := greatest(0, score);
    high float8 := (1 + score) / 2;
    middle float8;
    slope float8;
BEGIN
    FOR i IN 1..200 LOOP
        middle := (low + high) / 2;
        EXIT WHEN middle <= low OR middle >= high;
        slope := CASE WHEN p > 0 THEN p / middle ELSE 0 END
            + CASE WHEN d > 0 THEN d / (middle - score) ELSE 0 END
            - CASE WHEN o > 0 THEN 2 * o / (1 - 2 * middle + score) ELSE 0 END;
        IF slope > 0 THEN
            low := middle;
        ELSE
            high := middle;
        END IF;
    END LOOP;
    RETURN ((p - d) / (p + o + d) - score) / sqrt((2 * middle - score - score * score) / (p + o + d));
END
$$;
SELECT is_empty(format($$
    SELECT nps, lower, upper FROM sample, nps_interval(nps, %s)
    WHERE lower > -100 AND abs(pg_temp.distance(p, o, d, lower / 100) - %2$s) > 1e-6
       OR upper < 100 AND abs(pg_temp.distance(p, o, d, upper / 100) + %2$s) > 1e-6$$, level, z),
    format('score bounds at level %s lie %s standard errors away', level, z))
FROM (VALUES (0.95, 1.959963984540054), (0.8, 1.2815515655446004), (0.99, 2.5758293035489004)) AS l (level, z);
SELECT is_empty($$
    SELECT nps FROM sample, nps_interval(nps)
    WHERE NOT (lower <= estimate AND estimate <= upper AND lower >= -100 AND upper <= 100
               AND (lower > -100 OR d = total) AND (upper < 100 OR p = total) AND lower < upper)
$$, 'score bounds surround the estimate and stop short of the ends');
SELECT is_empty($$
    SELECT nps FROM sample, nps_interval(nps) AS a, nps_interval(nps(d, o, p)) AS b
    WHERE a.lower <> -b.upper OR a.upper <> -b.lower
$$, 'promoters and detractors are mirror images');
SELECT is_empty($$
    SELECT nps FROM sample, nps_interval(nps, 0.95, 'wald'), LATERAL (
        SELECT (p - d) / total AS s,
               1.959963984540054 * sqrt(greatest((p + d) / total - ((p - d) / total) ^ 2, 0) / total) AS r) AS w
    WHERE abs(lower - 100 * greatest(s - r, -1)) > 1e-6 OR abs(upper - 100 * least(s + r, 1)) > 1e-6
$$, 'Wald interval');
SELECT is_empty($$
    SELECT nps FROM sample, nps_interval(nps, 0.95, 'adjusted_wald'), LATERAL (
        SELECT (p - d) / (total + 3) AS s, (p + d + 1.5) / (total + 3) AS pd) AS w, LATERAL (
        SELECT 1.959963984540054 * sqrt((pd - s * s) / (total + 3)) AS r) AS x
    WHERE abs(lower - 100 * greatest(s - r, -1)) > 1e-6 OR abs(upper - 100 * least(s + r, 1)) > 1e-6
       OR abs(estimate - 100 * (p - d) / total) > 1e-9
$$, 'adjusted Wald interval');
SELECT is_empty($$
    SELECT nps, method FROM sample, unnest('{score,adjusted_wald,wald}'::text[]) AS method,
        nps_interval(nps, 0.8, method) AS narrow, nps_interval(nps, 0.99, method) AS wide
    WHERE narrow.lower < wide.lower OR narrow.upper > wide.upper
$$, 'a higher level gives a wider interval');
SELECT ok(upper - lower < 1e-6, 'huge samples have narrow intervals: ' || method)
FROM unnest('{score,adjusted_wald,wald}'::text[]) AS method,
     nps_interval('(4000000000000000000,1000000000000000000,4000000000000000000)', 0.95, method);
SELECT ok(estimate IS NULL AND lower IS NULL AND upper IS NULL, 'no answers, no interval: ' || method)
FROM unnest('{score,adjusted_wald,wald}'::text[]) AS method, nps_interval('(0,0,0)', 0.95, method);

/*
 * Coverage, exactly: the probability of all outcomes whose interval holds the true score. The
 * expected figures come from simulations of 4,000 draws for score and 40,000 for the others; each
 * is allowed four standard errors of its simulation.
 */
CREATE TEMPORARY TABLE log_factorial AS
SELECT 0 AS k, 0::float8 AS value UNION ALL
SELECT k, sum(ln(k::float8)) OVER (ORDER BY k) FROM generate_series(1, 100) AS k;
CREATE TEMPORARY TABLE coverage AS
SELECT truth, answers, method,
       sum(exp(f.value - fd.value - fo.value - fp.value
               + d * ln(truth[1]) + o * ln(truth[2]) + p * ln(truth[3])))
           FILTER (WHERE 100 * (truth[3] - truth[1]) BETWEEN lower AND upper) AS exact
FROM (VALUES ('{.2,.3,.5}'::float8[]), ('{.05,.15,.8}'), ('{.01,.09,.9}')) AS t (truth),
     unnest('{10,30,100}'::int[]) AS answers,
     generate_series(0, answers) AS d, generate_series(0, answers - d) AS o,
     LATERAL (SELECT answers - d - o AS p) AS rest,
     unnest('{score,adjusted_wald,wald}'::text[]) AS method,
     nps_interval(nps(p, o, d), 0.95, method),
     log_factorial AS f, log_factorial AS fd, log_factorial AS fo, log_factorial AS fp
WHERE f.k = answers AND fd.k = d AND fo.k = o AND fp.k = p
GROUP BY truth, answers, method;
SELECT ok(abs(exact - simulated) <= 4 * sqrt(simulated * (1 - simulated) / draws) + 0.0005,
    format('%s covers %s of %s answers at %s, as simulated %s',
           method, round(exact::numeric, 4), answers, truth, simulated))
FROM coverage JOIN (VALUES
    ('{.2,.3,.5}'::float8[], 10, 'wald', 40000, .895), ('{.2,.3,.5}', 30, 'wald', 40000, .936),
    ('{.2,.3,.5}', 100, 'wald', 40000, .945), ('{.05,.15,.8}', 10, 'wald', 40000, .884),
    ('{.05,.15,.8}', 30, 'wald', 40000, .916), ('{.05,.15,.8}', 100, 'wald', 40000, .934),
    ('{.01,.09,.9}', 10, 'wald', 40000, .650), ('{.01,.09,.9}', 30, 'wald', 40000, .825),
    ('{.01,.09,.9}', 100, 'wald', 40000, .917), ('{.2,.3,.5}', 10, 'adjusted_wald', 40000, .961),
    ('{.2,.3,.5}', 30, 'adjusted_wald', 40000, .948), ('{.2,.3,.5}', 100, 'adjusted_wald', 40000, .950),
    ('{.05,.15,.8}', 10, 'adjusted_wald', 40000, .945), ('{.05,.15,.8}', 30, 'adjusted_wald', 40000, .962),
    ('{.05,.15,.8}', 100, 'adjusted_wald', 40000, .953), ('{.01,.09,.9}', 10, 'adjusted_wald', 40000, .929),
    ('{.01,.09,.9}', 30, 'adjusted_wald', 40000, .952), ('{.01,.09,.9}', 100, 'adjusted_wald', 40000, .958),
    ('{.2,.3,.5}', 10, 'score', 4000, .948), ('{.2,.3,.5}', 30, 'score', 4000, .949),
    ('{.2,.3,.5}', 100, 'score', 4000, .956), ('{.05,.15,.8}', 10, 'score', 4000, .970),
    ('{.05,.15,.8}', 30, 'score', 4000, .967), ('{.05,.15,.8}', 100, 'score', 4000, .947),
    ('{.01,.09,.9}', 10, 'score', 4000, .967), ('{.01,.09,.9}', 30, 'score', 4000, .968),
    ('{.01,.09,.9}', 100, 'score', 4000, .959)
) AS simulation (truth, answers, method, draws, simulated) USING (truth, answers, method);
SELECT is((SELECT count(*) FROM coverage WHERE method = 'score' AND exact >= 0.94), 9::bigint,
    'the default interval covers at least 94 % everywhere');

-- Two groups
CREATE TEMPORARY TABLE pair AS
SELECT a.nps AS a, b.nps AS b, a.p AS ap, a.d AS ad, a.total AS an, b.p AS bp, b.d AS bd, b.total AS bn
FROM sample AS a JOIN sample AS b ON b.n = a.n + 1;
SELECT is_empty($$
    SELECT a, b FROM pair, nps_test(a, b), LATERAL (
        SELECT (ap - ad) / an - (bp - bd) / bn AS s,
               sqrt(greatest((ap + ad) / an - ((ap - ad) / an) ^ 2, 0) / an
                    + greatest((bp + bd) / bn - ((bp - bd) / bn) ^ 2, 0) / bn) AS error) AS w
    WHERE abs(difference - 100 * s) > 1e-9
       OR error > 1e-7 AND abs(z - s / error) > 1e-6
       OR error > 1e-7 AND (p_value < 0 OR p_value > 1 OR p_value IS NULL)
$$, 'difference and z, with the answers of either side in their own places');
SELECT is_empty($$
    SELECT a, b FROM pair, nps_test(a, b), LATERAL (
        SELECT (ap - ad) / (an + 3) AS sa, (ap + ad + 1.5) / (an + 3) AS pda,
               (bp - bd) / (bn + 3) AS sb, (bp + bd + 1.5) / (bn + 3) AS pdb) AS w, LATERAL (
        SELECT 1.959963984540054 * sqrt((pda - sa * sa) / (an + 3) + (pdb - sb * sb) / (bn + 3)) AS r) AS x
    WHERE abs(lower - 100 * greatest(sa - sb - r, -2)) > 1e-6 OR abs(upper - 100 * least(sa - sb + r, 2)) > 1e-6
$$, 'interval of the difference');
SELECT is_empty($$
    SELECT a, b FROM pair, nps_test(a, b) AS t, nps_test(b, a) AS u
    WHERE t.difference <> -u.difference OR t.lower <> -u.upper OR t.z <> -u.z OR t.p_value <> u.p_value
$$, 'the other way round the sign changes, and nothing else');
SELECT is_empty($$
    SELECT a, b, z, p_value, area FROM (SELECT * FROM pair LIMIT 60) AS pair, nps_test(a, b), LATERAL (
        SELECT 2 * sum(CASE WHEN i % 4000 = 0 THEN 1 WHEN i % 2 = 1 THEN 4 ELSE 2 END
                       * exp((abs(z) + i * 0.003) ^ 2 / -2)) * 0.003 / 3 / sqrt(2 * pi()) AS area
        FROM generate_series(0, 4000) AS i) AS simpson
    WHERE z IS NOT NULL AND abs(p_value - area) > 1e-9
$$, 'p_value is the area of both tails');
SELECT ok(difference = 20 AND pg_temp.near(z, 1.7541160386140586) AND pg_temp.near(p_value, 0.07941062599894, 1e-12),
    'the test in figures') FROM nps_test('(50,30,20)', '(40,30,30)');
SELECT ok(difference = 200 AND lower > 150 AND upper <= 200 AND z IS NULL AND p_value IS NULL,
    'without spread there is no z') FROM nps_test('(40,0,0)', '(0,0,40)');
SELECT ok(difference = 0 AND lower = -upper AND z = 0 AND p_value = 1, 'no difference')
FROM nps_test('(5,3,2)', '(5,3,2)');
SELECT is(nps_test(a, b)::text, '(,,,,)', 'no answers on a side')
FROM (VALUES ('(0,0,0)'::nps, '(1,1,1)'::nps), ('(1,1,1)', '(0,0,0)'), ('(0,0,0)', '(0,0,0)')) AS v (a, b);
SELECT is(nps_test('(9223372036854775807,0,0)', '(0,0,9223372036854775807)')::text,
    '(200,200,200,,)', 'the largest counts');

SELECT is_empty($$
    SELECT a, b FROM pair, nps_change(a, b) AS c, nps_test(a, b) AS t
    WHERE c.difference <> t.difference OR c.lower <> t.lower OR c.upper <> t.upper
       OR abs(c.difference - (c.promoters - c.detractors)) > 1e-9
       OR abs(c.promoters - 100 * (ap / an - bp / bn)) > 1e-9
       OR abs(c.detractors - 100 * (ad / an - bd / bn)) > 1e-9
       OR c.verdict <> CASE WHEN c.lower > 0 AND c.difference >= 2 THEN 'up'
                            WHEN c.upper < 0 AND c.difference <= -2 THEN 'down' ELSE 'flat' END
$$, 'a change has its parts, the interval of the test, and a verdict');
SELECT is((SELECT array_agg(DISTINCT (nps_change(a, b)).verdict ORDER BY (nps_change(a, b)).verdict) FROM pair),
    '{down,flat,up}', 'all verdicts occur');
SELECT ok(difference = 20 AND promoters = 10 AND detractors = -10, 'figures as one would write them')
FROM nps_change('(50,30,20)', '(40,30,30)');
SELECT is((nps_change(a, b)).verdict, verdict, format('from %s to %s: %s', b, a, verdict))
FROM (VALUES
    ('(250,150,100)'::nps, '(200,150,150)'::nps, 'up'), ('(200,150,150)', '(250,150,100)', 'down'),
    ('(50,30,20)', '(40,30,30)', 'flat'), ('(40,30,30)', '(50,30,20)', 'flat'),
    ('(510000,300000,190000)', '(500000,300000,200000)', 'up'),
    ('(501000,300000,199000)', '(491000,300000,209000)', 'up'),
    ('(509999,300000,190001)', '(500000,300000,200000)', 'flat'),
    ('(190001,300000,509999)', '(200000,300000,500000)', 'flat'),
    ('(1,0,0)', '(0,0,1)', 'flat')
) AS v (a, b, verdict);
SELECT is(nps_change(a, b)::text, '(,,,,,)', 'no change without answers on both sides')
FROM (VALUES ('(0,0,0)'::nps, '(1,1,1)'::nps), ('(1,1,1)', '(0,0,0)')) AS v (a, b);

-- Sample size
SELECT is_empty($$
    SELECT nps, margin, size FROM sample, unnest('{0.5,3,10,100}'::float8[]) AS margin, LATERAL (
        SELECT nps_sample_size(nps, margin, 0.9) AS size,
               1.6448536269514722 * sqrt(greatest((p + d) / total - ((p - d) / total) ^ 2, 0)) AS zs) AS s
    WHERE size < 1 OR 100 * zs / sqrt(size + 3) > margin * (1 + 1e-9)
       OR size > 1 AND 100 * zs / sqrt(size + 2) < margin * (1 - 1e-9)
$$, 'the fewest answers that keep the margin');
SELECT is(nps_sample_size('(50,30,20)', 5), 935::bigint, 'five points');
SELECT is(nps_sample_size('(50,0,50)', 1), 38412::bigint, 'one point, widest spread');
SELECT is(nps_sample_size('(7,0,0)', 5), 1::bigint, 'a pilot without spread');
SELECT is(nps_sample_size('(7,0,0)', 1e-300), 1::bigint, 'a pilot without spread, however small the margin');
SELECT is(nps_sample_size('(1,0,1)', 100, 0.1), 1::bigint, 'at least one');
SELECT is(nps_sample_size('(0,0,0)', 5), NULL, 'no pilot');

-- What is refused
SELECT is(pg_temp.failure(statement), failure, statement)
FROM (VALUES
    ('SELECT nps_interval(''(5,3,2)'', 0)', '22023 invalid value for parameter "level": 0'),
    ('SELECT nps_interval(''(5,3,2)'', 1)', '22023 invalid value for parameter "level": 1'),
    ('SELECT nps_interval(''(5,3,2)'', 95)', '22023 invalid value for parameter "level": 95'),
    ('SELECT nps_interval(''(5,3,2)'', -0.5)', '22023 invalid value for parameter "level": -0.5'),
    ('SELECT nps_interval(''(5,3,2)'', ''NaN'')', '22023 invalid value for parameter "level": NaN'),
    ('SELECT nps_interval(''(0,0,0)'', 95)', '22023 invalid value for parameter "level": 95'),
    ('SELECT nps_interval(''(5,3,2)'', 0.95, ''Wald'')', '22023 invalid value for parameter "method": "Wald"'),
    ('SELECT nps_interval(''(5,3,2)'', 0.95, '''')', '22023 invalid value for parameter "method": ""'),
    ('SELECT nps_interval(''(0,0,0)'', 0.95, ''x'')', '22023 invalid value for parameter "method": "x"'),
    ('SELECT nps_test(''(5,3,2)'', ''(5,3,2)'', 2)', '22023 invalid value for parameter "level": 2'),
    ('SELECT nps_change(''(5,3,2)'', ''(0,0,0)'', 2)', '22023 invalid value for parameter "level": 2'),
    ('SELECT nps_sample_size(''(5,3,2)'', 0)', '22023 invalid value for parameter "margin": 0'),
    ('SELECT nps_sample_size(''(5,3,2)'', -5)', '22023 invalid value for parameter "margin": -5'),
    ('SELECT nps_sample_size(''(5,3,2)'', 100.5)', '22023 invalid value for parameter "margin": 100.5'),
    ('SELECT nps_sample_size(''(5,3,2)'', ''NaN'')', '22023 invalid value for parameter "margin": NaN'),
    ('SELECT nps_sample_size(''(0,0,0)'', 0)', '22023 invalid value for parameter "margin": 0'),
    ('SELECT nps_sample_size(''(5,3,2)'', 5, 1)', '22023 invalid value for parameter "level": 1'),
    ('SELECT nps_sample_size(''(5,3,2)'', 1e-9)', '22003 sample size out of range for a margin of 1e-09 points'),
    ('SELECT nps_sample_size(''(5,3,2)'', 1e-300)', '22003 sample size out of range for a margin of 1e-300 points'),
    ('SELECT nps_band(''(5,3,2)'', 101)', '22023 invalid value for parameter "strong": 101'),
    ('SELECT nps_band(''(5,3,2)'', ''NaN'')', '22023 invalid value for parameter "strong": NaN'),
    ('SELECT nps_band(''(5,3,2)'', 50, -101)', '22023 invalid value for parameter "average": -101'),
    ('SELECT nps_band(''(5,3,2)'', 30, 50)', '22023 invalid value for parameter "average": 50')
) AS bad (statement, failure);

-- What other tools have been seen to get wrong
SELECT is(nps_agg(s)::text, '(1,1,1)', 'a missing answer does not make the score unknown')
FROM (VALUES (10), (8), (NULL), (3)) AS v (s);
SELECT ok(lower < estimate AND estimate < upper, 'the lower bound comes first') FROM nps_interval('(5,3,2)');
SELECT is(nps_score(nps(count(*) FILTER (WHERE s = 5), count(*) FILTER (WHERE s = 4), count(*) FILTER (WHERE s <= 3))),
    0::float8, 'a five-point scale has groups of its own')
FROM (VALUES (5), (5), (4), (3), (1)) AS v (s);
SELECT ok(pg_temp.near(z, 0.3 / sqrt((0.7 - 0.09) / 100 + 0.5 / 400)),
    'each group''s variance is divided by its own answers') FROM nps_test('(50,30,20)', '(100,200,100)');
SELECT is(nps_agg(8.5)::text, '(0,1,0)', 'a score between the whole ones belongs to a group');
SELECT ok(lower < 100 AND upper = 100, 'ten promoters do not prove that all are')
FROM nps_interval('(10,0,0)');

SELECT * FROM finish();
ROLLBACK;
