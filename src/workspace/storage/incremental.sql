-- workspace: histories that triggers on the orders keep. What a writer changes is appended to order_changes, by customer;
-- views show what is stored and what is pending there as one; folds move pending changes into what is stored.
--
-- Locks are taken in this order: the workspace, its settings, the orders, folds, the relations of the workspace. Writers
-- hold the orders when they come to order_changes, so nobody may wait for the orders who has locked that. Readers hold
-- views when they come to the orders: who drops triggers locks views first.

-- A table with its partitions or children on every level, itself first.
CREATE FUNCTION _clientele.workspace_tree(orders regclass) RETURNS SETOF regclass
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    WITH RECURSIVE tree AS (
        SELECT $1::oid AS relation
        UNION
        SELECT i.inhrelid FROM tree t JOIN pg_inherits i ON i.inhparent = t.relation
    )
    SELECT t.relation::regclass FROM tree t
$$;

CREATE FUNCTION _clientele.workspace_check_keepable(orders regclass, columns name[]) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    relation record;
    reason text;
    computed name;
BEGIN
    PERFORM _clientele.workspace_check_isolation('attach_orders() with storage => ''incremental''');
    FOR relation IN
        SELECT c.oid::regclass AS name, c.oid <> orders AS below, c.relkind IN ('r', 'p') AS is_table, c.relpersistence = 'p' AS is_permanent,
            c.oid = orders AND EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid) AS has_parent,
            row_security_active(c.oid) AS is_filtered, EXISTS (SELECT FROM pg_subscription_rel r WHERE r.srrelid = c.oid) AS is_subscribed, has_table_privilege(c.oid, 'TRIGGER') AS allowed
        FROM _clientele.workspace_tree(orders) t JOIN pg_class c ON c.oid = t
    LOOP
        reason := CASE WHEN NOT relation.is_table THEN 'is no table' WHEN NOT relation.is_permanent THEN 'is unlogged or temporary'
            WHEN _clientele.workspace_is_distributed(relation.name) THEN 'is distributed, and its rows are written where triggers on it are not asked'
            WHEN relation.has_parent THEN 'is part of another table, through which it can be written'
            WHEN relation.is_filtered THEN 'shows only some rows here, by row level security'
            WHEN relation.is_subscribed THEN 'is written by logical replication, which fires no triggers on statements' END;
        IF reason IS NOT NULL THEN
            RAISE EXCEPTION 'triggers cannot keep the histories of %: % %', orders, relation.name, reason
                USING ERRCODE = 'wrong_object_type', HINT = 'Attach with storage => ''materialized''.';
        ELSIF NOT relation.allowed THEN
            RAISE EXCEPTION 'permission denied to create triggers on %', relation.name
                USING ERRCODE = 'insufficient_privilege',
                    HINT = format('Its owner can run: GRANT TRIGGER ON %s TO %I;', relation.name, current_user);
        END IF;
        PERFORM _clientele.workspace_check_privileges(relation.name, columns);
    END LOOP;
    -- What a trigger is given of a column that is computed when it is read is NULL.
    SELECT a.attname INTO computed FROM pg_attribute a WHERE a.attrelid = orders AND a.attname = ANY (columns) AND a.attgenerated = 'v' LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'triggers cannot keep the histories of %: column "%" is generated when it is read, which they do not see', orders, computed
            USING ERRCODE = 'wrong_object_type', HINT = 'Attach with storage => ''materialized'', or make the column STORED.';
    END IF;
END
$$;

CREATE FUNCTION _clientele.workspace_check_isolation(what text) RETURNS void
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Its snapshot may be older than the lock that keeps writers out.
    IF current_setting('transaction_isolation') IN ('repeatable read', 'serializable') THEN
        RAISE EXCEPTION '% cannot run in a % transaction', what, upper(current_setting('transaction_isolation') COLLATE "C")
            USING ERRCODE = 'active_sql_transaction', HINT = 'Run it in a READ COMMITTED transaction.';
    END IF;
END
$$;

-- What triggers keep, each in a table, as rows of that; current: the relation that shows it with what is pending; keys: the columns
-- that tell its rows apart; shown: those that are of interest.
CREATE FUNCTION _clientele.workspace_kept() RETURNS TABLE (kept name, current name, keys name[], shown name[])
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    VALUES
        ('order_history_data'::name, 'order_history'::name, '{customer}'::name[], '{customer,history,profit_history,no_time,invalid_time,no_amount,invalid_amount,zero_amount}'::name[]),
        ('customer_preferences_data', 'current_preferences', '{customer,source,category}', '{customer,source,category,history}'),
        ('first_orders_data', 'first_orders', '{customer}', '{customer,day,source,category,amount}'),
        ('order_days_data', 'order_days', '{day,slot_group}', '{day,order_rows}')
$$;

-- What the orders say of it: the query that the table is made from, over views on the orders themselves.
CREATE FUNCTION _clientele.workspace_actual_sql(workspace text, kept name) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('WITH order_history AS (%s) %s', (
            SELECT _clientele.workspace_query(s.statements[1], workspace)
            FROM _clientele.workspace_wanted(_clientele.workspace_parts(workspace)) s
            WHERE s.relation = 'order_history'),
        _clientele.workspace_query(replace(s.statements[1], 'workspace.order_history', 'order_history'), workspace))
    FROM _clientele.workspace_files() f JOIN _clientele.workspace_statements() s ON s.place = f.place
    WHERE f.relation = kept
$$;

CREATE FUNCTION _clientele.workspace_kept_relations() RETURNS TABLE (relation name, folder text, place integer)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT f.relation, f.folder, f.place FROM _clientele.workspace_files() f WHERE f.belongs_to = 'incremental' AND f.folder <> 'functions'
$$;

-- While the data of a dump is restored, the triggers on the orders write all this anew: what the dump has of it must not come on top.
-- A restore with --disable-triggers switches both off. Functions of the extension say by a setting that it is them; who else may write
-- here is the owner's business, and could as well write with it.
CREATE FUNCTION _clientele.workspace_guard_kept(workspace text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    kept record;
BEGIN
    FOR kept IN SELECT k.relation, k.folder, format('%I.%I', workspace, k.relation)::regclass AS id FROM _clientele.workspace_kept_relations() k LOOP
        PERFORM _clientele.workspace_hide_data(kept.id);
        CONTINUE WHEN kept.folder <> 'tables';
        EXECUTE format('CREATE TRIGGER skip_others BEFORE INSERT ON %s FOR EACH ROW EXECUTE FUNCTION _clientele.workspace_skip_row()', kept.id);
        EXECUTE format('ALTER TABLE %s REPLICA IDENTITY FULL', kept.id);
        EXECUTE format('ANALYZE %s', kept.id);
    END LOOP;
END
$$;

CREATE FUNCTION _clientele.workspace_skip_row() RETURNS trigger
AS 'MODULE_PATHNAME' LANGUAGE C;

CREATE FUNCTION _clientele.workspace_drop_kept(workspace text, cascade boolean) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    kept record;
BEGIN
    FOR kept IN
        SELECT k.relation, CASE k.folder WHEN 'tables' THEN 'TABLE' ELSE 'VIEW' END AS kind
        FROM _clientele.workspace_kept_relations() k
        JOIN pg_class c ON c.oid = to_regclass(format('%I.%I', workspace, k.relation)) AND c.relkind = CASE k.folder WHEN 'tables' THEN 'r' ELSE 'v' END::"char"
        ORDER BY k.folder DESC, k.place DESC
    LOOP
        EXECUTE format('DROP %s %I.%I %s', kept.kind, workspace, kept.relation, CASE WHEN cascade THEN 'CASCADE' ELSE 'RESTRICT' END);
    END LOOP;
END
$$;

-- Computes what triggers keep from then on, and lets the views read that. The triggers are there already, and keep writers waiting.
-- Texts of any length go into a hash index alone.
CREATE FUNCTION _clientele.workspace_keep(workspace text, orders _clientele.attached_relation, parts text[]) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET clientele.keeping = 'on'
AS $$
BEGIN
    PERFORM _clientele.workspace_make_all(workspace, '{tables}', parts || '{incremental}'::text[], 'incremental');
    EXECUTE format('CREATE INDEX ON %1$I.order_changes USING %2$s (customer)', workspace,
        CASE (SELECT a.atttypid FROM pg_attribute a WHERE a.attrelid = to_regclass(format('%I.order_changes', workspace)) AND a.attname = 'customer')
            WHEN 'text'::regtype THEN 'hash' ELSE 'btree' END);
    EXECUTE format('INSERT INTO %I.fold_state VALUES (true, $1, now())', workspace) USING orders.relation;
    PERFORM _clientele.workspace_make_all(workspace, '{functions,views}', parts || '{incremental}'::text[], 'incremental');
    PERFORM _clientele.workspace_describe(workspace, parts || '{incremental}'::text[]);
    PERFORM _clientele.workspace_guard_kept(workspace);
    PERFORM _clientele.workspace_create_keeping_function(workspace, _clientele.workspace_keeping_body(workspace, orders));
END
$$;
