-- title: What campaigns brought
-- note: Each group beside the one that got nothing: what a customer brought more, with its interval, and what the campaign brought in all
-- chart: table
-- columns: Position number, Campaign text, Group text, Measure text, Customers number, More number, Lower number, Upper number, In all number, Verdict text
SELECT e.position AS "Position", e.campaign AS "Campaign", e.grp AS "Group", e.measure AS "Measure", e.customers AS "Customers", round(e.difference::numeric, 3) AS "More",
    round(e.difference_lower::numeric, 3) AS "Lower", round(e.difference_upper::numeric, 3) AS "Upper", round(e.incremental::numeric) AS "In all",
    CASE WHEN e.enough THEN e.verdict ELSE 'too few' END AS "Verdict"
FROM workspace.campaign_effect e
WHERE e.difference IS NOT NULL
ORDER BY e.position
LIMIT 100
