-- All is told from the rows as they are sorted once: they carry no settings through the sort, and with the day among what they
-- are sorted by, it is worked out once for each.
-- By DISTINCT the classes are known to be one per customer and period, so that the join goes away where nobody asks for
-- them. CASE changes nothing: without it a constant customer replaces the condition from PostgreSQL 16 on, and the join stays.
CREATE VIEW workspace.orders_enriched AS
SELECT e.customer, e.order_id, e.day, e.amount, e.order_number, e.days_since_previous, e.stage,
    c.abc, c.xyz, c.cell, e.source, e.category, e.ordered_at
FROM (
    SELECT o.*, row_number() OVER one_by_one AS order_number,
        o.day - lag(o.day) OVER one_by_one AS days_since_previous,
        clientele.order_stage(o.day, (SELECT s.new_within FROM workspace.applied_settings s), (SELECT s.lost_after FROM workspace.applied_settings s),
            (SELECT s.regular_within FROM workspace.applied_settings s), (SELECT s.regular_purchases FROM workspace.applied_settings s),
            (SELECT s.count_by FROM workspace.applied_settings s)) OVER one_by_one AS stage
    FROM (
        SELECT o.customer, o.ordered_at AS at, o.instant AS ordered_at, o.day, o.kept_amount AS amount, o.order_key, o.order_id, o.source, o.category
        FROM workspace.order_rows o
        WHERE o.customer IS NOT NULL AND o.usable AND o.is_order AND o.day < (SELECT r.as_of FROM workspace.reporting_date r)
    ) o
    WINDOW one_by_one AS (PARTITION BY o.customer ORDER BY o.at, o.day, o.order_key, o.amount)
) e
LEFT JOIN (
    SELECT DISTINCT ON (h.customer, h.as_of) h.customer, h.as_of, h.abc, h.xyz, h.cell
    FROM workspace.class_history h) c ON c.customer = CASE WHEN e.order_number > 0 THEN e.customer END
    AND c.as_of = clientele.period_start(e.day, (SELECT s.period FROM workspace.applied_settings s));
COMMENT ON VIEW workspace.orders_enriched IS 'The orders one by one, numbered for each customer, with what the customer was at that time. Returns are not orders';
COMMENT ON COLUMN workspace.orders_enriched.order_id IS 'Number of the order as text; empty where no column of it is attached';
COMMENT ON COLUMN workspace.orders_enriched.day IS 'Day of the order';
COMMENT ON COLUMN workspace.orders_enriched.amount IS 'Amount of the order';
COMMENT ON COLUMN workspace.orders_enriched.order_number IS '1 for the customer''s first order, and so on';
COMMENT ON COLUMN workspace.orders_enriched.days_since_previous IS 'Days since the customer''s order before; empty for the first';
COMMENT ON COLUMN workspace.orders_enriched.stage IS 'Stage of the lifecycle at the start of that day; empty before the first order';
COMMENT ON COLUMN workspace.orders_enriched.abc IS 'ABC class at the start of that period, for the period under way and the eleven before it';
COMMENT ON COLUMN workspace.orders_enriched.xyz IS 'XYZ class at the start of that period';
COMMENT ON COLUMN workspace.orders_enriched.cell IS 'Cell of the matrix at the start of that period';
COMMENT ON COLUMN workspace.orders_enriched.source IS 'Where the order came from; empty where no column of it is attached';
COMMENT ON COLUMN workspace.orders_enriched.ordered_at IS 'Time of the order; empty where only its day is known';
