-- What some points of retention are worth.
SELECT _clientele.report_part($1, 'worth', _clientele.report_card('retention_value',
    _clientele.report_say($1, 'report.worth.title', _clientele.report_money($1, max(v.cumulative_extra_revenue)), _clientele.report_word($1, 'period.ahead.' || ($1 -> 'settings' ->> 'period')), _clientele.report_points($1, max(v.raised_rate) - max(v.rate))),
    _clientele.report_say($1, 'report.worth.note', _clientele.report_percent($1, 100 * max(v.raised_rate), 1), _clientele.report_percent($1, 100 * max(v.rate), 1),
        _clientele.report_count($1, max(v.customers), 'customers'), _clientele.report_money($1, max(v.revenue_per_customer))),
    _clientele.chart_columns($1, _clientele.report_say($1, 'report.worth'), array_agg(ROW(_clientele.report_period($1, v.period_start, true), ARRAY[v.cumulative_extra_revenue], NULL)::_clientele.chart_column ORDER BY v.periods_ahead))
    || _clientele.report_figures($1, '{period,extra_revenue}', array_agg(_clientele.report_row(_clientele.report_period($1, v.period_start), _clientele.report_money($1, v.cumulative_extra_revenue)) ORDER BY v.periods_ahead)), 'full'))
FROM workspace.retention_value v
HAVING bool_and(v.enough) AND max(v.cumulative_extra_revenue) > 0
