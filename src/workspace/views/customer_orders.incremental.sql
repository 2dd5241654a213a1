CREATE VIEW workspace.customer_orders AS
SELECT p.customer, _clientele.preferences_agg(p.history, p.source, p.category) AS preferences
FROM (SELECT c.customer, c.source, c.category, c.history FROM workspace.current_preferences c ORDER BY c.customer) p
GROUP BY p.customer;
COMMENT ON VIEW workspace.customer_orders IS 'The orders of each customer by source and category, where columns of it are attached';
COMMENT ON COLUMN workspace.customer_orders.preferences IS 'As one value, which preference_histories() shows';
