-- title: Revenue by segment
-- note: By recency, frequency and money
-- chart: row
-- columns: Position number, Segment text, Revenue number, Customers number
SELECT r.position AS "Position", r.segment AS "Segment", round(r.revenue) AS "Revenue", r.customers AS "Customers"
FROM workspace.rfm_segments r
WHERE r.customers > 0
ORDER BY r.position
