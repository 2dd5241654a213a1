-- workspace: classes and stages as they were, and who moved

CREATE FUNCTION workspace_create_class_history(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- One period after the other: sorting all customers of all periods into one partition each would take far longer.
    PERFORM @extschema@.workspace_create_view(workspace, 'class_history', format($view$
        WITH histories AS MATERIALIZED (SELECT h.customer, h.history, h.profit_history FROM %1$I.customer_history h)
        SELECT c.customer, e.period_start, e.as_of, c.abc, c.xyz, c.abc || c.xyz AS cell, c.stage, c.window_revenue,
            %2$s.revenue(c.history, e.period_start, e.as_of) AS period_revenue
        FROM (
            SELECT (p.start - (n.n + 1) * p.step)::date AS period_start, (p.start - n.n * p.step)::date AS as_of
            FROM (
                SELECT %2$s.period_start(r.as_of, s.period) AS start,
                    %4$s AS step
                FROM %1$I.reporting_date r CROSS JOIN %1$I.applied_settings s
                LIMIT 1) p
            CROSS JOIN generate_series(0, 11) n(n)
            WHERE (p.start - (n.n + 1) * p.step)::date >= date '0001-01-01'
        ) e
        CROSS JOIN LATERAL (%3$s) c
        $view$, workspace, '@extschema@',
            @extschema@.workspace_classes_sql(workspace, '(SELECT e.as_of)', 'histories'),
            @extschema@.workspace_period_step_sql('s.period')),
        'The classes of each customer at the end of each of the last twelve complete periods, by what was known then',
        (@extschema@.workspace_class_comments())[1:4] || ARRAY[
            ['customer', 'The customer, as in the orders'],
            ['period_start', 'First day of the period'],
            ['as_of', 'The day after its last: classes are as of this day'],
            ['window_revenue', 'Revenue within the window of the classes'],
            ['period_revenue', 'Revenue within the period']]);
    PERFORM @extschema@.workspace_create_cell_migration(workspace);
    PERFORM @extschema@.workspace_create_lifecycle_migration(workspace);
END
$$;
COMMENT ON FUNCTION workspace_create_class_history(name) IS
'Internal to attach_orders(): Makes the views class_history, cell_migration and lifecycle_migration of a workspace.';

-- Of two consecutive periods: an earlier row of the customer is that of the period before, since nobody ceases to
-- be a customer. The first of the twelve ends has none before it.
CREATE FUNCTION workspace_moves_sql(workspace name, class text) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT m.period_start, m.as_of, m.before, m.after, m.known_before, count(*) AS customers, sum(m.period_revenue) AS revenue
        FROM (
            SELECT c.period_start, c.as_of, c.period_revenue, c.%2$I AS after, lag(c.%2$I) OVER periods AS before,
                lag(c.as_of) OVER periods IS NOT NULL AS known_before
            FROM %1$I.class_history c
            WINDOW periods AS (PARTITION BY c.customer ORDER BY c.as_of)) m
        WHERE m.as_of > (
            SELECT (%3$s.period_start(r.as_of, s.period) - 11 * %4$s)::date FROM %1$I.reporting_date r CROSS JOIN %1$I.applied_settings s)
        GROUP BY m.period_start, m.as_of, m.before, m.after, m.known_before
        $query$, workspace, class, '@extschema@', @extschema@.workspace_period_step_sql('s.period'))
$$;
COMMENT ON FUNCTION workspace_moves_sql(name, text) IS
'Internal to attach_orders(): The query for customers by their class before and after each period.';

CREATE FUNCTION workspace_create_cell_migration(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'cell_migration', format($view$
        SELECT m.period_start, m.as_of,
            CASE WHEN m.known_before THEN coalesce(m.before, 'none') ELSE 'acquired' END AS from_cell,
            coalesce(m.after, 'none') AS to_cell,
            m.customers,
            100 * m.customers::double precision / (sum(m.customers) OVER (PARTITION BY m.as_of, m.known_before, m.before))::double precision
                AS pct_of_from,
            m.revenue
        FROM (%s) m
        $view$, @extschema@.workspace_moves_sql(workspace, 'cell')),
        'Customers by their cell of the matrix before and after each of the last eleven periods',
        ARRAY[['period_start', 'First day of the period'],
              ['as_of', 'The day after its last'],
              ['from_cell', 'Cell at the start of the period; none: in no cell; acquired: no order before it'],
              ['to_cell', 'Cell at its end; none: in no cell'],
              ['customers', 'Number of customers'],
              ['pct_of_from', 'Their share of those who were in from_cell, 0 to 100'],
              ['revenue', 'Their revenue within the period']]);
END
$$;
COMMENT ON FUNCTION workspace_create_cell_migration(name) IS
'Internal to attach_orders(): Makes the view cell_migration of a workspace.';

CREATE FUNCTION workspace_create_lifecycle_migration(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'lifecycle_migration', format($view$
        SELECT m.period_start, m.as_of,
            coalesce(m.before, 'none') AS from_stage,
            m.after AS to_stage,
            CASE
                WHEN m.after = 'lost' THEN CASE m.before WHEN 'lost' THEN 'still lost' ELSE CASE WHEN m.before IS NULL THEN 'passed by' ELSE 'lapsed' END END
                ELSE CASE m.before WHEN 'lost' THEN 'returned' ELSE CASE WHEN m.before IS NULL THEN 'acquired' ELSE 'kept' END END
            END AS flow,
            m.customers,
            100 * m.customers::double precision / (sum(m.customers) OVER (PARTITION BY m.as_of, m.before))::double precision AS pct_of_from,
            m.revenue
        FROM (%s) m
        $view$, @extschema@.workspace_moves_sql(workspace, 'stage')),
        'Customers by their stage of the lifecycle before and after each of the last eleven periods. Active are all but the lost: active after = active before - lapsed + returned + acquired',
        ARRAY[['period_start', 'First day of the period'],
              ['as_of', 'The day after its last'],
              ['from_stage', 'Stage at the start of the period; none: no order before it'],
              ['to_stage', 'Stage at its end'],
              ['flow', 'kept, lapsed (active, then lost), returned (lost, then active), acquired (first order), still lost, or passed by (first order and lost within the period)'],
              ['customers', 'Number of customers'],
              ['pct_of_from', 'Their share of those who were in from_stage, 0 to 100'],
              ['revenue', 'Their revenue within the period']]);
END
$$;
COMMENT ON FUNCTION workspace_create_lifecycle_migration(name) IS
'Internal to attach_orders(): Makes the view lifecycle_migration of a workspace.';
