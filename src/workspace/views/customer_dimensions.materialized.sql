CREATE VIEW workspace.customer_dimensions AS
SELECT f.customer, v.dimension, v.value
FROM workspace.first_orders f
CROSS JOIN LATERAL (VALUES ('first_source', f.source), ('first_category', f.category)) v(dimension, value)
WHERE v.value IS NOT NULL AND f.day < (SELECT r.as_of FROM workspace.reporting_date r)
UNION ALL
SELECT d.customer, d.dimension, d.value FROM workspace.attached_dimensions d;
COMMENT ON VIEW workspace.customer_dimensions IS 'What customers can be divided by, one row per customer and dimension: source and category of the first order, where columns of them are attached, and the columns that attach_customers() was told';
COMMENT ON COLUMN workspace.customer_dimensions.value IS 'Its value for the customer';
