-- Revenue by whom it comes from, beside that of the year before. Where customers who bought nothing returned goods, their returns hang below.
WITH period AS (
    SELECT r.*, o.year_before_revenue
    FROM workspace.revenue_by_period r
    JOIN workspace.overview o ON o.period_start = r.period_start
    WHERE r.complete
    ORDER BY r.period_start DESC LIMIT 24
), words AS (
    SELECT _clientele.report_say($1, 'report.retained', _clientele.report_word($1, 'period.previous.' || ($1 -> 'settings' ->> 'period'))) AS retained,
        _clientele.report_say($1, 'report.returned') AS returned, _clientele.report_say($1, 'report.new') AS new,
        _clientele.report_say($1, 'report.inactive') AS inactive, _clientele.report_say($1, 'report.year_before') AS year_before
)
SELECT _clientele.report_part($1, 'growth', _clientele.report_card($1, 'revenue_by_period', 'revenue_by_whom',
    _clientele.report_legend(w.retained, w.returned, w.new, CASE WHEN bool_or(p.inactive_revenue <> 0) THEN w.inactive END, CASE WHEN bool_or(p.year_before_revenue IS NOT NULL) THEN w.year_before END)
    || _clientele.chart_columns($1, _clientele.report_say($1, 'report.revenue_by_whom'), array_agg(ROW(_clientele.report_period($1, p.period_start, true),
        ARRAY[p.retained_revenue, p.returned_revenue, p.new_revenue, p.inactive_revenue], p.year_before_revenue)::_clientele.chart_column ORDER BY p.period_start))
    || _clientele.report_figures($1, ARRAY['period', 'revenue', w.retained, w.returned, w.new, w.inactive, w.year_before],
        array_agg(_clientele.report_row(_clientele.report_period($1, p.period_start), _clientele.report_money($1, p.revenue), _clientele.report_money($1, p.retained_revenue), _clientele.report_money($1, p.returned_revenue),
            _clientele.report_money($1, p.new_revenue), _clientele.report_money($1, p.inactive_revenue), _clientele.report_money($1, p.year_before_revenue)) ORDER BY p.period_start)), 'full'))
FROM period p CROSS JOIN words w
GROUP BY w.retained, w.returned, w.new, w.inactive, w.year_before
