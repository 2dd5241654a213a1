-- workspace: customers by where they came from and what they bought first

CREATE FUNCTION workspace_create_dimensions(workspace name, columns order_columns) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'customer_dimensions',
        @extschema@.workspace_dimensions_sql(workspace, columns.customer),
        'What customers can be divided by, one row per customer and dimension: source and category of the first order, where columns of them are attached, and the columns that attach_customers() was told',
        ARRAY[['customer', 'The customer, as in the orders'],
              ['dimension', 'first_source, first_category, or a column of the table of customers'],
              ['value', 'Its value for the customer']]);
    PERFORM @extschema@.workspace_create_first_purchase(workspace);
    PERFORM @extschema@.workspace_create_retention_by_dimension(workspace);
    PERFORM @extschema@.workspace_create_cohorts_by_dimension(workspace);
END
$$;
COMMENT ON FUNCTION workspace_create_dimensions(name, order_columns) IS
'Internal to attach_orders(): Makes the views customer_dimensions, first_purchase, retention_by_dimension and cohorts_by_dimension of a workspace.';

CREATE FUNCTION workspace_dimensions_sql(workspace name, orders_customer order_column) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT f.customer, v.dimension, v.value
        FROM %1$I.first_orders f
        CROSS JOIN LATERAL (VALUES ('first_source', f.source), ('first_category', f.category)) v(dimension, value)
        WHERE v.value IS NOT NULL AND f.day < (SELECT r.as_of FROM %1$I.reporting_date r)
        $query$, workspace) || @extschema@.workspace_customer_dimensions_sql(workspace, orders_customer)
$$;
COMMENT ON FUNCTION workspace_dimensions_sql(name, order_column) IS
'Internal to attach_orders(): The query for customers with the dimensions that the orders and the table of customers give.';

CREATE FUNCTION workspace_create_first_purchase(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Whoever had the span to come back in is counted, and whether it was within the span. A full join is never a loop
    -- over all customers for each of them, however few the planner expects; customers without a dimension drop out.
    -- DISTINCT changes nothing but what the planner knows before PostgreSQL 18: of what is grouped by customer it expects
    -- every 200th pair to match, which grows with the square of the customers.
    PERFORM @extschema@.workspace_create_view(workspace, 'first_purchase', format($view$
        SELECT f.dimension, f.value, f.customers, f.eligible, f.repeated, i.estimate AS rate, i.lower, i.upper,
            f.revenue, (f.revenue / nullif(f.customers, 0))::double precision AS average_revenue, f.eligible = f.customers AS complete,
            f.eligible >= f.enough AS enough
        FROM (
            SELECT d.dimension, d.value, count(h.first_order) AS customers,
                count(*) FILTER (WHERE h.first_order + h.span <= h.as_of) AS eligible,
                count(*) FILTER (WHERE h.first_order + h.span <= h.as_of AND (h.repeat).ended AND (h.repeat).duration < h.span) AS repeated,
                sum(h.revenue) AS revenue, min(h.enough) AS enough
            FROM %1$I.customer_dimensions d
            FULL JOIN (
                SELECT DISTINCT ON (c.customer) c.customer, r.as_of, s.enough, r.as_of - (r.as_of - s.lost_after)::date AS span,
                    %2$s.first_order(c.history, r.as_of) AS first_order, %2$s.revenue(c.history, r.as_of) AS revenue,
                    %2$s.repeat_time(c.history, 1, r.as_of) AS repeat
                FROM %1$I.reporting_date r
                CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
                CROSS JOIN %1$I.customer_history c) h ON h.customer = d.customer
            GROUP BY d.dimension, d.value) f
        CROSS JOIN LATERAL %2$s.wilson_interval(f.repeated, f.eligible) i
        WHERE f.dimension IS NOT NULL AND f.customers > 0
        $view$, workspace, '@extschema@'),
        'How many came back within six months (lost_after), by what they bought first and where they came from',
        ARRAY[['dimension', 'first_source, first_category, or a column of the table of customers'],
              ['value', 'Its value'],
              ['customers', 'Number of customers'],
              ['eligible', 'Number of those whose first order is at least as long ago as the span'],
              ['repeated', 'Number of those who bought again within the span'],
              ['rate', 'Share of those, 0 to 1'],
              ['lower', 'Lower bound of its 95 % interval (Wilson)'],
              ['upper', 'Upper bound'],
              ['revenue', 'Revenue of the customers'' whole life'],
              ['average_revenue', 'By number of customers'],
              ['complete', 'Whether all of them have had the span'],
              ['enough', 'Whether there are enough customers to go by']]);
END
$$;
COMMENT ON FUNCTION workspace_create_first_purchase(name) IS
'Internal to attach_orders(): Makes the view first_purchase of a workspace.';

CREATE FUNCTION workspace_create_retention_by_dimension(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'retention_by_dimension', format($view$
        SELECT c.dimension, c.value, c.customers, p.period_number, p.eligible, p.retained, p.rate, p.lower, p.upper,
            p.retained_on_or_after, p.rate_on_or_after, p.lower_on_or_after, p.upper_on_or_after, true AS complete,
            p.eligible >= c.enough AS enough
        FROM (
            SELECT d.dimension, d.value, count(%2$s.first_order(h.history, r.as_of)) AS customers, min(s.enough) AS enough,
                %2$s.retention_curve(h.history, s.period, r.as_of) AS curve
            FROM %1$I.customer_dimensions d
            FULL JOIN (SELECT DISTINCT ON (x.customer) x.customer, x.history FROM %1$I.customer_history x) h ON h.customer = d.customer
            CROSS JOIN %1$I.reporting_date r
            CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
            WHERE coalesce(%2$s.first_order(h.history, r.as_of), date 'infinity') >= r.first_period
            GROUP BY d.dimension, d.value) c
        CROSS JOIN LATERAL %2$s.retention_points(c.curve) p
        WHERE c.dimension IS NOT NULL
        $view$, workspace, '@extschema@'),
        'The retention curve by where customers came from and what they bought first',
        @extschema@.workspace_retention_comments() || ARRAY[
            ['dimension', 'first_source, first_category, or a column of the table of customers'],
            ['value', 'Its value'],
            ['customers', 'Number of customers'],
            ['complete', 'Always true: periods under way are not counted']]);
END
$$;
COMMENT ON FUNCTION workspace_create_retention_by_dimension(name) IS
'Internal to attach_orders(): Makes the view retention_by_dimension of a workspace.';

CREATE FUNCTION workspace_create_cohorts_by_dimension(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- What a cohort brought is read from its customers' histories together, and the cohorts of a value are put together
    -- from what is grouped already. OFFSET 0 makes columns of one relation of what is grouped, of which the planner
    -- expects a tenth as many groups as rows; else it multiplies, and expects millions of cohorts.
    PERFORM @extschema@.workspace_create_view(workspace, 'cohorts_by_dimension', format($view$
        WITH cohort AS MATERIALIZED (
            SELECT h.dimension, h.value, h.cohort_start, %2$s.rollup(h.history) FILTER (WHERE h.dimension IS NOT NULL) AS history,
                %2$s.retention_curve(h.history, h.period, h.as_of) FILTER (WHERE h.dimension IS NOT NULL) AS curve,
                min(h.as_of) AS as_of, min(h.enough) AS enough, min(h.step) AS step
            FROM (
                SELECT d.dimension, d.value, %2$s.period_start(%2$s.first_order(c.history), s.period) AS cohort_start, c.history,
                    s.period, %3$s AS step, s.enough, r.as_of
                FROM %1$I.customer_dimensions d
                FULL JOIN (SELECT DISTINCT ON (x.customer) x.customer, x.history FROM %1$I.customer_history x) c ON c.customer = d.customer
                CROSS JOIN %1$I.reporting_date r
                CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
                WHERE coalesce(%2$s.first_order(c.history, r.as_of), date '-infinity') >= r.first_period
                OFFSET 0) h
            GROUP BY h.dimension, h.value, h.cohort_start
        )
        SELECT c.dimension, c.value, p.cohort_start, p.cohort_label, p.customers, p.period_number, p.period_start, p.complete,
            p.eligible, p.retained, p.rate, p.lower, p.upper, p.retained_on_or_after, p.rate_on_or_after, p.lower_on_or_after,
            p.upper_on_or_after, coalesce(r.revenue, 0.00) AS revenue,
            coalesce(r.so_far, 0.00) AS cumulative_revenue,
            (coalesce(r.so_far, 0) / nullif(p.customers, 0))::double precision AS cumulative_revenue_per_customer,
            p.customers >= c.enough AS enough
        FROM (
            SELECT k.dimension, k.value, %2$s.rollup(k.curve) AS curve, min(k.enough) AS enough
            FROM cohort k
            WHERE k.dimension IS NOT NULL
            GROUP BY k.dimension, k.value
        ) c
        CROSS JOIN LATERAL %2$s.retention_cohorts(c.curve) p
        LEFT JOIN cohort e ON e.dimension = c.dimension AND e.value = c.value AND e.cohort_start = p.cohort_start
        CROSS JOIN LATERAL (SELECT least((p.period_start + e.step)::date, e.as_of) AS until) u
        CROSS JOIN LATERAL (
            SELECT %2$s.revenue(e.history, p.period_start, u.until) AS revenue, %2$s.revenue(e.history, p.cohort_start, u.until) AS so_far) r
        $view$, workspace, '@extschema@', @extschema@.workspace_period_step_sql('s.period')),
        'retention_cohorts by where customers came from, what they bought first, and the columns of the table of customers',
        @extschema@.workspace_retention_comments() || ARRAY[
            ['dimension', 'first_source, first_category, or a column of the table of customers'],
            ['value', 'Its value'],
            ['cohort_start', 'First day of the period of the first purchase'],
            ['cohort_label', 'Its name: 2025-03, 2025-W07, 2025-Q1'],
            ['customers', 'Number of customers in the cohort'],
            ['period_start', 'First day of the period'],
            ['complete', 'Whether the period is complete; else its rates are empty and its revenue is as far as it has come'],
            ['revenue', 'Revenue from the cohort in the period'],
            ['cumulative_revenue', 'Revenue from the cohort up to the period'],
            ['cumulative_revenue_per_customer', 'By number of customers in the cohort']]);
END
$$;
COMMENT ON FUNCTION workspace_create_cohorts_by_dimension(name) IS
'Internal to attach_orders(): Makes the view cohorts_by_dimension of a workspace.';
