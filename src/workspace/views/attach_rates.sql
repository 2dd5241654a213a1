-- An order may have lines of several employees: it counts once for each of them.
-- belongs to: lines
-- stored by: dimension, value, category, with_category
CREATE VIEW workspace.attach_rates AS
WITH sold AS MATERIALIZED (
    SELECT l.order_id, l.category, sum(l.amount) AS amount
    FROM workspace.order_lines l
    WHERE l.category IS NOT NULL
    GROUP BY l.order_id, l.category
), seller AS MATERIALIZED (
    SELECT DISTINCT v.dimension, v.value, l.category, l.order_id
    FROM workspace.order_lines l
    CROSS JOIN LATERAL (VALUES ('employee'::text, l.employee), ('source'::text, l.source)) v(dimension, value)
    WHERE l.category IS NOT NULL AND v.value IS NOT NULL
), rate AS (
    SELECT s.dimension, s.value, s.category, c.with_category, s.orders, coalesce(p.orders, 0) AS orders_with, c.revenue / c.orders AS revenue_each, s.orders >= x.enough AS is_enough
    FROM (SELECT a.dimension, a.value, a.category, count(*) AS orders FROM seller a GROUP BY a.dimension, a.value, a.category) s
    JOIN (
        SELECT a.category, b.category AS with_category, count(*) AS orders, sum(b.amount) AS revenue
        FROM sold a JOIN sold b ON b.order_id = a.order_id AND b.category <> a.category
        GROUP BY a.category, b.category) c ON c.category = s.category
    LEFT JOIN (
        SELECT a.dimension, a.value, a.category, b.category AS with_category, count(*) AS orders
        FROM seller a JOIN sold b ON b.order_id = a.order_id AND b.category <> a.category
        GROUP BY a.dimension, a.value, a.category, b.category) p
        ON p.dimension = s.dimension AND p.value = s.value AND p.category = s.category AND p.with_category = c.with_category
    CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) x
), median AS (
    SELECT r.dimension, r.category, r.with_category, percentile_cont(0.5) WITHIN GROUP (ORDER BY r.orders_with::double precision / r.orders) AS rate
    FROM rate r
    WHERE r.is_enough
    GROUP BY r.dimension, r.category, r.with_category
)
SELECT r.dimension, r.value, r.category, r.with_category, r.orders, r.orders_with, i.estimate AS rate, i.lower AS rate_lower, i.upper AS rate_upper, m.rate AS median_rate,
    CASE WHEN r.is_enough THEN round((r.orders * greatest(m.rate - i.estimate, 0))::numeric * r.revenue_each, 2) END AS revenue_gap,
    r.is_enough AS enough
FROM rate r
LEFT JOIN median m ON m.dimension = r.dimension AND m.category = r.category AND m.with_category = r.with_category
CROSS JOIN LATERAL clientele.wilson_interval(r.orders_with, r.orders, 0.95::double precision) i;
COMMENT ON VIEW workspace.attach_rates IS 'How often something of another category, such as a service, is sold with a category, by who sold it and where, and what the gap to the median of them costs';
COMMENT ON COLUMN workspace.attach_rates.dimension IS 'What orders are told apart by: employee, where a column of it is attached with the lines, or source, with the orders';
COMMENT ON COLUMN workspace.attach_rates.value IS 'Which one';
COMMENT ON COLUMN workspace.attach_rates.category IS 'What is sold';
COMMENT ON COLUMN workspace.attach_rates.with_category IS 'What goes with it';
COMMENT ON COLUMN workspace.attach_rates.orders IS 'Number of orders with the category';
COMMENT ON COLUMN workspace.attach_rates.orders_with IS 'Number of those with the other one too';
COMMENT ON COLUMN workspace.attach_rates.rate IS 'Share of those, 0 to 1';
COMMENT ON COLUMN workspace.attach_rates.revenue_gap IS 'What the other category would have brought besides at the median rate, at what it brings per order; 0 where the rate is above';
COMMENT ON COLUMN workspace.attach_rates.enough IS 'Whether there are enough orders to go by';
