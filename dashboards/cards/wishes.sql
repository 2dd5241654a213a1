-- title: What would make it a 10
-- note: Wishes by how often they were asked for
-- chart: row
-- columns: Position number, Wish text, Asked number
-- belongs to: answers
SELECT i.position AS "Position", i.wish AS "Wish", i.asked AS "Asked"
FROM workspace.improvements i
ORDER BY i.position
LIMIT 10
