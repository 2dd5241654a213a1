-- belongs to: lines
CREATE VIEW workspace.strongest_pairs AS
SELECT row_number() OVER (ORDER BY b.lift_lower DESC, b.product, b.with_product) AS "position", b.product, b.with_product, b.baskets, b.baskets_with_both,
    b.confidence, b.confidence_lower, b.confidence_upper, b.lift, b.lift_lower, b.lift_upper
FROM (
    SELECT x.*, row_number() OVER (PARTITION BY least(x.product, x.with_product), greatest(x.product, x.with_product)
        ORDER BY c.revenue / c.orders DESC NULLS LAST, x.confidence DESC, x.product) AS side
    FROM workspace.product_pairs x
    JOIN workspace.product_customers c ON c.kind = 'product' AND c.item = x.product
    WHERE x.found AND x.enough) b
WHERE b.side = 1
ORDER BY "position"
LIMIT 20;
COMMENT ON VIEW workspace.strongest_pairs IS 'The twenty pairs of product_pairs that are together most surely, each once: what to offer with the product of the two that brings more per order, where lines have amounts';
COMMENT ON COLUMN workspace.strongest_pairs."position" IS 'Rank by the lower bound of the lift';
COMMENT ON COLUMN workspace.strongest_pairs.product IS 'Who buys this';
COMMENT ON COLUMN workspace.strongest_pairs.with_product IS 'What to offer with it';
COMMENT ON COLUMN workspace.strongest_pairs.baskets IS 'Number of orders with the product';
