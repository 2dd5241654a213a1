-- belongs to: points
CREATE VIEW workspace.points_liability AS
WITH total AS MATERIALIZED (
    SELECT x.* FROM workspace.points_total x LIMIT 1
), expected AS MATERIALIZED (
    SELECT coalesce(sum(e.points * e.redeemed_share::numeric), 0::numeric) AS redeemed
    FROM total t CROSS JOIN LATERAL clientele.points_expected(t.points_left, t.redemption, t.as_of) e
)
SELECT t.as_of, t.customers, t.customers_with_points, t.earned, t.redeemed, t.expired, t.overdrawn, t.open_points, t.expiring,
    (SELECT min(p.survival) FROM total x CROSS JOIN LATERAL clientele.survival_points(x.redemption, 0.95::double precision) p) AS breakage,
    round(e.redeemed, 2) AS expected_redeemed, t.open_points - round(e.redeemed, 2) AS expected_breakage,
    s.point_cost, round(t.open_points * s.point_cost, 2) AS points_value, round(e.redeemed * s.point_cost, 2) AS liability,
    t.customers >= s.enough AS enough
FROM total t
CROSS JOIN expected e
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s;
COMMENT ON VIEW workspace.points_liability IS 'What the points that are left are going to cost: how many were earned, redeemed and expired, how many are open, and how many of those will be redeemed, by Kaplan and Meier on points. One row';
COMMENT ON COLUMN workspace.points_liability.customers IS 'Number of customers who earned or redeemed any';
COMMENT ON COLUMN workspace.points_liability.earned IS 'Points earned, without those of orders that came back';
COMMENT ON COLUMN workspace.points_liability.redeemed IS 'Points redeemed';
COMMENT ON COLUMN workspace.points_liability.breakage IS 'Estimated share of points that are never redeemed, 0 to 1: of those that were seen longest; empty before any';
COMMENT ON COLUMN workspace.points_liability.expected_redeemed IS 'How many of the open ones are expected to be redeemed, by their ages: points_by_age';
COMMENT ON COLUMN workspace.points_liability.liability IS 'What they are expected to cost; empty without point_cost';
COMMENT ON COLUMN workspace.points_liability.enough IS 'Whether there are enough customers to go by';
