-- title: From one order to the next
-- note: Share of customers who went on to their second, third … order
-- chart: bar
-- columns: Purchase number, Share percent
SELECT r.purchase_number + 1 AS "Purchase", r.rate AS "Share"
FROM workspace.repeat_purchase r
WHERE r.enough AND r.purchase_number <= 8
ORDER BY r.purchase_number
