CREATE VIEW workspace.first_orders AS
SELECT o.customer, f.day, f.source, f.category, f.amount
FROM workspace.customer_orders o
CROSS JOIN LATERAL _clientele.first_preference(o.preferences) f
WHERE f.day IS NOT NULL
UNION ALL
SELECT o.customer, o.day, o.source, o.category, o.amount
FROM workspace.unclear_first_orders o;
COMMENT ON VIEW workspace.first_orders IS 'The first order of each customer, on whatever day, where columns of source or category are attached';
COMMENT ON COLUMN workspace.first_orders.day IS 'Day of the first order, which may be on or after the reporting date';
COMMENT ON COLUMN workspace.first_orders.source IS 'Where it came from; empty where unknown';
COMMENT ON COLUMN workspace.first_orders.category IS 'Its category; empty where unknown';
COMMENT ON COLUMN workspace.first_orders.amount IS 'Its amount';
