-- One figure of each member; the control group is number 0, the others follow in their order. What is compared is asked for before
-- anything is read: so a name that is not there is an error, and not a result without rows.
CREATE FUNCTION workspace.campaign_randomisation(campaign text, measure text DEFAULT 'revenue', salts integer DEFAULT 9999)
RETURNS TABLE (grp text, customers bigint, difference double precision, p_value double precision)
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH chosen AS MATERIALIZED (
        SELECT q.measure, c.campaign, c.started_on, c.started_on - c.days_before AS before_from, c.highest_revenue, least(coalesce(c.ended_on, r.as_of), r.as_of) AS until,
            ARRAY(SELECT g.grp FROM workspace.campaign_groups g WHERE g.campaign = c.campaign ORDER BY g.grp <> c.control, g."position", g.grp) AS groups
        FROM (
            SELECT _clientele.workspace_campaign_measure(campaign_randomisation.campaign, (SELECT x.campaign FROM workspace.campaigns x WHERE x.campaign = campaign_randomisation.campaign),
                campaign_randomisation.measure) AS measure
            OFFSET 0) q
        LEFT JOIN workspace.campaigns c ON c.campaign = campaign_randomisation.campaign
        CROSS JOIN workspace.reporting_date r
    ), member AS (
        SELECT m.customer, m.stratum, array_position(c.groups, m.grp) - 1 AS number, c.campaign, c.measure, c.highest_revenue,
            CASE c.measure WHEN 'gross_profit' THEN clientele.revenue(h.profit_history, c.started_on, c.until) ELSE clientele.revenue(h.history, c.started_on, c.until) END AS revenue,
            CASE c.measure WHEN 'gross_profit' THEN clientele.revenue(h.profit_history, c.before_from, c.started_on) ELSE clientele.revenue(h.history, c.before_from, c.started_on) END AS revenue_before,
            clientele.order_count(h.history, c.started_on, c.until) AS orders, clientele.order_count(h.history, c.before_from, c.started_on) AS orders_before
        FROM chosen c
        JOIN workspace.campaign_members m ON m.campaign = c.campaign AND m.grp = ANY (c.groups)
        LEFT JOIN workspace.customer_history h ON _clientele.customer_text(h.customer) = m.customer
    ), figure AS (
        SELECT f.number, dense_rank() OVER (ORDER BY f.stratum COLLATE "C")::integer AS stratum, clientele.experiment_position(f.customer, f.campaign) AS place, f.customer,
            coalesce(CASE f.measure WHEN 'ordered' THEN least(f.orders, 1)::double precision WHEN 'orders' THEN f.orders::double precision
                WHEN 'revenue_capped' THEN least(f.revenue, f.highest_revenue)::double precision ELSE f.revenue::double precision END, 0) AS after,
            coalesce(CASE f.measure WHEN 'ordered' THEN 0 WHEN 'orders' THEN f.orders_before::double precision
                WHEN 'revenue_capped' THEN least(f.revenue_before, f.highest_revenue)::double precision ELSE f.revenue_before::double precision END, 0) AS before
        FROM member f
    ), listed AS (
        SELECT array_agg(f.after ORDER BY f.stratum, f.place, f.customer COLLATE "C") AS after, array_agg(f.before ORDER BY f.stratum, f.place, f.customer COLLATE "C") AS before,
            array_agg(f.number ORDER BY f.stratum, f.place, f.customer COLLATE "C") AS numbers, array_agg(f.stratum ORDER BY f.stratum, f.place, f.customer COLLATE "C") AS strata
        FROM figure f
    )
    SELECT c.groups[r.grp + 1], r.customers, r.difference, r.p_value
    FROM chosen c
    CROSS JOIN listed l
    CROSS JOIN LATERAL _clientele.randomisation(l.after, l.before, l.numbers, l.strata, c.campaign, campaign_randomisation.salts) r
    ORDER BY r.grp;
END;
COMMENT ON FUNCTION workspace.campaign_randomisation(text, text, integer) IS
'How likely chance alone makes an effect as large, by dealing the same customers out again and again, within the same strata, to groups of the same sizes: exact however skewed figures are and however small a group is, where campaign_effect says that there is not enough.
Arguments: campaign: its name; measure: ordered, orders, revenue, revenue_capped or gross_profit; salts: number of other divisions, up to ten million.
Result: one row for each group but the control group: grp, customers, difference (adjusted as in campaign_effect, but not weighted by strata), p_value: the share of divisions whose difference is as large, either way, the one that was drawn among them. It is the same each time.
Errors: 42704 without such a campaign, 22023 for another measure or number, 22003 for figures past 922 trillion.';
