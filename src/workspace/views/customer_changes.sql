-- Stages take a customer's own history alone.
CREATE VIEW workspace.customer_changes AS
SELECT h.customer, c.as_of, 'stage' AS kind, c.changed_to, c.changed_from
FROM workspace.reporting_date r
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
CROSS JOIN workspace.customer_history h
CROSS JOIN LATERAL clientele.stage_changes(h.history, s.period, r.first_period, r.as_of,
    s.new_within, s.lost_after, s.regular_within, s.regular_purchases, s.count_by) c;
COMMENT ON VIEW workspace.customer_changes IS 'Changes of customers to another stage of the lifecycle and, where figures are stored, to another cell of the matrix, as of the ends of periods';
COMMENT ON COLUMN workspace.customer_changes.as_of IS 'The day after the last of a period: what changed within it';
COMMENT ON COLUMN workspace.customer_changes.kind IS 'stage: of the lifecycle, in all periods since the first order; class: the cell of the matrix, in the periods of class_history';
