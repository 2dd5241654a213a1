-- workspace: how customers move from one touchpoint to the next

-- One walk over the events of each customer: names from the event before, and an end after the last one.
CREATE FUNCTION workspace_create_journey_steps(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'journey_steps', format($view$
        SELECT e.customer, e.purchases_before + 1 AS journey_number, v.happened_at, v.from_touchpoint, v.to_touchpoint, v.hours
        FROM (
            SELECT t.customer, t.happened_at, t.touchpoint, s.journey_repeats,
                count(t.order_number) OVER earlier AS purchases_before,
                lag(t.touchpoint) OVER earlier AS previous,
                date_part('epoch', t.happened_at - lag(t.happened_at) OVER earlier) / 3600 AS hours,
                lead(t.touchpoint) OVER earlier IS NULL AS is_last
            FROM %1$I.touchpoint_events t
            CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
            WHERE t.tracked
            WINDOW earlier AS (PARTITION BY t.customer ORDER BY t.happened_at, t.order_number NULLS FIRST, t.touchpoint
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) e
        CROSS JOIN LATERAL (
            SELECT e.happened_at, CASE WHEN e.previous <> 'PURCHASE' THEN e.previous ELSE 'START' END AS from_touchpoint, e.touchpoint AS to_touchpoint,
                CASE WHEN e.previous <> 'PURCHASE' THEN e.hours END AS hours
            WHERE e.touchpoint = 'PURCHASE' OR e.journey_repeats = 'kept' OR e.touchpoint IS DISTINCT FROM e.previous
            UNION ALL
            SELECT NULL::timestamptz AS happened_at, e.touchpoint AS from_touchpoint, 'END' AS to_touchpoint, NULL::double precision AS hours
            WHERE e.is_last AND e.touchpoint <> 'PURCHASE') v
        $view$, workspace),
        'Each step of each customer from one touchpoint to the next. A journey begins at START, and ends with a PURCHASE or, where nothing follows, with END; orders before the first touchpoint of all are left out',
        ARRAY[['customer', 'The customer, as in the orders'],
              ['journey_number', '1 for the customer''s first journey; each purchase ends one'],
              ['happened_at', 'When the step was made; empty for END'],
              ['from_touchpoint', 'From where: a touchpoint, or START'],
              ['to_touchpoint', 'To where: a touchpoint, PURCHASE, or END'],
              ['hours', 'Hours since the event before; empty from START and to END']]);
END
$$;
COMMENT ON FUNCTION workspace_create_journey_steps(name) IS
'Internal to attach_touchpoints(): Makes the view journey_steps of a workspace.';

CREATE FUNCTION workspace_create_journey(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    PERFORM @extschema@.workspace_create_view(workspace, 'journey', format($view$
        SELECT j.from_touchpoint, j.to_touchpoint, j.transitions, j.customers, j.transitions_from,
            i.estimate AS share, i.lower, i.upper, j.median_hours, j.transitions_from >= s.enough AS enough
        FROM (
            SELECT t.from_touchpoint, t.to_touchpoint, count(*) AS transitions, count(DISTINCT t.customer) AS customers,
                sum(count(*)) OVER (PARTITION BY t.from_touchpoint)::bigint AS transitions_from,
                percentile_cont(0.5) WITHIN GROUP (ORDER BY t.hours) AS median_hours
            FROM %1$I.journey_steps t
            GROUP BY t.from_touchpoint, t.to_touchpoint) j
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        CROSS JOIN LATERAL %2$s.wilson_interval(j.transitions, j.transitions_from) i
        $view$, workspace, '@extschema@'),
        'How customers move between touchpoints: from each to the next, in order of time. START is before the first one and after each purchase, END where nothing followed the last one',
        ARRAY[['from_touchpoint', 'From where: a touchpoint, or START'],
              ['to_touchpoint', 'To where: a touchpoint, PURCHASE, or END'],
              ['transitions', 'Number of times'],
              ['customers', 'Number of customers'],
              ['transitions_from', 'Number of times from there to anywhere'],
              ['share', 'Share of those that went this way, 0 to 1'],
              ['lower', 'Lower bound of its 95 % interval (Wilson)'],
              ['upper', 'Upper bound'],
              ['median_hours', 'Median hours from one to the other; empty from START and to END'],
              ['enough', 'Whether there are enough transitions from there to go by']]);
END
$$;
COMMENT ON FUNCTION workspace_create_journey(name) IS
'Internal to attach_touchpoints(): Makes the view journey of a workspace.';

CREATE FUNCTION workspace_create_journey_absorption(workspace name) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    -- The equations take the cube of the number of touchpoints: beyond 300 the rare ones are one.
    PERFORM @extschema@.workspace_create_view(workspace, 'journey_absorption', format($view$
        WITH step AS MATERIALIZED (SELECT j.from_touchpoint, j.to_touchpoint, j.transitions FROM %1$I.journey j),
        named AS (
            SELECT g.touchpoint, CASE WHEN g.is_place AND row_number() OVER (PARTITION BY g.is_place ORDER BY g.transitions DESC, g.touchpoint) > 300
                    THEN 'other touchpoints' ELSE g.touchpoint END AS name
            FROM (SELECT j.to_touchpoint AS touchpoint, sum(j.transitions) AS transitions, j.to_touchpoint NOT IN ('PURCHASE', 'END') AS is_place
                FROM step j GROUP BY j.to_touchpoint
                UNION ALL SELECT 'START'::text AS touchpoint, 0::numeric AS transitions, false AS is_place) g
        ), counted AS (
            SELECT array_agg(t.from_name) AS from_names, array_agg(t.to_name) AS to_names, array_agg(t.transitions) AS transitions,
                sum(t.transitions) FILTER (WHERE t.to_name = 'PURCHASE' AND t.from_name <> 'START') AS purchases
            FROM (
                SELECT f.name AS from_name, n.name AS to_name, sum(j.transitions)::bigint AS transitions
                FROM step j
                JOIN named f ON f.touchpoint = j.from_touchpoint
                JOIN named n ON n.touchpoint = j.to_touchpoint
                GROUP BY f.name, n.name) t
        )
        SELECT a.state AS touchpoint, a.transitions, a.probability AS purchase_probability, a.lower, a.upper, a.expected_steps,
            a.removal_effect, a.removal_share AS attribution_share,
            (a.removal_share * coalesce(c.purchases, 0)::double precision) AS attributed_purchases, a.transitions >= s.enough AS enough
        FROM counted c
        CROSS JOIN (SELECT x.* FROM %1$I.applied_settings x LIMIT 1) s
        CROSS JOIN LATERAL %2$s.absorption(c.from_names, c.to_names, c.transitions, 'PURCHASE', 'START', 0.95) a
        $view$, workspace, '@extschema@'),
        'How likely a purchase is from each touchpoint on, whatever comes in between: exact for the shares in journey, each step by itself',
        ARRAY[['touchpoint', 'The touchpoint; START is the journey as a whole. Beyond the 300 most frequent the others are one'],
              ['transitions', 'Number of times that customers went on from it or stayed away'],
              ['purchase_probability', 'Probability that the journey ends with a purchase, 0 to 1'],
              ['lower', 'Lower bound of its 95 % interval, taking transitions as independent'],
              ['upper', 'Upper bound'],
              ['expected_steps', 'Expected number of steps until the journey ends, with a purchase or without'],
              ['removal_effect', 'Share of the purchases that would be missing if whoever comes to the touchpoint were lost, 0 to 1; empty for START'],
              ['attribution_share', 'Its part in the sum of those shares, 0 to 1'],
              ['attributed_purchases', 'That part of the purchases that a touchpoint came before'],
              ['enough', 'Whether there are enough transitions to go by']]);
END
$$;
COMMENT ON FUNCTION workspace_create_journey_absorption(name) IS
'Internal to attach_touchpoints(): Makes the view journey_absorption of a workspace.';
