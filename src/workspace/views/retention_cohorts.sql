-- What a cohort brought is read from its customers' histories together, and the whole is put together from the cohorts.
CREATE VIEW workspace.retention_cohorts AS
WITH cohort AS MATERIALIZED (
    SELECT clientele.period_start(clientele.first_order(h.history), s.period) AS cohort_start, clientele.rollup(h.history) AS history,
        clientele.retention_curve(h.history, s.period, r.as_of) AS curve, min(r.as_of) AS as_of, min(s.enough) AS enough, _clientele.period_step(s.period) AS step
    FROM workspace.reporting_date r
    CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
    CROSS JOIN workspace.customer_history h
    WHERE clientele.first_order(h.history, r.as_of) >= r.first_period
    GROUP BY cohort_start, s.period
)
SELECT p.cohort_start, p.cohort_label, p.customers, p.period_number, p.period_start, p.complete, p.eligible, p.retained,
    p.rate, p.lower, p.upper, p.retained_on_or_after, p.rate_on_or_after, p.lower_on_or_after, p.upper_on_or_after,
    coalesce(r.revenue, 0.00) AS revenue,
    (coalesce(r.revenue, 0) / nullif(p.customers, 0))::double precision AS revenue_per_customer,
    coalesce(r.so_far, 0.00) AS cumulative_revenue,
    (coalesce(r.so_far, 0) / nullif(p.customers, 0))::double precision AS cumulative_revenue_per_customer,
    p.customers >= c.enough AS enough
FROM (SELECT clientele.rollup(k.curve) AS curve, min(k.enough) AS enough FROM cohort k) c
CROSS JOIN LATERAL clientele.retention_cohorts(c.curve, 0.95::double precision) p
LEFT JOIN cohort e ON e.cohort_start = p.cohort_start
CROSS JOIN LATERAL (SELECT least((p.period_start + e.step)::date, e.as_of) AS until) u
CROSS JOIN LATERAL (
    SELECT clientele.revenue(e.history, p.period_start, u.until) AS revenue, clientele.revenue(e.history, p.cohort_start, u.until) AS so_far) r;
COMMENT ON VIEW workspace.retention_cohorts IS 'Retention by cohort, the period of the first purchase, with what each cohort brought. The period under way is there and not complete';
COMMENT ON COLUMN workspace.retention_cohorts.customers IS 'Number of customers in the cohort';
COMMENT ON COLUMN workspace.retention_cohorts.complete IS 'Whether the period is complete; else its rates are empty and its revenue is as far as it has come';
COMMENT ON COLUMN workspace.retention_cohorts.revenue IS 'Revenue from the cohort in the period';
