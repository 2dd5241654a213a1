-- workspace: moving pending changes into what is stored, and comparing both with the orders

CREATE FUNCTION workspace_put_sql(workspace name, view name, keys name[], query text) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('INSERT INTO %1$I.%2$I AS d (%3$s) SELECT %3$s FROM %4$s ORDER BY %5$s ON CONFLICT (%5$s) DO UPDATE SET %6$s',
        workspace, @extschema@.workspace_data_name(view), string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum), query,
        (SELECT string_agg(quote_ident(k), ', ' ORDER BY n) FROM unnest(keys) WITH ORDINALITY u(k, n)),
        string_agg(format('%1$I = excluded.%1$I', a.attname), ', ' ORDER BY a.attnum) FILTER (WHERE NOT a.attname = ANY (keys)))
    FROM pg_attribute a
    WHERE a.attrelid = to_regclass(format('%I.%I', workspace, @extschema@.workspace_data_name(view))) AND a.attnum > 0 AND NOT a.attisdropped
$$;
COMMENT ON FUNCTION workspace_put_sql(name, name, name[], text) IS
'Internal to fold_workspace(): The statement that puts rows into what is stored.
Arguments: workspace; view, keys: as in workspace_kept_views(); query: a FROM clause for the rows, with a WHERE or without.';

CREATE FUNCTION workspace_gone_sql(workspace name, view name, keys name[], customers text, query text) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('DELETE FROM %I.%I d WHERE d.customer IN (SELECT x.customer FROM %s x) AND NOT EXISTS (SELECT FROM %s AND h.customer = d.customer%s)',
        workspace, @extschema@.workspace_data_name(view), customers, query,
        (SELECT coalesce(string_agg(format(' AND h.%1$I IS NOT DISTINCT FROM d.%1$I', k), ''), '') FROM unnest(keys) k WHERE k <> 'customer'))
$$;
COMMENT ON FUNCTION workspace_gone_sql(name, name, name[], text, text) IS
'Internal to fold_workspace(): The statement that deletes stored rows of customers that are not there any more.
Arguments: workspace; view, keys: as in workspace_kept_views(); customers: a relation with them; query: a FROM clause with a WHERE for the rows h that are there.';

CREATE FUNCTION workspace_fold_part_sql(workspace name, view name, keys name[], changed text, present text, put text, affected text) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format(E'%I AS MATERIALIZED (%s),\n%I AS (%s)', view, changed,
            'put_' || view, @extschema@.workspace_put_sql(workspace, view, keys, format('%I h WHERE %s', view, put)))
        || CASE WHEN view <> 'shop_history' THEN format(E',\n%I AS (%s)', 'gone_' || view,
            @extschema@.workspace_gone_sql(workspace, view, keys, g.customers, format('%I h WHERE %s', view, present))) ELSE '' END
    FROM (SELECT CASE affected WHEN 'true' THEN 'change'
        ELSE format('(SELECT c.customer FROM %1$I.order_changes c JOIN %1$I.%2$I d ON d.customer = c.customer WHERE %3$s)',
            workspace, @extschema@.workspace_data_name(view), affected) END AS customers) g
$$;
COMMENT ON FUNCTION workspace_fold_part_sql(name, name, name[], text, text, text, text) IS
'Internal to fold_workspace(): The parts of its statement that move the pending changes of one view into what is stored.
Arguments: workspace; view, keys, changed, present, put, affected: as in workspace_kept_views().';

CREATE FUNCTION workspace_fold_body(workspace name, orders regclass, columns order_columns) RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    -- One statement, and so one snapshot: what it deletes is what it adds. Planned each time, as tables grow.
    SELECT format($body$
DECLARE
    folded bigint := 0;
BEGIN
    IF EXISTS (SELECT FROM %1$I.order_changes) THEN
        EXECUTE %2$L INTO folded;
    END IF;
    RETURN folded;
END
$body$, workspace, format($query$
WITH change AS (DELETE FROM %1$I.order_changes RETURNING customer),
%2$s,
state AS (
    INSERT INTO %1$I.fold_state AS f SELECT true, q.last_value, now() FROM %3$s q
    ON CONFLICT (one_row) DO UPDATE SET folded_up_to = excluded.folded_up_to, folded_at = excluded.folded_at)
SELECT count(*) FROM change$query$, workspace,
        string_agg(@extschema@.workspace_fold_part_sql(workspace, k.view, k.keys, k.changed, k.present, k.put, k.affected), E',\n'),
        pg_get_serial_sequence(format('%I.order_changes', workspace), 'id')))
    FROM @extschema@.workspace_kept_views(workspace, orders, columns) k
$$;
COMMENT ON FUNCTION workspace_fold_body(name, regclass, order_columns) IS
'Internal to fold_workspace(): The body of the function of a workspace that moves pending changes into what is stored.';

CREATE FUNCTION workspace_check_kept(workspace text) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_enter(workspace, true);
    IF @extschema@.workspace_known_storage(workspace) <> 'incremental' OR @extschema@.workspace_keeping_function(workspace) IS NULL THEN
        RAISE EXCEPTION 'nothing is kept by triggers in workspace "%"', workspace
            USING ERRCODE = 'object_not_in_prerequisite_state',
                HINT = 'To have that attach the orders again with storage => ''incremental''.';
    END IF;
    PERFORM @extschema@.workspace_lock_attached(workspace);
END
$$;
COMMENT ON FUNCTION workspace_check_kept(text) IS
'Internal to fold_workspace(): Checks that triggers keep the histories of a workspace of the caller''s, and keeps it from being changed until the transaction ends.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else, 55000 with other storage.';

CREATE FUNCTION fold_workspace(workspace text DEFAULT 'loyalty') RETURNS bigint
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET clientele.keeping = 'on'
AS $$
DECLARE
    folded bigint;
BEGIN
    PERFORM @extschema@.workspace_check_kept(workspace);
    PERFORM pg_advisory_xact_lock(@extschema@.workspace_fold_key(workspace));
    EXECUTE format('SELECT %I.fold_order_changes()', workspace) INTO folded;
    RETURN folded;
END
$$;
COMMENT ON FUNCTION fold_workspace(text) IS
'Moves pending changes of the orders into the stored histories of a workspace with incremental storage. What its views show is the same before and after, but is read faster. Neither writers nor readers wait; where pending changes pass settings.fold_after, the writer that makes the last of them does this by itself.
Arguments: workspace: name of the schema.
Result: number of pending changes that were folded, one for each customer, source and category that a statement changed.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else, 55000 with other storage, 40001 in a REPEATABLE READ transaction that began before another fold ended.';

CREATE TYPE attached_orders AS (
    relation regclass,
    columns order_columns
);
COMMENT ON TYPE attached_orders IS
'Internal to fold_workspace(): The orders attached to a workspace, and their columns';

CREATE FUNCTION workspace_attached_orders(workspace text) RETURNS attached_orders
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
    WHERE c.value <> '' AND NOT @extschema@.workspace_has_columns(attached.relation, ARRAY[c.value::name])
    ORDER BY @extschema@.workspace_role_position('orders', c.key)
    LIMIT 1;
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION 'the attached orders, %, do not have the column % any more', attached.name, missing
            USING ERRCODE = 'undefined_column',
                HINT = format('Attach them with its new name: SELECT attach_orders(%L, workspace => %L, %s => ''...'');', attached.name, workspace, substring(missing FROM ', the (.*)$'));
    END IF;
    RETURN ROW(attached.relation, @extschema@.workspace_order_columns(attached.relation,
        '{"order_id": "", "source": "", "category": "", "profit": ""}'::jsonb || attached.columns))::@extschema@.attached_orders;
END
$$;
COMMENT ON FUNCTION workspace_attached_orders(text) IS
'Internal to fold_workspace(): The orders attached to a workspace, and their columns, without those that were added since.
Errors: 42P01 if they are gone, 42703 if one of their columns is.';

CREATE TYPE history_difference AS (
    customer text,
    what text,
    stored text,
    actual text
);
COMMENT ON TYPE history_difference IS
'Where what triggers keep differs from the orders: the customer (empty for orders without one, and for the shop), which view and column, what is stored there with pending changes, and what the orders say';

CREATE FUNCTION workspace_differences_sql(view name, keys name[]) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- Whole rows are compared by type; only those that differ are taken apart.
    SELECT format($query$
    SELECT a.keys->>'customer' AS customer, %1$L || a.name || coalesce(' of ' || nullif((a.keys - 'customer' - 'one_row')::text, '{}'), '') AS what,
        max(a.value) FILTER (WHERE NOT a.is_actual) AS stored, max(a.value) FILTER (WHERE a.is_actual) AS actual
    FROM (
        SELECT r.is_actual, v.key AS name, v.value, to_jsonb(r.row) - ARRAY(SELECT jsonb_object_keys(to_jsonb(r.row)) EXCEPT SELECT unnest(%4$L::text[])) AS keys
        FROM (
            SELECT false AS is_actual, x AS row FROM (SELECT * FROM %2$I EXCEPT ALL SELECT * FROM %3$I) x
            UNION ALL
            SELECT true, x FROM (SELECT * FROM %3$I EXCEPT ALL SELECT * FROM %2$I) x) r
        CROSS JOIN LATERAL jsonb_each_text(to_jsonb(r.row)) v
        WHERE NOT v.key = ANY (%4$L)) a
    GROUP BY a.keys, a.name
    HAVING max(a.value) FILTER (WHERE NOT a.is_actual) IS DISTINCT FROM max(a.value) FILTER (WHERE a.is_actual)$query$,
        view || '.', view, 'actual_' || view, keys)
$$;
COMMENT ON FUNCTION workspace_differences_sql(name, name[]) IS
'Internal to verify_workspace(): The query for the differences between two relations, one of the name of a view and one with actual_ before it.';

CREATE FUNCTION workspace_repair_sql(workspace name, view name, keys name[]) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE view WHEN 'shop_history'
    THEN format(',%I AS (%s)', 'put_' || view, @extschema@.workspace_put_sql(workspace, view, keys, format('%I h', 'actual_' || view)))
    ELSE format($query$,
%1$I AS (%2$s),
%3$I AS (%4$s),
%5$I AS (DELETE FROM %6$I.%7$I d WHERE d.customer IS NULL AND NOT EXISTS (SELECT FROM %8$I h WHERE h.customer IS NULL))$query$,
        'put_' || view, @extschema@.workspace_put_sql(workspace, view, keys,
            format('%I h WHERE h.customer IS NULL OR h.customer IN (SELECT w.customer FROM wrong w)', 'actual_' || view)),
        'gone_' || view, @extschema@.workspace_gone_sql(workspace, view, keys, 'wrong', format('%I h WHERE true', 'actual_' || view)),
        'nobody_' || view, workspace, @extschema@.workspace_data_name(view), 'actual_' || view) END
$$;
COMMENT ON FUNCTION workspace_repair_sql(name, name, name[]) IS
'Internal to verify_workspace(): The statements that put right what is stored for the customers of the relation wrong.';

CREATE FUNCTION workspace_verify_sql(workspace text, orders regclass, columns order_columns, repair boolean) RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    -- A repair leaves nothing pending that it saw, and puts in place what the orders say of everybody concerned.
    SELECT format('WITH %s%s SELECT * FROM (%s) d ORDER BY what, customer',
        string_agg(format(E'%I AS MATERIALIZED (%s),\n%I AS MATERIALIZED (%s)', k.view,
            @extschema@.workspace_current_sql(workspace, k.view, k.changed, k.present, k.affected), 'actual_' || k.view, k.actual), E',\n'),
        CASE WHEN repair THEN
            format(E',\nchange AS (DELETE FROM %I.order_changes RETURNING customer),\nwrong AS MATERIALIZED (SELECT c.customer FROM change c%s)',
                workspace, string_agg(CASE WHEN k.view <> 'shop_history' THEN
                    format(' UNION (SELECT x.customer FROM (SELECT * FROM %1$I EXCEPT ALL SELECT * FROM %2$I) x)'
                        ' UNION (SELECT x.customer FROM (SELECT * FROM %2$I EXCEPT ALL SELECT * FROM %1$I) x)', k.view, 'actual_' || k.view) END, ''))
            || string_agg(@extschema@.workspace_repair_sql(workspace, k.view, k.keys), '') END,
        string_agg(@extschema@.workspace_differences_sql(k.view, k.keys), E'\n    UNION ALL'))
    FROM @extschema@.workspace_kept_views(workspace, orders, columns) k
$$;
COMMENT ON FUNCTION workspace_verify_sql(text, regclass, order_columns, boolean) IS
'Internal to verify_workspace(): Its statement.';

CREATE FUNCTION verify_workspace(workspace text DEFAULT 'loyalty', repair boolean DEFAULT false) RETURNS SETOF history_difference
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET clientele.keeping = 'on'
AS $$
DECLARE
    orders @extschema@.attached_orders;
BEGIN
    PERFORM @extschema@.workspace_check_kept(workspace);
    orders := @extschema@.workspace_attached_orders(workspace);
    IF repair THEN
        PERFORM pg_advisory_xact_lock(@extschema@.workspace_fold_key(workspace));
    END IF;
    RETURN QUERY EXECUTE @extschema@.workspace_verify_sql(workspace, orders.relation, orders.columns, repair);
    RETURN QUERY
        SELECT NULL, 'triggers', format('none on %s', t), 'attach the orders again to have them'
        FROM @extschema@.workspace_tree(orders.relation) t
        WHERE NOT EXISTS (
            SELECT FROM pg_trigger x WHERE x.tgrelid = t AND x.tgfoid = @extschema@.workspace_keeping_function(workspace));
    RETURN QUERY
        SELECT DISTINCT NULL, 'triggers', format('on %s', x.tgrelid::regclass), 'no part of the orders: attach them again before it is written to'
        FROM pg_trigger x
        WHERE x.tgfoid = @extschema@.workspace_keeping_function(workspace) AND x.tgrelid NOT IN (SELECT t FROM @extschema@.workspace_tree(orders.relation) t);
END
$$;
COMMENT ON FUNCTION verify_workspace(text, boolean) IS
'Compares what triggers keep in a workspace with incremental storage with the orders, read as a whole, and puts it right if told to. Writers do not wait: both sides are of one moment.
Arguments: workspace: name of the schema; repair: whether to put right what differs, which folds what is pending as well.
Result: rows of customer, what, stored and actual, as they were before a repair; none where all agrees. Rows of the kind triggers tell of partitions that were added since, which attach_orders() gives its triggers, or taken away, whose triggers it drops.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else, 55000 with other storage.';
