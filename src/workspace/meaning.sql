-- workspace: what columns of the orders beside those attached say of what the rows mean. Each is a group of a tally: its values, with the
-- rows that count and what they bring, all from one reading.

-- The columns that may say something: meaning, name, type under domains. Not those that are attached, but for a price and a refund.
CREATE FUNCTION _clientele.workspace_meant_columns(orders _clientele.attached_relation) RETURNS TABLE (meaning text, col _clientele.attached_column)
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT m.meaning, ROW(m.name, m.type, NULL)::_clientele.attached_column
    FROM (
        SELECT 'status' AS meaning, c.name, c.type, 1 AS place
        FROM _clientele.workspace_candidates((orders).relation, 'dimension') c
        WHERE c.usable AND _clientele.workspace_is_status(c.name)
        UNION ALL
        SELECT 'status', c.name, c.type, 1 FROM _clientele.workspace_candidates((orders).relation, 'ordered_at') c
        WHERE c.usable AND _clientele.workspace_is_meant(c.name, 'gone at')
        UNION ALL
        SELECT 'currency', c.name, c.type, 2 FROM _clientele.workspace_candidates((orders).relation, 'dimension') c
        WHERE c.usable AND _clientele.workspace_is_meant(c.name, 'currency')
        UNION ALL
        SELECT 'time', c.name, c.type, 3 FROM _clientele.workspace_candidates((orders).relation, 'ordered_at') c
        WHERE c.usable AND _clientele.workspace_is_meant(c.name, 'time')
        UNION ALL
        SELECT 'refunded', c.name, c.type, 4 FROM _clientele.workspace_candidates((orders).relation, 'refunded') c
        WHERE c.usable AND (c.name = (orders).columns->>'refunded' OR coalesce((orders).columns->>'refunded', '') = '' AND c.usual)
        UNION ALL
        SELECT 'price', p.name, p.type, 5 FROM _clientele.workspace_unit_price((orders).relation) p
        WHERE _clientele.workspace_quantity((orders).relation) IS NOT NULL) m
    WHERE has_column_privilege((orders).relation, m.name, 'SELECT')
        AND (m.meaning IN ('refunded', 'price') OR NOT m.name = ANY (_clientele.workspace_attached_names(orders)))
    ORDER BY m.place
$$;

CREATE FUNCTION _clientele.workspace_is_status(col name) RETURNS boolean
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT col ~* '(status|(^|order_?|sales?_?|payment_?|document_?)state(_?code|_?id)?$|cancel|refund|void|paid|deleted|is_?test|draft|storno)'
        OR EXISTS (SELECT FROM unnest('{status,is no order,is an order}'::text[]) s WHERE _clientele.workspace_is_meant(col, s))
$$;

-- The price of a piece, and of how many pieces.
CREATE FUNCTION _clientele.workspace_unit_price(orders regclass) RETURNS TABLE (name name, type regtype)
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT c.name, c.type FROM _clientele.workspace_candidates(orders, 'amount') c
    WHERE c.usable AND _clientele.workspace_is_meant(c.name, 'price') AND has_column_privilege(orders, c.name, 'SELECT') LIMIT 1
$$;

CREATE FUNCTION _clientele.workspace_quantity(orders regclass) RETURNS name
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT c.name FROM _clientele.workspace_candidates(orders, 'amount') c
    WHERE c.usable AND _clientele.workspace_is_meant(c.name, 'quantity') AND has_column_privilege(orders, c.name, 'SELECT') LIMIT 1
$$;

-- What a row o is grouped by, as text, and what of it is summed up beside its amount.
CREATE FUNCTION _clientele.workspace_tallied_sql(orders _clientele.attached_relation, rules _clientele.order_rules, meaning text, col _clientele.attached_column)
RETURNS TABLE (value text, measure text)
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE
            WHEN meaning = 'refunded' THEN format('CASE WHEN %2$s > %1$s THEN ''more'' WHEN %2$s = %1$s THEN ''whole'' WHEN %2$s > 0 THEN ''part'' END', t.amount, m.measure)
            WHEN meaning = 'price' THEN format('CASE WHEN abs(%2$s - %1$s) >= 0.01 THEN ''differs'' WHEN %2$s IS NOT NULL THEN ''same'' END', t.amount, m.measure)
            WHEN meaning = 'time' THEN format('(%s - %s)::text',
                (_clientele.workspace_time_sql(_clientele.workspace_clock_sql(col, (orders).columns->>'stored_in'), (rules).time_zone)).day, ((t.parts).at).day)
            WHEN (col).type IN ('date'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype) THEN format('CASE WHEN o.%I IS NULL THEN ''empty'' ELSE ''filled'' END', (col).name)
            ELSE format('left(%s, 60)', _clientele.workspace_text_sql(col)) END,
        m.measure
    FROM (
        SELECT _clientele.workspace_numeric_sql(_clientele.workspace_role_column(orders, 'amount')) AS amount, _clientele.workspace_order_parts(orders, rules) AS parts
        OFFSET 0) t
    CROSS JOIN LATERAL (
        SELECT format('CASE WHEN @extschema@.valid_amount(%1$s) THEN %1$s END', CASE meaning
            WHEN 'refunded' THEN format('CASE WHEN %s > 0 THEN abs(%s) END', t.amount, _clientele.workspace_numeric_sql(col))
            WHEN 'price' THEN _clientele.workspace_numeric_sql(col) || ' * ' || (
                SELECT _clientele.workspace_numeric_sql(ROW(c.name, c.type, NULL)::_clientele.attached_column)
                FROM _clientele.workspace_candidates((orders).relation, 'amount') c WHERE c.name = _clientele.workspace_quantity((orders).relation)) END) AS measure
        WHERE meaning IN ('refunded', 'price')
        UNION ALL
        SELECT NULL WHERE meaning NOT IN ('refunded', 'price')) m
$$;

-- One reading for all: a group of each value of each column.
CREATE FUNCTION _clientele.workspace_order_tallies(workspace text) RETURNS SETOF _clientele.order_tally
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    orders CONSTANT _clientele.attached_relation := _clientele.workspace_attached(workspace, 'orders');
    rules CONSTANT _clientele.order_rules := _clientele.workspace_fixed_rules(workspace);
    tallied CONSTANT _clientele.tallied_column[] := ARRAY(
        SELECT ROW(row_number() OVER (), c.meaning, (c.col).name, e.value, e.measure)::_clientele.tallied_column
        FROM _clientele.workspace_meant_columns(orders) c
        CROSS JOIN LATERAL _clientele.workspace_tallied_sql(orders, rules, c.meaning, c.col) e);
BEGIN
    IF cardinality(tallied) > 0 THEN
        RETURN QUERY EXECUTE _clientele.workspace_tallies_sql(orders, rules, tallied) USING tallied;
    END IF;
END
$$;

CREATE FUNCTION _clientele.workspace_tallies_sql(orders _clientele.attached_relation, rules _clientele.order_rules, tallied _clientele.tallied_column[]) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    -- OFFSET 0 has each row worked out once, and not for each that is summed up.
    SELECT format($query$
        SELECT t.meaning, t.col, g.value, g.rows, g.amount, g.measure
        FROM (
            SELECT CASE 0 %1$s END AS n, CASE 0 %2$s END AS value, count(*) AS rows, sum(r.kept_amount) AS amount, CASE 0 %3$s END AS measure
            FROM (SELECT %4$s%5$s FROM %6$s o OFFSET 0) r
            WHERE r.usable
            GROUP BY GROUPING SETS (%7$s)) g
        JOIN unnest($1) t ON t.n = g.n
        ORDER BY t.n, g.rows DESC, g.value$query$,
        string_agg(format('WHEN grouping(r.v%1$s) THEN %1$s', t.n), ' ' ORDER BY t.n), string_agg(format('WHEN grouping(r.v%1$s) THEN r.v%1$s', t.n), ' ' ORDER BY t.n),
        string_agg(CASE WHEN t.measure IS NULL THEN format('WHEN grouping(r.v%1$s) THEN NULL::numeric', t.n) ELSE format('WHEN grouping(r.v%1$s) THEN sum(r.m%1$s)', t.n) END, ' ' ORDER BY t.n),
        _clientele.workspace_order_list_sql(orders, rules), string_agg(format(', %s AS v%s', t.value, t.n) || CASE WHEN t.measure IS NULL THEN '' ELSE format(', %s AS m%s', t.measure, t.n) END, '' ORDER BY t.n),
        (orders).relation, string_agg(format('(r.v%s)', t.n), ', ' ORDER BY t.n))
    FROM unnest(tallied) t
$$;

-- A view beside the orders that leaves rows out, or has a column more, attached instead, as one statement that can be run as it is; where
-- triggers keep the figures, a column of the table. What it is called is free.
CREATE FUNCTION _clientele.workspace_settled_sql(workspace text, role text, expression text, condition text) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    orders CONSTANT _clientele.attached_relation := _clientele.workspace_attached(workspace, 'orders');
    col CONSTANT _clientele.attached_column := _clientele.workspace_role_column(orders, role);
    is_kept CONSTANT boolean := _clientele.workspace_known_storage(workspace) = 'incremental';
    col_name CONSTANT text := _clientele.workspace_free_name(orders.relation, CASE role WHEN 'customer' THEN 'customer_known' ELSE 'amount_counted' END, true);
    view_name CONSTANT text := _clientele.workspace_free_name(orders.relation, 'counted', false);
    made_of CONSTANT text := ( -- no generated column is made of another one
        SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attribute a JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE a.attrelid = orders.relation AND a.attname = col.name AND a.attgenerated <> '');
BEGIN
    IF is_kept THEN
        RETURN format('ALTER TABLE %s ADD %I %s GENERATED ALWAYS AS (%s) STORED; ', orders.relation, col_name, col.type,
                CASE WHEN condition IS NULL THEN expression ELSE format('CASE WHEN %s THEN %s END', condition, coalesce(made_of, quote_ident(col.name))) END)
            || _clientele.workspace_attach_call(workspace, orders.relation::text, orders.columns || jsonb_build_object(role, col_name));
    END IF;
    RETURN format('CREATE VIEW %s AS SELECT *%s FROM %s%s; ', view_name, ', ' || expression || format(' AS %I', col_name), orders.relation, ' WHERE ' || condition)
        || _clientele.workspace_attach_call(workspace, view_name, orders.columns || CASE WHEN expression IS NULL THEN '{}' ELSE jsonb_build_object(role, col_name) END);
END
$$;

-- A name that nothing there has: of a column of a relation, or of a view beside it.
CREATE FUNCTION _clientele.workspace_free_name(relation regclass, wanted text, is_column boolean) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT n.name
    FROM pg_class c
    JOIN pg_namespace s ON s.oid = c.relnamespace
    CROSS JOIN generate_series(1, 100) g
    CROSS JOIN LATERAL (
        SELECT CASE WHEN is_column THEN w.name ELSE format('%I.%I', s.nspname, left(c.relname, 40) || '_' || w.name) END AS name
        FROM (SELECT wanted || coalesce('_' || nullif(g, 1), '') AS name) w) n
    WHERE c.oid = relation AND CASE WHEN is_column THEN NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = relation AND a.attname = n.name)
        ELSE to_regclass(n.name) IS NULL END
    ORDER BY g
    LIMIT 1
$$;

-- With every column by its name, as a relation of another name knows none; without those that are left out.
CREATE FUNCTION _clientele.workspace_attach_call(workspace text, relation text, columns jsonb) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('SELECT attach_orders(%L, %s%s);', relation, string_agg(format('%s => %L', c.key, c.value), ', ' ORDER BY r."position" NULLS LAST),
        CASE WHEN workspace <> 'loyalty' THEN format(', workspace => %L', workspace) ELSE '' END)
    FROM jsonb_each_text(columns) c
    LEFT JOIN _clientele.workspace_attached_roles() r ON r.relation_role = 'orders' AND r.role = c.key
$$;

-- Values of a column with rows and sums, the most frequent first.
CREATE FUNCTION _clientele.workspace_listed(tallies _clientele.order_tally[], shown integer DEFAULT 10) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT string_agg(format('%s %s %s, %s', coalesce(t.value, 'empty'), t.rows, CASE t.rows WHEN 1 THEN 'row' ELSE 'rows' END, t.amount), '; ' ORDER BY t.n)
            FILTER (WHERE t.n <= shown)
        || CASE WHEN count(*) > shown THEN format('; and %s more', count(*) - shown) ELSE '' END
    FROM unnest(tallies) WITH ORDINALITY t(meaning, col, value, rows, amount, measure, n)
$$;
