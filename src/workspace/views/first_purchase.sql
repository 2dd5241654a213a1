-- Whoever had the span to come back in is counted, and whether it was within the span. A full join is never a loop
-- over all customers for each of them, however few the planner expects; customers without a dimension drop out.
-- DISTINCT changes nothing but what the planner knows before PostgreSQL 18: of what is grouped by customer it expects
-- every 200th pair to match, which grows with the square of the customers.
CREATE VIEW workspace.first_purchase AS
SELECT f.dimension, f.value, f.customers, f.eligible, f.repeated, i.estimate AS rate, i.lower, i.upper,
    f.revenue, (f.revenue / nullif(f.customers, 0))::double precision AS average_revenue, f.eligible = f.customers AS complete,
    f.eligible >= f.enough AS enough
FROM (
    SELECT d.dimension, d.value, count(h.first_order) AS customers,
        count(*) FILTER (WHERE h.first_order + h.span <= h.as_of) AS eligible,
        count(*) FILTER (WHERE h.first_order + h.span <= h.as_of AND (h.repeat).ended AND (h.repeat).duration < h.span) AS repeated,
        sum(h.revenue) AS revenue, min(h.enough) AS enough
    FROM workspace.customer_dimensions d
    FULL JOIN (
        SELECT DISTINCT ON (c.customer) c.customer, r.as_of, s.enough, r.as_of - (r.as_of - s.lost_after)::date AS span,
            clientele.first_order(c.history, r.as_of) AS first_order, clientele.revenue(c.history, r.as_of) AS revenue,
            clientele.repeat_time(c.history, 1, r.as_of, 'days'::text) AS repeat
        FROM workspace.reporting_date r
        CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
        CROSS JOIN workspace.customer_history c) h ON h.customer = d.customer
    GROUP BY d.dimension, d.value) f
CROSS JOIN LATERAL clientele.wilson_interval(f.repeated, f.eligible, 0.95::double precision) i
WHERE f.dimension IS NOT NULL AND f.customers > 0;
COMMENT ON VIEW workspace.first_purchase IS 'How many came back within six months (lost_after), by what they bought first and where they came from';
COMMENT ON COLUMN workspace.first_purchase.eligible IS 'Number of those whose first order is at least as long ago as the span';
COMMENT ON COLUMN workspace.first_purchase.repeated IS 'Number of those who bought again within the span';
COMMENT ON COLUMN workspace.first_purchase.revenue IS 'Revenue of the customers'' whole life';
COMMENT ON COLUMN workspace.first_purchase.average_revenue IS 'By number of customers';
COMMENT ON COLUMN workspace.first_purchase.complete IS 'Whether all of them have had the span';
