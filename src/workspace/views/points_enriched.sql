-- What a later day takes off the points of an order is taken off the day on which they were earned, the first lot first: by then it may
-- have been redeemed, which is overdrawn. What an order was paid with is redeemed, so only what an order had earned before can be
-- taken back, and no more. Both windows have their rows in one order, and let a condition on the customer reach an index.
-- belongs to: points
CREATE VIEW workspace.points_enriched AS
WITH earned AS (
    SELECT b.*, min(b.day) FILTER (WHERE b.points > 0::numeric) OVER of_order AS earned_on, sum(b.points) FILTER (WHERE b.points > 0::numeric) OVER of_order AS earned_points
    FROM (
        SELECT p.customer, p.day, p.points, p.order_id, p.order_id COLLATE "C" AS order_key, coalesce(p.expires_on, CASE WHEN s.points_valid IS NOT NULL THEN least((p.day + s.points_valid)::date, make_date(9999, 12, 31)) END) AS expires_on
        FROM workspace.point_rows p
        CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
        CROSS JOIN (SELECT x.as_of FROM workspace.reporting_date x LIMIT 1) r
        WHERE CASE WHEN p.usable THEN p.points <> 0::numeric AND p.day < r.as_of ELSE false END) b
    WINDOW of_order AS (PARTITION BY b.customer, b.order_key ORDER BY b.day, b.points, b.expires_on ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
), returned AS (
    SELECT e.*, sum(e.points) FILTER (WHERE e.points > 0::numeric) OVER so_far AS earned_so_far,
        sum(-e.points) FILTER (WHERE e.points < 0::numeric AND e.day > e.earned_on) OVER so_far AS returned_so_far,
        sum(-e.points) FILTER (WHERE e.points < 0::numeric AND e.day > e.earned_on) OVER of_order AS returned_points
    FROM earned e
    WINDOW so_far AS (PARTITION BY e.customer, e.order_key ORDER BY e.day, e.points, e.expires_on ROWS UNBOUNDED PRECEDING),
        of_order AS (PARTITION BY e.customer, e.order_key ORDER BY e.day, e.points, e.expires_on ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
), taken AS (
    SELECT t.*, CASE WHEN t.order_id IS NOT NULL AND (t.points > 0::numeric OR t.day > t.earned_on)
        THEN greatest(least(abs(t.points), least(t.earned_points, coalesce(t.returned_points, 0::numeric)) - (CASE WHEN t.points > 0::numeric THEN t.earned_so_far ELSE t.returned_so_far END - abs(t.points))), 0::numeric)
        ELSE 0::numeric END AS taken_back
    FROM returned t
)
SELECT k.customer, k.day, CASE WHEN k.points > 0::numeric THEN 'earned' WHEN k.taken_back = -k.points THEN 'taken back' ELSE 'redeemed' END AS kind,
    k.points, k.points - sign(k.points) * k.taken_back AS counted_points, k.order_id, CASE WHEN k.points > 0::numeric THEN k.expires_on END AS expires_on
FROM taken k;
COMMENT ON VIEW workspace.points_enriched IS 'The points row by row, with what counts of them once points of orders that came back were taken off the day on which they were earned';
COMMENT ON COLUMN workspace.points_enriched.customer IS 'The customer, as in the orders; some may not have ordered yet';
COMMENT ON COLUMN workspace.points_enriched.kind IS 'earned, redeemed, or taken back where an order came back';
COMMENT ON COLUMN workspace.points_enriched.order_id IS 'Number of the order they are of; empty where unknown';
