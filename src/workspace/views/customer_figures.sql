-- What begins with WITH is planned by itself: nobody who joins it carries the histories on, or works figures out again.
-- internal
CREATE VIEW workspace.customer_figures AS
WITH f AS (
    SELECT d.as_of, h.customer,
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
        clientele.lifecycle_stage(
            h.history, d.as_of, s.new_within, s.lost_after, s.regular_within, s.regular_purchases, s.count_by) AS stage
    FROM workspace.reporting_date d
    CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
    CROSS JOIN LATERAL (SELECT coalesce((d.as_of - s.class_window)::date, '-infinity') AS from_date) w
    CROSS JOIN workspace.customer_history h
    WHERE clientele.first_order(h.history, d.as_of) IS NOT NULL
)
SELECT f.customer, f.orders, f.purchase_days, f.revenue, f.average_order, f.first_order, f.last_order,
    f.days_since_last, f.gap_days, f.returns, f.profit, f.purchases, f.window_revenue, f.window_profit,
    f.window_returns, f.last_year_revenue, f.stage, f.as_of
FROM f;
COMMENT ON VIEW workspace.customer_figures IS 'One row per customer with what the customer''s own orders say: for looking up one of them, which an index on the orders serves. The view customers has the same figures, and classes that compare them';
COMMENT ON COLUMN workspace.customer_figures.orders IS 'Number of orders: rows with an amount of zero or more';
