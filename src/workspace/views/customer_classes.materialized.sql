-- What all customers come to is stored: each is classified from the own history alone. A subquery that depends on nothing
-- is worked out once, and what it puts together is a value in memory: it is not unpacked again for each of them.
CREATE VIEW workspace.customer_classes AS
SELECT h.customer, h.history, h.as_of,
    _clientele.figure_orders(f.figures) AS orders,
    _clientele.figure_purchase_days(f.figures) AS purchase_days,
    _clientele.figure_revenue(f.figures) AS revenue,
    _clientele.figure_average_order(f.figures) AS average_order,
    _clientele.figure_first_order(f.figures) AS first_order,
    _clientele.figure_last_order(f.figures) AS last_order,
    _clientele.figure_days_since_last(f.figures) AS days_since_last,
    _clientele.figure_gap_days(f.figures) AS gap_days,
    _clientele.figure_returns(f.figures) AS returns,
    _clientele.figure_profit(f.figures) AS profit,
    _clientele.figure_purchases(f.figures) AS purchases,
    _clientele.figure_window_revenue(f.figures) AS window_revenue,
    _clientele.figure_window_profit(f.figures) AS window_profit,
    _clientele.figure_window_returns(f.figures) AS window_returns,
    _clientele.figure_last_year_revenue(f.figures) AS last_year_revenue,
    _clientele.figure_class_value(f.figures) AS class_value,
    _clientele.figure_brings_80(f.figures, h.rules) AS brings_80,
    _clientele.usual_gap_of_shop(h.rules) AS shop_gap,
    CASE WHEN _clientele.figure_purchase_days(f.figures) > 3 THEN _clientele.figure_gap_days(f.figures) ELSE _clientele.usual_gap_of_shop(h.rules) END AS usual_gap,
    _clientele.figure_abc(f.figures) AS abc,
    _clientele.figure_xyz(f.figures) AS xyz,
    _clientele.figure_abc(f.figures) || _clientele.figure_xyz(f.figures) AS cell,
    _clientele.figure_stage(f.figures) AS stage,
    _clientele.figure_recency_score(f.figures) AS recency_score,
    _clientele.figure_frequency_score(f.figures) AS frequency_score,
    _clientele.figure_monetary_score(f.figures) AS monetary_score,
    _clientele.figure_at_risk(f.figures) AS at_risk,
    _clientele.figure_missing_revenue(f.figures) AS missing_revenue,
    _clientele.figure_pareto_share(f.figures, h.curve) AS pareto_share
FROM (
    SELECT x.customer, x.history, x.profit_history, (SELECT l.as_of FROM workspace.classification l) AS as_of,
        (SELECT l.rules || ''::bytea FROM workspace.classification l) AS rules, (SELECT l.curve || ''::bytea FROM workspace.classification l) AS curve
    FROM workspace.customer_history x) h
CROSS JOIN LATERAL (SELECT _clientele.customer_figures(h.history, h.profit_history, h.rules) AS figures OFFSET 0) f
WHERE f.figures IS NOT NULL;
COMMENT ON VIEW workspace.customer_classes IS 'What the other views stand on: the view customers with the history, for SQL';
COMMENT ON COLUMN workspace.customer_classes.history IS 'Orders, returns and amounts per day';
COMMENT ON COLUMN workspace.customer_classes.orders IS 'Number of orders: rows with an amount of zero or more';
COMMENT ON COLUMN workspace.customer_classes.class_value IS 'What the ABC class is decided by; empty without a purchase in the window';
COMMENT ON COLUMN workspace.customer_classes.brings_80 IS 'Whether the customer is among those who bring 80 % of it';
COMMENT ON COLUMN workspace.customer_classes.shop_gap IS 'Usual gap of the shop in days: the median of the customers''';
COMMENT ON COLUMN workspace.customer_classes.cell IS 'Both: AX to CZ';
