-- Summed up as decimals, whose sum is the same in any order.
-- belongs to: points
CREATE VIEW workspace.points_by_age AS
SELECT e.age_months, sum(e.points) AS open_points, coalesce(sum(e.points) FILTER (WHERE e.expires_on <= e.as_of + 30), 0) AS expiring,
    (sum(e.expected) / sum(e.points))::double precision AS redeemed_share, round(sum(e.expected), 2) AS expected_redeemed,
    round(sum(e.expected) * s.point_cost, 2) AS liability
FROM (
    SELECT x.expires_on, x.points, x.points * x.redeemed_share::numeric AS expected, p.as_of,
        (12 * (extract(year FROM p.as_of) - extract(year FROM x.earned_on)) + extract(month FROM p.as_of) - extract(month FROM x.earned_on))::integer
            - CASE WHEN extract(day FROM x.earned_on) > extract(day FROM p.as_of) THEN 1 ELSE 0 END AS age_months
    FROM (SELECT t.* FROM workspace.points_total t LIMIT 1) p
    CROSS JOIN LATERAL clientele.points_expected(p.points_left, p.redemption, p.as_of) x) e
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
GROUP BY e.age_months, s.point_cost;
COMMENT ON VIEW workspace.points_by_age IS 'The points that are left of all customers by their age, with how many of them will be redeemed: the share of points as old that were redeemed before they would expire';
COMMENT ON COLUMN workspace.points_by_age.redeemed_share IS 'Expected share of them that will be redeemed, 0 to 1';
COMMENT ON COLUMN workspace.points_by_age.expected_redeemed IS 'How many that is';
COMMENT ON COLUMN workspace.points_by_age.liability IS 'What these are going to cost: times point_cost of the settings; empty without it';
