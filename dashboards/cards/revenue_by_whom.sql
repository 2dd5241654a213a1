-- title: Revenue by whom it comes from
-- note: Customers of the period before, those who came back after a pause, and new ones; inactive is what was returned without an order
-- chart: stacked
-- columns: Period date, Retained number, Returned number, New number, Inactive number
SELECT r.period_start AS "Period", round(r.retained_revenue) AS "Retained", round(r.returned_revenue) AS "Returned", round(r.new_revenue) AS "New",
    round(r.inactive_revenue) AS "Inactive"
FROM (SELECT p.* FROM workspace.revenue_by_period p WHERE p.complete ORDER BY p.period_start DESC LIMIT 24) r
ORDER BY r.period_start
