-- Whom to turn to this week, the most valuable first.
WITH at_risk AS (
    SELECT _clientele.report_card('at_risk', _clientele.report_say($1, 'report.at_risk'),
        _clientele.report_say($1, 'report.at_risk.note', _clientele.report_count($1, max(r.customers), 'customers'), _clientele.report_money($1, max(r.stake)), _clientele.report_sentence($1, max(r.approach))),
        _clientele.report_wide_table($1, 'list', 'at_risk', '{customer,cell,silent,usually,last_year}',
            array_agg(_clientele.report_row(_clientele.report_customer($1, r.customer::text, r.customer_name, r.contact), coalesce(r.cell, ''), _clientele.report_count($1, r.days_since_last, 'days'),
                _clientele.report_number($1, r.usual_gap::numeric), _clientele.report_money($1, r.last_year_revenue)) ORDER BY r."position"))) AS card
    FROM (SELECT x.*, count(*) OVER () AS customers, sum(x.last_year_revenue) OVER () AS stake FROM workspace.at_risk x ORDER BY x."position" LIMIT 10) r
    HAVING count(*) > 0
), win_back AS (
    SELECT _clientele.report_card('win_back', _clientele.report_say($1, 'report.win_back'),
        _clientele.report_say($1, 'report.win_back.note', _clientele.report_count($1, max(r.customers), 'customers'), _clientele.report_money($1, max(r.stake)), _clientele.report_sentence($1, max(r.approach))),
        _clientele.report_wide_table($1, 'list', 'win_back', '{customer,last_order,last_year,chance,expected}',
            array_agg(_clientele.report_row(_clientele.report_customer($1, r.customer::text, r.customer_name, r.contact), _clientele.report_day($1, r.last_order), _clientele.report_money($1, r.last_year_revenue),
                _clientele.report_percent($1, 100 * r.return_share), _clientele.report_money($1, r.expected_value)) ORDER BY r."position"))) AS card
    FROM (SELECT b.* FROM (SELECT x.*, count(*) OVER () AS customers, sum(x.last_year_revenue) OVER () AS stake FROM workspace.win_back x) b WHERE b.enough ORDER BY b."position" LIMIT 10) r
    HAVING count(*) > 0
), second_order AS (
    SELECT _clientele.report_card('second_order_due', _clientele.report_say($1, 'report.second_order'),
        _clientele.report_say($1, 'report.second_order.note', _clientele.report_count($1, max(r.customers), 'customers'), _clientele.report_count($1, round(max(r.usual_gap))::bigint, 'days'), _clientele.report_sentence($1, max(r.approach))),
        _clientele.report_wide_table($1, 'list', 'second_order', '{customer,first_order,revenue}',
            array_agg(_clientele.report_row(_clientele.report_customer($1, r.customer::text, r.customer_name, r.contact), _clientele.report_day($1, r.last_order), _clientele.report_money($1, r.revenue)) ORDER BY r."position"))) AS card
    FROM (SELECT x.*, count(*) OVER () AS customers FROM workspace.second_order_due x ORDER BY x."position" LIMIT 10) r
    HAVING count(*) > 0
)
SELECT _clientele.report_part($1, 'lists', (SELECT r.card FROM at_risk r), (SELECT w.card FROM win_back w), (SELECT s.card FROM second_order s))
