CREATE VIEW workspace.lifecycle_summary AS
SELECT v."position", v.stage, coalesce(c.customers, 0) AS customers,
    100 * coalesce(c.customers, 0)::double precision / nullif(sum(c.customers) OVER (), 0)::double precision AS pct_of_customers,
    coalesce(c.revenue, 0.00) AS revenue,
    CASE WHEN sum(c.revenue) OVER () > 0
        THEN (100 * coalesce(c.revenue, 0) / sum(c.revenue) OVER ())::double precision END AS pct_of_revenue,
    coalesce(c.window_revenue, 0.00) AS window_revenue,
    coalesce(c.at_risk, 0) AS at_risk,
    a.approach,
    coalesce(c.customers, 0) >= s.enough AS enough
FROM (VALUES (1, 'new'), (2, 'occasional'), (3, 'regular'), (4, 'lost')) v("position", stage)
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
LEFT JOIN (
    SELECT m.stage, count(*) AS customers, sum(m.revenue) AS revenue, sum(m.window_revenue) AS window_revenue,
        count(*) FILTER (WHERE m.at_risk) AS at_risk
    FROM workspace.customer_classes m
    GROUP BY m.stage) c ON c.stage = v.stage
LEFT JOIN workspace.approaches a ON a.customers = v.stage
ORDER BY "position";
COMMENT ON VIEW workspace.lifecycle_summary IS 'Customers by stage of the lifecycle, always four, and how to approach each';
COMMENT ON COLUMN workspace.lifecycle_summary."position" IS 'Order in which to show the stages';
COMMENT ON COLUMN workspace.lifecycle_summary.stage IS 'new, occasional, regular or lost';
COMMENT ON COLUMN workspace.lifecycle_summary.revenue IS 'Revenue of their whole life';
COMMENT ON COLUMN workspace.lifecycle_summary.window_revenue IS 'Revenue within the window of the classes';
COMMENT ON COLUMN workspace.lifecycle_summary.at_risk IS 'Number of customers at risk';
COMMENT ON COLUMN workspace.lifecycle_summary.approach IS 'How to approach them, from the table approaches';
