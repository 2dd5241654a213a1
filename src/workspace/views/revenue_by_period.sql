-- Periods in which nothing happened are there too.
CREATE VIEW workspace.revenue_by_period AS
SELECT p.period_start, p.complete, p.revenue, p.orders, p.active_customers, p.new_customers, p.retained_customers,
    p.returned_customers, p.lapsed_customers, p.new_revenue, p.retained_revenue, p.returned_revenue, p.lapsed_revenue,
    p.active_customers >= a.enough AS enough, p.inactive_revenue
FROM (
    SELECT min(s.enough) AS enough, clientele.activity_agg(h.history, s.period, r.first_period, r.as_of) AS activity
    FROM workspace.reporting_date r
    CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
    CROSS JOIN workspace.customer_history h
    WHERE clientele.first_order(h.history, r.as_of) IS NOT NULL) a
CROSS JOIN LATERAL clientele.activity_periods(a.activity) p
ORDER BY p.period_start;
COMMENT ON VIEW workspace.revenue_by_period IS 'Growth, period by period: who was active and what they brought. Active customers are those of the period before, less the lapsed, and the new and returned';
COMMENT ON COLUMN workspace.revenue_by_period.complete IS 'Whether the period is complete; who lapses in the one under way is not known yet';
COMMENT ON COLUMN workspace.revenue_by_period.revenue IS 'Revenue of the period, returns taken off';
COMMENT ON COLUMN workspace.revenue_by_period.retained_customers IS 'Number of those who bought in the period before too';
COMMENT ON COLUMN workspace.revenue_by_period.new_revenue IS 'Revenue from new customers';
COMMENT ON COLUMN workspace.revenue_by_period.retained_revenue IS 'Revenue from retained customers';
COMMENT ON COLUMN workspace.revenue_by_period.returned_revenue IS 'Revenue from returned customers';
COMMENT ON COLUMN workspace.revenue_by_period.lapsed_revenue IS 'What the lapsed customers brought in the period before; empty for the period under way';
COMMENT ON COLUMN workspace.revenue_by_period.inactive_revenue IS 'Returns in the period of customers who bought nothing in it, 0 or less: new, retained, returned and inactive revenue add up to revenue';
