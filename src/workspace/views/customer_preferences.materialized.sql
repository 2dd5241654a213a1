-- A function in a SELECT is unfolded row by row, and never stored in between.
CREATE VIEW workspace.customer_preferences AS
SELECT p.customer, (p.preference).source, (p.preference).category,
    clientele.order_count((p.preference).history, r.as_of) AS orders, clientele.revenue((p.preference).history, r.as_of) AS revenue
FROM (SELECT o.customer, _clientele.preference_histories(o.preferences) AS preference FROM workspace.customer_orders o) p
CROSS JOIN workspace.reporting_date r
WHERE clientele.first_order((p.preference).history, r.as_of) IS NOT NULL;
COMMENT ON VIEW workspace.customer_preferences IS 'The orders of each customer by where they came from and what was bought, where columns of it are attached';
COMMENT ON COLUMN workspace.customer_preferences.source IS 'Where orders came from; empty where unknown';
COMMENT ON COLUMN workspace.customer_preferences.category IS 'Category of the orders; empty where unknown';
COMMENT ON COLUMN workspace.customer_preferences.revenue IS 'Their revenue, returns not taken off';
