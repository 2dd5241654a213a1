-- Lists side by side in a SELECT are unfolded row by row, and never stored in between.
CREATE VIEW workspace.customer_preferences AS
SELECT p.customer, p.source, p.category, clientele.order_count(p.history, r.as_of) AS orders, clientele.revenue(p.history, r.as_of) AS revenue
FROM (
    SELECT o.customer, unnest(o.sources) AS source, unnest(o.categories) AS category, unnest(o.histories) AS history
    FROM workspace.customer_orders o) p
CROSS JOIN workspace.reporting_date r
WHERE clientele.first_order(p.history, r.as_of) IS NOT NULL;
COMMENT ON VIEW workspace.customer_preferences IS 'The orders of each customer by where they came from and what was bought, where columns of it are attached';
COMMENT ON COLUMN workspace.customer_preferences.source IS 'Where orders came from; empty where unknown';
COMMENT ON COLUMN workspace.customer_preferences.category IS 'Category of the orders; empty where unknown';
COMMENT ON COLUMN workspace.customer_preferences.revenue IS 'Their revenue, returns not taken off';
