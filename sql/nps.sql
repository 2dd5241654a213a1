-- Net Promoter Score and rating distributions, as a reader of the documentation would try them.

-- From a table of answers: one value, from which everything else is read.
CREATE TABLE answer (day date, shop text, score integer);
INSERT INTO answer
SELECT date '2025-01-01' + n, CASE WHEN n % 3 = 0 THEN 'north' ELSE 'south' END,
       CASE WHEN n % 7 = 6 THEN NULL ELSE (n * n + n / 5) % 11 END
FROM generate_series(0, 119) AS n;

SELECT nps_agg(score), nps_score(nps_agg(score)) AS score FROM answer;

SELECT shop, nps, nps_promoters(nps), nps_passives(nps), nps_detractors(nps), nps_responses(nps)
FROM (SELECT shop, nps_agg(score) AS nps FROM answer GROUP BY shop) AS by_shop ORDER BY shop;

-- The total of the parts is the whole.
SELECT rollup(nps) FROM (SELECT shop, nps_agg(score) AS nps FROM answer GROUP BY shop) AS by_shop;

-- Without answers there is a value, but no score.
SELECT nps_agg(score), nps_score(nps_agg(score)) AS score FROM answer WHERE false;

-- Scores come as any number; 8.99999 is no 9.
SELECT nps_agg(score::numeric) AS from_numeric, nps_agg(score::real) AS from_real
FROM (VALUES (9), (7), (6.5), (8.99999)) AS s (score);
SELECT score, nps_group(score) FROM (VALUES (0), (6), (7), (8), (9), (10)) AS s (score);

-- Answers counted by score before.
SELECT nps_agg(score, answers) FROM (VALUES (10, 50::bigint), (8, 30), (3, 20)) AS s (score, answers);

-- Counts that are known already, and the text form.
SELECT nps(50, 30, 20), '(50,30,20)'::nps, nps(50, 30, 20) = '(50,30,20)' AS same;
SELECT nps(50, 30, 20) + nps(1, 2, 3) AS sum, nps(50, 30, 20) - nps(1, 2, 3) AS difference;
SELECT nps(50, 30, 20)::jsonb;
SELECT nps, count(*) FROM (VALUES (nps(1, 2, 3)), (nps(1, 2, 3)), (nps(3, 2, 1))) AS v (nps)
GROUP BY nps ORDER BY nps_score(nps);

-- The score of the last 30 days, day by day.
SELECT day, nps_agg(score) OVER last_30_days AS nps
FROM answer
WINDOW last_30_days AS (ORDER BY day RANGE BETWEEN '30 days' PRECEDING AND CURRENT ROW)
ORDER BY day DESC LIMIT 3;

-- How certain it is.
SELECT round(estimate::numeric, 2) AS estimate, round(lower::numeric, 2) AS lower,
       round(upper::numeric, 2) AS upper
FROM nps_interval(nps(5, 3, 2));
SELECT method, round(lower::numeric, 2) AS lower, round(upper::numeric, 2) AS upper
FROM unnest('{score,adjusted_wald,wald}'::text[]) AS method,
     nps_interval(nps(10, 0, 0), method => method);
SELECT * FROM nps_interval(nps(0, 0, 0));
SELECT round(nps_stderr(nps(50, 30, 20))::numeric, 4) AS stderr;
SELECT nps_sample_size(nps(50, 30, 20), margin => 5);

-- What to make of it.
SELECT nps_band(nps(60, 30, 10)) AS strong, nps_band(nps(50, 30, 20)) AS average,
       nps_band(nps(30, 30, 40)) AS weak, nps_band(nps(30, 30, 40), 0, -20) AS own_limits;

-- Two groups, or now and before: the newer answers first.
SELECT round(difference::numeric, 2) AS difference, round(lower::numeric, 2) AS lower,
       round(upper::numeric, 2) AS upper, round(z::numeric, 3) AS z,
       round(p_value::numeric, 4) AS p_value
FROM nps_test(nps(250, 150, 100), nps(200, 150, 150));
SELECT difference, promoters, detractors, round(lower::numeric, 2) AS lower,
       round(upper::numeric, 2) AS upper, verdict
FROM nps_change(nps(250, 150, 100), nps(200, 150, 150));

-- What is refused, and what to do about it.
SELECT nps_agg(11);
SELECT nps_agg(-0.5);
SELECT nps_group(double precision 'NaN');
SELECT nps_agg(9, -1::bigint);
SELECT '(50,30)'::nps;
SELECT nps(50, -30, 20);
SELECT nps(50, 30, 20) - nps(0, 31, 0);
SELECT nps(9223372036854775807, 0, 0) + nps(1, 0, 0);
SELECT nps_interval(nps(5, 3, 2), 95);
SELECT nps_interval(nps(5, 3, 2), method => 'bootstrap');
SELECT nps_sample_size(nps(5, 3, 2), 0);
SELECT nps_band(nps(5, 3, 2), 30, 50);

-- Ratings on other scales: satisfaction (CSAT) by both its definitions.
CREATE TABLE rating (channel text, stars smallint);
INSERT INTO rating
SELECT CASE WHEN n % 2 = 0 THEN 'web' ELSE 'shop' END,
       CASE WHEN n % 9 = 8 THEN NULL ELSE 5 - (n * n % 13) % 5 END
FROM generate_series(1, 60) AS n;

SELECT channel, ratings, rating_responses(ratings) AS responses,
       round(rating_mean(ratings)::numeric, 3) AS mean,
       round(csat_mean(ratings)::numeric, 3) AS csat_mean,
       round(csat_top_box(ratings)::numeric, 3) AS csat_top_box
FROM (SELECT channel, rating_agg(stars, 1, 5) AS ratings FROM rating GROUP BY channel) AS r
ORDER BY channel;

SELECT * FROM rating_counts('[1..5](3,0,2,10,7)');
SELECT round(estimate::numeric, 4) AS estimate, round(lower::numeric, 4) AS lower,
       round(upper::numeric, 4) AS upper
FROM csat_top_box_interval('[1..5](3,0,2,10,7)', boxes => 1);

-- A scale of 0 to 10, moved to 1..5 and, as an effort score (CES), to 1..7.
SELECT ratings, rating_mean(ratings) AS mean, csat_mean(ratings), ces_mean(ratings)
FROM (SELECT rating_agg(r, 0, 10) AS ratings FROM (VALUES (0), (5), (10), (10)) AS v (r)) AS r;

SELECT rating_distribution(1, 5, '{3,0,2,10,7}') + '[1..5](1,1,1,1,1)' AS sum,
       '[1..5](3,0,2,10,7)'::rating_distribution::jsonb;
SELECT rollup(ratings) FROM (SELECT rating_agg(stars, 1, 5) AS ratings FROM rating GROUP BY channel) AS r;
SELECT rating_agg(NULL::integer, 1, 5) AS no_rating, rollup(NULL::rating_distribution) AS no_part;

SELECT rating_agg(6, 1, 5);
SELECT rating_agg(3.5, 1, 5);
SELECT rating_agg(3, 5, 1);
SELECT rating_agg(stars, 1, stars + 1) FROM rating;
SELECT '[1..5](3,0,2,10)'::rating_distribution;
SELECT rating_distribution(1, 5, '{1,2,3}');
SELECT '[1..5](3,0,2,10,7)'::rating_distribution + '[0..4](3,0,2,10,7)';
SELECT csat_top_box('[1..5](3,0,2,10,7)', 5);
