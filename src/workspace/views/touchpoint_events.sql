-- A purchase that is known by its day alone comes after what happened on that day: it is its end, unless all are days.
-- belongs to: touchpoints
-- internal
CREATE VIEW workspace.touchpoint_events AS
SELECT t.customer, t.instant AS happened_at, t.touchpoint, t.source, t.reason, NULL::bigint AS order_number, true AS tracked
FROM workspace.touchpoint_rows t
WHERE t.usable AND t.day < (SELECT r.as_of FROM workspace.reporting_date r)
UNION ALL
SELECT p.customer, p.happened_at, 'PURCHASE'::text AS touchpoint, p.source, NULL::text AS reason, p.order_number,
    coalesce(p.happened_at >= (
        SELECT t.instant
        FROM workspace.touchpoint_rows t
        WHERE t.usable AND t.happened_at IS NOT NULL AND t.day < (SELECT r.as_of FROM workspace.reporting_date r)
        ORDER BY t.happened_at
        LIMIT 1), false) AS tracked
FROM (
    SELECT e.customer, e.source, e.order_number,
        coalesce(e.ordered_at, _clientele.workspace_instant(
            CASE WHEN (SELECT pg_typeof(min(n.happened_at)) = 'date'::regtype FROM (SELECT t.happened_at FROM workspace.touchpoint_rows t ORDER BY t.happened_at LIMIT 0) n) THEN e.day::timestamp
                ELSE e.day::timestamp + interval '1 day' - interval '1 microsecond' END AT TIME ZONE s.time_zone)) AS happened_at
    FROM workspace.orders_enriched e
    CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
    WHERE s.count_by = 'orders' OR e.days_since_previous IS DISTINCT FROM 0) p;
COMMENT ON VIEW workspace.touchpoint_events IS 'Everything that customers were in touch with, and their purchases: what the views of journeys and funnels read';
COMMENT ON COLUMN workspace.touchpoint_events.customer IS 'The customer, as in the orders; some may not have ordered yet';
COMMENT ON COLUMN workspace.touchpoint_events.happened_at IS 'When; of a day its beginning, of a purchase that is known by its day alone the end of that day';
COMMENT ON COLUMN workspace.touchpoint_events.touchpoint IS 'With what; PURCHASE for an order';
COMMENT ON COLUMN workspace.touchpoint_events.source IS 'Where it came from; empty where no column of it is attached';
COMMENT ON COLUMN workspace.touchpoint_events.reason IS 'Why something was lost; empty where no column of it is attached';
COMMENT ON COLUMN workspace.touchpoint_events.order_number IS 'Of a purchase: 1 for the customer''s first order, and so on';
COMMENT ON COLUMN workspace.touchpoint_events.tracked IS 'Whether touchpoints were recorded then: not for purchases before the first touchpoint of all';
