CREATE VIEW workspace.first_orders AS
SELECT h.customer, h.day, h.source, h.category, h.amount
FROM workspace.first_orders_data h
WHERE NOT h.is_unknown AND NOT EXISTS (
    SELECT FROM workspace.order_changes c
    WHERE c.customer = h.customer AND (c.removed IS NOT NULL OR clientele.first_order(c.added) <= h.day))
UNION ALL
SELECT h.customer, h.day, h.source, h.category, h.amount
FROM workspace.changed_first_orders h;
COMMENT ON VIEW workspace.first_orders IS 'The first order of each customer, on whatever day, where columns of source or category are attached';
COMMENT ON COLUMN workspace.first_orders.day IS 'Day of the first order, which may be on or after the reporting date';
COMMENT ON COLUMN workspace.first_orders.source IS 'Where it came from; empty where unknown';
COMMENT ON COLUMN workspace.first_orders.category IS 'Its category; empty where unknown';
COMMENT ON COLUMN workspace.first_orders.amount IS 'Its amount';
