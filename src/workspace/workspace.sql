-- workspace: attaching an orders table, and taking the workspace away again

CREATE FUNCTION is_workspace(workspace name) RETURNS boolean
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM pg_catalog.pg_attribute a
        WHERE a.attrelid = to_regclass(format('%I.settings', workspace)) AND a.attname = 'workspace_version')
$$;
COMMENT ON FUNCTION is_workspace(name) IS
'Internal to attach_orders(): Whether a schema is a workspace: one that attach_orders() made.';

CREATE FUNCTION check_orders_relation(orders regclass, columns name[]) RETURNS void
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    relation record;
    col name;
BEGIN
    SELECT c.relkind, c.relpersistence INTO relation FROM pg_class c WHERE c.oid = orders;

    IF relation.relkind NOT IN ('r', 'p', 'v', 'm', 'f') THEN
        RAISE EXCEPTION '% cannot be attached', orders
            USING ERRCODE = 'wrong_object_type', HINT = 'Attach a table, a partitioned or foreign table, or a view.';
    ELSIF relation.relpersistence = 't' THEN
        RAISE EXCEPTION '% cannot be attached: it is temporary', orders
            USING ERRCODE = 'wrong_object_type', HINT = 'Attach a table that other sessions can see too.';
    END IF;
    FOREACH col IN ARRAY columns LOOP
        IF NOT has_column_privilege(orders, col, 'SELECT') THEN
            RAISE EXCEPTION 'permission denied to read column "%" of %', col, orders
                USING ERRCODE = 'insufficient_privilege',
                    HINT = format('Its owner can run: GRANT SELECT ON %s TO %I;', orders, current_user);
        END IF;
    END LOOP;
END
$$;
COMMENT ON FUNCTION check_orders_relation(regclass, name[]) IS
'Internal to attach_orders(): Checks that a relation can be attached and that its columns may be read.
Errors: 42809 for another kind of relation, 42501 without the privilege.';

CREATE FUNCTION create_workspace_schema(workspace text) RETURNS name
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF workspace = '' OR octet_length(workspace) > 63 OR workspace LIKE '%pg\_%' THEN
        RAISE EXCEPTION 'invalid name of a workspace: "%"', workspace
            USING ERRCODE = 'invalid_name',
                HINT = 'Give a name of up to 63 bytes without pg_ in it: BI tools take that for the server''s own.';
    ELSIF @extschema@.is_workspace(workspace::name) THEN
        RETURN workspace;
    ELSIF to_regnamespace(quote_ident(workspace)) IS NULL THEN
        IF NOT has_database_privilege(current_database(), 'CREATE') THEN
            RAISE EXCEPTION 'permission denied to create the schema "%"', workspace
                USING ERRCODE = 'insufficient_privilege',
                    HINT = format('The owner of the database can run: CREATE SCHEMA %I AUTHORIZATION %I;', workspace, current_user);
        END IF;
        EXECUTE format('CREATE SCHEMA %I', workspace);
        EXECUTE format('COMMENT ON SCHEMA %I IS %L', workspace, 'Customer loyalty views made by Clientele');
    ELSIF EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = to_regnamespace(quote_ident(workspace))) THEN
        RAISE EXCEPTION 'schema "%" exists and is not a workspace', workspace
            USING ERRCODE = 'duplicate_schema', HINT = 'Choose another name with workspace => ''...''.';
    END IF;
    RETURN workspace;
END
$$;
COMMENT ON FUNCTION create_workspace_schema(text) IS
'Internal to attach_orders(): Makes the schema of a workspace, or takes one that is a workspace already or is empty.
Errors: 42602 for a name that BI tools would hide, 42P06 for a schema with other things in it, 42501 without the privilege.';

CREATE FUNCTION attach_orders(
    orders regclass,
    customer text DEFAULT NULL,
    ordered_at text DEFAULT NULL,
    amount text DEFAULT NULL,
    workspace text DEFAULT 'loyalty',
    time_zone text DEFAULT NULL)
RETURNS SETOF attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    customer_column @extschema@.order_column;
    time_column @extschema@.order_column;
    amount_column @extschema@.order_column;
    schema_name name;
    zone text := time_zone;
BEGIN
    IF orders IS NULL OR workspace IS NULL THEN
        RAISE EXCEPTION 'orders and workspace must not be NULL'
            USING ERRCODE = 'null_value_not_allowed', HINT = 'Name the table of orders: attach_orders(''sales.orders'').';
    END IF;
    customer_column := coalesce(@extschema@.given_order_column(orders, 'customer', customer),
        @extschema@.find_order_column(orders, 'customer'));
    time_column := coalesce(@extschema@.given_order_column(orders, 'ordered_at', ordered_at),
        @extschema@.find_order_column(orders, 'ordered_at'));
    amount_column := coalesce(@extschema@.given_order_column(orders, 'amount', amount),
        @extschema@.find_order_column(orders, 'amount'));
    PERFORM @extschema@.check_orders_relation(orders,
        ARRAY[customer_column.name, time_column.name, amount_column.name]);

    schema_name := @extschema@.create_workspace_schema(workspace);
    IF zone IS NULL AND to_regclass(format('%I.settings', schema_name)) IS NULL THEN
        zone := @extschema@.session_time_zone();
    END IF;
    PERFORM @extschema@.create_workspace_settings(schema_name, zone);
    PERFORM @extschema@.create_order_views(schema_name, orders, customer_column, time_column, amount_column);

    RETURN QUERY SELECT f.* FROM @extschema@.describe_columns(
        schema_name, orders, customer_column, time_column, amount_column) f;
    RETURN QUERY SELECT f.* FROM @extschema@.diagnose_customers(schema_name) f;
    RETURN QUERY SELECT f.* FROM @extschema@.diagnose_orders(
        schema_name, orders, customer_column, time_column, amount_column) f;
END
$$;
COMMENT ON FUNCTION attach_orders(regclass, text, text, text, text, text) IS
'Makes a workspace: a schema of views over an orders table that is already there, owned by whoever calls this. Can be run again, with the same or other columns: settings and dependent views are kept.
Arguments: orders: a table, partitioned or foreign table, view or materialized view with one row per order (what needs an expression, such as order lines or a filter on status, goes into a view first); customer, ordered_at, amount: names of its columns as stored, found by their usual names where left out; workspace: name of the schema; time_zone: whose days are meant, a full IANA name or UTC, by default that of the session if it has such a name, else UTC. Other settings: the table settings of the workspace.
Result: rows of topic, finding and advice: what was found and chosen, and what in the data deserves attention.
Errors: 42703 for a missing column, 42702 for several that might be meant, 42804 for a type that does not fit, 42501 without SELECT on the columns or CREATE on the database, 42P06 for a schema that is no workspace, 42602 for a name that BI tools hide, 22023 for another time zone, 42P16 where a column would change its type.';

CREATE FUNCTION create_order_views(
    workspace name, orders regclass, customer order_column, ordered_at order_column, amount order_column) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.create_reporting_date(workspace, orders, customer, ordered_at, amount);
    PERFORM @extschema@.create_customer_history(workspace, orders, customer, ordered_at, amount);
    PERFORM @extschema@.create_customers(workspace);
    PERFORM @extschema@.create_data_quality(workspace, orders, customer, ordered_at, amount);
EXCEPTION WHEN invalid_table_definition THEN
    RAISE EXCEPTION 'the views of workspace "%" cannot take these columns: %', workspace, SQLERRM
        USING ERRCODE = 'invalid_table_definition',
            HINT = format('Make them anew: SELECT drop_workspace(%L); then attach again.', workspace);
END
$$;
COMMENT ON FUNCTION create_order_views(name, regclass, order_column, order_column, order_column) IS
'Internal to attach_orders(): Makes the views of a workspace that stand on orders.
Errors: 42P16 where a column of a view would change its type.';

CREATE FUNCTION session_time_zone() RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.period_start(timestamptz '2000-01-01 00:00:00+00', 'day', current_setting('TimeZone'));
    RETURN current_setting('TimeZone');
EXCEPTION WHEN invalid_parameter_value THEN
    RETURN 'UTC';
END
$$;
COMMENT ON FUNCTION session_time_zone() IS
'Internal to attach_orders(): The time zone of the session if it is set by a full IANA name, else UTC: what attach_orders() writes into new settings.';

CREATE FUNCTION drop_workspace(workspace text) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF NOT @extschema@.is_workspace(workspace::name) THEN
        RAISE EXCEPTION '"%" is not a workspace', workspace
            USING ERRCODE = 'invalid_schema_name',
                HINT = coalesce((
                    SELECT 'There are: ' || string_agg(n.nspname, ', ' ORDER BY n.nspname)
                    FROM pg_namespace n WHERE @extschema@.is_workspace(n.nspname)),
                    'There is none in this database; attach_orders() makes one.');
    END IF;
    EXECUTE format('DROP VIEW IF EXISTS %1$I.data_quality, %1$I.customers, %1$I.customer_history, %1$I.reporting_date',
        workspace);
    EXECUTE format('DROP TABLE %I.settings', workspace);
    EXECUTE format('DROP SCHEMA %I', workspace);
END
$$;
COMMENT ON FUNCTION drop_workspace(text) IS
'Drops a workspace: its views, its settings and its schema. The orders stay as they are.
Arguments: workspace: name of the schema.
Errors: 3F000 if it is not a workspace, 2BP01 if other objects depend on it or live in its schema: those are never dropped.';
