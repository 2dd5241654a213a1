-- stored by: funnel_name, source, entry_period, customer_kind, step_number
-- belongs to: touchpoints
CREATE VIEW workspace.funnel_steps AS
SELECT k.*, (k.entry_period + _clientele.period_step(s.period) + s.funnel_within) <= r.as_of AS complete
FROM (
    WITH pass AS MATERIALIZED (SELECT p.funnel_name, p.source, p.entry_period, p.customer_kind, p.step_number, p.hours, p.outcome, p.reason FROM workspace.funnel_passes p),
    counted AS MATERIALIZED (
        SELECT p.funnel_name, p.source, p.entry_period, p.customer_kind, p.step_number, count(*) AS reached, percentile_cont(0.5) WITHIN GROUP (ORDER BY p.hours) AS median_hours,
            count(*) FILTER (WHERE p.outcome = 'lost') AS lost, count(*) FILTER (WHERE p.outcome = 'open') AS still_open,
            count(*) FILTER (WHERE p.outcome = 'skipped') AS skipped
        FROM pass p
        GROUP BY p.funnel_name, p.source, p.entry_period, p.customer_kind, p.step_number
    ), reason AS (
        SELECT DISTINCT ON (p.funnel_name, p.source, p.entry_period, p.customer_kind, p.step_number) p.funnel_name, p.source, p.entry_period, p.customer_kind, p.step_number, p.reason, count(*) AS passes
        FROM pass p
        WHERE p.outcome = 'lost' AND p.reason IS NOT NULL
        GROUP BY p.funnel_name, p.source, p.entry_period, p.customer_kind, p.step_number, p.reason
        ORDER BY p.funnel_name, p.source, p.entry_period, p.customer_kind, p.step_number, count(*) DESC, p.reason
    ), filled AS (
        SELECT p.funnel_name, p.source, p.entry_period, p.customer_kind, g.step AS step_number, g.touchpoint, p.reached AS first_reached, coalesce(c.reached, 0) AS reached,
            c.median_hours, coalesce(c.lost, 0) AS lost, coalesce(c.still_open, 0) AS still_open, coalesce(c.skipped, 0) AS skipped
        FROM counted p
        JOIN (SELECT f.funnel_name, f.step, string_agg(f.touchpoint, ' / ' ORDER BY f.touchpoint) AS touchpoint
            FROM (
                SELECT g.funnel_name, g.touchpoint, g.step, g.step = max(g.step) OVER (PARTITION BY g.funnel_name) AS is_last
                FROM (SELECT f.funnel_name, f.touchpoint, dense_rank() OVER (PARTITION BY f.funnel_name ORDER BY f.step_number)::integer AS step
                    FROM workspace.funnel_stages f) g
            ) f GROUP BY f.funnel_name, f.step) g ON g.funnel_name = p.funnel_name
        LEFT JOIN counted c ON ROW(c.funnel_name, c.source, c.entry_period, c.customer_kind, c.step_number) = ROW(p.funnel_name, p.source, p.entry_period, p.customer_kind, g.step)
        WHERE p.step_number = 1
    )
    SELECT p.funnel_name, p.source, p.entry_period, p.customer_kind, p.step_number, p.touchpoint, p.reached,
        CASE p.step_number WHEN 1 THEN 100 ELSE 100 * f.estimate END::double precision AS pct_of_first,
        CASE p.step_number WHEN 1 THEN 100 ELSE 100 * f.lower END::double precision AS pct_of_first_lower,
        CASE p.step_number WHEN 1 THEN 100 ELSE 100 * f.upper END::double precision AS pct_of_first_upper,
        100 * i.estimate AS pct_of_previous, 100 * i.lower AS pct_of_previous_lower, 100 * i.upper AS pct_of_previous_upper,
        p.median_hours, p.lost, p.still_open, p.skipped, r.reason AS top_reason, coalesce(r.passes, 0) AS top_reason_passes,
        coalesce(p.previous_reached, p.reached) >= s.enough AS enough
    FROM (
        SELECT l.*, lag(l.reached) OVER (PARTITION BY l.funnel_name, l.source, l.entry_period, l.customer_kind ORDER BY l.step_number) AS previous_reached FROM filled l) p
    LEFT JOIN reason r ON ROW(r.funnel_name, r.source, r.entry_period, r.customer_kind, r.step_number) = ROW(p.funnel_name, p.source, p.entry_period, p.customer_kind, p.step_number)
    CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
    CROSS JOIN LATERAL clientele.wilson_interval(p.reached, p.first_reached, 0.95::double precision) f
    CROSS JOIN LATERAL clientele.wilson_interval(p.reached, p.previous_reached, 0.95::double precision) i
) k
CROSS JOIN workspace.reporting_date r
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s;
COMMENT ON VIEW workspace.funnel_steps IS 'How far customers come in each funnel, by source and period of entry, new and existing customers apart. The rows of a step add up to that of funnel_summary';
COMMENT ON COLUMN workspace.funnel_steps.touchpoint IS 'The touchpoint of the step, PURCHASE for an order; several are separated by slashes';
COMMENT ON COLUMN workspace.funnel_steps.enough IS 'Whether enough passes reached the step before to go by';
COMMENT ON COLUMN workspace.funnel_steps.complete IS 'Whether everybody who entered in that period has had the time to come to the end';
