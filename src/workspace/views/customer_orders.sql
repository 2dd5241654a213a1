-- By customer in their order, so that the rows of one are held at a time. They are not read where nothing is attached to see.
-- stored by: customer
-- internal
CREATE VIEW workspace.customer_orders AS
SELECT o.customer, _clientele.preferences_agg(o.day, o.amount, o.source, o.category) AS preferences
FROM (
    SELECT r.customer, r.day, r.kept_amount AS amount, r.source, r.category
    FROM workspace.order_rows r
    WHERE (r.has_source OR r.has_category) AND r.customer IS NOT NULL AND r.usable AND r.is_order
    ORDER BY r.customer) o
GROUP BY o.customer;
COMMENT ON VIEW workspace.customer_orders IS 'The orders of each customer by source and category, where columns of it are attached';
COMMENT ON COLUMN workspace.customer_orders.preferences IS 'As one value, which preference_histories() shows';
