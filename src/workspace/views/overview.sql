-- Weeks have no same week a year before by date: 52 of them are 364 days. Stages, and who came again in the period of the first
-- order, are told from the histories as they are read once.
CREATE VIEW workspace.overview AS
WITH periods AS MATERIALIZED (SELECT p.* FROM workspace.revenue_by_period p),
stages AS MATERIALIZED (
    SELECT _clientele.stage_migration(h.history, r.rules) AS migration,
        array_agg(h.first_period) FILTER (WHERE (h.again).ended AND h.first_order + (h.again).duration < (h.first_period + r.step)::date) AS came_again
    FROM (
        SELECT d.as_of, s.period, _clientele.period_step(s.period) AS step,
            _clientele.class_rules(_clientele.last_period_ends(d.as_of, s.period), s.period, s.class_window, s.abc_by, s.abc_a, s.abc_b,
                s.xyz_by, s.frequency_within, s.x_purchases, s.y_purchases, s.xyz_x, s.xyz_y, s.new_within, s.lost_after, s.regular_within,
                s.regular_purchases, s.count_by, NULL::integer, NULL::double precision) AS rules
        FROM workspace.reporting_date d CROSS JOIN workspace.applied_settings s
        LIMIT 1) r
    CROSS JOIN LATERAL (
        SELECT c.history, f.first_order, clientele.period_start(f.first_order, r.period) AS first_period, clientele.repeat_time(c.history, 1, r.as_of, 'days'::text) AS again
        FROM workspace.customer_history c
        CROSS JOIN LATERAL (SELECT clientele.first_order(c.history, r.as_of) AS first_order) f) h)
SELECT p.period_start, p.complete, p.revenue, p.orders, p.active_customers, p.new_customers, p.returned_customers,
    p.lapsed_customers, g.regular_customers,
    (p.active_customers - p.new_customers + coalesce(a.customers, 0))::double precision / nullif(p.active_customers, 0) AS repeat_share,
    (p.revenue / nullif(p.orders, 0))::double precision AS average_order,
    b.revenue AS previous_revenue, b.active_customers AS previous_active_customers,
    y.revenue AS year_before_revenue, y.active_customers AS year_before_active_customers,
    CASE WHEN p.complete AND b.revenue > 0 THEN (100 * (p.revenue / b.revenue - 1))::double precision END AS pct_revenue_change,
    CASE WHEN p.complete AND y.revenue > 0 THEN (100 * (p.revenue / y.revenue - 1))::double precision END AS pct_revenue_year_change,
    p.enough, n.nps, n.responses AS nps_responses, p.new_customers AS first_orders, p.orders - p.new_customers AS repeat_orders
FROM periods p
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
LEFT JOIN periods b ON b.period_start = (p.period_start - _clientele.period_step(s.period))::date
LEFT JOIN periods y ON y.period_start = CASE s.period WHEN 'week' THEN p.period_start - 364
    ELSE (p.period_start - interval '1 year')::date END
LEFT JOIN (
    SELECT f.period_start, coalesce(sum(f.customers) FILTER (WHERE f.to_state = 'regular'), 0)::bigint AS regular_customers
    FROM stages m
    CROSS JOIN LATERAL _clientele.migration_flows(m.migration) f
    GROUP BY f.period_start) g ON g.period_start = p.period_start
LEFT JOIN (
    SELECT c.period_start, count(*) AS customers
    FROM stages m
    CROSS JOIN LATERAL unnest(m.came_again) c(period_start)
    GROUP BY c.period_start) a ON a.period_start = p.period_start
LEFT JOIN workspace.nps_of_period n ON n.period_start = p.period_start
ORDER BY p.period_start;
COMMENT ON VIEW workspace.overview IS 'The shop at a glance, period by period, beside the period before and the same one a year before';
COMMENT ON COLUMN workspace.overview.complete IS 'Whether the period is complete; who lapses in the one under way is not known yet';
COMMENT ON COLUMN workspace.overview.revenue IS 'Revenue of the period, returns taken off';
COMMENT ON COLUMN workspace.overview.regular_customers IS 'Number of customers of the stage regular at the end of the period, for the last twelve complete ones';
COMMENT ON COLUMN workspace.overview.previous_revenue IS 'Revenue of the period before';
COMMENT ON COLUMN workspace.overview.previous_active_customers IS 'Active customers of the period before';
COMMENT ON COLUMN workspace.overview.year_before_revenue IS 'Revenue of the same period a year before; of a week, that 52 weeks before';
COMMENT ON COLUMN workspace.overview.year_before_active_customers IS 'Active customers of that period';
COMMENT ON COLUMN workspace.overview.pct_revenue_change IS 'Change of revenue against the period before in per cent; empty for the period under way';
COMMENT ON COLUMN workspace.overview.pct_revenue_year_change IS 'The same against a year before';
COMMENT ON COLUMN workspace.overview.nps IS 'Net Promoter Score of the period in points, -100 to 100; empty without answers, which attach_answers() attaches';
COMMENT ON COLUMN workspace.overview.nps_responses IS 'Number of answers behind it';
