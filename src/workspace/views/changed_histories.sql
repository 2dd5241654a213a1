-- What is not there to remove is left out: a view never raises, and verify_workspace() tells.
-- belongs to: incremental
CREATE VIEW workspace.changed_histories AS
SELECT p.customer, clientele.history_less(clientele.rollup(p.history), clientele.rollup(p.removed)) AS history,
    CASE WHEN (SELECT s.has_profit FROM workspace.applied_settings s)
        THEN clientele.history_less(clientele.rollup(p.profit_history), clientele.rollup(p.removed_profit)) END AS profit_history,
    nullif(greatest(sum(p.no_time), 0), 0)::bigint AS no_time,
    nullif(greatest(sum(p.invalid_time), 0), 0)::bigint AS invalid_time,
    nullif(greatest(sum(p.no_amount), 0), 0)::bigint AS no_amount,
    nullif(greatest(sum(p.invalid_amount), 0), 0)::bigint AS invalid_amount,
    nullif(greatest(sum(p.zero_amount), 0), 0)::bigint AS zero_amount
FROM (
    SELECT c.customer, c.added AS history, c.removed, c.added_profit AS profit_history, c.removed_profit,
        c.no_time, c.invalid_time, c.no_amount, c.invalid_amount, c.zero_amount
    FROM workspace.order_changes c
    UNION ALL
    SELECT d.customer, d.history, NULL AS removed, d.profit_history, NULL AS removed_profit,
        d.no_time, d.invalid_time, d.no_amount, d.invalid_amount, d.zero_amount
    FROM workspace.order_history_data d
    WHERE d.customer IN (SELECT x.customer FROM workspace.order_changes x)
    UNION ALL
    SELECT d.customer, d.history, NULL AS removed, d.profit_history, NULL AS removed_profit,
        d.no_time, d.invalid_time, d.no_amount, d.invalid_amount, d.zero_amount
    FROM workspace.order_history_data d
    WHERE d.customer IS NULL
) p
GROUP BY p.customer;
COMMENT ON VIEW workspace.changed_histories IS 'The histories of customers with pending changes, and of the orders without a customer: stored and pending together, those included of which nothing is left';
