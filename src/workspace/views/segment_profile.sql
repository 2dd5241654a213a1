-- Both sides of the full join have the same customers, once each, and it is never a loop over all of them for each, however few the
-- planner expects.
CREATE VIEW workspace.segment_profile AS
WITH member AS MATERIALIZED (
    SELECT c.customer, c.as_of, c.orders, c.purchases, c.revenue, c.returns, c.gap_days,
        CASE WHEN c.purchases = 1 THEN 1 WHEN c.stage = 'regular' THEN 3 ELSE 2 END AS segment
    FROM workspace.customer_classes c
), counted AS MATERIALIZED (
    SELECT x.segment, t.customers, t.orders, CASE t.dimension WHEN 'category' THEN t.value END AS category, CASE t.dimension WHEN 'source' THEN t.value END AS source
    FROM (
        SELECT m.segment, _clientele.preference_tallies(o.preferences, m.as_of) AS tallies
        FROM workspace.customer_orders o
        FULL JOIN member m ON m.customer = o.customer
        GROUP BY m.segment) x
    CROSS JOIN LATERAL unnest(x.tallies) t
    WHERE (SELECT coalesce(a.columns->>'category', '') <> '' OR coalesce(a.columns->>'source', '') <> '' FROM workspace.attached a WHERE a.relation_role = 'orders')
)
SELECT v."position", v.segment, coalesce(m.customers, 0) AS customers,
    100 * coalesce(m.customers, 0)::double precision / nullif(sum(m.customers) OVER (), 0)::double precision AS pct_of_customers,
    coalesce(m.orders, 0) AS orders,
    coalesce(m.revenue, 0.00) AS revenue,
    CASE WHEN sum(m.revenue) OVER () > 0
        THEN (100 * coalesce(m.revenue, 0) / sum(m.revenue) OVER ())::double precision END AS pct_of_revenue,
    (m.revenue / m.orders)::double precision AS average_order,
    (m.revenue / m.customers)::double precision AS average_revenue,
    (m.purchases / m.customers)::double precision AS average_purchases,
    m.gap_days,
    coalesce(m.returns, 0) AS returns,
    100 * m.returns::double precision / (m.orders + m.returns)::double precision AS pct_returns,
    p.categories::double precision / m.customers AS categories_per_customer,
    c.category AS top_category, 100 * c.orders::double precision / p.category_orders::double precision AS pct_of_orders_top_category,
    o.source AS top_source, 100 * o.orders::double precision / p.source_orders::double precision AS pct_of_orders_top_source,
    coalesce(m.customers, 0) >= s.enough AS enough
FROM (VALUES (1, 'one_time'), (2, 'occasional'), (3, 'regular')) v("position", segment)
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
LEFT JOIN (
    SELECT x.segment, count(*) AS customers, sum(x.orders)::bigint AS orders, sum(x.purchases) AS purchases,
        sum(x.revenue) AS revenue, sum(x.returns)::bigint AS returns,
        percentile_cont(0.5) WITHIN GROUP (ORDER BY x.gap_days) AS gap_days
    FROM member x
    GROUP BY x.segment) m ON m.segment = v."position"
LEFT JOIN (
    SELECT k.segment, sum(k.customers) FILTER (WHERE k.category IS NOT NULL) AS categories,
        sum(k.orders) FILTER (WHERE k.category IS NOT NULL) AS category_orders, sum(k.orders) FILTER (WHERE k.source IS NOT NULL) AS source_orders
    FROM counted k
    GROUP BY k.segment) p ON p.segment = v."position"
LEFT JOIN LATERAL (
    SELECT k.category, k.orders FROM counted k WHERE k.segment = v."position" AND k.category IS NOT NULL ORDER BY k.orders DESC, k.category LIMIT 1) c ON true
LEFT JOIN LATERAL (
    SELECT k.source, k.orders FROM counted k WHERE k.segment = v."position" AND k.source IS NOT NULL ORDER BY k.orders DESC, k.source LIMIT 1) o ON true
ORDER BY v."position";
COMMENT ON VIEW workspace.segment_profile IS 'One-time, occasional and regular customers side by side, always three rows: one purchase ever, the others, and the stage regular';
COMMENT ON COLUMN workspace.segment_profile."position" IS 'Order in which to show the rows';
COMMENT ON COLUMN workspace.segment_profile.segment IS 'one_time, occasional or regular';
COMMENT ON COLUMN workspace.segment_profile.revenue IS 'Revenue of their whole life';
COMMENT ON COLUMN workspace.segment_profile.gap_days IS 'Usual gap in days: the median of the customers''';
COMMENT ON COLUMN workspace.segment_profile.returns IS 'Number of returns';
COMMENT ON COLUMN workspace.segment_profile.pct_returns IS 'Share of returns among orders and returns, 0 to 100';
COMMENT ON COLUMN workspace.segment_profile.categories_per_customer IS 'Mean number of categories that a customer bought from; empty where no column of it is attached';
COMMENT ON COLUMN workspace.segment_profile.top_category IS 'The category with most orders';
COMMENT ON COLUMN workspace.segment_profile.pct_of_orders_top_category IS 'Its share of the orders with a category, 0 to 100';
COMMENT ON COLUMN workspace.segment_profile.top_source IS 'The source with most orders';
COMMENT ON COLUMN workspace.segment_profile.pct_of_orders_top_source IS 'Its share of the orders with a source, 0 to 100';
