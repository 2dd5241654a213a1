-- One walk over the events of each customer: names from the event before, and an end after the last one. Nothing is joined with the
-- events: they are a union, above which a distributed engine joins nothing that is small.
-- belongs to: touchpoints
CREATE VIEW workspace.journey_steps AS
SELECT v.customer, v.purchases_before + 1 AS journey_number, CASE WHEN NOT v.is_end THEN v.happened_at END AS happened_at,
    CASE WHEN v.is_end THEN v.touchpoint WHEN v.previous <> 'PURCHASE' THEN v.previous ELSE 'START' END AS from_touchpoint,
    CASE WHEN v.is_end THEN 'END' ELSE v.touchpoint END AS to_touchpoint,
    CASE WHEN NOT v.is_end AND v.previous <> 'PURCHASE' THEN v.hours END AS hours
FROM (
    SELECT e.*, unnest('{false,true}'::boolean[]) AS is_end
    FROM (
        SELECT t.customer, t.happened_at, t.touchpoint,
            count(t.order_number) OVER earlier AS purchases_before,
            lag(t.touchpoint) OVER earlier AS previous,
            date_part('epoch', t.happened_at - lag(t.happened_at) OVER earlier) / 3600 AS hours,
            lead(t.touchpoint) OVER earlier IS NULL AS is_last
        FROM workspace.touchpoint_events t
        WHERE t.tracked
        WINDOW earlier AS (PARTITION BY t.customer ORDER BY t.happened_at, t.order_number NULLS FIRST, t.touchpoint
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)) e) v
WHERE CASE WHEN v.is_end THEN v.is_last AND v.touchpoint <> 'PURCHASE'
    ELSE v.touchpoint = 'PURCHASE' OR v.touchpoint IS DISTINCT FROM v.previous OR (SELECT s.journey_repeats FROM workspace.applied_settings s) = 'kept' END;
COMMENT ON VIEW workspace.journey_steps IS 'Each step of each customer from one touchpoint to the next. A journey begins at START, and ends with a PURCHASE or, where nothing follows, with END; orders before the first touchpoint of all are left out';
COMMENT ON COLUMN workspace.journey_steps.journey_number IS '1 for the customer''s first journey; each purchase ends one';
COMMENT ON COLUMN workspace.journey_steps.happened_at IS 'When the step was made; empty for END';
COMMENT ON COLUMN workspace.journey_steps.hours IS 'Hours since the event before; empty from START and to END';
