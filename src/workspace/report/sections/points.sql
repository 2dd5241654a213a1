-- What the points that are left are going to cost.
-- belongs to: points
WITH owed AS (
    SELECT _clientele.report_card('points_liability', _clientele.report_say($1, 'report.points_left', _clientele.report_number($1, l.open_points), _clientele.report_count($1, l.customers_with_points, 'customers')),
        coalesce(_clientele.report_say($1, 'report.points_left.note', _clientele.report_number($1, l.expected_redeemed), _clientele.report_number($1, l.expiring)), '')
            || coalesce(' ' || _clientele.report_say($1, 'report.points_left.cost', _clientele.report_money($1, l.liability), _clientele.report_money($1, l.points_value)), ''),
        _clientele.chart_bars($1, '{points,"",number}', ARRAY[
            ROW(_clientele.report_say($1, 'report.points.redeemed'), l.redeemed, NULL, NULL, _clientele.report_number($1, l.redeemed))::_clientele.chart_point,
            ROW(_clientele.report_say($1, 'report.points.expired'), l.expired, NULL, NULL, _clientele.report_number($1, l.expired))::_clientele.chart_point,
            ROW(_clientele.report_say($1, 'report.points.open'), l.open_points, NULL, NULL, _clientele.report_number($1, l.open_points))::_clientele.chart_point])) AS card
    FROM workspace.points_liability l
    WHERE l.customers > 0
)
SELECT _clientele.report_part($1, 'points', (SELECT o.card FROM owed o))
