-- workspace: relations attached beside the orders, whose rows belong to the orders' customers

-- As the orders' customer is shown, type, case and collation: the parts of a union have to agree. A key out of the range
-- of their type is nobody there.
CREATE FUNCTION workspace_customer_key_sql(orders_customer order_column, collation_name text, key order_column) RETURNS text
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
            THEN format(CASE WHEN any_case THEN 'lower(o.%I::text)' ELSE 'o.%I::text' END, (key).name) || coalesce(' COLLATE ' || collation_name, '')
        WHEN ours = theirs THEN format('o.%I::%s', (key).name, ours)
        WHEN ours = 'numeric'::regtype AND theirs = ANY (types) THEN format('o.%I::numeric', (key).name)
        WHEN ours = ANY (types) AND theirs = ANY (types || 'numeric'::regtype)
            THEN format('CASE WHEN o.%1$I BETWEEN %2$s AND %3$s AND o.%1$I = trunc(o.%1$I) THEN o.%1$I::%4$s END', (key).name,
                CASE ours WHEN 'smallint'::regtype THEN '-32768' WHEN 'integer'::regtype THEN '-2147483648' ELSE '-9223372036854775808' END,
                CASE ours WHEN 'smallint'::regtype THEN '32767' WHEN 'integer'::regtype THEN '2147483647' ELSE '9223372036854775807' END, ours)
        END
    FROM shown, whole
$$;
COMMENT ON FUNCTION workspace_customer_key_sql(order_column, text, order_column) IS
'Internal to attach_customers(): The SQL expression of the key of a row o of customers as a customer of the orders, NULL where it cannot be one.';

CREATE FUNCTION workspace_checked_customer_key_sql(workspace name, customers regclass, orders_customer order_column, key order_column) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ours record;
    expression text;
BEGIN
    SELECT a.atttypid::regtype AS type, quote_ident(n.nspname) || '.' || quote_ident(c.collname) AS collation_name INTO ours
    FROM pg_attribute a
    LEFT JOIN pg_collation c ON c.oid = a.attcollation
    LEFT JOIN pg_namespace n ON n.oid = c.collnamespace
    WHERE a.attrelid = to_regclass(format('%I.customer_history', workspace)) AND a.attname = 'customer';
    expression := @extschema@.workspace_customer_key_sql(orders_customer, CASE WHEN ours.type = 'text'::regtype THEN ours.collation_name END, key);
    IF expression IS NULL THEN
        RAISE EXCEPTION 'column "%" of % cannot be the customer of the orders: its type is %, theirs is %', key.name, customers, key.type, ours.type
            USING ERRCODE = 'datatype_mismatch',
                HINT = format('Attach a view of %s with %I::%s, or detach it first.', customers, key.name, ours.type);
    END IF;
    RETURN expression;
END
$$;
COMMENT ON FUNCTION workspace_checked_customer_key_sql(name, regclass, order_column, order_column) IS
'Internal to attach_customers(): The SQL expression of the key of a row o of customers as a customer of the orders.
Errors: 42804 where it cannot be one.';

CREATE FUNCTION workspace_attached_relation(workspace name, relation_role text, orders_customer order_column) RETURNS attached_relation
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attached record;
    key text;
BEGIN
    EXECUTE format('SELECT a.relation AS name, to_regclass(a.relation) AS relation, a.columns FROM %I.attached a WHERE a.relation_role = $1',
        workspace) INTO attached USING relation_role;
    IF attached.name IS NULL THEN
        RETURN NULL;
    ELSIF attached.relation IS NULL THEN
        RAISE EXCEPTION 'the attached table of %, %, does not exist any more', relation_role, attached.name
            USING ERRCODE = 'undefined_table', HINT = format('Run attach_%1$s() with its new name, or detach_%1$s(), first.', relation_role);
    END IF;
    IF attached.columns ? 'customer' THEN
        key := @extschema@.workspace_checked_customer_key_sql(workspace, attached.relation, orders_customer,
            @extschema@.workspace_given_column(attached.relation, 'customer_key', attached.columns->>'customer'));
    END IF;
    RETURN ROW(attached.relation, key, attached.columns);
END
$$;
COMMENT ON FUNCTION workspace_attached_relation(name, text, order_column) IS
'Internal to attach_orders(): The relation that is attached to a workspace in a role, NULL without one.
Errors: 42P01 where it does not exist any more, 42804 where its key cannot be a customer of the orders.';

CREATE FUNCTION workspace_orders_customer(workspace text) RETURNS order_column
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    orders record;
BEGIN
    EXECUTE format('SELECT a.relation::regclass AS relation, a.columns FROM %I.attached a WHERE a.relation_role = ''orders''', workspace) INTO orders;
    RETURN @extschema@.workspace_given_column(orders.relation, 'customer', orders.columns->>'customer');
END
$$;
COMMENT ON FUNCTION workspace_orders_customer(text) IS
'Internal to attach_orders(): The column of the orders that holds the customer.';

CREATE FUNCTION workspace_attach_relation(workspace text, relation_role text, relation regclass, given jsonb) RETURNS SETOF attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET quote_all_identifiers = off
AS $$
DECLARE
    chosen jsonb;
    wanted record;
    col @extschema@.order_column;
BEGIN
    PERFORM @extschema@.workspace_enter(workspace);
    PERFORM @extschema@.workspace_check_relation(relation, workspace);
    PERFORM @extschema@.workspace_lock_relation(relation);
    chosen := @extschema@.workspace_attached_columns(workspace, relation, relation_role) || jsonb_strip_nulls(given);
    FOR wanted IN SELECT r.role, r.needed FROM @extschema@.workspace_attached_roles() r WHERE r.relation_role = $2 LOOP
        col := @extschema@.workspace_column(relation, wanted.role, chosen->>wanted.role, wanted.needed);
        CONTINUE WHEN col.name IS NULL;
        PERFORM @extschema@.workspace_check_privileges(relation, ARRAY[col.name]);
        chosen := chosen || jsonb_build_object(wanted.role, col.name);
        RETURN QUERY VALUES (wanted.role, format('column %I (%s), %s', col.name, col.type, col.found), NULL);
    END LOOP;
    EXECUTE format($dml$
        INSERT INTO %I.attached VALUES ($1, $2, $3)
        ON CONFLICT (relation_role) DO UPDATE SET relation = excluded.relation, columns = excluded.columns
        $dml$, workspace) USING relation_role, relation::text, chosen;
    PERFORM @extschema@.workspace_refresh_attached(workspace, relation_role);
END
$$;
COMMENT ON FUNCTION workspace_attach_relation(text, text, regclass, jsonb) IS
'Internal to attach_orders(): Finds the columns of a relation by role, writes them down, and makes the views that read it.
Arguments: workspace; relation_role: one of workspace_attached_roles(); relation; given: names of columns by role, those left out are found, none where empty.
Result: rows of topic, finding and advice.
Errors: 3F000 without such a workspace, 42703 for a missing column, 42702 for several that might be meant, 42804 for a type that does not fit, 42809 for what is no table or view, 42501 without SELECT on the columns or for a workspace of somebody else.';

CREATE FUNCTION workspace_refresh_attached(workspace name, relation_role text) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Between detach_orders() and upgrade_workspace() there are no views.
    IF to_regclass(format('%I.customer_history', workspace)) IS NOT NULL THEN
        PERFORM @extschema@.workspace_lock_views(workspace);
        EXECUTE format('SELECT %s.%I($1, $2)', '@extschema@', 'workspace_create_' || relation_role || '_views')
        USING workspace, @extschema@.workspace_orders_customer(workspace);
        PERFORM @extschema@.workspace_count_tables(workspace);
        PERFORM @extschema@.workspace_store_attached(workspace, relation_role);
        PERFORM @extschema@.workspace_refresh_timeline(workspace);
    END IF;
END
$$;
COMMENT ON FUNCTION workspace_refresh_attached(name, text) IS
'Internal to attach_orders(): Makes the views that read the relation attached in a role.';

CREATE FUNCTION workspace_store_attached(workspace name, relation_role text) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    views CONSTANT name[] := CASE relation_role
        WHEN 'answers' THEN '{answers_enriched,answer_quality}'
        WHEN 'survey' THEN '{survey_answers,survey_tallies,survey_by_dimension,survey_quality}'
        WHEN 'touchpoints' THEN @extschema@.workspace_touchpoint_views()
        ELSE '{}' END;
BEGIN
    IF @extschema@.workspace_is_stored(workspace, 'order_history') THEN
        PERFORM @extschema@.workspace_drop_stored(workspace, views);
        PERFORM @extschema@.workspace_store(workspace, views);
    END IF;
END
$$;
COMMENT ON FUNCTION workspace_store_attached(name, text) IS
'Internal to attach_orders(): Stores those views of an attached relation that are to be stored, where the workspace stores figures.';

CREATE FUNCTION workspace_create_attached_views(workspace name, orders_customer order_column) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attached_role text;
BEGIN
    FOR attached_role IN EXECUTE format('SELECT a.relation_role FROM %I.attached a WHERE a.relation_role NOT IN (''orders'', ''customers'') ORDER BY 1', workspace) LOOP
        EXECUTE format('SELECT %s.%I($1, $2)', '@extschema@', 'workspace_create_' || attached_role || '_views') USING workspace, orders_customer;
    END LOOP;
END
$$;
COMMENT ON FUNCTION workspace_create_attached_views(name, order_column) IS
'Internal to attach_orders(): Makes the views of everything that is attached beside orders and customers.';

CREATE FUNCTION workspace_detach_relation(workspace text, relation_role text, views name[]) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    view name;
BEGIN
    PERFORM @extschema@.workspace_enter(workspace);
    PERFORM @extschema@.workspace_lock_views(workspace);
    FOREACH view IN ARRAY views LOOP
        CONTINUE WHEN to_regclass(format('%I.%I', workspace, view)) IS NULL;
        EXECUTE format('DROP VIEW %I.%I', workspace, view);
        IF @extschema@.workspace_is_stored(workspace, view) THEN
            EXECUTE format('DROP MATERIALIZED VIEW %I.%I', workspace, @extschema@.workspace_data_name(view));
        END IF;
    END LOOP;
    EXECUTE format('DELETE FROM %I.attached a WHERE a.relation_role = $1', workspace) USING relation_role;
    PERFORM @extschema@.workspace_refresh_timeline(workspace);
END
$$;
COMMENT ON FUNCTION workspace_detach_relation(text, text, name[]) IS
'Internal to attach_orders(): Drops the views that read a relation and what they store, and forgets it.
Arguments: workspace; relation_role; views: the dependent ones first.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else, 2BP01 if something else stands on the views.';
