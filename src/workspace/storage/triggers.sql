-- workspace: the triggers that keep histories. Their function runs with the rights of the workspace's owner and names
-- everything it reads and writes, so that a writer needs no right on the workspace, and gains none.

-- A writer of any isolation has to see these as they were when the triggers were made.
CREATE FUNCTION _clientele.workspace_fixed_rules(workspace text) RETURNS _clientele.order_rules
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    rules _clientele.order_rules;
BEGIN
    EXECUTE format('SELECT quote_literal(s.time_zone) || ''::text'', (s.zero_amounts = ''orders'')::text, (s.refunded_orders = ''orders'')::text FROM %I.settings s', workspace)
    INTO rules.time_zone, rules.counts_zero, rules.counts_refunded;
    RETURN rules;
END
$$;

-- The statement that appends what rows of orders change. One of one row takes longer to be set up than to be run: expressions stand
-- here once. A fold tells the first order of a customer by that of the orders added, and need not read the orders.
--
-- What is equal has the same slot, whatever it looks like. By customer first, so that those of one lie together, then by source and
-- category, so that one with many of these is not to be folded at once. What no index takes stays pending.
CREATE FUNCTION _clientele.workspace_append_sql(workspace text, orders _clientele.attached_relation, rules _clientele.order_rules, changed_rows text, is_added text) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        INSERT INTO %9$I.order_changes (slot, customer, source, category, is_order, added, removed, added_profit, removed_profit,
            no_time, invalid_time, no_amount, invalid_amount, zero_amount, first_at, first_key, first_amount)
        SELECT CASE WHEN greatest(octet_length(o.customer::text), octet_length(o.source), octet_length(o.category)) > 800 THEN -1
                ELSE (coalesce(%1$s(o.customer) & 2147483647, 0)::bigint << 32) + (hashtext(concat_ws(' / ', o.source, o.category))::bigint & 4294967295) END,
            o.customer, o.source, o.category, o.is_order, CASE WHEN o.is_added THEN %2$s END, CASE WHEN NOT o.is_added THEN %2$s END,
            CASE WHEN o.is_added THEN %3$s END, CASE WHEN NOT o.is_added THEN %3$s END, %4$s,
            min(o.ordered_at) FILTER (WHERE o.place = 1), (array_agg(o.order_key) FILTER (WHERE o.place = 1))[1], min(o.kept_amount) FILTER (WHERE o.place = 1 AND o.left_out IS NULL)
        FROM (
            SELECT o.customer, o.source, o.category, o.has_origin AND o.is_order AS is_order, o.ordered_at, o.day, o.amount, o.kept_amount, o.profit, o.order_key,
                nullif(o.left_out, 'no_customer') AS left_out, o.is_added, %5$s AS place
            FROM (SELECT o.*, o.has_source OR o.has_category AS has_origin FROM (SELECT %6$s, %7$s AS is_added FROM %8$s OFFSET 0) o) o) o
        GROUP BY o.customer, o.source, o.category, o.is_order, o.is_added$query$,
        CASE (_clientele.workspace_role_column(orders, 'customer')).type
            WHEN 'smallint'::regtype THEN 'hashint2' WHEN 'integer'::regtype THEN 'hashint4' WHEN 'bigint'::regtype THEN 'hashint8'
            WHEN 'numeric'::regtype THEN 'hash_numeric' WHEN 'uuid'::regtype THEN 'uuid_hash' ELSE 'hashtext' END,
        format(f.history, 'amount'),
        CASE WHEN (orders).columns->>'profit' <> '' THEN format(f.history, 'profit') ELSE 'NULL::@extschema@.purchase_history' END,
        (SELECT string_agg(format('CASE WHEN o.is_added THEN 1 ELSE -1 END * nullif(count(*) FILTER (WHERE o.left_out = %L), 0)', r), ', ' ORDER BY n)
            FROM unnest('{no_time,invalid_time,no_amount,invalid_amount,zero_amount}'::text[]) WITH ORDINALITY u(r, n)),
        CASE WHEN is_added <> 'false' AND ((orders).columns->>'source' <> '' OR (orders).columns->>'category' <> '')
            THEN 'row_number() OVER (PARTITION BY o.customer, o.source, o.category, o.is_order, o.is_added ORDER BY nullif(o.left_out, ''no_customer'') NULLS FIRST, CASE WHEN nullif(o.left_out, ''no_customer'') IS NULL THEN o.day END, o.ordered_at, o.order_key, o.amount)'
            ELSE '0' END,
        _clientele.workspace_order_list_sql(orders, rules), is_added, changed_rows, workspace)
    FROM (SELECT '@extschema@.history_agg(o.day, o.%s) FILTER (WHERE o.left_out IS NULL)' AS history) f
$$;

-- Rows that came out as they went in are not of interest, whatever else of them changed. Texts stand beside, where types
-- such as citext hold different ones equal. Grouped, and not EXCEPT ALL: in a plan for few rows that never goes to disk.
CREATE FUNCTION _clientele.workspace_differing_rows_sql(orders _clientele.attached_relation) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('(SELECT %1$s, d.texts, sum(d.n) AS n FROM (SELECT %2$s, ARRAY[%4$s, %5$s], 1 FROM new_orders o UNION ALL SELECT %2$s, ARRAY[%4$s, %5$s], -1 FROM old_orders o) d(%6$s, texts, n)
            GROUP BY %1$s, d.texts HAVING sum(d.n) <> 0) d
            CROSS JOIN LATERAL (SELECT %3$s) o CROSS JOIN LATERAL (SELECT d.n > 0 AS is_added FROM generate_series(1, abs(d.n))) g',
        string_agg('d.c' || c.n, ', ' ORDER BY c.n), string_agg(format('o.%I', c.name), ', ' ORDER BY c.n), string_agg(format('d.c%s AS %I', c.n, c.name), ', ' ORDER BY c.n),
        _clientele.workspace_text_sql(_clientele.workspace_role_column(orders, 'source')), _clientele.workspace_text_sql(_clientele.workspace_role_column(orders, 'category')), string_agg('c' || c.n, ', ' ORDER BY c.n))
    FROM (SELECT x.name, row_number() OVER (ORDER BY x.name) AS n FROM (SELECT DISTINCT n AS name FROM unnest(_clientele.workspace_attached_names(orders)) n) x) c
$$;

CREATE FUNCTION _clientele.workspace_is_part(relation oid, root oid) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE;

CREATE FUNCTION _clientele.workspace_type_kind(type oid) RETURNS text
AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE;

CREATE FUNCTION _clientele.workspace_can_keep(workspace text, extension oid, relation oid, trigger_name name, columns text[], kinds text[]) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL SAFE;

CREATE FUNCTION _clientele.workspace_fold_turn(wrote bigint) RETURNS bigint
AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;

CREATE FUNCTION _clientele.workspace_random_slot() RETURNS integer
AS 'MODULE_PATHNAME' LANGUAGE C VOLATILE PARALLEL UNSAFE;

CREATE FUNCTION _clientele.workspace_is_own(transaction bigint) RETURNS boolean
AS 'MODULE_PATHNAME' LANGUAGE C STABLE STRICT PARALLEL RESTRICTED;

-- TRUNCATE fires the triggers of each part that has them; for one that was added since and has none that of the part above.
CREATE FUNCTION _clientele.workspace_truncated_parts(relation regclass, keeping regprocedure) RETURNS SETOF regclass
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

CREATE FUNCTION _clientele.workspace_truncate_body(workspace text, orders _clientele.attached_relation, rules _clientele.order_rules) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    -- Its snapshot may not have all the rows that go.
    SELECT format($body$
        BEGIN
            PERFORM _clientele.workspace_check_isolation('TRUNCATE of orders whose histories are kept'::text);
            FOR part IN SELECT _clientele.workspace_truncated_parts(TG_RELID::regclass, %2$L::regprocedure) LOOP
                EXECUTE 'WITH old_orders AS (SELECT ' || %3$L || ' FROM ONLY ' || part::text || ' o) ' || %4$L;
            END LOOP;
        EXCEPTION WHEN OTHERS THEN
            RAISE WARNING 'workspace "%%" misses what TRUNCATE takes from %%: %%', %5$L, TG_RELID::regclass, SQLERRM
                USING ERRCODE = SQLSTATE, HINT = 'Afterwards: ' || %6$L;
            INSERT INTO %5$I.missed_changes VALUES (now(), TG_RELID::regclass);
        END;
        RETURN NULL;$body$, '@extschema@', format('%I.keep_order_history()', workspace),
        (SELECT string_agg(DISTINCT format('o.%I', n), ', ') FROM unnest(_clientele.workspace_attached_names(orders)) n),
        _clientele.workspace_append_sql(workspace, orders, rules, 'old_orders o', 'false'),
        workspace, format('SELECT verify_workspace(%L, repair => true)', workspace))
$$;

CREATE FUNCTION _clientele.workspace_keeping_body(workspace text, orders _clientele.attached_relation) RETURNS text
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
    IF has_schema_privilege(to_regnamespace('_clientele')::oid, 'USAGE') IS NOT TRUE THEN
        RAISE WARNING 'workspace "%%" misses this change of %%: its owner, %%, may not use schema _clientele', %2$L, TG_RELID::regclass, current_user
            USING ERRCODE = 'insufficient_privilege', HINT = 'Grant it, and attach the orders again.';
    ELSIF has_function_privilege(to_regprocedure('_clientele.workspace_can_keep(text, oid, oid, name, text[], text[])')::oid, 'EXECUTE') IS NOT TRUE THEN
        RAISE WARNING 'workspace "%%" misses this change of %%: its owner, %%, may not call functions in schema _clientele', %2$L, TG_RELID::regclass, current_user
            USING ERRCODE = 'insufficient_privilege', HINT = 'Grant it, and attach the orders again.';
    ELSE
        can_keep := _clientele.workspace_can_keep(%2$L::text, coalesce(to_regnamespace(%1$L)::oid, 0::oid), TG_RELID, TG_NAME, %4$L::text[], %5$L::text[]);
    END IF;
    IF NOT can_keep THEN
        SELECT n.nspname INTO home FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE t.tgrelid = TG_RELID AND t.tgname = TG_NAME;
        EXECUTE format('INSERT INTO %%1$I.missed_changes SELECT now(), $1 WHERE NOT EXISTS (SELECT FROM %%1$I.missed_changes)', home) USING TG_RELID::regclass::text;
        RETURN NULL;
    ELSIF _clientele.workspace_is_part(TG_RELID, coalesce((SELECT f.orders::oid FROM %2$I.fold_state f), to_regclass(%3$L)::oid)) IS NOT TRUE THEN
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
    portion := CASE WHEN wrote > 0 AND current_setting('transaction_isolation') <> 'serializable' THEN _clientele.workspace_fold_turn(wrote) ELSE 0 END;
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
$body$, '@extschema@', workspace, (orders).relation,
        _clientele.workspace_attached_names(orders)::text[],
        (SELECT array_agg(_clientele.workspace_type_kind((_clientele.workspace_role_column(orders, r.role)).type) ORDER BY r."position")
            FROM _clientele.workspace_attached_roles() r WHERE r.relation_role = 'orders' AND (orders).columns->>r.role <> ''),
        _clientele.workspace_append_sql(workspace, orders, r, 'new_orders o', 'true'),
        _clientele.workspace_append_sql(workspace, orders, r, _clientele.workspace_differing_rows_sql(orders), 'g.is_added'),
        _clientele.workspace_append_sql(workspace, orders, r, 'old_orders o', 'false'),
        _clientele.workspace_truncate_body(workspace, orders, r), workspace)
    FROM _clientele.workspace_fixed_rules(workspace) r
$$;

-- By the number of fold_state, which names a workspace, and a group of customers.
CREATE FUNCTION _clientele.workspace_fold_key(state oid, slot_group integer) RETURNS bigint
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN hashtextextended('clientele fold '::text || state::text, 0::bigint) # slot_group::bigint;

-- Waits for those who fold, and keeps others from it until the transaction ends.
CREATE FUNCTION _clientele.workspace_lock_folds(workspace text) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    FOR slot_group IN 0..15 LOOP
        PERFORM pg_advisory_xact_lock(_clientele.workspace_fold_key(to_regclass(format('%I.fold_state', workspace))::oid, slot_group));
    END LOOP;
END
$$;

-- Nobody but the owner calls the functions that keep and fold, to whomever default privileges may have given that. Without the extension
-- they could only fail, and every writer with them.
CREATE FUNCTION _clientele.workspace_close_functions(workspace text) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    function regprocedure;
    grantee oid;
BEGIN
    FOR function IN SELECT f FROM _clientele.workspace_keeping_functions(workspace) f LOOP
        FOR grantee IN
            SELECT DISTINCT a.grantee FROM pg_proc p CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
            WHERE p.oid = function AND a.grantee <> p.proowner
        LOOP
            EXECUTE format('REVOKE ALL ON FUNCTION %s FROM %s', function, CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END || ' CASCADE');
        END LOOP;
        EXECUTE format('ALTER FUNCTION %s DEPENDS ON EXTENSION clientele', function);
    END LOOP;
END
$$;

-- Those that triggers call, and those that these call.
CREATE FUNCTION _clientele.workspace_keeping_functions(workspace text) RETURNS SETOF regprocedure
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT p.oid::regprocedure
    FROM pg_namespace n JOIN pg_proc p ON p.pronamespace = n.oid
    WHERE n.nspname = workspace AND (p.proname = 'keep_order_history'
        OR p.proname IN (SELECT f.relation FROM _clientele.workspace_files() f WHERE f.folder = 'functions' AND f.belongs_to = 'incremental'))
$$;

CREATE FUNCTION _clientele.workspace_create_keeping_function(workspace text, body text) RETURNS void
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
    PERFORM _clientele.workspace_close_functions(workspace);
END
$$;

CREATE FUNCTION _clientele.workspace_keeping_function(workspace text) RETURNS regprocedure
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT to_regprocedure(format('%I.keep_order_history()', workspace))
$$;

-- One name for a workspace and an event, so that none is there twice, whatever a restore made of the OIDs.
CREATE FUNCTION _clientele.workspace_trigger_name(workspace text, event text) RETURNS name
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN format('clientele_%s_%s', event, CASE WHEN octet_length(workspace) > 40 THEN md5(workspace) ELSE workspace END)::name;

CREATE FUNCTION _clientele.workspace_create_triggers(workspace text, orders regclass) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    wanted record;
BEGIN
    -- A statement fires the triggers of the table it names; TRUNCATE those of each part.
    FOR wanted IN
        SELECT t.relation, e.event, e.timing, e.tables
        FROM _clientele.workspace_tree(orders) WITH ORDINALITY t(relation, "position")
        CROSS JOIN (VALUES ('insert', 'AFTER', 'REFERENCING NEW TABLE AS new_orders'), ('delete', 'AFTER', 'REFERENCING OLD TABLE AS old_orders'),
            ('update', 'AFTER', 'REFERENCING OLD TABLE AS old_orders NEW TABLE AS new_orders'), ('truncate', 'BEFORE', '')) e(event, timing, tables)
        ORDER BY t."position", e.event
    LOOP
        EXECUTE format('CREATE OR REPLACE TRIGGER %I %s %s ON %s %s FOR EACH STATEMENT EXECUTE FUNCTION %I.keep_order_history()',
            _clientele.workspace_trigger_name(workspace, wanted.event), wanted.timing, wanted.event, wanted.relation, wanted.tables, workspace);
    END LOOP;
END
$$;

CREATE FUNCTION _clientele.workspace_place_triggers(workspace text, orders regclass, storage text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM _clientele.workspace_create_schema(workspace);
    PERFORM _clientele.workspace_lock_settings(workspace);
    IF storage <> 'incremental' OR EXISTS (
        SELECT FROM pg_trigger t
        WHERE t.tgfoid = _clientele.workspace_keeping_function(workspace)
            AND (t.tgrelid NOT IN (SELECT x FROM _clientele.workspace_tree(orders) x)
                OR t.tgname NOT IN (SELECT _clientele.workspace_trigger_name(workspace, e) FROM unnest('{insert,update,delete,truncate}'::text[]) e)))
    THEN
        PERFORM _clientele.workspace_stop_keeping(workspace);
    END IF;
    PERFORM _clientele.workspace_lock_relation(orders);
    IF storage = 'incremental' THEN
        IF _clientele.workspace_keeping_function(workspace) IS NULL THEN
            PERFORM _clientele.workspace_create_keeping_function(workspace, 'BEGIN RETURN NULL; END');
        END IF;
        PERFORM _clientele.workspace_lock_views(workspace); -- or writers would wait for readers
        PERFORM _clientele.workspace_create_triggers(workspace, orders);
    END IF;
END
$$;

-- The owner of the function may drop the triggers that call it, whoever owns the tables. The server looks for them before it waits
-- for the table, and gives up where they were switched off or on meanwhile.
CREATE FUNCTION _clientele.workspace_stop_keeping(workspace text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    tries integer := 5;
    function regprocedure;
BEGIN
    IF _clientele.workspace_keeping_function(workspace) IS NOT NULL THEN
        PERFORM _clientele.workspace_lock_views(workspace); -- readers hold these when they come to the orders
    END IF;
    WHILE _clientele.workspace_keeping_function(workspace) IS NOT NULL LOOP
        BEGIN
            EXECUTE format('DROP FUNCTION %I.keep_order_history() CASCADE', workspace);
        EXCEPTION WHEN internal_error THEN
            tries := tries - 1;
            IF tries = 0 THEN
                RAISE;
            END IF;
        END;
    END LOOP;
    FOR function IN SELECT f FROM _clientele.workspace_keeping_functions(workspace) f LOOP
        EXECUTE format('DROP FUNCTION %s', function);
    END LOOP;
END
$$;

CREATE FUNCTION _clientele.workspace_keep_anew(workspace text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET clientele.keeping = 'on'
SET jit = off
AS $$
DECLARE
    orders CONSTANT _clientele.attached_relation := _clientele.workspace_attached_orders(workspace);
    kept record;
BEGIN
    PERFORM _clientele.workspace_check_isolation('a change of the time zone, the zero amounts or the refunded orders of kept histories');
    PERFORM _clientele.workspace_check_owner(workspace);
    PERFORM _clientele.workspace_lock_folds(workspace); -- or writers would wait for who folds
    PERFORM _clientele.workspace_create_triggers(workspace, orders.relation);
    EXECUTE format('DELETE FROM %1$I.order_changes; DELETE FROM %1$I.missed_changes', workspace);
    -- Not truncated: whoever reads meanwhile, with whatever snapshot, sees what was there.
    FOR kept IN SELECT format('%I.%I', workspace, k.kept) AS name, _clientele.workspace_actual_sql(workspace, k.kept) AS actual FROM _clientele.workspace_kept() k
    LOOP
        EXECUTE format('DELETE FROM %s', kept.name);
        EXECUTE format('INSERT INTO %s %s', kept.name, kept.actual);
    END LOOP;
    PERFORM _clientele.workspace_create_keeping_function(workspace, _clientele.workspace_keeping_body(workspace, orders));
END
$$;
