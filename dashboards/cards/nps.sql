-- title: Net Promoter Score
-- note: Of the answers of the last complete period
-- chart: number
-- columns: Period date, NPS number
-- belongs to: answers
SELECT n.period_start AS "Period", round(n.score::numeric) AS "NPS"
FROM workspace.nps_by_period n
WHERE n.complete AND n.responses > 0
ORDER BY n.period_start DESC
