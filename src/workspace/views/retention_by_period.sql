CREATE VIEW workspace.retention_by_period AS
SELECT p.period_number, p.eligible, p.retained, p.rate, p.lower, p.upper, p.retained_on_or_after, p.rate_on_or_after,
    p.lower_on_or_after, p.upper_on_or_after, p.follow_up, true AS complete, p.eligible >= c.enough AS enough
FROM (
    SELECT clientele.retention_curve(h.history, s.period, r.as_of) AS curve, min(s.enough) AS enough
    FROM workspace.reporting_date r
    CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
    CROSS JOIN workspace.customer_history h
    WHERE clientele.first_order(h.history, r.as_of) >= r.first_period
) c
CROSS JOIN LATERAL clientele.retention_points(c.curve, 0.95::double precision) p;
COMMENT ON VIEW workspace.retention_by_period IS 'The retention curve: how many customers bought in each period after their first one. Young customers count only where their period is complete';
COMMENT ON COLUMN workspace.retention_by_period.follow_up IS 'Mean number of complete periods the customers had for coming back on or after: compare only what had as many';
