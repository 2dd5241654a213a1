-- Days are kept in groups of customers, as only one fold at a time works on a group.
-- belongs to: incremental
CREATE TABLE workspace.order_days_data AS
SELECT d.day, 0 AS slot_group, sum(d.orders + d.returns)::bigint AS order_rows
FROM workspace.order_history h
CROSS JOIN LATERAL clientele.history_days(h.history) d
WHERE h.customer IS NOT NULL
GROUP BY d.day;
CREATE UNIQUE INDEX ON workspace.order_days_data (day, slot_group) NULLS NOT DISTINCT;
COMMENT ON TABLE workspace.order_days_data IS 'The days on which customers ordered or returned something, but for pending changes';
COMMENT ON COLUMN workspace.order_days_data.day IS 'Day';
COMMENT ON COLUMN workspace.order_days_data.slot_group IS 'One of sixteen groups of customers, each folded by one transaction at a time';
COMMENT ON COLUMN workspace.order_days_data.order_rows IS 'Number of orders and returns of customers of the group, less those of other groups that it removed';
