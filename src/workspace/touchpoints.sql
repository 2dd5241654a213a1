-- workspace: what customers were in touch with, one event after the other

CREATE FUNCTION attach_touchpoints(
    touchpoints regclass,
    customer text DEFAULT NULL,
    happened_at text DEFAULT NULL,
    touchpoint text DEFAULT NULL,
    source text DEFAULT NULL,
    reason text DEFAULT NULL,
    workspace text DEFAULT 'loyalty')
RETURNS SETOF attach_finding
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
BEGIN
    IF touchpoints IS NULL OR workspace IS NULL THEN
        RAISE EXCEPTION 'touchpoints and workspace must not be NULL'
            USING ERRCODE = 'null_value_not_allowed', HINT = 'Name the table of events: attach_touchpoints(''crm.contacts'').';
    END IF;
    RETURN QUERY SELECT f.* FROM @extschema@.workspace_attach_relation(workspace, 'touchpoints', touchpoints,
        jsonb_build_object('customer', customer, 'happened_at', happened_at, 'touchpoint', touchpoint, 'source', source, 'reason', reason)) f;
    RETURN QUERY SELECT f.* FROM @extschema@.workspace_diagnose_touchpoints(workspace) f;
END
$$;
COMMENT ON FUNCTION attach_touchpoints(regclass, text, text, text, text, text, text) IS
'Attaches a table of what customers were in touch with, such as visits, calls, offers and meetings, to a workspace: the views journey, journey_absorption, funnel_steps and others then show how that leads to orders. Can be run again.
Arguments: touchpoints: a table, partitioned or foreign table, view or materialized view with a row per event; customer, happened_at, touchpoint: names of its columns as stored, where left out those of the last time, else found by their usual names; source, reason: names of columns that an event may have besides, where it came from and why something was lost, found by their usual names where left out, none where empty (''''); workspace: name of the schema. Customers need not have ordered yet.
Result: rows of topic, finding and advice: what was found, and which rows are left out and why.
Errors: 22004 for NULL, 3F000 without such a workspace, 42703 for a missing column, 42702 for several that might be meant, 42804 for a type that does not fit, 42809 for what is no table or view, 42501 without SELECT on the columns or for a workspace of somebody else.';

CREATE FUNCTION detach_touchpoints(workspace text DEFAULT 'loyalty') RETURNS void
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog, pg_temp
SET jit = off
AS $$
BEGIN
    PERFORM @extschema@.workspace_detach_relation(workspace, 'touchpoints', @extschema@.workspace_touchpoint_views());
END
$$;
COMMENT ON FUNCTION detach_touchpoints(text) IS
'Takes the table of events from a workspace, and drops the views that read it: the table stays as it is, and so does funnel_stages.
Arguments: workspace: name of the schema.
Errors: 3F000 without such a workspace, 42501 if it belongs to somebody else, 2BP01 if other objects depend on the views.';

CREATE FUNCTION workspace_touchpoint_views() RETURNS name[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN '{funnel_summary,funnel_steps,funnel_passes,journey_absorption,journey,journey_steps,touchpoint_events}'::name[];
COMMENT ON FUNCTION workspace_touchpoint_views() IS
'Internal to attach_touchpoints(): The views that it makes, the dependent ones first.';

CREATE FUNCTION workspace_create_touchpoints_views(workspace name, orders_customer order_column) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    attached CONSTANT @extschema@.attached_relation := @extschema@.workspace_attached_relation(workspace, 'touchpoints', orders_customer);
BEGIN
    PERFORM @extschema@.workspace_create_touchpoint_events(workspace, attached);
    PERFORM @extschema@.workspace_create_journey_steps(workspace);
    PERFORM @extschema@.workspace_create_journey(workspace);
    PERFORM @extschema@.workspace_create_journey_absorption(workspace);
    PERFORM @extschema@.workspace_create_funnel_stages(workspace);
    PERFORM @extschema@.workspace_create_funnel_passes(workspace);
    PERFORM @extschema@.workspace_create_funnel_steps(workspace);
END
$$;
COMMENT ON FUNCTION workspace_create_touchpoints_views(name, order_column) IS
'Internal to attach_touchpoints(): Makes the views of a workspace that read its touchpoints.
Errors: as workspace_attached_relation().';

-- START, END and PURCHASE are what the journey is told by.
CREATE FUNCTION workspace_touchpoint_condition_sql(col_time order_column, col_touchpoint order_column) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format('%s AND o.%I::text NOT IN ('''', ''START'', ''END'', ''PURCHASE'')', @extschema@.workspace_usable_time_sql(col_time), (col_touchpoint).name)
$$;
COMMENT ON FUNCTION workspace_touchpoint_condition_sql(order_column, order_column) IS
'Internal to attach_touchpoints(): The SQL condition on a row o of touchpoints that it can be used.';

CREATE FUNCTION workspace_touchpoint_rows_sql(workspace name, attached attached_relation) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    happened_at CONSTANT @extschema@.order_column := @extschema@.workspace_role_column(attached, 'happened_at');
    touchpoint CONSTANT @extschema@.order_column := @extschema@.workspace_role_column(attached, 'touchpoint');
BEGIN
    RETURN format($query$
        SELECT %2$s AS customer, %3$s AS happened_at, o.%4$I::text AS touchpoint, %5$s AS source, %6$s AS reason
        FROM %7$s o
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        WHERE %2$s IS NOT NULL AND %8$s AND %9$s < (SELECT r.as_of FROM %1$I.reporting_date r)
        $query$, workspace, (attached).key, @extschema@.workspace_instant_sql(happened_at), touchpoint.name,
        @extschema@.workspace_filled_text_sql(attached, 'source'),
        @extschema@.workspace_filled_text_sql(attached, 'reason'),
        (attached).relation, @extschema@.workspace_touchpoint_condition_sql(happened_at, touchpoint),
        @extschema@.workspace_day_sql(happened_at));
END
$$;
COMMENT ON FUNCTION workspace_touchpoint_rows_sql(name, attached_relation) IS
'Internal to attach_touchpoints(): The query for the rows that are touchpoints of a customer before the reporting date.';

-- An index on the time answers this without a scan.
CREATE FUNCTION workspace_first_touchpoint_sql(workspace name, attached attached_relation) RETURNS text
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    happened_at CONSTANT @extschema@.order_column := @extschema@.workspace_role_column(attached, 'happened_at');
    touchpoint CONSTANT @extschema@.order_column := @extschema@.workspace_role_column(attached, 'touchpoint');
BEGIN
    RETURN format($query$
        SELECT %2$s
        FROM (SELECT min(o.%3$I) AS %3$I FROM %4$s o WHERE %5$s IS NOT NULL AND %6$s) o
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        WHERE o.%3$I IS NOT NULL
        $query$, workspace, @extschema@.workspace_instant_sql(happened_at), happened_at.name, (attached).relation, (attached).key,
        @extschema@.workspace_touchpoint_condition_sql(happened_at, touchpoint));
END
$$;
COMMENT ON FUNCTION workspace_first_touchpoint_sql(name, attached_relation) IS
'Internal to attach_touchpoints(): The query for the time of the first touchpoint of all, no row without one.';

CREATE FUNCTION workspace_create_touchpoint_events(workspace name, attached attached_relation) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    by_day CONSTANT boolean := (@extschema@.workspace_role_column(attached, 'happened_at')).type = 'date'::regtype;
BEGIN
    -- A purchase that is known by its day alone comes after what happened on that day: it is its end, unless all are days.
    PERFORM @extschema@.workspace_create_view(workspace, 'touchpoint_events', format($view$
        SELECT t.customer, t.happened_at, t.touchpoint, t.source, t.reason, NULL::bigint AS order_number, true AS tracked
        FROM (%2$s) t
        UNION ALL
        SELECT p.customer, p.happened_at, 'PURCHASE'::text AS touchpoint, p.source, NULL::text AS reason, p.order_number,
            coalesce(p.happened_at >= (%4$s), false) AS tracked
        FROM (
            SELECT e.customer, e.source, e.order_number,
                coalesce(e.ordered_at, greatest(timestamptz '0001-01-02 00:00:00+00', least(timestamptz '9999-12-30 00:00:00+00',
                    %3$s AT TIME ZONE s.time_zone))) AS happened_at
            FROM %1$I.orders_enriched e
            CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
            WHERE s.count_by = 'orders' OR e.days_since_previous IS DISTINCT FROM 0) p
        $view$, workspace, @extschema@.workspace_touchpoint_rows_sql(workspace, attached),
            CASE WHEN by_day THEN 'e.day::timestamp' ELSE '(e.day::timestamp + interval ''1 day'' - interval ''1 microsecond'')' END,
            @extschema@.workspace_first_touchpoint_sql(workspace, attached)),
        'Everything that customers were in touch with, and their purchases: what the views of journeys and funnels read',
        ARRAY[['customer', 'The customer, as in the orders; some may not have ordered yet'],
              ['happened_at', 'When; of a day its beginning, of a purchase that is known by its day alone the end of that day'],
              ['touchpoint', 'With what; PURCHASE for an order'],
              ['source', 'Where it came from; empty where no column of it is attached'],
              ['reason', 'Why something was lost; empty where no column of it is attached'],
              ['order_number', 'Of a purchase: 1 for the customer''s first order, and so on'],
              ['tracked', 'Whether touchpoints were recorded then: not for purchases before the first touchpoint of all']]);
END
$$;
COMMENT ON FUNCTION workspace_create_touchpoint_events(name, attached_relation) IS
'Internal to attach_touchpoints(): Makes the view touchpoint_events of a workspace.';

CREATE FUNCTION workspace_diagnose_touchpoints(workspace name) RETURNS SETOF attach_finding
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET DateStyle = 'ISO'
AS $$
DECLARE
    attached @extschema@.attached_relation;
    happened_at @extschema@.order_column;
    touchpoint @extschema@.order_column;
    found record;
BEGIN
    IF to_regclass(format('%I.touchpoint_events', workspace)) IS NULL THEN
        RETURN; -- between detach_orders() and upgrade_workspace()
    END IF;
    attached := @extschema@.workspace_attached_relation(workspace, 'touchpoints', @extschema@.workspace_orders_customer(workspace));
    happened_at := @extschema@.workspace_role_column(attached, 'happened_at');
    touchpoint := @extschema@.workspace_role_column(attached, 'touchpoint');
    EXECUTE format($query$
        SELECT count(*) AS rows, sum(e.no_time::integer) AS no_time, sum((NOT e.no_time AND e.no_touchpoint)::integer) AS no_touchpoint,
            sum((NOT e.no_time AND NOT e.no_touchpoint AND e.customer IS NULL)::integer) AS no_customer,
            sum((NOT e.no_time AND NOT e.no_touchpoint AND e.customer IS NOT NULL AND e.future)::integer) AS future,
            count(DISTINCT e.customer) AS customers, count(DISTINCT e.touchpoint) AS touchpoints
        FROM (
            SELECT %2$s AS customer, NOT coalesce(%3$s, false) AS no_time, o.%4$I::text AS touchpoint,
                coalesce(o.%4$I::text IN ('', 'START', 'END', 'PURCHASE'), true) AS no_touchpoint,
                CASE WHEN %3$s THEN %5$s >= (SELECT r.as_of FROM %6$I.reporting_date r) END AS future
            FROM %1$s o
            CROSS JOIN (SELECT x.* FROM %6$I.applied_settings x LIMIT 1) s) e
        $query$, attached.relation, attached.key, @extschema@.workspace_usable_time_sql(happened_at), touchpoint.name,
        @extschema@.workspace_day_sql(happened_at), workspace) INTO found;
    RETURN QUERY VALUES ('touchpoints', format('rows: %s, customers: %s, kinds: %s', found.rows, found.customers, found.touchpoints),
        format('To see them as a funnel: INSERT INTO %I.funnel_stages VALUES (''sales'', 1, ''first step''), ...; PURCHASE is an order', workspace));
    RETURN QUERY SELECT v.topic, 'rows left out: ' || @extschema@.workspace_row_share(v.rows, found.rows), v.advice
    FROM (VALUES ('no time', found.no_time, 'Without a time, or with an infinite one, or one outside the years 1 to 9999'),
        ('no touchpoint', found.no_touchpoint, 'Without a touchpoint, or named START, END or PURCHASE, which the views use'),
        ('no customer', found.no_customer, 'Without a customer, or with a key that can be none of the orders'''),
        ('future', found.future, 'On or after the reporting date: not counted yet')) v(topic, rows, advice)
    WHERE v.rows > 0;
END
$$;
COMMENT ON FUNCTION workspace_diagnose_touchpoints(name) IS
'Internal to attach_touchpoints(): The findings about the rows of touchpoints.';
