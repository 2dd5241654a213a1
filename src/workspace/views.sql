-- workspace: the views that read the orders themselves. format() quotes every name and value; regclass and regtype
-- quote themselves, and qualify, since the search_path holds nothing but pg_catalog.

CREATE FUNCTION workspace_describe_relation(workspace name, relation name, description text, columns text[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    entry text[];
BEGIN
    EXECUTE format('COMMENT ON %s %I.%I IS %L',
        CASE (SELECT c.relkind FROM pg_class c WHERE c.oid = to_regclass(format('%I.%I', workspace, relation))) WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END,
        workspace, relation, description);
    FOREACH entry SLICE 1 IN ARRAY columns LOOP
        EXECUTE format('COMMENT ON COLUMN %I.%I.%I IS %L', workspace, relation, entry[1], entry[2]);
    END LOOP;
END
$$;
COMMENT ON FUNCTION workspace_describe_relation(name, name, text, text[]) IS
'Internal to attach_orders(): Writes the comments of a table or view and its columns, which BI tools show as descriptions.
Arguments: workspace, relation; description; columns: pairs of name and description.';

CREATE FUNCTION workspace_create_view(workspace name, view name, query text, description text, columns text[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format('CREATE OR REPLACE VIEW %I.%I AS %s', workspace, view, query);
    PERFORM @extschema@.workspace_describe_relation(workspace, view, description, columns);
END
$$;
COMMENT ON FUNCTION workspace_create_view(name, name, text, text, text[]) IS
'Internal to attach_orders(): Makes a view of a workspace with its comments.
Arguments: workspace, view; query; description; columns: pairs of name and description.';

-- A view never raises on data: what the functions would refuse is left out, and data_quality counts it.

CREATE FUNCTION workspace_usable_time_sql(ordered_at order_column) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- An instant gets a day's margin: in some zone it is another year already.
    SELECT CASE WHEN (ordered_at).type = 'timestamptz'::regtype
        THEN format('(o.%1$I >= timestamptz ''0001-01-02 00:00:00+00'' AND o.%1$I < timestamptz ''9999-12-31 00:00:00+00'')', (ordered_at).name)
        ELSE format('(o.%1$I >= %2$s ''0001-01-01'' AND o.%1$I < %2$s ''10000-01-01'')', (ordered_at).name, (ordered_at).type) END
$$;
COMMENT ON FUNCTION workspace_usable_time_sql(order_column) IS
'Internal to attach_orders(): The SQL condition on a row o of orders that its time is finite and within the years 1 to 9999.';

CREATE FUNCTION workspace_usable_amount_sql(amount order_column) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN (amount).type IN ('smallint'::regtype, 'integer'::regtype)
    THEN format('(o.%I IS NOT NULL)', (amount).name)
    ELSE format('%s.valid_amount(o.%I)', '@extschema@', (amount).name) END
$$;
COMMENT ON FUNCTION workspace_usable_amount_sql(order_column) IS
'Internal to attach_orders(): The SQL condition on a row o of orders that its amount can be kept exactly.';

CREATE FUNCTION workspace_nonzero_amount_sql(amount order_column) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- Amounts are kept at four decimals, so what rounds to 0 there is 0.
    SELECT CASE WHEN (amount).type IN ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype)
    THEN format('o.%I <> 0', (amount).name)
    ELSE format('abs(o.%I) >= %s ''0.00005''', (amount).name, (amount).type) END
$$;
COMMENT ON FUNCTION workspace_nonzero_amount_sql(order_column) IS
'Internal to attach_orders(): The SQL condition on a row o of orders that its amount is not kept as 0.';

CREATE FUNCTION workspace_applied_rules(workspace name) RETURNS order_rules
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ROW(format('(SELECT s.time_zone FROM %I.applied_settings s)', workspace),
        format('(SELECT s.zero_amounts = ''orders'' FROM %I.applied_settings s)', workspace))::@extschema@.order_rules
$$;
COMMENT ON FUNCTION workspace_applied_rules(name) IS
'Internal to attach_orders(): What the settings say of rows of orders, read where a query runs.';

CREATE FUNCTION workspace_counted_zero_sql(amount order_column, rules order_rules) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('(%s OR %s)', (rules).counts_zero, @extschema@.workspace_nonzero_amount_sql(amount))
$$;
COMMENT ON FUNCTION workspace_counted_zero_sql(order_column, order_rules) IS
'Internal to attach_orders(): The SQL condition on a row o of orders that it is not skipped for an amount of 0.';

CREATE FUNCTION workspace_kept_row_sql(columns order_columns, rules order_rules) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT concat_ws(' AND ', @extschema@.workspace_usable_time_sql((columns).ordered_at),
        @extschema@.workspace_usable_amount_sql((columns).amount),
        @extschema@.workspace_counted_zero_sql((columns).amount, rules))
$$;
COMMENT ON FUNCTION workspace_kept_row_sql(order_columns, order_rules) IS
'Internal to attach_orders(): The SQL condition on a row o of orders that it goes into a history.';

CREATE FUNCTION workspace_history_sql(ordered_at order_column, amount order_column, rules order_rules) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('%s.history_agg(o.%I%s, o.%I%s%s)', '@extschema@',
    (ordered_at).name, format('::%s', (ordered_at).type), (amount).name, format('::%s', (amount).type),
    CASE WHEN (ordered_at).type = 'timestamptz'::regtype THEN ', ' || (rules).time_zone ELSE '' END)
$$;
COMMENT ON FUNCTION workspace_history_sql(order_column, order_column, order_rules) IS
'Internal to attach_orders(): The SQL expression that folds rows o of orders into a history.';

-- The profit of a loss is not a return, but only its sum is read.
CREATE FUNCTION workspace_profit_history_sql(columns order_columns, rules order_rules) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT coalesce(
        @extschema@.workspace_history_sql((columns).ordered_at, (columns).profit, rules)
            || format(' FILTER (WHERE %s AND %s)', @extschema@.workspace_kept_row_sql(columns, rules),
                @extschema@.workspace_usable_amount_sql((columns).profit)),
        'NULL::@extschema@.purchase_history')
$$;
COMMENT ON FUNCTION workspace_profit_history_sql(order_columns, order_rules) IS
'Internal to attach_orders(): The SQL expression that folds the profit of rows o of orders into a history, NULL where none is attached.';

-- Whoever owns an enum may give it a cast to text, which would run with the rights of who reads or keeps orders: what is
-- no type of the server's or of an extension is written out, which calls nobody's function.
CREATE FUNCTION workspace_as_text_sql(col order_column) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format(CASE t.typtype WHEN 'b' THEN 'o.%1$I::text' ELSE 'CASE WHEN o.%1$I IS NOT NULL THEN concat(o.%1$I) END' END, (col).name)
    FROM pg_type t WHERE t.oid = (col).type
$$;
COMMENT ON FUNCTION workspace_as_text_sql(order_column) IS
'Internal to attach_orders(): The SQL expression of a column of a row o as text.';

-- Other types are shown as text, which every BI tool can filter; citext by what it holds equal.
CREATE FUNCTION workspace_customer_sql(customer order_column) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN (customer).type = ANY ('{smallint,integer,bigint,numeric,uuid,text}'::regtype[])
            THEN format('o.%I::%s', (customer).name, (customer).type)
        WHEN (SELECT t.typname FROM pg_type t WHERE t.oid = (customer).type) = 'citext'
            THEN format('lower(%s)', @extschema@.workspace_as_text_sql(customer))
        ELSE @extschema@.workspace_as_text_sql(customer) END
$$;
COMMENT ON FUNCTION workspace_customer_sql(order_column) IS
'Internal to attach_orders(): The SQL expression of the customer of a row o of orders.';

CREATE FUNCTION workspace_create_applied_settings(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'applied_settings', format('SELECT s.* FROM %I.settings s', workspace),
        'The settings that the views go by: those of the table, with stored figures as they stood at the last refresh',
        @extschema@.workspace_settings_comments());
END
$$;
COMMENT ON FUNCTION workspace_create_applied_settings(name) IS
'Internal to attach_orders(): Makes the view applied_settings of a workspace.';

CREATE FUNCTION workspace_last_day_sql(workspace name, orders regclass, columns order_columns) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format(CASE WHEN ((columns).ordered_at).type = 'timestamptz'::regtype THEN $query$
        SELECT (max(o.%1$I) AT TIME ZONE s.time_zone)::date AS last_day
        FROM %2$s o
        WHERE s.as_of = 'auto' AND o.%1$I < ((t.today + 1)::timestamp AT TIME ZONE s.time_zone) AND o.%3$I IS NOT NULL AND %4$s
        $query$ ELSE $query$
        SELECT max(o.%1$I)::date AS last_day
        FROM %2$s o
        WHERE s.as_of = 'auto' AND o.%1$I < (t.today + 1) AND o.%3$I IS NOT NULL AND %4$s
        $query$ END, ((columns).ordered_at).name, orders, ((columns).customer).name,
        @extschema@.workspace_kept_row_sql(columns, @extschema@.workspace_applied_rules(workspace)))
$$;
COMMENT ON FUNCTION workspace_last_day_sql(name, regclass, order_columns) IS
'Internal to attach_orders(): The query for the last day of the orders that is not in the future, where it decides: with settings s and today in t.';

CREATE FUNCTION workspace_create_reporting_date(workspace name, last_day text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- The last time is a subquery that depends on nothing, which a plan works out once, whatever it makes of the rest.
    -- The condition on as_of stands with the orders, so that they are read only where they decide; an index on the
    -- order time answers max() without a scan. LIMIT tells the planner of the one row.
    PERFORM @extschema@.workspace_create_view(workspace, 'reporting_date', format($view$
        SELECT d.as_of, d.today, greatest((%3$s.period_start(d.as_of, d.period) - 400 * %4$s)::date, date '0001-01-01') AS first_period,
            now() AS refreshed_at
        FROM (
            SELECT (
                    SELECT CASE s.as_of
                            WHEN 'today' THEN t.today
                            WHEN 'auto' THEN least(t.today, l.last_day + 1)
                            ELSE s.as_of::date
                        END
                    FROM (SELECT x.*, (now() AT TIME ZONE x.time_zone)::date AS today FROM %1$I.applied_settings x LIMIT 1) s
                    CROSS JOIN LATERAL (SELECT s.today) t
                    CROSS JOIN LATERAL (%2$s) l
                ) AS as_of,
                (SELECT (now() AT TIME ZONE s.time_zone)::date FROM %1$I.applied_settings s) AS today,
                (SELECT s.period FROM %1$I.applied_settings s) AS period
            LIMIT 1) d
        LIMIT 1
        $view$, workspace, last_day, '@extschema@', @extschema@.workspace_period_step_sql('d.period')),
        'The day the views speak of, by the settings',
        ARRAY[['as_of', 'Rows of this day and later ones are not counted'],
              ['today', 'Today in the time zone of the settings'],
              ['first_period', 'Views of retention and of growth go back to here: 400 periods'],
              ['refreshed_at', 'When the orders were read: now, with stored figures at the last refresh']]);
END
$$;
COMMENT ON FUNCTION workspace_create_reporting_date(name, text) IS
'Internal to attach_orders(): Makes the view reporting_date of a workspace.
Arguments: workspace; last_day: a query for the last day of the orders.';

CREATE FUNCTION workspace_left_out_sql(columns order_columns, rules order_rules) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($list$nullif(count(*) FILTER (WHERE o.%1$I IS NULL), 0) AS no_time,
            nullif(count(*) FILTER (WHERE NOT %2$s), 0) AS invalid_time,
            nullif(count(*) FILTER (WHERE %2$s AND o.%3$I IS NULL), 0) AS no_amount,
            nullif(count(*) FILTER (WHERE %2$s AND NOT %4$s AND o.%3$I IS NOT NULL), 0) AS invalid_amount,
            nullif(count(*) FILTER (WHERE %2$s AND %4$s AND NOT %5$s), 0) AS zero_amount$list$,
        ((columns).ordered_at).name, @extschema@.workspace_usable_time_sql((columns).ordered_at), ((columns).amount).name,
        @extschema@.workspace_usable_amount_sql((columns).amount), @extschema@.workspace_counted_zero_sql((columns).amount, rules))
$$;
COMMENT ON FUNCTION workspace_left_out_sql(order_columns, order_rules) IS
'Internal to attach_orders(): The SQL expressions that count the rows o of orders that go into no history, by reason, NULL for none.';

CREATE FUNCTION workspace_order_history_sql(workspace name, orders regclass, columns order_columns) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- Who reads histories alone does not pay for the counts: a plan works out only the columns that are asked for.
    SELECT format($query$
        SELECT %1$s AS customer, %2$s FILTER (WHERE %5$s) AS history, %3$s AS profit_history,
            %6$s
        FROM %4$s o
        GROUP BY %1$s
        $query$, @extschema@.workspace_customer_sql((columns).customer),
        @extschema@.workspace_history_sql((columns).ordered_at, (columns).amount, r),
        @extschema@.workspace_profit_history_sql(columns, r), orders,
        @extschema@.workspace_kept_row_sql(columns, r), @extschema@.workspace_left_out_sql(columns, r))
    FROM @extschema@.workspace_applied_rules(workspace) r
$$;
COMMENT ON FUNCTION workspace_order_history_sql(name, regclass, order_columns) IS
'Internal to attach_orders(): The query for the histories of the customers, and of the orders without one, with the counts of rows left out.';

CREATE FUNCTION workspace_create_histories(workspace name, query text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    comments CONSTANT text[] := ARRAY[['customer', 'The customer, as in the orders'],
        ['history', 'Orders, returns and amounts per day; read it with order_count(), revenue(), history_days() and others'],
        ['profit_history', 'Profit per day, where a column of it is attached: read it with revenue()']];
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'order_history', query,
        'All that is read from the orders: their histories by customer, one row more for the orders without a customer, and the rows that are left out',
        comments || ARRAY[['no_time', 'Number of rows without a time; empty where there are none'],
            ['invalid_time', 'Number of rows with a time that cannot be used'],
            ['no_amount', 'Number of rows without an amount'],
            ['invalid_amount', 'Number of rows with an amount that cannot be used'],
            ['zero_amount', 'Number of rows with an amount of 0, where the settings skip them']]);
    -- A condition on the history would have each folded twice: that two subqueries ask for the same setting no plan knows.
    PERFORM @extschema@.workspace_create_view(workspace, 'customer_history', format($view$
        SELECT h.customer, h.history, h.profit_history FROM %I.order_history h WHERE h.customer IS NOT NULL
        $view$, workspace),
        'One row per customer with all purchases as one value, which the functions of Clientele read: for SQL, not for BI. Holds rows of every date, whatever the settings say: pass as_of of reporting_date to the functions',
        comments);
END
$$;
COMMENT ON FUNCTION workspace_create_histories(name, text) IS
'Internal to attach_orders(): Makes the views order_history and customer_history of a workspace.
Arguments: workspace; query: what order_history shows.';

CREATE FUNCTION workspace_create_data_quality(workspace name, more text DEFAULT '') RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- One pass: every row falls under exactly one reason, so the rows add up to the table's.
    PERFORM @extschema@.workspace_create_view(workspace, 'data_quality', format($view$
        SELECT v."position", v.reason, v.description, v.order_rows::bigint AS order_rows,
            100::double precision * v.order_rows::double precision
                / nullif(sum(v.order_rows) OVER (), 0)::double precision AS pct_of_rows,
            v.revenue, (SELECT r.refreshed_at FROM %1$I.reporting_date r) AS refreshed_at
        FROM (
            SELECT
                sum(c.no_time) AS no_time,
                sum(c.invalid_time) AS invalid_time,
                sum(c.no_amount) AS no_amount,
                sum(c.invalid_amount) AS invalid_amount,
                sum(c.zero_amount) AS zero_amount,
                sum(c.kept_rows) FILTER (WHERE NOT c.named) AS no_customer,
                sum(c.revenue) FILTER (WHERE NOT c.named) AS no_customer_revenue,
                sum(c.kept_rows - c.rows_so_far) FILTER (WHERE c.named) AS future,
                sum(c.revenue - c.revenue_so_far) FILTER (WHERE c.named) AS future_revenue,
                sum(c.rows_so_far) FILTER (WHERE c.named AND NOT c.ordered) AS only_returns,
                sum(c.revenue_so_far) FILTER (WHERE c.named AND NOT c.ordered) AS only_returns_revenue,
                sum(c.rows_so_far) FILTER (WHERE c.named AND c.ordered) AS used,
                sum(c.revenue_so_far) FILTER (WHERE c.named AND c.ordered) AS used_revenue
            FROM (
                SELECT h.no_time, h.invalid_time, h.no_amount, h.invalid_amount, h.zero_amount, h.customer IS NOT NULL AS named,
                    %2$s.order_count(h.history) + %2$s.return_count(h.history) AS kept_rows,
                    %2$s.revenue(h.history) AS revenue,
                    %2$s.order_count(h.history, r.as_of) + %2$s.return_count(h.history, r.as_of) AS rows_so_far,
                    %2$s.revenue(h.history, r.as_of) AS revenue_so_far,
                    %2$s.first_order(h.history, r.as_of) IS NOT NULL AS ordered
                FROM %1$I.order_history h
                CROSS JOIN %1$I.reporting_date r
            ) c
        ) s
        CROSS JOIN LATERAL (VALUES
            (1, 'used', 'Counted in the views', coalesce(s.used, 0), coalesce(s.used_revenue, 0.00)),
            (2, 'no_customer', 'Without a customer: nobody knows who bought', coalesce(s.no_customer, 0), coalesce(s.no_customer_revenue, 0.00)),
            (3, 'no_time', 'Without a time', coalesce(s.no_time, 0), NULL),
            (4, 'invalid_time', 'With an infinite time, or one outside the years 1 to 9999', coalesce(s.invalid_time, 0), NULL),
            (5, 'no_amount', 'Without an amount', coalesce(s.no_amount, 0), NULL),
            (6, 'invalid_amount', 'With an amount that is not a number, infinite, or past 922 trillion', coalesce(s.invalid_amount, 0), NULL),
            (7, 'future', 'On or after the reporting date: not counted yet', coalesce(s.future, 0), coalesce(s.future_revenue, 0.00)),
            (8, 'only_returns', 'Of customers who returned goods but have no order before the reporting date', coalesce(s.only_returns, 0), coalesce(s.only_returns_revenue, 0.00)),
            (9, 'zero_amount', 'With an amount of 0, where the settings skip them', coalesce(s.zero_amount, 0), NULL)
        ) v("position", reason, description, order_rows, revenue)
        $view$, workspace, '@extschema@') || more,
        'The rows of the orders by what became of them: each row is under exactly one reason',
        ARRAY[['position', 'Order in which to show the reasons'],
              ['reason', 'used, or why the rows are left out of the other views'],
              ['description', 'The reason in words'],
              ['order_rows', 'Number of rows'],
              ['pct_of_rows', 'Share of all rows, 0 to 100'],
              ['revenue', 'Sum of their amounts, returns taken off; empty where the rows have no usable amount or time, or amounts of 0'],
              ['refreshed_at', 'When the orders were read: now, with stored figures at the last refresh']]);
END
$$;
COMMENT ON FUNCTION workspace_create_data_quality(name, text) IS
'Internal to attach_orders(): Makes the view data_quality of a workspace.
Arguments: workspace; more: a query for further rows, after UNION ALL.';
