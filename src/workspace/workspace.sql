-- workspace: attaching an orders table, and taking the workspace away again

CREATE FUNCTION workspace_relations() RETURNS name[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN '{cohorts_by_dimension,retention_by_dimension,first_purchase,customer_dimensions,retention_value,overview,revenue_by_period,repeat_purchase,
    retention_cohorts,retention_by_period,orders_enriched,segment_profile,lifecycle_migration,cell_migration,class_history,win_back,at_risk,second_order_due,
    express_test,rfm_segments,lifecycle_summary,abc_xyz_matrix,abc_summary,customers,customer_classes,customer_figures,rfm_cells,
    data_quality,customer_history,order_history,reporting_date,segments,approaches,benchmarks,policies,attached,settings}'::name[];
COMMENT ON FUNCTION workspace_relations() IS
'Internal to attach_orders(): The tables and views of a workspace, the dependent ones first.';

CREATE FUNCTION workspace_owner(workspace text) RETURNS name
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT pg_get_userbyid(c.relowner)
    FROM pg_namespace n
    JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = 'settings' AND c.relkind = 'r'
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'workspace_version' AND NOT a.attisdropped
    WHERE n.nspname = workspace
$$;
COMMENT ON FUNCTION workspace_owner(text) IS
'Internal to attach_orders(): The owner of a workspace, NULL for a schema that is none.';

-- What is run on the tables of a workspace runs their triggers: with our rights only if they are ours.
CREATE FUNCTION workspace_check_owner(workspace text) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    stranger name;
BEGIN
    SELECT pg_get_userbyid(o.owner) INTO stranger
    FROM pg_namespace n
    CROSS JOIN LATERAL (
        SELECT n.nspowner UNION ALL SELECT c.relowner FROM pg_class c
        WHERE c.relnamespace = n.oid AND c.relname = ANY (@extschema@.workspace_relations())) o(owner)
    WHERE n.nspname = workspace AND pg_get_userbyid(o.owner) <> current_user
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'schema "%" belongs to %', workspace, quote_ident(stranger)
            USING ERRCODE = 'insufficient_privilege',
                HINT = format('Run SET ROLE %I first, or choose another with workspace => ''...''.', stranger);
    END IF;
END
$$;
COMMENT ON FUNCTION workspace_check_owner(text) IS
'Internal to attach_orders(): Checks that a schema and what a workspace has in it belong to the caller.
Errors: 42501 otherwise.';

CREATE FUNCTION workspace_check_relation(orders regclass, workspace text) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    relation record;
BEGIN
    SELECT c.relkind, c.relpersistence, n.nspname INTO relation
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = orders;

    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no relation with OID %', orders::oid
            USING ERRCODE = 'undefined_table', HINT = 'Name the table of orders: attach_orders(''sales.orders'').';
    ELSIF relation.relkind NOT IN ('r', 'p', 'v', 'm', 'f') THEN
        RAISE EXCEPTION '% cannot be attached', orders
            USING ERRCODE = 'wrong_object_type', HINT = 'Attach a table, a partitioned or foreign table, or a view.';
    ELSIF relation.relpersistence = 't' THEN
        RAISE EXCEPTION '% cannot be attached: it is temporary', orders
            USING ERRCODE = 'wrong_object_type', HINT = 'Attach a table that other sessions can see too.';
    ELSIF relation.nspname = workspace AND @extschema@.workspace_owner(workspace) IS NOT NULL THEN
        RAISE EXCEPTION '% cannot be attached: it is part of the workspace', orders
            USING ERRCODE = 'wrong_object_type', HINT = 'Attach the orders themselves, or choose another workspace.';
    END IF;
END
$$;
COMMENT ON FUNCTION workspace_check_relation(regclass, text) IS
'Internal to attach_orders(): Checks that a relation can be attached.
Errors: 42809 for another kind of relation, 42P01 for none.';

CREATE FUNCTION workspace_check_privileges(orders regclass, columns name[]) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    col name;
BEGIN
    FOREACH col IN ARRAY columns LOOP
        IF NOT has_column_privilege(orders, col, 'SELECT') THEN
            RAISE EXCEPTION 'permission denied to read column "%" of %', col, orders
                USING ERRCODE = 'insufficient_privilege',
                    HINT = format('Its owner can run: GRANT SELECT ON %s TO %I;', orders, current_user);
        END IF;
    END LOOP;
END
$$;
COMMENT ON FUNCTION workspace_check_privileges(regclass, name[]) IS
'Internal to attach_orders(): Checks that columns may be read.
Errors: 42501 otherwise.';

CREATE FUNCTION workspace_create_schema(workspace text) RETURNS name
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF workspace = '' OR octet_length(workspace) > 63 OR strpos(workspace, 'pg_') > 0 THEN
        RAISE EXCEPTION 'invalid name of a workspace: "%"', workspace
            USING ERRCODE = 'invalid_name',
                HINT = 'Give a name of up to 63 bytes without pg_ in it: BI tools take that for the server''s own.';
    END IF;

    PERFORM pg_advisory_xact_lock(hashtextextended('clientele workspace ' || workspace, 0));
    PERFORM @extschema@.workspace_check_owner(workspace);
    IF @extschema@.workspace_owner(workspace) IS NOT NULL THEN
        RETURN workspace;
    ELSIF NOT EXISTS (SELECT FROM pg_namespace n WHERE n.nspname = workspace) THEN
        IF NOT has_database_privilege(current_database(), 'CREATE') THEN
            RAISE EXCEPTION 'permission denied to create the schema "%"', workspace
                USING ERRCODE = 'insufficient_privilege',
                    HINT = format('The owner of the database can run: CREATE SCHEMA %I AUTHORIZATION %I;', workspace, current_user);
        END IF;
        EXECUTE format('CREATE SCHEMA %I', workspace);
        EXECUTE format('COMMENT ON SCHEMA %I IS %L', workspace, 'Customer loyalty views made by Clientele');
    ELSIF EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = workspace) THEN
        RAISE EXCEPTION 'schema "%" exists and is not a workspace', workspace
            USING ERRCODE = 'duplicate_schema', HINT = 'Choose another name with workspace => ''...''.';
    END IF;
    RETURN workspace;
END
$$;
COMMENT ON FUNCTION workspace_create_schema(text) IS
'Internal to attach_orders(): Makes the schema of a workspace, or takes one of the caller''s that is a workspace already or is empty.
Errors: 42602 for a name that BI tools would hide, 42P06 for a schema with other things in it, 42501 without the privilege or for the schema of somebody else.';

CREATE FUNCTION workspace_attached_columns(workspace text, orders regclass) RETURNS jsonb
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    known jsonb;
BEGIN
    IF @extschema@.workspace_owner(workspace) IS NOT NULL THEN
        EXECUTE format('SELECT a.columns FROM %I.attached a WHERE a.relation_role = ''orders'' AND a.relation = $1', workspace)
        INTO known USING orders::text;
    END IF;
    RETURN coalesce(known, '{}');
END
$$;
COMMENT ON FUNCTION workspace_attached_columns(text, regclass) IS
'Internal to attach_orders(): The columns that the same relation had by role when it was attached last.';

CREATE FUNCTION workspace_remember(workspace name, orders regclass, columns order_columns, given jsonb)
RETURNS SETOF attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    before record;
    -- What was found is looked for again the next time, unless it was one of the three that are needed.
    chosen CONSTANT jsonb := jsonb_strip_nulls(given) || jsonb_build_object('customer', (columns.customer).name,
        'ordered_at', (columns.ordered_at).name, 'amount', (columns.amount).name);
BEGIN
    EXECUTE format('SELECT a.* FROM %I.attached a WHERE a.relation_role = $1', workspace) INTO before USING 'orders';
    EXECUTE format($dml$
        INSERT INTO %I.attached VALUES ('orders', $1, $2)
        ON CONFLICT (relation_role) DO UPDATE SET relation = excluded.relation, columns = excluded.columns
        $dml$, workspace) USING orders::text, chosen;
    IF before.relation <> orders::text OR before.columns <> chosen THEN
        RETURN QUERY VALUES ('replaced', format('until now the views stood on %s: %s', before.relation,
            (SELECT string_agg(c.value, ', ' ORDER BY r."position")
             FROM unnest(@extschema@.workspace_column_roles()) WITH ORDINALITY r(role, "position")
             JOIN jsonb_each_text(before.columns) c ON c.key = r.role AND c.value <> '')), 'Attach that again to go back');
    END IF;
END
$$;
COMMENT ON FUNCTION workspace_remember(name, regclass, order_columns, jsonb) IS
'Internal to attach_orders(): Writes down what is attached; a finding where it was something else before.';

CREATE FUNCTION attach_orders(
    orders regclass,
    customer text DEFAULT NULL,
    ordered_at text DEFAULT NULL,
    amount text DEFAULT NULL,
    workspace text DEFAULT 'loyalty',
    time_zone text DEFAULT NULL,
    diagnose boolean DEFAULT true,
    order_id text DEFAULT NULL,
    source text DEFAULT NULL,
    category text DEFAULT NULL,
    profit text DEFAULT NULL)
RETURNS SETOF attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    given jsonb := jsonb_build_object('customer', customer, 'ordered_at', ordered_at, 'amount', amount,
        'order_id', order_id, 'source', source, 'category', category, 'profit', profit);
    columns @extschema@.order_columns;
    schema_name name;
    is_new boolean;
BEGIN
    IF orders IS NULL OR workspace IS NULL THEN
        RAISE EXCEPTION 'orders and workspace must not be NULL'
            USING ERRCODE = 'null_value_not_allowed', HINT = 'Name the table of orders: attach_orders(''sales.orders'').';
    END IF;
    PERFORM @extschema@.workspace_check_relation(orders, workspace);
    PERFORM @extschema@.workspace_check_owner(workspace);
    given := @extschema@.workspace_attached_columns(workspace, orders) || jsonb_strip_nulls(given);
    columns := @extschema@.workspace_order_columns(orders, given);
    PERFORM @extschema@.workspace_check_privileges(orders,
        ARRAY(SELECT (c.col).name FROM @extschema@.workspace_column_list(columns) c));

    is_new := @extschema@.workspace_owner(workspace) IS NULL;
    schema_name := @extschema@.workspace_create_schema(workspace);
    PERFORM @extschema@.workspace_create_settings(schema_name, time_zone, (columns.profit).name IS NOT NULL);
    PERFORM @extschema@.workspace_create_tables(schema_name);
    PERFORM @extschema@.workspace_create_views(schema_name, orders, columns);
    IF is_new THEN
        PERFORM @extschema@.workspace_choose_settings(schema_name);
    END IF;
    PERFORM @extschema@.workspace_fill_segments(schema_name);
    RETURN QUERY SELECT f.* FROM @extschema@.workspace_describe_columns(schema_name, orders, columns) f;
    RETURN QUERY SELECT f.* FROM @extschema@.workspace_remember(schema_name, orders, columns, given) f;
    IF diagnose THEN
        RETURN QUERY SELECT f.* FROM @extschema@.workspace_diagnose_customers(schema_name) f;
        RETURN QUERY SELECT f.* FROM @extschema@.workspace_diagnose_orders(schema_name, orders, columns) f;
    END IF;
END
$$;
COMMENT ON FUNCTION attach_orders(regclass, text, text, text, text, text, boolean, text, text, text, text) IS
'Makes a workspace: a schema of views over an orders table that is already there, owned by whoever calls this. Can be run again: settings, policies, segments and dependent views are kept.
Arguments: orders: a table, partitioned or foreign table, view or materialized view with one row per order (what needs an expression, such as order lines or a filter on status, goes into a view first); customer, ordered_at, amount: names of its columns as stored, where left out those of the last time, else found by their usual names; workspace: name of the schema; time_zone: whose days are meant, a full IANA name or UTC, by default the one set, at first that of the session if it has such a name, else UTC; diagnose: whether to read the rows and report on them, during which the views of a workspace that is attached again are locked; order_id, source, category, profit: names of columns that an order may have besides, found by their usual names where left out, none where empty ('''').
A new workspace of fewer than 500 customers gets quarters and three RFM scores, others months and five. Other settings: the table settings of the workspace.
Result: rows of topic, finding and advice: what was found and chosen, and what in the data deserves attention.
Errors: 42703 for a missing column, 42702 for several that might be meant, 42804 for a type that does not fit, 42809 for what is no table or view, 42501 without SELECT on the columns or CREATE on the database or for a workspace of somebody else, 42P06 for a schema that is no workspace, 42602 for a name that BI tools hide, 22023 for another time zone, 42P16 where a column would change its type, 42P01 where an attached table of customers is gone, 23514 where the settings go by profit and it would not be attached any more.';

CREATE FUNCTION workspace_create_tables(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_policies(workspace);
    PERFORM @extschema@.workspace_create_approaches(workspace);
    PERFORM @extschema@.workspace_create_benchmarks(workspace);
    PERFORM @extschema@.workspace_create_segments(workspace);
END
$$;
COMMENT ON FUNCTION workspace_create_tables(name) IS
'Internal to attach_orders(): Makes the tables of a workspace that its owner edits, or keeps those that are there.';

CREATE FUNCTION workspace_create_views(workspace name, orders regclass, columns order_columns) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_reporting_date(workspace, orders, columns);
    PERFORM @extschema@.workspace_create_histories(workspace, orders, columns);
    PERFORM @extschema@.workspace_create_data_quality(workspace, orders, columns);
    PERFORM @extschema@.workspace_create_rfm_cells(workspace);
    PERFORM @extschema@.workspace_create_customers(workspace);
    PERFORM @extschema@.workspace_create_matrix(workspace);
    PERFORM @extschema@.workspace_create_summaries(workspace);
    PERFORM @extschema@.workspace_create_express_test(workspace);
    PERFORM @extschema@.workspace_create_lists(workspace);
    PERFORM @extschema@.workspace_create_class_history(workspace);
    PERFORM @extschema@.workspace_create_order_views(workspace, orders, columns);
    PERFORM @extschema@.workspace_create_retention(workspace);
    PERFORM @extschema@.workspace_create_period_views(workspace);
    PERFORM @extschema@.workspace_create_dimensions(workspace, orders, columns);
EXCEPTION WHEN invalid_table_definition THEN
    RAISE EXCEPTION 'the views of workspace "%" cannot take these columns: %', workspace, SQLERRM
        USING ERRCODE = 'invalid_table_definition',
            HINT = format('Make them anew: SELECT drop_workspace(%L); then attach again.', workspace);
END
$$;
COMMENT ON FUNCTION workspace_create_views(name, regclass, order_columns) IS
'Internal to attach_orders(): Makes the views of a workspace that stand on orders.
Errors: 42P16 where a column of a view would change its type.';

CREATE FUNCTION workspace_session_time_zone() RETURNS text
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
COMMENT ON FUNCTION workspace_session_time_zone() IS
'Internal to attach_orders(): The time zone of the session if it is set by a full IANA name, else UTC: what attach_orders() writes into new settings.';

CREATE FUNCTION drop_workspace(workspace text) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    relation name;
BEGIN
    PERFORM @extschema@.workspace_check_exists(workspace);
    PERFORM @extschema@.workspace_check_owner(workspace);
    EXECUTE format('DROP FUNCTION IF EXISTS %I.check_segments()', workspace);
    FOREACH relation IN ARRAY @extschema@.workspace_relations() LOOP
        EXECUTE format('DROP %s IF EXISTS %I.%I',
            CASE WHEN relation IN ('settings', 'attached', 'policies', 'approaches', 'benchmarks', 'segments') THEN 'TABLE' ELSE 'VIEW' END,
            workspace, relation);
    END LOOP;
    EXECUTE format('DROP SCHEMA %I', workspace);
END
$$;
COMMENT ON FUNCTION drop_workspace(text) IS
'Drops a workspace: its views, its settings, policies and segments, and its schema. The orders stay as they are.
Arguments: workspace: name of the schema.
Errors: 3F000 if it is not a workspace, 42501 if it belongs to somebody else, 2BP01 if other objects depend on it or live in its schema: those are never dropped.';
