-- How customers are told apart at the ends of the last twelve complete periods, read once per query.
CREATE VIEW workspace.class_rules AS
SELECT _clientele.class_rules(e.ends, s.period, s.class_window, s.abc_by, s.abc_a, s.abc_b, s.xyz_by, s.frequency_within, s.x_purchases,
    s.y_purchases, s.xyz_x, s.xyz_y, s.new_within, s.lost_after, s.regular_within, s.regular_purchases, s.count_by, NULL::integer, NULL::double precision) AS rules
FROM (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
CROSS JOIN LATERAL (
    SELECT array_agg(d.as_of ORDER BY d.as_of) AS ends
    FROM (
        SELECT (p.start - n.n * p.step)::date AS as_of, (p.start - (n.n + 1) * p.step)::date AS period_start
        FROM (
            SELECT clientele.period_start(r.as_of, s.period) AS start, _clientele.period_step(s.period) AS step
            FROM workspace.reporting_date r) p
        CROSS JOIN generate_series(0, 11) n(n)) d
    WHERE d.period_start >= date '0001-01-01') e
LIMIT 1;
COMMENT ON VIEW workspace.class_rules IS 'The settings as classes and stages at the ends of the last twelve complete periods go by them: what other views read';
COMMENT ON COLUMN workspace.class_rules.rules IS 'Of class_rules()';
