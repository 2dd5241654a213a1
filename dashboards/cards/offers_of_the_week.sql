-- title: What to offer whom
-- note: The best customers and what goes with what they have bought, their first offer each
-- chart: table
-- columns: Position number, Customer text, Contact text, Product text, Because of text, Both bought number, Last year number
-- belongs to: lines
SELECT row_number() OVER (ORDER BY o.last_year_revenue DESC NULLS LAST, o.customer) AS "Position", coalesce(o.customer_name, o.customer::text) AS "Customer", o.contact AS "Contact",
    o.product AS "Product", o.because_of AS "Because of", o.baskets_with_both AS "Both bought", round(o.last_year_revenue) AS "Last year"
FROM (
    SELECT n.customer, n.customer_name, n.contact, n.product, n.because_of, n.baskets_with_both, c.last_year_revenue
    FROM workspace.next_offers n
    JOIN workspace.customers c ON c.customer = n.customer
    WHERE n.position = 1
) o
ORDER BY "Position"
LIMIT 100
