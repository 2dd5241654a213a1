-- DISTINCT tells the planner that a history is a customer (see first_purchase).
CREATE VIEW workspace.sources AS
WITH history AS MATERIALIZED (
    SELECT c.customer, c.first_order, c.revenue, c.profit, c.first_order + c.span <= c.as_of AS repeat_eligible,
        (c.repeat).ended AND (c.repeat).duration < c.span AS repeated,
        c.first_order >= c.first_period AND (c.first_start + 4 * c.step)::date <= c.as_of AS eligible,
        clientele.order_count(c.history, (c.first_start + 3 * c.step)::date, (c.first_start + 4 * c.step)::date) > 0 AS kept
    FROM (
        SELECT DISTINCT ON (h.customer) h.customer, h.history, r.as_of, r.first_period, clientele.first_order(h.history, r.as_of) AS first_order,
            clientele.revenue(h.history, r.as_of) AS revenue, clientele.revenue(h.profit_history, r.as_of) AS profit,
            r.as_of - (r.as_of - s.lost_after)::date AS span, clientele.repeat_time(h.history, 1, r.as_of, 'days'::text) AS repeat,
            clientele.period_start(clientele.first_order(h.history, r.as_of), s.period) AS first_start, _clientele.period_step(s.period) AS step
        FROM workspace.reporting_date r
        CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
        CROSS JOIN workspace.customer_history h
        WHERE clientele.first_order(h.history, r.as_of) IS NOT NULL
        OFFSET 0) c
), cost_span AS (
    SELECT CASE WHEN b.from_date < b.until THEN b.from_date END AS costs_from, CASE WHEN b.from_date < b.until THEN b.until END AS costs_until
    FROM (
        SELECT greatest(clientele.period_start(min(c.day), min(c.span)), clientele.period_start(min(c.first_order), min(c.span))) AS from_date,
            least(min(c.as_of), (clientele.period_start(max(c.day), min(c.span)) + min(_clientele.period_step(c.span)))::date) AS until
        FROM (
            SELECT k.day, r.as_of, h.first_order, CASE WHEN s.period IN ('quarter', 'year') THEN s.period ELSE 'month' END AS span
            FROM workspace.source_costs k
            CROSS JOIN workspace.reporting_date r
            CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
            CROSS JOIN (SELECT min(x.first_order) AS first_order FROM history x) h) c) b
),
source AS (
    SELECT coalesce(a.source, t.source, k.source) AS source, coalesce(a.customers, 0) AS customers, coalesce(a.referred_customers, 0) AS referred_customers,
        coalesce(a.revenue, 0.00) AS revenue, a.profit, coalesce(t.orders, 0) - coalesce(a.customers, 0) AS later_orders,
        coalesce(t.revenue, 0.00) - coalesce(a.first_revenue, 0.00) AS later_revenue,
        coalesce(a.eligible, 0) AS eligible, coalesce(a.kept, 0) AS kept, coalesce(a.repeat_eligible, 0) AS repeat_eligible,
        coalesce(a.repeated, 0) AS repeated, coalesce(a.costed_customers, 0) AS costed_customers,
        coalesce(a.costed_revenue, 0.00) AS costed_revenue, a.costed_profit, coalesce(k.cost, 0.00) AS cost
    FROM (
        SELECT coalesce(nullif(f.source, ''), 'unknown') AS source, count(h.customer) AS customers,
            count(h.customer) FILTER (WHERE b.referrers > 0) AS referred_customers,
            sum(h.revenue) AS revenue, sum(h.profit) AS profit, sum(f.amount) FILTER (WHERE h.customer IS NOT NULL) AS first_revenue,
            count(*) FILTER (WHERE h.eligible) AS eligible, count(*) FILTER (WHERE h.eligible AND h.kept) AS kept,
            count(*) FILTER (WHERE h.repeat_eligible) AS repeat_eligible,
            count(*) FILTER (WHERE h.repeat_eligible AND h.repeated) AS repeated,
            count(*) FILTER (WHERE h.first_order >= k.costs_from AND h.first_order < k.costs_until) AS costed_customers,
            sum(h.revenue) FILTER (WHERE h.first_order >= k.costs_from AND h.first_order < k.costs_until) AS costed_revenue,
            sum(h.profit) FILTER (WHERE h.first_order >= k.costs_from AND h.first_order < k.costs_until) AS costed_profit
        FROM workspace.first_orders f
        FULL JOIN history h ON h.customer = f.customer
        FULL JOIN (
            SELECT r.customer, count(x.customer) AS referrers
            FROM workspace.customer_referrers r FULL JOIN history x ON x.customer = r.referrer
            GROUP BY r.customer) b ON b.customer = h.customer
        CROSS JOIN cost_span k
        GROUP BY 1
    ) a
    FULL JOIN (
        SELECT coalesce(nullif(p.source, ''), 'unknown') AS source, sum(p.orders)::bigint AS orders, sum(p.revenue) AS revenue
        FROM workspace.customer_preferences p
        GROUP BY 1) t ON t.source = a.source
    FULL JOIN (
        SELECT c.source, sum(c.cost) FILTER (WHERE c.day >= b.costs_from AND c.day < b.costs_until) AS cost
        FROM workspace.source_costs c CROSS JOIN cost_span b
        GROUP BY c.source) k ON k.source = coalesce(a.source, t.source)
)
SELECT CASE WHEN c.eligible >= s.enough AND c.eligible > 0
        THEN row_number() OVER (PARTITION BY c.eligible >= s.enough AND c.eligible > 0 ORDER BY p.lower DESC, p.estimate DESC, c.source) END AS "position",
    c.source, c.customers,
    100 * c.customers::double precision / nullif(sum(c.customers) OVER (), 0)::double precision AS pct_of_customers,
    c.referred_customers, c.revenue,
    CASE WHEN sum(c.revenue) OVER () > 0 THEN (100 * c.revenue / sum(c.revenue) OVER ())::double precision END AS pct_of_revenue,
    (c.revenue / nullif(c.customers, 0))::double precision AS value_per_customer, c.profit, c.later_orders, c.later_revenue,
    c.eligible, c.kept, p.estimate AS kept_share, p.lower AS kept_share_lower, p.upper AS kept_share_upper,
    c.repeat_eligible, c.repeated, i.estimate AS repeat_share, i.lower AS repeat_share_lower, i.upper AS repeat_share_upper,
    b.costs_from, b.costs_until,
    CASE WHEN b.costs_from IS NOT NULL THEN c.cost END AS cost,
    CASE WHEN b.costs_from IS NOT NULL THEN c.costed_customers END AS costed_customers,
    CASE WHEN b.costs_from IS NOT NULL THEN c.costed_revenue END AS costed_revenue,
    CASE WHEN b.costs_from IS NOT NULL THEN c.costed_profit END AS costed_profit,
    CASE WHEN b.costs_from IS NOT NULL THEN (c.cost / nullif(c.costed_customers, 0))::double precision END AS cost_per_customer,
    CASE WHEN b.costs_from IS NOT NULL THEN (c.costed_revenue / nullif(c.cost, 0))::double precision END AS return_on_cost,
    CASE WHEN b.costs_from IS NOT NULL THEN (c.costed_profit / nullif(c.cost, 0))::double precision END AS profit_per_cost,
    c.eligible >= s.enough AS enough
FROM source c
CROSS JOIN cost_span b
CROSS JOIN (SELECT x.* FROM workspace.applied_settings x LIMIT 1) s
CROSS JOIN LATERAL clientele.wilson_interval(c.repeated, c.repeat_eligible, 0.95::double precision) i
CROSS JOIN LATERAL clientele.wilson_interval(c.kept, c.eligible, 0.95::double precision) p
WHERE (SELECT coalesce(a.columns->>'source', '') <> '' FROM workspace.attached a WHERE a.relation_role = 'orders') AND (c.customers > 0 OR c.later_orders > 0 OR c.cost > 0);
COMMENT ON VIEW workspace.sources IS 'Where customers come from: the source of their first order, and what they are worth; what prompted later orders is apart. Empty where no column with the source of an order is attached';
COMMENT ON COLUMN workspace.sources."position" IS 'Rank by the lower bound of kept_share: who brings customers that stay; empty where too few had the time';
COMMENT ON COLUMN workspace.sources.source IS 'Source of the first order; unknown where none is given';
COMMENT ON COLUMN workspace.sources.customers IS 'Number of customers acquired';
COMMENT ON COLUMN workspace.sources.referred_customers IS 'Number of those whom another customer brought, where attach_customers() was told of a column with the referrer';
COMMENT ON COLUMN workspace.sources.revenue IS 'Revenue of those customers'' whole life, whatever prompted their later orders';
COMMENT ON COLUMN workspace.sources.pct_of_revenue IS 'Share of all revenue, 0 to 100';
COMMENT ON COLUMN workspace.sources.profit IS 'Profit of those customers'' whole life; empty where no column of it is attached';
COMMENT ON COLUMN workspace.sources.later_orders IS 'Number of orders after a customer''s first that came by this source, whoever acquired the customer';
COMMENT ON COLUMN workspace.sources.later_revenue IS 'Their revenue, returns not taken off';
COMMENT ON COLUMN workspace.sources.eligible IS 'Number of customers for whom the third period after that of the first purchase is complete';
COMMENT ON COLUMN workspace.sources.kept IS 'Number of those who bought in it';
COMMENT ON COLUMN workspace.sources.kept_share_lower IS 'Lower bound of its 95 % interval (Wilson)';
COMMENT ON COLUMN workspace.sources.kept_share_upper IS 'Upper bound';
COMMENT ON COLUMN workspace.sources.repeat_eligible IS 'Number of customers whose first order is at least six months ago (lost_after)';
COMMENT ON COLUMN workspace.sources.repeated IS 'Number of those who bought again within that span';
COMMENT ON COLUMN workspace.sources.repeat_share IS 'Share of those, 0 to 1';
COMMENT ON COLUMN workspace.sources.repeat_share_lower IS 'Lower bound of its 95 % interval (Wilson)';
COMMENT ON COLUMN workspace.sources.repeat_share_upper IS 'Upper bound';
COMMENT ON COLUMN workspace.sources.costs_from IS 'First day of the months whose costs are known; empty where attach_costs() was told of none';
COMMENT ON COLUMN workspace.sources.costs_until IS 'The day after their last';
COMMENT ON COLUMN workspace.sources.cost IS 'What was spent on the source in that time';
COMMENT ON COLUMN workspace.sources.costed_customers IS 'Number of customers acquired in that time';
COMMENT ON COLUMN workspace.sources.costed_revenue IS 'Revenue of their whole life';
COMMENT ON COLUMN workspace.sources.costed_profit IS 'Profit of their whole life';
COMMENT ON COLUMN workspace.sources.return_on_cost IS 'Revenue of those customers by cost';
COMMENT ON COLUMN workspace.sources.profit_per_cost IS 'Profit of those customers, before that cost, by cost';
COMMENT ON COLUMN workspace.sources.enough IS 'Whether there are enough eligible customers to go by';
