-- The limits are stored; see the other one.
CREATE VIEW workspace.orders_enriched AS
SELECT e.customer, e.order_id, e.day, e.amount, e.order_number, e.days_since_previous, e.stage,
    _clientele.path_abc(c.path, e.day) AS abc, _clientele.path_xyz(c.path, e.day) AS xyz, _clientele.path_cell(c.path, e.day) AS cell, e.source, e.category, e.ordered_at
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
    SELECT DISTINCT ON (h.customer) h.customer, _clientele.class_path(h.history, h.profit_history, l.rules) AS path
    FROM (
        SELECT _clientele.class_rules_with(r.rules, m.lowest_a, m.lowest_b) AS rules
        FROM (
            SELECT _clientele.class_rules(_clientele.last_period_ends(d.as_of, s.period), s.period, s.class_window, s.abc_by, s.abc_a, s.abc_b,
                s.xyz_by, s.frequency_within, s.x_purchases, s.y_purchases, s.xyz_x, s.xyz_y, s.new_within, s.lost_after, s.regular_within,
                s.regular_purchases, s.count_by, NULL::integer, NULL::double precision) AS rules
            FROM workspace.reporting_date d CROSS JOIN workspace.applied_settings s
            LIMIT 1) r
        CROSS JOIN (
            SELECT array_agg(x.lowest_a ORDER BY x.as_of) AS lowest_a, array_agg(x.lowest_b ORDER BY x.as_of) AS lowest_b
            FROM workspace.class_limits x) m
        OFFSET 0) l
    CROSS JOIN workspace.customer_history h
) c ON c.customer = CASE WHEN e.order_number > 0 THEN e.customer END;
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
