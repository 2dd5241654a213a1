-- Writers come and go here all the time: a vacuum that gives pages back would have them wait.
-- belongs to: incremental
CREATE TABLE workspace.order_changes WITH (vacuum_truncate = off) AS
SELECT 0::bigint AS slot, h.customer, p.source, p.category, true AS is_order, h.history AS added, h.history AS removed, h.history AS added_profit,
    h.history AS removed_profit, h.no_time, h.invalid_time, h.no_amount, h.invalid_amount, h.zero_amount,
    f.at AS first_at, f.order_key AS first_key, f.amount AS first_amount
FROM workspace.order_history_data h
CROSS JOIN workspace.customer_preferences_data p
CROSS JOIN workspace.first_orders_data f
WITH NO DATA;
CREATE INDEX ON workspace.order_changes (slot);
COMMENT ON TABLE workspace.order_changes IS 'Pending: what triggers saw added to the orders and removed from them, until a fold moves it into what is stored';
COMMENT ON COLUMN workspace.order_changes.customer IS 'The customer, as in the orders; empty for orders without one';
COMMENT ON COLUMN workspace.order_changes.is_order IS 'Whether of orders, whose sources and categories count, and not of returns or rows that cannot be used';
COMMENT ON COLUMN workspace.order_changes.slot IS 'A number by customer, source and category: folds take changes by it, those below 0 never';
COMMENT ON COLUMN workspace.order_changes.added IS 'What one statement added';
COMMENT ON COLUMN workspace.order_changes.removed IS 'What it removed';
COMMENT ON COLUMN workspace.order_changes.added_profit IS 'The profit of what it added';
COMMENT ON COLUMN workspace.order_changes.removed_profit IS 'The profit of what it removed';
COMMENT ON COLUMN workspace.order_changes.first_at IS 'Time of the first of the orders added';
COMMENT ON COLUMN workspace.order_changes.first_key IS 'Its number, as in the orders';
COMMENT ON COLUMN workspace.order_changes.first_amount IS 'Its amount';
