-- title: Revenue beside the year before
-- note: The same period a year earlier; empty where there was none
-- chart: line
-- columns: Period date, Revenue number, Year before number
SELECT o.period_start AS "Period", round(o.revenue) AS "Revenue", round(o.year_before_revenue) AS "Year before"
FROM (SELECT p.* FROM workspace.overview p WHERE p.complete ORDER BY p.period_start DESC LIMIT 24) o
ORDER BY o.period_start
