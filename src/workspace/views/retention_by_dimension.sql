CREATE VIEW workspace.retention_by_dimension AS
SELECT c.dimension, c.value, c.customers, p.period_number, p.eligible, p.retained, p.rate, p.lower, p.upper,
    p.retained_on_or_after, p.rate_on_or_after, p.lower_on_or_after, p.upper_on_or_after, true AS complete,
    p.eligible >= c.enough AS enough
FROM (
    SELECT d.dimension, d.value, count(clientele.first_order(h.history, r.as_of)) AS customers, min(s.enough) AS enough,
        clientele.retention_curve(h.history, s.period, r.as_of) AS curve
    FROM workspace.customer_dimensions d
    FULL JOIN (SELECT DISTINCT ON (x.customer) x.customer, x.history FROM workspace.customer_history x) h ON h.customer = d.customer
    CROSS JOIN workspace.reporting_date r
    CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
    WHERE coalesce(clientele.first_order(h.history, r.as_of), date 'infinity') >= r.first_period
    GROUP BY d.dimension, d.value) c
CROSS JOIN LATERAL clientele.retention_points(c.curve, 0.95::double precision) p
WHERE c.dimension IS NOT NULL;
COMMENT ON VIEW workspace.retention_by_dimension IS 'The retention curve by where customers came from and what they bought first';
