-- Two stretches that are both over, of the length that will be compared: what customers did in the later one, and how much of it the
-- earlier one told. Skewness comes from exact sums, whatever order rows come in.
CREATE FUNCTION workspace.campaign_spread(campaign text)
RETURNS TABLE (measure text, spread clientele.experiment, skewness double precision, highest numeric)
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH figure AS MATERIALIZED (
        SELECT coalesce(clientele.order_count(h.history, c.started_on - c.days_before, c.started_on), 0) AS orders,
            coalesce(clientele.order_count(h.history, c.started_on - 2 * c.days_before, c.started_on - c.days_before), 0) AS orders_before,
            coalesce(clientele.revenue(h.history, c.started_on - c.days_before, c.started_on), 0) AS revenue,
            coalesce(clientele.revenue(h.history, c.started_on - 2 * c.days_before, c.started_on - c.days_before), 0) AS revenue_before
        FROM (SELECT x.* FROM workspace.campaigns x WHERE x.campaign = campaign_spread.campaign) c
        JOIN workspace.campaign_members m ON m.campaign = c.campaign
        JOIN workspace.customer_history h ON _clientele.customer_text(h.customer) = m.customer
    ), cap AS (
        SELECT nullif(greatest(percentile_disc((SELECT x.cap_quantile FROM workspace.campaigns x WHERE x.campaign = campaign_spread.campaign))
            WITHIN GROUP (ORDER BY f.revenue), 0), 0) AS highest
        FROM figure f
    ), long AS (
        SELECT v.place, v.measure, v.after, v.before
        FROM figure f CROSS JOIN cap c
        CROSS JOIN LATERAL (VALUES (1, 'ordered', least(f.orders, 1)::numeric, least(f.orders_before, 1)::numeric), (2, 'orders', f.orders, f.orders_before),
            (3, 'revenue', f.revenue, f.revenue_before), (4, 'revenue_capped', least(f.revenue, c.highest), least(f.revenue_before, c.highest))) v(place, measure, after, before)
        WHERE v.place < 4 OR c.highest IS NOT NULL
    ), summed AS (
        SELECT l.place, l.measure, clientele.experiment_agg('all'::text, l.after, l.before) AS spread, count(*)::numeric AS n,
            sum(l.after) AS one, sum(l.after * l.after) AS two, sum(l.after * l.after * l.after) AS three
        FROM long l
        GROUP BY l.place, l.measure
    )
    SELECT s.measure, s.spread,
        CASE WHEN s.n * s.two > s.one * s.one
            THEN (s.n * s.n * s.three - 3 * s.n * s.one * s.two + 2 * s.one * s.one * s.one)::double precision / (s.n * s.two - s.one * s.one)::double precision ^ 1.5 END,
        c.highest
    FROM summed s CROSS JOIN cap c
    ORDER BY s.place;
END;
COMMENT ON FUNCTION workspace.campaign_spread(text) IS
'How much the members of a campaign differed before it, in the stretch of days_before that ended with its start, and the one before that: what start_campaign() tells in advance.
Arguments: campaign: its name.
Result: a row for each measure: spread, for experiment_detectable() and experiment_size(), skewness of the later stretch, and the highest revenue that counts by cap_quantile; no rows without members.';
