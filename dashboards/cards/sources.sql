-- title: Value of a customer by source
-- note: Revenue per customer, of sources with enough of them
-- chart: row
-- columns: Position number, Source text, Value number, Customers number
SELECT s.position AS "Position", s.source AS "Source", round(s.value_per_customer::numeric) AS "Value", s.customers AS "Customers"
FROM workspace.sources s
WHERE s.enough
ORDER BY s.position
LIMIT 12
