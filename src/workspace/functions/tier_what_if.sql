CREATE FUNCTION workspace.tier_what_if(policy text)
RETURNS TABLE (from_tier text, to_tier text, customers bigint, revenue numeric, cost numeric, policy_cost numeric, cost_change numeric, margin double precision, break_even_uplift double precision)
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH now AS MATERIALIZED (
        SELECT l.tiers, l.discounts, l.rules FROM workspace.tier_ladder l WHERE l.policy = 'current'
    ), planned AS MATERIALIZED (
        SELECT l.tiers, l.discounts, l.rules, array_fill(1::numeric, ARRAY[cardinality(l.discounts)]) AS all_of_it
        FROM workspace.tier_ladder l
        WHERE l.policy = tier_what_if.policy
    ), customer AS (
        SELECT coalesce(_clientele.tier_place(h.history, r.as_of, (SELECT n.rules FROM now n)), 0) AS from_place,
            _clientele.tier_place(h.history, r.as_of, p.rules) AS to_place,
            _clientele.tier_cost(h.history, p.rules, p.all_of_it, y.from_date, r.as_of) AS revenue,
            coalesce(_clientele.tier_cost(h.history, (SELECT n.rules FROM now n), (SELECT n.discounts FROM now n), y.from_date, r.as_of), 0) AS cost,
            _clientele.tier_cost(h.history, p.rules, p.discounts, y.from_date, r.as_of) AS policy_cost,
            clientele.revenue(h.profit_history, y.from_date, r.as_of) AS profit
        FROM planned p
        CROSS JOIN workspace.reporting_date r
        CROSS JOIN LATERAL (SELECT (r.as_of - interval '1 year')::date AS from_date) y
        CROSS JOIN workspace.customer_history h
        WHERE clientele.first_order(h.history, r.as_of) IS NOT NULL
    )
    SELECT coalesce((SELECT n.tiers FROM now n)[1 + c.from_place], 'base'), (SELECT p.tiers FROM planned p)[1 + c.to_place], c.customers,
        c.revenue, round(c.cost, 2), round(c.policy_cost, 2), round(c.policy_cost - c.cost, 2), (c.profit / nullif(c.revenue, 0))::double precision,
        CASE WHEN c.revenue > 0 AND c.policy_cost >= c.cost AND c.profit <= c.revenue THEN clientele.discount_break_even(
            ((c.profit - c.cost) / c.revenue)::double precision, ((c.policy_cost - c.cost) / c.revenue)::double precision) END
    FROM (
        SELECT u.from_place, u.to_place, count(*) AS customers, sum(u.revenue) AS revenue, sum(u.cost) AS cost, sum(u.policy_cost) AS policy_cost, sum(u.profit) AS profit
        FROM customer u
        GROUP BY u.from_place, u.to_place) c
    WHERE (SELECT _clientele.known_policy(tier_what_if.policy, ARRAY(SELECT DISTINCT t.policy FROM workspace.tiers t ORDER BY 1))) IS NOT NULL
    ORDER BY c.from_place, c.to_place;
END;
COMMENT ON FUNCTION workspace.tier_what_if(text) IS
'Who would move if the tiers were those of another policy, and what its discounts would have taken off the orders of the last year: nobody buys differently for it.
Arguments: policy: as in the table tiers.
Result: rows of from_tier and to_tier (today; base below the first), customers, revenue (what was sold to them in the last year, returns left out), cost and policy_cost (what the discounts take off that, by the tier of the day), cost_change, margin (profit as a share of revenue; NULL where no column of it is attached), break_even_uplift (how much more has to be sold to them for the same gross profit, as a share; NULL where no quantity does, or the policy takes off less).
Errors: 22023 for a policy without tiers.';
