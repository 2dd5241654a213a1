CREATE VIEW workspace.class_history AS
SELECT h.customer, c.period_start, c.as_of, c.abc, c.xyz, c.cell, c.stage, c.window_revenue, c.period_revenue
FROM workspace.class_limits l
CROSS JOIN workspace.customer_history h
CROSS JOIN LATERAL _clientele.class_points(h.history, h.profit_history, l.rules) c;
COMMENT ON VIEW workspace.class_history IS 'The classes of each customer at the end of each of the last twelve complete periods, by what was known then';
COMMENT ON COLUMN workspace.class_history.as_of IS 'The day after its last: classes are as of this day';
COMMENT ON COLUMN workspace.class_history.cell IS 'Both: AX to CZ';
COMMENT ON COLUMN workspace.class_history.window_revenue IS 'Revenue within the window of the classes';
COMMENT ON COLUMN workspace.class_history.period_revenue IS 'Revenue within the period';
