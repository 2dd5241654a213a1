-- workspace: histories that triggers on the orders keep. What a writer changes is appended to order_changes, by customer;
-- views show what is stored and what is pending there as one; folds move pending changes into what is stored.
--
-- Locks are taken in this order: the workspace, its settings, the orders, folds, the relations of the workspace. Writers
-- hold the orders when they come to order_changes, so nobody may wait for the orders who has locked that. Readers hold
-- views when they come to the orders: who drops triggers locks views first.

CREATE FUNCTION workspace_kept_relations() RETURNS TABLE (relation name, kind text, description text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    VALUES
        ('order_history_data'::name, 'table', 'What the view order_history shows, but for changes that are pending in order_changes'),
        ('customer_preferences_data', 'table', 'The histories of customers by source and category, but for returns and pending changes'),
        ('first_orders_data', 'table', 'What the view first_orders shows, but for pending changes'),
        ('order_days_data', 'table', 'The days on which customers ordered or returned something, but for pending changes'),
        ('order_changes', 'table', 'Pending: what triggers saw added to the orders and removed from them, until a fold moves it into what is stored'),
        ('missed_changes', 'table', 'When orders were written that triggers could not read: until they are attached again, figures lack them'),
        ('fold_state', 'table', 'Whose histories are kept, and when fold_workspace() ran last'),
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
    PERFORM @extschema@.workspace_check_generated(orders, columns);
END
$$;
COMMENT ON FUNCTION workspace_check_keepable(regclass, order_columns) IS
'Internal to attach_orders(): Checks that triggers can keep the histories of a table.
Errors: 42809 where it is no table, has a part that is none, is itself a part of another, unlogged, hides rows from the caller, belongs to a subscription, or is read by a virtual generated column; 42501 without TRIGGER on it or SELECT on its columns; 25001 in a transaction that is REPEATABLE READ or SERIALIZABLE.';

-- What a trigger is given of a column that is computed when it is read is NULL.
CREATE FUNCTION workspace_check_generated(orders regclass, columns order_columns) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    col name;
BEGIN
    SELECT a.attname INTO col
    FROM @extschema@.workspace_column_list(columns) c
    JOIN pg_attribute a ON a.attrelid = orders AND a.attname = (c.col).name AND a.attgenerated = 'v'
    LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'triggers cannot keep the histories of %: column "%" is generated when it is read, which they do not see', orders, col
            USING ERRCODE = 'wrong_object_type', HINT = 'Attach with storage => ''materialized'', or make the column STORED.';
    END IF;
END
$$;
COMMENT ON FUNCTION workspace_check_generated(regclass, order_columns) IS
'Internal to attach_orders(): Checks that triggers see the columns.
Errors: 42809 where one is a virtual generated column.';

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

-- Days are kept in groups of customers, as only one fold at a time works on a group.
CREATE FUNCTION workspace_changed_days_sql(workspace name) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT p.day, sum(p.order_rows)::bigint AS order_rows
        FROM (
            SELECT a.day, a.orders + a.returns AS order_rows
            FROM (SELECT %2$s.rollup(c.added) AS added FROM %1$I.order_changes c WHERE c.customer IS NOT NULL) h CROSS JOIN LATERAL %2$s.history_days(h.added) a
            UNION ALL
            SELECT r.day, -(r.orders + r.returns)
            FROM (SELECT %2$s.rollup(c.removed) AS removed FROM %1$I.order_changes c WHERE c.customer IS NOT NULL) h CROSS JOIN LATERAL %2$s.history_days(h.removed) r) p
        GROUP BY p.day
        $query$, workspace, '@extschema@')
$$;
COMMENT ON FUNCTION workspace_changed_days_sql(name) IS
'Internal to attach_orders(): The query for the number of rows that pending changes add on each day, or take away.';

CREATE FUNCTION workspace_current_days_sql(workspace name) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT x.day, sum(x.order_rows)::bigint AS order_rows
        FROM (SELECT d.day, d.order_rows FROM %1$I.order_days_data d UNION ALL SELECT c.day, c.order_rows FROM (%2$s) c) x
        GROUP BY x.day
        HAVING sum(x.order_rows) <> 0
        $query$, workspace, @extschema@.workspace_changed_days_sql(workspace))
$$;
COMMENT ON FUNCTION workspace_current_days_sql(name) IS
'Internal to attach_orders(): The query for the number of rows on each day, stored and pending together.';

CREATE FUNCTION workspace_kept_last_day_sql(workspace name) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    -- From the newest day on, by the index: few are read.
    SELECT format($query$
        WITH changed AS MATERIALIZED (%2$s)
        SELECT CASE WHEN s.as_of = 'auto' THEN greatest(
            (SELECT max(c.day) FROM changed c WHERE c.order_rows > 0 AND c.day <= t.today),
            (SELECT d.day FROM %1$I.order_days_data d WHERE d.day <= t.today GROUP BY d.day
                HAVING sum(d.order_rows) + coalesce((SELECT c.order_rows FROM changed c WHERE c.day = d.day), 0) > 0
                ORDER BY d.day DESC LIMIT 1)) END AS last_day
        $query$, workspace, @extschema@.workspace_changed_days_sql(workspace))
$$;
COMMENT ON FUNCTION workspace_kept_last_day_sql(name) IS
'Internal to attach_orders(): The query for the last day that is not in the future, stored and pending together, where it decides: with settings s and today in t.';

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
        @extschema@.workspace_history_sql((columns).ordered_at, (columns).amount, r), orders,
        @extschema@.workspace_has_origin(columns), ((columns).customer).name, @extschema@.workspace_kept_row_sql(columns, r),
        @extschema@.workspace_is_order_sql((columns).amount))
    FROM @extschema@.workspace_applied_rules(workspace) r
$$;
COMMENT ON FUNCTION workspace_order_preferences_sql(name, regclass, order_columns) IS
'Internal to attach_orders(): The query for the histories of customers by source and category without returns, where these are attached to see.';

CREATE FUNCTION workspace_order_days_sql(workspace name, orders regclass, columns order_columns) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT d.day, 0 AS slot_group, sum(d.orders + d.returns)::bigint AS order_rows
        FROM (%2$s) h CROSS JOIN LATERAL %1$s.history_days(h.history) d
        WHERE h.customer IS NOT NULL
        GROUP BY d.day
        $query$, '@extschema@', @extschema@.workspace_order_history_sql(workspace, orders, columns))
$$;
COMMENT ON FUNCTION workspace_order_days_sql(name, regclass, order_columns) IS
'Internal to attach_orders(): The query for the days on which customers ordered or returned something.';

CREATE FUNCTION workspace_kept_views(workspace name, orders regclass, columns order_columns)
RETURNS TABLE (view name, keys name[], shown name[], actual text, changed text, present text, settled text, affected text)
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    WITH present AS (
        SELECT format('h.history OPERATOR(%1$s.<>) ''{}''::%1$s.purchase_history', '@extschema@') AS has_history,
            'coalesce(h.no_time, h.invalid_time, h.no_amount, h.invalid_amount, h.zero_amount) IS NOT NULL' AS has_rows_left_out)
    SELECT 'order_history'::name, '{customer}'::name[], '{customer,history,profit_history,no_time,invalid_time,no_amount,invalid_amount,zero_amount}'::name[],
        @extschema@.workspace_order_history_sql(workspace, orders, columns),
        @extschema@.workspace_changed_histories_sql(workspace, (columns.profit).name IS NOT NULL),
        format('(%s OR %s)', p.has_history, p.has_rows_left_out), 'h.customer IS NOT NULL', 'true'
    FROM present p
    UNION ALL
    SELECT 'customer_preferences', '{customer,source,category}', '{customer,source,category,history}',
        @extschema@.workspace_order_preferences_sql(workspace, orders, columns), @extschema@.workspace_changed_preferences_sql(workspace),
        format('(%s AND %L)', p.has_history, @extschema@.workspace_has_origin(columns)), p.has_history, 'true'
    FROM present p
    UNION ALL
    SELECT 'first_orders', '{customer}', '{customer,day,source,category,amount}',
        @extschema@.workspace_first_orders_sql(workspace, orders, columns, more => ', o.at, o.order_key, false AS is_unknown'),
        format('SELECT f.* FROM %I.changed_first_orders f', workspace), 'true', 'NOT h.is_unknown',
        format('(c.removed IS NOT NULL OR %s.first_order(c.added) <= h.day)', '@extschema@')
    UNION ALL
    SELECT 'order_days', '{day,slot_group}', '{day,order_rows}', @extschema@.workspace_order_days_sql(workspace, orders, columns),
        @extschema@.workspace_current_days_sql(workspace), 'true', 'true', 'true'
$$;
COMMENT ON FUNCTION workspace_kept_views(name, regclass, order_columns) IS
'Internal to attach_orders(): What triggers keep, each in the table of the same name with the suffix _data.
Result: rows of view; keys: columns that tell its rows apart; shown: columns that are of interest; actual: the query for it over the orders; changed: that for the rows with pending changes, stored and pending together; present: SQL on a row h of changed that it is not empty; settled: SQL on a stored row h that it is one to be shown; affected: SQL on a stored row h and a pending change c of its customer that it may be another one now.';

CREATE FUNCTION workspace_column_names_sql(columns name[], alias text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT string_agg(format('%s.%I', alias, c), ', ' ORDER BY n) FROM unnest(columns) WITH ORDINALITY u(c, n)
$$;
COMMENT ON FUNCTION workspace_column_names_sql(name[], text) IS
'Internal to attach_orders(): A list of columns of a relation in SQL.';

CREATE FUNCTION workspace_current_sql(workspace name, view name, shown name[], changed text, present text, settled text, affected text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE view WHEN 'order_days' THEN changed
    ELSE format($query$
        SELECT %1$s
        FROM %2$I.%3$I h
        WHERE %4$s AND NOT EXISTS (SELECT FROM %2$I.order_changes c WHERE c.customer = h.customer AND %5$s)
        UNION ALL
        SELECT %1$s FROM (%6$s) h WHERE %7$s
        $query$, @extschema@.workspace_column_names_sql(shown, 'h'), workspace, @extschema@.workspace_data_name(view),
        settled, affected, changed, present) END
$$;
COMMENT ON FUNCTION workspace_current_sql(name, name, name[], text, text, text, text) IS
'Internal to attach_orders(): The query for what is stored and what is pending together.
Arguments: workspace; the others as in workspace_kept_views().';

-- Customers of whom a fold could not tell the first order from what was pending are looked up as well.
CREATE FUNCTION workspace_create_changed_first_orders(workspace name, orders regclass, columns order_columns) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'changed_first_orders',
        @extschema@.workspace_first_orders_sql(workspace, orders, columns, format(
            'o.customer IN (SELECT c.customer FROM %1$I.order_changes c LEFT JOIN %1$I.first_orders_data h ON h.customer = c.customer WHERE h.customer IS NULL OR %2$s
                UNION ALL SELECT h.customer FROM %1$I.first_orders_data h WHERE h.is_unknown)', workspace,
            (SELECT k.affected FROM @extschema@.workspace_kept_views(workspace, orders, columns) k WHERE k.view = 'first_orders'))),
        (SELECT k.description FROM @extschema@.workspace_kept_relations() k WHERE k.relation = 'changed_first_orders'),
        ARRAY[['customer', 'The customer, as in the orders']]);
    PERFORM @extschema@.workspace_hide_data(format('%I.changed_first_orders', workspace)::regclass);
END
$$;
COMMENT ON FUNCTION workspace_create_changed_first_orders(name, regclass, order_columns) IS
'Internal to attach_orders(): Makes the view changed_first_orders of a workspace.';

CREATE FUNCTION workspace_create_kept_views(workspace name, orders regclass, columns order_columns) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    current jsonb;
BEGIN
    PERFORM @extschema@.workspace_create_changed_first_orders(workspace, orders, columns);
    SELECT jsonb_object_agg(k.view, @extschema@.workspace_current_sql(workspace, k.view, k.shown, k.changed, k.present, k.settled, k.affected)) INTO current
    FROM @extschema@.workspace_kept_views(workspace, orders, columns) k;

    PERFORM @extschema@.workspace_create_reporting_date(workspace, @extschema@.workspace_kept_last_day_sql(workspace));
    PERFORM @extschema@.workspace_create_histories(workspace, current->>'order_history');
    PERFORM @extschema@.workspace_create_data_quality(workspace, format($query$
        UNION ALL
        SELECT 10, 'missed', format('Whatever triggers could not read, since %%s: attach the orders again', to_char(min(m.missed_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI UTC')),
            NULL, NULL, NULL, now()
        FROM %I.missed_changes m
        HAVING count(*) > 0
        $query$, workspace));
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
    PERFORM @extschema@.workspace_create_order_changes(workspace);
    EXECUTE format($ddl$
        CREATE INDEX ON %1$I.first_orders_data (customer) WHERE is_unknown;
        CREATE TABLE %1$I.missed_changes (missed_at timestamptz NOT NULL, relation text NOT NULL);
        CREATE TABLE %1$I.fold_state (one_row boolean PRIMARY KEY DEFAULT true CHECK (one_row), orders regclass NOT NULL, folded_at timestamptz NOT NULL);
        INSERT INTO %1$I.fold_state VALUES (true, %2$L, now())
        $ddl$, workspace, orders);
    PERFORM @extschema@.workspace_guard_kept(workspace, k.relation, k.description)
    FROM @extschema@.workspace_kept_relations() k WHERE k.kind = 'table';
END
$$;
COMMENT ON FUNCTION workspace_create_kept_tables(name, regclass, order_columns) IS
'Internal to attach_orders(): Makes and fills the tables of what triggers keep.';

-- Writers come and go here all the time: a vacuum that gives pages back would have them wait.
CREATE FUNCTION workspace_create_order_changes(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format($ddl$
        CREATE TABLE %1$I.order_changes WITH (vacuum_truncate = off) AS
        SELECT 0::bigint AS slot, h.customer, p.source, p.category, true AS is_order, h.history AS added, h.history AS removed, h.history AS added_profit,
            h.history AS removed_profit, h.no_time, h.invalid_time, h.no_amount, h.invalid_amount, h.zero_amount,
            f.at AS first_at, f.order_key AS first_key, f.amount AS first_amount
        FROM %1$I.order_history_data h CROSS JOIN %1$I.customer_preferences_data p CROSS JOIN %1$I.first_orders_data f
        WITH NO DATA;
        CREATE INDEX ON %1$I.order_changes USING %2$s (customer);
        CREATE INDEX ON %1$I.order_changes (slot)
        $ddl$, workspace, CASE (SELECT a.atttypid FROM pg_attribute a WHERE a.attrelid = to_regclass(format('%I.order_history_data', workspace)) AND a.attname = 'customer')
            WHEN 'text'::regtype THEN 'hash' ELSE 'btree' END); -- of any length
END
$$;
COMMENT ON FUNCTION workspace_create_order_changes(name) IS
'Internal to attach_orders(): Makes the table that triggers append to, empty.';

-- While the data of a dump is restored, the triggers on the orders write all this anew: what the dump has of it must not
-- come on top. A restore with --disable-triggers switches both off. Functions of the extension say by a setting that it is
-- them; who else may write here is the owner's business, and could as well write with it.
CREATE FUNCTION workspace_guard_kept(workspace name, relation name, description text) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format($ddl$
        CREATE TRIGGER skip_others BEFORE INSERT ON %1$I.%2$I FOR EACH ROW EXECUTE FUNCTION %3$s.workspace_skip_row();
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
AS 'MODULE_PATHNAME' LANGUAGE C;
COMMENT ON FUNCTION workspace_skip_row() IS
'Internal to attach_orders(): Trigger function that leaves out rows that neither a trigger nor a function of the extension inserts.
Errors: 0A000 where it is called otherwise.';

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
        ('added_profit', 'The profit of what it added'), ('removed_profit', 'The profit of what it removed'),
        ('slot', 'A number by customer, source and category: folds take changes by it, those below 0 never'), ('slot_group', 'One of sixteen groups of customers, each folded by one transaction at a time'),
        ('order_rows', 'Number of orders and returns of customers of the group, less those of other groups that it removed'),
        ('at', 'Time of the first order, as in the orders'), ('order_key', 'Its number, as in the orders'),
        ('is_unknown', 'Whether the first order has to be looked up in the orders'),
        ('first_at', 'Time of the first of the orders added'), ('first_key', 'Its number, as in the orders'), ('first_amount', 'Its amount'),
        ('missed_at', 'When'), ('relation', 'The table that was written'), ('orders', 'The orders'), ('folded_at', 'When fold_workspace() ran last')
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
