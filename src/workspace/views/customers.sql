-- Without tiers there are no rules, and so nothing is read for them.
CREATE VIEW workspace.customers AS
SELECT c.customer, c.orders, c.purchase_days, c.revenue, c.average_order, c.first_order, c.last_order,
    c.days_since_last, c.gap_days, c.returns, c.profit, c.purchases, c.window_revenue, c.window_profit,
    c.window_returns, c.last_year_revenue, c.abc, c.xyz, c.cell, c.stage,
    c.recency_score, c.frequency_score, c.monetary_score, coalesce(g.segment, 'other') AS segment, c.at_risk,
    c.usual_gap, c.missing_revenue, c.pareto_share, p.action AS policy, c.as_of, d.customer_name, d.contact,
    (SELECT l.tiers FROM workspace.tier_ladder l WHERE l.policy = 'current')[
        1 + _clientele.tier_place(c.history, c.as_of, (SELECT l.rules FROM workspace.tier_ladder l WHERE l.policy = 'current'))] AS tier
FROM workspace.customer_classes c
LEFT JOIN workspace.rfm_cells g ON g.recency_score = c.recency_score AND g.frequency_score = c.frequency_score
    AND g.monetary_score = c.monetary_score
LEFT JOIN workspace.policies p ON p.cell = c.cell
LEFT JOIN workspace.customer_details d ON d.customer = c.customer;
COMMENT ON VIEW workspace.customers IS 'One row per customer with at least one order before the reporting date';
COMMENT ON COLUMN workspace.customers.orders IS 'Number of orders: rows with an amount of zero or more';
COMMENT ON COLUMN workspace.customers.cell IS 'Both: AX to CZ';
COMMENT ON COLUMN workspace.customers.segment IS 'Segment by the RFM scores, from the table segments';
COMMENT ON COLUMN workspace.customers.policy IS 'What to do: the action of the cell, from the table policies';
COMMENT ON COLUMN workspace.customers.tier IS 'Tier of the programme, base below the first; empty where the table tiers has none';
