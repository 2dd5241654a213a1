-- Who reads histories alone does not pay for the counts: a plan works out only the columns that are asked for. Who asks for them
-- pays little: the reason is looked for in rows that are left out.
-- stored by: customer
-- internal
CREATE VIEW workspace.order_history AS
SELECT o.customer,
    _clientele.order_history_agg(o.ordered_at, o.amount, (SELECT s.time_zone FROM workspace.applied_settings s), o.counts_zero) AS history,
    CASE WHEN (SELECT s.has_profit FROM workspace.applied_settings s)
        THEN _clientele.order_history_agg(o.ordered_at, o.profit, (SELECT s.time_zone FROM workspace.applied_settings s), true)
            FILTER (WHERE o.usable) END AS profit_history,
    nullif(count(*) FILTER (WHERE o.usable IS NOT TRUE AND o.left_out = 'no_time'), 0) AS no_time,
    nullif(count(*) FILTER (WHERE o.usable IS NOT TRUE AND o.left_out = 'invalid_time'), 0) AS invalid_time,
    nullif(count(*) FILTER (WHERE o.amount IS NULL AND o.left_out = 'no_amount'), 0) AS no_amount,
    nullif(count(*) FILTER (WHERE o.usable IS NOT TRUE AND o.left_out = 'invalid_amount'), 0) AS invalid_amount,
    nullif(count(*) FILTER (WHERE o.usable IS NOT TRUE AND o.left_out = 'zero_amount'), 0) AS zero_amount
FROM workspace.order_rows o
GROUP BY o.customer;
COMMENT ON VIEW workspace.order_history IS 'All that is read from the orders: their histories by customer, one row more for the orders without a customer, and the rows that are left out';
