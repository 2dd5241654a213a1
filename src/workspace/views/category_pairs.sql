-- Baskets of more than a hundred are those of dealers: they tell little of tastes, and hold most of the pairs.
-- belongs to: lines
-- stored by: category, with_category
CREATE VIEW workspace.category_pairs AS
SELECT p.product AS category, p.with_product AS with_category, p.baskets, p.baskets_with, p.baskets_with_both, p.all_baskets, p.support,
    p.confidence, p.confidence_lower, p.confidence_upper, p.lift, p.lift_lower, p.lift_upper,
    p.size_adjusted, p.size_adjusted_back, p.conviction,
    p.lift_lower > 1 AND p.size_adjusted > 1 AND p.size_adjusted_back > 1 AS found,
    p.baskets >= s.enough AS enough
FROM (SELECT clientele.basket_agg(l.order_id, l.category) AS baskets FROM workspace.order_lines l) b
CROSS JOIN LATERAL clientele.basket_pairs(b.baskets, 5, 100, 0.95::double precision) p
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s;
COMMENT ON VIEW workspace.category_pairs IS 'Which categories are in the same orders, as product_pairs has it of products';
COMMENT ON COLUMN workspace.category_pairs.category IS 'Who buys of this';
COMMENT ON COLUMN workspace.category_pairs.with_category IS 'How often who buys of it buys of this too';
COMMENT ON COLUMN workspace.category_pairs.baskets IS 'Number of orders with the category';
COMMENT ON COLUMN workspace.category_pairs.enough IS 'Whether enough orders have the category to go by';
