-- Where the tour stops, as SQL literals: the months from which on it shows revenue, the middle of the time that the
-- orders span, and the best customer. No row if there are no orders.
SELECT quote_literal(
        greatest(date_trunc('month', min(c.first_order)), date_trunc('month', r.as_of) - interval '18 months')::date),
    quote_literal(min(c.first_order) + (r.as_of - min(c.first_order)) / 2),
    (SELECT quote_literal(b.customer) FROM loyalty.customers b ORDER BY b.revenue DESC, b.customer LIMIT 1)
FROM loyalty.customers c CROSS JOIN loyalty.reporting_date r
GROUP BY r.as_of;
