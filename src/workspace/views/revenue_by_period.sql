-- Periods in which nothing happened are filled in.
CREATE VIEW workspace.revenue_by_period AS
WITH settings AS (
    SELECT s.period, s.enough, r.as_of, r.first_period, _clientele.period_step(s.period) AS step
    FROM workspace.reporting_date r CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
), activity AS (
    SELECT a.period_start, sum(a.revenue) AS revenue, sum(a.orders)::bigint AS orders,
        count(*) FILTER (WHERE a.orders > 0) AS active,
        count(*) FILTER (WHERE a.status = 'new') AS new,
        count(*) FILTER (WHERE a.status = 'retained') AS retained,
        count(*) FILTER (WHERE a.status = 'returned') AS returned,
        count(*) FILTER (WHERE a.status = 'lapsed') AS lapsed,
        sum(a.revenue) FILTER (WHERE a.status = 'new') AS new_revenue,
        sum(a.revenue) FILTER (WHERE a.status = 'retained') AS retained_revenue,
        sum(a.revenue) FILTER (WHERE a.status = 'returned') AS returned_revenue,
        sum(a.revenue) FILTER (WHERE a.orders = 0) AS inactive_revenue,
        sum(a.previous_revenue) FILTER (WHERE a.status = 'lapsed') AS lapsed_revenue
    FROM settings s
    CROSS JOIN workspace.customer_history h
    CROSS JOIN LATERAL clientele.history_activity(h.history, s.period, s.as_of) a
    WHERE clientele.first_order(h.history, s.as_of) IS NOT NULL AND a.period_start >= s.first_period
    GROUP BY a.period_start
)
SELECT p.period_start, p.complete,
    coalesce(a.revenue, 0.00) AS revenue, coalesce(a.orders, 0) AS orders, coalesce(a.active, 0) AS active_customers,
    coalesce(a.new, 0) AS new_customers, coalesce(a.retained, 0) AS retained_customers,
    coalesce(a.returned, 0) AS returned_customers, CASE WHEN p.complete THEN coalesce(a.lapsed, 0) END AS lapsed_customers,
    coalesce(a.new_revenue, 0.00) AS new_revenue, coalesce(a.retained_revenue, 0.00) AS retained_revenue,
    coalesce(a.returned_revenue, 0.00) AS returned_revenue, CASE WHEN p.complete THEN coalesce(a.lapsed_revenue, 0.00) END AS lapsed_revenue,
    coalesce(a.active, 0) >= s.enough AS enough, coalesce(a.inactive_revenue, 0.00) AS inactive_revenue
FROM settings s
CROSS JOIN (SELECT min(period_start) AS first FROM activity) b
CROSS JOIN LATERAL (
    SELECT g::date AS period_start, (g + s.step)::date <= s.as_of AS complete
    FROM generate_series(b.first::timestamp, clientele.period_start(s.as_of - 1, s.period)::timestamp, s.step) g) p
LEFT JOIN activity a ON a.period_start = p.period_start
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
