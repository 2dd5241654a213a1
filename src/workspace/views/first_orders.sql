-- By day before time: where clocks go back past midnight, the earlier instant may be of the later day.
-- internal
CREATE VIEW workspace.first_orders AS
SELECT DISTINCT ON (o.customer) o.customer, o.day, o.source, o.category, o.kept_amount AS amount
FROM workspace.order_rows o
WHERE (o.has_source OR o.has_category) AND o.customer IS NOT NULL AND o.usable AND o.is_order
ORDER BY o.customer, o.day, o.ordered_at, o.order_key, o.kept_amount, o.source, o.category;
COMMENT ON VIEW workspace.first_orders IS 'The first order of each customer, on whatever day, where columns of source or category are attached';
COMMENT ON COLUMN workspace.first_orders.day IS 'Day of the first order, which may be on or after the reporting date';
COMMENT ON COLUMN workspace.first_orders.source IS 'Where it came from; empty where unknown';
COMMENT ON COLUMN workspace.first_orders.category IS 'Its category; empty where unknown';
COMMENT ON COLUMN workspace.first_orders.amount IS 'Its amount';
