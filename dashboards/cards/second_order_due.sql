-- title: Second order due
-- note: They came once, and others would have come again by now
-- chart: table
-- columns: Position number, Customer text, Contact text, First bought date, Days ago number, Revenue number
SELECT s.position AS "Position", coalesce(s.customer_name, s.customer::text) AS "Customer", s.contact AS "Contact", s.last_order AS "First bought",
    s.days_since_last AS "Days ago", round(s.revenue) AS "Revenue"
FROM workspace.second_order_due s
ORDER BY s.position
LIMIT 100
