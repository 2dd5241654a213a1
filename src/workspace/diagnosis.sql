-- workspace: what attach_orders() says about the table

CREATE FUNCTION workspace_index_sql(col order_column) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN t.typname = 'citext' THEN format('lower(%I::text)', (col).name)
        WHEN t.typtype = 'e' THEN NULL -- its cast to text is not immutable
        WHEN t.oid IN ('char'::regtype, 'name'::regtype) THEN format('(%I::text)', (col).name)
        ELSE quote_ident((col).name) END
    FROM pg_type t WHERE t.oid = (col).type
$$;
COMMENT ON FUNCTION workspace_index_sql(order_column) IS
'Internal to attach_orders(): What an index has to hold for the views to find rows by a column, NULL where none can.';

CREATE FUNCTION workspace_index_advice(orders regclass, col order_column, purpose text) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN i.wanted IS NULL THEN 'No index can serve the views: keep such customers as text or numbers'
        ELSE format('Nothing indexes it: CREATE INDEX%s ON %s (%s); then %s',
            CASE c.relkind WHEN 'p' THEN '' ELSE ' CONCURRENTLY' END, orders, i.wanted, purpose) END
    FROM pg_class c
    CROSS JOIN LATERAL (SELECT @extschema@.workspace_index_sql(col) AS wanted) i
    WHERE c.oid = orders AND c.relkind IN ('r', 'p', 'm')
        AND NOT EXISTS (
            SELECT FROM pg_index x
            WHERE x.indrelid = orders AND x.indisvalid AND x.indpred IS NULL
                AND trim(pg_get_indexdef(x.indexrelid, 1, true), '()') = trim(i.wanted, '()'))
$$;
COMMENT ON FUNCTION workspace_index_advice(regclass, order_column, text) IS
'Internal to attach_orders(): The statement that would index a column, NULL where a usable index begins with it or the relation can have none.';

CREATE FUNCTION workspace_describe_columns(workspace name, orders regclass, columns order_columns)
RETURNS SETOF attach_finding
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    settings record;
    status_columns text;
BEGIN
    EXECUTE format('SELECT s.* FROM %I.settings s', workspace) INTO settings;
    RETURN QUERY SELECT c.role, format('column %I (%s), %s%s', (c.col).name, (c.col).type, (c.col).found,
            CASE WHEN (c.col).type = 'timestamptz'::regtype THEN format('; days of %s', settings.time_zone) ELSE '' END),
        CASE c.role
            WHEN 'customer' THEN @extschema@.workspace_index_advice(orders, c.col, 'one customer is found at once')
            WHEN 'ordered_at' THEN @extschema@.workspace_index_advice(orders, c.col, 'the last row is found at once')
        END
    FROM @extschema@.workspace_column_list(columns) c;
    RETURN QUERY VALUES
        ('time_zone', settings.time_zone, format('To change it: UPDATE %I.settings SET time_zone = ''...'';', workspace)),
        ('settings', format('periods: %s, RFM scores: 1 to %s', settings.period, settings.rfm_bins),
            format('These and all others are in %I.settings', workspace));

    SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) INTO status_columns
    FROM pg_attribute a
    WHERE a.attrelid = orders AND a.attnum > 0 AND NOT a.attisdropped
        AND a.attname ~* '(status|(^|order_?|sales?_?|payment_?|document_?)state(_?code|_?id)?$|cancel|refund|void|paid|deleted|is_?test|draft)';
    IF status_columns IS NOT NULL THEN
        RETURN QUERY VALUES ('status', format('not filtered by %s: every row counts', status_columns),
            'If some of the rows are no orders, attach a view that leaves them out');
    END IF;
    IF (SELECT c.relrowsecurity FROM pg_class c WHERE c.oid = orders) THEN
        RETURN QUERY VALUES ('row security', format('%s has row level security', orders),
            format('The views read it as %I, whoever asks them: grant them with care', @extschema@.workspace_owner(workspace)));
    END IF;
    -- Functions behind a view, policies and casts of the orders run with the rights of who reads them.
    IF EXISTS (SELECT FROM pg_class c JOIN pg_roles o ON o.oid = c.relowner JOIN pg_roles r ON r.rolname = current_user
        WHERE c.oid = orders AND r.rolsuper AND NOT o.rolsuper)
    THEN
        RETURN QUERY VALUES ('superuser', format('%s belongs to %s, the workspace to a superuser', orders,
                (SELECT quote_ident(pg_get_userbyid(c.relowner)) FROM pg_class c WHERE c.oid = orders)),
            'What its owner puts behind it runs with your rights: drop the workspace, and attach as a role that may do no more than read it');
    END IF;
END
$$;
COMMENT ON FUNCTION workspace_describe_columns(name, regclass, order_columns) IS
'Internal to attach_orders(): The findings of attach_orders() that need no look at the rows.';

CREATE FUNCTION workspace_row_share(part bigint, whole bigint) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('%s of %s (%s %%)', part, whole, CASE
        WHEN part = 0 OR part = whole THEN round(100.0 * part / nullif(whole, 0))
        ELSE least(greatest(round(100.0 * part / whole, 2), 0.01), 99.99) END)
$$;
COMMENT ON FUNCTION workspace_row_share(bigint, bigint) IS
'Internal to attach_orders(): A count beside the whole, in words.';

CREATE FUNCTION workspace_diagnose_customers(workspace name) RETURNS SETOF attach_finding
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET DateStyle = 'ISO'
AS $$
DECLARE
    base record;
BEGIN
    EXECUTE format($query$
        SELECT count(*) AS customers, sum(c.orders) AS orders, min(c.first_order) AS first_order,
            max(c.last_order) AS last_order, count(*) FILTER (WHERE c.purchase_days = 1) AS once,
            percentile_cont(0.5) WITHIN GROUP (ORDER BY c.gap_days) AS gap_days,
            (SELECT r.as_of FROM %1$I.reporting_date r) AS as_of
        FROM %1$I.customers c
        $query$, workspace) INTO base;
    IF base.customers = 0 THEN
        RETURN QUERY VALUES ('orders', 'none to count yet', 'The views are empty until there are orders');
        RETURN;
    END IF;
    RETURN QUERY VALUES ('orders', format('orders: %s, customers: %s, from %s to %s; the views speak of %s',
        base.orders, base.customers, base.first_order, base.last_order, base.as_of),
        format('To see an earlier day: UPDATE %I.settings SET as_of = ''%s'';',
            workspace, base.first_order + (base.last_order - base.first_order) / 2 + 1));
    RETURN QUERY VALUES ('cadence', format('customers who came on one day only: %s%s', @extschema@.workspace_row_share(base.once, base.customers),
        '; median gap of the others, in days: ' || round(base.gap_days::numeric)), NULL);
END
$$;
COMMENT ON FUNCTION workspace_diagnose_customers(name) IS
'Internal to attach_orders(): The findings about the customers of a workspace.';

CREATE FUNCTION workspace_blank_sql(customer order_column) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE t.typcategory WHEN 'S' THEN 'btrim(a.customer::text) = ''''' ELSE 'false' END
    FROM pg_type t WHERE t.oid = (customer).type
$$;
COMMENT ON FUNCTION workspace_blank_sql(order_column) IS
'Internal to attach_orders(): The SQL condition on a row a with a customer that it is a text of nothing but spaces.';

CREATE FUNCTION workspace_diagnose_quality(workspace name) RETURNS SETOF attach_finding
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN QUERY EXECUTE format($query$
        SELECT replace(q.reason, '_', ' '), 'rows left out: ' || %2$s.workspace_row_share(q.order_rows, q.all_rows), q.description
        FROM (SELECT d.*, sum(d.order_rows) OVER ()::bigint AS all_rows FROM %1$I.data_quality d) q
        WHERE q.order_rows > 0 AND q.reason <> 'used'
        ORDER BY q."position"
        $query$, workspace, '@extschema@');
END
$$;
COMMENT ON FUNCTION workspace_diagnose_quality(name) IS
'Internal to attach_orders(): The findings about the rows that are left out, by reason.';

CREATE FUNCTION workspace_diagnose_orders(workspace name, orders regclass, columns order_columns)
RETURNS SETOF attach_finding
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    alike record;
    zero_amounts text;
    repeated_ids bigint := 0;
BEGIN
    IF (columns.order_id).name IS NOT NULL THEN
        EXECUTE format('SELECT count(o.%1$I) - count(DISTINCT o.%1$I) FROM %2$s o', (columns.order_id).name, orders) INTO repeated_ids;
    END IF;
    -- Rows of one customer and time are counted by amount first: both groupings are cheap to hash.
    EXECUTE format($query$
        SELECT coalesce(sum(t.rows), 0)::bigint AS rows, coalesce(sum(t.repeated), 0)::bigint AS repeated,
            coalesce(sum(t.rows) FILTER (WHERE t.rows > 1), 0)::bigint AS together, coalesce(sum(t.zeros), 0)::bigint AS zeros,
            coalesce(sum(t.blanks), 0)::bigint AS blanks, coalesce(sum(t.all_rows), 0)::bigint AS all_rows
        FROM (SELECT sum(a.rows) AS all_rows, sum(a.rows) FILTER (WHERE a.compared) AS rows, sum(a.rows - 1) FILTER (WHERE a.compared) AS repeated,
                  sum(a.rows) FILTER (WHERE a.amount = 0 AND a.customer IS NOT NULL) AS zeros, sum(a.rows) FILTER (WHERE %5$s) AS blanks
              FROM (SELECT o.%2$I AS customer, o.%3$I AS at, o.%4$I AS amount, count(*) AS rows,
                        o.%2$I IS NOT NULL AND o.%4$I > 0 AS compared
                    FROM %1$s o WHERE o.%4$I >= 0 GROUP BY o.%2$I, o.%3$I, o.%4$I) a
              GROUP BY a.customer, a.at) t
        $query$, orders, (columns.customer).name, (columns.ordered_at).name, (columns.amount).name,
            @extschema@.workspace_blank_sql(columns.customer)) INTO alike;
    IF repeated_ids > 0 THEN
        RETURN QUERY VALUES ('order lines', format('rows whose %I another row has too: ', (columns.order_id).name)
                || @extschema@.workspace_row_share(repeated_ids, alike.all_rows),
            'Each row counts as an order: if these are lines of orders, attach a view that sums them by order');
    ELSIF (columns.ordered_at).type <> 'date'::regtype AND alike.together * 2 > alike.rows THEN
        RETURN QUERY VALUES ('order lines', 'rows that share customer and time with another: '
                || @extschema@.workspace_row_share(alike.together, alike.rows),
            'These look like lines of orders, and each counts as an order: attach a view that sums them by order');
    ELSIF alike.repeated > 0 THEN
        RETURN QUERY VALUES ('likely duplicates', 'rows that repeat the customer, time and amount of another: '
                || @extschema@.workspace_row_share(alike.repeated, alike.rows),
            'If they were loaded twice, attach a view with DISTINCT');
    END IF;

    RETURN QUERY SELECT f.* FROM @extschema@.workspace_diagnose_quality(workspace) f;
    IF alike.blanks > 0 THEN
        RETURN QUERY VALUES ('blank customer', 'rows whose customer is empty or blank: '
                || @extschema@.workspace_row_share(alike.blanks, alike.all_rows),
            format('A blank is a customer like any other: if nobody knows who bought, attach a view with nullif(btrim(%I), '''') in its place',
                (columns.customer).name));
    END IF;
    EXECUTE format('SELECT s.zero_amounts FROM %I.settings s', workspace) INTO zero_amounts;
    IF alike.zeros > 0 AND zero_amounts = 'orders' THEN
        RETURN QUERY VALUES ('zero amounts', format('rows that count as orders of 0: %s', alike.zeros),
            format('If they are no orders: UPDATE %I.settings SET zero_amounts = ''skipped'';', workspace));
    END IF;
END
$$;
COMMENT ON FUNCTION workspace_diagnose_orders(name, regclass, order_columns) IS
'Internal to attach_orders(): The findings about the rows: what is left out and why, and what looks odd.';
