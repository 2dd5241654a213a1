-- Each part is found by the customer alone.
CREATE VIEW workspace.customer_timeline AS
SELECT o.customer, coalesce(o.instant, _clientele.workspace_instant(o.day::timestamp AT TIME ZONE s.time_zone)) AS happened_at, o.day,
    CASE WHEN o.is_order THEN 'order' ELSE 'return' END AS kind, coalesce(o.order_id, CASE WHEN o.is_order THEN 'order' ELSE 'return' END) AS title,
    nullif(concat_ws(', ', o.category, o.source), '') AS detail, o.kept_amount AS amount
FROM workspace.order_rows o
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
WHERE o.customer IS NOT NULL AND o.usable AND o.day < (SELECT r.as_of FROM workspace.reporting_date r)
UNION ALL
SELECT a.customer, a.instant AS happened_at, a.day, 'answer' AS kind, a.score::text AS title,
    nullif(concat_ws(', ', a.touchpoint, nullif(btrim(a.comment), '')), '') AS detail, NULL::numeric AS amount
FROM workspace.answer_rows a
WHERE a.customer IS NOT NULL AND a.usable AND a.day < (SELECT r.as_of FROM workspace.reporting_date r)
UNION ALL
SELECT t.customer, t.instant AS happened_at, t.day, 'touchpoint' AS kind, t.touchpoint AS title,
    nullif(concat_ws(', ', t.source, t.reason), '') AS detail, NULL::numeric AS amount
FROM workspace.touchpoint_rows t
WHERE t.usable AND t.day < (SELECT r.as_of FROM workspace.reporting_date r)
UNION ALL
SELECT l.customer, coalesce(l.instant, _clientele.workspace_instant(l.day::timestamp AT TIME ZONE s.time_zone)) AS happened_at, l.day, 'lines' AS kind, l.order_id AS title,
    string_agg(concat_ws(' x ', trim_scale(nullif(l.quantity, 1)), l.product), ', ' ORDER BY l.amount DESC NULLS LAST, l.product) AS detail, sum(l.amount) AS amount
FROM workspace.line_rows l
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
WHERE l.customer IS NOT NULL AND l.usable AND l.day < (SELECT r.as_of FROM workspace.reporting_date r)
GROUP BY l.customer, l.order_id, l.day, l.instant, s.time_zone
UNION ALL
SELECT f.customer, f.instant AS happened_at, f.day, 'offer' AS kind, f.offer AS title,
    concat_ws(', ', f.outcome, f.reason) AS detail, NULL::numeric AS amount
FROM workspace.offer_rows f
WHERE f.usable AND f.day < (SELECT r.as_of FROM workspace.reporting_date r)
UNION ALL
SELECT g.customer, g.instant AS happened_at, g.day, 'points' AS kind, CASE WHEN g.points > 0::numeric THEN '+' ELSE '' END || trim_scale(g.points)::text AS title,
    concat_ws(', ', CASE WHEN g.points > 0::numeric THEN 'earned' ELSE 'redeemed' END, g.order_id) AS detail, NULL::numeric AS amount
FROM workspace.point_rows g
WHERE g.usable AND g.points <> 0::numeric AND g.day < (SELECT r.as_of FROM workspace.reporting_date r)
UNION ALL
SELECT c.customer, c.as_of::timestamp AT TIME ZONE s.time_zone AS happened_at, c.as_of AS day, c.kind, c.changed_to AS title,
    'before: ' || c.changed_from AS detail, NULL::numeric AS amount
FROM workspace.customer_changes c
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s;
COMMENT ON VIEW workspace.customer_timeline IS 'All that is known of a customer: orders and what they are made of, returns, answers, touchpoints, offers, points, changes of stage and class. For looking up one, WHERE customer = ... ORDER BY happened_at, which an index on the customer serves';
COMMENT ON COLUMN workspace.customer_timeline.happened_at IS 'When; of a day its beginning';
COMMENT ON COLUMN workspace.customer_timeline.day IS 'Its day';
COMMENT ON COLUMN workspace.customer_timeline.kind IS 'order, return, lines (what an order is made of), answer, touchpoint, offer, points, or stage and class as in customer_changes';
COMMENT ON COLUMN workspace.customer_timeline.title IS 'What: the number of an order, and again before its lines, the score of an answer, the touchpoint, the offer, how many points, the new stage or cell';
COMMENT ON COLUMN workspace.customer_timeline.detail IS 'More about it: category and source, the products of an order, touchpoint and comment, what became of an offer and why, whether points were earned or redeemed and the order they are of, the stage or cell before';
COMMENT ON COLUMN workspace.customer_timeline.amount IS 'Amount of an order, its lines or a return; else empty';
