-- belongs to: lines
CREATE VIEW workspace.order_lines AS
SELECT l.customer, l.order_id, l.day, l.instant, l.product, l.category, l.quantity, l.amount, l.employee, l.source
FROM workspace.line_rows l
WHERE l.usable AND l.day < (SELECT r.as_of FROM workspace.reporting_date r);
COMMENT ON VIEW workspace.order_lines IS 'What the orders before the reporting date are made of, a row per line that counts. For looking up one customer, WHERE customer = ..., which indexes on the customer of the orders and the order_id of the lines serve';
COMMENT ON COLUMN workspace.order_lines.customer IS 'The customer of the order; empty where it has none';
COMMENT ON COLUMN workspace.order_lines.order_id IS 'The order';
COMMENT ON COLUMN workspace.order_lines.day IS 'Its day';
COMMENT ON COLUMN workspace.order_lines.instant IS 'Its time; empty where only the day is known';
COMMENT ON COLUMN workspace.order_lines.category IS 'Category of the product; empty where no column of it is attached';
COMMENT ON COLUMN workspace.order_lines.amount IS 'What the line costs in all; empty where no column of it is attached';
COMMENT ON COLUMN workspace.order_lines.employee IS 'Who sold it; empty where no column of it is attached';
COMMENT ON COLUMN workspace.order_lines.source IS 'Where the order came from';
