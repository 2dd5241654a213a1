-- Grouped, there is one row per customer, whatever the table has: views may join them without gaining rows.
-- internal
CREATE VIEW workspace.customer_details AS
SELECT c.customer, min(c.customer_name) AS customer_name, min(c.contact) AS contact
FROM workspace.customer_rows c
WHERE c.customer IS NOT NULL AND c.is_described
GROUP BY c.customer;
COMMENT ON VIEW workspace.customer_details IS 'Names and contacts of customers, where attach_customers() was told of them';
