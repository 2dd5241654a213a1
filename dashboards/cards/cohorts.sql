-- title: Do newer customers come back more?
-- note: Customers by the period of their first order; share who bought again so many periods later
-- chart: pivot
-- columns: Cohort text, Periods after number, Share percent
SELECT c.cohort_label AS "Cohort", c.period_number AS "Periods after", c.rate AS "Share"
FROM workspace.retention_cohorts c
JOIN (SELECT DISTINCT k.cohort_start FROM workspace.retention_cohorts k WHERE k.complete AND k.customers > 0 AND k.period_number > 0 ORDER BY k.cohort_start DESC LIMIT 12) l
    ON l.cohort_start = c.cohort_start
WHERE c.complete AND c.period_number BETWEEN 1 AND 12
ORDER BY c.cohort_start, c.period_number
