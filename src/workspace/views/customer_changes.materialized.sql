-- Where histories are stored the classes are told of too, for which all customers are compared.
CREATE VIEW workspace.customer_changes AS
SELECT h.customer, c.as_of, 'stage' AS kind, c.changed_to, c.changed_from
FROM workspace.reporting_date r
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
CROSS JOIN workspace.customer_history h
CROSS JOIN LATERAL clientele.stage_changes(h.history, s.period, r.first_period, r.as_of,
    s.new_within, s.lost_after, s.regular_within, s.regular_purchases, s.count_by) c
UNION ALL
SELECT c.customer, c.as_of, 'class' AS kind, coalesce(c.cell, 'none') AS changed_to, coalesce(c.before, 'none') AS changed_from
FROM (
    SELECT h.customer, h.as_of, h.cell, lag(h.cell) OVER periods AS before, lag(h.as_of) OVER periods AS before_as_of
    FROM workspace.class_history h
    WINDOW periods AS (PARTITION BY h.customer ORDER BY h.as_of)) c
WHERE c.before_as_of IS NOT NULL AND c.cell IS DISTINCT FROM c.before;
COMMENT ON VIEW workspace.customer_changes IS 'Changes of customers to another stage of the lifecycle and, where figures are stored, to another cell of the matrix, as of the ends of periods';
COMMENT ON COLUMN workspace.customer_changes.as_of IS 'The day after the last of a period: what changed within it';
COMMENT ON COLUMN workspace.customer_changes.kind IS 'stage: of the lifecycle, in all periods since the first order; class: the cell of the matrix, in the periods of class_history';
