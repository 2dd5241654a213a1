-- belongs to: answers
-- internal
CREATE VIEW workspace.answer_window AS
SELECT r.as_of, r.first_period, s.period, s.enough,
    greatest(coalesce((r.as_of - s.nps_window)::date, make_date(1, 1, 1)), make_date(1, 1, 1)) AS from_date,
    n.scale[1] AS lowest, n.scale[2] AS highest
FROM workspace.reporting_date r
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
LEFT JOIN (SELECT _clientele.workspace_scale(a.columns ->> 'scale'::text) AS scale FROM workspace.attached a WHERE a.relation_role = 'answers') n ON true
LIMIT 1;
COMMENT ON VIEW workspace.answer_window IS 'One row: the time whose answers count, by the settings';
COMMENT ON COLUMN workspace.answer_window.first_period IS 'Series begin with this period at the earliest';
COMMENT ON COLUMN workspace.answer_window.period IS 'The calendar period of series';
COMMENT ON COLUMN workspace.answer_window.enough IS 'A figure with fewer answers behind it is not enough to go by';
COMMENT ON COLUMN workspace.answer_window.from_date IS 'First day of the window (nps_window)';
COMMENT ON COLUMN workspace.answer_window.lowest IS 'The lowest score there can be';
COMMENT ON COLUMN workspace.answer_window.highest IS 'The highest one: where they are not 0 and 10, scores are ratings, and nobody is a promoter';
