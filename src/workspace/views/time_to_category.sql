-- Whoever bought of both on the same day, or of the other one before, is on no way from one to the other. The twenty categories with the
-- most customers are looked at: each customer is there once for each of them.
-- belongs to: lines
-- stored by: category, next_category
CREATE VIEW workspace.time_to_category AS
WITH first AS MATERIALIZED (
    SELECT l.customer, l.category, min(l.day) AS day
    FROM workspace.order_lines l
    WHERE l.customer IS NOT NULL AND l.category IS NOT NULL
    GROUP BY l.customer, l.category
), category AS MATERIALIZED (
    SELECT f.category FROM first f GROUP BY f.category ORDER BY count(*) DESC, f.category LIMIT 20
)
SELECT w.category, w.next_category, c.durations AS customers, c.ended AS bought, clientele.median_survival(w.waiting) AS median_days,
    1 - k.estimate AS share, 1 - k.upper AS share_lower, 1 - k.lower AS share_upper, c.durations >= w.enough AS enough
FROM (
    SELECT f.category, n.category AS next_category, min(s.enough) AS enough, min(r.as_of - (r.as_of - s.lost_after)::date) AS span,
        clientele.survival_agg(coalesce(b.day, r.as_of) - f.day, b.day IS NOT NULL) AS waiting
    FROM first f
    JOIN category c ON c.category = f.category
    JOIN category n ON n.category <> f.category
    LEFT JOIN first b ON b.customer = f.customer AND b.category = n.category
    CROSS JOIN workspace.reporting_date r
    CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
    WHERE b.day IS NULL OR b.day > f.day
    GROUP BY f.category, n.category) w
CROSS JOIN LATERAL clientele.survival_summary(w.waiting) c
CROSS JOIN LATERAL clientele.survival_at(w.waiting, w.span, 0.95::double precision) k;
COMMENT ON VIEW workspace.time_to_category IS 'How long it takes customers from the first order of a category to the first of another one, those who are still waiting counted (Kaplan-Meier): of the twenty categories with the most customers';
COMMENT ON COLUMN workspace.time_to_category.category IS 'Of which they bought first';
COMMENT ON COLUMN workspace.time_to_category.next_category IS 'Of which they had not bought until then';
COMMENT ON COLUMN workspace.time_to_category.customers IS 'Number of customers who bought of the first and had not of the other one until that day';
COMMENT ON COLUMN workspace.time_to_category.bought IS 'Number of those who did since';
COMMENT ON COLUMN workspace.time_to_category.median_days IS 'Days until half of them have; empty where fewer do';
COMMENT ON COLUMN workspace.time_to_category.share IS 'Share of those who have within the span of settings.lost_after, six months unless changed, 0 to 1; empty where nobody was watched as long';
COMMENT ON COLUMN workspace.time_to_category.share_lower IS 'Lower bound of its 95 % interval';
COMMENT ON COLUMN workspace.time_to_category.share_upper IS 'Upper bound';
