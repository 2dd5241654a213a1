-- title: Near the next tier, or about to lose one
-- note: What is missing, and until when it counts
-- chart: table
-- columns: Position number, Customer text, Contact text, Tier text, Next text, Missing number, Until date, To keep number, Kept until date
SELECT n.position AS "Position", coalesce(n.customer_name, n.customer::text) AS "Customer", n.contact AS "Contact", n.tier AS "Tier", n.next_tier AS "Next", n.missing AS "Missing",
    n.missing_until AS "Until", n.missing_to_keep AS "To keep", n.kept_until AS "Kept until"
FROM workspace.near_tier n
ORDER BY n.position
LIMIT 100
