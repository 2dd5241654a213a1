-- title: Who waits for a word
-- note: The most valuable first
-- chart: table
-- columns: Position number, Customer text, Contact text, Day date, Score number, Comment text, Owner text, Last year number
-- belongs to: answers
SELECT f.position AS "Position", coalesce(f.customer_name, f.customer::text) AS "Customer", f.contact AS "Contact", f.day AS "Day", f.score AS "Score", f.comment AS "Comment",
    f.owner AS "Owner", round(f.last_year_revenue) AS "Last year"
FROM workspace.feedback_inbox f
ORDER BY f.position
LIMIT 100
