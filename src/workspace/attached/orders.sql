-- workspace: attaching an orders table

-- Everything but reading the rows: quick, and what a plan undoes again. A finding where something else was attached before.
CREATE FUNCTION _clientele.workspace_define(workspace text, orders _clientele.attached_relation, time_zone text, storage text) RETURNS @extschema@.attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    schema_name CONSTANT text := _clientele.workspace_create_schema(workspace);
    replaced @extschema@.attach_finding;
    attached record;
    parts text[];
    entries_unread CONSTANT boolean := NOT EXISTS (
        SELECT FROM pg_trigger t WHERE t.tgrelid = to_regclass(format('%I.knowledge_base', workspace)) AND t.tgname = 'keep_words');
BEGIN
    IF (storage = 'distributed') <> (_clientele.workspace_known_storage(schema_name) = 'distributed') THEN
        PERFORM _clientele.workspace_leave_nodes(schema_name);
        PERFORM _clientele.workspace_choose_nodes(storage); -- what the engine does meanwhile sets it too
    END IF;
    PERFORM _clientele.workspace_lock_views(schema_name);
    PERFORM _clientele.workspace_create_settings(schema_name, orders, time_zone, storage);
    replaced := _clientele.workspace_remember(schema_name, orders);
    parts := _clientele.workspace_parts(schema_name);
    PERFORM _clientele.workspace_make_all(schema_name, '{tables}', parts);
    PERFORM _clientele.workspace_count_tables(schema_name);
    IF storage = 'distributed' THEN
        PERFORM _clientele.workspace_announce(schema_name);
    END IF;
    PERFORM _clientele.workspace_read_entries(schema_name, entries_unread);
    PERFORM _clientele.workspace_make(schema_name, w.folder, w.relation, w.statements) FROM _clientele.workspace_wanted(parts) w WHERE w.relation = 'applied_settings';
    PERFORM _clientele.workspace_make_rows(schema_name, 'orders', orders);
    FOR attached IN SELECT r.role FROM unnest(_clientele.workspace_roles()) r(role) WHERE r.role NOT IN ('orders', 'dimensions') LOOP
        PERFORM _clientele.workspace_make_rows(schema_name, attached.role, _clientele.workspace_attached(schema_name, attached.role));
    END LOOP;
    PERFORM _clientele.workspace_make_all(schema_name, '{functions,views}', parts);
    PERFORM _clientele.workspace_describe(schema_name, parts);
    PERFORM _clientele.workspace_drop_stored(schema_name);
    PERFORM _clientele.workspace_drop_kept(schema_name, false);
    PERFORM _clientele.workspace_hide_internal(schema_name);
    PERFORM _clientele.workspace_remake_metabase_metadata(schema_name);
    RETURN replaced;
END
$$;

-- What was not found is looked for again the next time.
CREATE FUNCTION _clientele.workspace_remember(workspace text, orders _clientele.attached_relation) RETURNS @extschema@.attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    before record;
BEGIN
    EXECUTE format('SELECT a.* FROM %I.attached a WHERE a.relation_role = $1', workspace) INTO before USING 'orders';
    PERFORM _clientele.workspace_write_attached(workspace, orders);
    IF before.relation <> orders.relation::text OR before.columns <> orders.columns THEN
        RETURN ROW('replaced', format('until now the views stood on %s: %s', before.relation,
            array_to_string(_clientele.workspace_attached_names(ROW('orders', NULL, before.columns)::_clientele.attached_relation), ', ')), 'Attach that again to go back')::@extschema@.attach_finding;
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION _clientele.workspace_plan(workspace text, orders _clientele.attached_relation, given jsonb, time_zone text, storage text, storage_finding @extschema@.attach_finding)
RETURNS SETOF @extschema@.attach_finding
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
        PERFORM _clientele.workspace_define(workspace, orders, time_zone, storage);
        findings := ARRAY(SELECT f FROM _clientele.workspace_describe_columns(workspace, orders, given, true) f)
            || storage_finding
            || ARRAY(SELECT f FROM _clientele.workspace_planned_relations(workspace, storage, before) f);
        RAISE EXCEPTION 'planned' USING ERRCODE = 'CLPLN';
    EXCEPTION WHEN SQLSTATE 'CLPLN' THEN
        RETURN QUERY SELECT f.* FROM unnest(findings) f;
    END;
    RETURN QUERY VALUES ('plan', 'nothing was changed', 'To do it leave out plan => true');
END
$$;

CREATE FUNCTION _clientele.workspace_planned_relations(workspace text, storage text, before name[]) RETURNS SETOF @extschema@.attach_finding
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN NOT c.relname = ANY (before) THEN 'create' ELSE CASE c.relkind WHEN 'v' THEN 'replace' ELSE 'keep' END END,
        format('%s %I.%I', CASE c.relkind WHEN 'v' THEN 'view' ELSE 'table' END, workspace, c.relname), obj_description(c.oid, 'pg_class')
    FROM unnest(_clientele.workspace_relations()) r(relation)
    JOIN pg_class c ON c.oid = to_regclass(format('%I.%I', workspace, r.relation))
    UNION ALL
    SELECT CASE WHEN k.relation = ANY (before) THEN 'replace' ELSE 'create' END, format('%s %I.%I', rtrim(k.folder, 's'), workspace, k.relation),
        substring(array_to_string(s.statements, E'\n') FROM 'COMMENT ON (?:TABLE|VIEW) [^ ]+ IS ''([^'']+)''')
    FROM _clientele.workspace_kept_relations() k
    JOIN _clientele.workspace_statements() s ON s.place = k.place
    WHERE storage = 'incremental'
    UNION ALL
    SELECT CASE WHEN _clientele.workspace_data_name(f.relation) = ANY (before) THEN 'replace' ELSE 'create' END,
        format('table %I.%I', workspace, _clientele.workspace_data_name(f.relation)), format('What the view %I shows', f.relation)
    FROM _clientele.workspace_files() f
    WHERE storage IN ('materialized', 'distributed') AND f.variant IS NULL AND f.stored_by IS NOT NULL AND _clientele.workspace_has(workspace, f.relation)
    ORDER BY 1, 2
$$;

CREATE FUNCTION _clientele.workspace_describe_storage(workspace text, storage text, asked text, known text) RETURNS @extschema@.attach_finding
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ROW('storage', CASE storage
            WHEN 'view' THEN 'view: every figure is read from the orders'
            WHEN 'incremental' THEN 'incremental: triggers on the orders keep figures as they should be'
            WHEN 'distributed' THEN 'distributed: figures are stored beside the orders, on all nodes, and change with refresh_workspace()'
            ELSE 'materialized: figures are stored, and change with refresh_workspace()' END
            || CASE WHEN asked IS NULL AND known IS NULL THEN CASE storage
                WHEN 'view' THEN ', as there are no more than a million rows' ELSE ', as there are more than a million rows' END
                ELSE '' END,
        CASE storage
            WHEN 'view' THEN 'To store figures: attach again with storage => ''materialized'''
            WHEN 'incremental' THEN format('To make reading cheaper: SELECT fold_workspace(%1$L); to compare with the orders: SELECT * FROM verify_workspace(%1$L); to have none: attach again with storage => ''view''', workspace)
            ELSE format('To bring them up to date: SELECT refresh_workspace(%L); to have none: attach again with storage => ''view''', workspace) END)::@extschema@.attach_finding
$$;

CREATE FUNCTION _clientele.workspace_attach_orders(
    workspace text,
    relation regclass,
    columns jsonb,
    time_zone text,
    storage text,
    plan boolean,
    diagnose boolean)
RETURNS SETOF @extschema@.attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off -- what is being compiled cannot be cancelled
SET quote_all_identifiers = off -- relations are told apart by their names as text
SET citus.enable_ddl_propagation = off -- for this call: see workspace_choose_nodes()
SET citus.multi_shard_modify_mode = parallel
AS $$
DECLARE
    given jsonb := jsonb_strip_nulls(columns);
    orders _clientele.attached_relation;
    known_storage text;
    chosen_storage text;
    storage_finding @extschema@.attach_finding;
    replaced @extschema@.attach_finding;
    is_new boolean;
    what_detail text;
    what_hint text;
    what_rule text;
BEGIN
    IF relation IS NULL OR workspace IS NULL THEN
        RAISE EXCEPTION 'orders and workspace must not be NULL'
            USING ERRCODE = 'null_value_not_allowed', HINT = 'Name the table of orders: attach_orders(''sales.orders'').';
    END IF;
    PERFORM _clientele.workspace_check_owner(workspace);
    PERFORM _clientele.workspace_lock(workspace);
    PERFORM _clientele.workspace_check_relation(relation, workspace);
    PERFORM _clientele.workspace_check_owner(workspace);
    -- Who drops triggers needs the orders alone, and must not hold them as others do.
    IF _clientele.workspace_keeping_function(workspace) IS NULL OR coalesce(storage, 'incremental') = 'incremental' THEN
        PERFORM _clientele.workspace_lock_relation(relation);
    END IF;
    given := _clientele.workspace_attached_columns(workspace, relation, 'orders') || given;
    orders := ROW('orders', relation, given || (
        SELECT jsonb_object_agg(f.role, (f.col).name) FROM _clientele.workspace_found_columns(relation, 'orders', given) f));
    PERFORM _clientele.workspace_check_privileges(relation, _clientele.workspace_attached_names(orders));
    PERFORM _clientele.workspace_check_clock(_clientele.workspace_role_column(orders, 'ordered_at'), columns->>'stored_in', orders.columns->>'stored_in', time_zone);
    IF storage NOT IN ('view', 'materialized', 'distributed', 'incremental') THEN
        RAISE EXCEPTION 'invalid value for parameter "storage": "%"', storage
            USING ERRCODE = 'invalid_parameter_value',
                HINT = 'Use view, where every figure is read from the orders, materialized, where figures are stored until refresh_workspace() runs, distributed, where they are stored beside orders that Citus distributes, or incremental, where triggers keep them.';
    END IF;
    known_storage := _clientele.workspace_known_storage(workspace);
    chosen_storage := coalesce(storage, known_storage,
        CASE WHEN _clientele.workspace_many_rows(relation) THEN 'materialized' ELSE 'view' END);
    IF chosen_storage = 'incremental' THEN
        PERFORM _clientele.workspace_check_keepable(relation, _clientele.workspace_attached_names(orders));
    END IF;
    IF chosen_storage = 'distributed' THEN
        PERFORM _clientele.workspace_check_distributable(orders);
    END IF;
    PERFORM _clientele.workspace_choose_nodes(chosen_storage);
    storage_finding := _clientele.workspace_describe_storage(workspace, chosen_storage, storage, known_storage);

    IF plan THEN
        RETURN QUERY SELECT f.* FROM _clientele.workspace_plan(workspace, orders, given, time_zone, chosen_storage, storage_finding) f;
        RETURN;
    END IF;
    PERFORM _clientele.workspace_place_triggers(workspace, relation, chosen_storage);
    is_new := NOT _clientele.workspace_has(workspace, 'settings');
    replaced := _clientele.workspace_define(workspace, orders, time_zone, chosen_storage);
    IF chosen_storage IN ('materialized', 'distributed') THEN
        PERFORM _clientele.workspace_store(workspace, _clientele.workspace_parts(workspace));
    ELSIF chosen_storage = 'incremental' THEN
        PERFORM _clientele.workspace_keep(workspace, orders, _clientele.workspace_parts(workspace));
    END IF;
    IF is_new THEN
        PERFORM _clientele.workspace_fit_spans(workspace);
    END IF;
    RETURN QUERY SELECT f.* FROM _clientele.workspace_describe_columns(workspace, orders, given, NOT diagnose) f;
    RETURN NEXT storage_finding;
    IF replaced.topic IS NOT NULL THEN
        RETURN NEXT replaced;
    END IF;
    IF diagnose THEN
        RETURN QUERY SELECT f.* FROM _clientele.workspace_findings(workspace, 'orders') f;
        RETURN QUERY SELECT f.* FROM _clientele.workspace_unattached(workspace) f;
    END IF;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS what_detail = PG_EXCEPTION_DETAIL, what_hint = PG_EXCEPTION_HINT, what_rule = CONSTRAINT_NAME;
    IF SQLSTATE = 'XX000' THEN
        RAISE;
    END IF;
    PERFORM _clientele.workspace_refuse(SQLSTATE, SQLERRM, what_detail,
        CASE SQLSTATE WHEN '40P01' -- deadlock_detected
            THEN 'Another transaction had the orders, or the workspace, and waited for what this one had. Nothing was changed: try again, in a transaction of its own.'
            ELSE what_hint END, what_rule);
END
$$;

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
    plan boolean DEFAULT false,
    refunded text DEFAULT NULL,
    stored_in text DEFAULT NULL)
RETURNS SETOF @extschema@.attach_finding
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
    SELECT f.*
    FROM _clientele.workspace_attach_orders(workspace, orders, jsonb_build_object('customer', customer, 'ordered_at', ordered_at, 'amount', amount,
        'order_id', order_id, 'source', source, 'category', category, 'profit', profit, 'refunded', refunded, 'stored_in', stored_in), time_zone, storage, plan, diagnose) f
$$;
COMMENT ON FUNCTION attach_orders(regclass, text, text, text, text, text, boolean, text, text, text, text, text, boolean, text, text) IS
'Makes a workspace: a schema of views over an orders table that is already there, owned by whoever calls this. Can be run again: settings, policies, segments and dependent views are kept.
Arguments: orders: a table, partitioned or foreign table, view or materialized view with one row per order (what needs an expression, such as order lines or a filter on status, goes into a view first); customer, ordered_at, amount: names of its columns as stored, where left out those of the last time, else found by their usual names; workspace: name of the schema; time_zone: whose days are meant, a full IANA name or UTC, by default the one set, at first that of the session if it has such a name, else UTC; diagnose: whether to read the rows and report on them, during which the views of a workspace that is attached again are locked; order_id, source, category, profit: names of columns that an order may have besides, found by their usual names where left out, none where empty (''''); storage: view, where every figure is read from the orders, materialized, where figures are stored until refresh_workspace() runs, distributed, where they are stored so beside orders that Citus distributes by customer, and any node answers, or incremental, where triggers on the orders keep them exact (a table, or a partitioned one; it takes TRIGGER on them, and writers wait while the figures are computed), by default what it was, at first materialized for more than a million rows; plan: whether to change nothing and only tell what would be found, chosen and made; refunded: name of a column with what was given back of each order, which is taken off on the day of the order, none where empty or left out the first time; stored_in: whose clock a timestamp without time zone shows, a full IANA name or UTC, none where empty: needed together with time_zone, and remembered.
A new workspace of fewer than 500 customers gets quarters and three RFM scores, others months and five; one whose customers come back after more than three months in the median gets spans that fit. Other settings: the table settings of the workspace.
Result: rows of topic, finding and advice: what was found and chosen, and what in the data deserves attention.
Errors: 22004 for NULL, 42703 for a missing column, 42702 for several that might be meant, 42804 for a type that does not fit, and for distributed storage for customers that are no numbers, uuid or text, 42809 for what is no table or view, for incremental storage on what triggers cannot keep, such as a table that Citus distributes, and for distributed storage where it does not distribute the orders by customer, 55000 for distributed storage where other nodes do not know of this one, or of what is attached, 42501 without SELECT on the columns or CREATE on the database, without TRIGGER for incremental storage, or for a workspace of somebody else, 25001 for incremental storage in a transaction that is REPEATABLE READ or SERIALIZABLE, 42P06 for a schema that is no workspace, 42602 for a name that BI tools hide, 22023 for another time zone or storage, for a clock without a time zone while one is given, or for stored_in where there is no such clock, 42P16 where a column would change its type, 42P01 where an attached table of customers is gone, 23514 where the settings go by profit and it would not be attached any more, 2BP01 where something else reads what is stored, 40P01 where another transaction waits for this one in turn.';

CREATE FUNCTION upgrade_workspace(workspace text DEFAULT 'loyalty') RETURNS SETOF @extschema@.attach_finding
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
    orders _clientele.attached_relation;
    was text;
    named jsonb;
    stood_elsewhere boolean;
BEGIN
    PERFORM _clientele.workspace_enter(workspace);
    orders := _clientele.workspace_attached_orders(workspace);
    EXECUTE format('SELECT s.workspace_version FROM %I.settings s', workspace) INTO was;
    named := _clientele.workspace_attached_columns(workspace, orders.relation, 'orders');
    SELECT count(*) > 0 AND NOT bool_or(d.refobjid = orders.relation) INTO stood_elsewhere
    FROM pg_rewrite r
    JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid AND d.refclassid = 'pg_class'::regclass
    WHERE r.ev_class = to_regclass(format('%I.order_rows', workspace));
    PERFORM f.* FROM _clientele.workspace_attach_orders(workspace, orders.relation,
        '{"order_id": "", "source": "", "category": "", "profit": ""}'::jsonb || orders.columns, NULL, NULL, false, false) f;
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

-- If it is set by a full IANA name, else UTC.
CREATE FUNCTION _clientele.workspace_session_time_zone() RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.period_start(timestamptz '2000-01-01 00:00:00+00', 'day'::text, current_setting('TimeZone'));
    RETURN current_setting('TimeZone');
EXCEPTION WHEN invalid_parameter_value THEN
    RETURN 'UTC';
END
$$;
