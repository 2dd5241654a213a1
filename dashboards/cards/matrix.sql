-- title: Revenue by class
-- note: ABC is how much customers bring, XYZ how regularly they come; share of the revenue of the window
-- chart: pivot
-- columns: ABC text, XYZ text, Share percent
SELECT m.abc AS "ABC", m.xyz AS "XYZ", m.pct_of_window_revenue / 100 AS "Share"
FROM workspace.abc_xyz_matrix m
ORDER BY m.position
