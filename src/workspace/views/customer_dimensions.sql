-- A customer who is there twice has one value.
CREATE VIEW workspace.customer_dimensions AS
SELECT f.customer, v.dimension, v.value
FROM workspace.first_orders f
CROSS JOIN LATERAL (VALUES ('first_source', f.source), ('first_category', f.category)) v(dimension, value)
WHERE v.value IS NOT NULL AND f.day < (SELECT r.as_of FROM workspace.reporting_date r)
UNION ALL
SELECT d.customer, d.dimension, min(d.value) AS value
FROM workspace.dimension_rows d
WHERE d.customer IS NOT NULL AND d.value IS NOT NULL
GROUP BY d.customer, d.dimension;
COMMENT ON VIEW workspace.customer_dimensions IS 'What customers can be divided by, one row per customer and dimension: source and category of the first order, where columns of them are attached, and the columns that attach_customers() was told';
COMMENT ON COLUMN workspace.customer_dimensions.value IS 'Its value for the customer';
