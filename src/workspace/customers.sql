-- workspace: one row per customer: key figures, then classes

CREATE FUNCTION workspace_figures_sql(workspace name, dates text, histories text) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT d.*, s.abc_a, s.abc_b, s.rfm_bins, s.risk_gaps, s.lost_after,
            h.customer, h.history,
            %2$s.order_count(h.history, d.as_of) AS orders,
            %2$s.purchase_days(h.history, d.as_of) AS purchase_days,
            %2$s.revenue(h.history, d.as_of) AS revenue,
            %2$s.average_order(h.history, d.as_of) AS average_order,
            %2$s.first_order(h.history, d.as_of) AS first_order,
            %2$s.last_order(h.history, d.as_of) AS last_order,
            d.as_of - %2$s.last_order(h.history, d.as_of) AS days_since_last,
            %2$s.gap_days(h.history, d.as_of) AS gap_days,
            %2$s.return_count(h.history, d.as_of) AS returns,
            %2$s.revenue(h.profit_history, d.as_of) AS profit,
            CASE s.count_by WHEN 'days' THEN %2$s.purchase_days(h.history, d.as_of)
                ELSE %2$s.order_count(h.history, d.as_of) END AS purchases,
            %2$s.revenue(h.history, w.from_date, d.as_of) AS window_revenue,
            %2$s.revenue(h.profit_history, w.from_date, d.as_of) AS window_profit,
            %2$s.return_count(h.history, w.from_date, d.as_of) AS window_returns,
            %2$s.revenue(h.history, (%2$s.last_order(h.history, d.as_of) + 1 - interval '1 year')::date, d.as_of) AS last_year_revenue,
            -- Classes are for those who bought in the window: the others are counted apart.
            CASE WHEN %2$s.last_order(h.history, d.as_of) >= w.from_date THEN
                CASE s.abc_by WHEN 'revenue' THEN %2$s.revenue(h.history, w.from_date, d.as_of)
                    ELSE coalesce(%2$s.revenue(h.profit_history, w.from_date, d.as_of), 0) END
            END AS class_value,
            CASE WHEN %2$s.last_order(h.history, d.as_of) >= w.from_date THEN
                CASE s.xyz_by
                    WHEN 'frequency' THEN %2$s.frequency_class(
                        h.history, d.as_of, s.frequency_within, s.x_purchases, s.y_purchases, s.count_by)
                    ELSE %2$s.xyz_class(h.history, s.period, w.from_date, d.as_of, s.xyz_x, s.xyz_y) END
            END AS xyz,
            %2$s.lifecycle_stage(
                h.history, d.as_of, s.new_within, s.lost_after, s.regular_within, s.regular_purchases, s.count_by) AS stage
        FROM %3$s d
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        CROSS JOIN LATERAL (SELECT coalesce((d.as_of - s.class_window)::date, '-infinity') AS from_date) w
        CROSS JOIN %4$s h
        WHERE %2$s.first_order(h.history, d.as_of) IS NOT NULL
        $query$, workspace, '@extschema@', dates, histories)
$$;
COMMENT ON FUNCTION workspace_figures_sql(name, text, text) IS
'Internal to attach_orders(): The query for what one history says of a customer.
Arguments: workspace; dates: a relation with the column as_of, the day to speak of; histories: a relation like customer_history.';

CREATE FUNCTION workspace_create_customer_figures(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- What begins with WITH is planned by itself: nobody who joins it carries the histories on, or works figures out again.
    PERFORM @extschema@.workspace_create_view(workspace, 'customer_figures', format($view$
        WITH f AS (%s)
        SELECT f.customer, f.orders, f.purchase_days, f.revenue, f.average_order, f.first_order, f.last_order,
            f.days_since_last, f.gap_days, f.returns, f.profit, f.purchases, f.window_revenue, f.window_profit,
            f.window_returns, f.last_year_revenue, f.stage, f.as_of
        FROM f
        $view$, @extschema@.workspace_figures_sql(workspace, format('%I.reporting_date', workspace),
            format('%I.customer_history', workspace))),
        'One row per customer with what the customer''s own orders say: for looking up one of them, which an index on the orders serves. The view customers has the same figures, and classes that compare them',
        @extschema@.workspace_figure_comments()
            || ARRAY[['stage', 'Stage of the lifecycle: new, occasional, regular or lost'],
                     ['as_of', 'The reporting date']]);
END
$$;
COMMENT ON FUNCTION workspace_create_customer_figures(name) IS
'Internal to attach_orders(): Makes the view customer_figures of a workspace.';

CREATE FUNCTION workspace_figure_comments() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY[
        ['customer', 'The customer, as in the orders'],
        ['orders', 'Number of orders: rows with an amount of zero or more'],
        ['purchase_days', 'Number of days with an order'],
        ['revenue', 'Sum of all amounts, returns taken off'],
        ['average_order', 'Revenue by number of orders'],
        ['first_order', 'Day of the first order'],
        ['last_order', 'Day of the last order'],
        ['days_since_last', 'Days from the last order to the reporting date'],
        ['gap_days', 'Median number of days from one purchase day to the next; empty below two'],
        ['returns', 'Number of returns: rows with a negative amount'],
        ['profit', 'Sum of all profit; empty where no column of it is attached'],
        ['purchases', 'Number of purchases: of days with orders, or of orders, as the settings count'],
        ['window_revenue', 'Revenue within the window of the classes, twelve months unless the settings say otherwise'],
        ['window_profit', 'Profit within that window'],
        ['window_returns', 'Number of returns within that window'],
        ['last_year_revenue', 'Revenue of the twelve months that end with the last order, later returns taken off']]
$$;
COMMENT ON FUNCTION workspace_figure_comments() IS
'Internal to attach_orders(): The comments on the columns of customer_figures.';

CREATE FUNCTION workspace_classes_sql(workspace name, dates text, histories text) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- OFFSET 0 keeps the figures from being worked out once for every class that reads them.
    SELECT format($query$
        SELECT f.*,
            %1$s.abc_class(f.class_value, f.abc_a, f.abc_b) OVER everyone AS abc,
            %1$s.abc_shortfall(f.class_value, f.abc_a, f.abc_b) OVER everyone AS missing_revenue,
            %1$s.abc_class(f.class_value, 0.80, 0.80) OVER everyone = 'A' AS brings_80,
            %1$s.pareto_share(f.class_value) OVER everyone AS pareto_share,
            %1$s.rfm_score(-f.days_since_last, f.rfm_bins) OVER everyone AS recency_score,
            %1$s.rfm_score(f.purchases, f.rfm_bins) OVER everyone AS frequency_score,
            %1$s.rfm_score(f.revenue, f.rfm_bins) OVER everyone AS monetary_score,
            %1$s.shop_gap(f.gap_days) OVER everyone AS shop_gap
        FROM (%2$s OFFSET 0) f
        WINDOW everyone AS ()
        $query$, '@extschema@', @extschema@.workspace_figures_sql(workspace, dates, histories))
$$;
COMMENT ON FUNCTION workspace_classes_sql(name, text, text) IS
'Internal to attach_orders(): The query for figures and for the classes that compare customers.
Arguments: as of workspace_figures_sql(); there has to be one day.';

CREATE FUNCTION workspace_create_customer_classes(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- By itself, like customer_figures.
    PERFORM @extschema@.workspace_create_view(workspace, 'customer_classes', format($view$
        WITH c AS (%1$s)
        SELECT c.customer, c.history, c.as_of, c.orders, c.purchase_days, c.revenue, c.average_order, c.first_order, c.last_order,
            c.days_since_last, c.gap_days, c.returns, c.profit, c.purchases, c.window_revenue, c.window_profit,
            c.window_returns, c.last_year_revenue, c.class_value, c.brings_80, c.shop_gap,
            CASE WHEN c.purchase_days > 3 THEN c.gap_days ELSE c.shop_gap END AS usual_gap,
            c.abc, c.xyz, c.abc || c.xyz AS cell, c.stage, c.recency_score, c.frequency_score, c.monetary_score,
            %2$s.at_risk(c.history, c.as_of, c.risk_gaps, c.shop_gap, c.lost_after) AS at_risk,
            c.missing_revenue, c.pareto_share
        FROM c
        $view$, @extschema@.workspace_classes_sql(workspace, format('%I.reporting_date', workspace),
            format('%I.customer_history', workspace)), '@extschema@'),
        'What the other views stand on: the view customers with the history, for SQL',
        @extschema@.workspace_figure_comments() || ARRAY[
            ['history', 'Orders, returns and amounts per day'],
            ['as_of', 'The reporting date'],
            ['class_value', 'What the ABC class is decided by; empty without a purchase in the window'],
            ['brings_80', 'Whether the customer is among those who bring 80 % of it'],
            ['shop_gap', 'Usual gap of the shop in days: the median of the customers''']]
            || @extschema@.workspace_class_comments());
END
$$;
COMMENT ON FUNCTION workspace_create_customer_classes(name) IS
'Internal to attach_orders(): Makes the view customer_classes of a workspace.';

CREATE FUNCTION workspace_class_comments() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY[
        ['abc', 'ABC class by revenue or profit in the window: A brings 80 %, B the next 15 %; empty without a purchase in it'],
        ['xyz', 'XYZ class: X buys regularly, Y from time to time, Z rarely; empty without a purchase in the window'],
        ['cell', 'Both: AX to CZ'],
        ['stage', 'Stage of the lifecycle: new, occasional, regular or lost'],
        ['recency_score', 'RFM score for recency: a high one bought lately'],
        ['frequency_score', 'RFM score for the number of purchases'],
        ['monetary_score', 'RFM score for revenue'],
        ['at_risk', 'Silent for more than twice the usual gap, but not lost yet'],
        ['usual_gap', 'Usual gap in days: the customer''s own with three gaps or more, else the shop''s'],
        ['missing_revenue', 'How much more revenue (or profit) in the window would bring the next better class; empty for A'],
        ['pareto_share', 'Share of the whole that this customer and all larger ones bring, 0 to 1; empty for zero or less']]
$$;
COMMENT ON FUNCTION workspace_class_comments() IS
'Internal to attach_orders(): The comments on the columns with classes.';

CREATE FUNCTION workspace_create_customers(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_customer_figures(workspace);
    PERFORM @extschema@.workspace_create_customer_classes(workspace);
    PERFORM @extschema@.workspace_create_view(workspace, 'customers', format($view$
        SELECT c.customer, c.orders, c.purchase_days, c.revenue, c.average_order, c.first_order, c.last_order,
            c.days_since_last, c.gap_days, c.returns, c.profit, c.purchases, c.window_revenue, c.window_profit,
            c.window_returns, c.last_year_revenue, c.abc, c.xyz, c.cell, c.stage,
            c.recency_score, c.frequency_score, c.monetary_score, coalesce(g.segment, 'other') AS segment, c.at_risk,
            c.usual_gap, c.missing_revenue, c.pareto_share, p.action AS policy, c.as_of, d.customer_name, d.contact
        FROM %1$I.customer_classes c
        LEFT JOIN %1$I.rfm_cells g ON g.recency_score = c.recency_score AND g.frequency_score = c.frequency_score
            AND g.monetary_score = c.monetary_score
        LEFT JOIN %1$I.policies p ON p.cell = c.cell
        LEFT JOIN %1$I.customer_details d ON d.customer = c.customer
        $view$, workspace),
        'One row per customer with at least one order before the reporting date',
        @extschema@.workspace_figure_comments() || @extschema@.workspace_class_comments() || ARRAY[
            ['segment', 'Segment by the RFM scores, from the table segments'],
            ['policy', 'What to do: the action of the cell, from the table policies'],
            ['as_of', 'The reporting date']] || @extschema@.workspace_detail_comments());
END
$$;
COMMENT ON FUNCTION workspace_create_customers(name) IS
'Internal to attach_orders(): Makes the views customer_figures, customer_classes and customers of a workspace.';
