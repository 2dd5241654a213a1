-- Orders follow each other within a customer; those of more than a hundred products are left out, as in product_pairs. An order
-- carries the products of the next one along, so that nothing is joined.
-- belongs to: lines
-- stored by: kind, item, next_item
CREATE VIEW workspace.next_product AS
WITH visit AS MATERIALIZED (
    SELECT k.kind, k.items, k.next_items, v.visit, v.next_day - v.day AS days
    FROM (
        SELECT o.day, o.products, o.categories, row_number() OVER w AS visit, lead(o.day) OVER w AS next_day,
            lead(o.products) OVER w AS next_products, lead(o.categories) OVER w AS next_categories
        FROM (
            SELECT l.customer, l.order_id, l.day, l.instant, array_agg(DISTINCT l.product) AS products,
                array_agg(DISTINCT l.category) FILTER (WHERE l.category IS NOT NULL) AS categories
            FROM workspace.order_lines l
            WHERE l.customer IS NOT NULL
            GROUP BY l.customer, l.order_id, l.day, l.instant) o
        WHERE cardinality(o.products) <= 100
        WINDOW w AS (PARTITION BY o.customer ORDER BY o.day, o.instant, o.order_id)) v
    CROSS JOIN LATERAL (VALUES ('product'::text, v.products, v.next_products), ('category'::text, v.categories, v.next_categories)) k(kind, items, next_items)
), followed AS MATERIALIZED (
    SELECT v.kind, i.item, count(v.days) AS orders, count(*) FILTER (WHERE v.visit > 1) AS later_orders
    FROM visit v
    CROSS JOIN LATERAL unnest(v.items) i(item)
    GROUP BY v.kind, i.item
)
SELECT t.kind, t.item, t.next_item, f.orders, t.followed_by, p.estimate AS share, p.lower AS share_lower, p.upper AS share_upper,
    b.later_orders::double precision / (SELECT count(*) FROM visit v WHERE v.visit > 1 AND v.kind = 'product') AS base_share,
    p.estimate * (SELECT count(*) FROM visit v WHERE v.visit > 1 AND v.kind = 'product') / b.later_orders AS ratio,
    t.median_days, f.orders >= s.enough AS enough
FROM (
    SELECT v.kind, i.item, x.item AS next_item, count(*) AS followed_by, percentile_cont(0.5) WITHIN GROUP (ORDER BY v.days::double precision) AS median_days
    FROM visit v
    CROSS JOIN LATERAL unnest(v.items) i(item)
    CROSS JOIN LATERAL unnest(v.next_items) x(item)
    GROUP BY v.kind, i.item, x.item
    HAVING count(*) >= 5) t
JOIN followed f ON f.kind = t.kind AND f.item = t.item
JOIN followed b ON b.kind = t.kind AND b.item = t.next_item
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
CROSS JOIN LATERAL clientele.wilson_interval(t.followed_by, f.orders, 0.95::double precision) p;
COMMENT ON VIEW workspace.next_product IS 'What customers buy in the order after the one with a product, or of a category, that is in at least five of these: against its share of all orders but first ones';
COMMENT ON COLUMN workspace.next_product.kind IS 'product, or category where a column of it is attached';
COMMENT ON COLUMN workspace.next_product.item IS 'The product or category of an order';
COMMENT ON COLUMN workspace.next_product.next_item IS 'That of the customer''s next order';
COMMENT ON COLUMN workspace.next_product.orders IS 'Number of orders with the item that were followed by another one';
COMMENT ON COLUMN workspace.next_product.followed_by IS 'Number of those that were followed by one with next_item';
COMMENT ON COLUMN workspace.next_product.share IS 'Share of those, 0 to 1';
COMMENT ON COLUMN workspace.next_product.share_lower IS 'Lower bound of its 95 % interval (Wilson)';
COMMENT ON COLUMN workspace.next_product.share_upper IS 'Upper bound';
COMMENT ON COLUMN workspace.next_product.base_share IS 'Share of all orders but first ones that have next_item, 0 to 1';
COMMENT ON COLUMN workspace.next_product.ratio IS 'How many times as often it follows as it is bought anyway';
COMMENT ON COLUMN workspace.next_product.median_days IS 'Days between the two orders, half of them less';
COMMENT ON COLUMN workspace.next_product.enough IS 'Whether enough orders were followed by another one to go by';
