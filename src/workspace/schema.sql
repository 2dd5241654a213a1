-- workspace: its schema, and taking it away again

CREATE FUNCTION workspace_relations() RETURNS name[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN '{_metabase_metadata,customer_timeline,customer_changes,funnel_summary,funnel_steps,funnel_passes,journey_absorption,journey,journey_steps,touchpoint_events,
    sources,referrals,customer_referrers,source_costs,survey_by_dimension,survey_tallies,survey_quality,survey_answers,open_questions,touchpoint_groups,touchpoint_scorecard,
    cohorts_by_dimension,retention_by_dimension,first_purchase,customer_dimensions,retention_value,nps_summary,nps_by_period,nps_by_touchpoint,
    nps_by_segment,improvements,voice_of_customer,feedback_inbox,response_times,answer_quality,overview,nps_of_period,answers_enriched,revenue_by_period,repeat_purchase,
    retention_cohorts,retention_by_period,segment_profile,customer_preferences,first_orders,changed_first_orders,orders_enriched,lifecycle_migration,cell_migration,class_history,win_back,at_risk,second_order_due,
    express_test,rfm_segments,lifecycle_summary,abc_xyz_matrix,abc_summary,customers,customer_classes,customer_figures,customer_details,rfm_cells,
    data_quality,customer_history,order_history,reporting_date,applied_settings,order_history_data,customer_preferences_data,first_orders_data,order_days_data,order_changes,missed_changes,fold_state,
    funnel_stages,touchpoint_ratings,touchpoint_catalogue,questions,knowledge_base,segments,approaches,nps_advice,benchmarks,policies,attached,settings}'::name[];
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
                HINT = CASE stranger WHEN 'pg_database_owner' THEN 'Choose another with workspace => ''...''.'
                    ELSE format('Run SET ROLE %I first, or choose another with workspace => ''...''.', stranger) END;
    END IF;
END
$$;
COMMENT ON FUNCTION workspace_check_owner(text) IS
'Internal to attach_orders(): Checks that a schema and what a workspace has in it belong to the caller.
Errors: 42501 otherwise.';

CREATE FUNCTION workspace_check_exists(workspace text) RETURNS void
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF @extschema@.workspace_owner(workspace) IS NULL THEN
        RAISE EXCEPTION '"%" is not a workspace', workspace
            USING ERRCODE = 'invalid_schema_name',
                HINT = coalesce((
                    SELECT 'There are: ' || string_agg(n.nspname, ', ' ORDER BY n.nspname)
                    FROM pg_namespace n WHERE @extschema@.workspace_owner(n.nspname) IS NOT NULL),
                    'There is none in this database; attach_orders() makes one.');
    END IF;
END
$$;
COMMENT ON FUNCTION workspace_check_exists(text) IS
'Internal to attach_orders(): Checks that there is such a workspace.
Errors: 3F000 otherwise.';

-- Whoever changes a workspace keeps others from it, who after waiting may find it gone, or made. A stranger does not
-- come as far as the lock.
CREATE FUNCTION workspace_lock(workspace text, shared boolean DEFAULT false) RETURNS void
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
COMMENT ON FUNCTION workspace_lock(text, boolean) IS
'Internal to attach_orders(): Waits until no other transaction changes a workspace, and keeps others from it until the transaction ends.
Arguments: workspace; shared: whether others may do so beside it who share it too.';

CREATE FUNCTION workspace_enter(workspace text, shared boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_check_exists(workspace);
    PERFORM @extschema@.workspace_check_owner(workspace);
    PERFORM @extschema@.workspace_lock(workspace, shared);
    PERFORM @extschema@.workspace_check_exists(workspace);
    PERFORM @extschema@.workspace_check_owner(workspace);
END
$$;
COMMENT ON FUNCTION workspace_enter(text, boolean) IS
'Internal to attach_orders(): Locks a workspace that there is and that belongs to the caller.
Arguments: as workspace_lock() has them.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else.';

-- Who drops a table with CASCADE holds it and waits for its views, so nobody may hold these and wait for the table.
CREATE FUNCTION workspace_lock_relation(relation regclass) RETURNS void
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
COMMENT ON FUNCTION workspace_lock_relation(regclass) IS
'Internal to attach_orders(): Keeps a relation from being dropped or altered until the transaction ends, as a query on it does.
Errors: 42P01 where it was.';

CREATE FUNCTION workspace_lock_attached(workspace name) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attached record;
BEGIN
    FOR attached IN EXECUTE format('SELECT to_regclass(a.relation) AS relation FROM %I.attached a ORDER BY a.relation_role <> ''orders'', a.relation', workspace) LOOP
        PERFORM @extschema@.workspace_lock_relation(attached.relation);
    END LOOP;
END
$$;
COMMENT ON FUNCTION workspace_lock_attached(name) IS
'Internal to refresh_workspace(): Keeps what is attached to a workspace from being dropped or altered until the transaction ends, the orders first.
Errors: 42P01 where it was.';

-- Who changes settings may come to wait for the orders, and holds them.
CREATE FUNCTION workspace_lock_settings(workspace name) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF to_regclass(format('%I.settings', workspace)) IS NOT NULL THEN
        EXECUTE format('LOCK TABLE %I.settings IN SHARE ROW EXCLUSIVE MODE', workspace);
    END IF;
END
$$;
COMMENT ON FUNCTION workspace_lock_settings(name) IS
'Internal to attach_orders(): Keeps the settings of a workspace from being changed until the transaction ends; they can be read.';

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

    PERFORM @extschema@.workspace_lock(workspace);
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

-- A query locks a view before those it stands on. Whoever changes them in another order could wait for a reader that waits
-- for it. LOCK TABLE would lock the orders too; an owner who stays the same locks the view alone.
CREATE FUNCTION workspace_lock_views(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    relation name;
BEGIN
    FOREACH relation IN ARRAY @extschema@.workspace_relations() LOOP
        IF EXISTS (SELECT FROM pg_class c WHERE c.oid = to_regclass(format('%I.%I', workspace, relation)) AND c.relkind = 'v') THEN
            EXECUTE format('ALTER VIEW %I.%I OWNER TO CURRENT_USER', workspace, relation);
        END IF;
    END LOOP;
END
$$;
COMMENT ON FUNCTION workspace_lock_views(name) IS
'Internal to attach_orders(): Locks the views of a workspace as queries do, the dependent ones first.';

CREATE FUNCTION workspace_drop_views(workspace name, cascade boolean) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    relation name;
    behaviour CONSTANT text := CASE WHEN cascade THEN 'CASCADE' ELSE 'RESTRICT' END;
BEGIN
    PERFORM @extschema@.workspace_lock_settings(workspace);
    PERFORM @extschema@.workspace_stop_keeping(workspace); -- locks the orders
    PERFORM @extschema@.workspace_lock_views(workspace);
    EXECUTE format('DROP FUNCTION IF EXISTS %1$I.check_segments(), %1$I.find_answers(text, integer) %2$s', workspace, behaviour);
    FOR relation IN
        SELECT r.relation
        FROM unnest(@extschema@.workspace_relations()) WITH ORDINALITY r(relation, "position")
        JOIN pg_class c ON c.oid = to_regclass(format('%I.%I', workspace, r.relation)) AND c.relkind = 'v'
        ORDER BY r."position"
    LOOP
        EXECUTE format('DROP VIEW IF EXISTS %I.%I %s', workspace, relation, behaviour);
        IF @extschema@.workspace_is_stored(workspace, relation) THEN
            EXECUTE format('DROP MATERIALIZED VIEW %I.%I %s', workspace, @extschema@.workspace_data_name(relation), behaviour);
        END IF;
    END LOOP;
    PERFORM @extschema@.workspace_drop_kept(workspace, cascade);
END
$$;
COMMENT ON FUNCTION workspace_drop_views(name, boolean) IS
'Internal to drop_workspace(): Drops the views of a workspace and what is stored for them, the dependent ones first.
Arguments: workspace; cascade: whether to drop what other people have built on them as well.
Errors: 2BP01 if there is such a thing and it is not to be dropped.';

CREATE FUNCTION detach_orders(workspace text DEFAULT 'loyalty', cascade boolean DEFAULT false) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
DECLARE
    dependents text;
BEGIN
    PERFORM @extschema@.workspace_enter(workspace);
    PERFORM @extschema@.workspace_drop_views(workspace, cascade);
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
AS $$
DECLARE
    relation name;
    dependents text;
BEGIN
    PERFORM @extschema@.workspace_enter(workspace);
    PERFORM @extschema@.workspace_drop_views(workspace, cascade);
    FOREACH relation IN ARRAY @extschema@.workspace_relations() LOOP
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
