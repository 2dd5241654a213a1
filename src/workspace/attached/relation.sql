-- workspace: attaching a relation in a role, and detaching it

CREATE FUNCTION _clientele.workspace_check_relation(relation regclass, workspace text) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attachable record;
BEGIN
    SELECT c.relkind, c.relpersistence, n.nspname INTO attachable
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = relation;

    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no relation with OID %', relation::oid
            USING ERRCODE = 'undefined_table', HINT = 'Name the table of orders: attach_orders(''sales.orders'').';
    ELSIF attachable.relkind NOT IN ('r', 'p', 'v', 'm', 'f') THEN
        RAISE EXCEPTION '% cannot be attached', relation
            USING ERRCODE = 'wrong_object_type', HINT = 'Attach a table, a partitioned or foreign table, or a view.';
    ELSIF attachable.relpersistence = 't' THEN
        RAISE EXCEPTION '% cannot be attached: it is temporary', relation
            USING ERRCODE = 'wrong_object_type', HINT = 'Attach a table that other sessions can see too.';
    ELSIF attachable.nspname = workspace AND _clientele.workspace_owner(workspace) IS NOT NULL THEN
        RAISE EXCEPTION '% cannot be attached: it is part of the workspace', relation
            USING ERRCODE = 'wrong_object_type', HINT = 'Attach the orders themselves, or choose another workspace.';
    END IF;
END
$$;

CREATE FUNCTION _clientele.workspace_check_privileges(relation regclass, columns name[]) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    col name;
BEGIN
    FOREACH col IN ARRAY columns LOOP
        IF NOT has_column_privilege(relation, col, 'SELECT') THEN
            RAISE EXCEPTION 'permission denied to read column "%" of %', col, relation
                USING ERRCODE = 'insufficient_privilege',
                    HINT = format('Its owner can run: GRANT SELECT ON %s TO %I;', relation, current_user);
        END IF;
    END LOOP;
END
$$;

-- The columns that the same relation had by role when it was attached last.
CREATE FUNCTION _clientele.workspace_attached_columns(workspace text, relation regclass, relation_role text) RETURNS jsonb
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    known jsonb;
BEGIN
    IF _clientele.workspace_owner(workspace) IS NOT NULL THEN
        EXECUTE format('SELECT a.columns FROM %I.attached a WHERE a.relation_role = $1 AND to_regclass(a.relation) = $2', workspace)
        INTO known USING relation_role, relation;
    END IF;
    RETURN coalesce(known, '{}');
END
$$;

CREATE FUNCTION _clientele.workspace_attached(workspace text, relation_role text) RETURNS _clientele.attached_relation
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attached record;
BEGIN
    EXECUTE format('SELECT a.relation AS name, to_regclass(a.relation) AS relation, a.columns FROM %I.attached a WHERE a.relation_role = $1',
        workspace) INTO attached USING relation_role;
    IF attached.name IS NULL THEN
        RETURN NULL;
    ELSIF attached.relation IS NULL THEN
        RAISE EXCEPTION 'the attached table of %, %, does not exist any more', relation_role, attached.name
            USING ERRCODE = 'undefined_table', HINT = format('Run attach_%1$s() with its new name, or detach_%1$s(), first.', relation_role);
    END IF;
    RETURN ROW(relation_role, attached.relation, attached.columns)::_clientele.attached_relation;
END
$$;

-- With a word for those who renamed them, and without columns that were added since.
CREATE FUNCTION _clientele.workspace_attached_orders(workspace text) RETURNS _clientele.attached_relation
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attached record;
    missing text;
BEGIN
    EXECUTE format('SELECT a.relation AS name, to_regclass(a.relation) AS relation, a.columns FROM %I.attached a WHERE a.relation_role = ''orders''', workspace) INTO attached;
    IF attached.relation IS NULL THEN
        RAISE EXCEPTION 'the attached orders, %, do not exist any more', coalesce(attached.name, 'none')
            USING ERRCODE = 'undefined_table', HINT = format('Attach them by their new name: SELECT attach_orders(''...'', workspace => %L);', workspace);
    END IF;
    SELECT format('%I, the %s', c.value, c.key) INTO missing
    FROM jsonb_each_text(attached.columns) c
    JOIN _clientele.workspace_attached_roles() r ON r.relation_role = 'orders' AND r.role = c.key
    WHERE c.value <> '' AND NOT EXISTS (
        SELECT FROM pg_attribute a WHERE a.attrelid = attached.relation AND a.attname = c.value AND a.attnum > 0 AND NOT a.attisdropped)
    ORDER BY r."position"
    LIMIT 1;
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION 'the attached orders, %, do not have the column % any more', attached.name, missing
            USING ERRCODE = 'undefined_column',
                HINT = format('Attach them with its new name: SELECT attach_orders(%L, workspace => %L, %s => ''...'');', attached.name, workspace, substring(missing FROM ', the (.*)$'));
    END IF;
    RETURN ROW('orders'::text, attached.relation, attached.columns)::_clientele.attached_relation;
END
$$;

-- As the orders' customer is shown, type, case and collation: the parts of a union have to agree. A key out of the range of their type
-- is nobody there; NULL where it can be no customer at all.
CREATE FUNCTION _clientele.workspace_key_sql(orders_customer _clientele.attached_column, collation_name text, key _clientele.attached_column) RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    WITH shown AS (
        SELECT coalesce((SELECT x FROM unnest('{smallint,integer,bigint,numeric,uuid}'::regtype[]) x WHERE x = (orders_customer).type), 'text'::regtype) AS ours,
            coalesce((SELECT x FROM unnest('{smallint,integer,bigint,numeric,uuid}'::regtype[]) x WHERE x = (key).type), 'text'::regtype) AS theirs,
            (SELECT t.typname = 'citext' FROM pg_type t WHERE t.oid = (orders_customer).type) AS any_case
    ), whole AS (SELECT '{smallint,integer,bigint}'::regtype[] AS types)
    SELECT CASE
        WHEN ours = 'text'::regtype AND theirs = 'text'::regtype
            THEN format(CASE WHEN any_case THEN 'lower(%s)' ELSE '%s' END, _clientele.workspace_text_sql(key)) || coalesce(' COLLATE ' || collation_name, '')
        WHEN ours = theirs THEN format('o.%I::%s', (key).name, ours)
        WHEN ours = 'numeric'::regtype AND theirs = ANY (types) THEN format('o.%I::numeric', (key).name)
        WHEN ours = ANY (types) AND theirs = ANY (types || 'numeric'::regtype)
            THEN format('CASE WHEN o.%1$I BETWEEN %2$s AND %3$s AND o.%1$I = trunc(o.%1$I) THEN o.%1$I::%4$s END', (key).name,
                CASE ours WHEN 'smallint'::regtype THEN '-32768' WHEN 'integer'::regtype THEN '-2147483648' ELSE '-9223372036854775808' END,
                CASE ours WHEN 'smallint'::regtype THEN '32767' WHEN 'integer'::regtype THEN '2147483647' ELSE '9223372036854775807' END, ours)
        END
    FROM shown, whole
$$;

CREATE FUNCTION _clientele.workspace_customer_key_sql(workspace text, attached _clientele.attached_relation, role text, is_strict boolean DEFAULT true) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    key CONSTANT _clientele.attached_column := _clientele.workspace_role_column(attached, role);
    ours record;
    expression text;
BEGIN
    SELECT a.atttypid::regtype AS type, quote_ident(n.nspname) || '.' || quote_ident(c.collname) AS collation_name INTO ours
    FROM pg_attribute a
    LEFT JOIN pg_collation c ON c.oid = a.attcollation
    LEFT JOIN pg_namespace n ON n.oid = c.collnamespace
    WHERE a.attrelid = to_regclass(format('%I.order_rows', workspace)) AND a.attname = 'customer';
    expression := _clientele.workspace_key_sql(_clientele.workspace_role_column(_clientele.workspace_attached(workspace, 'orders'), 'customer'),
        CASE WHEN ours.type = 'text'::regtype THEN ours.collation_name END, key);
    IF expression IS NULL AND is_strict THEN
        RAISE EXCEPTION 'column "%" of % cannot be the customer of the orders: its type is %, theirs is %', key.name, attached.relation, key.type, ours.type
            USING ERRCODE = 'datatype_mismatch',
                HINT = format('Attach a view of %s with %I::%s, or detach it first.', attached.relation, key.name, ours.type);
    END IF;
    RETURN coalesce(expression, format('NULL::%s', ours.type));
END
$$;

CREATE FUNCTION _clientele.workspace_found_columns(relation regclass, relation_role text, given jsonb) RETURNS TABLE (role text, col _clientele.attached_column)
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT f.role, f.col
    FROM (
        SELECT r.role, r."position", _clientele.workspace_column(relation, r.role, given->>r.role, r.needed) AS col
        FROM _clientele.workspace_attached_roles() r
        WHERE r.relation_role = $2
        OFFSET 0) f
    WHERE (f.col).name IS NOT NULL
    ORDER BY f."position"
$$;

CREATE FUNCTION _clientele.workspace_attached_names(attached _clientele.attached_relation) RETURNS name[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT array_agg(c.value::name ORDER BY r."position")
    FROM jsonb_each_text((attached).columns) c
    JOIN _clientele.workspace_attached_roles() r ON r.relation_role = (attached).role AND r.role = c.key
    WHERE c.value <> ''
$$;

CREATE FUNCTION _clientele.workspace_write_attached(workspace text, attached _clientele.attached_relation) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format($dml$
        INSERT INTO %I.attached VALUES ($1, $2, $3)
        ON CONFLICT (relation_role) DO UPDATE SET relation = excluded.relation, columns = excluded.columns
        $dml$, workspace) USING attached.role, attached.relation::text, attached.columns;
END
$$;

-- Finds the columns of a relation by role, writes them down, and makes the views that read it. Columns left out of given are found,
-- none where empty; given also has what else was said, such as the scale.
CREATE FUNCTION _clientele.workspace_attach(workspace text, relation_role text, relation regclass, given jsonb) RETURNS SETOF @extschema@.attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET quote_all_identifiers = off
AS $$
DECLARE
    chosen jsonb;
    found record;
    attached _clientele.attached_relation;
BEGIN
    PERFORM _clientele.workspace_enter(workspace);
    PERFORM _clientele.workspace_choose_nodes(_clientele.workspace_known_storage(workspace));
    PERFORM _clientele.workspace_check_relation(relation, workspace);
    PERFORM _clientele.workspace_lock_relation(relation);
    chosen := _clientele.workspace_attached_columns(workspace, relation, relation_role) || jsonb_strip_nulls(given);
    FOR found IN SELECT f.role, (f.col).* FROM _clientele.workspace_found_columns(relation, relation_role, chosen) f LOOP
        PERFORM _clientele.workspace_check_privileges(relation, ARRAY[found.name]);
        chosen := chosen || jsonb_build_object(found.role, found.name);
        RETURN QUERY VALUES (_clientele.workspace_argument(found.role), format('column %I (%s), %s%s', found.name, found.type, found.found,
            CASE WHEN found.type = 'timestamp'::regtype THEN '; its clock is that of ' || nullif(chosen->>'stored_in', '') END),
            CASE WHEN relation_role = 'answers' AND found.role = 'customer'
                THEN _clientele.workspace_index_advice(relation, ROW(found.name, found.type, found.found)::_clientele.attached_column, 'the answers of one customer are found at once') END);
    END LOOP;
    attached := ROW(relation_role, relation, chosen);
    PERFORM _clientele.workspace_check_clocks(workspace, attached);
    IF relation_role = 'answers' THEN
        PERFORM _clientele.workspace_check_scores(attached);
    ELSIF relation_role = 'lines' THEN
        PERFORM _clientele.workspace_check_lines(workspace, attached);
    END IF;
    PERFORM _clientele.workspace_write_attached(workspace, attached);
    PERFORM _clientele.workspace_refresh_attached(workspace, relation_role);
END
$$;

-- Between detach_orders() and upgrade_workspace() there are no views.
CREATE FUNCTION _clientele.workspace_refresh_attached(workspace text, relation_role text) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    parts CONSTANT text[] := _clientele.workspace_parts(workspace);
    was_emptied boolean;
BEGIN
    IF NOT _clientele.workspace_has(workspace, 'order_rows') THEN
        RETURN;
    END IF;
    PERFORM _clientele.workspace_lock_views(workspace);
    PERFORM _clientele.workspace_make_all(workspace, '{tables}', parts);
    IF 'distributed' = ANY (parts) THEN
        PERFORM _clientele.workspace_announce(workspace);
    END IF;
    was_emptied := _clientele.workspace_make_rows(workspace, relation_role, _clientele.workspace_attached(workspace, relation_role));
    PERFORM _clientele.workspace_make_all(workspace, '{functions,views}', parts, CASE WHEN NOT was_emptied THEN relation_role END);
    IF was_emptied AND _clientele.workspace_known_storage(workspace) = 'incremental' THEN
        PERFORM _clientele.workspace_make_all(workspace, '{functions,views}', parts || '{incremental}'::text[], 'incremental');
    END IF;
    PERFORM _clientele.workspace_describe(workspace, parts);
    PERFORM _clientele.workspace_count_tables(workspace);
    IF 'materialized' = ANY (parts) THEN
        PERFORM _clientele.workspace_unplace_stored(workspace, parts);
        PERFORM _clientele.workspace_drop_stored(workspace);
        PERFORM _clientele.workspace_store(workspace, parts);
        PERFORM _clientele.workspace_refresh_readers(workspace, relation_role);
    END IF;
    PERFORM _clientele.workspace_hide_internal(workspace);
    PERFORM _clientele.workspace_remake_metabase_metadata(workspace);
END
$$;

-- What belongs to a relation goes, the dependent ones first, and what is another one with it is made as it is without.
CREATE FUNCTION _clientele.workspace_detach(workspace text, relation_role text) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET citus.enable_ddl_propagation = off
SET citus.multi_shard_modify_mode = parallel
AS $$
DECLARE
    made record;
BEGIN
    PERFORM _clientele.workspace_enter(workspace);
    PERFORM _clientele.workspace_choose_nodes(_clientele.workspace_known_storage(workspace));
    EXECUTE format('DELETE FROM %I.attached a WHERE a.relation_role = $1', workspace) USING relation_role;
    IF NOT _clientele.workspace_has(workspace, 'order_rows') THEN
        RETURN;
    END IF;
    PERFORM _clientele.workspace_lock_views(workspace);
    PERFORM _clientele.workspace_make_all(workspace, '{views}', _clientele.workspace_parts(workspace), relation_role);
    FOR made IN
        SELECT f.relation, f.folder FROM _clientele.workspace_files() f
        WHERE f.folder IN ('functions', 'views') AND relation_role = ANY (string_to_array(f.belongs_to, ', '))
        ORDER BY f.folder, f.place DESC
    LOOP
        EXECUTE format('DROP %s IF EXISTS %I.%I', rtrim(upper(made.folder), 'S'), workspace, made.relation);
        IF _clientele.workspace_is_stored(workspace, made.relation) THEN
            EXECUTE format('DROP TABLE %I.%I', workspace, _clientele.workspace_data_name(made.relation));
        END IF;
    END LOOP;
    PERFORM _clientele.workspace_refresh_attached(workspace, relation_role);
END
$$;

-- What is attached beside the orders, by the function that people call. An error of our own, in words, is told without the functions that
-- it came through; others, such as of a view that was attached, keep theirs.
CREATE FUNCTION _clientele.workspace_attach_other(workspace text, relation_role text, relation regclass, given jsonb) RETURNS SETOF @extschema@.attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET citus.enable_ddl_propagation = off
SET citus.multi_shard_modify_mode = parallel
AS $$
DECLARE
    refusal _clientele.refusal;
BEGIN
    IF relation IS NULL OR workspace IS NULL THEN
        RAISE EXCEPTION '% and workspace must not be NULL', CASE relation_role WHEN 'survey' THEN 'answers' ELSE relation_role END
            USING ERRCODE = 'null_value_not_allowed', HINT = format('Name the table: attach_%1$s(''sales.%1$s'').', relation_role);
    END IF;
    IF relation_role = 'customers' THEN
        RETURN QUERY SELECT f.* FROM _clientele.workspace_attach_customers(workspace, relation, jsonb_strip_nulls(given)) f;
    ELSE
        RETURN QUERY SELECT f.* FROM _clientele.workspace_attach(workspace, relation_role, relation, given) f;
    END IF;
    RETURN QUERY SELECT f.* FROM _clientele.workspace_findings(workspace, relation_role) f;
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS refusal.state = RETURNED_SQLSTATE, refusal.message = MESSAGE_TEXT, refusal.hint = PG_EXCEPTION_HINT, refusal.raised_by = PG_EXCEPTION_CONTEXT;
    IF NOT _clientele.workspace_is_refusal(refusal) THEN
        RAISE;
    END IF;
    PERFORM _clientele.workspace_refuse(refusal.state, refusal.message, NULL, refusal.hint, NULL);
END
$$;

CREATE FUNCTION _clientele.workspace_is_refusal(refusal _clientele.refusal) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN (refusal).hint <> '' AND split_part((refusal).raised_by, chr(10), 1) LIKE 'PL/pgSQL function _clientele.% at RAISE';
