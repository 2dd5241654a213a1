-- Without tiers no history is read.
CREATE VIEW workspace.tier_summary AS
WITH ladder AS MATERIALIZED (
    SELECT l.tiers, l.discounts, l.rules FROM workspace.tier_ladder l WHERE l.policy = 'current'
), tally AS MATERIALIZED (
    SELECT x.to_place, x.customers, x.held, x.orders, x.window_revenue, x.revenue
    FROM (
        SELECT _clientele.tier_tally(h.history, NULL::clientele.purchase_history, (SELECT l.rules FROM ladder l), (r.as_of - interval '1 year')::date, r.as_of) AS tally
        FROM workspace.reporting_date r
        CROSS JOIN workspace.customer_history h
        WHERE (SELECT count(*) FROM ladder l) > 0) a
    CROSS JOIN LATERAL _clientele.tier_tally_rows(a.tally) x
)
SELECT n.n AS "position", n.tier, t.threshold, d.discount, t.benefits,
    coalesce(x.customers, 0) AS customers,
    100 * coalesce(x.customers, 0)::double precision / nullif(sum(x.customers) OVER (), 0)::double precision AS pct_of_customers,
    coalesce(x.held, 0) AS held_customers,
    coalesce(x.window_revenue, 0.00) AS window_revenue,
    CASE WHEN sum(x.window_revenue) OVER () > 0
        THEN (100 * coalesce(x.window_revenue, 0) / sum(x.window_revenue) OVER ())::double precision END AS pct_of_window_revenue,
    round(x.window_revenue / nullif(x.customers, 0), 2) AS revenue_per_customer,
    coalesce(x.orders, 0) AS orders, coalesce(x.revenue, 0.00) AS revenue,
    round(coalesce(x.revenue, 0) * d.discount, 2) AS discount_cost,
    coalesce(x.customers, 0) >= s.enough AS enough
FROM ladder l
CROSS JOIN (SELECT y.enough FROM workspace.applied_settings y LIMIT 1) s
CROSS JOIN LATERAL unnest(l.tiers) WITH ORDINALITY n(tier, n)
CROSS JOIN LATERAL (SELECT l.discounts[n.n] AS discount) d
LEFT JOIN tally x ON x.to_place = n.n - 1
LEFT JOIN workspace.tiers t ON t.policy = 'current' AND t.tier = n.tier
ORDER BY n.n;
COMMENT ON VIEW workspace.tier_summary IS 'Customers by tier of the programme, those in none first, and what its discounts take off: a row for base and each tier';
COMMENT ON COLUMN workspace.tier_summary."position" IS 'Order in which to show the tiers';
COMMENT ON COLUMN workspace.tier_summary.window_revenue IS 'Their revenue within the window that counts towards tiers';
COMMENT ON COLUMN workspace.tier_summary.pct_of_window_revenue IS 'Its share of the whole, 0 to 100';
COMMENT ON COLUMN workspace.tier_summary.revenue_per_customer IS 'The same per customer';
COMMENT ON COLUMN workspace.tier_summary.orders IS 'Number of orders of the last year by customers who were in the tier on the day';
COMMENT ON COLUMN workspace.tier_summary.revenue IS 'What was sold with them, returns left out';
