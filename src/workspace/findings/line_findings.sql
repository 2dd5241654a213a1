-- What orders say and what their lines add up to is compared order by order: a line may be half a cent off. Names of products are looked at once each.
-- belongs to: lines
SELECT v.topic, v.finding, v.advice
FROM (
    SELECT count(*) AS rows, count(*) FILTER (WHERE l.usable) AS lines, count(*) FILTER (WHERE l.left_out = 'no_order_id') AS no_order_id,
        count(*) FILTER (WHERE l.left_out = 'no_product') AS no_product, count(*) FILTER (WHERE l.left_out = 'no_order') AS no_order,
        count(DISTINCT l.order_id) FILTER (WHERE l.left_out = 'no_order') AS unknown_orders, count(DISTINCT l.product) FILTER (WHERE l.usable) AS products
    FROM workspace.line_rows l) f
CROSS JOIN (
    SELECT count(*) AS orders, count(*) FILTER (WHERE o.lines IS NULL) AS without_lines, count(*) FILTER (WHERE o.orders > 1) AS repeated,
        count(*) FILTER (WHERE o.items > 100) AS large,
        count(*) FILTER (WHERE abs(o.sum_of_lines - o.amount) > 0.005 * (o.lines + 1)) AS different, sum(o.sum_of_lines - o.amount) FILTER (WHERE abs(o.sum_of_lines - o.amount) > 0.005 * (o.lines + 1)) AS difference
    FROM (
        SELECT o.order_id, o.orders, o.amount, l.lines, l.items, l.sum_of_lines
        FROM (
            SELECT x.order_id, count(*) AS orders, sum(x.kept_amount) AS amount
            FROM workspace.order_rows x
            WHERE x.usable AND x.is_order AND x.order_id IS NOT NULL
            GROUP BY x.order_id) o
        LEFT JOIN (
            SELECT x.order_id, count(*) AS lines, count(DISTINCT x.product) AS items, sum(x.amount) AS sum_of_lines
            FROM workspace.line_rows x
            WHERE x.usable
            GROUP BY x.order_id) l ON l.order_id = o.order_id) o) g
CROSS JOIN (
    SELECT count(*) AS products, sum(n.lines) AS lines, string_agg(n.product, ', ' ORDER BY n.lines DESC, n.product) FILTER (WHERE n.place <= 20) AS names
    FROM (
        SELECT p.product, p.lines, row_number() OVER (ORDER BY p.lines DESC, p.product) AS place
        FROM (SELECT x.product, count(*) AS lines FROM workspace.line_rows x WHERE x.usable GROUP BY x.product) p
        WHERE lower(p.product) ~ (SELECT _clientele.workspace_no_product_pattern())) n) n
CROSS JOIN (
    SELECT to_regclass(a.relation) = to_regclass(b.relation) AS is_same
    FROM workspace.attached a CROSS JOIN workspace.attached b
    WHERE a.relation_role = 'orders' AND b.relation_role = 'lines') s
CROSS JOIN LATERAL (VALUES
    (1, 'lines', format('%s of %s orders, of %s products', f.lines, g.orders - g.without_lines, f.products), NULL),
    (2, 'no order_id', 'lines left out: ' || _clientele.workspace_row_share(nullif(f.no_order_id, 0), f.rows), 'Without a number of an order'),
    (3, 'no product', 'lines left out: ' || _clientele.workspace_row_share(nullif(f.no_product, 0), f.rows), 'Without a product'),
    (4, 'no order', 'lines left out: ' || _clientele.workspace_row_share(nullif(f.no_order, 0), f.rows) || format(', of %s orders', f.unknown_orders),
        'No order that counts has the number: it is none of the orders'', or one that is left out'),
    (5, 'no lines', 'orders: ' || _clientele.workspace_row_share(nullif(g.without_lines, 0), g.orders), 'What they are made of is not known: they count everywhere but in what reads lines'),
    (6, 'one number', 'numbers that several orders have: ' || _clientele.workspace_row_share(CASE WHEN NOT s.is_same THEN nullif(g.repeated, 0) END, g.orders),
        'Each of their lines counts for every one of them: attach views in which a number is one order''s'),
    (7, 'sums', 'orders that say another amount than their lines: ' || _clientele.workspace_row_share(CASE WHEN NOT s.is_same THEN nullif(g.different, 0) END, g.orders - g.without_lines)
            || format(', by %s in all', g.difference), 'Discounts, shipping and taxes that are no lines do that, and lines that are missing: views that count money of customers go by the orders, those of products by the lines'),
    (8, 'no products', n.names || ', in ' || _clientele.workspace_row_share(n.lines::bigint, f.lines),
        'They look like what an order costs besides. They count as products: to leave them out attach a view without them'),
    (9, 'large orders', 'orders of more than 100 products: ' || _clientele.workspace_row_share(nullif(g.large, 0), g.orders - g.without_lines), 'Pairs leave them out: they are those of dealers, and tell little of tastes')) v("position", topic, finding, advice)
WHERE v.finding IS NOT NULL
ORDER BY v."position"
