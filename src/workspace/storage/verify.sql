-- workspace: comparing what triggers keep with the orders, and putting it right

CREATE FUNCTION _clientele.workspace_column_names_sql(columns name[], alias text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT string_agg(format('%s.%I', alias, c), ', ' ORDER BY n) FROM unnest(columns) WITH ORDINALITY u(c, n)
$$;

-- The rows in which what is shown and what the orders say differ, of two relations of which one has actual_ before its name.
CREATE FUNCTION _clientele.workspace_differing_sql(kept name, key name, shown name[]) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('(SELECT false AS is_actual, x.%4$I AS key, x AS row FROM (SELECT %1$s FROM %2$I h EXCEPT ALL SELECT %1$s FROM %3$I h) x
            UNION ALL SELECT true, x.%4$I, x FROM (SELECT %1$s FROM %3$I h EXCEPT ALL SELECT %1$s FROM %2$I h) x)',
        _clientele.workspace_column_names_sql(shown, 'h'), kept, 'actual_' || kept, key)
$$;

CREATE FUNCTION _clientele.workspace_differences_sql(kept name, keys name[], shown name[]) RETURNS text
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
        regexp_replace(kept, '_data$', '') || '.', _clientele.workspace_differing_sql(kept, keys[1], shown), keys)
$$;

-- Put right is what is stored for the customers of the relation wrong, and for orders without one; days belong to none.
CREATE FUNCTION _clientele.workspace_repair_sql(workspace text, kept name, keys name[]) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format(E',\n%1$I AS (%2$s),\n%3$I AS (DELETE FROM %4$I.%5$I d WHERE %6$s NOT EXISTS (SELECT FROM %7$I h WHERE h.%8$I = d.%8$I AND %9$s))',
            'put_' || kept, _clientele.workspace_put_sql(workspace, kept, keys, format('%I h WHERE %s', 'actual_' || kept,
                CASE WHEN c.by_customer THEN 'h.customer IS NULL OR h.customer IN (SELECT w.customer FROM wrong w)' ELSE 'true' END)),
            'gone_' || kept, workspace, kept, CASE WHEN c.by_customer THEN 'd.customer IN (SELECT w.customer FROM wrong w) AND' ELSE '' END, 'actual_' || kept, keys[1],
            coalesce((SELECT string_agg(format('h.%1$I IS NOT DISTINCT FROM d.%1$I', k), ' AND ') FROM unnest(keys[2:]) k), 'true'))
        || CASE WHEN c.by_customer THEN format(E',\n%1$I AS (DELETE FROM %2$I.%3$I d WHERE d.customer IS NULL AND NOT EXISTS (SELECT FROM %4$I h WHERE h.customer IS NULL))',
            'nobody_' || kept, workspace, kept, 'actual_' || kept) ELSE '' END
    FROM (SELECT keys[1] = 'customer' AS by_customer) c
$$;

-- A repair leaves nothing pending that it saw, and puts in place what the orders say of everybody concerned.
CREATE FUNCTION _clientele.workspace_verify_sql(workspace text, repair boolean) RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('WITH %s%s SELECT * FROM (%s) d ORDER BY what, customer',
        string_agg(format(E'%I AS MATERIALIZED (SELECT %s FROM %I.%I h),\n%I AS MATERIALIZED (%s)', k.kept, _clientele.workspace_column_names_sql(k.shown, 'h'), workspace, k.current,
            'actual_' || k.kept, _clientele.workspace_actual_sql(workspace, k.kept)), E',\n'),
        CASE WHEN repair THEN
            format(E',\nchange AS (DELETE FROM %I.order_changes RETURNING customer),\nmissed AS (DELETE FROM %1$I.missed_changes),\nwrong AS MATERIALIZED (SELECT c.customer FROM change c%s)',
                workspace, string_agg(CASE WHEN k.keys[1] = 'customer' THEN
                    format(' UNION SELECT r.key FROM %s r', _clientele.workspace_differing_sql(k.kept, k.keys[1], k.shown)) END, ''))
            || string_agg(_clientele.workspace_repair_sql(workspace, k.kept, k.keys), '') END,
        string_agg(_clientele.workspace_differences_sql(k.kept, k.keys, k.shown), E'\n    UNION ALL'))
    FROM _clientele.workspace_kept() k
$$;

-- What the orders do not show of themselves: where triggers are missing or too many, and what they have missed.
CREATE FUNCTION _clientele.workspace_verify_triggers(workspace text, orders regclass) RETURNS SETOF @extschema@.history_difference
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    keeping CONSTANT regprocedure := _clientele.workspace_keeping_function(workspace);
BEGIN
    RETURN QUERY
        SELECT NULL, 'triggers', format(CASE WHEN t.disabled IS NULL THEN 'none on %s' ELSE 'disabled on %s' END, t.part), 'attach the orders again to have them'
        FROM (
            SELECT p AS part, bool_or(x.tgenabled = 'D') AS disabled, count(*) FILTER (WHERE x.tgenabled <> 'D') AS enabled
            FROM _clientele.workspace_tree(orders) p
            LEFT JOIN pg_trigger x ON x.tgrelid = p AND x.tgfoid = keeping
            GROUP BY p) t
        WHERE t.enabled < 4;
    RETURN QUERY
        SELECT DISTINCT NULL, 'triggers', format('on %s', x.tgrelid::regclass), 'no part of the orders: attach them again before it is written to'
        FROM pg_trigger x
        WHERE x.tgfoid = keeping AND x.tgrelid NOT IN (SELECT t FROM _clientele.workspace_tree(orders) t);
    RETURN QUERY
        SELECT NULL, 'triggers', format('%s is unlogged', c.oid::regclass), 'after a crash it is empty: verify then with repair, or make it LOGGED'
        FROM _clientele.workspace_tree(orders) t JOIN pg_class c ON c.oid = t WHERE c.relpersistence = 'u';
END
$$;

CREATE FUNCTION verify_workspace(workspace text DEFAULT 'loyalty', repair boolean DEFAULT false) RETURNS SETOF history_difference
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET clientele.keeping = 'on'
SET jit = off
AS $$
DECLARE
    orders _clientele.attached_relation;
BEGIN
    PERFORM _clientele.workspace_check_kept(workspace);
    orders := _clientele.workspace_attached_orders(workspace);
    IF repair THEN
        PERFORM _clientele.workspace_lock_folds(workspace);
    END IF;
    RETURN QUERY EXECUTE format('SELECT NULL, ''missed'', ''changes of '' || string_agg(DISTINCT m.relation, '', ''), ''since '' || min(m.missed_at) FROM %I.missed_changes m HAVING count(*) > 0', workspace);
    RETURN QUERY EXECUTE _clientele.workspace_verify_sql(workspace, repair);
    RETURN QUERY SELECT t.* FROM _clientele.workspace_verify_triggers(workspace, orders.relation) t;
END
$$;
COMMENT ON FUNCTION verify_workspace(text, boolean) IS
'Compares what triggers keep in a workspace with incremental storage with the orders, read as a whole, and puts it right if told to. Writers do not wait: both sides are of one moment.
Arguments: workspace: name of the schema; repair: whether to put right what differs, which folds what is pending as well.
Result: rows of customer, what, stored and actual, as they were before a repair; none where all agrees. Rows of the kind triggers tell of partitions that were added since, which attach_orders() gives its triggers, or taken away, whose triggers it drops.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else, 55000 with other storage.';
