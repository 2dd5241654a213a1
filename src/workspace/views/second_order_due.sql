CREATE VIEW workspace.second_order_due AS
SELECT row_number() OVER (ORDER BY c.last_year_revenue DESC, c.days_since_last DESC, c.customer) AS "position",
    c.customer, c.last_order, c.days_since_last, c.usual_gap, c.purchases, c.revenue,
    c.last_year_revenue, c.cell, p.action AS policy, d.customer_name, d.contact, a.approach
FROM workspace.customer_classes c
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
LEFT JOIN workspace.policies p ON p.cell = c.cell
LEFT JOIN workspace.approaches a ON a.customers = 'second_order_due'
LEFT JOIN workspace.customer_details d ON d.customer = c.customer
WHERE c.purchases = 1 AND c.stage <> 'lost' AND c.days_since_last >= coalesce(c.shop_gap, c.as_of - (c.as_of - s.new_within)::date);
COMMENT ON VIEW workspace.second_order_due IS 'Customers with one purchase for whom the shop''s usual gap has passed, most valuable first: not lost yet';
COMMENT ON COLUMN workspace.second_order_due.purchases IS 'Number of purchases';
COMMENT ON COLUMN workspace.second_order_due.revenue IS 'Revenue of the whole life';
