-- belongs to: incremental
CREATE VIEW workspace.order_days AS
SELECT x.day, sum(x.order_rows)::bigint AS order_rows
FROM (
    SELECT d.day, d.order_rows FROM workspace.order_days_data d
    UNION ALL
    SELECT c.day, c.order_rows FROM workspace.changed_days c
) x
GROUP BY x.day
HAVING sum(x.order_rows) <> 0;
COMMENT ON VIEW workspace.order_days IS 'The number of orders and returns of customers on each day: stored and pending together';
