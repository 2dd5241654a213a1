-- workspace: histories that triggers on the orders keep. What a writer changes is appended to order_changes, by customer;
-- views show what is stored and what is pending there as one; a fold moves the pending changes into what is stored.
--
-- Locks are taken in this order: the workspace, its settings, the orders, folds, the relations of the workspace. Writers
-- hold the orders when they come to order_changes, so nobody may wait for the orders who has locked that. Readers hold
-- views when they come to the orders: who drops triggers locks views first, but for those that a writer's fold reads.

CREATE FUNCTION workspace_kept_relations() RETURNS TABLE (relation name, kind text, description text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    VALUES
        ('order_history_data'::name, 'table', 'What the view order_history shows, but for changes that are pending in order_changes'),
        ('customer_preferences_data', 'table', 'The histories of customers by source and category, but for returns and pending changes'),
        ('first_orders_data', 'table', 'What the view first_orders shows, but for pending changes'),
        ('shop_history_data', 'table', 'One row with the history of all orders with a customer, but for pending changes'),
        ('order_changes', 'table', 'Pending: what triggers saw added to the orders and removed from them, until a fold moves it into what is stored'),
        ('fold_state', 'table', 'When order_changes was folded last'),
        ('changed_first_orders', 'view', 'The first orders of customers who are new or whose pending changes may move the first, looked up in the orders')
$$;
COMMENT ON FUNCTION workspace_kept_relations() IS
'Internal to attach_orders(): What a workspace with incremental storage has besides, as rows of relation, kind and description.';

CREATE FUNCTION workspace_tree(orders regclass) RETURNS SETOF regclass
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
COMMENT ON FUNCTION workspace_tree(regclass) IS
'Internal to attach_orders(): A table with its partitions or children on every level, itself first.';

CREATE FUNCTION workspace_check_keepable(orders regclass, columns order_columns) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    relation record;
    reason text;
BEGIN
    PERFORM @extschema@.workspace_check_isolation('attach_orders() with storage => ''incremental''');
    FOR relation IN
        SELECT c.oid::regclass AS name, c.oid <> orders AS below, c.relkind IN ('r', 'p') AS is_table, c.relpersistence = 'p' AS is_permanent,
            c.oid = orders AND EXISTS (SELECT FROM pg_inherits i WHERE i.inhrelid = c.oid) AS has_parent,
            row_security_active(c.oid) AS is_filtered, EXISTS (SELECT FROM pg_subscription_rel r WHERE r.srrelid = c.oid) AS is_subscribed, has_table_privilege(c.oid, 'TRIGGER') AS allowed
        FROM @extschema@.workspace_tree(orders) t JOIN pg_class c ON c.oid = t
    LOOP
        reason := CASE WHEN NOT relation.is_table THEN 'is no table' WHEN NOT relation.is_permanent THEN 'is unlogged or temporary'
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
        PERFORM @extschema@.workspace_check_privileges(relation.name,
            ARRAY(SELECT (c.col).name FROM @extschema@.workspace_column_list(columns) c));
    END LOOP;
END
$$;
COMMENT ON FUNCTION workspace_check_keepable(regclass, order_columns) IS
'Internal to attach_orders(): Checks that triggers can keep the histories of a table.
Errors: 42809 where it is no table, has a part that is none, is itself a part of another, unlogged, hides rows from the caller, or belongs to a subscription; 42501 without TRIGGER on it or SELECT on its columns; 25001 in a transaction that is REPEATABLE READ or SERIALIZABLE.';

CREATE FUNCTION workspace_check_isolation(what text) RETURNS void
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
COMMENT ON FUNCTION workspace_check_isolation(text) IS
'Internal to attach_orders(): Checks that each statement sees what was committed before it.
Errors: 25001 otherwise.';

-- What is not there to remove is left out: a view never raises, and verify_workspace() tells.
CREATE FUNCTION workspace_changed_histories_sql(workspace name, has_profit boolean) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT p.customer, %2$s.history_less(%2$s.rollup(p.history), %2$s.rollup(p.removed)) AS history, %3$s AS profit_history,
            nullif(greatest(sum(p.no_time), 0), 0)::bigint AS no_time,
            nullif(greatest(sum(p.invalid_time), 0), 0)::bigint AS invalid_time,
            nullif(greatest(sum(p.no_amount), 0), 0)::bigint AS no_amount,
            nullif(greatest(sum(p.invalid_amount), 0), 0)::bigint AS invalid_amount,
            nullif(greatest(sum(p.zero_amount), 0), 0)::bigint AS zero_amount
        FROM (
            SELECT c.customer, c.added AS history, c.removed, c.added_profit AS profit_history, c.removed_profit,
                c.no_time, c.invalid_time, c.no_amount, c.invalid_amount, c.zero_amount
            FROM %1$I.order_changes c
            UNION ALL
            SELECT d.customer, d.history, NULL AS removed, d.profit_history, NULL AS removed_profit,
                d.no_time, d.invalid_time, d.no_amount, d.invalid_amount, d.zero_amount
            FROM %1$I.order_history_data d
            WHERE d.customer IN (SELECT x.customer FROM %1$I.order_changes x)
            UNION ALL
            SELECT d.customer, d.history, NULL AS removed, d.profit_history, NULL AS removed_profit,
                d.no_time, d.invalid_time, d.no_amount, d.invalid_amount, d.zero_amount
            FROM %1$I.order_history_data d
            WHERE d.customer IS NULL) p
        GROUP BY p.customer
        $query$, workspace, '@extschema@', CASE WHEN has_profit
            THEN '@extschema@.history_less(@extschema@.rollup(p.profit_history), @extschema@.rollup(p.removed_profit))'
            ELSE 'NULL::@extschema@.purchase_history' END)
$$;
COMMENT ON FUNCTION workspace_changed_histories_sql(name, boolean) IS
'Internal to attach_orders(): The query for the histories of customers with pending changes, and of the orders without a customer: stored and pending together, those included of which nothing is left.';

CREATE FUNCTION workspace_changed_preferences_sql(workspace name) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT p.customer, p.source, p.category, %2$s.history_less(%2$s.rollup(p.history), %2$s.rollup(p.removed)) AS history
        FROM (
            SELECT c.customer, c.source, c.category, c.added AS history, c.removed
            FROM %1$I.order_changes c
            WHERE c.customer IS NOT NULL AND c.is_order
            UNION ALL
            SELECT d.customer, d.source, d.category, d.history, NULL AS removed
            FROM %1$I.customer_preferences_data d
            WHERE d.customer IN (SELECT x.customer FROM %1$I.order_changes x)) p
        GROUP BY p.customer, p.source, p.category
        $query$, workspace, '@extschema@')
$$;
COMMENT ON FUNCTION workspace_changed_preferences_sql(name) IS
'Internal to attach_orders(): The same for the histories by source and category.';

CREATE FUNCTION workspace_shop_history_sql(workspace name) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT true AS one_row, %2$s.history_less(%2$s.rollup(p.history), %2$s.rollup(p.removed)) AS history
        FROM (
            SELECT s.history, NULL::%2$s.purchase_history AS removed FROM %1$I.shop_history_data s
            UNION ALL
            SELECT c.added AS history, c.removed FROM %1$I.order_changes c WHERE c.customer IS NOT NULL) p
        $query$, workspace, '@extschema@')
$$;
COMMENT ON FUNCTION workspace_shop_history_sql(name) IS
'Internal to attach_orders(): The query for the history of all orders with a customer, stored and pending together.';

CREATE FUNCTION workspace_order_preferences_sql(workspace name, orders regclass, columns order_columns) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT %1$s AS customer, %2$s AS source, %3$s AS category, %4$s AS history
        FROM %5$s o
        WHERE %6$L AND o.%7$I IS NOT NULL AND %8$s AND %9$s
        GROUP BY 1, 2, 3
        $query$, @extschema@.workspace_customer_sql((columns).customer), @extschema@.workspace_text_sql((columns).source),
        @extschema@.workspace_text_sql((columns).category),
        @extschema@.workspace_history_sql((columns).ordered_at, (columns).amount, workspace), orders,
        @extschema@.workspace_has_origin(columns), ((columns).customer).name, @extschema@.workspace_kept_row_sql(columns, workspace),
        @extschema@.workspace_is_order_sql((columns).amount))
$$;
COMMENT ON FUNCTION workspace_order_preferences_sql(name, regclass, order_columns) IS
'Internal to attach_orders(): The query for the histories of customers by source and category without returns, where these are attached to see.';

CREATE FUNCTION workspace_kept_views(workspace name, orders regclass, columns order_columns)
RETURNS TABLE (view name, keys name[], actual text, changed text, present text, put text, affected text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    WITH present AS (
        SELECT format('h.history OPERATOR(%1$s.<>) ''{}''::%1$s.purchase_history', '@extschema@') AS has_history,
            'coalesce(h.no_time, h.invalid_time, h.no_amount, h.invalid_amount, h.zero_amount) IS NOT NULL' AS has_rows_left_out)
    SELECT 'order_history'::name, '{customer}'::name[], @extschema@.workspace_order_history_sql(workspace, orders, columns),
        @extschema@.workspace_changed_histories_sql(workspace, (columns.profit).name IS NOT NULL),
        format('(%s OR %s)', p.has_history, p.has_rows_left_out), format('(%s OR %s OR h.customer IS NULL)', p.has_history, p.has_rows_left_out), 'true'
    FROM present p
    UNION ALL
    SELECT 'customer_preferences', '{customer,source,category}', @extschema@.workspace_order_preferences_sql(workspace, orders, columns),
        @extschema@.workspace_changed_preferences_sql(workspace),
        format('(%s AND %L)', p.has_history, @extschema@.workspace_has_origin(columns)),
        format('(%s AND %L AND EXISTS (SELECT FROM %I.order_changes c WHERE c.is_order AND c.customer = h.customer AND c.source IS NOT DISTINCT FROM h.source AND c.category IS NOT DISTINCT FROM h.category))',
            p.has_history, @extschema@.workspace_has_origin(columns), workspace), 'true'
    FROM present p
    UNION ALL
    SELECT 'first_orders', '{customer}', @extschema@.workspace_first_orders_sql(workspace, orders, columns),
        format('SELECT f.* FROM %I.changed_first_orders f', workspace), 'true', 'true',
        format('(c.removed IS NOT NULL OR %s.first_order(c.added) <= d.day)', '@extschema@')
    UNION ALL
    SELECT 'shop_history', '{one_row}', format('SELECT true AS one_row, %s.rollup(x.history) AS history FROM (%s) x WHERE x.customer IS NOT NULL',
            '@extschema@', @extschema@.workspace_order_history_sql(workspace, orders, columns)),
        @extschema@.workspace_shop_history_sql(workspace), 'true', 'true', 'true'
$$;
COMMENT ON FUNCTION workspace_kept_views(name, regclass, order_columns) IS
'Internal to attach_orders(): What triggers keep, each in the table of the same name with the suffix _data.
Result: rows of view; keys: columns that tell its rows apart; actual: the query for it over the orders; changed: that for the rows with pending changes, stored and pending together; present: SQL on a row h of changed that it is not empty; put: SQL on it that a fold stores it; affected: SQL on a stored row d and a pending change c of its customer that it may be another one now.';

CREATE FUNCTION workspace_current_sql(workspace name, view name, changed text, present text, affected text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE view WHEN 'shop_history' THEN changed
    ELSE format($query$
        SELECT d.*
        FROM %1$I.%2$I d
        WHERE d.customer IS NOT NULL AND NOT EXISTS (SELECT FROM %1$I.order_changes c WHERE c.customer = d.customer AND %5$s)
        UNION ALL
        SELECT h.* FROM (%3$s) h WHERE %4$s
        $query$, workspace, @extschema@.workspace_data_name(view), changed, present, affected) END
$$;
COMMENT ON FUNCTION workspace_current_sql(name, name, text, text, text) IS
'Internal to attach_orders(): The query for what is stored and what is pending together.
Arguments: workspace; view, changed, present, affected: as in workspace_kept_views().';

CREATE FUNCTION workspace_create_kept_views(workspace name, orders regclass, columns order_columns) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    current jsonb;
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'changed_first_orders',
        @extschema@.workspace_first_orders_sql(workspace, orders, columns,
            format('o.customer IN (SELECT c.customer FROM %1$I.order_changes c LEFT JOIN %1$I.first_orders_data d ON d.customer = c.customer WHERE d.customer IS NULL OR %2$s)', workspace,
                (SELECT k.affected FROM @extschema@.workspace_kept_views(workspace, orders, columns) k WHERE k.view = 'first_orders'))),
        (SELECT k.description FROM @extschema@.workspace_kept_relations() k WHERE k.relation = 'changed_first_orders'),
        ARRAY[['customer', 'The customer, as in the orders']]);
    PERFORM @extschema@.workspace_hide_data(format('%I.changed_first_orders', workspace)::regclass);
    SELECT jsonb_object_agg(k.view, @extschema@.workspace_current_sql(workspace, k.view, k.changed, k.present, k.affected)) INTO current
    FROM @extschema@.workspace_kept_views(workspace, orders, columns) k;

    PERFORM @extschema@.workspace_create_reporting_date(workspace, format($query$
        SELECT max(d.day) AS last_day
        FROM (%s) h CROSS JOIN LATERAL %s.history_days(h.history) d
        WHERE s.as_of = 'auto' AND d.day <= t.today
        $query$, current->>'shop_history', '@extschema@'));
    PERFORM @extschema@.workspace_create_histories(workspace, current->>'order_history');
    PERFORM @extschema@.workspace_create_customer_preferences(workspace, format($query$
        SELECT p.customer, p.source, p.category, %2$s.order_count(p.history, r.as_of) AS orders, %2$s.revenue(p.history, r.as_of) AS revenue
        FROM (%3$s) p CROSS JOIN %1$I.reporting_date r
        WHERE %2$s.order_count(p.history, r.as_of) > 0
        $query$, workspace, '@extschema@', current->>'customer_preferences'));
    PERFORM @extschema@.workspace_create_first_orders(workspace, current->>'first_orders');
END
$$;
COMMENT ON FUNCTION workspace_create_kept_views(name, regclass, order_columns) IS
'Internal to attach_orders(): Makes those views of a workspace anew that read what triggers keep instead of the orders.';

CREATE FUNCTION workspace_create_kept_tables(workspace name, orders regclass, columns order_columns) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    kept record;
BEGIN
    FOR kept IN
        SELECT k.*, @extschema@.workspace_data_name(k.view) AS name FROM @extschema@.workspace_kept_views(workspace, orders, columns) k
    LOOP
        EXECUTE format('CREATE TABLE %I.%I AS %s', workspace, kept.name, kept.actual);
        EXECUTE format('CREATE UNIQUE INDEX ON %I.%I (%s) NULLS NOT DISTINCT', workspace, kept.name,
            (SELECT string_agg(quote_ident(k), ', ' ORDER BY n) FROM unnest(kept.keys) WITH ORDINALITY u(k, n)));
        EXECUTE format('ANALYZE %I.%I', workspace, kept.name);
    END LOOP;
    EXECUTE format($ddl$
        CREATE TABLE %1$I.order_changes AS
        SELECT h.customer, p.source, p.category, true AS is_order, h.history AS added, h.history AS removed, h.history AS added_profit,
            h.history AS removed_profit, h.no_time, h.invalid_time, h.no_amount, h.invalid_amount, h.zero_amount
        FROM %1$I.order_history_data h CROSS JOIN %1$I.customer_preferences_data p
        WITH NO DATA;
        ALTER TABLE %1$I.order_changes ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY;
        CREATE INDEX ON %1$I.order_changes (customer);
        CREATE TABLE %1$I.fold_state (one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row), folded_up_to bigint NOT NULL, folded_at timestamptz NOT NULL);
        INSERT INTO %1$I.fold_state VALUES (true, 0, now())
        $ddl$, workspace);
    PERFORM @extschema@.workspace_guard_kept(workspace, k.relation, k.description)
    FROM @extschema@.workspace_kept_relations() k WHERE k.kind = 'table';
END
$$;
COMMENT ON FUNCTION workspace_create_kept_tables(name, regclass, order_columns) IS
'Internal to attach_orders(): Makes and fills the tables of what triggers keep.';

-- While the data of a dump is restored, the triggers on the orders write all this anew: what the dump has of it must not
-- come on top. A restore with --disable-triggers switches both off. Who may insert is told by a setting that only
-- functions of the extension have, since others may not attach one to a function, and by being in a trigger.
CREATE FUNCTION workspace_guard_kept(workspace name, relation name, description text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format($ddl$
        CREATE TRIGGER skip_others BEFORE INSERT ON %1$I.%2$I FOR EACH ROW
            WHEN (pg_trigger_depth() = 0 AND current_setting('clientele.keeping', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION %3$s.workspace_skip_row();
        ALTER TABLE %1$I.%2$I REPLICA IDENTITY FULL;
        COMMENT ON TABLE %1$I.%2$I IS %4$L
        $ddl$, workspace, relation, '@extschema@', description);
    EXECUTE (SELECT string_agg(format('COMMENT ON COLUMN %I.%I.%I IS %L', workspace, relation, a.attname, d.description), ';')
        FROM pg_attribute a JOIN @extschema@.workspace_kept_columns() d ON d.name = a.attname
        WHERE a.attrelid = to_regclass(format('%I.%I', workspace, relation)));
    PERFORM @extschema@.workspace_hide_data(format('%I.%I', workspace, relation)::regclass);
END
$$;
COMMENT ON FUNCTION workspace_guard_kept(name, name, text) IS
'Internal to attach_orders(): Lets only the functions of the workspace insert into a table, and describes it.';

CREATE FUNCTION workspace_skip_row() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION workspace_skip_row() IS
'Internal to attach_orders(): Trigger function that leaves a row out.';

CREATE FUNCTION workspace_kept_columns() RETURNS TABLE (name name, description text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    VALUES ('customer'::name, 'The customer, as in the orders; empty for orders without one'), ('source', 'Where the orders came from'),
        ('category', 'Category of the orders'), ('is_order', 'Whether of orders, whose sources and categories count, and not of returns or rows that cannot be used'), ('history', 'Orders, returns and amounts per day'), ('profit_history', 'Profit per day'),
        ('no_time', 'Number of rows without a time'), ('invalid_time', 'Number of rows with a time that cannot be used'),
        ('no_amount', 'Number of rows without an amount'), ('invalid_amount', 'Number of rows with an amount that cannot be used'),
        ('zero_amount', 'Number of rows with an amount of 0, where the settings skip them'), ('day', 'Day of the first order'), ('amount', 'Amount of the first order'),
        ('one_row', 'Always true: there is one row'), ('added', 'What one statement added'), ('removed', 'What it removed'),
        ('added_profit', 'The profit of what it added'), ('removed_profit', 'The profit of what it removed'), ('id', 'Counts the rows'),
        ('folded_up_to', 'The last id at that time'), ('folded_at', 'When')
$$;
COMMENT ON FUNCTION workspace_kept_columns() IS
'Internal to attach_orders(): The comments on the columns of what triggers keep.';

CREATE FUNCTION workspace_drop_kept(workspace name, cascade boolean) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    kept record;
BEGIN
    FOR kept IN
        SELECT k.* FROM @extschema@.workspace_kept_relations() k
        JOIN pg_class c ON c.oid = to_regclass(format('%I.%I', workspace, k.relation))
            AND c.relkind = CASE k.kind WHEN 'table' THEN 'r' ELSE 'v' END::"char"
        ORDER BY k.kind DESC
    LOOP
        EXECUTE format('DROP %s %I.%I %s', kept.kind, workspace, kept.relation, CASE WHEN cascade THEN 'CASCADE' ELSE 'RESTRICT' END);
    END LOOP;
END
$$;
COMMENT ON FUNCTION workspace_drop_kept(name, boolean) IS
'Internal to attach_orders(): Drops the tables of what triggers kept.
Arguments: workspace; cascade: whether to drop what else reads them as well.
Errors: 2BP01 if something else reads them and is not to be dropped.';

CREATE FUNCTION workspace_keep(workspace name, orders regclass, columns order_columns) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_kept_tables(workspace, orders, columns);
    PERFORM @extschema@.workspace_create_kept_views(workspace, orders, columns);
    PERFORM @extschema@.workspace_create_keeping_functions(workspace, orders, columns);
END
$$;
COMMENT ON FUNCTION workspace_keep(name, regclass, order_columns) IS
'Internal to attach_orders(): Computes what triggers keep from then on, and lets the views read that. The triggers are there already, and keep writers waiting.';
