-- Who is in which tier and what that costs, and whom one more purchase lifts.
WITH tiers AS (
    SELECT _clientele.report_card($1, 'tier_summary', 'tiers',
        _clientele.report_wide_table($1, 'list words', 'tiers', '{tier,customers,window_revenue,discount,cost_of_year}',
            array_agg(_clientele.report_row(
                    CASE t."position" WHEN 1 THEN _clientele.report_label($1, 'tier', t.tier) ELSE _clientele.report_name(t.tier) END,
                    _clientele.report_noted(_clientele.report_number($1, t.customers::numeric), _clientele.report_percent($1, t.pct_of_customers)),
                    _clientele.report_noted(_clientele.report_money($1, t.window_revenue), _clientele.report_percent($1, t.pct_of_window_revenue)),
                    coalesce(_clientele.report_percent($1, 100 * t.discount::double precision, 1), ''), coalesce(_clientele.report_money($1, t.discount_cost), ''))
                ORDER BY t."position"))) AS card
    FROM workspace.tier_summary t
    HAVING count(*) > 0
), near AS (
    SELECT _clientele.report_card('near_tier', _clientele.report_say($1, 'report.near_tier'),
        _clientele.report_say($1, 'report.near_tier.note', _clientele.report_count($1, max(n.all_near), 'customers'), _clientele.report_count($1, max(n.all_falling), 'customers')),
        _clientele.report_wide_table($1, 'list', 'near_tier', '{customer,next_tier,missing,last_day,last_year}',
            array_agg(_clientele.report_row(_clientele.report_customer($1, n.customer::text, n.customer_name, n.contact), _clientele.report_name(n.next_tier), _clientele.report_number($1, n.missing),
                _clientele.report_day($1, n.missing_until), _clientele.report_money($1, n.last_year_revenue)) ORDER BY n.last_year_revenue DESC, n.customer))) AS card
    FROM (
        SELECT x.*, count(*) FILTER (WHERE x.near_next) OVER () AS all_near, count(*) FILTER (WHERE x.falls_soon) OVER () AS all_falling
        FROM workspace.near_tier x
        ORDER BY x.near_next DESC, x.last_year_revenue DESC, x.customer LIMIT 10) n
    WHERE n.near_next
    HAVING count(*) > 0
)
SELECT _clientele.report_part($1, 'programme', (SELECT t.card FROM tiers t), (SELECT n.card FROM near n))
