CREATE VIEW workspace.abc_summary AS
WITH class AS MATERIALIZED (
    SELECT c.abc, count(*) AS customers, count(c.class_value) AS buyers,
        sum(c.window_revenue) AS revenue, sum(c.window_profit) AS profit, sum(c.class_value) AS value,
        sum(c.window_revenue) FILTER (WHERE c.abc IS NOT NULL) AS buyer_revenue,
        sum(c.window_profit) FILTER (WHERE c.abc IS NOT NULL) AS buyer_profit,
        min(c.class_value) AS lowest_value, count(*) FILTER (WHERE c.class_value < 0) AS losses,
        sum(c.class_value) FILTER (WHERE c.class_value < 0) AS loss_amount,
        count(*) FILTER (WHERE c.cell IS NULL) AS without_cell, count(*) FILTER (WHERE c.brings_80) AS bring_80,
        _clientele.gini_values(c.class_value) AS class_values
    FROM workspace.customer_classes c
    GROUP BY c.abc
)
SELECT v."position", v.abc, coalesce(c.customers, 0) AS customers,
    CASE WHEN v.abc <> 'none' THEN 100 * coalesce(c.customers, 0)::double precision / nullif(w.buyers, 0) END AS pct_of_customers,
    coalesce(c.revenue, 0.00) AS window_revenue,
    CASE WHEN v.abc <> 'none' AND w.buyer_revenue > 0
        THEN (100 * coalesce(c.revenue, 0) / w.buyer_revenue)::double precision END AS pct_of_window_revenue,
    CASE WHEN s.has_profit THEN coalesce(c.profit, 0.00) END AS window_profit,
    CASE WHEN v.abc <> 'none' AND w.buyer_profit > 0 THEN (100 * coalesce(c.profit, 0) / w.buyer_profit)::double precision END AS pct_of_window_profit,
    c.lowest_value,
    (c.value / nullif(c.buyers, 0))::double precision AS average_value,
    coalesce(c.losses, 0) AS losses,
    coalesce(c.loss_amount, 0.00) AS loss_amount,
    coalesce(c.without_cell, 0) AS without_cell,
    100 * w.bring_80::double precision / nullif(w.buyers, 0) AS pct_of_customers_bringing_80,
    (SELECT min(b.low) FROM workspace.benchmarks b WHERE b.measure = 'pct_of_customers_bringing_80')::double precision AS classic_pct_of_customers,
    w.gini,
    s.abc_by,
    coalesce(c.customers, 0) >= s.enough AS enough
FROM (VALUES (1, 'A'), (2, 'B'), (3, 'C'), (4, 'none')) v("position", abc)
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
CROSS JOIN (
    SELECT sum(x.buyers)::bigint AS buyers, sum(x.buyer_revenue) AS buyer_revenue, sum(x.buyer_profit) AS buyer_profit,
        sum(x.bring_80)::bigint AS bring_80, _clientele.gini_of_all(x.class_values) AS gini
    FROM class x) w
LEFT JOIN class c ON coalesce(c.abc, 'none') = v.abc
ORDER BY v."position";
COMMENT ON VIEW workspace.abc_summary IS 'ABC classes: how many customers bring how much of the window''s revenue or profit. Always A, B, C and none: customers without a purchase in the window, who may have returned something in it';
COMMENT ON COLUMN workspace.abc_summary."position" IS 'Order in which to show the classes';
COMMENT ON COLUMN workspace.abc_summary.abc IS 'A, B, C, or none';
COMMENT ON COLUMN workspace.abc_summary.pct_of_customers IS 'Share of the customers who bought in the window, 0 to 100';
COMMENT ON COLUMN workspace.abc_summary.pct_of_window_revenue IS 'Share of the revenue of A, B and C, 0 to 100; empty where there is none';
COMMENT ON COLUMN workspace.abc_summary.pct_of_window_profit IS 'Share of the profit of A, B and C, 0 to 100';
COMMENT ON COLUMN workspace.abc_summary.lowest_value IS 'The lowest value in the class, of what abc_by says';
COMMENT ON COLUMN workspace.abc_summary.losses IS 'Number of customers with a value below zero: more returned than bought, or a loss';
COMMENT ON COLUMN workspace.abc_summary.loss_amount IS 'Sum of these values';
COMMENT ON COLUMN workspace.abc_summary.without_cell IS 'Number of customers in no cell of the matrix: without a purchase in the window, or without an XYZ class';
COMMENT ON COLUMN workspace.abc_summary.pct_of_customers_bringing_80 IS 'Share of the customers who bring 80 % of the whole, the same in every row, 0 to 100';
COMMENT ON COLUMN workspace.abc_summary.classic_pct_of_customers IS 'The classic 20 %, to compare it with, from the table benchmarks';
COMMENT ON COLUMN workspace.abc_summary.gini IS 'Gini coefficient of the values, the same in every row: 0 if all bring the same, near 1 if one brings all';
COMMENT ON COLUMN workspace.abc_summary.abc_by IS 'What the classes are decided by: revenue or profit';
