-- belongs to: incremental
CREATE TABLE workspace.order_history_data AS
SELECT h.* FROM workspace.order_history h;
CREATE UNIQUE INDEX ON workspace.order_history_data (customer) NULLS NOT DISTINCT;
COMMENT ON TABLE workspace.order_history_data IS 'What the view order_history shows, but for changes that are pending in order_changes';
