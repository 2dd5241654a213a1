#!/usr/bin/env bash
# Simulates how often the intervals of nps_interval hold the true score, for the level 95 %.
#
#   bash test/nps_coverage.sh [DRAWS [SEED]]
#
# Run by hand, against a database that has the extension (PGHOST, PGDATABASE …); the 40,000 draws
# per row that it makes unless told otherwise take about a quarter of a minute. Each draw answers
# the survey anew: every answer is a detractor, passive or promoter with the row's probabilities. A
# figure is uncertain by about two units of its last digit. test/nps_score.sql checks the same
# figures without chance, by adding up the probabilities of all outcomes.
set -euo pipefail

draws=${1:-40000}
seed=${2:-0.5}

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --set draws="$draws" --set seed="$seed" <<'SQL'
SELECT setseed(:seed) \g /dev/null
SET max_parallel_workers_per_gather = 0;

CREATE TEMPORARY TABLE outcome AS
SELECT truth, answers, nps, count(*) AS times
FROM (
    SELECT truth, answers, draw,
           nps_agg(CASE WHEN chance < truth[1] THEN 0 WHEN chance < truth[1] + truth[2] THEN 7 ELSE 10 END) AS nps
    FROM (
        SELECT truth, answers, draw, random() AS chance
        FROM (VALUES ('{.2,.3,.5}'::float8[]), ('{.05,.15,.8}'), ('{.01,.09,.9}')) AS t (truth),
             unnest('{10,30,100}'::int[]) AS answers,
             generate_series(1, :draws) AS draw, generate_series(1, answers) AS answer
    ) AS answer
    GROUP BY truth, answers, draw
) AS draw
GROUP BY truth, answers, nps;

SELECT truth AS "detractors, passives, promoters", answers,
       round(sum(times) FILTER (WHERE held AND method = 'wald') / :draws, 3) AS wald,
       round(sum(times) FILTER (WHERE held AND method = 'adjusted_wald') / :draws, 3) AS adjusted_wald,
       round(sum(times) FILTER (WHERE held AND method = 'score') / :draws, 3) AS score
FROM (
    SELECT truth, answers, times, method, 100 * (truth[3] - truth[1]) BETWEEN lower AND upper AS held
    FROM outcome, unnest('{score,adjusted_wald,wald}'::text[]) AS method, nps_interval(nps, 0.95, method)
) AS bounds
GROUP BY truth, answers ORDER BY truth DESC, answers;
SQL
