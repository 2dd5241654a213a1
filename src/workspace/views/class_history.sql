-- One period after the other: sorting all customers of all periods into one partition each would take far longer.
CREATE VIEW workspace.class_history AS
WITH histories AS MATERIALIZED (SELECT h.customer, h.history, h.profit_history FROM workspace.customer_history h)
SELECT c.customer, e.period_start, e.as_of, c.abc, c.xyz, c.abc || c.xyz AS cell, c.stage, c.window_revenue,
    clientele.revenue(c.history, e.period_start, e.as_of) AS period_revenue
FROM (
    SELECT (p.start - (n.n + 1) * p.step)::date AS period_start, (p.start - n.n * p.step)::date AS as_of
    FROM (
        SELECT clientele.period_start(r.as_of, s.period) AS start,
            _clientele.period_step(s.period) AS step
        FROM workspace.reporting_date r CROSS JOIN workspace.applied_settings s
        LIMIT 1) p
    CROSS JOIN generate_series(0, 11) n(n)
    WHERE (p.start - (n.n + 1) * p.step)::date >= date '0001-01-01'
) e
CROSS JOIN LATERAL (
    SELECT f.*,
        clientele.abc_class(f.class_value, f.abc_a, f.abc_b) OVER everyone AS abc,
        clientele.abc_shortfall(f.class_value, f.abc_a, f.abc_b) OVER everyone AS missing_revenue,
        clientele.abc_class(f.class_value, 0.80, 0.80) OVER everyone = 'A' AS brings_80,
        clientele.pareto_share(f.class_value) OVER everyone AS pareto_share,
        clientele.rfm_score(-f.days_since_last, f.rfm_bins) OVER everyone AS recency_score,
        clientele.rfm_score(f.purchases, f.rfm_bins) OVER everyone AS frequency_score,
        clientele.rfm_score(f.revenue, f.rfm_bins) OVER everyone AS monetary_score,
        clientele.shop_gap(f.gap_days) OVER everyone AS shop_gap
    FROM (
        SELECT d.*, s.abc_a, s.abc_b, s.rfm_bins, s.risk_gaps, s.lost_after,
            h.customer, h.history,
            clientele.order_count(h.history, d.as_of) AS orders,
            clientele.purchase_days(h.history, d.as_of) AS purchase_days,
            clientele.revenue(h.history, d.as_of) AS revenue,
            clientele.average_order(h.history, d.as_of) AS average_order,
            clientele.first_order(h.history, d.as_of) AS first_order,
            clientele.last_order(h.history, d.as_of) AS last_order,
            d.as_of - clientele.last_order(h.history, d.as_of) AS days_since_last,
            clientele.gap_days(h.history, d.as_of) AS gap_days,
            clientele.return_count(h.history, d.as_of) AS returns,
            clientele.revenue(h.profit_history, d.as_of) AS profit,
            CASE s.count_by WHEN 'days' THEN clientele.purchase_days(h.history, d.as_of)
                ELSE clientele.order_count(h.history, d.as_of) END AS purchases,
            clientele.revenue(h.history, w.from_date, d.as_of) AS window_revenue,
            clientele.revenue(h.profit_history, w.from_date, d.as_of) AS window_profit,
            clientele.return_count(h.history, w.from_date, d.as_of) AS window_returns,
            clientele.revenue(h.history, (clientele.last_order(h.history, d.as_of) + 1 - interval '1 year')::date, d.as_of) AS last_year_revenue,
            CASE WHEN clientele.last_order(h.history, d.as_of) >= w.from_date THEN
                CASE s.abc_by WHEN 'revenue' THEN clientele.revenue(h.history, w.from_date, d.as_of)
                    ELSE coalesce(clientele.revenue(h.profit_history, w.from_date, d.as_of), 0) END
            END AS class_value,
            CASE WHEN clientele.last_order(h.history, d.as_of) >= w.from_date THEN
                CASE s.xyz_by
                    WHEN 'frequency' THEN clientele.frequency_class(
                        h.history, d.as_of, s.frequency_within, s.x_purchases, s.y_purchases, s.count_by)
                    ELSE clientele.xyz_class(h.history, s.period, w.from_date, d.as_of, s.xyz_x, s.xyz_y) END
            END AS xyz,
            clientele.lifecycle_stage(
                h.history, d.as_of, s.new_within, s.lost_after, s.regular_within, s.regular_purchases, s.count_by) AS stage
        FROM (SELECT e.as_of) d
        CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
        CROSS JOIN LATERAL (SELECT coalesce((d.as_of - s.class_window)::date, '-infinity') AS from_date) w
        CROSS JOIN histories h
        WHERE clientele.first_order(h.history, d.as_of) IS NOT NULL OFFSET 0) f
    WINDOW everyone AS ()
) c;
COMMENT ON VIEW workspace.class_history IS 'The classes of each customer at the end of each of the last twelve complete periods, by what was known then';
COMMENT ON COLUMN workspace.class_history.as_of IS 'The day after its last: classes are as of this day';
COMMENT ON COLUMN workspace.class_history.cell IS 'Both: AX to CZ';
COMMENT ON COLUMN workspace.class_history.window_revenue IS 'Revenue within the window of the classes';
COMMENT ON COLUMN workspace.class_history.period_revenue IS 'Revenue within the period';
