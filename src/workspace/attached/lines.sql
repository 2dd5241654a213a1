-- workspace: attaching what each order is made of

-- The order of a line, as the orders tell theirs apart; NULL where it can be none of them.
CREATE FUNCTION _clientele.workspace_line_key_sql(workspace text, lines _clientele.attached_relation) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT _clientele.workspace_key_sql(_clientele.workspace_role_column(_clientele.workspace_attached(workspace, 'orders'), 'order_id'),
        CASE WHEN a.attcollation <> 0 THEN (
            SELECT format('%I.%I', n.nspname, c.collname) FROM pg_collation c JOIN pg_namespace n ON n.oid = c.collnamespace WHERE c.oid = a.attcollation) END,
        _clientele.workspace_role_column(lines, 'of_order_id'))
    FROM pg_attribute a
    WHERE a.attrelid = to_regclass(format('%I.order_rows', workspace)) AND a.attname = 'order_key'
$$;

CREATE FUNCTION _clientele.workspace_check_lines(workspace text, lines _clientele.attached_relation) RETURNS void
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    orders _clientele.attached_relation;
    ours _clientele.attached_column;
    theirs CONSTANT _clientele.attached_column := _clientele.workspace_role_column(lines, 'of_order_id');
BEGIN
    IF NOT _clientele.workspace_has(workspace, 'order_rows') THEN
        RETURN;
    END IF;
    orders := _clientele.workspace_attached(workspace, 'orders');
    ours := _clientele.workspace_role_column(orders, 'order_id');
    IF ours.name IS NULL THEN
        RAISE EXCEPTION 'the orders of workspace "%" have no order_id that lines could tell theirs by', workspace
            USING ERRCODE = 'object_not_in_prerequisite_state',
                HINT = format('Name its column: SELECT attach_orders(%L, workspace => %L, order_id => ''...'');', orders.relation, workspace);
    ELSIF _clientele.workspace_line_key_sql(workspace, lines) IS NULL THEN
        RAISE EXCEPTION 'column "%" of % cannot be the order_id of the orders: its type is %, theirs is %', theirs.name, lines.relation, theirs.type, ours.type
            USING ERRCODE = 'datatype_mismatch', HINT = 'Attach a view that casts it, or the orders with another order_id.';
    END IF;
END
$$;

-- What a line says itself, of a row o.
CREATE FUNCTION _clientele.workspace_line_list_sql(lines _clientele.attached_relation) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('%s AS product, %s AS line_category, %s AS quantity, %s AS line_amount, %s AS employee',
        _clientele.workspace_filled_text_sql(_clientele.workspace_role_column(lines, 'product')),
        _clientele.workspace_filled_text_sql(_clientele.workspace_role_column(lines, 'category')),
        coalesce((_clientele.workspace_amount_sql(_clientele.workspace_role_column(lines, 'quantity'))).kept, 'NULL::numeric'),
        coalesce((_clientele.workspace_amount_sql(_clientele.workspace_role_column(lines, 'of_amount'))).kept, 'NULL::numeric'),
        _clientele.workspace_filled_text_sql(_clientele.workspace_role_column(lines, 'employee')))
$$;

-- What is usable is so by the conditions that left_out tells apart, of which a plan can make something.
-- A refund may come under the number of its order: lines are of what was ordered. Where the orders themselves are lines, each is of its
-- own row.
CREATE FUNCTION _clientele.workspace_line_rows_sql(workspace text, lines _clientele.attached_relation) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT x.customer, x.day, x.instant, x.order_id, x.source, x.product, x.line_category AS category, x.quantity, x.line_amount AS amount, x.employee,
            x.order_id IS NOT NULL AND x.product IS NOT NULL AND x.has_order AS usable,
            CASE WHEN x.order_id IS NULL THEN 'no_order_id' WHEN x.product IS NULL THEN 'no_product' WHEN x.has_order IS NOT TRUE THEN 'no_order' END AS left_out
        FROM (%s) x
        $query$,
        CASE WHEN (a.orders).relation = (lines).relation
            THEN format('SELECT x.*, x.usable AND x.is_order AS has_order FROM (SELECT %s, %s FROM %s o) x',
                _clientele.workspace_order_list_sql(a.orders, _clientele.workspace_applied_rules(workspace)), _clientele.workspace_line_list_sql(lines), (lines).relation)
            ELSE format('SELECT r.customer, r.day, r.instant, coalesce(r.order_id, %s) AS order_id, r.source, %s, r.is_order AS has_order FROM %s o LEFT JOIN %I.order_rows r ON r.order_key = %s AND r.usable AND r.is_order',
                _clientele.workspace_text_sql(_clientele.workspace_role_column(lines, 'of_order_id')), _clientele.workspace_line_list_sql(lines), (lines).relation, workspace,
                coalesce(_clientele.workspace_line_key_sql(workspace, lines), 'NULL')) END)
    FROM (SELECT _clientele.workspace_attached(workspace, 'orders') AS orders OFFSET 0) a
$$;

CREATE FUNCTION attach_lines(
    lines regclass,
    order_id text DEFAULT NULL,
    product text DEFAULT NULL,
    category text DEFAULT NULL,
    quantity text DEFAULT NULL,
    amount text DEFAULT NULL,
    workspace text DEFAULT 'loyalty',
    employee text DEFAULT NULL)
RETURNS SETOF @extschema@.attach_finding
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
    SELECT f.*
    FROM _clientele.workspace_attach_other(workspace, 'lines', lines, jsonb_build_object(
        'of_order_id', order_id, 'product', product, 'category', category, 'quantity', quantity, 'of_amount', amount, 'employee', employee)) f
$$;
COMMENT ON FUNCTION attach_lines(regclass, text, text, text, text, text, text, text) IS
'Attaches the lines of the orders, what each is made of, to a workspace: the views product_pairs, next_offers, product_customers and others then show what is bought together, and what to offer whom. Can be run again.
Arguments: lines: a table, partitioned or foreign table, view or materialized view with a row per order and product, which may be that of the orders itself; order_id, product: names of its columns as stored, where left out those of the last time, else found by their usual names; an order_id is that of the orders, for which attach_orders() has to know a column; category, quantity, amount, employee: names of columns that a line may have besides, what kind of product, how many, for how much in all, and who sold it, found by their usual names where left out, none where empty (''''); workspace: name of the schema.
Result: rows of topic, finding and advice: what was found, which lines are left out and why, which orders have none or others than they say, and what is no product.
Errors: 22004 for NULL, 3F000 without such a workspace, 55000 where the orders have no order_id, or what is stored is distributed and other nodes do not know of the table, 42703 for a missing column, 42702 for several that might be meant, 42804 for a type that does not fit, 42809 for what is no table or view, 42501 without SELECT on the columns or for a workspace of somebody else.';

CREATE FUNCTION detach_lines(workspace text DEFAULT 'loyalty') RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
BEGIN
    PERFORM _clientele.workspace_detach(workspace, 'lines');
END
$$;
COMMENT ON FUNCTION detach_lines(text) IS
'Takes the lines of the orders from a workspace, and drops the views that read them: the table stays as it is.
Arguments: workspace: name of the schema.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else, 2BP01 if other objects depend on the views.';
