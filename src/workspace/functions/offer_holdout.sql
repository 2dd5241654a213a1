-- What sells best is offered by the same function, as if everybody had bought something that comes with everything.
-- belongs to: lines
CREATE FUNCTION workspace.offer_holdout(cut date, most integer DEFAULT 10)
RETURNS TABLE (method text, customers bigint, hits bigint, hit_rate double precision, hit_rate_lower double precision, hit_rate_upper double precision)
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH line AS MATERIALIZED (
        SELECT DISTINCT l.customer, l.order_id, l.product, l.day < offer_holdout.cut AS is_before
        FROM workspace.order_lines l
    ), known AS MATERIALIZED (
        SELECT b.customer, b.owned, b.bought
        FROM (
            SELECT l.customer, array_agg(DISTINCT l.product) FILTER (WHERE l.is_before) AS owned, array_agg(DISTINCT l.product) FILTER (WHERE NOT l.is_before) AS bought
            FROM line l
            WHERE l.customer IS NOT NULL
            GROUP BY l.customer) b
        WHERE b.owned IS NOT NULL AND NOT b.bought <@ b.owned
    ), basket AS MATERIALIZED (
        SELECT clientele.basket_agg(l.order_id, l.product) AS baskets FROM line l WHERE l.is_before
    ), rules AS MATERIALIZED (
        SELECT 'pairs'::text AS method, NULL::text AS anything, (
            SELECT _clientele.offer_rules(p.product, p.with_product, p.baskets, p.baskets_with_both)
            FROM clientele.basket_pairs(b.baskets, 5, 100, 0.95::double precision) p) AS rules
        FROM basket b
        UNION ALL
        SELECT 'popularity'::text, ''::text, (
            SELECT _clientele.offer_rules(''::text, p.product, p.all_orders, p.orders)
            FROM (
                SELECT l.product, count(*) AS orders, (SELECT count(DISTINCT x.order_id) FROM line x WHERE x.is_before) AS all_orders
                FROM line l
                WHERE l.is_before
                GROUP BY l.product) p)
    )
    SELECT c.method, c.customers, c.hits, i.estimate, i.lower, i.upper
    FROM (
        SELECT r.method, count(k.customer) AS customers, count(*) FILTER (WHERE EXISTS (
            SELECT FROM _clientele.offers(k.owned || r.anything, r.rules, offer_holdout.most) o WHERE o.product = ANY (k.bought))) AS hits
        FROM rules r LEFT JOIN known k ON true
        GROUP BY r.method) c
    CROSS JOIN LATERAL clientele.wilson_interval(c.hits, c.customers, 0.95::double precision) i
    ORDER BY c.method;
END;
COMMENT ON FUNCTION workspace.offer_holdout(date, integer) IS
'How good offers would have been on a day: of the customers who later bought something new, how many were offered any of it, by the pairs of products until then as in next_offers, and by what sold best until then.
Arguments: cut: the day, before which is what is known; most: number of offers to each customer, 1 to 1000.
Result: two rows, of the methods pairs and popularity: customers, hits, hit_rate (0 to 1) with the bounds of its 95 % interval (Wilson).
Errors: 22023 for another number.';
