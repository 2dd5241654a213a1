-- Policies without a discount, and a workspace without tiers, read no history. Only what is sold counts: what comes back goes back
-- with the discount that it was bought with.
CREATE VIEW workspace.discount_cost AS
WITH ladder AS MATERIALIZED (
    SELECT l.tiers, l.discounts, l.rules FROM workspace.tier_ladder l WHERE l.policy = 'current'
), year AS MATERIALIZED (
    SELECT r.as_of, (r.as_of - interval '1 year')::date AS from_date FROM workspace.reporting_date r
), sold AS (
    SELECT 'tier'::text AS dimension, n.n AS place, n.tier AS value, d.discount, coalesce(x.orders, 0) AS orders, coalesce(x.revenue, 0.00) AS revenue,
        coalesce(x.profit, 0.00) AS profit
    FROM ladder l
    CROSS JOIN LATERAL unnest(l.tiers) WITH ORDINALITY n(tier, n)
    CROSS JOIN LATERAL (SELECT l.discounts[n.n] AS discount) d
    LEFT JOIN (
        SELECT t.to_place, t.orders, t.revenue, t.profit
        FROM (
            SELECT _clientele.tier_tally(h.history, h.profit_history, (SELECT y.rules FROM ladder y), w.from_date, w.as_of) AS tally
            FROM year w
            CROSS JOIN workspace.customer_history h
            WHERE (SELECT count(*) FROM ladder y) > 0) a
        CROSS JOIN LATERAL _clientele.tier_tally_rows(a.tally) t) x ON x.to_place = n.n - 1
    UNION ALL
    SELECT 'cell'::text AS dimension, row_number() OVER (ORDER BY p.cell) AS place, p.cell AS value, p.discount, coalesce(x.orders, 0)::bigint AS orders,
        coalesce(x.revenue, 0.00) AS revenue, coalesce(x.profit, 0.00) AS profit
    FROM workspace.policies p
    LEFT JOIN (
        SELECT _clientele.path_cell(c.path, d.day) AS cell, sum(d.orders) AS orders, sum(d.amount) FILTER (WHERE d.amount > 0) AS revenue,
            sum(f.amount) FILTER (WHERE d.amount > 0) AS profit
        FROM (
            SELECT h.history, h.profit_history, _clientele.class_path(h.history, h.profit_history, l.rules) AS path
            FROM (
                SELECT _clientele.class_rules_with(r.rules, m.lowest_a, m.lowest_b) AS rules
                FROM (
                    SELECT _clientele.class_rules(_clientele.last_period_ends(d.as_of, s.period), s.period, s.class_window, s.abc_by, s.abc_a, s.abc_b,
                        s.xyz_by, s.frequency_within, s.x_purchases, s.y_purchases, s.xyz_x, s.xyz_y, s.new_within, s.lost_after, s.regular_within,
                        s.regular_purchases, s.count_by, NULL::integer, NULL::double precision) AS rules
                    FROM workspace.reporting_date d CROSS JOIN workspace.applied_settings s
                    LIMIT 1) r
                CROSS JOIN (
                    SELECT array_agg(x.lowest_a ORDER BY x.as_of) AS lowest_a, array_agg(x.lowest_b ORDER BY x.as_of) AS lowest_b
                    FROM workspace.class_limits x) m
                OFFSET 0) l
            CROSS JOIN workspace.customer_history h
            OFFSET 0) c
        CROSS JOIN year w
        CROSS JOIN LATERAL clientele.history_days(clientele.as_of(c.history, w.as_of)) d
        LEFT JOIN LATERAL clientele.history_days(c.profit_history) f ON f.day = d.day
        WHERE (SELECT count(*) FROM workspace.policies y WHERE y.discount > 0) > 0 AND d.day >= w.from_date AND d.orders > 0
        GROUP BY _clientele.path_cell(c.path, d.day)) x ON x.cell = p.cell
    WHERE (SELECT count(*) FROM workspace.policies y WHERE y.discount > 0) > 0
)
SELECT row_number() OVER (ORDER BY o.dimension DESC, o.place) AS "position",
    o.dimension, o.value, o.orders, o.revenue, o.discount, round(o.revenue * o.discount, 2) AS cost,
    CASE WHEN s.has_profit THEN o.profit END AS profit, m.margin,
    clientele.discount_break_even(CASE WHEN m.margin <= 1 THEN m.margin END, o.discount::double precision) AS break_even_uplift,
    o.orders >= s.enough AS enough
FROM sold o
CROSS JOIN (SELECT x.has_profit, x.enough FROM workspace.applied_settings x LIMIT 1) s
CROSS JOIN LATERAL (SELECT CASE WHEN s.has_profit AND o.revenue > 0 THEN (o.profit / o.revenue)::double precision END AS margin) m
ORDER BY 1;
COMMENT ON VIEW workspace.discount_cost IS 'What discounts take off the orders of the last year: by the tier that customers had on the day, and by their cell at the start of the period, in the periods that cells are known of';
COMMENT ON COLUMN workspace.discount_cost."position" IS 'Order in which to show the rows';
COMMENT ON COLUMN workspace.discount_cost.dimension IS 'tier: of the programme; cell: of the matrix, where a policy has a discount';
COMMENT ON COLUMN workspace.discount_cost.value IS 'Name of the tier, base below the first; or the cell';
COMMENT ON COLUMN workspace.discount_cost.orders IS 'Number of their orders';
COMMENT ON COLUMN workspace.discount_cost.revenue IS 'What was sold with them, returns left out';
COMMENT ON COLUMN workspace.discount_cost.cost IS 'What the discount takes off that';
COMMENT ON COLUMN workspace.discount_cost.profit IS 'Profit of the days on which something was sold, before the discount; empty where no column of it is attached';
COMMENT ON COLUMN workspace.discount_cost.enough IS 'Whether there are enough orders to go by';
