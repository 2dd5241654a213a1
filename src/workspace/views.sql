-- workspace: its tables and views. format() quotes every name and value; regclass and regtype quote themselves,
-- and qualify, since the search_path holds nothing but pg_catalog.

CREATE FUNCTION workspace_keep_settings() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION 'the settings of a workspace are one row, which stays'
        USING ERRCODE = 'object_not_in_prerequisite_state',
            HINT = 'Change it with UPDATE; drop_workspace() takes the whole workspace away.';
END
$$;
COMMENT ON FUNCTION workspace_keep_settings() IS
'Internal to attach_orders(): Trigger function that refuses to delete the settings.
Errors: 55000 always.';

CREATE FUNCTION workspace_create_settings(workspace name, time_zone text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    settings_table CONSTANT text := format('%I.settings', workspace);
    known_zone text;
BEGIN
    IF to_regclass(settings_table) IS NULL THEN
        EXECUTE format($ddl$
            CREATE TABLE %1$I.settings (
                one_row boolean PRIMARY KEY DEFAULT true
                    CONSTRAINT "settings has one row" CHECK (one_row),
                as_of text NOT NULL DEFAULT 'auto'
                    CONSTRAINT "as_of is auto, today or a date such as 2025-01-31" CHECK (
                        CASE WHEN as_of ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' THEN as_of::date IS NOT NULL
                             ELSE as_of IN ('auto', 'today') END),
                time_zone text NOT NULL,
                workspace_version text NOT NULL
            );
            CREATE TABLE %1$I.attached (
                relation_role text PRIMARY KEY,
                relation text NOT NULL,
                columns jsonb NOT NULL
            )$ddl$, workspace);
    END IF;
    -- These hold functions of the extension, and went away if it was dropped and created again.
    IF NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = to_regclass(settings_table) AND conname = 'time_zone is a full IANA name or UTC') THEN
        EXECUTE format($ddl$
            ALTER TABLE %1$I.settings ADD CONSTRAINT "time_zone is a full IANA name or UTC" CHECK (
                %2$s.period_start(timestamptz '2000-01-01 00:00:00+00', 'day', time_zone) IS NOT NULL)
            $ddl$, workspace, '@extschema@');
    END IF;
    IF NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = to_regclass(settings_table) AND tgname = 'keep_settings') THEN
        EXECUTE format('CREATE TRIGGER keep_settings BEFORE DELETE OR TRUNCATE ON %I.settings EXECUTE FUNCTION %s.workspace_keep_settings()',
            workspace, '@extschema@');
    END IF;

    EXECUTE format('SELECT s.time_zone FROM %I.settings s', workspace) INTO known_zone;
    EXECUTE format($dml$
        INSERT INTO %1$I.settings (time_zone, workspace_version)
        SELECT $1, e.extversion FROM pg_extension e WHERE e.extname = 'clientele'
        ON CONFLICT (one_row) DO UPDATE SET time_zone = excluded.time_zone, workspace_version = excluded.workspace_version
        $dml$, workspace) USING coalesce(time_zone, known_zone, @extschema@.workspace_session_time_zone());
    PERFORM @extschema@.workspace_describe_relation(workspace, 'settings', 'How the views of this workspace count: one row, change it with UPDATE',
        ARRAY[['one_row', 'Always true: there is one row'],
              ['as_of', 'The day the views speak of, on which and after which rows do not exist yet: ''auto'' is the earlier of today and the day after the last row, ''today'' follows the clock, a date such as ''2025-01-31'' shows everything as it stood then'],
              ['time_zone', 'Whose days are meant, a full IANA name such as Europe/Berlin, or UTC: for order times with a time zone, and for today'],
              ['workspace_version', 'The version of the extension that made the views']]);
    PERFORM @extschema@.workspace_describe_relation(workspace, 'attached', 'What is attached to this workspace, as attach_orders() was told: it reads this when it runs again',
        ARRAY[['relation_role', 'What the rows of the relation are: orders'],
              ['relation', 'The table or view'],
              ['columns', 'Its columns by role']]);
END
$$;
COMMENT ON FUNCTION workspace_create_settings(name, text) IS
'Internal to attach_orders(): Makes the tables of a workspace, or keeps those that are there.
Arguments: workspace; time_zone: NULL keeps the one set, at first that of the session.';

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

CREATE FUNCTION workspace_history_sql(ordered_at order_column, amount order_column, workspace name) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('%s.history_agg(o.%I%s, o.%I%s%s)', '@extschema@',
    (ordered_at).name, format('::%s', (ordered_at).type), (amount).name, format('::%s', (amount).type),
    CASE WHEN (ordered_at).type = 'timestamptz'::regtype
        THEN format(', (SELECT s.time_zone FROM %I.settings s)', workspace) ELSE '' END)
$$;
COMMENT ON FUNCTION workspace_history_sql(order_column, order_column, name) IS
'Internal to attach_orders(): The SQL expression that folds rows o of orders into a history.';

-- Other types of customer are shown as text, which every BI tool can filter; citext by what it holds equal.
CREATE FUNCTION workspace_customer_sql(customer order_column) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN (customer).type = ANY ('{smallint,integer,bigint,numeric,uuid,text}'::regtype[])
            THEN format('o.%I::%s', (customer).name, (customer).type)
        WHEN (SELECT t.typname FROM pg_type t WHERE t.oid = (customer).type) = 'citext'
            THEN format('lower(o.%I::text)', (customer).name)
        ELSE format('o.%I::text', (customer).name) END
$$;
COMMENT ON FUNCTION workspace_customer_sql(order_column) IS
'Internal to attach_orders(): The SQL expression of the customer of a row o of orders.';

CREATE FUNCTION workspace_create_reporting_date(
    workspace name, orders regclass, customer order_column, ordered_at order_column, amount order_column) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    zoned CONSTANT boolean := ordered_at.type = 'timestamptz'::regtype;
    tomorrow CONSTANT text := CASE WHEN zoned THEN '((t.today + 1)::timestamp AT TIME ZONE s.time_zone)' ELSE '(t.today + 1)' END;
    last_day CONSTANT text := CASE WHEN zoned THEN 'l.last_time AT TIME ZONE s.time_zone' ELSE 'l.last_time' END;
BEGIN
    -- The condition on as_of stands with the orders, so that they are read only where they decide;
    -- an index on the order time answers max() without a scan. LIMIT tells the planner of the one row.
    EXECUTE format($view$
        CREATE OR REPLACE VIEW %1$I.reporting_date AS
        SELECT CASE s.as_of
                WHEN 'today' THEN t.today
                WHEN 'auto' THEN least(t.today, (%2$s)::date + 1)
                ELSE s.as_of::date
            END AS as_of,
            t.today
        FROM %1$I.settings s
        CROSS JOIN LATERAL (SELECT (now() AT TIME ZONE s.time_zone)::date AS today) t
        CROSS JOIN LATERAL (
            SELECT max(o.%3$I) AS last_time
            FROM %4$s o
            WHERE s.as_of = 'auto' AND o.%3$I < %5$s AND o.%6$I IS NOT NULL AND %7$s AND %8$s
        ) l
        LIMIT 1
        $view$, workspace, last_day, ordered_at.name, orders, tomorrow, customer.name,
        @extschema@.workspace_usable_time_sql(ordered_at), @extschema@.workspace_usable_amount_sql(amount));
    PERFORM @extschema@.workspace_describe_relation(workspace, 'reporting_date', 'The day the views speak of, by the settings',
        ARRAY[['as_of', 'Rows of this day and later ones are not counted'],
              ['today', 'Today in the time zone of the settings']]);
END
$$;
COMMENT ON FUNCTION workspace_create_reporting_date(name, regclass, order_column, order_column, order_column) IS
'Internal to attach_orders(): Makes the view reporting_date of a workspace.';

CREATE FUNCTION workspace_create_customer_history(
    workspace name, orders regclass, customer order_column, ordered_at order_column, amount order_column) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format($view$
        CREATE OR REPLACE VIEW %1$I.customer_history AS
        SELECT %2$s AS customer, %3$s AS history
        FROM %4$s o
        WHERE o.%5$I IS NOT NULL AND %6$s AND %7$s
        GROUP BY %2$s
        $view$, workspace, @extschema@.workspace_customer_sql(customer),
        @extschema@.workspace_history_sql(ordered_at, amount, workspace), orders, customer.name,
        @extschema@.workspace_usable_time_sql(ordered_at), @extschema@.workspace_usable_amount_sql(amount));
    PERFORM @extschema@.workspace_describe_relation(workspace, 'customer_history',
        'One row per customer with all purchases as one value, which the functions of Clientele read: for SQL, not for BI. Holds rows of every date, whatever the settings say: pass as_of of reporting_date to the functions',
        ARRAY[['customer', 'The customer, as in the orders'],
              ['history', 'Orders, returns and amounts per day; read it with order_count(), revenue(), history_days() …']]);
END
$$;
COMMENT ON FUNCTION workspace_create_customer_history(name, regclass, order_column, order_column, order_column) IS
'Internal to attach_orders(): Makes the view customer_history of a workspace.';

CREATE FUNCTION workspace_create_customers(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format($view$
        CREATE OR REPLACE VIEW %1$I.customers AS
        SELECT h.customer,
            %2$s.order_count(h.history, r.as_of) AS orders,
            %2$s.purchase_days(h.history, r.as_of) AS purchase_days,
            %2$s.revenue(h.history, r.as_of) AS revenue,
            %2$s.average_order(h.history, r.as_of) AS average_order,
            %2$s.first_order(h.history, r.as_of) AS first_order,
            %2$s.last_order(h.history, r.as_of) AS last_order,
            r.as_of - %2$s.last_order(h.history, r.as_of) AS days_since_last,
            %2$s.gap_days(h.history, r.as_of) AS gap_days
        FROM %1$I.reporting_date r
        CROSS JOIN %1$I.customer_history h
        WHERE %2$s.first_order(h.history, r.as_of) IS NOT NULL
        $view$, workspace, '@extschema@');
    PERFORM @extschema@.workspace_describe_relation(workspace, 'customers',
        'One row per customer with at least one order before the reporting date',
        ARRAY[['customer', 'The customer, as in the orders'],
              ['orders', 'Number of orders: rows with an amount of zero or more'],
              ['purchase_days', 'Number of days with an order'],
              ['revenue', 'Sum of all amounts, returns taken off'],
              ['average_order', 'Revenue by number of orders'],
              ['first_order', 'Day of the first order'],
              ['last_order', 'Day of the last order'],
              ['days_since_last', 'Days from the last order to the reporting date'],
              ['gap_days', 'Usual gap: median number of days from one purchase day to the next; empty below two']]);
END
$$;
COMMENT ON FUNCTION workspace_create_customers(name) IS
'Internal to attach_orders(): Makes the view customers of a workspace.';

CREATE FUNCTION workspace_create_data_quality(
    workspace name, orders regclass, customer order_column, ordered_at order_column, amount order_column) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- One pass: every row falls under exactly one reason, so the rows add up to the table's.
    EXECUTE format($view$
        CREATE OR REPLACE VIEW %1$I.data_quality AS
        SELECT v."position", v.reason, v.description, v.order_rows::bigint AS order_rows,
            100::double precision * v.order_rows::double precision
                / nullif(sum(v.order_rows) OVER (), 0)::double precision AS pct_of_rows,
            v.revenue
        FROM (
            SELECT
                sum(c.no_time) AS no_time,
                sum(c.invalid_time) AS invalid_time,
                sum(c.no_amount) AS no_amount,
                sum(c.invalid_amount) AS invalid_amount,
                sum(c.kept_rows) FILTER (WHERE NOT c.named) AS no_customer,
                sum(c.revenue) FILTER (WHERE NOT c.named) AS no_customer_revenue,
                sum(c.kept_rows - c.rows_so_far) FILTER (WHERE c.named) AS future,
                sum(c.revenue - c.revenue_so_far) FILTER (WHERE c.named) AS future_revenue,
                sum(c.rows_so_far) FILTER (WHERE c.named AND NOT c.ordered) AS only_returns,
                sum(c.revenue_so_far) FILTER (WHERE c.named AND NOT c.ordered) AS only_returns_revenue,
                sum(c.rows_so_far) FILTER (WHERE c.named AND c.ordered) AS used,
                sum(c.revenue_so_far) FILTER (WHERE c.named AND c.ordered) AS used_revenue
            FROM (
                SELECT p.*,
                    %2$s.order_count(p.history) + %2$s.return_count(p.history) AS kept_rows,
                    %2$s.revenue(p.history) AS revenue,
                    %2$s.order_count(p.history, r.as_of) + %2$s.return_count(p.history, r.as_of) AS rows_so_far,
                    %2$s.revenue(p.history, r.as_of) AS revenue_so_far,
                    %2$s.first_order(p.history, r.as_of) IS NOT NULL AS ordered
                FROM (
                    SELECT %3$s IS NOT NULL AS named,
                        count(*) FILTER (WHERE o.%4$I IS NULL) AS no_time,
                        count(*) FILTER (WHERE NOT %5$s) AS invalid_time,
                        count(*) FILTER (WHERE %5$s AND o.%6$I IS NULL) AS no_amount,
                        count(*) FILTER (WHERE %5$s AND NOT %7$s AND o.%6$I IS NOT NULL) AS invalid_amount,
                        %8$s FILTER (WHERE %5$s AND %7$s) AS history
                    FROM %9$s o
                    GROUP BY %3$s
                ) p
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
            (8, 'only_returns', 'Of customers who returned goods but have no order before the reporting date', coalesce(s.only_returns, 0), coalesce(s.only_returns_revenue, 0.00))
        ) v("position", reason, description, order_rows, revenue)
        $view$, workspace, '@extschema@', @extschema@.workspace_customer_sql(customer), ordered_at.name,
        @extschema@.workspace_usable_time_sql(ordered_at),
        amount.name, @extschema@.workspace_usable_amount_sql(amount), @extschema@.workspace_history_sql(ordered_at, amount, workspace), orders);
    PERFORM @extschema@.workspace_describe_relation(workspace, 'data_quality',
        'The rows of the orders by what became of them: each row is under exactly one reason',
        ARRAY[['position', 'Order in which to show the reasons'],
              ['reason', 'used, or why the rows are left out of the other views'],
              ['description', 'The reason in words'],
              ['order_rows', 'Number of rows'],
              ['pct_of_rows', 'Share of all rows, 0 to 100'],
              ['revenue', 'Sum of their amounts, returns taken off; empty where the rows have no usable amount or time']]);
END
$$;
COMMENT ON FUNCTION workspace_create_data_quality(name, regclass, order_column, order_column, order_column) IS
'Internal to attach_orders(): Makes the view data_quality of a workspace.';
