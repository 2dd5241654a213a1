-- Where whole purchases count, a threshold between two of them is the higher one: of tiers that become one the highest holds.
-- internal
CREATE VIEW workspace.tier_ladder AS
SELECT l.policy, 'base'::text || l.names AS tiers, l.names, l.thresholds, 0::numeric || l.discounts AS discounts,
    _clientele.tier_rules(l.thresholds, s.tier_within, s.tier_hold, s.tier_count_by, s.tier_calendar) AS rules
FROM (
    SELECT n.policy, array_agg(n.tier ORDER BY n.reached_by) AS names, array_agg(n.reached_by ORDER BY n.reached_by) AS thresholds,
        array_agg(n.discount ORDER BY n.reached_by) AS discounts
    FROM (
        SELECT d.policy, d.tier, d.reached_by, d.discount, row_number() OVER (PARTITION BY d.policy ORDER BY d.reached_by) AS place
        FROM (
            SELECT DISTINCT ON (t.policy, r.reached_by) t.policy, t.tier, r.reached_by, t.discount
            FROM workspace.tiers t
            CROSS JOIN (SELECT x.tier_count_by FROM workspace.applied_settings x LIMIT 1) s
            CROSS JOIN LATERAL (SELECT CASE s.tier_count_by WHEN 'spend' THEN t.threshold ELSE ceil(t.threshold) END AS reached_by) r
            ORDER BY t.policy, r.reached_by, t.threshold DESC) d) n
    WHERE n.place <= 100
    GROUP BY n.policy) l
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s;
COMMENT ON VIEW workspace.tier_ladder IS 'The tiers of each policy as one row, the lowest first: as functions take them. The first hundred count';
COMMENT ON COLUMN workspace.tier_ladder.policy IS 'current is what holds; any other name is a plan';
COMMENT ON COLUMN workspace.tier_ladder.tiers IS 'Their names, base before them';
COMMENT ON COLUMN workspace.tier_ladder.names IS 'Their names';
COMMENT ON COLUMN workspace.tier_ladder.thresholds IS 'From how much on each is';
COMMENT ON COLUMN workspace.tier_ladder.discounts IS 'Their discounts, as shares, that of base before them';
COMMENT ON COLUMN workspace.tier_ladder.rules IS 'Thresholds and settings, as the functions of tiers read them';
