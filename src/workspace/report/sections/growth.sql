-- Revenue by whom it comes from, beside that of the year before. Where customers who bought nothing returned goods, their returns hang below.
WITH period AS (
    SELECT r.*, o.year_before_revenue
    FROM workspace.revenue_by_period r
    JOIN workspace.overview o ON o.period_start = r.period_start
    WHERE r.complete
    ORDER BY r.period_start DESC LIMIT 24
)
SELECT _clientele.report_part(_clientele.report_say($1, 'report.growth'),
    _clientele.report_card('revenue_by_period', _clientele.report_say($1, 'report.revenue_by_whom'), _clientele.report_say($1, 'report.revenue_by_whom.note'),
        _clientele.report_legend(_clientele.report_say($1, 'report.retained', _clientele.report_word($1, 'period.previous.' || ($1 -> 'settings' ->> 'period'))), _clientele.report_say($1, 'report.returned'), _clientele.report_say($1, 'report.new'),
            CASE WHEN bool_or(p.inactive_revenue <> 0) THEN _clientele.report_say($1, 'report.inactive') END,
            CASE WHEN bool_or(p.year_before_revenue IS NOT NULL) THEN _clientele.report_say($1, 'report.year_before') END)
        || _clientele.chart_columns($1, _clientele.report_say($1, 'report.revenue_by_whom'), array_agg(ROW(_clientele.report_period($1, p.period_start, true),
            ARRAY[p.retained_revenue, p.returned_revenue, p.new_revenue, p.inactive_revenue]::double precision[], p.year_before_revenue)::_clientele.chart_column ORDER BY p.period_start))
        || _clientele.report_figures($1, ARRAY[_clientele.report_say($1, 'report.period'), _clientele.report_say($1, 'report.revenue'), _clientele.report_say($1, 'report.retained', _clientele.report_word($1, 'period.previous.' || ($1 -> 'settings' ->> 'period'))),
                _clientele.report_say($1, 'report.returned'), _clientele.report_say($1, 'report.new'), _clientele.report_say($1, 'report.year_before')],
            array_agg(_clientele.report_row(_clientele.report_period($1, p.period_start), _clientele.report_money($1, p.revenue), _clientele.report_money($1, p.retained_revenue),
                _clientele.report_money($1, p.returned_revenue), _clientele.report_money($1, p.new_revenue), _clientele.report_money($1, p.year_before_revenue)) ORDER BY p.period_start))))
FROM period p
HAVING count(*) > 0
