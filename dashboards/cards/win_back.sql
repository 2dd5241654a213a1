-- title: Win back
-- note: Lost customers, by what is to be expected of them: what they brought, and how often others came back after such a silence
-- chart: table
-- columns: Position number, Customer text, Contact text, Last bought date, Last year number, Came back percent, Expected number
SELECT w.position AS "Position", coalesce(w.customer_name, w.customer::text) AS "Customer", w.contact AS "Contact", w.last_order AS "Last bought",
    round(w.last_year_revenue) AS "Last year", w.return_share AS "Came back", round(w.expected_value) AS "Expected"
FROM workspace.win_back w
WHERE w.enough
ORDER BY w.position
LIMIT 100
