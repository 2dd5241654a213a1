-- title: At risk
-- note: Silent for longer than their usual gap, the most valuable first
-- chart: table
-- columns: Position number, Customer text, Contact text, Class text, Last bought date, Silent days number, Usual gap number, Last year number
SELECT a.position AS "Position", coalesce(a.customer_name, a.customer::text) AS "Customer", a.contact AS "Contact", a.cell AS "Class", a.last_order AS "Last bought",
    a.days_since_last AS "Silent days", round(a.usual_gap::numeric) AS "Usual gap", round(a.last_year_revenue) AS "Last year"
FROM workspace.at_risk a
ORDER BY a.position
LIMIT 100
