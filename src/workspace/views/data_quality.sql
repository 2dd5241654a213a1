-- One pass: every row falls under exactly one reason, so the rows add up to the table's. Histories are folded together by what
-- became of their rows, and read afterwards.
CREATE VIEW workspace.data_quality AS
WITH language AS MATERIALIZED (SELECT _clientele.workspace_words(x.language) AS words FROM workspace.applied_settings x LIMIT 1)
SELECT v."position", v.reason, (SELECT l.words ->> ('order_rows.' || v.reason) FROM language l) AS description, v.order_rows,
    100::double precision * v.order_rows::double precision
        / nullif(sum(v.order_rows) OVER (), 0)::double precision AS pct_of_rows,
    CASE v.reason WHEN 'used' THEN clientele.revenue(s.customers, date '-infinity', s.as_of)
        WHEN 'no_customer' THEN clientele.revenue(s.no_customer)
        WHEN 'future' THEN clientele.revenue(s.named, s.as_of, date 'infinity')
        WHEN 'only_returns' THEN clientele.revenue(s.others, date '-infinity', s.as_of) END AS revenue,
    s.refreshed_at
FROM (
    SELECT h.*, h.customers OPERATOR(clientele.+) h.others AS named, r.as_of, r.refreshed_at
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
        CROSS JOIN workspace.reporting_date d) h
    OFFSET 0) s
CROSS JOIN LATERAL _clientele.order_reasons(
    clientele.order_count(s.customers, date '-infinity', s.as_of) + clientele.return_count(s.customers, date '-infinity', s.as_of),
    clientele.order_count(s.no_customer) + clientele.return_count(s.no_customer),
    s.no_time::bigint, s.invalid_time::bigint, s.no_amount::bigint, s.invalid_amount::bigint,
    clientele.order_count(s.named, s.as_of, date 'infinity') + clientele.return_count(s.named, s.as_of, date 'infinity'),
    clientele.order_count(s.others, date '-infinity', s.as_of) + clientele.return_count(s.others, date '-infinity', s.as_of),
    s.zero_amount::bigint) v
UNION ALL
SELECT 10, 'missed', format((SELECT l.words ->> 'order_rows.missed' FROM language l), to_char(r.missed_since AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI UTC')),
    NULL, NULL, NULL, r.refreshed_at
FROM workspace.reporting_date r
WHERE r.missed_since IS NOT NULL;
COMMENT ON VIEW workspace.data_quality IS 'The rows of the orders by what became of them: each row is under exactly one reason';
COMMENT ON COLUMN workspace.data_quality."position" IS 'Order in which to show the reasons';
COMMENT ON COLUMN workspace.data_quality.order_rows IS 'Number of rows';
COMMENT ON COLUMN workspace.data_quality.revenue IS 'Sum of their amounts, returns taken off; empty where the rows have no usable amount or time, or amounts of 0';
