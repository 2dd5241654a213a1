-- The limits are stored: the classes of one customer are told from that one's history.
CREATE VIEW workspace.class_history AS
SELECT h.customer, c.period_start, c.as_of, c.abc, c.xyz, c.cell, c.stage, c.window_revenue, c.period_revenue
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
CROSS JOIN LATERAL _clientele.class_points(h.history, h.profit_history, l.rules) c;
COMMENT ON VIEW workspace.class_history IS 'The classes of each customer at the end of each of the last twelve complete periods, by what was known then';
COMMENT ON COLUMN workspace.class_history.as_of IS 'The day after its last: classes are as of this day';
COMMENT ON COLUMN workspace.class_history.cell IS 'Both: AX to CZ';
COMMENT ON COLUMN workspace.class_history.window_revenue IS 'Revenue within the window of the classes';
COMMENT ON COLUMN workspace.class_history.period_revenue IS 'Revenue within the period';
