-- workspace: figures that are stored instead of read from the orders each time. A stored view is a plain view on a
-- materialized view of the suffix _data, so that what stands on it never notices.

CREATE FUNCTION workspace_stored_views() RETURNS TABLE (view name, keys name[])
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- In the order in which one is read by the next.
    VALUES ('applied_settings'::name, '{one_row}'::name[]),
        ('reporting_date', '{as_of}'),
        ('order_history', '{customer}'),
        ('customer_classes', '{customer}'),
        ('class_history', '{customer,as_of}'),
        ('customer_changes', '{customer,as_of,kind}'),
        ('orders_enriched', '{customer,order_number}'),
        ('customer_preferences', '{customer,source,category}'),
        ('first_orders', '{customer}'),
        ('customer_dimensions', '{customer,dimension}'),
        ('journey', '{from_touchpoint,to_touchpoint}'),
        ('funnel_passes', '{customer,funnel_name,pass_number,step_number}'),
        ('funnel_steps', '{funnel_name,source,entry_period,customer_kind,step_number}'),
        ('funnel_summary', '{funnel_name,step_number}'),
        ('answers_enriched', '{customer,answer_number}'),
        ('answer_quality', '{reason}'),
        ('survey_answers', '{respondent,question,answer_number}'),
        ('survey_tallies', '{question,answer_position}'),
        ('survey_by_dimension', '{question,dimension,value,answer_position}'),
        ('survey_quality', '{reason}')
$$;
COMMENT ON FUNCTION workspace_stored_views() IS
'Internal to attach_orders(): The views of a workspace that materialized storage keeps, each after those it reads, with the columns that tell its rows apart.';

CREATE FUNCTION workspace_data_name(view name) RETURNS name
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN (view || '_data')::name;
COMMENT ON FUNCTION workspace_data_name(name) IS
'Internal to attach_orders(): The name of what stores a view.';

CREATE FUNCTION workspace_is_stored(workspace name, view name) RETURNS boolean
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = workspace AND c.relname = @extschema@.workspace_data_name(view) AND c.relkind = 'm')
$$;
COMMENT ON FUNCTION workspace_is_stored(name, name) IS
'Internal to attach_orders(): Whether a view of a workspace is stored.';

-- A definition is written out and read again: in a form that every session reads as it was meant.
CREATE FUNCTION workspace_store_view(workspace name, view name, keys name[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET DateStyle = 'ISO, YMD'
SET IntervalStyle = 'postgres'
SET TimeZone = 'UTC'
SET extra_float_digits = 1
SET standard_conforming_strings = on
AS $$
DECLARE
    data CONSTANT text := format('%I.%I', workspace, @extschema@.workspace_data_name(view));
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
    PERFORM @extschema@.workspace_hide_data(data);
    EXECUTE format('ANALYZE %s', data);
END
$$;
COMMENT ON FUNCTION workspace_store_view(name, name, name[]) IS
'Internal to attach_orders(): Stores what a view of a workspace shows, and lets the view read that.
Arguments: workspace; view; keys: columns that tell its rows apart, which a refresh beside readers needs.';

CREATE FUNCTION workspace_hide_data(data regclass) RETURNS void
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
COMMENT ON FUNCTION workspace_hide_data(regclass) IS
'Internal to attach_orders(): Takes back what default privileges granted on what a view stores: readers have the view, and BI tools would show both.';

CREATE FUNCTION workspace_store(workspace name, views name[] DEFAULT NULL) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_store_view(workspace, v.view, v.keys)
    FROM @extschema@.workspace_stored_views() v
    WHERE (views IS NULL OR v.view = ANY (views)) AND to_regclass(format('%I.%I', workspace, v.view)) IS NOT NULL
        AND NOT @extschema@.workspace_is_stored(workspace, v.view);
END
$$;
COMMENT ON FUNCTION workspace_store(name, name[]) IS
'Internal to attach_orders(): Stores those of the views that are to be stored, and are not. What is not attached has none.
Arguments: workspace; views: NULL for all.';

CREATE FUNCTION workspace_drop_stored(workspace name, views name[] DEFAULT NULL) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    stored name;
BEGIN
    FOR stored IN
        SELECT v.view FROM @extschema@.workspace_stored_views() v
        WHERE (views IS NULL OR v.view = ANY (views)) AND @extschema@.workspace_is_stored(workspace, v.view)
    LOOP
        EXECUTE format('DROP MATERIALIZED VIEW %I.%I', workspace, @extschema@.workspace_data_name(stored));
    END LOOP;
END
$$;
COMMENT ON FUNCTION workspace_drop_stored(name, name[]) IS
'Internal to attach_orders(): Drops what is stored for views that do not read it any more.
Arguments: workspace; views: NULL for all.
Errors: 2BP01 if something else reads it.';

CREATE FUNCTION workspace_check_storage(storage text) RETURNS text
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF storage NOT IN ('view', 'materialized', 'incremental') THEN
        RAISE EXCEPTION 'invalid value for parameter "storage": "%"', storage
            USING ERRCODE = 'invalid_parameter_value',
                HINT = 'Use view, where every figure is read from the orders, materialized, where figures are stored until refresh_workspace() runs, or incremental, where triggers keep them.';
    END IF;
    RETURN storage;
END
$$;
COMMENT ON FUNCTION workspace_check_storage(text) IS
'Internal to attach_orders(): Checks the name of a storage; NULL passes.
Errors: 22023 for another.';

CREATE FUNCTION workspace_known_storage(workspace text) RETURNS text
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
COMMENT ON FUNCTION workspace_known_storage(text) IS
'Internal to attach_orders(): The storage in the settings of a workspace, NULL where there are none.';

-- Counting stops where the answer is known, and works for views and foreign tables, which have no statistics.
CREATE FUNCTION workspace_many_rows(orders regclass) RETURNS boolean
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
COMMENT ON FUNCTION workspace_many_rows(regclass) IS
'Internal to attach_orders(): Whether a relation has more than a million rows.';

CREATE FUNCTION refresh_workspace(workspace text DEFAULT 'loyalty') RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET jit = off
SET quote_all_identifiers = off -- with it REFRESH MATERIALIZED VIEW CONCURRENTLY fails
AS $$
DECLARE
    data record;
BEGIN
    PERFORM @extschema@.workspace_enter(workspace);
    IF @extschema@.workspace_known_storage(workspace) = 'incremental' THEN
        RAISE EXCEPTION 'there is nothing to refresh in workspace "%": its figures follow the orders', workspace
            USING ERRCODE = 'object_not_in_prerequisite_state',
                HINT = format('fold_workspace(%1$L) makes reading cheaper, verify_workspace(%1$L) compares with the orders.', workspace);
    ELSIF NOT @extschema@.workspace_is_stored(workspace, 'order_history') THEN
        RAISE EXCEPTION 'nothing is stored in workspace "%": its views read the orders', workspace
            USING ERRCODE = 'object_not_in_prerequisite_state',
                HINT = 'To store figures attach the orders again with storage => ''materialized''.';
    END IF;
    PERFORM @extschema@.workspace_lock_attached(workspace);
    FOR data IN
        SELECT format('%I.%I', workspace, c.relname) AS name, c.relispopulated AS populated
        FROM @extschema@.workspace_stored_views() WITH ORDINALITY v(view, keys, "position")
        JOIN pg_class c ON c.oid = to_regclass(format('%I.%I', workspace, @extschema@.workspace_data_name(v.view))) AND c.relkind = 'm'
        ORDER BY v."position"
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
