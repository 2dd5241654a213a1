-- workspace: attaching an orders table

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

CREATE FUNCTION workspace_attached_columns(workspace text, relation regclass, relation_role text) RETURNS jsonb
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    known jsonb;
BEGIN
    IF @extschema@.workspace_owner(workspace) IS NOT NULL THEN
        EXECUTE format('SELECT a.columns FROM %I.attached a WHERE a.relation_role = $1 AND to_regclass(a.relation) = $2', workspace)
        INTO known USING relation_role, relation;
    END IF;
    RETURN coalesce(known, '{}');
END
$$;
COMMENT ON FUNCTION workspace_attached_columns(text, regclass, text) IS
'Internal to attach_orders(): The columns that the same relation had by role when it was attached last.
Arguments: workspace; relation; relation_role: orders, customers, or another of workspace_attached_roles().';

CREATE FUNCTION workspace_remember(workspace name, orders regclass, columns order_columns, given jsonb)
RETURNS SETOF attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    before record;
    -- What was not found is looked for again the next time.
    chosen CONSTANT jsonb := jsonb_strip_nulls(given) || (SELECT jsonb_object_agg(c.role, (c.col).name) FROM @extschema@.workspace_column_list(columns) c);
BEGIN
    EXECUTE format('SELECT a.* FROM %I.attached a WHERE a.relation_role = $1', workspace) INTO before USING 'orders';
    EXECUTE format($dml$
        INSERT INTO %I.attached VALUES ('orders', $1, $2)
        ON CONFLICT (relation_role) DO UPDATE SET relation = excluded.relation, columns = excluded.columns
        $dml$, workspace) USING orders::text, chosen;
    IF before.relation <> orders::text OR before.columns <> chosen THEN
        RETURN QUERY VALUES ('replaced', format('until now the views stood on %s: %s', before.relation,
            (SELECT string_agg(c.value, ', ' ORDER BY @extschema@.workspace_role_position('orders', c.key))
             FROM jsonb_each_text(before.columns) c WHERE c.value <> '')), 'Attach that again to go back');
    END IF;
END
$$;
COMMENT ON FUNCTION workspace_remember(name, regclass, order_columns, jsonb) IS
'Internal to attach_orders(): Writes down what is attached; a finding where it was something else before.';

-- Everything but reading the rows: quick, and what a plan undoes again.
CREATE FUNCTION workspace_define(workspace text, orders regclass, columns order_columns, time_zone text, storage text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    is_new CONSTANT boolean := @extschema@.workspace_owner(workspace) IS NULL;
    schema_name CONSTANT name := @extschema@.workspace_create_schema(workspace);
BEGIN
    PERFORM @extschema@.workspace_lock_views(schema_name);
    PERFORM @extschema@.workspace_create_settings(schema_name, time_zone, (columns.profit).name IS NOT NULL, storage);
    PERFORM @extschema@.workspace_create_tables(schema_name);
    PERFORM @extschema@.workspace_create_views(schema_name, orders, columns);
    PERFORM @extschema@.workspace_drop_stored(schema_name);
    PERFORM @extschema@.workspace_drop_kept(schema_name, false);
    IF is_new THEN
        PERFORM @extschema@.workspace_choose_settings(schema_name, orders);
    END IF;
    PERFORM @extschema@.workspace_fill_segments(schema_name);
    PERFORM @extschema@.workspace_count_tables(schema_name);
END
$$;
COMMENT ON FUNCTION workspace_define(text, regclass, order_columns, text, text) IS
'Internal to attach_orders(): Makes a workspace or brings it up to date, with every view on the orders themselves.';

CREATE FUNCTION workspace_plan(workspace text, orders regclass, columns order_columns, time_zone text, storage text, storage_finding attach_finding)
RETURNS SETOF attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    before CONSTANT name[] := ARRAY(SELECT c.relname FROM pg_class c WHERE c.relnamespace = to_regnamespace(quote_ident(workspace)));
    findings @extschema@.attach_finding[];
BEGIN
    IF to_regnamespace(quote_ident(workspace)) IS NULL THEN
        RETURN QUERY VALUES ('create', format('schema %I', workspace), NULL);
    END IF;
    -- Made and undone, so that a plan meets every error that the real thing would.
    BEGIN
        PERFORM @extschema@.workspace_define(workspace, orders, columns, time_zone, storage);
        findings := ARRAY(SELECT f FROM @extschema@.workspace_describe_columns(workspace, orders, columns) f)
            || storage_finding
            || ARRAY(SELECT f FROM @extschema@.workspace_planned_relations(workspace, storage, before) f);
        RAISE EXCEPTION 'planned' USING ERRCODE = 'CLPLN';
    EXCEPTION WHEN SQLSTATE 'CLPLN' THEN
        RETURN QUERY SELECT f.* FROM unnest(findings) f;
    END;
    RETURN QUERY VALUES ('plan', 'nothing was changed', 'To do it leave out plan => true');
END
$$;
COMMENT ON FUNCTION workspace_plan(text, regclass, order_columns, text, text, attach_finding) IS
'Internal to attach_orders(): What attach_orders() would find, choose and make.';

CREATE FUNCTION workspace_planned_relations(workspace name, storage text, before name[]) RETURNS SETOF attach_finding
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN NOT c.relname = ANY (before) THEN 'create' ELSE CASE c.relkind WHEN 'v' THEN 'replace' ELSE 'keep' END END,
        format('%s %I.%I', CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END, workspace, c.relname), obj_description(c.oid, 'pg_class')
    FROM unnest(@extschema@.workspace_relations()) WITH ORDINALITY r(relation, "position")
    JOIN pg_class c ON c.oid = to_regclass(format('%I.%I', workspace, r.relation))
    UNION ALL
    SELECT CASE WHEN k.relation = ANY (before) THEN 'replace' ELSE 'create' END,
        format('%s %I.%I', k.kind, workspace, k.relation), k.description
    FROM @extschema@.workspace_kept_relations() k
    WHERE storage = 'incremental'
    UNION ALL
    SELECT CASE WHEN @extschema@.workspace_data_name(v.view) = ANY (before) THEN 'replace' ELSE 'create' END,
        format('materialized view %I.%I', workspace, @extschema@.workspace_data_name(v.view)), format('What the view %I shows', v.view)
    FROM @extschema@.workspace_stored_views() v
    WHERE storage = 'materialized' AND to_regclass(format('%I.%I', workspace, v.view)) IS NOT NULL
    ORDER BY 1, 2
$$;
COMMENT ON FUNCTION workspace_planned_relations(name, text, name[]) IS
'Internal to attach_orders(): The relations of a workspace and what becomes of them.
Arguments: workspace; storage; before: what was there before.';

CREATE FUNCTION workspace_describe_storage(workspace name, storage text, asked text, known text) RETURNS attach_finding
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ROW('storage', CASE storage
            WHEN 'view' THEN 'view: every figure is read from the orders'
            WHEN 'incremental' THEN 'incremental: triggers on the orders keep figures as they should be'
            ELSE 'materialized: figures are stored, and change with refresh_workspace()' END
            || CASE WHEN asked IS NULL AND known IS NULL THEN CASE storage
                WHEN 'view' THEN ', as there are no more than a million rows' ELSE ', as there are more than a million rows' END
                ELSE '' END,
        CASE storage
            WHEN 'view' THEN 'To store figures: attach again with storage => ''materialized'''
            WHEN 'incremental' THEN format('To make reading cheaper: SELECT fold_workspace(%1$L); to compare with the orders: SELECT * FROM verify_workspace(%1$L); to have none: attach again with storage => ''view''', workspace)
            ELSE format('To bring them up to date: SELECT refresh_workspace(%L); to have none: attach again with storage => ''view''', workspace) END)::@extschema@.attach_finding
$$;
COMMENT ON FUNCTION workspace_describe_storage(name, text, text, text) IS
'Internal to attach_orders(): A finding on where figures come from.
Arguments: workspace; storage: the one chosen; asked: the one asked for, known: the one it had, NULL where there is none.';

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
    profit text DEFAULT NULL,
    storage text DEFAULT NULL,
    plan boolean DEFAULT false)
RETURNS SETOF attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off -- what is being compiled cannot be cancelled
SET quote_all_identifiers = off -- relations are told apart by their names as text
AS $$
DECLARE
    given jsonb := jsonb_build_object('customer', customer, 'ordered_at', ordered_at, 'amount', amount,
        'order_id', order_id, 'source', source, 'category', category, 'profit', profit);
    columns @extschema@.order_columns;
    known_storage text;
    chosen_storage text;
    storage_finding @extschema@.attach_finding;
    who_waited text;
BEGIN
    IF orders IS NULL OR workspace IS NULL THEN
        RAISE EXCEPTION 'orders and workspace must not be NULL'
            USING ERRCODE = 'null_value_not_allowed', HINT = 'Name the table of orders: attach_orders(''sales.orders'').';
    END IF;
    PERFORM @extschema@.workspace_check_owner(workspace);
    PERFORM @extschema@.workspace_lock(workspace);
    PERFORM @extschema@.workspace_check_relation(orders, workspace);
    PERFORM @extschema@.workspace_check_owner(workspace);
    -- Who drops triggers needs the orders alone, and must not hold them as others do.
    IF @extschema@.workspace_keeping_function(workspace) IS NULL OR coalesce(storage, 'incremental') = 'incremental' THEN
        PERFORM @extschema@.workspace_lock_relation(orders);
    END IF;
    given := @extschema@.workspace_attached_columns(workspace, orders, 'orders') || jsonb_strip_nulls(given);
    columns := @extschema@.workspace_order_columns(orders, given);
    PERFORM @extschema@.workspace_check_privileges(orders,
        ARRAY(SELECT (c.col).name FROM @extschema@.workspace_column_list(columns) c));
    known_storage := @extschema@.workspace_known_storage(workspace);
    chosen_storage := coalesce(@extschema@.workspace_check_storage(storage), known_storage,
        CASE WHEN @extschema@.workspace_many_rows(orders) THEN 'materialized' ELSE 'view' END);
    IF chosen_storage = 'incremental' THEN
        PERFORM @extschema@.workspace_check_keepable(orders, columns);
    END IF;
    storage_finding := @extschema@.workspace_describe_storage(workspace, chosen_storage, storage, known_storage);

    IF plan THEN
        RETURN QUERY SELECT f.* FROM @extschema@.workspace_plan(workspace, orders, columns, time_zone, chosen_storage, storage_finding) f;
        RETURN;
    END IF;
    PERFORM @extschema@.workspace_place_triggers(workspace, orders, chosen_storage);
    PERFORM @extschema@.workspace_define(workspace, orders, columns, time_zone, chosen_storage);
    IF chosen_storage = 'materialized' THEN
        PERFORM @extschema@.workspace_store(workspace);
    ELSIF chosen_storage = 'incremental' THEN
        PERFORM @extschema@.workspace_keep(workspace, orders, columns);
    END IF;
    RETURN QUERY SELECT f.* FROM @extschema@.workspace_describe_columns(workspace, orders, columns) f;
    RETURN NEXT storage_finding;
    RETURN QUERY SELECT f.* FROM @extschema@.workspace_remember(workspace, orders, columns, given) f;
    IF diagnose THEN
        RETURN QUERY SELECT f.* FROM @extschema@.workspace_diagnose_customers(workspace) f;
        RETURN QUERY SELECT f.* FROM @extschema@.workspace_diagnose_orders(workspace, orders, columns) f;
    END IF;
EXCEPTION WHEN deadlock_detected THEN
    GET STACKED DIAGNOSTICS who_waited = PG_EXCEPTION_DETAIL;
    RAISE EXCEPTION '%', SQLERRM USING ERRCODE = 'deadlock_detected', DETAIL = who_waited,
        HINT = 'Another transaction had the orders, or the workspace, and waited for what this one had. Nothing was changed: try again, in a transaction of its own.';
END
$$;
COMMENT ON FUNCTION attach_orders(regclass, text, text, text, text, text, boolean, text, text, text, text, text, boolean) IS
'Makes a workspace: a schema of views over an orders table that is already there, owned by whoever calls this. Can be run again: settings, policies, segments and dependent views are kept.
Arguments: orders: a table, partitioned or foreign table, view or materialized view with one row per order (what needs an expression, such as order lines or a filter on status, goes into a view first); customer, ordered_at, amount: names of its columns as stored, where left out those of the last time, else found by their usual names; workspace: name of the schema; time_zone: whose days are meant, a full IANA name or UTC, by default the one set, at first that of the session if it has such a name, else UTC; diagnose: whether to read the rows and report on them, during which the views of a workspace that is attached again are locked; order_id, source, category, profit: names of columns that an order may have besides, found by their usual names where left out, none where empty (''''); storage: view, where every figure is read from the orders, materialized, where figures are stored until refresh_workspace() runs, or incremental, where triggers on the orders keep them exact (a table, or a partitioned one; it takes TRIGGER on them, and writers wait while the figures are computed), by default what it was, at first materialized for more than a million rows; plan: whether to change nothing and only tell what would be found, chosen and made.
A new workspace of fewer than 500 customers gets quarters and three RFM scores, others months and five. Other settings: the table settings of the workspace.
Result: rows of topic, finding and advice: what was found and chosen, and what in the data deserves attention.
Errors: 22004 for NULL, 42703 for a missing column, 42702 for several that might be meant, 42804 for a type that does not fit, 42809 for what is no table or view, 42501 without SELECT on the columns or CREATE on the database, without TRIGGER for incremental storage, or for a workspace of somebody else, 25001 for incremental storage in a transaction that is REPEATABLE READ or SERIALIZABLE, 42P06 for a schema that is no workspace, 42602 for a name that BI tools hide, 22023 for another time zone or storage, 42P16 where a column would change its type, 42P01 where an attached table of customers is gone, 23514 where the settings go by profit and it would not be attached any more, 2BP01 where something else reads what is stored, 40P01 where another transaction waits for this one in turn.';

CREATE FUNCTION workspace_stands_elsewhere(workspace name, orders regclass) RETURNS boolean
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    -- The timeline reads the orders in every storage.
    SELECT count(*) > 0 AND NOT bool_or(d.refobjid = orders)
    FROM pg_rewrite r
    JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
    WHERE r.ev_class = to_regclass(format('%I.customer_timeline', workspace))
$$;
COMMENT ON FUNCTION workspace_stands_elsewhere(name, regclass) IS
'Internal to upgrade_workspace(): Whether the views of a workspace are there and do not read these orders.';

CREATE FUNCTION upgrade_workspace(workspace text DEFAULT 'loyalty') RETURNS SETOF attach_finding
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
    orders @extschema@.attached_orders;
    was text;
    named jsonb;
    stood_elsewhere boolean;
BEGIN
    PERFORM @extschema@.workspace_enter(workspace);
    orders := @extschema@.workspace_attached_orders(workspace);
    EXECUTE format('SELECT s.workspace_version FROM %I.settings s', workspace) INTO was;
    named := @extschema@.workspace_attached_columns(workspace, orders.relation, 'orders');
    stood_elsewhere := @extschema@.workspace_stands_elsewhere(workspace, orders.relation);
    PERFORM @extschema@.attach_orders(orders.relation, workspace => workspace, diagnose => false,
        order_id => coalesce(((orders.columns).order_id).name, ''), source => coalesce(((orders.columns).source).name, ''),
        category => coalesce(((orders.columns).category).name, ''), profit => coalesce(((orders.columns).profit).name, ''));
    EXECUTE format('UPDATE %I.attached SET columns = $1 WHERE relation_role = ''orders''', workspace) USING named;
    IF stood_elsewhere THEN
        RETURN QUERY SELECT 'replaced', format('until now the views stood on another relation than the one that is %s now', orders.relation),
            'To go back attach that one, by the name it has now';
    END IF;
    RETURN QUERY SELECT 'upgraded', format('workspace %I, made by version %s, is now as version %s makes it', workspace, was, e.extversion),
        'Tables, settings and what others built on the views are as they were'
    FROM pg_extension e WHERE e.extname = 'clientele';
END
$$;
COMMENT ON FUNCTION upgrade_workspace(text) IS
'Makes the views of a workspace anew, as this version of the extension would: after ALTER EXTENSION UPDATE, after detach_orders(), or after DROP EXTENSION CASCADE took them. Tables, settings and dependent views are kept; stored figures are computed anew. Columns that the orders have got since are not taken in: attach_orders() does that.
Arguments: workspace: name of the schema.
Result: a row of topic, finding and advice, and one before it where another relation has the name of the orders now.
Errors: 3F000 if it is not a workspace, 42501 if it belongs to somebody else, 42P01 if the orders are gone, 42703 if one of their columns is, 42P16 where a column would change its type.';

CREATE FUNCTION workspace_create_tables(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_policies(workspace);
    PERFORM @extschema@.workspace_create_approaches(workspace);
    PERFORM @extschema@.workspace_create_benchmarks(workspace);
    PERFORM @extschema@.workspace_create_segments(workspace);
    PERFORM @extschema@.workspace_create_touchpoint_tables(workspace);
    PERFORM @extschema@.workspace_create_questions(workspace);
    PERFORM @extschema@.workspace_create_knowledge_base(workspace);
END
$$;
COMMENT ON FUNCTION workspace_create_tables(name) IS
'Internal to attach_orders(): Makes the tables of a workspace that its owner edits, or keeps those that are there.';

-- Of a table that was never analyzed the planner expects ten pages: a hundred settings, two hundred funnels. Autovacuum
-- leaves alone what has changed in fewer than fifty rows, which these tables may never do.
CREATE FUNCTION workspace_count_tables(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    edited record;
BEGIN
    FOR edited IN
        SELECT c.oid::regclass AS name, c.reloptions::text LIKE '%autovacuum_analyze_threshold%' AS watched
        FROM unnest(@extschema@.workspace_relations()) r(relation)
        JOIN pg_class c ON c.oid = to_regclass(format('%I.%I', workspace, r.relation)) AND c.relkind = 'r'
        WHERE r.relation <> ALL (ARRAY(SELECT k.relation FROM @extschema@.workspace_kept_relations() k))
    LOOP
        IF edited.watched IS NOT TRUE THEN
            EXECUTE format('ALTER TABLE %s SET (autovacuum_analyze_threshold = 0)', edited.name);
        END IF;
        EXECUTE format('ANALYZE %s', edited.name);
    END LOOP;
END
$$;
COMMENT ON FUNCTION workspace_count_tables(name) IS
'Internal to attach_orders(): Lets the planner know how few rows the tables have that the owner of a workspace edits, now and when they change.';

CREATE FUNCTION workspace_create_views(workspace name, orders regclass, columns order_columns) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_applied_settings(workspace);
    PERFORM @extschema@.workspace_create_reporting_date(workspace, @extschema@.workspace_last_day_sql(workspace, orders, columns));
    PERFORM @extschema@.workspace_create_histories(workspace, @extschema@.workspace_order_history_sql(workspace, orders, columns));
    PERFORM @extschema@.workspace_create_data_quality(workspace);
    PERFORM @extschema@.workspace_create_customer_details(workspace, columns.customer);
    PERFORM @extschema@.workspace_create_rfm_cells(workspace);
    PERFORM @extschema@.workspace_create_customers(workspace);
    PERFORM @extschema@.workspace_create_matrix(workspace);
    PERFORM @extschema@.workspace_create_summaries(workspace);
    PERFORM @extschema@.workspace_create_express_test(workspace);
    PERFORM @extschema@.workspace_create_lists(workspace);
    PERFORM @extschema@.workspace_create_class_history(workspace);
    PERFORM @extschema@.workspace_create_changes(workspace);
    PERFORM @extschema@.workspace_create_order_views(workspace, orders, columns);
    PERFORM @extschema@.workspace_create_retention(workspace);
    PERFORM @extschema@.workspace_create_no_answers(workspace);
    PERFORM @extschema@.workspace_create_period_views(workspace);
    PERFORM @extschema@.workspace_create_dimensions(workspace, columns);
    PERFORM @extschema@.workspace_create_source_views(workspace, columns);
    PERFORM @extschema@.workspace_create_touchpoint_views(workspace);
    PERFORM @extschema@.workspace_create_find_answers(workspace);
    PERFORM @extschema@.workspace_create_attached_views(workspace, columns.customer);
    PERFORM @extschema@.workspace_create_timeline(workspace, orders, columns);
    IF to_regclass(format('%I._metabase_metadata', workspace)) IS NOT NULL THEN
        PERFORM @extschema@.workspace_create_metabase_metadata(workspace);
    END IF;
EXCEPTION WHEN invalid_table_definition THEN
    RAISE EXCEPTION 'the views of workspace "%" cannot take these columns: %', workspace, SQLERRM
        USING ERRCODE = 'invalid_table_definition',
            HINT = format('Make them anew: SELECT detach_orders(%L); then attach again.', workspace);
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
