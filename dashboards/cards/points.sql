-- title: What points are going to cost
-- note: Points that are open, how many of them will be redeemed by how earlier ones were, and what those cost
-- chart: table
-- columns: Earned number, Redeemed number, Expired number, Open number, Expiring soon number, Will be redeemed number, Cost number
-- belongs to: points
SELECT p.earned AS "Earned", p.redeemed AS "Redeemed", p.expired AS "Expired", p.open_points AS "Open", p.expiring AS "Expiring soon", round(p.expected_redeemed) AS "Will be redeemed",
    round(p.liability) AS "Cost"
FROM workspace.points_liability p
