-- workspace: figures that are stored instead of read from the orders each time. A stored view is a plain view on a table of the
-- suffix _data, so that what stands on it never notices; a refresh runs the query of its file again and writes what has changed.

CREATE FUNCTION _clientele.workspace_data_name(view name) RETURNS name
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN (view || '_data')::name;

-- Of all that may be stored.
CREATE FUNCTION _clientele.workspace_data_names() RETURNS name[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT array_agg(_clientele.workspace_data_name(f.relation)) FROM _clientele.workspace_files() f WHERE f.variant IS NULL AND f.stored_by IS NOT NULL
$$;

-- What triggers keep has tables of the same names.
CREATE FUNCTION _clientele.workspace_is_stored(workspace text, view name) RETURNS boolean
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM pg_class c WHERE c.oid = to_regclass(format('%I.%I', workspace, _clientele.workspace_data_name(view))) AND c.relkind = 'r')
        AND NOT _clientele.workspace_has(workspace, 'order_changes')
$$;

CREATE FUNCTION _clientele.workspace_stored(parts text[]) RETURNS SETOF _clientele.stored_view
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    WITH RECURSIVE wanted AS MATERIALIZED (
        SELECT w.*, f.stored_by, f.reads
        FROM _clientele.workspace_wanted(parts) w JOIN _clientele.workspace_files() f ON f.place = w.place
    ), source AS (
        SELECT w.place, r.name
        FROM wanted w CROSS JOIN LATERAL unnest(w.reads || CASE WHEN w.statements[1] LIKE '%now()%' THEN '{now}'::name[] END) r(name)
        WHERE w.stored_by IS NOT NULL
        UNION
        SELECT s.place, r.name
        FROM source s JOIN wanted w ON w.relation = s.name AND w.folder = 'views' AND w.stored_by IS NULL
        CROSS JOIN LATERAL unnest(w.reads) r(name)
    )
    SELECT w.place, w.relation::name, w.belongs_to, w.stored_by, w.statements[1],
        ARRAY(SELECT s.name FROM source s WHERE s.place = w.place AND s.name NOT IN (SELECT v.relation FROM wanted v WHERE v.folder = 'views' AND v.stored_by IS NULL))
    FROM wanted w
    WHERE w.stored_by IS NOT NULL
    ORDER BY w.place
$$;

-- Histories are stored once: another view of customers has them from order_history.
CREATE FUNCTION _clientele.workspace_store_view(workspace text, stored _clientele.stored_view) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    view CONSTANT name := stored.relation;
    data CONSTANT text := format('%I.%I', workspace, _clientele.workspace_data_name(view));
    relation CONSTANT regclass := format('%I.%I', workspace, view);
    shown CONSTANT name[] := ARRAY(SELECT a.attname FROM pg_attribute a WHERE a.attrelid = relation AND a.attnum > 0 ORDER BY a.attnum);
    histories CONSTANT name[] := ARRAY(
        SELECT a.attname FROM pg_attribute a
        WHERE a.attrelid = relation AND a.attnum > 0 AND a.atttypid = '@extschema@.purchase_history'::regtype AND view <> 'order_history');
    key_list CONSTANT text := (SELECT string_agg(quote_ident(k), ', ' ORDER BY n) FROM unnest(stored.keys) WITH ORDINALITY u(k, n));
    query CONSTANT text := format('SELECT %s FROM %s v', (SELECT string_agg(format('v.%I', s), ', ' ORDER BY n) FROM unnest(shown) WITH ORDINALITY u(s, n) WHERE s <> ALL (histories)), relation);
    is_distributed CONSTANT boolean := _clientele.workspace_known_storage(workspace) = 'distributed';
    col record;
BEGIN
    -- In the order of its index, by which the views on it read: a customer's rows lie together.
    EXECUTE format('CREATE TABLE %s AS %s ORDER BY %s %s', data, query, key_list, CASE WHEN is_distributed THEN 'WITH NO DATA' END);
    EXECUTE format('CREATE UNIQUE INDEX ON %s (%s) NULLS NOT DISTINCT', data, key_list);
    EXECUTE format('ALTER TABLE %s REPLICA IDENTITY FULL', data); -- or who publishes all tables could not refresh
    IF is_distributed THEN
        PERFORM _clientele.workspace_distribute(workspace, stored);
    END IF;
    EXECUTE format('CREATE OR REPLACE VIEW %s AS SELECT %s FROM %s d', relation,
        (SELECT string_agg(format('%s.%I', CASE WHEN s = ANY (histories) THEN 'h' ELSE 'd' END, s), ', ' ORDER BY n) FROM unnest(shown) WITH ORDINALITY u(s, n)), data)
        || CASE WHEN histories <> '{}' THEN format(' LEFT JOIN %I.order_history h ON h.customer = d.customer', workspace) ELSE '' END;
    EXECUTE format('COMMENT ON TABLE %s IS %L', data, format('What the view %I shows: refresh_workspace() brings it up to date', view));
    FOR col IN
        SELECT a.attname AS name, d.description
        FROM pg_attribute a JOIN pg_description d ON d.objoid = a.attrelid AND d.classoid = 'pg_class'::regclass AND d.objsubid = a.attnum
        WHERE a.attrelid = relation AND a.attname <> ALL (histories)
    LOOP
        EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', data, col.name, col.description);
    END LOOP;
    IF NOT is_distributed THEN -- on other nodes readers are asked, not owners
        PERFORM _clientele.workspace_hide_data(data);
    END IF;
    PERFORM _clientele.workspace_analyze_data(data);
END
$$;

-- Of histories, lists and bytes a plan asks nothing, and telling how often each occurs takes longest. On other nodes it is theirs: what this
-- transaction wrote there they could not count.
CREATE FUNCTION _clientele.workspace_analyze_data(data regclass) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF _clientele.workspace_is_distributed(data) THEN
        RETURN;
    END IF;
    EXECUTE format('ANALYZE %s (%s)', data, (
        SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum)
        FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
        WHERE a.attrelid = data AND a.attnum > 0 AND NOT a.attisdropped AND t.typcategory <> 'A' AND t.oid NOT IN ('@extschema@.purchase_history'::regtype, '@extschema@.points_account'::regtype, 'bytea'::regtype)));
END
$$;

-- Takes back what default privileges granted on what a view stores: readers have the view, and BI tools would show both.
CREATE FUNCTION _clientele.workspace_hide_data(data regclass) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    reader oid;
BEGIN
    FOR reader IN SELECT DISTINCT a.grantee FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a WHERE c.oid = data AND a.grantee <> c.relowner LOOP
        EXECUTE format('REVOKE ALL ON %s FROM %s', data, CASE reader WHEN 0 THEN 'PUBLIC' ELSE reader::regrole::text END);
    END LOOP;
END
$$;

-- Those that are not stored yet. What orders are known again by comes first: what is written meanwhile is found at the next refresh.
CREATE FUNCTION _clientele.workspace_store(workspace text, parts text[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    view _clientele.stored_view;
BEGIN
    FOR view IN SELECT s.* FROM _clientele.workspace_stored(parts) s ORDER BY s.relation <> 'order_digests', s.place LOOP
        IF NOT _clientele.workspace_is_stored(workspace, view.relation) THEN
            PERFORM _clientele.workspace_store_view(workspace, view);
        END IF;
    END LOOP;
END
$$;

-- What views do not read any more, and the views that are there with this storage alone.
CREATE FUNCTION _clientele.workspace_drop_stored(workspace text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    stored name;
BEGIN
    IF NOT _clientele.workspace_stores(workspace) THEN
        FOR stored IN
            SELECT f.relation FROM _clientele.workspace_files() f
            WHERE f.variant IS NULL AND f.belongs_to = 'materialized' AND _clientele.workspace_has(workspace, f.relation)
            ORDER BY f.place DESC
        LOOP
            EXECUTE format('DROP VIEW %I.%I', workspace, stored);
        END LOOP;
    END IF;
    FOR stored IN
        SELECT f.relation FROM _clientele.workspace_files() f
        WHERE f.variant IS NULL AND f.stored_by IS NOT NULL AND _clientele.workspace_is_stored(workspace, f.relation) AND NOT EXISTS (
            SELECT FROM pg_rewrite r
            JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
                AND d.refclassid = 'pg_class'::regclass AND d.refobjid = to_regclass(format('%I.%I', workspace, _clientele.workspace_data_name(f.relation)))
            WHERE r.ev_class = to_regclass(format('%I.%I', workspace, f.relation)))
        ORDER BY f.place DESC
    LOOP
        EXECUTE format('DROP TABLE %I.%I', workspace, _clientele.workspace_data_name(stored));
    END LOOP;
END
$$;

CREATE FUNCTION _clientele.workspace_data_columns(data regclass) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT string_agg(format('n.%I', a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = data AND a.attnum > 0 AND NOT a.attisdropped
$$;

-- The query is run once, into a table of its own: what reads orders elsewhere, or in many shards, cannot be part of a statement that
-- writes. What comes from stored figures alone is another in every row when these change, as classes and shares compare all customers.
-- With a condition the query sees the orders of some customers alone, and their rows are written anew.
CREATE FUNCTION _clientele.workspace_refresh_view(workspace text, view _clientele.stored_view, compares boolean, condition text) RETURNS boolean
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    data CONSTANT text := format('%I.%I', workspace, _clientele.workspace_data_name(view.relation));
    columns CONSTANT text := _clientele.workspace_data_columns(data);
    key_list CONSTANT text := (SELECT string_agg(format('n.%I', k), ', ' ORDER BY o) FROM unnest(view.keys) WITH ORDINALITY u(k, o));
    source CONSTANT text := _clientele.workspace_query(CASE WHEN condition IS NULL THEN view.source
        ELSE replace(view.source, 'workspace.order_rows', 'order_rows') END, workspace);
    is_changed boolean := true;
BEGIN
    IF _clientele.workspace_distribution_column(data) IS NOT NULL THEN
        PERFORM _clientele.workspace_write_beside_orders(workspace, view, condition);
        RETURN true;
    END IF;
    EXECUTE 'CREATE TEMPORARY TABLE clientele_refreshed AS '
        || CASE WHEN condition IS NULL THEN '' ELSE format('WITH order_rows AS (SELECT n.* FROM %I.order_rows n WHERE %s) ', workspace, condition) END
        || format('SELECT %s FROM (%s) n', columns, source);
    IF _clientele.workspace_is_distributed(data) THEN
        is_changed := _clientele.workspace_write_everywhere(data, view.keys);
    ELSIF compares AND condition IS NULL THEN
        is_changed := _clientele.workspace_write_changes(data, view.keys, key_list);
    ELSE
        EXECUTE format('DELETE FROM %s n WHERE %s', data, coalesce(condition, 'true'));
        EXECUTE format('INSERT INTO %s SELECT n.* FROM pg_temp.clientele_refreshed n ORDER BY %s', data, key_list);
    END IF;
    DROP TABLE pg_temp.clientele_refreshed;
    IF is_changed AND condition IS NULL THEN
        PERFORM _clientele.workspace_analyze_data(data);
    END IF;
    RETURN is_changed;
END
$$;

-- The condition on a row n, by its customer, that holds for those of whom any order is another than the last time: false where all are the
-- same, NULL where it may be that of so many that all is read. What it goes by is read before anything else, and kept: what comes in
-- between is found the next time.
CREATE FUNCTION _clientele.workspace_changed_customers(workspace text) RETURNS text
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    before bytea;
    after bytea;
    changed integer[];
BEGIN
    EXECUTE format('SELECT d.digests FROM %I.order_digests d', workspace) INTO before;
    EXECUTE (
        SELECT format('SELECT d.digests FROM (%s) d', _clientele.workspace_query(s.source, workspace))
        FROM _clientele.workspace_stored('{materialized}') s WHERE s.relation = 'order_digests') INTO after;
    IF before IS DISTINCT FROM after THEN
        EXECUTE format('DELETE FROM %I.order_digests_data', workspace);
        EXECUTE format('INSERT INTO %I.order_digests_data VALUES (true, $1)', workspace) USING after;
    END IF;
    changed := _clientele.changed_buckets(before, after);
    RETURN CASE WHEN before IS NOT DISTINCT FROM after THEN 'false'
        WHEN cardinality(changed) < 10000 THEN format('_clientele.digest_bucket(ROW(n.customer)) = ANY (%L::integer[])', changed) END;
END
$$;

CREATE FUNCTION _clientele.workspace_same_keys_sql(keys name[]) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT string_agg(format('coalesce(n.%1$I::text, '''') = coalesce(d.%1$I::text, '''')', k), ' AND ') FROM unnest(keys) k
$$;

-- Leaves alone what is the same to the last bit, and tells whether anything is not. Keys are compared as texts, as they hold NULLs
-- equal; of these the planner knows nothing, and would sort both sides. What stays after the first statement is as it should be.
CREATE FUNCTION _clientele.workspace_write_changes(data text, keys name[], key_list text) RETURNS boolean
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET enable_mergejoin = off
SET enable_nestloop = off
AS $$
DECLARE
    same_keys CONSTANT text := _clientele.workspace_same_keys_sql(keys);
    gone bigint;
    are_as_many boolean;
BEGIN
    EXECUTE format('DELETE FROM %s d WHERE NOT EXISTS (SELECT FROM pg_temp.clientele_refreshed n WHERE %s AND n OPERATOR(pg_catalog.*=) d)', data, same_keys);
    GET DIAGNOSTICS gone = ROW_COUNT;
    EXECUTE format('SELECT (SELECT count(*) FROM %s) = (SELECT count(*) FROM pg_temp.clientele_refreshed)', data) INTO are_as_many;
    IF NOT are_as_many THEN
        EXECUTE format('INSERT INTO %1$s SELECT n.* FROM pg_temp.clientele_refreshed n WHERE NOT EXISTS (SELECT FROM %1$s d WHERE %2$s) ORDER BY %3$s', data, same_keys, key_list);
    END IF;
    RETURN gone > 0 OR NOT are_as_many;
END
$$;

-- When figures were brought up to date is another time each time, but none comes from it.
CREATE FUNCTION _clientele.workspace_reported(workspace text) RETURNS jsonb
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    reported jsonb;
BEGIN
    EXECUTE format('SELECT to_jsonb(r) - ''refreshed_at''::text FROM %I.reporting_date r', workspace) INTO reported;
    RETURN reported;
END
$$;

-- Runs the queries again that read what has changed, and those of what was never filled, as after restoring the schema alone. Where the
-- orders of some customers have changed and nothing else, what is read from them is read anew for these; settings are of all.
CREATE FUNCTION _clientele.workspace_refresh_stored(workspace text, views _clientele.stored_view[], changed name[], customers text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    stored CONSTANT name[] := ARRAY(SELECT v.relation FROM unnest(views) v);
    view _clientele.stored_view;
    is_empty boolean;
    reported jsonb;
    condition text;
BEGIN
    FOREACH view IN ARRAY views LOOP
        EXECUTE format('SELECT NOT EXISTS (SELECT true AS is_there FROM %I.%I)', workspace, _clientele.workspace_data_name(view.relation)) INTO is_empty;
        CONTINUE WHEN NOT (is_empty OR view.reads && changed);
        reported := _clientele.workspace_reported(workspace);
        condition := CASE WHEN NOT is_empty AND view.keys = '{customer}' AND view.reads <@ '{order_rows,order_history,applied_settings}' THEN customers END;
        IF _clientele.workspace_refresh_view(workspace, view, NOT view.reads <@ stored, condition)
            AND (view.relation <> 'reporting_date' OR _clientele.workspace_reported(workspace) IS DISTINCT FROM reported) THEN
            changed := changed || view.relation;
        END IF;
        IF view.relation = 'applied_settings' AND 'applied_settings' = ANY (changed) THEN
            changed := changed || '{order_rows}'::name[];
            customers := NULL;
        END IF;
    END LOOP;
END
$$;

-- What reads something attached, and does not belong to it.
CREATE FUNCTION _clientele.workspace_refresh_readers(workspace text, relation_role text) RETURNS void
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT _clientele.workspace_refresh_stored(workspace, ARRAY(
            SELECT s FROM _clientele.workspace_stored(_clientele.workspace_parts(workspace)) s WHERE (relation_role = ANY (string_to_array(s.belongs_to, ', '))) IS NOT TRUE ORDER BY s.place),
        ARRAY(SELECT _clientele.workspace_adapter(a.role)
            FROM unnest(CASE relation_role WHEN 'customers' THEN '{customers,dimensions}' ELSE ARRAY[relation_role] END) a(role)), NULL)
$$;

-- Counting stops where the answer is known, and works for views and foreign tables, which have no statistics.
CREATE FUNCTION _clientele.workspace_many_rows(orders regclass) RETURNS boolean
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    many boolean;
BEGIN
    EXECUTE format('SELECT count(*) > 1000000 FROM (SELECT 1 AS one FROM %s LIMIT 1000001) o', orders) INTO many;
    RETURN many;
END
$$;

CREATE FUNCTION refresh_workspace(workspace text DEFAULT 'loyalty') RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET jit = off
SET citus.enable_ddl_propagation = off
SET citus.multi_shard_modify_mode = parallel
AS $$
DECLARE
    views _clientele.stored_view[];
    customers text;
BEGIN
    PERFORM _clientele.workspace_enter(workspace);
    PERFORM _clientele.workspace_choose_nodes(_clientele.workspace_known_storage(workspace));
    IF _clientele.workspace_known_storage(workspace) = 'incremental' THEN
        RAISE EXCEPTION 'there is nothing to refresh in workspace "%": its figures follow the orders', workspace
            USING ERRCODE = 'object_not_in_prerequisite_state',
                HINT = format('fold_workspace(%1$L) makes reading cheaper, verify_workspace(%1$L) compares with the orders.', workspace);
    ELSIF NOT _clientele.workspace_is_stored(workspace, 'order_history') THEN
        RAISE EXCEPTION 'nothing is stored in workspace "%": its views read the orders', workspace
            USING ERRCODE = 'object_not_in_prerequisite_state',
                HINT = 'To store figures attach the orders again with storage => ''materialized''.';
    END IF;
    PERFORM _clientele.workspace_lock_attached(workspace);
    views := ARRAY(
        SELECT s FROM _clientele.workspace_stored(_clientele.workspace_parts(workspace)) s
        WHERE _clientele.workspace_is_stored(workspace, s.relation) AND s.relation <> 'order_digests'
        ORDER BY s.place);
    customers := _clientele.workspace_changed_customers(workspace);
    PERFORM _clientele.workspace_refresh_stored(workspace, views, ARRAY(
        SELECT r.name FROM unnest(views) v CROSS JOIN LATERAL unnest(v.reads) r(name)
        WHERE r.name <> 'order_rows' OR customers IS DISTINCT FROM 'false'
        EXCEPT SELECT v.relation FROM unnest(views) v), customers);
END
$$;
COMMENT ON FUNCTION refresh_workspace(text) IS
'Brings the stored figures of a workspace with materialized or distributed storage up to date with orders and settings, all of them in one transaction: the orders are read once to see whose have changed, those of these customers again, and what compares all customers is computed anew. Readers are not held up: until it commits they see what was there.
Arguments: workspace: name of the schema.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else, 55000 where nothing is stored.';
