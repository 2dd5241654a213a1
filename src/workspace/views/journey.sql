-- stored by: from_touchpoint, to_touchpoint
-- belongs to: touchpoints
CREATE VIEW workspace.journey AS
SELECT j.from_touchpoint, j.to_touchpoint, j.transitions, j.customers, j.transitions_from,
    i.estimate AS share, i.lower, i.upper, j.median_hours, j.transitions_from >= s.enough AS enough
FROM (
    SELECT t.from_touchpoint, t.to_touchpoint, count(*) AS transitions, count(DISTINCT t.customer) AS customers,
        sum(count(*)) OVER (PARTITION BY t.from_touchpoint)::bigint AS transitions_from,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY t.hours) AS median_hours
    FROM workspace.journey_steps t
    GROUP BY t.from_touchpoint, t.to_touchpoint) j
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
CROSS JOIN LATERAL clientele.wilson_interval(j.transitions, j.transitions_from, 0.95::double precision) i;
COMMENT ON VIEW workspace.journey IS 'How customers move between touchpoints: from each to the next, in order of time. START is before the first one and after each purchase, END where nothing followed the last one';
COMMENT ON COLUMN workspace.journey.transitions IS 'Number of times';
COMMENT ON COLUMN workspace.journey.transitions_from IS 'Number of times from there to anywhere';
COMMENT ON COLUMN workspace.journey.median_hours IS 'Median hours from one to the other; empty from START and to END';
COMMENT ON COLUMN workspace.journey.enough IS 'Whether there are enough transitions from there to go by';
