-- Pairs come to one value, which is worked out once; each customer is then looked up in it alone.
-- belongs to: lines
CREATE VIEW workspace.next_offers AS
SELECT p.customer, o."position", o.product, o.because_of, o.bound, o.baskets_with_both, d.customer_name, d.contact
FROM (
    SELECT l.customer, array_agg(DISTINCT l.product) AS products
    FROM workspace.order_lines l
    WHERE l.customer IS NOT NULL
    GROUP BY l.customer) p
CROSS JOIN LATERAL _clientele.offers(p.products,
    (SELECT _clientele.offer_rules(x.product, x.with_product, x.baskets, x.baskets_with_both) FROM workspace.product_pairs x), 10) o
LEFT JOIN workspace.customer_details d ON d.customer = p.customer;
COMMENT ON VIEW workspace.next_offers IS 'What to offer each customer next: up to ten products that the customer has not bought, the surest first';
COMMENT ON COLUMN workspace.next_offers."position" IS '1 for the surest';
COMMENT ON COLUMN workspace.next_offers.product IS 'What to offer';
COMMENT ON COLUMN workspace.next_offers.because_of IS 'The product that the customer bought, which it comes with most surely';
COMMENT ON COLUMN workspace.next_offers.bound IS 'At least this share of the orders with because_of have the product too: the lower bound of the 95 % interval (Wilson), by which offers are ranked';
COMMENT ON COLUMN workspace.next_offers.baskets_with_both IS 'Number of orders that have both';
