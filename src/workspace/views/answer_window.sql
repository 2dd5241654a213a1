-- belongs to: answers
-- internal
CREATE VIEW workspace.answer_window AS
SELECT r.as_of, r.first_period, s.period, s.enough,
    greatest(coalesce((r.as_of - s.nps_window)::date, date '0001-01-01'), date '0001-01-01') AS from_date
FROM workspace.reporting_date r
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
LIMIT 1;
COMMENT ON VIEW workspace.answer_window IS 'One row: the time whose answers count, by the settings';
COMMENT ON COLUMN workspace.answer_window.first_period IS 'Series begin with this period at the earliest';
COMMENT ON COLUMN workspace.answer_window.period IS 'The calendar period of series';
COMMENT ON COLUMN workspace.answer_window.enough IS 'A figure with fewer answers behind it is not enough to go by';
COMMENT ON COLUMN workspace.answer_window.from_date IS 'First day of the window (nps_window)';
