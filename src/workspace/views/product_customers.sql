-- What each customer bought of a product comes to one row first. Of a product its days are folded as those of a customer are.
-- belongs to: lines
-- stored by: kind, item
CREATE VIEW workspace.product_customers AS
WITH bought AS MATERIALIZED (
    SELECT l.kind, l.item, l.customer, count(DISTINCT l.order_id) AS orders, sum(l.amount) AS revenue, sum(l.quantity) AS quantity,
        clientele.history_agg(l.day, coalesce(l.amount, l.quantity, 1.0)) AS history
    FROM (
        SELECT 'product'::text AS kind, x.product AS item, x.customer, x.order_id, x.day, x.amount, x.quantity FROM workspace.order_lines x
        UNION ALL
        SELECT 'category'::text, x.category, x.customer, x.order_id, x.day, x.amount, x.quantity FROM workspace.order_lines x WHERE x.category IS NOT NULL) l
    GROUP BY l.kind, l.item, l.customer
), item AS (
    SELECT b.kind, b.item, count(b.customer) AS customers, count(b.customer) FILTER (WHERE b.orders > 1) AS repeat_customers,
        sum(b.orders)::bigint AS orders, trim_scale(sum(b.quantity)) AS quantity, sum(b.revenue) AS revenue, clientele.rollup(b.history) AS history,
        count(*) FILTER (WHERE c.stage = 'new') AS new_customers, count(*) FILTER (WHERE c.stage = 'occasional') AS occasional_customers,
        count(*) FILTER (WHERE c.stage = 'regular') AS regular_customers, count(*) FILTER (WHERE c.stage = 'lost') AS lost_customers
    FROM bought b
    LEFT JOIN workspace.customer_classes c ON c.customer = b.customer
    GROUP BY b.kind, b.item
)
SELECT i.kind, i.item, i.customers, i.repeat_customers, i.repeat_customers::double precision / nullif(i.customers, 0) AS repeat_share,
    i.orders, i.quantity, i.revenue,
    CASE WHEN sum(i.revenue) OVER (PARTITION BY i.kind) > 0 THEN (100 * i.revenue / sum(i.revenue) OVER (PARTITION BY i.kind))::double precision END AS pct_of_revenue,
    clientele.abc_class(i.revenue, s.abc_a, s.abc_b) OVER (PARTITION BY i.kind) AS abc,
    clientele.xyz_class(i.history, s.period, coalesce((r.as_of - s.class_window)::date, date '-infinity'), r.as_of, s.xyz_x, s.xyz_y) AS xyz,
    i.new_customers, i.occasional_customers, i.regular_customers, i.lost_customers,
    i.regular_customers::double precision / nullif(i.customers, 0) AS regular_share,
    i.customers >= s.enough AS enough
FROM item i
CROSS JOIN workspace.reporting_date r
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s;
COMMENT ON VIEW workspace.product_customers IS 'Who buys a product, or of a category: how many, how many of them again, and which goods make regulars';
COMMENT ON COLUMN workspace.product_customers.kind IS 'product, or category where a column of it is attached';
COMMENT ON COLUMN workspace.product_customers.item IS 'The product or the category';
COMMENT ON COLUMN workspace.product_customers.customers IS 'Number of customers who bought it';
COMMENT ON COLUMN workspace.product_customers.repeat_customers IS 'Number of those who bought it in more than one order';
COMMENT ON COLUMN workspace.product_customers.repeat_share IS 'Share of those, 0 to 1';
COMMENT ON COLUMN workspace.product_customers.orders IS 'Number of orders with it';
COMMENT ON COLUMN workspace.product_customers.revenue IS 'What its lines cost; empty where no column of that is attached';
COMMENT ON COLUMN workspace.product_customers.pct_of_revenue IS 'Share of that of all products, or of all categories, 0 to 100';
COMMENT ON COLUMN workspace.product_customers.abc IS 'ABC class of the product itself by revenue: A brings 80 %, B the next 15 %';
COMMENT ON COLUMN workspace.product_customers.xyz IS 'XYZ class of the product itself, by how much what is sold of it varies from period to period within the window of the classes; empty for fewer than three periods';
COMMENT ON COLUMN workspace.product_customers.new_customers IS 'Number of its customers who are new, by stage of the lifecycle';
COMMENT ON COLUMN workspace.product_customers.occasional_customers IS 'Number of those who are occasional';
COMMENT ON COLUMN workspace.product_customers.regular_customers IS 'Number of those who are regular';
COMMENT ON COLUMN workspace.product_customers.lost_customers IS 'Number of those who are lost';
COMMENT ON COLUMN workspace.product_customers.regular_share IS 'Share of its customers who are regular, 0 to 1';
