-- Orders follow each other within a customer; those of more than a hundred products are left out, as in product_pairs. An order
-- carries the products of the next one along, so that nothing is joined, and all by numbers, by which millions of rows are soon
-- sorted: categories have those below 0. Each visit is there by its products and by its categories.
-- belongs to: lines
-- stored by: kind, item, next_item
CREATE VIEW workspace.next_product AS
WITH line AS MATERIALIZED (
    SELECT l.customer, l.order_id, l.day, l.instant, l.product, l.category, dense_rank() OVER (ORDER BY l.product)::integer AS product_number,
        CASE WHEN l.category IS NOT NULL THEN -dense_rank() OVER (ORDER BY l.category)::integer END AS category_number
    FROM workspace.order_lines l
    WHERE l.customer IS NOT NULL
), visit AS MATERIALIZED (
    SELECT k.items, k.next_items, v.visit, v.next_day - v.day AS days
    FROM (
        SELECT o.day, o.products, o.categories, row_number() OVER w AS visit, lead(o.day) OVER w AS next_day,
            lead(o.products) OVER w AS next_products, lead(o.categories) OVER w AS next_categories
        FROM (
            SELECT l.customer, l.order_id, l.day, l.instant, array_agg(DISTINCT l.product_number) AS products,
                array_agg(DISTINCT l.category_number) FILTER (WHERE l.category_number IS NOT NULL) AS categories
            FROM line l
            GROUP BY l.customer, l.order_id, l.day, l.instant) o
        WHERE cardinality(o.products) <= 100
        WINDOW w AS (PARTITION BY o.customer ORDER BY o.day, o.instant, o.order_id)) v
    CROSS JOIN LATERAL (VALUES (v.products, v.next_products), (v.categories, v.next_categories)) k(items, next_items)
), item AS MATERIALIZED (
    SELECT n.number, n.kind, n.item, c.orders, c.later_orders
    FROM (
        SELECT i.number, count(v.days) AS orders, count(*) FILTER (WHERE v.visit > 1) AS later_orders
        FROM visit v
        CROSS JOIN LATERAL unnest(v.items) i(number)
        GROUP BY i.number) c
    JOIN (
        SELECT DISTINCT l.product_number AS number, 'product'::text AS kind, l.product AS item FROM line l
        UNION ALL
        SELECT DISTINCT l.category_number, 'category'::text, l.category FROM line l) n ON n.number = c.number
)
SELECT i.kind, i.item, x.item AS next_item, i.orders, t.followed_by, p.estimate AS share, p.lower AS share_lower, p.upper AS share_upper,
    x.later_orders::double precision / a.later_orders AS base_share, p.estimate * a.later_orders / x.later_orders AS ratio,
    t.median_days, i.orders >= s.enough AS enough
FROM (
    SELECT i.number, x.number AS next_number, count(*) AS followed_by, percentile_cont(0.5) WITHIN GROUP (ORDER BY v.days::double precision) AS median_days
    FROM visit v
    CROSS JOIN LATERAL unnest(v.items) i(number)
    CROSS JOIN LATERAL unnest(v.next_items) x(number)
    GROUP BY i.number, x.number
    HAVING count(*) >= 5) t
JOIN item i ON i.number = t.number
JOIN item x ON x.number = t.next_number
CROSS JOIN (SELECT (SELECT count(*) FROM visit v WHERE v.visit > 1) / 2 AS later_orders) a
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
CROSS JOIN LATERAL clientele.wilson_interval(t.followed_by, i.orders, 0.95::double precision) p;
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
