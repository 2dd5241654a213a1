-- title: Revenue
-- note: Of the last complete period, beside the one before
-- chart: trend
-- columns: Period date, Revenue number
SELECT o.period_start AS "Period", round(o.revenue) AS "Revenue"
FROM workspace.overview o
WHERE o.complete
ORDER BY o.period_start
