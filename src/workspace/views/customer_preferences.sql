-- The orders are not read where nothing is attached to see.
-- internal
CREATE VIEW workspace.customer_preferences AS
SELECT o.customer, o.source, o.category, count(*) AS orders, sum(o.kept_amount) AS revenue
FROM workspace.order_rows o
WHERE (o.has_source OR o.has_category) AND o.customer IS NOT NULL AND o.usable AND o.is_order AND o.day < (SELECT r.as_of FROM workspace.reporting_date r)
GROUP BY o.customer, o.source, o.category;
COMMENT ON VIEW workspace.customer_preferences IS 'The orders of each customer by where they came from and what was bought, where columns of it are attached';
COMMENT ON COLUMN workspace.customer_preferences.source IS 'Where orders came from; empty where unknown';
COMMENT ON COLUMN workspace.customer_preferences.category IS 'Category of the orders; empty where unknown';
COMMENT ON COLUMN workspace.customer_preferences.revenue IS 'Their revenue, returns not taken off';
