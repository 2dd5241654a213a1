-- workspace: whom to turn to, most valuable first

CREATE FUNCTION workspace_create_lists(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_win_back(workspace);
    PERFORM @extschema@.workspace_create_list(workspace, 'at_risk',
        'Customers at risk, most valuable first: silent for longer than usual, but not lost yet', 'c.at_risk');
    PERFORM @extschema@.workspace_create_list(workspace, 'second_order_due',
        'Customers with one purchase for whom the shop''s usual gap has passed, most valuable first: not lost yet',
        'c.purchases = 1 AND c.stage <> ''lost'' AND c.days_since_last >= coalesce(c.shop_gap, c.as_of - (c.as_of - s.new_within)::date)');
END
$$;
COMMENT ON FUNCTION workspace_create_lists(name) IS
'Internal to attach_orders(): Makes the views win_back, at_risk and second_order_due of a workspace.';

CREATE FUNCTION workspace_list_comments() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY[
        ['position', 'Order in which to turn to them'],
        ['customer', 'The customer, as in the orders'],
        ['last_order', 'Day of the last order'],
        ['days_since_last', 'Days from the last order to the reporting date'],
        ['usual_gap', 'Usual gap in days: the customer''s own with three gaps or more, else the shop''s'],
        ['purchases', 'Number of purchases'],
        ['revenue', 'Revenue of the whole life'],
        ['last_year_revenue', 'Revenue of the twelve months that end with the last order, later returns taken off'],
        ['cell', 'Cell of the matrix; empty without a purchase in its window'],
        ['policy', 'What to do with that cell, from the table policies'],
        ['approach', 'What to do with customers of this list, from the table approaches']] || @extschema@.workspace_detail_comments()
$$;
COMMENT ON FUNCTION workspace_list_comments() IS
'Internal to attach_orders(): The comments on the columns that all lists have.';

CREATE FUNCTION workspace_create_list(workspace name, list name, description text, condition text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, list, format($view$
        SELECT row_number() OVER (ORDER BY c.last_year_revenue DESC, c.days_since_last DESC, c.customer) AS "position",
            c.customer, c.last_order, c.days_since_last, c.usual_gap, c.purchases, c.revenue,
            c.last_year_revenue, c.last_year_revenue AS value_at_stake, c.cell, p.action AS policy, a.approach,
            d.customer_name, d.contact
        FROM %1$I.customer_classes c
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        LEFT JOIN %1$I.policies p ON p.cell = c.cell
        LEFT JOIN %1$I.approaches a ON a.customers = %2$L
        LEFT JOIN %1$I.customer_details d ON d.customer = c.customer
        WHERE %3$s
        $view$, workspace, list, condition), description,
        @extschema@.workspace_list_comments()
            || ARRAY[['value_at_stake', 'What is lost with the customer: the revenue of the last year']]);
END
$$;
COMMENT ON FUNCTION workspace_create_list(name, name, text, text) IS
'Internal to attach_orders(): Makes a view that lists customers to turn to.
Arguments: workspace; list: name of the view; description; condition: SQL on a row c of customer_classes and the settings s.';

CREATE FUNCTION workspace_create_win_back(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- A silence of g days that began a days ago was, after s days, one whose outcome within the next w days is known now
    -- if s <= least(g, a - w); and it ended within them if besides s > g - w. So both counts are running sums over s.
    PERFORM @extschema@.workspace_create_view(workspace, 'win_back', format($view$
        WITH classified AS MATERIALIZED (
            SELECT c.customer, c.history, c.as_of, c.last_order, c.days_since_last, c.usual_gap, c.purchases, c.revenue,
                c.last_year_revenue, c.cell, c.stage, c.as_of - (c.as_of - s.lost_after)::date AS lost_days
            FROM %1$I.customer_classes c CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
            ),
        silence AS (
            SELECT least(g.days, c.as_of - g.from_date - c.lost_days) AS known_days, g.days - c.lost_days AS too_early, g.ended
            FROM classified c CROSS JOIN LATERAL %2$s.history_gaps(c.history, c.as_of, c.lost_days) g
        ),
        change AS (
            SELECT i.known_days AS days, 1 AS known, i.ended::integer AS came_back FROM silence i
            UNION ALL SELECT i.too_early AS days, 0 AS known, -1 AS came_back FROM silence i WHERE i.ended
            UNION ALL SELECT DISTINCT c.days_since_last AS days, 0 AS known, 0 AS came_back FROM classified c WHERE c.stage = 'lost'
        ),
        equal_silence AS (
            SELECT d.days, d.known, d.came_back, i.estimate, i.lower, i.upper
            FROM (SELECT x.days, sum(sum(x.known)) OVER longest_first::bigint AS known,
                      sum(sum(x.came_back)) OVER longest_first::bigint AS came_back
                  FROM change x GROUP BY x.days
                  WINDOW longest_first AS (ORDER BY x.days DESC)) d
            CROSS JOIN LATERAL %2$s.wilson_interval(d.came_back, d.known) i
        )
        SELECT row_number() OVER (ORDER BY c.last_year_revenue * e.came_back / nullif(e.known, 0) DESC NULLS LAST,
                c.last_year_revenue DESC, c.days_since_last, c.customer) AS "position",
            c.customer, c.last_order, c.days_since_last, c.usual_gap, c.purchases, c.revenue,
            c.last_year_revenue, round(c.last_year_revenue * e.came_back / nullif(e.known, 0), 2) AS value_at_stake, c.cell, p.action AS policy, a.approach,
            e.known AS equal_silences, e.came_back, e.estimate AS return_share, e.lower AS return_share_lower,
            e.upper AS return_share_upper, e.known >= s.enough AS enough, d.customer_name, d.contact
        FROM classified c
        JOIN equal_silence e ON e.days = c.days_since_last
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        LEFT JOIN %1$I.policies p ON p.cell = c.cell
        LEFT JOIN %1$I.approaches a ON a.customers = 'lost'
        LEFT JOIN %1$I.customer_details d ON d.customer = c.customer
        WHERE c.stage = 'lost'
        $view$, workspace, '@extschema@'),
        'Lost customers, first those whose last year times the chance that they come back is worth most',
        @extschema@.workspace_list_comments() || ARRAY[
            ['value_at_stake', 'Revenue of the last year times return_share; empty where nothing is known of it yet'],
            ['equal_silences', 'Number of silences that lasted as long, by anybody, whose outcome within the next span of lost_after (six months) is known'],
            ['came_back', 'Number of those that ended within it'],
            ['return_share', 'The share of them, 0 to 1'],
            ['return_share_lower', 'Lower bound of its 95 % interval (Wilson)'],
            ['return_share_upper', 'Upper bound'],
            ['enough', 'Whether there are enough equal silences to go by']]);
END
$$;
COMMENT ON FUNCTION workspace_create_win_back(name) IS
'Internal to attach_orders(): Makes the view win_back of a workspace.';
