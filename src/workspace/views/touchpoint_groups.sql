CREATE VIEW workspace.touchpoint_groups AS
SELECT g."position", g.touchpoint_group, coalesce(t.touchpoints, 0) AS touchpoints, coalesce(t.rated, 0) AS rated,
    coalesce(t.touchpoints - t.rated, 0) AS never_rated, coalesce(t.ratings, 0) AS ratings,
    coalesce(t.awful, 0) AS awful, coalesce(t.ok, 0) AS ok, coalesce(t.wow, 0) AS wow,
    i.estimate AS score, i.lower, i.upper, coalesce(t.ratings, 0) >= s.enough AS enough,
    t.worst_touchpoint, t.best_touchpoint
FROM (VALUES (1, 'business'), (2, 'product'), (3, 'service'), (4, 'employee')) g("position", touchpoint_group)
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
LEFT JOIN (
    SELECT c.touchpoint_group, count(*) AS touchpoints, count(c.score) AS rated, sum(c.ratings)::bigint AS ratings,
        sum(c.awful)::bigint AS awful, sum(c.ok)::bigint AS ok, sum(c.wow)::bigint AS wow,
        (array_agg(c.touchpoint ORDER BY c.score, c."position", c.touchpoint) FILTER (WHERE c.ratings > 0))[1] AS worst_touchpoint,
        (array_agg(c.touchpoint ORDER BY c.score DESC, c."position", c.touchpoint) FILTER (WHERE c.ratings > 0))[1] AS best_touchpoint
    FROM workspace.touchpoint_scorecard c
    GROUP BY c.touchpoint_group) t ON t.touchpoint_group = g.touchpoint_group
CROSS JOIN LATERAL clientele.nps_interval(clientele.nps(t.wow, t.ok, t.awful), 0.95::double precision, 'score'::text) i
ORDER BY g."position";
COMMENT ON VIEW workspace.touchpoint_groups IS 'The four groups of touchpoints, always four rows: the sums of touchpoint_scorecard, and where each is worst and best';
COMMENT ON COLUMN workspace.touchpoint_groups."position" IS 'Order in which to show the rows';
COMMENT ON COLUMN workspace.touchpoint_groups.touchpoints IS 'Number of touchpoints of the catalogue';
COMMENT ON COLUMN workspace.touchpoint_groups.rated IS 'Number of those that were rated';
COMMENT ON COLUMN workspace.touchpoint_groups.never_rated IS 'Number of those that never were';
COMMENT ON COLUMN workspace.touchpoint_groups.score IS 'Per cent that say wow less per cent that say awful, -100 to 100';
COMMENT ON COLUMN workspace.touchpoint_groups.lower IS 'Lower bound of its 95 % interval';
COMMENT ON COLUMN workspace.touchpoint_groups.enough IS 'Whether there are enough ratings to go by';
COMMENT ON COLUMN workspace.touchpoint_groups.worst_touchpoint IS 'The touchpoint with the lowest score';
COMMENT ON COLUMN workspace.touchpoint_groups.best_touchpoint IS 'The touchpoint with the highest score';
