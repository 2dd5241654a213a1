-- stored by: customer
-- belongs to: points
-- internal
CREATE VIEW workspace.points_accounts AS
SELECT e.customer, clientele.points_agg(e.day, e.counted_points, e.expires_on) AS account
FROM workspace.points_enriched e
GROUP BY e.customer;
COMMENT ON VIEW workspace.points_accounts IS 'One row per customer with all points as one value, which points_balance() and points_left() read: for SQL, not for BI';
COMMENT ON COLUMN workspace.points_accounts.customer IS 'The customer, as in the orders; some may not have ordered yet';
