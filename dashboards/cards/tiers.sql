-- title: Customers by tier
-- note: By the table tiers; base is who is in none
-- chart: row
-- columns: Position number, Tier text, Customers number, Revenue number, Discount cost number
SELECT t.position AS "Position", t.tier AS "Tier", t.customers AS "Customers", round(t.window_revenue) AS "Revenue", round(t.discount_cost) AS "Discount cost"
FROM workspace.tier_summary t
ORDER BY t.position
