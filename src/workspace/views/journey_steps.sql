-- One walk over the events of each customer: names from the event before, and an end after the last one.
-- belongs to: touchpoints
CREATE VIEW workspace.journey_steps AS
SELECT e.customer, e.purchases_before + 1 AS journey_number, v.happened_at, v.from_touchpoint, v.to_touchpoint, v.hours
FROM (
    SELECT t.customer, t.happened_at, t.touchpoint, s.journey_repeats,
        count(t.order_number) OVER earlier AS purchases_before,
        lag(t.touchpoint) OVER earlier AS previous,
        date_part('epoch', t.happened_at - lag(t.happened_at) OVER earlier) / 3600 AS hours,
        lead(t.touchpoint) OVER earlier IS NULL AS is_last
    FROM workspace.touchpoint_events t
    CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
    WHERE t.tracked
    WINDOW earlier AS (PARTITION BY t.customer ORDER BY t.happened_at, t.order_number NULLS FIRST, t.touchpoint
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) e
CROSS JOIN LATERAL (
    SELECT e.happened_at, CASE WHEN e.previous <> 'PURCHASE' THEN e.previous ELSE 'START' END AS from_touchpoint, e.touchpoint AS to_touchpoint,
        CASE WHEN e.previous <> 'PURCHASE' THEN e.hours END AS hours
    WHERE e.touchpoint = 'PURCHASE' OR e.journey_repeats = 'kept' OR e.touchpoint IS DISTINCT FROM e.previous
    UNION ALL
    SELECT NULL::timestamptz AS happened_at, e.touchpoint AS from_touchpoint, 'END' AS to_touchpoint, NULL::double precision AS hours
    WHERE e.is_last AND e.touchpoint <> 'PURCHASE') v;
COMMENT ON VIEW workspace.journey_steps IS 'Each step of each customer from one touchpoint to the next. A journey begins at START, and ends with a PURCHASE or, where nothing follows, with END; orders before the first touchpoint of all are left out';
COMMENT ON COLUMN workspace.journey_steps.journey_number IS '1 for the customer''s first journey; each purchase ends one';
COMMENT ON COLUMN workspace.journey_steps.happened_at IS 'When the step was made; empty for END';
COMMENT ON COLUMN workspace.journey_steps.hours IS 'Hours since the event before; empty from START and to END';
