-- belongs to: incremental
CREATE TABLE workspace.first_orders_data AS
SELECT DISTINCT ON (o.customer) o.customer, o.day, o.source, o.category, o.kept_amount AS amount, o.ordered_at AS at, o.order_key, false AS is_unknown
FROM workspace.order_rows o
WHERE (o.has_source OR o.has_category) AND o.customer IS NOT NULL AND o.usable AND o.is_order
ORDER BY o.customer, o.day, o.ordered_at, o.order_key, o.kept_amount, o.source, o.category;
CREATE UNIQUE INDEX ON workspace.first_orders_data (customer) NULLS NOT DISTINCT;
CREATE INDEX ON workspace.first_orders_data (customer) WHERE is_unknown;
COMMENT ON TABLE workspace.first_orders_data IS 'What the view first_orders shows, but for pending changes';
COMMENT ON COLUMN workspace.first_orders_data.day IS 'Day of the first order';
COMMENT ON COLUMN workspace.first_orders_data.source IS 'Where it came from';
COMMENT ON COLUMN workspace.first_orders_data.category IS 'Its category';
COMMENT ON COLUMN workspace.first_orders_data.amount IS 'Its amount';
COMMENT ON COLUMN workspace.first_orders_data.at IS 'Its time, as in the orders';
COMMENT ON COLUMN workspace.first_orders_data.is_unknown IS 'Whether the first order has to be looked up in the orders';
