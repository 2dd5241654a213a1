-- Histories are read twice, and worked out once: see class_history.
CREATE VIEW workspace.cell_migration AS
WITH histories AS MATERIALIZED (SELECT h.history, h.profit_history FROM workspace.customer_history h)
SELECT m.period_start, m.as_of,
    CASE WHEN m.known_before THEN coalesce(m.before, 'none') ELSE 'acquired' END AS from_cell,
    coalesce(m.after, 'none') AS to_cell,
    m.customers,
    100 * m.customers::double precision / (sum(m.customers) OVER (PARTITION BY m.as_of, m.known_before, m.before))::double precision
        AS pct_of_from,
    m.revenue
FROM (
    SELECT f.period_start, f.as_of, f.known_before, f.from_state AS before, f.to_state AS after, f.customers, f.revenue
    FROM (
        SELECT _clientele.cell_migration(h.history, h.profit_history, l.rules) AS migration
        FROM (
            SELECT _clientele.class_limits(x.history, x.profit_history, r.rules) AS rules
            FROM (
                SELECT _clientele.class_rules(_clientele.last_period_ends(d.as_of, s.period), s.period, s.class_window, s.abc_by, s.abc_a, s.abc_b,
                            s.xyz_by, s.frequency_within, s.x_purchases, s.y_purchases, s.xyz_x, s.xyz_y, s.new_within, s.lost_after, s.regular_within,
                            s.regular_purchases, s.count_by, NULL::integer, NULL::double precision) AS rules
                FROM workspace.reporting_date d CROSS JOIN workspace.applied_settings s
                LIMIT 1) r
            CROSS JOIN histories x) l
        CROSS JOIN histories h) g
    CROSS JOIN LATERAL _clientele.migration_flows(g.migration) f
    WHERE f.known_before IS NOT NULL
) m;
COMMENT ON VIEW workspace.cell_migration IS 'Customers by their cell of the matrix before and after each of the last eleven periods';
COMMENT ON COLUMN workspace.cell_migration.as_of IS 'The day after its last';
COMMENT ON COLUMN workspace.cell_migration.from_cell IS 'Cell at the start of the period; none: in no cell; acquired: no order before it';
COMMENT ON COLUMN workspace.cell_migration.to_cell IS 'Cell at its end; none: in no cell';
COMMENT ON COLUMN workspace.cell_migration.pct_of_from IS 'Their share of those who were in from_cell, 0 to 100';
COMMENT ON COLUMN workspace.cell_migration.revenue IS 'Their revenue within the period';
