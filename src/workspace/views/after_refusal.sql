-- Each customer once: who refused from the first refusal on, who was never asked from one of those same days on, which the key's hash
-- chooses, so that both have the same seasons behind them and ahead. The first span is that of the reporting date, in days, for all.
-- belongs to: offers
CREATE VIEW workspace.after_refusal AS
WITH span AS MATERIALIZED (
    SELECT r.as_of, r.as_of - (r.as_of - s.lost_after)::date AS days, s.new_within, s.lost_after, s.regular_within, s.regular_purchases, s.count_by, s.enough
    FROM workspace.reporting_date r CROSS JOIN workspace.applied_settings s
    LIMIT 1
), asked AS MATERIALIZED (
    SELECT e.customer, min(e.day) FILTER (WHERE e.outcome = 'refused') AS refused_on
    FROM workspace.offers_enriched e
    GROUP BY e.customer
), measured AS (
    SELECT w.is_refuser, clientele.lifecycle_stage(w.history, w.day, w.new_within, w.lost_after, w.regular_within, w.regular_purchases, w.count_by) AS stage,
        clientele.order_count(w.history, w.day - w.days, w.day) AS orders_before, clientele.order_count(w.history, w.day + 1, w.day + 1 + w.days) AS orders, clientele.revenue(w.history, w.day + 1, w.day + 1 + w.days) AS revenue
    FROM (
        SELECT h.history, a.customer IS NOT NULL AS is_refuser, p.*, CASE WHEN a.customer IS NOT NULL THEN a.refused_on
            ELSE d.refused_on[1 + (_clientele.digest_bucket(ROW(h.customer))::bigint * cardinality(d.refused_on) / 65536)::integer] END AS day
        FROM workspace.customer_history h
        LEFT JOIN asked a ON a.customer = h.customer
        CROSS JOIN span p
        CROSS JOIN (
            SELECT array_agg(x.refused_on ORDER BY x.refused_on) AS refused_on
            FROM asked x CROSS JOIN span y
            WHERE x.refused_on + 1 + y.days <= y.as_of) d
        OFFSET 0) w
    WHERE w.day + 1 + w.days <= w.as_of
)
SELECT v."position", v.stage, p.days AS span_days,
    coalesce(m.refused_customers, 0) AS refused_customers, coalesce(m.refused_buyers, 0) AS refused_buyers, coalesce(m.refused_orders, 0) AS refused_orders, coalesce(m.refused_revenue, 0.00) AS refused_revenue,
    coalesce(m.refused_orders_before, 0) AS refused_orders_before, m.refused_orders_before::double precision / nullif(m.refused_customers, 0)::double precision AS orders_before_per_refused,
    m.refused_orders::double precision / nullif(m.refused_customers, 0)::double precision AS orders_per_refused, (m.refused_revenue / nullif(m.refused_customers, 0))::double precision AS revenue_per_refused,
    coalesce(m.unasked_customers, 0) AS unasked_customers, coalesce(m.unasked_buyers, 0) AS unasked_buyers, coalesce(m.unasked_orders, 0) AS unasked_orders, coalesce(m.unasked_revenue, 0.00) AS unasked_revenue,
    coalesce(m.unasked_orders_before, 0) AS unasked_orders_before, m.unasked_orders_before::double precision / nullif(m.unasked_customers, 0)::double precision AS orders_before_per_unasked,
    m.unasked_orders::double precision / nullif(m.unasked_customers, 0)::double precision AS orders_per_unasked, (m.unasked_revenue / nullif(m.unasked_customers, 0))::double precision AS revenue_per_unasked,
    t.difference, t.lower AS difference_lower, t.upper AS difference_upper, t.p_value,
    coalesce(m.refused_customers, 0) >= p.enough AND coalesce(m.unasked_customers, 0) >= p.enough AS enough
FROM (VALUES (1, 'new'), (2, 'occasional'), (3, 'regular'), (4, 'lost')) v("position", stage)
CROSS JOIN span p
LEFT JOIN (
    SELECT c.stage, count(*) FILTER (WHERE c.is_refuser) AS refused_customers, count(*) FILTER (WHERE c.is_refuser AND c.orders > 0) AS refused_buyers,
        sum(c.orders_before) FILTER (WHERE c.is_refuser)::bigint AS refused_orders_before, sum(c.orders) FILTER (WHERE c.is_refuser)::bigint AS refused_orders, sum(c.revenue) FILTER (WHERE c.is_refuser) AS refused_revenue,
        count(*) FILTER (WHERE NOT c.is_refuser) AS unasked_customers, count(*) FILTER (WHERE NOT c.is_refuser AND c.orders > 0) AS unasked_buyers,
        sum(c.orders_before) FILTER (WHERE NOT c.is_refuser)::bigint AS unasked_orders_before, sum(c.orders) FILTER (WHERE NOT c.is_refuser)::bigint AS unasked_orders, sum(c.revenue) FILTER (WHERE NOT c.is_refuser) AS unasked_revenue
    FROM measured c
    GROUP BY c.stage) m ON m.stage = v.stage
CROSS JOIN LATERAL clientele.share_test(m.refused_buyers, m.refused_customers, m.unasked_buyers, m.unasked_customers, 0.95::double precision) t
ORDER BY v."position";
COMMENT ON VIEW workspace.after_refusal IS 'What customers bought in the six months (lost_after) after they first refused an offer, beside customers of the same stage who were never offered anything, each customer once. It is no effect of asking or of refusing: who is asked was chosen, often by coming in, as the orders of the same span before show';
COMMENT ON COLUMN workspace.after_refusal."position" IS 'Order in which to show the rows, always four';
COMMENT ON COLUMN workspace.after_refusal.stage IS 'Stage of the lifecycle at the start of the day of the first refusal; of those never asked at the start of one of the same days';
COMMENT ON COLUMN workspace.after_refusal.span_days IS 'The span in days, which begins the day after and is over for everybody who is counted';
COMMENT ON COLUMN workspace.after_refusal.refused_customers IS 'Number of customers who refused, and had ordered before';
COMMENT ON COLUMN workspace.after_refusal.refused_buyers IS 'Number of those who ordered within the span';
COMMENT ON COLUMN workspace.after_refusal.refused_orders IS 'Number of their orders within it';
COMMENT ON COLUMN workspace.after_refusal.refused_revenue IS 'Revenue from them within it, returns taken off';
COMMENT ON COLUMN workspace.after_refusal.refused_orders_before IS 'Number of their orders in as many days before that day';
COMMENT ON COLUMN workspace.after_refusal.orders_before_per_refused IS 'Those by number of customers: where they are far from those of the customers never asked, the two were never alike';
COMMENT ON COLUMN workspace.after_refusal.orders_per_refused IS 'Orders by number of customers';
COMMENT ON COLUMN workspace.after_refusal.revenue_per_refused IS 'Revenue by number of customers';
COMMENT ON COLUMN workspace.after_refusal.unasked_customers IS 'Number of customers who were never offered anything before the reporting date, and had ordered before that day';
COMMENT ON COLUMN workspace.after_refusal.unasked_buyers IS 'Number of those who ordered within the span';
COMMENT ON COLUMN workspace.after_refusal.unasked_orders IS 'Number of their orders within it';
COMMENT ON COLUMN workspace.after_refusal.unasked_revenue IS 'Revenue from them within it, returns taken off';
COMMENT ON COLUMN workspace.after_refusal.unasked_orders_before IS 'Number of their orders in as many days before that day';
COMMENT ON COLUMN workspace.after_refusal.orders_before_per_unasked IS 'Those by number of customers';
COMMENT ON COLUMN workspace.after_refusal.orders_per_unasked IS 'Orders by number of customers';
COMMENT ON COLUMN workspace.after_refusal.revenue_per_unasked IS 'Revenue by number of customers';
COMMENT ON COLUMN workspace.after_refusal.difference IS 'Share of those who refused that ordered within the span, less that of those never asked, -1 to 1; empty where either are none';
COMMENT ON COLUMN workspace.after_refusal.p_value IS 'Probability of a difference at least as large, in either direction, if there were none; empty where all or none ordered';
COMMENT ON COLUMN workspace.after_refusal.enough IS 'Whether there are enough customers on both sides to go by';
