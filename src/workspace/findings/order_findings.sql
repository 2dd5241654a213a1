-- Two readings: one for all that is counted, by customer and by what became of the rows, and one of the customers among whose rows some
-- may share a time: those with several orders on a day, or with rows that are left out. A third for order ids that nothing keeps unique.
-- belongs to: orders
WITH c AS MATERIALIZED (
    SELECT g.customer, g.left_out, g.rows, g.not_negative, g.zeros, r.as_of,
        clientele.order_count(g.history, r.as_of) AS orders,
        clientele.return_count(g.history, r.as_of) AS returns,
        clientele.purchase_days(g.history, r.as_of) AS purchase_days,
        clientele.first_order(g.history, r.as_of) AS first_order,
        clientele.last_order(g.history, r.as_of) AS last_order,
        clientele.gap_days(g.history, r.as_of) AS gap_days
    FROM (
        SELECT o.customer, o.left_out, clientele.history_agg(o.day, o.amount) FILTER (WHERE o.usable AND o.customer IS NOT NULL) AS history,
            count(*) AS rows, count(*) FILTER (WHERE o.amount >= 0) AS not_negative, count(*) FILTER (WHERE o.amount = 0) AS zeros
        FROM workspace.order_rows o
        GROUP BY o.customer, o.left_out) g
    CROSS JOIN workspace.reporting_date r
), n AS MATERIALIZED (
    SELECT a.columns->>'customer' AS customer, a.columns->>'order_id' AS order_id,
        CASE WHEN NOT _clientele.workspace_is_unique(to_regclass(a.relation), nullif(a.columns->>'order_id', '')) THEN (
            SELECT count(o.order_key) - count(DISTINCT o.order_key) FROM workspace.order_rows o) END AS repeated_ids
    FROM workspace.attached a WHERE a.relation_role = 'orders'
)
SELECT v.topic, v.finding, v.advice
FROM (
    SELECT count(c.first_order) AS customers, sum(c.orders) FILTER (WHERE c.first_order IS NOT NULL) AS orders,
        min(c.first_order) AS first_order, max(c.last_order) AS last_order, min(c.as_of) AS as_of,
        count(c.first_order) FILTER (WHERE c.purchase_days = 1) AS once, percentile_cont(0.5) WITHIN GROUP (ORDER BY c.gap_days) AS gap_days,
        coalesce(sum(c.not_negative - c.zeros) FILTER (WHERE c.customer IS NOT NULL), 0)::bigint AS compared,
        nullif(sum(c.zeros) FILTER (WHERE c.customer IS NOT NULL), 0)::bigint AS zeros,
        nullif(sum(c.not_negative) FILTER (WHERE CASE WHEN pg_typeof(c.customer) = 'text'::regtype THEN btrim(c.customer::text) = '' END), 0)::bigint AS blanks,
        coalesce(sum(c.not_negative), 0)::bigint AS not_negative, coalesce(sum(c.rows), 0)::bigint AS rows,
        sum(c.orders + c.returns) FILTER (WHERE c.first_order IS NOT NULL)::bigint AS used,
        sum(c.orders + c.returns) FILTER (WHERE c.first_order IS NULL)::bigint AS only_returns,
        sum(c.rows - c.orders - c.returns) FILTER (WHERE c.left_out IS NULL)::bigint AS future,
        sum(c.rows) FILTER (WHERE c.left_out = 'no_customer')::bigint AS no_customer,
        sum(c.rows) FILTER (WHERE c.left_out = 'no_time')::bigint AS no_time,
        sum(c.rows) FILTER (WHERE c.left_out = 'invalid_time')::bigint AS invalid_time,
        sum(c.rows) FILTER (WHERE c.left_out = 'no_amount')::bigint AS no_amount,
        sum(c.rows) FILTER (WHERE c.left_out = 'invalid_amount')::bigint AS invalid_amount,
        sum(c.rows) FILTER (WHERE c.left_out = 'zero_amount')::bigint AS zero_amount
    FROM c) b
CROSS JOIN (
    SELECT coalesce(sum(t.rows) FILTER (WHERE t.rows > 1), 0)::bigint AS together, coalesce(sum(t.rows - t.amounts), 0)::bigint AS repeated,
        pg_typeof(min(t.ordered_at)) = 'date'::regtype AS is_date
    FROM (
        SELECT a.ordered_at, sum(a.rows) AS rows, count(*) AS amounts
        FROM (
            SELECT o.customer, o.ordered_at, o.amount, count(*) AS rows
            FROM workspace.order_rows o
            JOIN (SELECT DISTINCT c.customer FROM c WHERE c.orders > c.purchase_days OR c.rows > c.orders + c.returns) k ON k.customer = o.customer
            WHERE o.amount > 0
            GROUP BY o.customer, o.ordered_at, o.amount) a
        GROUP BY a.customer, a.ordered_at) t) f
CROSS JOIN n
CROSS JOIN LATERAL (SELECT CASE
    WHEN n.repeated_ids > 0 THEN 'lines' WHEN f.together * 2 > b.compared AND NOT f.is_date THEN 'likely lines'
    WHEN f.repeated > 0 THEN 'duplicates' END AS what) l
CROSS JOIN LATERAL (
    VALUES
        (1, 'orders', CASE WHEN b.customers = 0 THEN 'none to count yet' END, 'The views are empty until there are orders'),
        (2, 'orders', 'orders: ' || b.orders || ', customers: ' || b.customers || ', from ' || b.first_order || ' to ' || b.last_order || '; the views speak of ' || b.as_of,
            format('To see an earlier day: UPDATE %I.settings SET as_of = ''%s'';', $1, b.first_order + (b.last_order - b.first_order) / 2 + 1)),
        (3, 'cadence', 'customers who came on one day only: ' || _clientele.workspace_row_share(b.once, nullif(b.customers, 0))
                || coalesce('; median gap of the others, in days: ' || round(b.gap_days::numeric), ''), NULL),
        (4, 'order lines', CASE l.what WHEN 'lines' THEN format('rows whose %I another row has too: ', n.order_id) || _clientele.workspace_row_share(n.repeated_ids, b.not_negative) END,
            'Each row counts as an order: if these are lines of orders, attach a view that sums them by order'),
        (5, 'order lines', CASE l.what WHEN 'likely lines' THEN 'rows that share customer and time with another: ' || _clientele.workspace_row_share(f.together, b.compared) END,
            'These look like lines of orders, and each counts as an order: attach a view that sums them by order'),
        (6, 'likely duplicates', CASE l.what WHEN 'duplicates'
                THEN 'rows that repeat the customer, time and amount of another: ' || _clientele.workspace_row_share(f.repeated, b.compared) END,
            'If they were loaded twice, attach a view with DISTINCT'),
        (1001, 'blank customer', 'rows whose customer is empty or blank: ' || _clientele.workspace_row_share(b.blanks, b.not_negative),
            format('A blank is a customer like any other: if nobody knows who bought, attach a view with nullif(btrim(%I), '''') in its place', n.customer)),
        (1002, 'zero amounts', CASE (SELECT s.zero_amounts FROM workspace.applied_settings s) WHEN 'orders' THEN 'rows that count as orders of 0: ' || b.zeros END,
            format('If they are no orders: UPDATE %I.settings SET zero_amounts = ''skipped'';', $1))
    UNION ALL
    SELECT 100 + q."position", replace(q.reason, '_', ' '), 'rows left out: ' || _clientele.workspace_row_share(nullif(q.order_rows, 0), b.rows),
        _clientele.workspace_words('en'::text) ->> ('order_rows.' || q.reason)
    FROM _clientele.order_reasons(b.used, b.no_customer, b.no_time, b.invalid_time, b.no_amount, b.invalid_amount, b.future, b.only_returns, b.zero_amount) q
    WHERE q.reason <> 'used') v("position", topic, finding, advice)
WHERE v.finding IS NOT NULL
ORDER BY v."position"
