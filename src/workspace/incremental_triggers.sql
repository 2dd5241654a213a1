-- workspace: the triggers that keep histories. Their function runs with the rights of the workspace's owner and names
-- everything it reads and writes, so that a writer needs no right on the workspace, and gains none.

-- A writer of any isolation has to see these as they were when the triggers were made.
CREATE FUNCTION workspace_fixed_settings_sql(workspace name, expression text) RETURNS text
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    settings record;
BEGIN
    EXECUTE format('SELECT s.time_zone, s.zero_amounts FROM %I.settings s', workspace) INTO settings;
    RETURN replace(replace(expression,
        format('(SELECT s.time_zone FROM %I.applied_settings s)', workspace), quote_literal(settings.time_zone) || '::text'),
        format('(SELECT s.zero_amounts = ''orders'' FROM %I.applied_settings s)', workspace), (settings.zero_amounts = 'orders')::text);
END
$$;
COMMENT ON FUNCTION workspace_fixed_settings_sql(name, text) IS
'Internal to attach_orders(): An SQL expression over rows of orders with time zone and zero amounts as the settings have them now.';

CREATE FUNCTION workspace_changes_sql(workspace name, columns order_columns, changed_rows text, are_added boolean) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT @extschema@.workspace_fixed_settings_sql(workspace, format($query$
        SELECT %1$s, %2$s, %3$s, %8$s, %4$s, %5$s,
            %6$s
        FROM %7$s o
        GROUP BY 1, 2, 3, 4$query$, @extschema@.workspace_customer_sql((columns).customer), @extschema@.workspace_text_sql((columns).source),
        @extschema@.workspace_text_sql((columns).category),
        CASE WHEN are_added THEN h.history || ', NULL' ELSE 'NULL, ' || h.history END,
        CASE WHEN are_added THEN h.profit || ', NULL' ELSE 'NULL, ' || h.profit END,
        @extschema@.workspace_left_out_sql(columns, workspace, CASE WHEN are_added THEN '' ELSE '-' END), changed_rows,
        CASE WHEN @extschema@.workspace_has_origin(columns) THEN format('(%s) IS TRUE', @extschema@.workspace_is_order_sql((columns).amount)) ELSE 'true' END))
    FROM (
        SELECT @extschema@.workspace_history_sql((columns).ordered_at, (columns).amount, workspace)
                || format(' FILTER (WHERE %s)', @extschema@.workspace_kept_row_sql(columns, workspace)) AS history,
            @extschema@.workspace_profit_history_sql(columns, workspace) AS profit) h
$$;
COMMENT ON FUNCTION workspace_changes_sql(name, order_columns, text, boolean) IS
'Internal to attach_orders(): The query for what rows of orders add to order_changes.
Arguments: workspace; columns; changed_rows: a relation of the rows; are_added: whether they were added to the orders or removed.';

-- Rows that came out as they went in are not of interest, whatever else of them changed. Texts stand beside, where types
-- such as citext hold different ones equal.
CREATE FUNCTION workspace_differing_rows_sql(columns order_columns, rows_in text, not_in text) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('(SELECT %1$s FROM %2$s o EXCEPT ALL SELECT %1$s FROM %3$s o)',
        string_agg(DISTINCT format('o.%I', (c.col).name), ', ')
            || format(', ARRAY[%s, %s] AS "source and category"', @extschema@.workspace_text_sql((columns).source), @extschema@.workspace_text_sql((columns).category)),
        rows_in, not_in)
    FROM @extschema@.workspace_column_list(columns) c
$$;
COMMENT ON FUNCTION workspace_differing_rows_sql(order_columns, text, text) IS
'Internal to attach_orders(): The relation of the rows in one relation that are not in another, by the columns that are attached.';

CREATE FUNCTION workspace_append_sql(workspace name, changes text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($dml$INSERT INTO %I.order_changes (customer, source, category, is_order, added, removed, added_profit, removed_profit,
            no_time, invalid_time, no_amount, invalid_amount, zero_amount)%s$dml$, workspace, changes)
$$;
COMMENT ON FUNCTION workspace_append_sql(name, text) IS
'Internal to attach_orders(): The statement that appends the result of a query to order_changes.';

CREATE FUNCTION workspace_has_columns(relation oid, columns name[]) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION workspace_has_columns(oid, name[]) IS
'Internal to attach_orders(): Whether a table has all columns of these names.';

CREATE FUNCTION workspace_report_missing(workspace name, relation regclass, columns name[]) RETURNS void
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE EXCEPTION 'workspace "%" keeps histories by columns that % does not have any more: %', workspace, relation,
            (SELECT string_agg(quote_ident(c), ', ' ORDER BY n) FROM unnest(columns) WITH ORDINALITY u(c, n)
                WHERE NOT @extschema@.workspace_has_columns(relation, ARRAY[c]))
        USING ERRCODE = 'undefined_column',
            HINT = 'If they were renamed, attach the orders again with the new names, best in the transaction that renames them; detach_orders() lets writers go on without.';
END
$$;
COMMENT ON FUNCTION workspace_report_missing(name, regclass, name[]) IS
'Internal to attach_orders(): Tells a writer why it cannot go on.
Errors: 42703 always.';

CREATE FUNCTION workspace_keeping_body(workspace name, columns order_columns) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    -- A fold reads the orders, so none comes before a TRUNCATE, nor where it could only fail: beside another, or with a
    -- snapshot of before. Isolation comes first: what a SERIALIZABLE writer does not read cannot make it fail.
    SELECT format($body$
BEGIN
    IF NOT %1$s.workspace_has_columns(TG_RELID, %10$L) THEN
        PERFORM %1$s.workspace_report_missing(%11$L, TG_RELID, %10$L);
    END IF;
    IF TG_OP = 'INSERT' THEN
        %2$s;
    ELSIF TG_OP = 'UPDATE' THEN
        %3$s
        UNION ALL %4$s;
    ELSIF TG_OP = 'DELETE' THEN
        %5$s;
    ELSE
        PERFORM %1$s.workspace_check_isolation('TRUNCATE of orders whose histories are kept');
        EXECUTE 'WITH old_orders AS (SELECT ' || %6$L || ' FROM ONLY ' || TG_RELID::regclass::text || ' o) ' || %5$L;
        RETURN NULL;
    END IF;
    IF current_setting('transaction_isolation') IN ('read committed', 'read uncommitted') THEN
        IF (SELECT q.last_value - f.folded_up_to > s.fold_after FROM %7$s q, %8$I.fold_state f, %8$I.settings s) THEN
            IF pg_try_advisory_xact_lock(%9$s) THEN
                PERFORM %8$I.fold_order_changes();
            END IF;
        END IF;
    END IF;
    RETURN NULL;
END
$body$, '@extschema@',
        @extschema@.workspace_append_sql(workspace, @extschema@.workspace_changes_sql(workspace, columns, 'new_orders', true)),
        @extschema@.workspace_append_sql(workspace, @extschema@.workspace_changes_sql(workspace, columns,
            @extschema@.workspace_differing_rows_sql(columns, 'new_orders', 'old_orders'), true)),
        @extschema@.workspace_changes_sql(workspace, columns, @extschema@.workspace_differing_rows_sql(columns, 'old_orders', 'new_orders'), false),
        @extschema@.workspace_append_sql(workspace, @extschema@.workspace_changes_sql(workspace, columns, 'old_orders', false)),
        (SELECT string_agg(DISTINCT format('o.%I', (c.col).name), ', ') FROM @extschema@.workspace_column_list(columns) c),
        pg_get_serial_sequence(format('%I.order_changes', workspace), 'id'), workspace, @extschema@.workspace_fold_key(workspace),
        (SELECT array_agg(DISTINCT (c.col).name) FROM @extschema@.workspace_column_list(columns) c), workspace)
$$;
COMMENT ON FUNCTION workspace_keeping_body(name, order_columns) IS
'Internal to attach_orders(): The body of the trigger function that keeps histories.';

CREATE FUNCTION workspace_fold_key(workspace name) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN hashtextextended('clientele fold ' || workspace, 0);
COMMENT ON FUNCTION workspace_fold_key(name) IS
'Internal to attach_orders(): The key of the advisory lock that a fold holds.';

CREATE FUNCTION workspace_create_keeping_function(workspace name, body text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format($ddl$
        CREATE OR REPLACE FUNCTION %1$I.keep_order_history() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = pg_catalog, pg_temp
        AS %2$L;
        REVOKE ALL ON FUNCTION %1$I.keep_order_history() FROM PUBLIC;
        COMMENT ON FUNCTION %1$I.keep_order_history() IS 'Appends what changes in the orders to order_changes'
        $ddl$, workspace, body);
    -- Without the extension it could only fail, and every writer with it.
    EXECUTE format('ALTER FUNCTION %I.keep_order_history() DEPENDS ON EXTENSION clientele', workspace);
END
$$;
COMMENT ON FUNCTION workspace_create_keeping_function(name, text) IS
'Internal to attach_orders(): Makes the trigger function that keeps histories, or changes it.';

CREATE FUNCTION workspace_create_keeping_functions(workspace name, orders regclass, columns order_columns) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_keeping_function(workspace, @extschema@.workspace_keeping_body(workspace, columns));
    EXECUTE format($ddl$
        CREATE OR REPLACE FUNCTION %1$I.fold_order_changes() RETURNS bigint LANGUAGE plpgsql
        SET search_path = pg_catalog, pg_temp
        AS %2$L;
        REVOKE ALL ON FUNCTION %1$I.fold_order_changes() FROM PUBLIC;
        COMMENT ON FUNCTION %1$I.fold_order_changes() IS 'Moves order_changes into what is stored: call fold_workspace(), which keeps others out'
        $ddl$, workspace, @extschema@.workspace_fold_body(workspace, orders, columns));
    EXECUTE format('ALTER FUNCTION %I.fold_order_changes() DEPENDS ON EXTENSION clientele', workspace);
END
$$;
COMMENT ON FUNCTION workspace_create_keeping_functions(name, regclass, order_columns) IS
'Internal to attach_orders(): Makes the functions of a workspace that keep histories, or changes them.';

CREATE FUNCTION workspace_keeping_function(workspace name) RETURNS regprocedure
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT to_regprocedure(format('%I.keep_order_history()', workspace))
$$;
COMMENT ON FUNCTION workspace_keeping_function(name) IS
'Internal to attach_orders(): The trigger function of a workspace that keeps histories, NULL without one.';

-- One name for a workspace and an event, so that none is there twice, whatever a restore made of the OIDs.
CREATE FUNCTION workspace_trigger_name(workspace name, event text) RETURNS name
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN format('clientele_%s_%s', event, CASE WHEN octet_length(workspace) > 40 THEN md5(workspace) ELSE workspace END)::name;
COMMENT ON FUNCTION workspace_trigger_name(name, text) IS
'Internal to attach_orders(): The name of the trigger that tells a workspace of an event.';

CREATE FUNCTION workspace_create_triggers(workspace name, orders regclass) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    wanted record;
BEGIN
    -- A statement fires the triggers of the table it names; TRUNCATE those of each that holds rows.
    FOR wanted IN
        SELECT t.relation, e.event, e.timing, e.tables
        FROM @extschema@.workspace_tree(orders) WITH ORDINALITY t(relation, "position")
        JOIN pg_class c ON c.oid = t.relation
        CROSS JOIN (VALUES ('insert', 'AFTER', 'REFERENCING NEW TABLE AS new_orders'), ('delete', 'AFTER', 'REFERENCING OLD TABLE AS old_orders'),
            ('update', 'AFTER', 'REFERENCING OLD TABLE AS old_orders NEW TABLE AS new_orders'), ('truncate', 'BEFORE', '')) e(event, timing, tables)
        WHERE e.event <> 'truncate' OR c.relkind = 'r'
        ORDER BY t."position", e.event
    LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER %I %s %s ON %s %s FOR EACH STATEMENT EXECUTE FUNCTION %I.keep_order_history()',
            @extschema@.workspace_trigger_name(workspace, wanted.event), wanted.timing, wanted.event, wanted.relation, wanted.tables, workspace);
    END LOOP;
END
$$;
COMMENT ON FUNCTION workspace_create_triggers(name, regclass) IS
'Internal to attach_orders(): Makes the triggers that keep histories, on the orders and their partitions or children. That waits for writers, and from then on they wait.';

CREATE FUNCTION workspace_place_triggers(workspace name, orders regclass, storage text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_schema(workspace);
    PERFORM @extschema@.workspace_lock_settings(workspace);
    IF storage <> 'incremental' OR EXISTS (
        SELECT FROM pg_trigger t
        WHERE t.tgfoid = @extschema@.workspace_keeping_function(workspace)
            AND t.tgrelid NOT IN (SELECT x FROM @extschema@.workspace_tree(orders) x))
    THEN
        PERFORM @extschema@.workspace_stop_keeping(workspace);
    END IF;
    PERFORM @extschema@.workspace_lock_relation(orders);
    IF storage = 'incremental' THEN
        IF @extschema@.workspace_keeping_function(workspace) IS NULL THEN
            PERFORM @extschema@.workspace_create_keeping_function(workspace, 'BEGIN RETURN NULL; END');
        END IF;
        PERFORM @extschema@.workspace_create_triggers(workspace, orders);
    END IF;
END
$$;
COMMENT ON FUNCTION workspace_place_triggers(name, regclass, text) IS
'Internal to attach_orders(): Makes the triggers that a storage takes, or drops those it does not, before anything else is locked.';

-- The owner of the function may drop the triggers that call it, whoever owns the tables. The server looks for them before it
-- waits for the table, and gives up where they were switched off or on meanwhile.
CREATE FUNCTION workspace_drop_triggers(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    tries integer := 5;
BEGIN
    LOOP
        BEGIN
            EXECUTE format('DROP FUNCTION %I.keep_order_history() CASCADE', workspace);
            RETURN;
        EXCEPTION WHEN internal_error THEN
            tries := tries - 1;
            IF tries = 0 THEN
                RAISE;
            END IF;
        END;
    END LOOP;
END
$$;
COMMENT ON FUNCTION workspace_drop_triggers(name) IS
'Internal to attach_orders(): Drops the triggers that keep histories.';

CREATE FUNCTION workspace_stop_keeping(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF @extschema@.workspace_keeping_function(workspace) IS NOT NULL THEN
        -- Readers hold views when they come to the orders, and writers, who fold, the orders when they come to these two.
        PERFORM @extschema@.workspace_lock_views(workspace, '{changed_first_orders,applied_settings}');
        PERFORM @extschema@.workspace_drop_triggers(workspace);
    END IF;
    IF to_regprocedure(format('%I.fold_order_changes()', workspace)) IS NOT NULL THEN
        EXECUTE format('DROP FUNCTION %I.fold_order_changes()', workspace);
    END IF;
END
$$;
COMMENT ON FUNCTION workspace_stop_keeping(name) IS
'Internal to attach_orders(): Drops the triggers that keep histories, with their functions.';

CREATE FUNCTION workspace_keep_anew(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET clientele.keeping = 'on'
AS $$
DECLARE
    orders CONSTANT @extschema@.attached_orders := @extschema@.workspace_attached_orders(workspace);
    kept record;
BEGIN
    PERFORM @extschema@.workspace_check_isolation('a change of the time zone or the zero amounts of kept histories');
    PERFORM @extschema@.workspace_check_owner(workspace);
    PERFORM @extschema@.workspace_create_triggers(workspace, orders.relation);
    PERFORM pg_advisory_xact_lock(@extschema@.workspace_fold_key(workspace));
    EXECUTE format('DELETE FROM %I.order_changes', workspace);
    -- Not truncated: whoever reads meanwhile, with whatever snapshot, sees what was there.
    FOR kept IN
        SELECT format('%I.%I', workspace, @extschema@.workspace_data_name(k.view)) AS name, k.actual
        FROM @extschema@.workspace_kept_views(workspace, orders.relation, orders.columns) k
    LOOP
        EXECUTE format('DELETE FROM %s', kept.name);
        EXECUTE format('INSERT INTO %s %s', kept.name, kept.actual);
    END LOOP;
    PERFORM @extschema@.workspace_create_keeping_functions(workspace, orders.relation, orders.columns);
END
$$;
COMMENT ON FUNCTION workspace_keep_anew(name) IS
'Internal to attach_orders(): Computes anew what triggers keep, after a change of settings that it depends on. Writers wait meanwhile.
Errors: 25001 in a transaction that is REPEATABLE READ or SERIALIZABLE.';
