-- workspace: the triggers that keep histories. Their function runs with the rights of the workspace's owner and names
-- everything it reads and writes, so that a writer needs no right on the workspace, and gains none.

-- A writer of any isolation has to see these as they were when the triggers were made.
CREATE FUNCTION workspace_fixed_rules(workspace name) RETURNS order_rules
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    rules @extschema@.order_rules;
BEGIN
    EXECUTE format('SELECT quote_literal(s.time_zone) || ''::text'', (s.zero_amounts = ''orders'')::text FROM %I.settings s', workspace)
    INTO rules.time_zone, rules.counts_zero;
    RETURN rules;
END
$$;
COMMENT ON FUNCTION workspace_fixed_rules(name) IS
'Internal to attach_orders(): What the settings say of rows of orders now, as constants.';

CREATE FUNCTION workspace_why_left_out_sql(columns order_columns, rules order_rules) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('CASE WHEN o.%1$I IS NULL THEN ''no_time'' WHEN NOT %2$s THEN ''invalid_time'' WHEN o.%3$I IS NULL THEN ''no_amount'' WHEN NOT %4$s THEN ''invalid_amount'' WHEN NOT %5$s THEN ''zero_amount'' END',
        ((columns).ordered_at).name, @extschema@.workspace_usable_time_sql((columns).ordered_at), ((columns).amount).name,
        @extschema@.workspace_usable_amount_sql((columns).amount), @extschema@.workspace_counted_zero_sql((columns).amount, rules))
$$;
COMMENT ON FUNCTION workspace_why_left_out_sql(order_columns, order_rules) IS
'Internal to attach_orders(): The SQL expression of the reason why a row o of orders goes into no history, NULL where it goes.';

-- A statement of one row takes longer to be set up than to be run: expressions stand here once.
CREATE FUNCTION workspace_read_orders_sql(columns order_columns, rules order_rules, changed_rows text, is_added text) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('SELECT %s AS customer, %s AS source, %s AS category, %s AS is_order, o.%I::%s AS at, %s AS order_key, o.%I::%s AS amount, %s AS profit, %s AS left_out, %s AS is_added FROM %s OFFSET 0',
        @extschema@.workspace_customer_sql((columns).customer), @extschema@.workspace_text_sql((columns).source), @extschema@.workspace_text_sql((columns).category),
        CASE WHEN @extschema@.workspace_has_origin(columns) THEN format('(%s) IS TRUE', @extschema@.workspace_is_order_sql((columns).amount)) ELSE 'true' END,
        ((columns).ordered_at).name, ((columns).ordered_at).type, @extschema@.workspace_order_key_sql(columns), ((columns).amount).name, ((columns).amount).type,
        CASE WHEN ((columns).profit).name IS NULL THEN 'NULL' ELSE format('CASE WHEN %s THEN o.%I::%s END', @extschema@.workspace_usable_amount_sql((columns).profit), ((columns).profit).name, ((columns).profit).type) END,
        @extschema@.workspace_why_left_out_sql(columns, rules), is_added, changed_rows)
$$;
COMMENT ON FUNCTION workspace_read_orders_sql(order_columns, order_rules, text, text) IS
'Internal to attach_orders(): The query for what is of interest in rows of orders.
Arguments: columns; rules; changed_rows: a FROM clause for the rows o; is_added: an SQL condition on them that they were added, and not removed.';

-- What is equal has the same slot, whatever it looks like. By customer first, so that those of one lie together, then by
-- source and category, so that one with many of these is not to be folded at once. What no index takes stays pending.
CREATE FUNCTION workspace_slot_sql(customer order_column) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('CASE WHEN greatest(octet_length(o.customer::text), octet_length(o.source), octet_length(o.category)) > 800 THEN -1
            ELSE (coalesce(%s(o.customer) & 2147483647, 0)::bigint << 32) + (hashtext(concat_ws('' / '', o.source, o.category))::bigint & 4294967295) END',
        CASE (customer).type
            WHEN 'smallint'::regtype THEN 'hashint2' WHEN 'integer'::regtype THEN 'hashint4' WHEN 'bigint'::regtype THEN 'hashint8'
            WHEN 'numeric'::regtype THEN 'hash_numeric' WHEN 'uuid'::regtype THEN 'uuid_hash' ELSE 'hashtext' END)
$$;
COMMENT ON FUNCTION workspace_slot_sql(order_column) IS
'Internal to attach_orders(): The SQL expression of the slot of a row o of changes: 31 bits by its customer and 32 by source and category, or -1.';

CREATE FUNCTION workspace_changes_sql(columns order_columns, rules order_rules, changed_rows text, is_added text) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    -- A fold tells the first order of a customer by that of the orders added, and need not read the orders.
    SELECT format($query$
        SELECT %1$s, o.customer, o.source, o.category, o.is_order, CASE WHEN o.is_added THEN %2$s END, CASE WHEN NOT o.is_added THEN %2$s END,
            CASE WHEN o.is_added THEN %3$s END, CASE WHEN NOT o.is_added THEN %3$s END, %4$s,
            min(o.at) FILTER (WHERE o.place = 1), (array_agg(o.order_key) FILTER (WHERE o.place = 1))[1], min(%5$s) FILTER (WHERE o.place = 1 AND o.left_out IS NULL)
        FROM (SELECT o.*, %6$s AS place FROM (%7$s) o) o
        GROUP BY o.customer, o.source, o.category, o.is_order, o.is_added$query$,
        @extschema@.workspace_slot_sql((columns).customer), format(f.history, 'amount'),
        CASE WHEN ((columns).profit).name IS NULL THEN 'NULL::@extschema@.purchase_history' ELSE format(f.history, 'profit') END,
        (SELECT string_agg(format('CASE WHEN o.is_added THEN 1 ELSE -1 END * nullif(count(*) FILTER (WHERE o.left_out = %L), 0)', r), ', ' ORDER BY n)
            FROM unnest('{no_time,invalid_time,no_amount,invalid_amount,zero_amount}'::text[]) WITH ORDINALITY u(r, n)),
        format('%s.kept_amount(o.amount%s)', '@extschema@', CASE WHEN ((columns).amount).type IN ('smallint'::regtype, 'integer'::regtype) THEN '::bigint' ELSE '' END),
        CASE WHEN is_added <> 'false' AND @extschema@.workspace_has_origin(columns)
            THEN format('row_number() OVER (PARTITION BY o.customer, o.source, o.category, o.is_order, o.is_added ORDER BY o.left_out NULLS FIRST, CASE WHEN o.left_out IS NULL THEN %s END, o.at, o.order_key, o.amount)', f.day)
            ELSE '0' END,
        @extschema@.workspace_read_orders_sql(columns, rules, changed_rows, is_added))
    FROM (
        SELECT '@extschema@.history_agg(o.at, o.%s' || CASE WHEN z.has_zone THEN ', ' || (rules).time_zone ELSE '' END || ') FILTER (WHERE o.left_out IS NULL)' AS history,
            CASE WHEN z.has_zone THEN format('(o.at AT TIME ZONE %s)::date', (rules).time_zone) ELSE 'o.at::date' END AS day
        FROM (SELECT ((columns).ordered_at).type = 'timestamptz'::regtype AS has_zone) z) f
$$;
COMMENT ON FUNCTION workspace_changes_sql(order_columns, order_rules, text, text) IS
'Internal to attach_orders(): The query for what rows of orders add to order_changes.
Arguments: columns; rules; changed_rows, is_added: as in workspace_read_orders_sql().';

-- Rows that came out as they went in are not of interest, whatever else of them changed. Texts stand beside, where types
-- such as citext hold different ones equal. Grouped, and not EXCEPT ALL: in a plan for few rows that never goes to disk.
CREATE FUNCTION workspace_differing_rows_sql(columns order_columns) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('(SELECT %1$s, d.texts, sum(d.n) AS n FROM (SELECT %2$s, ARRAY[%4$s, %5$s], 1 FROM new_orders o UNION ALL SELECT %2$s, ARRAY[%4$s, %5$s], -1 FROM old_orders o) d(%6$s, texts, n)
            GROUP BY %1$s, d.texts HAVING sum(d.n) <> 0) d
            CROSS JOIN LATERAL (SELECT %3$s) o CROSS JOIN LATERAL (SELECT d.n > 0 AS is_added FROM generate_series(1, abs(d.n))) g',
        string_agg('d.c' || c.n, ', ' ORDER BY c.n), string_agg(format('o.%I', c.name), ', ' ORDER BY c.n), string_agg(format('d.c%s AS %I', c.n, c.name), ', ' ORDER BY c.n),
        @extschema@.workspace_text_sql((columns).source), @extschema@.workspace_text_sql((columns).category), string_agg('c' || c.n, ', ' ORDER BY c.n))
    FROM (SELECT (l.col).name, row_number() OVER (ORDER BY (l.col).name) AS n FROM @extschema@.workspace_column_list(columns) l GROUP BY (l.col).name) c
$$;
COMMENT ON FUNCTION workspace_differing_rows_sql(order_columns) IS
'Internal to attach_orders(): The relation of the rows that an UPDATE changed, by the columns that are attached: those of before and those of after.';

CREATE FUNCTION workspace_append_sql(workspace name, changes text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($dml$INSERT INTO %I.order_changes (slot, customer, source, category, is_order, added, removed, added_profit, removed_profit,
            no_time, invalid_time, no_amount, invalid_amount, zero_amount, first_at, first_key, first_amount)%s$dml$, workspace, changes)
$$;
COMMENT ON FUNCTION workspace_append_sql(name, text) IS
'Internal to attach_orders(): The statement that appends the result of a query to order_changes.';

CREATE FUNCTION workspace_has_columns(relation oid, columns name[]) RETURNS boolean
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT bool_and(EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = relation AND a.attname = c AND a.attnum > 0 AND NOT a.attisdropped))
    FROM unnest(columns) c
$$;
COMMENT ON FUNCTION workspace_has_columns(oid, name[]) IS
'Internal to attach_orders(): Whether a table has all columns of these names.';

CREATE FUNCTION workspace_is_part(relation oid, root oid) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION workspace_is_part(oid, oid) IS
'Internal to attach_orders(): Whether a table is another one, or a partition or child of it on any level.';

CREATE FUNCTION workspace_type_kind(type oid) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION workspace_type_kind(oid) IS
'Internal to attach_orders(): A word on what a trigger is going to read, by the type under a domain: the name of one of the server''s, enum for any enum.';

CREATE FUNCTION workspace_can_keep(workspace text, relation oid, trigger_name name, columns text[], kinds text[]) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION workspace_can_keep(text, oid, name, text[], text[]) IS
'Internal to attach_orders(): Whether a trigger is one as attach_orders() makes it, with a function in the schema of the workspace, on a table that has columns of these names, whose types are of these kinds, and which triggers see; a warning otherwise.
Arguments: workspace; relation; trigger_name; columns; kinds: by workspace_type_kind().';

CREATE FUNCTION workspace_fold_turn(wrote bigint) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION workspace_fold_turn(bigint) IS
'Internal to attach_orders(): How many pending changes a statement that wrote so many is to fold, 0 where it is not its turn: on average twice as many as are written.';

CREATE FUNCTION workspace_random_slot() RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION workspace_random_slot() IS
'Internal to attach_orders(): 31 bits at random, of which a transaction gets a quarter, and which leave random() of the session as it is.';

CREATE FUNCTION workspace_is_own(transaction bigint) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION workspace_is_own(bigint) IS
'Internal to attach_orders(): Whether a row with this xmin was written by the transaction that asks, or one within it.';

-- TRUNCATE fires the triggers of each part that has them; for one that was added since and has none that of the part above.
CREATE FUNCTION workspace_truncated_parts(relation regclass, keeping regprocedure) RETURNS SETOF regclass
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    WITH RECURSIVE part AS (
        SELECT $1::oid AS relation
        UNION
        SELECT i.inhrelid
        FROM part p JOIN pg_inherits i ON i.inhparent = p.relation
        WHERE NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = i.inhrelid AND t.tgfoid = keeping AND t.tgtype & 32 > 0 AND t.tgenabled <> 'D')
            AND EXISTS (SELECT FROM pg_locks l WHERE l.pid = pg_backend_pid() AND l.relation = i.inhrelid AND l.mode = 'AccessExclusiveLock') -- not with ONLY
            AND i.inhparent = (SELECT min(j.inhparent) FROM pg_inherits j JOIN pg_locks l ON l.pid = pg_backend_pid() AND l.relation = j.inhparent AND l.mode = 'AccessExclusiveLock'
                WHERE j.inhrelid = i.inhrelid) -- one of several tells
    )
    SELECT c.oid::regclass FROM part p JOIN pg_class c ON c.oid = p.relation WHERE c.relkind = 'r'
$$;
COMMENT ON FUNCTION workspace_truncated_parts(regclass, regprocedure) IS
'Internal to attach_orders(): The tables of whose rows a trigger for TRUNCATE has to tell.
Arguments: relation: the one it is on; keeping: its function.';

CREATE FUNCTION workspace_truncate_body(workspace name, columns order_columns, rules order_rules) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    -- Its snapshot may not have all the rows that go.
    SELECT format($body$
        BEGIN
            PERFORM %1$s.workspace_check_isolation('TRUNCATE of orders whose histories are kept');
            FOR part IN SELECT %1$s.workspace_truncated_parts(TG_RELID::regclass, %2$L::regprocedure) LOOP
                EXECUTE 'WITH old_orders AS (SELECT ' || %3$L || ' FROM ONLY ' || part::text || ' o) ' || %4$L;
            END LOOP;
        EXCEPTION WHEN OTHERS THEN
            RAISE WARNING 'workspace "%%" misses what TRUNCATE takes from %%: %%', %5$L, TG_RELID::regclass, SQLERRM
                USING ERRCODE = SQLSTATE, HINT = 'Afterwards: ' || %6$L;
            INSERT INTO %5$I.missed_changes VALUES (now(), TG_RELID::regclass);
        END;
        RETURN NULL;$body$, '@extschema@', format('%I.keep_order_history()', workspace),
        (SELECT string_agg(DISTINCT format('o.%I', (c.col).name), ', ') FROM @extschema@.workspace_column_list(columns) c),
        @extschema@.workspace_append_sql(workspace, @extschema@.workspace_changes_sql(columns, rules, 'old_orders o', 'false')),
        workspace, format('SELECT verify_workspace(%L, repair => true)', workspace))
$$;
COMMENT ON FUNCTION workspace_truncate_body(name, order_columns, order_rules) IS
'Internal to attach_orders(): What the trigger function that keeps histories does at a TRUNCATE. It reads the orders, whose owner may have taken that right.';

CREATE FUNCTION workspace_keeping_body(workspace name, orders regclass, columns order_columns) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    -- Nothing is called and nothing read before it is known that the owner may, that this is the workspace and not another of
    -- its name, and that the rows are those of the orders, as they were: this has the rights of the workspace's owner.
    -- What a SERIALIZABLE writer does not read cannot make it fail, so it folds nothing.
    SELECT format($body$
DECLARE
    started CONSTANT timestamptz := clock_timestamp();
    can_keep boolean := false;
    home name;
    portion bigint;
    wrote bigint;
    part regclass;
BEGIN
    IF has_schema_privilege(to_regnamespace(%11$L)::oid, 'USAGE') IS NOT TRUE THEN
        RAISE WARNING 'workspace "%%" misses this change of %%: its owner, %%, may not use schema %%', %2$L, TG_RELID::regclass, current_user, %11$L
            USING ERRCODE = 'insufficient_privilege', HINT = 'Grant it, and attach the orders again.';
    ELSIF has_function_privilege(to_regprocedure(%12$L)::oid, 'EXECUTE') IS NOT TRUE THEN
        RAISE WARNING 'workspace "%%" misses this change of %%: its owner, %%, may not call functions in schema %%', %2$L, TG_RELID::regclass, current_user, %11$L
            USING ERRCODE = 'insufficient_privilege', HINT = 'Grant it, and attach the orders again.';
    ELSE
        can_keep := %1$s.workspace_can_keep(%2$L::text, TG_RELID, TG_NAME, %4$L::text[], %5$L::text[]);
    END IF;
    IF NOT can_keep THEN
        SELECT n.nspname INTO home FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE t.tgrelid = TG_RELID AND t.tgname = TG_NAME;
        EXECUTE format('INSERT INTO %%1$I.missed_changes SELECT now(), $1 WHERE NOT EXISTS (SELECT FROM %%1$I.missed_changes)', home) USING TG_RELID::regclass::text;
        RETURN NULL;
    ELSIF %1$s.workspace_is_part(TG_RELID, coalesce((SELECT f.orders::oid FROM %2$I.fold_state f), to_regclass(%3$L)::oid)) IS NOT TRUE THEN
        RAISE WARNING 'workspace "%%" does not keep the histories of %%, which is no part of its orders', %2$L, TG_RELID::regclass
            USING ERRCODE = 'wrong_object_type', HINT = 'Attach the orders again, or drop the trigger.';
        RETURN NULL;
    ELSIF TG_OP = 'INSERT' THEN
        %6$s;
    ELSIF TG_OP = 'UPDATE' THEN
        %7$s;
    ELSIF TG_OP = 'DELETE' THEN
        %8$s;
    ELSE%9$s
    END IF;
    GET DIAGNOSTICS wrote = ROW_COUNT;
    portion := CASE WHEN wrote > 0 AND current_setting('transaction_isolation') <> 'serializable' THEN %1$s.workspace_fold_turn(wrote) ELSE 0 END;
    IF portion > 0 THEN
        BEGIN
            PERFORM %10$I.fold_some_changes(portion, pg_trigger_depth() > 1, clock_timestamp() + greatest(clock_timestamp() - started, '20 ms'));
        EXCEPTION
            WHEN lock_not_available OR serialization_failure THEN NULL; -- another one's turn
            WHEN OTHERS THEN
                RAISE WARNING 'pending changes of workspace "%%" could not be folded: %%', %2$L, SQLERRM
                    USING ERRCODE = SQLSTATE, HINT = 'Nothing is lost, but its views read slower as more is pending: see what fold_workspace() says.';
        END;
    END IF;
    RETURN NULL;
END
$body$, '@extschema@', workspace, orders,
        (SELECT array_agg((c.col).name::text ORDER BY c.role) FROM @extschema@.workspace_column_list(columns) c),
        (SELECT array_agg(@extschema@.workspace_type_kind((c.col).type) ORDER BY c.role) FROM @extschema@.workspace_column_list(columns) c),
        @extschema@.workspace_append_sql(workspace, @extschema@.workspace_changes_sql(columns, r, 'new_orders o', 'true')),
        @extschema@.workspace_append_sql(workspace, @extschema@.workspace_changes_sql(columns, r, @extschema@.workspace_differing_rows_sql(columns), 'g.is_added')),
        @extschema@.workspace_append_sql(workspace, @extschema@.workspace_changes_sql(columns, r, 'old_orders o', 'false')),
        @extschema@.workspace_truncate_body(workspace, columns, r), workspace, '@extschema@', '@extschema@.workspace_can_keep(text, oid, name, text[], text[])')
    FROM @extschema@.workspace_fixed_rules(workspace) r
$$;
COMMENT ON FUNCTION workspace_keeping_body(name, regclass, order_columns) IS
'Internal to attach_orders(): The body of the trigger function that keeps histories.';

CREATE FUNCTION workspace_fold_key(workspace name, slot_group integer) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN hashtextextended('clientele fold ' || workspace, 0) # slot_group::bigint;
COMMENT ON FUNCTION workspace_fold_key(name, integer) IS
'Internal to attach_orders(): The key of the advisory lock that a fold of a group holds.';

CREATE FUNCTION workspace_lock_folds(workspace name) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    FOR slot_group IN 0..15 LOOP
        PERFORM pg_advisory_xact_lock(@extschema@.workspace_fold_key(workspace, slot_group));
    END LOOP;
END
$$;
COMMENT ON FUNCTION workspace_lock_folds(name) IS
'Internal to attach_orders(): Waits for those who fold, and keeps others from it until the transaction ends.';

-- Default privileges may have given it to others than PUBLIC.
CREATE FUNCTION workspace_close_function(function regprocedure) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    grantee oid;
BEGIN
    FOR grantee IN
        SELECT DISTINCT a.grantee FROM pg_proc p CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
        WHERE p.oid = function AND a.grantee <> p.proowner
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM %s', function, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END || ' CASCADE');
    END LOOP;
    -- Without the extension it could only fail, and every writer with it.
    EXECUTE format('ALTER FUNCTION %s DEPENDS ON EXTENSION clientele', function);
END
$$;
COMMENT ON FUNCTION workspace_close_function(regprocedure) IS
'Internal to attach_orders(): Takes the right to call a function of a workspace from everybody but its owner, and lets it go with the extension.';

CREATE FUNCTION workspace_create_keeping_function(workspace name, body text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- With row_security off a policy is an error at a TRUNCATE, and not somebody's function.
    EXECUTE format($ddl$
        CREATE OR REPLACE FUNCTION %1$I.keep_order_history() RETURNS trigger LANGUAGE plpgsql
        SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET jit = off SET row_security = off
        AS %2$L;
        COMMENT ON FUNCTION %1$I.keep_order_history() IS 'Appends what changes in the orders to order_changes'
        $ddl$, workspace, body);
    PERFORM @extschema@.workspace_close_function(@extschema@.workspace_keeping_function(workspace));
END
$$;
COMMENT ON FUNCTION workspace_create_keeping_function(name, text) IS
'Internal to attach_orders(): Makes the trigger function that keeps histories, or changes it.';

CREATE FUNCTION workspace_create_keeping_functions(workspace name, orders regclass, columns order_columns) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_keeping_function(workspace, @extschema@.workspace_keeping_body(workspace, orders, columns));
    PERFORM @extschema@.workspace_create_folding_functions(workspace, columns);
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
    -- A statement fires the triggers of the table it names; TRUNCATE those of each part.
    FOR wanted IN
        SELECT t.relation, e.event, e.timing, e.tables
        FROM @extschema@.workspace_tree(orders) WITH ORDINALITY t(relation, "position")
        CROSS JOIN (VALUES ('insert', 'AFTER', 'REFERENCING NEW TABLE AS new_orders'), ('delete', 'AFTER', 'REFERENCING OLD TABLE AS old_orders'),
            ('update', 'AFTER', 'REFERENCING OLD TABLE AS old_orders NEW TABLE AS new_orders'), ('truncate', 'BEFORE', '')) e(event, timing, tables)
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
            AND (t.tgrelid NOT IN (SELECT x FROM @extschema@.workspace_tree(orders) x)
                OR t.tgname NOT IN (SELECT @extschema@.workspace_trigger_name(workspace, e) FROM unnest('{insert,update,delete,truncate}'::text[]) e)))
    THEN
        PERFORM @extschema@.workspace_stop_keeping(workspace);
    END IF;
    PERFORM @extschema@.workspace_lock_relation(orders);
    IF storage = 'incremental' THEN
        IF @extschema@.workspace_keeping_function(workspace) IS NULL THEN
            PERFORM @extschema@.workspace_create_keeping_function(workspace, 'BEGIN RETURN NULL; END');
        END IF;
        PERFORM @extschema@.workspace_lock_views(workspace); -- or writers would wait for readers
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
DECLARE
    folding regprocedure;
BEGIN
    IF @extschema@.workspace_keeping_function(workspace) IS NOT NULL THEN
        PERFORM @extschema@.workspace_lock_views(workspace); -- readers hold these when they come to the orders
        PERFORM @extschema@.workspace_drop_triggers(workspace);
    END IF;
    FOR folding IN
        SELECT p.oid FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = workspace AND p.proname IN ('fold_some_changes', 'fold_order_changes')
    LOOP
        EXECUTE format('DROP FUNCTION %s', folding);
    END LOOP;
END
$$;
COMMENT ON FUNCTION workspace_stop_keeping(name) IS
'Internal to attach_orders(): Drops the triggers that keep histories, with their functions.';

CREATE FUNCTION workspace_keep_anew(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET clientele.keeping = 'on'
SET jit = off
AS $$
DECLARE
    orders CONSTANT @extschema@.attached_orders := @extschema@.workspace_attached_orders(workspace);
    kept record;
BEGIN
    PERFORM @extschema@.workspace_check_isolation('a change of the time zone or the zero amounts of kept histories');
    PERFORM @extschema@.workspace_check_owner(workspace);
    PERFORM @extschema@.workspace_lock_folds(workspace); -- or writers would wait for who folds
    PERFORM @extschema@.workspace_create_triggers(workspace, orders.relation);
    EXECUTE format('DELETE FROM %1$I.order_changes; DELETE FROM %1$I.missed_changes', workspace);
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
