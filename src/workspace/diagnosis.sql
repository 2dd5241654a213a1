-- workspace: what attaching says about the table and its rows

-- What an index begins with that finds a column as the views read it, NULL where none can.
CREATE FUNCTION _clientele.workspace_index_key(col _clientele.attached_column) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
        WHEN t.typname = 'citext' THEN format('lower(%I::text)', (col).name)
        WHEN t.typtype = 'e' THEN NULL -- its cast to text is not immutable
        WHEN t.oid IN ('char'::regtype, 'name'::regtype) THEN format('(%I::text)', (col).name)
        ELSE quote_ident((col).name) END
    FROM pg_type t WHERE t.oid = (col).type
$$;

-- The usable indexes that begin with it.
CREATE FUNCTION _clientele.workspace_indexes(relation regclass, col _clientele.attached_column) RETURNS SETOF pg_index
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT x.*
    FROM pg_index x
    WHERE x.indrelid = relation AND x.indisvalid AND x.indpred IS NULL
        AND trim(pg_get_indexdef(x.indexrelid, 1, true), '()') = trim(_clientele.workspace_index_key(col), '()')
$$;

-- What would make an index, NULL where the relation can have none.
CREATE FUNCTION _clientele.workspace_index_statement(relation regclass, columns text) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('CREATE INDEX%s ON %s %s', CASE c.relkind WHEN 'p' THEN '' ELSE ' CONCURRENTLY' END, relation, columns)
    FROM pg_class c
    WHERE c.oid = relation AND c.relkind IN ('r', 'p', 'm')
$$;

-- The statement that would index a column as the views read it, NULL where a usable index begins with it or the relation can have none.
CREATE FUNCTION _clientele.workspace_index_advice(relation regclass, col _clientele.attached_column, purpose text) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN i.key IS NULL THEN 'No index can serve the views: keep such customers as text or numbers'
        ELSE format('Nothing indexes it: %s; then %s', _clientele.workspace_index_statement(relation, format('(%s)', i.key)), purpose) END
    FROM (SELECT _clientele.workspace_index_key(col) AS key) i
    WHERE _clientele.workspace_index_statement(relation, '') IS NOT NULL AND NOT EXISTS (SELECT FROM _clientele.workspace_indexes(relation, col))
$$;

-- What histories are read from.
CREATE FUNCTION _clientele.workspace_history_columns(orders _clientele.attached_relation) RETURNS name[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT array_agg(((orders).columns->>r.role)::name ORDER BY r."position")
    FROM unnest('{customer,ordered_at,amount,profit,refunded}'::text[]) WITH ORDINALITY r(role, "position")
    WHERE (orders).columns->>r.role <> ''
$$;

-- Whether they can be read from an index alone, in the order in which customers are grouped. Those of a table that others inherit from
-- are not all in its index.
CREATE FUNCTION _clientele.workspace_is_covered(orders _clientele.attached_relation) RETURNS boolean
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM _clientele.workspace_candidates((orders).relation, 'customer') k
        CROSS JOIN LATERAL _clientele.workspace_indexes((orders).relation, ROW(k.name, k.type, NULL)::_clientele.attached_column) x
        JOIN pg_class i ON i.oid = x.indexrelid
        JOIN pg_am m ON m.oid = i.relam AND m.amname = 'btree'
        JOIN pg_opclass p ON p.oid = x.indclass[0] AND p.opcdefault
        JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attname = k.name AND a.attcollation = x.indcollation[0]
        JOIN pg_class c ON c.oid = x.indrelid AND NOT (c.relkind = 'r' AND c.relhassubclass)
        WHERE k.name = (orders).columns->>'customer' AND x.indoption[0] IN (0, 3) -- ascending, NULLs last, or the reverse
            AND x.indnkeyatts > 1 AND pg_get_indexdef(x.indexrelid, 2, true) = quote_ident((orders).columns->>'ordered_at')
            AND NOT EXISTS (
                SELECT FROM unnest(_clientele.workspace_history_columns(orders)) n
                WHERE n NOT IN (SELECT o.attname FROM pg_attribute o WHERE o.attrelid = x.indrelid AND o.attnum = ANY (x.indkey))))
$$;

-- Whether it pays to ask for that order. Behind the subquery that does, a column that is cast has no statistics, and a plan would expect
-- two hundred customers: there the planner is left to choose.
CREATE FUNCTION _clientele.workspace_is_read_in_order(orders _clientele.attached_relation) RETURNS boolean
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT _clientele.workspace_is_covered(orders) AND EXISTS (
        SELECT FROM pg_attribute a
        WHERE a.attrelid = (orders).relation AND a.attname = (orders).columns->>'customer' AND a.atttypmod = -1
            AND a.atttypid IN ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype, 'numeric'::regtype, 'uuid'::regtype, 'text'::regtype))
$$;

-- The statement for such an index, NULL where there is one: it finds one customer too. A column is not read back from an expression of it.
CREATE FUNCTION _clientele.workspace_covering_advice(orders _clientele.attached_relation, customer _clientele.attached_column) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('%s: %s; then attach again, and one customer is found at once, and the histories of all are read from it alone',
        CASE WHEN EXISTS (SELECT FROM _clientele.workspace_indexes((orders).relation, customer)) THEN 'No index has all that histories are made of' ELSE 'Nothing indexes it' END,
        _clientele.workspace_index_statement((orders).relation, format('(%s, %I) INCLUDE (%s)', k.key, (orders).columns->>'ordered_at', (
            SELECT string_agg(quote_ident(u.name), ', ' ORDER BY u.n)
            FROM unnest(_clientele.workspace_history_columns(orders)) WITH ORDINALITY u(name, n)
            WHERE quote_ident(u.name) <> k.key AND u.name <> (orders).columns->>'ordered_at'))))
    FROM (SELECT _clientele.workspace_index_key(customer) AS key OFFSET 0) k
    WHERE k.key IS NOT NULL AND NOT _clientele.workspace_is_covered(orders) AND _clientele.workspace_index_statement((orders).relation, '') IS NOT NULL
    UNION ALL
    SELECT _clientele.workspace_index_advice((orders).relation, customer, '') WHERE _clientele.workspace_index_key(customer) IS NULL
$$;

CREATE FUNCTION _clientele.workspace_describe_columns(workspace text, orders _clientele.attached_relation, given jsonb, with_status boolean)
RETURNS SETOF @extschema@.attach_finding
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    settings record;
    status_columns text;
BEGIN
    EXECUTE format('SELECT s.* FROM %I.settings s', workspace) INTO settings;
    RETURN QUERY SELECT c.role, format('column %I (%s), %s%s', (c.col).name, (c.col).type, (c.col).found,
            CASE WHEN (c.col).type = 'timestamptz'::regtype THEN format('; days of %s', settings.time_zone)
                WHEN c.role = 'ordered_at' AND (c.col).type = 'timestamp'::regtype AND orders.columns->>'stored_in' <> '' THEN format('; clock of %s, days of %s', orders.columns->>'stored_in', settings.time_zone)
                ELSE '' END),
        CASE c.role
            WHEN 'customer' THEN _clientele.workspace_covering_advice(orders, c.col)
            WHEN 'ordered_at' THEN CASE WHEN coalesce(orders.columns->>'stored_in', '') = '' THEN _clientele.workspace_index_advice(orders.relation, c.col, 'the last row is found at once') END
        END
    FROM _clientele.workspace_found_columns(orders.relation, 'orders', given) c;
    RETURN QUERY VALUES
        ('time_zone', settings.time_zone, format('To change it: UPDATE %I.settings SET time_zone = ''...'';', workspace)),
        ('settings', format('periods: %s, RFM scores: 1 to %s%s', settings.period, settings.rfm_bins,
                CASE WHEN settings.lost_after <> interval '6 months' THEN format(', lost after: %s', _clientele.workspace_span_text(settings.lost_after)) ELSE '' END),
            format('These and all others are in %I.settings', workspace));

    SELECT string_agg(quote_ident((m.col).name), ', ') INTO status_columns
    FROM _clientele.workspace_meant_columns(orders) m WHERE m.meaning = 'status' AND with_status;
    IF status_columns IS NOT NULL THEN
        RETURN QUERY VALUES ('status', format('not filtered by %s: every row counts', status_columns),
            'If some of the rows are no orders, attach a view that leaves them out');
    END IF;
    IF (SELECT c.relrowsecurity FROM pg_class c WHERE c.oid = orders.relation) THEN
        RETURN QUERY VALUES ('row security', format('%s has row level security', orders.relation),
            format('The views read it as %I, whoever asks them: grant them with care', _clientele.workspace_owner(workspace)));
    END IF;
    -- Functions behind a view, policies and casts of the orders run with the rights of who reads them.
    IF EXISTS (SELECT FROM pg_class c JOIN pg_roles o ON o.oid = c.relowner JOIN pg_roles r ON r.rolname = current_user
        WHERE c.oid = orders.relation AND r.rolsuper AND NOT o.rolsuper)
    THEN
        RETURN QUERY VALUES ('superuser', format('%s belongs to %s, the workspace to a superuser', orders.relation,
                (SELECT quote_ident(pg_get_userbyid(c.relowner)) FROM pg_class c WHERE c.oid = orders.relation)),
            'What its owner puts behind it runs with your rights: drop the workspace, and attach as a role that may do no more than read it');
    END IF;
END
$$;

CREATE FUNCTION _clientele.workspace_row_share(part bigint, whole bigint) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('%s of %s (%s %%)', part, whole, CASE
        WHEN part = 0 OR part = whole THEN round(100.0 * part / nullif(whole, 0))
        ELSE least(greatest(round(100.0 * part / whole, 2), 0.01), 99.99) END)
$$;

-- Whether an index says that no two rows of a relation, which has no children, have the same in a column.
CREATE FUNCTION _clientele.workspace_is_unique(relation regclass, col text) RETURNS boolean
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM pg_index x
        JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attname = col AND a.attcollation = x.indcollation[0]
        WHERE x.indrelid = relation AND x.indisunique AND x.indimmediate AND x.indisvalid AND x.indpred IS NULL AND x.indnkeyatts = 1 AND x.indkey[0] = a.attnum)
        AND NOT EXISTS (SELECT FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhparent WHERE i.inhparent = relation AND c.relkind = 'r')
$$;

-- In months where it is made of them, as one writes it.
CREATE FUNCTION _clientele.workspace_span_text(span interval) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
SET IntervalStyle = 'postgres'
AS $$
    SELECT CASE WHEN span = make_interval(months => m.n) THEN m.n || ' months' ELSE span::text END
    FROM (SELECT (12 * extract(year FROM span) + extract(month FROM span))::integer AS n) m
$$;

-- What the rows of an attached relation say, by the queries of findings/; nothing between detach_orders() and upgrade_workspace(). All are
-- read, often before there are statistics: a loop over a table for each row of another never pays.
CREATE FUNCTION _clientele.workspace_findings(workspace text, relation_role text) RETURNS SETOF @extschema@.attach_finding
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET enable_nestloop = off
SET DateStyle = 'ISO'
AS $$
DECLARE
    tallies _clientele.order_tally[];
    query text;
BEGIN
    IF NOT _clientele.workspace_has(workspace, 'order_rows') THEN
        RETURN;
    ELSIF relation_role = 'orders' THEN
        tallies := ARRAY(SELECT t FROM _clientele.workspace_order_tallies(workspace) t);
    END IF;
    FOR query IN
        SELECT _clientele.workspace_placed(s.statements[1], workspace)
        FROM _clientele.workspace_files() f JOIN _clientele.workspace_statements() s ON s.place = f.place
        WHERE f.folder = 'findings' AND f.belongs_to = relation_role
        ORDER BY f.relation
    LOOP
        RETURN QUERY EXECUTE query USING workspace, tallies;
    END LOOP;
END
$$;
