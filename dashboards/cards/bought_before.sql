-- title: Had bought before
-- note: Share of the customers of the last complete period
-- chart: number
-- columns: Period date, Share percent
SELECT o.period_start AS "Period", o.repeat_share AS "Share"
FROM workspace.overview o
WHERE o.complete
ORDER BY o.period_start DESC
