-- Without tiers no history is read. A distributed engine plans no join that is left out where nobody asks for its columns, beside a condition
-- on no row: it is made first.
CREATE VIEW workspace.near_tier AS
WITH ladder AS MATERIALIZED (
    SELECT l.names, l.thresholds FROM workspace.tier_ladder l WHERE l.policy = 'current'
), progress AS (
    SELECT h.customer, r.as_of, p.tier, p.qualifying, p.next_tier, p.missing, p.missing_until, p.missing_to_keep, p.days_left,
        CASE WHEN isfinite(p.kept_until) THEN p.kept_until END AS kept_until,
        p.missing <= CASE s.tier_count_by WHEN 'spend' THEN clientele.average_order(h.history, r.as_of) ELSE 1::numeric END
            AND clientele.lifecycle_stage(h.history, r.as_of, s.new_within, s.lost_after, s.regular_within, s.regular_purchases, s.count_by) <> 'lost' AS near_next,
        p.days_left < 30 AS falls_soon,
        clientele.average_order(h.history, r.as_of) AS average_order,
        clientele.last_order(h.history, r.as_of) AS last_order,
        clientele.revenue(h.history, (clientele.last_order(h.history, r.as_of) + 1 - interval '1 year')::date, r.as_of) AS last_year_revenue
    FROM workspace.reporting_date r
    CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
    CROSS JOIN workspace.customer_history h
    CROSS JOIN LATERAL clientele.tier_progress(h.history, r.as_of, (SELECT l.thresholds FROM ladder l), (SELECT l.names FROM ladder l),
        s.tier_within, s.tier_hold, s.tier_count_by, s.tier_calendar) p
    WHERE (SELECT count(*) FROM ladder l) > 0 AND clientele.first_order(h.history, r.as_of) IS NOT NULL
        AND (p.missing IS NOT NULL OR p.days_left IS NOT NULL)
), near AS MATERIALIZED (
    SELECT p.*, d.customer_name, d.contact
    FROM progress p
    LEFT JOIN workspace.customer_details d ON d.customer = p.customer
    WHERE p.near_next OR p.falls_soon
)
SELECT row_number() OVER (
        ORDER BY least(CASE WHEN p.near_next THEN greatest(p.missing_until, p.as_of) END, CASE WHEN p.falls_soon THEN p.kept_until END) NULLS LAST,
            p.last_year_revenue DESC, p.customer) AS "position",
    p.customer, coalesce(p.tier, 'base') AS tier, p.qualifying, coalesce(p.near_next, false) AS near_next, p.next_tier, p.missing, p.missing_until,
    coalesce(p.falls_soon, false) AS falls_soon, p.missing_to_keep, p.kept_until, p.days_left,
    p.average_order, p.last_order, p.last_year_revenue, p.customer_name, p.contact
FROM near p;
COMMENT ON VIEW workspace.near_tier IS 'Customers whom one purchase of their usual size separates from the next tier, and those who lose theirs within 30 days if they buy nothing: what ends soonest first, then the most valuable';
COMMENT ON COLUMN workspace.near_tier.tier IS 'Their tier; base below the first';
