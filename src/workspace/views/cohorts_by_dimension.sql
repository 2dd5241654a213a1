-- What a cohort brought is read from its customers' histories together, and the cohorts of a value are put together
-- from what is grouped already. OFFSET 0 makes columns of one relation of what is grouped, of which the planner
-- expects a tenth as many groups as rows; else it multiplies, and expects millions of cohorts.
CREATE VIEW workspace.cohorts_by_dimension AS
WITH cohort AS MATERIALIZED (
    SELECT h.dimension, h.value, h.cohort_start, clientele.rollup(h.history) FILTER (WHERE h.dimension IS NOT NULL) AS history,
        clientele.retention_curve(h.history, h.period, h.as_of) FILTER (WHERE h.dimension IS NOT NULL) AS curve,
        min(h.as_of) AS as_of, min(h.enough) AS enough, min(h.step) AS step
    FROM (
        SELECT d.dimension, d.value, clientele.period_start(clientele.first_order(c.history), s.period) AS cohort_start, c.history,
            s.period, _clientele.period_step(s.period) AS step, s.enough, r.as_of
        FROM workspace.customer_dimensions d
        FULL JOIN (SELECT DISTINCT ON (x.customer) x.customer, x.history FROM workspace.customer_history x) c ON c.customer = d.customer
        CROSS JOIN workspace.reporting_date r
        CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
        WHERE coalesce(clientele.first_order(c.history, r.as_of), date '-infinity') >= r.first_period
        OFFSET 0) h
    GROUP BY h.dimension, h.value, h.cohort_start
)
SELECT c.dimension, c.value, p.cohort_start, p.cohort_label, p.customers, p.period_number, p.period_start, p.complete,
    p.eligible, p.retained, p.rate, p.lower, p.upper, p.retained_on_or_after, p.rate_on_or_after, p.lower_on_or_after,
    p.upper_on_or_after, coalesce(r.revenue, 0.00) AS revenue,
    coalesce(r.so_far, 0.00) AS cumulative_revenue,
    (coalesce(r.so_far, 0) / nullif(p.customers, 0))::double precision AS cumulative_revenue_per_customer,
    p.customers >= c.enough AS enough
FROM (
    SELECT k.dimension, k.value, clientele.rollup(k.curve) AS curve, min(k.enough) AS enough
    FROM cohort k
    WHERE k.dimension IS NOT NULL
    GROUP BY k.dimension, k.value
) c
CROSS JOIN LATERAL clientele.retention_cohorts(c.curve, 0.95::double precision) p
LEFT JOIN cohort e ON e.dimension = c.dimension AND e.value = c.value AND e.cohort_start = p.cohort_start
CROSS JOIN LATERAL (SELECT least((p.period_start + e.step)::date, e.as_of) AS until) u
CROSS JOIN LATERAL (
    SELECT clientele.revenue(e.history, p.period_start, u.until) AS revenue, clientele.revenue(e.history, p.cohort_start, u.until) AS so_far) r;
COMMENT ON VIEW workspace.cohorts_by_dimension IS 'retention_cohorts by where customers came from, what they bought first, and the columns of the table of customers';
COMMENT ON COLUMN workspace.cohorts_by_dimension.customers IS 'Number of customers in the cohort';
COMMENT ON COLUMN workspace.cohorts_by_dimension.complete IS 'Whether the period is complete; else its rates are empty and its revenue is as far as it has come';
COMMENT ON COLUMN workspace.cohorts_by_dimension.revenue IS 'Revenue from the cohort in the period';
