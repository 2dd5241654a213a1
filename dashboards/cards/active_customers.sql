-- title: Active customers
-- note: Who bought in the last complete period, beside the one before
-- chart: trend
-- columns: Period date, Customers number
SELECT o.period_start AS "Period", o.active_customers AS "Customers"
FROM workspace.overview o
WHERE o.complete
ORDER BY o.period_start
