-- workspace: customers by segment, by stage, and as one-time, occasional and regular ones

CREATE FUNCTION workspace_create_summaries(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_rfm_segments(workspace);
    PERFORM @extschema@.workspace_create_lifecycle_summary(workspace);
END
$$;
COMMENT ON FUNCTION workspace_create_summaries(name) IS
'Internal to attach_orders(): Makes the views rfm_segments and lifecycle_summary of a workspace.';

CREATE FUNCTION workspace_create_rfm_segments(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Segments are counted by cell, so that a million customers need no join.
    PERFORM @extschema@.workspace_create_view(workspace, 'rfm_segments', format($view$
        WITH segment AS (
            SELECT coalesce(g.segment, 'other') AS segment, sum(c.customers)::bigint AS customers, sum(c.revenue) AS revenue,
                sum(c.purchases) AS purchases, sum(c.days_since_last) AS days_since_last, sum(c.at_risk)::bigint AS at_risk
            FROM (
                SELECT m.recency_score, m.frequency_score, m.monetary_score, count(*) AS customers, sum(m.revenue) AS revenue,
                    sum(m.purchases) AS purchases, sum(m.days_since_last) AS days_since_last,
                    count(*) FILTER (WHERE m.at_risk) AS at_risk
                FROM %1$I.customer_classes m
                GROUP BY m.recency_score, m.frequency_score, m.monetary_score) c
            LEFT JOIN %1$I.rfm_cells g USING (recency_score, frequency_score, monetary_score)
            GROUP BY coalesce(g.segment, 'other')
        )
        SELECT coalesce(v."position", 2147483647) AS "position", coalesce(v.segment, c.segment) AS segment,
            coalesce(c.customers, 0) AS customers,
            100 * coalesce(c.customers, 0)::double precision / nullif(sum(c.customers) OVER (), 0)::double precision AS pct_of_customers,
            coalesce(c.revenue, 0.00) AS revenue,
            CASE WHEN sum(c.revenue) OVER () > 0
                THEN (100 * coalesce(c.revenue, 0) / sum(c.revenue) OVER ())::double precision END AS pct_of_revenue,
            (c.revenue / c.customers)::double precision AS average_revenue,
            (c.purchases / c.customers)::double precision AS average_purchases,
            (c.days_since_last::numeric / c.customers)::double precision AS average_days_since_last,
            coalesce(c.at_risk, 0) AS at_risk,
            v.advice,
            coalesce(c.customers, 0) >= s.enough AS enough
        FROM (SELECT DISTINCT ON (g.segment) g."position", g.segment, g.advice
              FROM %1$I.segments g ORDER BY g.segment, g."position") v
        FULL JOIN segment c ON c.segment = v.segment
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        ORDER BY "position"
        $view$, workspace),
        'Segments by RFM scores, as the table segments has them, and other for customers whom none of its rows matches',
        ARRAY[['position', 'Order in which to show the segments'],
              ['segment', 'Name of the segment'],
              ['customers', 'Number of customers'],
              ['pct_of_customers', 'Share of all customers, 0 to 100'],
              ['revenue', 'Revenue of their whole life'],
              ['pct_of_revenue', 'Share of the revenue, 0 to 100'],
              ['average_revenue', 'Revenue by number of customers'],
              ['average_purchases', 'Purchases by number of customers'],
              ['average_days_since_last', 'Mean number of days since the last order'],
              ['at_risk', 'Number of customers at risk'],
              ['advice', 'What to do with them, from the table segments'],
              ['enough', 'Whether there are enough customers to go by']]);
END
$$;
COMMENT ON FUNCTION workspace_create_rfm_segments(name) IS
'Internal to attach_orders(): Makes the view rfm_segments of a workspace.';

CREATE FUNCTION workspace_create_lifecycle_summary(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'lifecycle_summary', format($view$
        SELECT v."position", v.stage, coalesce(c.customers, 0) AS customers,
            100 * coalesce(c.customers, 0)::double precision / nullif(sum(c.customers) OVER (), 0)::double precision AS pct_of_customers,
            coalesce(c.revenue, 0.00) AS revenue,
            CASE WHEN sum(c.revenue) OVER () > 0
                THEN (100 * coalesce(c.revenue, 0) / sum(c.revenue) OVER ())::double precision END AS pct_of_revenue,
            coalesce(c.window_revenue, 0.00) AS window_revenue,
            coalesce(c.at_risk, 0) AS at_risk,
            a.approach,
            coalesce(c.customers, 0) >= s.enough AS enough
        FROM (VALUES (1, 'new'), (2, 'occasional'), (3, 'regular'), (4, 'lost')) v("position", stage)
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        LEFT JOIN (
            SELECT m.stage, count(*) AS customers, sum(m.revenue) AS revenue, sum(m.window_revenue) AS window_revenue,
                count(*) FILTER (WHERE m.at_risk) AS at_risk
            FROM %1$I.customer_classes m
            GROUP BY m.stage) c ON c.stage = v.stage
        LEFT JOIN %1$I.approaches a ON a.customers = v.stage
        ORDER BY "position"
        $view$, workspace),
        'Customers by stage of the lifecycle, always four, and how to approach each',
        ARRAY[['position', 'Order in which to show the stages'],
              ['stage', 'new, occasional, regular or lost'],
              ['customers', 'Number of customers'],
              ['pct_of_customers', 'Share of all customers, 0 to 100'],
              ['revenue', 'Revenue of their whole life'],
              ['pct_of_revenue', 'Share of the revenue, 0 to 100'],
              ['window_revenue', 'Revenue within the window of the classes'],
              ['at_risk', 'Number of customers at risk'],
              ['approach', 'How to approach them, from the table approaches'],
              ['enough', 'Whether there are enough customers to go by']]);
END
$$;
COMMENT ON FUNCTION workspace_create_lifecycle_summary(name) IS
'Internal to attach_orders(): Makes the view lifecycle_summary of a workspace.';
