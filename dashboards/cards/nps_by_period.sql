-- title: Net Promoter Score by period
-- note: With its interval: where intervals overlap much, nothing need have changed
-- chart: line
-- columns: Period date, NPS number, Lower number, Upper number
-- belongs to: answers
SELECT n.period_start AS "Period", round(n.score::numeric) AS "NPS", round(n.score_lower::numeric) AS "Lower", round(n.score_upper::numeric) AS "Upper"
FROM (SELECT p.* FROM workspace.nps_by_period p WHERE p.complete AND p.responses > 0 ORDER BY p.period_start DESC LIMIT 24) n
ORDER BY n.period_start
