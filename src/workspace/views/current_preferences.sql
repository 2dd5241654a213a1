-- belongs to: incremental
CREATE VIEW workspace.current_preferences AS
SELECT h.customer, h.source, h.category, h.history
FROM workspace.customer_preferences_data h
WHERE h.history OPERATOR(clientele.<>) '{}'::clientele.purchase_history
    AND NOT EXISTS (SELECT FROM (SELECT DISTINCT x.customer FROM workspace.order_changes x) c WHERE c.customer = h.customer)
UNION ALL
SELECT h.customer, h.source, h.category, h.history
FROM (
    SELECT p.customer, p.source, p.category, clientele.history_less(clientele.rollup(p.history), clientele.rollup(p.removed)) AS history
    FROM (
        SELECT c.customer, c.source, c.category, c.added AS history, c.removed
        FROM workspace.order_changes c
        WHERE c.customer IS NOT NULL AND c.is_order
        UNION ALL
        SELECT d.customer, d.source, d.category, d.history, NULL AS removed
        FROM workspace.customer_preferences_data d
        WHERE d.customer IN (SELECT x.customer FROM workspace.order_changes x)
    ) p
    GROUP BY p.customer, p.source, p.category
) h
WHERE h.history OPERATOR(clientele.<>) '{}'::clientele.purchase_history;
COMMENT ON VIEW workspace.current_preferences IS 'The orders of customers by source and category as histories, returns left out: stored and pending together';
