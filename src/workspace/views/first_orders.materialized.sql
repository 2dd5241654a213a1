CREATE VIEW workspace.first_orders AS
SELECT o.customer, o.first_day AS day, o.first_source AS source, o.first_category AS category, o.first_amount AS amount
FROM workspace.customer_orders o;
COMMENT ON VIEW workspace.first_orders IS 'The first order of each customer, on whatever day, where columns of source or category are attached';
COMMENT ON COLUMN workspace.first_orders.day IS 'Day of the first order, which may be on or after the reporting date';
COMMENT ON COLUMN workspace.first_orders.source IS 'Where it came from; empty where unknown';
COMMENT ON COLUMN workspace.first_orders.category IS 'Its category; empty where unknown';
COMMENT ON COLUMN workspace.first_orders.amount IS 'Its amount';
