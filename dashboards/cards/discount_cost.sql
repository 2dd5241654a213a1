-- title: What discounts cost
-- note: Of last year's orders, by the tier on the day of each and by class; break-even is how much more must be sold to keep the profit
-- chart: table
-- columns: Position number, By text, Value text, Orders number, Revenue number, Discount percent, Cost number, Break-even percent
SELECT d.position AS "Position", d.dimension AS "By", d.value AS "Value", d.orders AS "Orders", round(d.revenue) AS "Revenue", d.discount AS "Discount", round(d.cost) AS "Cost",
    d.break_even_uplift AS "Break-even"
FROM workspace.discount_cost d
ORDER BY d.position
