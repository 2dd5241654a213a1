-- By itself, like customer_figures.
-- stored by: customer
CREATE VIEW workspace.customer_classes AS
WITH c AS (
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
        FROM workspace.reporting_date d
        CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
        CROSS JOIN LATERAL (SELECT coalesce((d.as_of - s.class_window)::date, '-infinity') AS from_date) w
        CROSS JOIN workspace.customer_history h
        WHERE clientele.first_order(h.history, d.as_of) IS NOT NULL OFFSET 0) f
    WINDOW everyone AS ()
)
SELECT c.customer, c.history, c.as_of, c.orders, c.purchase_days, c.revenue, c.average_order, c.first_order, c.last_order,
    c.days_since_last, c.gap_days, c.returns, c.profit, c.purchases, c.window_revenue, c.window_profit,
    c.window_returns, c.last_year_revenue, c.class_value, c.brings_80, c.shop_gap,
    CASE WHEN c.purchase_days > 3 THEN c.gap_days ELSE c.shop_gap END AS usual_gap,
    c.abc, c.xyz, c.abc || c.xyz AS cell, c.stage, c.recency_score, c.frequency_score, c.monetary_score,
    clientele.at_risk(c.history, c.as_of, c.risk_gaps, c.shop_gap, c.lost_after) AS at_risk,
    c.missing_revenue, c.pareto_share
FROM c;
COMMENT ON VIEW workspace.customer_classes IS 'What the other views stand on: the view customers with the history, for SQL';
COMMENT ON COLUMN workspace.customer_classes.history IS 'Orders, returns and amounts per day';
COMMENT ON COLUMN workspace.customer_classes.orders IS 'Number of orders: rows with an amount of zero or more';
COMMENT ON COLUMN workspace.customer_classes.class_value IS 'What the ABC class is decided by; empty without a purchase in the window';
COMMENT ON COLUMN workspace.customer_classes.brings_80 IS 'Whether the customer is among those who bring 80 % of it';
COMMENT ON COLUMN workspace.customer_classes.shop_gap IS 'Usual gap of the shop in days: the median of the customers''';
COMMENT ON COLUMN workspace.customer_classes.cell IS 'Both: AX to CZ';
