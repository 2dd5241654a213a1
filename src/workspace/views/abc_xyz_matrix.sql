CREATE VIEW workspace.abc_xyz_matrix AS
SELECT v."position", v.cell, left(v.cell, 1) AS abc, right(v.cell, 1) AS xyz,
    coalesce(c.customers, 0) AS customers,
    100 * coalesce(c.customers, 0)::double precision / nullif(sum(c.customers) OVER (), 0)::double precision AS pct_of_customers,
    coalesce(c.revenue, 0.00) AS window_revenue,
    CASE WHEN sum(c.revenue) OVER () > 0
        THEN (100 * coalesce(c.revenue, 0) / sum(c.revenue) OVER ())::double precision END AS pct_of_window_revenue,
    CASE WHEN s.has_profit THEN coalesce(c.profit, 0.00) END AS window_profit,
    CASE WHEN sum(c.profit) OVER () > 0 THEN (100 * coalesce(c.profit, 0) / sum(c.profit) OVER ())::double precision END AS pct_of_window_profit,
    coalesce(c.returns, 0) AS window_returns,
    p.action, p.service_rules, p.price_terms, p.valid_from, p.review_by,
    p.review_by <= coalesce(max(c.as_of) OVER (), (SELECT r.as_of FROM workspace.reporting_date r)) AS review_due,
    coalesce(c.customers, 0) >= s.enough AS enough
FROM (VALUES (1, 'AX'), (2, 'AY'), (3, 'AZ'), (4, 'BX'), (5, 'BY'), (6, 'BZ'), (7, 'CX'), (8, 'CY'), (9, 'CZ')) v("position", cell)
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
LEFT JOIN (
    SELECT m.cell, count(*) AS customers, sum(m.window_revenue) AS revenue, sum(m.window_profit) AS profit,
        sum(m.window_returns)::bigint AS returns, max(m.as_of) AS as_of
    FROM workspace.customer_classes m
    GROUP BY m.cell) c ON c.cell = v.cell
LEFT JOIN workspace.policies p ON p.cell = v.cell
ORDER BY v."position";
COMMENT ON VIEW workspace.abc_xyz_matrix IS 'The matrix of ABC and XYZ classes, always nine cells, each with its policy. Its sums are those of abc_summary without the customers who are in no cell: those of the class none, and buyers without an XYZ class; abc_summary counts them as without_cell';
COMMENT ON COLUMN workspace.abc_xyz_matrix."position" IS 'Order in which to show the cells';
COMMENT ON COLUMN workspace.abc_xyz_matrix.cell IS 'ABC class and XYZ class: AX to CZ';
COMMENT ON COLUMN workspace.abc_xyz_matrix.abc IS 'ABC class';
COMMENT ON COLUMN workspace.abc_xyz_matrix.xyz IS 'XYZ class';
COMMENT ON COLUMN workspace.abc_xyz_matrix.pct_of_customers IS 'Share of the customers in all cells, 0 to 100';
COMMENT ON COLUMN workspace.abc_xyz_matrix.pct_of_window_revenue IS 'Share of the revenue of all cells, 0 to 100';
COMMENT ON COLUMN workspace.abc_xyz_matrix.pct_of_window_profit IS 'Share of the profit of all cells, 0 to 100';
COMMENT ON COLUMN workspace.abc_xyz_matrix.action IS 'What to do, from the table policies';
COMMENT ON COLUMN workspace.abc_xyz_matrix.review_due IS 'Whether that day has come';
