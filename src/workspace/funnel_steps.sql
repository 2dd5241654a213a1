-- workspace: how far customers come in the funnels of the table funnel_stages

CREATE FUNCTION workspace_stages_changed() RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- Who may edit the stages need not be allowed to look into the schema of the extension.
    IF to_regclass(format('%I.funnel_passes_data', TG_TABLE_SCHEMA)) IS NOT NULL THEN
        RAISE NOTICE 'the funnels of workspace "%" go by these stages from the next refresh on', TG_TABLE_SCHEMA
            USING HINT = format('SELECT refresh_workspace(%L);', TG_TABLE_SCHEMA);
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION workspace_stages_changed() IS
'Internal to attach_touchpoints(): Trigger function that tells when changed stages take effect, where figures are stored.';

CREATE FUNCTION workspace_create_funnel_stages(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF to_regclass(format('%I.funnel_stages', workspace)) IS NULL THEN
        EXECUTE format($ddl$
            CREATE TABLE %I.funnel_stages (
                funnel_name text NOT NULL,
                step_number integer NOT NULL
                    CONSTRAINT "step_number is 1 to 1000" CHECK (step_number >= 1 AND step_number <= 1000),
                touchpoint text NOT NULL,
                PRIMARY KEY (funnel_name, step_number, touchpoint)
            )$ddl$, workspace);
    END IF;
    -- A trigger that calls a function of the extension went away if that was dropped and created again.
    IF NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = to_regclass(format('%I.funnel_stages', workspace)) AND t.tgname = 'stages_changed') THEN
        EXECUTE format('CREATE TRIGGER stages_changed AFTER INSERT OR UPDATE OR DELETE ON %I.funnel_stages EXECUTE FUNCTION %s.workspace_stages_changed()',
            workspace, '@extschema@');
    END IF;
    PERFORM @extschema@.workspace_describe_relation(workspace, 'funnel_stages', 'The steps of your funnels: yours to fill',
        ARRAY[['funnel_name', 'Name of the funnel'],
              ['step_number', '1 is the first step; numbers may have gaps'],
              ['touchpoint', 'The touchpoint that makes the step, PURCHASE for an order; with several rows any of them does']]);
END
$$;
COMMENT ON FUNCTION workspace_create_funnel_stages(name) IS
'Internal to attach_touchpoints(): Makes the table funnel_stages of a workspace, or keeps the one that is there.';

-- The steps as they are counted: without gaps, each with its name and whether it is the last.
CREATE FUNCTION workspace_funnel_stages_sql(workspace name) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT g.funnel_name, g.touchpoint, g.step, g.step = max(g.step) OVER (PARTITION BY g.funnel_name) AS is_last
        FROM (SELECT f.funnel_name, f.touchpoint, dense_rank() OVER (PARTITION BY f.funnel_name ORDER BY f.step_number)::integer AS step
            FROM %I.funnel_stages f) g
        $query$, workspace)
$$;
COMMENT ON FUNCTION workspace_funnel_stages_sql(name) IS
'Internal to attach_touchpoints(): The query for the steps of the funnels, numbered from 1.';

-- The last step ends a pass, so what comes after it is a new one. An event that is no step may tell the first order, or why
-- something was lost.
CREATE FUNCTION workspace_funnel_events_sql(workspace name) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        SELECT t.funnel_name, t.steps, t.customer, t.happened_at, t.step, t.is_last,
            CASE WHEN t.step IS NOT NULL THEN nullif(t.source, '') END AS known_source, nullif(t.reason, '') AS known_reason,
            count(*) FILTER (WHERE t.is_last) OVER (PARTITION BY t.funnel_name, t.customer ORDER BY t.happened_at, t.step NULLS LAST, t.order_number, t.touchpoint, t.source, t.reason
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) + 1 AS pass_number,
            min(t.happened_at) FILTER (WHERE t.order_number = 1) OVER (PARTITION BY t.funnel_name, t.customer) AS first_order_at
        FROM (
            SELECT n.funnel_name, n.steps, e.customer, e.happened_at, e.touchpoint, e.source, e.reason, e.order_number, g.step, coalesce(g.is_last, false) AS is_last
            FROM %1$I.touchpoint_events e
            CROSS JOIN (SELECT f.funnel_name, count(DISTINCT f.step_number) AS steps FROM %1$I.funnel_stages f GROUP BY f.funnel_name) n
            LEFT JOIN (%2$s) g ON g.funnel_name = n.funnel_name AND g.touchpoint = e.touchpoint
            WHERE g.step IS NOT NULL OR e.reason IS NOT NULL OR e.order_number = 1) t
        $query$, workspace, @extschema@.workspace_funnel_stages_sql(workspace))
$$;
COMMENT ON FUNCTION workspace_funnel_events_sql(name) IS
'Internal to attach_touchpoints(): The query for the events of each customer by funnel and pass.';

CREATE FUNCTION workspace_create_funnel_passes(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'funnel_passes', format($view$
        SELECT p.funnel_name, p.customer, p.pass_number, p.source,
            %2$s.period_start(p.times[1], s.period, s.time_zone) AS entry_period,
            CASE WHEN p.first_order_at < p.times[1] THEN 'existing' ELSE 'new' END AS customer_kind,
            v.step_number::integer AS step_number, v.reached_at,
            extract(epoch FROM v.reached_at - p.times[(v.step_number - 1)::integer])::double precision / 3600 AS hours,
            v.step_number = cardinality(p.times) AS is_deepest,
            -- Whoever came to the last step is not lost, and whose time is not over may go on.
            CASE WHEN v.step_number < cardinality(p.times) THEN 'went on' WHEN v.step_number = p.steps THEN 'arrived'
                WHEN (p.ended_at AT TIME ZONE s.time_zone) <= (p.times[1] AT TIME ZONE s.time_zone) + s.funnel_within THEN 'skipped'
                WHEN (p.times[1] AT TIME ZONE s.time_zone) + s.funnel_within < r.as_of THEN 'lost' ELSE 'open' END AS outcome,
            CASE WHEN v.step_number = cardinality(p.times) AND v.step_number < p.steps THEN p.reason END AS reason
        FROM (
            SELECT t.funnel_name, t.customer, t.pass_number,
                %2$s.funnel_times(t.happened_at, t.step, w.funnel_within, w.time_zone) AS times,
                coalesce(max(t.known_source) FILTER (WHERE t.source_place = 1), 'unknown') AS source,
                max(t.known_reason) FILTER (WHERE t.reason_place = 1) AS reason,
                min(t.first_order_at) AS first_order_at, min(t.steps) AS steps,
                min(t.happened_at) FILTER (WHERE t.is_last) AS ended_at
            FROM (
                SELECT e.*, row_number() OVER (PARTITION BY e.funnel_name, e.customer, e.pass_number
                        ORDER BY e.known_source IS NULL, e.happened_at, e.step, e.known_source) AS source_place,
                    row_number() OVER (PARTITION BY e.funnel_name, e.customer, e.pass_number
                        ORDER BY e.known_reason IS NULL, e.happened_at DESC, e.step DESC, e.known_reason) AS reason_place
                FROM (%3$s) e) t
            CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) w
            GROUP BY t.funnel_name, t.customer, t.pass_number) p
        CROSS JOIN %1$I.reporting_date r
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        CROSS JOIN LATERAL unnest(p.times) WITH ORDINALITY v(reached_at, step_number)
        $view$, workspace, '@extschema@', @extschema@.workspace_funnel_events_sql(workspace)),
        'Each step that a customer reached in a pass through a funnel: the longest chain of steps in order, within the time of settings.funnel_within. The last step ends a pass',
        ARRAY[['funnel_name', 'Name of the funnel, from the table funnel_stages'],
              ['customer', 'The customer, as in the orders; some may not have ordered yet'],
              ['pass_number', '1 for the customer''s first pass; not all have an entry'],
              ['source', 'First known source of a step in the pass; else unknown'],
              ['entry_period', 'First day of the period in which step 1 was reached'],
              ['customer_kind', 'existing: with an order before step 1; else new'],
              ['step_number', 'The step'],
              ['reached_at', 'When it was reached'],
              ['hours', 'Hours since the step before; empty for step 1'],
              ['is_deepest', 'Whether the pass came no further'],
              ['outcome', 'went on, arrived (at the last step), skipped (came to the last step without all before it), open (there is time left) or lost'],
              ['reason', 'Last known reason in a pass that came no further']]);
END
$$;
COMMENT ON FUNCTION workspace_create_funnel_passes(name) IS
'Internal to attach_touchpoints(): Makes the view funnel_passes of a workspace.';

-- A pass has a row for each step that it reached, so all counts are of one grouping. Every step has a row for each group in
-- which somebody entered, also where nobody came so far.
CREATE FUNCTION workspace_funnel_counts_sql(workspace name, groups text) RETURNS text
LANGUAGE sql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT format($query$
        WITH pass AS MATERIALIZED (SELECT %2$s, p.step_number, p.hours, p.outcome, p.reason FROM %1$I.funnel_passes p),
        counted AS MATERIALIZED (
            SELECT %2$s, p.step_number, count(*) AS reached, percentile_cont(0.5) WITHIN GROUP (ORDER BY p.hours) AS median_hours,
                count(*) FILTER (WHERE p.outcome = 'lost') AS lost, count(*) FILTER (WHERE p.outcome = 'open') AS still_open,
                count(*) FILTER (WHERE p.outcome = 'skipped') AS skipped
            FROM pass p
            GROUP BY %2$s, p.step_number
        ), reason AS (
            SELECT DISTINCT ON (%2$s, p.step_number) %2$s, p.step_number, p.reason, count(*) AS passes
            FROM pass p
            WHERE p.outcome = 'lost' AND p.reason IS NOT NULL
            GROUP BY %2$s, p.step_number, p.reason
            ORDER BY %2$s, p.step_number, count(*) DESC, p.reason
        ), filled AS (
            SELECT %2$s, g.step AS step_number, g.touchpoint, p.reached AS first_reached, coalesce(c.reached, 0) AS reached,
                c.median_hours, coalesce(c.lost, 0) AS lost, coalesce(c.still_open, 0) AS still_open, coalesce(c.skipped, 0) AS skipped
            FROM counted p
            JOIN (SELECT f.funnel_name, f.step, string_agg(f.touchpoint, ' / ' ORDER BY f.touchpoint) AS touchpoint
                FROM (%3$s) f GROUP BY f.funnel_name, f.step) g ON g.funnel_name = p.funnel_name
            LEFT JOIN counted c ON ROW(%4$s, c.step_number) = ROW(%2$s, g.step)
            WHERE p.step_number = 1
        )
        SELECT %2$s, p.step_number, p.touchpoint, p.reached,
            CASE p.step_number WHEN 1 THEN 100 ELSE 100 * f.estimate END::double precision AS pct_of_first,
            CASE p.step_number WHEN 1 THEN 100 ELSE 100 * f.lower END::double precision AS pct_of_first_lower,
            CASE p.step_number WHEN 1 THEN 100 ELSE 100 * f.upper END::double precision AS pct_of_first_upper,
            100 * i.estimate AS pct_of_previous, 100 * i.lower AS pct_of_previous_lower, 100 * i.upper AS pct_of_previous_upper,
            p.median_hours, p.lost, p.still_open, p.skipped, r.reason AS top_reason, coalesce(r.passes, 0) AS top_reason_passes,
            coalesce(p.previous_reached, p.reached) >= s.enough AS enough
        FROM (
            SELECT l.*, lag(l.reached) OVER (PARTITION BY %5$s ORDER BY l.step_number) AS previous_reached FROM filled l) p
        LEFT JOIN reason r ON ROW(%6$s, r.step_number) = ROW(%2$s, p.step_number)
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        CROSS JOIN LATERAL %7$s.wilson_interval(p.reached, p.first_reached) f
        CROSS JOIN LATERAL %7$s.wilson_interval(p.reached, p.previous_reached) i
        $query$, workspace, groups, @extschema@.workspace_funnel_stages_sql(workspace),
        replace(groups, 'p.', 'c.'), replace(groups, 'p.', 'l.'), replace(groups, 'p.', 'r.'), '@extschema@')
$$;
COMMENT ON FUNCTION workspace_funnel_counts_sql(name, text) IS
'Internal to attach_touchpoints(): The query for the passes that reached each step of a funnel.
Arguments: workspace; groups: what to divide them by, columns of p such as ''p.funnel_name, p.source''.';

CREATE FUNCTION workspace_create_funnel_steps(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'funnel_steps', format($view$
        SELECT k.*, (k.entry_period + %3$s + s.funnel_within) <= r.as_of AS complete
        FROM (%2$s) k
        CROSS JOIN %1$I.reporting_date r
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        $view$, workspace, @extschema@.workspace_funnel_counts_sql(workspace, 'p.funnel_name, p.source, p.entry_period, p.customer_kind'),
        @extschema@.workspace_period_step_sql('s.period')),
        'How far customers come in each funnel, by source and period of entry, new and existing customers apart. The rows of a step add up to that of funnel_summary',
        @extschema@.workspace_funnel_comments() || ARRAY[
            ['source', 'First known source of a step in the pass; else unknown'],
            ['entry_period', 'First day of the period in which step 1 was reached'],
            ['customer_kind', 'existing: with an order before step 1; else new'],
            ['complete', 'Whether everybody who entered in that period has had the time to come to the end']]);
    PERFORM @extschema@.workspace_create_view(workspace, 'funnel_summary',
        @extschema@.workspace_funnel_counts_sql(workspace, 'p.funnel_name'),
        'How far customers come in each funnel, of all sources and periods. For a plan backwards give the counts to funnel_plan()',
        @extschema@.workspace_funnel_comments());
END
$$;
COMMENT ON FUNCTION workspace_create_funnel_steps(name) IS
'Internal to attach_touchpoints(): Makes the views funnel_steps and funnel_summary of a workspace.';

CREATE FUNCTION workspace_funnel_comments() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT ARRAY[
        ['funnel_name', 'Name of the funnel, from the table funnel_stages'],
        ['step_number', 'The step: 1 is the first'],
        ['touchpoint', 'The touchpoint of the step, PURCHASE for an order; several are separated by slashes'],
        ['reached', 'Number of passes that reached it, those that went further included'],
        ['pct_of_first', 'Share of those that reached step 1, 0 to 100'],
        ['pct_of_first_lower', 'Lower bound of its 95 % interval (Wilson)'],
        ['pct_of_first_upper', 'Upper bound'],
        ['pct_of_previous', 'Share of those that reached the step before, 0 to 100; empty for step 1'],
        ['pct_of_previous_lower', 'Lower bound of its 95 % interval (Wilson)'],
        ['pct_of_previous_upper', 'Upper bound'],
        ['median_hours', 'Median hours since the step before; empty for step 1'],
        ['lost', 'Number of passes that came no further, and whose time is over'],
        ['still_open', 'Number of passes that came no further so far, and have time left'],
        ['skipped', 'Number of passes that came no further in this order, but to the last step all the same'],
        ['top_reason', 'The most frequent reason of the lost; empty where none is known'],
        ['top_reason_passes', 'Number of lost passes with that reason'],
        ['enough', 'Whether enough passes reached the step before to go by']]
$$;
COMMENT ON FUNCTION workspace_funnel_comments() IS
'Internal to attach_touchpoints(): The comments on the columns that the views of funnels share.';
