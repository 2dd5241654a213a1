-- stored by: as_of
-- internal
CREATE VIEW workspace.class_limits AS
SELECT p.period_start, p.as_of, p.lowest_a, p.lowest_b
FROM (
    SELECT _clientele.class_limits(h.history, h.profit_history, r.rules) AS rules
    FROM (
        SELECT _clientele.class_rules(_clientele.last_period_ends(d.as_of, s.period), s.period, s.class_window, s.abc_by, s.abc_a, s.abc_b,
            s.xyz_by, s.frequency_within, s.x_purchases, s.y_purchases, s.xyz_x, s.xyz_y, s.new_within, s.lost_after, s.regular_within,
            s.regular_purchases, s.count_by, NULL::integer, NULL::double precision) AS rules
        FROM workspace.reporting_date d CROSS JOIN workspace.applied_settings s
        LIMIT 1) r
    CROSS JOIN workspace.customer_history h) l
CROSS JOIN LATERAL _clientele.limit_points(l.rules) p
ORDER BY p.as_of;
COMMENT ON VIEW workspace.class_limits IS 'What it took to be an A or a B at the end of each of the last twelve complete periods';
COMMENT ON COLUMN workspace.class_limits.as_of IS 'The day after its last: classes are as of this day';
COMMENT ON COLUMN workspace.class_limits.lowest_a IS 'The lowest value of class A: revenue, or profit, of the window of the classes; empty where nobody brought anything';
COMMENT ON COLUMN workspace.class_limits.lowest_b IS 'That of class B; the same as of A where nobody is in B';
