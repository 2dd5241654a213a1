-- title: Who comes back
-- note: Share of customers who bought again so many periods after their first order, with its interval
-- chart: line
-- columns: Periods after number, Share percent, Lower percent, Upper percent
SELECT r.period_number AS "Periods after", r.rate AS "Share", r.lower AS "Lower", r.upper AS "Upper"
FROM workspace.retention_by_period r
WHERE r.complete AND r.enough AND r.period_number BETWEEN 1 AND 24
ORDER BY r.period_number
