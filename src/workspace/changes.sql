-- workspace: when a customer changed the stage of the lifecycle or the class.

CREATE FUNCTION workspace_create_changes(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'customer_changes', concat_ws(' UNION ALL ',
            @extschema@.workspace_stage_changes_sql(workspace), @extschema@.workspace_class_changes_sql(workspace)),
        'Changes of customers to another stage of the lifecycle and, where figures are stored, to another cell of the matrix, as of the ends of periods',
        ARRAY[['customer', 'The customer, as in the orders'],
              ['as_of', 'The day after the last of a period: what changed within it'],
              ['kind', 'stage: of the lifecycle, in all periods since the first order; class: the cell of the matrix, in the periods of class_history'],
              ['changed_to', 'The stage or cell from then on; none where there is no cell, without a purchase in its window'],
              ['changed_from', 'The one at the end of the period before; empty for the first stage']]);
END
$$;
COMMENT ON FUNCTION workspace_create_changes(name) IS
'Internal to attach_orders(): Makes the view customer_changes of a workspace.';

-- Stages take a customer's own history alone. They are compared one customer at a time, and no history is sorted with each of
-- its periods, whose ends come from it: the planner expects a thousand rows of each generate_series() over timestamps.
CREATE FUNCTION workspace_stage_changes_sql(workspace name) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT h.customer, c.as_of, 'stage' AS kind, c.stage AS changed_to, c.before AS changed_from
        FROM %1$I.reporting_date r
        CROSS JOIN (SELECT x.*, %3$s AS step FROM %1$I.applied_settings x LIMIT 1) s
        CROSS JOIN %1$I.customer_history h
        CROSS JOIN LATERAL (
            SELECT e.as_of, e.stage, lag(e.stage) OVER (ORDER BY e.as_of) AS before
            FROM (
                SELECT (p.period_start + s.step)::date AS as_of, %2$s.lifecycle_stage(h.history, (p.period_start + s.step)::date, s.new_within, s.lost_after,
                    s.regular_within, s.regular_purchases, s.count_by) AS stage
                FROM %2$s.period_values(h.history, s.period,
                    %2$s.period_start(greatest(%2$s.first_order(h.history, r.as_of), r.first_period), s.period), r.as_of) p
                OFFSET 0) e) c
        WHERE %2$s.first_order(h.history, r.as_of) IS NOT NULL AND (c.before IS NULL OR c.stage <> c.before)
        $query$, workspace, '@extschema@', @extschema@.workspace_period_step_sql('x.period'))
$$;
COMMENT ON FUNCTION workspace_stage_changes_sql(name) IS
'Internal to attach_orders(): The part of customer_changes that tells of stages.';

-- Classes compare all customers: only where they are stored can those of one be looked up.
CREATE FUNCTION workspace_class_changes_sql(workspace name) RETURNS text
LANGUAGE plpgsql STABLE STRICT
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF @extschema@.workspace_known_storage(workspace) <> 'materialized' THEN
        RETURN NULL;
    END IF;
    RETURN format($query$
        SELECT c.customer, c.as_of, 'class' AS kind, coalesce(c.cell, 'none') AS changed_to, coalesce(c.before, 'none') AS changed_from
        FROM (
            SELECT h.customer, h.as_of, h.cell, lag(h.cell) OVER periods AS before, lag(h.as_of) OVER periods AS before_as_of
            FROM %1$I.class_history h
            WINDOW periods AS (PARTITION BY h.customer ORDER BY h.as_of)) c
        WHERE c.before_as_of IS NOT NULL AND c.cell IS DISTINCT FROM c.before
        $query$, workspace);
END
$$;
COMMENT ON FUNCTION workspace_class_changes_sql(name) IS
'Internal to attach_orders(): The part of customer_changes that tells of classes, NULL where figures are not stored.';
