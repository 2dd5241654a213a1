-- Rows of one customer and time are counted by amount first: both groupings are cheap to hash.
-- belongs to: orders
SELECT v.topic, v.finding, v.advice
FROM (
    SELECT count(*) AS customers, sum(c.orders) AS orders, min(c.first_order) AS first_order, max(c.last_order) AS last_order,
        count(*) FILTER (WHERE c.purchase_days = 1) AS once, percentile_cont(0.5) WITHIN GROUP (ORDER BY c.gap_days) AS gap_days
    FROM workspace.customers c) b
CROSS JOIN (
    SELECT coalesce(sum(t.rows), 0)::bigint AS rows, coalesce(sum(t.repeated), 0)::bigint AS repeated,
        coalesce(sum(t.rows) FILTER (WHERE t.rows > 1), 0)::bigint AS together, nullif(sum(t.zeros), 0)::bigint AS zeros,
        nullif(sum(t.blanks), 0)::bigint AS blanks, coalesce(sum(t.all_rows), 0)::bigint AS all_rows
    FROM (
        SELECT sum(a.rows) AS all_rows, sum(a.rows) FILTER (WHERE a.compared) AS rows, sum(a.rows - 1) FILTER (WHERE a.compared) AS repeated,
            sum(a.rows) FILTER (WHERE a.amount = 0 AND a.customer IS NOT NULL) AS zeros,
            sum(a.rows) FILTER (WHERE CASE WHEN pg_typeof(a.customer) = 'text'::regtype THEN btrim(a.customer::text) = '' END) AS blanks
        FROM (
            SELECT o.customer, o.ordered_at, o.amount, count(*) AS rows, o.customer IS NOT NULL AND o.amount > 0 AS compared
            FROM workspace.order_rows o
            WHERE o.amount >= 0
            GROUP BY o.customer, o.ordered_at, o.amount) a
        GROUP BY a.customer, a.ordered_at) t) f
CROSS JOIN (SELECT count(o.order_key) - count(DISTINCT o.order_key) AS rows FROM workspace.order_rows o) i
CROSS JOIN (SELECT a.columns->>'customer' AS customer, a.columns->>'order_id' AS order_id FROM workspace.attached a WHERE a.relation_role = 'orders') n
CROSS JOIN LATERAL (SELECT CASE
    WHEN i.rows > 0 THEN 'lines' WHEN f.together * 2 > f.rows AND pg_typeof((SELECT o.ordered_at FROM workspace.order_rows o LIMIT 1)) <> 'date'::regtype THEN 'likely lines'
    WHEN f.repeated > 0 THEN 'duplicates' END AS what) l
CROSS JOIN LATERAL (
    VALUES
        (1, 'orders', CASE WHEN b.customers = 0 THEN 'none to count yet' END, 'The views are empty until there are orders'),
        (2, 'orders', 'orders: ' || b.orders || ', customers: ' || b.customers || ', from ' || b.first_order || ' to ' || b.last_order || '; the views speak of '
                || (SELECT r.as_of FROM workspace.reporting_date r),
            format('To see an earlier day: UPDATE %I.settings SET as_of = ''%s'';', $1, b.first_order + (b.last_order - b.first_order) / 2 + 1)),
        (3, 'cadence', 'customers who came on one day only: ' || _clientele.workspace_row_share(b.once, nullif(b.customers, 0))
                || coalesce('; median gap of the others, in days: ' || round(b.gap_days::numeric), ''), NULL),
        (4, 'order lines', CASE l.what WHEN 'lines' THEN format('rows whose %I another row has too: ', n.order_id) || _clientele.workspace_row_share(i.rows, f.all_rows) END,
            'Each row counts as an order: if these are lines of orders, attach a view that sums them by order'),
        (5, 'order lines', CASE l.what WHEN 'likely lines' THEN 'rows that share customer and time with another: ' || _clientele.workspace_row_share(f.together, f.rows) END,
            'These look like lines of orders, and each counts as an order: attach a view that sums them by order'),
        (6, 'likely duplicates', CASE l.what WHEN 'duplicates'
                THEN 'rows that repeat the customer, time and amount of another: ' || _clientele.workspace_row_share(f.repeated, f.rows) END,
            'If they were loaded twice, attach a view with DISTINCT'),
        (1001, 'blank customer', 'rows whose customer is empty or blank: ' || _clientele.workspace_row_share(f.blanks, f.all_rows),
            format('A blank is a customer like any other: if nobody knows who bought, attach a view with nullif(btrim(%I), '''') in its place', n.customer)),
        (1002, 'zero amounts', CASE (SELECT s.zero_amounts FROM workspace.applied_settings s) WHEN 'orders' THEN 'rows that count as orders of 0: ' || f.zeros END,
            format('If they are no orders: UPDATE %I.settings SET zero_amounts = ''skipped'';', $1))
    UNION ALL
    SELECT 100 + q."position", replace(q.reason, '_', ' '), 'rows left out: ' || _clientele.workspace_row_share(nullif(q.order_rows, 0), q.all_rows), q.description
    FROM (SELECT d.*, sum(d.order_rows) OVER ()::bigint AS all_rows FROM workspace.data_quality d) q
    WHERE q.reason <> 'used') v("position", topic, finding, advice)
WHERE v.finding IS NOT NULL
ORDER BY v."position"
