-- Where an index has all of this by customer, it is read in its order: a plan that has the memory would hash all orders, as it does
-- not know what it costs to look for a customer in a large hash table. Without that index the rows would have to be sorted.
-- What is left out is told apart once for each row.
-- stored by: customer
CREATE VIEW workspace.order_history AS
SELECT o.customer,
    _clientele.order_history_agg(o.ordered_at, o.amount, (SELECT s.time_zone FROM workspace.applied_settings s), o.counts_zero) AS history,
    CASE WHEN (SELECT s.has_profit FROM workspace.applied_settings s)
        THEN _clientele.order_history_agg(o.ordered_at, o.profit, (SELECT s.time_zone FROM workspace.applied_settings s), true)
            FILTER (WHERE o.usable) END AS profit_history,
    nullif(count(*) FILTER (WHERE o.left_out = 'no_time'), 0) AS no_time,
    nullif(count(*) FILTER (WHERE o.left_out = 'invalid_time'), 0) AS invalid_time,
    nullif(count(*) FILTER (WHERE o.left_out = 'no_amount'), 0) AS no_amount,
    nullif(count(*) FILTER (WHERE o.left_out = 'invalid_amount'), 0) AS invalid_amount,
    nullif(count(*) FILTER (WHERE o.left_out = 'zero_amount'), 0) AS zero_amount
FROM (
    SELECT r.customer, r.ordered_at, r.amount, r.profit, r.usable, r.counts_zero, CASE WHEN r.usable IS NOT TRUE THEN r.left_out END AS left_out
    FROM workspace.order_rows r
    ORDER BY r.customer) o
GROUP BY o.customer;
COMMENT ON VIEW workspace.order_history IS 'All that is read from the orders: their histories by customer, one row more for the orders without a customer, and the rows that are left out';
