-- What some points of retention bring in a year.
SELECT _clientele.report_say($1, 'summary.worth.finding', _clientele.report_points($1, v.raised_rate - v.rate), _clientele.report_money($1, v.cumulative_extra_revenue), _clientele.report_word($1, 'period.ahead.' || ($1 -> 'settings' ->> 'period')),
        _clientele.report_percent($1, 100 * v.rate, 1), _clientele.report_percent($1, 100 * v.raised_rate, 1)),
    _clientele.report_say($1, 'summary.worth.advice')
FROM workspace.retention_value v
WHERE v.enough AND v.cumulative_extra_revenue > 0
ORDER BY v.periods_ahead DESC LIMIT 1
