-- belongs to: points
CREATE VIEW workspace.points_balances AS
SELECT a.customer, b.earned, b.redeemed, b.expired, b.balance, b.expiring, b.overdrawn, round(b.balance * s.point_cost, 2) AS points_value, d.customer_name, d.contact
FROM workspace.points_accounts a
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
CROSS JOIN (SELECT x.as_of FROM workspace.reporting_date x LIMIT 1) r
CROSS JOIN LATERAL clientele.points_balance(a.account, r.as_of, 30) b
LEFT JOIN workspace.customer_details d ON d.customer = a.customer;
COMMENT ON VIEW workspace.points_balances IS 'One row per customer with points: how many were earned, redeemed and expired, and how many are left at the reporting date';
COMMENT ON COLUMN workspace.points_balances.customer IS 'The customer, as in the orders; some may not have ordered yet';
COMMENT ON COLUMN workspace.points_balances.earned IS 'Points earned, without those of orders that came back';
COMMENT ON COLUMN workspace.points_balances.redeemed IS 'Points redeemed';
