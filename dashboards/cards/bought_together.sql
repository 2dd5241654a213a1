-- title: Bought together
-- note: Of the orders with the first product the share that has the second too, and how many times as many that is as among all orders
-- chart: table
-- columns: Position number, Product text, With text, Orders number, Share percent, Times number
-- belongs to: lines
SELECT p.position AS "Position", p.product AS "Product", p.with_product AS "With", p.baskets_with_both AS "Orders", p.confidence AS "Share", round(p.lift::numeric, 1) AS "Times"
FROM workspace.strongest_pairs p
ORDER BY p.position
