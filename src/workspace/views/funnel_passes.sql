-- Steps are joined instead of unnested: of those the planner knows how many there are. Named once with WITH, events are read as if they
-- were not, but a distributed engine, which joins nothing small with a union, can fetch them first.
-- stored by: customer, funnel_name, pass_number, step_number
-- belongs to: touchpoints
CREATE VIEW workspace.funnel_passes AS
SELECT p.funnel_name, p.customer, p.pass_number, p.source,
    clientele.period_start(p.times[1], s.period, s.time_zone) AS entry_period,
    CASE WHEN p.first_order_at < p.times[1] THEN 'existing' ELSE 'new' END AS customer_kind,
    v.step_number, p.times[v.step_number] AS reached_at,
    extract(epoch FROM p.times[v.step_number] - p.times[v.step_number - 1])::double precision / 3600 AS hours,
    v.step_number = cardinality(p.times) AS is_deepest,
    -- Whoever came to the last step is not lost, and whose time is not over may go on.
    CASE WHEN v.step_number < cardinality(p.times) THEN 'went on' WHEN v.step_number = p.steps THEN 'arrived'
        WHEN (p.ended_at AT TIME ZONE s.time_zone) <= (p.times[1] AT TIME ZONE s.time_zone) + s.funnel_within THEN 'skipped'
        WHEN (p.times[1] AT TIME ZONE s.time_zone) + s.funnel_within < r.as_of THEN 'lost' ELSE 'open' END AS outcome,
    CASE WHEN v.step_number = cardinality(p.times) AND v.step_number < p.steps THEN p.reason END AS reason
FROM (
    SELECT t.funnel_name, t.customer, t.pass_number,
        clientele.funnel_times(t.happened_at, t.step, w.funnel_within, w.time_zone) AS times,
        coalesce(max(t.known_source) FILTER (WHERE t.source_place = 1), 'unknown') AS source,
        max(t.known_reason) FILTER (WHERE t.reason_place = 1) AS reason,
        min(t.first_order_at) AS first_order_at, min(t.steps) AS steps,
        min(t.happened_at) FILTER (WHERE t.is_last) AS ended_at
    FROM (
        SELECT e.*, row_number() OVER (PARTITION BY e.funnel_name, e.customer, e.pass_number
                ORDER BY e.known_source IS NULL, e.happened_at, e.step, e.known_source) AS source_place,
            row_number() OVER (PARTITION BY e.funnel_name, e.customer, e.pass_number
                ORDER BY e.known_reason IS NULL, e.happened_at DESC, e.step DESC, e.known_reason) AS reason_place
        FROM (
            SELECT t.funnel_name, t.steps, t.customer, t.happened_at, t.step, t.is_last,
                CASE WHEN t.step IS NOT NULL THEN nullif(t.source, '') END AS known_source, nullif(t.reason, '') AS known_reason,
                count(*) FILTER (WHERE t.is_last) OVER (PARTITION BY t.funnel_name, t.customer ORDER BY t.happened_at, t.step NULLS LAST, t.order_number, t.touchpoint, t.source, t.reason
                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) + 1 AS pass_number,
                min(t.happened_at) FILTER (WHERE t.order_number = 1) OVER (PARTITION BY t.funnel_name, t.customer) AS first_order_at
            FROM (
                WITH event AS (SELECT e.customer, e.happened_at, e.touchpoint, e.source, e.reason, e.order_number FROM workspace.touchpoint_events e)
                SELECT n.funnel_name, n.steps, e.customer, e.happened_at, e.touchpoint, e.source, e.reason, e.order_number, g.step, coalesce(g.is_last, false) AS is_last
                FROM event e
                CROSS JOIN (SELECT f.funnel_name, count(DISTINCT f.step_number) AS steps FROM workspace.funnel_stages f GROUP BY f.funnel_name) n
                LEFT JOIN (
                    SELECT g.funnel_name, g.touchpoint, g.step, g.step = max(g.step) OVER (PARTITION BY g.funnel_name) AS is_last
                    FROM (SELECT f.funnel_name, f.touchpoint, dense_rank() OVER (PARTITION BY f.funnel_name ORDER BY f.step_number)::integer AS step
                        FROM workspace.funnel_stages f) g
                ) g ON g.funnel_name = n.funnel_name AND g.touchpoint = e.touchpoint
                WHERE g.step IS NOT NULL OR e.reason IS NOT NULL OR e.order_number = 1) t
        ) e) t
    CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) w
    GROUP BY t.funnel_name, t.customer, t.pass_number) p
CROSS JOIN workspace.reporting_date r
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
JOIN (
    SELECT DISTINCT f.funnel_name, dense_rank() OVER (PARTITION BY f.funnel_name ORDER BY f.step_number)::integer AS step_number
    FROM workspace.funnel_stages f) v ON v.funnel_name = p.funnel_name AND v.step_number <= cardinality(p.times);
COMMENT ON VIEW workspace.funnel_passes IS 'Each step that a customer reached in a pass through a funnel: the longest chain of steps in order, within the time of settings.funnel_within. The last step ends a pass';
COMMENT ON COLUMN workspace.funnel_passes.customer IS 'The customer, as in the orders; some may not have ordered yet';
COMMENT ON COLUMN workspace.funnel_passes.pass_number IS '1 for the customer''s first pass; not all have an entry';
COMMENT ON COLUMN workspace.funnel_passes.step_number IS 'The step';
COMMENT ON COLUMN workspace.funnel_passes.reached_at IS 'When it was reached';
COMMENT ON COLUMN workspace.funnel_passes.hours IS 'Hours since the step before; empty for step 1';
COMMENT ON COLUMN workspace.funnel_passes.is_deepest IS 'Whether the pass came no further';
COMMENT ON COLUMN workspace.funnel_passes.outcome IS 'went on, arrived (at the last step), skipped (came to the last step without all before it), open (there is time left) or lost';
COMMENT ON COLUMN workspace.funnel_passes.reason IS 'Last known reason in a pass that came no further';
