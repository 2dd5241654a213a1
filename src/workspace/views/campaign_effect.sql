-- Intention to treat: groups are compared as they were drawn, whatever became of their customers. Sums of the histories tell all but
-- what was said. What is against the control group where there is none is not asked: functions would refuse it. Returns by orders are
-- compared without strata, in some of which a group may have no order.
CREATE VIEW workspace.campaign_effect AS
WITH campaign AS MATERIALIZED (
    SELECT c.campaign, c.started_on, c.control, c.standing, c.discount, c.skewness_orders, c.skewness_revenue, c.skewness_capped, c.decide_at,
        least(coalesce(c.ended_on, d.as_of), d.as_of) AS until, coalesce(c.ended_on > d.as_of, true) AS is_running, s.enough,
        EXISTS (SELECT FROM workspace.attached a WHERE a.relation_role = 'answers') AS has_answers
    FROM workspace.reporting_date d
    CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
    JOIN workspace.campaigns c ON c.started_on < d.as_of
), results AS MATERIALIZED (
    SELECT r.campaign, r.stratum, r.results FROM workspace.campaign_results r
), answers AS MATERIALIZED (
    SELECT a.campaign, a.grp, count(*) FILTER (WHERE a.complaints > 0) AS complaining,
        clientele.experiment_agg(a.grp, a.nps_points, 0::bigint, a.nps_answers) FILTER (WHERE a.nps_answers > 0) AS nps
    FROM workspace.campaign_answers a
    GROUP BY a.campaign, a.grp
), measured AS (
    SELECT r.campaign, v.place, v.measure, v.is_guardrail, v.adjusted,
        clientele.rollup(p.part) AS whole, CASE WHEN v.number < 5 THEN array_agg(p.part) ELSE ARRAY[clientele.rollup(p.part)] END AS strata
    FROM results r
    CROSS JOIN (VALUES (1, 'ordered', 0, false, false), (2, 'orders', 1, false, true), (3, 'revenue', 2, false, true), (4, 'revenue_capped', 3, false, true),
        (5, 'gross_profit', 4, false, true), (6, 'returns_per_order', 5, true, false)) v(place, measure, number, is_guardrail, adjusted)
    CROSS JOIN LATERAL (SELECT _clientele.campaign_part(r.results, v.number) AS part OFFSET 0) p
    GROUP BY r.campaign, v.place, v.measure, v.number, v.is_guardrail, v.adjusted
    UNION ALL
    SELECT a.campaign, 8 AS place, 'nps' AS measure, true AS is_guardrail, false AS adjusted, clientele.rollup(a.nps) AS whole, ARRAY[clientele.rollup(a.nps)] AS strata
    FROM answers a
    GROUP BY a.campaign
), grouped AS (
    SELECT m.campaign, m.place, m.measure, m.is_guardrail, m.adjusted, m.strata, g.grp, g.customers, g.mean
    FROM measured m
    CROSS JOIN LATERAL clientele.experiment_means(m.whole) g
), size AS MATERIALIZED (
    SELECT c.campaign, g.grp, g."position", g.share, coalesce(n.customers, 0) AS customers
    FROM campaign c
    JOIN workspace.campaign_groups g ON g.campaign = c.campaign
    LEFT JOIN grouped n ON n.campaign = g.campaign AND n.grp = g.grp AND n.place = 1
), ratio AS (
    SELECT z.campaign, t.p_value
    FROM (
        SELECT x.campaign, array_agg(x.customers ORDER BY x."position", x.grp) AS customers, array_agg(x.share ORDER BY x."position", x.grp) AS shares
        FROM size x
        GROUP BY x.campaign
        HAVING max(x.share) > 0) z
    CROSS JOIN LATERAL clientele.experiment_srm(z.customers, z.shares) t
), compared AS (
    SELECT o.campaign, o.place, o.measure, o.is_guardrail, o.grp, o.customers, k.customers AS control_customers, o.mean, k.mean AS control_mean,
        CASE WHEN o.place = 1 AND NOT c.is_running THEN t.difference ELSE e.difference END AS difference,
        CASE WHEN o.place = 1 AND NOT c.is_running THEN t.lower ELSE e.lower END AS lower,
        CASE WHEN o.place = 1 AND NOT c.is_running THEN t.upper ELSE e.upper END AS upper,
        CASE WHEN o.place = 1 AND NOT c.is_running THEN t.p_value ELSE e.p_value END AS p_value,
        e.relative, CASE WHEN o.place > 1 OR c.is_running THEN e.relative_lower END AS relative_lower, CASE WHEN o.place > 1 OR c.is_running THEN e.relative_upper END AS relative_upper,
        CASE WHEN o.adjusted THEN e.variance_saved END AS variance_saved
    FROM grouped o
    JOIN campaign c ON c.campaign = o.campaign
    JOIN grouped k ON k.campaign = o.campaign AND k.place = o.place AND k.grp = c.control
    JOIN LATERAL clientele.experiment_effect(CASE WHEN k.customers > 0 THEN o.strata END, c.control, o.adjusted,
        CASE WHEN o.is_guardrail THEN 0.90::double precision ELSE 0.95::double precision END, CASE WHEN c.is_running THEN 'always_valid' ELSE 'welch' END, c.decide_at) e ON e.grp = o.grp
    CROSS JOIN LATERAL clientele.share_test(CASE WHEN o.place = 1 THEN round(o.mean * o.customers)::bigint END, o.customers, round(k.mean * k.customers)::bigint, k.customers, 0.95::double precision) t
    WHERE o.grp <> c.control
    UNION ALL
    SELECT o.campaign, 7 AS place, 'complaints' AS measure, true AS is_guardrail, o.grp, o.customers, k.customers AS control_customers, a.complaining::double precision / o.customers::double precision AS mean,
        b.complaining::double precision / k.customers::double precision AS control_mean, t.difference, t.lower, t.upper, t.p_value,
        t.difference / nullif(b.complaining::double precision / k.customers::double precision, 0) AS relative, NULL::double precision AS relative_lower, NULL::double precision AS relative_upper,
        NULL::double precision AS variance_saved
    FROM grouped o
    JOIN campaign c ON c.campaign = o.campaign AND c.has_answers
    JOIN grouped k ON k.campaign = o.campaign AND k.place = o.place AND k.grp = c.control
    LEFT JOIN answers x ON x.campaign = o.campaign AND x.grp = o.grp
    LEFT JOIN answers y ON y.campaign = o.campaign AND y.grp = c.control
    CROSS JOIN LATERAL (SELECT coalesce(x.complaining, 0) AS complaining) a
    CROSS JOIN LATERAL (SELECT coalesce(y.complaining, 0) AS complaining) b
    CROSS JOIN LATERAL clientele.share_test(a.complaining, o.customers, b.complaining, k.customers, 0.90::double precision) t
    WHERE o.place = 1 AND o.grp <> c.control
), overlap AS MATERIALIZED (
    SELECT c.campaign, o.campaign AS other, least(c.until, coalesce(x.ended_on, c.until)) - greatest(c.started_on, o.started_on) AS days
    FROM campaign c
    JOIN campaign o ON o.campaign <> c.campaign AND NOT o.standing
    JOIN workspace.campaigns x ON x.campaign = o.campaign
    WHERE NOT c.standing AND least(c.until, coalesce(x.ended_on, c.until)) > greatest(c.started_on, o.started_on)
), shared AS (
    SELECT m.campaign, m.grp, count(DISTINCT m.customer) AS customers, sum(v.days)::bigint AS days
    FROM overlap v
    JOIN workspace.campaign_members m ON m.campaign = v.campaign
    JOIN workspace.campaign_members o ON o.campaign = v.other AND o.customer = m.customer
    GROUP BY m.campaign, m.grp
), money AS (
    SELECT g.campaign, g.grp, g.mean * g.customers AS revenue FROM grouped g WHERE g.place = 3
), judged AS (
    SELECT c.campaign, c.started_on, c.until, c.is_running, x.place, x.measure, x.is_guardrail, z."position" AS group_position, x.grp, x.customers, x.control_customers,
        x.mean, x.control_mean, x.difference, x.lower, x.upper,
        CASE WHEN NOT x.is_guardrail THEN x.p_value WHEN (x.difference > 0) = (x.measure <> 'nps') THEN x.p_value / 2 ELSE 1 - x.p_value / 2 END AS p_value,
        x.relative, x.relative_lower, x.relative_upper, x.variance_saved,
        CASE WHEN NOT x.is_guardrail THEN x.customers END AS counted, CASE WHEN x.measure IN ('revenue', 'gross_profit') THEN c.discount * r.revenue END AS given,
        least(x.customers, x.control_customers) AS smaller, greatest(x.customers, x.control_customers) AS larger, c.enough,
        CASE x.measure WHEN 'orders' THEN c.skewness_orders WHEN 'revenue_capped' THEN c.skewness_capped WHEN 'revenue' THEN c.skewness_revenue WHEN 'gross_profit' THEN c.skewness_revenue END AS skewness
    FROM compared x
    JOIN campaign c ON c.campaign = x.campaign
    JOIN size z ON z.campaign = x.campaign AND z.grp = x.grp
    JOIN money r ON r.campaign = x.campaign AND r.grp = x.grp
)
SELECT row_number() OVER (ORDER BY j.started_on DESC, j.campaign, j.group_position, j.grp, j.place) AS "position",
    j.campaign, j.grp, j.measure, j.is_guardrail, j.customers, j.control_customers, j.mean, j.control_mean,
    j.difference, j.lower AS difference_lower, j.upper AS difference_upper, j.p_value, j.relative, j.relative_lower, j.relative_upper,
    j.difference * j.counted AS incremental, j.lower * j.counted AS incremental_lower, j.upper * j.counted AS incremental_upper,
    j.difference * j.counted - j.given::double precision AS less_discount, j.lower * j.counted - j.given::double precision AS less_discount_lower, j.upper * j.counted - j.given::double precision AS less_discount_upper,
    CASE WHEN j.is_guardrail THEN CASE WHEN j.p_value < 0.05 THEN 'worse' ELSE 'not shown' END
        WHEN j.p_value < 0.05 THEN CASE WHEN j.difference > 0 THEN 'better' ELSE 'worse' END ELSE 'not shown' END AS verdict,
    j.smaller >= j.enough AND (j.skewness IS NULL OR j.smaller >= 355 * j.skewness ^ 2 OR 2 * j.smaller >= j.larger) AS enough,
    j.variance_saved, j.started_on, j.until, j.is_running,
    r.p_value AS srm_p_value, coalesce(h.customers, 0) AS shared_customers, coalesce(h.days, 0) AS shared_days
FROM judged j
LEFT JOIN ratio r ON r.campaign = j.campaign
LEFT JOIN shared h ON h.campaign = j.campaign AND h.grp = j.grp;
COMMENT ON VIEW workspace.campaign_effect IS 'What each campaign brought, measure by measure: each group beside the one that got nothing, as they were drawn, whatever became of their customers, from the start to the end or the reporting date. While it runs, bounds hold however often one looks';
COMMENT ON COLUMN workspace.campaign_effect."position" IS 'Order in which to show the rows: the last started first';
COMMENT ON COLUMN workspace.campaign_effect.grp IS 'The group that is compared with the control group';
COMMENT ON COLUMN workspace.campaign_effect.customers IS 'Number of its customers; of nps, of those who answered';
COMMENT ON COLUMN workspace.campaign_effect.difference IS 'Its mean less that of the control group; of orders and amounts adjusted for what both bought before, within strata';
COMMENT ON COLUMN workspace.campaign_effect.difference_lower IS 'Lower bound of its 95 % interval, of 90 % where is_guardrail: Newcombe''s for shares, Welch''s for others, always valid while it runs';
COMMENT ON COLUMN workspace.campaign_effect.p_value IS 'Probability of a difference at least as large if there were none: in either direction, where is_guardrail in the bad one alone. Of many campaigns and measures one in twenty is below 0.05 by chance';
COMMENT ON COLUMN workspace.campaign_effect.verdict IS 'better or worse where p_value is below 0.05, else not shown; where is_guardrail never better';
COMMENT ON COLUMN workspace.campaign_effect.enough IS 'Whether to go by it: the smaller group has the customers of the settings, and where figures are skewed either 355 * skewness^2 of them or half of the larger one';
COMMENT ON COLUMN workspace.campaign_effect.shared_days IS 'Days that its customers spent in two such campaigns at a time, added up';
