-- An order came back where the rows of orders with its number bring nothing together, or where the next of the customer's of the same amount
-- is below zero, a return with a number of its own; and in part where one with its number is below zero. Where points are taken back by the
-- numbers of returns nobody can tell which were kept.
-- belongs to: points
WITH enriched AS MATERIALIZED (SELECT e.* FROM workspace.points_enriched e)
SELECT v.topic, v.finding, v.advice
FROM (
    SELECT count(*) AS rows, count(*) FILTER (WHERE t.left_out = 'no_time') AS no_time, count(*) FILTER (WHERE t.is_empty_time) AS empty_times, count(*) FILTER (WHERE t.left_out = 'no_points') AS no_points,
        count(*) FILTER (WHERE t.left_out = 'invalid_points') AS invalid_points, count(*) FILTER (WHERE t.left_out = 'no_customer') AS no_customer, count(*) FILTER (WHERE t.left_out IS NULL AND NOT t.counts) AS future,
        count(DISTINCT t.customer) FILTER (WHERE t.counts) AS customers, count(*) FILTER (WHERE t.counts) AS counted, count(*) FILTER (WHERE t.counts AND t.points > 0::numeric) AS earnings,
        count(*) FILTER (WHERE t.counts AND t.points < 0::numeric) AS redemptions, count(*) FILTER (WHERE t.counts AND t.points > 0::numeric AND t.expires_on <= t.day) AS born_expired
    FROM (SELECT p.*, coalesce(p.usable AND p.day < (SELECT r.as_of FROM workspace.reporting_date r), false) AS counts FROM workspace.point_rows p) t) f
CROSS JOIN (
    SELECT coalesce(sum(e.counted_points) FILTER (WHERE e.points > 0::numeric), 0) AS earned, coalesce(sum(-e.counted_points) FILTER (WHERE e.points < 0::numeric), 0) AS redeemed,
        count(*) FILTER (WHERE e.points < 0::numeric AND e.counted_points <> e.points) AS taken_rows, coalesce(sum(e.counted_points - e.points) FILTER (WHERE e.points < 0::numeric), 0) AS taken
    FROM enriched e) k
CROSS JOIN (
    SELECT count(*) FILTER (WHERE b.overdrawn > 0::numeric) AS customers, coalesce(sum(b.overdrawn), 0) AS points
    FROM workspace.points_balances b) o
CROSS JOIN (
    SELECT coalesce(sum(s.rows) FILTER (WHERE s.is_stranger), 0)::bigint AS rows, count(*) FILTER (WHERE s.is_stranger) AS customers
    FROM (
        SELECT p.rows, h.customer IS NULL AS is_stranger
        FROM (
            SELECT x.customer, count(*) AS rows FROM workspace.point_rows x
            WHERE x.usable AND x.day < (SELECT r.as_of FROM workspace.reporting_date r) GROUP BY x.customer) p
        LEFT JOIN workspace.customer_history h ON h.customer = p.customer) s) n
CROSS JOIN (
    SELECT count(*) FILTER (WHERE g.earnings > 1) AS twice, count(*) FILTER (WHERE g.customers > 1) AS of_several,
        count(*) FILTER (WHERE g.came_back AND g.counted > 0::numeric) AS kept_orders, coalesce(sum(g.counted) FILTER (WHERE g.came_back), 0) AS kept,
        count(*) FILTER (WHERE g.came_in_part AND g.counted = g.earned) AS partly_kept_orders, coalesce(sum(g.counted) FILTER (WHERE g.came_in_part AND g.counted = g.earned), 0) AS partly_kept,
        count(*) FILTER (WHERE g.is_return) AS returns, count(*) FILTER (WHERE g.brought IS NULL) AS unknown_orders, count(*) AS orders
    FROM (
        SELECT e.*, w.brought, coalesce(w.brought <= 0::numeric AND w.bought > 0::numeric OR w.came_back AND NOT bool_or(w.bought = 0::numeric AND w.brought < 0::numeric AND e.redemptions > 0) OVER (), false) AS came_back,
            coalesce(w.brought > 0::numeric AND w.has_return, false) AS came_in_part, coalesce(w.bought = 0::numeric AND w.brought < 0::numeric AND e.redemptions > 0, false) AS is_return
        FROM (
            SELECT x.order_id, count(*) FILTER (WHERE x.points > 0::numeric) AS earnings, count(*) FILTER (WHERE x.points < 0::numeric) AS redemptions, count(DISTINCT x.customer) AS customers,
                sum(x.points) FILTER (WHERE x.points > 0::numeric) AS earned, sum(x.counted_points) FILTER (WHERE x.points > 0::numeric) AS counted
            FROM enriched x
            WHERE x.order_id IS NOT NULL
            GROUP BY x.order_id) e
        LEFT JOIN (
            SELECT q.order_id, sum(q.amount) AS brought, sum(greatest(q.amount, 0::numeric)) AS bought, bool_or(q.amount < 0::numeric) AS has_return, bool_or(q.amount > 0::numeric AND q.next_amount < 0::numeric) AS came_back
            FROM (
                SELECT btrim(y.order_id) COLLATE "default" AS order_id, y.kept_amount AS amount,
                    CASE WHEN y.customer IS NOT NULL THEN lead(y.kept_amount) OVER (PARTITION BY y.customer, abs(y.kept_amount) ORDER BY y.day, y.instant, y.kept_amount DESC) END AS next_amount
                FROM workspace.order_rows y
                WHERE y.usable AND y.day < (SELECT r.as_of FROM workspace.reporting_date r)) q
            GROUP BY q.order_id) w ON w.order_id = e.order_id) g) d
CROSS JOIN (
    SELECT a.columns->>'of_order_id' <> '' AS has_order, a.columns->>'expires_on' <> '' AS has_expiry, coalesce(q.columns->>'order_id', '') <> '' AS orders_have_number, s.points_valid, s.point_cost
    FROM workspace.attached a CROSS JOIN workspace.settings s LEFT JOIN workspace.attached q ON q.relation_role = 'orders'
    WHERE a.relation_role = 'points') c
CROSS JOIN LATERAL (VALUES
    (1, 'points', format('rows: %s, customers: %s, earned: %s, redeemed: %s', f.rows, f.customers, trim_scale(k.earned), trim_scale(k.redeemed)),
        CASE WHEN f.redemptions = 0 AND f.earnings > 0 THEN 'No row is below zero, so none were redeemed. If another column says which were, attach a view that makes those negative' END),
    (2, 'validity', CASE WHEN c.points_valid IS NULL AND c.has_expiry IS NOT TRUE THEN 'points never expire' END, format('If they do, say for how long they are valid: UPDATE %I.settings SET points_valid = ''12 months''', $1)),
    (3, 'cost', CASE WHEN c.point_cost IS NULL THEN 'nobody said what a point costs' END, format('points_liability has money once it is said: UPDATE %I.settings SET point_cost = 0.01', $1)),
    (4, 'no time', 'rows left out: ' || _clientele.workspace_row_share(nullif(f.no_time, 0), f.rows), 'Without a time, or with an infinite one, or one outside the years 1 to 9999'),
    (5, 'empty times', 'rows with 0001-01-01, 1899-12-30 or 1970-01-01: ' || _clientele.workspace_row_share(nullif(f.empty_times, 0), f.rows), 'Systems write them where there is no time: such rows are left out, as those without one'),
    (6, 'no points', 'rows left out: ' || _clientele.workspace_row_share(nullif(f.no_points, 0), f.rows), 'They do not say how many'),
    (7, 'invalid points', 'rows left out: ' || _clientele.workspace_row_share(nullif(f.invalid_points, 0), f.rows), 'NaN, infinite or more than 922 trillion'),
    (8, 'no customer', 'rows left out: ' || _clientele.workspace_row_share(nullif(f.no_customer, 0), f.rows), 'Without a customer, or with a key that can be none of the orders'''),
    (9, 'future', 'rows left out: ' || _clientele.workspace_row_share(nullif(f.future, 0), f.rows), 'On or after the reporting date: not counted yet'),
    (10, 'unknown customers', CASE WHEN n.rows > 0 THEN format('%s are of %s customers who are none of the orders''', _clientele.workspace_row_share(n.rows, f.counted), n.customers) END,
        'They count; if there are many, look whether the column is the customer of the orders'),
    (11, 'expired at once', 'earnings that expire on the day they are of, or before: ' || _clientele.workspace_row_share(nullif(f.born_expired, 0), f.earnings), 'They can never be redeemed; look whether expires_on is what its name says'),
    (12, 'taken back', CASE WHEN k.taken > 0::numeric THEN format('%s points in %s rows, of orders that had earned them', trim_scale(k.taken), k.taken_rows) END,
        'They are taken off the day on which they were earned, and do not count as redeemed'),
    (13, 'kept', CASE WHEN d.kept_orders > 0 THEN format('%s points of %s orders that came back', trim_scale(d.kept), d.kept_orders) END,
        'Who buys, gets points and sends everything back keeps them: take them back with a row below zero of the same order'),
    (14, 'kept in part', CASE WHEN d.partly_kept_orders > 0 THEN format('%s points of %s orders that came back in part', trim_scale(d.partly_kept), d.partly_kept_orders) END,
        'None of them were taken back'),
    (15, 'returns', CASE WHEN d.returns > 0 THEN format('points were redeemed for %s orders that are returns', d.returns) END,
        'If they take back what was earned, attach a view that gives them the number of the order that came back: until then they count as redeemed'),
    (16, 'overdrawn', CASE WHEN o.customers > 0 THEN format('%s customers redeemed %s points more than they had', o.customers, trim_scale(o.points)) END,
        'What they earn next pays for it: points_balances says who. Look whether points are missing, such as those of before the table begins, or points_valid is too short'),
    (17, 'earned twice', CASE WHEN d.twice > 0 THEN format('%s of %s orders', d.twice, d.orders) END, 'Several rows above zero have the same order: it may have been counted twice, or points that it was paid with were given back'),
    (18, 'several customers', CASE WHEN d.of_several > 0 THEN format('%s of %s orders', d.of_several, d.orders) END, 'Points of the same order belong to several customers: look whether order_id is the number of an order'),
    (19, 'unknown orders', CASE WHEN c.orders_have_number AND d.unknown_orders > 0 THEN format('%s of %s orders', d.unknown_orders, d.orders) END, 'They are none of the orders, so nobody knows whether they came back')) v("position", topic, finding, advice)
WHERE v.finding IS NOT NULL
ORDER BY v."position"
