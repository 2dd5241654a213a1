-- title: What to offer whom
-- note: The best customers and what goes with what they have bought, their first offer each
-- chart: table
-- columns: Position number, Customer text, Contact text, Product text, Because of text, Both bought number, Last year number
-- belongs to: lines
SELECT row_number() OVER (ORDER BY c.last_year_revenue DESC NULLS LAST, c.customer) AS "Position", coalesce(n.customer_name, n.customer::text) AS "Customer", n.contact AS "Contact",
    n.product AS "Product", n.because_of AS "Because of", n.baskets_with_both AS "Both bought", round(c.last_year_revenue) AS "Last year"
FROM workspace.next_offers n
JOIN workspace.customers c ON c.customer = n.customer
WHERE n.position = 1
ORDER BY "Position"
LIMIT 100
