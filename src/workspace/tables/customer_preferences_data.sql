-- belongs to: incremental
CREATE TABLE workspace.customer_preferences_data AS
SELECT o.customer, o.source, o.category, clientele.history_agg(o.day, o.amount) AS history
FROM workspace.order_rows o
WHERE (o.has_source OR o.has_category) AND o.customer IS NOT NULL AND o.usable AND o.is_order
GROUP BY o.customer, o.source, o.category;
CREATE UNIQUE INDEX ON workspace.customer_preferences_data (customer, source, category) NULLS NOT DISTINCT;
COMMENT ON TABLE workspace.customer_preferences_data IS 'The histories of customers by source and category, but for returns and pending changes';
