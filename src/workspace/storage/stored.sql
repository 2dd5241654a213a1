-- workspace: figures that are stored instead of read from the orders each time. A stored view is a plain view on a materialized view
-- of the suffix _data, so that what stands on it never notices.

CREATE FUNCTION _clientele.workspace_data_name(view name) RETURNS name
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN (view || '_data')::name;

CREATE FUNCTION _clientele.workspace_is_stored(workspace text, view name) RETURNS boolean
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM pg_class c WHERE c.oid = to_regclass(format('%I.%I', workspace, _clientele.workspace_data_name(view))) AND c.relkind = 'm')
$$;

-- A definition is written out and read again: in a form that every session reads as it was meant.
CREATE FUNCTION _clientele.workspace_store_view(workspace text, view name, keys name[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET DateStyle = 'ISO, YMD'
SET IntervalStyle = 'postgres'
SET TimeZone = 'UTC'
SET extra_float_digits = 1
SET standard_conforming_strings = on
AS $$
DECLARE
    data CONSTANT text := format('%I.%I', workspace, _clientele.workspace_data_name(view));
    relation CONSTANT regclass := format('%I.%I', workspace, view);
    key_list CONSTANT text := (SELECT string_agg(quote_ident(k), ', ' ORDER BY n) FROM unnest(keys) WITH ORDINALITY u(k, n));
    col record;
BEGIN
    -- In the order of its index, by which the views on it read: a customer's rows lie together.
    EXECUTE format('CREATE MATERIALIZED VIEW %s AS SELECT v.* FROM (%s) v ORDER BY %s', data, rtrim(pg_get_viewdef(relation), ';'), key_list);
    EXECUTE format('CREATE UNIQUE INDEX ON %s (%s)', data, key_list);
    EXECUTE format('CREATE OR REPLACE VIEW %s AS SELECT %s FROM %s d', relation,
        (SELECT string_agg(format('d.%I', a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = relation AND a.attnum > 0), data);
    EXECUTE format('COMMENT ON MATERIALIZED VIEW %s IS %L', data, format('What the view %I shows: refresh_workspace() brings it up to date', view));
    FOR col IN
        SELECT a.attname AS name, d.description
        FROM pg_attribute a JOIN pg_description d ON d.objoid = a.attrelid AND d.classoid = 'pg_class'::regclass AND d.objsubid = a.attnum
        WHERE a.attrelid = relation
    LOOP
        EXECUTE format('COMMENT ON COLUMN %s.%I IS %L', data, col.name, col.description);
    END LOOP;
    PERFORM _clientele.workspace_hide_data(data);
    EXECUTE format('ANALYZE %s', data);
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

-- Those that are not stored yet, each after those that it reads.
CREATE FUNCTION _clientele.workspace_store(workspace text, parts text[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    file record;
BEGIN
    FOR file IN
        SELECT f.relation, f.stored_by
        FROM _clientele.workspace_wanted(parts) w JOIN _clientele.workspace_files() f ON f.place = w.place
        WHERE f.stored_by IS NOT NULL
        ORDER BY f.place
    LOOP
        IF NOT _clientele.workspace_is_stored(workspace, file.relation) THEN
            PERFORM _clientele.workspace_store_view(workspace, file.relation, file.stored_by);
        END IF;
    END LOOP;
END
$$;

-- What views do not read any more.
CREATE FUNCTION _clientele.workspace_drop_stored(workspace text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    stored name;
BEGIN
    FOR stored IN
        SELECT f.relation FROM _clientele.workspace_files() f
        WHERE f.variant IS NULL AND f.stored_by IS NOT NULL AND _clientele.workspace_is_stored(workspace, f.relation) AND NOT EXISTS (
            SELECT FROM pg_rewrite r
            JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid
                AND d.refclassid = 'pg_class'::regclass AND d.refobjid = to_regclass(format('%I.%I', workspace, _clientele.workspace_data_name(f.relation)))
            WHERE r.ev_class = to_regclass(format('%I.%I', workspace, f.relation)))
        ORDER BY f.place DESC
    LOOP
        EXECUTE format('DROP MATERIALIZED VIEW %I.%I', workspace, _clientele.workspace_data_name(stored));
    END LOOP;
END
$$;

-- What reads something attached, and does not belong to it.
CREATE FUNCTION _clientele.workspace_refresh_readers(workspace text, relation_role text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    stored name;
BEGIN
    FOR stored IN
        WITH RECURSIVE reader AS (
            SELECT to_regclass(format('%I.%I', workspace, _clientele.workspace_adapter(a.role)))::oid AS id
            FROM unnest(CASE relation_role WHEN 'customers' THEN '{customers,dimensions}' ELSE ARRAY[relation_role] END) a(role)
            UNION
            SELECT w.ev_class
            FROM reader r
            JOIN pg_depend d ON d.refclassid = 'pg_class'::regclass AND d.refobjid = r.id AND d.classid = 'pg_rewrite'::regclass
            JOIN pg_rewrite w ON w.oid = d.objid
        )
        SELECT f.relation
        FROM _clientele.workspace_files() f JOIN reader r ON r.id = to_regclass(format('%I.%I', workspace, _clientele.workspace_data_name(f.relation)))
        WHERE f.variant IS NULL AND f.belongs_to IS DISTINCT FROM relation_role
        ORDER BY f.place
    LOOP
        EXECUTE format('REFRESH MATERIALIZED VIEW %I.%I', workspace, _clientele.workspace_data_name(stored));
    END LOOP;
END
$$;

CREATE FUNCTION _clientele.workspace_known_storage(workspace text) RETURNS text
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    known text;
BEGIN
    IF EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = to_regclass(format('%I.settings', workspace)) AND a.attname = 'storage') THEN
        EXECUTE format('SELECT s.storage FROM %I.settings s', workspace) INTO known;
    END IF;
    RETURN known;
END
$$;

-- Counting stops where the answer is known, and works for views and foreign tables, which have no statistics.
CREATE FUNCTION _clientele.workspace_many_rows(orders regclass) RETURNS boolean
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    many boolean;
BEGIN
    EXECUTE format('SELECT count(*) > 1000000 FROM (SELECT FROM %s LIMIT 1000001) o', orders) INTO many;
    RETURN many;
END
$$;

CREATE FUNCTION refresh_workspace(workspace text DEFAULT 'loyalty') RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET jit = off
SET quote_all_identifiers = off -- with it REFRESH MATERIALIZED VIEW CONCURRENTLY fails
AS $$
DECLARE
    data record;
BEGIN
    PERFORM _clientele.workspace_enter(workspace);
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
    FOR data IN
        SELECT format('%I.%I', workspace, c.relname) AS name, c.relispopulated AS populated
        FROM _clientele.workspace_files() f
        JOIN pg_class c ON c.oid = to_regclass(format('%I.%I', workspace, _clientele.workspace_data_name(f.relation))) AND c.relkind = 'm'
        WHERE f.variant IS NULL AND f.stored_by IS NOT NULL
        ORDER BY f.place
    LOOP
        -- What was never filled, as after restoring the schema alone, has no readers to be spared.
        EXECUTE format('REFRESH MATERIALIZED VIEW %s %s', CASE WHEN data.populated THEN 'CONCURRENTLY' ELSE '' END, data.name);
        EXECUTE format('ANALYZE %s', data.name);
    END LOOP;
END
$$;
COMMENT ON FUNCTION refresh_workspace(text) IS
'Brings the stored figures of a workspace with materialized storage up to date with orders and settings, all of them in one transaction. Readers are not held up: until it commits they see what was there.
Arguments: workspace: name of the schema.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else, 55000 where nothing is stored.';
