CREATE VIEW workspace.at_risk AS
SELECT row_number() OVER (ORDER BY c.last_year_revenue DESC, c.days_since_last DESC, c.customer) AS "position",
    c.customer, c.last_order, c.days_since_last, c.usual_gap, c.purchases, c.revenue,
    c.last_year_revenue, c.cell, p.action AS policy, d.customer_name, d.contact, a.approach
FROM workspace.customer_classes c
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
LEFT JOIN workspace.policies p ON p.cell = c.cell
LEFT JOIN workspace.approaches a ON a.customers = 'at_risk'
LEFT JOIN workspace.customer_details d ON d.customer = c.customer
WHERE c.at_risk;
COMMENT ON VIEW workspace.at_risk IS 'Customers at risk, most valuable first: silent for longer than usual, but not lost yet';
COMMENT ON COLUMN workspace.at_risk.purchases IS 'Number of purchases';
COMMENT ON COLUMN workspace.at_risk.revenue IS 'Revenue of the whole life';
