-- title: Where customers stand
-- note: Customers by stage of the lifecycle
-- chart: row
-- columns: Position number, Stage text, Customers number
SELECT l.position AS "Position", l.stage AS "Stage", l.customers AS "Customers"
FROM workspace.lifecycle_summary l
ORDER BY l.position
