-- workspace: attaching the points of a loyalty programme

-- A day of expiry beyond all others is one that never comes: systems write infinity and the year 9999 for it. Where there is none the
-- settings tell, and systems write 0 where there is no order.
CREATE FUNCTION _clientele.workspace_expiry_sql(expires _clientele.time_sql) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT CASE WHEN (expires).shown IS NULL THEN 'NULL::date'
        ELSE format('CASE WHEN extract(year FROM %1$s) >= 9999 THEN make_date(9999, 12, 31) ELSE %2$s END', (expires).shown, (expires).day) END
$$;

CREATE FUNCTION _clientele.workspace_point_rows_sql(workspace text, points _clientele.attached_relation) RETURNS text
LANGUAGE sql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT %1$s AS customer, %2$s AS happened_at, %3$s AS instant, %4$s AS day, trim_scale(%5$s) AS points, nullif(%6$s, '0') AS order_id, %7$s AS expires_on,
            %1$s IS NOT NULL AND %8$s AND %9$s AS usable,
            CASE WHEN (%8$s) IS NOT TRUE THEN 'no_time' WHEN o.%10$I IS NULL THEN 'no_points' WHEN (%9$s) IS NOT TRUE THEN 'invalid_points' WHEN %1$s IS NULL THEN 'no_customer' END AS left_out,
            %11$s IS TRUE AS is_empty_time
        FROM %12$s o
        $query$, _clientele.workspace_customer_key_sql(workspace, points, 'customer'), (c.at).shown, (c.at).instant, (c.at).day, (c.counted).kept,
        _clientele.workspace_filled_text_sql(_clientele.workspace_role_column(points, 'of_order_id')), _clientele.workspace_expiry_sql(c.expires),
        (c.at).usable, (c.counted).usable, (points).columns->>'change', (c.at).is_empty, (points).relation)
    FROM (
        SELECT _clientele.workspace_role_time_sql(workspace, points, 'happened_at') AS at,
            _clientele.workspace_role_time_sql(workspace, points, 'expires_on') AS expires,
            _clientele.workspace_amount_sql(_clientele.workspace_role_column(points, 'change')) AS counted
        OFFSET 0) c
$$;

CREATE FUNCTION attach_points(
    points regclass,
    customer text DEFAULT NULL,
    happened_at text DEFAULT NULL,
    change text DEFAULT NULL,
    order_id text DEFAULT NULL,
    expires_on text DEFAULT NULL,
    workspace text DEFAULT 'loyalty',
    stored_in text DEFAULT NULL)
RETURNS SETOF @extschema@.attach_finding
LANGUAGE sql
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
    SELECT f.*
    FROM _clientele.workspace_attach_other(workspace, 'points', points, jsonb_build_object(
        'customer', customer, 'happened_at', happened_at, 'change', change, 'of_order_id', order_id, 'expires_on', expires_on, 'stored_in', stored_in)) f
$$;
COMMENT ON FUNCTION attach_points(regclass, text, text, text, text, text, text, text) IS
'Attaches a table of points earned and redeemed to a workspace: the views points_balances, points_liability and others then show who has how many, and what they are going to cost. Can be run again.
Arguments: points: a table, partitioned or foreign table, view or materialized view with a row whenever points were earned (above zero) or redeemed (below); customer, happened_at, change: names of its columns as stored (change has the points), where left out those of the last time, else found by their usual names; order_id, expires_on: names of columns that a row may have besides, the order that the points are of, and the first day on which they are gone, found by their usual names where left out, none where empty (''''); workspace: name of the schema; stored_in: the time zone whose clock a column of timestamps without a zone shows, a full IANA name or UTC, where left out that of the last time; it has to be told where the days of the workspace are not those of UTC, unless the clock only ever shows midnight. Customers need not have ordered yet.
Points without a day of expiry are valid as long as points_valid of the settings says, and for ever where that is empty; an infinite day, or one of the year 9999, is never. Rows that write off what has expired are not to be among them, as it is worked out. Points of an order that a later row of that order takes back are taken off the day on which they were earned. An order number of 0 is none.
Result: rows of topic, finding and advice: what was found, which rows are left out and why, and points that were kept for orders that came back.
Errors: 22004 for NULL, 3F000 without such a workspace, 42703 for a missing column, 42702 for several that might be meant, 42804 for a type that does not fit, 42809 for what is no table or view, 55000 where what is stored is distributed and other nodes do not know of it, 42501 without SELECT on the columns or for a workspace of somebody else, 22023 for a time zone that is none, and for a clock without stored_in.';

CREATE FUNCTION detach_points(workspace text DEFAULT 'loyalty') RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
BEGIN
    PERFORM _clientele.workspace_detach(workspace, 'points');
END
$$;
COMMENT ON FUNCTION detach_points(text) IS
'Takes the table of points from a workspace, and drops the views that read it: the table stays as it is, and so do points_valid and point_cost of the settings.
Arguments: workspace: name of the schema.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else, 2BP01 if other objects depend on the views.';
