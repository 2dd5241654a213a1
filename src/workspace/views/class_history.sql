-- What compares all customers comes to a few limits, by which each is classified alone: histories are read twice, and worked out once.
CREATE VIEW workspace.class_history AS
WITH histories AS MATERIALIZED (SELECT h.customer, h.history, h.profit_history FROM workspace.customer_history h)
SELECT h.customer, c.period_start, c.as_of, c.abc, c.xyz, c.cell, c.stage, c.window_revenue, c.period_revenue
FROM (
    SELECT _clientele.class_limits(x.history, x.profit_history, r.rules) AS rules
    FROM (
        SELECT _clientele.class_rules(_clientele.last_period_ends(d.as_of, s.period), s.period, s.class_window, s.abc_by, s.abc_a, s.abc_b,
            s.xyz_by, s.frequency_within, s.x_purchases, s.y_purchases, s.xyz_x, s.xyz_y, s.new_within, s.lost_after, s.regular_within,
            s.regular_purchases, s.count_by, NULL::integer, NULL::double precision) AS rules
        FROM workspace.reporting_date d CROSS JOIN workspace.applied_settings s
        LIMIT 1) r
    CROSS JOIN histories x) l
CROSS JOIN histories h
CROSS JOIN LATERAL _clientele.class_points(h.history, h.profit_history, l.rules) c;
COMMENT ON VIEW workspace.class_history IS 'The classes of each customer at the end of each of the last twelve complete periods, by what was known then';
COMMENT ON COLUMN workspace.class_history.as_of IS 'The day after its last: classes are as of this day';
COMMENT ON COLUMN workspace.class_history.cell IS 'Both: AX to CZ';
COMMENT ON COLUMN workspace.class_history.window_revenue IS 'Revenue within the window of the classes';
COMMENT ON COLUMN workspace.class_history.period_revenue IS 'Revenue within the period';
