-- workspace: what was spent on each source

CREATE FUNCTION attach_costs(
    costs regclass,
    spent_on text DEFAULT NULL,
    source text DEFAULT NULL,
    cost text DEFAULT NULL,
    workspace text DEFAULT 'loyalty')
RETURNS SETOF attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
BEGIN
    IF costs IS NULL OR workspace IS NULL THEN
        RAISE EXCEPTION 'costs and workspace must not be NULL'
            USING ERRCODE = 'null_value_not_allowed', HINT = 'Name the table of costs: attach_costs(''marketing.costs'').';
    END IF;
    RETURN QUERY SELECT f.* FROM @extschema@.workspace_attach_relation(workspace, 'costs', costs,
        jsonb_build_object('spent_on', spent_on, 'source', source, 'cost', cost)) f;
    RETURN QUERY SELECT f.* FROM @extschema@.workspace_diagnose_costs(workspace) f;
END
$$;
COMMENT ON FUNCTION attach_costs(regclass, text, text, text, text) IS
'Attaches a table of what was spent on each source of customers to a workspace: the view sources then has the cost per customer, and what comes back. Can be run again.
Arguments: costs: a table, partitioned or foreign table, view or materialized view with a row per day (or month) and source; spent_on, source, cost: names of its columns as stored, where left out those of the last time, else found by their usual names; the names of sources have to be those of the orders; workspace: name of the schema.
Result: rows of topic, finding and advice: what was found, which rows are left out and why, and which sources do not fit the orders''.
Errors: 22004 for NULL, 3F000 without such a workspace, 42703 for a missing column, 42702 for several that might be meant, 42804 for a type that does not fit, 42809 for what is no table or view, 42501 without SELECT on the columns or for a workspace of somebody else.';

CREATE FUNCTION detach_costs(workspace text DEFAULT 'loyalty') RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
BEGIN
    PERFORM @extschema@.workspace_detach_relation(workspace, 'costs', '{}');
    PERFORM @extschema@.workspace_refresh_attached(workspace, 'costs');
END
$$;
COMMENT ON FUNCTION detach_costs(text) IS
'Takes the table of costs from a workspace: the table stays as it is, the columns on cost of the view sources get empty.
Arguments: workspace: name of the schema.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else.';

CREATE FUNCTION workspace_cost_condition_sql(col_day order_column, col_cost order_column) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('%s AND %s AND o.%I >= 0', @extschema@.workspace_usable_time_sql(col_day),
        @extschema@.workspace_usable_amount_sql(col_cost), (col_cost).name)
$$;
COMMENT ON FUNCTION workspace_cost_condition_sql(order_column, order_column) IS
'Internal to attach_costs(): The SQL condition on a row o of costs that it can be used.';

CREATE FUNCTION workspace_create_costs_views(workspace name, orders_customer order_column) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attached CONSTANT @extschema@.attached_relation := @extschema@.workspace_attached_relation(workspace, 'costs', orders_customer);
    query text := 'SELECT NULL::text AS source, NULL::date AS day, NULL::numeric AS cost WHERE false';
    spent_on @extschema@.order_column;
    cost @extschema@.order_column;
BEGIN
    IF attached.relation IS NOT NULL THEN
        spent_on := @extschema@.workspace_role_column(attached, 'spent_on');
        cost := @extschema@.workspace_role_column(attached, 'cost');
        query := format($query$
            SELECT coalesce(nullif(o.%2$I::text, ''), 'unknown') AS source, %3$s AS day, sum(%4$s) AS cost
            FROM %5$s o
            CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
            WHERE %6$s AND %3$s < (SELECT r.as_of FROM %1$I.reporting_date r)
            GROUP BY 1, 2
            $query$, workspace, attached.columns->>'source', @extschema@.workspace_day_sql(spent_on), @extschema@.workspace_kept_amount_sql(cost),
            attached.relation, @extschema@.workspace_cost_condition_sql(spent_on, cost));
    END IF;
    PERFORM @extschema@.workspace_create_view(workspace, 'source_costs', query,
        'What was spent on each source and day, where attach_costs() was told',
        ARRAY[['source', 'Source of customers, named as in the orders; unknown where none is named'],
              ['day', 'Day'],
              ['cost', 'What was spent']]);
END
$$;
COMMENT ON FUNCTION workspace_create_costs_views(name, order_column) IS
'Internal to attach_costs(): Makes the view source_costs of a workspace, without rows where no costs are attached.
Errors: as workspace_attached_relation().';

CREATE FUNCTION workspace_diagnose_costs(workspace name) RETURNS SETOF attach_finding
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET DateStyle = 'ISO'
AS $$
DECLARE
    attached @extschema@.attached_relation;
    spent_on @extschema@.order_column;
    cost @extschema@.order_column;
    found record;
BEGIN
    IF to_regclass(format('%I.sources', workspace)) IS NULL THEN
        RETURN; -- between detach_orders() and upgrade_workspace()
    END IF;
    attached := @extschema@.workspace_attached_relation(workspace, 'costs', @extschema@.workspace_orders_customer(workspace));
    spent_on := @extschema@.workspace_role_column(attached, 'spent_on');
    cost := @extschema@.workspace_role_column(attached, 'cost');
    EXECUTE format($query$
        SELECT count(*) AS rows, count(*) FILTER (WHERE NOT coalesce(%2$s, false)) AS no_day,
            count(*) FILTER (WHERE %2$s AND NOT coalesce(%3$s AND o.%4$I >= 0, false)) AS no_cost,
            count(*) FILTER (WHERE %2$s AND %3$s AND o.%4$I >= 0 AND %5$s >= (SELECT r.as_of FROM %6$I.reporting_date r)) AS future
        FROM %1$s o
        CROSS JOIN (SELECT x.* FROM %6$I.applied_settings x LIMIT 1) s
        $query$, attached.relation, @extschema@.workspace_usable_time_sql(spent_on), @extschema@.workspace_usable_amount_sql(cost),
        cost.name, @extschema@.workspace_day_sql(spent_on), workspace) INTO found;
    RETURN QUERY SELECT v.topic, 'rows left out: ' || @extschema@.workspace_row_share(v.rows, found.rows), v.advice
    FROM (VALUES ('no day', found.no_day, 'Without a day, or with an infinite one, or one outside the years 1 to 9999'),
        ('no cost', found.no_cost, 'Without a cost, or with one that is negative, not a number, infinite, or past 922 trillion'),
        ('future', found.future, 'On or after the reporting date: not counted yet')) v(topic, rows, advice)
    WHERE v.rows > 0;
    RETURN QUERY SELECT f.* FROM @extschema@.workspace_diagnose_cost_sources(workspace) f;
END
$$;
COMMENT ON FUNCTION workspace_diagnose_costs(name) IS
'Internal to attach_costs(): The findings about the rows of costs.';

CREATE FUNCTION workspace_diagnose_cost_sources(workspace name) RETURNS SETOF attach_finding
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET DateStyle = 'ISO'
AS $$
DECLARE
    found record;
BEGIN
    -- There may be as many sources as orders, and what is shown has room for 200 at most.
    EXECUTE format($query$
        SELECT min(c.costs_from) AS from_date, min(c.costs_until) AS until, sum(c.cost) AS cost, count(*) AS sources,
            count(*) FILTER (WHERE c.customers = 0) AS unmatched,
            string_agg(c.source, ', ' ORDER BY c.place) FILTER (WHERE c.customers = 0 AND c.place <= 200) AS without_customers,
            string_agg(c.source, ', ' ORDER BY c.place) FILTER (WHERE c.cost = 0 AND c.customers > 0 AND c.place <= 200) AS without_costs
        FROM (
            SELECT x.*, row_number() OVER (PARTITION BY x.customers = 0, x.cost = 0 AND x.customers > 0
                ORDER BY x.cost DESC, x.customers DESC, x.source) AS place
            FROM %I.sources x) c
        $query$, workspace) INTO found;
    IF found.sources = 0 THEN
        RETURN QUERY VALUES ('sources', 'none', 'Name the column with the source of an order: attach_orders(..., source => ''...'')');
        RETURN;
    END IF;
    RETURN QUERY VALUES ('costs', coalesce(format('%s, for customers acquired from %s to %s', found.cost, found.from_date, found.until - 1), 'none to count yet'), NULL);
    IF found.without_customers IS NOT NULL THEN
        RETURN QUERY VALUES ('costs without customers', left(found.without_customers, 500), 'If they are named otherwise in the orders, attach a view with those names');
    END IF;
    IF found.without_costs IS NOT NULL THEN
        RETURN QUERY VALUES ('customers without costs', left(found.without_costs, 500), NULL);
    END IF;
END
$$;
COMMENT ON FUNCTION workspace_diagnose_cost_sources(name) IS
'Internal to attach_costs(): The findings about the sources of costs and of customers.';
