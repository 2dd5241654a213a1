-- internal
CREATE VIEW workspace.source_costs AS
SELECT c.source, c.day, sum(c.cost) AS cost
FROM workspace.cost_rows c
WHERE c.usable AND c.day < (SELECT r.as_of FROM workspace.reporting_date r)
GROUP BY c.source, c.day;
COMMENT ON VIEW workspace.source_costs IS 'What was spent on each source and day, where attach_costs() was told';
COMMENT ON COLUMN workspace.source_costs.source IS 'Source of customers, named as in the orders; unknown where none is named';
COMMENT ON COLUMN workspace.source_costs.day IS 'Day';
