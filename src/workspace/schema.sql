-- workspace: its schema, whose it is, who may change it at a time, and taking it away again

-- What may be attached, the orders first. What divides customers is rows of its own beside them.
CREATE FUNCTION _clientele.workspace_roles() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN '{orders,customers,dimensions,answers,touchpoints,costs,survey,lines,offers,points}'::text[];

-- The tables and views of a workspace, the dependent ones first, as queries come to them: who reads views locks them in this order.
CREATE FUNCTION _clientele.workspace_relations() RETURNS name[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT array_agg(r.relation ORDER BY r.layer, r.place DESC)
    FROM (
        SELECT '_metabase_metadata'::name AS relation, 1 AS layer, 1 AS place
        UNION ALL
        SELECT f.relation, CASE WHEN f.folder = 'tables' THEN 6 WHEN f.relation = 'applied_settings' THEN 5 WHEN f.belongs_to = 'incremental' THEN 3 ELSE 2 END, f.place
        FROM _clientele.workspace_files() f
        WHERE f.folder IN ('tables', 'views') AND f.variant IS NULL
        UNION ALL
        SELECT _clientele.workspace_adapter(a.role), 4, CASE a.role WHEN 'orders' THEN 1 ELSE 2 END
        FROM unnest(_clientele.workspace_roles()) a(role)) r
$$;

CREATE FUNCTION _clientele.workspace_owner(workspace text) RETURNS name
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT pg_get_userbyid(c.relowner)
    FROM pg_namespace n
    JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = 'settings' AND c.relkind = 'r'
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'workspace_version' AND NOT a.attisdropped
    WHERE n.nspname = workspace
$$;

-- What is run on the tables of a workspace runs their triggers: with our rights only if they are ours.
CREATE FUNCTION _clientele.workspace_check_owner(workspace text) RETURNS void
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
        WHERE c.relnamespace = n.oid AND c.relname = ANY (_clientele.workspace_relations() || _clientele.workspace_data_names())) o(owner)
    WHERE n.nspname = workspace AND pg_get_userbyid(o.owner) <> current_user
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'schema "%" belongs to %', workspace, quote_ident(stranger)
            USING ERRCODE = 'insufficient_privilege',
                HINT = CASE stranger WHEN 'pg_database_owner' THEN 'Choose another with workspace => ''...''.'
                    ELSE format('Run SET ROLE %I first, or choose another with workspace => ''...''.', stranger) END;
    END IF;
END
$$;

-- Whoever changes a workspace keeps others from it, who after waiting may find it gone, or made. A stranger does not
-- come as far as the lock.
CREATE FUNCTION _clientele.workspace_lock(workspace text, shared boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    key CONSTANT bigint := hashtextextended('clientele workspace ' || workspace, 0);
BEGIN
    IF shared THEN
        PERFORM pg_advisory_xact_lock_shared(key);
    ELSE
        PERFORM pg_advisory_xact_lock(key);
    END IF;
END
$$;

CREATE FUNCTION _clientele.workspace_check(workspace text) RETURNS void
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF _clientele.workspace_owner(workspace) IS NULL THEN
        RAISE EXCEPTION '"%" is not a workspace', workspace
            USING ERRCODE = 'invalid_schema_name',
                HINT = coalesce((
                    SELECT 'There are: ' || string_agg(n.nspname, ', ' ORDER BY n.nspname)
                    FROM pg_namespace n WHERE _clientele.workspace_owner(n.nspname) IS NOT NULL),
                    'There is none in this database; attach_orders() makes one.');
    END IF;
END
$$;

CREATE FUNCTION _clientele.workspace_enter(workspace text, shared boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    FOR turn IN 1..2 LOOP
        PERFORM _clientele.workspace_check(workspace);
        PERFORM _clientele.workspace_check_owner(workspace);
        IF turn = 1 THEN
            PERFORM _clientele.workspace_lock(workspace, shared);
        END IF;
    END LOOP;
END
$$;

-- Who drops a table with CASCADE holds it and waits for its views, so nobody may hold these and wait for the table.
CREATE FUNCTION _clientele.workspace_lock_relation(relation regclass) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    known_as CONSTANT text := relation;
BEGIN
    BEGIN
        EXECUTE format('SELECT FROM %s LIMIT 0', known_as);
    EXCEPTION -- what is gone is called by its number; of rights others tell more
        WHEN undefined_table OR syntax_error OR insufficient_privilege THEN NULL;
    END;
    IF to_regclass(known_as) IS DISTINCT FROM relation OR known_as ~ '^[0-9]+$' THEN
        RAISE EXCEPTION 'the table to attach, %, does not exist any more', known_as
            USING ERRCODE = 'undefined_table', HINT = 'It was dropped or renamed at this moment: try again.';
    END IF;
END
$$;

CREATE FUNCTION _clientele.workspace_lock_attached(workspace text) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attached record;
BEGIN
    FOR attached IN EXECUTE format('SELECT to_regclass(a.relation) AS relation FROM %I.attached a ORDER BY a.relation_role <> ''orders'', a.relation', workspace) LOOP
        PERFORM _clientele.workspace_lock_relation(attached.relation);
    END LOOP;
END
$$;

-- Who changes settings may come to wait for the orders, and holds them.
CREATE FUNCTION _clientele.workspace_lock_settings(workspace text) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF to_regclass(format('%I.settings', workspace)) IS NOT NULL THEN
        EXECUTE format('LOCK TABLE %I.settings IN SHARE ROW EXCLUSIVE MODE', workspace);
    END IF;
END
$$;

CREATE FUNCTION _clientele.workspace_create_schema(workspace text) RETURNS name
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF workspace = '' OR octet_length(workspace) > 63 OR strpos(workspace, 'pg_') > 0 THEN
        RAISE EXCEPTION 'invalid name of a workspace: "%"', workspace
            USING ERRCODE = 'invalid_name',
                HINT = 'Give a name of up to 63 bytes without pg_ in it: BI tools take that for the server''s own.';
    END IF;

    PERFORM _clientele.workspace_lock(workspace);
    PERFORM _clientele.workspace_check_owner(workspace);
    IF _clientele.workspace_owner(workspace) IS NOT NULL THEN
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

-- A query locks a view before those it stands on. Whoever changes them in another order could wait for a reader that waits
-- for it. LOCK TABLE would lock the orders too; an owner who stays the same locks the view alone.
CREATE FUNCTION _clientele.workspace_lock_views(workspace text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET citus.enable_ddl_propagation = off -- a statement of the engine for each view takes seconds
AS $$
DECLARE
    relation name;
BEGIN
    FOREACH relation IN ARRAY _clientele.workspace_relations() LOOP
        IF EXISTS (SELECT FROM pg_class c WHERE c.oid = to_regclass(format('%I.%I', workspace, relation)) AND c.relkind = 'v') THEN
            EXECUTE format('ALTER VIEW %I.%I OWNER TO CURRENT_USER', workspace, relation);
        END IF;
    END LOOP;
END
$$;

CREATE FUNCTION _clientele.workspace_drop_views(workspace text, cascade boolean) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    behaviour CONSTANT text := CASE WHEN cascade THEN 'CASCADE' ELSE 'RESTRICT' END;
    function regprocedure;
    relation name;
BEGIN
    PERFORM _clientele.workspace_lock_settings(workspace);
    PERFORM _clientele.workspace_stop_keeping(workspace); -- locks the orders
    PERFORM _clientele.workspace_lock_views(workspace);
    FOR function IN
        SELECT p.oid FROM _clientele.workspace_files() f
        JOIN pg_namespace n ON n.nspname = workspace
        JOIN pg_proc p ON p.pronamespace = n.oid AND p.proname = f.relation
        WHERE f.folder = 'functions'
    LOOP
        EXECUTE format('DROP FUNCTION %s %s', function, behaviour);
    END LOOP;
    FOREACH relation IN ARRAY _clientele.workspace_relations() LOOP
        IF EXISTS (SELECT FROM pg_class c WHERE c.oid = to_regclass(format('%I.%I', workspace, relation)) AND c.relkind = 'v') THEN
            EXECUTE format('DROP VIEW IF EXISTS %I.%I %s', workspace, relation, behaviour); -- with CASCADE another one's drop may have taken it
        END IF;
        IF _clientele.workspace_is_stored(workspace, relation) THEN
            EXECUTE format('DROP TABLE %I.%I %s', workspace, _clientele.workspace_data_name(relation), behaviour);
        END IF;
    END LOOP;
    PERFORM _clientele.workspace_drop_kept(workspace, cascade);
END
$$;

CREATE FUNCTION detach_orders(workspace text DEFAULT 'loyalty', cascade boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET jit = off
SET citus.enable_ddl_propagation = on
AS $$
DECLARE
    dependents text;
BEGIN
    PERFORM _clientele.workspace_enter(workspace);
    PERFORM _clientele.workspace_drop_views(workspace, cascade);
EXCEPTION WHEN dependent_objects_still_exist THEN
    GET STACKED DIAGNOSTICS dependents = PG_EXCEPTION_DETAIL;
    RAISE EXCEPTION '%', SQLERRM USING ERRCODE = 'dependent_objects_still_exist', DETAIL = dependents,
        HINT = format('To drop them too: SELECT detach_orders(%L, cascade => true);', workspace);
END
$$;
COMMENT ON FUNCTION detach_orders(text, boolean) IS
'Drops the views of a workspace and keeps its tables: settings, policies, segments and what was attached. For changing the orders table in ways that views stand against, such as the type of a column: afterwards upgrade_workspace() makes the views anew, or attach_orders() with other orders.
Arguments: workspace: name of the schema; cascade: whether to drop what else depends on the views, as DROP ... CASCADE does.
Errors: 3F000 if it is not a workspace, 42501 if it belongs to somebody else, 2BP01 if other objects depend on its views and cascade is false.';

CREATE FUNCTION drop_workspace(workspace text, cascade boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET jit = off
SET citus.enable_ddl_propagation = on
AS $$
DECLARE
    relation name;
    dependents text;
BEGIN
    PERFORM _clientele.workspace_enter(workspace);
    PERFORM _clientele.workspace_drop_views(workspace, cascade);
    FOREACH relation IN ARRAY _clientele.workspace_relations() LOOP
        IF EXISTS (SELECT FROM pg_class c WHERE c.oid = to_regclass(format('%I.%I', workspace, relation)) AND c.relkind = 'r') THEN
            EXECUTE format('DROP TABLE %I.%I %s', workspace, relation, CASE WHEN cascade THEN 'CASCADE' ELSE 'RESTRICT' END);
        END IF;
    END LOOP;
    EXECUTE format('DROP SCHEMA %I %s', workspace, CASE WHEN cascade THEN 'CASCADE' ELSE 'RESTRICT' END);
EXCEPTION WHEN dependent_objects_still_exist THEN
    GET STACKED DIAGNOSTICS dependents = PG_EXCEPTION_DETAIL;
    RAISE EXCEPTION '%', SQLERRM USING ERRCODE = 'dependent_objects_still_exist', DETAIL = dependents,
        HINT = format('To drop them too: SELECT drop_workspace(%L, cascade => true);', workspace);
END
$$;
COMMENT ON FUNCTION drop_workspace(text, boolean) IS
'Drops a workspace: its views and what they store, its settings, policies and segments, and its schema. The orders stay as they are.
Arguments: workspace: name of the schema; cascade: whether to drop as well what others have built on it or put into its schema, as DROP ... CASCADE does.
Errors: 3F000 if it is not a workspace, 42501 if it belongs to somebody else, 2BP01 if other objects depend on it or live in its schema and cascade is false: nothing is dropped then.';
