-- workspace: all that is known of one customer, in order of time. Each part of the union is found by the customer alone.

CREATE FUNCTION workspace_create_timeline(workspace name, orders regclass, columns order_columns) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'customer_timeline', concat_ws(' UNION ALL ',
            @extschema@.workspace_order_timeline_sql(workspace, orders, columns),
            @extschema@.workspace_answer_timeline_sql(workspace, columns.customer),
            @extschema@.workspace_touchpoint_timeline_sql(workspace, columns.customer),
            @extschema@.workspace_change_timeline_sql(workspace)),
        'All that is known of a customer: orders, returns, answers, touchpoints, changes of stage and class. For looking up one, WHERE customer = ... ORDER BY happened_at, which an index on the customer serves',
        ARRAY[['customer', 'The customer, as in the orders'],
              ['happened_at', 'When; of a day its beginning'],
              ['day', 'Its day'],
              ['kind', 'order, return, answer, touchpoint, or stage and class as in customer_changes'],
              ['title', 'What: the number of an order, the score of an answer, the touchpoint, the new stage or cell'],
              ['detail', 'More about it: category and source, touchpoint and comment, the stage or cell before'],
              ['amount', 'Amount of an order or return; else empty']]);
END
$$;
COMMENT ON FUNCTION workspace_create_timeline(name, regclass, order_columns) IS
'Internal to attach_orders(): Makes the view customer_timeline of a workspace, of what is attached to it.
Errors: as workspace_attached_relation().';

CREATE FUNCTION workspace_refresh_timeline(workspace text) RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    orders record;
BEGIN
    -- Between detach_orders() and upgrade_workspace() there are no views.
    IF to_regclass(format('%I.customer_history', workspace)) IS NOT NULL THEN
        EXECUTE format('SELECT a.relation::regclass AS relation, a.columns FROM %I.attached a WHERE a.relation_role = ''orders''', workspace) INTO orders;
        PERFORM @extschema@.workspace_create_timeline(workspace::name, orders.relation, @extschema@.workspace_order_columns(orders.relation, orders.columns));
    END IF;
END
$$;
COMMENT ON FUNCTION workspace_refresh_timeline(text) IS
'Internal to attach_orders(): Makes the view customer_timeline anew where something was attached or detached.';

-- Rows that are no orders of a customer, or not yet, are left out as everywhere.
CREATE FUNCTION workspace_order_timeline_sql(workspace name, orders regclass, columns order_columns) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT %2$s AS customer, %3$s AS happened_at, %4$s AS day, CASE WHEN %5$s THEN 'order' ELSE 'return' END AS kind,
            coalesce(%6$s, CASE WHEN %5$s THEN 'order' ELSE 'return' END) AS title, nullif(concat_ws(', ', %7$s, %8$s), '') AS detail, %9$s AS amount
        FROM %10$s o
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        WHERE o.%11$I IS NOT NULL AND %12$s AND %4$s < (SELECT r.as_of FROM %1$I.reporting_date r)
        $query$, workspace, @extschema@.workspace_customer_sql((columns).customer), @extschema@.workspace_instant_sql((columns).ordered_at),
        @extschema@.workspace_day_sql((columns).ordered_at), @extschema@.workspace_is_order_sql((columns).amount),
        @extschema@.workspace_text_sql((columns).order_id), @extschema@.workspace_text_sql((columns).category),
        @extschema@.workspace_text_sql((columns).source), @extschema@.workspace_kept_amount_sql((columns).amount), orders,
        ((columns).customer).name, @extschema@.workspace_kept_row_sql(columns, @extschema@.workspace_applied_rules(workspace)))
$$;
COMMENT ON FUNCTION workspace_order_timeline_sql(name, regclass, order_columns) IS
'Internal to attach_orders(): The part of customer_timeline that the orders give.';

CREATE FUNCTION workspace_answer_timeline_sql(workspace name, orders_customer order_column) RETURNS text
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attached CONSTANT @extschema@.attached_relation := @extschema@.workspace_attached_relation(workspace, 'answers', orders_customer);
    answered_at @extschema@.order_column;
    score @extschema@.order_column;
BEGIN
    IF attached.relation IS NULL THEN
        RETURN NULL;
    END IF;
    answered_at := @extschema@.workspace_role_column(attached, 'answered_at');
    score := @extschema@.workspace_role_column(attached, 'score');
    RETURN format($query$
        SELECT %2$s AS customer, %3$s AS happened_at, %4$s AS day, 'answer' AS kind,
            o.%5$I::text AS title,
            nullif(concat_ws(', ', %6$s, %7$s), '') AS detail, NULL::numeric AS amount
        FROM %8$s o
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        WHERE %2$s IS NOT NULL AND %9$s AND %10$s AND %4$s < (SELECT r.as_of FROM %1$I.reporting_date r)
        $query$, workspace, attached.key, @extschema@.workspace_instant_sql(answered_at), @extschema@.workspace_day_sql(answered_at), score.name,
        @extschema@.workspace_filled_text_sql(attached, 'touchpoint'), @extschema@.workspace_filled_text_sql(attached, 'comment'),
        attached.relation, @extschema@.workspace_usable_time_sql(answered_at), @extschema@.workspace_usable_score_sql(score));
END
$$;
COMMENT ON FUNCTION workspace_answer_timeline_sql(name, order_column) IS
'Internal to attach_orders(): The part of customer_timeline that attached answers give, NULL without them.
Errors: as workspace_attached_relation().';

CREATE FUNCTION workspace_touchpoint_timeline_sql(workspace name, orders_customer order_column) RETURNS text
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attached CONSTANT @extschema@.attached_relation := @extschema@.workspace_attached_relation(workspace, 'touchpoints', orders_customer);
BEGIN
    IF attached.relation IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN format($query$
        SELECT t.customer, t.happened_at, (t.happened_at AT TIME ZONE s.time_zone)::date AS day, 'touchpoint' AS kind, t.touchpoint AS title,
            nullif(concat_ws(', ', t.source, t.reason), '') AS detail, NULL::numeric AS amount
        FROM (%s) t
        CROSS JOIN (SELECT x.* FROM %I.applied_settings x LIMIT 1) s
        $query$, @extschema@.workspace_touchpoint_rows_sql(workspace, attached), workspace);
END
$$;
COMMENT ON FUNCTION workspace_touchpoint_timeline_sql(name, order_column) IS
'Internal to attach_orders(): The part of customer_timeline that attached touchpoints give, NULL without them.
Errors: as workspace_attached_relation().';

CREATE FUNCTION workspace_change_timeline_sql(workspace name) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT c.customer, (c.as_of::timestamp AT TIME ZONE s.time_zone) AS happened_at, c.as_of AS day, c.kind, c.changed_to AS title,
            'before: ' || c.changed_from AS detail, NULL::numeric AS amount
        FROM %1$I.customer_changes c
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        $query$, workspace)
$$;
COMMENT ON FUNCTION workspace_change_timeline_sql(name) IS
'Internal to attach_orders(): The part of customer_timeline that tells when a customer changed the stage or the class.';
