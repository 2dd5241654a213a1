-- title: Value of a customer by source
-- note: Revenue per customer, of sources with enough of them
-- chart: row
-- columns: Position number, Source text, Value number, Customers number
SELECT row_number() OVER (ORDER BY s.value_per_customer DESC, s.source) AS "Position", s.source AS "Source", round(s.value_per_customer::numeric) AS "Value", s.customers AS "Customers"
FROM workspace.sources s
WHERE s.enough
ORDER BY "Position"
LIMIT 12
