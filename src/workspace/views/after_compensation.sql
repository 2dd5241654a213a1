-- Each customer once, from the first complaint on. On both sides what comes after is counted from the same day, when the time to make an
-- offer is over: who was asked late would otherwise have had to be there so long. Only whole spans count. Histories are joined last, and
-- a customer's figures are read once for all rows.
-- belongs to: offers, answers
CREATE VIEW workspace.after_compensation AS
WITH span AS MATERIALIZED (
    SELECT r.as_of, r.as_of - (r.as_of - s.lost_after)::date AS days, 30 AS offer_days, s.new_within, s.lost_after, s.regular_within, s.regular_purchases, s.count_by, s.enough
    FROM workspace.reporting_date r CROSS JOIN workspace.applied_settings s
    LIMIT 1
), complaint AS MATERIALIZED (
    SELECT a.customer, min(a.day) AS day
    FROM workspace.answers_enriched a
    WHERE a.customer IS NOT NULL AND CASE WHEN a.kind IS NOT NULL THEN a.kind IN ('negative', 'criticism') WHEN a.nps_group IS NOT NULL THEN a.nps_group = 'detractor'
        ELSE a.score < (SELECT (w.lowest + w.highest) / 2.0::double precision FROM workspace.answer_window w) END
    GROUP BY a.customer
), whole AS MATERIALIZED (
    SELECT c.customer, c.day, bool_or(o.day IS NOT NULL) AS is_offered
    FROM complaint c
    CROSS JOIN span p
    LEFT JOIN workspace.offers_enriched o ON o.customer = c.customer AND o.day >= c.day AND o.day < c.day + p.offer_days
    WHERE c.day + p.offer_days + p.days <= p.as_of
    GROUP BY c.customer, c.day
), summed AS MATERIALIZED (
    SELECT m.stage, m.is_offered, count(*) AS customers, count(*) FILTER (WHERE m.orders > 0) AS buyers, coalesce(sum(m.revenue), 0) AS revenue
    FROM (
        SELECT w.is_offered, coalesce(clientele.lifecycle_stage(h.history, w.day, p.new_within, p.lost_after, p.regular_within, p.regular_purchases, p.count_by), 'none') AS stage,
            clientele.order_count(h.history, w.day + p.offer_days, w.day + p.offer_days + p.days) AS orders, clientele.revenue(h.history, w.day + p.offer_days, w.day + p.offer_days + p.days) AS revenue
        FROM whole w
        CROSS JOIN span p
        LEFT JOIN workspace.customer_history h ON h.customer = w.customer
        OFFSET 0) m
    GROUP BY m.stage, m.is_offered
), side AS (
    SELECT 'all' AS stage, s.is_offered, sum(s.customers)::bigint AS customers, sum(s.buyers)::bigint AS buyers, sum(s.revenue) AS revenue FROM summed s GROUP BY s.is_offered
    UNION ALL
    SELECT s.stage, s.is_offered, s.customers, s.buyers, s.revenue FROM summed s
)
SELECT v."position", v.stage, p.offer_days, p.days AS span_days,
    coalesce(o.customers, 0) AS offered_customers, coalesce(o.buyers, 0) AS offered_buyers, coalesce(o.revenue, 0.00) AS offered_revenue,
    i.estimate AS offered_share, i.lower AS offered_share_lower, i.upper AS offered_share_upper, (o.revenue / o.customers)::double precision AS revenue_per_offered,
    coalesce(n.customers, 0) AS other_customers, coalesce(n.buyers, 0) AS other_buyers, coalesce(n.revenue, 0.00) AS other_revenue,
    j.estimate AS other_share, j.lower AS other_share_lower, j.upper AS other_share_upper, (n.revenue / n.customers)::double precision AS revenue_per_other,
    t.difference, t.lower AS difference_lower, t.upper AS difference_upper, t.p_value,
    coalesce(o.customers, 0) >= p.enough AND coalesce(n.customers, 0) >= p.enough AS enough
FROM (VALUES (1, 'all'), (2, 'none'), (3, 'new'), (4, 'occasional'), (5, 'regular'), (6, 'lost')) v("position", stage)
CROSS JOIN span p
LEFT JOIN side o ON o.is_offered AND o.stage = v.stage
LEFT JOIN side n ON NOT n.is_offered AND n.stage = v.stage
CROSS JOIN LATERAL clientele.wilson_interval(coalesce(o.buyers, 0), coalesce(o.customers, 0), 0.95::double precision) i
CROSS JOIN LATERAL clientele.wilson_interval(coalesce(n.buyers, 0), coalesce(n.customers, 0), 0.95::double precision) j
CROSS JOIN LATERAL clientele.share_test(coalesce(o.buyers, 0), coalesce(o.customers, 0), coalesce(n.buyers, 0), coalesce(n.customers, 0), 0.95::double precision) t
ORDER BY v."position";
COMMENT ON VIEW workspace.after_compensation IS 'What became of customers who complained and were offered something within thirty days, beside those who complained and were not, by their stage on that day. It is no effect of offering: who gets an offer was chosen, and often came by for it';
COMMENT ON COLUMN workspace.after_compensation.stage IS 'Stage of the lifecycle at the start of the day of the first complaint; none before the first order; all together in the row all';
COMMENT ON COLUMN workspace.after_compensation."position" IS 'Order in which to show the rows, always six';
COMMENT ON COLUMN workspace.after_compensation.span_days IS 'The span in days (lost_after): it begins when the time for an offer is over, and is over for everybody who is counted';
COMMENT ON COLUMN workspace.after_compensation.difference IS 'Share of those offered something less that of the others, -1 to 1; empty without both';
COMMENT ON COLUMN workspace.after_compensation.p_value IS 'Probability of a difference at least as large, in either direction, if there were none';
COMMENT ON COLUMN workspace.after_compensation.enough IS 'Whether there are enough customers on both sides to go by';
