-- A customer who is there twice has one value.
-- belongs to: materialized
-- stored by: customer, dimension
-- internal
CREATE VIEW workspace.attached_dimensions AS
SELECT d.customer, d.dimension, min(d.value) AS value
FROM workspace.dimension_rows d
WHERE d.customer IS NOT NULL AND d.value IS NOT NULL
GROUP BY d.customer, d.dimension;
COMMENT ON VIEW workspace.attached_dimensions IS 'What is stored of the columns that attach_customers() was told to divide customers by, one row per customer and column';
COMMENT ON COLUMN workspace.attached_dimensions.value IS 'Its value for the customer';
