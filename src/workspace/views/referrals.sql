-- Put together and grouped, and joined in full, nothing is ever a loop over all customers for each of them. DISTINCT tells
-- the planner that they are one row each (see first_purchase).
CREATE VIEW workspace.referrals AS
WITH history AS MATERIALIZED (
    SELECT DISTINCT ON (h.customer) h.customer, clientele.first_order(h.history, r.as_of) AS first_order, clientele.revenue(h.history, r.as_of) AS revenue
    FROM workspace.reporting_date r
    CROSS JOIN workspace.customer_history h
    WHERE (SELECT coalesce(a.columns->>'referrer', '') <> '' FROM workspace.attached a WHERE a.relation_role = 'customers') AND clientele.first_order(h.history, r.as_of) IS NOT NULL
)
SELECT row_number() OVER (ORDER BY g.referred_revenue DESC, g.referred_customers DESC, g.customer) AS "position",
    g.customer, g.referred_customers, g.referred_revenue,
    (g.referred_revenue / g.referred_customers)::double precision AS referred_value_per_customer,
    g.first_referred, g.last_referred, g.revenue, g.revenue + g.referred_revenue AS revenue_with_referred, d.customer_name, d.contact
FROM (
    SELECT u.customer, count(u.referred_on) AS referred_customers, sum(u.referred_revenue) AS referred_revenue,
        min(u.referred_on) AS first_referred, max(u.referred_on) AS last_referred, max(u.revenue) AS revenue
    FROM (
        SELECT f.referrer AS customer, h.first_order AS referred_on, h.revenue AS referred_revenue, NULL::numeric AS revenue
        FROM workspace.customer_referrers f FULL JOIN history h ON h.customer = f.customer
        UNION ALL
        SELECT h.customer, NULL::date AS referred_on, NULL::numeric AS referred_revenue, h.revenue FROM history h) u
    GROUP BY u.customer
    HAVING count(u.referred_on) > 0 AND count(u.revenue) > 0) g
LEFT JOIN workspace.customer_details d ON d.customer = g.customer;
COMMENT ON VIEW workspace.referrals IS 'Customers who brought others, those first whose referrals brought most; where attach_customers() was told of a column with the referrer';
COMMENT ON COLUMN workspace.referrals."position" IS 'Order by what the referred customers brought';
COMMENT ON COLUMN workspace.referrals.customer IS 'The customer who brought others';
COMMENT ON COLUMN workspace.referrals.referred_customers IS 'Number of customers with an order whom they brought';
COMMENT ON COLUMN workspace.referrals.referred_revenue IS 'Revenue of those customers'' whole life';
COMMENT ON COLUMN workspace.referrals.first_referred IS 'Day of the first order of the first of them';
COMMENT ON COLUMN workspace.referrals.last_referred IS 'Day of the first order of the last of them';
COMMENT ON COLUMN workspace.referrals.revenue IS 'The referring customer''s own revenue';
COMMENT ON COLUMN workspace.referrals.revenue_with_referred IS 'Both together: what keeping this customer is about';
