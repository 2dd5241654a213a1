-- workspace: ABC classes and the matrix of nine cells

CREATE FUNCTION workspace_create_matrix(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_abc_summary(workspace);
    PERFORM @extschema@.workspace_create_abc_xyz_matrix(workspace);
END
$$;
COMMENT ON FUNCTION workspace_create_matrix(name) IS
'Internal to attach_orders(): Makes the views abc_summary and abc_xyz_matrix of a workspace.';

CREATE FUNCTION workspace_create_abc_summary(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'abc_summary', format($view$
        WITH class AS (
            SELECT c.abc, grouping(c.abc) = 1 AS is_whole, count(*) AS customers, count(c.class_value) AS buyers,
                sum(c.window_revenue) AS revenue, sum(c.window_profit) AS profit, sum(c.class_value) AS value,
                sum(c.window_revenue) FILTER (WHERE c.abc IS NOT NULL) AS buyer_revenue,
                sum(c.window_profit) FILTER (WHERE c.abc IS NOT NULL) AS buyer_profit,
                min(c.class_value) AS lowest_value, count(*) FILTER (WHERE c.class_value < 0) AS losses,
                sum(c.class_value) FILTER (WHERE c.class_value < 0) AS loss_amount,
                count(*) FILTER (WHERE c.cell IS NULL) AS without_cell, count(*) FILTER (WHERE c.brings_80) AS bring_80,
                %2$s.gini(c.class_value) AS gini
            FROM %1$I.customer_classes c
            GROUP BY GROUPING SETS ((c.abc), ())
        )
        SELECT v."position", v.abc, coalesce(c.customers, 0) AS customers,
            CASE WHEN v.abc <> 'none' THEN 100 * coalesce(c.customers, 0)::double precision / nullif(w.buyers, 0) END AS pct_of_customers,
            coalesce(c.revenue, 0.00) AS revenue,
            CASE WHEN v.abc <> 'none' AND w.buyer_revenue > 0
                THEN (100 * coalesce(c.revenue, 0) / w.buyer_revenue)::double precision END AS pct_of_revenue,
            CASE WHEN s.has_profit THEN coalesce(c.profit, 0.00) END AS profit,
            CASE WHEN v.abc <> 'none' AND w.buyer_profit > 0 THEN (100 * coalesce(c.profit, 0) / w.buyer_profit)::double precision END AS pct_of_profit,
            c.lowest_value,
            (c.value / nullif(c.buyers, 0))::double precision AS average_value,
            coalesce(c.losses, 0) AS losses,
            coalesce(c.loss_amount, 0.00) AS loss_amount,
            coalesce(c.without_cell, 0) AS without_cell,
            100 * w.bring_80::double precision / nullif(w.buyers, 0) AS pct_of_customers_bringing_80,
            (SELECT min(b.low) FROM %1$I.benchmarks b WHERE b.measure = 'pct_of_customers_bringing_80')::double precision AS classic_pct_of_customers,
            w.gini,
            s.abc_by,
            coalesce(c.customers, 0) >= s.enough AS enough
        FROM (VALUES (1, 'A'), (2, 'B'), (3, 'C'), (4, 'none')) v("position", abc)
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        JOIN class w ON w.is_whole
        LEFT JOIN class c ON NOT c.is_whole AND coalesce(c.abc, 'none') = v.abc
        ORDER BY v."position"
        $view$, workspace, '@extschema@'),
        'ABC classes: how many customers bring how much of the window''s revenue or profit. Always A, B, C and none: customers without a purchase in the window',
        ARRAY[['position', 'Order in which to show the classes'],
              ['abc', 'A, B, C, or none'],
              ['customers', 'Number of customers'],
              ['pct_of_customers', 'Share of the customers who bought in the window, 0 to 100'],
              ['revenue', 'Revenue in the window'],
              ['pct_of_revenue', 'Share of the revenue of A, B and C, 0 to 100; empty where there is none'],
              ['profit', 'Profit in the window; empty where no column of it is attached'],
              ['pct_of_profit', 'Share of the profit of A, B and C, 0 to 100'],
              ['lowest_value', 'The lowest value in the class, of what abc_by says'],
              ['average_value', 'The mean value'],
              ['losses', 'Number of customers with a value below zero: more returned than bought, or a loss'],
              ['loss_amount', 'Sum of these values'],
              ['without_cell', 'Number of customers in no cell of the matrix: without a purchase in the window, or without an XYZ class'],
              ['pct_of_customers_bringing_80', 'Share of the customers who bring 80 % of the whole, the same in every row, 0 to 100'],
              ['classic_pct_of_customers', 'The classic 20 %, to compare it with, from the table benchmarks'],
              ['gini', 'Gini coefficient of the values, the same in every row: 0 if all bring the same, near 1 if one brings all'],
              ['abc_by', 'What the classes are decided by: revenue or profit'],
              ['enough', 'Whether there are enough customers to go by']]);
END
$$;
COMMENT ON FUNCTION workspace_create_abc_summary(name) IS
'Internal to attach_orders(): Makes the view abc_summary of a workspace.';

CREATE FUNCTION workspace_create_abc_xyz_matrix(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'abc_xyz_matrix', format($view$
        SELECT v."position", v.cell, left(v.cell, 1) AS abc, right(v.cell, 1) AS xyz,
            coalesce(c.customers, 0) AS customers,
            100 * coalesce(c.customers, 0)::double precision / nullif(sum(c.customers) OVER (), 0)::double precision AS pct_of_customers,
            coalesce(c.revenue, 0.00) AS revenue,
            CASE WHEN sum(c.revenue) OVER () > 0
                THEN (100 * coalesce(c.revenue, 0) / sum(c.revenue) OVER ())::double precision END AS pct_of_revenue,
            CASE WHEN s.has_profit THEN coalesce(c.profit, 0.00) END AS profit,
            CASE WHEN sum(c.profit) OVER () > 0 THEN (100 * coalesce(c.profit, 0) / sum(c.profit) OVER ())::double precision END AS pct_of_profit,
            coalesce(c.returns, 0) AS returns,
            p.action, p.service_rules, p.price_terms, p.valid_from, p.review_by,
            p.review_by <= coalesce(max(c.as_of) OVER (), (SELECT r.as_of FROM %1$I.reporting_date r)) AS review_due,
            coalesce(c.customers, 0) >= s.enough AS enough
        FROM (VALUES (1, 'AX'), (2, 'AY'), (3, 'AZ'), (4, 'BX'), (5, 'BY'), (6, 'BZ'), (7, 'CX'), (8, 'CY'), (9, 'CZ')) v("position", cell)
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        LEFT JOIN (
            SELECT m.cell, count(*) AS customers, sum(m.window_revenue) AS revenue, sum(m.window_profit) AS profit,
                sum(m.window_returns)::bigint AS returns, max(m.as_of) AS as_of
            FROM %1$I.customer_classes m
            GROUP BY m.cell) c ON c.cell = v.cell
        LEFT JOIN %1$I.policies p ON p.cell = v.cell
        ORDER BY v."position"
        $view$, workspace),
        'The matrix of ABC and XYZ classes, always nine cells, each with its policy. Customers who are in none are counted in abc_summary, as without_cell',
        ARRAY[['position', 'Order in which to show the cells'],
              ['cell', 'ABC class and XYZ class: AX to CZ'],
              ['abc', 'ABC class'],
              ['xyz', 'XYZ class'],
              ['customers', 'Number of customers'],
              ['pct_of_customers', 'Share of the customers in all cells, 0 to 100'],
              ['revenue', 'Revenue in the window'],
              ['pct_of_revenue', 'Share of the revenue of all cells, 0 to 100'],
              ['profit', 'Profit in the window; empty where no column of it is attached'],
              ['pct_of_profit', 'Share of the profit of all cells, 0 to 100'],
              ['returns', 'Number of returns in the window'],
              ['action', 'What to do, from the table policies'],
              ['service_rules', 'How to serve them'],
              ['price_terms', 'Which prices and terms they get'],
              ['valid_from', 'Since when the policy holds'],
              ['review_by', 'When to look at it again'],
              ['review_due', 'Whether that day has come'],
              ['enough', 'Whether there are enough customers to go by']]);
END
$$;
COMMENT ON FUNCTION workspace_create_abc_xyz_matrix(name) IS
'Internal to attach_orders(): Makes the view abc_xyz_matrix of a workspace.';
