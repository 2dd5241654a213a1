-- title: Can these figures be trusted?
-- note: Rows that are counted, and why others are not
-- chart: table
-- columns: Position number, Rows number, Reason text, Revenue number
SELECT q.position AS "Position", q.order_rows AS "Rows", q.description AS "Reason", round(q.revenue) AS "Revenue"
FROM workspace.data_quality q
WHERE q.order_rows > 0
ORDER BY q.position
