-- Where histories are stored the classes are told of too, for which all customers are compared.
CREATE VIEW workspace.customer_changes AS
SELECT h.customer, c.as_of, 'stage' AS kind, c.changed_to, c.changed_from
FROM workspace.reporting_date r
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
CROSS JOIN workspace.customer_history h
CROSS JOIN LATERAL clientele.stage_changes(h.history, s.period, r.first_period, r.as_of,
    s.new_within, s.lost_after, s.regular_within, s.regular_purchases, s.count_by) c
UNION ALL
SELECT h.customer, c.as_of, 'class' AS kind, c.changed_to, c.changed_from
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
CROSS JOIN LATERAL _clientele.class_changes(h.history, h.profit_history, l.rules) c;
COMMENT ON VIEW workspace.customer_changes IS 'Changes of customers to another stage of the lifecycle and, where figures are stored, to another cell of the matrix, as of the ends of periods';
COMMENT ON COLUMN workspace.customer_changes.as_of IS 'The day after the last of a period: what changed within it';
COMMENT ON COLUMN workspace.customer_changes.kind IS 'stage: of the lifecycle, in all periods since the first order; class: the cell of the matrix, in the periods of class_history';
