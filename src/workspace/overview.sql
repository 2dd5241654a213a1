-- workspace: the shop period by period

CREATE FUNCTION workspace_create_period_views(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_revenue_by_period(workspace);
    PERFORM @extschema@.workspace_create_overview(workspace);
    PERFORM @extschema@.workspace_create_retention_value(workspace);
END
$$;
COMMENT ON FUNCTION workspace_create_period_views(name) IS
'Internal to attach_orders(): Makes the views revenue_by_period, overview and retention_value of a workspace.';

CREATE FUNCTION workspace_period_step_sql(period text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('CASE %1$s WHEN ''quarter'' THEN interval ''3 months'' ELSE (''1 '' || %1$s)::interval END', period)
$$;
COMMENT ON FUNCTION workspace_period_step_sql(text) IS
'Internal to attach_orders(): The SQL expression of the length of a period.';

CREATE FUNCTION workspace_create_revenue_by_period(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Periods in which nothing happened are filled in.
    PERFORM @extschema@.workspace_create_view(workspace, 'revenue_by_period', format($view$
        WITH settings AS (
            SELECT s.period, s.enough, r.as_of, r.first_period, %3$s AS step
            FROM %1$I.reporting_date r CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        ), activity AS (
            SELECT a.period_start, sum(a.revenue) AS revenue, sum(a.orders)::bigint AS orders,
                count(*) FILTER (WHERE a.orders > 0) AS active,
                count(*) FILTER (WHERE a.status = 'new') AS new,
                count(*) FILTER (WHERE a.status = 'retained') AS retained,
                count(*) FILTER (WHERE a.status = 'returned') AS returned,
                count(*) FILTER (WHERE a.status = 'lapsed') AS lapsed,
                sum(a.revenue) FILTER (WHERE a.status = 'new') AS new_revenue,
                sum(a.revenue) FILTER (WHERE a.status = 'retained') AS retained_revenue,
                sum(a.revenue) FILTER (WHERE a.status = 'returned') AS returned_revenue,
                sum(a.revenue) FILTER (WHERE a.orders = 0) AS inactive_revenue,
                sum(a.previous_revenue) FILTER (WHERE a.status = 'lapsed') AS lapsed_revenue
            FROM settings s
            CROSS JOIN %1$I.customer_history h
            CROSS JOIN LATERAL %2$s.history_activity(h.history, s.period, s.as_of) a
            WHERE %2$s.first_order(h.history, s.as_of) IS NOT NULL AND a.period_start >= s.first_period
            GROUP BY a.period_start
        )
        SELECT p.period_start, p.complete,
            coalesce(a.revenue, 0.00) AS revenue, coalesce(a.orders, 0) AS orders, coalesce(a.active, 0) AS active_customers,
            coalesce(a.new, 0) AS new_customers, coalesce(a.retained, 0) AS retained_customers,
            coalesce(a.returned, 0) AS returned_customers, CASE WHEN p.complete THEN coalesce(a.lapsed, 0) END AS lapsed_customers,
            coalesce(a.new_revenue, 0.00) AS new_revenue, coalesce(a.retained_revenue, 0.00) AS retained_revenue,
            coalesce(a.returned_revenue, 0.00) AS returned_revenue, CASE WHEN p.complete THEN coalesce(a.lapsed_revenue, 0.00) END AS lapsed_revenue,
            coalesce(a.active, 0) >= s.enough AS enough, coalesce(a.inactive_revenue, 0.00) AS inactive_revenue
        FROM settings s
        CROSS JOIN (SELECT min(period_start) AS first FROM activity) b
        CROSS JOIN LATERAL (
            SELECT g::date AS period_start, (g + s.step)::date <= s.as_of AS complete
            FROM generate_series(b.first::timestamp, %2$s.period_start(s.as_of - 1, s.period)::timestamp, s.step) g) p
        LEFT JOIN activity a ON a.period_start = p.period_start
        ORDER BY p.period_start
        $view$, workspace, '@extschema@', @extschema@.workspace_period_step_sql('s.period')),
        'Growth, period by period: who was active and what they brought. Active customers are those of the period before, less the lapsed, and the new and returned',
        @extschema@.workspace_period_comments() || ARRAY[
            ['retained_customers', 'Number of those who bought in the period before too'],
            ['new_revenue', 'Revenue from new customers'],
            ['retained_revenue', 'Revenue from retained customers'],
            ['returned_revenue', 'Revenue from returned customers'],
            ['lapsed_revenue', 'What the lapsed customers brought in the period before; empty for the period under way'],
            ['inactive_revenue', 'Returns in the period of customers who bought nothing in it, 0 or less: new, retained, returned and inactive revenue add up to revenue']]);
END
$$;
COMMENT ON FUNCTION workspace_create_revenue_by_period(name) IS
'Internal to attach_orders(): Makes the view revenue_by_period of a workspace.';

CREATE FUNCTION workspace_period_comments() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY[
        ['period_start', 'First day of the period'],
        ['complete', 'Whether the period is complete; who lapses in the one under way is not known yet'],
        ['revenue', 'Revenue of the period, returns taken off'],
        ['orders', 'Number of orders'],
        ['active_customers', 'Number of customers who bought'],
        ['new_customers', 'Number of those who bought for the first time'],
        ['returned_customers', 'Number of those who had bought before, but not in the period before'],
        ['lapsed_customers', 'Number of customers who bought in the period before, and not in this one; empty for the period under way'],
        ['enough', 'Whether there are enough customers to go by']]
$$;
COMMENT ON FUNCTION workspace_period_comments() IS
'Internal to attach_orders(): The comments on the columns that views by period share.';

CREATE FUNCTION workspace_create_overview(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Weeks have no same week a year before by date: 52 of them are 364 days.
    PERFORM @extschema@.workspace_create_view(workspace, 'overview', format($view$
        WITH periods AS MATERIALIZED (SELECT p.* FROM %1$I.revenue_by_period p)
        SELECT p.period_start, p.complete, p.revenue, p.orders, p.active_customers, p.new_customers, p.returned_customers,
            p.lapsed_customers, g.regular_customers,
            (p.active_customers - p.new_customers)::double precision / nullif(p.active_customers, 0) AS repeat_share,
            (p.revenue / nullif(p.orders, 0))::double precision AS average_order,
            b.revenue AS previous_revenue, b.active_customers AS previous_active_customers,
            y.revenue AS year_before_revenue, y.active_customers AS year_before_active_customers,
            CASE WHEN p.complete AND b.revenue > 0 THEN (100 * (p.revenue / b.revenue - 1))::double precision END AS pct_revenue_change,
            CASE WHEN p.complete AND y.revenue > 0 THEN (100 * (p.revenue / y.revenue - 1))::double precision END AS pct_revenue_year_change,
            p.enough, n.nps, n.responses AS nps_responses
        FROM periods p
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        LEFT JOIN periods b ON b.period_start = (p.period_start - %2$s)::date
        LEFT JOIN periods y ON y.period_start = CASE s.period WHEN 'week' THEN p.period_start - 364
            ELSE (p.period_start - interval '1 year')::date END
        LEFT JOIN (
            SELECT h.period_start, count(*) FILTER (WHERE h.stage = 'regular') AS regular_customers
            FROM %1$I.class_history h
            GROUP BY h.period_start) g ON g.period_start = p.period_start
        LEFT JOIN %1$I.nps_of_period n ON n.period_start = p.period_start
        ORDER BY p.period_start
        $view$, workspace, @extschema@.workspace_period_step_sql('s.period')),
        'The shop at a glance, period by period, beside the period before and the same one a year before',
        @extschema@.workspace_period_comments() || ARRAY[
            ['regular_customers', 'Number of customers of the stage regular at the end of the period, for the last twelve complete ones'],
            ['repeat_share', 'Share of the active customers who had bought before, 0 to 1'],
            ['average_order', 'Revenue by number of orders'],
            ['previous_revenue', 'Revenue of the period before'],
            ['previous_active_customers', 'Active customers of the period before'],
            ['year_before_revenue', 'Revenue of the same period a year before; of a week, that 52 weeks before'],
            ['year_before_active_customers', 'Active customers of that period'],
            ['pct_revenue_change', 'Change of revenue against the period before in per cent; empty for the period under way'],
            ['pct_revenue_year_change', 'The same against a year before'],
            ['nps', 'Net Promoter Score of the period in points, -100 to 100; empty without answers, which attach_answers() attaches'],
            ['nps_responses', 'Number of answers behind it']]);
END
$$;
COMMENT ON FUNCTION workspace_create_overview(name) IS
'Internal to attach_orders(): Makes the view overview of a workspace.';

CREATE FUNCTION workspace_create_retention_value(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'retention_value', format($view$
        WITH histories AS MATERIALIZED (
            SELECT h.history, h.profit_history, r.as_of, s.period, %3$s AS step
            FROM %1$I.reporting_date r
            CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
            CROSS JOIN %1$I.customer_history h
            WHERE %2$s.first_order(h.history, r.as_of) >= r.first_period
        ), shop AS (
            SELECT count(*) AS customers, min(h.as_of) AS as_of, min(h.period) AS period, min(h.step) AS step,
                sum(%2$s.revenue(h.profit_history, h.as_of)) / nullif(sum(%2$s.revenue(h.history, h.as_of)), 0) AS profit_share,
                %2$s.retention_curve(h.history, h.period, h.as_of) AS curve
            FROM histories h
        ), later AS (
            SELECT sum(p.retained)::numeric / nullif(sum(p.eligible), 0) AS rate
            FROM shop CROSS JOIN LATERAL %2$s.retention_points(shop.curve) p
            WHERE p.period_number > 0
        ), earned AS (
            SELECT sum(a.revenue) / nullif(count(*), 0) AS revenue_per_customer
            FROM histories h CROSS JOIN LATERAL %2$s.history_activity(h.history, h.period, h.as_of) a
            WHERE a.status IN ('retained', 'returned') AND (a.period_start + h.step)::date <= h.as_of
        ), gain AS (
            SELECT shop.*, later.rate, least(later.rate + s.retention_step / 100, 1) AS raised_rate, earned.revenue_per_customer,
                shop.customers * (least(later.rate + s.retention_step / 100, 1) - later.rate) * earned.revenue_per_customer AS revenue,
                s.retention_step, s.enough
            FROM shop CROSS JOIN later CROSS JOIN earned CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
            WHERE later.rate IS NOT NULL AND earned.revenue_per_customer IS NOT NULL
        )
        SELECT n.n AS periods_ahead,
            (%2$s.period_start(g.as_of, g.period) + (n.n - 1) * g.step)::date AS period_start,
            g.customers, g.rate::double precision AS rate, g.raised_rate::double precision AS raised_rate,
            round(g.revenue_per_customer, 2) AS revenue_per_customer,
            round(g.revenue, 2) AS extra_revenue,
            round(n.n * g.revenue, 2) AS cumulative_extra_revenue,
            round(g.revenue * g.profit_share, 2) AS extra_profit,
            round(n.n * g.revenue * g.profit_share, 2) AS cumulative_extra_profit,
            format('In every period %%s %%%% of the customers known today buy instead of %%s %%%%, as in all complete periods after the first one, each for %%s',
                round(100 * g.raised_rate, 1), round(100 * g.rate, 1), round(g.revenue_per_customer, 2)) AS assumption,
            g.customers >= g.enough AS enough
        FROM gain g
        CROSS JOIN generate_series(1, 12) n(n)
        ORDER BY n.n
        $view$, workspace, '@extschema@', @extschema@.workspace_period_step_sql('s.period')),
        'What some points more of retention would add over the next twelve periods: five, unless the settings say otherwise',
        ARRAY[['periods_ahead', '1 is the period under way or about to begin'],
              ['period_start', 'First day of the period'],
              ['customers', 'Number of customers known today'],
              ['rate', 'Share of customers who bought in a complete period after their first one, 0 to 1: the mean over customers and periods'],
              ['raised_rate', 'The same with retention_step points more'],
              ['revenue_per_customer', 'Mean revenue of one who bought in such a period'],
              ['extra_revenue', 'What the points would add in the period'],
              ['cumulative_extra_revenue', 'And up to the period'],
              ['extra_profit', 'The same as profit, at the shop''s share of profit in revenue; empty where no column of it is attached'],
              ['cumulative_extra_profit', 'And up to the period'],
              ['assumption', 'What is assumed, in words'],
              ['enough', 'Whether there are enough customers to go by']]);
END
$$;
COMMENT ON FUNCTION workspace_create_retention_value(name) IS
'Internal to attach_orders(): Makes the view retention_value of a workspace.';
