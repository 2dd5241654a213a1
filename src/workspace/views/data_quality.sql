-- One pass: every row falls under exactly one reason, so the rows add up to the table's.
CREATE VIEW workspace.data_quality AS
SELECT v."position", v.reason, v.description, v.order_rows,
    100::double precision * v.order_rows::double precision
        / nullif(sum(v.order_rows) OVER (), 0)::double precision AS pct_of_rows,
    CASE v.reason WHEN 'used' THEN coalesce(s.used_revenue, 0.00) WHEN 'no_customer' THEN coalesce(s.no_customer_revenue, 0.00)
        WHEN 'future' THEN coalesce(s.future_revenue, 0.00) WHEN 'only_returns' THEN coalesce(s.only_returns_revenue, 0.00) END AS revenue,
    (SELECT r.refreshed_at FROM workspace.reporting_date r) AS refreshed_at
FROM (
    SELECT
        sum(c.no_time) AS no_time,
        sum(c.invalid_time) AS invalid_time,
        sum(c.no_amount) AS no_amount,
        sum(c.invalid_amount) AS invalid_amount,
        sum(c.zero_amount) AS zero_amount,
        sum(c.kept_rows) FILTER (WHERE NOT c.named) AS no_customer,
        sum(c.revenue) FILTER (WHERE NOT c.named) AS no_customer_revenue,
        sum(c.kept_rows - c.rows_so_far) FILTER (WHERE c.named) AS future,
        sum(c.revenue - c.revenue_so_far) FILTER (WHERE c.named) AS future_revenue,
        sum(c.rows_so_far) FILTER (WHERE c.named AND NOT c.ordered) AS only_returns,
        sum(c.revenue_so_far) FILTER (WHERE c.named AND NOT c.ordered) AS only_returns_revenue,
        sum(c.rows_so_far) FILTER (WHERE c.named AND c.ordered) AS used,
        sum(c.revenue_so_far) FILTER (WHERE c.named AND c.ordered) AS used_revenue
    FROM (
        SELECT h.no_time, h.invalid_time, h.no_amount, h.invalid_amount, h.zero_amount, h.customer IS NOT NULL AS named,
            clientele.order_count(h.history) + clientele.return_count(h.history) AS kept_rows,
            clientele.revenue(h.history) AS revenue,
            clientele.order_count(h.history, r.as_of) + clientele.return_count(h.history, r.as_of) AS rows_so_far,
            clientele.revenue(h.history, r.as_of) AS revenue_so_far,
            clientele.first_order(h.history, r.as_of) IS NOT NULL AS ordered
        FROM workspace.order_history h
        CROSS JOIN workspace.reporting_date r
    ) c
) s
CROSS JOIN LATERAL _clientele.order_reasons(s.used::bigint, s.no_customer::bigint, s.no_time::bigint, s.invalid_time::bigint, s.no_amount::bigint,
    s.invalid_amount::bigint, s.future::bigint, s.only_returns::bigint, s.zero_amount::bigint) v
UNION ALL
SELECT 10, 'missed', format('Whatever triggers could not read, since %s: attach the orders again', to_char(r.missed_since AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI UTC')),
    NULL, NULL, NULL, r.refreshed_at
FROM workspace.reporting_date r
WHERE r.missed_since IS NOT NULL;
COMMENT ON VIEW workspace.data_quality IS 'The rows of the orders by what became of them: each row is under exactly one reason';
COMMENT ON COLUMN workspace.data_quality."position" IS 'Order in which to show the reasons';
COMMENT ON COLUMN workspace.data_quality.order_rows IS 'Number of rows';
COMMENT ON COLUMN workspace.data_quality.revenue IS 'Sum of their amounts, returns taken off; empty where the rows have no usable amount or time, or amounts of 0';
