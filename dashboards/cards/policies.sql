-- title: What to do with each class
-- note: The policies of the workspace, yours to change
-- chart: table
-- columns: Position number, Class text, Customers number, Revenue number, Policy text
SELECT m.position AS "Position", m.cell AS "Class", m.customers AS "Customers", round(m.window_revenue) AS "Revenue", m.action AS "Policy"
FROM workspace.abc_xyz_matrix m
ORDER BY m.position
