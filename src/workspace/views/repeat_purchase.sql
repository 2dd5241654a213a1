CREATE VIEW workspace.repeat_purchase AS
SELECT n.purchase_number, n.customers, n.repeated, i.estimate AS rate, i.lower, i.upper,
    (
        SELECT 1 - min(k.survival) FROM clientele.survival_points(n.waiting, 0.95::double precision) k
        WHERE n.repeated = n.customers OR k.at_risk >= least(n.enough, n.customers / 10.0)) AS rate_kaplan_meier,
    clientele.median_survival(n.waiting) AS median_days,
    n.median_days_observed,
    b.low::double precision AS benchmark_low,
    b.high::double precision AS benchmark_high,
    n.repeated = n.customers AS complete,
    n.customers >= n.enough AS enough
FROM (
    SELECT w.purchase_number, c.durations AS customers, c.ended AS repeated, w.waiting, c.median_ended AS median_days_observed,
        s.enough, s.regular_purchases
    FROM (
        SELECT clientele.repeat_survival(h.history, r.as_of, 20) AS waiting
        FROM workspace.reporting_date r
        CROSS JOIN workspace.customer_history h) a
    CROSS JOIN LATERAL unnest(a.waiting) WITH ORDINALITY w(waiting, purchase_number)
    CROSS JOIN LATERAL clientele.survival_summary(w.waiting) c
    CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
) n
CROSS JOIN LATERAL clientele.wilson_interval(n.repeated, n.customers, 0.95::double precision) i
LEFT JOIN (SELECT m.measure, min(m.low) AS low, max(m.high) AS high FROM workspace.benchmarks m GROUP BY m.measure) b
    ON b.measure = CASE WHEN n.purchase_number = 1 THEN 'repeat_rate_new'
        WHEN n.purchase_number >= n.regular_purchases THEN 'repeat_rate_loyal' END
ORDER BY n.purchase_number;
COMMENT ON VIEW workspace.repeat_purchase IS 'How likely the next purchase is after the first, the second and so on up to the twentieth, and how long it takes; days with orders are purchases';
COMMENT ON COLUMN workspace.repeat_purchase.purchase_number IS '1 is the first purchase';
COMMENT ON COLUMN workspace.repeat_purchase.customers IS 'Number of customers who made it';
COMMENT ON COLUMN workspace.repeat_purchase.repeated IS 'Number of those who bought again so far';
COMMENT ON COLUMN workspace.repeat_purchase.rate IS 'Share of those, 0 to 1: too low as long as some had no time yet';
COMMENT ON COLUMN workspace.repeat_purchase.median_days IS 'Days after which half have bought again (Kaplan-Meier); empty if fewer do';
COMMENT ON COLUMN workspace.repeat_purchase.median_days_observed IS 'Median days of those who have';
COMMENT ON COLUMN workspace.repeat_purchase.complete IS 'Whether all of them have bought again, so that nothing is open';
