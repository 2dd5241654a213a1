-- What is stored and what is pending together.
CREATE VIEW workspace.order_history AS
SELECT h.customer, h.history, h.profit_history, h.no_time, h.invalid_time, h.no_amount, h.invalid_amount, h.zero_amount
FROM workspace.order_history_data h
WHERE h.customer IS NOT NULL AND NOT EXISTS (
    SELECT FROM (SELECT DISTINCT x.customer FROM workspace.order_changes x) c WHERE c.customer = h.customer)
UNION ALL
SELECT h.customer, h.history, h.profit_history, h.no_time, h.invalid_time, h.no_amount, h.invalid_amount, h.zero_amount
FROM workspace.changed_histories h
WHERE h.history OPERATOR(clientele.<>) '{}'::clientele.purchase_history
    OR coalesce(h.no_time, h.invalid_time, h.no_amount, h.invalid_amount, h.zero_amount) IS NOT NULL;
COMMENT ON VIEW workspace.order_history IS 'All that is read from the orders: their histories by customer, one row more for the orders without a customer, and the rows that are left out';
