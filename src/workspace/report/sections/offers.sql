-- What is bought together, and what to offer the best customers: offers are looked up for these alone.
-- belongs to: lines
WITH pairs AS (
    SELECT _clientele.report_card($1, 'strongest_pairs', 'pairs',
        _clientele.report_wide_table($1, 'list words', 'pairs', '{bought,together_with,of_orders,than_by_chance}',
            array_agg(_clientele.report_row(_clientele.report_name(p.product), _clientele.report_name(p.with_product), _clientele.report_noted(_clientele.report_percent($1, 100 * p.confidence),
                    _clientele.report_interval($1, 100 * p.confidence_lower, 100 * p.confidence_upper)), _clientele.report_number($1, p.lift::numeric, 1))
                ORDER BY p."position"))) AS card
    FROM workspace.strongest_pairs p
    WHERE p."position" <= 10
    HAVING count(*) > 0
), best AS MATERIALIZED (
    SELECT c.customer, c.customer_name, c.contact, c.last_year_revenue
    FROM workspace.customers c
    WHERE c.last_year_revenue > 0 AND c.stage <> 'lost'
    ORDER BY c.last_year_revenue DESC, c.customer
    LIMIT 10
), offers AS (
    SELECT _clientele.report_card($1, 'next_offers', 'offers_now',
        _clientele.report_wide_table($1, 'list words offered', 'offers_now', '{customer,offer,goes_with,last_year,at_least}',
            array_agg(_clientele.report_row(_clientele.report_customer($1, b.customer::text, b.customer_name, b.contact), _clientele.report_name(o.product),
                _clientele.report_name(o.because_of), _clientele.report_money($1, b.last_year_revenue), _clientele.report_percent($1, 100 * o.bound)) ORDER BY b.last_year_revenue DESC, b.customer)), 'full') AS card
    FROM best b
    CROSS JOIN LATERAL (SELECT x.product, x.because_of, x.bound FROM workspace.next_offers x WHERE x.customer = b.customer AND x."position" = 1 OFFSET 0) o
    HAVING count(*) > 0
)
SELECT _clientele.report_part($1, 'offers', (SELECT p.card FROM pairs p), (SELECT o.card FROM offers o))
