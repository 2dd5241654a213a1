CREATE VIEW workspace.lifecycle_migration AS
SELECT m.period_start, m.as_of,
    coalesce(m.before, 'none') AS from_stage,
    m.after AS to_stage,
    CASE
        WHEN m.after = 'lost' THEN CASE m.before WHEN 'lost' THEN 'still lost' ELSE CASE WHEN m.before IS NULL THEN 'passed by' ELSE 'lapsed' END END
        ELSE CASE m.before WHEN 'lost' THEN 'returned' ELSE CASE WHEN m.before IS NULL THEN 'acquired' ELSE 'kept' END END
    END AS flow,
    m.customers,
    100 * m.customers::double precision / (sum(m.customers) OVER (PARTITION BY m.as_of, m.before))::double precision AS pct_of_from,
    m.revenue
FROM (
    SELECT f.period_start, f.as_of, f.from_state AS before, f.to_state AS after, f.customers, f.revenue
    FROM (
        SELECT _clientele.stage_migration(h.history, r.rules) AS migration
        FROM (
            SELECT _clientele.class_rules(_clientele.last_period_ends(d.as_of, s.period), s.period, s.class_window, s.abc_by, s.abc_a, s.abc_b,
                    s.xyz_by, s.frequency_within, s.x_purchases, s.y_purchases, s.xyz_x, s.xyz_y, s.new_within, s.lost_after, s.regular_within,
                    s.regular_purchases, s.count_by, NULL::integer, NULL::double precision) AS rules
            FROM workspace.reporting_date d CROSS JOIN workspace.applied_settings s
            LIMIT 1) r
        CROSS JOIN workspace.customer_history h) g
    CROSS JOIN LATERAL _clientele.migration_flows(g.migration) f
    WHERE f.known_before IS NOT NULL
) m;
COMMENT ON VIEW workspace.lifecycle_migration IS 'Customers by their stage of the lifecycle before and after each of the last eleven periods. Active are all but the lost: active after = active before - lapsed + returned + acquired';
COMMENT ON COLUMN workspace.lifecycle_migration.as_of IS 'The day after its last';
COMMENT ON COLUMN workspace.lifecycle_migration.from_stage IS 'Stage at the start of the period; none: no order before it';
COMMENT ON COLUMN workspace.lifecycle_migration.to_stage IS 'Stage at its end';
COMMENT ON COLUMN workspace.lifecycle_migration.flow IS 'kept, lapsed (active, then lost), returned (lost, then active), acquired (first order), still lost, or passed by (first order and lost within the period)';
COMMENT ON COLUMN workspace.lifecycle_migration.pct_of_from IS 'Their share of those who were in from_stage, 0 to 100';
COMMENT ON COLUMN workspace.lifecycle_migration.revenue IS 'Their revenue within the period';
