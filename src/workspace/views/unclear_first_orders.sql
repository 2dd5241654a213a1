-- Preferences tell the first order of all others. By time within the day, as where clocks go back past midnight, the earlier instant may
-- be of the later day. What the rows are is worked out for these customers alone.
-- belongs to: materialized
-- stored by: customer
-- internal
CREATE VIEW workspace.unclear_first_orders AS
SELECT DISTINCT ON (o.customer) o.customer, o.day, o.source, o.category, o.kept_amount AS amount
FROM (
    SELECT r.customer, r.day, r.source, r.category, r.kept_amount, r.ordered_at, r.order_key, r.usable, r.is_order, f.day AS first_day
    FROM workspace.order_rows r
    JOIN (
        SELECT DISTINCT x.customer, x.day
        FROM (SELECT h.customer, h.history, clientele.first_order(h.history) AS day FROM workspace.order_history h OFFSET 0) x
        WHERE clientele.order_count(x.history, x.day, x.day + 1) > 1) f ON f.customer = r.customer
    WHERE r.has_source OR r.has_category
    OFFSET 0) o
WHERE o.usable AND o.is_order AND o.day = o.first_day
ORDER BY o.customer, o.ordered_at, o.order_key, o.kept_amount, o.source, o.category;
COMMENT ON VIEW workspace.unclear_first_orders IS 'The first order of each customer with several on the first day, where columns of source or category are attached';
COMMENT ON COLUMN workspace.unclear_first_orders.day IS 'Day of the first order, which may be on or after the reporting date';
COMMENT ON COLUMN workspace.unclear_first_orders.source IS 'Where it came from; empty where unknown';
COMMENT ON COLUMN workspace.unclear_first_orders.category IS 'Its category; empty where unknown';
COMMENT ON COLUMN workspace.unclear_first_orders.amount IS 'Its amount';
