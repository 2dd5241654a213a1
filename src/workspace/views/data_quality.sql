-- One pass: every row falls under exactly one reason, so the rows add up to the table's. Histories are folded together by what
-- became of their rows, and read afterwards.
CREATE VIEW workspace.data_quality AS
SELECT v."position", v.reason, v.description, v.order_rows,
    100::double precision * v.order_rows::double precision
        / nullif(sum(v.order_rows) OVER (), 0)::double precision AS pct_of_rows,
    v.revenue, v.refreshed_at
FROM (
    SELECT w."position", w.reason, w.description,
        coalesce(w.left_out::bigint, clientele.order_count(w.history, w.from_date, w.to_date) + clientele.return_count(w.history, w.from_date, w.to_date), 0) AS order_rows,
        clientele.revenue(w.history, w.from_date, w.to_date) AS revenue, r.refreshed_at
    FROM workspace.reporting_date r
    CROSS JOIN (
        SELECT
            sum(h.no_time) AS no_time,
            sum(h.invalid_time) AS invalid_time,
            sum(h.no_amount) AS no_amount,
            sum(h.invalid_amount) AS invalid_amount,
            sum(h.zero_amount) AS zero_amount,
            clientele.rollup(h.history) FILTER (WHERE h.customer IS NULL) AS no_customer,
            clientele.rollup(h.history) FILTER (WHERE h.customer IS NOT NULL AND clientele.first_order(h.history, d.as_of) IS NOT NULL) AS customers,
            clientele.rollup(h.history) FILTER (WHERE h.customer IS NOT NULL AND clientele.first_order(h.history, d.as_of) IS NULL) AS others
        FROM workspace.order_history h
        CROSS JOIN workspace.reporting_date d
    ) s
    CROSS JOIN LATERAL (VALUES
        (1, 'used', 'Counted in the views', NULL::numeric, s.customers, date '-infinity', r.as_of),
        (2, 'no_customer', 'Without a customer: nobody knows who bought', NULL, s.no_customer, '-infinity', 'infinity'),
        (3, 'no_time', 'Without a time', s.no_time, NULL, NULL, NULL),
        (4, 'invalid_time', 'With an infinite time, or one outside the years 1 to 9999', s.invalid_time, NULL, NULL, NULL),
        (5, 'no_amount', 'Without an amount', s.no_amount, NULL, NULL, NULL),
        (6, 'invalid_amount', 'With an amount that is not a number, infinite, or past 922 trillion', s.invalid_amount, NULL, NULL, NULL),
        (7, 'future', 'On or after the reporting date: not counted yet', NULL, s.customers OPERATOR(clientele.+) s.others, r.as_of, 'infinity'),
        (8, 'only_returns', 'Of customers who returned goods but have no order before the reporting date', NULL, s.others, '-infinity', r.as_of),
        (9, 'zero_amount', 'With an amount of 0, where the settings skip them', s.zero_amount, NULL, NULL, NULL)
    ) w("position", reason, description, left_out, history, from_date, to_date)
) v
UNION ALL
SELECT 10, 'missed', format('Whatever triggers could not read, since %s: attach the orders again', to_char(r.missed_since AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI UTC')),
    NULL, NULL, NULL, r.refreshed_at
FROM workspace.reporting_date r
WHERE r.missed_since IS NOT NULL;
COMMENT ON VIEW workspace.data_quality IS 'The rows of the orders by what became of them: each row is under exactly one reason';
COMMENT ON COLUMN workspace.data_quality."position" IS 'Order in which to show the reasons';
COMMENT ON COLUMN workspace.data_quality.order_rows IS 'Number of rows';
COMMENT ON COLUMN workspace.data_quality.revenue IS 'Sum of their amounts, returns taken off; empty where the rows have no usable amount or time, or amounts of 0';
