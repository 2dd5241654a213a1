-- Segments are counted by cell, so that a million customers need no join.
CREATE VIEW workspace.rfm_segments AS
WITH segment AS (
    SELECT coalesce(g.segment, 'other') AS segment, sum(c.customers)::bigint AS customers, sum(c.revenue) AS revenue,
        sum(c.purchases) AS purchases, sum(c.days_since_last) AS days_since_last, sum(c.at_risk)::bigint AS at_risk
    FROM (
        SELECT m.recency_score, m.frequency_score, m.monetary_score, count(*) AS customers, sum(m.revenue) AS revenue,
            sum(m.purchases) AS purchases, sum(m.days_since_last) AS days_since_last,
            count(*) FILTER (WHERE m.at_risk) AS at_risk
        FROM workspace.customer_classes m
        GROUP BY m.recency_score, m.frequency_score, m.monetary_score) c
    LEFT JOIN workspace.rfm_cells g USING (recency_score, frequency_score, monetary_score)
    GROUP BY coalesce(g.segment, 'other')
)
SELECT coalesce(v."position", 2147483647) AS "position", coalesce(v.segment, c.segment) AS segment,
    coalesce(c.customers, 0) AS customers,
    100 * coalesce(c.customers, 0)::double precision / nullif(sum(c.customers) OVER (), 0)::double precision AS pct_of_customers,
    coalesce(c.revenue, 0.00) AS revenue,
    CASE WHEN sum(c.revenue) OVER () > 0
        THEN (100 * coalesce(c.revenue, 0) / sum(c.revenue) OVER ())::double precision END AS pct_of_revenue,
    (c.revenue / c.customers)::double precision AS average_revenue,
    (c.purchases / c.customers)::double precision AS average_purchases,
    (c.days_since_last::numeric / c.customers)::double precision AS average_days_since_last,
    coalesce(c.at_risk, 0) AS at_risk,
    v.advice,
    coalesce(c.customers, 0) >= s.enough AS enough
FROM (SELECT DISTINCT ON (g.segment) g."position", g.segment, g.advice
      FROM workspace.segments g ORDER BY g.segment, g."position") v
FULL JOIN segment c ON c.segment = v.segment
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
ORDER BY "position";
COMMENT ON VIEW workspace.rfm_segments IS 'Segments by RFM scores, as the table segments has them, and other for customers whom none of its rows matches';
COMMENT ON COLUMN workspace.rfm_segments."position" IS 'Order in which to show the segments';
COMMENT ON COLUMN workspace.rfm_segments.revenue IS 'Revenue of their whole life';
COMMENT ON COLUMN workspace.rfm_segments.average_days_since_last IS 'Mean number of days since the last order';
COMMENT ON COLUMN workspace.rfm_segments.at_risk IS 'Number of customers at risk';
COMMENT ON COLUMN workspace.rfm_segments.advice IS 'What to do with them, from the table segments';
