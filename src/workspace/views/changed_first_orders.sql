-- Customers of whom a fold could not tell the first order from what was pending are looked up as well.
-- belongs to: incremental
CREATE VIEW workspace.changed_first_orders AS
SELECT DISTINCT ON (o.customer) o.customer, o.day, o.source, o.category, o.kept_amount AS amount, o.ordered_at AS at, o.order_key
FROM workspace.order_rows o
WHERE (o.has_source OR o.has_category) AND o.usable AND o.is_order
    AND o.customer IN (
        SELECT c.customer
        FROM workspace.order_changes c
        LEFT JOIN workspace.first_orders_data h ON h.customer = c.customer
        WHERE h.customer IS NULL OR c.removed IS NOT NULL OR clientele.first_order(c.added) <= h.day
        UNION ALL
        SELECT h.customer FROM workspace.first_orders_data h WHERE h.is_unknown)
ORDER BY o.customer, o.day, o.ordered_at, o.order_key, o.kept_amount, o.source, o.category;
COMMENT ON VIEW workspace.changed_first_orders IS 'The first orders of customers who are new or whose pending changes may move the first, looked up in the orders';
COMMENT ON COLUMN workspace.changed_first_orders.at IS 'Its time, as in the orders';
