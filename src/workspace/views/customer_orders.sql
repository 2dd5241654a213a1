-- A row per customer, with lists of what is by source and category: rows of their own would take three times the space. The first order
-- is looked for among those of the first day, which the histories tell: by day before time, as where clocks go back past midnight, the
-- earlier instant may be of the later day. Both sides of the full join have the same customers (see segment_profile). In their
-- order lists are made one after the other. The orders are not read where nothing is attached to see.
-- belongs to: materialized
-- stored by: customer
-- internal
CREATE VIEW workspace.customer_orders AS
SELECT f.customer, f.day AS first_day, f.source AS first_source, f.category AS first_category, f.amount AS first_amount,
    p.sources, p.categories, p.histories
FROM (
    SELECT DISTINCT ON (o.customer) o.customer, o.day, o.source, o.category, o.kept_amount AS amount
    FROM (
        SELECT o.customer, o.day, o.source, o.category, o.kept_amount, o.ordered_at, o.order_key, o.usable, o.is_order
        FROM workspace.order_rows o
        JOIN (SELECT h.customer, clientele.first_order(h.history) AS day FROM workspace.order_history h OFFSET 0) h ON h.customer = o.customer AND h.day = o.day
        WHERE o.has_source OR o.has_category
        OFFSET 0) o
    WHERE o.usable AND o.is_order
    ORDER BY o.customer, o.ordered_at, o.order_key, o.kept_amount, o.source, o.category) f
FULL JOIN (
    SELECT h.customer, CASE WHEN count(h.source) > 0 THEN array_agg(h.source) END AS sources,
        CASE WHEN count(h.category) > 0 THEN array_agg(h.category) END AS categories, array_agg(h.history) AS histories
    FROM (
        SELECT o.customer, o.source, o.category, _clientele.order_history_agg(o.ordered_at, o.amount, (SELECT s.time_zone FROM workspace.applied_settings s), o.counts_zero) AS history
        FROM workspace.order_rows o
        WHERE (o.has_source OR o.has_category) AND o.customer IS NOT NULL AND o.is_order
        GROUP BY o.customer, o.source, o.category
        ORDER BY o.customer, o.source, o.category) h
    WHERE h.history OPERATOR(clientele.<>) '{}'::clientele.purchase_history
    GROUP BY h.customer) p ON p.customer = f.customer;
COMMENT ON VIEW workspace.customer_orders IS 'What is stored of the orders of a customer beside the history, where columns of source or category are attached: the first one, and orders by source and category';
COMMENT ON COLUMN workspace.customer_orders.first_day IS 'Day of the first order, which may be on or after the reporting date';
COMMENT ON COLUMN workspace.customer_orders.first_source IS 'Where it came from; empty where unknown';
COMMENT ON COLUMN workspace.customer_orders.first_category IS 'Its category; empty where unknown';
COMMENT ON COLUMN workspace.customer_orders.first_amount IS 'Its amount';
COMMENT ON COLUMN workspace.customer_orders.sources IS 'Where orders came from, entry by entry with categories and histories; empty where none is known';
COMMENT ON COLUMN workspace.customer_orders.categories IS 'Categories of the orders; empty where none is known';
COMMENT ON COLUMN workspace.customer_orders.histories IS 'Days and amounts of the orders of each source and category, without returns';
