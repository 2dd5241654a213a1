-- Without tiers no history is read.
CREATE VIEW workspace.tier_migration AS
WITH ladder AS MATERIALIZED (
    SELECT l.tiers, l.rules FROM workspace.tier_ladder l WHERE l.policy = 'current'
), period AS MATERIALIZED (
    SELECT _clientele.last_period_ends(d.as_of, s.period) AS ends
    FROM workspace.reporting_date d CROSS JOIN workspace.applied_settings s
    LIMIT 1
)
SELECT (SELECT p.ends FROM period p)[m.end_number - 1] AS period_start, (SELECT p.ends FROM period p)[m.end_number] AS as_of,
    coalesce(l.tiers[m.from_place + 1], 'none') AS from_tier, l.tiers[m.to_place + 1] AS to_tier,
    CASE WHEN m.from_place IS NULL THEN 'acquired' WHEN m.to_place > m.from_place THEN 'rose' WHEN m.to_place < m.from_place THEN 'fell' ELSE 'stayed' END AS flow,
    m.customers,
    100 * m.customers::double precision / (sum(m.customers) OVER (PARTITION BY m.end_number, m.from_place))::double precision AS pct_of_from,
    m.revenue
FROM ladder l
CROSS JOIN (
    SELECT x.end_number, x.from_place, x.to_place, x.customers, x.revenue
    FROM (
        SELECT _clientele.tier_migration(h.history, (SELECT y.rules FROM ladder y), (SELECT p.ends FROM period p)) AS tally
        FROM workspace.customer_history h
        WHERE (SELECT count(*) FROM ladder y) > 0) a
    CROSS JOIN LATERAL _clientele.tier_tally_rows(a.tally) x
    WHERE x.end_number > 1) m;
COMMENT ON VIEW workspace.tier_migration IS 'Customers by their tier before and after each of the last eleven periods: who rose, stayed or fell, by the tiers as they are now';
COMMENT ON COLUMN workspace.tier_migration.as_of IS 'The day after its last';
COMMENT ON COLUMN workspace.tier_migration.from_tier IS 'Tier at the start of the period; base below the first; none: no order before it';
COMMENT ON COLUMN workspace.tier_migration.to_tier IS 'Tier at its end; base below the first';
COMMENT ON COLUMN workspace.tier_migration.flow IS 'rose, stayed, fell, or acquired (first order)';
COMMENT ON COLUMN workspace.tier_migration.pct_of_from IS 'Their share of those who were in from_tier, 0 to 100';
COMMENT ON COLUMN workspace.tier_migration.revenue IS 'Their revenue within the period';
