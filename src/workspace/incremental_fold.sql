-- workspace: moving pending changes into what is stored, and comparing both with the orders

CREATE TYPE attached_orders AS (
    relation regclass,
    columns order_columns
);
COMMENT ON TYPE attached_orders IS
'Internal to fold_workspace(): The orders attached to a workspace, and their columns';

-- Folds take rows to and fro by keys and by arrays of keys alone: there is no join that a plan made for few rows could
-- turn into a loop. What is to be put where something is stored already goes through ON CONFLICT.

CREATE FUNCTION workspace_fold_histories_sql(workspace name, has_profit boolean) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($dml$
    INSERT INTO %1$I.order_history_data AS d (customer, history, profit_history, no_time, invalid_time, no_amount, invalid_amount, zero_amount)
    SELECT g.customer, %2$s.rollup(g.added), %3$s, %4$s
    FROM unnest(gone) g GROUP BY g.customer
    ON CONFLICT (customer) DO UPDATE SET history = d.history OPERATOR(%2$s.+) excluded.history,
        profit_history = d.profit_history OPERATOR(%2$s.+) excluded.profit_history, %5$s;
    IF removes THEN
        INSERT INTO %1$I.order_history_data AS d (customer, history, profit_history)
        SELECT g.customer, %2$s.rollup(g.removed), %2$s.rollup(g.removed_profit)
        FROM unnest(gone) g WHERE g.removed IS NOT NULL GROUP BY g.customer
        ON CONFLICT (customer) DO UPDATE SET history = %2$s.history_less(d.history, excluded.history),
            profit_history = %2$s.history_less(d.profit_history, excluded.profit_history), %6$s;
        DELETE FROM %1$I.order_history_data d
        WHERE d.customer = ANY (ARRAY(SELECT g.customer FROM unnest(gone) g WHERE g.removed IS NOT NULL))
            AND d.history OPERATOR(%2$s.=) '{}'::%2$s.purchase_history AND coalesce(d.no_time, d.invalid_time, d.no_amount, d.invalid_amount, d.zero_amount) IS NULL;
    END IF;
$dml$, workspace, '@extschema@',
        CASE WHEN has_profit THEN '@extschema@.rollup(g.added_profit)' ELSE 'NULL::@extschema@.purchase_history' END,
        string_agg(format('nullif(sum(g.%I), 0)::bigint', c), ', ' ORDER BY n),
        string_agg(format('%1$I = nullif(coalesce(d.%1$I, 0) + coalesce(excluded.%1$I, 0), 0)', c), ', ' ORDER BY n),
        string_agg(format('%1$I = nullif(greatest(d.%1$I, 0), 0)', c), ', ' ORDER BY n))
    FROM unnest('{no_time,invalid_time,no_amount,invalid_amount,zero_amount}'::name[]) WITH ORDINALITY u(c, n)
$$;
COMMENT ON FUNCTION workspace_fold_histories_sql(name, boolean) IS
'Internal to fold_workspace(): The statements that move changes, in the array gone, into order_history_data.';

CREATE FUNCTION workspace_fold_preferences_sql(workspace name) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- What becomes empty stays until fold_workspace() clears it away: to look for it would take all there is of a customer.
    SELECT format($dml$
    INSERT INTO %1$I.customer_preferences_data AS d (customer, source, category, history)
    SELECT g.customer, g.source, g.category, %2$s.rollup(g.added)
    FROM unnest(gone) g WHERE g.customer IS NOT NULL AND g.is_order GROUP BY g.customer, g.source, g.category
    ON CONFLICT (customer, source, category) DO UPDATE SET history = d.history OPERATOR(%2$s.+) excluded.history;
    IF removes THEN
        INSERT INTO %1$I.customer_preferences_data AS d (customer, source, category, history)
        SELECT g.customer, g.source, g.category, %2$s.rollup(g.removed)
        FROM unnest(gone) g WHERE g.customer IS NOT NULL AND g.is_order AND g.removed IS NOT NULL GROUP BY g.customer, g.source, g.category
        ON CONFLICT (customer, source, category) DO UPDATE SET history = %2$s.history_less(d.history, excluded.history);
    END IF;
$dml$, workspace, '@extschema@')
$$;
COMMENT ON FUNCTION workspace_fold_preferences_sql(name) IS
'Internal to fold_workspace(): The statements that move changes, in the array gone, into customer_preferences_data.';

CREATE FUNCTION workspace_fold_first_orders_sql(workspace name) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- The first of what is stored and added, unless what was removed may have been it or before it: then the orders have
    -- to tell, which is not for a writer to wait for.
    SELECT format($dml$
    INSERT INTO %1$I.first_orders_data AS d (customer, day, at, order_key, amount, source, category, is_unknown)
    SELECT DISTINCT ON (f.customer) f.customer, f.day, f.at, f.order_key, f.amount, f.source, f.category,
        bool_or(f.is_unknown) OVER each_customer OR coalesce(min(f.removed) OVER each_customer <= min(f.day) OVER each_customer, f.day IS NULL)
    FROM (
        SELECT g.customer, %2$s.first_order(g.added) AS day, g.first_at AS at, g.first_key AS order_key, g.first_amount AS amount, g.source, g.category,
            false AS is_unknown, %2$s.first_order(g.removed) AS removed
        FROM unnest(gone) g WHERE g.customer IS NOT NULL AND g.is_order
        UNION ALL
        SELECT d.customer, d.day, d.at, d.order_key, d.amount, d.source, d.category, d.is_unknown, NULL
        FROM %1$I.first_orders_data d WHERE d.customer = ANY (ARRAY(SELECT g.customer FROM unnest(gone) g))) f
    WHERE f.day IS NOT NULL OR f.removed IS NOT NULL OR f.is_unknown
    WINDOW each_customer AS (PARTITION BY f.customer)
    ORDER BY f.customer, f.day, f.at, f.order_key, f.amount, f.source, f.category
    ON CONFLICT (customer) DO UPDATE SET day = excluded.day, at = excluded.at, order_key = excluded.order_key, amount = excluded.amount,
        source = excluded.source, category = excluded.category, is_unknown = excluded.is_unknown
    WHERE (d.day, d.at, d.order_key, d.amount, d.source, d.category, d.is_unknown)
        IS DISTINCT FROM (excluded.day, excluded.at, excluded.order_key, excluded.amount, excluded.source, excluded.category, excluded.is_unknown);
$dml$, workspace, '@extschema@')
$$;
COMMENT ON FUNCTION workspace_fold_first_orders_sql(name) IS
'Internal to fold_workspace(): The statement that moves changes, in the array gone, into first_orders_data.';

CREATE FUNCTION workspace_fold_days_sql(workspace name) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($dml$
    INSERT INTO %1$I.order_days_data AS d (day, slot_group, order_rows)
    SELECT y.day, from_slot >> 59, sum(y.order_rows)
    FROM (
        SELECT a.day, a.orders + a.returns AS order_rows
        FROM (SELECT %2$s.rollup(g.added) AS added FROM unnest(gone) g WHERE g.customer IS NOT NULL) h CROSS JOIN LATERAL %2$s.history_days(h.added) a
        UNION ALL
        SELECT r.day, -(r.orders + r.returns)
        FROM (SELECT %2$s.rollup(g.removed) AS removed FROM unnest(gone) g WHERE g.customer IS NOT NULL) h CROSS JOIN LATERAL %2$s.history_days(h.removed) r) y
    GROUP BY y.day HAVING sum(y.order_rows) <> 0
    ON CONFLICT (day, slot_group) DO UPDATE SET order_rows = d.order_rows + excluded.order_rows;
$dml$, workspace, '@extschema@')
$$;
COMMENT ON FUNCTION workspace_fold_days_sql(name) IS
'Internal to fold_workspace(): The statement that moves changes, in the array gone, into order_days_data.';

CREATE FUNCTION workspace_merged_changes_sql() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$SELECT min(c.slot) AS slot, c.customer, c.source, c.category, c.is_order, %1$s.rollup(c.added) AS added,
            CASE WHEN count(c.removed) > 0 THEN %1$s.rollup(c.removed) END AS removed, CASE WHEN count(c.added_profit) > 0 THEN %1$s.rollup(c.added_profit) END AS added_profit,
            CASE WHEN count(c.removed_profit) > 0 THEN %1$s.rollup(c.removed_profit) END AS removed_profit, %2$s, %3$s
        FROM change c
        GROUP BY c.customer, c.source, c.category, c.is_order$query$, '@extschema@',
        (SELECT string_agg(format('sum(c.%1$I)::bigint AS %1$I', u), ', ' ORDER BY n) FROM unnest('{no_time,invalid_time,no_amount,invalid_amount,zero_amount}'::name[]) WITH ORDINALITY x(u, n)),
        (SELECT string_agg(format('(array_agg(c.%1$I ORDER BY %2$s.first_order(c.added), c.first_at, c.first_key, c.first_amount))[1] AS %1$I', u, '@extschema@'), ', ' ORDER BY n)
            FROM unnest('{first_at,first_key,first_amount}'::name[]) WITH ORDINALITY x(u, n)))
$$;
COMMENT ON FUNCTION workspace_merged_changes_sql() IS
'Internal to fold_workspace(): The query that makes one row of the changes of each customer, source and category.';

-- All changes of a slot go together: what one removed another one had added before. In a statement within another one on the
-- orders, which has yet to tell what it added, that holds for slots without changes of the transaction itself.
CREATE FUNCTION workspace_fold_body(workspace name, columns order_columns) RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($body$
DECLARE
    many CONSTANT integer := 5000; -- of a slot, folded within a tenth of a second
    slots bigint[] := ARRAY(
        SELECT x.slot FROM %1$I.order_changes x
        WHERE x.slot >= from_slot AND x.slot <= ((from_slot >> 59) << 59) + 576460752303423487
        ORDER BY x.slot LIMIT at_most);
    gone %1$I.order_changes[];
    removes boolean;
BEGIN
    folded := 0;
    last_slot := slots[cardinality(slots)];
    IF is_nested THEN
        slots := ARRAY(SELECT s FROM unnest(slots) s WHERE NOT EXISTS (SELECT FROM %1$I.order_changes x WHERE x.slot = s AND %2$s.workspace_is_own(x.xmin::text::bigint)));
    END IF;
    IF (SELECT count(*) > many FROM (SELECT FROM %1$I.order_changes x WHERE x.slot = ANY (slots) LIMIT many + 1) x) THEN
        slots := slots[1:1];
        last_slot := slots[1];
    END IF;
    IF (SELECT count(*) > many FROM (SELECT FROM %1$I.order_changes x WHERE x.slot = ANY (slots) LIMIT many + 1) x) THEN
        -- Too many for one statement: fewer from now on.
        WITH change AS (
            DELETE FROM %1$I.order_changes c WHERE c.ctid = ANY (ARRAY(SELECT x.ctid FROM %1$I.order_changes x WHERE x.slot = slots[1] LIMIT many)) RETURNING c.*)
        INSERT INTO %1$I.order_changes %3$s;
        folded := many;
        RETURN;
    END IF;
    WITH change AS (DELETE FROM %1$I.order_changes c WHERE c.slot = ANY (slots) RETURNING c.*), merged AS (%3$s)
    SELECT (SELECT count(*) FROM change), bool_or(k.removed IS NOT NULL), array_agg(ROW(k.*)::%1$I.order_changes) INTO folded, removes, gone FROM merged k;
    IF folded = 0 THEN
        RETURN;
    END IF;
%4$sEND
$body$, workspace, '@extschema@', @extschema@.workspace_merged_changes_sql(), concat(
        @extschema@.workspace_fold_histories_sql(workspace, (columns.profit).name IS NOT NULL),
        CASE WHEN @extschema@.workspace_has_origin(columns) THEN @extschema@.workspace_fold_preferences_sql(workspace) || @extschema@.workspace_fold_first_orders_sql(workspace) END,
        @extschema@.workspace_fold_days_sql(workspace)))
$$;
COMMENT ON FUNCTION workspace_fold_body(name, order_columns) IS
'Internal to fold_workspace(): The body of the function of a workspace that folds the first changes of a group of customers.';

-- Whether there are more pending than there should be is told by how dense they are in some place: where fold_after would
-- leave eight there are more. Chance brings a transaction to places in four groups alone, so that it holds no more.
CREATE FUNCTION workspace_fold_some_body(workspace name) RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($body$
DECLARE
    width CONSTANT bigint := (SELECT 8 * 9223372036854775808 / s.fold_after FROM %1$I.settings s);
    folded bigint := 0;
    from_slot bigint;
    part record;
BEGIN
    FOR tries IN 1..4 LOOP
        from_slot := %2$s.workspace_random_slot()::bigint << 32;
        from_slot := greatest(from_slot - width, (from_slot >> 59) << 59); -- what lies at a beginning is met as often
        EXIT WHEN width IS NULL OR tries = 1 AND (SELECT count(*) <= 8 FROM (
            SELECT FROM %1$I.order_changes c WHERE c.slot >= from_slot AND c.slot <= least(from_slot::numeric + width, 9223372036854775807)::bigint ORDER BY c.slot LIMIT 9) x);
        CONTINUE WHEN NOT pg_try_advisory_xact_lock(%2$s.workspace_fold_key(%3$L::name, (from_slot >> 59)::integer));
        LOOP
            part := %1$I.fold_order_changes(from_slot, least(portion - folded, 1000), is_nested);
            folded := folded + part.folded;
            EXIT WHEN part.last_slot IS NULL OR folded >= portion OR clock_timestamp() > until OR part.last_slot + 1 >> 59 <> from_slot >> 59;
            from_slot := part.last_slot + 1;
        END LOOP;
        EXIT WHEN folded >= portion OR clock_timestamp() > until;
    END LOOP;
    RETURN folded;
END
$body$, workspace, '@extschema@', workspace)
$$;
COMMENT ON FUNCTION workspace_fold_some_body(name) IS
'Internal to fold_workspace(): The body of the function of a workspace that folds a portion of what is pending, beginning somewhere, and passes over what another transaction holds.';

CREATE FUNCTION workspace_create_folding_functions(workspace name, columns order_columns) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Whatever the statistics say of tables that fill and empty all the time, rows are found by their indexes.
    EXECUTE format($ddl$
        CREATE OR REPLACE FUNCTION %1$I.fold_order_changes(from_slot bigint, at_most bigint, is_nested boolean, OUT folded bigint, OUT last_slot bigint) LANGUAGE plpgsql
        SET search_path = pg_catalog, pg_temp SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off
        AS %2$L;
        COMMENT ON FUNCTION %1$I.fold_order_changes(bigint, bigint, boolean) IS 'Moves order_changes into what is stored, from a slot to the end of its group: call fold_workspace(), which keeps others out';
        CREATE OR REPLACE FUNCTION %1$I.fold_some_changes(portion bigint, is_nested boolean, until timestamptz) RETURNS bigint LANGUAGE plpgsql
        SET search_path = pg_catalog, pg_temp SET lock_timeout = '20ms' SET jit = off SET enable_seqscan = off SET enable_bitmapscan = off
        AS %3$L;
        COMMENT ON FUNCTION %1$I.fold_some_changes(bigint, boolean, timestamptz) IS 'Moves a portion of order_changes into what is stored, where there is more than the settings have it, until some time'
        $ddl$, workspace, @extschema@.workspace_fold_body(workspace, columns), @extschema@.workspace_fold_some_body(workspace));
    PERFORM @extschema@.workspace_close_function(format('%I.%s', workspace, f)::regprocedure)
    FROM unnest(ARRAY['fold_order_changes(bigint, bigint, boolean)', 'fold_some_changes(bigint, boolean, timestamptz)']) f;
END
$$;
COMMENT ON FUNCTION workspace_create_folding_functions(name, order_columns) IS
'Internal to fold_workspace(): Makes the functions of a workspace that fold, or changes them.';

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

-- Beside first orders that pending changes have moved since, which show as such until they are folded themselves.
CREATE FUNCTION workspace_settle(workspace name, orders attached_orders) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    known record;
BEGIN
    SELECT k.keys, k.actual INTO known FROM @extschema@.workspace_kept_views(workspace, orders.relation, orders.columns) k WHERE k.view = 'first_orders';
    EXECUTE @extschema@.workspace_put_sql(workspace, 'first_orders', known.keys, format('(%s) h', @extschema@.workspace_first_orders_sql(
        workspace, orders.relation, orders.columns, format('o.customer IN (SELECT d.customer FROM %I.first_orders_data d WHERE d.is_unknown)', workspace),
        ', o.at, o.order_key, false AS is_unknown')));
    EXECUTE format($dml$
        DELETE FROM %1$I.first_orders_data WHERE is_unknown;
        DELETE FROM %1$I.customer_preferences_data WHERE history OPERATOR(%2$s.=) '{}'::%2$s.purchase_history;
        UPDATE %1$I.fold_state SET folded_at = now()
        $dml$, workspace, '@extschema@');
END
$$;
COMMENT ON FUNCTION workspace_settle(name, attached_orders) IS
'Internal to fold_workspace(): Looks up the first orders that folds could not tell, and clears away what became empty.';

CREATE FUNCTION fold_workspace(workspace text DEFAULT 'loyalty') RETURNS bigint
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET clientele.keeping = 'on'
SET jit = off
AS $$
DECLARE
    folded bigint := 0;
    part record;
    from_slot bigint;
BEGIN
    PERFORM @extschema@.workspace_check_kept(workspace);
    PERFORM @extschema@.workspace_lock_folds(workspace::name);
    FOR slot_group IN 0..15 LOOP
        from_slot := slot_group::bigint << 59;
        LOOP
            EXECUTE format('SELECT f.* FROM %I.fold_order_changes($1, 5000, false) f', workspace) INTO part USING from_slot;
            EXIT WHEN part.last_slot IS NULL;
            folded := folded + part.folded;
            from_slot := part.last_slot;
        END LOOP;
    END LOOP;
    PERFORM @extschema@.workspace_settle(workspace::name, @extschema@.workspace_attached_orders(workspace));
    RETURN folded;
END
$$;
COMMENT ON FUNCTION fold_workspace(text) IS
'Moves pending changes of the orders into the stored histories of a workspace with incremental storage. What its views show is the same before and after, but is read faster. Neither writers nor readers wait. Writers fold by themselves a portion of what is pending beyond settings.fold_after, in proportion to what they write; this folds all, and looks up first orders that are not known since others were taken away.
Arguments: workspace: name of the schema.
Result: number of pending changes that were folded, one for each customer, source and category that a statement changed.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else, 55000 with other storage, 40001 in a REPEATABLE READ transaction that began before another fold ended.';

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

CREATE FUNCTION workspace_differing_sql(view name, key name, shown name[]) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('(SELECT false AS is_actual, x.%4$I AS key, x AS row FROM (SELECT %1$s FROM %2$I h EXCEPT ALL SELECT %1$s FROM %3$I h) x
            UNION ALL SELECT true, x.%4$I, x FROM (SELECT %1$s FROM %3$I h EXCEPT ALL SELECT %1$s FROM %2$I h) x)',
        @extschema@.workspace_column_names_sql(shown, 'h'), view, 'actual_' || view, key)
$$;
COMMENT ON FUNCTION workspace_differing_sql(name, name, name[]) IS
'Internal to verify_workspace(): The relation of the rows in which two relations differ, one of the name of a view and one with actual_ before it.';

CREATE FUNCTION workspace_differences_sql(view name, keys name[], shown name[]) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- Whole rows are compared by type; only those that differ are taken apart.
    SELECT format($query$
    SELECT a.keys->>'customer' AS customer, %1$L || a.name || coalesce(' of ' || nullif((a.keys - 'customer')::text, '{}'), '') AS what,
        max(a.value) FILTER (WHERE NOT a.is_actual) AS stored, max(a.value) FILTER (WHERE a.is_actual) AS actual
    FROM (
        SELECT r.is_actual, v.key AS name, v.value, to_jsonb(r.row) - ARRAY(SELECT jsonb_object_keys(to_jsonb(r.row)) EXCEPT SELECT unnest(%3$L::text[])) AS keys
        FROM %2$s r
        CROSS JOIN LATERAL jsonb_each_text(to_jsonb(r.row)) v
        WHERE NOT v.key = ANY (%3$L)) a
    GROUP BY a.keys, a.name
    HAVING max(a.value) FILTER (WHERE NOT a.is_actual) IS DISTINCT FROM max(a.value) FILTER (WHERE a.is_actual)$query$,
        view || '.', @extschema@.workspace_differing_sql(view, keys[1], shown), keys)
$$;
COMMENT ON FUNCTION workspace_differences_sql(name, name[], name[]) IS
'Internal to verify_workspace(): The query for the differences between two such relations, by key and column.';

CREATE FUNCTION workspace_repair_sql(workspace name, view name, keys name[]) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE view WHEN 'order_days'
    THEN format(E',\n%1$I AS (%2$s),\n%3$I AS (DELETE FROM %4$I.order_days_data d WHERE NOT EXISTS (SELECT FROM actual_order_days h WHERE h.day = d.day AND h.slot_group = d.slot_group))',
        'put_' || view, @extschema@.workspace_put_sql(workspace, view, keys, format('%I h', 'actual_' || view)), 'gone_' || view, workspace)
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

CREATE FUNCTION workspace_verify_sql(workspace name, orders regclass, columns order_columns, repair boolean) RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    -- A repair leaves nothing pending that it saw, and puts in place what the orders say of everybody concerned.
    SELECT format('WITH %s%s SELECT * FROM (%s) d ORDER BY what, customer',
        string_agg(format(E'%I AS MATERIALIZED (%s),\n%I AS MATERIALIZED (%s)', k.view,
            @extschema@.workspace_current_sql(workspace, k.view, k.shown, k.changed, k.present, k.settled, k.affected), 'actual_' || k.view, k.actual), E',\n'),
        CASE WHEN repair THEN
            format(E',\nchange AS (DELETE FROM %I.order_changes RETURNING customer),\nmissed AS (DELETE FROM %1$I.missed_changes),\nwrong AS MATERIALIZED (SELECT c.customer FROM change c%s)',
                workspace, string_agg(CASE WHEN k.keys[1] = 'customer' THEN
                    format(' UNION SELECT r.key FROM %s r', @extschema@.workspace_differing_sql(k.view, k.keys[1], k.shown)) END, ''))
            || string_agg(@extschema@.workspace_repair_sql(workspace, k.view, k.keys), '') END,
        string_agg(@extschema@.workspace_differences_sql(k.view, k.keys, k.shown), E'\n    UNION ALL'))
    FROM @extschema@.workspace_kept_views(workspace, orders, columns) k
$$;
COMMENT ON FUNCTION workspace_verify_sql(name, regclass, order_columns, boolean) IS
'Internal to verify_workspace(): Its statement.';

-- What the orders do not show of themselves: where triggers are missing or too many, and what they have missed.
CREATE FUNCTION workspace_verify_triggers(workspace name, orders regclass) RETURNS SETOF history_difference
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    keeping CONSTANT regprocedure := @extschema@.workspace_keeping_function(workspace);
BEGIN
    RETURN QUERY
        SELECT NULL, 'triggers', format(CASE WHEN t.disabled IS NULL THEN 'none on %s' ELSE 'disabled on %s' END, t.part), 'attach the orders again to have them'
        FROM (
            SELECT p AS part, bool_or(x.tgenabled = 'D') AS disabled, count(*) FILTER (WHERE x.tgenabled <> 'D') AS enabled
            FROM @extschema@.workspace_tree(orders) p
            LEFT JOIN pg_trigger x ON x.tgrelid = p AND x.tgfoid = keeping
            GROUP BY p) t
        WHERE t.enabled < 4;
    RETURN QUERY
        SELECT DISTINCT NULL, 'triggers', format('on %s', x.tgrelid::regclass), 'no part of the orders: attach them again before it is written to'
        FROM pg_trigger x
        WHERE x.tgfoid = keeping AND x.tgrelid NOT IN (SELECT t FROM @extschema@.workspace_tree(orders) t);
    RETURN QUERY
        SELECT NULL, 'triggers', format('%s is unlogged', c.oid::regclass), 'after a crash it is empty: verify then with repair, or make it LOGGED'
        FROM @extschema@.workspace_tree(orders) t JOIN pg_class c ON c.oid = t WHERE c.relpersistence = 'u';
END
$$;
COMMENT ON FUNCTION workspace_verify_triggers(name, regclass) IS
'Internal to verify_workspace(): What is wrong with the triggers that keep histories.';

CREATE FUNCTION verify_workspace(workspace text DEFAULT 'loyalty', repair boolean DEFAULT false) RETURNS SETOF history_difference
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET clientele.keeping = 'on'
SET jit = off
AS $$
DECLARE
    orders @extschema@.attached_orders;
BEGIN
    PERFORM @extschema@.workspace_check_kept(workspace);
    orders := @extschema@.workspace_attached_orders(workspace);
    IF repair THEN
        PERFORM @extschema@.workspace_lock_folds(workspace::name);
    END IF;
    RETURN QUERY EXECUTE format('SELECT NULL, ''missed'', ''changes of '' || string_agg(DISTINCT m.relation, '', ''), ''since '' || min(m.missed_at) FROM %I.missed_changes m HAVING count(*) > 0', workspace);
    RETURN QUERY EXECUTE @extschema@.workspace_verify_sql(workspace::name, orders.relation, orders.columns, repair);
    RETURN QUERY SELECT t.* FROM @extschema@.workspace_verify_triggers(workspace::name, orders.relation) t;
END
$$;
COMMENT ON FUNCTION verify_workspace(text, boolean) IS
'Compares what triggers keep in a workspace with incremental storage with the orders, read as a whole, and puts it right if told to. Writers do not wait: both sides are of one moment.
Arguments: workspace: name of the schema; repair: whether to put right what differs, which folds what is pending as well.
Result: rows of customer, what, stored and actual, as they were before a repair; none where all agrees. Rows of the kind triggers tell of partitions that were added since, which attach_orders() gives its triggers, or taken away, whose triggers it drops.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else, 55000 with other storage.';
