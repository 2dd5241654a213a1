-- On either side each customer once: who refused from the first refusal on; and who had not been asked yet from one of those same days on,
-- which the key's hash chooses, so that both have the same seasons behind them and ahead. Who is asked at an order came that day, and is
-- compared with who came then too; who was not asked until today came less, and would be no measure. Spans are as long as the one before
-- the reporting date, in days. The days are a subquery that depends on nothing: as a column they would be copied with each row. A customer's figures of all three beginnings are in one row, and are summed up together.
-- belongs to: offers
CREATE VIEW workspace.after_refusal AS
WITH span AS MATERIALIZED (
    SELECT x.*, x.as_of - 1 - x.days AS last_day
    FROM (
        SELECT r.as_of, r.as_of - (r.as_of - s.lost_after)::date AS days, s.new_within, s.lost_after, s.regular_within, s.regular_purchases, s.count_by, s.enough
        FROM workspace.reporting_date r CROSS JOIN workspace.applied_settings s
        LIMIT 1) x
), asked AS MATERIALIZED (
    SELECT e.customer, min(e.day) AS asked_on, min(e.day) FILTER (WHERE e.outcome = 'refused') AS refused_on
    FROM workspace.offers_enriched e
    GROUP BY e.customer
), days AS MATERIALIZED (
    SELECT array_agg(x.refused_on ORDER BY x.refused_on) AS days, count(*) AS number
    FROM asked x CROSS JOIN span y
    WHERE x.refused_on <= y.last_day
), drawn AS (
    SELECT h.history, a.asked_on, CASE WHEN a.refused_on <= p.last_day THEN a.refused_on END AS refused_on, p.*,
        (SELECT d.days FROM days d)[1 + (_clientele.digest_bucket(ROW(h.customer))::bigint * (SELECT d.number FROM days d) / 65536)::integer] AS day
    FROM workspace.customer_history h
    LEFT JOIN (SELECT DISTINCT ON (x.customer) x.customer, x.asked_on, x.refused_on FROM asked x) a ON a.customer = h.customer
    CROSS JOIN span p
    OFFSET 0
), begun AS (
    SELECT n.*, CASE WHEN n.next_order <= n.last_day AND (n.asked_on > n.next_order) IS NOT FALSE THEN n.next_order END AS unasked_on,
        CASE WHEN (n.asked_on > n.day) IS NOT FALSE AND n.next_order IS DISTINCT FROM n.day THEN n.day END AS idle_on
    FROM (SELECT d.*, clientele.first_order(d.history, d.day, d.as_of) AS next_order FROM drawn d OFFSET 0) n
    OFFSET 0
), summed AS MATERIALIZED (
    SELECT m.refused_stage, m.refused_with_order, m.unasked_stage, m.idle_stage,
        count(m.refused_stage) AS refused_customers, count(*) FILTER (WHERE m.refused_orders > 0) AS refused_buyers,
        sum(m.refused_before)::bigint AS refused_before, sum(m.refused_orders)::bigint AS refused_orders, sum(m.refused_revenue) AS refused_revenue,
        count(m.unasked_stage) AS unasked_customers, count(*) FILTER (WHERE m.unasked_orders > 0) AS unasked_buyers,
        sum(m.unasked_before)::bigint AS unasked_before, sum(m.unasked_orders)::bigint AS unasked_orders, sum(m.unasked_revenue) AS unasked_revenue,
        count(m.idle_stage) AS idle_customers, count(*) FILTER (WHERE m.idle_orders > 0) AS idle_buyers,
        sum(m.idle_before)::bigint AS idle_before, sum(m.idle_orders)::bigint AS idle_orders, sum(m.idle_revenue) AS idle_revenue
    FROM (
        SELECT clientele.order_count(b.history, b.refused_on, b.refused_on + 1) > 0 AS refused_with_order,
            coalesce(clientele.lifecycle_stage(b.history, b.refused_on, b.new_within, b.lost_after, b.regular_within, b.regular_purchases, b.count_by), CASE WHEN b.refused_on IS NOT NULL THEN 'none' END) AS refused_stage,
            clientele.order_count(b.history, b.refused_on - b.days, b.refused_on) AS refused_before, clientele.order_count(b.history, b.refused_on + 1, b.refused_on + 1 + b.days) AS refused_orders,
            clientele.revenue(b.history, b.refused_on + 1, b.refused_on + 1 + b.days) AS refused_revenue,
            coalesce(clientele.lifecycle_stage(b.history, b.unasked_on, b.new_within, b.lost_after, b.regular_within, b.regular_purchases, b.count_by), CASE WHEN b.unasked_on IS NOT NULL THEN 'none' END) AS unasked_stage,
            clientele.order_count(b.history, b.unasked_on - b.days, b.unasked_on) AS unasked_before, clientele.order_count(b.history, b.unasked_on + 1, b.unasked_on + 1 + b.days) AS unasked_orders,
            clientele.revenue(b.history, b.unasked_on + 1, b.unasked_on + 1 + b.days) AS unasked_revenue,
            coalesce(clientele.lifecycle_stage(b.history, b.idle_on, b.new_within, b.lost_after, b.regular_within, b.regular_purchases, b.count_by), CASE WHEN b.idle_on IS NOT NULL THEN 'none' END) AS idle_stage,
            clientele.order_count(b.history, b.idle_on - b.days, b.idle_on) AS idle_before, clientele.order_count(b.history, b.idle_on + 1, b.idle_on + 1 + b.days) AS idle_orders,
            clientele.revenue(b.history, b.idle_on + 1, b.idle_on + 1 + b.days) AS idle_revenue
        FROM begun b
        OFFSET 0) m
    GROUP BY m.refused_stage, m.refused_with_order, m.unasked_stage, m.idle_stage
), refused AS (
    SELECT s.refused_stage AS stage, s.refused_with_order AS with_order, sum(s.refused_customers)::bigint AS customers, sum(s.refused_buyers)::bigint AS buyers,
        sum(s.refused_before)::bigint AS orders_before, sum(s.refused_orders)::bigint AS orders, sum(s.refused_revenue) AS revenue
    FROM summed s
    WHERE s.refused_stage IS NOT NULL
    GROUP BY s.refused_stage, s.refused_with_order
), unasked AS (
    SELECT s.unasked_stage AS stage, true AS with_order, sum(s.unasked_customers)::bigint AS customers, sum(s.unasked_buyers)::bigint AS buyers,
        sum(s.unasked_before)::bigint AS orders_before, sum(s.unasked_orders)::bigint AS orders, sum(s.unasked_revenue) AS revenue
    FROM summed s
    WHERE s.unasked_stage IS NOT NULL
    GROUP BY s.unasked_stage
    UNION ALL
    SELECT s.idle_stage, false, sum(s.idle_customers)::bigint, sum(s.idle_buyers)::bigint, sum(s.idle_before)::bigint, sum(s.idle_orders)::bigint, sum(s.idle_revenue)
    FROM summed s
    WHERE s.idle_stage IS NOT NULL
    GROUP BY s.idle_stage
)
SELECT v."position", v.stage, v.with_order, p.days AS span_days,
    coalesce(r.customers, 0) AS refused_customers, coalesce(r.buyers, 0) AS refused_buyers,
    coalesce(r.orders_before, 0) AS refused_orders_before, coalesce(r.orders, 0) AS refused_orders, coalesce(r.revenue, 0.00) AS refused_revenue,
    r.orders_before::double precision / r.customers::double precision AS orders_before_per_refused,
    r.orders::double precision / r.customers::double precision AS orders_per_refused, (r.revenue / r.customers)::double precision AS revenue_per_refused,
    coalesce(u.customers, 0) AS unasked_customers, coalesce(u.buyers, 0) AS unasked_buyers,
    coalesce(u.orders_before, 0) AS unasked_orders_before, coalesce(u.orders, 0) AS unasked_orders, coalesce(u.revenue, 0.00) AS unasked_revenue,
    u.orders_before::double precision / u.customers::double precision AS orders_before_per_unasked,
    u.orders::double precision / u.customers::double precision AS orders_per_unasked, (u.revenue / u.customers)::double precision AS revenue_per_unasked,
    t.difference, t.lower AS difference_lower, t.upper AS difference_upper, t.p_value,
    coalesce(r.customers, 0) >= p.enough AND coalesce(u.customers, 0) >= p.enough AS enough
FROM (VALUES (1, 'none', true), (2, 'new', true), (3, 'occasional', true), (4, 'regular', true), (5, 'lost', true),
    (6, 'new', false), (7, 'occasional', false), (8, 'regular', false), (9, 'lost', false)) v("position", stage, with_order)
CROSS JOIN span p
LEFT JOIN refused r ON r.stage = v.stage AND r.with_order = v.with_order
LEFT JOIN unasked u ON u.stage = v.stage AND u.with_order = v.with_order
LEFT JOIN LATERAL clientele.share_test(r.buyers, r.customers, u.buyers, u.customers, 0.95::double precision) t ON true
ORDER BY v."position";
COMMENT ON VIEW workspace.after_refusal IS 'What customers bought in the six months (lost_after) after they first refused an offer, beside customers of the same stage who had not been offered anything until then. It is no effect of asking or of refusing: who is asked was chosen, and who accepts is not here';
COMMENT ON COLUMN workspace.after_refusal."position" IS 'Order in which to show the rows, always nine';
COMMENT ON COLUMN workspace.after_refusal.stage IS 'Stage of the lifecycle at the start of that day; none before the first order';
COMMENT ON COLUMN workspace.after_refusal.with_order IS 'Whether they ordered on that day: those not asked yet are then counted from their first order on or after one of the days of refusals, else from that day on, unless they ordered on it';
COMMENT ON COLUMN workspace.after_refusal.span_days IS 'The span in days: it begins on the day after, and is over for everybody who is counted';
COMMENT ON COLUMN workspace.after_refusal.refused_customers IS 'Number of customers who refused';
COMMENT ON COLUMN workspace.after_refusal.refused_buyers IS 'Number of those who ordered within the span';
COMMENT ON COLUMN workspace.after_refusal.refused_orders_before IS 'Number of their orders in as many days before that day';
COMMENT ON COLUMN workspace.after_refusal.refused_orders IS 'Number of their orders within it';
COMMENT ON COLUMN workspace.after_refusal.refused_revenue IS 'Revenue from them within it, returns taken off';
COMMENT ON COLUMN workspace.after_refusal.orders_before_per_refused IS 'Orders before that day by number of customers: where these are far from those of the others, the two were not alike beforehand';
COMMENT ON COLUMN workspace.after_refusal.orders_per_refused IS 'Orders by number of customers';
COMMENT ON COLUMN workspace.after_refusal.unasked_customers IS 'Number of customers who had not been offered anything until that day; some were later';
COMMENT ON COLUMN workspace.after_refusal.unasked_buyers IS 'Number of those who ordered within the span';
COMMENT ON COLUMN workspace.after_refusal.unasked_orders_before IS 'Number of their orders in as many days before that day';
COMMENT ON COLUMN workspace.after_refusal.unasked_orders IS 'Number of their orders within it';
COMMENT ON COLUMN workspace.after_refusal.unasked_revenue IS 'Revenue from them within it, returns taken off';
COMMENT ON COLUMN workspace.after_refusal.orders_before_per_unasked IS 'Orders before that day by number of customers';
COMMENT ON COLUMN workspace.after_refusal.orders_per_unasked IS 'Orders by number of customers';
COMMENT ON COLUMN workspace.after_refusal.difference IS 'Share of those who refused that ordered within the span, less that of the others, -1 to 1; empty where either are none';
COMMENT ON COLUMN workspace.after_refusal.p_value IS 'Probability of a difference at least as large, in either direction, if there were none; empty where all or none ordered';
COMMENT ON COLUMN workspace.after_refusal.enough IS 'Whether there are enough customers on both sides to go by';
