-- Baskets of more than a hundred are those of dealers: they tell little of tastes, and hold most of the pairs.
-- belongs to: lines
-- stored by: product, with_product
CREATE VIEW workspace.product_pairs AS
SELECT p.product AS product, p.with_product AS with_product, p.baskets, p.baskets_with, p.baskets_with_both, p.all_baskets, p.support,
    p.confidence, p.confidence_lower, p.confidence_upper, p.lift, p.lift_lower, p.lift_upper,
    p.size_adjusted, p.size_adjusted_back, p.conviction,
    p.lift_lower > 1 AND p.size_adjusted > 1 AND p.size_adjusted_back > 1 AS found,
    p.baskets >= s.enough AS enough
FROM (SELECT clientele.basket_agg(l.order_id, l.product) AS baskets FROM workspace.order_lines l) b
CROSS JOIN LATERAL clientele.basket_pairs(b.baskets, 5, 100, 0.95::double precision) p
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s;
COMMENT ON VIEW workspace.product_pairs IS 'Which products are in the same orders, in at least five, each pair as either of the two sees it. Orders of more than a hundred different products are left out';
COMMENT ON COLUMN workspace.product_pairs.product IS 'Who buys this';
COMMENT ON COLUMN workspace.product_pairs.with_product IS 'How often who buys it buys this too';
COMMENT ON COLUMN workspace.product_pairs.baskets IS 'Number of orders with the product';
COMMENT ON COLUMN workspace.product_pairs.enough IS 'Whether enough orders have the product to go by';
