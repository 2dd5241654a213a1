-- workspace: where customers come from, and what they are worth

CREATE FUNCTION workspace_create_source_views(workspace name, columns order_columns) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_costs_views(workspace, columns.customer);
    PERFORM @extschema@.workspace_create_referrals(workspace, columns.customer);
    PERFORM @extschema@.workspace_create_sources(workspace, columns);
END
$$;
COMMENT ON FUNCTION workspace_create_source_views(name, order_columns) IS
'Internal to attach_orders(): Makes the views source_costs, customer_referrers, referrals and sources of a workspace.';

-- Costs are often of whole months, so their span is made of such; and of no time when there was no shop yet.
CREATE FUNCTION workspace_cost_span_sql(workspace name) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT CASE WHEN b.from_date < b.until THEN b.from_date END AS costs_from, CASE WHEN b.from_date < b.until THEN b.until END AS costs_until
        FROM (
            SELECT greatest(%2$s.period_start(min(c.day), min(c.span)), %2$s.period_start((SELECT min(h.first_order) FROM history h), min(c.span))) AS from_date,
                least(min(c.as_of), (%2$s.period_start(max(c.day), min(c.span)) + min(%3$s))::date) AS until
            FROM (
                SELECT k.day, r.as_of, CASE WHEN s.period IN ('quarter', 'year') THEN s.period ELSE 'month' END AS span
                FROM %1$I.source_costs k
                CROSS JOIN %1$I.reporting_date r
                CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s) c) b
        $query$, workspace, '@extschema@', @extschema@.workspace_period_step_sql('c.span'))
$$;
COMMENT ON FUNCTION workspace_cost_span_sql(name) IS
'Internal to attach_orders(): The query, beside history, for the days whose costs and new customers are set against each other; NULL where there are none.';

-- Who came back is counted for each customer here, and by no retention for each source, which is a triangle of periods:
-- there may be as many sources as orders. OFFSET 0 keeps the figures from being worked out more than once.
CREATE FUNCTION workspace_acquisition_sql(workspace name) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT c.customer, c.first_order, c.revenue, c.profit, c.first_order + c.span <= c.as_of AS repeat_eligible,
            (c.repeat).ended AND (c.repeat).duration < c.span AS repeated,
            c.first_order >= c.first_period AND (c.first_start + 4 * c.step)::date <= c.as_of AS eligible,
            %2$s.order_count(c.history, (c.first_start + 3 * c.step)::date, (c.first_start + 4 * c.step)::date) > 0 AS kept
        FROM (
            SELECT DISTINCT ON (h.customer) h.customer, h.history, r.as_of, r.first_period, %2$s.first_order(h.history, r.as_of) AS first_order,
                %2$s.revenue(h.history, r.as_of) AS revenue, %2$s.revenue(h.profit_history, r.as_of) AS profit,
                r.as_of - (r.as_of - s.lost_after)::date AS span, %2$s.repeat_time(h.history, 1, r.as_of) AS repeat,
                %2$s.period_start(%2$s.first_order(h.history, r.as_of), s.period) AS first_start, %3$s AS step
            FROM %1$I.reporting_date r
            CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
            CROSS JOIN %1$I.customer_history h
            WHERE %2$s.first_order(h.history, r.as_of) IS NOT NULL
            OFFSET 0) c
        $query$, workspace, '@extschema@', @extschema@.workspace_period_step_sql('s.period'))
$$;
COMMENT ON FUNCTION workspace_acquisition_sql(name) IS
'Internal to attach_orders(): The query for what each customer brought, and whether the customer came back in time.';

CREATE FUNCTION workspace_acquired_sql(workspace name) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT coalesce(nullif(f.source, ''), 'unknown') AS source, count(h.customer) AS customers,
            count(h.customer) FILTER (WHERE b.referrers > 0) AS referred_customers,
            sum(h.revenue) AS revenue, sum(h.profit) AS profit, sum(f.amount) FILTER (WHERE h.customer IS NOT NULL) AS first_revenue,
            count(*) FILTER (WHERE h.eligible) AS eligible, count(*) FILTER (WHERE h.eligible AND h.kept) AS kept,
            count(*) FILTER (WHERE h.repeat_eligible) AS repeat_eligible,
            count(*) FILTER (WHERE h.repeat_eligible AND h.repeated) AS repeated,
            count(*) FILTER (WHERE h.first_order >= k.costs_from AND h.first_order < k.costs_until) AS costed_customers,
            sum(h.revenue) FILTER (WHERE h.first_order >= k.costs_from AND h.first_order < k.costs_until) AS costed_revenue,
            sum(h.profit) FILTER (WHERE h.first_order >= k.costs_from AND h.first_order < k.costs_until) AS costed_profit
        FROM %1$I.first_orders f
        FULL JOIN history h ON h.customer = f.customer
        FULL JOIN (
            SELECT r.customer, count(x.customer) AS referrers
            FROM %1$I.customer_referrers r FULL JOIN history x ON x.customer = r.referrer
            GROUP BY r.customer) b ON b.customer = h.customer
        CROSS JOIN cost_span k
        GROUP BY 1
        $query$, workspace, '@extschema@')
$$;
COMMENT ON FUNCTION workspace_acquired_sql(name) IS
'Internal to attach_orders(): The query, beside history and cost_span, for the customers that each source brought.';

CREATE FUNCTION workspace_create_sources(workspace name, columns order_columns) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- DISTINCT tells the planner that a history is a customer (see first_purchase).
    PERFORM @extschema@.workspace_create_view(workspace, 'sources', format($view$
        WITH history AS MATERIALIZED (%6$s), cost_span AS (%3$s),
        source AS (
            SELECT coalesce(a.source, t.source, k.source) AS source, coalesce(a.customers, 0) AS customers, coalesce(a.referred_customers, 0) AS referred_customers,
                coalesce(a.revenue, 0.00) AS revenue, a.profit, coalesce(t.orders, 0) - coalesce(a.customers, 0) AS later_orders,
                coalesce(t.revenue, 0.00) - coalesce(a.first_revenue, 0.00) AS later_revenue,
                coalesce(a.eligible, 0) AS eligible, coalesce(a.kept, 0) AS kept, coalesce(a.repeat_eligible, 0) AS repeat_eligible,
                coalesce(a.repeated, 0) AS repeated, coalesce(a.costed_customers, 0) AS costed_customers,
                coalesce(a.costed_revenue, 0.00) AS costed_revenue, a.costed_profit, coalesce(k.cost, 0.00) AS cost
            FROM (%4$s) a
            FULL JOIN (
                SELECT coalesce(nullif(p.source, ''), 'unknown') AS source, sum(p.orders)::bigint AS orders, sum(p.revenue) AS revenue
                FROM %1$I.customer_preferences p
                GROUP BY 1) t ON t.source = a.source
            FULL JOIN (
                SELECT c.source, sum(c.cost) FILTER (WHERE c.day >= b.costs_from AND c.day < b.costs_until) AS cost
                FROM %1$I.source_costs c CROSS JOIN cost_span b
                GROUP BY c.source) k ON k.source = coalesce(a.source, t.source)
        )
        SELECT CASE WHEN c.eligible >= s.enough AND c.eligible > 0
                THEN row_number() OVER (PARTITION BY c.eligible >= s.enough AND c.eligible > 0 ORDER BY p.lower DESC, p.estimate DESC, c.source) END AS "position",
            c.source, c.customers,
            100 * c.customers::double precision / nullif(sum(c.customers) OVER (), 0)::double precision AS pct_of_customers,
            c.referred_customers, c.revenue,
            CASE WHEN sum(c.revenue) OVER () > 0 THEN (100 * c.revenue / sum(c.revenue) OVER ())::double precision END AS pct_of_revenue,
            (c.revenue / nullif(c.customers, 0))::double precision AS value_per_customer, c.profit, c.later_orders, c.later_revenue,
            c.eligible, c.kept, p.estimate AS kept_share, p.lower AS kept_share_lower, p.upper AS kept_share_upper,
            c.repeat_eligible, c.repeated, i.estimate AS repeat_share, i.lower AS repeat_share_lower, i.upper AS repeat_share_upper,
            b.costs_from, b.costs_until,
            CASE WHEN b.costs_from IS NOT NULL THEN c.cost END AS cost,
            CASE WHEN b.costs_from IS NOT NULL THEN c.costed_customers END AS costed_customers,
            CASE WHEN b.costs_from IS NOT NULL THEN c.costed_revenue END AS costed_revenue,
            CASE WHEN b.costs_from IS NOT NULL THEN c.costed_profit END AS costed_profit,
            CASE WHEN b.costs_from IS NOT NULL THEN (c.cost / nullif(c.costed_customers, 0))::double precision END AS cost_per_customer,
            CASE WHEN b.costs_from IS NOT NULL THEN (c.costed_revenue / nullif(c.cost, 0))::double precision END AS return_on_cost,
            CASE WHEN b.costs_from IS NOT NULL THEN (c.costed_profit / nullif(c.cost, 0))::double precision END AS profit_per_cost,
            c.eligible >= s.enough AS enough
        FROM source c
        CROSS JOIN cost_span b
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        CROSS JOIN LATERAL %2$s.wilson_interval(c.repeated, c.repeat_eligible) i
        CROSS JOIN LATERAL %2$s.wilson_interval(c.kept, c.eligible) p
        WHERE %5$L AND (c.customers > 0 OR c.later_orders > 0 OR c.cost > 0)
        $view$, workspace, '@extschema@', @extschema@.workspace_cost_span_sql(workspace), @extschema@.workspace_acquired_sql(workspace),
            (columns.source).name IS NOT NULL, @extschema@.workspace_acquisition_sql(workspace)),
        'Where customers come from: the source of their first order, and what they are worth; what prompted later orders is apart. Empty where no column with the source of an order is attached',
        @extschema@.workspace_source_comments());
END
$$;
COMMENT ON FUNCTION workspace_create_sources(name, order_columns) IS
'Internal to attach_orders(): Makes the view sources of a workspace.';

CREATE FUNCTION workspace_source_comments() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY[
        ['position', 'Rank by the lower bound of kept_share: who brings customers that stay; empty where too few had the time'],
        ['source', 'Source of the first order; unknown where none is given'],
        ['customers', 'Number of customers acquired'],
        ['pct_of_customers', 'Share of all customers, 0 to 100'],
        ['referred_customers', 'Number of those whom another customer brought, where attach_customers() was told of a column with the referrer'],
        ['revenue', 'Revenue of those customers'' whole life, whatever prompted their later orders'],
        ['pct_of_revenue', 'Share of all revenue, 0 to 100'],
        ['value_per_customer', 'Revenue by number of customers'],
        ['profit', 'Profit of those customers'' whole life; empty where no column of it is attached'],
        ['later_orders', 'Number of orders after a customer''s first that came by this source, whoever acquired the customer'],
        ['later_revenue', 'Their revenue, returns not taken off'],
        ['eligible', 'Number of customers for whom the third period after that of the first purchase is complete'],
        ['kept', 'Number of those who bought in it'],
        ['kept_share', 'Share of those, 0 to 1'],
        ['kept_share_lower', 'Lower bound of its 95 % interval (Wilson)'],
        ['kept_share_upper', 'Upper bound'],
        ['repeat_eligible', 'Number of customers whose first order is at least six months ago (lost_after)'],
        ['repeated', 'Number of those who bought again within that span'],
        ['repeat_share', 'Share of those, 0 to 1'],
        ['repeat_share_lower', 'Lower bound of its 95 % interval (Wilson)'],
        ['repeat_share_upper', 'Upper bound'],
        ['costs_from', 'First day of the months whose costs are known; empty where attach_costs() was told of none'],
        ['costs_until', 'The day after their last'],
        ['cost', 'What was spent on the source in that time'],
        ['costed_customers', 'Number of customers acquired in that time'],
        ['costed_revenue', 'Revenue of their whole life'],
        ['costed_profit', 'Profit of their whole life'],
        ['cost_per_customer', 'Cost by number of customers acquired in that time'],
        ['return_on_cost', 'Revenue of those customers by cost'],
        ['profit_per_cost', 'Profit of those customers, before that cost, by cost'],
        ['enough', 'Whether there are enough eligible customers to go by']]
$$;
COMMENT ON FUNCTION workspace_source_comments() IS
'Internal to attach_orders(): The comments on the columns of sources.';
