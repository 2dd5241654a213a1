-- belongs to: incremental
CREATE VIEW workspace.changed_days AS
SELECT p.day, sum(p.order_rows)::bigint AS order_rows
FROM (
    SELECT a.day, a.orders + a.returns AS order_rows
    FROM (SELECT clientele.rollup(c.added) AS added FROM workspace.order_changes c WHERE c.customer IS NOT NULL) h
    CROSS JOIN LATERAL clientele.history_days(h.added) a
    UNION ALL
    SELECT r.day, -(r.orders + r.returns)
    FROM (SELECT clientele.rollup(c.removed) AS removed FROM workspace.order_changes c WHERE c.customer IS NOT NULL) h
    CROSS JOIN LATERAL clientele.history_days(h.removed) r
) p
GROUP BY p.day;
COMMENT ON VIEW workspace.changed_days IS 'The number of orders and returns that pending changes add on each day, or take away';
