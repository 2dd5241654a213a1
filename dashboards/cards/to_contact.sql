-- title: Whom to turn to
-- note: How many are on each list, what they brought in their last year of buying, and what to do
-- chart: table
-- columns: Position number, List text, Customers number, Last year number, Advice text
SELECT l.position AS "Position", l.list AS "List", count(l.customer) AS "Customers", round(sum(l.last_year_revenue)) AS "Last year", max(l.approach) AS "Advice"
FROM (
    SELECT 1 AS position, 'At risk' AS list, a.customer::text AS customer, a.last_year_revenue, a.approach FROM workspace.at_risk a
    UNION ALL SELECT 2, 'Win back', w.customer::text, w.last_year_revenue, w.approach FROM workspace.win_back w WHERE w.enough
    UNION ALL SELECT 3, 'Second order due', s.customer::text, s.last_year_revenue, s.approach FROM workspace.second_order_due s
) l
GROUP BY l.position, l.list
ORDER BY l.position
