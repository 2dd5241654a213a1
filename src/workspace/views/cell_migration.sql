CREATE VIEW workspace.cell_migration AS
SELECT m.period_start, m.as_of,
    CASE WHEN m.known_before THEN coalesce(m.before, 'none') ELSE 'acquired' END AS from_cell,
    coalesce(m.after, 'none') AS to_cell,
    m.customers,
    100 * m.customers::double precision / (sum(m.customers) OVER (PARTITION BY m.as_of, m.known_before, m.before))::double precision
        AS pct_of_from,
    m.revenue
FROM (
    SELECT m.period_start, m.as_of, m.before, m.after, m.known_before, count(*) AS customers, sum(m.period_revenue) AS revenue
    FROM (
        SELECT c.period_start, c.as_of, c.period_revenue, c.cell AS after, lag(c.cell) OVER periods AS before,
            lag(c.as_of) OVER periods IS NOT NULL AS known_before
        FROM workspace.class_history c
        WINDOW periods AS (PARTITION BY c.customer ORDER BY c.as_of)) m
    WHERE m.as_of > (
        SELECT (clientele.period_start(r.as_of, s.period) - 11 * _clientele.period_step(s.period))::date FROM workspace.reporting_date r CROSS JOIN workspace.applied_settings s)
    GROUP BY m.period_start, m.as_of, m.before, m.after, m.known_before
) m;
COMMENT ON VIEW workspace.cell_migration IS 'Customers by their cell of the matrix before and after each of the last eleven periods';
COMMENT ON COLUMN workspace.cell_migration.as_of IS 'The day after its last';
COMMENT ON COLUMN workspace.cell_migration.from_cell IS 'Cell at the start of the period; none: in no cell; acquired: no order before it';
COMMENT ON COLUMN workspace.cell_migration.to_cell IS 'Cell at its end; none: in no cell';
COMMENT ON COLUMN workspace.cell_migration.pct_of_from IS 'Their share of those who were in from_cell, 0 to 100';
COMMENT ON COLUMN workspace.cell_migration.revenue IS 'Their revenue within the period';
