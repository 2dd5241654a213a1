-- workspace: the orders one by one, and what kinds of customers buy

CREATE FUNCTION workspace_create_order_views(workspace name, orders regclass, columns order_columns) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_orders_enriched(workspace, orders, columns);
    PERFORM @extschema@.workspace_create_customer_preferences(workspace,
        @extschema@.workspace_customer_preferences_sql(workspace, orders, columns));
    PERFORM @extschema@.workspace_create_first_orders(workspace, @extschema@.workspace_first_orders_sql(workspace, orders, columns));
    PERFORM @extschema@.workspace_create_segment_profile(workspace, columns);
END
$$;
COMMENT ON FUNCTION workspace_create_order_views(name, regclass, order_columns) IS
'Internal to attach_orders(): Makes the views orders_enriched, customer_preferences, first_orders and segment_profile of a workspace.';

CREATE FUNCTION workspace_day_sql(ordered_at order_column) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE (ordered_at).type
        WHEN 'timestamptz'::regtype THEN format('(o.%I AT TIME ZONE s.time_zone)::date', (ordered_at).name)
        ELSE format('o.%I::date', (ordered_at).name) END
$$;
COMMENT ON FUNCTION workspace_day_sql(order_column) IS
'Internal to attach_orders(): The SQL expression of the day of a row o of orders, with settings s.';

-- At either end of the calendar a day is not the same everywhere: an instant is moved in so far that no client shows it
-- in a year that has no date.
CREATE FUNCTION workspace_instant_sql(col order_column) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('greatest(timestamptz ''0001-01-02 00:00:00+00'', least(timestamptz ''9999-12-30 00:00:00+00'', %s))',
        CASE WHEN (col).type = 'timestamptz'::regtype THEN format('o.%I', (col).name)
            ELSE format('(o.%I::timestamp AT TIME ZONE s.time_zone)', (col).name) END)
$$;
COMMENT ON FUNCTION workspace_instant_sql(order_column) IS
'Internal to attach_orders(): The SQL expression of the instant of a usable time of a row o, with settings s; of a day its beginning.';

CREATE FUNCTION workspace_kept_amount_sql(amount order_column) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('%s.kept_amount(o.%I::%s)', '@extschema@', (amount).name,
        CASE WHEN (amount).type IN ('smallint'::regtype, 'integer'::regtype) THEN 'bigint'::regtype ELSE (amount).type END)
$$;
COMMENT ON FUNCTION workspace_kept_amount_sql(order_column) IS
'Internal to attach_orders(): The SQL expression of the usable amount of a row o as it is kept, at four decimals.';

-- Columns that may be attached later are of one type from the beginning, since a view's column keeps its type.
CREATE FUNCTION workspace_text_sql(col order_column) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN (col).name IS NULL THEN 'NULL::text' ELSE @extschema@.workspace_as_text_sql(col) END
$$;
COMMENT ON FUNCTION workspace_text_sql(order_column) IS
'Internal to attach_orders(): The SQL expression of an optional column of a row o of orders as text.';

CREATE FUNCTION workspace_is_order_sql(amount order_column) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- Amounts are kept at four decimals, half away from zero: down to here they are 0.
    SELECT CASE WHEN (amount).type IN ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype)
        THEN format('o.%I >= 0', (amount).name)
        ELSE format('o.%I > %s ''-0.00005''', (amount).name, (amount).type) END
$$;
COMMENT ON FUNCTION workspace_is_order_sql(order_column) IS
'Internal to attach_orders(): The SQL condition on a row o of orders that it is no return.';

-- Not of a domain, which its owner could have checked with the rights of others, nor of a length.
CREATE FUNCTION workspace_order_key_sql(columns order_columns) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN ((columns).order_id).name IS NULL THEN 'NULL::integer'
        ELSE format('o.%I::%s', ((columns).order_id).name, CASE ((columns).order_id).type WHEN 'character'::regtype THEN 'bpchar' ELSE ((columns).order_id).type::text END) END
$$;
COMMENT ON FUNCTION workspace_order_key_sql(order_columns) IS
'Internal to attach_orders(): The SQL expression of the number of a row o of orders, by which those of one time are ordered; NULL without one.';

CREATE FUNCTION workspace_all_order_rows_sql(workspace name, orders regclass, columns order_columns) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT %2$s AS customer, o.%3$I::%15$s AS at, %14$s AS ordered_at, %4$s AS day, %5$s AS amount,
            %13$s AS order_key, %6$s AS order_id, %7$s AS source, %8$s AS category, s.period, s.new_within, s.lost_after, s.regular_within,
            s.regular_purchases, s.count_by
        FROM %9$s o
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        WHERE o.%10$I IS NOT NULL AND %11$s AND %12$s
        $query$, workspace, @extschema@.workspace_customer_sql((columns).customer), ((columns).ordered_at).name,
        @extschema@.workspace_day_sql((columns).ordered_at),
        @extschema@.workspace_kept_amount_sql((columns).amount),
        @extschema@.workspace_text_sql((columns).order_id), @extschema@.workspace_text_sql((columns).source),
        @extschema@.workspace_text_sql((columns).category), orders, ((columns).customer).name,
        @extschema@.workspace_kept_row_sql(columns, @extschema@.workspace_applied_rules(workspace)), @extschema@.workspace_is_order_sql((columns).amount),
        @extschema@.workspace_order_key_sql(columns),
        CASE WHEN ((columns).ordered_at).type = 'date'::regtype THEN 'NULL::timestamptz'
            ELSE @extschema@.workspace_instant_sql((columns).ordered_at) END, ((columns).ordered_at).type)
$$;
COMMENT ON FUNCTION workspace_all_order_rows_sql(name, regclass, order_columns) IS
'Internal to attach_orders(): The query for the rows that are orders of a customer, with the settings that they need.';

CREATE FUNCTION workspace_order_rows_sql(workspace name, orders regclass, columns order_columns) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT @extschema@.workspace_all_order_rows_sql(workspace, orders, columns)
        || format(' AND %s < (SELECT r.as_of FROM %I.reporting_date r)', @extschema@.workspace_day_sql((columns).ordered_at), workspace)
$$;
COMMENT ON FUNCTION workspace_order_rows_sql(name, regclass, order_columns) IS
'Internal to attach_orders(): The query for the rows that are orders of a customer before the reporting date, with the settings that they need.';

CREATE FUNCTION workspace_create_orders_enriched(workspace name, orders regclass, columns order_columns) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- The histories are folded from the rows that are sorted anyway. Grouped, the classes are known to be one per
    -- customer and period, so that the join goes away where nobody asks for them. CASE changes nothing: without it a
    -- constant customer replaces the condition from PostgreSQL 16 on, and the join stays.
    PERFORM @extschema@.workspace_create_view(workspace, 'orders_enriched', format($view$
        SELECT e.customer, e.order_id, e.day, e.amount, e.order_number, e.days_since_previous, e.stage,
            c.abc, c.xyz, c.cell, e.source, e.category, e.ordered_at
        FROM (
            SELECT o.*, row_number() OVER one_by_one AS order_number,
                o.day - lag(o.day) OVER one_by_one AS days_since_previous,
                %2$s.lifecycle_stage(%2$s.history_agg(o.day, 0::smallint) OVER (PARTITION BY o.customer), o.day,
                    o.new_within, o.lost_after, o.regular_within, o.regular_purchases, o.count_by) AS stage
            FROM (%3$s) o
            WINDOW one_by_one AS (PARTITION BY o.customer ORDER BY o.at, o.order_key, o.amount)
        ) e
        LEFT JOIN (
            SELECT h.customer, h.as_of, min(h.abc) AS abc, min(h.xyz) AS xyz, min(h.cell) AS cell
            FROM %1$I.class_history h
            GROUP BY h.customer, h.as_of) c ON c.customer = CASE WHEN e.order_number > 0 THEN e.customer END
            AND c.as_of = %2$s.period_start(e.day, e.period)
        $view$, workspace, '@extschema@', @extschema@.workspace_order_rows_sql(workspace, orders, columns)),
        'The orders one by one, numbered for each customer, with what the customer was at that time. Returns are not orders',
        ARRAY[['customer', 'The customer, as in the orders'],
              ['order_id', 'Number of the order as text; empty where no column of it is attached'],
              ['day', 'Day of the order'],
              ['amount', 'Amount of the order'],
              ['order_number', '1 for the customer''s first order, and so on'],
              ['days_since_previous', 'Days since the customer''s order before; empty for the first'],
              ['stage', 'Stage of the lifecycle at the start of that day; empty before the first order'],
              ['abc', 'ABC class at the start of that period, for the period under way and the eleven before it'],
              ['xyz', 'XYZ class at the start of that period'],
              ['cell', 'Cell of the matrix at the start of that period'],
              ['source', 'Where the order came from; empty where no column of it is attached'],
              ['category', 'Category of the order; empty where no column of it is attached'],
              ['ordered_at', 'Time of the order; empty where only its day is known']]);
END
$$;
COMMENT ON FUNCTION workspace_create_orders_enriched(name, regclass, order_columns) IS
'Internal to attach_orders(): Makes the view orders_enriched of a workspace.';

CREATE FUNCTION workspace_customer_preferences_sql(workspace name, orders regclass, columns order_columns) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- The orders are not read where nothing is attached to see.
    SELECT format($query$
        SELECT o.customer, o.source, o.category, count(*) AS orders, sum(o.amount) AS revenue
        FROM (%s) o
        WHERE %L
        GROUP BY o.customer, o.source, o.category
        $query$, @extschema@.workspace_order_rows_sql(workspace, orders, columns), @extschema@.workspace_has_origin(columns))
$$;
COMMENT ON FUNCTION workspace_customer_preferences_sql(name, regclass, order_columns) IS
'Internal to attach_orders(): The query for the orders of each customer by source and category.';

CREATE FUNCTION workspace_create_customer_preferences(workspace name, query text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'customer_preferences', query,
        'The orders of each customer by where they came from and what was bought, where columns of it are attached',
        ARRAY[['customer', 'The customer, as in the orders'],
              ['source', 'Where orders came from; empty where unknown'],
              ['category', 'Category of the orders; empty where unknown'],
              ['orders', 'Number of orders'],
              ['revenue', 'Their revenue, returns not taken off']]);
END
$$;
COMMENT ON FUNCTION workspace_create_customer_preferences(name, text) IS
'Internal to attach_orders(): Makes the view customer_preferences of a workspace.
Arguments: workspace; query: what it shows.';

CREATE FUNCTION workspace_has_origin(columns order_columns) RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ((columns).source).name IS NOT NULL OR ((columns).category).name IS NOT NULL
$$;
COMMENT ON FUNCTION workspace_has_origin(order_columns) IS
'Internal to attach_orders(): Whether orders have a source or a category.';

CREATE FUNCTION workspace_first_orders_sql(workspace name, orders regclass, columns order_columns, condition text DEFAULT 'true', more text DEFAULT '') RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- By day before time: where clocks go back past midnight, the earlier instant may be of the later day.
    SELECT format($query$
        SELECT DISTINCT ON (o.customer) o.customer, o.day, o.source, o.category, o.amount%s
        FROM (%s) o
        WHERE %L AND %s
        ORDER BY o.customer, o.day, o.at, o.order_key, o.amount, o.source, o.category
        $query$, more, @extschema@.workspace_all_order_rows_sql(workspace, orders, columns), @extschema@.workspace_has_origin(columns), condition)
$$;
COMMENT ON FUNCTION workspace_first_orders_sql(name, regclass, order_columns, text, text) IS
'Internal to attach_orders(): The query for the first order of each customer, whatever the reporting date is, where sources or categories are attached to see.
Arguments: workspace; orders; columns; condition: SQL on the customer of an order o; more: further columns in SQL, with a comma before them.';

CREATE FUNCTION workspace_create_first_orders(workspace name, query text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'first_orders', query,
        'The first order of each customer, on whatever day, where columns of source or category are attached',
        ARRAY[['customer', 'The customer, as in the orders'],
              ['day', 'Day of the first order, which may be on or after the reporting date'],
              ['source', 'Where it came from; empty where unknown'],
              ['category', 'Its category; empty where unknown'],
              ['amount', 'Its amount']]);
END
$$;
COMMENT ON FUNCTION workspace_create_first_orders(name, text) IS
'Internal to attach_orders(): Makes the view first_orders of a workspace.
Arguments: workspace; query: what it shows.';

-- Both sides have the same customers, and a full join is never a loop over all of them for each order, however few
-- orders the planner expects. That it has each member once DISTINCT tells (see first_purchase).
CREATE FUNCTION workspace_counted_preferences_sql(workspace name) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT m.segment, o.category, o.source, count(DISTINCT m.customer) AS customers, sum(o.orders) AS orders
        FROM %I.customer_preferences o FULL JOIN member m ON m.customer = o.customer
        GROUP BY GROUPING SETS ((m.segment, o.category), (m.segment, o.source))
        $query$, workspace)
$$;
COMMENT ON FUNCTION workspace_counted_preferences_sql(name) IS
'Internal to attach_orders(): The query for the orders of each kind of customer, as in member, by category and again by source, with the number of customers in each category.';

-- There may be as many categories as orders: the first of them are looked for, and none are collected.
CREATE FUNCTION workspace_preferences_sql(workspace name, columns order_columns) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN NOT @extschema@.workspace_has_origin(columns)
    THEN $query$
        SELECT NULL::text AS segment, NULL::numeric AS categories, NULL::text AS top_category,
            NULL::double precision AS pct_of_orders_top_category, NULL::text AS top_source,
            NULL::double precision AS pct_of_orders_top_source
        WHERE false
        $query$
    ELSE format($query$
        WITH counted AS MATERIALIZED (%s)
        SELECT t.segment, t.categories, c.category AS top_category, 100 * c.orders::double precision / t.category_orders::double precision AS pct_of_orders_top_category,
            o.source AS top_source, 100 * o.orders::double precision / t.source_orders::double precision AS pct_of_orders_top_source
        FROM (
            SELECT k.segment, sum(k.customers) FILTER (WHERE k.category IS NOT NULL) AS categories,
                sum(k.orders) FILTER (WHERE k.category IS NOT NULL) AS category_orders, sum(k.orders) FILTER (WHERE k.source IS NOT NULL) AS source_orders
            FROM counted k GROUP BY k.segment) t
        LEFT JOIN LATERAL (
            SELECT k.category, k.orders FROM counted k WHERE k.segment = t.segment AND k.category IS NOT NULL ORDER BY k.orders DESC, k.category LIMIT 1) c ON true
        LEFT JOIN LATERAL (
            SELECT k.source, k.orders FROM counted k WHERE k.segment = t.segment AND k.source IS NOT NULL ORDER BY k.orders DESC, k.source LIMIT 1) o ON true
        $query$, @extschema@.workspace_counted_preferences_sql(workspace)) END
$$;
COMMENT ON FUNCTION workspace_preferences_sql(name, order_columns) IS
'Internal to attach_orders(): The query for the categories and sources that each kind of customer, as in member, prefers.';

CREATE FUNCTION workspace_create_segment_profile(workspace name, columns order_columns) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'segment_profile', format($view$
        WITH member AS MATERIALIZED (
            SELECT DISTINCT ON (c.customer) c.customer, c.orders, c.purchases, c.revenue, c.returns, c.gap_days,
                CASE WHEN c.purchases = 1 THEN 'one_time' WHEN c.stage = 'regular' THEN 'regular' ELSE 'occasional' END AS segment
            FROM %1$I.customer_classes c
        ), preference AS (%2$s)
        SELECT v."position", v.segment, coalesce(m.customers, 0) AS customers,
            100 * coalesce(m.customers, 0)::double precision / nullif(sum(m.customers) OVER (), 0)::double precision AS pct_of_customers,
            coalesce(m.orders, 0) AS orders,
            coalesce(m.revenue, 0.00) AS revenue,
            CASE WHEN sum(m.revenue) OVER () > 0
                THEN (100 * coalesce(m.revenue, 0) / sum(m.revenue) OVER ())::double precision END AS pct_of_revenue,
            (m.revenue / m.orders)::double precision AS average_order,
            (m.revenue / m.customers)::double precision AS average_revenue,
            (m.purchases / m.customers)::double precision AS average_purchases,
            m.gap_days,
            coalesce(m.returns, 0) AS returns,
            100 * m.returns::double precision / (m.orders + m.returns)::double precision AS pct_returns,
            p.categories::double precision / m.customers AS categories_per_customer, p.top_category, p.pct_of_orders_top_category, p.top_source, p.pct_of_orders_top_source,
            coalesce(m.customers, 0) >= s.enough AS enough
        FROM (VALUES (1, 'one_time'), (2, 'occasional'), (3, 'regular')) v("position", segment)
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        LEFT JOIN (
            SELECT x.segment, count(*) AS customers, sum(x.orders)::bigint AS orders, sum(x.purchases) AS purchases,
                sum(x.revenue) AS revenue, sum(x.returns)::bigint AS returns,
                percentile_cont(0.5) WITHIN GROUP (ORDER BY x.gap_days) AS gap_days
            FROM member x
            GROUP BY x.segment) m ON m.segment = v.segment
        LEFT JOIN preference p ON p.segment = v.segment
        ORDER BY v."position"
        $view$, workspace, @extschema@.workspace_preferences_sql(workspace, columns)),
        'One-time, occasional and regular customers side by side, always three rows: one purchase ever, the others, and the stage regular',
        ARRAY[['position', 'Order in which to show the rows'],
              ['segment', 'one_time, occasional or regular'],
              ['customers', 'Number of customers'],
              ['pct_of_customers', 'Share of all customers, 0 to 100'],
              ['orders', 'Number of orders'],
              ['revenue', 'Revenue of their whole life'],
              ['pct_of_revenue', 'Share of the revenue, 0 to 100'],
              ['average_order', 'Revenue by number of orders'],
              ['average_revenue', 'Revenue by number of customers'],
              ['average_purchases', 'Purchases by number of customers'],
              ['gap_days', 'Usual gap in days: the median of the customers'''],
              ['returns', 'Number of returns'],
              ['pct_returns', 'Share of returns among orders and returns, 0 to 100'],
              ['categories_per_customer', 'Mean number of categories that a customer bought from; empty where no column of it is attached'],
              ['top_category', 'The category with most orders'],
              ['pct_of_orders_top_category', 'Its share of the orders with a category, 0 to 100'],
              ['top_source', 'The source with most orders'],
              ['pct_of_orders_top_source', 'Its share of the orders with a source, 0 to 100'],
              ['enough', 'Whether there are enough customers to go by']]);
END
$$;
COMMENT ON FUNCTION workspace_create_segment_profile(name, order_columns) IS
'Internal to attach_orders(): Makes the view segment_profile of a workspace.';
