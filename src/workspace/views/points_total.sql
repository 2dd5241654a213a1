-- What is left of all customers is put together by the days of earning and of expiry, of which there are few.
-- stored by: as_of
-- belongs to: points
-- internal
CREATE VIEW workspace.points_total AS
SELECT x.as_of, t.customers, t.customers_with_points, t.earned, t.redeemed, t.expired, t.open_points, t.expiring, t.overdrawn, t.points_left, t.redemption
FROM workspace.reporting_date x
CROSS JOIN (
    SELECT count(*) FILTER (WHERE b.earned + b.redeemed > 0::numeric) AS customers, count(*) FILTER (WHERE b.balance > 0::numeric) AS customers_with_points,
        coalesce(sum(b.earned), 0::numeric) AS earned, coalesce(sum(b.redeemed), 0::numeric) AS redeemed, coalesce(sum(b.expired), 0::numeric) AS expired,
        coalesce(sum(b.balance), 0::numeric) AS open_points, coalesce(sum(b.expiring), 0::numeric) AS expiring, coalesce(sum(b.overdrawn), 0::numeric) AS overdrawn,
        clientele.rollup(clientele.points_left(a.account, r.as_of)) AS points_left, clientele.points_redemption(a.account, r.as_of) AS redemption
    FROM workspace.points_accounts a
    CROSS JOIN (SELECT y.as_of FROM workspace.reporting_date y LIMIT 1) r
    CROSS JOIN LATERAL clientele.points_balance(a.account, r.as_of, 30) b) t;
COMMENT ON VIEW workspace.points_total IS 'The points of all customers in one row, those left and how long points last until they are redeemed as one value each: for SQL, not for BI';
COMMENT ON COLUMN workspace.points_total.customers IS 'Number of customers who earned or redeemed any';
COMMENT ON COLUMN workspace.points_total.earned IS 'Points earned, without those of orders that came back';
COMMENT ON COLUMN workspace.points_total.redeemed IS 'Points redeemed';
