CREATE VIEW workspace.retention_value AS
WITH shop AS MATERIALIZED (
    SELECT count(*) AS customers, min(r.as_of) AS as_of, min(s.period) AS period,
        sum(clientele.revenue(h.profit_history, r.as_of)) / nullif(sum(clientele.revenue(h.history, r.as_of)), 0) AS profit_share,
        clientele.retention_curve(h.history, s.period, r.as_of) AS curve,
        clientele.activity_agg(h.history, s.period, r.first_period, r.as_of) AS activity
    FROM workspace.reporting_date r
    CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
    CROSS JOIN workspace.customer_history h
    WHERE clientele.first_order(h.history, r.as_of) >= r.first_period
), later AS (
    SELECT sum(p.retained)::numeric / nullif(sum(p.eligible), 0) AS rate
    FROM shop CROSS JOIN LATERAL clientele.retention_points(shop.curve, 0.95::double precision) p
    WHERE p.period_number > 0
), earned AS (
    SELECT sum(p.retained_revenue + p.returned_revenue) / nullif(sum(p.retained_customers + p.returned_customers), 0) AS revenue_per_customer
    FROM shop CROSS JOIN LATERAL clientele.activity_periods(shop.activity) p
    WHERE p.complete
), gain AS (
    SELECT shop.customers, shop.as_of, shop.period, _clientele.period_step(shop.period) AS step, shop.profit_share, later.rate, least(later.rate + s.retention_step / 100, 1) AS raised_rate, earned.revenue_per_customer,
        shop.customers * (least(later.rate + s.retention_step / 100, 1) - later.rate) * earned.revenue_per_customer AS revenue,
        s.retention_step, s.enough, s.words
    FROM shop CROSS JOIN later CROSS JOIN earned
    CROSS JOIN (SELECT x.retention_step, x.enough, _clientele.workspace_words(x.language) AS words FROM workspace.applied_settings x LIMIT 1) s
    WHERE later.rate IS NOT NULL AND earned.revenue_per_customer IS NOT NULL
)
SELECT n.n AS periods_ahead,
    (clientele.period_start(g.as_of, g.period) + (n.n - 1) * g.step)::date AS period_start,
    g.customers, g.rate::double precision AS rate, g.raised_rate::double precision AS raised_rate,
    round(g.revenue_per_customer, 2) AS revenue_per_customer,
    round(g.revenue, 2) AS extra_revenue,
    round(n.n * g.revenue, 2) AS cumulative_extra_revenue,
    round(g.revenue * g.profit_share, 2) AS extra_profit,
    round(n.n * g.revenue * g.profit_share, 2) AS cumulative_extra_profit,
    format(g.words ->> 'retention_value.assumption', replace(round(100 * g.raised_rate, 1)::text, '.', g.words ->> 'number.decimal'),
        replace(round(100 * g.rate, 1)::text, '.', g.words ->> 'number.decimal'), replace(round(g.revenue_per_customer, 2)::text, '.', g.words ->> 'number.decimal')) AS assumption,
    g.customers >= g.enough AS enough
FROM gain g
CROSS JOIN generate_series(1, 12) n(n)
ORDER BY n.n;
COMMENT ON VIEW workspace.retention_value IS 'What some points more of retention would add over the next twelve periods: five, unless the settings say otherwise';
COMMENT ON COLUMN workspace.retention_value.periods_ahead IS '1 is the period under way or about to begin';
COMMENT ON COLUMN workspace.retention_value.customers IS 'Number of customers known today';
COMMENT ON COLUMN workspace.retention_value.rate IS 'Share of customers who bought in a complete period after their first one, 0 to 1: the mean over customers and periods';
COMMENT ON COLUMN workspace.retention_value.revenue_per_customer IS 'Mean revenue of one who bought in such a period';
COMMENT ON COLUMN workspace.retention_value.extra_revenue IS 'What the points would add in the period';
COMMENT ON COLUMN workspace.retention_value.cumulative_extra_revenue IS 'And up to the period';
COMMENT ON COLUMN workspace.retention_value.extra_profit IS 'The same as profit, at the shop''s share of profit in revenue; empty where no column of it is attached';
COMMENT ON COLUMN workspace.retention_value.cumulative_extra_profit IS 'And up to the period';
COMMENT ON COLUMN workspace.retention_value.assumption IS 'What is assumed, in words';
